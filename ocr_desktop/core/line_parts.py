"""Parts of lines: where characters stand on the page, which word lies at a place, and the text between two places.

A line runs from the left to the right side of its quad, whichever way that lies on the page: turned, upside down, or
downwards as in vertical writing.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ocr_desktop.core.geometry import Point, Quad

BESIDE = 0.4
"""A line stands in the row of another where their middles are no further apart than this, in heights of the lower."""
OVERLAP = 0.5
"""So far the box of one in a row may reach into that of the next, in heights."""
CELL_GAP = 1.5
"""Lines in one row that are so many heights apart are cells."""
ACROSS_COUNTS = 10.0
"""How much more a distance up or down counts than one to the side, for a place in a margin."""

WITHOUT_SPACES = "\u2e80-\u30ff\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The characters of Chinese and Japanese, for a class of a regular expression."""

_LETTER = rf"(?:(?![{WITHOUT_SPACES}])\w)"
_TOKEN = re.compile(
    rf"(?:(?=\w)[{WITHOUT_SPACES}])+|{_LETTER}+(?:(?:['\u2019](?={_LETTER})|(?<=\d)[.,](?=\d)){_LETTER}+)*|\s+|."
)
_WRITTEN_WITHOUT_SPACES = re.compile(rf"[{WITHOUT_SPACES}\uff00-\uff60]")


class PlacedText(Protocol):
    """A line whose place is known: `core.document.Line`, `core.events.LineFound`."""

    @property
    def text(self) -> str: ...
    @property
    def quad(self) -> Quad: ...
    @property
    def edges(self) -> tuple[float, ...]: ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Between two characters: the number of a line, and how many of its characters stand before."""

    line: int
    index: int


class LinePart(NamedTuple):
    """Characters of one line, by its number; `end` is not part of it."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LineAxis:
    """The middle of a line: where it begins, in which direction it runs (of length 1), how long and high it is."""

    x: float
    y: float
    along_x: float
    along_y: float
    length: float
    height: float

    def along(self, point: Point) -> float:
        """How far from the line's beginning a point lies, in the line's direction; negative before it."""
        return (point[0] - self.x) * self.along_x + (point[1] - self.y) * self.along_y

    def across(self, point: Point) -> float:
        """How far a point lies to the side of the line's middle, never negative."""
        return abs((point[1] - self.y) * self.along_x - (point[0] - self.x) * self.along_y)

    def contains(self, point: Point) -> bool:
        return 0 <= self.along(point) <= self.length and self.across(point) <= self.height / 2

    def distances(self, point: Point) -> tuple[float, float]:
        """How far a point lies beyond the line's ends, and how far above or below it; 0 where it does not."""
        along = self.along(point)
        return max(-along, along - self.length, 0.0), max(self.across(point) - self.height / 2, 0.0)

    def is_over(self, other: LineAxis) -> bool:
        """Whether another line stands above or below this one, be it in part, and not only beside it."""
        start = self.along((other.x, other.y))
        end = self.along((other.x + other.along_x * other.length, other.y + other.along_y * other.length))
        return min(start, end) < self.length and max(start, end) > 0


def axis_of(line: PlacedText) -> LineAxis:
    """The middle of a line; one without length runs to the right."""
    (x_0, y_0), (x_1, y_1), (x_2, y_2), (x_3, y_3) = line.quad
    start = ((x_0 + x_3) / 2, (y_0 + y_3) / 2)
    end = ((x_1 + x_2) / 2, (y_1 + y_2) / 2)
    length = math.dist(start, end)
    height = (math.dist(line.quad[0], line.quad[3]) + math.dist(line.quad[1], line.quad[2])) / 2
    if length == 0:
        return LineAxis(*start, 1.0, 0.0, 0.0, height)
    return LineAxis(*start, (end[0] - start[0]) / length, (end[1] - start[1]) / length, length, height)


def nearest_line(axes: Sequence[LineAxis], point: Point) -> int:
    """The number of the line that somebody means who points beside all of them; there is at least one.

    It is the one at the same height in the column that is pointed at, else the nearest above or below.
    """
    distances = [axis.distances(point) for axis in axes]
    numbers = range(len(axes))
    in_column = [number for number in numbers if distances[number][0] == 0]
    if not in_column:
        return min(numbers, key=lambda number: distances[number][0] + ACROSS_COUNTS * distances[number][1])
    nearest = min(in_column, key=lambda number: distances[number][1])
    level = [number for number in numbers if distances[number][1] == 0 and axes[nearest].is_over(axes[number])]
    return min(level, key=lambda number: distances[number][0], default=nearest)


def edges_of(line: PlacedText) -> tuple[float, ...]:
    """Where the characters begin and the last one ends, 0–1: all of the line is taken by the first to the last.

    Estimated where nobody knows: a character of full width takes twice the room.
    """
    if line.text and len(line.edges) == len(line.text) + 1:
        return (0.0, *line.edges[1:-1], 1.0)
    ends = list(itertools.accumulate(map(_width, line.text), initial=0))
    return tuple(end / max(ends[-1], 1) for end in ends)


