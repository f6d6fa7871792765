"""In which order the elements of a page are read, and which of them stand side by side.

What stands at the page's edges and is no part of its text is taken off first (`core.layout.furniture`). The rest is
cut, over and over: where columns of text stand, between them, and above and below them where something lies across
them; else along the widest white band. Short cells beside each other, a form or a table, are no columns: they are read
row by row.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from statistics import median

from ocr_desktop.core.events import LineFound, PageFound
from ocr_desktop.core.layout.boxes import Block, Element, LayoutBox, LineBox, Row, straightened
from ocr_desktop.core.layout.cells import ALIGNED, LOOSE, SHRUNK, are_centred, framed_apart, grouped
from ocr_desktop.core.layout.code import are_of_terminal
from ocr_desktop.core.layout.columns import (
    RULE_REACH,
    Gutter,
    Sections,
    gutters_between,
    have_neighbours,
    head_parted,
    hold_text,
    parted,
    sections,
    sections_at,
)
from ocr_desktop.core.layout.furniture import footnotes_parted, furniture_of
from ocr_desktop.core.layout.nesting import nested
from ocr_desktop.core.layout.rows import rows_of, usual_height
from ocr_desktop.core.layout.rules import Rules, is_between

LEAST_BAND = 0.7
"""A white band between elements parts them where it is so many heights high, and wider than usual here."""
WIDER_BAND = 1.7
BAND_BEFORE_GUTTER = 0.9
"""Boxes in rows are read row by row where the band between is so much as high as the gutter is wide."""
MOST_KNOWN = 5
"""Gutters of the columns above and below that are tried."""
MOST_CUT, MOST_RULES = 3000, 200
"""More elements than the first are read row by row; of more rules than the second only the longest part anything."""
LARGER = 1.25
"""Words so much larger than the text, in a white band through all columns, begin another story."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Elements that are still to be cut, the edges of the column that they stand in, and what they may lie across."""

    elements: list[Element]
    left: float
    right: float
    rules: Rules
    gutters: tuple[float, ...] = ()


def blocks_in_order(elements: Sequence[Element], rules: Sequence[LayoutBox] = ()) -> tuple[Block, ...]:
    """The page's blocks in reading order; each element is in exactly one of them.

    Headers come first, footers and page numbers last. What lies in a picture or a table, if it is still among the
    elements, comes right behind it. Rules part what they run between, and tell footnotes.
    """
    if not elements:
        return ()
    left = min(element.x_min for element in elements)
    right = max(element.x_max for element in elements)
    if len(elements) > MOST_CUT:
        return (Block(tuple(rows_of(elements)), left, right),)
    rules = sorted(rules, key=lambda rule: rule.width + rule.height)[-MOST_RULES:]
    furniture = furniture_of(elements, rules)
    blocks = _ordered(_Part(furniture.body, left, right, Rules.of(rules))) if furniture.body else []
    blocks = footnotes_parted(blocks, rules)
    before = [Block(tuple(rows_of(part)), left, right, label=label) for label, part in furniture.before]
    after = [Block(tuple(rows_of(part)), left, right, label=label) for label, part in furniture.after]
    return (*before, *blocks, *after)


def reading_order(lines: Sequence[LineFound]) -> list[int]:
    """The indices of the lines in the order in which they are read."""
    blocks = blocks_in_order(straightened(PageFound(tuple(lines))).lines)
    return [line.index for block in blocks for row in block.rows for line in row]


def _ordered(whole: _Part) -> list[Block]:
    """The blocks of a part in reading order."""
    outer, inner = nested(whole.elements)
    blocks = _blocks(replace(whole, elements=outer))
    return _with_inner(blocks, inner, whole.rules) if inner else blocks


def _blocks(whole: _Part) -> list[Block]:
    blocks: list[Block] = []
    # A stack of its own and not recursion: a page can be cut as often as it has lines.
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        is_cut = have_neighbours(part.elements) and not are_of_terminal(part.elements)
        parts = _cut(part) if is_cut else []
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            _put(blocks, Block(tuple(rows_of(part.elements)), part.left, part.right, _spans(part)))
    return blocks


def _put(blocks: list[Block], block: Block) -> None:
    """Append a block, or its rows to the one before where only a white band parts them."""
    before = blocks[-1] if blocks else None
    if before and (before.left, before.right, before.spans) == (block.left, block.right, block.spans):
        blocks[-1] = replace(before, rows=before.rows + block.rows)
    else:
        blocks.append(block)


def _spans(part: _Part) -> bool:
    return any(element.x_min < x < element.x_max for x in part.gutters for element in part.elements)


def _cut(part: _Part) -> list[_Part]:
    """The parts that a part is read in, two or more; none where it is read row by row."""
    columns = parted(part.elements)
    if len(columns) > 1 and hold_text(columns):
        return _below_head(Sections([], columns, [], gutters_between(columns)), part)
    if part.gutters and (found := _sections(part) or sections_at(part.elements, _known_gutters(part), part.rules)):
        return _below_head(found, part)
    if len(framed := framed_apart(columns, part.rules)) > 1:
        return _side_by_side(framed, part)
    apart = columns if are_centred(columns) else grouped(columns, LOOSE)
    if len(apart) > 1:
        if bands := _bands(part.elements, _widest_gutter(apart)):
            return [replace(part, elements=band) for band in bands]
        return _side_by_side(apart, part)
    if found := _sections(part):
        return _below_head(found, part)
    if bands := _bands(part.elements, 0.0):
        return [replace(part, elements=band) for band in bands]
    apart = grouped(columns, ALIGNED)
    return _side_by_side(apart, part) if len(apart) > 1 else []


