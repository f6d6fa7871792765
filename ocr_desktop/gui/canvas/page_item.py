"""The picture on the canvas, drawn from tiles of the resolution that fits the scale."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.pixmaps import TILE_SIDE, PageImage

SHARP_PIXELS_FROM = 3.0
"""From this many screen pixels to a page pixel on, pixels are shown as squares and not smoothed."""


class PageItem(QGraphicsItem):
    """Draws one page at the origin of the scene, a scene unit for each page pixel."""

    def __init__(self) -> None:
        super().__init__()
        self._image: PageImage | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_image(self, image: PageImage | None) -> None:
        self.prepareGeometryChange()
        self._image = image
        self.update()

    def _page_rect(self) -> QRectF:
        if self._image is None:
            return QRectF()
        return QRectF(0, 0, self._image.size.width, self._image.size.height)

    def _draw_tiles(self, painter: QPainter, image: PageImage, exposed: QRectF) -> None:
        device = painter.deviceTransform()
        scale = math.sqrt(abs(device.determinant()))
        level = _level_for(scale, image.level_count)
        factor = 1 << level
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < SHARP_PIXELS_FROM)
        if math.isclose(scale, 1.0):
            # Between two screen pixels, which a screen ratio such as 1.5 leads to, tiles would be rounded apart.
            painter.translate(device.inverted()[0].map(QPointF(round(device.dx()), round(device.dy()))))
        # Drawing in the level's own pixels keeps the sum exact; its last column may reach beyond the page.
        painter.setClipRect(self._page_rect(), Qt.ClipOperation.IntersectClip)
        painter.scale(factor, factor)
        size = image.level_size(level)
        step = TILE_SIDE * factor
        for row in _touched(exposed.top(), exposed.bottom(), step, size.height):
            for column in _touched(exposed.left(), exposed.right(), step, size.width):
                painter.drawPixmap(QPointF(column * TILE_SIDE, row * TILE_SIDE), image.tile(level, column, row))

    def boundingRect(self) -> QRectF:
        return self._page_rect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._image is None:
            return
        painter.save()
        self._draw_tiles(painter, self._image, option.exposedRect.intersected(self._page_rect()))
        painter.restore()
        edge = (widget.palette() if widget else QPalette()).color(QPalette.ColorRole.Mid)
        pen = QPen(edge, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(self._page_rect())


def _level_for(scale: float, level_count: int) -> int:
    """The smallest resolution that still has a pixel for each screen pixel, `scale` screen pixels to a page pixel."""
    if scale >= 1:
        return 0
    # A scale of exactly a half, a quarter, … must not fall to the next larger level by a rounding error.
    return min(math.floor(math.log2(1 / scale) + 1e-6), level_count - 1)


def _touched(start: float, end: float, step: int, level_length: int) -> range:
    """The tile columns (or rows) that an interval in page pixels touches."""
    last = (level_length - 1) // TILE_SIDE
    return range(max(math.floor(start / step), 0), min(math.floor(end / step), last) + 1)
