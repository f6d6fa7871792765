"""In which order the lines of a page are read, and which of them stand side by side.

Recursive XY-cut, columns first: a block that a white gutter runs through is read column by column; one whose columns
only show when a heading or a foot is cut off is cut there. Short cells beside each other, a form or a table, are no
columns: they are read row by row. All measures are in heights of the lines themselves.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr_desktop.core.events import FoundRegion, LineFound
from ocr_desktop.core.geometry import Quad
from ocr_desktop.core.markdown import escaped

SHRUNK = 0.25
"""Boxes overlap the gutter in small print: this much is taken off each side before gaps are looked for."""
LEAST_GAP = 0.5
"""A white gap between shrunk boxes that parts them."""
MOST_ACROSS = 0.3
"""A gutter may have so many of the lines lying across it: headings, captions, the page number."""
MOST_GUTTERS = 12
"""How many places for a gutter are tried."""
TEXT_COLUMN_WIDTH = 9.0
"""A column of running text is at least so wide."""
TEXT_COLUMN_FILL = 0.7
"""The usual line of running text fills so much of its column."""
TEXT_COLUMN_LINES = 3
MOSTLY_TEXT, SOME_TEXT = 0.5, 0.3
"""With so much running text it is a column of text; with some, where it does not look like a table's cells."""
BESIDE = 0.4
"""Two lines stand in one row where their middles are no further apart."""


@dataclass(frozen=True, slots=True)
class LineBox:
    """A line where its text runs from left to right: the page turned so that most of its text does."""

    index: int
    text: str
    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def width(self) -> float:
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        return self.y_max - self.y_min

    @property
    def middle(self) -> float:
        return (self.y_min + self.y_max) / 2


Row = list[LineBox]
"""Lines beside each other, from left to right; at least one."""
Block = list[Row]
"""Rows below each other that belong to one column, from the top."""


def blocks_in_order(lines: Sequence[LineFound]) -> list[Block]:
    """The page's blocks in reading order; each line is in exactly one of them."""
    blocks: list[Block] = []
    if lines:
        _cut(_straightened(lines), blocks)
    return blocks


def reading_order(lines: Sequence[LineFound]) -> list[int]:
    """The indices of the lines in the order in which they are read."""
    return [line.index for block in blocks_in_order(lines) for row in block for line in row]


def lines_in_order(lines: Sequence[LineFound]) -> tuple[FoundRegion, ...]:
    """A region for each line, labelled `line`."""
    return tuple(FoundRegion("line", escaped(lines[index].text), (index,)) for index in reading_order(lines))


def _straightened(lines: Sequence[LineFound]) -> list[LineBox]:
    """The lines' boxes on the page turned back by the angle that most of its text has, vertical text included."""
    angles = [(_angle(line.quad), _length(line.quad)) for line in lines]
    quarters: Counter[int] = Counter()
    for angle, length in angles:
        quarters[round(angle / (math.pi / 2)) % 4] += math.ceil(length)
    quarter = quarters.most_common(1)[0][0] * math.pi / 2
    leans = [_turned(angle - quarter) for angle, _ in angles]
    # Short lines have an angle by chance.
    longest = max(length for _, length in angles)
    sure = [lean for lean, (_, length) in zip(leans, angles, strict=True) if length >= longest / 4]
    # A page of short lines may have one long one that runs upwards along its edge.
    along = [lean for lean in sure if abs(lean) <= math.pi / 4]
    turn = quarter + median(along) if along else quarter
    return [_turned_box(index, line, turn) for index, line in enumerate(lines)]


def _turned(angle: float) -> float:
    """The same angle between −π and π."""
    return math.remainder(angle, 2 * math.pi)


def _angle(quad: Quad) -> float:
    (x_0, y_0), (x_1, y_1) = quad[0], quad[1]
    return math.atan2(y_1 - y_0, x_1 - x_0)


def _length(quad: Quad) -> float:
    return math.dist(quad[0], quad[1])


def _turned_box(index: int, line: LineFound, turn: float) -> LineBox:
    cosine, sine = math.cos(turn), math.sin(turn)
    xs = [x * cosine + y * sine for x, y in line.quad]
    ys = [y * cosine - x * sine for x, y in line.quad]
    return LineBox(index, line.text, min(xs), min(ys), max(xs), max(ys))


def _cut(lines: list[LineBox], blocks: list[Block]) -> None:
    """Append the blocks of these lines, in reading order."""
    # A stack of its own and not recursion: a page can be cut as often as it has lines.
    waiting = [lines]
    while waiting:
        part = waiting.pop()
        rows = _rows(part)
        if len(rows) == len(part):
            blocks.append(rows)
        elif columns := _columns(part):
            waiting += reversed(columns)
        elif sections := _sections(part):
            waiting += reversed(sections)
        else:
            blocks.append(rows)


def _rows(lines: list[LineBox]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and _is_beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.x_min)
    return rows


