"""Where this computer found lines while an endpoint's answer is awaited: thin grey boxes over the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import DRAFT, HALO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.geometry import PixelBox, Quad


class DraftItem(QGraphicsItem):
    """Draws lines' corners in page pixels; those that the answer has a box for by now give way."""

    def __init__(self) -> None:
        super().__init__()
        self._polygons: list[QPolygonF] = []
        self._bounds = QRectF()

    @property
    def count(self) -> int:
        """How many lines are shown."""
        return len(self._polygons)

    def show_lines(self, quads: Sequence[Quad]) -> None:
        """Show these lines and no others."""
        self.prepareGeometryChange()
        self._polygons = [QPolygonF([QPointF(x, y) for x, y in quad]) for quad in quads]
        self._bounds = QRectF()
        for polygon in self._polygons:
            self._bounds |= polygon.boundingRect()
        self.update()

    def cover(self, boxes: Sequence[PixelBox]) -> None:
        """Let the lines give way whose middle lies in one of these boxes, page pixels."""
        left = [each for each in self._polygons if not _is_covered(each.boundingRect().center(), boxes)]
        if len(left) < len(self._polygons):
            self._polygons = left
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        transform = painter.worldTransform()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = [transform.map(polygon) for polygon in self._polygons]
        # A light line under the grey one: the page may be as grey.
        for colour, width in ((HALO, 2.5), (DRAFT, 1.0)):
            painter.setPen(QPen(colour, width))
            for polygon in seen:
                painter.drawPolygon(polygon)


def _is_covered(point: QPointF, boxes: Sequence[PixelBox]) -> bool:
    return any(box.contains(point.x(), point.y()) for box in boxes)
