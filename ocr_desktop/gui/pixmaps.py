"""The page's pixels as Qt draws them, a tile at a time."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPixmap

from ocr_desktop.worker.pixels import CHANNELS, Pixels

if TYPE_CHECKING:
    import mmap

    from ocr_desktop.core.geometry import PixelBox, Size

TILE_SIDE = 512
"""Pixels of its level that a tile covers in each direction, less at the right and lower edge."""
TILES_KEPT_BYTES = 256 << 20
BYTES_PER_PIXEL = 4
_TileKey = tuple[int, int, int]


class PageImage:
    """One page's picture in the shared store, full size and reduced, for the canvas to draw.

    Nothing is copied until a tile is asked for: a picture of 24 megapixels is never turned into a pixmap at once.
    `close` must be called before its stretch of the store is given back.
    """

    def __init__(self, pixels: Pixels, mapped: mmap.mmap) -> None:
        self._pixels = pixels
        self._mapped = mapped
        # An image holds its view, and a view its mapping: none of the three may go before the one that reads it.
        self._views: list[memoryview] = []
        self._images: list[QImage] = []
        for level in pixels.levels:
            start = level.offset - pixels.offset
            view = memoryview(mapped)[start : start + level.length]
            width, height = level.size.width, level.size.height
            self._views.append(view)
            self._images.append(QImage(view, width, height, width * CHANNELS, QImage.Format.Format_RGB888))
        self._tiles: OrderedDict[_TileKey, QPixmap] = OrderedDict()
        self._tiles_bytes = 0

    @property
    def size(self) -> Size:
        """The picture's full size in pixels."""
        return self._pixels.size

    @property
    def level_count(self) -> int:
        """How many resolutions there are; level n is 2ⁿ times smaller than the page."""
        return len(self._pixels.levels)

    def level_size(self, level: int) -> Size:
        return self._pixels.levels[level].size

    def tile(self, level: int, column: int, row: int) -> QPixmap:
        """The pixels of a level from (column, row) × `TILE_SIDE` on.

        Raises:
            IndexError: There is no such level, or the picture was closed.
            KeyError: There is no such tile.
        """
        key = (level, column, row)
        kept = self._tiles.get(key)
        if kept is not None:
            self._tiles.move_to_end(key)
            return kept
        image = self._images[level]
        wanted = QRect(column * TILE_SIDE, row * TILE_SIDE, TILE_SIDE, TILE_SIDE).intersected(image.rect())
        if wanted.isEmpty():
            raise KeyError(key)
        tile = QPixmap.fromImage(image.copy(wanted))
        self._keep(key, tile)
        return tile

    def part(self, box: PixelBox, longest: int) -> QImage:
        """A part of the page (page pixels), copied, with no side much above `longest`; null where there is none.

        It comes from the level that has just enough pixels, so that a large part of a large page costs little.
        """
        wanted = max(box.width, box.height)
        level = 0
        while level + 1 < len(self._images) and wanted / (2 << level) >= longest:
            level += 1
        if not self._images:
            return QImage()
        scale = 1 << level
        x, y = math.floor(box.x_min / scale), math.floor(box.y_min / scale)
        rect = QRect(x, y, math.ceil(box.x_max / scale) - x, math.ceil(box.y_max / scale) - y)
        return self._images[level].copy(rect.intersected(self._images[level].rect()))

    def close(self) -> None:
        """Let go of the store and unmap it. No tile can be asked for afterwards; closing again does nothing."""
        self._tiles.clear()
        self._tiles_bytes = 0
        self._images.clear()
        for view in self._views:
            view.release()
        self._views.clear()
        self._mapped.close()

    def _keep(self, key: _TileKey, tile: QPixmap) -> None:
        self._tiles[key] = tile
        self._tiles_bytes += _bytes_of(tile)
        while self._tiles_bytes > TILES_KEPT_BYTES:
            _, oldest = self._tiles.popitem(last=False)
            self._tiles_bytes -= _bytes_of(oldest)


def _bytes_of(tile: QPixmap) -> int:
    return tile.width() * tile.height() * BYTES_PER_PIXEL
