"""Which rows of text may be a table, and which of them are one row of it: cells of several lines."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.pieces import is_datum, joined, usual_piece_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.found_tables.columns import Column
    from ocr_desktop.core.layout.boxes import LineBox

SPACE_WIDTH = 0.3
"""A space is about so wide, in heights."""
SOLID_GAP, OTHER_GAP = 0.45, 0.3
"""Lines of one cell are no further apart than the first, and rows are further apart by the second, where gaps tell."""
WIDER_GAP = 0.35
"""A row that stands off so much more than is usual continues nothing."""
OVERLAP = 0.25
"""Rows that reach into each other so far, in heights, are lines of cells of different heights."""
MOST_LINES_BETWEEN_RULES = 3
"""What stands between two rules is one row of the table, unless it has more lines than this in two columns or more."""
ALIGNED = 0.8
"""Lines of one cell begin, end or have their middle no further apart."""
SET_IN = HALF = 0.5
MOST_LONE_ROWS = 2
"""So many rows with one cell only may follow each other inside a table."""
MOST_HEAD_ROWS, HEAD_GAP = 3, 1.2
"""A head has no more rows, and stands no further above what is below it."""
FURTHER_LEFT = 1.0
"""The names in the first column begin so much further left than the heads of the others."""
BREAK_GAP = 0.9
"""White wider than usual by so much parts rows of few cells from rows of many."""
MANY_CELLS, LEAST_ROWS = 4, 3
NUMBERED = re.compile(r"[(\[（]?\w{1,2}[)\].）]")
"""What stands alone with such a mark begins something."""
QUANTITY = re.compile(r"@|\d[\d.,]*\s?[a-zA-Z]{0,3}\s?[x×@*]", re.IGNORECASE)
BRACKETS = "([{（"


@dataclass(frozen=True, slots=True)
class PlacedPiece:
    """A piece and the columns that it stands over, from `first` to before `end`."""

    piece: LineBox
    first: int
    end: int

    @property
    def is_span(self) -> bool:
        return self.end - self.first > 1


@dataclass(frozen=True, slots=True)
class TextRow:
    """Pieces beside each other and where they stand; at least one."""

    pieces: tuple[PlacedPiece, ...]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def has_span(self) -> bool:
        return any(placed.is_span for placed in self.pieces)

    @property
    def columns(self) -> set[int]:
        """Those that have a piece of their own."""
        return {placed.first for placed in self.pieces if not placed.is_span}

    def text(self, column: int) -> str:
        return joined([placed.piece.text for placed in self.pieces if placed.first == column and not placed.is_span])


def text_row(pieces: Sequence[PlacedPiece]) -> TextRow:
    return TextRow(
        tuple(pieces),
        median(placed.piece.y_min for placed in pieces),
        median(placed.piece.y_max for placed in pieces),
    )


def row_runs(rows: Sequence[list[LineBox]]) -> Iterable[list[list[LineBox]]]:
    """Stretches of rows with several cells, with few lone ones between."""
    run: list[list[LineBox]] = []
    lone: list[list[LineBox]] = []
    for number, row in enumerate(rows):
        if len(row) > 1:
            has_head = lone and _is_over_several(lone[-1][0], row, rows[number + 1 : number + 1 + MOST_HEAD_ROWS])
            run += [*lone, row] if run or has_head else [row]
            lone = []
        elif run:
            lone.append(row)
            if len(lone) > MOST_LONE_ROWS:
                yield with_last_lines(run, lone)
                run, lone = [], lone[-1:]
        else:
            lone = [row]
    if run:
        yield with_last_lines(run, lone)


def _is_over_several(piece: LineBox, row: Sequence[LineBox], rows: Sequence[Sequence[LineBox]]) -> bool:
    """Whether a piece right above a row is the head of all its cells: those of the first column stand in later rows."""
    top = min(below.y_min for below in row)
    left, right = row[0].x_min, row[-1].x_max
    has_names = any(below[0].x_min < left - FURTHER_LEFT * piece.height for below in rows)
    is_apart = rows and rows[0][0].y_min - row[0].y_max > HEAD_GAP * piece.height
    if top - piece.y_max > HALF * piece.height or is_apart or not has_names:
        return False
    is_inside = left <= piece.x_min and piece.x_max <= right
    return is_inside and abs(left + right - 2 * piece.centre) <= ALIGNED * piece.height


def at_breaks(run: list[list[LineBox]]) -> list[list[list[LineBox]]]:
    """The rows parted where white stands between many cells and few: an invoice's head, its items, its sums."""
    if len(run) < LEAST_ROWS:
        return [run]
    height = usual_piece_height(piece for row in run for piece in row)
    gaps = [
        min(piece.y_min for piece in below) - max(piece.y_max for piece in above)
        for above, below in itertools.pairwise(run)
    ]
    wide = max(median(gaps), 0.0) + BREAK_GAP * height
    usual = sorted(len(row) for row in run)[-LEAST_ROWS]
    for number, gap in enumerate(gaps, 1):
        for outer, inner in ((run[:number], run[number:]), (run[number:], run[:number])):
            is_narrow = 2 * max(map(len, outer)) <= usual and len(inner) >= LEAST_ROWS
            if gap > wide and usual >= MANY_CELLS and is_narrow:
                return [*at_breaks(run[:number]), *at_breaks(run[number:])]
    return [run]


