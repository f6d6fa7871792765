"""Reads regions' Markdown in a thread, so that neither the parser's work nor its import is felt in the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Region
from ocr_desktop.core.markdown import LINE_LABELS
from ocr_desktop.gui.output.block_reader import as_lines, blocks_of
from ocr_desktop.gui.output.writer import Unit

TELL_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page's regions as units to be written; `is_front` where only the first of them are read so far."""

    units: tuple[Unit, ...]
    is_front: bool


class PageParser(QObject):
    """Turns a page's regions into units; what was read before is not read again.

    Signals:
        parsed(ParsedPage): Emitted from the thread; connect it queued. A page that takes long comes in growing fronts,
            and one that was asked for meanwhile ends it early, but never without a step forward.
    """

    parsed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._wanted: Sequence[Region] | None = None
        self._is_running = False
        self._known: dict[int, tuple[Region, tuple[Unit, ...]]] = {}

    def parse(self, regions: Sequence[Region]) -> None:
        """Read these regions; whatever waits to be read and is not among them no longer does."""
        with self._lock:
            self._wanted = regions
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._work, name="page-parser", daemon=True).start()

    def warm_up(self) -> None:
        """Import what reading needs, in a thread, before the first page comes."""
        threading.Thread(target=blocks_of, args=("",), name="page-parser-warm-up", daemon=True).start()

    def _work(self) -> None:
        while (regions := self._take()) is not None:
            self._read(regions)

    def _take(self) -> Sequence[Region] | None:
        with self._lock:
            regions, self._wanted = self._wanted, None
            self._is_running = regions is not None
            return regions

    def _read(self, regions: Sequence[Region]) -> None:
        known, self._known = self._known, {}
        units: list[Unit] = []
        told_at = time.monotonic()
        for index, region in enumerate(regions, 1):
            units += self._units_of(region, known)
            if time.monotonic() - told_at < TELL_EVERY_S or index == len(regions):
                continue
            self._tell(units, is_front=True)
            told_at = time.monotonic()
            if self._wanted is not None:
                self._known = known | self._known
                return
        self._tell(units, is_front=False)

    def _units_of(self, region: Region, known: dict[int, tuple[Region, tuple[Unit, ...]]]) -> tuple[Unit, ...]:
        before, units = known.get(region.id, (None, ()))
        if before is not region and (before is None or not _reads_alike(before, region)):
            blocks = blocks_of(region.markdown)
            is_line = region.label in LINE_LABELS
            units = tuple(Unit(region.id, block) for block in (as_lines(blocks) if is_line else blocks))
        self._known[region.id] = (region, units)
        return units

    def _tell(self, units: Sequence[Unit], *, is_front: bool) -> None:
        try:
            self.parsed.emit(ParsedPage(tuple(units), is_front))
        except RuntimeError:  # the window was closed meanwhile
            return


def _reads_alike(before: Region, after: Region) -> bool:
    return before.markdown == after.markdown and (before.label in LINE_LABELS) == (after.label in LINE_LABELS)
