"""`ocr-desktop read`: recognises pictures without a window."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.cli.engines import (
    warn_of_closed_keyring,
    warn_of_unreadable_profiles,
    warn_of_unreadable_settings,
)
from ocr_desktop.cli.file_reading import FilePlan, FileReading
from ocr_desktop.cli.inputs import Input, check_link, inputs_of
from ocr_desktop.cli.interruption import InterruptedReadingError, Interruption
from ocr_desktop.cli.messages import (
    EXIT_CODES,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_SOME_FAILED,
    LINK_OFFLINE,
    BadUsageError,
    error_text,
    input_error_text,
    named,
    worded,
)
from ocr_desktop.cli.output import JSON, Output, Problem, style_of
from ocr_desktop.cli.page_reading import Asking, PageReader
from ocr_desktop.cli.saved_prompts import asked
from ocr_desktop.cli.shared_arguments import EMBEDDED
from ocr_desktop.cli.telling import Teller
from ocr_desktop.core.document import Document, Source, SourceKind
from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.core.files import LARGEST_FILE_BYTES, is_web_link
from ocr_desktop.core.geometry import View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.questions import questions_for

if TYPE_CHECKING:
    from ocr_desktop.cli.console import Console
    from ocr_desktop.cli.file_reading import FileResult
    from ocr_desktop.cli.read_arguments import ReadArguments
    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.base import Engine
    from ocr_desktop.services.settings import Settings

PASSWORD_PATIENCE_S = 30.0
"""A locked keyring asks for its password, and somebody types it."""
TOLD_AFTER_S = 1.0
OF_PDFS = frozenset({ErrorCode.PASSWORD_NEEDED, ErrorCode.PASSWORD_WRONG, ErrorCode.PDF_DAMAGED, ErrorCode.NO_PAGES})
"""Of a file that is known as a PDF and by no more than that."""


async def read(arguments: ReadArguments, console: Console, password: Secret | None = None) -> int:
    """Read every file in turn; the exit code tells the worst that happened."""
    context = AppContext()
    settings = context.settings_file.load()
    warn_of_unreadable_settings(context.settings_file, console)
    context.credentials.patience_s = PASSWORD_PATIENCE_S
    context.offline.is_on = arguments.offline or settings.stay_offline
    context.most_megapixels = settings.most_megapixels
    try:
        return await _Reading(arguments, console, context, settings, password).read_all()
    finally:
        warn_of_unreadable_profiles(context.profile_files, console)
        await context.close()


class _Reading:
    """One call of `read`: the options, and what is being done now.

    Raises (when made):
        BadUsageError, UsageError: Something about the whole call is wrong; nothing was opened and nothing sent.
    """

    def __init__(
        self,
        arguments: ReadArguments,
        console: Console,
        context: AppContext,
        settings: Settings,
        password: Secret | None,
    ) -> None:
        self._arguments = arguments
        self._console = console
        self._context = context
        preset, prompt = asked(arguments, context.prompt_file, console)
        if prompt is not None and arguments.engine == EMBEDDED:
            raise BadUsageError(f"--preset {arguments.preset} is for an endpoint: name one with --engine")
        preset = preset or (PresetId.LOCATE if arguments.locate else PresetId.MARKDOWN)
        self._asking = Asking(
            preset,
            questions_for(preset, prompt=prompt, terms=tuple(arguments.locate)),
            timeout_s=settings.timeout_s if arguments.timeout is None else arguments.timeout,
            retries=settings.retries if arguments.retries is None else arguments.retries,
            max_tokens=arguments.max_tokens,
            takes_text_layer=arguments.text_layer,
            view=View(arguments.turn),
        )
        self._choice = {"base_url": arguments.base_url, "model": arguments.model}
        self._description = context.catalogue.describe(arguments.engine, **self._choice)
        self._password = password
        self._interruption = Interruption()

    async def read_all(self) -> int:
        """Read them.

        Raises:
            UsageError: The engine cannot be asked as it was called, or several results have one file to go to.
            OutputError: A result has no place to go to; nothing was read.
        """
        arguments, console = self._arguments, self._console
        with self._interruption.watched():
            try:
                listing = inputs_of(arguments.files, self._context.pictures, with_subfolders=arguments.subfolders)
                inputs = await self._interruption.wait_for(listing)
                paths = [each.path for each in inputs]
                output = Output(arguments.format, arguments.output, console, paths, style_of(arguments))
                engine = await self._interruption.wait_for(self._engine_or_why_not())
                return await self._read_each(inputs, output, self._page_reader(engine, output))
            except InterruptedReadingError:
                return EXIT_INTERRUPTED

    def _page_reader(self, engine: Engine | EngineError, output: Output) -> PageReader:
        is_aligned = self._arguments.align and FORMATS[self._arguments.format].has_places
        return PageReader(
            self._asking,
            engine,
            self._description,
            intake=self._context.intake,
            interruption=self._interruption,
            teller=Teller(self._console, self._description),
            output=output,
            console=self._console,
            printing=self._arguments.format if self._arguments.stream else None,
            enrichment=(lambda: self._context.enrichment) if is_aligned else None,
        )

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

    async def _read_each(self, inputs: list[Input], output: Output, reader: PageReader) -> int:
        exit_codes = []
        for number, each in enumerate(inputs):
            try:
                exit_codes.append(await self._read_one(each, number, output, reader, is_only_input=len(inputs) == 1))
            except OutputError as error:
                if output.is_standard_output:
                    raise
                self._console.error(*error_text(error))
                exit_codes.append(EXIT_CODES[OutputError])
            if self._interruption.is_requested:
                return EXIT_INTERRUPTED
        if len(exit_codes) == 1:
            return exit_codes[0]
        if any(code not in (0, EXIT_INCOMPLETE) for code in exit_codes):
            return EXIT_SOME_FAILED
        return max(exit_codes, default=0)

    async def _read_one(
        self, each: Input, number: int, output: Output, reader: PageReader, *, is_only_input: bool
    ) -> int:
        """Read an input and write its result; of one that cannot be opened why, where the format tells it."""
        reading: FileReading | None = None
        try:
            plan = FilePlan(
                each.name,
                PagePlace(await self._content_of(each), password=self._password),
                self._arguments.pages,
                is_only_input,
                self._arguments.format,
                output.markdown_file(number, self._context.pictures),
            )
            reading = FileReading(
                plan,
                reader,
                intake=self._context.intake,
                pictures=self._context.pictures,
                interruption=self._interruption,
                console=self._console,
            )
            result = await reading.read()
        except OutputError:
            raise
        except OcrDesktopError as error:
            if isinstance(error, UsageError) and error.code is not ErrorCode.PAGES_MISSING:
                raise
            kind = SourceKind.PDF if error.code in OF_PDFS else SourceKind.IMAGE if reading is None else reading.kind
            nothing = Document(Source(each.name, kind, ""), ())
            return self._fail(error, each, nothing, number, output, is_only_input=is_only_input)
        await self._write(result, plan, number, output)
        return result.exit_code

    async def _content_of(self, each: Input) -> Path | bytes:
        """The file, or what a link led to."""
        if each.error is not None:
            raise each.error
        if each.link is None:
            return each.path
        from ocr_desktop.services.downloads import download

        fetching = download(
            each.link,
            most_bytes=LARGEST_FILE_BYTES,
            timeout_s=self._asking.timeout_s,
            offline=self._context.offline,
        )
        return await self._interruption.wait_for(fetching)

    async def _write(self, result: FileResult, plan: FilePlan, number: int, output: Output) -> None:
        if not result.document.pages or self._arguments.stream:
            return
        if plan.markdown_file is not None:
            await plan.markdown_file.write(result.document)
        else:
            output.write(result.document, number, page_problems=result.problems)

    def _fail(
        self,
        error: OcrDesktopError,
        each: Input,
        nothing: Document,
        number: int,
        output: Output,
        *,
        is_only_input: bool,
    ) -> int:
        is_offline = each.link is not None and error.code is ErrorCode.OFFLINE
        told = worded(LINK_OFFLINE, error.fields) if is_offline else input_error_text(error, each.name)
        if self._arguments.format == JSON:
            output.write(nothing, number, Problem(error.code, *told))
        self._console.error(*named(each.name, *told, is_clear=is_only_input))
        return EXIT_CODES[type(error)]


def check_links(arguments: ReadArguments) -> None:
    """See that links are followed only where that was said, and are of a kind that can be.

    Raises:
        UsageError: DOWNLOAD_NOT_ASKED.
        BadUsageError: It is a link of another kind.
    """
    for each in arguments.files:
        check_link(each)
        if is_web_link(each) and not arguments.download:
            from ocr_desktop.services.downloads import host_of

            raise UsageError(ErrorCode.DOWNLOAD_NOT_ASKED, host=host_of(each) or "")