def quad_of_part(line: PlacedText, start: int, end: int, *, margin: float = 0.0) -> Quad:
    """The part of a line's quad that its characters from `start` up to `end` take; numbers beyond the text are cut.

    With a `margin`, in heights of the line, it is so much longer at both ends, where the line is.
    """
    if start <= 0 and end >= len(line.text):
        return line.quad
    first, last = _edges_at(line, start, end)
    if margin:
        axis = axis_of(line)
        more = margin * axis.height / max(axis.length, 1.0)
        first, last = max(first - more, 0.0), min(last + more, 1.0)
    upper_left, upper_right, lower_right, lower_left = line.quad
    return (
        _between(upper_left, upper_right, first),
        _between(upper_left, upper_right, last),
        _between(lower_left, lower_right, last),
        _between(lower_left, lower_right, first),
    )


def point_of(line: PlacedText, index: int) -> Point:
    """Where a character begins, in the middle of the line's height."""
    upper, _, _, lower = quad_of_part(line, index, index)
    return _between(upper, lower, 0.5)


def character_at(line: PlacedText, point: Point) -> int:
    """The number of the character that stands nearest to a point; 0 where the line has none."""
    index = bisect.bisect_right(edges_of(line), _part_of(line, point)) - 1
    return min(max(index, 0), max(len(line.text) - 1, 0))


def index_near(line: PlacedText, point: Point) -> int:
    """How many characters stand before the gap between two of them, or the line's end, that is nearest to a point."""
    edges, part = edges_of(line), _part_of(line, point)
    after = bisect.bisect_right(edges, part)
    if after in (0, len(edges)):
        return 0 if after == 0 else len(edges) - 1
    return after if edges[after] - part < part - edges[after - 1] else after - 1


def word_at(text: str, index: int) -> tuple[int, int]:
    """The word around a character: a run of letters or of Chinese and Japanese, one other sign, a gap."""
    for token in _TOKEN.finditer(text):
        if token.start() <= index < token.end():
            return token.span()
    return (len(text), len(text))


def next_word(text: str, index: int) -> int:
    """Where the word behind a place ends, or the text does."""
    ends = (token.end() for token in _TOKEN.finditer(text) if not token[0].isspace())
    return next((end for end in ends if end > index), len(text))


def previous_word(text: str, index: int) -> int:
    """Where the word before a place begins, or the text does."""
    starts = [token.start() for token in _TOKEN.finditer(text) if not token[0].isspace()]
    return max((start for start in starts if start < index), default=0)


def parts_between(lines: Sequence[PlacedText], start: Place, end: Place) -> list[LinePart]:
    """What lies between two places of lines in reading order, the first of which comes first; no part is empty."""
    parts = []
    for number in range(start.line, min(end.line + 1, len(lines))):
        first = start.index if number == start.line else 0
        last = min(end.index, len(lines[number].text)) if number == end.line else len(lines[number].text)
        if first < last:
            parts.append(LinePart(number, first, last))
    return parts


def text_of(lines: Sequence[PlacedText], parts: Sequence[LinePart]) -> str:
    """The words of some parts: a line break between two, between cells of a row a tab, in a broken row a space."""
    pieces: list[str] = []
    before: LinePart | None = None
    for part in parts:
        if before is not None:
            pieces.append(_separator(lines[before.line], lines[part.line]))
        pieces.append(lines[part.line].text[part.start : part.end])
        before = part
    return "".join(pieces)


def _separator(before: PlacedText, after: PlacedText) -> str:
    axis, next_axis = axis_of(before), axis_of(after)
    height = min(axis.height, next_axis.height)
    begins = (next_axis.x, next_axis.y)
    gap = axis.along(begins) - axis.length
    if axis.across(begins) > BESIDE * height or gap < -OVERLAP * height:
        return "\n"
    if gap >= CELL_GAP * height:
        return "\t"
    is_closed = _WRITTEN_WITHOUT_SPACES.match(before.text[-1:]) and _WRITTEN_WITHOUT_SPACES.match(after.text[:1])
    return "" if is_closed else " "


def _edges_at(line: PlacedText, *indices: int) -> tuple[float, ...]:
    # Looked up where they are known: a line may hold thousands of hits.
    edges = line.edges if line.text and len(line.edges) == len(line.text) + 1 else edges_of(line)
    within = (min(max(index, 0), len(line.text)) for index in indices)
    return tuple(0.0 if index == 0 else 1.0 if index == len(line.text) else edges[index] for index in within)


def _part_of(line: PlacedText, point: Point) -> float:
    """How far along a line a point lies, as a part of the line's length."""
    axis = axis_of(line)
    return axis.along(point) / axis.length if axis.length else 0.0


def _between(one: Point, other: Point, part: float) -> Point:
    return (one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
