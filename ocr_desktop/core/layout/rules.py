"""The rules of a page that part what stands on both of their sides: level ones stories, upright ones frames."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout.boxes import LayoutBox

BOTH_FRAMES = 2
"""Where two things are framed beside each other there are two upright rules between them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A page's rules where its text runs from left to right.

    Attributes:
        level: Where each level one stands, begins and ends; from the top.
        upright: Where each upright one stands, begins and ends; from the left.
    """

    level: tuple[tuple[float, float, float], ...] = ()
    upright: tuple[tuple[float, float, float], ...] = ()

    @classmethod
    def of(cls, boxes: Iterable[LayoutBox]) -> Rules:
        level, upright = [], []
        for box in boxes:
            if box.width >= box.height:
                level.append((box.middle, box.x_min, box.x_max))
            else:
                upright.append((box.centre, box.y_min, box.y_max))
        return cls(tuple(sorted(level)), tuple(sorted(upright)))

    def across(self, left: float, right: float, reach: float) -> list[float]:
        """Where level rules stand that run from a place to another one, from the top.

        Those that an upright one crosses, so far at least, are lines of a grid and part no more than cells.
        """
        start = bisect_left(self.upright, left, key=itemgetter(0))
        end = bisect_right(self.upright, right, key=itemgetter(0))
        uprights = self.upright[start:end]
        return [
            y
            for y, x_min, x_max in self.level
            if x_min <= left and right <= x_max and not any(a <= y - reach and y + reach <= b for _, a, b in uprights)
        ]

    def frame_apart(self, between: tuple[float, float], along: tuple[float, float], least: float) -> bool:
        """Whether in a gap, from left to right, stand two upright rules at least so far apart along a whole height."""
        start = bisect_left(self.upright, between[0], key=itemgetter(0))
        end = bisect_right(self.upright, between[1], key=itemgetter(0))
        places = [x for x, y_min, y_max in self.upright[start:end] if y_min <= along[0] and along[1] <= y_max]
        return len(places) >= BOTH_FRAMES and places[-1] - places[0] >= least


NO_RULES = Rules()


def is_between(places: Sequence[float], top: float, bottom: float) -> bool:
    """Whether one of the places, from the top, is below one and above the other."""
    after = bisect_left(places, top)
    return after < len(places) and places[after] <= bottom
