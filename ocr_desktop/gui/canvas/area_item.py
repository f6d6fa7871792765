"""An area of the page that the user draws, with handles to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import CURRENT_HALO

if TYPE_CHECKING:
    from collections.abc import Iterator

HANDLE = 8
"""Side of a handle, logical screen pixels like the rest here."""
GRIP = 6
"""How far from an edge the pointer still takes it."""
LINE = 2
FILL = 28
"""Opacity of the inside, 0–255."""


class AreaItem(QGraphicsItem):
    """Draws the area; its lines and handles have the same size at any zoom."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._unit = 1.0
        self._has_handles = False

    @property
    def rect(self) -> QRectF:
        """In page pixels; empty where there is no area."""
        return self._rect

    def show_rect(self, rect: QRectF, *, with_handles: bool) -> None:
        self.prepareGeometryChange()
        self._rect = rect
        self._has_handles = with_handles
        self.update()

    def place(self, *, unit: float) -> None:
        """Draw where a logical screen pixel is `unit` page pixels wide."""
        self.prepareGeometryChange()
        self._unit = unit

    def boundingRect(self) -> QRectF:
        if self._rect.isEmpty():
            return QRectF()
        reach = HANDLE * self._unit
        return self._rect.adjusted(-reach, -reach, reach, reach)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._rect.isEmpty():
            return
        colour = (widget.palette() if widget else QPalette()).color(QPalette.ColorRole.Highlight)
        seen = QRectF(painter.worldTransform().mapRect(self._rect).toAlignedRect())
        painter.setWorldTransform(QTransform())
        inside = QColor(colour)
        inside.setAlpha(FILL)
        painter.fillRect(seen, inside)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen_colour, width in ((CURRENT_HALO, LINE + 2), (colour, LINE)):
            painter.setPen(QPen(pen_colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawRect(seen)
        if self._has_handles:
            painter.setPen(QPen(CURRENT_HALO, 1))
            painter.setBrush(colour)
            for point in handle_points(seen):
                painter.drawRect(QRectF(point.x() - HANDLE / 2, point.y() - HANDLE / 2, HANDLE, HANDLE))


def handle_points(seen: QRectF) -> Iterator[QPointF]:
    """The middle of each handle: the corners, and the edges that are long enough for one."""
    is_wide, is_high = seen.width() > 4 * HANDLE, seen.height() > 4 * HANDLE
    for x in (seen.left(), seen.center().x(), seen.right()):
        for y in (seen.top(), seen.center().y(), seen.bottom()):
            is_edge_x, is_edge_y = x == seen.center().x(), y == seen.center().y()
            if (is_edge_x and is_edge_y) or (is_edge_x and not is_wide) or (is_edge_y and not is_high):
                continue
            yield QPointF(x, y)
