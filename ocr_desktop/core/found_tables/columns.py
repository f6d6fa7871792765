"""Where the columns of a table are that nobody drew: white from top to bottom, but for what lies across several."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LineBox

    Rows = Sequence[Sequence[LineBox]]

SHRUNK = 0.2
"""Boxes are wider than their text: so many heights are taken off each side before they are compared."""
LEAST_WHITE = 0.25
"""White between two columns is so wide, in heights, between shrunk boxes."""
FEW_ACROSS = 0.15
"""A valley that so few of the pieces on either side lie across parts two columns all the same."""
ACROSS_OFTEN = 0.5
"""A piece lies across columns where in so many of the rows that it meets it stands over two pieces at least."""
SEVERAL, LEAST_REPEATED = 0.6, 3
"""Where in so many of a column's rows, and in so many at least, two pieces stand beside each other, it is two."""
MOSTLY = 0.8
MOST_COMPARED = 40
"""Of longer tables so many rows are compared with each piece, from all over it."""


@dataclass(frozen=True, slots=True)
class Column:
    """What its cells cover, in layout coordinates."""

    x_min: float
    x_max: float

    @property
    def centre(self) -> float:
        return (self.x_min + self.x_max) / 2


def columns_of(rows: Rows, height: float, drawn: Sequence[float] = ()) -> list[Column]:
    """The columns from the left.

    Args:
        rows: Pieces row by row, each from left to right.
        height: The usual height of a piece.
        drawn: The x of vertical rules: nothing that stands on two sides of one is in one column.
    """
    spans = spanning(rows, height)
    inside = [
        (*extent(piece, height), number)
        for number, row in enumerate(rows)
        for piece in row
        if id(piece) not in spans and not any(piece.x_min + height < x < piece.x_max - height for x in drawn)
    ]
    inside.sort()
    columns: list[list[tuple[float, float, int]]] = []
    reached = -math.inf
    for piece in inside:
        crossed = any(reached - height < x < piece[0] + height and reached < piece[1] for x in drawn)
        if piece[0] - reached >= LEAST_WHITE * height or (crossed and piece[0] >= reached - height):
            columns.append([])
            reached = -math.inf
        columns[-1].append(piece)
        reached = max(reached, piece[1])
    valleys = [
        part for column in columns for valley in _at_valleys(column, height) for part in _at_repeated_gaps(valley)
    ]
    return [_column(part) for part in _united(valleys, height, drawn)]


def extent(piece: LineBox, height: float) -> tuple[float, float]:
    """A piece's left and right end, the box shrunk."""
    off = min(SHRUNK * height, piece.width / 4)
    return piece.x_min + off, piece.x_max - off


def spanning(rows: Rows, height: float) -> set[int]:
    """The `id` of each piece that stands over two pieces or more of most of the rows that it meets."""
    extents = [[extent(piece, height) for piece in row] for row in rows]
    ends = [[end for _, end in row] for row in extents]
    compared = range(0, len(rows), -(-len(rows) // MOST_COMPARED) or 1)
    found: set[int] = set()
    for number, row in enumerate(rows):
        for piece, (start, end) in zip(row, extents[number], strict=True):
            met = several = 0
            for other in compared:
                if other == number:
                    continue
                first = bisect_left(ends[other], start)
                count = 0
                while first + count < len(ends[other]) and extents[other][first + count][0] < end:
                    count += 1
                met += count > 0
                several += count > 1
            if several and several >= ACROSS_OFTEN * met:
                found.add(id(piece))
    return found


def _column(pieces: Sequence[tuple[float, float, int]]) -> Column:
    return Column(min(start for start, _, _ in pieces), max(end for _, end, _ in pieces))


def _at_valleys(pieces: list[tuple[float, float, int]], height: float) -> list[list[tuple[float, float, int]]]:
    """The pieces of a column parted where hardly any of them stands: a few long ones reach over the white."""
    if len(pieces) < 1 / FEW_ACROSS:
        return [pieces]
    edges = sorted(edge for start, end, _ in pieces for edge in ((start, 1), (end, -1)))
    heights: list[tuple[float, float, int]] = []
    over = 0
    for (x, change), (after, _) in itertools.pairwise(edges):
        over += change
        if after > x:
            heights.append((x, after, over))
    if not heights:
        return [pieces]
    rising = list(itertools.accumulate((count for *_, count in heights), max))
    falling = list(itertools.accumulate((count for *_, count in reversed(heights)), max))[::-1]
    cuts = [
        (start + end) / 2
        for (start, end, count), left, right in zip(heights, rising, falling, strict=True)
        if end - start >= LEAST_WHITE * height and count <= FEW_ACROSS * min(left, right)
    ]
    parts: list[list[tuple[float, float, int]]] = [[] for _ in range(len(cuts) + 1)]
    for piece in pieces:
        if not any(piece[0] < cut < piece[1] for cut in cuts):
            parts[bisect_left(cuts, piece[0])].append(piece)
    filled = [part for part in parts if part]
    return filled or [pieces]


def _at_repeated_gaps(pieces: list[tuple[float, float, int]]) -> list[list[tuple[float, float, int]]]:
    """The pieces of a column parted where in most of its rows two stand beside each other, however close."""
    rows: dict[int, list[tuple[float, float, int]]] = {}
    for piece in pieces:
        rows.setdefault(piece[2], []).append(piece)
    ends = [(left[1], right[0]) for row in rows.values() for left, right in itertools.pairwise(row)]
    if len(ends) < max(SEVERAL * len(rows), LEAST_REPEATED):
        return [pieces]
    # Pieces begin and end unevenly: the best cut is the one that the fewest lie across.
    cuts = sorted(x for start, end in ends for x in (start, end))
    wide = [(start, end) for start, end, _ in pieces if start < end]
    starts, stops = sorted(start for start, _ in wide), sorted(end for _, end in wide)
    middle = cuts[len(cuts) // 2]
    cut = min(cuts, key=lambda x: (bisect_left(starts, x) - bisect_right(stops, x), abs(x - middle)))
    left = [piece for piece in pieces if piece[0] < cut and piece[1] <= cut]
    right = [piece for piece in pieces if piece[0] >= cut]
    parts = [part for part in (left, right) if len({row for *_, row in part}) >= SEVERAL * len(rows)]
    if len(parts) < 2 or len(left) + len(right) < MOSTLY * len(pieces):
        return [pieces]
    return [each for part in parts for each in _at_repeated_gaps(part)]


def _united(
    columns: list[list[tuple[float, float, int]]], height: float, drawn: Sequence[float]
) -> list[list[tuple[float, float, int]]]:
    """A head that stands beside its column's numbers, not above them, is no column of its own.

    Two that are never filled in the same row are one where the upper one ends before the lower begins, with no more
    than some white between them.
    """
    found: list[list[tuple[float, float, int]]] = []
    for column in columns:
        if found and _are_one(found[-1], column, height, drawn):
            found[-1] = found[-1] + column
        else:
            found.append(column)
    return found


def _are_one(
    left: list[tuple[float, float, int]],
    right: list[tuple[float, float, int]],
    height: float,
    drawn: Sequence[float],
) -> bool:
    left_rows, right_rows = {row for *_, row in left}, {row for *_, row in right}
    start, end = _column(left).x_max, _column(right).x_min
    if end - start > 2 * height or any(start <= x <= end for x in drawn):
        return False
    return max(left_rows) < min(right_rows) or max(right_rows) < min(left_rows)
