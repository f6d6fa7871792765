"""What stands on a page and is no part of its text: running headers and footers, page numbers, footnotes.

They are told by their place first: the outermost rows, away from the body, and only on a page that is full of running
text. A screenshot, a slide, a receipt or a letter's first page may have words at its edges too; these are its text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from statistics import median, mode
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Block, Element, LayoutBox, LineBox, Row
from ocr_desktop.core.layout.columns import LONG_LINE
from ocr_desktop.core.layout.rows import rows_of, usual_height

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER, FOOTER, PAGE_NUMBER, FOOTNOTE = "header", "footer", "page_number", "page_footnote"

LEAST_LINES = 12
MOST_DIGITS = 4
"""Of a number that counts lines."""
MOST_REPEATED = 0.1
"""Of line numbers so many are the same as the one before, read wrongly."""
LEAST_TEXT_LINES = 6
LEAST_PAGE_HEIGHT = 28.0
"""A page is at least so many lines high; slides and small screenshots are not."""
LEAST_PROPORTION = 0.8
"""A page, or an opened book's two, is at least so high for its width."""
ENDS = 0.9
MOST_ROWS = 4
"""Of a header or a footer."""
AWAY = 0.7
"""A header's or a footer's rows are so many heights further from the text than its rows from each other."""
CLOSE = 0.25
"""Old books have the page's number and its headline that close to text that goes on from the page before."""
QUITE_AWAY, FAR_AWAY = 1.2, 2.2
LARGER = 1.35
"""Words so much larger than the text are a heading, wherever they stand."""
SMALLER, SMALLER_CHARACTERS, ALIKE = 0.9, 0.87, 0.97
"""Small print has lower boxes or narrower characters than usual, and the other of both is at least a little so."""
SHORT = 0.7
"""A running header fills no more of the page's width, all its parts together."""
SIDEWAYS = 1.6
"""A box so much higher than wide holds words that run upwards."""
RULE_REACH = 2.5
LONG_RULE = 0.5
"""Of the page's width: a rule below a header, above a footer."""
FOOTNOTE_RULE = 0.8
NOTE_PART = 0.45
"""Footnotes stand in the page's lower part, and fill no more of it."""

_ROMAN = r"(?=[ivxlc])c?(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
NUMBER = re.compile(
    r"[-–—|·.\[(\s]*(?:(?:page|seite|página|pagina|p\.?|s\.)\s*)?"
    rf"(?:(?:[A-Z]{{1,2}}-)?\d{{1,4}}(?:[-–.]\d{{1,3}})?|{_ROMAN})"
    r"(?:\s*(?:/|of|von|de|sur|di)\s*\d{1,4})?[-–—|·.\])\s]*"
    r"|第\s*[\d一二三四五六七八九十百]{1,5}\s*[页頁](?:\s*[/,，]?\s*共\s*\d{1,4}\s*[页頁])?"
    r"|[-–—·\s]*\d{1,4}\s*(?:[页頁]|ページ)",
    re.IGNORECASE,
)
DISTINCT = re.compile(
    r"https?://|www\.|©|\(c\)|copyright|doi|issn|isbn|\b(?:vol|no)\.|all rights reserved", re.IGNORECASE
)
NOTE_MARK = re.compile(r"(?:[*†‡§¶¹²³⁴⁵⁶⁷⁸⁹①-⑳]|\d{1,2}(?![\d.,:)%]))\s?\S|[\[(（]\d{1,2}[\])）]\s?\S|注[:：\d]")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual on a page: how high lines are, how wide a character, how far apart rows are, and how wide it is."""

    height: float
    character: float
    gap: float
    width: float

    @classmethod
    def of(cls, elements: Sequence[Element], rows: Sequence[Row]) -> Usual:
        lines = [element for element in elements if isinstance(element, LineBox)]
        gaps = [_gap(before, after) for before, after in itertools.pairwise(rows)]
        return cls(
            height=usual_height(elements),
            character=_character_width(lines),
            gap=median(gaps) if gaps else 0.0,
            width=max(element.x_max for element in elements) - min(element.x_min for element in elements),
        )

    def is_small(self, lines: Sequence[LineBox]) -> bool:
        """Whether lines are set in smaller letters. Boxes are not exact, so their height alone says little."""
        height = median(line.height for line in lines) / self.height
        character = _character_width(lines) / self.character
        return (height <= ALIKE and character <= SMALLER_CHARACTERS) or (height <= SMALLER and character <= ALIKE)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands at the page's edges, in reading order with its labels, before and after the body."""

    body: list[Element]
    before: list[tuple[str, list[Element]]]
    after: list[tuple[str, list[Element]]]


