"""One captured picture, from its pixels to the clipboard, and the note that tells of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_text import captured
from ocr_desktop.core.document import Finish
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.engines.base import EMBEDDED_ENGINE
from ocr_desktop.gui.capture.endings import CANCELLED, CaptureEnd, Standing
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.note_text import ReadFacts, place_text
from ocr_desktop.gui.capture.pictures import file_of
from ocr_desktop.gui.messages import finish_text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.core.capture_text import Captured
    from ocr_desktop.core.document import Document, Run
    from ocr_desktop.core.events import Sent, Waiting
    from ocr_desktop.engines.base import Engine, EngineDescription
    from ocr_desktop.gui.capture.clipboard import ClipboardWriter
    from ocr_desktop.gui.capture.order import Order
    from ocr_desktop.gui.capture.pictures import PictureFile
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.services.settings import Settings

SAVING_PATIENCE_S = 1.0
FOCUS_PATIENCE_S = 0.5


class CaptureReading(QObject):
    """Reads one picture and puts what came on the clipboard; the note asks and tells meanwhile and afterwards.

    The picture is kept as long as somebody may want more of it: until the note is closed.

    Args:
        picture: RGB888.
        kind: What is made of it.
        order: Of which engine, and how.
        context: The services.
        writer: Of the clipboard, as it was before anything of this capture was on the screen.
        settings: Gives the settings as they are now.
        allow_host: Remembers that a host may have pictures.
        spawn: Starts what takes time, and tells where it fails.

    Signals:
        writing(): The clipboard will hold it next, or will be left alone.
        written(): The clipboard holds it now.
        open_requested(bytes, str, object): The window shall show the picture of this name; its `Document` with what was
            read, or None.
        closed(bool): Nothing more is to be seen or done; whether the user closed the note by hand.
    """

    writing = Signal()
    written = Signal()
    open_requested = Signal(bytes, str, object)
    closed = Signal(bool)

    def __init__(
        self,
        picture: QImage,
        kind: CaptureKind,
        order: Order,
        context: AppContext,
        writer: ClipboardWriter,
        *,
        settings: Callable[[], Settings],
        allow_host: Callable[[str], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture = picture
        self._file: PictureFile | None = None
        self._kind = kind
        self._order = order
        self._context = context
        self._settings = settings
        self._allow_host = allow_host
        self._spawn = spawn
        self._engine = order.engine
        self._name = f"capture-{datetime.now():%Y-%m-%d-%H%M%S}"
        self._document: Document | None = None
        self._task: asyncio.Future[None] | None = None
        self._standing = Standing.UNDER_WAY
        self._is_opening = False
        self._is_closed = False
        self.ended: asyncio.Future[CaptureEnd] = asyncio.get_running_loop().create_future()
        self.note = CaptureNote()
        self._take_writer(writer)
        self._connect_note()

    def begin(self) -> None:
        """Say that it is read, and read."""
        self._begin(self._order.engine)

    def cancel(self) -> None:
        """End the reading, keep nothing and close."""
        self._close(is_by_hand=True)

    def put_away(self) -> None:
        """Close the note of what is over."""
        self._close(is_by_hand=False)

    def use_writer(self, writer: ClipboardWriter) -> None:
        """Write with another writer, which has seen what lies on the clipboard now."""
        self.writer.close()
        self.writer.deleteLater()
        self._take_writer(writer)

    def _take_writer(self, writer: ClipboardWriter) -> None:
        writer.setParent(self)
        writer.taken.connect(self.note.tell_overwritten)
        self.writer = writer

    def stop_unless_allowed(self) -> None:
        """Give up sending the picture where it may not be sent any more; the note says why, or asks."""
        engine = self._engine
        is_sent = self.is_running and self._document is None and engine.host is not None
        if is_sent and (self._context.offline.is_on or not self._may_send_to(engine)):
            self._begin(engine)

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def is_needed(self) -> bool:
        """Whether something is to come, or would be lost with the note."""
        return self._standing in (Standing.UNDER_WAY, Standing.NOT_COPIED)

    # Reading

    def _begin(self, engine: EngineDescription) -> None:
        """Ask this engine; what was asked before is given up."""
        self._stop()
        self._engine = engine
        self._document = None
        self._standing = Standing.UNDER_WAY
        self._task = task = asyncio.ensure_future(self._read(engine))
        self._spawn(self._follow(task))

    async def _follow(self, task: asyncio.Future[None]) -> None:
        """Wait for what may be given up; what it fails with goes to who waits for the end, or to the log."""
        await asyncio.wait({task})
        failure = None if task.cancelled() else task.exception()
        if failure is None:
            return
        if self.ended.done():
            raise failure
        self.ended.set_exception(failure)
        self._close(is_by_hand=False)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, engine: EngineDescription) -> None:
        try:
            if self._asks_before(engine):
                return
            self.note.show_reading(engine.host)
            file = await self._taken_file()
            made = await self._order.made_engine(self._context, engine)
            # Its settings may have been written anew since: what counts is where it sends to now.
            if self._asks_before(made.description, shown=engine):
                return
            self._engine = made.description
            self._document, broken_off = await self._read_with(made, file)
        except OcrDesktopError as error:
            self._standing = Standing.FAILED
            self.note.show_error(error, engine)
            self._end(CaptureEnd(error=error))
            return
        words = self._words(self._kind)
        await self._copy(words)
        self._end(CaptureEnd(self._document, words, broken_off))
        if not self._order.options.writes_clipboard:
            self._close(is_by_hand=False)

    async def _taken_file(self) -> PictureFile:
        if self._file is None:
            self._file = await asyncio.to_thread(file_of, self._picture)
            self._picture = QImage()
        return self._file

    async def _read_with(self, engine: Engine, file: PictureFile) -> tuple[Document, OcrDesktopError | None]:
        from ocr_desktop.services.recognition import Reading, RecognitionJob

        opened = await self._context.intake.open_rows(file.size, file.rows, self._name, sha256=file.sha256)
        try:
            preset, questions = self._order.question(self._kind, engine.description)
            options, settings = self._order.options, self._order.settings
            reading = Reading(
                opened.pixels,
                preset,
                questions,
                timeout_s=settings.timeout_s if options.timeout_s is None else options.timeout_s,
                retries=settings.retries if options.retries is None else options.retries,
                max_tokens=options.max_tokens,
            )
            job = RecognitionJob(engine, reading)
            job.waiting.connect(self._tell_waiting)
            job.sent.connect(self._tell_sent)
            run = await job.read()
            return _with_run(opened, run), job.error
        finally:
            self._context.intake.release(opened)

    def _tell_waiting(self, waiting: Waiting) -> None:
        text = self.tr("%1 did not answer as it should; it is asked again in %2 s.")
        host = place_text(self._engine.host)
        self.note.tell_waiting(text.replace("%2", f"{waiting.seconds:.0f}").replace("%1", host))

    def _tell_sent(self, _sent: Sent) -> None:
        self.note.tell_waiting(place_text(self._engine.host))

    def _asks_before(self, engine: EngineDescription, *, shown: EngineDescription | None = None) -> bool:
        """Ask where nobody has said that the picture may go to this engine's host; whether that was needed.

        Args:
            engine: That which is to read.
            shown: What was said of it; where it names another host, the user thinks that the picture goes there.
        """
        if self._may_send_to(engine) and (shown is None or shown.host == engine.host):
            return False
        self._engine = engine
        self.note.show_consent(engine.host or "")
        return True

    def _may_send_to(self, engine: EngineDescription) -> bool:
        is_named = self._order.is_engine_named and engine == self._order.engine
        return is_named or self._settings().may_send_to(engine)

    # The clipboard

    def _words(self, kind: CaptureKind) -> Captured:
        assert self._document is not None, "only what was read is copied"
        run = self._document.pages[0].runs[0]
        return captured(edited_regions(run), kind, style=self._order.style, lines=() if run.edits else run.lines)

    async def _copy(self, words: Captured) -> None:
        """Put words on the clipboard, unless something else came there, and say so."""
        if not self._order.options.writes_clipboard:
            return
        if words.is_empty:
            self._standing = Standing.SETTLED
            run = self._run
            reason = "" if run is None or run.finish is Finish.COMPLETE else finish_text(run.finish)
            self.note.show_empty(self._engine.host, reason)
            return
        await self._make_ready()
        self.writing.emit()
        if self.writer.write(words):
            self._show_copied(words)
        else:
            self._show_left_alone(words, is_refused=not self.writer.has_changed)

    async def _make_ready(self) -> None:
        """Wait a moment for what lies on the clipboard to be saved, and where needed for the focus."""
        if self.writer.is_saving:
            await _heard(self.writer.saved, SAVING_PATIENCE_S)
        if self.writer.needs_focus and not self.note.isActiveWindow():
            self.note.show()
            self.note.take_focus()
            await _heard(self.note.activated, FOCUS_PATIENCE_S)

    def _copy_as(self, kind: str) -> None:
        """Copy in another form, or after all; the user says so, whatever lies there."""
        words = self._words(CaptureKind(kind))
        self.writing.emit()
        if self.writer.write(words, anyway=True):
            self._show_copied(words)
        else:
            self._show_left_alone(words, is_refused=True)

    def _show_copied(self, words: Captured) -> None:
        self._standing = Standing.SETTLED
        self.note.show_done(self._facts(words))
        self.written.emit()

    def _show_left_alone(self, words: Captured, *, is_refused: bool) -> None:
        self._standing = Standing.NOT_COPIED
        self.note.show_left_alone(self._facts(words), is_refused=is_refused)

    def _undo(self) -> None:
        # Whoever hears of the clipboard's change looks at once whether this is still needed.
        before, self._standing = self._standing, Standing.NOT_COPIED
        if self.writer.undo():
            self.note.show_undone(self.writer.lost_flavours, kind=self._kind)
        else:
            self._standing = before

    def _facts(self, words: Captured) -> ReadFacts:
        run = self._run
        assert run is not None, "only what was read is copied"
        return ReadFacts(
            words.kind,
            words.plain,
            wanted=words.wanted,
            host=run.host,
            seconds=run.seconds,
            finish=run.finish,
            has_table=words.has_table,
            can_undo=self.writer.can_undo,
            lost_flavours=self.writer.lost_flavours,
        )

    @property
    def _run(self) -> Run | None:
        return None if self._document is None else self._document.pages[0].runs[0]

    # The note

    def _connect_note(self) -> None:
        note = self.note
        note.cancel_requested.connect(self.cancel)
        note.local_requested.connect(lambda: self._begin(EMBEDDED_ENGINE))
        note.retry_requested.connect(lambda: self._begin(self._engine))
        note.consent_given.connect(self._send)
        note.undo_requested.connect(self._undo)
        note.copy_requested.connect(self._copy_as)
        note.open_requested.connect(self._open)
        note.closed.connect(self._hear_close)

    def _send(self) -> None:
        host = self._engine.host
        if host is not None:
            self._allow_host(host)
        self._begin(self._engine)

    def _open(self) -> None:
        if not self._is_opening:
            self._is_opening = True
            self._spawn(self._open_in_window())

    async def _open_in_window(self) -> None:
        file = None if self._is_closed else await self._taken_file()
        if file is not None and not self._is_closed:
            self.open_requested.emit(file.data, self._name, self._document)
            self._close(is_by_hand=True)

    def _hear_close(self) -> None:
        # What is still being read shows its note again when it is done.
        if not self.is_running:
            # By itself it closes only while nobody is in it.
            self._close(is_by_hand=self.note.underMouse() or self.note.isActiveWindow())

    def _close(self, *, is_by_hand: bool) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._stop()
        self._end(CANCELLED)
        self._file, self._picture = None, QImage()
        self.writer.close()
        self.note.hide()
        self.note.deleteLater()
        self.deleteLater()
        self.closed.emit(is_by_hand)

    def _end(self, end: CaptureEnd) -> None:
        if not self.ended.done():
            self.ended.set_result(end)


def _with_run(opened: OpenedDocument, run: Run) -> Document:
    return replace(opened.document, pages=(replace(opened.page, runs=(run,)),))


async def _heard(signal: Any, patience_s: float) -> bool:
    """Whether a signal comes before patience ends."""
    heard = asyncio.Event()

    def note() -> None:
        heard.set()

    signal.connect(note)
    try:
        await asyncio.wait_for(heard.wait(), patience_s)
    except TimeoutError:
        return False
    finally:
        signal.disconnect(note)
    return True
