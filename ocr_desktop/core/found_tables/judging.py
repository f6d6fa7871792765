"""Whether what stands in rows and columns is a table: a false one on a page is worse than one that is missed."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.pieces import SIGNS, is_datum, usual_piece_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.found_tables.grid import Grid, GridCell
    from ocr_desktop.core.layout.boxes import LineBox

ALIGNED = 0.6
"""A cell is aligned with its column where an edge or its middle is no further off, in heights."""
LEAST_ALIGNED = 0.85
LEAST_ALIGNED_DATA = 0.6
"""Between rules columns of numbers may be less even."""
ALL_ALIGNED = 0.9
LEAST_FILLED = 0.55
MOSTLY_FILLED = 0.8
LEAST_FILLED_RULED = 0.3
MOST_WORDS = 40
"""A column whose usual cell has more words than this is running text."""
DATA = 0.6
"""A column holds data where so many of its cells do."""
LEAST_DRAWN_CELLS, LEAST_CELLS = 4, 6
LEAST_DATA = 0.4
"""Of the columns but the first so many hold data, in a table that nothing is drawn around."""
MOST_ASTRAY, MOST_ASTRAY_RULED = 0.1, 0.15
"""So many pieces may stand across columns, or beside each other in a cell."""
MOST_LINES = 8
"""Cells with more lines than this are texts: a table has most of its lines in others."""
LEAST_ROWS = 2
"""Columns repeat: so many rows have cells in half of them at least."""
MOST_BROKEN = 0.2
SENTENCE = 4
LEAST_TOLD_APART = 3
"""Tables of fewer columns may list things with words and things with numbers."""
"""So many words that begin small are in the middle of a sentence."""
MARKER = re.compile(r"[(（\[]?\w{1,3}[)）\].．、]|[•·▪◦●○■□◆◇►▶✓✔☐☑※–—*+-]")
KEYED = re.compile(r"[^\W\d][^:：]{1,40}(?::\s|：)\s*\S")
LEAST_KEYED = 0.5
LEAST_NAMES = 0.25
"""A form has so many names with a colon among its cells, wherever they stand."""
LEADER = re.compile(r"[.·…_‥]{4,}|(?:\. ){3,}")


@dataclass(frozen=True, slots=True)
class _Signs:
    """What speaks for a table.

    Attributes:
        filled: How many of the places have words, 0-1.
        aligned: How many cells are aligned with their column, 0-1.
        data: The columns that hold data.
    """

    rows: int
    columns: int
    filled: float
    aligned: float
    data: frozenset[int]


def is_drawn_table(grid: Grid) -> bool:
    """Whether cells that rules enclose on all sides are a table."""
    signs = _signs(grid)
    if signs.rows < 2 or signs.columns < 2 or len(grid.cells) < LEAST_DRAWN_CELLS or _is_running_text(grid):
        return False
    return signs.filled >= LEAST_FILLED_RULED and _is_neat(grid, MOST_ASTRAY_RULED)


def is_sure_table(grid: Grid) -> bool:
    """Whether a grid is a table even inside what was taken for a picture, where charts have rows of numbers, too."""
    signs = _signs(grid)
    return (
        signs.rows > 3
        and len(signs.data) >= signs.columns / 2
        and signs.filled >= MOSTLY_FILLED
        and signs.aligned >= ALL_ALIGNED
        and _is_neat(grid, MOST_ASTRAY)
    )


def is_table(grid: Grid, *, is_ruled: bool) -> bool:
    """Whether a grid whose cells nobody drew is a table; `is_ruled` where rules above and below say so, too."""
    signs = _signs(grid)
    if signs.rows < 2 or signs.columns < 2 or len(grid.cells) < LEAST_CELLS or _is_running_text(grid):
        return False
    if is_ruled:
        if not _repeats(grid) or _is_keyed(grid) or (not signs.data and _is_broken_text(grid)):
            return False
        least = LEAST_FILLED if signs.columns == 2 else LEAST_FILLED_RULED
        if signs.aligned < (LEAST_ALIGNED_DATA if signs.data else LEAST_ALIGNED):
            return False
        return signs.filled >= least and _is_neat(grid, MOST_ASTRAY_RULED) and not _is_list(grid)
    if (
        _is_contents(grid, signs)
        or _is_form(grid)
        or _is_keyed(grid)
        or _is_list(grid)
        or _is_two(grid)
        or not _is_neat(grid, MOST_ASTRAY)
    ):
        return False
    if signs.columns == 2:
        return signs.rows >= 4 and 1 in signs.data and signs.filled >= MOSTLY_FILLED and signs.aligned >= LEAST_ALIGNED
    if len(signs.data - {0}) >= LEAST_DATA * (signs.columns - 1):
        is_full = signs.columns > 3 and signs.filled == 1 and len(signs.data) >= signs.columns - 1
        least_rows = 2 if is_full else 3
        has_rows = signs.rows >= least_rows and signs.rows - grid.head_rows >= least_rows - 1
        return has_rows and signs.filled >= LEAST_FILLED and signs.aligned >= LEAST_ALIGNED
    is_even = signs.filled >= ALL_ALIGNED and signs.aligned >= ALL_ALIGNED
    return signs.rows >= 4 and is_even and not _is_broken_text(grid)


def _is_neat(grid: Grid, most: float) -> bool:
    """Whether hardly any words stand where no cell should: across columns, or beside others in one cell."""
    astray = total = 0
    for cell in grid.cells:
        total += len(cell.lines)
        if cell.span.row < grid.head_rows:
            continue
        width = cell.span.column_end - cell.span.column
        if 1 < width < grid.column_count:
            astray += len(cell.lines)
        for above, below in itertools.pairwise(cell.lines):
            apart = max(below.x_min - above.x_max, above.x_min - below.x_max)
            is_sign = above.text in SIGNS or below.text in SIGNS
            astray += not is_sign and abs(below.middle - above.middle) < above.height / 2 and apart > above.height
    return astray <= most * total


def _signs(grid: Grid) -> _Signs:
    body = [cell for cell in grid.cells if cell.span.row >= grid.head_rows] or list(grid.cells)
    places = sum((cell.span.row_end - cell.span.row) * (cell.span.column_end - cell.span.column) for cell in grid.cells)
    data = frozenset(
        column
        for column, cells in _by_column(filter(_is_single, body)).items()
        if sum(is_datum(cell.text) for cell in cells) >= max(DATA * len(cells), 1)
        and not _are_boxes([cell.text for cell in cells])
    )
    return _Signs(
        grid.row_count,
        grid.column_count,
        places / (grid.row_count * grid.column_count),
        _aligned(body),
        data,
    )


def lines_around(grid: Grid) -> set[int]:
    """The indices of the lines in the first and the last row where these are captions or notes: one cell across all."""
    found: set[int] = set()
    for row in (0, grid.row_count - 1):
        cells = [cell for cell in grid.cells if cell.span.row == row]
        if len(cells) == 1 and not _is_single(cells[0]) and cells[0].span.column == 0:
            found |= {line.index for line in cells[0].lines}
    return found


def _are_boxes(texts: Sequence[str]) -> bool:
    """Whether these are boxes to tick, which are read as one letter or another."""
    return max(map(len, texts)) == 1 and len(set(texts)) <= 2 and len(texts) > 1


def _is_single(cell: GridCell) -> bool:
    return cell.span.column_end - cell.span.column == 1


def _first(cell: GridCell) -> LineBox:
    """What stands first in a cell, but for a currency sign at its left edge."""
    return next((line for line in cell.lines if line.text not in SIGNS), cell.lines[0])


def _by_column(cells: Iterable[GridCell]) -> dict[int, list[GridCell]]:
    """The cells that begin in each column."""
    columns: dict[int, list[GridCell]] = {}
    for cell in cells:
        columns.setdefault(cell.span.column, []).append(cell)
    return columns


def _aligned(cells: Iterable[GridCell]) -> float:
    aligned = total = 0
    for column in _by_column(filter(_is_single, cells)).values():
        lines = [_first(cell) for cell in column]
        slack = ALIGNED * usual_piece_height(lines)
        best = 0
        for values in ([line.x_min for line in lines], [line.x_max for line in lines], [line.centre for line in lines]):
            usual = median(values)
            best = max(best, sum(abs(value - usual) <= slack for value in values))
        aligned += best
        total += len(lines)
    return aligned / total if total else 0.0


def _is_running_text(grid: Grid) -> bool:
    """Whether two columns or more are paragraphs: a page in columns, not a table."""
    columns = _by_column(grid.cells).values()
    long = sum(median(len(cell.text.split()) for cell in column) > MOST_WORDS for column in columns)
    lines = [len(cell.lines) for cell in grid.cells]
    return long > 1 or sum(count for count in lines if count > MOST_LINES) > sum(lines) / 2


def _is_broken_text(grid: Grid) -> bool:
    """Whether many cells begin in the middle of a sentence: those above go on in them."""
    texts = [cell.text for cell in grid.cells]
    return sum(text[0].islower() and len(text.split()) >= SENTENCE for text in texts) >= MOST_BROKEN * len(texts)


def _repeats(grid: Grid) -> bool:
    """Whether several rows have cells in half of the columns."""
    counts = Counter(cell.span.row for cell in grid.cells if _is_single(cell))
    return sum(2 * count >= max(grid.column_count, 4) for count in counts.values()) >= LEAST_ROWS


def _is_contents(grid: Grid, signs: _Signs) -> bool:
    """Whether these are headings and the pages that they are on."""
    first = [cell.text for cell in grid.cells if cell.span.column == 0]
    if sum(LEADER.search(cell.text) is not None for cell in grid.cells) >= 0.2 * grid.row_count:
        return True
    last = sorted(
        ((cell.span.row, cell.text) for cell in grid.cells if cell.span.column == signs.columns - 1),
    )
    pages = [int(text) for _, text in last if text.isascii() and text.isdigit()]
    return (
        signs.columns <= 3
        and len(pages) >= max(0.7 * len(last), 3)
        and pages == sorted(pages)
        and len(set(pages)) > 1
        and len(first) >= len(pages)
    )


def _is_keyed(grid: Grid) -> bool:
    """Whether the first column has names and what they name: a form's head, and other things beside it."""
    first = [cell.text for cell in grid.cells if cell.span.column == 0]
    return sum(KEYED.match(text) is not None for text in first) >= LEAST_KEYED * max(len(first), 1)