def furniture_of(elements: Sequence[Element], rules: Sequence[LayoutBox] = ()) -> Furniture:
    """The page's headers, footers and page numbers, and its body; there is always a body."""
    level = [element for element in elements if not _is_sideways(element)]
    sideways = _along_the_edges(elements, level) if _is_page(level) else []
    inside = _without(elements, sideways)
    counted = _line_numbers(inside)
    inside = _without(inside, counted)
    top: list[Element] = []
    bottom: list[Element] = []
    if _is_page(inside):
        rows = rows_of(inside)
        top = _edge(rows, rules, inside)
        bottom = _edge(rows[::-1], rules, inside)
    body = _without(inside, (*top, *bottom))
    if not body:
        return Furniture(list(elements), [], [])
    numbers = [element for element in (*top, *bottom) if is_page_number(element)]
    before = [(HEADER, part) for part in (_without(top, numbers), sideways) if part]
    after = [(FOOTER, _without(bottom, numbers)), (PAGE_NUMBER, numbers), (PAGE_NUMBER, counted)]
    return Furniture(body, before, [(label, part) for label, part in after if part])


def is_page_number(element: Element) -> bool:
    return isinstance(element, LineBox) and bool(NUMBER.fullmatch(element.text.strip()))


def footnotes_parted(blocks: Sequence[Block], rules: Sequence[LayoutBox] = ()) -> list[Block]:
    """The blocks, the footnotes at their ends as blocks of their own.

    Footnotes begin below a short rule, or are small print that begins with a mark.
    """
    lines = [element for block in blocks for row in block.rows for element in row if isinstance(element, LineBox)]
    if not _is_page(lines):
        return list(blocks)
    top, bottom = min(line.y_min for line in lines), max(line.y_max for line in lines)
    usual = Usual.of(lines, [row for block in blocks for row in block.rows])
    parted: list[Block] = []
    for block in blocks:
        at = _footnotes_begin(block, rules, usual, bottom - NOTE_PART * (bottom - top))
        if at < len(block.rows):
            parted += [replace(block, rows=block.rows[:at])] if at else []
            parted.append(replace(block, rows=block.rows[at:], label=FOOTNOTE))
        else:
            parted.append(block)
    return parted


def _is_page(elements: Sequence[Element]) -> bool:
    """Whether these look like a document's page: high enough, and with running text in it."""
    lines = [element for element in elements if isinstance(element, LineBox)]
    if len(lines) < LEAST_LINES:
        return False
    height = max(e.y_max for e in elements) - min(e.y_min for e in elements)
    width = max(e.x_max for e in elements) - min(e.x_min for e in elements)
    usual = usual_height(elements)
    running = sum(len(line.text) >= LONG_LINE or line.width >= LONG_LINE * usual / 2 for line in lines)
    is_high = height >= max(LEAST_PROPORTION * width, LEAST_PAGE_HEIGHT * usual)
    # Two pages of an opened book are wide, and full of text.
    is_full = running >= 2 * len(lines) / 3 and height >= LEAST_PAGE_HEIGHT * usual
    return running >= LEAST_TEXT_LINES and (is_full or is_high)


def _along_the_edges(elements: Sequence[Element], level: Sequence[Element]) -> list[Element]:
    """Words that run upwards beside everything else: the stamp of an archive, a magazine's name."""
    left, right = min(element.x_min for element in level), max(element.x_max for element in level)
    return [
        element for element in elements if _is_sideways(element) and (element.x_max <= left or element.x_min >= right)
    ]


def _line_numbers(elements: Sequence[Element]) -> list[Element]:
    """The numbers in the margin that count the lines of a page of running text, as papers under review have them."""
    lines = [element for element in elements if isinstance(element, LineBox)]
    numbers = [line for line in lines if line.text.strip().isdecimal() and len(line.text) <= MOST_DIGITS]
    text = [line for line in lines if len(line.text) >= LONG_LINE]
    if len(numbers) < LEAST_LINES or not text or len(text) < (len(lines) - len(numbers)) * 2 / 3:
        return []
    left, right = min(line.x_min for line in text), max(line.x_max for line in text)
    for margin in ([e for e in numbers if e.x_max <= left], [e for e in numbers if e.x_min >= right]):
        counts = [int(each.text) for each in sorted(margin, key=attrgetter("middle"))]
        if len(counts) >= LEAST_LINES and _are_counting(counts):
            return list(margin)
    return []


def _are_counting(numbers: Sequence[int]) -> bool:
    """Whether numbers go up in equal steps, but for a few that are read wrongly; a table of contents repeats some."""
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    step = mode(steps)
    return step > 0 and steps.count(step) >= len(steps) / 2 and steps.count(0) <= MOST_REPEATED * len(steps)


def _is_sideways(element: Element) -> bool:
    return isinstance(element, LineBox) and element.height > SIDEWAYS * element.width and len(element.text) > 2


