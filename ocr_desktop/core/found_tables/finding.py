"""The tables of a page that was read line by line, told by where its lines stand and what is drawn between them."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.grid import Grid, grid_of, table_of
from ocr_desktop.core.found_tables.items import is_headless
from ocr_desktop.core.found_tables.judging import is_drawn_table, is_sure_table, is_table, lines_around
from ocr_desktop.core.found_tables.pieces import parts_of, usual_piece_height, whole_lines
from ocr_desktop.core.found_tables.ruled import is_frame, lattices_of, ruled_grid, with_split_rows
from ocr_desktop.core.found_tables.running_text import long_pieces
from ocr_desktop.core.found_tables.unruled import Candidate, loose_candidates, ruled_candidates
from ocr_desktop.core.layout.boxes import LayoutBox
from ocr_desktop.core.tables import EMPTY, Cell, Table, piped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocr_desktop.core.found_tables.broken_rules import Lattice
    from ocr_desktop.core.layout.boxes import LineBox, Measured

LEAST_PIECES = 4
MOST_IN_PICTURE = 0.5
"""A table with more of its lines in a picture has to be one beyond doubt."""
MOST_PARTS = 6
"""How often what is no table as a whole is parted to look for one in its parts."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table among the lines of a page.

    Attributes:
        box: Around its lines, in layout coordinates.
        table: Its cells; those without words included.
        lines: The indices of its lines in reading order.
        head_rows: How many rows from the top are its head.
    """

    box: LayoutBox
    table: Table
    lines: tuple[int, ...]
    head_rows: int = 1


def tables_in(
    lines: Sequence[LineBox],
    rules: Sequence[LayoutBox] = (),
    fills: Sequence[LayoutBox] = (),
    pictures: Sequence[Measured] = (),
) -> tuple[FoundTable, ...]:
    """The tables among these lines, from the top; no line is in two of them.

    Args:
        lines: In layout coordinates, as all else.
        rules: Straight strokes along the page's sides.
        fills: Areas of a colour of their own.
        pictures: What stands in one, the words of a chart, is in no table.
    """
    readable = [line for line in lines if line.text.strip()]
    free = [rule for rule in rules if not _is_in_any(rule, pictures)]
    if not pictures:
        return _from_top(_tables_among(readable, free, fills))
    in_picture = {line.index for line in readable if _is_in_any(line, pictures)}

    by_index = {line.index: line for line in readable}

    def outside(grid: Grid, table: FoundTable) -> list[FoundTable]:
        inside = [by_index[index] for index in table.lines if index in in_picture]
        rest = [by_index[index] for index in table.lines if not _is_level(by_index[index], inside)]
        if inside and rest:
            # The words of a chart below a table stand in columns like its cells.
            return _tables_among(rest, free, fills)
        is_free = len(inside) < MOST_IN_PICTURE * len(table.lines)
        return [table] if is_free or is_sure_table(grid) else []

    def sure(grid: Grid, table: FoundTable) -> list[FoundTable]:
        return [table] if is_sure_table(grid) else []

    found = _tables_among(readable, free, fills, outside)
    # A table on coloured ground may have been taken for a picture, rules and all.
    inside = _not_in(found, [line for line in readable if line.index in in_picture])
    found += _tables_among(inside, rules, fills, sure)
    found += _tables_among(_not_in(found, [line for line in readable if line.index not in in_picture]), free, fills)
    return _from_top(found)


def _is_level(line: LineBox, others: Sequence[LineBox]) -> bool:
    """Whether a line stands between the highest and the lowest of others, or beside one of these."""
    top = min((other.y_min for other in others), default=math.inf)
    bottom = max((other.y_max for other in others), default=-math.inf)
    return top <= line.middle <= bottom


def _not_in(tables: Iterable[FoundTable], lines: Sequence[LineBox]) -> list[LineBox]:
    taken = {index for table in tables for index in table.lines}
    return [line for line in lines if line.index not in taken]


def _from_top(found: Iterable[FoundTable]) -> tuple[FoundTable, ...]:
    return tuple(sorted(found, key=lambda table: (table.box.y_min, table.box.x_min)))


def _tables_among(
    lines: Sequence[LineBox],
    rules: Sequence[LayoutBox],
    fills: Sequence[LayoutBox],
    judged: Callable[[Grid, FoundTable], list[FoundTable]] | None = None,
) -> list[FoundTable]:
    """The tables that these lines make; with `judged`, what it gives for each of them."""
    left = list(lines)
    found: list[FoundTable] = []

    def take(tables: Iterable[tuple[Grid, FoundTable]]) -> None:
        for grid, table in tables:
            kept = [table] if judged is None else judged(grid, table)
            found.extend(kept)
            left[:] = _not_in(kept, left)

    if left:
        for lattice in lattices_of(rules, usual_piece_height(left)):
            take(_ruled_tables(lattice, left))
    long = long_pieces(left)
    for candidate in ruled_candidates(left, long, rules, fills):
        take(list(_open_tables(candidate, {line.index: line for line in left})))
    for candidate in loose_candidates(left, long, rules, fills):
        take(list(_open_tables(candidate, {line.index: line for line in left})))
    return found


def table_markdown(found: FoundTable) -> str:
    """A table without spans between pipes, one with spans as HTML on one line."""
    if not found.table.has_spans:
        # A table between pipes always has a head.
        blank = () if found.head_rows else ((EMPTY,) * len(found.table.rows[0]),)
        return piped(Table((*blank, *found.table.rows)))
    rows = [
        "<tr>" + "".join(_html_cell(cell, "th" if number < found.head_rows else "td") for cell in row) + "</tr>"
        for number, row in enumerate(found.table.rows)
    ]
    head, body = "".join(rows[: found.head_rows]), "".join(rows[found.head_rows :])
    parts = (f"<{name}>{part}</{name}>" for name, part in (("thead", head), ("tbody", body)) if part)
    return f"<table>{''.join(parts)}</table>"


def _html_cell(cell: Cell, tag: str) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("colspan", cell.columns), ("rowspan", cell.rows)) if count > 1
    )
    # Between two dollar signs a formula would stand.
    text = html.escape(cell.text, quote=False).replace("$", "&#36;")
    return f"<{tag}{spans}>{text}</{tag}>"


def _ruled_tables(lattice: Lattice, lines: Sequence[LineBox]) -> list[tuple[Grid, FoundTable]]:
    frame = LayoutBox(lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1])
    inside = [line for line in lines if _is_in(line, frame)]
    grid = ruled_grid(lattice, inside) if inside else None
    if grid is None or is_frame(grid):
        return []
    grid = with_split_rows(grid)
    return [(grid, _found(grid))] if is_drawn_table(grid) else []


def _open_tables(
    candidate: Candidate, free: dict[int, LineBox], depth: int = MOST_PARTS
) -> Iterable[tuple[Grid, FoundTable]]:
    """The candidate where it is a table, else the tables among its parts."""
    pieces = whole_lines(candidate.pieces, free)
    if len(pieces) < LEAST_PIECES:
        return
    grid = grid_of(pieces, candidate.drawn)
    if grid is not None and is_table(grid, is_ruled=candidate.is_ruled):
        around = set() if candidate.is_ruled else lines_around(grid)
        if around:
            inner = tuple(piece for piece in pieces if piece.index not in around)
            yield from _open_tables(replace(candidate, pieces=inner), free, depth)
        else:
            yield grid, _found(grid)
    elif depth:
        for part in parts_of(pieces):
            yield from _open_tables(replace(candidate, pieces=tuple(part), is_ruled=False), free, depth - 1)


def _found(grid: Grid) -> FoundTable:
    lines = [line for cell in grid.cells for line in cell.lines]
    box = LayoutBox(
        min(line.x_min for line in lines),
        min(line.y_min for line in lines),
        max(line.x_max for line in lines),
        max(line.y_max for line in lines),
    )
    ordered = sorted(grid.cells, key=lambda cell: (cell.span.row, cell.span.column))
    indices = dict.fromkeys(line.index for cell in ordered for line in cell.lines)
    return FoundTable(box, table_of(grid), tuple(indices), 0 if is_headless(grid) else grid.head_rows)


def _is_in_any(box: Measured, others: Iterable[Measured]) -> bool:
    return any(_is_in(box, other) for other in others)


def _is_in(box: Measured, other: Measured) -> bool:
    return other.x_min <= box.centre <= other.x_max and other.y_min <= box.middle <= other.y_max
