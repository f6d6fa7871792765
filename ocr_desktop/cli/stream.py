"""Text printed while it arrives: exact pieces of the raw answer, or regions as soon as they are settled."""

from __future__ import annotations

import asyncio

from ocr_desktop.cli.console import Console
from ocr_desktop.cli.output import Output
from ocr_desktop.core.document import Finish, Region
from ocr_desktop.core.errors import OutputError
from ocr_desktop.core.markdown import region_markdown, separator
from ocr_desktop.core.updates import LiveRun, PageUpdate
from ocr_desktop.engines.base import EngineKind
from ocr_desktop.services.recognition import RecognitionJob


class StreamPrinter:
    """Prints a job's text as it comes; what is printed in the end is what the format gives of the whole run.
    Of an answer that turns out to repeat itself more is printed: words that the run leaves out stand there already.

    A region is settled when another follows it: until then its words may still change. The embedded engine revises
    all regions at the end, so there nothing is settled before.

    Attributes:
        ended: Nothing more will be printed.
        failure: Standard output could not be written to any more; the job was stopped then.

    Args:
        is_only_page: Of its document: else nothing is printed of a page without words, as in the whole document.
    """

    def __init__(
        self,
        job: RecognitionJob,
        format_id: str,
        output: Output,
        console: Console,
        *,
        is_only_page: bool = True,
    ) -> None:
        self.ended = asyncio.Event()
        self.failure: OutputError | BrokenPipeError | None = None
        self._job = job
        self._format_id = format_id
        self._output = output
        self._console = console
        self._is_revised = job.engine.kind is EngineKind.EMBEDDED
        self._live = LiveRun()
        self._has_begun = False
        self._is_only_page = is_only_page
        self._printed_raw = 0
        self._printed: list[Region] = []
        job.updated.connect(self._take)
        job.finished.connect(self._finish)

    def _take(self, update: PageUpdate) -> None:
        self._live.apply(update)
        if self._is_revised:
            return
        if self._format_id == "raw":
            self._print_raw()
        else:
            self._print_regions(self._live.regions[:-1])

    def _finish(self) -> None:
        run = self._job.run
        if run is not None and (run.raw or run.finish is not Finish.CANCELLED):
            if self._format_id == "raw":
                self._print_raw()
            else:
                self._print_regions(self._live.regions)
                if self._has_begun or self._is_only_page:
                    self._print("\n")
        self.ended.set()

    def _print_raw(self) -> None:
        self._print(self._live.raw[self._printed_raw :])
        self._printed_raw = len(self._live.raw)

    def _print_regions(self, settled: tuple[Region, ...]) -> None:
        printed = {region.id for region in self._printed}
        for region in settled:
            words = region_markdown(region, self._output.style) if self._format_id == "md" else region.text
            if region.id in printed or not words:
                continue
            gap = separator(self._printed[-1], region) if self._printed else ""
            self._print((gap if self._format_id == "md" else gap.strip(" ")) + words)
            self._printed.append(region)

    def _print(self, text: str) -> None:
        if self.failure is not None or not text:
            return
        before = "" if self._has_begun else self._output.parting()
        self._has_begun = True
        try:
            self._console.write(before + text)
        except (OutputError, BrokenPipeError) as error:
            self.failure = error
            self._job.stop()
