"""Finds the endless repetition that a model of this kind falls into, and where in its answer the good part ends.

What is repeated is measured by what a page can hold. Printed pages do repeat themselves: empty rows of a form, rows of
zeros, a hundred dots before a page number. A unit that comes again and again is a loop only when together the copies
would fill more than a page, or when they cannot be on a page at all: the same box twenty times over, or sixty boxes of
the same words each exactly as far from the one before.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING

from ocr_desktop.core.page_weight import LEAST_WIDTH, LINE_END, PAGE_WEIGHT, Unit, width

if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 256
"""The answer is looked at whenever so many further characters have come, wherever its pieces begin and end."""
KEPT_TAIL = 8192
LONGEST_PERIOD = 2048

LEAST_COPIES = 5
COUNTED_BOXES = 60
INEXACT_WEIGHT = PAGE_WEIGHT * 3 // 2
"""How much has to come of what is not the same each time: lists count, and programs are made of a few lines."""
BOX_DRIFT = 3
"""A box of the same words that moves by no more than this on each side stands where the one before stood."""

RECENT_LINES = 12
RECENT_WORDS = 8
WIDTH_OF_FEW_WORDS = 5000
MISS_COST = 2
"""What a line or word that was not there before takes away, in copies of itself."""
BOX_FACTOR = 4
"""How much more a line that stands again in the very same box says."""
LONGEST_LINE = 2048

LONGEST_NUMBER = 15
NUMBER = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")
ANY_NUMBER = "0"
WORD = re.compile(r"<[^<>\n]{0,80}>|\w+")
SEAMS = ("\n", "</tr>", "<|/det|>", "</td>", "], ", ";", "。", ". ", " ")
"""Where a unit may well end, the best first."""


class RepetitionWatch:
    """Watches one answer while it comes; however it is cut into pieces the verdict is the same.

    Takes time in proportion to the answer and keeps a bounded tail of it.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._exact = _PeriodicTail()
        self._counting = _CountingTail()
        self._lines = _FewLines()
        self._words = _FewWords()
        self._first: int | None = None

    def feed(self, text: str) -> int | None:
        """Take the next piece.

        Returns:
            Up to where the answer is good, which is the end of the first copy of what repeats; an offset into all
            that was fed. None while nothing repeats for too long.
        """
        self._pending += text
        whole_steps = len(self._pending) // STEP * STEP
        for at in range(0, whole_steps, STEP):
            found = self._look(self._pending[at : at + STEP])
            if self._first is None:
                self._first = found
        self._pending = self._pending[whole_steps:]
        return self._first

    def finish(self) -> int | None:
        """As `feed`, but for a repetition that goes on to the very end; the answer is whole."""
        found = self._look(self._pending)
        self._pending = ""
        return found

    def _look(self, text: str) -> int | None:
        self._exact.extend(text)
        self._counting.extend(text, self._exact)
        self._lines.extend(text)
        self._words.extend(text)
        verdicts = (each.kept for each in (self._exact, self._counting, self._lines, self._words))
        return next((kept for kept in verdicts if kept is not None), None)


def repeated_tail(answer: str) -> int | None:
    """Up to where a whole answer is good; None where its end does not repeat. The last line break does not count."""
    watch = RepetitionWatch()
    watch.feed(answer.removesuffix("\n"))
    return watch.finish()


class _PeriodicTail:
    """The end of a text, and how far back from there it is the same unit again and again.

    `run_start` is an offset into the whole text, of which only the tail is kept; `period` is 0 where nothing repeats.
    """

    def __init__(self) -> None:
        self.tail = ""
        self.tail_start = 0
        self.period = 0
        self.run_start = 0
        self._unit_text = ""
        self._unit: Unit | None = None
        self._seam = 0

    @property
    def end(self) -> int:
        return self.tail_start + len(self.tail)

    @property
    def copies(self) -> float:
        return (self.end - self.run_start) / self.period if self.period else 0.0

    @property
    def unit(self) -> Unit:
        if self._unit is None:
            self._unit = Unit.of(self._unit_text)
        return self._unit

    @property
    def kept(self) -> int | None:
        """Where the first copy ends, if what repeats is a loop."""
        if self.copies < LEAST_COPIES:
            return None
        # No page has the same words again and again in the same place.
        is_loop = self.unit.has_box and self.unit.width * self.copies >= LEAST_WIDTH
        return self._seam if is_loop or self.unit.weight * self.copies >= PAGE_WEIGHT else None

    def extend(self, text: str) -> bool:
        """Take further text; returns whether another run than before was found."""
        self._append(text)
        if self.period and text == self.tail[-len(text) - self.period : -self.period]:
            return False
        self.period = 0
        self._find()
        return self.period > 0

    def seam(self, first: int, likely: int, last: int) -> int:
        """Where a copy ends: the last seam from `first` to `likely`, else the first one up to `last`, else `first`.

        All are offsets into the text.
        """
        start, middle, end = (max(offset - self.tail_start, 0) for offset in (first, likely, last))
        for seam in SEAMS:
            begin = max(start - len(seam), 0)
            found = self.tail.rfind(seam, begin, middle)
            if found < 0:
                found = self.tail.find(seam, begin, end)
            if found >= 0:
                rest = self.tail[found + len(seam) : end]
                return self.tail_start + found + len(seam) + len(rest) - len(rest.lstrip())
        return first

    def _append(self, text: str) -> None:
        tail = self.tail + text
        self.tail = tail[-KEPT_TAIL:]
        self.tail_start += len(tail) - len(self.tail)

    def _find(self) -> None:
        tail = self.tail
        end = len(tail) - STEP
        if end <= 0:
            return
        before = tail.rfind(tail[end:], max(end - LONGEST_PERIOD, 0), len(tail) - 1)
        if before < 0:
            return
        self.period = period = end - before
        self.run_start = self.tail_start + _first_equal(tail, before, period)
        first_end = self.run_start + period
        self._seam = self.seam(first_end, first_end, first_end + period)
        unit_end = self._seam - self.tail_start
        self._unit_text, self._unit = tail[unit_end - period : unit_end], None


