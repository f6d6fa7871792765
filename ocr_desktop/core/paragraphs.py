"""Lines of a page put together into paragraphs, and no more than that: what may be two things stays two.

Two lines are one paragraph where they stand as close as most lines of this page do, have the same size, and the first
was full: had the next line's first word fitted behind it, somebody wanted a new line there. Cells beside each other
make one region a row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr_desktop.core.events import FoundRegion, LineFound
from ocr_desktop.core.layout import LineBox, Row, blocks_in_order
from ocr_desktop.core.markdown import escaped

LABEL = "text"
WIDER_PITCH = 1.3
"""Lines further apart than so many times the usual are two paragraphs."""
MOST_PITCH = 2.2
"""And so are lines further apart than so many line heights, whatever is usual."""
OTHER_SIZE = 1.35
"""Lines of which one is so many times higher are not of one paragraph."""
INDENT = 0.8
"""A line that begins so many heights further right begins a paragraph."""
CELL_GAP = 1.5
"""Boxes in one row that are so many heights apart are cells; nearer ones are one line that the detector broke."""
SLACK_CHARACTERS = 1.5
SLACK_CHARACTERS_CJK = 2.5
"""A line of Chinese may end a character early, so that no punctuation begins the next."""
FULL_CHARACTERS = 2.0
"""A justified line ends no more than so many characters before the edge."""
NARROW = 14.0
"""Two lines in a column no wider than this, in heights, that both begin with a capital are two things."""

MARKER = re.compile(
    r"[•·▪◦●○■□◆◇►▶✓✔☐☑※]|[-–—*+]\s|[-–—][A-Z]"
    r"|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[)）](?!\w)|\d{1,3}[.．、](?!\d)|[a-zA-Z]\.\s|\[\d{1,3}\]"
    r"|[(（]?[一二三四五六七八九十]{1,3}[)）、]|[①-⑳]|第[一二三四五六七八九十百\d]{1,4}[章节条]"
)
LONE_MARKER = re.compile(r"[•·▪◦●○■□◆◇►▶✓✔☐☑※\-–—*+]|[(（\[]?\w{1,3}[)）\].．、]")
HYPHENATED = re.compile(r"[^\W\d_][-‐­]\Z")
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Scripts written without spaces; Korean has them."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A row as running text: its boxes, and whether they are cells of their own."""

    boxes: tuple[LineBox, ...]
    text: str
    has_cells: bool

    @property
    def x_min(self) -> float:
        return self.boxes[0].x_min

    @property
    def x_max(self) -> float:
        return max(box.x_max for box in self.boxes)

    @property
    def middle(self) -> float:
        return sum(box.middle for box in self.boxes) / len(self.boxes)

    @property
    def height(self) -> float:
        return max(1.0, *(box.height for box in self.boxes))

    @property
    def character_width(self) -> float:
        return sum(box.width for box in self.boxes) / max(len(self.text), 1)


def paragraphs(lines: Sequence[LineFound]) -> tuple[FoundRegion, ...]:
    """The page's paragraphs in reading order, labelled `text`; every line is in exactly one."""
    blocks = [[_text_line(row) for row in block] for block in blocks_in_order(lines)]
    pitch = _usual_pitch(blocks)
    return tuple(
        FoundRegion(LABEL, escaped(joined([line.text for line in group])), _indices(group))
        for block in blocks
        for stack in _stacks(block, pitch)
        for group in _split(stack)
    )


def joined(texts: Sequence[str]) -> str:
    """The text of lines that are one paragraph: a broken word is mended, Chinese and Japanese get no space."""
    pieces: list[str] = []
    # The last two characters of all pieces: looking at the whole for each line would take quadratic time.
    end = ""
    for text in filter(None, texts):
        piece = text
        if HYPHENATED.fullmatch(end) and text[0].islower():
            pieces[-1], end = pieces[-1][:-1], end[:-1]
        elif end and not CJK.match(end[-1]) and not CJK.match(text[0]):
            piece = " " + text
        pieces.append(piece)
        end = (end + piece)[-2:]
    return "".join(pieces)


def _text_line(row: Row) -> TextLine:
    gaps = [after.x_min - before.x_max for before, after in itertools.pairwise(row)]
    height = max(1.0, *(box.height for box in row))
    # A bullet or a number stands off from its text and belongs to it.
    first = 1 if len(row) > 1 and LONE_MARKER.fullmatch(row[0].text) else 0
    has_cells = any(gap >= CELL_GAP * height for gap in gaps[first:])
    return TextLine(tuple(row), " ".join(box.text for box in row), has_cells)


