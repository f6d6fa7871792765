"""Whether a page of a PDF is a scan on which somebody stamped a few words; pure.

The text of such a page is not what stands on it: a number, a head line or a program's advertisement, printed over the
picture of the page itself. Text that is there and not drawn is another thing: it is what somebody found in the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
MOSTLY_PICTURE = 0.5
"""Of the page's area; scans of smaller paper leave margins."""
FEW_CHARACTERS = 100
"""Drawn on a page that is mostly picture: a stamp, a head line, a watermark in large letters."""
LITTLE_ROOM = 0.06
"""Of the page's area that letters take: a page of large print has above 0.08, a note in its margin 0.02."""
CELLS = 32
"""Pictures can overlap and come in strips, so they are counted on a grid of so many by so many."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The letters of a page, without spaces: how many are hidden and how many drawn, and the room of the drawn ones.

    `room` is in the same units as the page's area.
    """

    hidden: int
    drawn: int
    room: float


def share_covered(boxes: Iterable[Box], page: Box) -> float:
    """How much of a page is behind boxes, 0 to 1."""
    left, bottom, right, top = page
    width, height = right - left, top - bottom
    if not (width > 0 and height > 0):
        return 0.0
    rows = [0] * CELLS
    for box_left, box_bottom, box_right, box_top in boxes:
        columns = _cells((box_left - left) / width, (box_right - left) / width)
        mask = sum(1 << column for column in columns)
        for row in _cells((box_bottom - bottom) / height, (box_top - bottom) / height):
            rows[row] |= mask
    return sum(row.bit_count() for row in rows) / CELLS**2


def is_stamped(text: PageText, page: Box, least_hidden: int) -> bool:
    """Whether the text of a page that is mostly picture is only what was put on it; hidden text is the page's own."""
    if text.hidden >= least_hidden:
        return False
    left, bottom, right, top = page
    return text.drawn < FEW_CHARACTERS or text.room < LITTLE_ROOM * (right - left) * (top - bottom)


def _cells(start: float, end: float) -> range:
    """The cells whose middle lies between two shares of a side."""
    first, last = (min(max(side, 0.0), 1.0) * CELLS for side in (start, end))
    return range(int(first + 0.5), int(last + 0.5))