def _first_equal(text: str, at: int, period: int) -> int:
    """From how far back on, up to `at`, every letter is the one a period later."""
    step = 64
    while at >= step and text[at - step : at] == text[at - step + period : at + period]:
        at -= step
    while at > 0 and text[at - 1] == text[at - 1 + period]:
        at -= 1
    return at


class _CountingTail:
    """The end of a text in which all repeats but the numbers, and these count on or drift."""

    def __init__(self) -> None:
        self._text = _PeriodicTail()
        self._held = ""
        self._held_start = 0
        self._numbers: list[tuple[int, int]] = []
        """Of each number in the kept tail: its value, and the offset in the answer where it ends."""
        self._in_unit = 0
        self._steady = 0
        """How many numbers at the end are each as far from the one a unit earlier as that was from its own."""
        self._seam = 0

    @property
    def kept(self) -> int | None:
        """Where the first copy ends, if what counts on is a loop."""
        if not self._in_unit:
            return None
        copies = self._steady / self._in_unit
        if copies < LEAST_COPIES:
            return None
        unit = self._text.unit
        is_loop = copies >= COUNTED_BOXES if unit.has_box else unit.weight * copies >= INEXACT_WEIGHT
        return self._seam if is_loop else None

    def extend(self, text: str, answer: _PeriodicTail) -> None:
        """Take further text; `answer` is the answer's end and holds it already."""
        numbers = self._taken_numbers(text)
        is_moved = self._begin_run(*numbers)
        new = self._count_in_run() if is_moved else len(numbers[1])
        if is_moved:
            self._steady = 0
        if not self._in_unit:
            return
        for at in range(len(self._numbers) - new, len(self._numbers)):
            if self._steady < 2 * self._in_unit or self._is_steady(at):
                self._steady += 1
            else:
                self._steady = 2 * self._in_unit
                is_moved = True
        if is_moved:
            self._find_seam(answer)

    def _taken_numbers(self, text: str) -> tuple[str, list[tuple[int, int]]]:
        """The text with one sign for every number, and these; a number at the end may go on and is held back."""
        text = self._held + text
        numbers: list[tuple[int, int]] = []
        end = len(text)
        for match in NUMBER.finditer(text):
            if match.end() == len(text):
                end = match.start()
                break
            numbers.append((int(match[0]), self._held_start + match.end()))
        self._held = text[end:]
        self._held_start += end
        return NUMBER.sub(ANY_NUMBER, text[:end]), numbers

    def _begin_run(self, text: str, numbers: list[tuple[int, int]]) -> bool:
        dropped = self._text.tail
        is_new = bool(text) and self._text.extend(text)
        dropped = dropped[: len(dropped) + len(text) - len(self._text.tail)]
        self._numbers = self._numbers[dropped.count(ANY_NUMBER) :] + numbers
        if is_new:
            self._in_unit = self._text.tail[-self._text.period :].count(ANY_NUMBER)
        elif not self._text.period:
            self._in_unit = 0
        return is_new

    def _count_in_run(self) -> int:
        return self._text.tail.count(ANY_NUMBER, self._text.run_start - self._text.tail_start)

    def _is_steady(self, at: int) -> bool:
        before, last, now = (self._numbers[at - back * self._in_unit][0] for back in (2, 1, 0))
        return now - last == last - before or (self._text.unit.has_box and abs(now - last) <= BOX_DRIFT)

    def _find_seam(self, answer: _PeriodicTail) -> None:
        first = len(self._numbers) - self._steady
        ends = [end for _, end in self._numbers[first : first + 2 * self._in_unit]]
        after = min(self._in_unit, len(ends) - 1)
        self._seam = answer.seam(ends[after - 1], ends[after], ends[-1])


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
        """Where the first thing begins that was there before, if this is a loop."""
        return self._start if self.score >= self._limit else None

    def take(self, thing: str, text: str, start: int) -> None:
        """Take what came next; `text` is it as it came, from the offset `start` on."""
        if thing in self._recent:
            self._recent.move_to_end(thing)
            if self.score == 0:
                self._start = start
            self.score = min(self.score + self._weigh(text), self._limit + self._limit // 4)
            return
        self._recent[thing] = None
        if len(self._recent) > self._size:
            self._recent.popitem(last=False)
        if self.score > 0:
            self.score = max(self.score - MISS_COST * self._weigh(text), 0)


class _FewLines:
    """The end of a text that is made of a few lines, in whatever order they come again."""

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
            if not line.isspace():
                self._recurrence.take(line.strip(), line, self._held_start + at)
            at = line_end.end()
        if len(text) - at > LONGEST_LINE:
            at = len(text)
        self._held = text[at:]
        self._held_start += at


def _line_weight(line: str) -> int:
    unit = Unit.of(line)
    return unit.weight * BOX_FACTOR if unit.has_box else unit.weight


class _FewWords:
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
