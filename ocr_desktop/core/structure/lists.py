"""Lists: paragraphs that begin with bullets or count on, nested by their indents.

A bullet says that something is an item. A number or a letter does where the next one follows, and so do marks that
recognition makes of bullets (`.`, `o`, `e`) where several lines begin with the same. Markdown knows bullets and the
numbers `1.` and `1)`; other marks, such as `(a)` and `①`, stay words before their items.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.structure.list_marks import BARE, Mark, mark_of
from ocr_desktop.core.structure.paragraphs import joined, text_of
from ocr_desktop.core.structure.text_lines import words_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocr_desktop.core.structure.paragraphs import Paragraph
    from ocr_desktop.core.structure.text_lines import Usual

NESTED, MOST_NESTED = 0.8, 3.0
"""An item that begins so many heights further right stands under the one before it; what begins further than the second
number is none without a mark."""
FARTHEST = 2.6
"""Items further apart than so many usual steps from line to line are two lists."""
NEXT_LINE = 1.35
"""A line no further down than so many usual steps is the next one, without more room between."""
SET_IN, EVEN = 1.8, 0.5
"""Items without bullets are set in by so many heights, all alike within the second number."""
TITLE, LEAST_OUTLINED, APART, LONGEST_OUTLINED = 1.3, 3, 1.25, 90
"""Below a line that is so many times larger than usual, so many short lines, each so many heights below the other, are
the items of a slide. They have no more characters than the last number."""
HEADING = 1.2
"""What is so many times larger than usual is a heading with a number."""


@dataclass(slots=True)
class Item:
    """One item; `mark` is None where it has none and stands among others that have."""

    paragraph: Paragraph
    mark: Mark | None
    words: str
    level: int = 0
    more: list[Paragraph] = field(default_factory=list)

    @property
    def x_min(self) -> float:
        return self.paragraph[0].x_min

    @property
    def words_left(self) -> float:
        """Where its words begin, in pixels."""
        return words_left(self.paragraph[0], len(self.mark.text) if self.mark is not None else 0)

    def paragraphs(self) -> Iterator[Paragraph]:
        yield self.paragraph
        yield from self.more


@dataclass(frozen=True, slots=True)
class ListFound:
    """Items in order, each with the level that it stands on."""

    items: tuple[Item, ...]

    @property
    def lines(self) -> Paragraph:
        return [line for item in self.items for paragraph in item.paragraphs() for line in paragraph]

    @property
    def markdown(self) -> str:
        return _markdown(self.items)


def lists_in(
    paragraphs: Sequence[Paragraph], usual: Usual, left: float, right: float = math.inf
) -> list[Paragraph | ListFound]:
    """The same paragraphs in the same order, those that are lists together; their column is from `left` to `right`."""
    found: list[Paragraph | ListFound] = []
    run: list[Item] = []
    bare = _bare_items(paragraphs, usual, left, right) | _outlined(paragraphs, usual)
    for at, paragraph in enumerate(paragraphs):
        item = Item(paragraph, BARE, text_of(paragraph)) if at in bare else item_of(paragraph, usual)
        if item is None and run and _goes_on(run, paragraph, usual):
            if not _is_unmarked(run, paragraph):
                run[-1].more.append(paragraph)
                continue
            item = Item(paragraph, None, text_of(paragraph))
        if item is None or (run and _is_far(run[-1], paragraph, usual)):
            found += _settled(run)
            run = []
        if item is None:
            found.append(paragraph)
        else:
            run.append(item)
    return found + _settled(run)


def _bare_items(paragraphs: Sequence[Paragraph], usual: Usual, left: float, right: float) -> frozenset[int]:
    """The places of paragraphs that look like items whose bullets were not read, as it happens with small ones.

    They are set in, line below line, and follow each other without more room and without an indent: paragraphs of
    running text have one or the other.
    """
    found: set[int] = set()
    run: list[int] = []
    for at, paragraph in enumerate([*paragraphs, None]):
        is_set_in = paragraph is not None and _is_set_in(paragraph, left) and item_of(paragraph, usual) is None
        if run and not (is_set_in and paragraph and _follows(paragraphs[run[-1]], paragraph, usual)):
            if len(run) > 1 and _are_items([paragraphs[each] for each in run], right):
                found.update(run)
            run = []
        if is_set_in:
            run.append(at)
    return frozenset(found)


def _are_items(paragraphs: Sequence[Paragraph], right: float) -> bool:
    """Whether some run over their lines, up to the column's end: a quotation of sentences is set in there as well."""
    is_prose = all(paragraph[-1].text.rstrip("\"'”’»)").endswith((".", "!", "?")) for paragraph in paragraphs)
    end = max(line.x_max for paragraph in paragraphs for line in paragraph)
    is_set_in = right - end >= SET_IN * paragraphs[0][0].height
    return not (is_prose and is_set_in) and any(len(paragraph) > 1 for paragraph in paragraphs)


