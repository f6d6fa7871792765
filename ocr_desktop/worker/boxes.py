"""Boxes that lie level, and what two of them have in common."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Boxes: TypeAlias = NDArray[np.float64]
"""n × 4: left, top, right, bottom of each, such as of the lines of text."""


def area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def sides(box: Box) -> tuple[float, float]:
    return (box[2] - box[0], box[3] - box[1])


def common(box: Box, other: Box) -> float:
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def are_near(box: Box, other: Box, gap: float) -> bool:
    return max(box[0], other[0]) - min(box[2], other[2]) <= gap and max(box[1], other[1]) - min(box[3], other[3]) <= gap


def around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def text_share(box: Box, lines: Boxes) -> float:
    """The part of a box that lines of text cover."""
    left, top, right, bottom = lines.T
    across = (np.minimum(right, box[2]) - np.maximum(left, box[0])).clip(0)
    down = (np.minimum(bottom, box[3]) - np.maximum(top, box[1])).clip(0)
    return float((across * down).sum()) / area(box)
