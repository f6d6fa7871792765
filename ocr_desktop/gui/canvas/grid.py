"""Which boxes lie where on the page, without looking at all of them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocr_desktop.core.geometry import PixelBox

FINEST_CELL = 128
"""Side of the smallest cells, in page pixels: about the size of a word's box."""
COARSER_BY = 4
"""How much larger the cells of the next grid are."""

_Cell = tuple[int, int]
_Cells = defaultdict[_Cell, set[int]]


class BoxGrid:
    """Boxes in page pixels under whole-number handles, found by place.

    There is a grid for each order of size and a box stands in one of them, in at most 25 cells: ten thousand boxes
    that each cover the whole page cost no more than ten thousand words.
    """

    def __init__(self) -> None:
        self._boxes: dict[int, PixelBox] = {}
        self._grids: dict[int, _Cells] = {}

    def __len__(self) -> int:
        return len(self._boxes)

    def add(self, handle: int, box: PixelBox) -> None:
        """Put a box in; the handle must be free."""
        self._boxes[handle] = box
        side = _cell_side(box)
        cells = self._grids.setdefault(side, defaultdict(set))
        for cell in _cells_of(box, side):
            cells[cell].add(handle)

    def remove(self, handle: int) -> None:
        """Take a box out.

        Raises:
            KeyError: There is no such handle.
        """
        box = self._boxes.pop(handle)
        side = _cell_side(box)
        cells = self._grids[side]
        for cell in _cells_of(box, side):
            cells[cell].discard(handle)
            if not cells[cell]:
                del cells[cell]
        if not cells:
            del self._grids[side]

    def clear(self) -> None:
        self._boxes.clear()
        self._grids.clear()

    def at(self, x: float, y: float) -> list[int]:
        """The handles of the boxes that contain a point, in no order."""
        found: list[int] = []
        for side, cells in self._grids.items():
            here = cells.get((math.floor(x / side), math.floor(y / side)), ())
            found.extend(handle for handle in here if self._boxes[handle].contains(x, y))
        return found

    def near(self, area: PixelBox) -> set[int]:
        """The handles of all boxes that touch an area, and of some that stand close to it."""
        found: set[int] = set()
        for side, cells in self._grids.items():
            wanted = (math.floor(area.x_max / side) - math.floor(area.x_min / side) + 1) * (
                math.floor(area.y_max / side) - math.floor(area.y_min / side) + 1
            )
            if wanted >= len(cells):
                found.update(*cells.values())
            else:
                for cell in _cells_of(area, side):
                    found |= cells.get(cell, set())
        return found


def _cell_side(box: PixelBox) -> int:
    longest = max(box.width, box.height)
    side = FINEST_CELL
    while longest > side * COARSER_BY:
        side *= COARSER_BY
    return side


def _cells_of(box: PixelBox, side: int) -> Iterator[_Cell]:
    rows = range(math.floor(box.y_min / side), math.floor(box.y_max / side) + 1)
    for column in range(math.floor(box.x_min / side), math.floor(box.x_max / side) + 1):
        for row in rows:
            yield (column, row)
