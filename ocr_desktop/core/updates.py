"""What a listener is told of a run while it is being read, and what it then knows."""

from __future__ import annotations

from dataclasses import dataclass
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


class LiveRun:
    """What a listener knows of a run that is still being read.

    Taking an update costs what changed; the whole text and the whole list are made when somebody wants them.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._by_id: dict[int, Region] = {}
        self._order: tuple[int, ...] = ()
        self._regions: tuple[Region, ...] | None = ()

    @property
    def raw(self) -> str:
        """The raw text so far."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions so far, in order."""
        if self._regions is None:
            self._regions = tuple(map(self._by_id.__getitem__, self._order))
        return self._regions

    def apply(self, update: PageUpdate) -> None:
        if update.text_from < self._length:
            self._pieces[:] = [self.raw[: update.text_from]]
        self._pieces.append(update.text)
        self._length = update.text_from + len(update.text)
        for region_id in update.removed:
            del self._by_id[region_id]
        for region in (*update.added, *update.changed):
            self._by_id[region.id] = region
        if update.added or update.changed or update.removed or update.order != self._order:
            self._order = update.order
            self._regions = None
