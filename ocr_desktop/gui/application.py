"""Starts the window, keeps it running, and ends everything that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.engines.name_lookups import LooksUpAside
from ocr_desktop.gui import appearance
from ocr_desktop.gui.collecting import WindowThreadCollector
from ocr_desktop.gui.commands import Commands
from ocr_desktop.gui.display import can_open_window
from ocr_desktop.gui.handover import OpenRequest, open_there, opening_of
from ocr_desktop.gui.main_window import MainWindow
from ocr_desktop.gui.presence import Presence
from ocr_desktop.services.context import AppContext, default_settings_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ocr_desktop.gui.cropping import Cropping
    from ocr_desktop.gui.drafting import Drafting
    from ocr_desktop.gui.enriching import Enriching
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.inspecting import Inspecting
    from ocr_desktop.gui.page_questions import PageQuestions
    from ocr_desktop.services.settings import Settings
    from ocr_desktop.worker.client import Thumbnail

EXIT_NO_DISPLAY = 3
PAINT_PATIENCE_S = 2.0
NO_DISPLAY = (
    "ocr-desktop: error: display: there is none to open a window on. "
    "Use `ocr-desktop read FILE`, or draw the window into a picture with --snapshot PNG.\n"
)


def run_window(files: list[str], *, snapshot: str | None = None, offline: bool = False) -> int:
    """Open the window with these files in its list, and return when it is closed; at once where one runs already.

    With `snapshot` no display is needed: see `ocr_desktop.gui.snapshot`. With `offline` nothing is sent before somebody
    switches it off in the window.
    """
    request = opening_of(files, is_offline=offline)
    if snapshot is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif open_there(request, default_settings_folder()):
        return 0
    elif not can_open_window():
        sys.stderr.write(NO_DISPLAY)
        return EXIT_NO_DISPLAY
    application = QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("ocr-desktop")
    appearance.apply_style(application)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with asyncio.Runner(loop_factory=lambda: WindowLoop(application)) as runner:
        if snapshot is None:
            return runner.run(live(request))
        from ocr_desktop.gui.snapshot import take_snapshot

        return runner.run(take_snapshot(list(request.files), Path(snapshot)))


class WindowLoop(LooksUpAside, qasync.QEventLoop):  # type: ignore[misc]
    """Qt's event loop as asyncio's; a name server that does not answer does not keep it from ending."""


async def live(request: OpenRequest) -> int:
    """The whole life of the window, from its services to its end."""
    context = AppContext()
    context.offline.is_on = request.is_offline
    try:
        await live_with(context, lambda opened: opened.presence.open(request))
    finally:
        await context.close()
    return 0


async def live_with(context: AppContext, begin: Callable[[OpenedWindow], None]) -> None:
    """The life of the window on services that are there; it begins with what `begin` does."""
    opened = OpenedWindow(context)
    try:
        opened.window.show()
        await opened.settle_in()
        opened.presence.open_to_the_desktop(default_settings_folder())
        begin(opened)
        await opened.closed.wait()
    finally:
        await opened.close()


class OpenedWindow:
    """The window with what it does, from its first paint to its end.

    `settings` stand in for the user's own, which are then neither read nor looked at.
    """

    def __init__(self, context: AppContext, settings: Settings | None = None) -> None:
        settings_file = context.settings_file
        settings = settings_file.load() if settings is None else settings
        context.offline.is_on = context.offline.is_on or settings.stay_offline
        context.most_megapixels = settings.most_megapixels
        appearance.apply_colour_scheme(settings.colour_scheme)
        self._context = context
        self.window = MainWindow(context, settings)
        self.commands = Commands(self.window, context)
        self._inspecting: Inspecting | None = None
        self._cropping: Cropping | None = None
        self._questions: PageQuestions | None = None
        self._enriching: Enriching | None = None
        self.drafting: Drafting | None = None
        self._collector = WindowThreadCollector(self.window)
        self._collector.start()
        self._painted = asyncio.Event()
        self.window.painted.connect(self._painted.set)
        self.closed = asyncio.Event()
        self.presence = Presence(self.window, self.commands, context, self.closed)
        self.commands.settings_opening.saved.connect(self._take_limits)
        sys.excepthook = self._report

    async def settle_in(self) -> None:
        """Do what had to wait for the first paint: the tools to look closely, the engines, the preview's parser."""
        with contextlib.suppress(TimeoutError):
            # A window that starts minimised is not painted.
            await asyncio.wait_for(self._painted.wait(), PAINT_PATIENCE_S)
        from ocr_desktop.gui.cropping import Cropping
        from ocr_desktop.gui.drafting import Drafting
        from ocr_desktop.gui.enriching import Enriching
        from ocr_desktop.gui.inspecting import Inspecting
        from ocr_desktop.gui.page_questions import PageQuestions

        self._inspecting = Inspecting(self.window, self._context)
        self._cropping = Cropping(self.window, self._inspecting.undoing)
        self._questions = PageQuestions(self.window, self.commands, self._inspecting.undoing)
        self.drafting = Drafting(self.window, self._context)
        self._enriching = Enriching(self.window, self._context, self.drafting, self._inspecting.undoing)
        self.commands.settings_opening.saved.connect(self._enriching.look)
        self.window.pages.use_thumbnails(self._thumbnail, self.window.tasks.spawn)
        try:
            self.commands.restore_choices()
            self.window.output.rendered_view.use_typesetter(self._context.typesetter, self.window.tasks.spawn)
        except OcrDesktopError as error:
            # No temporary folder, for one: the window stands and says so.
            self.window.telling.tell_error(error)
        self.window.output.warm_up()
        self._tell_of_settings()
        self.window.tasks.spawn(self._warm_up())

    def _tell_of_settings(self) -> None:
        """Say what became of settings that could not be read."""
        settings_file, translate = self._context.settings_file, QCoreApplication.translate
        texts = []
        if settings_file.set_aside is not None:
            text = translate("Application", "The settings could not be read; they are kept as %1.")
            texts.append(text.replace("%1", str(settings_file.set_aside)))
        if settings_file.is_lock_assumed:
            texts.append(translate("Application", "They may have said “Stay offline”, so nothing is sent."))
        if texts:
            self.window.telling.tell_for_long(" ".join(texts))

    async def close(self) -> None:
        """End the reading and everything else that runs, then let go of the pixels and the window."""
        self.window.hide()
        self.presence.close()
        await self.commands.settle()
        await self.window.tasks.close()
        self.window.session.close()
        sys.excepthook = sys.__excepthook__
        self._collector.stop()
        self.window.deleteLater()

    def _take_limits(self, settings: Settings) -> None:
        """Let what was saved hold for the next picture."""
        self._context.most_megapixels = settings.most_megapixels
        self._context.intake.most_pixels = settings.most_megapixels * 1_000_000

    async def _thumbnail(self, entry: Entry, longest_side: int) -> Thumbnail:
        return await self._context.intake.thumbnail(entry.place, longest_side)

    async def _warm_up(self) -> None:
        try:
            await self._context.reader.warm_up()
        except OcrDesktopError:
            return  # The first reading fails in the same way, and says why.
        finally:
            self._collector.leave_out_what_is_there()

    def _report(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, traceback)
        self.window.telling.tell_bug(error)
