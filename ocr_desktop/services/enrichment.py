"""Positions for words that came without any, and what the picture and the answer do not have in common.

An endpoint's answer is aligned to the lines that the embedded engine reads in the same view. This happens after the
run, as something of its own: nobody waits for it, and where it fails the run is as good as it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Line
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import shown_quad_to_page
from ocr_desktop.worker.dispatch import GaveWayError, WorkerBugError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.document import Run
    from ocr_desktop.core.geometry import View
    from ocr_desktop.worker.pixels import Pixels
    from ocr_desktop.worker.reader_client import ReaderClient

MOST_KEPT = 16
"""Views whose lines are remembered: some thousand lines each at most."""

_log = logging.getLogger(__name__)


class Enrichment:
    """Lends runs the positions of the lines that this computer reads in the same view."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader
        self._kept: OrderedDict[tuple[str, View], tuple[Line, ...]] = OrderedDict()

    def keep(self, key: str, view: View, lines: Iterable[Line]) -> None:
        """Remember lines that are known already, such as a draft's; `key` says which picture, and never another."""
        self._kept[key, view] = tuple(lines)
        self._kept.move_to_end((key, view))
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def known_lines(self, key: str, view: View) -> tuple[Line, ...] | None:
        """The lines that are remembered; None where nobody read that view, or too long ago."""
        if (key, view) in self._kept:
            self._kept.move_to_end((key, view))
        return self._kept.get((key, view))

    async def lines(self, pixels: Pixels, view: View, key: str) -> tuple[Line, ...]:
        """The lines in a view, in page pixels and in reading order; read where they are not remembered.

        Giving up waiting stops the reading.

        Raises:
            InputError: PICTURE_SHAPE.
            EngineError: WEIGHTS_MISSING, WORKER_CRASHED, WORKER_SILENT.
        """
        from ocr_desktop.core.document import Line
        from ocr_desktop.core.layout.order import reading_order

        known = self.known_lines(key, view)
        if known is not None:
            return known
        found = await self._found(pixels, view)
        # A full page takes longer than the event loop may be held.
        order = await asyncio.to_thread(reading_order, found)
        lines = tuple(
            Line(line.text, shown_quad_to_page(line.quad, view, pixels.size), line.score, line.edges)
            for line in map(found.__getitem__, order)
        )
        self.keep(key, view, lines)
        return lines

    async def _found(self, pixels: Pixels, view: View) -> list[LineFound]:
        """The lines in a view, read in the background: from the start again where somebody else wanted the reader."""
        while True:
            with suppress(GaveWayError):
                async with aclosing(self._reader.read(pixels, view, in_background=True)) as events:
                    return [event async for event in events if isinstance(event, LineFound)]

    async def enriched(self, run: Run, pixels: Pixels, key: str, *, may_cut: bool = True) -> Run:
        """A transcript with the lines on its picture, boxes for what came without any, and its comparison with them.

        Any other run comes back as it is, and so does one whose lines cannot be read. A region that stands in several
        places becomes several only where that `may_cut` it.
        """
        from ocr_desktop.core.alignment.regions import aligned_run, is_transcript

        if not is_transcript(run) or not any(region.text for region in run.regions):
            return run
        try:
            lines = await self.lines(pixels, run.view, key)
        except OcrDesktopError as error:
            _log.info("no lines to align an answer with: %s", error.code)
            return run
        except WorkerBugError:
            _log.exception("no lines to align an answer with")
            return run
        # A full page takes longer than the event loop may be held.
        return await asyncio.to_thread(aligned_run, run, lines, pixels.size, may_cut=may_cut)
