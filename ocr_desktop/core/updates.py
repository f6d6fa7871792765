"""What a listener is told of a run while it is being read, and what it then knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region


@dataclass(frozen=True, slots=True)
class PageUpdate:
    """What changed in a run since the update before.

    Attributes:
        text_from: From which character on the raw text is replaced.
        text: The raw text from there to its end.
        added: Regions that are new.
        changed: Regions that were there and are different now.
        removed: Ids of regions that are gone.
        order: Ids of all regions, in order.
    """

    run_id: str
    text_from: int
    text: str
    added: tuple[Region, ...]
    changed: tuple[Region, ...]
    removed: tuple[int, ...]
    order: tuple[int, ...]


@dataclass(slots=True)
class LiveRun:
    """What a listener knows of a run that is still being read."""

    raw: str = ""
    by_id: dict[int, Region] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()

    def apply(self, update: PageUpdate) -> None:
        self.raw = self.raw[: update.text_from] + update.text
        for region_id in update.removed:
            del self.by_id[region_id]
        for region in (*update.added, *update.changed):
            self.by_id[region.id] = region
        self.regions = tuple(self.by_id[region_id] for region_id in update.order)
