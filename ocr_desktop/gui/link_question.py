"""A web link that was dropped or pasted: whether the picture behind it shall be fetched."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError
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

    def ask(self, link: str) -> None:
        """Ask in the bar."""
        from ocr_desktop.services.downloads import host_of

        host = host_of(link)
        if host is None:
            reason = self.tr("its address is not one that can be shown plainly")
            self._window.telling.tell_error(
                InputError(ErrorCode.DOWNLOAD_FAILED, name=printable(QUrl(link).host()), reason=reason)
            )
            return
        if self._context.offline.is_on:
            self._window.telling.tell_error(EngineError(ErrorCode.OFFLINE, host=host))
            return
        self._window.message_bar.show_message(
            MessageKind.WARNING,
            self.tr("This is a link to %1. Download the picture?").replace("%1", host),
            Choice(self.tr("Download"), partial(self._begin, link, host)),
            Choice(self.tr("Cancel"), lambda: None),
        )
        self._window.telling.kept.keep_offer()

    def _begin(self, link: str, host: str) -> None:
        from ocr_desktop.services.downloads import download

        timeout_s = self._window.control.settings.timeout_s
        fetching = asyncio.ensure_future(
            download(link, most_bytes=LARGEST_FILE_BYTES, timeout_s=timeout_s, offline=self._context.offline)
        )
        text = self.tr("Downloading from %1…").replace("%1", host)
        self._window.message_bar.show_message(
            MessageKind.INFO, text, Choice(self.tr("Cancel"), lambda: _cancel(fetching))
        )
        self._window.telling.kept.keep()
        self._window.tasks.spawn(self._add(fetching, printable(QUrl(link).fileName()) or host, text))

    async def _add(self, fetching: asyncio.Task[bytes], name: str, told: str) -> None:
        """Add what comes; Cancel ends it in silence."""
        try:
            await asyncio.wait([fetching])
        finally:
            # Only the end of the window comes before the download's.
            fetching.cancel()
        if fetching.cancelled():
            return
        if self._window.message_bar.text == told:
            self._window.message_bar.clear()
        try:
            self._window.add_entries([Entry(SourceFile(fetching.result(), name))])
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)


def _cancel(fetching: asyncio.Task[bytes]) -> None:
    fetching.cancel()
