"""Rows of a column as running text, and what is usual on the page that they stand on.

All sizes are relative to the page itself: how high a box is says little (boxes of one font differ by a quarter), how
wide its text is says more.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout.boxes import LineBox

CELL_GAP = 1.5
"""Boxes in one row that are so many heights apart are cells; nearer ones are one line that the detector broke."""
OTHER_SIZE = 1.35
"""Lines of which one is so many times higher are not of one paragraph."""
USUAL_PITCH = 1.2
"""From line to line, in heights, on a page where no two lines stand below each other."""
CJK_WIDTH, USUAL_WIDTH = 1.0, 0.53
"""How wide characters are in usual fonts, in ems."""

MARKER = re.compile(
    r"[•·▪◦●○■□◆◇►▶✓✔☐☑※]|[-–—*+]\s|[-–—][A-Z]"
    r"|[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[)）](?!\w)|\d{1,3}[.．、](?!\d)|[a-zA-Z]\.\s|\[\d{1,3}\]"
    r"|[(（]?[一二三四五六七八九十]{1,3}[)）、]|[①-⑳]|第[一二三四五六七八九十百\d]{1,4}[章节条]"
)
LONE_MARKER = re.compile(r"[•·▪◦●○■□◆◇►▶✓✔☐☑※\-–—*+]|[(（\[]?\w{1,3}[)）\].．、]")
HYPHENATED = re.compile(r"[^\W\d_][-‐­]\Z")
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Scripts written without spaces; Korean has them."""
CJK_MARK = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
STOPS = ".!?:;…。！？：；"
LONG = 20
"""A line of so many characters may break off; a shorter one is a heading or an item."""
LEAST_WITHIN = 2
PRICE = re.compile(r"\d[.,]\d\d\Z")
_WORD = re.compile(r"\S+")
_FULL_WIDTH = re.compile(r"[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|!`’‘·", 0.27),
    **dict.fromkeys('ftr()[]{}/\\-"“” *°', 0.34),
    **dict.fromkeys("csvxyzkJ", 0.49),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.68),
    **dict.fromkeys("mwMW@%—", 0.84),
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A row as running text.

    Attributes:
        cells: Its boxes, those of each part that stands apart together.
        em: The size of its letters as their widths tell it, in pixels: larger for larger letters, and for bold ones.
    """

    boxes: tuple[LineBox, ...]
    text: str
    cells: tuple[tuple[LineBox, ...], ...]
    em: float

    @property
    def has_cells(self) -> bool:
        return len(self.cells) > 1

    @property
    def x_min(self) -> float:
        return self.boxes[0].x_min

    @property
    def x_max(self) -> float:
        return max(box.x_max for box in self.boxes)

    @property
    def y_min(self) -> float:
        return min(box.y_min for box in self.boxes)

    @property
    def y_max(self) -> float:
        return max(box.y_max for box in self.boxes)

    @property
    def middle(self) -> float:
        return sum(box.middle for box in self.boxes) / len(self.boxes)

    @property
    def centre(self) -> float:
        return (self.x_min + self.x_max) / 2

    @property
    def height(self) -> float:
        return max(1.0, *(box.height for box in self.boxes))

    @property
    def character_width(self) -> float:
        return sum(box.width for box in self.boxes) / max(len(self.text), 1)

    @property
    def stroke(self) -> float | None:
        """How thick its strokes are, in pixels; None where nobody looked."""
        known = [(box.stroke * box.height, len(box.text)) for box in self.boxes if box.stroke is not None]
        letters = sum(count for _, count in known)
        return sum(stroke * count for stroke, count in known) / letters if letters else None


MARGIN = 0.2
"""Of a box, both sides together, in heights."""
SMALLEST = 0.1
"""Letters of a box without width, in pixels."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual on a page.

    Attributes:
        height: Of a line's box.
        em: Of its letters; see `TextLine.em`.
        stroke: How thick strokes are, in pixels; None where nobody looked.
        pitch: From line to line, in line heights.
        pitch_within: The same within paragraphs, as far as their words tell them.
    """

    height: float
    em: float
    stroke: float | None
    pitch: float
    pitch_within: float


def text_line(boxes: Sequence[LineBox]) -> TextLine:
    """A row's lines, from left to right, as one; at least one."""
    height = max(1.0, *(box.height for box in boxes))
    cells: list[list[LineBox]] = [[boxes[0]]]
    for before, after in itertools.pairwise(boxes):
        # A bullet or a number stands off from its text and belongs to it.
        is_marker = before is boxes[0] and LONE_MARKER.fullmatch(before.text)
        if after.x_min - before.x_max >= CELL_GAP * height and not is_marker:
            cells.append([after])
        else:
            cells[-1].append(after)
    text = " ".join(box.text for box in boxes)
    return TextLine(tuple(boxes), text, tuple(map(tuple, cells)), _em(boxes, text))