def with_last_lines(run: list[list[LineBox]], after: Sequence[list[LineBox]]) -> list[list[LineBox]]:
    """The rows, and of those after them the ones that go on in the middle of a sentence."""
    for row in after:
        gap = row[0].y_min - max(piece.y_max for piece in run[-1])
        if gap > HALF * row[0].height or not row[0].text[:1].islower():
            break
        run = [*run, row]
    return run


def table_rows(
    rows: Sequence[TextRow], columns: Sequence[Column], separators: Sequence[float], height: float
) -> list[list[TextRow]]:
    """The rows of the table, each with its rows of text.

    Args:
        rows: From the top.
        columns: The table's.
        separators: The y of what parts rows for sure: rules, the edges of fills.
        height: The usual height of a piece.
    """
    zones = _zones(rows, separators)
    grouping = _Grouping(columns, height, _usual_gap(rows))
    are_parted = len(zones) > 2
    found: list[list[TextRow]] = []
    for number, zone in enumerate(zones):
        is_one = are_parted and _is_one_row(zone) and (number > 0 or grouping.is_aligned(zone))
        is_one = is_one and not grouping.has_heading(zone)
        found += [zone] if is_one else grouping.grouped(zone)
    return found


def _zones(rows: Sequence[TextRow], separators: Sequence[float]) -> list[list[TextRow]]:
    zones: list[list[TextRow]] = []
    above = None
    for row in rows:
        if above is None or any(above.middle < y <= row.middle for y in separators):
            zones.append([])
        zones[-1].append(row)
        above = row
    return zones


def _usual_gap(rows: Sequence[TextRow]) -> float:
    return median([below.top - above.bottom for above, below in itertools.pairwise(rows)] or [0.0])


def _is_one_row(zone: list[TextRow]) -> bool:
    if len(zone) > 1 and any(row.has_span for row in zone):
        return False
    lines: dict[int, list[str]] = {}
    for row in zone:
        for column in row.columns:
            lines.setdefault(column, []).append(row.text(column))
    if len(zone) > 1 and len(lines) == 1:
        return False
    if len(zone) > 1 and _is_common_head(zone[0].columns, zone[1]):
        return False
    stacked = sum(_are_stacked(texts) for texts in lines.values())
    long = sum(len(texts) > MOST_LINES_BETWEEN_RULES for texts in lines.values())
    return not stacked and (long < 2 or long < HALF * len(lines))


