"""Columns of items: of a list, or of things with their prices, as on a menu. Short as they are they are no cells."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Element, LineBox
from ocr_desktop.core.structure.list_marks import Mark, mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_ITEMS = 3
ITEMS_PART = 0.35
"""So many of a column's lines begin an item; the others are headings, and what goes on."""

_WORD = re.compile(r"[^\W\d_]{3}|[\u2e80-\u9fff]{2}")
_PRICED = re.compile(r"[^\W\d_]{3}.*?[\s.·…]+(?:[€$£¥]\s?)?\d{1,4}[.,]\d{2}(?:\s?[€$£¥])?\s*\Z")


def begins_item(element: Element) -> bool:
    """Whether a line begins with a list's mark, or is words and their price."""
    return isinstance(element, LineBox) and (_mark_of_words(element.text) is not None or _is_priced(element.text))


def hold_items(column: Sequence[Element]) -> bool:
    """Whether items stand below each other in a column.

    Numbers that do not go up one by one count along rows: there the column is no list of its own.
    """
    lines = [element for element in column if isinstance(element, LineBox)]
    marks = [mark for line in sorted(lines, key=lambda line: line.middle) if (mark := _mark_of_words(line.text))]
    count = len(marks) + sum(_is_priced(line.text) for line in lines if _mark_of_words(line.text) is None)
    if count < max(LEAST_ITEMS, ITEMS_PART * len(column)):
        return False
    numbers = [mark.number for mark in marks if mark.number is not None]
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    return 2 * sum(step == 1 for step in steps) >= len(steps)


def _mark_of_words(text: str) -> Mark | None:
    """The list's mark before words; one before a number or nothing may be a cell."""
    return mark_of(text) if _WORD.search(text) else None


def _is_priced(text: str) -> bool:
    return _PRICED.search(text) is not None
