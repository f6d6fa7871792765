"""The selection while it is being made, with the mouse or with keys alone; without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ocr_desktop.gui.capture.geometry import Area, around

CLICK_REACH = 3
"""Desktop pixels that a hand trembles in a click; further away it is a drag."""

Point = tuple[int, int]


class Stage(Enum):
    """How far a selection has come."""

    IDLE = "idle"
    PRESSED = "pressed"
    """The button is down, and it is a click as yet."""
    DRAGGING = "dragging"
    DROPPED = "dropped"
    """The button is down and means nothing any more."""
    CORNER = "corner"
    """Keys have set one corner and move the other."""
    MADE = "made"
    """By keys, waiting to be taken."""


class RubberBand:
    """Two corners and the pointer, in desktop pixels; the pixels of both corners are part of the selection.

    Args:
        screens: Where the pointer can be; at least one.
        pointer: Where it is; the nearest place on a screen is taken.
    """

    def __init__(self, screens: Sequence[Area], pointer: Point) -> None:
        self._screens = tuple(screens)
        self._desktop = around(self._screens) or Area(0, 0, 1, 1)
        self.pointer = nearest(pointer, self._screens)
        self._fixed = self._moving = self.pointer
        self.stage = Stage.IDLE

    @property
    def area(self) -> Area | None:
        if self.stage not in (Stage.DRAGGING, Stage.CORNER, Stage.MADE):
            return None
        (x, other_x), (y, other_y) = zip(self._fixed, self._moving, strict=True)
        return Area(min(x, other_x), min(y, other_y), abs(x - other_x) + 1, abs(y - other_y) + 1)

    @property
    def direction(self) -> Point:
        """Where the moving corner lies of the fixed one: -1 left or above, 1 right, below or the same."""
        x, y = (1 if moving >= fixed else -1 for moving, fixed in zip(self._moving, self._fixed, strict=True))
        return x, y

    def press(self, point: Point) -> None:
        self.pointer = self._fixed = self._moving = nearest(point, self._screens)
        self.stage = Stage.PRESSED

    def move(self, point: Point, *, whole: bool = False) -> None:
        """Follow the pointer: its corner does, or the `whole` selection, which stays on the desktop."""
        before, self.pointer = self.pointer, nearest(point, self._screens)
        if self.stage is Stage.PRESSED and _distance(self._fixed, self.pointer) > CLICK_REACH:
            self.stage = Stage.DRAGGING
        if self.stage is not Stage.DRAGGING or self.pointer == before:
            return
        if whole:
            self._shift(self.pointer[0] - before[0], self.pointer[1] - before[1])
        else:
            self._moving = self.pointer

    def release(self) -> tuple[Area | None, bool]:
        """The button went up: what was dragged, and whether it was a click instead."""
        area, is_click = self.area if self.stage is Stage.DRAGGING else None, self.stage is Stage.PRESSED
        if self.stage in (Stage.PRESSED, Stage.DRAGGING, Stage.DROPPED):
            self.stage = Stage.IDLE
        return area, is_click

    def drop(self) -> bool:
        """Take the selection away; whether there was one."""
        if self.stage is Stage.IDLE:
            return False
        is_held = self.stage in (Stage.PRESSED, Stage.DRAGGING, Stage.DROPPED)
        was_there = self.stage is not Stage.DROPPED
        self.stage = Stage.DROPPED if is_held else Stage.IDLE
        return was_there

    def set_corner(self) -> None:
        """Begin a selection where the pointer is, or end it there; of one that was made, a new one is begun."""
        if self.stage is Stage.CORNER:
            self.stage = Stage.MADE
        elif self.stage in (Stage.IDLE, Stage.MADE):
            self._fixed = self._moving = self.pointer
            self.stage = Stage.CORNER

    def step(self, x: int, y: int) -> None:
        """A key moves what there is to move: the made selection, else its moving corner, else only the pointer."""
        if self.stage is Stage.MADE:
            self._shift(x, y)
            self.pointer = nearest(self._moving, self._screens)
        elif self.stage is Stage.DRAGGING:
            self._moving = self._on_desktop(self._moving[0] + x, self._moving[1] + y)
        elif self.stage in (Stage.IDLE, Stage.CORNER):
            self.pointer = stepped(self.pointer, x, y, self._screens)
            self._moving = self.pointer

    def resize(self, x: int, y: int) -> None:
        """A key moves the moving corner of what was made; without a selection it moves the pointer."""
        if self.stage is Stage.MADE:
            self._moving = self._on_desktop(self._moving[0] + x, self._moving[1] + y)
            self.pointer = nearest(self._moving, self._screens)
        else:
            self.step(x, y)

    def _shift(self, x: int, y: int) -> None:
        area, desktop = self.area, self._desktop
        if area is None:
            return
        x = min(max(x, desktop.x - area.x), desktop.right - area.right)
        y = min(max(y, desktop.y - area.y), desktop.bottom - area.bottom)
        self._fixed = (self._fixed[0] + x, self._fixed[1] + y)
        self._moving = (self._moving[0] + x, self._moving[1] + y)

    def _on_desktop(self, x: int, y: int) -> Point:
        return _inside((x, y), self._desktop)


def nearest(point: Point, screens: Sequence[Area]) -> Point:
    """The pixel on a screen that lies nearest."""
    return min((_inside(point, screen) for screen in screens), key=lambda each: _distance(point, each))


def stepped(point: Point, x: int, y: int, screens: Sequence[Area]) -> Point:
    """A pixel further by a step on one axis; at a screen's edge straight on to the next one, else as far as it goes."""
    wanted = (point[0] + x, point[1] + y)
    if any(screen.has(*wanted) for screen in screens):
        return wanted
    places = [_inside(wanted, screen) for screen in screens]
    straight = [place for place in places if (place[0] == wanted[0] if x == 0 else place[1] == wanted[1])]
    ahead = [place for place in straight if (place[0] - point[0]) * x + (place[1] - point[1]) * y > 0]
    return min(ahead, key=lambda place: _distance(wanted, place), default=point)


def _inside(point: Point, area: Area) -> Point:
    return min(max(point[0], area.x), area.right - 1), min(max(point[1], area.y), area.bottom - 1)


def _distance(one: Point, other: Point) -> int:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
