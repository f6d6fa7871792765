"""Where a selection on the desktop lies in the pictures of its screens: pure functions, without Qt.

Two spaces. *Desktop pixels* are logical: what windows and the pointer are placed in, negative left of and above the
first screen, and with empty stretches between screens where a system places them by their real pixels. *Picture
pixels* are those of one screen's picture. The one way from the first to the second is `compose`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

NEARLY = 2
"""Pixels by which a picture of all screens may differ from the layout, where its maker rounded in another way."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in whole logical pixels of the desktop, or in pixels of a picture; the far edge is not part of it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def has(self, x: int, y: int) -> bool:
        """Whether the pixel lies in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def encloses(self, other: Area) -> bool:
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def common(self, other: Area) -> Area | None:
        """What lies in both; None where nothing does."""
        return from_edges(
            max(self.x, other.x),
            max(self.y, other.y),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


def from_edges(x: int, y: int, right: int, bottom: int) -> Area | None:
    """The area between edges, the far ones not part of it; None where it would be empty."""
    return Area(x, y, right - x, bottom - y) if x < right and y < bottom else None


def around(areas: Sequence[Area]) -> Area | None:
    """The smallest area with all of them in it; None for none."""
    if not areas:
        return None
    return from_edges(
        min(area.x for area in areas),
        min(area.y for area in areas),
        max(area.right for area in areas),
        max(area.bottom for area in areas),
    )


def clipped(selection: Area, screens: Sequence[Area]) -> Area | None:
    """What of a selection lies on screens that are there, in desktop pixels; None: nothing any more."""
    return around([common for screen in screens if (common := selection.common(screen)) is not None])


@dataclass(frozen=True, slots=True)
class ScreenPicture:
    """Where a screen lies on the desktop, and the size of its picture in pixels: at least 1 × 1 both."""

    area: Area
    width: int
    height: int

    @property
    def scale(self) -> Fraction:
        """Picture pixels to a desktop pixel, the larger of both axes where rounding made them differ."""
        return max(Fraction(self.width, self.area.width), Fraction(self.height, self.area.height))


@dataclass(frozen=True, slots=True)
class Part:
    """What of one screen's picture goes where.

    Attributes:
        screen: The screen's place in the sequence of screens.
        source: In its picture.
        target: In the composed picture; of the same size unless the screen is coarser than the finest one touched.
    """

    screen: int
    source: Area
    target: Area


@dataclass(frozen=True, slots=True)
class Composition:
    """A picture made of parts of screens, in pixels; places that no part covers show nothing of any screen."""

    width: int
    height: int
    parts: tuple[Part, ...]


def compose(screens: Sequence[ScreenPicture], selection: Area) -> Composition | None:
    """What to copy for a selection in desktop pixels; None where it touches no screen.

    Every picture pixel that the selection touches is taken whole. A selection on several screens has the scale of the
    finest of them; screens that touch each other do so in the result, and a stretch of desktop in which none of them
    lies is left out.
    """
    touched = _touched(screens, selection)
    if not touched:
        return None
    finest = max(screens[index].scale for index in touched)
    across = {index: _across(screens[index], clip) for index, clip in touched.items()}
    down = {index: _down(screens[index], clip) for index, clip in touched.items()}
    columns, rows = _positions(list(across.values()), finest), _positions(list(down.values()), finest)
    parts = tuple(
        Part(
            index,
            _area(across[index].source, down[index].source),
            _area((columns[clip.x], columns[clip.right]), (rows[clip.y], rows[clip.bottom])),
        )
        for index, clip in touched.items()
    )
    return Composition(max(columns.values()), max(rows.values()), parts)


def parts_of_composite(screens: Sequence[ScreenPicture], composite_size: tuple[int, int]) -> tuple[Area, ...]:
    """Where each screen lies in one picture of them all, in its pixels and in the order of the screens.

    The picture may have one scale for the whole desktop, whatever the screens have, or each screen's real pixels: side
    by side as the screens are, or at the positions that they have on the desktop. Where it fits none of these, it is
    taken as the desktop stretched. Each area lies inside the picture and is at least 1 × 1.

    Raises:
        ValueError: No screens, or an empty picture.
    """
    desktop = around([screen.area for screen in screens])
    width, height = composite_size
    if desktop is None or width < 1 or height < 1:
        raise ValueError("a picture without pixels, or of no screens")
    stretched = tuple(_stretched(screen.area, desktop, width, height) for screen in screens)
    if abs(width * desktop.height - height * desktop.width) <= NEARLY * max(desktop.width, desktop.height):
        return stretched
    for layout in (_at_own_places(screens), _side_by_side(screens)):
        extent = around(layout)
        if extent is not None and (extent.width, extent.height) == (width, height) and not _overlap(layout):
            return tuple(Area(each.x - extent.x, each.y - extent.y, each.width, each.height) for each in layout)
    return stretched


def _touched(screens: Sequence[ScreenPicture], selection: Area) -> dict[int, Area]:
    """What of the selection lies on which screen, in the order of the screens; of two that show the same, the finer."""
    found: dict[int, Area] = {}
    for index in sorted(range(len(screens)), key=lambda index: float(screens[index].scale), reverse=True):
        clip = selection.common(screens[index].area)
        if clip is not None and not any(other.encloses(clip) for other in found.values()):
            found[index] = clip
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Span:
    """One axis of what is touched of a screen: desktop pixels `low` to `high`; the screen begins at `start`."""

    low: int
    high: int
    start: int
    length: int
    pixels: int

    @property
    def source(self) -> tuple[int, int]:
        return (
            (self.low - self.start) * self.pixels // self.length,
            -(-(self.high - self.start) * self.pixels // self.length),
        )

    def pixel_at(self, edge: int) -> int:
        """The picture pixel at which an edge lies: outwards at the ends of the span, the nearest one inside."""
        if edge in (self.low, self.high):
            return self.source[edge == self.high]
        return (2 * (edge - self.start) * self.pixels + self.length) // (2 * self.length)

    def is_as_fine_as(self, finest: Fraction) -> bool:
        """Whether the scale is that one but for the rounding of the screen's size to desktop pixels."""
        return abs(self.pixels - self.length * finest) < max(finest, Fraction(1))


