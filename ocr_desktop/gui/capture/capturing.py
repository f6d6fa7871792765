"""Captures a part of the screen: from the gesture to the picture, which is then read (`gui.capture.reading`)."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError
from ocr_desktop.gui.capture.clipboard import ClipboardWriter
from ocr_desktop.gui.capture.cutting import cut
from ocr_desktop.gui.capture.endings import CANCELLED, CaptureEnd
from ocr_desktop.gui.capture.geometry import clipped
from ocr_desktop.gui.capture.grabbing import freeze_screens, screen_number, screen_pictures
from ocr_desktop.gui.capture.large_blocks import give_large_blocks_back
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.options import USUAL_OPTIONS, CaptureOptions, area_of, text_of
from ocr_desktop.gui.capture.order import order_of
from ocr_desktop.gui.capture.reading import CaptureReading

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from PySide6.QtGui import QImage, QScreen
    from PySide6.QtWidgets import QWidget

    from ocr_desktop.core.capture_kinds import CaptureKind
    from ocr_desktop.gui.capture.geometry import Area
    from ocr_desktop.gui.capture.order import Order
    from ocr_desktop.gui.capture.screens import FrozenScreen
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

SMALLEST_PICTURE = b"P6\n1 1\n255\n\0\0\0"
VANISHING_S = 0.1
"""Until what was behind a note or the window is drawn again; nothing tells when that is so."""


class SelectionCancelled(Exception):  # noqa: N818  (it is no error)
    """Nothing was selected."""


class Capturing(QObject):
    """Captures as often as somebody wants, one selection at a time; readings go on beside each other.

    Args:
        context: The services.
        settings: Gives the settings as they are now.
        keep: Takes settings, by their names, that are to hold from now on.
        spawn: Starts what takes time, and tells where it fails.

    Signals:
        open_requested(bytes, str, object): The window shall show a picture of this name; its `Document` with what was
            read, or None.
        finished(bool): Of a capture there is nothing more to be seen or done; whether its note was closed by hand.
    """

    open_requested = Signal(bytes, str, object)
    finished = Signal(bool)

    def __init__(
        self,
        context: AppContext,
        *,
        settings: Callable[[], Settings],
        keep: Callable[..., None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        give_large_blocks_back()
        self._context = context
        self._settings = settings
        self._keep = keep
        self._spawn = spawn
        self._is_choosing = False
        self._is_chooser_waiting = False
        self._chooser: ClipboardWriter
        """Of the capture that is being chosen, from its beginning on."""
        self._begun = 0
        self._is_closed = False
        self._notes: list[CaptureNote] = []
        self._waiting: list[CaptureReading] = []
        self.readings: list[CaptureReading] = []
        """Those that are read, or whose note is still to be seen; the latest gesture last."""

    def begin(self, options: CaptureOptions = USUAL_OPTIONS, *, window: QWidget | None = None) -> None:
        """Let the user capture something; what this window covers too."""
        self._begun += 1
        self._spawn(self._begin(options, window))

    async def capture(self, options: CaptureOptions = USUAL_OPTIONS, *, window: QWidget | None = None) -> CaptureEnd:
        """Capture, and wait for the end of the reading; the note may live on.

        A window that is given is out of the way while something is selected. Until then nothing else can be selected:
        that ends with CAPTURE_BUSY.
        """
        self._begun += 1
        try:
            await asyncio.sleep(options.delay_s)
            return await self._capture(options, window)
        finally:
            self._end_one()

    async def _capture(self, options: CaptureOptions, window: QWidget | None) -> CaptureEnd:
        if self._is_choosing:
            return CaptureEnd(error=InputError(ErrorCode.CAPTURE_BUSY))
        self._is_choosing = True
        try:
            self._chooser = ClipboardWriter(self)
            try:
                reading = await self._choose(options, window)
            except BaseException:
                self._chooser.close()
                self._chooser.deleteLater()
                raise
        except SelectionCancelled:
            return CANCELLED
        except OcrDesktopError as error:
            # Who cancelled in a window of the desktop's need not be told on the screen.
            if error.code is not ErrorCode.CAPTURE_CANCELLED:
                self._tell(error, options)
            return CaptureEnd(error=error)
        finally:
            self._is_choosing = False
        reading.begin()
        try:
            return await asyncio.shield(reading.ended)
        except asyncio.CancelledError:
            reading.cancel()
            raise

    @property
    def is_on_show(self) -> bool:
        """Whether something is chosen or read, or a note is there that somebody may still want."""
        return bool(self._begun or self.readings or self._notes)

    @property
    def is_needed(self) -> bool:
        """Whether something is to come, or is in a note and nowhere else."""
        return bool(self._begun) or any(reading.is_needed for reading in self.readings)

    @property
    def is_attended(self) -> bool:
        """Whether somebody is in a note, with the pointer or with the keys."""
        return any(note.is_attended for note in self._all_notes)

    def stop_what_is_not_allowed(self) -> None:
        """Give up sending what may not be sent any more; its note says why, or asks."""
        for reading in self.readings:
            reading.stop_unless_allowed()

    def close(self) -> None:
        """Give up what is being read, and put the notes away."""
        self._is_closed = True
        for reading in tuple(self.readings):
            reading.cancel()
        for note in tuple(self._notes):
            note.close()

    async def _begin(self, options: CaptureOptions, window: QWidget | None) -> None:
        try:
            await self.capture(options, window=window)
        finally:
            self._end_one()

    def _end_one(self) -> None:
        self._begun -= 1
        if not (self.is_on_show or self._is_closed):
            self.finished.emit(False)

    # Choosing

    async def _choose(self, options: CaptureOptions, window: QWidget | None) -> CaptureReading:
        """Let a part of the screen be chosen, unless it was named, and take its pixels.

        Raises:
            SelectionCancelled: By the user.
            OcrDesktopError: CAPTURE_CANCELLED, by the desktop; whatever keeps the screen from being seen, or the engine
                from being asked as it was called.
        """
        order = order_of(options, self._settings(), self._context)
        _check_place(options, [picture.area for _, picture in screen_pictures()])
        self._spawn(self._warm_up(order))
        aside = await self._step_aside(window, options.area)
        try:
            screens = await freeze_screens()
            area, kind = await self._selected(screens, order)
            self._put_away_done()
        finally:
            self._come_back(aside)
            if window is not None:
                window.show()
        rectangle = QRect(area.x, area.y, area.width, area.height)
        picture = await asyncio.to_thread(_picture, screens, area)
        reading = CaptureReading(
            picture,
            kind,
            order,
            self._context,
            self._chooser,
            settings=self._settings,
            allow_host=self._allow_host,
            spawn=self._spawn,
            parent=self,
        )
        reading.note.place_on(_screen_of(rectangle), self._taken_place(rectangle))
        reading.writing.connect(lambda: self._note_waiting(reading))
        reading.written.connect(self._renew_writers)
        reading.open_requested.connect(self.open_requested)
        reading.closed.connect(lambda is_by_hand: self._forget(reading, is_by_hand))
        self.readings.append(reading)
        return reading

    async def _selected(self, screens: tuple[FrozenScreen, ...], order: Order) -> tuple[Area, CaptureKind]:
        options = order.options
        if options.screen is not None:
            return screen_number(screens, options.screen).area, order.kind
        if options.area is not None:
            # Since it was looked at first, a screen can have gone.
            return _clipped(options.area, [screen.area for screen in screens]), order.kind
        from ocr_desktop.gui.capture.overlay import Overlay
        from ocr_desktop.gui.capture.windows import window_areas

        overlay = Overlay(
            screens,
            kind=order.kind,
            kinds=order.kinds,
            destination=order.engine.host or "",
            is_sent=order.engine.host is not None,
            last=area_of(order.settings.capture_region),
            windows=window_areas(),
        )
        selection = await overlay.select()
        if selection is None:
            raise SelectionCancelled
        self._remember(selection.area)
        return selection.area, selection.kind

    def _remember(self, area: Area) -> None:
        settings = self._settings()
        if settings.capture_region != text_of(area):
            self._keep(capture_region=text_of(area))

    def _allow_host(self, host: str) -> None:
        settings = self._settings()
        if host not in settings.allowed_hosts:
            self._keep(allowed_hosts=(*settings.allowed_hosts, host))

    async def _warm_up(self, order: Order) -> None:
        """Start what will read or encode while somebody selects; where that fails the reading does too, and says so."""
        context = self._context
        with contextlib.suppress(OcrDesktopError):
            if order.engine.host is None:
                await context.reader.warm_up()
            elif context.pictures.process_id is None:
                context.intake.release(await context.intake.open_data(SMALLEST_PICTURE, ""))

    # Readings and their notes

    async def _step_aside(self, window: QWidget | None, area: Area | None) -> list[CaptureNote]:
        """Take notes and window out of the next picture, and out of the way; gives the notes that were there.

        Where an area is captured that was named, notes beside it may stay.
        """
        rectangle = None if area is None else QRect(area.x, area.y, area.width, area.height)
        shown = [note for note in self._all_notes if note.isVisible()]
        if rectangle is not None:
            shown = [note for note in shown if note.geometry().intersects(rectangle)]
        for note in shown:
            note.step_aside()
        if window is not None:
            window.hide()
        if shown or window is not None:
            await asyncio.sleep(VANISHING_S)
        return shown

    def _come_back(self, aside: list[CaptureNote]) -> None:
        """Show them again, but for those that have been closed since."""
        for note in self._all_notes:
            if note in aside:
                note.come_back()

    @property
    def _all_notes(self) -> list[CaptureNote]:
        return [*self._notes, *(reading.note for reading in self.readings)]

    def _put_away_done(self) -> None:
        """Close the notes of what is over, now that there is something new; not one that has what is nowhere else."""
        for reading in tuple(self.readings):
            if not reading.is_needed:
                reading.put_away()
        for note in tuple(self._notes):
            self._drop(note, is_by_hand=False)

    def _taken_place(self, captured: QRect) -> QRect:
        """What the next note must not hide: a note that is there already, else what was captured."""
        shown = [reading.note.geometry() for reading in self.readings if reading.note.isVisible()]
        return shown[-1] if shown else captured

    def _note_waiting(self, writing: CaptureReading) -> None:
        """Note which later captures may still write, before an earlier one puts its words on the clipboard."""
        later = self.readings[self.readings.index(writing) + 1 :]
        self._waiting = [each for each in later if each.is_running and not each.writer.has_changed]
        self._is_chooser_waiting = self._is_choosing and not self._chooser.has_changed

    def _renew_writers(self) -> None:
        """Let them write all the same: what came to the clipboard meanwhile is this program's own."""
        for reading in self._waiting:
            reading.use_writer(ClipboardWriter())
        self._waiting = []
        if self._is_chooser_waiting:
            self._chooser.close()
            self._chooser.deleteLater()
            self._chooser = ClipboardWriter(self)
        self._is_chooser_waiting = False

    def _forget(self, reading: CaptureReading, is_by_hand: bool) -> None:
        self.readings.remove(reading)
        self.finished.emit(is_by_hand)

    def _tell(self, error: OcrDesktopError, options: CaptureOptions) -> None:
        """Say in a note why nothing could be captured; who tries again wants the same."""
        note = CaptureNote()
        self._notes.append(note)
        note.closed.connect(lambda: self._drop(note, is_by_hand=True))
        note.retry_requested.connect(lambda: self.begin(options))
        note.retry_requested.connect(lambda: self._drop(note, is_by_hand=False))
        note.place_on(QGuiApplication.primaryScreen())
        note.show_error(error)

    def _drop(self, note: CaptureNote, *, is_by_hand: bool) -> None:
        if note in self._notes:
            self._notes.remove(note)
            note.hide()
            note.deleteLater()
            self.finished.emit(is_by_hand)


def _check_place(options: CaptureOptions, screens: Sequence[Area]) -> None:
    """See that what was named is there, before the desktop is asked for a picture of it.

    Raises:
        InputError: SCREEN_MISSING, REGION_OUTSIDE.
    """
    if options.screen is not None:
        screen_number(screens, options.screen)
    elif options.area is not None:
        _clipped(options.area, screens)


def _clipped(area: Area, screens: Sequence[Area]) -> Area:
    found = clipped(area, screens)
    if found is None:
        shown = "; ".join(map(text_of, screens))
        raise InputError(ErrorCode.REGION_OUTSIDE, region=text_of(area), screens=shown)
    return found


def _picture(screens: tuple[FrozenScreen, ...], area: Area) -> QImage:
    picture = cut(screens, area)
    if picture.isNull():
        raise InputError(ErrorCode.CAPTURE_BLANK)
    return picture


def _screen_of(area: QRect) -> QScreen:
    return QGuiApplication.screenAt(area.center()) or QGuiApplication.primaryScreen()
