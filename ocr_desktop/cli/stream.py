"""Text printed while it arrives: exact pieces of the raw answer, or regions as soon as they are settled."""

from __future__ import annotations

from ocr_desktop.cli.console import Console
from ocr_desktop.core.document import Region
from ocr_desktop.core.markdown import separator
from ocr_desktop.core.updates import LiveRun, PageUpdate
from ocr_desktop.engines.base import EngineKind
from ocr_desktop.services.recognition import RecognitionJob


def print_while_reading(job: RecognitionJob, format_id: str, console: Console) -> None:
    """Listen to a job and print its text as it comes; the last piece ends with a line break."""
    printer = _StreamPrinter(format_id, console, is_revised=job.engine.kind is EngineKind.EMBEDDED)
    job.updated.connect(printer.take)
    job.finished.connect(printer.finish)


class _StreamPrinter:
    """What of a live run was printed already.

    A region is settled when another follows it: until then its words may still change. The embedded engine revises
    all regions at the end, so there nothing is settled before.
    """

    def __init__(self, format_id: str, console: Console, *, is_revised: bool) -> None:
        self._format_id = format_id
        self._console = console
        self._is_revised = is_revised
        self._live = LiveRun()
        self._printed_raw = 0
        self._printed: list[Region] = []

    def take(self, update: PageUpdate) -> None:
        self._live.apply(update)
        if self._is_revised:
            return
        if self._format_id == "raw":
            self._print_raw()
        else:
            self._print_regions(self._live.regions[:-1])

    def finish(self) -> None:
        if self._format_id == "raw":
            self._print_raw()
            return
        self._print_regions(self._live.regions)
        self._console.write("\n")

    def _print_raw(self) -> None:
        self._console.write(self._live.raw[self._printed_raw :])
        self._printed_raw = len(self._live.raw)

    def _print_regions(self, settled: tuple[Region, ...]) -> None:
        printed = {region.id for region in self._printed}
        for region in settled:
            words = region.markdown if self._format_id == "md" else region.text
            if region.id in printed or not words:
                continue
            gap = separator(self._printed[-1], region) if self._printed else ""
            self._console.write((gap if self._format_id == "md" else gap.strip(" ")) + words)
            self._printed.append(region)
