"""Regions' boxes as one layer over the picture: which there are, where they lie, what changed."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.appearance import LabelStyle, label_style
from ocr_desktop.gui.canvas.grid import BoxGrid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocr_desktop.core.document import Region

MANY_CHANGES = 500
"""From so many boxes on that come or go at once, all is drawn anew instead of each place for itself."""
COMPARED_AT_ONCE = 512

_RectsByStyle = dict[LabelStyle, list[QRectF]]


@dataclass(slots=True)
class LayerChange:
    """What a layer shows that it did not, and the reverse.

    Attributes:
        added: Handles of the boxes that are new.
        removed: Where boxes are gone, page pixels.
    """

    added: list[int] = field(default_factory=list)
    removed: list[QRectF] = field(default_factory=list)

    @property
    def is_large(self) -> bool:
        return len(self.added) + len(self.removed) >= MANY_CHANGES


@dataclass(frozen=True, slots=True)
class _Box:
    region_id: int
    label: str
    rect: QRectF
    area: float


class BoxLayer:
    """The boxes of some regions in page pixels, each under a handle of its own."""

    def __init__(self) -> None:
        self._regions: tuple[Region, ...] = ()
        self._by_id: dict[int, Region] = {}
        self._boxes: dict[int, _Box] = {}
        self._handles: dict[int, list[int]] = {}
        self._grid = BoxGrid()
        self._next_handle = itertools.count()
        self._counts: Counter[str] = Counter()
        self._short_sides = 0.0
        self.hidden: frozenset[str] = frozenset()
        """Labels whose boxes are neither drawn nor found under a point."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many regions with boxes there are of each label."""
        return self._counts

    @property
    def mean_short_side(self) -> float:
        """Of all boxes, in page pixels; 0 where there are none."""
        return self._short_sides / len(self._boxes) if self._boxes else 0.0

    def __len__(self) -> int:
        return len(self._boxes)

    def region(self, region_id: int | None) -> Region | None:
        return None if region_id is None else self._by_id.get(region_id)

    def show_regions(self, regions: tuple[Region, ...]) -> LayerChange:
        """Hold these regions and no others; only what differs from before costs anything."""
        change = LayerChange()
        same = _equal_at_start(self._regions, regions)
        new_by_id = {region.id: region for region in regions[same:]}
        for old in self._regions[same:]:
            new = new_by_id.get(old.id)
            if new is not None and new.boxes == old.boxes and new.label == old.label:
                self._by_id[old.id] = new
            else:
                self._remove(old, change)
        for new in regions[same:]:
            if new.id not in self._by_id:
                self._add(new, change)
        self._regions = regions
        return change

    def region_at(self, x: float, y: float) -> int | None:
        """The id of the region with the smallest box under a point in page pixels, the last of several equal ones."""
        found = self._grid.at(x, y)
        if self.hidden:
            found = [handle for handle in found if self._boxes[handle].label not in self.hidden]
        if not found:
            return None
        smallest = min(found, key=lambda handle: (self._boxes[handle].area, -handle))
        return self._boxes[smallest].region_id

    def rects_of(self, region_id: int | None) -> list[QRectF]:
        """A region's boxes in page pixels, hidden or not."""
        return [] if region_id is None else [self._boxes[handle].rect for handle in self._handles.get(region_id, ())]

    def rect(self, handle: int) -> QRectF:
        return self._boxes[handle].rect

    def covering(self, area: QRectF) -> list[QRectF]:
        """All boxes near an area, hidden ones too: what is not on show still covers."""
        return [self._boxes[handle].rect for handle in self._near(area)]

    def drawn(self, area: QRectF) -> _RectsByStyle:
        """The boxes near an area that are on show."""
        return self._by_style(self._near(area))

    def drawn_of(self, handles: Iterable[int]) -> _RectsByStyle:
        """Those of some boxes that are on show and still there."""
        return self._by_style(handle for handle in handles if handle in self._boxes)

    def _near(self, area: QRectF) -> set[int]:
        return self._grid.near(PixelBox(area.left(), area.top(), area.right(), area.bottom()))

    def _by_style(self, handles: Iterable[int]) -> _RectsByStyle:
        by_label: defaultdict[str, list[QRectF]] = defaultdict(list)
        for handle in handles:
            box = self._boxes[handle]
            by_label[box.label].append(box.rect)
        by_style: defaultdict[LabelStyle, list[QRectF]] = defaultdict(list)
        # Always in the same order, or boxes over one another would change places from tile to tile.
        for label in sorted(by_label.keys() - self.hidden):
            by_style[label_style(label)] += by_label[label]
        return by_style

    def _add(self, region: Region, change: LayerChange) -> None:
        self._by_id[region.id] = region
        handles = self._handles[region.id] = []
        self._counts[region.label] += bool(region.boxes)
        for box in region.boxes:
            handle = next(self._next_handle)
            rect = QRectF(box.x_min, box.y_min, box.width, box.height)
            handles.append(handle)
            self._boxes[handle] = _Box(region.id, region.label, rect, box.width * box.height)
            self._grid.add(handle, box)
            self._short_sides += min(box.width, box.height)
            change.added.append(handle)

    def _remove(self, region: Region, change: LayerChange) -> None:
        del self._by_id[region.id]
        self._counts[region.label] -= bool(region.boxes)
        if not self._counts[region.label]:
            del self._counts[region.label]
        for handle in self._handles.pop(region.id):
            box = self._boxes.pop(handle)
            self._grid.remove(handle)
            self._short_sides -= min(box.rect.width(), box.rect.height())
            change.removed.append(box.rect)


def _equal_at_start(old: tuple[Region, ...], new: tuple[Region, ...]) -> int:
    """How many regions are the same; compared in stretches, which is a matter of microseconds for thousands."""
    same = 0
    while same < len(old) and old[same : same + COMPARED_AT_ONCE] == new[same : same + COMPARED_AT_ONCE]:
        same = min(same + COMPARED_AT_ONCE, len(old))
    stretch = slice(same, same + COMPARED_AT_ONCE)
    for one, other in zip(old[stretch], new[stretch], strict=False):
        if one is not other:
            break
        same += 1
    return same
