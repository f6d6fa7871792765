"""A table made of pieces of text, with what was drawn between them: its columns, rows, spans and head."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped_inline, without_control
from ocr_desktop.core.found_tables.columns import Column, columns_of, extent
from ocr_desktop.core.found_tables.pieces import (
    SIGNS,
    cut_at,
    cut_at_bars,
    is_datum,
    joined,
    piece_rows,
    usual_piece_height,
)
from ocr_desktop.core.found_tables.rows import PlacedPiece, TextRow, table_rows, text_row
from ocr_desktop.core.tables import EMPTY, Cell, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LayoutBox, LineBox

FULL_WIDTH = 0.8
"""A rule that runs along so much of the table's width parts its rows, and the first of them its head."""
CENTRED = 0.75
"""What is centred over several columns is off their middle by no more, in heights."""
MOST_HEAD_ROWS = 4
HALF_HEIGHT = 0.5
STANDS_OVER = 0.5
"""A piece stands over a column where it covers so many heights of it, or so much of a narrow one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A cell's place: rows and columns from the first to before the end."""

    row: int
    row_end: int
    column: int
    column_end: int


@dataclass(slots=True)
class GridCell:
    """A cell and what stands in it, line by line."""

    span: Span
    lines: list[LineBox]

    @property
    def text(self) -> str:
        return joined([line.text for line in self.lines])


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of a table, those without words left out; no two overlap."""

    cells: tuple[GridCell, ...]
    row_count: int
    column_count: int
    head_rows: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn in a table's place.

    Attributes:
        rules: Horizontal ones, whatever their length.
        verticals: The x of vertical ones.
        edges: The y of the upper and lower edges of fills that lie across the table.
    """

    rules: tuple[LayoutBox, ...] = ()
    verticals: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()


def grid_of(pieces: Sequence[LineBox], drawn: Drawn = Drawn()) -> Grid | None:
    """The table that these pieces are, as told by where they stand; None where they have one column only."""
    height = usual_piece_height(pieces)
    rows = piece_rows(pieces)
    columns = columns_of([_without_signs(row) for row in rows], height, drawn.verticals)
    if len(columns) < 2:
        return None
    rows = piece_rows([part for piece in pieces for part in _cut_between(piece, columns, height)])
    texts = [text_row(_placed(row, columns, height)) for row in rows]
    left, right = columns[0].x_min, columns[-1].x_max
    full = [
        rule.middle
        for rule in drawn.rules
        if min(rule.x_max, right) - max(rule.x_min, left) >= FULL_WIDTH * (right - left)
    ]
    partly = [rule.middle for rule in drawn.rules if len(_under(rule, columns, height)) > 1]
    groups = table_rows(texts, columns, (*full, *partly, *drawn.edges), height)
    head_rows = _head_rows(groups, full)
    cells: list[GridCell] = []
    for number, group in enumerate(groups):
        cells += _cells(group, number, columns)
    _widen_heads(cells, head_rows, columns, height, drawn.rules)
    _widen_sections(cells, head_rows, columns, height)
    return Grid(tuple(cells), len(groups), len(columns), head_rows)


def table_of(grid: Grid) -> Table:
    """The same as rows of cells, empty ones included."""
    starts = {(cell.span.row, cell.span.column): cell for cell in grid.cells}
    covered = {
        (row, column)
        for cell in grid.cells
        for row in range(cell.span.row, cell.span.row_end)
        for column in range(cell.span.column, cell.span.column_end)
    }
    rows: list[tuple[Cell, ...]] = []
    for row in range(grid.row_count):
        places = ((row, column) for column in range(grid.column_count))
        rows.append(
            tuple(
                _cell(starts[place]) if place in starts else EMPTY
                for place in places
                if place in starts or place not in covered
            )
        )
    return Table(tuple(rows))


def _cell(cell: GridCell) -> Cell:
    span = cell.span
    text = " ".join(without_control(cell.text).split())
    markdown = escaped_inline(text).replace("](", "\\](").replace("$", "\\$")
    return Cell(text, markdown, span.column_end - span.column, span.row_end - span.row)


def _cut_between(piece: LineBox, columns: Sequence[Column], height: float) -> list[LineBox]:
    """The piece parted between columns, where its parts are numbers: detection took several cells for one."""
    start, end = extent(piece, height)
    first = bisect_right(columns, start, key=lambda column: column.x_max)
    until = bisect_left(columns, end, key=lambda column: column.x_min)
    gutters = [(left.x_max + right.x_min) / 2 for left, right in itertools.pairwise(columns[first:until])]
    if not gutters:
        return [piece]
    bars = cut_at_bars(piece)
    if len(bars) == len(gutters) + 1:
        return bars
    parts = cut_at(piece, gutters)
    return parts if sum(is_datum(part.text) for part in parts) >= len(parts) - 1 else [piece]


