"""Reading the picture on show: what will be asked of whom, the one job that runs, and how it ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.core.geometry import View
from ocr_desktop.core.presets import LOCATE_PLACEHOLDER, PRESETS, PresetId, prompt_for
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription
from ocr_desktop.gui.attempts import Attempt, Part, views_of
from ocr_desktop.gui.preparation import Preparation
from ocr_desktop.gui.weighing import Weighing
from ocr_desktop.services.questions import Question, questions_for
from ocr_desktop.services.settings import AutoRead, Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ocr_desktop.core.document import Run
    from ocr_desktop.engines.base import Engine
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.services.prompts import SavedPrompt
    from ocr_desktop.services.recognition import Reading, RecognitionJob


class ReadingControl(QObject):
    """Holds the choices of the window and runs at most one job.

    Signals:
        choices_changed(): Engine, preset or prompt changed.
        left_to_user(): A picture that was added is on show and is not read before somebody says so.
        started(): A job began.
        preparing_changed(): The engine is being made ready to be asked, or no more.
        key_awaited(): Its key is looked for, and the keyring takes its time.
        progressed(Progress), sent(Sent), waiting(Waiting): Of the job that runs.
        permission_needed(EngineDescription): Nothing was sent; once its host is allowed, `repeat` sends.
        failed(OcrDesktopError): Nothing came.
        ended(RecognitionJob): A job ended with a run; `job.error` says why where the answer broke off.
        part_read(Attempt, tuple[Run, ...]): A region was read again, a run for each of its boxes.
    """

    choices_changed = Signal()
    left_to_user = Signal()
    started = Signal()
    preparing_changed = Signal()
    key_awaited = Signal()
    progressed = Signal(object)
    sent = Signal(object)
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
        self._preparation = Preparation(self)
        self._preparation.changed.connect(self.preparing_changed)
        self._preparation.took_long.connect(self.key_awaited)
        self._max_tokens: int | None = None
        self.saved_prompt: SavedPrompt | None = None
        self.failure: OcrDesktopError | None = None
        self.weighing = Weighing(session, context, self)
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
        """Whether other words would be sent than those of the chosen preset or saved prompt."""
        saved = self.saved_prompt
        return self._edited_prompt is not None and (saved is None or self._edited_prompt != saved.prompt)

    def choose_engine(self, engine: EngineDescription) -> None:
        """Ask this one from now on; what it cannot do gives way to what every engine can."""
        if engine == self.engine:
            return
        self._preparation.give_up()
        self.engine = engine
        if self.preset not in engine.presets or (self.saved_prompt is not None and engine.host is None):
            self.preset = PresetId.MARKDOWN
            self.saved_prompt = None
            self._edited_prompt = None
        self.choices_changed.emit()

    def choose_preset(self, preset: PresetId) -> None:
        """Ask something else; an edited prompt belongs to its preset and goes."""
        if preset is not self.preset or self.saved_prompt is not None:
            self.preset = preset
            self.saved_prompt = None
            self._edited_prompt = None
            self.choices_changed.emit()

    def choose_prompt(self, saved: SavedPrompt) -> None:
        """Ask with a prompt of the user's own; its answer is read by the rules of its preset."""
        self.preset = saved.preset
        self.saved_prompt = saved
        self._edited_prompt = saved.prompt
        self.choices_changed.emit()

    def edit_prompt(self, prompt: str | None) -> None:
        """Send this instead of the chosen one; None, or the chosen one to the letter, takes it back."""
        saved = self.saved_prompt
        if saved is not None:
            self._edited_prompt = saved.prompt if prompt is None else prompt
        else:
            self._edited_prompt = None if prompt == PRESETS[self.preset].prompt else prompt
        self.choices_changed.emit()

    def may_send_to(self, engine: EngineDescription) -> bool:
        """Whether pictures may go where this engine reads them."""
        return self.settings.may_send_to(engine)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs, or is about to: its engine's key is being looked for."""
        return self.job is not None or self._preparation.is_running

    def was_hindered_by(self, reasons: frozenset[ErrorCode]) -> bool:
        """Whether what was asked last failed for one of these reasons, of this engine and of the picture on show.

        Only then does what was in its way, once it is gone, allow to ask again.
        """
        attempt, failure = self.attempt, self.failure
        if attempt is None or failure is None or failure.code not in reasons:
            return False
        return attempt.engine == self.engine.id and attempt.entry is self._session.entry

    @property
    def reads_added_pictures(self) -> bool:
        """Whether a picture is read as soon as it is added, by the engine that is chosen now."""
        if self.preset is PresetId.LOCATE:
            return False
        match self.settings.auto_read:
            case AutoRead.ALWAYS:
                return True
            case AutoRead.ON_THIS_COMPUTER:
                return self.engine.host is None or self.engine.host in self.settings.at_once_hosts
            case AutoRead.NEVER:
                return False

    # Reading

    async def read(self) -> None:
        """Read the picture on show as chosen."""
        await self._read_on_show(questions_for(self.preset, prompt=self._edited_prompt), self.preset)

    async def locate(self, terms: tuple[str, ...]) -> None:
        """Look for terms on the picture on show; the hits become a layer over it."""
        await self._read_on_show(self._locate_questions(terms), PresetId.LOCATE, terms)

    async def read_part(self, part: Part) -> None:
        """Read a part of the picture on show: as a run of its own, or into the place of the region that it was."""
        preset, questions = self._questions_of_text()
        await self._read_on_show(questions, preset, part=part)

    async def read_page(self, entry: Entry, opened: OpenedDocument) -> None:
        """Read a page as chosen, one of many, whether or not it is on show; nothing where something is read."""
        preset, questions = self._questions_of_text()
        await self._read(Attempt(entry, preset, engine=self.engine.id, is_of_many=True), questions, opened)

    async def read_added(self) -> None:
        """Read the picture on show if it was added to be read, as soon as no other is read."""
        entry = self._session.entry
        if entry is None or self._session.opened is None or not entry.waits_for_reading or self.is_busy:
            return
        entry.waits_for_reading = False
        if self.reads_added_pictures:
            await self.read()
        else:
            self.left_to_user.emit()

    async def repeat(self, max_tokens: int | None = None) -> None:
        """Ask again what was asked last, of the same picture, with the choices as they are now.

        `max_tokens` is how long the answer may be; None: the profile's own.
        """
        attempt = self.attempt
        # Another engine has another limit.
        self._max_tokens = max_tokens if attempt is not None and attempt.engine == self.engine.id else None
        try:
            await self._repeat()
        finally:
            self._max_tokens = None

    async def _repeat(self) -> None:
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

    async def until_free(self) -> None:
        """Wait until nothing is read any more."""
        free = asyncio.Event()
        signals = (self.preparing_changed, self.failed, self.ended)
        for signal in signals:
            signal.connect(free.set)
        try:
            while self.is_busy:
                free.clear()
                await free.wait()
        finally:
            for signal in signals:
                signal.disconnect(free.set)

    def stop(self) -> None:
        """End the request, or give up what is about to be asked."""
        if self.job is not None:
            self.job.stop()
        else:
            self._preparation.give_up()

    def _locate_questions(self, terms: tuple[str, ...]) -> tuple[Question, ...]:
        if self.preset is PresetId.LOCATE and self._edited_prompt is not None:
            edited = self._edited_prompt
            return tuple(Question(edited.replace(LOCATE_PLACEHOLDER, term), term) for term in terms)
        return questions_for(PresetId.LOCATE, terms=terms)

    def _questions_of_text(self) -> tuple[PresetId, tuple[Question, ...]]:
        """What is asked where words are wanted, whatever is chosen."""
        if self.preset is PresetId.LOCATE:
            return PresetId.MARKDOWN, questions_for(PresetId.MARKDOWN)
        return self.preset, questions_for(self.preset, prompt=self._edited_prompt)

    async def _read_on_show(
        self,
        questions: tuple[Question, ...],
        preset: PresetId,
        terms: tuple[str, ...] = (),
        part: Part | None = None,
    ) -> None:
        entry, opened = self._session.entry, self._session.opened
        if entry is not None and opened is not None:
            await self._read(Attempt(entry, preset, terms, part, self.engine.id), questions, opened)

    async def _read(self, attempt: Attempt, questions: tuple[Question, ...], opened: OpenedDocument) -> None:
        if self.is_busy:
            return
        self.failure = None
        self.attempt = attempt
        entry, part = attempt.entry, attempt.part
        self._session.pixels.keep(opened)
        try:
            engine = await self._permitted_engine(attempt, opened)
            if engine is None or entry not in self._session.entries:
                return
            from ocr_desktop.services.recognition import RecognitionJob

            jobs = [
                RecognitionJob(engine, self._reading(opened, attempt.preset, questions, view))
                for view in views_of(entry, opened.pixels.size, self._session.ignored_on(entry), part)
            ]
            if part is None or part.region_id is None:
                await self._run(jobs[0], entry)
            else:
                await self._read_again(jobs, attempt)
        finally:
            self._session.pixels.let_go(opened)

    async def _made_engine(self, attempt: Attempt, opened: OpenedDocument) -> Engine:
        """Who reads: the text of a PDF itself where that is wanted and there, else the chosen engine."""
        from ocr_desktop.services.text_layers import text_layer_engine

        if attempt.wants_text:
            intake, place = self._context.intake, attempt.entry.place
            if engine := await text_layer_engine(intake, place, attempt.preset, has_text=opened.has_text):
                return engine
        return await self._context.catalogue.engine(self.engine.id)

    async def _permitted_engine(self, attempt: Attempt, opened: OpenedDocument) -> Engine | None:
        """Who reads; None where nothing may be sent, which is told, or where another was chosen meanwhile."""
        chosen = self.engine
        engine = await self._prepared(
            self._made_engine(attempt, opened), has_key=not (attempt.wants_text and opened.has_text)
        )
        if engine is None or self.engine != chosen:
            return None
        # Its settings may have been written anew since it was chosen: what counts is where it sends to now.
        # Of many pages it was said how many would go to which host.
        is_as_said = engine.description.host in (None, chosen.host) or not attempt.is_of_many
        if not (is_as_said and self.may_send_to(engine.description)):
            self.permission_needed.emit(engine.description)
            return None
        return engine

    async def _prepared(self, making: Coroutine[None, None, Engine], *, has_key: bool) -> Engine | None:
        try:
            return await self._preparation.wait_for(making, has_key=has_key)
        except OcrDesktopError as error:
            self._fail(error)
            return None

    def _reading(
        self, opened: OpenedDocument, preset: PresetId, questions: tuple[Question, ...], view: View
    ) -> Reading:
        from ocr_desktop.services.recognition import Reading

        return Reading(
            opened.pixels,
            preset,
            questions,
            view=view,
            timeout_s=self.settings.timeout_s,
            retries=self.settings.retries,
            max_tokens=self._max_tokens,
        )

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
            self._session.end_live(entry, None if _is_void(job.run) else job.run)
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
        self.failure = None
        job.progressed.connect(self.progressed.emit)
        job.sent.connect(self.sent.emit)
        job.waiting.connect(self.waiting.emit)

    def _tell_end(self, job: RecognitionJob, failure: OcrDesktopError | None) -> None:
        if failure is None:
            self.ended.emit(job)
        else:
            self._fail(failure)

    def _fail(self, failure: OcrDesktopError) -> None:
        self.failure = failure
        self.failed.emit(failure)


def _is_void(run: Run | None) -> bool:
    """Whether a reading was stopped before anything came, so that what was on show shall come back."""
    return run is not None and run.finish is Finish.CANCELLED and not run.raw and not run.regions
