"""The selected words on the picture, in the colour of selected text, or the caret where none are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ocr_desktop.core.geometry import Quad
    from ocr_desktop.core.line_parts import LinePart

OPACITY = 100
"""Of the highlight, 0–255: the words are read through it."""
CARET_WIDTH = 2
"""Logical screen pixels."""
MANY_CHANGES = 50
"""From so many parts on that come or go at once, all is painted anew instead of each place for itself."""

_Shape = tuple[QRectF, QPolygonF]


class WordsItem(QGraphicsItem):
    """Lies over the page; places are in page pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._shapes: dict[LinePart, _Shape] = {}
        self._caret = QLineF()
        self._area = QRectF()
        self._unit = 1.0

    def place(self, area: QRectF, *, unit: float) -> None:
        """Fill this area of the scene, where a logical screen pixel is `unit` page pixels wide."""
        self.prepareGeometryChange()
        self._area = area
        self._unit = unit

    def show_parts(self, parts: Iterable[LinePart], quad_of: Callable[[LinePart], Quad]) -> None:
        """Colour these parts and nothing else; only what differs from before costs anything."""
        before = self._shapes
        self._shapes = {part: before.get(part) or _shape(quad_of(part)) for part in parts}
        changed = self._shapes.keys() ^ before.keys()
        if len(changed) >= MANY_CHANGES:
            self.update()
            return
        for part in changed:
            rect, _ = self._shapes.get(part) or before[part]
            self._update_around(rect, 1)

    def show_caret(self, quad: Quad | None) -> None:
        """Show a caret at the left side of a quad, or none."""
        caret = QLineF() if quad is None else QLineF(QPointF(*quad[0]), QPointF(*quad[3]))
        if caret != self._caret:
            for line in (self._caret, caret):
                self._update_around(QRectF(line.p1(), line.p2()).normalized(), CARET_WIDTH)
            self._caret = caret

    def _update_around(self, rect: QRectF, reach: int) -> None:
        distance = reach * self._unit
        self.update(rect.adjusted(-distance, -distance, distance, distance))

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour = QColor((widget.palette() if widget else QPalette()).color(QPalette.ColorRole.Highlight))
        if not self._caret.isNull():
            pen = QPen(colour, CARET_WIDTH * painter.device().devicePixelRatio())
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLine(self._caret)
        if not self._shapes:
            return
        colour.setAlpha(OPACITY)
        # As one shape: where lines overlap, their words must not drown in twice the colour.
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for rect, polygon in self._shapes.values():
            if rect.intersects(option.exposedRect):
                path.addPolygon(polygon)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, colour)


def _shape(quad: Quad) -> _Shape:
    polygon = QPolygonF([QPointF(*point) for point in quad])
    return polygon.boundingRect(), polygon