def _edge(rows: Sequence[Row], rules: Sequence[LayoutBox], elements: Sequence[Element]) -> list[Element]:
    """The elements of the outermost rows that are no part of the text; the rows come from the edge inwards."""
    usual = Usual.of(elements, rows)
    for count in range(min(MOST_ROWS, len(rows) - 1), 0, -1):
        outer = rows[:count]
        lines = [element for row in outer for element in row if isinstance(element, LineBox)]
        if len(lines) == sum(map(len, outer)) and _is_running(outer, lines, rows[count], rules, usual):
            return [element for row in outer for element in row]
    return []


def _is_running(
    outer: Sequence[Row], lines: Sequence[LineBox], inner: Row, rules: Sequence[LayoutBox], usual: Usual
) -> bool:
    """Whether the outer rows are a running header or footer above or below the inner one."""
    away = (_gap(lines, inner) - usual.gap) / usual.height
    is_spread = len(outer) == 1 and _is_at_both_ends(outer[0], usual.width)
    ends_in_number = any(len(row) > 1 and (is_page_number(row[0]) or is_page_number(row[-1])) for row in outer)
    goes_on = _goes_on(lines, inner)
    least = CLOSE if is_spread and ends_in_number and goes_on else AWAY
    if away < least or any(line.height > LARGER * usual.height and not is_page_number(line) for line in lines):
        return False
    if len(lines) == 1 and is_page_number(lines[0]):
        return True
    is_small = usual.is_small(lines)
    is_short = all(sum(element.width for element in row) <= SHORT * usual.width for row in outer)
    signs = [
        any(is_page_number(line) for line in lines),
        ends_in_number,
        any(_is_between(rule, lines, inner) and rule.width >= LONG_RULE * usual.width for rule in rules),
        is_small,
        any(DISTINCT.search(line.text) for line in lines),
        is_spread,
        is_spread and away >= QUITE_AWAY,
        away >= FAR_AWAY,
        goes_on,
    ]
    # More rows are a part of the text sooner.
    return (is_short or is_small or is_spread or ends_in_number) and sum(signs) >= 1 + len(outer)


def _gap(outer: Sequence[Element], inner: Row) -> float:
    below = min(element.y_min for element in inner) - max(element.y_max for element in outer)
    above = min(element.y_min for element in outer) - max(element.y_max for element in inner)
    return max(below, above)


def _is_between(rule: LayoutBox, outer: Sequence[Element], inner: Row) -> bool:
    if rule.height > rule.width:
        return False
    edges = sorted(
        (
            min(element.middle for element in outer),
            max(element.middle for element in outer),
            *(element.middle for element in inner),
        )
    )
    return edges[0] < rule.middle < edges[-1]


def _is_at_both_ends(row: Row, width: float) -> bool:
    return len(row) > 1 and row[-1].x_max - row[0].x_min >= ENDS * width


def _goes_on(outer: Sequence[Element], inner: Row) -> bool:
    """Whether a column below the first rows begins within a sentence: it began on the page before."""
    is_below = inner[0].y_min > max(element.y_min for element in outer)
    lines = [element for element in inner if isinstance(element, LineBox) and len(element.text) >= LONG_LINE]
    return is_below and any(line.text[0].islower() for line in lines)


def _footnotes_begin(block: Block, rules: Sequence[LayoutBox], usual: Usual, highest: float) -> int:
    """The row that the footnotes of a block begin with; how many rows it has where it has none."""
    begin = len(block.rows)
    for index in range(len(block.rows) - 1, 0, -1):
        row, above = block.rows[index], block.rows[index - 1]
        top = min(element.y_min for element in row)
        lines = [element for element in row if isinstance(element, LineBox)]
        if top < highest or len(lines) < len(row):
            break
        is_marked = bool(NOTE_MARK.match(lines[0].text))
        is_ruled = any(_is_note_rule(rule, block, above, row) for rule in rules)
        below = [e for each in block.rows[index:] for e in each if isinstance(e, LineBox)]
        is_small = usual.is_small(below)
        gap = top - max(element.y_max for element in above)
        if (is_ruled and (is_marked or is_small)) or (is_marked and is_small and gap >= usual.gap + usual.height / 4):
            begin = index
            if is_ruled:
                break
    return begin


def _is_note_rule(rule: LayoutBox, block: Block, above: Row, below: Row) -> bool:
    width = block.right - block.left
    is_between = max(e.middle for e in above) < rule.middle < min(e.middle for e in below)
    is_left = abs(rule.x_min - block.left) <= width / 10
    return is_between and is_left and rule.height < rule.width <= FOOTNOTE_RULE * width


def _character_width(lines: Sequence[LineBox]) -> float:
    return max(median(line.width / max(len(line.text), 1) for line in lines), 1e-9)


def _without(elements: Iterable[Element], taken: Iterable[Element]) -> list[Element]:
    gone = {id(element) for element in taken}
    return [element for element in elements if id(element) not in gone]
