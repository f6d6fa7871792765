"""Finds words in what a text view shows, a slice at a time, while the text still grows.

Matches never overlap, and never cross from one paragraph or table cell of the preview into another. Positions are
those of the view's document; those before a change stay what they are.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from ocr_desktop.gui.output.broken_text import WIDE
from ocr_desktop.gui.output.written_words import ZERO_WIDTH_SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QTextDocument

    from ocr_desktop.gui.output.broken_text import BrokenText

SLICE = 8_000
"""Characters that are looked through at once."""

_LETTER_WIDTH = 0xFF01 - ord("!")
_FOLDS: dict[int, str] = {
    **{wide: chr(wide - _LETTER_WIDTH) for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((*b"\t\n\r", 0xA0, 0x2028, 0x3000), " "),
    0x130: "i",
}
"""Letters of full width, spaces of all kinds, and the one letter that becomes two where it is made small."""


def folded(text: str, *, match_case: bool = False) -> str:
    """The text with its differences of width, spaces and (mostly) case taken away, character for character."""
    text = text.translate(_FOLDS)
    return text if match_case else text.lower().replace("ς", "σ")


class Search(ABC):
    """Where a query stands; `starts` and `ends` are positions in order, and grow with every `step`."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._query = ""
        self._match_case = False

    def look_for(self, query: str, *, match_case: bool) -> None:
        """Begin anew with these words; none are found nowhere."""
        self._match_case = match_case
        self._query = folded(query, match_case=match_case)
        self.forget_from(0)

    def forget_from(self, position: int) -> None:
        """What stands behind a position changed: what was found there has to be found again."""
        count = bisect_right(self.ends, position)
        del self.starts[count:], self.ends[count:]

    @property
    @abstractmethod
    def reached(self) -> int:
        """Up to which position everything is found."""

    @property
    @abstractmethod
    def is_done(self) -> bool:
        """Whether everything is found."""

    @abstractmethod
    def step(self) -> None:
        """Look through the next slice."""

    def _found_in(self, text: str) -> Iterator[int]:
        """Where the query stands in some text."""
        text = folded(text, match_case=self._match_case)
        at = text.find(self._query)
        while at >= 0:
            yield at
            at = text.find(self._query, at + len(self._query))


class SourceSearch(Search):
    """Looks through a text that is broken on show, up to where it is written into the view."""

    def __init__(self, text: BrokenText, shown: Callable[[], int]) -> None:
        super().__init__()
        self._text = text
        self._shown = shown
        self._next = 0
        """The offset from which on nothing is looked through."""

    def forget_from(self, position: int) -> None:
        super().forget_from(position)
        end = self._text.offset_at(self.ends[-1]) if self.ends else 0
        self._next = max(end, min(self._next, self._text.offset_at(position) - len(self._query) + 1))

    @property
    def reached(self) -> int:
        return self._text.position_before(min(self._next, self._shown()))

    @property
    def is_done(self) -> bool:
        return not self._query or self._next + len(self._query) > self._shown()

    def step(self) -> None:
        first, until = self._next, min(self._next + SLICE, self._shown() - len(self._query) + 1)
        for at in self._found_in(self._text.text[first : until + len(self._query) - 1]):
            start = first + at
            self._next = start + len(self._query)
            self.starts.append(self._text.position_before(start))
            self.ends.append(self._text.position_after(self._next))
        self._next = max(self._next, until)


class DocumentSearch(Search):
    """Looks through a document whose long words may be broken; its text is that of its blocks."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__()
        self._document = document
        self._next = 0

    def forget_from(self, position: int) -> None:
        super().forget_from(position)
        self._next = min(self._next, position)

    @property
    def reached(self) -> int:
        return self._next

    @property
    def is_done(self) -> bool:
        return not self._query or self._next >= self._document.characterCount()

    def step(self) -> None:
        block = self._document.findBlock(self._next)
        # A block that changed at its end is looked through from its start.
        super().forget_from(block.position())
        seen = 0
        while block.isValid() and seen < SLICE:
            self._look_through(block.text(), block.position())
            seen += block.length()
            self._next = block.position() + block.length()
            block = block.next()

    def _look_through(self, text: str, position: int) -> None:
        words = text.replace(ZERO_WIDTH_SPACE, "")
        breaks = _places_of_breaks(text) if len(words) != len(text) else []
        wide = [] if words.isascii() else [match.start() for match in WIDE.finditer(words)]
        for start in self._found_in(words):
            end = start + len(self._query)
            self.starts.append(position + start + bisect_right(breaks, start) + bisect_left(wide, start))
            self.ends.append(position + end + bisect_left(breaks, end) + bisect_left(wide, end))


def _places_of_breaks(text: str) -> list[int]:
    """For each place for a line break, how many other characters stand before it."""
    return [match.start() - count for count, match in enumerate(re.finditer(ZERO_WIDTH_SPACE, text))]
