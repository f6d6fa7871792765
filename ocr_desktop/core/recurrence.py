"""Finds the end of a text that is made of a few lines, or of a few words, in whatever order they come again."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING

from ocr_desktop.core.page_weight import INEXACT_WEIGHT, LEAST_WIDTH, LINE_END, STEP, Unit, is_filled_row, width

if TYPE_CHECKING:
    from collections.abc import Callable

RECENT_LINES = 12
RECENT_WORDS = 8
WIDTH_OF_FEW_WORDS = 7000
MISS_COST = 2
"""What a line or word that was not there before takes away, in copies of itself."""
BOX_FACTOR = 4
"""How much more a line that stands again in the very same box says."""
LONGEST_LINE = 2048

WORD = re.compile(r"<[^<>\n]{0,80}>|\w+")


class _Recurrence:
    """A score that grows while what comes was there a short while ago, and shrinks with all that is new.

    It is a loop from `limit` on. A little above it grows no further, so that an answer that found out of its loop is
    soon none any more.
    """

    def __init__(self, recent: int, weigh: Callable[[str], int], limit: int) -> None:
        self.score = 0
        self._start = 0
        self._limit = limit
        self._size = recent
        self._weigh = weigh
        self._recent: OrderedDict[str, None] = OrderedDict()

    @property
    def kept(self) -> int | None:
        """Where nothing begins but what was there before, if this is a loop."""
        return self._start if self.score >= self._limit else None

    def take(self, thing: str, text: str, start: int) -> None:
        """Take what came next; `text` is it as it came, from the offset `start` on."""
        if thing in self._recent:
            self._recent.move_to_end(thing)
            self.score = min(self.score + self._weigh(text), self._limit + self._limit // 4)
            return
        self._recent[thing] = None
        if len(self._recent) > self._size:
            self._recent.popitem(last=False)
        if self.score > 0:
            self.score = max(self.score - MISS_COST * self._weigh(text), 0)
        self._start = start + len(text)


class FewLines:
    """The end of a text that is made of a few lines, in whatever order they come again.

    Rows of a table with something in them are none of these: their order says something.
    """

    def __init__(self) -> None:
        self._recurrence = _Recurrence(RECENT_LINES, _line_weight, INEXACT_WEIGHT)
        self._held = ""
        self._held_start = 0

    @property
    def kept(self) -> int | None:
        return self._recurrence.kept

    def extend(self, text: str) -> None:
        text = self._held + text
        at = 0
        for line_end in LINE_END.finditer(text):
            line = text[at : line_end.end()]
            if not line.isspace() and not is_filled_row(line):
                self._recurrence.take(line.strip(), line, self._held_start + at)
            at = line_end.end()
        if len(text) - at > LONGEST_LINE:
            at = len(text)
        self._held = text[at:]
        self._held_start += at


def _line_weight(line: str) -> int:
    unit = Unit.of(line)
    return unit.weight * BOX_FACTOR if unit.has_box else unit.weight


class FewWords:
    """The end of a text that is one line made of a few words, in whatever order they come again."""

    def __init__(self) -> None:
        self._recurrence = self._new_recurrence()
        self._held = ""
        self._held_start = 0
        self._is_long = False

    @property
    def kept(self) -> int | None:
        return self._recurrence.kept

    def extend(self, text: str) -> None:
        self._held += text
        line_start = max((found.end() for found in LINE_END.finditer(self._held)), default=0)
        if line_start > 0:
            self._recurrence = self._new_recurrence()
            self._is_long = False
            self._drop(line_start)
        self._is_long = self._is_long or len(self._held) >= LEAST_WIDTH
        if self._is_long:
            self._take_words()

    @staticmethod
    def _new_recurrence() -> _Recurrence:
        return _Recurrence(RECENT_WORDS, width, WIDTH_OF_FEW_WORDS)

    def _take_words(self) -> None:
        end = 0
        for word in WORD.finditer(self._held):
            if word.end() == len(self._held) and word.end() - word.start() < STEP:
                break
            if not word[0].startswith("<"):
                self._recurrence.take(word[0], self._held[end : word.end()], self._held_start + end)
            end = word.end()
        self._drop(max(end, len(self._held) - STEP))

    def _drop(self, letters: int) -> None:
        self._held = self._held[letters:]
        self._held_start += letters
