"""Where the pages of a TIFF begin, found without decoding any.

A TIFF is a chain of directories, one for each page, which can lie anywhere in the file. A chain that bites its tail
ends there; one that leaves the file has a last page that is broken.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MOST_PAGES = 50_000
"""Further ones are not looked for: a chain of this length is an attack. One more stands for them, which is broken."""
SUBFILE_TYPE_TAG = 254
REDUCED_OR_MASK = 0b101
"""Bits of that tag: a smaller copy of another page, or its mask."""
SHORT = 3
"""A number of two bytes; this one is to have four, and some writers save them."""
LONGEST_HEADER = 16


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a file's numbers are written, as `struct` formats, and where its first directory's place stands."""

    order: str
    offset: str
    count: str
    entry_bytes: int
    first_at: int


_CLASSIC = {b"II*\0": "<", b"MM\0*": ">"}
_BIG = {b"II+\0": "<", b"MM\0+": ">"}


def page_offsets(content: bytes) -> tuple[int, ...]:
    """Where each page's directory lies, in bytes from the start; empty where the content is no TIFF.

    Smaller copies of a page and masks are no pages. An offset can lie outside the file: that page is broken, or stands
    for those behind `MOST_PAGES`.
    """
    layout = _layout_of(content)
    if layout is None:
        return ()
    pages: list[int] = []
    others: list[int] = []
    seen: set[int] = set()
    offset = _number(content, layout, layout.offset, layout.first_at)
    while offset and offset not in seen and len(seen) < MOST_PAGES:
        seen.add(offset)
        (others if _is_no_page(content, layout, offset) else pages).append(offset)
        offset = _next_of(content, layout, offset)
    if offset and offset not in seen:
        pages.append(len(content))
    return tuple(pages or others)


def beginning_with(content: bytes, offset: int) -> bytes:
    """The first bytes of the same file if the page at this offset were its first one; to be laid over its own."""
    layout = _layout_of(content)
    assert layout is not None
    return content[: layout.first_at] + struct.pack(layout.order + layout.offset, offset)


def is_whole(content: bytes, offset: int) -> bool:
    """Whether all of the directory at this offset lies in the file."""
    layout = _layout_of(content)
    return layout is not None and _next_at(content, layout, offset) <= len(content)


def _layout_of(content: bytes) -> _Layout | None:
    magic = content[:4]
    if len(content) < LONGEST_HEADER:
        return None
    if magic in _CLASSIC:
        return _Layout(_CLASSIC[magic], "I", "H", 12, 4)
    if magic in _BIG:
        return _Layout(_BIG[magic], "Q", "Q", 20, 8)
    return None


def _is_no_page(content: bytes, layout: _Layout, offset: int) -> bool:
    """Whether the directory's first entry says so; entries are sorted, and this one has the lowest number in use."""
    entry = offset + struct.calcsize(layout.count)
    has_entries = _number(content, layout, layout.count, offset) > 0
    if not has_entries or _number(content, layout, "H", entry) != SUBFILE_TYPE_TAG:
        return False
    value_at = entry + layout.entry_bytes - struct.calcsize(layout.offset)
    kind = "H" if _number(content, layout, "H", entry + 2) == SHORT else "I"
    return bool(_number(content, layout, kind, value_at) & REDUCED_OR_MASK)


def _next_of(content: bytes, layout: _Layout, offset: int) -> int:
    return _number(content, layout, layout.offset, _next_at(content, layout, offset))


def _next_at(content: bytes, layout: _Layout, offset: int) -> int:
    """Where a directory ends, and says where the next one lies."""
    entries = _number(content, layout, layout.count, offset)
    return offset + struct.calcsize(layout.count) + entries * layout.entry_bytes


def _number(content: bytes, layout: _Layout, kind: str, at: int) -> int:
    """A number of the file; 0 where it lies outside."""
    length = struct.calcsize(kind)
    if at + length > len(content):
        return 0
    return int.from_bytes(content[at : at + length], "little" if layout.order == "<" else "big")
