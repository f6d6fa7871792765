"""Colour profiles (ICC) written at run time: for each kind of picture one that differs from sRGB in a known way."""

from __future__ import annotations

import struct
from itertools import product

D50 = (0.9642, 1.0, 0.8249)

WIDE_PRIMARIES = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""Of Adobe RGB (1998), adapted to D50: red, green and blue as X, Y, Z."""


def profile(space: bytes, tags: dict[bytes, bytes], *, connection: bytes = b"XYZ ", kind: bytes = b"mntr") -> bytes:
    """A profile of version 2.4 with these tags."""
    tags = {b"desc": _description(b"A test"), b"cprt": b"text\0\0\0\0none\0", b"wtpt": _xyz(*D50), **tags}
    table, content = struct.pack(">I", len(tags)), b""
    at = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(content), len(data))
        content += data + b"\0" * (-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(content), b"none", 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28 + b"".join(map(_fixed, D50))
    return head.ljust(128, b"\0") + table + content


def rgb_profile(primaries: tuple[tuple[float, float, float], ...] = WIDE_PRIMARIES, gamma: float = 2.2) -> bytes:
    """For a screen with these primaries; by default one with a green that sRGB has not."""
    curve = _gamma(gamma)
    red, green, blue = (_xyz(*primary) for primary in primaries)
    tags = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    return profile(b"GRAY", {b"kTRC": _gamma(gamma)})


def ink_profile(*, is_upside_down: bool = False) -> bytes:
    """For four inks, of which yellow is orange; `is_upside_down`: more ink is lighter, which no printer can."""
    nodes = b""
    for cyan, magenta, yellow, black in product((0, 1), repeat=4):
        lightness = max(255 - 70 * (cyan + magenta) - 40 * yellow - 255 * black, 0)
        lightness = 255 - lightness if is_upside_down else lightness
        a = 128 + (60 * magenta - 30 * cyan + 40 * yellow) * (1 - black)
        b = 128 + (70 * yellow - 40 * cyan) * (1 - black)
        nodes += bytes((lightness, a, b))
    straight = bytes(range(256))
    unity = b"".join(_fixed(float(row == column)) for row in range(3) for column in range(3))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + unity + straight * 4 + nodes + straight * 3
    return profile(b"CMYK", {b"A2B0": table, b"A2B1": table}, connection=b"Lab ", kind=b"prtr")


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(x) + _fixed(y) + _fixed(z)


def _gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _description(words: bytes) -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(words) + 1) + words + b"\0" + b"\0" * 78
