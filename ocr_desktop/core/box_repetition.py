"""Finds boxes without end, whatever their numbers: more of them than anything on a page has."""

from __future__ import annotations

import re

from ocr_desktop.core.page_weight import width

MOST_BOXES = 150
"""In one list: the model frames the parts of one thing with a few."""
MOST_BLOCKS = 150
MOST_SHORT_BLOCKS = 256
"""One after the other with the same words. Seats, marks and small pictures there may be more of than lines."""
SHORT = 8
"""Columns of words, below which a block is short."""
LONGEST_BLOCK = 4096
LONGEST_MARK = 40
LONGEST_ROW = 256

LIST_OPEN = "<|det|>"
ROW = re.compile(r"\[\s*-?[0-9.]+\s*(?:,\s*-?[0-9.]+\s*){3}\]")
BETWEEN_ROWS = re.compile(r"[\s,\[\]]*")
BEFORE_ROWS = re.compile(r"\s*(?:[a-z][a-z0-9_]{0,29})?[\s\[(]*")
BLOCK = re.compile(r"<\|ref\|>|<\|det\|>(?=[a-z])|(?<=\n)[a-z_]{2,30}(?=\[\[)")
BOXES = re.compile(r"\[[-0-9.,\s\[\]]*\]|<\|/?(?:ref|det)\|>|\s")


class BoxesOfOneList:
    """The boxes of the list that is open at the end of a text."""

    def __init__(self) -> None:
        self._held = ""
        self._held_start = 0
        self._count: int | None = None
        self._first_end = 0

    @property
    def kept(self) -> int | None:
        """Where the first box ends, if there are too many."""
        return self._first_end if self._count is not None and self._count > MOST_BOXES else None

    def extend(self, text: str) -> None:
        self._held += text
        at = 0
        while at < len(self._held):
            end = self._begin(at) if self._count is None else self._take_row(at, self._count)
            if end is None:
                break
            at = end
        self._held = self._held[at:]
        self._held_start += at

    def _begin(self, at: int) -> int | None:
        """Go to the next list; None where more has to come before it is there."""
        found = self._held.find(LIST_OPEN, at)
        if found < 0:
            edge = len(self._held) - len(LIST_OPEN) + 1
            return edge if edge > at else None
        self._count = 0
        return found + len(LIST_OPEN)

    def _take_row(self, at: int, count: int) -> int | None:
        """Count the next box, or leave the list; None where more has to come before that is certain."""
        gap = (BETWEEN_ROWS if count else BEFORE_ROWS).match(self._held, at)
        # The bracket that opens the row is the last one in the gap.
        begin = at if gap is None else max(gap.end() - 1, at)
        row = ROW.match(self._held, begin)
        if row is None and len(self._held) - at < LONGEST_ROW:
            may_come = re.fullmatch(r"[-0-9.,\s]*", self._held[begin + 1 :])
            if may_come:
                return None
        if row is None:
            self._count = None
            return at
        self._count = count + 1
        if count == 0:
            self._first_end = self._held_start + row.end()
        return row.end()


class AlikeBlocks:
    """The end of a text that is one reference after the other with the same words."""

    def __init__(self) -> None:
        self._held = ""
        self._held_start = 0
        self._words = ""
        self._count = 0
        self._first_end = 0

    @property
    def kept(self) -> int | None:
        """Where the first block ends, if there are too many."""
        most = MOST_SHORT_BLOCKS if width(self._words) < SHORT else MOST_BLOCKS
        return self._first_end if self._count > most else None

    def extend(self, text: str) -> None:
        searched = max(len(self._held) - LONGEST_MARK, 1)
        self._held += text
        at = 0
        while (found := BLOCK.search(self._held, searched)) is not None:
            self._take(self._held[at : found.start()], self._held_start + found.start())
            at, searched = found.start(), found.start() + 1
        if len(self._held) - at > LONGEST_BLOCK:
            self._count = 0
            at = len(self._held) - 1
        self._held = self._held[at:]
        self._held_start += at

    def _take(self, block: str, end: int) -> None:
        words = BOXES.sub("", block)
        if words == self._words and self._count:
            self._count += 1
            return
        self._words, self._count, self._first_end = words, 1, end
