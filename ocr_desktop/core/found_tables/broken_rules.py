"""Rules of a drawn table that are broken, or were not found: where its words say that there is one.

All distances are in heights of the usual line.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.pieces import SIGNS, cut_at_gaps, is_datum, piece_rows, usual_piece_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout.boxes import LineBox

COVERED = 0.6
"""A cell's side is drawn where rules lie along so much of it."""
NEAR = 0.5
"""What reaches over a rule by less ends at it."""
LEAST_WHITE = 1.0
"""Words in two cells are so far apart."""
LEAST_APART = 2
"""A rule is broken where in so many rows words stand on both sides of where it would be."""
LEAST_MISSING = 3
"""And one was not found where numbers stand beside others in so many."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rules that meet: their places, and what lies along each.

    Attributes:
        xs: Of the verticals, from the left; at least two.
        ys: Of the horizontals, from the top; at least two.
        verticals: All, as (place, from, to).
        horizontals: All, as (place, from, to).
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    verticals: tuple[tuple[float, float, float], ...]
    horizontals: tuple[tuple[float, float, float], ...]


class Covered:
    """Whether rules lie along a side: looked up by the number of its place."""

    def __init__(self, places: Sequence[float], rules: Iterable[tuple[float, float, float]]) -> None:
        slack = min(b - a for a, b in itertools.pairwise(places)) / 2
        self._along: dict[int, list[tuple[float, float]]] = {}
        for place, start, end in rules:
            after = bisect_right(places, place)
            number = min(
                range(max(after - 1, 0), min(after + 1, len(places))), key=lambda number: abs(places[number] - place)
            )
            if abs(places[number] - place) <= slack:
                self._along.setdefault(number, []).append((start, end))

    def is_drawn(self, number: int, start: float, end: float) -> bool:
        covered = sum(max(min(end, b) - max(start, a), 0.0) for a, b in self._along.get(number, ()))
        return covered >= COVERED * (end - start)


def mended(lattice: Lattice, lines: Sequence[LineBox]) -> Lattice:
    """The same with verticals where they are broken, and where all rows of numbers say that one is missing."""
    height = usual_piece_height(lines)
    rows: list[list[LineBox]] = [[] for _ in lattice.ys[1:]]
    for piece in (piece for line in lines for piece in cut_at_gaps(line)):
        row = bisect_right(lattice.ys, piece.middle) - 1
        if 0 <= row < len(rows):
            rows[row].append(piece)
    found = [
        x for left, right in itertools.pairwise(lattice.xs) if (x := _missing(rows, left, right, height)) is not None
    ]
    xs = tuple(sorted((*lattice.xs, *found)))
    return _with_whole(replace(lattice, xs=xs), rows, set(found), height)


def _missing(rows: Sequence[Sequence[LineBox]], left: float, right: float, height: float) -> float | None:
    """The x between these two where a rule is missing."""
    start, end, count, data = left, right, 0, 0
    slack = NEAR * height
    for row in rows:
        inside = [piece for piece in row if left - slack <= piece.x_min and piece.x_max <= right + slack]
        pairs = [of_row for of_row in piece_rows(inside) if len(of_row) == 2]
        for first, second in pairs[:1]:
            if second.x_min - first.x_max >= LEAST_WHITE * height and first.text not in SIGNS:
                start, end = max(start, first.x_max), min(end, second.x_min)
                count, data = count + 1, data + is_datum(second.text)
    if count < LEAST_MISSING or data < HALF * count or end - start < NEAR * height:
        return None
    x = min(max((left + right) / 2, start), end)
    across = sum(any(_is_across(piece, x, height) for piece in row) for row in rows)
    return x if across <= HALF * len(rows) else None


def _with_whole(lattice: Lattice, rows: Sequence[Sequence[LineBox]], new: set[float], height: float) -> Lattice:
    """The lattice with the broken verticals drawn wherever no words stand across them."""
    xs, ys = lattice.xs, lattice.ys
    drawn = Covered(xs, lattice.verticals)
    verticals = list(lattice.verticals)
    gaps = {
        number: [row for row in range(len(rows)) if not drawn.is_drawn(number, ys[row], ys[row + 1])]
        for number in range(1, len(xs) - 1)
    }
    broken = {
        number
        for number, open_rows in gaps.items()
        if xs[number] in new
        or sum(_are_apart(rows[row], xs[number - 1 : number + 2], height) for row in open_rows) >= LEAST_APART
    }
    for number in sorted(broken):
        before = number - 1
        after = next(other for other in range(number + 1, len(xs)) if other not in broken)
        for row in gaps[number]:
            is_between = all(
                other in (0, len(xs) - 1) or other in broken or drawn.is_drawn(other, ys[row], ys[row + 1])
                for other in (before, after)
            )
            if is_between and not any(_is_across(piece, xs[number], height) for piece in rows[row]):
                verticals.append((xs[number], ys[row], ys[row + 1]))
    return replace(lattice, verticals=tuple(verticals))


def _are_apart(row: Sequence[LineBox], xs: Sequence[float], height: float) -> bool:
    """Whether words stand on both sides of the middle one of three places, far apart, and none across it."""
    left, x, right = xs
    inside = [piece for piece in row if left < piece.centre < right]
    ends = [piece.x_max for piece in inside if piece.centre < x and piece.text not in SIGNS]
    starts = [piece.x_min for piece in inside if piece.centre > x]
    if not ends or not starts or any(_is_across(piece, x, height) for piece in row):
        return False
    return min(starts) - max(ends) >= LEAST_WHITE * height


def _is_across(piece: LineBox, x: float, height: float) -> bool:
    return piece.x_min + NEAR * height < x < piece.x_max - NEAR * height
