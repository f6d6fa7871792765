"""How boxes are drawn over the picture."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from ocr_desktop.gui.appearance import FOUND, FOUND_HALO, HALO, LabelStyle


@dataclass(frozen=True, slots=True)
class BoxLook:
    """Line and halo widths in logical screen pixels whatever the zoom, opacity of the inside 0–255.

    The halo stands on both sides of a line, so that it is seen on any ground; `halo_colour` replaces the usual one and
    `colour` the label's. Half a halo is on the lower right alone, at half the cost.
    """

    line: int
    fill: int = 0
    halo: int = 1
    halo_colour: QColor | None = None
    colour: str | None = None
    has_half_halo: bool = False


PLAIN = BoxLook(line=2)
THIN = BoxLook(line=1, has_half_halo=True)
"""Where boxes are so small on the screen that wider lines would hide what is in them."""
HOVERED = BoxLook(line=2, fill=40)
SELECTED = BoxLook(line=4, fill=64)
HIT = BoxLook(line=3, fill=40)
FOUND_IN_TEXT = BoxLook(line=2, fill=96, halo_colour=FOUND_HALO, colour=FOUND)

SMALL_SIDE = 12
"""A box whose shorter side is below this, in logical screen pixels, is small."""
REACH = 4
"""How far beyond a box anything of it is drawn, logical screen pixels."""
FAST_WIDTH = 2
"""Device pixels; up to here a line is drawn as lines of one pixel beside each other, a fifth of a wide pen's cost."""
NUDGE = -1 / 32
"""Device pixels: whole and half positions, which are frequent, must not be rounded now up and now down."""
DASH, GAP = 4, 2
"""In widths of the line."""


def draw_boxes(
    painter: QPainter, rects: Mapping[LabelStyle, Sequence[QRectF]], look: BoxLook, ratio: float = 1.0
) -> None:
    """Draw boxes (page pixels) of several styles, the painter being set up for the page.

    All halos come first, so that none of them covers a line. `ratio` is device pixels to a logical pixel.
    """
    kept = painter.worldTransform()
    diagonal = _pixel_diagonal(painter)
    line, halo = max(round(look.line * ratio), 1), max(round(look.halo * ratio), 1)
    colours = {style: QColor(look.colour or style.colour) for style in rects}
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(look.halo_colour or HALO, 1 if line <= FAST_WIDTH else line + 2 * halo))
    of_all_styles = list(itertools.chain.from_iterable(rects.values()))
    for distance in _halo_distances(line, halo, half=look.has_half_halo):
        painter.setWorldTransform(_shifted(kept, diagonal * distance))
        painter.drawRects(of_all_styles)
    if look.fill:
        painter.setWorldTransform(_shifted(kept, diagonal * NUDGE))
        _fill(painter, rects, colours, look.fill)
    pens = {
        style: _pen(colour, 1, dash=line if style.dashed else None)
        if line <= FAST_WIDTH
        else _pen(colour, line, dash=1 if style.dashed else None)
        for style, colour in colours.items()
    }
    for distance in _line_distances(line):
        painter.setWorldTransform(_shifted(kept, diagonal * distance))
        for style, of_one_style in rects.items():
            painter.setPen(pens[style])
            painter.drawRects(of_one_style)
    painter.setWorldTransform(kept)


def _fill(
    painter: QPainter, rects: Mapping[LabelStyle, Sequence[QRectF]], colours: Mapping[LabelStyle, QColor], opacity: int
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for style, of_one_style in rects.items():
        inside = QColor(colours[style])
        inside.setAlpha(opacity)
        painter.setBrush(inside)
        painter.drawRects(of_one_style)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _halo_distances(line: int, halo: int, *, half: bool) -> list[float]:
    """How far to the right and down the pen of a halo goes, in device pixels; the fast pen goes several times."""
    if line > FAST_WIDTH:
        return [NUDGE]
    first = -(line // 2)
    lower_right = range(first + line, first + line + halo)
    upper_left = range(0) if half else range(first - halo, first)
    return [_through_pixel(step) for step in (*upper_left, *lower_right)]


def _line_distances(line: int) -> list[float]:
    """The same for a line; moved copies leave a notch of a pixel at two corners, which nobody sees."""
    if line > FAST_WIDTH:
        return [NUDGE]
    first = -(line // 2)
    return [_through_pixel(step) for step in range(first, first + line)]


def _through_pixel(pixels: int) -> float:
    # A line of one pixel goes through the pixel that its position is in, not through the nearest.
    return pixels + 0.5 + NUDGE


def _pixel_diagonal(painter: QPainter) -> QPointF:
    """One device pixel to the right and down, in the painter's own units."""
    from_device = painter.deviceTransform().inverted()[0]
    return from_device.map(QPointF(1, 1)) - from_device.map(QPointF(0, 0))


def _shifted(transform: QTransform, distance: QPointF) -> QTransform:
    return QTransform.fromTranslate(distance.x(), distance.y()) * transform


def _pen(colour: QColor, width: int, *, dash: int | None = None) -> QPen:
    """A pen of so many device pixels; `dash` is by how much dashes are longer than usual."""
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    pen.setCosmetic(True)
    if dash is not None:
        pen.setDashPattern([DASH * dash, GAP * dash])
    return pen
