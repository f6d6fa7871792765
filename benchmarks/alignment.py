"""How many words of an answer without boxes find their place on the picture, and what does that cost?

A page is drawn from an answer with boxes, its words into their boxes; the embedded engine reads it; the same answer,
its tags taken out, is aligned to what it read. In place is a word whose ink has its middle in a box of its region, or
where the lines say that the word is. Saved raw answers to the `markdown` preset may be named; there is one of our own.
Then the time for pages of 1,000 to 20,000 words, their lines in any order, with a part of the letters misread.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measuring import milliseconds, print_table

from ocr_desktop.core.alignment.regions import aligned_run
from ocr_desktop.core.alignment.words import align, missed_lines
from ocr_desktop.core.document import Line, Run
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.enrichment import Enrichment
from tests.support.drawn_transcript import (
    SAMPLE,
    SAMPLE_SIZE,
    DrawnWord,
    draw_transcript,
    run_on,
    without_tags,
    words_in_place,
)
from tests.support.workers import open_reader, stored

PAGE_SIZE = (2000, 2400)
GOAL_S = 0.3
LETTERS = "etaoinshrdlucmfw"


async def lines_on(run: Run, size: tuple[int, int]) -> tuple[tuple[Line, ...], list[DrawnWord]]:
    picture, drawn = draw_transcript(run.regions, size)
    async with open_reader() as (store, reader):
        lines = await Enrichment(reader).lines(stored(store, picture), View(), "page")
    return lines, drawn


def placed_row(name: str, raw: str, size: tuple[int, int]) -> list[str]:
    truth = run_on(size, PresetId.MARKDOWN, raw)
    lines, drawn = asyncio.run(lines_on(truth, size))
    begun = time.process_time()
    run = aligned_run(run_on(size, PresetId.FREE, without_tags(raw)), lines, Size(*size))
    taken = time.process_time() - begun
    found = words_in_place(run, truth.regions, drawn)
    shares = (f"{100 * found.in_region:.1f} %", f"{100 * found.in_word:.1f} %")
    return [name, str(found.words), *shares, milliseconds(taken)]


def page_of(count: int, slips: float) -> tuple[str, list[Line]]:
    chance = random.Random(count)
    vocabulary = ["".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(900)]
    words = chance.choices(vocabulary, k=count)
    lines = []
    for row, at in enumerate(range(0, count, 10)):
        text = " ".join(words[at : at + 10])
        x, y = (1000.0, 20.0 * row - count) if row >= count / 20 else (0.0, 20.0 * row)
        seen = "".join(chance.choice(LETTERS) if chance.random() < slips else each for each in text)
        x_max = x + 9 * len(text)
        lines.append(Line(seen, ((x, y), (x_max, y), (x_max, y + 16), (x, y + 16)), 0.98))
    chance.shuffle(lines)
    return " ".join(words), lines


def timed_row(count: int, slips: float) -> list[str]:
    text, lines = page_of(count, slips)
    begun = time.process_time()
    alignment = align([text], lines)
    missed_lines(alignment, lines)
    taken = time.process_time() - begun
    share = alignment.share(*alignment.stretch(0))
    goal = f"<= {milliseconds(GOAL_S)}" if count == 5000 else ""
    return [f"{count:,}", f"{100 * slips:.0f} %", f"{100 * share:.1f} %", milliseconds(taken), goal]


def main() -> None:
    answers = [("our own", SAMPLE, SAMPLE_SIZE)]
    answers += [(Path(name).name, Path(name).read_text("utf-8"), PAGE_SIZE) for name in sys.argv[1:]]
    heads = ["answer", "words", "in their region", "in place", "aligned in"]
    print_table("Words of an answer without its tags", [heads, *(placed_row(*each) for each in answers)])
    rows = [timed_row(count, slips) for count in (1000, 5000, 20_000) for slips in (0, 0.01, 0.05)]
    print_table("Time of the processor", [["words", "misread", "letters found", "aligned in", "goal"], *rows])


if __name__ == "__main__":
    main()
