"""`ocr-desktop read`: recognises pictures without a window."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ocr_desktop.cli.arguments import EMBEDDED, ReadArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.engines import (
    warn_of_closed_keyring,
    warn_of_unreadable_profiles,
    warn_of_unreadable_settings,
)
from ocr_desktop.cli.messages import (
    EXIT_CODES,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
    INCOMPLETE,
    BadUsageError,
    broken_off_text,
    error_text,
    incomplete_text,
)
from ocr_desktop.cli.output import JSON, Output, Problem, style_of
from ocr_desktop.cli.saved_prompts import asked
from ocr_desktop.cli.stream import StreamPrinter
from ocr_desktop.cli.telling import Teller
from ocr_desktop.core.document import Answer, Document, Finish, Page, Run, Source, SourceKind
from ocr_desktop.core.errors import EngineError, InputError, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.files import check_file, display_name
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import Engine, EngineDescription, EngineKind
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.intake import OpenedDocument
from ocr_desktop.services.questions import Question, questions_for
from ocr_desktop.services.recognition import Reading, RecognitionJob
from ocr_desktop.services.settings import Settings

Result = TypeVar("Result")

PASSWORD_PATIENCE_S = 30.0
"""A locked keyring asks for its password, and somebody types it."""
TOLD_AFTER_S = 1.0


class _InterruptedError(Exception):
    """Ctrl+C came before there was anything to keep."""


async def read(arguments: ReadArguments, console: Console) -> int:
    """Read every file in turn; the exit code tells the worst that happened."""
    context = AppContext()
    settings = context.settings_file.load()
    warn_of_unreadable_settings(context.settings_file, console)
    context.credentials.patience_s = PASSWORD_PATIENCE_S
    context.offline.is_on = arguments.offline or settings.stay_offline
    try:
        return await _Reader(arguments, console, context, settings).read_all()
    finally:
        warn_of_unreadable_profiles(context.profile_files, console)
        await context.close()


class _Reader:
    """One call of `read`: the options, and what is being done now.

    Raises (when made):
        BadUsageError, UsageError, OutputError: Something about the whole call is wrong; nothing was opened and nothing
            sent.
    """

    def __init__(self, arguments: ReadArguments, console: Console, context: AppContext, settings: Settings) -> None:
        self._arguments = arguments
        self._console = console
        self._context = context
        self._timeout_s = settings.timeout_s if arguments.timeout is None else arguments.timeout
        self._retries = settings.retries if arguments.retries is None else arguments.retries
        preset, prompt = asked(arguments, context.prompt_file, console)
        if prompt is not None and arguments.engine == EMBEDDED:
            raise BadUsageError(f"--preset {arguments.preset} is for an endpoint: name one with --engine")
        self._preset = preset or (PresetId.LOCATE if arguments.locate else PresetId.MARKDOWN)
        self._questions = questions_for(self._preset, prompt=prompt, terms=tuple(arguments.locate))
        self._choice = {"base_url": arguments.base_url, "model": arguments.model}
        self._description = context.catalogue.describe(arguments.engine, **self._choice)
        self._teller = Teller(console, self._description)
        self._engine: Engine | EngineError | None = None
        self._files = [Path(file) for file in arguments.files]
        self._output = Output(arguments.format, arguments.output, console, self._files, style_of(arguments))
        self._job: RecognitionJob | None = None
        self._opening: asyncio.Task[Any] | None = None
        self._is_interrupted = False

    async def read_all(self) -> int:
        """Read them; raises UsageError where the engine cannot be asked as it was called."""
        self._engine = await self._engine_or_why_not()
        exit_codes = []
        with _on_interrupt(self._interrupt):
            for number, file in enumerate(self._files):
                try:
                    exit_codes.append(await self._read_file(file, number))
                except _InterruptedError:
                    return EXIT_INTERRUPTED
                except OutputError as error:
                    if self._output.is_standard_output:
                        raise
                    self._console.error(*error_text(error))
                    exit_codes.append(EXIT_CODES[OutputError])
                if self._is_interrupted:
                    return EXIT_INTERRUPTED
        if len(exit_codes) == 1:
            return exit_codes[0]
        if any(code not in (0, EXIT_INCOMPLETE) for code in exit_codes):
            return EXIT_SOME_FAILED
        return max(exit_codes)

    async def _engine_or_why_not(self) -> Engine | EngineError:
        """The engine, its key found; where it cannot be used, each page is told why, with this as its error."""
        waiting = "waiting for the system's keyring, which may be asking for its password"
        patience = asyncio.get_running_loop().call_later(TOLD_AFTER_S, self._console.tell, waiting)
        try:
            engine = await self._context.catalogue.engine(self._arguments.engine, **self._choice)
        except EngineError as error:
            return error
        finally:
            patience.cancel()
        warn_of_closed_keyring(self._context.credentials, self._console)
        return engine

    def _interrupt(self) -> None:
        self._is_interrupted = True
        if self._job is not None:
            self._job.stop()
        elif self._opening is not None:
            self._opening.cancel()

    async def _read_file(self, path: Path, number: int) -> int:
        try:
            check_file(path)
            opened = await self._interruptible(self._context.intake.open_file(path))
        except OcrDesktopError as error:
            return self._fail(error, Document(Source(display_name(path), SourceKind.IMAGE, ""), ()), number)
        try:
            return await self._read_opened(opened, number)
        except (InputError, EngineError) as error:
            # The words are written; a figure could not be cut out.
            return self._fail(error, opened.document, number)
        finally:
            self._job = None
            self._context.intake.release(opened)

    async def _interruptible(self, opening: Coroutine[Any, Any, Result]) -> Result:
        self._opening = task = asyncio.ensure_future(opening)
        try:
            return await task
        except asyncio.CancelledError:
            if self._is_interrupted:
                raise _InterruptedError from None
            raise
        finally:
            self._opening = None

    async def _read_opened(self, opened: OpenedDocument, number: int) -> int:
        name = opened.document.source.name
        self._teller.tell_begin(name)
        try:
            job = await self._ended_job(opened)
        except (UsageError, OutputError):
            raise
        except OcrDesktopError as error:
            failed = failed_run(self._description, self._preset, self._questions)
            return self._fail(error, _with_run(opened, failed), number)
        run = job.run
        assert run is not None, "a job that did not raise has a run"
        document = _with_run(opened, run)
        self._teller.warn(name, (*opened.page.warnings, *run.warnings), run, self._questions)
        if run.finish in INCOMPLETE:
            code: str = run.finish if job.error is None else job.error.code
            told = broken_off_text(job.error, name) if job.error else self._incomplete_text(run.finish, name)
            try:
                await self._save(opened, document, number, Problem(code, *told))
            finally:
                # That the answer is not whole is told, whatever else goes wrong.
                self._teller.tell_run(name, run)
                self._tell_error(name, *told)
            return EXIT_INCOMPLETE
        if run.raw or run.finish is not Finish.CANCELLED or self._arguments.format == JSON:
            await self._save(opened, document, number)
        self._teller.tell_run(name, run)
        return 0

    def _incomplete_text(self, finish: Finish, name: str) -> tuple[str, str]:
        more, asked_for = self._description.more_tokens, self._arguments.max_tokens
        could_be_longer = more is not None and (asked_for is None or asked_for < more)
        return incomplete_text(finish, name, more if could_be_longer else None)

    async def _ended_job(self, opened: OpenedDocument) -> RecognitionJob:
        assert self._engine is not None, "it is chosen before anything is read"
        if isinstance(self._engine, EngineError):
            raise self._engine
        arguments = self._arguments
        reading = Reading(
            opened.pixels,
            self._preset,
            self._questions,
            timeout_s=self._timeout_s,
            retries=self._retries,
            max_tokens=arguments.max_tokens,
        )
        self._job = job = RecognitionJob(self._engine, reading)
        if self._is_interrupted:
            job.stop()
        self._teller.follow(job)
        if not arguments.stream:
            await job.read()
            return job
        printer = StreamPrinter(job, arguments.format, self._output, self._console)
        try:
            await job.read()
        finally:
            await printer.ended.wait()
            if printer.failure is not None:
                raise printer.failure
        return job

    def _fail(self, error: OcrDesktopError, document: Document, number: int) -> int:
        name = document.source.name
        told = error_text(error, name=name)
        if self._arguments.format == JSON:
            self._write(document, number, Problem(error.code, *told))
        self._tell_error(name, *told)
        return EXIT_CODES[type(error)]

    def _tell_error(self, name: str, message: str, hint: str) -> None:
        """Tell an error; of several inputs, with the one that it is about."""
        is_named = len(self._files) == 1 or message.startswith(name)
        self._console.error(message if is_named else f"{name}: {message}", hint)

    async def _save(
        self, opened: OpenedDocument, document: Document, number: int, problem: Problem | None = None
    ) -> None:
        """Write the result, with the figures cut from the page where they have a place."""
        if not self._output.takes_figures:
            self._write(document, number, problem)
            return
        pixels = {page.number: opened.pixels for page in document.pages}
        await self._output.write_with_figures(document, number, self._context.pictures, pixels)

    def _write(self, document: Document, number: int, problem: Problem | None = None) -> None:
        if not self._arguments.stream:
            self._output.write(document, number, problem)


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
