"""What the window says of what happens: the bar for what needs an answer, the status line and the foot for the rest."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from ocr_desktop.core.document import Finish, Run, WarningCode
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE
from ocr_desktop.gui.controls import engine_name
from ocr_desktop.gui.error_bar import ErrorBar
from ocr_desktop.gui.error_details import Circumstances
from ocr_desktop.gui.error_ways import Way
from ocr_desktop.gui.host_question import ask_host, size_text
from ocr_desktop.gui.kept_message import KeptMessage
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind
from ocr_desktop.gui.messages import error_text, error_wording, finish_text, warning_text
from ocr_desktop.gui.page_facts import page_facts
from ocr_desktop.gui.reading import ReadingControl
from ocr_desktop.gui.run_facts import run_details, run_line
from ocr_desktop.gui.waiting_clock import WaitingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.events import Progress
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.output.pane import OutputPane
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.credentials import KeySource
    from ocr_desktop.services.recognition import RecognitionJob


class Telling(QObject):
    """Listens to the session and to the reading, and words what they say.

    Signals, each the answer to a question in the bar:
        retry_requested(Entry): Open the picture again.
        repeat_requested(): Ask again what was asked last.
        local_read_requested(): The same, with the embedded engine.
        more_tokens_requested(int): The same, with so many tokens for the answer.
        host_allowed(str, bool): Pictures may go there; or even as soon as they are added.
        key_entered(str, Secret): A key for the engine of this id.
        key_page_requested(str): The address where a person gets a key.
        key_change_requested(str), connection_test_requested(str), settings_requested(str): Of the engine of this id.
        online_requested(): Requests may be sent again, and the last one be repeated.
    """

    retry_requested = Signal(object)
    repeat_requested = Signal()
    local_read_requested = Signal()
    more_tokens_requested = Signal(int)
    host_allowed = Signal(str, bool)
    key_entered = Signal(str, object)
    key_page_requested = Signal(str)
    key_change_requested = Signal(str)
    connection_test_requested = Signal(str)
    settings_requested = Signal(str)
    online_requested = Signal()

    def __init__(
        self, session: Session, control: ReadingControl, bar: MessageBar, status: QLabel, output: OutputPane
    ) -> None:
        super().__init__(bar)
        self._session = session
        self._control = control
        self._bar = bar
        self._status = status
        self._output = output
        self.kept = KeptMessage(bar)
        self._found: Circumstances | None = None
        """Of the job that was begun last and has not ended."""
        self._titles = {EMBEDDED_ENGINE.id: engine_name(EMBEDDED_ENGINE)}
        """Of the engines that were asked, by id."""
        self._clock = WaitingClock(self)
        self._errors = ErrorBar(bar)
        self._connect_session()
        self._connect_reading()
        self._connect_errors()
        self.tell_status()

    def _connect_session(self) -> None:
        session = self._session
        session.page_opening.connect(self._tell_opening)
        session.page_opened.connect(self._tell_page)
        session.entries_changed.connect(self.tell_status)
        session.page_turned.connect(self.tell_status)
        session.page_failed.connect(self._tell_page_failure)
        session.content_changed.connect(self._tell_content)

    def _connect_reading(self) -> None:
        control = self._control
        control.preparing_changed.connect(self.tell_status)
        control.started.connect(self._tell_start)
        control.progressed.connect(self._tell_progress)
        control.sent.connect(self._clock.start)
        control.waiting.connect(self._clock.start)
        self._clock.changed.connect(self._tell_waiting)
        control.permission_needed.connect(self._ask_permission)
        control.failed.connect(self._tell_failure)
        control.ended.connect(self._tell_end)

    def _connect_errors(self) -> None:
        errors = self._errors
        errors.key_entered.connect(self.key_entered)
        errors.key_page_requested.connect(self.key_page_requested)
        errors.key_change_requested.connect(self.key_change_requested)
        errors.connection_test_requested.connect(self.connection_test_requested)
        errors.settings_requested.connect(self.settings_requested)
        errors.online_requested.connect(self.online_requested)
        errors.details_copied.connect(lambda: self.tell_briefly(self.tr("The details are on the clipboard.")))

    def tell_bug(self, error: BaseException) -> None:
        """Say that the program itself is at fault; the traceback is in the log."""
        text = self.tr("Something in the program failed (%1). Nothing that was read is lost; the log says more.")
        self._bar.show_message(MessageKind.ERROR, text.replace("%1", type(error).__name__))

    def tell(self, text: str) -> None:
        self._bar.show_message(MessageKind.INFO, text)

    def tell_briefly(self, text: str) -> None:
        """Say something in the status line that needs no answer and may be missed."""
        self._status.setText(text)

    def tell_for_long(self, text: str, entry: Entry | None = None) -> None:
        """Tell what a reading that begins just then must not wipe away; what is about a page goes with it."""
        self._bar.show_message(MessageKind.WARNING, text)
        self.kept.keep(entry)

    def tell_error(self, error: OcrDesktopError) -> None:
        """Tell an error that is not about a reading."""
        self._show_error(error, Circumstances(), {})

    def tell_obstacle(self, error: OcrDesktopError) -> None:
        """Tell why the engine that is chosen could not be asked, before anything was."""
        self._show_error(error, Circumstances(engine=self._control.engine), {})

    def tell_key_place(self, source: KeySource | None) -> None:
        """Say where a key that was entered is kept (None: nowhere), also while the reading that lacked it begins."""
        from ocr_desktop.services.credentials import KeySource

        if source is KeySource.KEYRING:
            text = self.tr("The key is kept in the system keyring.")
        elif source is KeySource.MEMORY:
            text = self.tr("No keyring has taken the key; without one it is kept only until the program ends.")
        elif source is KeySource.ENVIRONMENT:
            text = self.tr("The environment variable of this engine goes before the key that you entered.")
        else:
            text = self.tr("The key was forgotten.")
        self._bar.show_message(MessageKind.INFO if source is KeySource.KEYRING else MessageKind.WARNING, text)
        self.kept.keep()

    # Pictures

    def _tell_opening(self, entry: Entry) -> None:
        self.kept.leave_for(entry)
        self._status.setText(self.tr("Opening %1…").replace("%1", entry.name))

    def _tell_page(self) -> None:
        opened = self._session.opened
        self._show_busy()
        self.tell_status()
        if opened is not None and opened.page.warnings:
            self.tell_for_long(" ".join(warning_text(each) for each in opened.page.warnings), self._session.entry)
        elif self._session.entry is None:
            self.kept.close_of_page()

    def tell_status(self) -> None:
        """Say in the status line what is on show, and what is being read."""
        facts = page_facts(self._session.entry, self._session.opened)
        if self._control.job is not None:
            facts.insert(0, self._reading_text())
        self._status.setText("   ".join(facts))

    def _tell_page_failure(self, entry: Entry, error: OcrDesktopError) -> None:
        self.tell_status()
        if entry is self._session.entry and self._session.opened is None:
            # It stands in the picture's place.
            return
        self._show_error(
            error, Circumstances(name=entry.name), {Way.TRY_AGAIN: lambda: self.retry_requested.emit(entry)}
        )

    # Readings

    def _tell_content(self) -> None:
        run = self._session.run
        if self._clock.text and self._is_about_page_on_show:
            self._output.show_summary(self._clock.text, "")
        elif run is None or self._control.job is not None:
            self._output.show_summary(self._count_text, "")
        else:
            details = run_details(run, self._titles.get(run.engine, run.engine))
            self._output.show_summary(self._count_text, run_line(run), details)

    @property
    def _count_text(self) -> str:
        count = len(self._session.regions)
        if count == 0:
            return ""
        return self.tr("1 region") if count == 1 else self.tr("%1 regions").replace("%1", str(count))

    @property
    def _is_one_of_many(self) -> bool:
        """Whether what was asked last was asked of many pages, which are told of together."""
        return self._control.attempt is not None and self._control.attempt.is_of_many

    def _tell_start(self) -> None:
        if not (self.kept.stands or self._is_one_of_many):
            self._bar.clear()
        self._note_job()
        self._show_busy()
        self.tell_status()

    def _note_job(self) -> None:
        job = self._control.job
        if job is None:
            return
        prompt = "\n".join(question.prompt for question in job.reading.questions)
        self._found = self._circumstances(job.engine, prompt, datetime.now().astimezone())
        self._titles[job.engine.id] = engine_name(job.engine)
        job.updated.connect(self._hear_words)

    def _hear_words(self, _update: object) -> None:
        self._clock.stop()

    def _show_busy(self) -> None:
        """Show progress where the picture on show is read, and follow the end of its text where more of it comes."""
        attempt = self._control.attempt
        is_busy = self._control.job is not None and self._is_about_page_on_show
        has_text = attempt is not None and not attempt.terms and not attempt.is_of_region
        self._output.set_busy(is_busy, follows=is_busy and has_text)

    def _reading_text(self) -> str:
        job, attempt = self._control.job, self._control.attempt
        if job is None or attempt is None:
            return ""
        if self._clock.text:
            return self._about(self._clock.text)
        if not self._is_about_page_on_show:
            return self.tr("“%1” is being read…").replace("%1", attempt.entry.name)
        if job.engine.host is None:
            return self.tr("Reading on this computer…")
        return self.tr("Reading with %1 at %2…").replace("%1", job.engine.title).replace("%2", job.engine.host)

    @property
    def _is_about_page_on_show(self) -> bool:
        """Whether what was asked last was asked of the picture on show."""
        attempt = self._control.attempt
        return attempt is None or attempt.entry is self._session.entry

    def _about(self, text: str) -> str:
        """A sentence on what was asked last, with the picture's name where another is on show."""
        attempt = self._control.attempt
        return text if attempt is None or self._is_about_page_on_show else f"{attempt.entry.name}: {text}"

    def _tell_progress(self, progress: Progress) -> None:
        self._output.show_progress(progress.done, progress.total)

    def _tell_waiting(self) -> None:
        self.tell_status()
        self._tell_content()

    def _ask_permission(self, engine: EngineDescription) -> None:
        attempt = self._control.attempt
        ask_host(
            self._bar,
            engine.host or "",
            told=self._bar.text if self.kept.stands and not self._bar.has_question else "",
            size=size_text(attempt, self._control.weighing.byte_count if self._is_about_page_on_show else None),
            is_part=attempt is not None and attempt.part is not None,
            send=self.host_allowed.emit,
            read_here=self.local_read_requested.emit,
        )

    def _tell_failure(self, error: OcrDesktopError) -> None:
        self._tell_rest()
        found = self._take_circumstances()
        if self._is_one_of_many:
            return
        title = self._about(error_wording(error, name=found.name).title)
        self._show_error(error, found, self._ways_of_reading(found), title=title)

    def _tell_end(self, job: RecognitionJob) -> None:
        self._tell_rest()
        run, found = job.run, self._take_circumstances()
        if run is None or self._is_one_of_many:
            return
        attempt = self._control.attempt
        if attempt is not None and attempt.is_of_region:
            self._tell_read_again(job, run, found)
        elif job.reading.preset is PresetId.LOCATE and run.finish is Finish.COMPLETE:
            # Of the picture on show the locate panel tells.
            if not self._is_about_page_on_show:
                self._tell_hits(job, run)
        elif job.error is not None:
            self._tell_broken_off(job.error, found, finish_text(run.finish))
        elif run.finish is not Finish.COMPLETE:
            again = self._again(job, self.tr("Read again"))
            self._bar.show_message(
                MessageKind.WARNING, self._about(finish_text(run.finish, is_empty=not run.raw)), again
            )
        elif run.warnings:
            text = " ".join(warning_text(each) for each in run.warnings)
            test = Choice(
                self.tr("Test connection…"), lambda: self.connection_test_requested.emit(job.engine.id), stays=True
            )
            choices = (test,) if WarningCode.NO_BOXES in run.warnings else ()
            self._bar.show_message(MessageKind.INFO, self._about(text), *choices)

    def _tell_broken_off(self, error: OcrDesktopError, found: Circumstances, title: str) -> None:
        self._errors.show_error(
            MessageKind.WARNING,
            error,
            found,
            title=self._about(title),
            text=error_text(error, name=found.name),
            ways=self._ways_of_reading(found),
        )

    def _tell_read_again(self, job: RecognitionJob, run: Run, found: Circumstances) -> None:
        """Say why a region is as it was; where it is not, that is to be seen."""
        text = self.tr("The new reading of the region broke off; the region is as it was.")
        if run.finish is Finish.CANCELLED:
            self._bar.show_message(MessageKind.INFO, self._about(self.tr("Stopped; the region is as it was.")))
        elif job.error is not None:
            self._tell_broken_off(job.error, found, text)
        elif run.finish is not Finish.COMPLETE:
            again = self._again(job, self.tr("Try again"))
            self._bar.show_message(MessageKind.WARNING, self._about(text), again)

    def _again(self, job: RecognitionJob, words: str) -> Choice:
        """The button to read once more, with a longer answer where one was cut and its engine can do more."""
        more, asked = job.engine.more_tokens, job.reading.max_tokens
        is_cut = job.run is not None and job.run.finish is Finish.CUT
        if not is_cut or more is None or (asked is not None and asked >= more):
            return Choice(words, self.repeat_requested.emit)
        text = self.tr("Read again with %1 tokens").replace("%1", str(more))
        return Choice(text, lambda: self.more_tokens_requested.emit(more))

    def _tell_hits(self, job: RecognitionJob, run: Run) -> None:
        from ocr_desktop.core.finding import TERM_SEPARATOR
        from ocr_desktop.gui.locating.wording import hits_text

        terms = TERM_SEPARATOR.join(question.term or "" for question in job.reading.questions)
        count = sum(len(region.boxes) for region in run.regions)
        self._bar.show_message(MessageKind.INFO, self._about(hits_text(terms, count)))

    def _tell_rest(self) -> None:
        self._clock.stop()
        self._show_busy()
        self.tell_status()
        self._tell_content()

    # Errors

    def _show_error(
        self, error: OcrDesktopError, found: Circumstances, ways: dict[Way, Callable[[], None]], *, title: str = ""
    ) -> None:
        wording = error_wording(error, name=found.name)
        self._errors.show_error(
            MessageKind.ERROR, error, found, title=title or wording.title, text=wording.explanation, ways=ways
        )

    def _ways_of_reading(self, found: Circumstances) -> dict[Way, Callable[[], None]]:
        """What can be done where the reading that was asked for last came to nothing."""
        ways: dict[Way, Callable[[], None]] = {Way.TRY_AGAIN: self.repeat_requested.emit}
        if found.engine is not None and found.engine.host is not None:
            ways[Way.READ_HERE] = self.local_read_requested.emit
        return ways

    def _take_circumstances(self) -> Circumstances:
        """Those of the job that has ended just now, or of the one that did not even begin."""
        found, self._found = self._found, None
        return found or self._circumstances(self._control.engine, self._control.prompt)

    def _circumstances(self, engine: EngineDescription, prompt: str, asked_at: datetime | None = None) -> Circumstances:
        attempt = self._control.attempt
        return Circumstances(
            name="" if attempt is None else attempt.entry.name,
            engine=engine,
            preset="" if attempt is None else attempt.preset.value,
            prompt="" if engine.host is None else prompt,
            asked_at=asked_at,
        )
