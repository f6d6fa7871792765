"""Whether elements stand in columns of text, in cells beside each other, or just below each other.

All measures are in heights of the lines themselves. Boxes that were found are not exact: those of small print overlap
the gutters, a line may be found in two parts, or one with its neighbour across the gutter.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Element, LineBox, Row
from ocr_desktop.core.layout.cells import ALIGNED, SHRUNK, alignment, stands_apart
from ocr_desktop.core.layout.code import with_line_numbers
from ocr_desktop.core.layout.items import begins_item, hold_items
from ocr_desktop.core.layout.rows import level, rows_of, usual_height
from ocr_desktop.core.layout.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_GAP = 0.5
"""A white gap between shrunk boxes that parts them."""
MOST_GUTTERS = 12
"""How many places for a gutter are tried."""
WIDE_LINE, LONG_LINE = 9.0, 24
"""A line of running text is at least so many heights wide, or holds so many characters."""
MOST_OPEN = 60
"""How many elements above are looked at for neighbours: rows are not longer where there are columns."""
TEXT_COLUMN_FILL = 0.7
"""The usual line of running text fills so much of its column."""
TEXT_COLUMN_LINES = 3
MOSTLY_TEXT, SOME_TEXT = 0.5, 0.3
"""With so much running text it is a column of text; with some, where it does not look like a table's cells."""
FUSED_PITCH = 1.45
"""A line found together with its neighbour across the gutter is as near to those above and below as they to others."""
FUSED_HEIGHT = 1.35

RULE_REACH = 3.0
"""A level rule that reaches so many heights beyond a gutter on both sides lies across it."""
COLUMN_PART = 0.5
"""Beside a gutter that is known, an element that fills so much of its column is of the column's text."""
SHORT_LINE = 0.6
"""A line that fills no more of its column is a heading, an author, a date."""
LEAST_HEAD, MOST_LONE = 2, 3
LEAST_ABOVE = 0.7
"""A byline stands so many heights above all columns, in the middle."""


@dataclass(frozen=True, slots=True)
class Sections:
    """A part of a page with columns in its middle: what is above them, they, what is below, and where they part."""

    upper: list[Element]
    columns: list[list[Element]]
    lower: list[Element]
    gutters: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _ByLevel:
    """Elements from the top, where each stands among lines, and its left and right end, the box shrunk."""

    usual: float
    elements: list[Element]
    places: list[float]
    extents: list[tuple[float, float]]

    @classmethod
    def of(cls, elements: Sequence[Element]) -> _ByLevel:
        usual = usual_height(elements)
        ordered = sorted(elements, key=lambda element: level(element, usual))
        places = [level(element, usual) for element in ordered]
        return cls(usual, ordered, places, [extent(element, usual) for element in ordered])


@dataclass(frozen=True, slots=True)
class _Strip:
    """Elements beside a gutter, and lines across it that are two, found as one."""

    elements: list[Element]
    fused: list[Element]


Gutter = tuple[float, float, float]
"""Where the column before it begins, where it is, where the column behind it ends."""


def extent(element: Element, height: float) -> tuple[float, float]:
    """An element's left and right end, the box shrunk."""
    off = min(SHRUNK * height, element.width / 2)
    return element.x_min + off, element.x_max - off


def parted(elements: Sequence[Element]) -> list[list[Element]]:
    """The elements parted by white gutters, from the left."""
    usual = usual_height(elements)
    parts: list[list[Element]] = []
    reached = -math.inf
    for (start, end), element in sorted(
        ((extent(element, usual), element) for element in elements), key=lambda pair: pair[0]
    ):
        if start - reached >= LEAST_GAP * usual:
            parts.append([])
        parts[-1].append(element)
        reached = max(reached, end)
    return with_line_numbers(parts)


def hold_text(columns: Sequence[list[Element]]) -> bool:
    """Whether running text or items stand in two of them at least: that is a page in columns, whatever is on it."""
    if len(columns) < 2:
        return False
    if _hold_items(columns):
        return True
    judged = sorted((_running(column) for column in columns), reverse=True)[:2]
    share, flow = judged[1]
    if share < SOME_TEXT:
        return False
    if flow > 0 and share >= MOSTLY_TEXT:
        return True
    if share < MOSTLY_TEXT or all(stands_apart(column) for column in columns):
        return alignment(columns) < ALIGNED
    return True


def _hold_items(columns: Sequence[list[Element]]) -> bool:
    """Whether two columns hold items, or one does beside running text."""
    of_items = [hold_items(column) for column in columns]
    if not any(of_items) or all(stands_apart(column) for column in columns):
        return False
    text = sum(
        _running(column)[0] >= MOSTLY_TEXT for column, is_list in zip(columns, of_items, strict=True) if not is_list
    )
    return sum(of_items) + text > 1


