"""Where lines stand to each other, on the page turned so that most of its text runs from left to right."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Line
    from ocr_desktop.core.geometry import Point, Quad

SAME_ROW = 0.5
"""Two lines stand in one row where their middles are no further apart, in line heights."""
ALONG = 0.1
"""A step to the right counts so much of a step down."""
BACKWARDS = 3.0
"""What it costs to go up or to the left, in line heights."""
UNEXPECTED = 1.5
"""What it costs to stay in the row where the text goes on in a new line."""


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line's edges on the page turned upright, in pixels."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def middle(self) -> float:
        return (self.y_min + self.y_max) / 2

    @property
    def height(self) -> float:
        return max(self.y_max - self.y_min, 1.0)

    def part(self, start: float, end: float) -> LinePlace:
        """A part of the line, from 0, where it begins, to 1."""
        width = self.x_max - self.x_min
        return LinePlace(self.x_min + start * width, self.y_min, self.x_min + end * width, self.y_max)


def turns_of(lines: Sequence[Line]) -> int:
    """In clockwise quarter turns, how most of the text lies on the page."""
    quarters: Counter[int] = Counter()
    for line in lines:
        (x_0, y_0), (x_1, y_1) = line.quad[:2]
        length = math.hypot(x_1 - x_0, y_1 - y_0)
        quarters[round(math.atan2(y_1 - y_0, x_1 - x_0) / (math.pi / 2)) % 4] += math.ceil(length)
    return quarters.most_common(1)[0][0] if quarters else 0


def line_places(lines: Sequence[Line]) -> list[LinePlace]:
    """Where each line stands, the page turned by quarters."""
    turns = turns_of(lines)
    return [place_of(line.quad, turns) for line in lines]


def place_of(quad: Quad, turns: int) -> LinePlace:
    """Four corners on the page turned back by so many quarters."""
    points = [_turned_back(point, turns) for point in quad]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return LinePlace(min(xs), min(ys), max(xs), max(ys))


def distance(before: LinePlace, after: LinePlace, row: LinePlace | None = None) -> float:
    """How far it is from the end of one text to the beginning of the next, in line heights.

    Where a new line is known to begin between them, `row` is where the old one began.
    """
    height = min(before.height, after.height)
    down = (after.middle - before.middle) / height
    if abs(down) <= SAME_ROW:
        right = (after.x_min - before.x_max) / height
        cost = ALONG * right if right > -1 else BACKWARDS - ALONG * right
        return cost + (UNEXPECTED if row is not None else 0)
    sideways = ALONG * abs(after.x_min - (row or before).x_min) / height
    return (down if down > 0 else BACKWARDS - down) + sideways


def blocks_of(places: Sequence[LinePlace], gap: float) -> list[list[int]]:
    """The indices of lines that stand above, below or beside each other, no more than `gap` line heights apart.

    Both the blocks and what is in them are in the order of the lines.
    """
    ended: list[list[int]] = []
    growing: list[tuple[LinePlace, list[int]]] = []
    tallest = max((place.height for place in places), default=0.0)
    for index in sorted(range(len(places)), key=lambda index: places[index].y_min):
        place, inside, others = places[index], [index], []
        extent = place
        for block, indices in growing:
            if _is_near(block, place, gap):
                extent = _around(extent, block)
                inside += indices
            elif block.y_max + gap * tallest < place.y_min:
                ended.append(indices)
            else:
                others.append((block, indices))
        growing = [*others, (extent, inside)]
    return sorted(sorted(indices) for indices in (*ended, *(indices for _, indices in growing)))


def _is_near(block: LinePlace, line: LinePlace, gap: float) -> bool:
    """Whether a line stands below or beside a block, or in it."""
    down = line.y_min - block.y_max
    across = max(line.x_min - block.x_max, block.x_min - line.x_max)
    is_below = down <= gap * line.height and across < 0
    return is_below or (across <= gap * line.height and down < -SAME_ROW * line.height)


def _around(one: LinePlace, other: LinePlace) -> LinePlace:
    return LinePlace(
        min(one.x_min, other.x_min),
        min(one.y_min, other.y_min),
        max(one.x_max, other.x_max),
        max(one.y_max, other.y_max),
    )


def _turned_back(point: Point, turns: int) -> Point:
    x, y = point
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]