def _placed(row: Sequence[LineBox], columns: Sequence[Column], height: float) -> list[PlacedPiece]:
    placed = [PlacedPiece(piece, *_stands_over(piece, columns, height)) for piece in row]
    for number, (each, after) in enumerate(itertools.pairwise(placed)):
        if _is_sign_of(each.piece, after.piece):
            placed[number] = PlacedPiece(each.piece, after.first, after.end)
    # Where others stand in the columns that a piece runs into, it only runs over.
    taken = Counter(column for each in placed for column in range(each.first, each.end))
    found: list[PlacedPiece] = []
    for each in placed:
        is_alone = all(taken[column] == 1 for column in range(each.first, each.end))
        if each.is_span and not (is_alone and _is_no_overflow(each, columns, height, has_others=len(row) > 1)):
            first = _nearest(each.piece, columns[each.first : each.end]) + each.first
            if abs(each.piece.x_min - columns[each.first].x_min) < height:
                first = each.first
            found.append(PlacedPiece(each.piece, first, first + 1))
        else:
            found.append(each)
    return found


def _without_signs(row: Sequence[LineBox]) -> list[LineBox]:
    """The row without currency signs that stand away from their amounts, at the left edge of the column."""
    return [
        piece for number, piece in enumerate(row) if number + 1 == len(row) or not _is_sign_of(piece, row[number + 1])
    ]


def _is_sign_of(piece: LineBox, after: LineBox) -> bool:
    return piece.text in SIGNS and is_datum(after.text)


def _is_no_overflow(placed: PlacedPiece, columns: Sequence[Column], height: float, *, has_others: bool) -> bool:
    """Whether a piece over several columns is more than the long first cell of a row."""
    return not (has_others and placed.first == 0 and abs(placed.piece.x_min - columns[0].x_min) < height)


def _stands_over(piece: LineBox, columns: Sequence[Column], height: float) -> tuple[int, int]:
    start, end = extent(piece, height)
    first = bisect_left(columns, start, key=lambda column: column.x_max)
    end_column = bisect_left(columns, end, key=lambda column: column.x_min)
    over = [
        number
        for number in range(first, end_column)
        if min(end, columns[number].x_max) - max(start, columns[number].x_min)
        >= min(STANDS_OVER * height, STANDS_OVER * max(columns[number].x_max - columns[number].x_min, 1e-9))
    ]
    if not over:
        nearest = _nearest(piece, columns)
        return nearest, nearest + 1
    return over[0], over[-1] + 1


def _nearest(piece: LineBox, columns: Sequence[Column]) -> int:
    def distance(number: int) -> float:
        column = columns[number]
        overlap = min(piece.x_max, column.x_max) - max(piece.x_min, column.x_min)
        return -overlap

    return min(range(len(columns)), key=distance)


def _head_rows(groups: Sequence[Sequence[TextRow]], separators: Sequence[float]) -> int:
    """How many rows are the head: those above the first rule between rows, else those before the first number."""
    has_data = [
        any(is_datum(placed.piece.text) for row in group for placed in row.pieces if placed.first > 0)
        for group in groups
    ]
    for number in range(1, min(len(groups), MOST_HEAD_ROWS + 1)):
        above, below = groups[number - 1][-1].middle, groups[number][0].middle
        if any(above < y <= below for y in separators) and not has_data[number - 1]:
            further = number
            while (
                further < len(groups) - 1
                and further < MOST_HEAD_ROWS
                and has_data[further] is False
                and _has_gap(groups[further])
            ):
                further += 1
            return further if any(has_data[further:]) else number
    first = next((number for number, has in enumerate(has_data) if has), 1)
    # Years are numbers, too: above the first name in the first column all is head.
    unnamed = next((number for number, group in enumerate(groups) if not _has_gap(group)), 1)
    head_rows = max(first, unnamed, 1)
    return head_rows if head_rows <= MOST_HEAD_ROWS else 1


def _has_gap(group: Sequence[TextRow]) -> bool:
    """Whether a row has nothing in the first column: below a head it is more of it."""
    return all(placed.first > 0 for row in group for placed in row.pieces)


