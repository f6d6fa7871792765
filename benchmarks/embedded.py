"""How well, how fast and in how much memory does the embedded engine read, against Tesseract and RapidOCR directly?

Run from the project's folder, `python -m benchmarks.embedded --help` tells the options. Without a folder it reads pages
that it draws; with one, the pages there that have a truth beside them (`FILE.gt.txt`, `.gt.md`, `.gt.html`,
`.gt.jsonl`); nothing of them is copied.

All read the same pixels. `error` is the share of wrong characters in reading order, `order-free` wherever they stand;
`line pairs` is the share of pairs of lines that stand in the right order. `program` is the preset `markdown`, `free`
the preset of that name. Goals: fewer errors than Tesseract on every kind; two-column pages right in 95 % of the line
pairs; tables with rules 0.95, without 0.85 F1 of neighbouring cells; no slower than Tesseract; memory flat; 5,000 words
aligned in 0.3 s.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

# Before the engine's runtime is loaded: it would look for a host.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from benchmarks.embedded_costs import MEMORY_KINDS, SPEED_PAGES, alignment_rows, memory_rows, speed_rows
from benchmarks.embedded_pages import MeasuredPage, drawn_pages, real_pages
from benchmarks.embedded_pictures import write_worst
from benchmarks.embedded_quality import judged
from benchmarks.embedded_readers import TESSERACT, Program
from benchmarks.embedded_scores import as_markdown, structure_rows, text_rows


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="pages with their truth beside them; else drawn ones")
    parser.add_argument("--kind", action="append", default=[], help="only pages of this kind; may be given again")
    parser.add_argument("--each", action="store_true", help="a row for each page instead of each kind")
    parser.add_argument("--alone", action="store_true", help="quality of the program alone, without the others")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="draw the N worst pages")
    parser.add_argument("--pictures", type=Path, metavar="OUT", help="the folder that they are drawn in")
    parts = parser.add_mutually_exclusive_group()
    for part in ("quality-only", "speed-only", "memory", "alignment"):
        parts.add_argument(f"--{part}", action="store_true")
    asked = parser.parse_args()
    if bool(asked.worst) != bool(asked.pictures):
        parser.error("--worst and --pictures go together")
    return asked


def pages_of(asked: argparse.Namespace, kinds: frozenset[str]) -> Iterator[MeasuredPage]:
    return drawn_pages(kinds) if asked.folder is None else real_pages(asked.folder, kinds)


async def tell_quality(program: Program, asked: argparse.Namespace) -> None:
    results = await judged(program, pages_of(asked, frozenset(asked.kind)), alone=asked.alone)
    scores = [result.score for result in results]
    if asked.each:
        scores = [replace(score, kind=score.name) for score in scores]
    print(as_markdown("Words", text_rows(scores)))
    print(as_markdown("Structure (preset markdown)", structure_rows(scores)))
    if asked.pictures:
        await write_worst(program, results, asked.worst, asked.pictures)


async def tell_speed(program: Program, asked: argparse.Namespace) -> None:
    pages = pages_of(asked, frozenset(asked.kind))
    if asked.folder is None and not asked.kind:
        pages = (page for page in pages if page.name in SPEED_PAGES)
    print(as_markdown("Cost of a page, warm", await speed_rows(program, pages)))


async def measure(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder))
        try:
            if asked.memory:
                pages = list(pages_of(asked, frozenset(asked.kind) or MEMORY_KINDS))
                print(as_markdown("Memory of the worker", await memory_rows(program, pages)))
            elif asked.alignment:
                print(as_markdown("Alignment", alignment_rows()))
            else:
                if not asked.speed_only:
                    await tell_quality(program, asked)
                if not asked.quality_only and not asked.alone:
                    await tell_speed(program, asked)
        finally:
            await program.close()


if __name__ == "__main__":
    asked = arguments()
    if TESSERACT is None:
        print("Tesseract is not on this machine: nothing is compared with it.", file=sys.stderr)
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    asyncio.run(measure(asked))
