"""A web link that was dropped or pasted: whether the picture behind it shall be fetched."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError
from ocr_desktop.core.files import LARGEST_FILE_BYTES, printable
from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.message_bar import Choice, MessageKind

if TYPE_CHECKING:
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext


class LinkQuestion(QObject):
    """Asks before anything is fetched, and adds what came; a link in an answer never comes here."""

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._running: asyncio.Task[None] | None = None

    def ask(self, link: str, host: str) -> None:
        """Ask in the bar."""
        if self._context.offline.is_on:
            self._window.telling.tell_error(EngineError(ErrorCode.OFFLINE, host=host))
            return
        text = self.tr("This is a link to %1. Download the picture?").replace("%1", host)
        self._window.message_bar.show_message(
            MessageKind.WARNING,
            text,
            Choice(self.tr("Download"), lambda: self._begin(link, host)),
            Choice(self.tr("Cancel"), lambda: None),
        )

    def _begin(self, link: str, host: str) -> None:
        text = self.tr("Downloading from %1…").replace("%1", host)
        self._window.message_bar.show_message(MessageKind.INFO, text, Choice(self.tr("Cancel"), self._cancel))
        self._window.telling.keep_told()
        self._window.tasks.spawn(self._download(link, host))

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    async def _download(self, link: str, host: str) -> None:
        from ocr_desktop.services.downloads import download

        self._running = asyncio.current_task()
        settings = self._window.control.settings
        told = self._window.message_bar.text
        try:
            data = await download(
                link, most_bytes=LARGEST_FILE_BYTES, timeout_s=settings.timeout_s, offline=self._context.offline
            )
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        if self._window.message_bar.text == told:
            self._window.message_bar.clear()
        name = printable(QUrl(link).fileName()) or host
        self._window.add_entries([Entry(SourceFile(data, name))])
