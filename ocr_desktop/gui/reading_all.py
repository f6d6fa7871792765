"""Reading one page after the other, whichever of them is on show."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.reading import ReadingControl
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument

OF_ONE_PAGE = frozenset({ErrorCode.WORKER_CRASHED, ErrorCode.WORKER_SILENT, ErrorCode.REQUEST_TOO_LARGE})
"""What an engine can fail at with one page and not with the next."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it is: of `total` pages so many are read, and so many could not be."""

    total: int
    done: int = 0
    failed: int = 0

    @property
    def at(self) -> int:
        """The number of the page that is being read."""
        return min(self.done + self.failed + 1, self.total)


class ReadingAll(QObject):
    """Reads pages in order with what is chosen at the time.

    A page that fails is passed by, an engine that fails ends it.

    Attributes:
        current: The page that is being read.
        waiting: Those that are still to be.
        tally: How far it is; None while it does not run.
        is_hindered: It ended because something is asked first, which is told.

    Signals:
        changed(): It began, went on or ended.
        ended(Tally, OcrDesktopError | None): With the error, what ended it early.
    """

    changed = Signal()
    ended = Signal(object, object)

    def __init__(self, session: Session, control: ReadingControl, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._control = control
        self._context = context
        self._queue: deque[Entry] = deque()
        self._is_stopped = False
        self._engine = control.engine
        self._entries: list[Entry] = []
        self.is_hindered = False
        self.waiting: set[Entry] = set()
        self.current: Entry | None = None
        self.tally: Tally | None = None
        control.permission_needed.connect(self._stop_for_question)
        control.choices_changed.connect(self._stop_for_another)

    def unread(self) -> list[Entry]:
        """The pages in the list that nobody has read."""
        return [entry for entry in self._session.entries if entry.run_id is None and not self._is_being_read(entry)]

    @property
    def rest(self) -> list[Entry]:
        """What was to be read last, is still in the list and was not read."""
        listed = set(self._session.entries)
        return [entry for entry in self._entries if entry.run_id is None and entry in listed]

    async def read(self, entries: list[Entry]) -> None:
        """Read these; those that are added to the list meanwhile are not among them."""
        if self.tally is not None:
            return
        self._queue = deque(entries)
        self.waiting.update(entries)
        self._is_stopped = False
        self._engine = self._control.engine
        self._entries = list(entries)
        self.is_hindered = False
        self.tally = Tally(len(entries))
        failure: OcrDesktopError | None = None
        self.changed.emit()
        try:
            while self._queue and failure is None and not self._is_stopped:
                self.current = self._queue.popleft()
                self.waiting.discard(self.current)
                self.changed.emit()
                failure = await self._read_one(self.current)
        finally:
            tally, self.tally = self.tally, None
            self.current = None
            self._queue.clear()
            self.waiting.clear()
            self.changed.emit()
        self.ended.emit(tally, failure)

    def stop(self) -> None:
        """Read no more of them; the page that is read now keeps what came."""
        self._is_stopped = True

    def _stop_for_another(self) -> None:
        """Nobody has said that all these pages may go to another engine, or to another address of this one."""
        if self._control.engine != self._engine:
            self.stop()

    def _stop_for_question(self) -> None:
        self.is_hindered = self.tally is not None
        self.stop()

    def _is_being_read(self, entry: Entry) -> bool:
        attempt = self._control.attempt
        return self._control.is_busy and attempt is not None and attempt.entry is entry

    async def _read_one(self, entry: Entry) -> OcrDesktopError | None:
        """Read a page; what makes it useless to go on."""
        assert self.tally is not None, "it runs"
        if entry not in self._session.entries:
            self.tally = Tally(self.tally.total - 1, self.tally.done, self.tally.failed)
            return None
        try:
            failure = await self._opened_and_read(entry)
        except InputError as error:
            failure = error
        is_read = failure is None and entry.run_id is not None
        if not self._is_stopped:
            done, failed = self.tally.done + is_read, self.tally.failed + (not is_read)
            self.tally = Tally(self.tally.total, done, failed)
        if failure is None:
            return None
        if isinstance(failure, InputError) or failure.code in OF_ONE_PAGE:
            self._session.mark_failed(entry, failure)
            return None
        return failure

    async def _opened_and_read(self, entry: Entry) -> OcrDesktopError | None:
        opened = self._session.opened if entry is self._session.entry else None
        if opened is not None:
            return await self._read_when_free(entry, opened)
        opened = await self._context.intake.open_page(entry.place, entry.name, in_background=True)
        self._session.pixels.keep(opened)
        try:
            self._session.take_page(entry, opened)
            return await self._read_when_free(entry, opened)
        finally:
            self._session.pixels.let_go(opened)

    async def _read_when_free(self, entry: Entry, opened: OpenedDocument) -> OcrDesktopError | None:
        """Read a page after what the user reads in between, unless it was stopped meanwhile."""
        await self._control.until_free()
        if self._is_stopped or entry not in self._session.entries:
            return None
        await self._control.read_page(entry, opened)
        return self._control.failure