def _are_stacked(texts: Sequence[str]) -> bool:
    """Whether a number stands below another one: they are two cells. One in brackets may belong to that above it."""
    return sum(is_datum(text) and text[0] not in BRACKETS for text in texts) > 1


def _is_common_head(columns: set[int], below: TextRow) -> bool:
    """Whether what stands in these columns only, above one of several years or places, is said of them all."""
    # They differ in nothing but which digits and letters they have.
    shapes = [
        re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", below.text(column))) for column in sorted(below.columns - {0})
    ]
    return len(columns) == 1 and 0 not in columns and len(shapes) > 1 and len(set(shapes)) == 1


class _Grouping:
    """Finds the rows of a table between two separators."""

    def __init__(self, columns: Sequence[Column], height: float, usual_gap: float) -> None:
        self._columns = columns
        self._height = height
        self._usual_gap = usual_gap

    def grouped(self, zone: list[TextRow]) -> list[list[TextRow]]:
        return self._by_gaps(zone) or self._by_words(zone)

    def is_aligned(self, zone: list[TextRow]) -> bool:
        """Whether the lines of each column are aligned: else some of a head stand over more than one."""
        for above, below in itertools.combinations(zone, 2):
            for column in above.columns & below.columns:
                one, other = (
                    [placed.piece for placed in row.pieces if placed.first == column] for row in (above, below)
                )
                if not self._are_aligned(one, other):
                    return False
        return True

    def has_heading(self, zone: list[TextRow]) -> bool:
        """Whether below a row of numbers something stands in the first column only, and would have fitted above."""
        return any(
            below.columns == {0}
            and not below.has_span
            and any(is_datum(above.text(column)) for column in above.columns - {0})
            and 0 in above.columns
            and not self._wraps([above], below, 0)
            for above, below in itertools.pairwise(zone)
        )

    def _by_gaps(self, zone: list[TextRow]) -> list[list[TextRow]]:
        """The rows where lines of one stand closer than two rows do; empty where gaps do not tell."""
        gaps = [below.top - above.bottom for above, below in itertools.pairwise(zone)]
        ordered = sorted(gaps)
        jumps = [(wider - gap, gap, wider) for gap, wider in itertools.pairwise(ordered)]
        jump, small, large = max(jumps, default=(0.0, 0.0, 0.0))
        if jump < OTHER_GAP * self._height or small > SOLID_GAP * self._height:
            return []
        groups = [[zone[0]]]
        for gap, row in zip(gaps, zone[1:], strict=True):
            if gap >= large:
                groups.append([])
            groups[-1].append(row)
        several = [group for group in groups if len(group) > 1]
        return groups if several and len(groups) > 2 and all(map(self._may_be_one, several)) else []

    @staticmethod
    def _may_be_one(group: list[TextRow]) -> bool:
        """Whether no column says that these are rows of their own."""
        if any(row.has_span for row in group):
            return False
        everywhere = set.intersection(*(row.columns for row in group))
        columns = set.union(*(row.columns for row in group))
        stacked = any(_are_stacked([row.text(column) for row in group if column in row.columns]) for column in columns)
        return not stacked and (len(everywhere) < len(columns) or len(columns) == 1)

    def _by_words(self, zone: list[TextRow]) -> list[list[TextRow]]:
        groups: list[list[TextRow]] = []
        for number, row in enumerate(zone):
            is_first = len(groups) == 1
            if groups and self._counts(zone[number - 1], row):
                groups[-1].append(row)
            elif number + 1 < len(zone) and self._counts(row, zone[number + 1]):
                groups.append([row])
            elif groups and (self._continues(groups[-1], row) or self._leads(groups[-1], row, may_be_head=is_first)):
                groups[-1].append(row)
            else:
                groups.append([row])
        return groups

    def _counts(self, above: TextRow, row: TextRow) -> bool:
        """Whether a row says, set in, how much there is of what alone stands above it: `@ 1.10/kg`, `2 x 1.55`."""
        if above.columns != {0} or above.has_span or not {0} < row.columns or not QUANTITY.match(row.text(0)):
            return False
        first, below = above.pieces[0].piece, row.pieces[0].piece
        return SET_IN * self._height <= below.x_min - first.x_min and row.top - above.bottom < self._height

    def _continues(self, group: list[TextRow], row: TextRow) -> bool:
        """Whether a row of text is more of the cells above it."""
        filled = set.union(*(above.columns for above in group))
        gap = row.top - max(above.bottom for above in group)
        if row.has_span or not row.columns or gap > self._usual_gap + WIDER_GAP * self._height:
            return False
        if gap < -OVERLAP * self._height and not row.columns & group[-1].columns:
            return True
        if not row.columns <= filled or self._stacks(group, row) or (0 in row.columns and len(row.columns) > 1):
            # A row of the table begins in the first column.
            return 0 in row.columns and self._is_full_wrap(group, row)
        return all(self._wraps(group, row, column) for column in row.columns)

    def _is_full_wrap(self, group: list[TextRow], row: TextRow) -> bool:
        """Whether all cells go on, the first one too, which nobody would begin like that."""
        return (
            all(row.text(column)[0].islower() for column in row.columns)
            and not self._stacks(group, row)
            and all(self._wraps(group, row, column) for column in row.columns)
        )

    def _leads(self, group: list[TextRow], row: TextRow, *, may_be_head: bool) -> bool:
        """Whether what is above is the beginning of some of this row's cells, as in a head whose cells end together."""
        filled = set.union(*(above.columns for above in group))
        if row.has_span or any(above.has_span for above in group) or not filled < row.columns:
            return False
        gap = row.top - group[-1].bottom
        if gap > min(self._usual_gap + WIDER_GAP * self._height, SOLID_GAP * self._height):
            return False
        if not may_be_head and 0 in filled and len(filled) > 1 and not row.text(0)[0].islower():
            # Both begin in the first column: these are two rows, with an empty cell in the upper one.
            return False
        texts = [row.text(column) for column in row.columns]
        if _is_common_head(filled, row):
            return False
        if any(is_datum(above.text(column)) for above in group for column in above.columns):
            return False
        if any(map(is_datum, texts)) and not (0 in filled and row.text(0)[0].islower()):
            return False
        return all(self._wraps(group, row, column) for column in filled)

    def _stacks(self, group: list[TextRow], row: TextRow) -> bool:
        return any(
            is_datum(row.text(column)) and row.text(column)[0] not in BRACKETS and is_datum(above.text(column))
            for above in group
            for column in row.columns & above.columns
        )

    def _wraps(self, group: list[TextRow], row: TextRow, column: int) -> bool:
        """Whether the words go on: they begin small or in brackets, or the first had not fitted behind those above."""
        text = row.text(column)
        above = next((each for each in reversed(group) if column in each.columns), None)
        if above is None:
            return False
        pieces = [placed.piece for placed in row.pieces if placed.first == column]
        before = [placed.piece for placed in above.pieces if placed.first == column]
        if not self._are_aligned(before, pieces) or NUMBERED.fullmatch(text):
            return False
        if text[0].islower() or (column > 0 and text[0] in BRACKETS):
            return True
        width = sum(piece.width for piece in pieces)
        first = text.split()[0]
        word = width * len(first) / max(len(text), 1)
        ends = max(piece.x_max for piece in before) - min(piece.x_min for piece in before)
        column_width = self._columns[column].x_max - self._columns[column].x_min
        return ends + SPACE_WIDTH * self._height + word > column_width

    def _are_aligned(self, above: Sequence[LineBox], below: Sequence[LineBox]) -> bool:
        """Whether two lines of a cell begin, end or have their middle at one x."""
        (left, right), (start, end) = (
            (min(piece.x_min for piece in pieces), max(piece.x_max for piece in pieces)) for pieces in (above, below)
        )
        return min(abs(left - start), abs(right - end), abs(left + right - start - end) / 2) <= ALIGNED * self._height
