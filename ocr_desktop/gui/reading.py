"""Reading the picture on show: what will be asked of whom, the one job that runs, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError
from ocr_desktop.core.events import Progress, Waiting
from ocr_desktop.core.presets import PRESETS, PresetId, prompt_for
from ocr_desktop.engines.base import EMBEDDED_ID, EngineDescription
from ocr_desktop.gui.session import Entry, Session
from ocr_desktop.services.catalogue import Catalogue
from ocr_desktop.services.recognition import Question, Reading, RecognitionJob, questions_for
from ocr_desktop.services.settings import AutoRead, Settings


class ReadingControl(QObject):
    """Holds the choices of the window and runs at most one job.

    Signals:
        choices_changed(): Engine, preset or prompt changed.
        started(): A job began.
        progressed(Progress), waiting(Waiting): Of the job that runs.
        permission_needed(EngineDescription): Nothing was sent; `allow_host` and reading again sends.
        failed(OcrDesktopError): Nothing came.
        ended(RecognitionJob): A job ended with a run; `job.error` says why where the answer broke off.
    """

    choices_changed = Signal()
    started = Signal()
    progressed = Signal(Progress)
    waiting = Signal(Waiting)
    permission_needed = Signal(object)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(
        self, session: Session, catalogue: Catalogue, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._catalogue = catalogue
        self._edited_prompt: str | None = None
        self.settings = settings
        self.engine = catalogue.describe(EMBEDDED_ID)
        self.preset = PresetId.MARKDOWN
        self.job: RecognitionJob | None = None

    # Choices

    @property
    def prompt(self) -> str:
        """What will be sent, to the letter."""
        return prompt_for(self.preset) if self._edited_prompt is None else self._edited_prompt

    @property
    def is_prompt_edited(self) -> bool:
        return self._edited_prompt is not None

    def choose_engine(self, engine: EngineDescription) -> None:
        if engine != self.engine:
            self.engine = engine
            self.choices_changed.emit()

    def choose_preset(self, preset: PresetId) -> None:
        """Ask something else; an edited prompt belongs to its preset and goes."""
        if preset is not self.preset:
            self.preset = preset
            self._edited_prompt = None
            self.choices_changed.emit()

    def edit_prompt(self, prompt: str | None) -> None:
        """Send this instead of the preset's own; None, or the preset's own to the letter, takes it back."""
        self._edited_prompt = None if prompt == PRESETS[self.preset].prompt else prompt
        self.choices_changed.emit()

    @property
    def reads_added_pictures(self) -> bool:
        """Whether a picture is read as soon as it is added, by the engine that is chosen now."""
        match self.settings.auto_read:
            case AutoRead.ALWAYS:
                return True
            case AutoRead.ON_THIS_COMPUTER:
                return self.engine.host is None
            case AutoRead.NEVER:
                return False

    # Reading

    async def read(self) -> None:
        """Read the picture on show as chosen."""
        await self._read(self.preset, questions_for(self.preset, prompt=self._sent_prompt()))

    async def locate(self, terms: tuple[str, ...]) -> None:
        """Look for terms on the picture on show; the hits become a layer over it."""
        await self._read(PresetId.LOCATE, questions_for(PresetId.LOCATE, terms=terms))

    def stop(self) -> None:
        if self.job is not None:
            self.job.stop()

    def _sent_prompt(self) -> str | None:
        return self._edited_prompt

    async def _read(self, preset: PresetId, questions: tuple[Question, ...]) -> None:
        entry, opened = self._session.entry, self._session.opened
        if entry is None or opened is None or self.job is not None:
            return
        if self._must_ask():
            self.permission_needed.emit(self.engine)
            return
        try:
            engine = self._catalogue.engine(self.engine.id, offline=self.settings.stay_offline)
        except OcrDesktopError as error:
            self.failed.emit(error)
            return
        self._session.keep_pixels(opened)
        try:
            await self._run(RecognitionJob(engine, Reading(opened.pixels, preset, questions)), entry)
        finally:
            self._session.let_go_of_pixels(opened)

    def _must_ask(self) -> bool:
        engine = self.engine
        return engine.host is not None and not engine.is_local and engine.host not in self.settings.allowed_hosts

    async def _run(self, job: RecognitionJob, entry: Entry) -> None:
        self.job = job
        job.updated.connect(self._session.take_update)
        job.progressed.connect(self.progressed.emit)
        job.waiting.connect(self.waiting.emit)
        self._session.begin_live(entry, is_layer=job.reading.preset is PresetId.LOCATE)
        self.started.emit()
        failure: OcrDesktopError | None = None
        try:
            await job.read()
        except OcrDesktopError as error:
            failure = error
        finally:
            self.job = None
            self._session.end_live(entry, job.run)
            if failure is None:
                self.ended.emit(job)
            else:
                self.failed.emit(failure)


def is_about_endpoint(error: OcrDesktopError) -> bool:
    """Whether another engine may do what this one could not."""
    return isinstance(error, EngineError) and error.code not in (
        ErrorCode.WEIGHTS_MISSING,
        ErrorCode.WORKER_CRASHED,
        ErrorCode.WORKER_SILENT,
    )