def _is_two(grid: Grid) -> bool:
    """Whether a column changes from words to numbers: what stands below each other are two things."""
    if grid.column_count < LEAST_TOLD_APART:
        return False
    columns = _by_column(filter(_is_single, grid.cells))
    for cells in (columns[column] for column in columns if column > 0):
        kinds = [is_datum(cell.text) for cell in sorted(cells, key=lambda cell: cell.span.row)]
        runs = [(is_data, len(list(run))) for is_data, run in itertools.groupby(kinds[grid.head_rows :])]
        if len(runs) == 2 and not runs[0][0] and runs[0][1] > LEAST_ROWS and runs[1][1] >= LEAST_ROWS:
            return True
    return False


def _is_form(grid: Grid) -> bool:
    """Whether the first column, or any, names what stands beside it, line by line."""
    first = [cell.text for cell in grid.cells if cell.span.column == 0]
    all_cells = [cell.text for cell in grid.cells]
    return (grid.column_count <= 4 and _names(first) >= 0.4 * max(len(first), 1)) or _names(
        all_cells
    ) >= LEAST_NAMES * len(all_cells)


def _names(texts: Sequence[str]) -> int:
    return sum(text.endswith((":", "：")) for text in texts)


def _is_list(grid: Grid) -> bool:
    """Whether the first of two columns holds but the marks of a list's items."""
    first = [cell.text for cell in grid.cells if cell.span.column == 0]
    return grid.column_count == 2 and sum(MARKER.fullmatch(text) is not None for text in first) >= DATA * len(first)
