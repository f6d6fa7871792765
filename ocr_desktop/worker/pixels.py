"""The one memory in which the program and its workers share decoded pictures.

A nameless temporary file: it never has a path, so nothing is left of it when either side dies. The parent hands out
stretches of it, takes them back, and maps what it draws. A worker inherits the descriptor and maps nothing: it copies
rows out and in by position (`pread`, `pwrite`). Space is reserved before anything is written, so a full disk is an
error and not a crash in native code.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import dataclass

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size

CHANNELS = 3
SMALLEST_LEVEL = 1024
"""No reduced level is made of a picture whose longer side is not above this, in pixels."""


@dataclass(frozen=True, slots=True)
class Level:
    """One resolution of a picture in the store: rows of RGB, 3 bytes a pixel, without padding."""

    offset: int
    size: Size

    @property
    def length(self) -> int:
        return self.size.width * self.size.height * CHANNELS


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture in the store, upright RGB, with reduced copies for drawing it small.

    Attributes:
        offset: Where it starts in the file, a multiple of the mapping granularity.
        length: Bytes reserved for it, all levels together.
        levels: Full size first, then halves, quarters, … (each side rounded up), as far as drawing needs them.
        number: Of the reservation, never used again: what is known of one picture is not taken for the next one's that
            lies in the same place.
    """

    offset: int
    length: int
    levels: tuple[Level, ...]
    number: int = 0

    @property
    def size(self) -> Size:
        return self.levels[0].size


def levels_of(size: Size, offset: int) -> tuple[Level, ...]:
    """Where the resolutions of a picture lie, from `offset` on, one behind the other."""
    levels = [Level(offset, size)]
    while max(levels[-1].size.width, levels[-1].size.height) > SMALLEST_LEVEL:
        last = levels[-1]
        half = Size((last.size.width + 1) // 2, (last.size.height + 1) // 2)
        levels.append(Level(last.offset + last.length, half))
    return tuple(levels)


class PixelStore:
    """Hands out stretches of the shared file, first fit; used from one thread.

    Raises `InputError(NO_SPACE)` where the disk cannot hold a picture.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="ocr-desktop-", buffering=0)  # noqa: SIM115  (closed in `close`)
        self._taken: list[tuple[int, int]] = []
        self._reservations = 0

    @property
    def descriptor(self) -> int:
        """The file's descriptor, which a worker inherits."""
        return self._file.fileno()

    def reserve(self, size: Size) -> Pixels:
        levels = levels_of(size, 0)
        length = _whole_steps(levels[-1].offset + levels[-1].length)
        offset = self._first_gap(length)
        try:
            os.posix_fallocate(self.descriptor, offset, length)
        except OSError as error:
            raise InputError(ErrorCode.NO_SPACE, megabytes=length >> 20) from error
        self._taken.append((offset, length))
        self._taken.sort()
        self._reservations += 1
        return Pixels(offset, length, levels_of(size, offset), self._reservations)

    def release(self, pixels: Pixels) -> None:
        """Give a stretch back; nobody may use its mapping any more. The file shrinks when its end is free.

        After `close` it does nothing: a worker may let go of a picture later than the program.
        """
        if self._file.closed:
            return
        self._taken.remove((pixels.offset, pixels.length))
        end = self._taken[-1][0] + self._taken[-1][1] if self._taken else 0
        os.ftruncate(self.descriptor, end)

    def map(self, pixels: Pixels) -> mmap.mmap:
        """The picture's bytes, read-only; level n starts at `levels[n].offset - pixels.offset`."""
        return mmap.mmap(self.descriptor, pixels.length, access=mmap.ACCESS_READ, offset=pixels.offset)

    def close(self) -> None:
        self._file.close()

    def _first_gap(self, length: int) -> int:
        at = 0
        for offset, taken in self._taken:
            if offset - at >= length:
                return at
            at = offset + taken
        return at


def read_rows(descriptor: int, level: Level, first: int, end: int) -> bytearray:
    """Rows `first` to `end` of a level, `end` not among them, whole; for the other side of the store.

    Read and not mapped: a stretch that was given back meanwhile is then an error and not a crash.

    Raises:
        InputError: PICTURE_CHANGED, the stretch is not there any more.
    """
    stride = level.size.width * CHANNELS
    rows = bytearray((end - first) * stride)
    left = memoryview(rows)
    at = level.offset + first * stride
    while left:
        count = os.preadv(descriptor, [left], at)
        if count == 0:
            raise InputError(ErrorCode.PICTURE_CHANGED, name="")
        left, at = left[count:], at + count
    return rows


def write_rows(descriptor: int, level: Level, first: int, rows: bytes | memoryview) -> None:
    """Put whole rows into a level, from row `first` on."""
    left = memoryview(rows)
    at = level.offset + first * level.size.width * CHANNELS
    while left:
        count = os.pwrite(descriptor, left, at)
        left, at = left[count:], at + count


def _whole_steps(length: int) -> int:
    step = mmap.ALLOCATIONGRANULARITY
    return (length + step - 1) // step * step
