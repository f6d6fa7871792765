"""Reading one file page by page: its pages come together, and what failed is told at its page."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocr_desktop.cli.interruption import InterruptedReadingError
from ocr_desktop.cli.messages import (
    EXIT_CODES,
    EXIT_INCOMPLETE,
    INCOMPLETE,
    broken_off_text,
    error_text,
    input_error_text,
    named,
)
from ocr_desktop.cli.output import JSON, Problem
from ocr_desktop.core.document import Document, Finish, Page, Source, SourceKind
from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.picture_files import PDF_FORMAT

if TYPE_CHECKING:
    from ocr_desktop.cli.console import Console
    from ocr_desktop.cli.interruption import Interruption
    from ocr_desktop.cli.page_reading import PageReader
    from ocr_desktop.core.document import Run
    from ocr_desktop.core.page_places import PagePlace
    from ocr_desktop.core.page_ranges import PageRanges
    from ocr_desktop.services.figures import MarkdownFile
    from ocr_desktop.services.intake import Intake, OpenedDocument
    from ocr_desktop.worker.client import PicturesClient

OF_ONE_PAGE = frozenset(
    {
        *(ErrorCode.PICTURE_TOO_LARGE, ErrorCode.PICTURE_DAMAGED, ErrorCode.PICTURE_SHAPE, ErrorCode.PDF_DAMAGED),
        ErrorCode.PICTURE_UNSUPPORTED,
        *(ErrorCode.NO_SPACE, ErrorCode.WORKER_CRASHED, ErrorCode.WORKER_SILENT, ErrorCode.REQUEST_TOO_LARGE),
        *(ErrorCode.REQUEST_REFUSED, ErrorCode.ANSWER_UNREADABLE, ErrorCode.CONNECTION_LOST, ErrorCode.SERVER_FAILED),
        *(ErrorCode.TOO_MANY_REQUESTS, ErrorCode.HOST_SILENT, ErrorCode.OUTPUT_UNWRITABLE),
    }
)
"""After these the next page may go well. Any other befalls every page, such as a key that is missing."""


@dataclass(frozen=True, slots=True)
class FilePlan:
    """Which file is read, and how it is called.

    Attributes:
        name: Safe to print.
        place: Of its first page.
        pages: None: all.
        is_only_input: Its name need not stand before every error.
        format_id: In which the result is written.
        markdown_file: Takes the figures; None where they have no place.
    """

    name: str
    place: PagePlace
    pages: PageRanges | None
    is_only_input: bool
    format_id: str
    markdown_file: MarkdownFile | None


@dataclass(slots=True)
class FileResult:
    """What came of a file.

    Attributes:
        document: Its pages that are worth writing; of one that failed a run without words, where the format tells it.
        problems: By page number.
        exit_codes: Of what went wrong.
    """

    document: Document
    problems: dict[int, Problem] = field(default_factory=dict)
    exit_codes: list[int] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """The gravest: the smallest that is not 0."""
        return min(self.exit_codes, default=0)


class FileReading:
    """Reads the pages of one file; the pixels of one are given back before the next is opened."""

    def __init__(
        self,
        plan: FilePlan,
        reader: PageReader,
        *,
        intake: Intake,
        pictures: PicturesClient,
        interruption: Interruption,
        console: Console,
    ) -> None:
        self._plan = plan
        self._reader = reader
        self._intake = intake
        self._pictures = pictures
        self._interruption = interruption
        self._console = console
        self._result = FileResult(Document(Source(plan.name, SourceKind.IMAGE, ""), ()))
        self._page_count = 0
        """Of the file; 0 until it is known."""
        self._waiting: deque[int] = deque((1,))
        self._markdown_file = plan.markdown_file
        self._is_over = False

    @property
    def kind(self) -> SourceKind:
        """What the file is, as far as that is known."""
        return self._result.document.source.kind

    async def read(self) -> FileResult:
        """Read the pages that are wanted, as far as nothing keeps all of them from being read.

        Raises:
            UsageError: PAGES_MISSING, or the engine cannot be asked like that.
            InputError: The file cannot be opened; says why.
            OutputError, BrokenPipeError: What came could not be printed.
            InterruptedReadingError: Ctrl+C came before there was anything to keep.
        """
        try:
            if self._plan.pages is not None:
                await self._choose(self._plan.pages)
            while self._waiting and not self._is_over and not self._interruption.is_requested:
                await self._read_page(replace(self._plan.place, number=self._waiting.popleft()))
        except InterruptedReadingError:
            if not self._result.document.pages:
                raise
        if self._waiting and self._is_over:
            self._console.warn(f"{self._plan.name}: {_pages_told(len(self._waiting))} not read after that")
        return self._result

    async def _choose(self, pages: PageRanges) -> None:
        await self._survey()
        missing = pages.missing_from(self._page_count)
        if missing is not None:
            raise UsageError(
                ErrorCode.PAGES_MISSING, name=self._plan.name, pages=str(missing), page_count=self._page_count
            )
        self._waiting = deque(pages.numbers(self._page_count))

    async def _survey(self) -> None:
        survey = self._pictures.survey(self._plan.place, most_pixels=self._intake.most_pixels)
        facts = await self._interruption.wait_for(survey)
        self._learn(facts.page_count, SourceKind.PDF if facts.format == PDF_FORMAT else SourceKind.IMAGE)

    def _learn(self, page_count: int, kind: SourceKind) -> None:
        """Plan all pages behind the first, which is being read when this becomes known."""
        self._page_count = page_count
        self._waiting = deque(range(2, page_count + 1))
        self._result.document = Document(Source(self._plan.name, kind, ""), ())

    async def _read_page(self, place: PagePlace) -> None:
        try:
            opened = await self._interruption.wait_for(self._intake.open_page(place, self._plan.name))
        except InputError as error:
            await self._check_is_of_a_page(error)
            self._fail(error, Page(place.number, None))
            return
        try:
            self._take_source(opened)
            await self._read_opened(opened, place)
        except InputError as error:
            self._fail(error, opened.page)
        finally:
            self._intake.release(opened)

    async def _check_is_of_a_page(self, error: InputError) -> None:
        """Raise it where it keeps the whole file from being read."""
        if self._page_count == 0:
            if error.code not in OF_ONE_PAGE:
                raise error
            try:
                await self._survey()
            except InputError:
                raise error from None
        if self._page_count == 1:
            raise error

    def _take_source(self, opened: OpenedDocument) -> None:
        """Learn from the first page that is there what the file is, and see that it is still the same.

        Raises:
            InputError: PICTURE_CHANGED.
        """
        if self._page_count == 0:
            self._learn(opened.page_count, opened.document.source.kind)
        document, source = self._result.document, opened.document.source
        if document.source.sha256 not in ("", source.sha256):
            raise InputError(ErrorCode.PICTURE_CHANGED, name=self._plan.name)
        self._result.document = replace(document, source=replace(source, name=self._plan.name))

    async def _read_opened(self, opened: OpenedDocument, place: PagePlace) -> None:
        """Read a page whose pixels are there, and keep its run."""
        name, teller = self._name_of(place.number), self._reader.teller
        teller.tell_begin(self._plan.name, place.number, self._page_count)
        try:
            job = await self._reader.read(opened, place)
        except (UsageError, OutputError):
            raise
        except OcrDesktopError as error:
            self._fail(error, opened.page)
            return
        run = job.run
        assert run is not None, "a job that did not raise has a run"
        run = await self._reader.with_places(run, opened)
        teller.warn(name, (*opened.page.warnings, *run.warnings), run, self._reader.asking.questions)
        if run.raw or run.finish is not Finish.CANCELLED or self._plan.format_id == JSON:
            self._keep(opened.page, run)
            await self._cut_figures(opened, run)
        teller.tell_run(name, run)
        if run.finish in INCOMPLETE:
            code: str = run.finish if job.error is None else job.error.code
            told = broken_off_text(job.error, name) if job.error else self._reader.incomplete_text(run.finish, name)
            self._tell_problem(place.number, Problem(code, *told), EXIT_INCOMPLETE)

    async def _cut_figures(self, opened: OpenedDocument, run: Run) -> None:
        if self._markdown_file is None:
            return
        try:
            await self._markdown_file.cut_figures(run, opened.pixels)
        except OcrDesktopError as error:
            number = opened.page.number
            told = (
                error_text(error) if isinstance(error, OutputError) else error_text(error, name=self._name_of(number))
            )
            self._tell_problem(number, Problem(error.code, *told), EXIT_CODES[type(error)])
            if isinstance(error, OutputError):
                # The same place would be refused for every further page.
                self._markdown_file = None

    def _keep(self, page: Page, run: Run) -> None:
        document = self._result.document
        self._result.document = replace(document, pages=(*document.pages, replace(page, runs=(run,))))

    def _fail(self, error: OcrDesktopError, page: Page) -> None:
        """Tell why nothing came of a page; where every further one would fail alike, it was the last."""
        told = input_error_text(error, self._name_of(page.number))
        if self._plan.format_id == JSON:
            self._keep(page, self._reader.failed_run())
        self._tell_problem(page.number, Problem(error.code, *told), EXIT_CODES[type(error)])
        self._is_over = error.code not in OF_ONE_PAGE

    def _tell_problem(self, number: int, problem: Problem, exit_code: int) -> None:
        self._result.problems[number] = problem
        self._result.exit_codes.append(exit_code)
        name = self._name_of(number)
        is_clear = self._plan.is_only_input and self._page_count == 1
        self._console.error(*named(name, problem.message, problem.hint, is_clear=is_clear))

    def _name_of(self, number: int) -> str:
        return self._plan.name if self._page_count == 1 else f"{self._plan.name}, page {number}"


def _pages_told(count: int) -> str:
    return "1 page was" if count == 1 else f"{count} pages were"