def _across(screen: ScreenPicture, clip: Area) -> _Span:
    return _Span(clip.x, clip.right, screen.area.x, screen.area.width, screen.width)


def _down(screen: ScreenPicture, clip: Area) -> _Span:
    return _Span(clip.y, clip.bottom, screen.area.y, screen.area.height, screen.height)


def _positions(spans: Sequence[_Span], finest: Fraction) -> dict[int, int]:
    """Where in the composed picture each edge of the spans lies, so that what touches goes on touching.

    A stretch is as long as it is in the picture of a screen that has the finest scale: so that one is copied as it is.
    """
    edges = sorted({edge for span in spans for edge in (span.low, span.high)})
    positions = {edges[0]: 0}
    for low, high in itertools.pairwise(edges):
        covering = [span for span in spans if span.low <= low and high <= span.high]
        exact = [span.pixel_at(high) - span.pixel_at(low) for span in covering if span.is_as_fine_as(finest)]
        length = max(exact, default=round((high - low) * finest))
        positions[high] = positions[low] + (max(length, 1) if covering else 0)
    return positions


def _area(across: tuple[int, int], down: tuple[int, int]) -> Area:
    return Area(across[0], down[0], across[1] - across[0], down[1] - down[0])


def _stretched(area: Area, desktop: Area, width: int, height: int) -> Area:
    x, right = _stretched_axis(area.x - desktop.x, area.right - desktop.x, desktop.width, width)
    y, bottom = _stretched_axis(area.y - desktop.y, area.bottom - desktop.y, desktop.height, height)
    return Area(x, y, right - x, bottom - y)


def _stretched_axis(low: int, high: int, length: int, pixels: int) -> tuple[int, int]:
    first = min((2 * low * pixels + length) // (2 * length), pixels - 1)
    return first, max((2 * high * pixels + length) // (2 * length), first + 1)


def _at_own_places(screens: Sequence[ScreenPicture]) -> list[Area]:
    return [Area(screen.area.x, screen.area.y, screen.width, screen.height) for screen in screens]


def _side_by_side(screens: Sequence[ScreenPicture]) -> list[Area]:
    """The screens in their own pixels: each after those that end before it begins, on both axes."""
    columns = _packed([_across(screen, screen.area) for screen in screens])
    rows = _packed([_down(screen, screen.area) for screen in screens])
    return [
        Area(column, row, screen.width, screen.height)
        for column, row, screen in zip(columns, rows, screens, strict=True)
    ]


def _packed(spans: Sequence[_Span]) -> list[int]:
    """Where each span begins in pixels, when every stretch is as long as in the finest picture that lies there."""
    edges = sorted({edge for span in spans for edge in (span.low, span.high)})
    positions = {edges[0]: 0}
    for low, high in itertools.pairwise(edges):
        lengths = [span.pixel_at(high) - span.pixel_at(low) for span in spans if span.low <= low and high <= span.high]
        positions[high] = positions[low] + max(lengths, default=0)
    return [positions[span.low] for span in spans]


def _overlap(areas: Sequence[Area]) -> bool:
    return any(one.common(other) is not None for one, other in itertools.combinations(areas, 2))
