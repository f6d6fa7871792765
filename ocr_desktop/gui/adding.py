"""Everything that comes into the window's list: files, folders, what was dropped or pasted, and links to pictures."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError, OutputError
from ocr_desktop.core.picture_files import is_taken, may_have_pages
from ocr_desktop.gui import transfer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext

MOST_ASKED_ABOUT = 50
"""Of more files than these their names decide whether they are folders: asking about thousands takes seconds."""
OF_FOLDERS = frozenset({ErrorCode.FOLDER_EMPTY, ErrorCode.FILE_UNREADABLE})
"""These are told at once: there is no page that could say them."""
MOST_PASSED_BY = 20
"""So many files in a row that cannot be opened are passed by in search of one that can be shown."""


class Adding(QObject):
    """Puts pages into the list and shows the first that was added; only that one is read by itself.

    Signals:
        nothing_found(OcrDesktopError): A folder holds nothing to open, or no more of it could be found.
        recent_changed(): Other files are the ones that were opened last.
    """

    nothing_found = Signal(object)
    recent_changed = Signal()

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._context = context
        self._unsurveyed: deque[Entry] = deque()
        self._is_surveying = False
        self._stuck: Entry | None = None
        """The last page that came of what is being added, which was to be shown and cannot be."""

    def add_files(self, paths: list[Path]) -> None:
        """Add files, and what is in folders."""
        if len(paths) > MOST_ASKED_ABOUT and all(is_taken(path.name) for path in paths):
            self.add_entries(transfer.entries_of_files(paths))
        else:
            self._window.tasks.spawn(self._add_found(paths))
        self._window.tasks.spawn(self._remember(paths))

    def add_entries(self, entries: list[Entry]) -> None:
        """Add pages; the first is shown, and read where that is what the user wants."""
        if entries:
            entries[0].is_alone, self._stuck = len(entries) == 1, None
            self._put(entries)
            self._show_first(entries[0])

    def add_beside(self, entry: Entry) -> None:
        """Add a page and show it; it brings its reading along, or is not to be read."""
        self._stuck = None
        self._put([entry])
        self._window.open_entry(entry)

    # Inside

    def _put(self, entries: list[Entry]) -> None:
        self._session.add(entries)
        self._unsurveyed += [entry for entry in entries if entry.file.page_count is None and may_have_pages(entry.name)]
        if self._unsurveyed and not self._is_surveying:
            self._window.tasks.spawn(self._survey())

    def _show_first(self, entry: Entry) -> None:
        self._window.tasks.spawn(self._open_first(entry))

    async def _open_first(self, entry: Entry) -> None:
        """Show this page, or the first behind it that can be opened; those before say in the list what is wrong."""
        for _ in range(MOST_PASSED_BY):
            entry.waits_for_reading = entry.run_id is None
            if await self._window.show_and_read(entry):
                return
            if entry.failure is None or entry.failure.code is ErrorCode.PASSWORD_NEEDED:
                # The user has chosen another page meanwhile, or a password is all that is missing.
                return
            if self._session.entry is not entry:
                return
            behind = self._session.entries[self._session.entries.index(entry) + 1 :][:1]
            if not behind:
                # More of a folder may still come.
                self._stuck = entry
                return
            entry.waits_for_reading = False
            (entry,) = behind

    async def _add_found(self, paths: list[Path]) -> None:
        """Add files as folders give them; the first is shown while the rest is still looked for."""
        is_first, self._stuck = True, None
        for path in paths:
            async with aclosing(self._found(path)) as found:
                async for entries in found:
                    entries[0].is_alone = len(paths) == 1 and entries[0].file.content == path
                    is_next = self._is_stuck_at_end()
                    self._put(entries)
                    if is_first or is_next:
                        is_first = False
                        self._show_first(entries[0])

    def _is_stuck_at_end(self) -> bool:
        """Whether the next page is the one to be shown, because none before it could be."""
        stuck, self._stuck = self._stuck, None
        return stuck is not None and self._session.entry is stuck and self._session.entries[-1] is stuck

    async def _found(self, path: Path) -> AsyncGenerator[list[Entry], None]:
        with_subfolders = self._window.control.settings.with_subfolders
        has_come = False
        try:
            async with aclosing(self._context.intake.files_in(path, with_subfolders=with_subfolders)) as batches:
                async for batch in batches:
                    has_come = True
                    yield transfer.entries_of_files(list(batch))
        except OcrDesktopError as error:
            if has_come or error.code in OF_FOLDERS:
                self.nothing_found.emit(error)
            else:
                # It says in the list what is wrong with it.
                yield transfer.entries_of_files([path])

    async def _survey(self) -> None:
        """Find out how many pages files have that nobody has looked at yet, one after the other."""
        self._is_surveying = True
        try:
            while self._unsurveyed:
                await self._survey_one(self._unsurveyed.popleft())
        finally:
            self._is_surveying = False

    async def _survey_one(self, entry: Entry) -> None:
        if entry.file.page_count is not None or entry not in self._session.entries:
            return
        try:
            facts = await self._context.intake.survey(entry.place)
        except OcrDesktopError:
            # Whoever wants to see it is told.
            return
        self._session.list_pages(entry, facts.page_count)

    async def _remember(self, paths: list[Path]) -> None:
        """Keep these as the ones that were opened last."""
        recent = self._context.recent_files
        try:
            await asyncio.to_thread(lambda: recent.add(path.absolute() for path in paths if path.exists()))
        except OutputError:
            # The settings meet the same, and say so.
            return
        self.recent_changed.emit()
