"""Encrypting PDFs as ISO 32000 says (7.6), from RC4 with 40 bits to AES with 256: for tests only."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass, field
from enum import Enum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
PERMISSIONS = -44
FILE_ID = bytes(range(16))
INITIAL = bytes(range(16, 32))
FILE_KEY = hashlib.sha256(b"a key for tests").digest()
SALTS = (b"validate", b"the--key")
STREAM = re.compile(rb"\A(.*?/Length )(\d+)(.*?\nstream\n)(.*)(\nendstream)\Z", re.DOTALL)


class Method(Enum):
    """How a file is encrypted: version, revision, bytes of the key, and the crypt filter's method."""

    RC4_40 = (1, 2, 5, None)
    RC4_128 = (2, 3, 16, None)
    AES_128 = (4, 4, 16, b"AESV2")
    AES_256 = (5, 6, 32, b"AESV3")


@dataclass(slots=True)
class Encryption:
    """Encrypts the streams of one file; `user` opens it, and so does `owner`.

    Passwords are written in Latin-1 by the older methods and in UTF-8 by the newest.
    """

    method: Method
    user: str = ""
    owner: str = "owner"
    _key: bytes = field(init=False)
    _entries: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        if self.method is Method.AES_256:
            self._prepare_newest()
        else:
            self._prepare_older()

    @property
    def file_id_hex(self) -> bytes:
        return FILE_ID.hex().encode()

    def of_body(self, number: int, body: bytes) -> bytes:
        """An object's body with its stream encrypted."""
        found = STREAM.match(body)
        if found is None:
            return body
        head, _, entries, content, tail = found.groups()
        secret = self._encrypted(number, content)
        return b"%s%d%s%s%s" % (head, len(secret), entries, secret, tail)

    def dictionary(self) -> bytes:
        version, revision, length, filter_name = self.method.value
        parts = [b"<</Filter/Standard/V %d/R %d/Length %d/P %d" % (version, revision, length * 8, PERMISSIONS)]
        parts += [b"/%s<%s>" % (name.encode(), value.hex().encode()) for name, value in self._entries.items()]
        if filter_name is not None:
            parts.append(
                b"/CF<</StdCF<</Type/CryptFilter/CFM/%s/AuthEvent/DocOpen/Length %d>>>>/StmF/StdCF/StrF/StdCF"
                % (filter_name, length)
            )
        return b"".join(parts) + b">>"

    def _prepare_older(self) -> None:
        _, revision, length, _ = self.method.value
        user, owner = (_padded(word.encode("latin-1")) for word in (self.user, self.owner))
        rounds = 50 if revision >= 3 else 0
        owner_key = _digested(owner, rounds, length)
        owner_entry = _rc4_rounds(owner_key, user, revision)
        permissions = struct.pack("<i", PERMISSIONS)
        self._key = _digested(user + owner_entry + permissions + FILE_ID, rounds, length)
        if revision >= 3:
            user_entry = _rc4_rounds(self._key, hashlib.md5(PADDING + FILE_ID).digest(), revision) + bytes(16)
        else:
            user_entry = _rc4(self._key, PADDING)
        self._entries = {"O": owner_entry, "U": user_entry}

    def _prepare_newest(self) -> None:
        self._key = FILE_KEY
        validating, keying = SALTS
        user, owner = self.user.encode(), self.owner.encode()
        user_entry = _hardened(user, validating, b"") + validating + keying
        owner_entry = _hardened(owner, validating, user_entry) + validating + keying
        permissions = struct.pack("<i", PERMISSIONS) + b"\xff" * 4 + b"Tadb" + b"rand"
        self._entries = {
            "U": user_entry,
            "UE": _aes(_hardened(user, keying, b""), bytes(16), FILE_KEY),
            "O": owner_entry,
            "OE": _aes(_hardened(owner, keying, user_entry), bytes(16), FILE_KEY),
            "Perms": _encrypt(Cipher(algorithms.AES(FILE_KEY), modes.ECB()), permissions),
        }

    def _encrypted(self, number: int, content: bytes) -> bytes:
        if self.method is Method.AES_256:
            return INITIAL + _aes(self._key, INITIAL, _filled(content))
        is_aes = self.method is Method.AES_128
        material = self._key + struct.pack("<I", number)[:3] + bytes(2) + (b"sAlT" if is_aes else b"")
        key = hashlib.md5(material).digest()[: min(len(self._key) + 5, 16)]
        return INITIAL + _aes(key, INITIAL, _filled(content)) if is_aes else _rc4(key, content)


def _padded(word: bytes) -> bytes:
    return (word + PADDING)[:32]


def _digested(material: bytes, rounds: int, length: int) -> bytes:
    digest = hashlib.md5(material).digest()
    for _ in range(rounds):
        digest = hashlib.md5(digest[:length]).digest()
    return digest[:length]


def _rc4_rounds(key: bytes, content: bytes, revision: int) -> bytes:
    for number in range(20 if revision >= 3 else 1):
        content = _rc4(bytes(byte ^ number for byte in key), content)
    return content


def _rc4(key: bytes, content: bytes) -> bytes:
    state = list(range(256))
    other = 0
    for index in range(256):
        other = (other + state[index] + key[index % len(key)]) % 256
        state[index], state[other] = state[other], state[index]
    output = bytearray()
    index = other = 0
    for byte in content:
        index = (index + 1) % 256
        other = (other + state[index]) % 256
        state[index], state[other] = state[other], state[index]
        output.append(byte ^ state[(state[index] + state[other]) % 256])
    return bytes(output)


def _hardened(word: bytes, salt: bytes, user_entry: bytes) -> bytes:
    """Algorithm 2.B: the hash of revision 6."""
    digest = hashlib.sha256(word + salt + user_entry).digest()
    number = 0
    while True:
        encrypted = _aes(digest[:16], digest[16:32], (word + digest + user_entry) * 64)
        name = ("sha256", "sha384", "sha512")[sum(encrypted[:16]) % 3]
        digest = hashlib.new(name, encrypted).digest()
        number += 1
        if number >= 64 and encrypted[-1] <= number - 32:
            return digest[:32]


def _aes(key: bytes, initial: bytes, content: bytes) -> bytes:
    return _encrypt(Cipher(algorithms.AES(key), modes.CBC(initial)), content)


def _encrypt(cipher: Cipher[modes.Mode], content: bytes) -> bytes:
    encryptor = cipher.encryptor()
    return encryptor.update(content) + encryptor.finalize()


def _filled(content: bytes) -> bytes:
    padder = PKCS7(128).padder()
    return padder.update(content) + padder.finalize()
