"""Captures a part of the screen: from the gesture to the picture, which is then read (`gui.capture.reading`)."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError
from ocr_desktop.gui.capture.clipboard import ClipboardWriter
from ocr_desktop.gui.capture.cutting import cut
from ocr_desktop.gui.capture.endings import CANCELLED, CaptureEnd
from ocr_desktop.gui.capture.geometry import clipped
from ocr_desktop.gui.capture.grabbing import freeze_screens, screen_number
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.options import USUAL_OPTIONS, CaptureOptions, area_of, text_of
from ocr_desktop.gui.capture.order import order_of
from ocr_desktop.gui.capture.reading import CaptureReading

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from PySide6.QtGui import QImage, QScreen

    from ocr_desktop.core.capture_kinds import CaptureKind
    from ocr_desktop.gui.capture.geometry import Area
    from ocr_desktop.gui.capture.order import Order
    from ocr_desktop.gui.capture.screens import FrozenScreen
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

SMALLEST_PICTURE = b"P6\n1 1\n255\n\0\0\0"


class Capturing(QObject):
    """Captures as often as somebody wants, one selection at a time; readings go on beside each other.

    Args:
        context: The services.
        settings: Gives the settings as they are now.
        keep: Takes settings that are to hold from now on.
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
        keep: Callable[[Settings], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._settings = settings
        self._keep = keep
        self._spawn = spawn
        self._is_choosing = False
        self._notes: list[CaptureNote] = []
        self._waiting: list[CaptureReading] = []
        self.readings: list[CaptureReading] = []
        """Those that are read, or whose note is still to be seen; the latest gesture last."""

    def begin(self) -> None:
        """Let the user capture something, as the settings say."""
        self._spawn(self._begin())

    async def capture(self, options: CaptureOptions = USUAL_OPTIONS) -> CaptureEnd:
        """Capture, and wait for the end of the reading; the note may live on.

        While something is being selected nothing else can be: that ends as cancelled.
        """
        if self._is_choosing:
            return CANCELLED
        self._is_choosing = True
        try:
            await asyncio.sleep(options.delay_s)
            writer = ClipboardWriter(self)
            try:
                reading = await self._choose(options, writer)
            except BaseException:
                writer.close()
                writer.deleteLater()
                raise
        except OcrDesktopError as error:
            if error.code is ErrorCode.CAPTURE_CANCELLED:
                return CANCELLED
            self._tell(error)
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
        """Whether something is read, or a note is there that somebody may still want."""
        return bool(self.readings or self._notes)

    @property
    def is_attended(self) -> bool:
        """Whether the pointer or the focus is in a note."""
        notes = (*self._notes, *(reading.note for reading in self.readings))
        return any(note.underMouse() or note.isActiveWindow() for note in notes)

    def close(self) -> None:
        """Give up what is being read, and put the notes away."""
        for reading in tuple(self.readings):
            reading.cancel()
        for note in tuple(self._notes):
            note.close()

    async def _begin(self) -> None:
        await self.capture()

    # Choosing

    async def _choose(self, options: CaptureOptions, writer: ClipboardWriter) -> CaptureReading:
        """Let a part of the screen be chosen, unless it was named, and take its pixels.

        Raises:
            OcrDesktopError: CAPTURE_CANCELLED; whatever keeps the screen from being seen, or the engine from being
                asked as it was called.
        """
        order = order_of(options, self._settings(), self._context)
        self._spawn(self._warm_up(order))
        self._put_away_done()
        screens = await freeze_screens()
        area, kind = await self._selected(screens, order)
        rectangle = QRect(area.x, area.y, area.width, area.height)
        picture = await asyncio.to_thread(_picture, screens, area)
        reading = CaptureReading(
            picture,
            kind,
            order,
            self._context,
            writer,
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
            area = clipped(options.area, [screen.area for screen in screens])
            if area is None:
                raise InputError(ErrorCode.CAPTURE_BLANK)
            return area, order.kind
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
            raise InputError(ErrorCode.CAPTURE_CANCELLED)
        self._remember(selection.area)
        return selection.area, selection.kind

    def _remember(self, area: Area) -> None:
        settings = self._settings()
        if settings.capture_region != text_of(area):
            self._keep(replace(settings, capture_region=text_of(area)))

    def _allow_host(self, host: str) -> None:
        settings = self._settings()
        if host not in settings.allowed_hosts:
            self._keep(replace(settings, allowed_hosts=(*settings.allowed_hosts, host)))

    async def _warm_up(self, order: Order) -> None:
        """Start what will read or encode while somebody selects; where that fails the reading does too, and says so."""
        context = self._context
        with contextlib.suppress(OcrDesktopError):
            if order.engine.host is None:
                await context.reader.warm_up()
            elif context.pictures.process_id is None:
                context.intake.release(await context.intake.open_data(SMALLEST_PICTURE, ""))

    # Readings and their notes

    def _put_away_done(self) -> None:
        """Close the notes of what is done: they would be in the next picture, and what it told of is over."""
        for reading in tuple(self.readings):
            if not reading.is_running and reading.ended.done():
                reading.note.close()
        for note in tuple(self._notes):
            note.close()

    def _taken_place(self, captured: QRect) -> QRect:
        """What the next note must not hide: a note that is there already, else what was captured."""
        shown = [reading.note.geometry() for reading in self.readings if reading.note.isVisible()]
        return shown[-1] if shown else captured

    def _note_waiting(self, writing: CaptureReading) -> None:
        """Note which later captures may still write, before an earlier one puts its words on the clipboard."""
        later = self.readings[self.readings.index(writing) + 1 :]
        self._waiting = [each for each in later if each.is_running and not each.writer.has_changed]

    def _renew_writers(self) -> None:
        """Let them write all the same: what came to the clipboard meanwhile is this program's own."""
        for reading in self._waiting:
            reading.use_writer(ClipboardWriter())
        self._waiting = []

    def _forget(self, reading: CaptureReading, is_by_hand: bool) -> None:
        self.readings.remove(reading)
        self.finished.emit(is_by_hand)

    def _tell(self, error: OcrDesktopError) -> None:
        """Say in a note why nothing could be captured."""
        note = CaptureNote()
        self._notes.append(note)
        note.closed.connect(lambda: self._drop(note))
        note.retry_requested.connect(note.close)
        note.retry_requested.connect(self.begin)
        note.place_on(QGuiApplication.primaryScreen())
        note.show_error(error)

    def _drop(self, note: CaptureNote) -> None:
        if note in self._notes:
            self._notes.remove(note)
            note.deleteLater()
            self.finished.emit(True)


def _picture(screens: tuple[FrozenScreen, ...], area: Area) -> QImage:
    picture = cut(screens, area)
    if picture.isNull():
        raise InputError(ErrorCode.CAPTURE_BLANK)
    return picture


def _screen_of(area: QRect) -> QScreen:
    return QGuiApplication.screenAt(area.center()) or QGuiApplication.primaryScreen()
