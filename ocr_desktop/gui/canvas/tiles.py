"""What was drawn once is kept in pixels of the device, so that moving about and pointing draw nothing again."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TILE_SIDE = 512
"""Device pixels that a tile covers in each direction."""
TILES_KEPT = 96
"""96 MB: more than twice what a screen of 3840 × 2160 shows."""

_Key = tuple[int, int]


@dataclass(slots=True)
class _Tile:
    image: QImage
    stale: QRectF
    """Page pixels that have to be drawn anew."""
    late: list[int] = field(default_factory=list)
    """Handles of what came since and is only to be drawn over the rest."""


class DeviceTiles:
    """An opaque drawing of the scene, kept in tiles as long as scale and turn stay.

    `draw(painter, area)` draws an area of the scene; `draw_late(painter, handles)` what was added to it since. The
    painter is set up for the scene; a device of its own lies under it.
    """

    def __init__(
        self, draw: Callable[[QPainter, QRectF], None], draw_late: Callable[[QPainter, list[int]], None]
    ) -> None:
        self._draw = draw
        self._draw_late = draw_late
        self._tiles: OrderedDict[_Key, _Tile] = OrderedDict()
        self._scale = QTransform()

    def clear(self) -> None:
        self._tiles.clear()

    def mark(self, area: QRectF) -> None:
        """Have an area of the scene drawn anew."""
        for tile in self._touched(area):
            tile.stale = tile.stale.united(area)

    def add(self, handle: int, area: QRectF) -> None:
        """Have one more thing drawn over what is there."""
        for tile in self._touched(area):
            tile.late.append(handle)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint an area of the scene."""
        device = painter.deviceTransform()
        scale = QTransform(device.m11(), device.m12(), device.m21(), device.m22(), 0, 0)
        if scale != self._scale:
            self._tiles.clear()
            self._scale = scale
        origin = QPoint(round(device.dx()), round(device.dy()))
        painter.save()
        painter.setWorldTransform(
            QTransform.fromTranslate(origin.x(), origin.y()) * device.inverted()[0] * painter.worldTransform()
        )
        for key in _keys_of(scale.mapRect(area)):
            painter.drawImage(QPoint(*key) * TILE_SIDE, self._fresh(key))
        painter.restore()

    def _touched(self, area: QRectF) -> Iterator[_Tile]:
        keys = _range_of(self._scale.mapRect(area))
        if keys.width() * keys.height() < len(self._tiles):
            tiles = (self._tiles.get(key) for key in _each(keys))
            yield from (tile for tile in tiles if tile is not None)
        else:
            yield from (tile for key, tile in self._tiles.items() if keys.contains(*key))

    def _fresh(self, key: _Key) -> QImage:
        tile = self._tiles.get(key)
        if tile is None:
            tile = _Tile(QImage(TILE_SIDE, TILE_SIDE, QImage.Format.Format_RGB32), self._area_of(key))
            self._tiles[key] = tile
            if len(self._tiles) > TILES_KEPT:
                self._tiles.popitem(last=False)
        else:
            self._tiles.move_to_end(key)
        if not tile.stale.isEmpty() or tile.late:
            self._bring_up_to_date(key, tile)
        return tile.image

    def _bring_up_to_date(self, key: _Key, tile: _Tile) -> None:
        to_tile = QTransform(self._scale) * QTransform.fromTranslate(-key[0] * TILE_SIDE, -key[1] * TILE_SIDE)
        painter = QPainter(tile.image)
        if tile.late:
            painter.setTransform(to_tile)
            self._draw_late(painter, tile.late)
            tile.late = []
        if not tile.stale.isEmpty():
            wanted = to_tile.mapRect(tile.stale).toAlignedRect().intersected(tile.image.rect())
            painter.setTransform(QTransform())
            painter.setClipRect(wanted)
            painter.setTransform(to_tile)
            self._draw(painter, to_tile.inverted()[0].mapRect(QRectF(wanted)))
            tile.stale = QRectF()
        painter.end()

    def _area_of(self, key: _Key) -> QRectF:
        return self._scale.inverted()[0].mapRect(QRectF(key[0] * TILE_SIDE, key[1] * TILE_SIDE, TILE_SIDE, TILE_SIDE))


def snap(painter: QPainter) -> None:
    """Move the painter to where tiles are: the scene's origin on a whole device pixel."""
    device = painter.deviceTransform()
    painter.translate(device.inverted()[0].map(QPointF(round(device.dx()), round(device.dy()))))


def _keys_of(area: QRectF) -> Iterator[_Key]:
    return _each(_range_of(area))


def _range_of(area: QRectF) -> QRect:
    """The tiles that an area in device pixels touches, as columns and rows."""
    left, top = math.floor(area.left() / TILE_SIDE), math.floor(area.top() / TILE_SIDE)
    right, bottom = math.floor(area.right() / TILE_SIDE), math.floor(area.bottom() / TILE_SIDE)
    return QRect(left, top, right - left + 1, bottom - top + 1)


def _each(keys: QRect) -> Iterator[_Key]:
    for row in range(keys.top(), keys.top() + keys.height()):
        for column in range(keys.left(), keys.left() + keys.width()):
            yield (column, row)