def _sections(part: _Part) -> Sections | None:
    return sections(part.elements, part.rules, part.gutters)


def _below_head(found: Sections, part: _Part) -> list[_Part]:
    """Columns of text between what lies across them; the short lines in rows above them are none of theirs."""
    near = usual_height(part.elements)
    known = part.gutters
    gutters = (*known, *(x for x in found.gutters if all(abs(x - other) > near for other in known)))[:MOST_KNOWN]
    around = replace(part, gutters=gutters)
    if stories := _stories(found, part.rules):
        columns = [replace(around, elements=story) for story in stories]
        head: list[Element] = []
    else:
        head, of_text = head_parted(found.columns, found.upper)
        columns = _side_by_side(of_text, around)
    upper, lower = (
        [replace(around, elements=elements)] if elements else [] for elements in (found.upper + head, found.lower)
    )
    return [*upper, *columns, *lower]


def _stories(found: Sections, rules: Rules) -> list[list[Element]]:
    """Columns parted by what stops all of them, headings and rules; empty for none."""
    elements = [element for column in found.columns for element in column]
    usual = usual_height(elements)
    reach = RULE_REACH * usual
    across = rules.across(found.gutters[0] - reach, found.gutters[-1] + reach, usual)
    bands = _bands(elements, 0.0)
    stories: list[list[Element]] = [[]]
    for index, band in enumerate(bands):
        if index < len(bands) - 1 and _is_heading(band, bands[index + 1], usual):
            stories += [band, []]
        elif index and is_between(across, _bottom(bands[index - 1]), min(element.y_min for element in band)):
            stories.append(list(band))
        else:
            stories[-1] += band
    return [story for story in stories if story] if len(stories) > 1 else []


def _bottom(elements: Sequence[Element]) -> float:
    return max(element.y_max for element in elements)


def _is_heading(band: Sequence[Element], after: Sequence[Element], usual: float) -> bool:
    """Whether a band holds only words that are larger or lie across a gutter below, where all begins on one level."""
    below = parted(after)
    gutters = gutters_between(below)
    if not all(
        isinstance(e, LineBox) and (e.height >= LARGER * usual or any(e.x_min < x < e.x_max for x in gutters))
        for e in band
    ):
        return False
    tops = [min(element.y_min for element in column) for column in below]
    return len(rows_of(band)) == len(band) and len(below) > 1 and max(tops) - min(tops) < usual


def _side_by_side(columns: list[list[Element]], part: _Part) -> list[_Part]:
    """The columns from the left; one line above or below all others of the part comes before or after them."""
    parts = []
    for index, column in enumerate(columns):
        left = min(element.x_min for element in column)
        right = max(element.x_max for element in column)
        if index + 1 < len(columns):
            # A line that was found with its neighbour across the gutter makes no column wider.
            right = max(left, min(right, *(element.x_min for element in columns[index + 1])))
        inside = tuple(x for x in part.gutters if left < x < right)
        parts.append((_side_of(column, part.elements), _Part(column, left, right, part.rules, inside)))
    return [column for _, column in sorted(parts, key=lambda pair: pair[0])]


def _side_of(column: list[Element], elements: list[Element]) -> int:
    """−1 where a column is one element above all others of the part, 1 where it is one below them, else 0."""
    if len(column) > 1 or len(elements) < 3:
        return 0
    others = [element.middle for element in elements if element is not column[0]]
    return (column[0].middle > max(others)) - (column[0].middle < min(others))


def _known_gutters(part: _Part) -> list[Gutter]:
    edges = sorted({part.left, *part.gutters, part.right})
    return [
        (left, x, right)
        for left, x, right in zip(edges, edges[1:], edges[2:], strict=False)
        if part.left < x < part.right
    ]


def _widest_gutter(columns: list[list[Element]]) -> float:
    return max(
        min(element.x_min for element in right) - max(element.x_max for element in left)
        for left, right in itertools.pairwise(columns)
    )


def _bands(elements: list[Element], gutter: float) -> list[list[Element]]:
    """The elements parted by white bands that are higher than usual, and than the gutter is wide; empty for none."""
    ordered = sorted(elements, key=attrgetter("y_min"))
    reached = list(itertools.accumulate((element.y_max for element in ordered), max))
    gaps = [after.y_min - above for above, after in zip(reached, ordered[1:], strict=False)]
    height = usual_height(elements)
    # Boxes of one row lie beside each other, those of rows close below each other overlap a little.
    usual = median([max(gap, 0.0) for gap in gaps if gap > -SHRUNK * height] or [0.0])
    least = max(LEAST_BAND * height, WIDER_BAND * usual, BAND_BEFORE_GUTTER * gutter)
    bands = [[ordered[0]]]
    for gap, element in zip(gaps, ordered[1:], strict=True):
        if gap >= least:
            bands.append([])
        bands[-1].append(element)
    return bands if len(bands) > 1 else []


def _with_inner(blocks: list[Block], inner: dict[int, list[Element]], rules: Rules) -> list[Block]:
    """The blocks with what lies in a picture or a table in the rows behind it."""
    return [
        replace(block, rows=tuple(row for each in block.rows for row in (each, *_rows_behind(each, inner, rules))))
        for block in blocks
    ]


def _rows_behind(row: Row, inner: dict[int, list[Element]], rules: Rules) -> list[Row]:
    held = [_Part(inner[id(element)], element.x_min, element.x_max, rules) for element in row if id(element) in inner]
    return [within for part in held for block in _blocks(part) for within in block.rows]
