"""Where the lines of a picture stand: first as the detector sees the whole, then closer where more is to be seen.

The detector sees a picture with a longest side of `DETECTION_SIDE` pixels. That is enough for a page, however large its
scan, since the scan's letters are as large. Where the picture is large and its letters are small, such as three screens
side by side, it is looked at again in tiles.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ocr_desktop.worker.pieces import DETECTION_SIDE, Picture

Corners: TypeAlias = NDArray[np.float32]
"""4 × 2: of a line, top left, top right, bottom right, bottom left; of its box as it lies, or as it is read."""
Detect: TypeAlias = Callable[[Picture], list[Corners]]

CLOSE_ENOUGH = 2400
"""A picture with no side above this hides no letters from the detector."""
TILE, OVERLAP = DETECTION_SIDE, 160
BLOCK = 32
"""Detail is counted in squares of so many pixels."""
CHANGE = 40
"""Between neighbouring pixels, of 255: the edge of a letter."""
BUSY = 0.03
"""A square with so much change in it may hold letters."""
BUSY_SQUARES = 12
"""A tile with fewer of them is not worth a look."""
NEW_LINES = 3
"""So many lines that only a closer look shows are reason for looking everywhere."""
SAME_HEIGHT = 0.5
"""Lines of at least so much of the other's thickness are seen as one."""


