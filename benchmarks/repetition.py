"""What does watching for repetition cost, beside reading the answer, in pieces of four letters?

Four megabytes that repeat nothing, as lines with boxes, as a table of numbers and as plain words: the time of the watch
against that of the builder that makes the regions, and against a quarter of it. A loop of four megabytes, which is
stopped in truth, is watched to its end as well.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from measuring import in_turn, milliseconds, print_table

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.repetition import RepetitionWatch

LETTERS = 4_000_000
PIECE = 4
ROUNDS = 3
GROWTH_GOAL = 4.5


def words(chosen: random.Random, number: int) -> str:
    return " ".join("".join(chosen.choices("aeinorst", k=chosen.randint(2, 9))) for _ in range(number))


def boxed_lines(chosen: random.Random) -> str:
    x, y = chosen.randint(0, 800), chosen.randint(0, 980)
    return f"<|ref|>{words(chosen, 6)}<|/ref|><|det|>[[{x}, {y}, {x + 150}, {y + 12}]]<|/det|>\n"


def number_rows(chosen: random.Random) -> str:
    return "<tr>" + "".join(f"<td>{chosen.randint(0, 999)}</td>" for _ in range(8)) + "</tr>"


def paragraphs(chosen: random.Random) -> str:
    return words(chosen, 80) + "\n\n"


def loop(_: random.Random) -> str:
    return "The same words once more.\n"


def answer(part: Callable[[random.Random], str]) -> str:
    def parts() -> Iterator[str]:
        chosen = random.Random(1)
        letters = 0
        while letters < LETTERS:
            yield (text := part(chosen))
            letters += len(text)

    return "".join(parts())[:LETTERS]


def watched(pieces: list[str]) -> float:
    watch = RepetitionWatch()
    begun = time.process_time()
    for piece in pieces:
        watch.feed(piece)
    return time.process_time() - begun


def built(pieces: list[str]) -> float:
    builder = RunBuilder("measured", PresetId.OCR, Size(1000, 1000), View())
    builder.begin_answer(prompt_for(PresetId.OCR))
    begun = time.process_time()
    for piece in pieces:
        builder.feed(TextDelta(piece))
    builder.end_answer(None)
    return time.process_time() - begun


def main() -> None:
    rows = [["", "watch", "a quarter of it", "growth", "goal", "builder", "watch against builder"]]
    for part in (boxed_lines, number_rows, paragraphs, loop):
        text = answer(part)
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
        taken = in_turn(
            ROUNDS,
            {
                "watch": lambda pieces=pieces: watched(pieces),
                "quarter": lambda pieces=pieces: watched(pieces[: len(pieces) // 4]),
                "builder": lambda pieces=pieces: built(pieces),
            },
        )
        growth, share = taken["watch"] / taken["quarter"], taken["watch"] / taken["builder"]
        times = [milliseconds(taken[name]) for name in ("watch", "quarter", "builder")]
        name = part.__name__.replace("_", " ")
        rows.append([name, *times[:2], f"{growth:.1f} x", f"<= {GROWTH_GOAL} x", times[2], f"{share:.2f} x"])
    print_table(f"{LETTERS // 1_000_000} MB in pieces of {PIECE} letters", rows)


if __name__ == "__main__":
    main()
