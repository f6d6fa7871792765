"""The page on the canvas: its picture, what no box covers, and the boxes of all layers, drawn once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import UNCOVERED
from ocr_desktop.gui.canvas.layers import BoxLayer, LayerChange
from ocr_desktop.gui.canvas.looks import FOUND_IN_TEXT, HIT, PLAIN, REACH, SMALL_SIDE, THIN, BoxLook, draw_boxes
from ocr_desktop.gui.canvas.tiles import DeviceTiles
from ocr_desktop.gui.pixmaps import TILE_SIDE, PageImage

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Size

SHARP_PIXELS_FROM = 3.0
"""From this many screen pixels to a page pixel on, pixels are shown as squares and not smoothed."""


class PageItem(QGraphicsItem):
    """Draws one page at the origin of the scene, a scene unit for each page pixel, and all plain boxes on it.

    Attributes:
        plain: The page's own regions.
        found: What was found in the words already read.
        hits: What an engine located.
    """

    def __init__(self) -> None:
        super().__init__()
        self._image: PageImage | None = None
        self._area = QRectF()
        self._unit = 1.0
        self._ratio = 1.0
        self._thin = False
        self._boxes_visible = True
        self._uncovered_visible = False
        self._surround = self._edge = QColor()
        self._tiles = DeviceTiles(self._draw, self._draw_late)
        self.plain, self.found, self.hits = BoxLayer(), BoxLayer(), BoxLayer()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_image(self, image: PageImage | None) -> None:
        self._image = image
        self._draw_all_anew()

    @property
    def size(self) -> Size | None:
        """Of the page on show, in page pixels."""
        return None if self._image is None else self._image.size

    def place(self, area: QRectF, *, unit: float) -> None:
        """Fill this area of the scene, where a logical screen pixel is `unit` page pixels wide."""
        self.prepareGeometryChange()
        self._area = area
        self._unit = unit
        self._choose_look()

    def show_regions(self, layer: BoxLayer, regions: tuple[Region, ...]) -> None:
        """Show these regions and no others in one of the layers; what else is drawn stays."""
        change = layer.show_regions(regions)
        if change.is_large:
            self._draw_all_anew()
        else:
            self._draw_change(layer, change)
        self._choose_look()

    def hide_labels(self, labels: frozenset[str]) -> None:
        """Leave out the plain boxes of these labels; they still count as covering."""
        if labels != self.plain.hidden:
            self.plain.hidden = labels
            self._draw_all_anew()

    @property
    def boxes_visible(self) -> bool:
        return self._boxes_visible

    def set_boxes_visible(self, visible: bool) -> None:
        if visible != self._boxes_visible:
            self._boxes_visible = visible
            self._draw_all_anew()

    def set_uncovered_visible(self, visible: bool) -> None:
        """Shade what no box covers, or no longer."""
        if visible != self._uncovered_visible:
            self._uncovered_visible = visible
            self._draw_all_anew()

    def set_colours(self, *, surround: QColor, edge: QColor) -> None:
        """The colours around the page and of its edge."""
        self._surround, self._edge = surround, edge
        self._draw_all_anew()

    def _draw_all_anew(self) -> None:
        self._tiles.clear()
        self.update()

    def _draw_change(self, layer: BoxLayer, change: LayerChange) -> None:
        # Under other layers, or where it takes away from the shade, a box cannot simply be drawn over the rest.
        is_on_top = layer is self.plain and not (len(self.found) or len(self.hits) or self._uncovered_visible)
        for rect in change.removed:
            area = self.with_reach(rect)
            self._tiles.mark(area)
            self.update(area)
        for handle in change.added:
            area = self.with_reach(layer.rect(handle))
            if is_on_top:
                self._tiles.add(handle, area)
            else:
                self._tiles.mark(area)
            self.update(area)

    def with_reach(self, rect: QRectF) -> QRectF:
        """A box with all that is drawn around it."""
        reach = REACH * self._unit
        return rect.adjusted(-reach, -reach, reach, reach)

    def _choose_look(self) -> None:
        """Decide once for all plain boxes, so that a part that is drawn anew looks like the rest."""
        thin = self.plain.mean_short_side < SMALL_SIDE * self._unit
        if thin != self._thin:
            self._thin = thin
            if len(self.plain):
                self._draw_all_anew()

    def _page_rect(self) -> QRectF:
        if self._image is None:
            return QRectF()
        return QRectF(0, 0, self._image.size.width, self._image.size.height)

    # Into the tiles

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, self._surround)
        if self._image is None:
            return
        painter.save()
        self._draw_picture(painter, self._image, area.intersected(self._page_rect()))
        painter.restore()
        near = self.with_reach(area)
        if self._uncovered_visible:
            self._draw_shade(painter, near.intersected(self._page_rect()))
        pen = QPen(self._edge, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._page_rect())
        if self._boxes_visible:
            draw_boxes(painter, self.plain.drawn(near), self._plain_look, self._ratio)
            draw_boxes(painter, self.found.drawn(near), FOUND_IN_TEXT, self._ratio)
            draw_boxes(painter, self.hits.drawn(near), HIT, self._ratio)

    def _draw_late(self, painter: QPainter, handles: list[int]) -> None:
        if self._boxes_visible:
            draw_boxes(painter, self.plain.drawn_of(handles), self._plain_look, self._ratio)

    @property
    def _plain_look(self) -> BoxLook:
        return THIN if self._thin else PLAIN

    def _draw_picture(self, painter: QPainter, image: PageImage, exposed: QRectF) -> None:
        device = painter.deviceTransform()
        scale = math.sqrt(abs(device.determinant()))
        level = _level_for(scale, image.level_count)
        factor = 1 << level
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < SHARP_PIXELS_FROM)
        # Drawing in the level's own pixels keeps the sum exact; its last column may reach beyond the page.
        painter.setClipRect(self._page_rect(), Qt.ClipOperation.IntersectClip)
        painter.scale(factor, factor)
        size = image.level_size(level)
        step = TILE_SIDE * factor
        for row in _touched(exposed.top(), exposed.bottom(), step, size.height):
            for column in _touched(exposed.left(), exposed.right(), step, size.width):
                painter.drawPixmap(QPointF(column * TILE_SIDE, row * TILE_SIDE), image.tile(level, column, row))

    def _draw_shade(self, painter: QPainter, area: QRectF) -> None:
        """Shade an area but for the boxes in it, each cut out once however many lie over one another."""
        device = painter.device()
        shade = QImage(device.width(), device.height(), QImage.Format.Format_ARGB32_Premultiplied)
        shade.fill(0)
        cutter = QPainter(shade)
        cutter.setTransform(painter.transform())
        cutter.fillRect(area, UNCOVERED)
        cutter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        cutter.setPen(Qt.PenStyle.NoPen)
        cutter.setBrush(UNCOVERED)
        cutter.drawRects(self.plain.covering(area))
        cutter.end()
        painter.save()
        painter.resetTransform()
        painter.drawImage(0, 0, shade)
        painter.restore()

    # Qt

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        ratio = painter.device().devicePixelRatio()
        if ratio != self._ratio:
            self._ratio = ratio
            self._tiles.clear()
        self._tiles.paint(painter, option.exposedRect.intersected(self._area))


def _level_for(scale: float, level_count: int) -> int:
    """The smallest resolution that still has a pixel for each screen pixel, `scale` screen pixels to a page pixel."""
    if scale >= 1:
        return 0
    # A scale of exactly a half, a quarter, … must not fall to the next larger level by a rounding error.
    return min(math.floor(math.log2(1 / scale) + 1e-6), level_count - 1)


def _touched(lower: float, upper: float, step: int, length: int) -> range:
    """The tiles of one row or column that lie between two page positions; `length` is the level's, in its pixels."""
    first = max(math.floor(lower / step), 0)
    last = min(math.ceil(upper / step), math.ceil(length / TILE_SIDE))
    return range(first, last)
