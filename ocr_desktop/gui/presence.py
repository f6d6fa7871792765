"""What the running program is reached by beside its window: the tray, second starts, and captures."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.handover import ACTIVATION_TOKEN, OpenRequest, Request

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from ocr_desktop.core.document import Document
    from ocr_desktop.gui.capture.capturing import Capturing
    from ocr_desktop.gui.commands import Commands
    from ocr_desktop.gui.handover_server import HandoverServer
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.tray import Tray
    from ocr_desktop.services.context import AppContext


class Presence(QObject):
    """Lets the program be reached while it runs, and decides what the closing of its window means.

    Args:
        window: The one window.
        commands: Of that window.
        context: The services.
        closed: Set when the program is to end.
    """

    def __init__(self, window: MainWindow, commands: Commands, context: AppContext, closed: asyncio.Event) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._context = context
        self._closed = closed
        self._tray: Tray | None = None
        self._server: HandoverServer | None = None
        window.capture_requested.connect(self.capture)
        commands.permissions_changed.connect(self._stop_what_is_not_allowed)
        window.close_requested.connect(self._hear_close)
        # It comes as a wish to close the window too, before this.
        window.actions_by_name["quit"].triggered.connect(closed.set)

    def capture(self) -> None:
        """Let the user capture a part of the screen; a window that is worked in steps aside meanwhile.

        What it covers is what somebody means who begins there.
        """
        self.capturing.begin(window=self._window if self._window.isActiveWindow() else None)

    @cached_property
    def capturing(self) -> Capturing:
        """Captures from the screen; what they need is loaded with the first."""
        from ocr_desktop.gui.capture.capturing import Capturing

        capturing = Capturing(
            self._context,
            settings=lambda: self._window.control.settings,
            keep=self._commands.change_settings,
            spawn=self._window.tasks.spawn,
            parent=self,
        )
        capturing.open_requested.connect(self.show_captured)
        return capturing

    def open_to_the_desktop(self, settings_folder: Path) -> None:
        """Show an icon in the tray, where there is one, and hear second starts with the same settings."""
        from ocr_desktop.gui.handover_server import HandoverServer
        from ocr_desktop.gui.tray import Tray

        if Tray.is_there():
            # In the tray the program goes on without any window.
            QApplication.setQuitOnLastWindowClosed(False)
            self._tray = tray = Tray(self)
            tray.capture_requested.connect(self._window.capture_requested)
            tray.window_requested.connect(self.show_window)
            tray.quit_requested.connect(self._closed.set)
        self._server = HandoverServer(
            settings_folder, takes=self._takes, open_files=self._open, capture=self._capture, parent=self
        )
        self._server.listen()

    def show_window(self) -> None:
        """Bring the window up, wherever it is."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def show_captured(self, data: bytes, name: str, document: Document | None) -> None:
        """Show a captured picture in the window, with what was read of it."""
        entry = Entry(SourceFile(data, name, 1))
        if document is not None:
            (page,) = document.pages
            entry.page, entry.sha256, entry.run_id = page, document.source.sha256, page.runs[-1].id
        self.show_window()
        self._window.adding.add_beside(entry)

    def open(self, request: OpenRequest) -> None:
        """Open what was typed when the program was started, this one or a second one."""
        self._window.open_files(list(request.files))
        if request.links:
            self._window.links.ask(request.links[0])
        if len(request.links) > 1:
            self._window.telling.tell_briefly(self.tr("One link at a time: only the first is asked about."))

    def close(self) -> None:
        """Hear no second start any more, give up captures, and take the icon away."""
        if self._server is not None:
            self._server.close()
        if self._tray is not None:
            self._tray.hide()
        if "capturing" in self.__dict__:
            self.capturing.close()

    def _stop_what_is_not_allowed(self) -> None:
        if "capturing" in self.__dict__:
            self.capturing.stop_what_is_not_allowed()

    # The window's closing

    def _hear_close(self) -> None:
        if self._tray is not None and self._window.control.settings.stays_in_tray and self._tray.is_there():
            # Whoever wants to quit has said so until then.
            QTimer.singleShot(0, self, self._go_into_tray)
        else:
            self._closed.set()

    def _go_into_tray(self) -> None:
        if not self._closed.is_set() and self._tray is not None:
            self._window.hide()
            self._tray.tell_of_staying()

    # Second starts

    def _takes(self, request: Request) -> bool:
        """Whoever wants to be offline is not shown a window that is not."""
        return not (isinstance(request, OpenRequest) and request.is_offline and not self._context.offline.is_on)

    def _open(self, request: OpenRequest) -> None:
        if request.activation:
            # Wayland lets only those come to the front that have this from whoever the user clicked.
            os.environ[ACTIVATION_TOKEN] = request.activation
        self.show_window()
        self.open(request)

    async def _capture(self, values: dict[str, Any]) -> dict[str, Any]:
        from ocr_desktop.gui.capture.answering import answer_to

        return await answer_to(values, self.capturing, lambda: self._window.control.settings)
