"""A picture cut, padded and scaled so that the detector finds its lines.

The detector sees a picture with a longest side of `DETECTION_SIDE` pixels. A page survives that; in a screenshot of a
long conversation, or of three screens side by side, nothing would be left of the text. Long pictures are therefore
cut where no text is; low and narrow ones get a border of their own colour; small ones are enlarged.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Height × width × 3, blue first."""

DETECTION_SIDE = 1536
SMALL_SIDE = 800
"""A picture with no side above this is read better at twice its size."""
ENLARGED = 2
LONG_SHAPE = 2.5
"""How much longer than wide a piece may be before it is cut."""
LONG_SIDE = 3000
"""A picture with no side above this is not cut: the detector still sees its text."""
LEAST_SHORT_SIDE = 64
PADDED_SHAPE = 8
LEAST_LETTER, MOST_SHAPE = 8, 100
"""A picture that is lower than any letter, in pixels, and so many times longer is not one of text."""
CUT_SEARCH = 0.3
"""The part of a piece, at its end, in which the calmest place to cut is looked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a picture as the engine sees it.

    Attributes:
        offset: Of the part in the whole picture, in pixels.
        scale: Pixels of the engine's picture for each of the whole.
        padding: Of the engine's picture at the left and at the top, in its pixels.
        limit: The whole picture's width and height.
    """

    picture: NDArray[Any]
    offset: tuple[float, float]
    scale: float
    padding: tuple[float, float]
    limit: tuple[float, float]

    def back(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (n × 2) of the engine's picture, in pixels of the whole and inside it."""
        whole = (points - np.array(self.padding)) / self.scale + np.array(self.offset)
        inside: NDArray[np.float32] = np.clip(whole, 0, np.array(self.limit)).astype(np.float32)
        return inside


def is_out_of_shape(width: int, height: int) -> bool:
    """Whether a picture is so long and thin that it cannot be one of text."""
    side = min(width, height)
    return side < LEAST_LETTER and max(width, height) > MOST_SHAPE * side


def is_plain(picture: Picture) -> bool:
    """Whether it has one colour only."""
    return bool((picture == picture[0, 0]).all())


def cut(picture: Picture) -> list[Piece]:
    """The pieces of a picture from its top or its left on, ready for the engine."""
    height, width = picture.shape[:2]
    limit = (float(width), float(height))
    if max(width, height) <= LONG_SIDE or max(width, height) <= LONG_SHAPE * min(width, height):
        return [_prepared(picture, (0.0, 0.0), limit)]
    is_tall = height > width
    edges = _cuts(picture if is_tall else picture.transpose(1, 0, 2))
    if is_tall:
        return [_prepared(picture[a:b], (0.0, float(a)), limit) for a, b in itertools.pairwise(edges)]
    return [_prepared(picture[:, a:b], (float(a), 0.0), limit) for a, b in itertools.pairwise(edges)]


def _cuts(picture: Picture) -> list[int]:
    """The rows at which a tall picture is cut, its first and last edge included."""
    height, width = picture.shape[:2]
    longest = int(max(width * LONG_SHAPE, DETECTION_SIDE))
    edges = [0]
    while height - edges[-1] > longest:
        start = edges[-1] + int(longest * (1 - CUT_SEARCH))
        edges.append(start + _calmest_row(picture[start : edges[-1] + longest]))
    return [*edges, height]


def _calmest_row(band: Picture) -> int:
    """The middle of the widest stretch of rows in which next to nothing changes from left to right."""
    change = np.abs(np.diff(band.astype(np.int16), axis=1)).max(axis=2).mean(axis=1)
    calm = change <= change.min() + 0.5
    edges = np.flatnonzero(np.diff(np.concatenate(([False], calm, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    widest = int(np.argmax(ends - starts))
    return max(int(starts[widest] + ends[widest]) // 2, 1)


def _prepared(part: Picture, offset: tuple[float, float], limit: tuple[float, float]) -> Piece:
    import cv2

    height, width = part.shape[:2]
    scale = ENLARGED if max(width, height) < SMALL_SIDE else 1
    new_width, new_height = width * scale, height * scale
    if scale > 1:
        scaled = np.asarray(cv2.resize(part, (new_width, new_height), interpolation=cv2.INTER_CUBIC))
    else:
        scaled = np.ascontiguousarray(part)
    least = max(LEAST_SHORT_SIDE, math.ceil(max(new_width, new_height) / PADDED_SHAPE))
    left, top = (max(least - side + 1, 0) // 2 for side in (new_width, new_height))
    if left or top:
        colour = [int(value) for value in _border_colour(scaled)]
        scaled = cv2.copyMakeBorder(scaled, top, top, left, left, cv2.BORDER_CONSTANT, value=colour)
    return Piece(scaled, offset, float(scale), (float(left), float(top)), limit)


def _border_colour(picture: NDArray[Any]) -> NDArray[np.float64]:
    """The colour around the text: the middle one of the outermost pixels."""
    rim = np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1]))
    return np.asarray(np.median(rim, axis=0), np.float64)
