"""Which line lies where on the page, without looking at all of them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ocr_desktop.core.geometry import quad_bounds
from ocr_desktop.core.line_parts import LineAxis, Place, axis_of, character_at, index_near, nearest_line
from ocr_desktop.gui.canvas.grid import BoxGrid

if TYPE_CHECKING:
    from ocr_desktop.core.document import Line
    from ocr_desktop.core.geometry import Point


class WordIndex:
    """Lines by their places; points are in page pixels. Made ready when it is first asked."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines

    @functools.cached_property
    def _axes(self) -> list[LineAxis]:
        return [axis_of(line) for line in self._lines]

    @functools.cached_property
    def _grid(self) -> BoxGrid:
        grid = BoxGrid()
        for number, line in enumerate(self._lines):
            grid.add(number, quad_bounds(line.quad))
        return grid

    def line_at(self, point: Point) -> int | None:
        """The line that a point lies in, of several the one whose middle is nearest."""
        if not self._lines:
            return None
        found = [number for number in self._grid.at(*point) if self._axes[number].contains(point)]
        return min(found, key=lambda number: self._axes[number].across(point), default=None)

    def height_of(self, line: int) -> float:
        return self._axes[line].height

    def place_near(self, point: Point) -> Place | None:
        """Between which two characters a point lies, or lies nearest to; None where there are no lines."""
        line = self._line_near(point)
        return None if line is None else Place(line, index_near(self._lines[line], point))

    def character_near(self, point: Point) -> Place | None:
        """The character that a point lies in, or lies nearest to."""
        line = self._line_near(point)
        return None if line is None else Place(line, character_at(self._lines[line], point))

    def _line_near(self, point: Point) -> int | None:
        inside = self.line_at(point)
        if inside is not None or not self._lines:
            return inside
        return nearest_line(self._axes, point)
