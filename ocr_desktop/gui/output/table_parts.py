"""Tables cut into parts that are cheap to lay out, however long a table is.

A document lays out a whole table again with every row that is added, so one of 300 rows would stop the window for
50 ms each time. Parts of one table have the same columns and stand close under one another.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr_desktop.gui.output.blocks import Block, MoreRows, PlacedCell, TablePart, Words
from ocr_desktop.gui.output.table_widths import extents_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

CELLS_IN_PART = 96
MOST_CELLS = 2000
"""A table of more is shown with its first rows alone until the rest is asked for."""
CELLS_SHOWN = 1000
MOST_COLUMNS = 100
"""A row with more cells goes on in the next one; a model that repeats itself writes thousands."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell as it was written, before it has its place."""

    words: tuple[Words, ...]
    columns: int = 1
    rows: int = 1
    is_head: bool = False
    alignment: str = ""


def table_parts(rows: Sequence[Sequence[TableCell]]) -> list[TablePart]:
    """A table in parts from top to bottom; none where there is no cell."""
    cells, row_count = _placed([part for row in rows for part in _short_rows(row)])
    column_count = max((cell.column + cell.columns for cell in cells), default=0)
    if not cells:
        return []
    cuts = _cuts(cells, row_count, column_count)
    extents = extents_of(cells)
    return [replace(part, extents=extents) for part in _parts(cells, [0, *cuts, row_count], column_count)]


def with_first_rows(blocks: Sequence[Block], whole: Collection[int]) -> list[Block]:
    """The same blocks with long tables cut short, but for those in `whole`, by their numbers from 0."""
    shown: list[Block] = []
    table: list[TablePart] = []
    number = -1
    for block in (*blocks, None):
        if table and not (isinstance(block, TablePart) and block.continues):
            shown += table if number in whole else _first_rows(table, number)
            table = []
        if isinstance(block, TablePart):
            number += not block.continues
            table.append(block)
        elif block is not None:
            shown.append(block)
    return shown


def _first_rows(parts: list[TablePart], number: int) -> list[Block]:
    if sum(part.row_count * part.column_count for part in parts) <= MOST_CELLS:
        return list(parts)
    ends = itertools.accumulate(part.row_count * part.column_count for part in parts)
    count = next(each for each, cells in enumerate(ends, 1) if cells >= CELLS_SHOWN)
    return [*parts[:count], MoreRows(number, sum(part.row_count for part in parts))]


def _short_rows(row: Sequence[TableCell]) -> list[Sequence[TableCell]]:
    return [row[start : start + MOST_COLUMNS] for start in range(0, len(row), MOST_COLUMNS)]


def _placed(rows: Sequence[Sequence[TableCell]]) -> tuple[list[PlacedCell], int]:
    """The cells at their places, row by row, and the number of rows; cells that cover others push them right."""
    cells: list[PlacedCell] = []
    covered_until: dict[int, int] = {}
    """For each column, the first row that no cell from above covers."""
    for row, written in enumerate(rows):
        column = 0
        for cell in written:
            while covered_until.get(column, 0) > row:
                column += 1
            columns = 1
            while (
                columns < cell.columns
                and column + columns < MOST_COLUMNS
                and covered_until.get(column + columns, 0) <= row
            ):
                columns += 1
            row_span = min(cell.rows, len(rows) - row)
            for each in range(column, column + columns):
                covered_until[each] = row + row_span
            cells.append(PlacedCell(row, column, cell.words, row_span, columns, cell.is_head, cell.alignment))
            column += columns
    return cells, len(rows)


def _cuts(cells: list[PlacedCell], row_count: int, column_count: int) -> list[int]:
    """The rows before which a part ends: where no cell crosses, unless the part would be twice as long as it should."""
    rows_in_part = max(CELLS_IN_PART // column_count, 1)
    crossed = {row for cell in cells for row in range(cell.row + 1, cell.row + cell.rows)}
    cuts: list[int] = []
    start = 0
    for row in range(1, row_count):
        length = row - start
        if (length >= rows_in_part and row not in crossed) or length >= 2 * rows_in_part:
            cuts.append(row)
            start = row
    return cuts


def _parts(cells: list[PlacedCell], edges: list[int], column_count: int) -> list[TablePart]:
    """The cells between each two edges; one that reaches over an edge is cut, and its lower piece has no words."""
    inside: list[list[PlacedCell]] = [[] for _ in edges[1:]]
    for cell in cells:
        index = bisect_right(edges, cell.row) - 1
        end = cell.row + cell.rows
        if edges[index] == 0 and end <= edges[1]:
            inside[0].append(cell)
            continue
        words, top = cell.words, cell.row
        while top < end:
            start, bottom = edges[index], min(edges[index + 1], end)
            place = (top - start, cell.column, words, bottom - top, cell.columns, cell.is_head, cell.alignment)
            inside[index].append(PlacedCell(*place))
            words, top, index = (), bottom, index + 1
    return [
        TablePart(edges[index + 1] - edges[index], column_count, tuple(each), continues=index > 0)
        for index, each in enumerate(inside)
    ]
