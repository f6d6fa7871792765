"""Text whose long lines are broken for show, and the way between its places and those of the view.

A text view lays a whole line out again with every letter that is added, and a table is one line of HTML: without
breaks, an answer of 24 kB would stop the window for seconds.

Offsets are characters of the text; positions are what Qt counts in the view, UTF-16 units with the breaks among them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

ROW_END = "</tr>"
LONG_LINE = 4000
"""Characters after which a line is broken at its next space, or `SPACE_SEARCH` later wherever that is."""
SPACE_SEARCH = 200

WIDE = re.compile("[\U00010000-\U0010ffff]")
"""Characters that Qt counts as two."""
_UNSHOWABLE = re.compile("[\\x00\\r\\u2029\\ud800-\\udfff\\ufdd0\\ufdd1]")
"""A view takes these for the end of a line, for something else, or for nothing."""
_STAND_IN = "\ufffd"


class BrokenText:
    """A text that grows, and the breaks in it. What stands before a change never moves by it."""

    def __init__(self) -> None:
        self.text = ""
        self._breaks: list[int] = []
        """The offsets before which a break stands, in order."""
        self._wide: list[int] = []
        """The offsets of the characters that the view counts as two, in order."""

    def change(self, text: str) -> int:
        """Take another text; returns up to which offset it is the same as before."""
        same = _common_length(self.text, text)
        self.text = text
        line_start = text.rfind("\n", 0, same) + 1
        del self._breaks[bisect_left(self._breaks, line_start) :]
        del self._wide[bisect_left(self._wide, same) :]
        self._wide += (match.start() for match in WIDE.finditer(text, same))
        while line_start < len(text):
            line_end = text.find("\n", line_start)
            line_end = len(text) if line_end < 0 else line_end
            self._break_line(line_start, line_end)
            line_start = line_end + 1
        return same

    def shown(self, start: int, end: int) -> str:
        """What the view shows for some of the text, with each break before the character it belongs to."""
        pieces: list[str] = []
        first, last = bisect_left(self._breaks, start), bisect_left(self._breaks, end)
        for at in self._breaks[first:last]:
            pieces += (self.text[start:at], "\n")
            start = at
        return _UNSHOWABLE.sub(_STAND_IN, "".join((*pieces, self.text[start:end])).replace("\r", " "))

    def position_before(self, offset: int) -> int:
        """The place in the view before the character at an offset."""
        return offset + bisect_right(self._breaks, offset) + bisect_left(self._wide, offset)

    def position_after(self, offset: int) -> int:
        """The place in the view behind the character that ends at an offset; a break may follow it."""
        return offset + bisect_left(self._breaks, offset) + bisect_left(self._wide, offset)

    def offset_at(self, position: int) -> int:
        """The offset of the character behind a place in the view, the text's length at its end."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.position_before(middle) < position:
                low = middle + 1
            else:
                high = middle
        return low

    def _break_line(self, start: int, end: int) -> None:
        # Whether a break stands before a character depends on nothing behind it: what is shown never moves.
        row_end = self.text.find(ROW_END, start, end)
        while True:
            after_row = row_end + len(ROW_END) if row_end >= 0 else end
            long_at = self._long_break(start, end)
            start = min(after_row, long_at)
            if start >= end:
                return
            self._breaks.append(start)
            if start == after_row:
                row_end = self.text.find(ROW_END, start, end)

    def _long_break(self, start: int, end: int) -> int:
        latest = start + LONG_LINE + SPACE_SEARCH
        space = self.text.find(" ", start + LONG_LINE, min(latest, end))
        return latest if space < 0 else space + 1


def _common_length(before: str, after: str) -> int:
    if after.startswith(before):
        return len(before)
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before.startswith(after[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low
