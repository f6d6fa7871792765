"""Whether what was read of a page says that the page lies on its side, or stands on its head; pure.

The corners of a line say in which direction it was read, and the embedded engine reads each as it lies. What stays
unknown: Chinese and Japanese that run downwards may be a turned page or vertical writing, both are read alike; and of
a script that the engine cannot read no direction is known.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ocr_desktop.core.document import Line
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Quad

DOWN = 1
LEAST_LETTERS = 3
"""Shorter words have boxes of any shape."""
GROUND = 10
"""Letters in one direction that a page must have to be judged."""
MOSTLY = 0.7
READABLE = 0.75
WRITTEN_DOWNWARDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
LEVEL_LETTERS = 0.2
"""With so many other letters and digits it is a turned page: vertical writing has few."""


class _Telling(NamedTuple):
    """A line whose direction counts: its letters and digits, and where it runs as it is shown."""

    letters: str
    quarter: int
    score: float


def turns_to_upright(lines: Iterable[Line | LineFound], turns: int = 0) -> int:
    """How many clockwise quarter turns more would bring the text upright, 0–3; 0 where there is no ground for any.

    Args:
        lines: Of one reading by the embedded engine, or of a PDF's own text.
        turns: In which the page is shown already, where the lines are in the un-turned page.
    """
    telling = _telling(lines, turns)
    counts: Counter[int] = Counter()
    for line in telling:
        counts[line.quarter] += len(line.letters)
    quarter, count = max(counts.items(), key=lambda item: item[1], default=(0, 0))
    if count < max(GROUND, MOSTLY * counts.total()):
        return 0
    seen = [line for line in telling if line.quarter == quarter]
    is_readable = sum(line.score * len(line.letters) for line in seen) >= READABLE * count
    if not is_readable or (quarter == DOWN and _may_be_vertical("".join(line.letters for line in seen))):
        return 0
    return -quarter % 4


def _telling(lines: Iterable[Line | LineFound], turns: int) -> list[_Telling]:
    found = []
    for line in lines:
        letters = "".join(filter(str.isalnum, line.text))
        if len(letters) >= LEAST_LETTERS:
            found.append(_Telling(letters, _quarter(line.quad, turns), line.score))
    return found


def _quarter(quad: Quad, turns: int) -> int:
    """The direction in which a line runs as it is shown: 0 to the right, 1 down, 2 to the left, 3 up."""
    (x_0, y_0), (x_1, y_1) = quad[0], quad[1]
    return (round(math.atan2(y_1 - y_0, x_1 - x_0) / (math.pi / 2)) + turns) % 4


def _may_be_vertical(letters: str) -> bool:
    others = len(WRITTEN_DOWNWARDS.sub("", letters))
    return others < LEVEL_LETTERS * len(letters)
