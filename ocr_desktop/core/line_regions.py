"""The regions that the embedded engine's lines make up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Line, Origin, Region
from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.events import FoundRegion
from ocr_desktop.core.geometry import Quad, Size, View, bounds_of, quad_along, quad_bounds, shown_quad_to_page
from ocr_desktop.core.markdown import page_text
from ocr_desktop.core.plain_text import plain_text

if TYPE_CHECKING:
    from ocr_desktop.core.events import LineFound
    from ocr_desktop.core.region_store import RegionStore


class LineRegions:
    """Puts lines into a store as they are found, and then what they turn out to be; used for one answer."""

    def __init__(self, store: RegionStore, page: Size, view: View) -> None:
        self._store = store
        self._page = page
        self._view = view
        self._mark = store.mark()
        self._lines: list[tuple[LineFound, Quad]] = []
        self._order: tuple[int, ...] = ()

    def take_line(self, line: LineFound) -> None:
        self._lines.append((line, shown_quad_to_page(line.quad, self._view, self._page)))
        self._put_line(len(self._lines) - 1)

    def take_revision(self, found: tuple[FoundRegion, ...]) -> None:
        """Put these regions in the place of all earlier ones."""
        self._store.remove_since(self._mark)
        self._order = tuple(index for region in found for index in region.lines)
        for region in found:
            self._put(region)

    def raw(self) -> str:
        """What was read, as text."""
        return page_text(self._store.regions(self._mark.count))

    def lines(self) -> tuple[Line, ...]:
        """The lines themselves, in page pixels, whatever they turned out to be: as they are read, the others behind."""
        in_order = dict.fromkeys((*self._order, *range(len(self._lines))))
        lines = (self._lines[index] for index in in_order)
        return tuple(Line(line.text, quad, line.score, line.edges) for line, quad in lines)

    def _put_line(self, index: int) -> None:
        line, _ = self._lines[index]
        self._put(FoundRegion("line", escaped(line.text), (index,)))

    def _put(self, found: FoundRegion) -> None:
        lines = [self._lines[index] for index in found.lines]
        of_lines = [quad for _, quad in lines]
        quads = [shown_quad_to_page(quad, self._view, self._page) for quad in found.quads] or of_lines
        boxes = tuple(quad_bounds(quad) for quad in quads)
        if not found.quads:
            boxes = (bounds_of(boxes),)
        region = Region(
            id=self._store.new_id(),
            label=found.label,
            text=plain_text(found.markdown) if found.text is None else found.text,
            markdown=found.markdown,
            boxes=boxes,
            quad=quads[0] if len(quads) == 1 else quad_along(bounds_of(boxes), _direction(quads)),
            score=_score(lines) if found.score is None else found.score,
            origin=Origin.EMBEDDED,
        )
        self._store.put(region)


def _score(lines: list[tuple[LineFound, Quad]]) -> float | None:
    """How sure the engine is of these lines, by their lengths; None for what is no text."""
    length = sum(len(line.text) for line, _ in lines)
    return sum(line.score * len(line.text) for line, _ in lines) / length if length else None


def _direction(quads: list[Quad]) -> float:
    """The angle in which most of the lines run, clockwise and in radians."""
    return math.atan2(
        sum(quad[1][1] - quad[0][1] for quad in quads),
        sum(quad[1][0] - quad[0][0] for quad in quads),
    )
