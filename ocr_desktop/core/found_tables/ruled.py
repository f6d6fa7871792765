"""Tables whose cells somebody drew: rules that meet, and the text between them.

All distances are in heights of the usual line unless said otherwise.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.broken_rules import Covered, Lattice, mended
from ocr_desktop.core.found_tables.grid import Grid, GridCell, Span
from ocr_desktop.core.found_tables.pieces import Groups, cut_at, is_datum, piece_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout.boxes import LayoutBox, LineBox

NEAR = 0.5
"""Two rules meet, or are one, where they are no further apart."""
MOST_RULES = 1_000
"""Of a page with more of them the longest are looked at."""
MOST_PLACES = 10_000
"""What has more crossings is hatching."""
LEAST_ROW = 0.6
"""Rules nearer to each other than this are a double one."""
STICKS_OUT = 1.2
"""A rule that reaches less far over the last one across it, where others do not, encloses no row there."""
MOST_COMPOUND = 0.3
"""Where so many of the lines stand in cells that have columns of their own, the rules draw no table's cells."""
LEAST_COMPOUND = 3
"""A cell has columns of its own where so many rows in it have words far apart."""
MOST_LINES = 8
"""A cell with more lines than this that holds most of all lines is a frame."""
LEAST_DOUBLE = 3
"""A head and a row that nobody drew a rule between have so many columns."""
STACKED_LINES = 3
"""So many numbers below each other, in two columns or more, are rows that nobody drew a rule between."""


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
    whole = mended(lattice, lines)
    cells = _cells(whole)
    if cells is None and whole != lattice:
        whole, cells = lattice, _cells(lattice)
    if cells is None:
        return None
    at = {place: cell for cell in cells for place in _places(cell.span)}
    for row in piece_rows(part for line in lines for part in _cut(line, whole, at)):
        for piece in row:
            at[_place(piece, whole)].lines.append(piece)
    filled = tuple(cell for cell in cells if cell.lines)
    return _without_empty_sides(Grid(filled, len(whole.ys) - 1, len(whole.xs) - 1))


def is_frame(grid: Grid) -> bool:
    """Whether the rules do not draw this table's cells but stand around some of it: a frame, a card, a page."""
    count = sum(len(cell.lines) for cell in grid.cells)
    compound = 0
    for cell in grid.cells:
        rows = piece_rows(cell.lines)
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
    anchors = [_anchors(of_row.get(row, ())) for row in range(grid.row_count)]
    anchors[0] = anchors[0] or _head_anchors(grid)
    starts = [0, *itertools.accumulate(max(len(middles), 1) for middles in anchors)]
    for cell in grid.cells:
        span = cell.span
        start, end = starts[span.row], starts[span.row_end]
        if span.row_end - span.row > 1 or end - start == 1:
            cell.span = Span(start, end, span.column, span.column_end)
            parted.append(cell)
        else:
            parted += _parted(cell, anchors[span.row], start)
    return Grid(tuple(parted), starts[-1], grid.column_count, 1 if anchors[0] else starts[grid.head_rows])


def _anchors(cells: Sequence[GridCell]) -> list[float]:
    """The middles of the rows of numbers in a drawn row, from the top; empty where it is one row."""
    columns: list[list[float]] = []
    for cell in cells:
        rows = piece_rows(cell.lines)
        middles = [row[0].middle for row in rows if is_datum(row[0].text)]
        if cell.span.row_end - cell.span.row == 1 and len(middles) >= STACKED_LINES and len(middles) == len(rows):
            columns.append(middles)
    if len(columns) < 2:
        return []
    return max(columns, key=len)


def _head_anchors(grid: Grid) -> list[float]:
    """The middles of the head and of the row below it where nobody drew a rule between them; empty where it is one row.

    All cells have two lines then, at the same heights, of which the lower one says what only it says: a number.
    """
    first = [cell for cell in grid.cells if cell.span.row == 0]
    lines = [[row[0] for row in piece_rows(cell.lines)] for cell in first]
    double = [pair for pair in lines if len(pair) == 2]
    # The rows may be counted: nothing is the head of that.
    if len(double) < max(LEAST_DOUBLE, len(first) - 1) or max(map(len, lines)) > 2:
        return []
    if any(cell.span.row_end > 1 or cell.span.column_end - cell.span.column > 1 for cell in first):
        return []
    uppers, lowers = ([pair[number] for pair in double] for number in (0, 1))
    if any(is_datum(upper.text) for upper in uppers) or not any(_is_value(lower.text) for lower in lowers):
        return []
    if max(upper.middle for upper in uppers) >= min(lower.y_min for lower in lowers):
        return []
    others = [len(piece_rows(cell.lines)) for cell in grid.cells if cell.span.row > 0]
    return [median(line.middle for line in row) for row in (uppers, lowers)] if others and max(others) == 1 else []


def _is_value(text: str) -> bool:
    """Whether this is a number, but neither a year nor a unit in brackets."""
    return is_datum(text) and text[0].isdigit() and not (len(text) == 4 and text.isdigit())


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
    least = LEAST_ROW * height
    most = STICKS_OUT * height
    left = -_end([-rule.x_min for rule in across], max(-rule.centre for rule in down), most)
    right = _end([rule.x_max for rule in across], max(rule.centre for rule in down), most)
    top = -_end([-rule.y_min for rule in down], max(-rule.middle for rule in across), most)
    bottom = _end([rule.y_max for rule in down], max(rule.middle for rule in across), most)
    xs = _places_of([*(rule.centre for rule in down), left, right], least)
    ys = _places_of([*(rule.middle for rule in across), top, bottom], least)
    if len(xs) < 2 or len(ys) < 2 or not 4 < len(xs) * len(ys) <= MOST_PLACES:
        return None
    return Lattice(
        tuple(xs),
        tuple(ys),
        tuple((rule.centre, rule.y_min, rule.y_max) for rule in down),
        tuple((rule.middle, rule.x_min, rule.x_max) for rule in across),
    )


def _end(ends: Sequence[float], last: float, most: float) -> float:
    """How far rules reach; a few that stick out over the last one across them, by less than `most`, end at that."""
    reached = max(ends)
    few = 2 * sum(end > last for end in ends) < len(ends)
    return last if few and last < reached < last + most else reached


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
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while owner[place] != place:
            place = owner[place]
        return place

    down = Covered(lattice.xs, lattice.verticals)
    across = Covered(lattice.ys, lattice.horizontals)
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