def _em(boxes: Sequence[LineBox], text: str) -> float:
    # Words are as wide in a justified line as in any other, and the room between them is not.
    words = [(box, word) for box in boxes if _tells_edges(box) for word in _WORD.finditer(box.text)]
    if words and all(map(_tells_edges, boxes)):
        wide = sum((box.edges[word.end()] - box.edges[word.start()]) * box.width for box, word in words)
        return max(wide / max(sum(em_width(letter) for _, word in words for letter in word[0]), 0.2), SMALLEST)
    # The box has a margin on either side.
    width = sum(max(box.width - MARGIN * box.height, box.width / 2) for box in boxes)
    return max(width / max(sum(map(em_width, text)), 0.2), SMALLEST)


def _tells_edges(box: LineBox) -> bool:
    return len(box.edges) == len(box.text) + 1


def words_left(line: TextLine, mark: int = 0) -> float:
    """Where the words of a line begin behind a mark of so many characters, in pixels."""
    first = line.boxes[0]
    # A bullet or a number may be a box of its own.
    if len(line.boxes) > 1 and mark >= len(first.text):
        return _character_left(line.boxes[1], 0)
    return _character_left(first, min(mark, len(first.text)))


def _character_left(box: LineBox, at: int) -> float:
    if _tells_edges(box):
        return box.x_min + box.edges[at] * box.width
    margin = MARGIN / 2 * box.height
    return box.x_min + margin + at * (box.width - 2 * margin) / max(len(box.text), 1)


def usual_of(columns: Iterable[Sequence[TextLine]]) -> Usual:
    """What is usual among lines below each other."""
    parts = [list(column) for column in columns]
    lines = [line for column in parts for line in column]
    strokes = [(stroke, len(line.text)) for line in lines if (stroke := line.stroke) is not None]
    pairs = [
        (before, after)
        for column in parts
        for before, after in itertools.pairwise(column)
        if is_same_size(before, after) and is_below(before, after)
    ]
    within = [pair for pair in pairs if goes_on(*pair)]
    return Usual(
        height=_weighted_median([(line.height, len(line.text)) for line in lines], 1.0),
        em=_weighted_median([(line.em, len(line.text)) for line in lines], 1.0),
        stroke=_weighted_median(strokes, 0.0) or None,
        pitch=_pitch(pairs),
        pitch_within=_pitch(within if len(within) >= LEAST_WITHIN else pairs),
    )


def _pitch(pairs: Sequence[tuple[TextLine, TextLine]]) -> float:
    ratios = [((after.middle - before.middle) / min(before.height, after.height), 1) for before, after in pairs]
    return _weighted_median(ratios, USUAL_PITCH)


def goes_on(before: TextLine, after: TextLine) -> bool:
    """Whether a line breaks off within a sentence that the next one goes on with, by their letters."""
    if len(before.text) < LONG or before.text[-1:] in STOPS or PRICE.search(before.text):
        return False
    is_cjk = CJK.match(before.text[-1:]) and CJK.match(after.text[:1]) and not CJK_MARK.match(before.text[-1:])
    return after.text[:1].islower() or bool(is_cjk)


def em_width(character: str) -> float:
    """About how wide a character is, in ems."""
    if character in _WIDTHS:
        return _WIDTHS[character]
    return CJK_WIDTH if _FULL_WIDTH.match(character) else USUAL_WIDTH


def is_same_size(before: TextLine, after: TextLine) -> bool:
    return max(before.height, after.height) <= OTHER_SIZE * min(before.height, after.height)


def is_below(before: TextLine, after: TextLine) -> bool:
    return before.x_min < after.x_max and after.x_min < before.x_max


def _weighted_median(values: list[tuple[float, int]], otherwise: float) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return otherwise
