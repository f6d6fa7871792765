"""`ocr-desktop read`: recognises pictures without a window."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ocr_desktop.cli.arguments import ReadArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import (
    EXIT_CODES,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
    INCOMPLETE,
    WARNINGS,
    error_text,
    worded,
)
from ocr_desktop.cli.output import Output
from ocr_desktop.cli.stream import print_while_reading
from ocr_desktop.core.document import Answer, Document, Finish, Page, Run, Source, SourceKind
from ocr_desktop.core.errors import OcrDesktopError, UsageError
from ocr_desktop.core.files import display_name
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EngineDescription, EngineKind
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.intake import OpenedDocument
from ocr_desktop.services.recognition import Question, Reading, RecognitionJob, questions_for


async def read(arguments: ReadArguments, console: Console) -> int:
    """Read every file in turn; the exit code tells the worst that happened."""
    context = AppContext()
    try:
        return await _Reader(arguments, console, context).read_all()
    finally:
        await context.close()


class _Reader:
    """One call of `read`: the options, and what has become of each file so far."""

    def __init__(self, arguments: ReadArguments, console: Console, context: AppContext) -> None:
        self._arguments = arguments
        self._console = console
        self._context = context
        self._preset = PresetId(arguments.preset or (PresetId.LOCATE if arguments.locate else PresetId.MARKDOWN))
        self._questions = questions_for(self._preset, prompt=arguments.prompt, terms=tuple(arguments.locate))
        self._description = context.catalogue.describe(
            arguments.engine, base_url=arguments.base_url, model=arguments.model
        )
        several = len(arguments.files) > 1
        self._output = Output(arguments.format, arguments.output, console, several=several)
        self._job: RecognitionJob | None = None
        self._is_interrupted = False

    async def read_all(self) -> int:
        exit_codes = []
        with _on_interrupt(self._interrupt):
            for file in self._arguments.files:
                exit_codes.append(await self._read_file(Path(file)))
                if self._is_interrupted:
                    return EXIT_INTERRUPTED
        if len(exit_codes) == 1:
            return exit_codes[0]
        if any(code not in (0, EXIT_INCOMPLETE) for code in exit_codes):
            return EXIT_SOME_FAILED
        return max(exit_codes)

    def _interrupt(self) -> None:
        self._is_interrupted = True
        if self._job is not None:
            self._job.stop()

    async def _read_file(self, path: Path) -> int:
        name = display_name(path)
        try:
            opened = await self._context.intake.open_file(path)
        except OcrDesktopError as error:
            source = Source(name, SourceKind.IMAGE, "")
            return self._fail(error, Document(source, ()), path)
        try:
            return await self._read_opened(opened, path)
        finally:
            self._context.intake.release(opened)

    async def _read_opened(self, opened: OpenedDocument, path: Path) -> int:
        name = opened.document.source.name
        self._console.tell(f"{name}: reading with {self._description.title}")
        try:
            job = await self._run(opened)
        except UsageError:
            raise
        except OcrDesktopError as error:
            failed = failed_run(self._description, self._preset, self._questions)
            return self._fail(error, _with_run(opened, failed), path)
        run = job.run
        assert run is not None, "a job that did not raise has a run"
        document = _with_run(opened, run)
        for warning in dict.fromkeys((*opened.page.warnings, *run.warnings)):
            self._console.warn(f"{name}: {WARNINGS[warning]}")
        if run.finish in INCOMPLETE:
            code: str = run.finish if job.error is None else job.error.code
            told = error_text(job.error, name=name) if job.error else worded(INCOMPLETE[run.finish], {"name": name})
            self._write(document, path, _problem(code, *told))
            self._console.error(*told)
            return EXIT_INCOMPLETE
        self._write(document, path)
        self._console.tell(f"{name}: {len(run.regions)} regions in {run.seconds:.1f} s")
        return 0

    async def _run(self, opened: OpenedDocument) -> RecognitionJob:
        arguments = self._arguments
        engine = self._context.catalogue.engine(
            arguments.engine, base_url=arguments.base_url, model=arguments.model, offline=arguments.offline
        )
        reading = Reading(
            opened.pixels,
            self._preset,
            self._questions,
            timeout_s=arguments.timeout,
            retries=arguments.retries,
            max_tokens=arguments.max_tokens,
        )
        self._job = job = RecognitionJob(engine, reading)
        if self._is_interrupted:
            job.stop()
        job.waiting.connect(lambda wait: self._console.tell(f"{wait.why}: again in {wait.seconds:.0f} s"))
        if arguments.stream:
            print_while_reading(job, arguments.format, self._console)
        await job.read()
        return job

    def _fail(self, error: OcrDesktopError, document: Document, path: Path) -> int:
        name = document.source.name
        told = error_text(error, name=name)
        if self._arguments.format == "json":
            self._write(document, path, _problem(error.code, *told))
        self._console.error(*told)
        return EXIT_CODES[type(error)]

    def _write(self, document: Document, path: Path, problem: dict[str, str] | None = None) -> None:
        if not self._arguments.stream:
            self._output.write(document, path, problem)


def _problem(code: str, message: str, hint: str) -> dict[str, str]:
    return {"code": code, "message": message, "hint": hint}


def failed_run(engine: EngineDescription, preset: PresetId, questions: tuple[Question, ...]) -> Run:
    """The run of a reading of which nothing came."""
    is_embedded = engine.kind is EngineKind.EMBEDDED
    answers = tuple(Answer(None if is_embedded else question.prompt, "", Finish.ERROR) for question in questions)
    return Run(
        id=uuid.uuid4().hex,
        engine=engine.id,
        model=engine.model,
        host=engine.host,
        preset=preset,
        started=datetime.now(UTC),
        seconds=0.0,
        finish=Finish.ERROR,
        answers=answers,
    )


def _with_run(opened: OpenedDocument, run: Run) -> Document:
    page: Page = replace(opened.page, runs=(run,))
    return replace(opened.document, pages=(page,))


@contextmanager
def _on_interrupt(interrupt: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl+C end the request, so that what came is still written; a second one ends the program."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        interrupt()

    loop.add_signal_handler(signal.SIGINT, first)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
