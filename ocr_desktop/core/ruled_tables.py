"""Tables whose cells somebody drew: rules that meet, and the text between them.

All distances are in heights of the usual line unless said otherwise.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.table_grid import Grid, GridCell, Span
from ocr_desktop.core.table_pieces import Groups, cut_at, is_datum, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout_boxes import LayoutBox, LineBox

NEAR = 0.5
"""Two rules meet, or are one, where they are no further apart."""
COVERED = 0.6
"""A cell's side is drawn where rules lie along so much of it."""
MOST_RULES = 1_000
"""Of a page with more of them the longest are looked at."""
MOST_PLACES = 10_000
"""What has more crossings is hatching."""
LEAST_ROW = 0.6
"""Rules nearer to each other than this are a double one."""
MOST_COMPOUND = 0.3
"""Where so many of the lines stand in cells that have columns of their own, the rules draw no table's cells."""
LEAST_COMPOUND = 3
"""A cell has columns of its own where so many rows in it have words far apart."""
MOST_LINES = 8
"""A cell with more lines than this that holds most of all lines is a frame."""
STACKED_LINES = 3
"""So many numbers below each other, in two columns or more, are rows that nobody drew a rule between."""


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


def lattices_of(rules: Sequence[LayoutBox], height: float) -> list[Lattice]:
    """The rules that make a grid of two rows or more, or of two columns; the largest first."""
    kept = sorted(rules, key=lambda rule: -max(rule.width, rule.height))[:MOST_RULES]
    horizontals = [rule for rule in kept if rule.width >= rule.height]
    verticals = [rule for rule in kept if rule.width < rule.height]
    found = []
    for across, down in _meeting(horizontals, verticals, NEAR * height):
        lattice = _lattice(across, down, height)
        if lattice is not None:
            found.append(lattice)
    return sorted(found, key=lambda each: -(each.xs[-1] - each.xs[0]) * (each.ys[-1] - each.ys[0]))


def ruled_grid(lattice: Lattice, lines: Sequence[LineBox]) -> Grid | None:
    """The cells that the rules enclose, with their lines; None where the rules do not enclose cells, but frame text."""
    cells = _cells(lattice)
    if cells is None:
        return None
    at = {place: cell for cell in cells for place in _places(cell.span)}
    for row in rows_of(part for line in lines for part in _cut(line, lattice, at)):
        for piece in row:
            at[_place(piece, lattice)].lines.append(piece)
    filled = tuple(cell for cell in cells if cell.lines)
    return _without_empty_sides(Grid(filled, len(lattice.ys) - 1, len(lattice.xs) - 1))


def is_frame(grid: Grid) -> bool:
    """Whether the rules do not draw this table's cells but stand around some of it: a frame, a card, a page."""
    count = sum(len(cell.lines) for cell in grid.cells)
    compound = 0
    for cell in grid.cells:
        rows = rows_of(cell.lines)
        beside = sum(
            any(right.x_min - left.x_max > right.height for left, right in itertools.pairwise(row)) for row in rows
        )
        if beside >= LEAST_COMPOUND or (len(cell.lines) > MOST_LINES and 2 * len(cell.lines) > count):
            compound += len(cell.lines)
    return compound > MOST_COMPOUND * count


def with_split_rows(grid: Grid) -> Grid:
    """The grid with rows of numbers parted that stand in one drawn row: only its columns have rules."""
    parted: list[GridCell] = []
    of_row: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        of_row.setdefault(cell.span.row, []).append(cell)
    starts = [0]
    for row in range(grid.row_count):
        anchors = _anchors(of_row.get(row, ()))
        starts.append(starts[-1] + max(len(anchors), 1))
    for cell in grid.cells:
        span = cell.span
        start, end = starts[span.row], starts[span.row_end]
        if span.row_end - span.row > 1 or end - start == 1:
            cell.span = Span(start, end, span.column, span.column_end)
            parted.append(cell)
        else:
            parted += _parted(cell, _anchors(of_row[span.row]), start)
    return Grid(tuple(parted), starts[-1], grid.column_count, starts[grid.head_rows] if grid.head_rows else 1)


def _anchors(cells: Sequence[GridCell]) -> list[float]:
    """The middles of the rows of numbers in a drawn row, from the top; empty where it is one row."""
    columns: list[list[float]] = []
    for cell in cells:
        rows = rows_of(cell.lines)
        middles = [row[0].middle for row in rows if is_datum(row[0].text)]
        if cell.span.row_end - cell.span.row == 1 and len(middles) >= STACKED_LINES and len(middles) == len(rows):
            columns.append(middles)
    if len(columns) < 2:
        return []
    return max(columns, key=len)


def _parted(cell: GridCell, anchors: Sequence[float], start: int) -> list[GridCell]:
    parts: dict[int, GridCell] = {}
    span = cell.span
    for line in cell.lines:
        row = start + min(range(len(anchors)), key=lambda number: abs(anchors[number] - line.middle))
        place = Span(row, row + 1, span.column, span.column_end)
        parts.setdefault(row, GridCell(place, [])).lines.append(line)
    return list(parts.values())


