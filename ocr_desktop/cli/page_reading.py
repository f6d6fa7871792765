"""Reading one page: with which engine, as it was asked, its words printed as they come where that is wanted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocr_desktop.cli.interruption import InterruptedReadingError
from ocr_desktop.cli.messages import incomplete_text
from ocr_desktop.cli.stream import StreamPrinter
from ocr_desktop.core.alignment.regions import lacks_places
from ocr_desktop.core.document import Answer, Finish, Run
from ocr_desktop.core.errors import EngineError
from ocr_desktop.engines.base import Engine, EngineDescription, EngineKind
from ocr_desktop.services.recognition import Reading, RecognitionJob
from ocr_desktop.services.text_layers import text_layer_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.cli.console import Console
    from ocr_desktop.cli.interruption import Interruption
    from ocr_desktop.cli.output import Output
    from ocr_desktop.cli.telling import Teller
    from ocr_desktop.core.geometry import View
    from ocr_desktop.core.page_places import PagePlace
    from ocr_desktop.core.presets import PresetId
    from ocr_desktop.services.enrichment import Enrichment
    from ocr_desktop.services.intake import Intake, OpenedDocument
    from ocr_desktop.services.questions import Question


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of each page.

    Attributes:
        max_tokens: None: what the engine's profile says.
        takes_text_layer: The text that a page holds itself is taken instead.
        view: Of every page.
    """

    preset: PresetId
    questions: tuple[Question, ...]
    timeout_s: float
    retries: int
    max_tokens: int | None
    takes_text_layer: bool
    view: View


class PageReader:
    """Reads pages one after the other.

    Args:
        engine: Or why there is none: each page that it would read is told that.
        description: Of the engine.
        printing: The format in which words are printed as they come; None: they are not.
        enrichment: Gives words a place that came without any; None: they stay without.
    """

    def __init__(
        self,
        asking: Asking,
        engine: Engine | EngineError,
        description: EngineDescription,
        *,
        intake: Intake,
        interruption: Interruption,
        teller: Teller,
        output: Output,
        console: Console,
        printing: str | None,
        enrichment: Callable[[], Enrichment] | None,
    ) -> None:
        self.asking = asking
        self.description = description
        self.teller = teller
        self._engine = engine
        self._intake = intake
        self._interruption = interruption
        self._output = output
        self._console = console
        self._printing = printing
        self._enrichment = enrichment

    async def read(self, opened: OpenedDocument, place: PagePlace) -> RecognitionJob:
        """Read a page to its end; the job has a run.

        Raises:
            OcrDesktopError: Nothing came; says why.
            OutputError, BrokenPipeError: What came could not be printed.
            InterruptedReadingError: Ctrl+C came before the reading began.
        """
        engine = await self._engine_for(opened, place)
        asking = self.asking
        reading = Reading(
            opened.pixels,
            asking.preset,
            asking.questions,
            view=asking.view,
            timeout_s=asking.timeout_s,
            retries=asking.retries,
            max_tokens=asking.max_tokens,
        )
        self._interruption.job = job = RecognitionJob(engine, reading)
        if self._interruption.is_requested:
            job.stop()
        self.teller.follow(job)
        try:
            await self._read(job, is_only_page=opened.page_count == 1)
        finally:
            self._interruption.job = None
        return job

    async def with_places(self, run: Run, opened: OpenedDocument) -> Run:
        """The run, with boxes for words that came without any, as far as they can be found; Ctrl+C ends the search."""
        if self._enrichment is None or not lacks_places(run):
            return run
        enriching = self._enrichment().enriched(run, opened.pixels, str(opened.pixels.number))
        try:
            return await self._interruption.wait_for(enriching)
        except InterruptedReadingError:
            return run

    def incomplete_text(self, finish: Finish, name: str) -> tuple[str, str]:
        """The message and the hint of an answer that is not whole, with the number of tokens that helps."""
        more, asked_for = self.description.more_tokens, self.asking.max_tokens
        could_be_longer = more is not None and (asked_for is None or asked_for < more)
        return incomplete_text(finish, name, more if could_be_longer else None)

    def failed_run(self) -> Run:
        """The run of a reading of which nothing came."""
        return failed_run(self.asking.preset, self.asking.questions, self.description)

    async def _engine_for(self, opened: OpenedDocument, place: PagePlace) -> Engine:
        if self.asking.takes_text_layer:
            making = text_layer_engine(self._intake, place, self.asking.preset, has_text=opened.has_text)
            if (engine := await self._interruption.wait_for(making)) is not None:
                return engine
        if isinstance(self._engine, EngineError):
            raise self._engine
        return self._engine

    async def _read(self, job: RecognitionJob, *, is_only_page: bool) -> None:
        if self._printing is None:
            await job.read()
            return
        printer = StreamPrinter(job, self._printing, self._output, self._console, is_only_page=is_only_page)
        try:
            await job.read()
        finally:
            await printer.ended.wait()
            if printer.failure is not None:
                raise printer.failure


def failed_run(preset: PresetId, questions: tuple[Question, ...], engine: EngineDescription | None) -> Run:
    """The run of a reading of which nothing came; without an engine where nobody knows which was asked."""
    has_prompts = engine is None or engine.kind is not EngineKind.EMBEDDED
    return Run(
        id=uuid.uuid4().hex,
        engine="" if engine is None else engine.id,
        model=None if engine is None else engine.model,
        host=None if engine is None else engine.host,
        preset=preset,
        started=datetime.now(UTC),
        seconds=0.0,
        finish=Finish.ERROR,
        answers=tuple(Answer(question.prompt if has_prompts else None, "", Finish.ERROR) for question in questions),
    )
