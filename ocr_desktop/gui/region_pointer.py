"""Which region is selected and which is hovered, also while the regions on show become others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region


class RegionPointer(QObject):
    """Points at regions by their ids.

    Signals:
        region_selected(int | None), region_hovered(int | None): Only where it is another.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selected: int | None = None
        self.hovered: int | None = None

    def select(self, region_id: int | None) -> None:
        if region_id != self.selected:
            self.selected = region_id
            self.region_selected.emit(region_id)

    def hover(self, region_id: int | None) -> None:
        if region_id != self.hovered:
            self.hovered = region_id
            self.region_hovered.emit(region_id)

    def clear(self) -> None:
        self.hover(None)
        self.select(None)

    def select_next(self, ids: list[int], step: int) -> None:
        """Walk along these, from the first or the last where none of them is selected; round at the ends."""
        if not ids:
            return
        if self.selected in ids:
            self.select(ids[(ids.index(self.selected) + step) % len(ids)])
        else:
            self.select(ids[0 if step > 0 else -1])

    def pointed(self, regions: tuple[Region, ...]) -> dict[int, Region]:
        """The selected and the hovered one of these regions, by id."""
        wanted = {self.selected, self.hovered} - {None}
        return {region.id: region for region in regions if region.id in wanted} if wanted else {}

    def carry_over(self, before: dict[int, Region], regions: tuple[Region, ...]) -> None:
        """Point at what became of the regions that were pointed at, or at nothing."""
        if self.selected is None and self.hovered is None:
            return
        ids = {region.id for region in regions}
        if self.selected is not None and self.selected not in ids:
            self.select(_successor(before.get(self.selected), regions))
        if self.hovered is not None and self.hovered not in ids:
            self.hover(_successor(before.get(self.hovered), regions))


def _successor(gone: Region | None, regions: tuple[Region, ...]) -> int | None:
    """The region that holds now what one that is gone held: lines become paragraphs when a reading ends."""
    if gone is None or not gone.boxes:
        return None
    box = gone.boxes[0]
    x, y = (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2
    return next((each.id for each in regions if any(box.contains(x, y) for box in each.boxes)), None)
