"""`ocr-desktop capture`: asks the program that runs to capture, else does it alone and stays for the clipboard."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.capture.order import order_of
from ocr_desktop.gui.display import can_open_window
from ocr_desktop.gui.ending import end_at_once
from ocr_desktop.gui.handover import CaptureRequest, hand_over
from ocr_desktop.services.context import AppContext, default_settings_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.application import WindowLoop
    from ocr_desktop.gui.capture.capturing import Capturing
    from ocr_desktop.gui.handover import Request
    from ocr_desktop.gui.handover_server import HandoverServer
    from ocr_desktop.gui.tasks import Tasks
    from ocr_desktop.services.settings import Settings

    Tell = Callable[[CaptureResult], int]

NOTHING_PATIENCE_S = 8.0
"""How long the note of an error, or that no text was found, is on show before the program ends."""
MOST_PATIENCE_S = 64.0
"""That long where somebody seems to be about to click in it."""


def run_capture(arguments: Any, tell: Tell) -> int:
    """Capture as the arguments say; the exit code is what `tell` gave.

    Args:
        arguments: Those of the command (`cli.capture_arguments.CaptureArguments`).
        tell: Prints what came of it, and gives the exit code. Called once, before the wait for the clipboard's sake.

    Raises:
        OcrDesktopError: There is no display, or the engine cannot do what was asked for.
    """
    options = options_of(arguments)
    context = AppContext()
    order_of(options, context.settings_file.load(), context)
    result = captured_there(options)
    if result is not None:
        return tell(result)
    # Where the running program went away, its display may have too.
    if not can_open_window():
        raise InputError(ErrorCode.CAPTURE_UNAVAILABLE, message="there is no display")
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from ocr_desktop.gui import appearance
    from ocr_desktop.gui.application import WindowLoop

    # Not even at the end may another thread collect what Qt is about to destroy (`gui.collecting`).
    gc.disable()
    application = QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("ocr-desktop")
    appearance.apply_style(application)
    application.setQuitOnLastWindowClosed(False)

    def loop() -> WindowLoop:
        return WindowLoop(application)

    with asyncio.Runner(loop_factory=loop) as runner:
        code = runner.run(CaptureProgram(options, tell).live())
    return end_at_once(code)


def options_of(arguments: Any) -> CaptureOptions:
    """What the arguments of the command ask for, once it is known what its preset is."""
    return CaptureOptions(
        region=arguments.region,
        screen=arguments.screen,
        delay_s=arguments.delay,
        kind=arguments.kind,
        preset=arguments.preset,
        prompt=arguments.prompt,
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


def captured_there(options: CaptureOptions) -> CaptureResult | None:
    """What the running program captured; None where none runs any more, or this call is not its business."""
    if not options.may_be_handed_over:
        return None
    handover = hand_over(CaptureRequest(options.to_values()), default_settings_folder())
    if handover is None:
        return None
    with handover:
        answer = handover.wait()
    return None if answer is None else CaptureResult.from_values(answer)


class CaptureProgram:
    """A program without a window of its own, from the gesture until nobody needs its clipboard.

    Meanwhile it captures for second starts too: else its note would be in their pictures.
    """

    def __init__(self, options: CaptureOptions, tell: Tell) -> None:
        self._options = options
        self._tell = tell
        self._context = AppContext()
        self._unsaved: dict[str, Any] = {}
        self._opened: tuple[bytes, str, Any] | None = None
        self._context.most_megapixels = self._current_settings().most_megapixels
        self._server: HandoverServer | None = None
        self._done = asyncio.Event()
        self._holds_clipboard = False

    async def live(self) -> int:
        from ocr_desktop.gui import appearance
        from ocr_desktop.gui.capture.capturing import Capturing
        from ocr_desktop.gui.collecting import WindowThreadCollector
        from ocr_desktop.gui.tasks import Tasks

        appearance.apply_colour_scheme(self._current_settings().colour_scheme)
        tasks = Tasks(lambda _error: self._done.set())
        capturing = Capturing(self._context, settings=self._current_settings, keep=self._keep, spawn=tasks.spawn)
        WindowThreadCollector(capturing).start()
        capturing.open_requested.connect(self._open)
        capturing.finished.connect(lambda is_by_hand: self._hear_finish(capturing, is_by_hand))
        try:
            code = await self._capture(capturing, tasks)
            if self._opened is not None:
                await self._be_the_window(capturing)
            return code
        finally:
            # A window that came of it let Python collect by itself when it was closed.
            gc.disable()
            if self._server is not None:
                self._server.close()
            capturing.close()
            await tasks.close()
            await self._context.close()
            _delete_what_is_due()

    async def _capture(self, capturing: Capturing, tasks: Tasks) -> int:
        loop = asyncio.get_running_loop()
        gesture = asyncio.ensure_future(capturing.capture(self._options))
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, gesture.cancel)
        self._listen(capturing)
        try:
            end = await gesture
        except asyncio.CancelledError:
            return self._tell(CaptureResult(finish=Finish.CANCELLED))
        from ocr_desktop.gui.capture.order import style_of

        code = self._tell(end.result(self._options.format, style_of(self._options, self._current_settings())))
        _let_go_of_streams()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._done.set)
        if end.captured is None or end.captured.is_empty:
            if not self._options.writes_clipboard:
                return code
            tasks.spawn(self._lose_patience(capturing))
        await self._stay(capturing)
        return code

    # Staying

    async def _stay(self, capturing: Capturing) -> None:
        """Stay until the note is closed, or another program has put something on the clipboard."""
        from PySide6.QtGui import QGuiApplication

        clipboard = QGuiApplication.clipboard()
        self._holds_clipboard = self._options.writes_clipboard and clipboard.ownsClipboard()
        hear_clipboard = partial(self._hear_clipboard, capturing)
        clipboard.dataChanged.connect(hear_clipboard)
        self._hear_finish(capturing, is_by_hand=False)
        try:
            await self._done.wait()
        finally:
            clipboard.dataChanged.disconnect(hear_clipboard)

    async def _lose_patience(self, capturing: Capturing) -> None:
        """End though there is still a note that nothing came: whoever called may wait for the exit code."""
        waited_s = 0.0
        while not (self._done.is_set() or self._holds_clipboard):
            await asyncio.sleep(NOTHING_PATIENCE_S)
            waited_s += NOTHING_PATIENCE_S
            is_attended = capturing.is_attended and waited_s < MOST_PATIENCE_S
            if not (is_attended or capturing.is_needed or self._holds_clipboard):
                self._done.set()

    def _hear_clipboard(self, capturing: Capturing) -> None:
        from PySide6.QtGui import QGuiApplication

        owns = QGuiApplication.clipboard().ownsClipboard()
        is_lost, self._holds_clipboard = self._holds_clipboard and not owns, owns
        if is_lost and not capturing.is_needed:
            self._done.set()

    def _hear_finish(self, capturing: Capturing, is_by_hand: bool) -> None:
        if not capturing.is_on_show and (is_by_hand or not self._holds_clipboard):
            self._done.set()

    # Second starts

    def _listen(self, capturing: Capturing) -> None:
        """Hear second starts, where no other program does.

        Not where this one is to be offline and they are not, nor where it is to end as soon as it has told its result.
        """
        from ocr_desktop.gui.capture.answering import answer_to
        from ocr_desktop.gui.handover_server import HandoverServer

        if self._options.is_offline or not self._options.writes_clipboard:
            return
        self._server = HandoverServer(
            default_settings_folder(),
            takes=self._takes,
            open_files=lambda _: None,
            capture=lambda values: answer_to(values, capturing, self._current_settings),
            parent=capturing,
        )
        self._server.listen()

    def _takes(self, request: Request) -> bool:
        """Whether it is a capture; who wants a window opens one, and that shall hear second starts then."""
        if isinstance(request, CaptureRequest):
            return True
        self._give_way()
        return False

    def _give_way(self) -> None:
        if self._server is not None:
            self._server.give_way()

    # The rest

    def _open(self, data: bytes, name: str, run: Any) -> None:
        self._opened = (data, name, run)
        self._done.set()

    async def _be_the_window(self, capturing: Capturing) -> None:
        """Show the picture in a window, which lives as any other."""
        from ocr_desktop.gui.application import OpenedWindow, live_with

        opened = self._opened
        assert opened is not None, "something is to be shown"
        self._give_way()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

        def show(window: OpenedWindow) -> None:
            capturing.open_requested.connect(window.presence.show_captured)
            window.presence.show_captured(*opened)

        await live_with(self._context, show)

    def _current_settings(self) -> Settings:
        """As they stand in the file now: the window of another process may have changed them."""
        from dataclasses import replace

        settings = replace(self._context.settings_file.load(), **self._unsaved)
        if self._opened is None:
            # Else the window says so.
            self._context.offline.is_on = settings.stay_offline or self._options.is_offline
        return settings

    def _keep(self, **changes: object) -> None:
        import contextlib

        from ocr_desktop.core.errors import OutputError

        self._unsaved |= changes
        # Only the next start would miss it.
        with contextlib.suppress(OutputError):
            self._context.settings_file.save(self._current_settings())
            self._unsaved.clear()


def _delete_what_is_due() -> None:
    """Let Qt delete notes now and not while the program's parts go, in no order."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _let_go_of_streams() -> None:
    """Let whoever reads what was printed see its end, though the program goes on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
