"""Reads regions' Markdown a step at a time, in the turns of the event loop.

Not in a thread: whichever thread makes Python collect its garbage destroys what it finds there, and a widget that is
destroyed outside the window's own thread ends the program.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from ocr_desktop.core.figures import FIGURE_LABELS
from ocr_desktop.core.markdown import LINE_LABELS
from ocr_desktop.gui.output.block_reader import as_lines, read_blocks
from ocr_desktop.gui.output.blocks import Figure
from ocr_desktop.gui.output.open_words import are_open, markdown_of
from ocr_desktop.gui.output.table_parts import with_first_rows
from ocr_desktop.gui.output.writer import Unit

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.gui.output.blocks import Block

PARSERS = ("lxml.etree", "lxml.html", "nh3", "markdown_it", "mdit_py_plugins.dollarmath")
"""What reading imports; together they would stop the window for a tenth of a second."""


def load_next_parser() -> bool:
    """Import one of the parsers that are not there yet; False where all of them are."""
    for name in PARSERS:
        if name not in sys.modules:
            importlib.import_module(name)
            return True
    return False


class PageReader:
    """Turns a page's regions into units; what was read before is not read again."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        """What is read so far, in order. Grows with every step; `start` takes back what has changed."""
        self._regions: Sequence[Region] = ()
        self._ends: list[int] = []
        """For each region that is read, how many units there are up to its end."""
        self._reading: Generator[None, None, tuple[Block, ...]] | None = None
        """The region that is being read now."""
        self._known: dict[int, tuple[Region, tuple[Block, ...]]] = {}
        self._whole_tables: set[tuple[int, int]] = set()
        """The long tables that are shown to their end: their region's id, and which of its tables."""

    @property
    def is_done(self) -> bool:
        return len(self._ends) == len(self._regions)

    @property
    def is_inside_region(self) -> bool:
        """Whether a region is half read, so that taking another page now would lose what is done."""
        return self._reading is not None

    def start(self, regions: Sequence[Region]) -> None:
        """Take another page, or the same one further on; regions that are the same in front stay read."""
        same = 0
        for before, after in zip(self._regions[: len(self._ends)], regions, strict=False):
            if before is not after:
                break
            same += 1
        del self._ends[same:]
        del self.units[self._ends[-1] if self._ends else 0 :]
        self._regions = regions
        self._reading = None

    def show_all_rows(self, region_id: int, table: int) -> None:
        """Show a long table to its end from now on, counted from 0 in its region."""
        self._whole_tables.add((region_id, table))
        index = next((index for index, region in enumerate(self._regions) if region.id == region_id), len(self._ends))
        del self._ends[index:]
        del self.units[self._ends[-1] if self._ends else 0 :]
        self._reading = None

    def forget_choices(self) -> None:
        """Show long tables from their start again: another text comes."""
        self._whole_tables.clear()

    def step(self) -> None:
        """Read the next region or a part of it, or load something that reading needs."""
        if load_next_parser():
            return
        region = self._regions[len(self._ends)]
        if self._reading is None:
            before, blocks = self._known.get(region.id, (None, ()))
            if before is not None and (before is region or _reads_alike(before, region)):
                self._take(region, blocks)
                return
            self._reading = read_blocks(markdown_of(region))
        try:
            next(self._reading)
        except StopIteration as end:
            self._reading = None
            blocks = as_lines(end.value) if region.label in LINE_LABELS else end.value
            self._take(region, blocks or _figures(region))

    def _take(self, region: Region, blocks: tuple[Block, ...]) -> None:
        self._known[region.id] = (region, blocks)
        whole = {table for region_id, table in self._whole_tables if region_id == region.id}
        self.units += (Unit(region.id, block) for block in with_first_rows(blocks, whole))
        self._ends.append(len(self.units))
        if self.is_done and len(self._known) > 2 * len(self._regions):
            ids = {each.id for each in self._regions}
            self._known = {region_id: known for region_id, known in self._known.items() if region_id in ids}


def _reads_alike(before: Region, after: Region) -> bool:
    return (
        before.markdown == after.markdown
        and are_open(before) == are_open(after)
        and (before.label in LINE_LABELS) == (after.label in LINE_LABELS)
        and _figures(before) == _figures(after)
    )


def _figures(region: Region) -> tuple[Block, ...]:
    """The pictures of a region that has no words."""
    if region.label not in FIGURE_LABELS:
        return ()
    count = len(region.boxes)
    return tuple(Figure(box, number, count) for number, box in enumerate(region.boxes, 1))
