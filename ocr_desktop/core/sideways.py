"""Whether what was read of a page says that the page lies on its side, or stands on its head; pure.

The embedded engine tells two things. The corners of a line that is higher than wide say in which direction it was
read; and text that it reads the wrong way up gets low scores (measured: 0.53 to 0.84 against 0.95 to 1, also
for blurred and noisy pages). Together they tell all four ways apart. What stays unknown: Chinese and Japanese that run
downwards may be a turned page or vertical writing, both are read alike; and scripts that the engine cannot read have
low scores whichever way they stand.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ocr_desktop.core.document import Region
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Quad

LEAST_LETTERS = 3
"""Shorter words have boxes of any shape."""
GROUND = 10
"""Letters in one direction that a page must have to be judged."""
GROUND_FOR_LOW_SCORES = 40
"""The same for a page whose lines lie level and whose only fault are its scores."""
MOSTLY = 0.7
READABLE = 0.82
HARDLY_READABLE = 0.75
WRITTEN_DOWNWARDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
LEVEL_LETTERS = 0.2
"""With so many other letters and digits it is a turned page: vertical writing has few."""


class _Telling(NamedTuple):
    """A line whose direction counts: its letters and digits, and where it runs as it is shown."""

    letters: str
    quarter: int
    score: float


def turns_to_upright(read: Iterable[Region | LineFound], turns: int = 0) -> int:
    """How many clockwise quarter turns more would bring the text upright, 0–3; 0 where there is no ground for any.

    Args:
        read: Regions or lines of one reading by the embedded engine; those without corners or scores tell nothing.
        turns: In which the page is shown already, where `read` is in the un-turned page.
    """
    telling = _telling(read, turns)
    counts: Counter[int] = Counter()
    for line in telling:
        counts[line.quarter] += len(line.letters)
    quarter, count = max(counts.items(), key=lambda item: item[1], default=(0, 0))
    if count < max(GROUND, MOSTLY * counts.total()):
        return 0
    lines = [line for line in telling if line.quarter == quarter]
    score = sum(line.score * len(line.letters) for line in lines) / count
    if quarter % 2 == 0:
        is_on_its_head = score < HARDLY_READABLE and count >= GROUND_FOR_LOW_SCORES
        return (quarter + (2 if is_on_its_head else 0)) % 4
    if _may_be_vertical("".join(line.letters for line in lines)):
        return 0
    return (-quarter + (0 if score >= READABLE else 2)) % 4


def _telling(read: Iterable[Region | LineFound], turns: int) -> list[_Telling]:
    found = []
    for line in read:
        letters = "".join(filter(str.isalnum, line.text))
        if line.quad is not None and line.score is not None and len(letters) >= LEAST_LETTERS:
            found.append(_Telling(letters, _quarter(line.quad, turns), line.score))
    return found


def _quarter(quad: Quad, turns: int) -> int:
    """The direction in which a line runs as it is shown: 0 to the right, 1 down, 2 to the left, 3 up."""
    (x_0, y_0), (x_1, y_1) = quad[0], quad[1]
    return (round(math.atan2(y_1 - y_0, x_1 - x_0) / (math.pi / 2)) + turns) % 4


def _may_be_vertical(letters: str) -> bool:
    others = len(WRITTEN_DOWNWARDS.sub("", letters))
    return others < LEVEL_LETTERS * len(letters)