def _usual_pitch(blocks: Sequence[Sequence[TextLine]]) -> float:
    """The page's usual distance from line to line, in line heights."""
    ratios = [
        (after.middle - before.middle) / min(before.height, after.height)
        for block in blocks
        for before, after in itertools.pairwise(block)
        if _is_same_size(before, after) and _is_below(before, after)
    ]
    return median(ratios) if ratios else 1.2


def _stacks(block: Sequence[TextLine], pitch: float) -> list[list[TextLine]]:
    """Runs of lines that could be one paragraph by their place and size."""
    stacks: list[list[TextLine]] = []
    for line in block:
        if stacks and _fits_below(stacks[-1][-1], line, pitch):
            stacks[-1].append(line)
        else:
            stacks.append([line])
    return stacks


def _fits_below(before: TextLine, after: TextLine, pitch: float) -> bool:
    if before.has_cells or after.has_cells or not _is_same_size(before, after) or not _is_below(before, after):
        return False
    ratio = (after.middle - before.middle) / min(before.height, after.height)
    return ratio <= min(pitch * WIDER_PITCH, MOST_PITCH)


def _is_same_size(before: TextLine, after: TextLine) -> bool:
    return max(before.height, after.height) <= OTHER_SIZE * min(before.height, after.height)


def _is_below(before: TextLine, after: TextLine) -> bool:
    return before.x_min < after.x_max and after.x_min < before.x_max


def _split(stack: list[TextLine]) -> list[list[TextLine]]:
    """The paragraphs of a stack of lines."""
    left = min(line.x_min for line in stack)
    right = max(line.x_max for line in stack)
    if _is_list(stack, left, right):
        return [[line] for line in stack]
    groups = [[stack[0]]]
    for before, after in itertools.pairwise(stack):
        if _hangs(groups[-1], after):
            groups[-1].append(after)
        elif _begins(groups[-1], before, after, left) or _had_room(before, after, right):
            groups.append([after])
        else:
            groups[-1].append(after)
    return groups


def _is_list(stack: list[TextLine], left: float, right: float) -> bool:
    """Whether each line is a thing of its own: verses, an address, a column of names or numbers.

    In running text some lines begin with a small letter, and lines hold more than one word.
    """
    if len(stack) < 2 or any(CJK.search(line.text) for line in stack):
        return False
    if all(" " not in line.text for line in stack):
        return not HYPHENATED.search(stack[0].text)
    if any(line.text[0].islower() for line in stack[1:]):
        return False
    is_full = all(right - line.x_max <= FULL_CHARACTERS * line.character_width for line in stack[:-1])
    is_narrow = right - left < NARROW * stack[0].height
    return is_narrow or (len(stack) > 2 and not is_full)


def _hangs(group: list[TextLine], after: TextLine) -> bool:
    """Whether a line is the second of a list's item, set in below its marker."""
    first = group[0]
    is_marked = len(group) == 1 and MARKER.match(first.text) and not MARKER.match(after.text)
    return bool(is_marked) and after.x_min - first.x_min >= INDENT * first.height


def _begins(group: list[TextLine], before: TextLine, after: TextLine, left: float) -> bool:
    """Whether a line begins a paragraph by its marker or its indent."""
    if MARKER.match(after.text):
        return True
    step = INDENT * min(before.height, after.height)
    if after.x_min - before.x_min >= step:
        return before.x_min - left < step
    return before.x_min - after.x_min >= step and len(group) > 1


def _had_room(before: TextLine, after: TextLine, right: float) -> bool:
    """Whether the next line's first word, or character, would have fitted behind this line."""
    if HYPHENATED.search(before.text) and after.text[:1].islower():
        return False
    is_cjk = bool(CJK.match(after.text[:1]))
    characters = 1 if is_cjk else len(after.text.split(maxsplit=1)[0])
    slack = SLACK_CHARACTERS_CJK if is_cjk else SLACK_CHARACTERS
    return right - before.x_max > (characters + slack) * after.character_width


def _indices(group: list[TextLine]) -> tuple[int, ...]:
    return tuple(box.index for line in group for box in line.boxes)
