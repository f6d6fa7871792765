"""What is drawn on a picture beside its text: rules, pictures in it, areas of a colour of their own.

All is looked for on a copy of at most some megapixels that is turned so that its text lies level; what is found is
told in pixels of the shown picture, each box with its own sides about the place where its middle was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_desktop.core.events import CodeFound, ShapesFound
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.worker.areas import areas_in
from ocr_desktop.worker.boxes import Box, Boxes
from ocr_desktop.worker.pieces import Picture
from ocr_desktop.worker.rules import Rule, rules_in

Quads = Sequence[NDArray[np.float32]]
"""4 × 2 each: the corners of a line of text as it was detected, from where it begins."""

RULE_PIXELS = 1_700_000
AREA_PIXELS = 600_000
LEAST_SIDE = 24
LINES_TO_A_PAGE = 60
"""The height of lines is guessed where none was detected."""
LEAST_LEAN, MOST_LEAN = math.radians(0.15), math.radians(10)
CORNER_ERROR = 1.5
LONG_LINE = 5.0
"""Lines so much longer than high tell how the page leans."""
LEAST_AGREEING = 3
"""Fewer lines that lean alike tell nothing: one box that was detected askew is no page that lies askew."""


class Straight(NamedTuple):
    """A copy of the picture whose text lies level.

    Attributes:
        picture: Blue first.
        scale: Its pixels for each of the shown picture.
        lean: By how much the shown picture's text leans, clockwise, in radians.
        lines: The boxes of the detected lines in it.
        line_height: The middle one of their heights, in its pixels.
        codes: The boxes of the codes in it.
    """

    picture: Picture
    scale: float
    lean: float
    lines: Boxes
    line_height: float
    codes: Boxes

    def shown_box(self, left: float, top: float, right: float, bottom: float) -> PixelBox:
        """Where a box of this copy lies in the shown picture."""
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        centre = np.array(self.picture.shape[1::-1]) / 2
        cosine, sine = math.cos(self.lean), math.sin(self.lean)
        turned = np.array([[cosine, -sine], [sine, cosine]]) @ (middle - centre) + centre
        x, y = (float(value) / self.scale for value in turned)
        half_width, half_height = (right - left) / 2 / self.scale, (bottom - top) / 2 / self.scale
        return PixelBox(x - half_width, y - half_height, x + half_width, y + half_height)

    def at(self, pixels: int) -> tuple[Picture, float]:
        """A copy with at most so many pixels, and its pixels for each of this one."""
        return _reduced(self.picture, pixels)


def shapes_in(picture: Picture, quads: Quads, codes: Sequence[CodeFound] = ()) -> ShapesFound:
    """What is drawn on the picture beside its codes and the lines of text that were detected in it, in its pixels."""
    if min(picture.shape[:2]) < LEAST_SIDE:
        return ShapesFound()
    page = _straight(picture, quads, codes)
    grey = cv2.cvtColor(page.picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    across, upright = rules_in(grey, page.lines, page.line_height)
    small, scale = page.at(AREA_PIXELS)
    straight = [rule.box for rule in across] + [_upright_box(rule) for rule in upright]
    covered = np.concatenate((page.lines, page.codes)) * scale
    areas = areas_in(small, covered, page.line_height * scale, np.array(straight).reshape(-1, 4) * scale)
    pictures, fills = ([_scaled(box, 1 / scale) for box in boxes] for boxes in areas)
    free = [box for box in straight if not _is_inside(box, pictures)]
    return ShapesFound(*(_without_codes(_shown(page, boxes, picture), codes) for boxes in (free, pictures, fills)))


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return (left * scale, top * scale, right * scale, bottom * scale)


def _without_codes(boxes: tuple[PixelBox, ...], codes: Sequence[CodeFound]) -> tuple[PixelBox, ...]:
    """Without what is a part of a code, or the code itself."""
    kept = boxes
    for code in codes:
        xs, ys = zip(*code.quad, strict=True)
        around = PixelBox(min(xs), min(ys), max(xs), max(ys))
        kept = tuple(
            box
            for box in kept
            if not around.contains((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2)
            or box.width > 2 * around.width
            or box.height > 2 * around.height
        )
    return kept


def _upright_box(rule: Rule) -> Box:
    left, top, right, bottom = rule.box
    return (top, left, bottom, right)


def _is_inside(box: Box, others: Iterable[Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in others)


def _shown(page: Straight, boxes: Iterable[Box], picture: Picture) -> tuple[PixelBox, ...]:
    height, width = picture.shape[:2]
    shown = (page.shown_box(*box) for box in boxes)
    inside = (
        PixelBox(max(box.x_min, 0.0), max(box.y_min, 0.0), min(box.x_max, width), min(box.y_max, height))
        for box in shown
    )
    return tuple(sorted((box for box in inside if not box.is_empty), key=lambda box: (box.y_min, box.x_min)))


def _reduced(picture: Picture, pixels: int) -> tuple[Picture, float]:
    height, width = picture.shape[:2]
    scale = min(math.sqrt(pixels / (width * height)), 1.0)
    if scale == 1.0:
        return picture, 1.0
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False), scale


def _straight(picture: Picture, quads: Quads, codes: Sequence[CodeFound]) -> Straight:
    reduced, scale = _reduced(picture, RULE_PIXELS)
    height, width = reduced.shape[:2]
    corners = np.array([*quads, *(np.array(code.quad) for code in codes)], np.float64).reshape(-1, 4, 2) * scale
    lean = _lean(corners[: len(quads)])
    if lean:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(lean), 1.0)
        level = cv2.warpAffine(reduced, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        reduced = level.astype(np.uint8, copy=False)
        corners = corners @ turn[:, :2].T + turn[:, 2]
    boxes = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)
    lines, code_boxes = boxes[: len(quads)], boxes[len(quads) :]
    sides = np.minimum(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    line_height = float(np.median(sides)) if len(sides) else height / LINES_TO_A_PAGE
    return Straight(reduced, scale, lean, lines, max(line_height, 4.0), code_boxes)


def _lean(corners: NDArray[np.float64]) -> float:
    """By how much most long lines lean from the nearest side of the picture, clockwise, in radians."""
    along, down = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    lengths, heights = np.hypot(*along.T), np.hypot(*down.T)
    long = along[np.maximum(lengths, heights) > LONG_LINE * np.minimum(lengths, heights).clip(1)]
    if len(long) < LEAST_AGREEING:
        return 0.0
    angles = np.arctan2(long[:, 1], long[:, 0])
    leans = angles - np.round(angles / (math.pi / 2)) * (math.pi / 2)
    lean = float(np.median(leans))
    # Corners are known to a pixel or so, which on short lines is an angle too.
    errors = np.maximum(LEAST_LEAN, CORNER_ERROR / np.hypot(*long.T))
    is_one_lean = int((np.abs(leans - lean) <= errors).sum()) >= LEAST_AGREEING
    return lean if is_one_lean and float(np.median(errors)) <= abs(lean) <= MOST_LEAN else 0.0