def _cells(group: Sequence[TextRow], number: int, columns: Sequence[Column]) -> list[GridCell]:
    cells: list[GridCell] = []
    placed = sorted((each for row in group for each in row.pieces), key=lambda each: (each.first, -each.end))
    for each in placed:
        if cells and each.first < cells[-1].span.column_end:
            last = cells[-1]
            end = max(each.end, last.span.column_end)
            last.span = Span(number, number + 1, last.span.column, end)
            last.lines.append(each.piece)
        else:
            cells.append(GridCell(Span(number, number + 1, each.first, each.end), [each.piece]))
    order = {id(placed.piece): at for at, placed in enumerate(each for row in group for each in row.pieces)}
    for cell in cells:
        cell.lines.sort(key=lambda line: order[id(line)])
    return cells


def _widen_heads(
    cells: Sequence[GridCell], head_rows: int, columns: Sequence[Column], height: float, rules: Sequence[LayoutBox]
) -> None:
    """Give the cells of the head that stand over several columns all of these."""
    for row in range(head_rows):
        of_row = [cell for cell in cells if cell.span.row == row]
        below = [cell for cell in cells if cell.span.row == row + 1]
        under = {column for cell in below for column in range(cell.span.column, cell.span.column_end)}
        for number, cell in enumerate(of_row):
            least = of_row[number - 1].span.column_end if number else 0
            most = of_row[number + 1].span.column if number + 1 < len(of_row) else len(columns)
            ruled = _ruled_columns(cell, columns, rules, height)
            is_wide = cell.span.column_end - cell.span.column > 1
            wide = ruled
            is_alone = row == 0 and len(of_row) == 1
            if wide is None and (row + 1 < head_rows or is_wide or is_alone):
                has_wide = any(other.span.column_end - other.span.column > 1 for other in of_row)
                wide = _centred_columns(
                    cell, columns, height, least, most, under, may_be_one=not has_wide and not is_alone
                )
            if wide is not None and wide[0] >= least and wide[1] <= most:
                cell.span = Span(row, row + 1, *wide)


def _ruled_columns(
    cell: GridCell, columns: Sequence[Column], rules: Sequence[LayoutBox], height: float
) -> tuple[int, int] | None:
    """The columns that the short rule right below a cell lies under."""
    bottom = max(line.y_max for line in cell.lines)
    width = columns[-1].x_max - columns[0].x_min
    start, end = min(line.x_min for line in cell.lines), max(line.x_max for line in cell.lines)
    for rule in rules:
        is_near = -HALF_HEIGHT * height <= rule.middle - bottom <= height
        if is_near and rule.width < FULL_WIDTH * width and rule.x_min <= start + height and rule.x_max >= end - height:
            under = _under(rule, columns, height)
            return (under[0], under[-1] + 1) if len(under) > 1 else None
    return None


def _under(rule: LayoutBox, columns: Sequence[Column], height: float) -> list[int]:
    """The columns that a rule lies under."""
    return [
        number for number, column in enumerate(columns) if rule.x_min - height <= column.centre <= rule.x_max + height
    ]


def _centred_columns(
    cell: GridCell,
    columns: Sequence[Column],
    height: float,
    least: int,
    most: int,
    under: set[int],
    *,
    may_be_one: bool,
) -> tuple[int, int] | None:
    """The most columns in whose middle a cell stands, all of which have a cell below it."""
    start, end = cell.span.column, cell.span.column_end
    centre = (min(line.x_min for line in cell.lines) + max(line.x_max for line in cell.lines)) / 2
    if may_be_one and end - start == 1 and abs(columns[start].centre - centre) <= CENTRED * height and start in under:
        return None
    best: tuple[int, int] | None = None
    for first in range(max(least, 0), start + 1):
        for last in range(max(end, first + 2), most + 1):
            middles = (
                (columns[first].x_min + columns[last - 1].x_max) / 2,
                (columns[first].centre + columns[last - 1].centre) / 2,
            )
            off = min(abs(middle - centre) for middle in middles)
            fits = off <= CENTRED * height and all(column in under for column in range(first, last))
            if fits and (best is None or last - first > best[1] - best[0]):
                best = (first, last)
    return best


def _widen_sections(cells: Sequence[GridCell], head_rows: int, columns: Sequence[Column], height: float) -> None:
    """Give a heading that stands alone in its row, and runs over the first column, all columns."""
    counts: dict[int, int] = {}
    for cell in cells:
        counts[cell.span.row] = counts.get(cell.span.row, 0) + 1
    for cell in cells:
        span = cell.span
        if counts[span.row] == 1 and span.row >= head_rows and span.column_end - span.column > 1:
            cell.span = Span(span.row, span.row + 1, 0, len(columns))
