"""Where this computer found lines while an endpoint's answer is awaited: thin grey boxes over the page."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.core.geometry import PixelBox, quad_bounds
from ocr_desktop.gui.appearance import DRAFT, HALO, LabelStyle
from ocr_desktop.gui.canvas.grid import BoxGrid
from ocr_desktop.gui.canvas.looks import REACH, BoxLook, draw_boxes
from ocr_desktop.gui.canvas.tiles import snap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.geometry import Quad

# Opaque: a pen that lets something through takes ten times as long.
STYLE = LabelStyle(DRAFT.name())
LOOK = BoxLook(line=1, has_half_halo=True, halo_colour=QColor(HALO.rgb()))
TILT = 0.1
"""By this part of its height a line may stand aslant and is still drawn as a level box."""
MANY_CHANGES = 50
"""From so many lines on that come at once, all is painted anew instead of each place for itself."""


class DraftItem(QGraphicsItem):
    """Draws lines' corners in page pixels; those that the answer has a box for by now give way.

    What is told again costs next to nothing: lines and boxes come a few at a time, thousands in all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._quads: list[Quad] = []
        self._shapes: dict[int, QRectF | QPolygonF] = {}
        """Of those that have not given way; a level box is drawn at a tenth of the cost."""
        self._places = BoxGrid()
        self._covering = BoxGrid()
        self._handles = itertools.count()
        self._area = QRectF()
        self._unit = 1.0

    @property
    def count(self) -> int:
        """How many lines are shown."""
        return len(self._shapes)

    def place(self, area: QRectF, *, unit: float) -> None:
        """Fill this area of the scene, where a logical screen pixel is `unit` page pixels wide."""
        self.prepareGeometryChange()
        self._area = area
        self._unit = unit

    def clear(self) -> None:
        """Show no line, and forget what they gave way to."""
        self._covering.clear()
        self._forget_lines()

    def show_lines(self, quads: Sequence[Quad]) -> None:
        """Show these lines and no others; what was covered stays so."""
        if list(quads[: len(self._quads)]) != self._quads:
            self._forget_lines()
        known = len(self._quads)
        self._quads = list(quads)
        for index in range(known, len(quads)):
            box = quad_bounds(quads[index])
            if not self._covering.at(*_middle(box)):
                self._shapes[index] = _shape(quads[index], box)
                self._places.add(index, box)
                if len(quads) - known < MANY_CHANGES:
                    self._update_at(box)
        if len(quads) - known >= MANY_CHANGES:
            self.update()

    def cover(self, boxes: Iterable[PixelBox]) -> None:
        """Let the lines give way whose middle lies in one of these boxes, page pixels; also lines that come later."""
        for box in boxes:
            self._covering.add(next(self._handles), box)
            for index in self._places.near(box):
                of_line = quad_bounds(self._quads[index])
                if box.contains(*_middle(of_line)):
                    del self._shapes[index]
                    self._places.remove(index)
                    self._update_at(of_line)

    def _forget_lines(self) -> None:
        if self._shapes:
            self.update()
        self._quads = []
        self._shapes.clear()
        self._places.clear()

    def _update_at(self, box: PixelBox) -> None:
        self.update(self._with_reach(QRectF(box.x_min, box.y_min, box.width, box.height)))

    def _with_reach(self, rect: QRectF) -> QRectF:
        reach = REACH * self._unit
        return rect.adjusted(-reach, -reach, reach, reach)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._shapes:
            return
        seen = self._with_reach(option.exposedRect)
        near = self._places.near(PixelBox(seen.left(), seen.top(), seen.right(), seen.bottom()))
        shapes = [self._shapes[index] for index in near]
        snap(painter)
        draw_boxes(
            painter,
            {STYLE: [shape for shape in shapes if isinstance(shape, QRectF)]},
            LOOK,
            painter.device().devicePixelRatio(),
        )
        _draw_aslant(painter, [shape for shape in shapes if isinstance(shape, QPolygonF)])


def _middle(box: PixelBox) -> tuple[float, float]:
    return (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2


def _shape(quad: Quad, box: PixelBox) -> QRectF | QPolygonF:
    slack = TILT * min(box.width, box.height)
    across = all(min(x - box.x_min, box.x_max - x) <= slack for x, _ in quad)
    if across and all(min(y - box.y_min, box.y_max - y) <= slack for _, y in quad):
        return QRectF(box.x_min, box.y_min, box.width, box.height)
    return QPolygonF([QPointF(x, y) for x, y in quad])


def _draw_aslant(painter: QPainter, polygons: list[QPolygonF]) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # A light line under the grey one: the page may be as grey.
    for colour, width in ((HALO, 2.5), (DRAFT, 1.0)):
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for polygon in polygons:
            painter.drawPolygon(polygon)