def _running(column: Sequence[Element]) -> tuple[float, float]:
    """How many of a column's rows are running text, 0–1: long, and as long as the column is wide.

    And how many of them go on in the next one, by their letters.
    """
    least = WIDE_LINE * usual_height(column)
    lines = [element for element in column if isinstance(element, LineBox)]
    rows = rows_of(lines) if len(lines) >= TEXT_COLUMN_LINES else []
    if len(rows) < TEXT_COLUMN_LINES:
        return 0.0, 0.0
    widths = sorted(row[-1].x_max - row[0].x_min for row in rows)
    # One box that is too wide does not make the column wider.
    wide = TEXT_COLUMN_FILL * widths[math.ceil(0.9 * len(widths)) - 1]
    count = sum(_is_running(row, wide, least) for row in rows)
    if count < TEXT_COLUMN_LINES:
        return 0.0, 0.0
    going_on = sum(goes_on(before[-1], after[0]) for before, after in itertools.pairwise(rows))
    return count / len(rows), going_on / len(rows)


def _is_running(row: Row, wide: float, least: float) -> bool:
    width = row[-1].x_max - row[0].x_min
    inked = sum(element.width for element in row)
    length = sum(len(element.text) for element in row if isinstance(element, LineBox))
    return width >= wide and inked >= TEXT_COLUMN_FILL * width and (width >= least or length >= LONG_LINE)


def goes_on(before: Element, after: Element) -> bool:
    """Whether one line ends or the next one begins within a sentence, by their letters."""
    if not isinstance(before, LineBox) or not isinstance(after, LineBox):
        return False
    return after.text[:1].islower() or before.text[-1:] in "-‐­"


def sections(elements: Sequence[Element], rules: Rules = NO_RULES, known: Sequence[float] = ()) -> Sections | None:
    """The largest part that stands in columns of text, and what is above and below; None where none does.

    Headings, page numbers, pictures and rules lie across a gutter; the part is what stands between two of those.
    """
    page = _ByLevel.of(elements)
    best = _Strip([], [])
    # Gutters of columns above or below are clearer than those beside a few lines.
    for x in [*known, *_gutters(page.elements, page.usual)][:MOST_GUTTERS]:
        for strip in _strips(page, x, rules):
            is_better = len(strip.elements) >= max(len(best.elements) + 1, 2 * TEXT_COLUMN_LINES)
            if is_better and hold_text(parted(strip.elements)):
                best = strip
    if not best.elements:
        return None
    columns = parted(best.elements)
    return _around(page, columns, gutters_between(columns), best.fused)


def sections_at(elements: Sequence[Element], gutters: Sequence[Gutter], rules: Rules) -> Sections | None:
    """As `sections`, with the gutters of columns above or below: there few lines, or a picture, tell a column."""
    page = _ByLevel.of(elements)
    best: tuple[int, list[list[Element]], float, list[Element]] = (0, [], 0.0, [])
    for left, x, right in gutters[:MOST_GUTTERS]:
        for strip in _strips(page, x, rules):
            sides = [[e for e in strip.elements if e.centre < x], [e for e in strip.elements if e.centre >= x]]
            is_better = len(strip.elements) > max(best[0], 2)
            if is_better and _fills(sides[0], x - left) and _fills(sides[1], right - x):
                best = (len(strip.elements), sides, x, strip.fused)
    count, columns, x, fused = best
    return _around(page, columns, (x,), fused) if count else None


def _fills(side: Sequence[Element], width: float) -> bool:
    """Whether elements are of the text of a column so wide, or its pictures."""
    return any(element.width >= COLUMN_PART * width for element in side)


def _strips(page: _ByLevel, x: float, rules: Rules) -> Iterator[_Strip]:
    """What stands on both sides of a gutter between one element or rule across it and the next."""
    usual = page.usual
    is_across = [start < x < end for start, end in page.extents]
    is_beside = [not each for each in is_across]
    beside, places = list(compress(page.elements, is_beside)), list(compress(page.places, is_beside))
    across = list(zip(compress(page.elements, is_across), compress(page.places, is_across), strict=True))
    broken = [(element, place) for element, place in across if _is_fused(element, x, beside, places, usual)]
    of_two = {id(element) for element, _ in broken}
    breaks = [place for element, place in across if id(element) not in of_two]
    breaks = sorted(breaks + rules.across(x - RULE_REACH * usual, x + RULE_REACH * usual, usual))
    for top, bottom in itertools.pairwise([-math.inf, *breaks, math.inf]):
        strip = beside[bisect_left(places, top) : bisect_left(places, bottom)]
        if strip:
            yield _Strip(strip, [element for element, place in broken if top <= place < bottom])


def _around(
    page: _ByLevel, columns: list[list[Element]], gutters: tuple[float, ...], fused: Sequence[Element]
) -> Sections:
    top = min(level(element, page.usual) for column in columns for element in column)
    # What was found across the gutter begins in the left one.
    for element in fused:
        columns[bisect_right(gutters, element.x_min)].append(element)
    inside = {id(element) for column in columns for element in column}
    rest = [each for each in zip(page.elements, page.places, strict=True) if id(each[0]) not in inside]
    upper = [element for element, place in rest if place < top]
    lower = [element for element, place in rest if place >= top]
    return Sections(upper, columns, lower, gutters)


def gutters_between(columns: Sequence[list[Element]]) -> tuple[float, ...]:
    """Where columns that are parted by white part: the middles of the gutters."""
    return tuple(
        (max(e.x_max for e in left) + min(e.x_min for e in right)) / 2 for left, right in itertools.pairwise(columns)
    )


