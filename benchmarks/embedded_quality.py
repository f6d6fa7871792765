"""Every page read by everybody, and what came of it."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.embedded_pages import MeasuredPage
from benchmarks.embedded_readers import Direct, Program, Read, tesseract
from benchmarks.embedded_scores import PageScore, score_page
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId

MOST_PAGES = 5
"""Files with more are passed by: their truth is that of all their pages."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A page, what the program read of each of its pages, and the figures."""

    page: MeasuredPage
    reads: Sequence[Read]
    score: PageScore

    @property
    def badness(self) -> float:
        """How far from right the program is, 0–1: the worst of its figures."""
        score = self.score
        figures = [0.0]
        if (text := score.texts.get("program")) is not None:
            figures += [1 - text.recall, text.error or 0.0]
        if (structure := score.structure) is not None:
            tallies = (structure.cells, structure.headings, structure.items, structure.code)
            figures += [1 - tally.f1 for tally in tallies if tally.true or tally.found]
        if score.assertions.true:
            figures.append(1 - score.assertions.recall)
        return max(figures)


async def judged(program: Program, pages: Iterable[MeasuredPage], *, alone: bool) -> list[Judged]:
    """All pages read; `alone` by the program and nobody else. What cannot be read is told and passed by."""
    direct = None if alone else Direct()
    results = []
    for page in pages:
        try:
            reads = await _read(program, direct, page)
        except OcrDesktopError as error:
            print(f"{page.name}: {error.code} {error.fields}", file=sys.stderr)
            continue
        if not reads:
            print(f"{page.name}: more than {MOST_PAGES} pages, passed by", file=sys.stderr)
            continue
        score = score_page(page.name, page.kind, page.known, reads)
        results.append(Judged(page, reads["program"], score))
        taken = " ".join(f"{reader} {sum(read.cost.wall for read in each):.1f} s" for reader, each in reads.items())
        print(f"{page.name}: {results[-1].badness:.3f}  {taken}", file=sys.stderr)
    return results


async def _read(program: Program, direct: Direct | None, page: MeasuredPage) -> dict[str, list[Read]]:
    """What each reader read of each page of the file; nothing of a file with too many."""
    reads: defaultdict[str, list[Read]] = defaultdict(list)
    number, count = 1, 1
    while number <= count:
        opened = await program.open(page.content, number)
        try:
            count = opened.page_count
            if count > MOST_PAGES:
                return {}
            reads["program"].append(await program.read(opened))
            reads["free"].append(await program.read(opened, PresetId.FREE))
            picture = program.picture(opened)
        finally:
            program.context.intake.release(opened)
        if direct is not None:
            by_tesseract, by_rapid = await asyncio.gather(
                asyncio.to_thread(tesseract, picture, page.language, threads=1), asyncio.to_thread(direct.read, picture)
            )
            reads["RapidOCR"].append(by_rapid)
            if by_tesseract is not None:
                reads["Tesseract"].append(by_tesseract)
        number += 1
    return reads
