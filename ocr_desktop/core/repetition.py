"""Finds the endless repetition that a model of this kind falls into, and up to where its answer is kept.

What is repeated is measured by what a page can hold. Printed pages do repeat themselves: empty rows of a form, rows of
zeros, a hundred dots before a page number. A unit that comes again and again is a loop only when together the copies
would fill more than a page, or when they cannot be on a page at all: the same box twenty times over, sixty boxes of the
same words each exactly as far from the one before, or more boxes than anything on a page has.

Copies go, and nothing else: where the words count on, all is kept that came until then. Rows of a table that count on
are a ledger, a register or a loan plan, and no loop however many they are.
"""

from __future__ import annotations

import re

from ocr_desktop.core.box_repetition import AlikeBlocks, BoxesOfOneList
from ocr_desktop.core.page_weight import INEXACT_WEIGHT, LEAST_WIDTH, PAGE_WEIGHT, STEP, Unit, is_filled_row
from ocr_desktop.core.recurrence import FewLines, FewWords

KEPT_TAIL = 8192
LONGEST_PERIOD = 2048

LEAST_COPIES = 5
COUNTED_BOXES = 60
BOX_DRIFT = 3
"""A box of the same words that moves by no more than this on each side stands where the one before stood."""

LONGEST_NUMBER = 15
NUMBER = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")
ANY_NUMBER = "0"
NUMBERS_OF_BOXES = re.compile(rf"\[{ANY_NUMBER}(?:, ?{ANY_NUMBER})*\]")
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
        self._others = (FewLines(), FewWords(), BoxesOfOneList(), AlikeBlocks())
        self._first: int | None = None

    def feed(self, text: str) -> int | None:
        """Take the next piece.

        Returns:
            Up to where the answer is kept, an offset into all that was fed: the end of the first copy of what is said
            again and again, or about as far as it was fed where its words count on. None while nothing repeats for
            too long. `finish` tells it to the letter.
        """
        self._pending += text
        # The last character waits: a line break at the very end does not count.
        whole_steps = max(len(self._pending) - 1, 0) // STEP * STEP
        for at in range(0, whole_steps, STEP):
            self._extend(self._pending[at : at + STEP])
            if self._first is None:
                self._first = self._verdict()
        self._pending = self._pending[whole_steps:]
        return self._first

    def finish(self) -> int | None:
        """Up to where the answer, which is whole now, is kept; None where its end does not repeat.

        A line break at its very end does not count.
        """
        self._extend(self._pending.removesuffix("\n"))
        self._pending = ""
        return self._verdict()

    def _extend(self, text: str) -> None:
        self._exact.extend(text)
        self._counting.extend(text, self._exact)
        for other in self._others:
            other.extend(text)

    def _verdict(self) -> int | None:
        verdicts = (each.kept for each in (self._exact, self._counting, *self._others))
        return next((kept for kept in verdicts if kept is not None), None)


def repeated_tail(answer: str) -> int | None:
    """Up to where a whole answer is kept; None where its end does not repeat."""
    watch = RepetitionWatch()
    watch.feed(answer)
    return watch.finish()


class _PeriodicTail:
    """The end of a text, and how far back from there it is the same unit again and again.

    `run_start` is an offset into the whole text, of which only the tail is kept; `period` is 0 where nothing repeats,
    else `unit_text` is one copy.
    """

    def __init__(self) -> None:
        self.tail = ""
        self.tail_start = 0
        self.period = 0
        self.run_start = 0
        self.unit_text = ""
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
            self._unit = Unit.of(self.unit_text)
        return self._unit

    @property
    def kept(self) -> int | None:
        """Where the first copy ends, if what repeats is a loop."""
        if self.copies < LEAST_COPIES:
            return None
        # No page has the same words again and again in the same place.
        is_loop = self.unit.has_box and self.unit.width * self.copies >= LEAST_WIDTH
        # Sheets of labels and ballots are printed full of the same few lines.
        limit = INEXACT_WEIGHT if self.unit.lines > 1 else PAGE_WEIGHT
        return self._seam if is_loop or self.unit.weight * self.copies >= limit else None

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
        self.unit_text, self._unit = tail[unit_end - period : unit_end], None


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
        self._first_end = 0
        self._end = 0

    @property
    def kept(self) -> int | None:
        """Where the first copy ends, or all there is if their words differ, if what counts on is a loop."""
        if not self._in_unit:
            return None
        copies = self._steady / self._in_unit
        if copies < LEAST_COPIES:
            return None
        unit = self._text.unit
        is_loop = unit.weight * copies >= INEXACT_WEIGHT
        if unit.has_box and not is_loop:
            is_loop = copies >= COUNTED_BOXES and not self._words_count(3)
        if not is_loop:
            return None
        if not self._words_count(int(copies)):
            return self._first_end
        return None if is_filled_row(self._text.unit_text) else self._end

    def _words_count(self, copies: int) -> bool:
        """Whether in so many copies numbers outside of boxes change, as those of lines, flats and rulers do."""
        text = self._text.tail[-copies * self._text.period :]
        in_boxes = bytearray(len(text))
        for found in NUMBERS_OF_BOXES.finditer(text):
            in_boxes[found.start() : found.end()] = b"1" * len(found[0])
        places = [at for at, sign in enumerate(text) if sign == ANY_NUMBER]
        # Between the first and the last copy every box is whole, wherever the unit begins.
        inner = range(self._in_unit - len(places), -self._in_unit)
        return any(
            not in_boxes[places[at]] and self._numbers[at][0] != self._numbers[at - self._in_unit][0] for at in inner
        )

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
            self._find_first_end(answer)
        self._end = answer.end

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
        """Take further text with its numbers, forget those that the tail lost; whether another run is there now."""
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

    def _find_first_end(self, answer: _PeriodicTail) -> None:
        first = len(self._numbers) - self._steady
        ends = [end for _, end in self._numbers[first : first + 2 * self._in_unit]]
        after = min(self._in_unit, len(ends) - 1)
        self._first_end = answer.seam(ends[after - 1], ends[after], ends[-1])
