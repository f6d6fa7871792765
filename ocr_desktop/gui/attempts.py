"""What is asked of an engine in the window: of which picture, for what, of which part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.engines.base import EMBEDDED_ID

if TYPE_CHECKING:
    from ocr_desktop.core.page_parts import IgnoredArea
    from ocr_desktop.core.presets import PresetId
    from ocr_desktop.gui.entries import Entry

PART_MARGIN = 0.2
"""How much of its own height is read around a region, above and below, so that no letter is cut at an edge."""
MOST_PART_MARGIN = 12.0
"""Page pixels."""


@dataclass(frozen=True, slots=True)
class Part:
    """Boxes (page pixels) to read alone, a request each; with `region_id`, to put into that region's place in a run."""

    boxes: tuple[PixelBox, ...]
    run_id: str | None = None
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked last, whether or not it was sent: of which picture, for which terms, of which part, by whom.

    Without terms its text is wanted, without a part all of it. Where it `is_of_many`, nobody waits for this one page.
    """

    entry: Entry
    preset: PresetId
    terms: tuple[str, ...] = ()
    part: Part | None = None
    engine: str = EMBEDDED_ID
    is_of_many: bool = False

    @property
    def is_of_region(self) -> bool:
        """Whether a region is read again, so that nothing on show changes before its end."""
        return self.part is not None and self.part.region_id is not None

    @property
    def wants_text(self) -> bool:
        """Whether the text that the page holds itself is to be taken, where there is some."""
        from ocr_desktop.core.presets import PresetId

        return self.entry.file.takes_text and self.part is None and self.preset is not PresetId.LOCATE

    @property
    def is_void(self) -> bool:
        """Whether a region was to be read again that is gone by now."""
        if self.part is None or self.part.region_id is None:
            return False
        from ocr_desktop.core.edits import edited_regions

        run = self.entry.run(self.part.run_id)
        return run is None or all(region.id != self.part.region_id for region in edited_regions(run))


def views_of(entry: Entry, size: Size, ignored: tuple[IgnoredArea, ...], part: Part | None = None) -> tuple[View, ...]:
    """What is shown to the engine, as the user sees it: upright as the picture was turned, a part a little larger."""
    left_out = tuple(area.on(size) for area in ignored)
    if part is None:
        return (View(entry.turns, entry.crop, left_out),)
    if part.region_id is None:
        # Who draws an area means all that is in it.
        return tuple(View(entry.turns, box) for box in part.boxes)
    return tuple(View(entry.turns, _with_margin(box, size), left_out) for box in part.boxes)


def _with_margin(box: PixelBox, size: Size) -> PixelBox:
    margin = min(PART_MARGIN * min(box.width, box.height), MOST_PART_MARGIN)
    return PixelBox(
        max(box.x_min - margin, 0),
        max(box.y_min - margin, 0),
        min(box.x_max + margin, size.width),
        min(box.y_max + margin, size.height),
    )
