"""What the window says of what happens: the bar for what needs an answer, the status line and the foot for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from ocr_desktop.core.document import Finish, Run
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.gui.controls import preset_name
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind
from ocr_desktop.gui.messages import error_text, finish_text, warning_text
from ocr_desktop.gui.reading import ReadingControl, is_about_endpoint

if TYPE_CHECKING:
    from ocr_desktop.core.events import Progress, Waiting
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.output.pane import OutputPane
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.recognition import RecognitionJob


class Telling(QObject):
    """Listens to the session and to the reading, and words what they say.

    Signals, each the answer to a question in the bar:
        retry_requested(Entry): Open the picture again.
        repeat_requested(): Ask again what was asked last.
        local_read_requested(): The same, with the embedded engine.
        host_allowed(str): Pictures may go there.
    """

    retry_requested = Signal(object)
    repeat_requested = Signal()
    local_read_requested = Signal()
    host_allowed = Signal(str)

    def __init__(
        self, session: Session, control: ReadingControl, bar: MessageBar, status: QLabel, output: OutputPane
    ) -> None:
        super().__init__(bar)
        self._session = session
        self._control = control
        self._bar = bar
        self._status = status
        self._output = output
        self._told_for_long = ""
        session.page_opening.connect(self._tell_opening)
        session.page_opened.connect(self._tell_page)
        session.entries_changed.connect(self._tell_status)
        session.page_turned.connect(self._tell_status)
        session.page_failed.connect(self._tell_page_failure)
        session.content_changed.connect(self._tell_content)
        control.started.connect(self._tell_start)
        control.progressed.connect(self._tell_progress)
        control.waiting.connect(self._tell_waiting)
        control.permission_needed.connect(self._ask_permission)
        control.failed.connect(self._tell_failure)
        control.ended.connect(self._tell_end)
        self._tell_status()

    def tell_bug(self, error: BaseException) -> None:
        """Say that the program itself is at fault; the traceback is in the log."""
        text = self.tr("Something in the program failed (%1). Nothing that was read is lost; the log says more.")
        self._bar.show_message(MessageKind.ERROR, text.replace("%1", type(error).__name__))

    def tell(self, text: str) -> None:
        self._bar.show_message(MessageKind.INFO, text)

    def tell_briefly(self, text: str) -> None:
        """Say something in the status line that needs no answer and may be missed."""
        self._status.setText(text)

    def tell_for_long(self, text: str) -> None:
        """Tell what a reading that begins just then must not wipe away."""
        self._told_for_long = text
        self._bar.show_message(MessageKind.WARNING, text)

    def tell_error(self, error: OcrDesktopError) -> None:
        self._bar.show_message(MessageKind.ERROR, error_text(error))

    def run_label(self, run: Run) -> str:
        """A run in one line, to choose it among others."""
        engine = self.tr("this computer") if run.host is None else run.host
        facts = [preset_name(PresetId(run.preset)), engine, f"{run.started.astimezone():%H:%M:%S}"]
        if run.view.crop is not None:
            facts.insert(1, self.tr("a part"))
        mark = "" if run.finish is Finish.COMPLETE else self.tr(" (incomplete)")
        return f"{' · '.join(facts)}{mark}"

    # Pictures

    def _tell_opening(self, entry: Entry) -> None:
        self._bar.clear()
        self._status.setText(self.tr("Opening %1…").replace("%1", entry.name))

    def _tell_page(self) -> None:
        opened = self._session.opened
        self._show_busy()
        self._tell_status()
        if opened is not None and opened.page.warnings:
            self.tell_for_long(" ".join(warning_text(each) for each in opened.page.warnings))

    def _tell_status(self) -> None:
        entry, opened = self._session.entry, self._session.opened
        if entry is None or opened is None:
            facts = [self.tr("No picture")]
        else:
            size = opened.pixels.size.turned(entry.turns)
            facts = [entry.name, f"{size.width} × {size.height}"]
        if self._control.job is not None:
            facts.insert(0, self._reading_text())
        self._status.setText("   ".join(facts))

    def _tell_page_failure(self, entry: Entry, error: OcrDesktopError) -> None:
        self._tell_status()
        again = Choice(self.tr("Try again"), lambda: self.retry_requested.emit(entry))
        self._bar.show_message(MessageKind.ERROR, error_text(error, name=entry.name), again)

    # Readings

    def _tell_content(self) -> None:
        count = len(self._session.regions)
        run = self._session.run
        right = "" if run is None or self._control.job is not None else self._run_facts(run)
        self._output.show_summary(self._count_text(count), right)

    def _count_text(self, count: int) -> str:
        if count == 0:
            return ""
        return self.tr("1 region") if count == 1 else self.tr("%1 regions").replace("%1", str(count))

    def _run_facts(self, run: Run) -> str:
        engine = self.tr("this computer") if run.host is None else run.host
        facts = [engine, self.tr("%1 s").replace("%1", f"{run.seconds:.1f}")]
        if run.finish is not Finish.COMPLETE:
            facts.insert(0, self.tr("incomplete"))
        return " · ".join(facts)

    def _tell_start(self) -> None:
        if self._bar.text != self._told_for_long:
            self._bar.clear()
        self._show_busy()
        self._tell_status()

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

    def _tell_waiting(self, waiting: Waiting) -> None:
        self._status.setText(self.tr("The server is busy; again in %1 s…").replace("%1", f"{waiting.seconds:.0f}"))

    def _ask_permission(self, engine: EngineDescription) -> None:
        host = engine.host or ""
        attempt = self._control.attempt
        if attempt is None or attempt.part is None:
            text = self.tr("This picture%1 will leave this computer and go to %2. Send it?")
        else:
            text = self.tr("This part of the picture%1 will leave this computer and go to %2. Send it?")
        size = self._size_text()
        self._bar.show_message(
            MessageKind.WARNING,
            text.replace("%1", size).replace("%2", host),
            Choice(self.tr("Send, and remember %1").replace("%1", host), lambda: self.host_allowed.emit(host)),
            Choice(self.tr("Read on this computer"), self.local_read_requested.emit),
        )

    def _size_text(self) -> str:
        """How large what would be sent is, in pixels."""
        attempt, opened = self._control.attempt, self._session.opened
        if attempt is not None and attempt.part is not None:
            sizes = [f"{box.width:.0f} × {box.height:.0f}" for box in attempt.part.boxes]
            return f" ({', '.join(sizes)})"
        return "" if opened is None else f" ({opened.pixels.size.width} × {opened.pixels.size.height})"

    def _tell_failure(self, error: OcrDesktopError) -> None:
        self._tell_rest()
        attempt = self._control.attempt
        name = "" if attempt is None else attempt.entry.name
        self._bar.show_message(MessageKind.ERROR, self._about(error_text(error, name=name)), *self._ways_on(error))

    def _tell_end(self, job: RecognitionJob) -> None:
        self._tell_rest()
        run = job.run
        if run is None:
            return
        attempt = self._control.attempt
        if attempt is not None and attempt.is_of_region:
            self._tell_read_again(job, run)
        elif job.reading.preset is PresetId.LOCATE and run.finish is Finish.COMPLETE:
            # Of the picture on show the locate panel tells.
            if not self._is_about_page_on_show:
                self._tell_hits(job, run)
        elif job.error is not None:
            text = f"{finish_text(run.finish)} {error_text(job.error)}"
            self._bar.show_message(MessageKind.WARNING, self._about(text), *self._ways_on(job.error))
        elif run.finish is not Finish.COMPLETE:
            again = Choice(self.tr("Read again"), self.repeat_requested.emit)
            self._bar.show_message(MessageKind.WARNING, self._about(finish_text(run.finish)), again)
        elif run.warnings:
            text = " ".join(warning_text(each) for each in run.warnings)
            self._bar.show_message(MessageKind.INFO, self._about(text))

    def _tell_read_again(self, job: RecognitionJob, run: Run) -> None:
        """Say why a region is as it was; where it is not, that is to be seen."""
        if run.finish is Finish.CANCELLED:
            self._bar.show_message(MessageKind.INFO, self._about(self.tr("Stopped; the region is as it was.")))
        elif run.finish is not Finish.COMPLETE:
            text = self.tr("The new reading of the region broke off; the region is as it was.")
            if job.error is not None:
                text = f"{text} {error_text(job.error)}"
            again = Choice(self.tr("Try again"), self.repeat_requested.emit)
            self._bar.show_message(MessageKind.WARNING, self._about(text), again)

    def _tell_hits(self, job: RecognitionJob, run: Run) -> None:
        from ocr_desktop.core.finding import TERM_SEPARATOR

        terms = TERM_SEPARATOR.join(question.term or "" for question in job.reading.questions)
        count = sum(len(region.boxes) for region in run.regions)
        if count == 0:
            text = self.tr("“%1” was not found.")
        elif count == 1:
            text = self.tr("“%1” was found in one place.")
        else:
            text = self.tr("“%1” was found in %2 places.")
        self._bar.show_message(MessageKind.INFO, self._about(text.replace("%2", str(count)).replace("%1", terms)))

    def _tell_rest(self) -> None:
        self._show_busy()
        self._tell_status()
        self._tell_content()

    def _ways_on(self, error: OcrDesktopError) -> list[Choice]:
        choices = []
        if error.code not in (ErrorCode.NOTHING_TO_LOCATE, ErrorCode.PRESET_UNSUPPORTED, ErrorCode.PICTURE_SHAPE):
            choices.append(Choice(self.tr("Try again"), self.repeat_requested.emit))
        if is_about_endpoint(error) and self._control.engine.host is not None:
            choices.append(Choice(self.tr("Read on this computer"), self.local_read_requested.emit))
        return choices
