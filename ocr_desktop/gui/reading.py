"""Reading the picture on show: what will be asked of whom, the one job that runs, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError
from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.core.presets import LOCATE_PLACEHOLDER, PRESETS, PresetId, prompt_for
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription
from ocr_desktop.services.questions import Question, questions_for
from ocr_desktop.services.settings import AutoRead, Settings

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.recognition import RecognitionJob


PART_MARGIN = 0.2
"""How much of its own height is read around a region, above and below, so that no letter is cut at an edge."""
MOST_PART_MARGIN = 12.0
"""Page pixels."""


@dataclass(frozen=True, slots=True)
class Part:
    """Boxes (page pixels) to read alone, a request each; with `region_id`, to put into that region's place in a run."""

    boxes: tuple[PixelBox, ...]
    run_id: str | None = None
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked last, whether or not it was sent: of which picture, for which terms, of which part.

    Without terms its text is wanted, without a part all of it.
    """

    entry: Entry
    preset: PresetId
    terms: tuple[str, ...] = ()
    part: Part | None = None

    @property
    def is_of_region(self) -> bool:
        """Whether a region is read again, so that nothing on show changes before its end."""
        return self.part is not None and self.part.region_id is not None

    @property
    def is_void(self) -> bool:
        """Whether a region was to be read again that is gone by now."""
        if self.part is None or self.part.region_id is None:
            return False
        from ocr_desktop.core.edits import edited_regions

        run = self.entry.run(self.part.run_id)
        return run is None or all(region.id != self.part.region_id for region in edited_regions(run))


class ReadingControl(QObject):
    """Holds the choices of the window and runs at most one job.

    Signals:
        choices_changed(): Engine, preset or prompt changed.
        left_to_user(): A picture that was added is on show and is not read before somebody says so.
        started(): A job began.
        progressed(Progress), waiting(Waiting): Of the job that runs.
        permission_needed(EngineDescription): Nothing was sent; once its host is allowed, `repeat` sends.
        failed(OcrDesktopError): Nothing came.
        ended(RecognitionJob): A job ended with a run; `job.error` says why where the answer broke off.
        part_read(Attempt, tuple[Run, ...]): A region was read again, a run for each of its boxes.
    """

    choices_changed = Signal()
    left_to_user = Signal()
    started = Signal()
    progressed = Signal(object)
    waiting = Signal(object)
    permission_needed = Signal(object)
    failed = Signal(object)
    ended = Signal(object)
    part_read = Signal(object, object)

    def __init__(
        self, session: Session, context: AppContext, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._context = context
        self._edited_prompt: str | None = None
        self.settings = settings
        self.engine = EMBEDDED_ENGINE
        self.preset = PresetId.MARKDOWN
        self.job: RecognitionJob | None = None
        self.attempt: Attempt | None = None

    # Choices

    @property
    def prompt(self) -> str:
        """What will be sent, to the letter; with `locate`, a term goes in the place of `xxxx`."""
        return prompt_for(self.preset) if self._edited_prompt is None else self._edited_prompt

    def locate_prompts(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        """What will be sent to find these terms, to the letter."""
        return tuple(question.prompt for question in self._locate_questions(terms))

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
        if self.preset is PresetId.LOCATE:
            return False
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
        await self._read(questions_for(self.preset, prompt=self._edited_prompt), self.preset)

    async def locate(self, terms: tuple[str, ...]) -> None:
        """Look for terms on the picture on show; the hits become a layer over it."""
        await self._read(self._locate_questions(terms), PresetId.LOCATE, terms)

    async def read_part(self, part: Part) -> None:
        """Read a part of the picture on show: as a run of its own, or into the place of the region that it was."""
        preset = PresetId.MARKDOWN if self.preset is PresetId.LOCATE else self.preset
        edited = self._edited_prompt if preset is self.preset else None
        await self._read(questions_for(preset, prompt=edited), preset, part=part)

    async def read_added(self) -> None:
        """Read the picture on show if it was added to be read, as soon as no other is read."""
        entry = self._session.entry
        if entry is None or not entry.waits_for_reading or self.job is not None:
            return
        entry.waits_for_reading = False
        if self.reads_added_pictures:
            await self.read()
        else:
            self.left_to_user.emit()

    async def repeat(self) -> None:
        """Ask again what was asked last, of the same picture, with the choices as they are now."""
        attempt = self.attempt
        if attempt is None or attempt.is_void or not await self._session.show_entry(attempt.entry):
            return
        if attempt.terms:
            await self.locate(attempt.terms)
            return
        if attempt.part is not None:
            await self.read_part(attempt.part)
            return
        if self.preset is PresetId.LOCATE:
            self.choose_preset(attempt.preset)
        await self.read()

    def stop(self) -> None:
        if self.job is not None:
            self.job.stop()

    def _locate_questions(self, terms: tuple[str, ...]) -> tuple[Question, ...]:
        if self.preset is PresetId.LOCATE and self._edited_prompt is not None:
            edited = self._edited_prompt
            return tuple(Question(edited.replace(LOCATE_PLACEHOLDER, term), term) for term in terms)
        return questions_for(PresetId.LOCATE, terms=terms)

    async def _read(
        self,
        questions: tuple[Question, ...],
        preset: PresetId,
        terms: tuple[str, ...] = (),
        part: Part | None = None,
    ) -> None:
        entry, opened = self._session.entry, self._session.opened
        if entry is None or opened is None or self.job is not None:
            return
        self.attempt = attempt = Attempt(entry, preset, terms, part)
        try:
            engine = self._context.catalogue.engine(self.engine.id, offline=self.settings.stay_offline)
        except OcrDesktopError as error:
            self.failed.emit(error)
            return
        if self._must_ask():
            self.permission_needed.emit(self.engine)
            return
        from ocr_desktop.services.recognition import Reading, RecognitionJob

        self._session.keep_pixels(opened)
        try:
            jobs = [
                RecognitionJob(engine, Reading(opened.pixels, preset, questions, view=view))
                for view in _views(entry, opened.pixels.size, part)
            ]
            if part is None or part.region_id is None:
                await self._run(jobs[0], entry)
            else:
                await self._read_again(jobs, attempt)
        finally:
            self._session.let_go_of_pixels(opened)

    def _must_ask(self) -> bool:
        engine = self.engine
        return engine.host is not None and not engine.is_local and engine.host not in self.settings.allowed_hosts

    async def _run(self, job: RecognitionJob, entry: Entry) -> None:
        self._begin(job)
        job.updated.connect(self._session.take_update)
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
            self._tell_end(job, failure)

    async def _read_again(self, jobs: list[RecognitionJob], attempt: Attempt) -> None:
        """Read a region's boxes one after the other; what was there stays unless all that was asked for came."""
        failure: OcrDesktopError | None = None
        job = jobs[0]
        try:
            for job in jobs:
                self._begin(job)
                self.started.emit()
                await job.read()
                if job.run is None or job.run.finish is not Finish.COMPLETE:
                    break
        except OcrDesktopError as error:
            failure = error
        finally:
            self.job = None
            self._tell_end(job, failure)
        runs = tuple(each.run for each in jobs if each.run is not None)
        if failure is None and len(runs) == len(jobs) and runs[-1].finish is Finish.COMPLETE:
            self.part_read.emit(attempt, runs)

    def _begin(self, job: RecognitionJob) -> None:
        self.job = job
        job.progressed.connect(self.progressed.emit)
        job.waiting.connect(self.waiting.emit)

    def _tell_end(self, job: RecognitionJob, failure: OcrDesktopError | None) -> None:
        if failure is None:
            self.ended.emit(job)
        else:
            self.failed.emit(failure)


def _views(entry: Entry, size: Size, part: Part | None) -> tuple[View, ...]:
    """What is shown to the engine, as the user sees it: upright as the picture was turned, a part a little larger."""
    if part is None:
        return (View(entry.turns),)
    boxes = part.boxes if part.region_id is None else tuple(_with_margin(box, size) for box in part.boxes)
    return tuple(View(entry.turns, box) for box in boxes)


def _with_margin(box: PixelBox, size: Size) -> PixelBox:
    margin = min(PART_MARGIN * min(box.width, box.height), MOST_PART_MARGIN)
    return PixelBox(
        max(box.x_min - margin, 0),
        max(box.y_min - margin, 0),
        min(box.x_max + margin, size.width),
        min(box.y_max + margin, size.height),
    )


def is_about_endpoint(error: OcrDesktopError) -> bool:
    """Whether another engine may do what this one could not."""
    return isinstance(error, EngineError) and error.code not in (
        ErrorCode.WEIGHTS_MISSING,
        ErrorCode.WORKER_CRASHED,
        ErrorCode.WORKER_SILENT,
    )
