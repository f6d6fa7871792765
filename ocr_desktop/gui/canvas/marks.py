"""The boxes that stand out just now: hovered, selected, and the hit that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import CURRENT, CURRENT_HALO, label_style
from ocr_desktop.gui.canvas.looks import HOVERED, REACH, SELECTED, draw_boxes
from ocr_desktop.gui.canvas.tiles import snap

if TYPE_CHECKING:
    from ocr_desktop.gui.canvas.layers import BoxLayer

RING_DISTANCE = 7
"""Of the ring around the current hit from its box, logical screen pixels."""
RING_LINE, RING_HALO = 3, 2


class Marks(QGraphicsItem):
    """Lies over the page, so that what stands out can change without drawing the page again."""

    def __init__(self, plain: BoxLayer) -> None:
        super().__init__()
        self._plain = plain
        self._selected: int | None = None
        self._hovered: int | None = None
        self._current = QRectF()
        self._area = QRectF()
        self._unit = 1.0

    def place(self, area: QRectF, *, unit: float) -> None:
        self.prepareGeometryChange()
        self._area = area
        self._unit = unit

    def select(self, region_id: int | None) -> None:
        if region_id != self._selected:
            self._update_region(self._selected)
            self._selected = region_id
            self._update_region(region_id)

    def hover(self, region_id: int | None) -> None:
        if region_id != self._hovered:
            self._update_region(self._hovered)
            self._hovered = region_id
            self._update_region(region_id)

    def show_current(self, rect: QRectF) -> None:
        """Put a ring around a place; an empty one: around none."""
        self._update_around(self._current)
        self._current = rect
        self._update_around(rect)

    def _update_region(self, region_id: int | None) -> None:
        for rect in self._plain.rects_of(region_id):
            self._update_around(rect, REACH)

    def _update_around(self, rect: QRectF, reach: int = RING_DISTANCE + RING_LINE + RING_HALO) -> None:
        if not rect.isEmpty():
            distance = reach * self._unit
            self.update(rect.adjusted(-distance, -distance, distance, distance))

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        ratio = painter.device().devicePixelRatio()
        snap(painter)
        for region_id, look in ((self._hovered, HOVERED), (self._selected, SELECTED)):
            region = self._plain.region(region_id)
            if region is not None and region.boxes and region.label not in self._plain.hidden:
                draw_boxes(painter, {label_style(region.label): self._plain.rects_of(region_id)}, look, ratio)
        if not self._current.isEmpty():
            self._draw_ring(painter, ratio)

    def _draw_ring(self, painter: QPainter, ratio: float) -> None:
        distance = RING_DISTANCE * self._unit
        ring = self._current.adjusted(-distance, -distance, distance, distance)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((CURRENT_HALO, RING_LINE + 2 * RING_HALO), (QColor(CURRENT), RING_LINE)):
            pen = QPen(colour, width * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawRect(ring)
