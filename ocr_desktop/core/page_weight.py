"""What of a page a text takes up: the measure by which a repetition is told from a page that is full of alike lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

STEP = 256
"""An answer is looked at whenever so many further characters have come, wherever its pieces begin and end."""

PAGE_WEIGHT = 7500
INEXACT_WEIGHT = PAGE_WEIGHT * 3 // 2
"""How much has to come of what is not the same each time, or of several lines: lists count, programs are made of few
lines."""
LINE_WEIGHT = 50
"""A line weighs its visible columns and this: an empty row is 1/150 of a page, a line of 100 columns 1/50."""
LEAST_WIDTH = 1500
"""Columns as they came that make a page, be they ever so many lines. A wide character, as of Chinese, takes two."""
WIDTH_IN_ONE_LINE = 3000
WIDTH_OF_A_RULE = 6000
"""Of what is neither letter nor digit."""

BOX = re.compile(r"(?:<\|det\|>[^\[\n]{0,40}\[+|\[\[)\s*[0-9]+\s*,\s*[0-9]+\s*,\s*[0-9]+\s*,\s*[0-9]+\s*\]")
LINE_END = re.compile(r"\n\s*|</tr>\s*|<br\s*/?>\s*")
INVISIBLE = re.compile(r"<[^<>\n]{1,80}>|\[\[[0-9, ]*\]\]|&[a-z]{2,8};|\s|([^\w\s])(?:\s?\1){3,}")
"""What takes no room: tags, boxes, blanks, and rules and leaders, which a model makes as long as it likes."""
HAS_WORDS = re.compile(r"\w")
ROW = re.compile(r"</?t[dhr][\s>]|(?<!<)\|(?!>)|\t")
WORD_OF_ROW = re.compile(r"[^\W_]+")
NUMBERS_OF_ROW = 3
"""A line of so many numbers and nothing else is a row of a table as well, whatever divides them."""
FIRST_WIDE = "\u2e80"


@dataclass(frozen=True, slots=True)
class Unit:
    """What is repeated: how many lines on the page one copy takes, its columns as they came and as they are seen."""

    lines: int
    width: int
    visible: int
    has_box: bool
    has_words: bool

    @classmethod
    def of(cls, text: str) -> Unit:
        has_box = BOX.search(text) is not None
        lines = sum(1 for _ in LINE_END.finditer(text))
        return cls(
            max(lines, has_box),
            width(text),
            width(INVISIBLE.sub("", text)),
            has_box,
            HAS_WORDS.search(text) is not None,
        )

    @property
    def weight(self) -> int:
        """What of a page's weight one copy is."""
        if self.lines == 0:
            return self.width * PAGE_WEIGHT // (WIDTH_IN_ONE_LINE if self.has_words else WIDTH_OF_A_RULE)
        return min(self.lines * LINE_WEIGHT + self.visible, self.width * PAGE_WEIGHT // LEAST_WIDTH)


def width(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(letter >= FIRST_WIDE for letter in text)


def is_filled_row(text: str) -> bool:
    """Whether this is lines of a table that hold more than a number each."""
    lines = sum(1 for _ in LINE_END.finditer(text))
    if lines == 0:
        return False
    visible = INVISIBLE.sub(" ", text)
    words = WORD_OF_ROW.findall(visible)
    are_numbers = all(word.isdecimal() for word in words)
    if ROW.search(text) is None:
        return are_numbers and len(visible.split()) >= NUMBERS_OF_ROW * lines
    return len(words) > lines or not are_numbers
