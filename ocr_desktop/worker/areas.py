"""Pictures and fills on a page: what is neither its ground nor its text.

The text is painted over with the colour that it stands on. What is then flat in large pieces is ground or a fill;
everything else is ink: rules, or what belongs to a photograph, a chart, a drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_desktop.worker.axes import Axes, axes_in
from ocr_desktop.worker.boxes import Box, Boxes, are_near, area, around, common, sides, text_share
from ocr_desktop.worker.pieces import Picture

Mask: TypeAlias = NDArray[np.uint8]


class Areas(NamedTuple):
    pictures: list[Box]
    fills: list[Box]


PADDING = 0.14
"""Of a line's height: its box is so much larger than its letters on each side, and may reach into what is beside it."""
AROUND = 12
MIDDLE, INSET = 0.2, 0.06
"""Places on each side of a line's box at which its ground is looked at: at its ends in the middle of its height only,
above and below so far inside, in heights, because the box may reach into what is above it."""
LEAST_STEP, MOST_STEP, NOISE_STEPS = 5.0, 18.0, 3.0
"""Neighbours whose colours differ by no more are flat: so many times the page's own noise, within these bounds."""
RIM = np.array((-2, -2, 2, 2))
"""A rule leaves its traces so far around it, in pixels."""
SAME_COLOUR = 6
LEAST_PIECE = 0.5
"""A flat piece smaller than this, in line heights on each side, is ink."""
AROUND_TEXT = 1.0
"""What text stands on is larger than the text; where the text was painted over a photograph it is smaller."""
RECTANGULAR, MOSTLY_RECTANGULAR = 0.85, 0.75
"""The part of its box that a flat piece covers."""
LARGE_GROUND = 0.1
"""The part of the page that makes a flat piece with text its ground whatever its shape."""
WHOLE_PAGE = 0.75
"""A picture that covers more of the page is the page."""
THIN = 1.3
"""What is no thicker, in line heights, is a drawing's line."""
LARGEST_DRAWING, TEXT_IN_DRAWING = 0.1, 0.03
"""Of the page, and of its box: lines that lead further and around more text belong to the page."""
BEYOND = 0.35
"""A rule that belongs to a picture goes no further beyond it, in the picture's sides."""
DRAWN = 0.35
"""What is drawn in a chart covers so much of each of its axes."""
TEXT_IN_FRAME, TEXT_IN_LARGE = 0.12, 0.1
"""Of its box: with more text than this a frame around a picture is one around its page, and a large picture a page."""
LONG_TEXT, OVER_INK = 0.7, 0.05
"""A line so long against a picture does not belong into it; it runs over its ink where so much of it does."""
GAP = 0.9
"""Ink that is no further apart, in line heights, is one picture."""
OVERLAP = 0.3
"""Two boxes of which one shares more than this part with the other are one picture."""
LEAST_PART, LEAST_WIDTH = 1.5, 0.7
"""In line heights: what is not as long is no part of a picture, what is narrower is none of its bars."""
SMALL, NEAR = 5.0, 1.5
"""In line heights: a box that is no wider or higher belongs to its neighbour at that distance."""
SOLID = 0.35
"""The part of its box that a group of ink fills, where no lines lead away from it."""
LEAST_PICTURE = 2.6
"""Of each side, in line heights."""
LEAST_PICTURE_AREA = 0.0015
"""Of the page."""
MOST_TEXT = 0.4
LEAST_INK = 0.05
"""Parts of a picture's box: more text makes it a text with marks, less ink than this nothing at all."""
EDGE_OF_SCAN = 0.06
"""What lies along the page's edge and is no wider than this part of it is what the scanner saw beside the page."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The flat pieces of a page, by their index in `labels`; 0 is all that is not flat.

    Attributes:
        labels: Height × width.
        areas: In pixels.
        boxes: n × 4.
        colours: n × 3; only of the large ones.
        is_ground: Of each: text stands on it, or it is as large or of the colour of one that has text.
        hosts: Of each: text stands on it.
        around: Of each line of text: the piece around it.
    """

    labels: NDArray[np.int32]
    areas: NDArray[np.float64]
    boxes: Boxes
    colours: NDArray[np.float64]
    is_ground: NDArray[np.bool_]
    hosts: NDArray[np.bool_]
    around: NDArray[np.int64]

    @property
    def rectangularity(self) -> NDArray[np.float64]:
        """The part of its box that each covers."""
        left, top, right, bottom = self.boxes.T
        shares: NDArray[np.float64] = self.areas / ((right - left) * (bottom - top)).clip(1)
        return shares


def areas_in(picture: Picture, lines: Boxes, line_height: float, rules: Boxes) -> Areas:
    """The pictures and fills of a page whose text lies level; all in its pixels."""
    text = _without_padding(lines)
    flat = _flat_pieces(_without_text(picture, text), text, lines, line_height)
    pictures = _pictures(flat, lines, line_height, rules)
    return Areas(pictures, _fills(flat, pictures, line_height))


