"""Choosing a part of the frozen desktop: the rubber band over every screen."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QScreen

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.capture.cutting import screen_picture
from ocr_desktop.gui.capture.geometry import Area, clipped, compose
from ocr_desktop.gui.capture.kind_bar import KIND_KEYS, KindBar
from ocr_desktop.gui.capture.overlay_window import OverlayWindow, Shown
from ocr_desktop.gui.capture.rubber_band import Point, RubberBand, Stage
from ocr_desktop.gui.capture.screens import FrozenScreen

LONG_STEP = 16
"""Pixels of an arrow key with Ctrl."""
NEAR = 40
"""Logical pixels from the bar at which it is in the way of a drag or of the keys' cross."""
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen: an area of the desktop in logical pixels, and what is wanted of it."""

    area: Area
    kind: CaptureKind


class Overlay(QObject):
    """Lies over all screens until something is chosen or the user gives up.

    Args:
        screens: At least one.
        kind: Chosen at first.
        kinds: What the engine of captures can do; the others are shown and cannot be chosen.
        destination: The host that gets the picture, where it `is_sent`.
        last: What was read last; Enter takes it again. It may lie on screens that are gone.
        windows: Of other programs, the topmost first.
    """

    def __init__(
        self,
        screens: tuple[FrozenScreen, ...],
        *,
        kind: CaptureKind,
        kinds: Collection[CaptureKind],
        destination: str,
        is_sent: bool,
        last: Area | None = None,
        windows: tuple[Area, ...] = (),
    ) -> None:
        super().__init__()
        areas = [screen.area for screen in screens]
        self._pictures = [screen_picture(screen) for screen in screens]
        self._areas = areas
        self._kind, self._kinds = kind, frozenset(kinds)
        self._last = None if last is None else clipped(last, areas)
        self._click_areas = [seen for window in windows if (seen := clipped(window, areas)) is not None]
        position = QCursor.pos()
        self._band = RubberBand(areas, (position.x(), position.y()))
        self._has_keys = self._is_on_bar = self._is_press_on_bar = False
        self._chosen: asyncio.Future[Selection | None] | None = None
        self._windows = [OverlayWindow(screen, self._take_key) for screen in screens]
        self._bars = [
            KindBar(window, kinds=self._kinds, destination=destination, is_sent=is_sent) for window in self._windows
        ]
        for window, bar in zip(self._windows, self._bars, strict=True):
            window.pointer_entered.connect(window.take_keys)
            window.pressed.connect(self._press)
            window.moved.connect(self._move)
            window.released.connect(self._release)
            window.drop_requested.connect(self._drop)
            window.closed.connect(self._cancel)
            bar.kind_chosen.connect(self._choose_kind)
            bar.pointer_entered.connect(self._point_at_bar)
            bar.show_kind(kind)

    async def select(self) -> Selection | None:
        """Show it and wait; None where the user gave up, or a screen went away meanwhile. To be called once."""
        self._chosen = asyncio.get_running_loop().create_future()
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(self._lose_screen)
        try:
            self._show()
            return await self._chosen
        finally:
            application.screenRemoved.disconnect(self._lose_screen)
            self._chosen.cancel()
            for window in self._windows:
                window.hide()
                window.deleteLater()

    def _show(self) -> None:
        for window in self._windows:
            window.cover()
        self._refresh()
        self._window_at(self._band.pointer).take_keys()

    # What the mouse does

    def _press(self, position: QPointF) -> None:
        self._has_keys = self._is_on_bar = False
        self._band.press(self._desktop_point(position))
        self._is_press_on_bar = self._is_bar_near(Area(*self._band.pointer, 1, 1), 0)
        self._refresh()

    def _move(self, position: QPointF, whole: bool) -> None:
        point = self._desktop_point(position)
        if self._band.stage in (Stage.CORNER, Stage.MADE):
            # What keys make is not spoiled by a touch of the mouse.
            return
        self._has_keys = self._is_on_bar = False
        self._band.move(point, whole=whole)
        self._refresh()

    def _release(self, position: QPointF) -> None:
        point = self._desktop_point(position)
        if point != self._band.pointer and self._band.stage is Stage.DRAGGING:
            self._band.move(point)
        area, is_click = self._band.release()
        if is_click:
            self._click()
        elif area is not None:
            self._end(area)
        else:
            self._refresh()

    def _click(self) -> None:
        if self._is_press_on_bar:
            self._bar.change_edge()
            self._refresh()
        else:
            self._end(self._click_area())

    def _drop(self) -> None:
        """First the selection goes, then the capture."""
        if self._band.drop():
            self._refresh()
        else:
            self._cancel()

    # What keys do

    def _take_key(self, event: QKeyEvent) -> bool:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in ARROWS:
            self._arrow(key, modifiers)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._drop()
        elif key == Qt.Key.Key_Space:
            self._has_keys = True
            self._band.set_corner()
            self._refresh()
        elif key in KIND_KEYS and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            self._choose_kind(KIND_KEYS[key])
        else:
            return False
        return True

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        length = LONG_STEP if modifiers & Qt.KeyboardModifier.ControlModifier else 1
        x, y = (each * length for each in ARROWS[key])
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._band.resize(x, y)
        else:
            self._band.step(x, y)
        self._has_keys = self._band.stage is not Stage.DRAGGING
        self._refresh()

    def _enter(self) -> None:
        if self._band.area is not None:
            self._end(self._band.area)
        elif self._band.stage is Stage.IDLE:
            self._end(self._last or self._click_area())

    def _choose_kind(self, kind: CaptureKind) -> None:
        if kind in self._kinds:
            self._kind = kind
            for bar in self._bars:
                bar.show_kind(kind)

    # How it ends

    def _end(self, area: Area) -> None:
        seen = clipped(area, self._areas)
        if self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(None if seen is None else Selection(seen, self._kind))

    def _cancel(self) -> None:
        if self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(None)

    def _lose_screen(self, screen: QScreen) -> None:
        """What is frozen is no longer what is there."""
        if any(window.real_screen is screen for window in self._windows):
            self._cancel()

    # What is on show

    def _refresh(self) -> None:
        area, pointer = self._band.area, self._band.pointer
        self._place_bar(area)
        is_free = self._band.stage in (Stage.IDLE, Stage.PRESSED) and not self._is_on_bar
        shown = Shown(
            pointer=None if self._is_on_bar else pointer,
            direction=(1, 1) if area is None else self._band.direction,
            selection=area,
            size="" if area is None else self._size(area),
            target=self._click_area() if is_free else None,
            last=self._last if area is None else None,
            bar=QRect() if self._bar.isHidden() else self._bar.geometry(),
        )
        cursor = Qt.CursorShape.BlankCursor if self._has_keys else Qt.CursorShape.CrossCursor
        for window in self._windows:
            window.show_things(shown)
            if window.cursor().shape() is not cursor:
                window.setCursor(cursor)

    def _place_bar(self, area: Area | None) -> None:
        """Show it on the screen with the pointer, unless it is in the way there."""
        bar = self._bar
        bar.show_hint(self._hint())
        is_in_way = area is not None and self._is_bar_near(area, NEAR)
        if self._has_keys and area is None and self._is_bar_near(Area(*self._band.pointer, 1, 1), NEAR):
            bar.change_edge()
        for each in self._bars:
            if each is not bar or is_in_way:
                each.hide()
        if not is_in_way and bar.isHidden():
            bar.place()
            bar.show()

    def _point_at_bar(self) -> None:
        """The pointer is on the bar: it chooses there, and points at nothing below."""
        if self._band.stage is Stage.IDLE:
            self._is_on_bar, self._has_keys = True, False
            self._refresh()

    def _hint(self) -> str:
        if self._band.stage is Stage.DRAGGING:
            return self.tr("Release to take it · Shift: move it · Esc: drop it")
        if self._band.stage is Stage.CORNER:
            return self.tr("Arrow keys: to the other corner · Space: end there · Enter: take it · Esc: drop it")
        if self._band.stage is Stage.MADE:
            return self.tr("Arrow keys: move it · Shift+arrow keys: resize it · Enter: take it · Esc: drop it")
        if self._has_keys:
            return self.tr("Arrow keys: move, with Ctrl in large steps · Space: begin a corner · Esc: cancel")
        if self._last is None:
            return self.tr("Drag to select · Click or Enter for the window · Esc: cancel")
        return self.tr("Drag to select · Click for the window · Enter: last region · Esc: cancel")

    def _size(self, area: Area) -> str:
        composition = compose(self._pictures, area)
        return "" if composition is None else f"{composition.width} × {composition.height}"

    def _click_area(self) -> Area:
        """What a click takes: the topmost window at the pointer, else the screen."""
        pointer = self._band.pointer
        return next((area for area in [*self._click_areas, *self._areas] if area.has(*pointer)), self._areas[0])

    @property
    def _bar(self) -> KindBar:
        """That of the screen with the pointer."""
        return self._bars[self._windows.index(self._window_at(self._band.pointer))]

    def _is_bar_near(self, area: Area, distance: int) -> bool:
        bar = self._bar.geometry().adjusted(-distance, -distance, distance, distance)
        return bar.intersects(self._window_at(self._band.pointer).window_rect(area))

    def _window_at(self, point: Point) -> OverlayWindow:
        return next((window for window in self._windows if window.area.has(*point)), self._windows[0])

    def _desktop_point(self, position: QPointF) -> Point:
        """The desktop pixel at a global position, which in a drag can lie on another screen than it began."""
        window = next(
            (each for each in self._windows if each.geometry().contains(position.toPoint())),
            self._window_at(self._band.pointer),
        )
        return window.desktop_point(window.mapFromGlobal(position))