def head_parted(
    columns: Sequence[list[Element]], upper: Sequence[Element] = ()
) -> tuple[list[Element], list[list[Element]]]:
    """What stands above all columns, and their rest.

    That is a line in the middle of the page, or of what lies across it further up, or rows of short lines that begin
    two columns at least, such as authors beside each other.
    """
    widths = [max(e.x_max for e in column) - min(e.x_min for e in column) for column in columns]
    column_of = {id(element): index for index, column in enumerate(columns) for element in column}
    rows = rows_of([element for column in columns for element in column])
    lone = _count_lone(rows, upper)
    head_rows: list[int] = []
    for count, row in enumerate(rows[lone:], lone + 1):
        if any(e.width > SHORT_LINE * widths[column_of[id(e)]] or begins_item(e) for e in row):
            break
        if len({column_of[id(element)] for element in row}) > 1:
            head_rows.append(count)
    taken_rows = rows[: head_rows[-1] if len(head_rows) >= LEAST_HEAD else lone]
    head = [element for row in taken_rows for element in row]
    taken = {id(element) for element in head}
    rest = [[element for element in column if id(element) not in taken] for column in columns]
    # Where nothing is left of a column, the rows are all that there is.
    return (head, rest) if all(rest) else ([], list(columns))


def _count_lone(rows: Sequence[Row], upper: Sequence[Element]) -> int:
    """How many rows at the top are a line by itself in the middle of all, with white below the last of them."""
    elements = [element for row in rows for element in row]
    usual = usual_height(elements)
    page = (min(e.x_min for e in elements) + max(e.x_max for e in elements)) / 2
    middles = [page, *(element.centre for element in upper)]
    lone = list(
        itertools.takewhile(
            lambda row: len(row) == 1 and any(abs(row[0].centre - middle) <= usual for middle in middles), rows
        )
    )
    if not lone or len(lone) > MOST_LONE or len(lone) == len(rows):
        return 0
    below = min(element.y_min for row in rows[len(lone) :] for element in row)
    return len(lone) if below - lone[-1][0].y_max >= LEAST_ABOVE * usual else 0


def have_neighbours(elements: Sequence[Element]) -> bool:
    """Whether any of the elements stand beside each other."""
    return any(True for _ in _beside(elements, usual_height(elements)))


def _gutters(by_level: Sequence[Element], usual: float) -> list[float]:
    """Places between elements that stand beside each other, those with the most such pairs first."""
    changes: list[tuple[float, int]] = []
    for start, end in _gaps(by_level, usual):
        changes += [(start, 1), (end, -1)]
    changes.sort()
    found: list[tuple[int, float, float]] = []
    pairs = 0
    for (x, change), (after, next_change) in itertools.pairwise(changes):
        pairs += change
        if change > 0 and next_change < 0 and after - x > SHRUNK * usual:
            found.append((-pairs, x - after, (x + after) / 2))
    return [x for _, _, x in sorted(found)[:MOST_GUTTERS]]


def _gaps(elements: Sequence[Element], usual: float) -> list[tuple[float, float]]:
    """The white gap between each element and the nearest one to its right, where there is one."""
    nearest: dict[int, tuple[float, float]] = {}
    for end, start, place in _beside(elements, usual):
        if place not in nearest or start < nearest[place][1]:
            nearest[place] = (end, start)
    return list(nearest.values())


def _beside(elements: Sequence[Element], usual: float) -> Iterator[tuple[float, float, int]]:
    """Where the left of two elements beside each other ends, the right one begins, and which one the left is."""
    ordered = sorted(
        (element.y_min, element.y_max, *extent(element, usual), place) for place, element in enumerate(elements)
    )
    least = LEAST_GAP * usual
    still_open: list[tuple[float, float, float, float, int]] = []
    for each in ordered:
        top, _, start, end, place = each
        still_open = [other for other in still_open if other[1] > top + SHRUNK * usual]
        for _, _, other_start, other_end, other_place in still_open[-MOST_OPEN:]:
            if start - other_end > least:
                yield other_end, start, other_place
            elif other_start - end > least:
                yield end, other_start, place
        still_open.append(each)


def _is_fused(element: Element, x: float, beside: Sequence[Element], places: Sequence[float], usual: float) -> bool:
    """Whether a line across the gutter is two, one in each column: it leaves no more room than any line of theirs."""
    if not isinstance(element, LineBox) or element.height > FUSED_HEIGHT * usual:
        return False
    reach = FUSED_PITCH * usual
    start = bisect_left(places, element.middle - 2 * reach)
    end = bisect_right(places, element.middle + 2 * reach)
    near = [(other.middle - element.middle, other.centre < x) for other in beside[start:end]]
    goes_on = False
    for is_left in (True, False):
        steps = [step for step, is_before in near if is_before == is_left]
        above = [-step for step in steps if step < 0]
        below = [step for step in steps if step > 0]
        if not steps or any(side and min(side) > reach for side in (above, below)):
            return False
        goes_on = goes_on or bool(below)
    return goes_on
