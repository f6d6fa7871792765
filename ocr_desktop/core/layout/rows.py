"""Elements in rows: which of them stand beside each other as the words of one line or the cells of one row do."""

from __future__ import annotations

from bisect import bisect_left, insort
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Element, LineBox, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

BESIDE = 0.4
"""Two lines stand in one row where their middles are no further apart."""
TALL = 2.0
"""A box that is so much higher than wide lines are holds several lines, or one that runs upwards."""


def usual_height(elements: Sequence[Element]) -> float:
    """The height of most lines; of most elements where no line is; never 0."""
    heights = [element.height for element in elements if isinstance(element, LineBox)]
    return max(median(heights or [element.height for element in elements]), 1e-9)


def rows_of(elements: Sequence[Element]) -> list[Row]:
    """The elements in rows, from the top; each row from the left."""
    if not elements:
        return []
    usual = usual_height(elements)
    rows: list[list[Element]] = []
    places = 0.0
    for element in sorted(elements, key=lambda element: (level(element, usual), element.x_min)):
        place = level(element, usual)
        if rows and _is_beside(rows[-1], places / len(rows[-1]), element, place, usual):
            insort(rows[-1], element, key=attrgetter("x_min"))
            places += place
        else:
            rows.append([element])
            places = place
    return [tuple(row) for row in rows]


def level(element: Element, usual: float) -> float:
    """Where an element stands among lines: its middle, or the first line of one that is higher than lines are."""
    if isinstance(element, LineBox) and (element.height <= TALL * usual or element.width > 3 * element.height):
        return element.middle
    return element.y_min + min(element.height, usual) / 2


def _is_beside(row: Sequence[Element], middle: float, element: Element, place: float, usual: float) -> bool:
    """Whether an element goes on with a row, which is sorted from the left, and whose level is given."""
    at = bisect_left(row, element.x_min, key=attrgetter("x_min"))
    near = row[max(at - 1, 0) : at + 1]
    least = min(*(other.height for other in near), element.height, TALL * usual)
    if place - middle > BESIDE * max(least, 1e-9):
        return False
    # One that stands over another one of the row begins the next row.
    return all(min(other.x_max, element.x_max) - max(other.x_min, element.x_min) < least for other in near)
