"""A WebP that breaks off, made as long as it says it is, so that its decoder shows what is there.

The decoder takes no file that is too short. Zeros in place of what is missing are decoded as evenly filled or smeared
rows below the last whole one; of a picture without loss often nothing can be made.
"""

from __future__ import annotations

LONGEST_STRETCH = 8
"""A file that says it is so many times as long as it is holds too little to show, or lies."""
HEADER_BYTES = 8


def completed(content: bytes) -> bytes:
    """The file with zeros at its end where it is a WebP that is too short; else as it is."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return content
    length = int.from_bytes(content[4:8], "little") + HEADER_BYTES
    return content.ljust(length, b"\0") if length <= LONGEST_STRETCH * len(content) else content
