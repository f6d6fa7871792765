"""The regions of a run while it is being made: their ids, their order, and what of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.document import Region


@dataclass(frozen=True, slots=True)
class RegionChanges:
    """What differs from what was told before; `added` and `changed` in the order of their ids."""

    added: tuple[Region, ...]
    changed: tuple[Region, ...]
    removed: tuple[int, ...]


NOTHING_CHANGED = RegionChanges((), (), ())


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to go back to: how many regions there were, and which id came next."""

    count: int
    next_id: int


class RegionStore:
    """Keeps regions by id and in order. Telling what changed costs as much as changed."""

    def __init__(self) -> None:
        self._by_id: dict[int, Region] = {}
        self._order: list[int] = []
        self._order_told: tuple[int, ...] | None = ()
        self._next_id = 0
        self._as_told: dict[int, Region | None] = {}

    def __len__(self) -> int:
        return len(self._order)

    @property
    def order(self) -> tuple[int, ...]:
        """The ids of all regions, in order."""
        if self._order_told is None:
            self._order_told = tuple(self._order)
        return self._order_told

    def regions(self, since: int = 0) -> tuple[Region, ...]:
        """The regions in order, from the one at this place on."""
        return tuple(self._by_id[region_id] for region_id in self._order[since:])

    def new_id(self) -> int:
        """An id that no region has or had."""
        self._next_id += 1
        return self._next_id - 1

    def put(self, region: Region) -> None:
        """Keep a region: behind all others where it is new, else in its place."""
        before = self._by_id.get(region.id)
        if before == region:
            return
        self._as_told.setdefault(region.id, before)
        self._by_id[region.id] = region
        if before is None:
            self._order.append(region.id)
            self._order_told = None

    def move_to_end(self, region_id: int) -> None:
        """Put a region behind the others; cheap for one of the last."""
        place = next(place for place in range(len(self._order) - 1, -1, -1) if self._order[place] == region_id)
        self._order.append(self._order.pop(place))
        self._order_told = None

    def mark(self) -> Mark:
        return Mark(len(self._order), self._next_id)

    def remove_since(self, mark: Mark) -> None:
        """Take away what came since; its ids stay used."""
        self._remove(self._order[mark.count :])
        del self._order[mark.count :]
        self._order_told = None

    def count_again_from(self, mark: Mark) -> int:
        """Take away what came since and give out its ids again, for the same regions; the next id there was."""
        self.remove_since(mark)
        next_id, self._next_id = self._next_id, mark.next_id
        return next_id

    def count_on_from(self, next_id: int) -> None:
        """Go on with this id, or a later one where it is taken."""
        self._next_id = max(self._next_id, next_id)

    def take_changes(self) -> RegionChanges | None:
        """What changed since the last call; None where nothing did."""
        added: list[Region] = []
        changed: list[Region] = []
        removed: list[int] = []
        for region_id, before in sorted(self._as_told.items()):
            now = self._by_id.get(region_id)
            if now is None:
                removed += () if before is None else (region_id,)
            elif before is None:
                added.append(now)
            elif before == now:
                self._by_id[region_id] = before
            else:
                changed.append(now)
        self._as_told.clear()
        if not (added or changed or removed):
            return None
        return RegionChanges(tuple(added), tuple(changed), tuple(removed))

    def _remove(self, region_ids: Iterable[int]) -> None:
        for region_id in region_ids:
            self._as_told.setdefault(region_id, self._by_id[region_id])
            del self._by_id[region_id]