class Tile(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    def of(self, picture: Picture) -> Picture:
        return picture[self.top : self.bottom, self.left : self.right]


def boxes_in(picture: Picture, detect: Detect, is_stopped: Callable[[], bool]) -> list[Corners]:
    """The boxes of the lines in a picture, each from its top left corner on; as far as was looked when stopped."""
    boxes = _seen_small(picture, detect)
    if max(picture.shape[:2]) <= CLOSE_ENOUGH:
        return boxes
    detail = _detail(picture)
    hidden = _without(detail, boxes)
    first = max(_tiles(picture, hidden), key=partial(_squares, hidden), default=None)
    if first is None or is_stopped():
        return boxes
    closer = [_looked(picture, first, detect)]
    if _compared(boxes, closer[0])[1].sum() < NEW_LINES:
        return boxes
    # What was seen of the whole may be many lines taken for one, so all is looked at.
    for tile in _tiles(picture, detail):
        if is_stopped():
            return boxes
        if tile != first:
            closer.append(_looked(picture, tile, detect))
    return _put_together(boxes, closer)


def _looked(picture: Picture, tile: Tile, detect: Detect) -> list[Corners]:
    offset = np.array([tile.left, tile.top], np.float32)
    return [box + offset for box in detect(np.ascontiguousarray(tile.of(picture)))]


def _seen_small(picture: Picture, detect: Detect) -> list[Corners]:
    """The boxes in a picture that the detector would make smaller without care."""
    import cv2

    height, width = picture.shape[:2]
    scale = 2 * DETECTION_SIDE / max(height, width)
    if scale >= 1:
        return detect(picture)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    back = np.array([width / size[0], height / size[1]], np.float32)
    return [box * back for box in detect(small)]


def _detail(picture: Picture) -> NDArray[np.bool_]:
    """Which squares of `BLOCK` pixels may hold letters."""
    import cv2

    rows, columns = (-(-side // BLOCK) for side in picture.shape[:2])
    busy = np.zeros((rows, columns), np.bool_)
    for row in range(rows):
        band = cv2.cvtColor(np.ascontiguousarray(picture[row * BLOCK : (row + 1) * BLOCK]), cv2.COLOR_BGR2GRAY)
        change = (cv2.absdiff(band[:, 1:], band[:, :-1]) > CHANGE).sum(axis=0)
        shares = np.add.reduceat(change, np.arange(0, len(change), BLOCK)) / (BLOCK * BLOCK)
        busy[row, : len(shares)] = shares > BUSY
    return busy


def _without(detail: NDArray[np.bool_], boxes: Sequence[Corners]) -> NDArray[np.bool_]:
    """The squares that are in no box."""
    hidden = detail.copy()
    for box in boxes:
        low, high = (box.min(axis=0) // BLOCK).astype(int), (box.max(axis=0) // BLOCK).astype(int)
        hidden[low[1] : high[1] + 1, low[0] : high[0] + 1] = False
    return hidden


def _squares(detail: NDArray[np.bool_], tile: Tile) -> int:
    left, top, right, bottom = (-(-side // BLOCK) for side in tile)
    return int(detail[top:bottom, left:right].sum())


def _tiles(picture: Picture, detail: NDArray[np.bool_]) -> Iterator[Tile]:
    """Tiles that cover what may hold letters; neighbours overlap."""
    height, width = picture.shape[:2]
    for top, left in itertools.product(_starts(height), _starts(width)):
        tile = Tile(left, top, min(left + TILE, width), min(top + TILE, height))
        if _squares(detail, tile) >= BUSY_SQUARES:
            yield tile


def _starts(side: int) -> list[int]:
    count = max(-(-(side - OVERLAP) // (TILE - OVERLAP)), 1)
    return [round(at * max(side - TILE, 0) / max(count - 1, 1)) for at in range(count)]


def _put_together(boxes: Sequence[Corners], tiles: Sequence[Sequence[Corners]]) -> list[Corners]:
    """What was seen of the whole, without what a closer look shows better, and the lines of the tiles, each once."""
    closer = [box for seen in tiles for box in seen]
    tile_of = np.repeat(np.arange(len(tiles)), [len(seen) for seen in tiles])
    is_kept, is_new = _compared(boxes, closer)
    kept = [box for box, is_line in zip(boxes, is_kept, strict=True) if is_line]
    new = [box for box, is_other in zip(closer, is_new, strict=True) if is_other]
    return kept + _joined(new, tile_of[is_new])


def _compared(boxes: Sequence[Corners], closer: Sequence[Corners]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of the whole's boxes are lines, and which of the closer ones are others than those."""
    owners = _owners(closer, boxes)
    thicknesses, whole = _thicknesses(closer), _thicknesses(boxes)
    is_kept, is_new = np.ones(len(boxes), np.bool_), owners < 0
    for index in np.unique(owners[owners >= 0]):
        inside = owners == index
        if float(np.median(thicknesses[inside])) < SAME_HEIGHT * whole[index]:
            is_kept[index] = False
            is_new |= inside
    return is_kept, is_new


def _owners(closer: Sequence[Corners], boxes: Sequence[Corners]) -> NDArray[np.intp]:
    """For each box the one of the others that its middle lies in; -1 where there is none."""
    owners = np.full(len(closer), -1, np.intp)
    if closer and boxes:
        middles = np.array([box.mean(axis=0) for box in closer])
        bounds = _bounds(boxes)
        for index, (left, top, right, bottom) in enumerate(bounds):
            owners[
                (middles[:, 0] >= left) & (middles[:, 0] <= right) & (middles[:, 1] >= top) & (middles[:, 1] <= bottom)
            ] = index
    return owners


def _joined(boxes: Sequence[Corners], tile_of: NDArray[np.intp]) -> list[Corners]:
    """Parts of one line that neighbouring tiles saw become its whole."""
    if not boxes:
        return []
    bounds = _bounds(boxes)
    group = list(range(len(boxes)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    for index, (left, top, right, bottom) in enumerate(bounds):
        across = np.minimum(bounds[:, 2], right) - np.maximum(bounds[:, 0], left)
        down = np.minimum(bounds[:, 3], bottom) - np.maximum(bounds[:, 1], top)
        heights = np.minimum(bounds[:, 3] - bounds[:, 1], bottom - top)
        widths = np.minimum(bounds[:, 2] - bounds[:, 0], right - left)
        is_level = right - left >= bottom - top
        beside = down >= SAME_HEIGHT * heights if is_level else across >= SAME_HEIGHT * widths
        is_same = (across > 0) & (down > 0) & beside
        # What overlaps within one tile was seen as two lines.
        for other in np.flatnonzero(is_same & (tile_of != tile_of[index])):
            group[root(int(other))] = root(index)
    parts: dict[int, list[int]] = {}
    for index in range(len(boxes)):
        parts.setdefault(root(index), []).append(index)
    return [boxes[part[0]] if len(part) == 1 else _around(bounds[part]) for part in parts.values()]


def _around(bounds: NDArray[np.float32]) -> Corners:
    left, top = bounds[:, :2].min(axis=0)
    right, bottom = bounds[:, 2:].max(axis=0)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _bounds(boxes: Sequence[Corners]) -> NDArray[np.float32]:
    """Left, top, right, bottom of each."""
    corners = np.array(boxes, np.float32).reshape(-1, 4, 2)
    bounds: NDArray[np.float32] = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)
    return bounds


def _thicknesses(boxes: Sequence[Corners]) -> NDArray[np.float32]:
    corners = np.array(boxes, np.float32).reshape(-1, 4, 2)
    sides = [np.linalg.norm(corners[:, end] - corners[:, 0], axis=1) for end in (1, 3)]
    thicknesses: NDArray[np.float32] = np.minimum(*sides)
    return thicknesses