def _is_beside(row: Row, line: LineBox) -> bool:
    least = min(*(other.height for other in row), line.height)
    middle = sum(other.middle for other in row) / len(row)
    # One that stands over another one of the row begins the next row.
    is_free = all(min(other.x_max, line.x_max) - max(other.x_min, line.x_min) < least for other in row)
    return is_free and abs(line.middle - middle) <= BESIDE * max(least, 1e-9)


def _columns(lines: list[LineBox]) -> list[list[LineBox]]:
    """The columns that gutters part these lines into; empty where there are none, or only a table's or a form's."""
    columns = _parted(lines)
    if len(columns) < 2 or (_are_cells(columns) and not _hold_text(columns)):
        return []
    # A page number in the gutter comes before or after the columns.
    return sorted(columns, key=lambda column: _side_of(column, lines))


def _side_of(column: list[LineBox], lines: list[LineBox]) -> int:
    """−1 where a column is one line above all others of the block, 1 where it is one below them, else 0."""
    if len(column) > 1 or len(lines) < 3:
        return 0
    others = [line.middle for line in lines if line is not column[0]]
    return (column[0].middle > max(others)) - (column[0].middle < min(others))


def _hold_text(columns: list[list[LineBox]]) -> bool:
    """Whether running text stands in two of them at least: that is a page in columns, whatever else is on it."""
    parts = sorted((_text_part(column) for column in columns), reverse=True)[:2]
    if len(parts) < 2 or parts[1] < SOME_TEXT:
        return False
    return parts[1] >= MOSTLY_TEXT or not _are_cells(columns)


def _sections(lines: list[LineBox]) -> list[list[LineBox]]:
    """What is above, in and below the largest part that stands in columns of text; empty where none does.

    Headings, page numbers and pictures lie across a gutter; the part is what stands between two of those.
    """
    best: list[LineBox] = []
    for x in _gutters(lines):
        across = [line for line in lines if _covers(line, x)]
        beside = [line for line in lines if not _covers(line, x)]
        middles = [-math.inf, *sorted(line.middle for line in across), math.inf]
        for top, bottom in itertools.pairwise(middles):
            section = [line for line in beside if top <= line.middle < bottom]
            if len(section) > len(best) and _hold_text(_parted(section)):
                best = section
    if not best:
        return []
    inside = {line.index for line in best}
    top = min(line.middle for line in best)
    rest = [line for line in lines if line.index not in inside]
    upper = [line for line in rest if line.middle < top]
    lower = [line for line in rest if line.middle >= top]
    return [part for part in (upper, best, lower) if part]


def _gutters(lines: list[LineBox]) -> list[float]:
    """Places across which few lines lie, the emptiest and widest first."""
    usual = median(line.height for line in lines)
    edges = sorted(edge for line in lines for edge in zip(_extent(line, usual), (1, -1), strict=True))
    found: list[tuple[int, float, float]] = []
    lying_across = 0
    for (x, change), (after, _) in itertools.pairwise(edges):
        lying_across += change
        if after - x > SHRUNK * usual and lying_across <= MOST_ACROSS * len(lines):
            found.append((lying_across, x - after, (x + after) / 2))
    return [x for _, _, x in sorted(found)[:MOST_GUTTERS]]


def _covers(line: LineBox, x: float) -> bool:
    start, end = _extent(line, line.height)
    return start < x < end


def _parted(lines: list[LineBox]) -> list[list[LineBox]]:
    """The lines parted by white gutters, from the left."""
    usual = median(line.height for line in lines)
    extents = sorted((*_extent(line, usual), line.index, line) for line in lines)
    parts: list[list[LineBox]] = []
    reached = -math.inf
    for start, end, _, line in extents:
        if start - reached >= LEAST_GAP * usual:
            parts.append([])
        parts[-1].append(line)
        reached = max(reached, end)
    return parts


def _extent(line: LineBox, height: float) -> tuple[float, float]:
    """A line's left and right end, the box shrunk."""
    off = min(SHRUNK * height, line.width / 2)
    return line.x_min + off, line.x_max - off


def _text_part(column: list[LineBox]) -> float:
    """Of a column's lines: how many are running text, 0–1: long, and as long as the column is wide."""
    width = max(line.x_max for line in column) - min(line.x_min for line in column)
    usual_height = median(line.height for line in column)
    least = max(TEXT_COLUMN_WIDTH * usual_height, TEXT_COLUMN_FILL * width)
    count = sum(line.width >= least for line in column)
    return count / len(column) if count >= TEXT_COLUMN_LINES else 0


def _are_cells(columns: list[list[LineBox]]) -> bool:
    """Whether lines beside the longest column stand in its rows, and more of them than would by chance."""
    longest = max(columns, key=len)
    others = [line for column in columns if column is not longest for line in column]
    aligned = sum(any(abs(line.middle - row.middle) <= BESIDE * line.height for row in longest) for line in others)
    extent = max(line.y_max for line in longest) - min(line.y_min for line in longest)
    by_chance = min(2 * BESIDE * sum(line.height for line in longest) / max(extent, 1e-9), 1)
    return aligned / len(others) >= (1 + by_chance) / 2
