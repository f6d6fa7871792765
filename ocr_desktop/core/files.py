"""Files that people give: opened only where they are regular files, and named so that a terminal survives it."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ocr_desktop.core.errors import ErrorCode, InputError

LARGEST_FILE_BYTES = 512 << 20
NOT_REGULAR = frozenset({errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.EOPNOTSUPP})
NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
BIDIRECTIONAL_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make `exe.gnp` of `png.exe` on a screen."""

FILE_LINK = re.compile(r"file:(?://(?:localhost)?|(?!//))(/[^?#]*)(?:[?#].*)?", re.IGNORECASE | re.DOTALL)
ENCODED_BYTE = re.compile(rb"%([0-9A-Fa-f]{2})")
WEB_LINK = re.compile(r"https?://[^/]", re.IGNORECASE)

FilePath = str | bytes | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """By which a file is known again: another one in its place, or other content, has another identity."""

    path: bytes
    device: int
    inode: int
    length: int
    modified_ns: int
    changed_ns: int


def check_file(path: FilePath) -> None:
    """See that a path is a regular file that can be read, is not empty and not too large.

    Raises:
        InputError: FILE_MISSING, BROKEN_LINK, NOT_A_FILE, NO_PERMISSION, FILE_EMPTY, FILE_TOO_LARGE or
            FILE_UNREADABLE; `name` is the file's name, safe to print.
    """
    open_regular(path).close()


def open_regular(path: FilePath) -> BinaryIO:
    """Open a regular file for reading; a pipe or a device is never waited for.

    Raises:
        InputError: As `check_file`.
    """
    try:
        # Opening some devices does something, so they are turned away before; the second look is at what was opened.
        _check_status(os.stat(path), path)  # noqa: PTH116  (bytes too)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        try:
            _check_status(os.fstat(descriptor), path)
        except InputError:
            os.close(descriptor)
            raise
    except (OSError, ValueError) as error:
        raise input_error(error, path) from error
    return open(descriptor, "rb")  # noqa: PTH123  (a descriptor, not a path)


def identity_of(path: FilePath) -> FileIdentity:
    """Of a regular file, without opening it.

    Raises:
        InputError: As `check_file`.
    """
    try:
        status = os.stat(path)  # noqa: PTH116  (bytes too)
    except (OSError, ValueError) as error:
        raise input_error(error, path) from error
    _check_status(status, path)
    return _identity_by(status, path)


def read_identified(path: FilePath) -> tuple[FileIdentity, bytes]:
    """All bytes of a regular file, and what it was just before they were read.

    Raises:
        InputError: As `check_file`.
    """
    with open_regular(path) as file:
        identity = _identity_by(os.fstat(file.fileno()), path)
        return identity, _read_from(file, path, LARGEST_FILE_BYTES)


def read_file(path: FilePath, *, largest_bytes: int = LARGEST_FILE_BYTES) -> bytes:
    """All bytes of a regular file that has no more than these.

    Raises:
        InputError: As `check_file`; also where the file grows past the limit, or shrinks to nothing, meanwhile.
    """
    with open_regular(path) as file:
        return _read_from(file, path, largest_bytes)


def display_name(path: FilePath) -> str:
    r"""The last part of a path as people may see it: no control characters, one line, other bytes as `\xNN`."""
    whole = os.fsencode(path)
    last = os.path.split(whole.rstrip(os.fsencode(os.sep)))[1] or whole
    return printable(last.decode("utf-8", "backslashreplace"))


def printable(text: str) -> str:
    r"""Text on one line that cannot steer a terminal: control characters and line breaks are written `\n`, `\x1b`."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if _is_unsafe(character) else character for character in text
    )


def absolute(path: FilePath) -> Path:
    """The path from the root on, links kept; for a process that has another working folder."""
    return Path(os.fsdecode(os.path.abspath(path)))  # noqa: PTH100  (`resolve` would follow links)


def path_of_link(text: str) -> Path | None:
    """The path in a `file:` link to the byte, for names need not be UTF-8; None for a link to another computer too."""
    found = FILE_LINK.fullmatch(text)
    if found is None:
        return None
    try:
        encoded = os.fsencode(found[1])
    except UnicodeEncodeError:
        return None
    path = os.fsdecode(ENCODED_BYTE.sub(lambda byte: bytes.fromhex(byte[1].decode("ascii")), encoded))
    if "\0" in path:
        return None
    # `/C:/folder` has a slash that is the link's own.
    return Path(path[1:] if os.name == "nt" else path)


def is_web_link(text: str) -> bool:
    """Whether what was typed is a web link and no file's name."""
    return WEB_LINK.match(text) is not None


def _read_from(file: BinaryIO, path: FilePath, largest_bytes: int) -> bytes:
    try:
        content = file.read(largest_bytes + 1)
    except OSError as error:
        raise input_error(error, path) from error
    _check_length(len(content), path, largest_bytes)
    return content


def _identity_by(status: os.stat_result, path: FilePath) -> FileIdentity:
    return FileIdentity(
        os.fsencode(path), status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in BIDIRECTIONAL_CONTROLS


def _check_status(status: os.stat_result, path: FilePath) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(ErrorCode.NOT_A_FILE, name=display_name(path))
    _check_length(status.st_size, path)


def _check_length(length: int, path: FilePath, largest_bytes: int = LARGEST_FILE_BYTES) -> None:
    if length == 0:
        raise InputError(ErrorCode.FILE_EMPTY, name=display_name(path))
    if length > largest_bytes:
        raise InputError(
            ErrorCode.FILE_TOO_LARGE,
            name=display_name(path),
            megabytes=length >> 20,
            limit_megabytes=largest_bytes >> 20,
        )


def input_error(error: OSError | ValueError, path: FilePath) -> InputError:
    """What an error of the system means for somebody who gave this path."""
    name = display_name(path)
    # A zero byte in a path is a ValueError; there can be no such file.
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    if number == errno.ELOOP or (number == errno.ENOENT and os.path.islink(path)):  # noqa: PTH114  (bytes too)
        return InputError(ErrorCode.BROKEN_LINK, name=name)
    if number in NOT_THERE:
        return InputError(ErrorCode.FILE_MISSING, name=name)
    if number in NOT_ALLOWED:
        return InputError(ErrorCode.NO_PERMISSION, name=name)
    if number in NOT_REGULAR:
        return InputError(ErrorCode.NOT_A_FILE, name=name)
    return InputError(ErrorCode.FILE_UNREADABLE, name=name, message=os.strerror(number or errno.EIO))


def saved_stem(name: str) -> str:
    """What a result of a source of this name is called unless somebody says otherwise, without an ending."""
    return Path(name).stem.replace(":", "-")
