"""The regions' boxes over the picture: one item for all of them, found and drawn through a grid."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.appearance import HALO, LabelStyle, label_style
from ocr_desktop.gui.canvas.grid import BoxGrid

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region


@dataclass(frozen=True, slots=True)
class BoxLook:
    """How boxes are drawn: line width in logical screen pixels whatever the zoom, opacity of the inside 0–255."""

    line: int
    fill: int


PLAIN = BoxLook(line=2, fill=0)
THIN = BoxLook(line=1, fill=0)
"""Where boxes are so small on the screen that wider lines would hide what is in them."""
HOVERED = BoxLook(line=2, fill=40)
SELECTED = BoxLook(line=4, fill=64)
HIT = BoxLook(line=3, fill=72)

HALO_WIDTH = 1
"""On each side of a line, logical screen pixels."""
SMALL_SIDE = 12
"""A box whose shorter side is below this, in logical screen pixels, is small."""
REACH = 4
"""How far beyond a box anything of it is drawn, logical screen pixels."""


@dataclass(frozen=True, slots=True)
class _Box:
    region_id: int
    rect: QRectF
    area: float
    style: LabelStyle


class Overlay(QGraphicsItem):
    """Draws the boxes of all regions, in page pixels, and knows what lies under a point."""

    def __init__(self, look: BoxLook = PLAIN) -> None:
        super().__init__()
        self._look = look
        self._regions: tuple[Region, ...] = ()
        self._by_id: dict[int, Region] = {}
        self._boxes: dict[int, _Box] = {}
        self._handles: dict[int, list[int]] = {}
        self._rects_by_style: defaultdict[LabelStyle, dict[int, QRectF]] = defaultdict(dict)
        self._grid = BoxGrid()
        self._next_handle = itertools.count()
        self._selected: int | None = None
        self._hovered: int | None = None
        self._short_sides = 0.0
        self._thin = False
        self._area = QRectF()
        self._unit = 1.0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def regions(self) -> tuple[Region, ...]:
        return self._regions

    def region(self, region_id: int | None) -> Region | None:
        return None if region_id is None else self._by_id.get(region_id)

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Draw these and no others; only what differs from before is touched."""
        same = 0
        for old, new in zip(self._regions, regions, strict=False):
            if old is not new:
                break
            same += 1
        new_by_id = {region.id: region for region in regions[same:]}
        for old in self._regions[same:]:
            if new_by_id.get(old.id) is not old:
                self._remove(old)
        for new in regions[same:]:
            if new.id not in self._by_id:
                self._add(new)
        self._regions = regions
        self._choose_look()

    def place(self, area: QRectF, *, unit: float) -> None:
        """Draw inside this area of the scene, where a logical screen pixel is `unit` page pixels wide."""
        self.prepareGeometryChange()
        self._area = area
        self._unit = unit
        self._choose_look()

    def select(self, region_id: int | None) -> None:
        if region_id != self._selected:
            self._update_region(self._selected)
            self._selected = region_id
            self._update_region(region_id)

    def hover(self, region_id: int | None) -> None:
        if region_id != self._hovered:
            self._update_region(self._hovered)
            self._hovered = region_id
            self._update_region(region_id)

    def region_at(self, x: float, y: float) -> int | None:
        """The id of the region with the smallest box under a point in page pixels, the last of several equal ones."""
        found = self._grid.at(x, y)
        if not found:
            return None
        smallest = min(found, key=lambda handle: (self._boxes[handle].area, -handle))
        return self._boxes[smallest].region_id

    def rects_of(self, region_id: int | None) -> list[QRectF]:
        """A region's boxes in page pixels."""
        return [] if region_id is None else [self._boxes[handle].rect for handle in self._handles.get(region_id, ())]

    def _add(self, region: Region) -> None:
        style = label_style(region.label)
        self._by_id[region.id] = region
        handles = self._handles[region.id] = []
        for box in region.boxes:
            handle = next(self._next_handle)
            rect = QRectF(box.x_min, box.y_min, box.width, box.height)
            handles.append(handle)
            self._boxes[handle] = _Box(region.id, rect, box.width * box.height, style)
            self._rects_by_style[style][handle] = rect
            self._grid.add(handle, box)
            self._short_sides += min(box.width, box.height)
            self._update_rect(rect)

    def _remove(self, region: Region) -> None:
        del self._by_id[region.id]
        for handle in self._handles.pop(region.id):
            box = self._boxes.pop(handle)
            del self._rects_by_style[box.style][handle]
            self._grid.remove(handle)
            self._short_sides -= min(box.rect.width(), box.rect.height())
            self._update_rect(box.rect)

    def _update_region(self, region_id: int | None) -> None:
        for rect in self.rects_of(region_id):
            self._update_rect(rect)

    def _update_rect(self, rect: QRectF) -> None:
        self.update(self._with_reach(rect))

    def _with_reach(self, rect: QRectF) -> QRectF:
        reach = REACH * self._unit
        return rect.adjusted(-reach, -reach, reach, reach)

    def _choose_look(self) -> None:
        """Decide once for all plain boxes, so that a part that is painted anew looks like the rest."""
        thin = self._short_sides < SMALL_SIDE * self._unit * len(self._boxes)
        if thin != self._thin:
            self._thin = thin
            self.update()

    def _exposed_rects(self, exposed: QRectF) -> dict[LabelStyle, list[QRectF]]:
        if exposed.contains(self._area):
            return {style: list(rects.values()) for style, rects in self._rects_by_style.items() if rects}
        area = self._with_reach(exposed)
        rects = defaultdict(list)
        for handle in self._grid.near(PixelBox(area.left(), area.top(), area.right(), area.bottom())):
            box = self._boxes[handle]
            rects[box.style].append(box.rect)
        return rects

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        ratio = painter.device().devicePixelRatio()
        look = THIN if self._thin and self._look is PLAIN else self._look
        _draw_boxes(painter, self._exposed_rects(option.exposedRect), look, ratio)
        for region_id, look in ((self._hovered, HOVERED), (self._selected, SELECTED)):
            region = self.region(region_id)
            if region is not None and region.boxes:
                _draw_boxes(painter, {label_style(region.label): self.rects_of(region_id)}, look, ratio)


def _draw_boxes(painter: QPainter, rects: dict[LabelStyle, list[QRectF]], look: BoxLook, ratio: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(HALO, (look.line + 2 * HALO_WIDTH) * ratio))
    for of_one_style in rects.values():
        painter.drawRects(of_one_style)
    for style, of_one_style in rects.items():
        colour = QColor(style.colour)
        painter.setPen(_pen(colour, look.line * ratio, dashed=style.dashed))
        if look.fill:
            colour.setAlpha(look.fill)
            painter.setBrush(colour)
        painter.drawRects(of_one_style)


def _pen(colour: QColor, width: float, *, dashed: bool = False) -> QPen:
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    pen.setCosmetic(True)
    if dashed:
        pen.setDashPattern([4, 2])
    return pen
