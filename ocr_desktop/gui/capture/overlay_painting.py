"""How things look that lie on a frozen picture of the desktop: the same on any picture, light or dark.

Everything is dark with light words, or a light line with a dark one beside it, so that the ground never matters.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from ocr_desktop.gui.appearance import (
    OVERLAY_CROSS,
    OVERLAY_CROSS_SHADE,
    OVERLAY_DIM,
    OVERLAY_EDGE,
    OVERLAY_FRAME,
    OVERLAY_GROUND,
    OVERLAY_LIGHT,
    OVERLAY_SHADE,
    OVERLAY_WORDS,
    SPACING,
    SPACING_SMALL,
)

RADIUS = 6
FRAME = 3
"""Logical pixels that a frame reaches beyond and into what it is around."""
DASH = 5
"""Widths of the line; the gap is as long."""


def draw_dim(painter: QPainter, room: QRectF, hole: QRectF | None) -> None:
    """Darken a room but for a hole in it."""
    if hole is None or hole.isEmpty():
        painter.fillRect(room, OVERLAY_DIM)
        return
    for rect in (
        QRectF(QPointF(room.left(), room.top()), QPointF(room.right(), hole.top())),
        QRectF(QPointF(room.left(), hole.bottom()), QPointF(room.right(), room.bottom())),
        QRectF(QPointF(room.left(), hole.top()), QPointF(hole.left(), hole.bottom())),
        QRectF(QPointF(hole.right(), hole.top()), QPointF(room.right(), hole.bottom())),
    ):
        if rect.isValid():
            painter.fillRect(rect, OVERLAY_DIM)


def draw_selection_frame(painter: QPainter, rect: QRectF, unit: float) -> None:
    """Around the pixels, touching none of them; `unit` is a logical pixel in the painter's."""
    _draw_frame(painter, rect, unit, unit, OVERLAY_FRAME)
    _draw_frame(painter, rect, 2 * unit, unit, OVERLAY_SHADE)


def draw_target_frame(painter: QPainter, rect: QRectF, unit: float) -> None:
    """Inside what a click would take: at the edge of a screen there is no outside."""
    _draw_frame(painter, rect, -2 * unit, 2 * unit, OVERLAY_FRAME)
    _draw_frame(painter, rect, -3 * unit, unit, OVERLAY_SHADE)


def draw_last_frame(painter: QPainter, rect: QRectF, unit: float) -> None:
    """Dashes, light and dark in turn."""
    line = rect.adjusted(unit / 2, unit / 2, -unit / 2, -unit / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(OVERLAY_SHADE, unit))
    painter.drawRect(line)
    dashes = QPen(OVERLAY_LIGHT, unit)
    dashes.setCapStyle(Qt.PenCapStyle.FlatCap)
    dashes.setDashPattern([DASH, DASH])
    painter.setPen(dashes)
    painter.drawRect(line)


def draw_cross(painter: QPainter, pixel: QRectF, room: QRectF, unit: float) -> None:
    """Lines through the middle of the pointer's pixel across the room."""
    x, y = pixel.center().x(), pixel.center().y()
    for line in (QLineF(x, room.top(), x, room.bottom()), QLineF(room.left(), y, room.right(), y)):
        shadow = line.translated(unit if line.dx() == 0 else 0, unit if line.dy() == 0 else 0)
        for each, colour in ((shadow, OVERLAY_CROSS_SHADE), (line, OVERLAY_CROSS)):
            painter.setPen(QPen(colour, unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(each)


def draw_panel(painter: QPainter, rect: QRectF) -> None:
    """The dark ground of everything with words on it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(OVERLAY_EDGE, 1))
    painter.setBrush(OVERLAY_GROUND)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.restore()


def tag_size(text: str, font: QFont) -> tuple[int, int]:
    """Width and height in logical pixels of a tag with this text."""
    metrics = QFontMetrics(font)
    return metrics.horizontalAdvance(text) + 2 * SPACING, metrics.height() + SPACING_SMALL


def draw_tag(painter: QPainter, rect: QRect, text: str) -> None:
    draw_panel(painter, QRectF(rect))
    painter.setPen(OVERLAY_WORDS)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _draw_frame(painter: QPainter, rect: QRectF, distance: float, width: float, colour: QColor) -> None:
    """A frame `width` wide whose outer edge lies `distance` outside of a rectangle; negative: its inner edge inside."""
    outer = distance if distance > 0 else distance + width
    frame = rect.adjusted(-outer, -outer, outer, outer)
    for side in (
        QRectF(frame.left(), frame.top(), frame.width(), width),
        QRectF(frame.left(), frame.bottom() - width, frame.width(), width),
        QRectF(frame.left(), frame.top() + width, width, frame.height() - 2 * width),
        QRectF(frame.right() - width, frame.top() + width, width, frame.height() - 2 * width),
    ):
        painter.fillRect(side, colour)
