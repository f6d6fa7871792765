"""Bytes that can be read as a file with other ones at its beginning, without a copy of all of them."""

from __future__ import annotations

import io
import os


class OverlaidFile(io.RawIOBase):
    """A file of `content` that starts with `beginning` instead of its own first bytes."""

    def __init__(self, content: bytes, beginning: bytes) -> None:
        super().__init__()
        self._content = memoryview(content)
        self._beginning = beginning
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._content)}[whence]
        if base + offset < 0:
            raise ValueError(offset)
        self._at = base + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        start, length = self._at, len(self._content)
        end = length if size is None or size < 0 else min(start + size, length)
        if start >= end:
            return b""
        self._at = end
        return b"".join((self._beginning[start:end], self._content[max(start, len(self._beginning)) : end]))