def _outlined(paragraphs: Sequence[Paragraph], usual: Usual) -> frozenset[int]:
    """The places of paragraphs that are the items of a slide whose bullets were not read.

    They are short, apart from each other, and set in from the title above them, where the bullets stand.
    """
    found: set[int] = set()
    run: list[int] = []
    title: Paragraph | None = None
    for at, paragraph in enumerate([*paragraphs, None]):
        if title is not None and paragraph is not None and _is_outlined(paragraph, title, run, paragraphs):
            run.append(at)
            continue
        numbers = sum(text_of(paragraphs[each])[-1:].isdigit() for each in run)
        if len(run) >= LEAST_OUTLINED and 2 * numbers < len(run):
            found.update(each for each in run if item_of(paragraphs[each], usual) is None)
        run = []
        title = paragraph if paragraph is not None and paragraph[0].em >= TITLE * usual.em else None
    return frozenset(found)


def _is_outlined(paragraph: Paragraph, title: Paragraph, run: Sequence[int], paragraphs: Sequence[Paragraph]) -> bool:
    first = paragraph[0]
    left = words_left(first)
    if first.has_cells or first.text[:1].islower() or len(text_of(paragraph)) > LONGEST_OUTLINED:
        return False
    if left - words_left(title[0]) < NESTED * first.height or TITLE * first.em > title[0].em:
        return False
    if not run:
        return True
    before = paragraphs[run[-1]][-1]
    distance = (first.middle - before.middle) / max(first.height, before.height)
    # Centred lines begin anywhere; items begin where others do.
    is_centred = abs(first.centre - before.centre) < EVEN * first.height < abs(first.x_min - before.x_min)
    return APART <= distance <= APART * FARTHEST and not is_centred


def _is_set_in(paragraph: Paragraph, left: float) -> bool:
    first = paragraph[0]
    lefts = [line.x_min for line in paragraph]
    is_even = max(lefts) - min(lefts) <= EVEN * first.height
    return is_even and min(lefts) - left >= SET_IN * first.height and first.text[:1].isupper() and not first.has_cells


def _follows(before: Paragraph, after: Paragraph, usual: Usual) -> bool:
    last, first = before[-1], after[0]
    is_even = abs(first.x_min - last.x_min) <= EVEN * first.height
    return is_even and 0 < first.middle - last.middle <= NEXT_LINE * usual.pitch * min(last.height, first.height)


def item_of(paragraph: Paragraph, usual: Usual) -> Item | None:
    """The paragraph as an item, where it begins as one; whether it is one depends on the others."""
    if paragraph[0].has_cells or paragraph[0].em > HEADING * usual.em:
        return None
    words = text_of(paragraph)
    mark = mark_of(words)
    if mark is None or (not mark.is_in_markdown and _is_indented(paragraph)):
        return None
    return Item(paragraph, mark, words[len(mark.text) :].strip())


def _is_indented(paragraph: Paragraph) -> bool:
    """Whether only its first line is set in: a clause of a contract, which is running text."""
    return len(paragraph) > 1 and paragraph[0].x_min - paragraph[1].x_min >= NESTED * paragraph[0].height


# Runs of items


def _goes_on(run: Sequence[Item], paragraph: Paragraph, usual: Usual) -> bool:
    """Whether a paragraph without a mark is more of a list: set in below its marks, right behind its last item."""
    last = [*run[-1].paragraphs()][-1][-1]
    line = paragraph[0]
    left = min(each.x_min for each in paragraph)
    is_set_in = left - _marks_left(run) >= NESTED * last.height
    is_near = line.middle - last.middle <= NEXT_LINE * usual.pitch * last.height
    is_at_words = words_left(line) - run[-1].words_left >= -NESTED * last.height or _has_fellow(run, paragraph)
    return is_set_in and is_near and is_at_words and not line.has_cells and line.middle > last.middle


def _marks_left(run: Sequence[Item]) -> float:
    return min(item.x_min for item in run)


def _is_unmarked(run: Sequence[Item], paragraph: Paragraph) -> bool:
    """Whether a paragraph set in below an item is one whose own bullet was not read: the next item, or one under it."""
    item, line = run[-1], paragraph[0]
    if not line.text[:1].isupper():
        return False
    offset = words_left(line) - item.words_left
    step = NESTED * line.height
    if abs(offset) < step:
        return _has_bullet(item) and not item.more
    return 0 < offset <= MOST_NESTED * line.height or _has_fellow(run, paragraph)


