"""The magnifier of the overlay: the pixels around the pointer, one by one, with colour and position of its own."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from ocr_desktop.gui.appearance import (
    OVERLAY_GRID,
    OVERLAY_GROUND,
    OVERLAY_LIGHT,
    OVERLAY_NOWHERE,
    OVERLAY_QUIET_WORDS,
    OVERLAY_SHADE,
    OVERLAY_WORDS,
    SPACING_SMALL,
)
from ocr_desktop.gui.capture.overlay_painting import draw_panel

PIXELS = 17
"""Picture pixels on a side; odd, so that one is the middle."""
CELL = 8
"""Logical pixels on the side of a magnified one."""
DISTANCE = 24
"""Logical pixels between pointer and magnifier."""
SWATCH = 10


def magnifier_size(font: QFont) -> QSize:
    side = PIXELS * CELL
    return QSize(side + 2 * SPACING_SMALL, side + 2 * _line_height(font) + 3 * SPACING_SMALL)


def magnifier_place(size: QSize, pointer: QPoint, direction: tuple[int, int], room: QRect, bar: QRect) -> QRect:
    """Where the magnifier stands: beside the pointer, in the direction of the drag where there is room for it.

    It is never under the pointer, and whole in a room that has a place for it; clear of the bar where it can be.
    """
    places = [
        QRect(
            QPoint(_beside(pointer.x(), size.width(), across), _beside(pointer.y(), size.height(), down)),
            size,
        )
        for across in (direction[0], -direction[0])
        for down in (direction[1], -direction[1])
    ]
    whole = [place for place in places if room.contains(place)]
    if whole:
        # Higher or lower it is still beside the pointer.
        beyond_bar = (QRect(place.left(), y, *size.toTuple()) for y in _beyond(bar, size.height()) for place in whole)
        clear = (place for place in (*whole, *beyond_bar) if room.contains(place) and not place.intersects(bar))
        return next(clear, whole[0])
    return max(places, key=lambda place: _pixels(place.intersected(room)))


def draw_magnifier(painter: QPainter, place: QRect, image: QImage, pixel: QPoint, *, words: str, ratio: float) -> None:
    """Draw it with a pixel of the image in its middle.

    The painter is in logical pixels; `ratio` is device pixels to one of them, and every magnified pixel is a whole
    number of those.
    """
    draw_panel(painter, QRectF(place))
    square = QRect(place.topLeft() + QPoint(SPACING_SMALL, SPACING_SMALL), QSize(PIXELS * CELL, PIXELS * CELL))
    _draw_pixels(painter, square, image, pixel, ratio)
    colour = image.pixelColor(pixel) if image.rect().contains(pixel) else QColor()
    height = _line_height(painter.font())
    line = QRect(square.left() + SPACING_SMALL, square.bottom() + 1 + SPACING_SMALL, square.width(), height)
    painter.setPen(OVERLAY_WORDS)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    line.translate(0, height)
    swatch = QRect(line.left(), line.center().y() - SWATCH // 2, SWATCH, SWATCH)
    painter.fillRect(swatch.adjusted(-1, -1, 1, 1), OVERLAY_QUIET_WORDS)
    painter.fillRect(swatch, colour)
    line.setLeft(swatch.right() + 1 + 2 * SPACING_SMALL)
    painter.setPen(OVERLAY_QUIET_WORDS)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, colour.name().upper())


def _draw_pixels(painter: QPainter, square: QRect, image: QImage, pixel: QPoint, ratio: float) -> None:
    """The magnified pixels, their grid, and the middle one marked; in device pixels, so that all cells are alike."""
    cell = max(int(CELL * ratio), 1)
    painter.save()
    painter.fillRect(square, OVERLAY_GROUND)
    painter.setClipRect(square)
    painter.scale(1 / ratio, 1 / ratio)
    corner = QPointF(round(square.left() * ratio), round(square.top() * ratio))
    seen = QRect(pixel.x() - PIXELS // 2, pixel.y() - PIXELS // 2, PIXELS, PIXELS)
    whole = QRectF(corner, QPointF(corner.x() + PIXELS * cell, corner.y() + PIXELS * cell))
    painter.fillRect(whole, OVERLAY_NOWHERE)
    there = seen.intersected(image.rect())
    target = QRectF(
        corner.x() + (there.x() - seen.x()) * cell,
        corner.y() + (there.y() - seen.y()) * cell,
        there.width() * cell,
        there.height() * cell,
    )
    painter.drawImage(target, image.copy(there))
    for number in range(1, PIXELS):
        painter.fillRect(QRectF(corner.x() + number * cell, corner.y(), 1, PIXELS * cell), OVERLAY_GRID)
        painter.fillRect(QRectF(corner.x(), corner.y() + number * cell, PIXELS * cell, 1), OVERLAY_GRID)
    middle = QRectF(corner.x() + PIXELS // 2 * cell, corner.y() + PIXELS // 2 * cell, cell + 1, cell + 1)
    for distance, colour in ((2, OVERLAY_SHADE), (1, OVERLAY_LIGHT)):
        _outline(painter, middle.adjusted(-distance, -distance, distance, distance), colour)
    painter.restore()


def _outline(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A line one device pixel wide, inside the rectangle."""
    for side in (
        QRectF(rect.left(), rect.top(), rect.width(), 1),
        QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1),
        QRectF(rect.left(), rect.top() + 1, 1, rect.height() - 2),
        QRectF(rect.right() - 1, rect.top() + 1, 1, rect.height() - 2),
    ):
        painter.fillRect(side, colour)


def _line_height(font: QFont) -> int:
    return QFontMetrics(font).height()


def _beside(pointer: int, length: int, direction: int) -> int:
    return pointer + DISTANCE if direction > 0 else pointer - DISTANCE - length + 1


def _beyond(bar: QRect, height: int) -> tuple[int, int]:
    return bar.bottom() + 1 + SPACING_SMALL, bar.top() - SPACING_SMALL - height


def _pixels(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
