"""Seconds, memory and the first line: the program against Tesseract and RapidOCR called directly, in turn."""

from __future__ import annotations

import itertools
import statistics
import textwrap
import time
from collections.abc import Iterable

from benchmarks.embedded_pages import MeasuredPage
from benchmarks.embedded_readers import Cost, Direct, Program, memory_of, tesseract
from ocr_desktop.core.document import Line
from ocr_desktop.core.geometry import Quad
from tests.support.drawn_pages.prose import Prose

ROUNDS = 3
LONG_S = 3.0
"""What takes longer is measured once."""
PAGES = 200
COMPARED = 20
WORDS = 5_000
SPEED_PAGES = frozenset(
    ("paper-clean", "newspaper-scan", "report-chinese-clean", "receipt-clean", "slide-dark", "table-dense-screen")
)
MEMORY_KINDS = frozenset(("receipt", "slide", "settings", "code", "table-dense", "table-journal"))


async def speed_rows(program: Program, pages: Iterable[MeasuredPage]) -> list[list[str]]:
    """A row for each page: seconds by the clock and of processors, medians, and the ratios."""
    direct = Direct()
    heads = ["page", "pixels", "program s", "processor s", "first line s", "Tesseract s", "processor s", "RapidOCR s"]
    heads += ["against Tesseract", "its processor s", "against RapidOCR", "worker's most MB"]
    rows = [heads]
    await program.warm_up()
    for page in pages:
        opened = await program.open(page.content, 1)
        picture = program.picture(opened)
        own: list[Cost] = []
        others: dict[str, list[Cost]] = {"Tesseract": [], "RapidOCR": []}
        for _ in range(ROUNDS):
            program.forget()
            own.append((await program.read(opened)).cost)
            others["RapidOCR"].append(direct.read(picture).cost)
            if (read := tesseract(picture, page.language)) is not None:
                others["Tesseract"].append(read.cost)
            if own[0].wall > LONG_S:
                break
        program.context.intake.release(opened)
        rows.append(_speed_row(page.name, picture.size, own, others))
    return rows


def _speed_row(name: str, size: tuple[int, int], own: list[Cost], others: dict[str, list[Cost]]) -> list[str]:
    wall, cpu = _median(own, "wall"), _median(own, "cpu")
    by_tesseract, tesseract_cpu = _median(others["Tesseract"], "wall"), _median(others["Tesseract"], "cpu")
    by_rapid = _median(others["RapidOCR"], "wall")
    seconds = [wall, cpu, _median(own, "first"), by_tesseract, tesseract_cpu, by_rapid]
    ratios = [_ratio(wall, by_tesseract), _ratio(cpu, tesseract_cpu), _ratio(wall, by_rapid)]
    shown = ["–" if each is None else f"{each:.2f}" for each in seconds]
    return [name, f"{size[0]} × {size[1]}", *shown, *ratios, f"{max(cost.peak or 0 for cost in own):.0f}"]


def _median(costs: list[Cost], name: str) -> float | None:
    values = [value for cost in costs if (value := getattr(cost, name)) is not None]
    return statistics.median(values) if values else None


def _ratio(own: float | None, other: float | None) -> str:
    return "–" if own is None or not other else f"{own / other:.2f} ×"


async def memory_rows(program: Program, pages: list[MeasuredPage]) -> list[list[str]]:
    """What the worker holds after each of many pages: the first ones against the last ones."""
    held = []
    for page in itertools.islice(itertools.cycle(pages), PAGES):
        opened = await program.open(page.content, 1)
        await program.read(opened)
        program.context.intake.release(opened)
        held.append(memory_of(program.worker(), "VmRSS"))
    first, last = held[:COMPARED], held[-COMPARED:]
    return [
        ["pages", f"mean of the first {COMPARED}, MB", f"mean of the last {COMPARED}, MB", "ratio", "most, MB"],
        [
            str(len(held)),
            f"{statistics.fmean(first):.0f}",
            f"{statistics.fmean(last):.0f}",
            f"{statistics.fmean(last) / statistics.fmean(first):.2f} ×",
            f"{memory_of(program.worker(), 'VmHWM'):.0f}",
        ],
    ]


def alignment_rows() -> list[list[str]]:
    """How long the words of a long page take to find their lines; slips in the lines, paragraphs in another order."""
    from ocr_desktop.core.alignment.words import align

    prose = Prose(7)
    paragraphs: list[str] = []
    while sum(len(paragraph.split()) for paragraph in paragraphs) < WORDS:
        paragraphs.append(prose.paragraph(6))
    rows = [row for paragraph in reversed(paragraphs) for row in textwrap.wrap(paragraph, 80)]
    lines = [
        Line(text.replace("m", "rn") if number % 9 == 0 else text, _quad(number), 0.9)
        for number, text in enumerate(rows)
    ]
    seconds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        align(paragraphs, lines)
        seconds.append(time.process_time() - begun)
    median = f"{statistics.median(seconds):.2f}"
    return [["words", "lines", "processor s", "goal"], [str(WORDS), str(len(lines)), median, "<= 0.3"]]


def _quad(number: int) -> Quad:
    top, bottom = 20.0 * number, 20.0 * number + 15
    return ((0.0, top), (900.0, top), (900.0, bottom), (0.0, bottom))
