"""The axes of charts: two rules that meet in a corner, with short labels along them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_desktop.worker.boxes import Box, Boxes

LEAST_LENGTH = 4.0
CORNER = 1.0
"""Axes are at least so long and meet so closely, in line heights."""
LABEL_GAP, LABEL_LENGTH = 2.0, 4.0
"""Labels stand so near to their axis and are so short, in line heights."""
LEAST_LABELS = 2


class Axes(NamedTuple):
    """A chart's axes.

    Attributes:
        frame: The box that they open.
        labelled: The same with the labels beside and below it.
    """

    frame: Box
    labelled: Box


def axes_in(rules: Boxes, lines: Boxes, line_height: float) -> list[Axes]:
    """The axes among the rules of a page that lies straight, from the largest on."""
    sides = rules[:, 2:] - rules[:, :2]
    upright = rules[(sides[:, 1] > sides[:, 0]) & (sides[:, 1] >= LEAST_LENGTH * line_height)]
    level = rules[(sides[:, 0] >= sides[:, 1]) & (sides[:, 0] >= LEAST_LENGTH * line_height)]
    frames = []
    for left, top, _, bottom in upright.tolist():
        is_met = np.abs(level[:, [0, 3]] - (left, bottom)).max(axis=1, initial=0) <= CORNER * line_height
        frames += [(left, top, right, below) for _, _, right, below in level[is_met].tolist()]
    frames.sort(key=lambda frame: (frame[0] - frame[2]) * (frame[3] - frame[1]))
    return [Axes(frame, _labelled(frame, lines, line_height)) for frame in frames]


def _labelled(frame: Box, lines: Boxes, line_height: float) -> Box:
    left, top, right, bottom = frame
    middles = (lines[:, :2] + lines[:, 2:]) / 2
    is_short = lines[:, 2] - lines[:, 0] <= LABEL_LENGTH * line_height
    is_level = (middles[:, 1] >= top - line_height) & (middles[:, 1] <= bottom + line_height)
    is_under = (middles[:, 0] >= left - line_height) & (middles[:, 0] <= right + line_height)
    beside = is_level & _is_within(left - lines[:, 2], line_height)
    below = is_under & _is_within(lines[:, 1] - bottom, line_height)
    # Where a longer one begins there too, they belong to a text.
    if (beside & is_short).sum() >= LEAST_LABELS and is_short[beside].all():
        left = float(lines[beside, 0].min())
    if (below & is_short).sum() >= LEAST_LABELS and is_short[below].all():
        bottom = float(lines[below, 3].max())
    return (left, top, right, bottom)


def _is_within(gaps: NDArray[np.float64], line_height: float) -> NDArray[np.bool_]:
    return np.asarray((gaps >= -line_height) & (gaps <= LABEL_GAP * line_height), np.bool_)