def _without_padding(lines: Boxes) -> Boxes:
    inset = PADDING * np.minimum(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])[:, None]
    tight: Boxes = lines + inset * np.array((1, 1, -1, -1))
    return tight


def _without_text(picture: Picture, lines: Boxes) -> Picture:
    """A copy in which each line's box has the colour that is seen most around it."""
    plain = picture.copy()
    if not len(lines):
        return plain
    colours = [_most_frequent(samples) for samples in _samples(picture, lines)]
    for (left, top, right, bottom), colour in zip(lines.round().astype(int).clip(0), colours, strict=True):
        plain[top:bottom, left:right] = colour
    return plain


def _most_frequent(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mean of those that are most alike."""
    kinds = (colours >> 4).astype(np.int32) @ np.array((256, 16, 1), np.int32)
    values, counts = np.unique(kinds, return_counts=True)
    most: NDArray[np.uint8] = colours[kinds == values[np.argmax(counts)]].mean(axis=0).round().astype(np.uint8)
    return most


def _samples(values: NDArray[Any], lines: Boxes) -> NDArray[Any]:
    """What stands at places along the edges of each line's box: lines × places."""
    height, width = values.shape[:2]
    left, top, right, bottom = (side[:, None] for side in lines.T)
    way = np.linspace(0, 1, AROUND)[None, :]
    middle = np.linspace(MIDDLE, 1 - MIDDLE, AROUND)[None, :]
    across, down = left + (right - left) * way, top + (bottom - top) * middle
    inset = INSET * np.minimum(right - left, bottom - top) + 0 * way
    xs = np.concatenate((across, across, left + 0 * way, right + 0 * way), axis=1)
    ys = np.concatenate((top + inset, bottom - inset, down, down), axis=1)
    found: NDArray[Any] = values[ys.round().astype(int).clip(0, height - 1), xs.round().astype(int).clip(0, width - 1)]
    return found


def _flat_pieces(plain: Picture, text: Boxes, lines: Boxes, line_height: float) -> Flat:
    blue, green, red = cv2.split(cv2.morphologyEx(plain, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    steps = cv2.max(cv2.max(blue, green), red)
    limit = min(max(NOISE_STEPS * float(np.median(steps[::3, ::3])), LEAST_STEP), MOST_STEP)
    count, found, stats, _ = cv2.connectedComponentsWithStats((steps <= limit).astype(np.uint8), connectivity=4)
    labels = found.astype(np.int32, copy=False)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    corner, size = stats[:, :2], stats[:, 2:4]
    boxes = np.concatenate((corner, corner + size), axis=1).astype(np.float64)
    large = (size.min(axis=1) >= LEAST_PIECE * line_height) & (areas > 0)
    colours = _colours(plain, labels, large)
    text_on = np.zeros(count)
    np.add.at(text_on, _middle(_samples(labels, text)), (text[:, 2] - text[:, 0]) * (text[:, 3] - text[:, 1]))
    hosts = (text_on > 0) & (areas > AROUND_TEXT * text_on) & large
    around = _middle(_samples(labels, lines))
    flat = Flat(labels, areas, boxes, colours, np.zeros(count, bool), hosts, around)
    flat.is_ground[:] = _is_ground(flat, large, plain.shape[1], plain.shape[0])
    return flat


def _middle(labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """The middle one of the labels around each line, which is that of its ground where it has one."""
    middle: NDArray[np.int64] = np.sort(labels, axis=1)[:, labels.shape[1] // 2].astype(np.int64)
    return middle


def _colours(plain: Picture, labels: NDArray[np.int32], large: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The mean colour of the large pieces; the others have none."""
    seen, pixels = labels[::2, ::2].ravel(), plain[::2, ::2].reshape(-1, 3)
    chosen = large[seen]
    seen, pixels = seen[chosen], pixels[chosen]
    counts = np.bincount(seen, minlength=len(large))
    sums = [np.bincount(seen, pixels[:, channel], minlength=len(large)) for channel in range(3)]
    means: NDArray[np.float64] = np.stack(sums, axis=1) / counts.clip(1)[:, None]
    means[counts == 0] = np.nan
    return means


def _is_ground(flat: Flat, large: NDArray[np.bool_], width: int, height: int) -> NDArray[np.bool_]:
    left, top, right, bottom = flat.boxes.T
    share = flat.areas / (width * height)
    spread = (right - left) * (bottom - top) / (width * height)
    at_edge = (left <= 1) | (top <= 1) | (right >= width - 1) | (bottom >= height - 1)
    ground = flat.hosts & ((flat.rectangularity >= MOSTLY_RECTANGULAR) | (share >= LARGE_GROUND))
    # What a slide has beside its text, and what a scanner saw beside the page.
    ground |= at_edge & large & ((flat.rectangularity >= RECTANGULAR) | (spread >= WHOLE_PAGE))
    known = flat.colours[ground]
    for index in np.flatnonzero(large & ~ground):
        ground[index] = bool((np.abs(known - flat.colours[index]).max(axis=1) <= SAME_COLOUR).any())
    return np.asarray(ground, np.bool_)


def _pictures(flat: Flat, lines: Boxes, line_height: float, rules: Boxes) -> list[Box]:
    ink = _ink(flat, lines, rules)
    kernel = _kernel(GAP * line_height)
    joined: Mask = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_CONSTANT).astype(np.uint8)
    boxes = [box for box in _picture_boxes(joined, lines, line_height) if max(sides(box)) >= LEAST_PART * line_height]
    boxes = [box for box in _merged(boxes, lines, line_height) if _is_picture(box, ink, joined, lines, line_height)]
    boxes = _merged([_with_rules(box, rules, lines, line_height) for box in boxes], lines, line_height)
    for axes in axes_in(rules, lines, line_height) if boxes else ():
        boxes = _with_axes(boxes, axes, lines, ink.size)
    return [box for box in boxes if not _is_page(box, lines, ink.size)]


def _with_axes(boxes: list[Box], axes: Axes, lines: Boxes, pixels: int) -> list[Box]:
    """All that stands between the axes of a chart is one picture with them, as far as it fills them."""
    parts = [box for box in boxes if common(box, axes.frame) > area(box) / 2]
    whole = around([axes.labelled, *parts])
    drawn = [part / side for part, side in zip(sides(around(parts or [axes.frame])), sides(axes.frame), strict=True)]
    is_text = text_share(axes.frame, lines) > TEXT_IN_FRAME or _is_page(whole, lines, pixels)
    if not parts or min(drawn) < DRAWN or is_text:
        return boxes
    return [*(box for box in boxes if box not in parts), whole]


def _is_page(box: Box, lines: Boxes, pixels: int) -> bool:
    """Whether it is a page, or a large part of one, that has pictures in it."""
    is_large = area(box) > LARGEST_DRAWING * pixels
    return area(box) > WHOLE_PAGE * pixels or (is_large and text_share(box, lines) > TEXT_IN_LARGE)


def _picture_boxes(joined: Mask, lines: Boxes, line_height: float) -> list[Box]:
    """A box for each group of ink; for what is solid in it alone, where lines lead far away from that."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = []
    for index in range(1, count):
        box, inked = _box(stats[index]), int(stats[index, cv2.CC_STAT_AREA])
        left, top, right, bottom = (int(side) for side in box)
        is_drawing = area(box) <= LARGEST_DRAWING * joined.size or text_share(box, lines) <= TEXT_IN_DRAWING
        if is_drawing or inked >= SOLID * area(box):
            boxes.append(box)
        else:
            part = (labels[top:bottom, left:right] == index).astype(np.uint8)
            solid = cv2.morphologyEx(part, cv2.MORPH_OPEN, _kernel(THIN * line_height))
            inner = cv2.connectedComponentsWithStats(solid, connectivity=8)[2][1:]
            boxes += [(a + left, b + top, c + left, d + top) for a, b, c, d in map(_box, inner)]
    return boxes


def _kernel(side: float) -> Mask:
    return np.ones((max(int(side), 3), max(int(side), 3)), np.uint8)


def _ink(flat: Flat, lines: Boxes, rules: Boxes) -> Mask:
    """What is neither ground nor text nor a rule nor the edge of a flat rectangle."""
    everything = (~flat.is_ground).astype(np.uint8)[flat.labels]
    # Single pixels are what is left of letters.
    ink: Mask = cv2.morphologyEx(everything, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(np.uint8)
    for left, top, right, bottom in flat.boxes[flat.is_ground & (flat.rectangularity >= RECTANGULAR)].astype(int):
        cv2.rectangle(ink, (left - 1, top - 1), (right, bottom), 0, 4)
    for left, top, right, bottom in np.concatenate((rules + RIM, lines[flat.is_ground[flat.around]])):
        cv2.rectangle(ink, (int(left), int(top)), (int(right), int(bottom)), 0, cv2.FILLED)
    return ink


def _box(stat: NDArray[Any]) -> Box:
    left, top, width, height = (float(value) for value in stat[:4])
    return (left, top, left + width, top + height)


def _merged(boxes: list[Box], lines: Boxes, line_height: float) -> list[Box]:
    """The boxes around those that overlap, and around small ones that stand close together, such as a chart's bars."""
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda box: -area(box)):
        whole = box
        while near := [other for other in merged if _belong_together(whole, other, lines, line_height)]:
            merged = [other for other in merged if other not in near]
            whole = around([whole, *near])
        merged.append(whole)
    return merged


def _belong_together(box: Box, other: Box, lines: Boxes, line_height: float) -> bool:
    if common(box, other) > OVERLAP * min(area(box), area(other)):
        return True
    narrow = min(sides(box) + sides(other))
    is_part = LEAST_WIDTH * line_height <= narrow <= SMALL * line_height
    return is_part and are_near(box, other, NEAR * line_height) and not _has_text_between(box, other, lines)


def _has_text_between(box: Box, other: Box, lines: Boxes) -> bool:
    """Whether the box around both touches a line of text that neither of them does."""
    whole = _touched(around([box, other]), lines)
    return bool((whole & ~_touched(box, lines) & ~_touched(other, lines)).any())


def _touched(box: Box, lines: Boxes) -> NDArray[np.bool_]:
    left, top, right, bottom = lines.T
    touched: NDArray[np.bool_] = (left < box[2]) & (right > box[0]) & (top < box[3]) & (bottom > box[1])
    return touched


def _is_picture(box: Box, ink: Mask, joined: Mask, lines: Boxes, line_height: float) -> bool:
    left, top, right, bottom = (round(side) for side in box)
    height, width = ink.shape
    if min(right - left, bottom - top) < LEAST_PICTURE * line_height or area(box) < LEAST_PICTURE_AREA * ink.size:
        return False
    beside = EDGE_OF_SCAN * width >= right - left and (left <= 1 or right >= width - 1)
    beyond = EDGE_OF_SCAN * height >= bottom - top and (top <= 1 or bottom >= height - 1)
    if beside or beyond:
        return False
    inked, text = float(ink[top:bottom, left:right].mean()), text_share(box, lines)
    if inked < LEAST_INK or text > MOST_TEXT or inked < text / 2:
        return False
    is_solid = inked >= SOLID and not _is_under_text(box, joined, lines, line_height)
    return is_solid or not _cuts_text(box, lines, line_height)


def _cuts_text(box: Box, lines: Boxes, line_height: float) -> bool:
    """Whether its edges cut lines of text: what lies between words or letters is no picture."""
    left, top, right, bottom = lines.T
    across = np.minimum(right, box[2]) - np.maximum(left, box[0])
    down = np.minimum(bottom, box[3]) - np.maximum(top, box[1])
    cut = (across > 2 * line_height) & (down > line_height / 2) & (right - left - across > 3 * line_height)
    return int(cut.sum()) > 1


def _is_under_text(box: Box, joined: Mask, lines: Boxes, line_height: float) -> bool:
    """Whether lines of text run over its ink and far beyond, as over a watermark."""
    left, top, right, bottom = lines.T
    across = np.minimum(right, box[2]) - np.maximum(left, box[0])
    down = np.minimum(bottom, box[3]) - np.maximum(top, box[1])
    is_long = right - left > np.maximum(2 * across, LONG_TEXT * (box[2] - box[0]))
    runs_through = lines[(across > line_height) & (down > line_height / 2) & is_long].astype(int)
    return any(float(joined[b:d, a:c].mean()) > OVER_INK for a, b, c, d in runs_through.clip(0) if d > b and c > a)


def _with_rules(box: Box, rules: Boxes, lines: Boxes, line_height: float) -> Box:
    """The box with the rules that frame it or lie in it; without those that frame text beside it."""
    left, top, right, bottom = box
    across, down = BEYOND * (right - left), BEYOND * (bottom - top)
    near = [
        (a, b, c, d)
        for a, b, c, d in rules.tolist()
        if are_near(box, (a, b, c, d), line_height)
        and max(left - a, c - right) <= across
        and max(top - b, d - bottom) <= down
    ]
    framed = around([box, *near])
    holds_text = text_share(framed, lines) > TEXT_IN_FRAME or _cuts_text(framed, lines, line_height)
    return box if holds_text else framed


def _fills(flat: Flat, pictures: list[Box], line_height: float) -> list[Box]:
    height, width = flat.labels.shape
    main = flat.colours[int(np.argmax(flat.areas))] if len(flat.areas) > 1 else np.zeros(3)
    fills = []
    left, top, right, bottom = flat.boxes.T
    covers = (right - left) * (bottom - top) / (width * height)
    chosen = flat.hosts & (flat.rectangularity >= RECTANGULAR) & (covers < WHOLE_PAGE)
    for index in np.flatnonzero(chosen):
        if np.abs(flat.colours[index] - main).max() <= SAME_COLOUR / 2:
            continue
        a, b, c, d = (float(side) for side in flat.boxes[index])
        box = (a - 1, b - 1, c + 1, d + 1)
        if not any(are_near(box, other, -1.0) for other in pictures):
            fills.append(box)
    return fills