def _has_fellow(run: Sequence[Item], paragraph: Paragraph) -> bool:
    """Whether a paragraph's words begin where those of the last item with a bullet do that is not further in."""
    left, step = words_left(paragraph[0]), NESTED * paragraph[0].height
    fellow = next((item for item in reversed(run) if item.words_left < left + step), None)
    return fellow is not None and _has_bullet(fellow) and abs(fellow.words_left - left) < step


def _has_bullet(item: Item) -> bool:
    return item.mark is None or item.mark.is_bullet or item.mark.kind == "box"


def _is_far(item: Item, paragraph: Paragraph, usual: Usual) -> bool:
    last = [*item.paragraphs()][-1][-1]
    distance = paragraph[0].middle - last.middle
    return not 0 < distance <= FARTHEST * usual.pitch * max(last.height, usual.height)


def _settled(run: list[Item]) -> list[Paragraph | ListFound]:
    """A run of items as lists, and as paragraphs where it gives no ground for one."""
    _set_levels(run)
    found: list[Paragraph | ListFound] = []
    items: list[Item] = []
    for at, item in enumerate(run):
        if bool(items) if item.mark is None else _is_item(run, at, item.mark):
            items.append(item)
            continue
        found += _as_list(items)
        items = []
        found += item.paragraphs()
    return found + _as_list(items)


def _as_list(items: list[Item]) -> list[Paragraph | ListFound]:
    if not items:
        return []
    _set_levels(items)
    return [ListFound(tuple(items))]


def _set_levels(items: Sequence[Item]) -> None:
    """How deep each item is nested, by where it begins."""
    above: list[Item] = []
    for item in items:
        step = NESTED * item.paragraph[0].height
        while len(above) > 1 and _offset(above[-1], item) < -step:
            above.pop()
        offset = _offset(above[-1], item) if above else 0.0
        if not above or offset > step:
            above.append(item)
        elif offset < 0:
            above[-1] = item
        item.level = len(above) - 1


def _offset(before: Item, after: Item) -> float:
    """How much further right an item begins than another, in pixels; its mark was perhaps not read.

    Numbers of one list begin below each other, or end so.
    """
    words, marks = after.words_left - before.words_left, after.x_min - before.x_min
    if not (before.mark and after.mark and before.mark.text and after.mark.text):
        return words
    return min(words, marks, key=abs) if before.mark.kind == after.mark.kind else marks


def _is_item(run: Sequence[Item], at: int, mark: Mark) -> bool:
    """Whether the mark of an item of the run is meant: a bullet, or one of several that count on or are the same."""
    if mark.kind == "bullet":
        return True
    for step in (-1, 1):
        other = _neighbour(run, at, step)
        if other is None:
            continue
        if mark.is_bullet and other.is_bullet:
            return True
        if mark.kind == other.kind and (mark.number is None or other.number == mark.number + step):
            return True
        # I and V are letters in one list and numbers in another.
        if {mark.kind[:5], other.kind[:5]} == {"roman", "lette"}:
            return True
    return False


def _neighbour(run: Sequence[Item], at: int, step: int) -> Mark | None:
    """The mark of the next item on the same level that stands under the same one."""
    level = run[at].level
    at += step
    while 0 <= at < len(run) and run[at].level >= level:
        if run[at].level == level:
            return run[at].mark or BARE
        at += step
    return None


# As Markdown


def _markdown(items: Sequence[Item]) -> str:
    keeps = not _counts_on(items)
    lines: list[str] = []
    indents: list[str] = []
    """For each open level that Markdown knows, where the words of its item begin."""
    was_words = is_outside = False
    for item in items:
        del indents[item.level :]
        indent = indents[-1] if indents else ""
        words = escaped(joined([item.words, *map(text_of, item.more)]))
        mark = item.mark
        is_kept = mark is not None and (not mark.is_in_markdown or (keeps and not mark.is_bullet))
        is_words = was_words if mark is None else is_kept
        if is_words:
            words = escaped(joined([text_of(each) for each in item.paragraphs()]))
            prefix = ""
        else:
            prefix = "- " if mark is None or mark.is_bullet else f"{mark.number}{mark.kind[-1]} "
        if lines and is_words and (was_words or indent):
            lines[-1] += "  "
        elif lines and not indent and is_words is not was_words and (is_words or is_outside):
            lines.append("")
        lines.append(indent + prefix + words)
        indents += [indent + " " * len(prefix)] * (item.level + 1 - len(indents))
        was_words, is_outside = is_words, is_words and not indent
    return "\n".join(lines)


def _counts_on(items: Sequence[Item]) -> bool:
    """Whether all numbers follow each other, as those do that Markdown counts by itself."""
    last: list[int | None] = []
    for item in items:
        del last[item.level + 1 :]
        last += [None] * (item.level + 1 - len(last))
        number = item.mark.number if item.mark is not None and item.mark.is_in_markdown else None
        if number is not None and last[item.level] not in (None, number - 1):
            return False
        last[item.level] = number
    return True
