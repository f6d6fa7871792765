"""`ocr-desktop capture`: asks the program that runs to capture, else does it alone and stays for the clipboard."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode, InputError, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ID
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.display import can_open_window
from ocr_desktop.gui.handover import CaptureRequest, hand_over
from ocr_desktop.services.context import AppContext, default_settings_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.application import WindowLoop
    from ocr_desktop.gui.capture.capturing import Capturing
    from ocr_desktop.gui.tasks import Tasks
    from ocr_desktop.services.settings import Settings

    Tell = Callable[[CaptureResult], int]

ERROR_PATIENCE_S = 8.0
"""How long the note of an error is on show before the program ends, unless somebody is about to click in it."""


def run_capture(arguments: Any, tell: Tell) -> int:
    """Capture as the arguments say; the exit code is what `tell` gave.

    Args:
        arguments: Those of the command (`cli.capture_arguments.CaptureArguments`).
        tell: Prints what came of it, and gives the exit code. Called once, before the wait for the clipboard's sake.

    Raises:
        OcrDesktopError: There is no display, or no such preset.
    """
    options = options_of(arguments)
    if not can_open_window():
        raise InputError(ErrorCode.CAPTURE_UNAVAILABLE, message="there is no display")
    result = captured_there(options)
    if result is not None:
        return tell(result)
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from ocr_desktop.gui import appearance
    from ocr_desktop.gui.application import WindowLoop

    application = QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("ocr-desktop")
    appearance.apply_style(application)
    application.setQuitOnLastWindowClosed(False)

    def loop() -> WindowLoop:
        return WindowLoop(application)

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(_CaptureProgram(options, tell).live())


def options_of(arguments: Any) -> CaptureOptions:
    """What the arguments of the command ask for.

    Raises:
        UsageError: PRESET_UNSUPPORTED, there is no preset, no kind of capture and no saved prompt of this name.
    """
    kind, preset, prompt = _asked(arguments.preset, arguments.engine)
    return CaptureOptions(
        region=arguments.region,
        screen=arguments.screen,
        delay_s=arguments.delay,
        kind=kind,
        preset=preset,
        prompt=prompt,
        engine=arguments.engine,
        base_url=arguments.base_url,
        model=arguments.model,
        timeout_s=arguments.timeout,
        retries=arguments.retries,
        max_tokens=arguments.max_tokens,
        is_offline=arguments.offline,
        writes_clipboard=arguments.clipboard,
        format=arguments.format,
        tables=arguments.tables,
        formulas=arguments.formulas,
    )


def _asked(wanted: str | None, engine: str | None) -> tuple[str | None, str | None, str | None]:
    """The kind of capture, the preset and the prompt that a name stands for."""
    if wanted is None or wanted in list(CaptureKind):
        return wanted, None, None
    if wanted in list(PresetId):
        return None, wanted, None
    saved = {each.id: each for each in AppContext().prompt_file.load().saved}
    if wanted not in saved:
        raise UsageError(ErrorCode.PRESET_UNSUPPORTED, preset=wanted, engine=engine or EMBEDDED_ID)
    return None, saved[wanted].preset.value, saved[wanted].prompt


def captured_there(options: CaptureOptions) -> CaptureResult | None:
    """What the running program captured; None where none runs, or this call is not its business.

    An endpoint that is named may have its key in the environment of this call alone.
    """
    if options.engine not in (None, EMBEDDED_ID):
        return None
    handover = hand_over(CaptureRequest(options.to_values()), default_settings_folder())
    if handover is None:
        return None
    with handover:
        answer = handover.wait()
    result = None if answer is None else CaptureResult.from_values(answer)
    # It was closed meanwhile: whoever did that wants no capture any more.
    return result or CaptureResult(finish=Finish.CANCELLED)


class _CaptureProgram:
    """A program without a window of its own, from the gesture until nobody needs its clipboard."""

    def __init__(self, options: CaptureOptions, tell: Tell) -> None:
        self._options = options
        self._tell = tell
        self._context = AppContext()
        self._settings: Settings = self._context.settings_file.load()
        self._context.offline.is_on = self._settings.stay_offline
        self._context.most_megapixels = self._settings.most_megapixels
        self._done = asyncio.Event()
        self._opened: tuple[bytes, str, Any] | None = None
        self._holds_clipboard = False

    async def live(self) -> int:
        from ocr_desktop.gui import appearance
        from ocr_desktop.gui.capture.capturing import Capturing
        from ocr_desktop.gui.collecting import WindowThreadCollector
        from ocr_desktop.gui.tasks import Tasks

        appearance.apply_colour_scheme(self._settings.colour_scheme)
        tasks = Tasks(lambda _error: self._done.set())
        capturing = Capturing(self._context, settings=lambda: self._settings, keep=self._keep, spawn=tasks.spawn)
        collector = WindowThreadCollector(capturing)
        collector.start()
        capturing.open_requested.connect(self._open)
        capturing.finished.connect(lambda is_by_hand: self._hear_finish(capturing, is_by_hand))
        try:
            code = await self._capture(capturing, tasks)
            if self._opened is not None:
                collector.stop()
                await self._be_the_window()
            return code
        finally:
            capturing.close()
            await tasks.close()
            collector.stop()
            await self._context.close()

    async def _capture(self, capturing: Capturing, tasks: Tasks) -> int:
        loop = asyncio.get_running_loop()
        gesture = asyncio.ensure_future(capturing.capture(self._options))
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, gesture.cancel)
        try:
            end = await gesture
        except asyncio.CancelledError:
            return self._tell(CaptureResult(finish=Finish.CANCELLED))
        from ocr_desktop.gui.capture.order import style_of

        code = self._tell(end.result(self._options.format, style_of(self._options, self._settings)))
        _let_go_of_streams()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._done.set)
        if end.error is not None and end.document is None:
            tasks.spawn(self._lose_patience(capturing))
        await self._stay(capturing)
        return code

    # Staying

    async def _stay(self, capturing: Capturing) -> None:
        """Stay until the note is closed, or another program has put something on the clipboard."""
        from PySide6.QtGui import QGuiApplication

        clipboard = QGuiApplication.clipboard()
        self._holds_clipboard = self._options.writes_clipboard and clipboard.ownsClipboard()
        clipboard.dataChanged.connect(self._hear_clipboard)
        self._hear_finish(capturing, is_by_hand=False)
        await self._done.wait()

    async def _lose_patience(self, capturing: Capturing) -> None:
        """End though the note of an error is still there: whoever called may wait for the exit code."""
        while not self._done.is_set():
            await asyncio.sleep(ERROR_PATIENCE_S)
            if not capturing.is_attended and not any(reading.is_running for reading in capturing.readings):
                self._done.set()

    def _hear_clipboard(self) -> None:
        from PySide6.QtGui import QGuiApplication

        owns = QGuiApplication.clipboard().ownsClipboard()
        if self._holds_clipboard and not owns:
            self._done.set()
        self._holds_clipboard = owns

    def _hear_finish(self, capturing: Capturing, is_by_hand: bool) -> None:
        if is_by_hand or not (capturing.is_on_show or self._holds_clipboard):
            self._done.set()

    # The rest

    def _open(self, data: bytes, name: str, run: Any) -> None:
        self._opened = (data, name, run)
        self._done.set()

    async def _be_the_window(self) -> None:
        """Show the picture in a window, which lives as any other."""
        from ocr_desktop.gui.application import live_with

        opened = self._opened
        assert opened is not None, "something is to be shown"
        await live_with(self._context, lambda window: window.presence.show_captured(*opened))

    def _keep(self, settings: Settings) -> None:
        import contextlib

        from ocr_desktop.core.errors import OutputError

        self._settings = settings
        # Only the next capture would miss it.
        with contextlib.suppress(OutputError):
            self._context.settings_file.save(settings)


def _let_go_of_streams() -> None:
    """Let whoever reads what was printed see its end, though the program goes on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