def _meeting(
    horizontals: Sequence[LayoutBox], verticals: Sequence[LayoutBox], near: float
) -> Iterable[tuple[list[LayoutBox], list[LayoutBox]]]:
    """Rules that hang together, directly or through others."""
    groups = Groups(len(horizontals) + len(verticals))
    for first, across in enumerate(horizontals):
        for second, down in enumerate(verticals, len(horizontals)):
            if (
                across.x_min - near <= down.x_max
                and down.x_min <= across.x_max + near
                and down.y_min - near <= across.y_max
                and across.y_min <= down.y_max + near
            ):
                groups.unite(first, second)
    count = len(horizontals)
    for group in groups.all():
        across_all = [horizontals[number] for number in group if number < count]
        down_all = [verticals[number - count] for number in group if number >= count]
        if len(across_all) > 1 and down_all:
            yield across_all, down_all


def _lattice(across: list[LayoutBox], down: list[LayoutBox], height: float) -> Lattice | None:
    # Sides that nobody drew are where the rules of the other direction end.
    left, right = min(rule.x_min for rule in across), max(rule.x_max for rule in across)
    top, bottom = min(rule.y_min for rule in down), max(rule.y_max for rule in down)
    xs = _places_of([*(rule.centre for rule in down), left, right], LEAST_ROW * height)
    ys = _places_of([*(rule.middle for rule in across), top, bottom], LEAST_ROW * height)
    if len(xs) < 2 or len(ys) < 2 or not 4 < len(xs) * len(ys) <= MOST_PLACES:
        return None
    return Lattice(
        tuple(xs),
        tuple(ys),
        tuple((rule.centre, rule.y_min, rule.y_max) for rule in down),
        tuple((rule.middle, rule.x_min, rule.x_max) for rule in across),
    )


def _places_of(values: Iterable[float], least: float) -> list[float]:
    """The values, those nearer than `least` to each other as one."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= least:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _cells(lattice: Lattice) -> list[GridCell] | None:
    """The drawn cells, still empty; None where what is drawn does not make rectangles."""
    slack = [min(b - a for a, b in itertools.pairwise(places)) / 2 for places in (lattice.xs, lattice.ys)]
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while owner[place] != place:
            place = owner[place]
        return place

    down = _Covered(lattice.xs, lattice.verticals, slack[0])
    across = _Covered(lattice.ys, lattice.horizontals, slack[1])
    for row, column in list(owner):
        if column + 1 < columns and not down.is_drawn(column + 1, lattice.ys[row], lattice.ys[row + 1]):
            owner[root((row, column + 1))] = root((row, column))
        if row + 1 < rows and not across.is_drawn(row + 1, lattice.xs[column], lattice.xs[column + 1]):
            owner[root((row + 1, column))] = root((row, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in owner:
        groups.setdefault(root(place), []).append(place)
    spans = [_bounds(group) for group in groups.values()]
    if any(
        (span.row_end - span.row) * (span.column_end - span.column) != len(group)
        for span, group in zip(spans, groups.values(), strict=True)
    ):
        return None
    return [GridCell(span, []) for span in spans]


class _Covered:
    """Whether rules lie along a side: looked up by the number of its place."""

    def __init__(self, places: Sequence[float], rules: Iterable[tuple[float, float, float]], slack: float) -> None:
        self._along: dict[int, list[tuple[float, float]]] = {}
        for place, start, end in rules:
            number = min(range(len(places)), key=lambda number: abs(places[number] - place))
            if abs(places[number] - place) <= slack:
                self._along.setdefault(number, []).append((start, end))

    def is_drawn(self, number: int, start: float, end: float) -> bool:
        covered = sum(max(min(end, b) - max(start, a), 0.0) for a, b in self._along.get(number, ()))
        return covered >= COVERED * (end - start)


def _bounds(places: Sequence[tuple[int, int]]) -> Span:
    rows = [row for row, _ in places]
    columns = [column for _, column in places]
    return Span(min(rows), max(rows) + 1, min(columns), max(columns) + 1)


def _places(span: Span) -> Iterable[tuple[int, int]]:
    return itertools.product(range(span.row, span.row_end), range(span.column, span.column_end))


def _place(piece: LineBox, lattice: Lattice) -> tuple[int, int]:
    row = min(max(bisect_right(lattice.ys, piece.middle), 1), len(lattice.ys) - 1)
    column = min(max(bisect_right(lattice.xs, piece.centre), 1), len(lattice.xs) - 1)
    return row - 1, column - 1


def _cut(line: LineBox, lattice: Lattice, at: dict[tuple[int, int], GridCell]) -> list[LineBox]:
    """The line parted where a drawn rule runs through it."""
    row = bisect_right(lattice.ys, line.middle) - 1
    first = bisect_right(lattice.xs, line.x_min + NEAR * line.height)
    last = bisect_right(lattice.xs, line.x_max - NEAR * line.height)
    crossed = [
        lattice.xs[number] for number in range(first, last) if at.get((row, number - 1)) is not at.get((row, number))
    ]
    return cut_at(line, crossed) if crossed else [line]


def _without_empty_sides(grid: Grid) -> Grid | None:
    """The grid without rows and columns in which no cell begins that has words: frames, double rules."""
    rows = sorted({cell.span.row for cell in grid.cells})
    columns = sorted({cell.span.column for cell in grid.cells})
    if not rows:
        return None
    # Empty columns and rows inside a form are there to be filled in.
    first_row, last_row = rows[0], max(cell.span.row_end for cell in grid.cells)
    first_column, last_column = columns[0], max(cell.span.column_end for cell in grid.cells)
    for cell in grid.cells:
        span = cell.span
        cell.span = Span(
            span.row - first_row, span.row_end - first_row, span.column - first_column, span.column_end - first_column
        )
    return Grid(grid.cells, last_row - first_row, last_column - first_column, grid.head_rows)
