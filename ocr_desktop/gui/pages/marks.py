"""What a page's mark in the list tells: being read, waiting, failed, read in part, read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from ocr_desktop.core.document import Finish
from ocr_desktop.core.presets import PresetId
from ocr_desktop.gui.appearance import SPACING_SMALL, warning_colour

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry

SIDE = 20
"""Logical pixels; a mark with a number is wider."""
LINE = 1.6


class MarkKind(Enum):
    """In the order of what a user needs to know first."""

    READING = auto()
    FAILED = auto()
    WAITING = auto()
    INCOMPLETE = auto()
    READ = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A page's mark, and how many times it was read."""

    kind: MarkKind
    run_count: int = 0


def mark_of(entry: Entry, *, is_being_read: bool, is_waiting: bool, has_failed: bool) -> Mark | None:
    """The one mark that a page gets; None where nothing has happened to it."""
    count = run_count(entry)
    if is_being_read:
        return Mark(MarkKind.READING)
    if has_failed:
        return Mark(MarkKind.FAILED)
    if is_waiting:
        return Mark(MarkKind.WAITING)
    if not count:
        return None
    run = entry.run(entry.run_id)
    is_whole = run is None or run.finish is Finish.COMPLETE
    return Mark(MarkKind.READ if is_whole else MarkKind.INCOMPLETE, count)


def run_count(entry: Entry) -> int:
    """How many times a page was read; looking for words in it does not count."""
    return 0 if entry.page is None else sum(run.preset != PresetId.LOCATE for run in entry.page.runs)


def paint_mark(painter: QPainter, corner: QPointF, mark: Mark, palette: QPalette) -> None:
    """Draw a mark with its lower right corner here, on a ground of its own, so that it is seen on any picture."""
    number = str(mark.run_count) if mark.run_count > 1 else ""
    metrics = painter.fontMetrics()
    width = SIDE + (metrics.horizontalAdvance(number) + SPACING_SMALL if number else 0)
    ground = QRectF(corner.x() - width, corner.y() - SIDE, width, SIDE)
    sign = QRectF(ground.left(), ground.top(), SIDE, SIDE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), SIDE / 2, SIDE / 2)
    colour = _colour(mark.kind, palette)
    painter.setPen(QPen(colour, LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_sign(painter, sign, mark.kind, colour)
    if number:
        painter.setPen(colour)
        place = QRectF(sign.right() - SPACING_SMALL / 2, ground.top(), ground.right() - sign.right(), SIDE)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)
    painter.restore()


def _colour(kind: MarkKind, palette: QPalette) -> QColor:
    match kind:
        case MarkKind.FAILED | MarkKind.INCOMPLETE:
            return warning_colour(palette)
        case MarkKind.WAITING:
            return palette.color(QPalette.ColorRole.PlaceholderText)
        case MarkKind.READING | MarkKind.READ:
            return palette.color(QPalette.ColorRole.Link)


def _paint_sign(painter: QPainter, place: QRectF, kind: MarkKind, colour: QColor) -> None:
    middle = place.center()
    match kind:
        case MarkKind.READING:
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            for step in (-4.5, 0, 4.5):
                painter.drawEllipse(middle + QPointF(step, 0), 1.6, 1.6)
        case MarkKind.FAILED:
            painter.drawPolygon(QPolygonF([middle + QPointF(*at) for at in ((0, -5.5), (6, 4.5), (-6, 4.5))]))
            painter.drawLine(middle + QPointF(0, -1.8), middle + QPointF(0, 0.7))
            painter.drawPoint(middle + QPointF(0, 2.7))
        case MarkKind.WAITING:
            painter.drawEllipse(middle, 5.5, 5.5)
            painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((0, -3), (0, 0), (2.2, 1.4))]))
        case MarkKind.INCOMPLETE:
            painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-6, 0.5), (-3, 3.5), (2, -3.5))]))
            painter.drawLine(middle + QPointF(5, -3.5), middle + QPointF(5, 0.5))
            painter.drawPoint(middle + QPointF(5, 3.5))
        case MarkKind.READ:
            painter.drawPolyline(QPolygonF([middle + QPointF(*at) for at in ((-4.5, 0.5), (-1.5, 3.5), (4.5, -3.5))]))
