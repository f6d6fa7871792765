"""The name of the region under the pointer, at its box."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ocr_desktop.gui.appearance import SPACING_SMALL, label_colour
from ocr_desktop.gui.canvas.tag import Tag
from ocr_desktop.gui.labels import short_label_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from ocr_desktop.gui.canvas.page_item import PageItem


class RegionTag(Tag):
    """Names one of the page's own regions, inside the viewport whatever the zoom."""

    def __init__(self, view: QGraphicsView, page_item: PageItem) -> None:
        super().__init__()
        self._view = view
        self._page_item = page_item
        self._region_id: int | None = None

    def name_region(self, region_id: int | None) -> None:
        """Name this region, or none."""
        self._region_id = region_id
        self.follow()

    def follow(self) -> None:
        """Go to the corner of the region's first visible box, after the view, the regions or their names changed."""
        region = self._page_item.plain.region(self._region_id)
        visible = self.visible_rects(self._region_id)
        if region is None or not visible:
            self.hide()
            return
        self.show_text(short_label_name(region.label), label_colour(region.label), self._view.font())
        size = self.boundingRect().size()
        above = visible[0].top() - size.height() - SPACING_SMALL
        x = max(min(visible[0].left(), self._view.viewport().width() - size.width()), 0)
        y = above if above >= 0 else visible[0].top() + SPACING_SMALL
        place = QPointF(math.floor(x), math.floor(y))
        self.setPos(self._view.viewportTransform().inverted()[0].map(place))

    def visible_rects(self, region_id: int | None) -> list[QRectF]:
        """What of a region is on show, in pixels of the viewport."""
        plain, room = self._page_item.plain, QRectF(self._view.viewport().rect())
        region = plain.region(region_id)
        if region is None or region.label in plain.hidden or not self._page_item.boxes_visible:
            return []
        seen = (self._view.viewportTransform().mapRect(rect) for rect in plain.rects_of(region_id))
        return [rect.intersected(room) for rect in seen if rect.intersects(room)]
