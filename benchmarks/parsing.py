"""What does it cost to read an answer while it streams in?

Four megabytes in deltas of four characters go through the parser, and are compared with one search of the model's own
expression over the whole text: at most ten times that. Four megabytes may take at most 4.5 times as long as one.
Then what an update costs while regions stream in: with 50,000 of them there it should be near what it is at the start.
All in processor time, so that other programs do not count.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from measuring import in_turn, milliseconds, print_table

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.grounding import GroundingParser
from ocr_desktop.core.presets import PresetId, ReferenceKind, prompt_for

OFFICIAL = re.compile(r"(<\|ref\|>(.*?)<\|/ref\|><\|det\|>(.*?)<\|/det\|>)", re.DOTALL)
MEGABYTE = 1_000_000
LETTERS_A_DELTA = 4
DELTAS_A_TAKE = 1000
"""Events are taken 30 times a second, whatever came meanwhile."""
ROUNDS = 7
GOAL = 10
GOAL_LENGTH = 4.5
UPDATES = 500
LINES_AN_UPDATE = 100


def line(number: int) -> str:
    top = number * 7 % 900
    return f"<|ref|>words of line {number} of it<|/ref|><|det|>[[50, {top}, 950, {top + 9}]]<|/det|>\n"


def block(number: int) -> str:
    top = number * 7 % 900
    kind, words = [
        ("title", f"# Part {number}"),
        ("text", f"Words of paragraph {number}, " * 12),
        ("table", "<table>" + f"<tr><td>row {number}</td><td>42</td></tr>" * 8 + "</table>"),
        ("text", f"A formula \\(x_{{{number}}} + 1\\) and *more* of it. " * 6),
    ][number % 4]
    return f"<|ref|>{kind}<|/ref|><|det|>[[50, {top}, 950, {top + 60}]]<|/det|>\n{words}\n\n"


def answer(part: Callable[[int], str]) -> str:
    """Four megabytes of such parts."""
    parts: list[str] = []
    length = 0
    for number in count():
        parts.append(part(number))
        length += len(parts[-1])
        if length >= 4 * MEGABYTE:
            break
    return "".join(parts)[: 4 * MEGABYTE]


def search(text: str) -> float:
    begun = time.process_time()
    OFFICIAL.findall(text)
    return time.process_time() - begun


def parse(deltas: list[str], references: ReferenceKind) -> float:
    parser = GroundingParser(references)
    begun = time.process_time()
    for start in range(0, len(deltas), DELTAS_A_TAKE):
        for delta in deltas[start : start + DELTAS_A_TAKE]:
            parser.feed(delta)
        parser.take()
    parser.finish()
    return time.process_time() - begun


def parsed_rows(name: str, text: str, references: ReferenceKind) -> list[list[str]]:
    deltas = [text[start : start + LETTERS_A_DELTA] for start in range(0, len(text), LETTERS_A_DELTA)]
    medians = in_turn(
        ROUNDS,
        {
            "search": partial(search, text),
            "parse": partial(parse, deltas, references),
            "quarter": partial(parse, deltas[: len(deltas) // 4], references),
        },
    )
    ratio, growth = medians["parse"] / medians["search"], medians["parse"] / medians["quarter"]
    return [
        [f"{name}: one search over 4 MB", milliseconds(medians["search"]), "", ""],
        [f"{name}: {len(deltas)} deltas parsed", milliseconds(medians["parse"]), f"{ratio:.1f} x", f"<= {GOAL} x"],
        [f"{name}: 4 MB against 1 MB", milliseconds(medians["quarter"]), f"{growth:.2f} x", f"<= {GOAL_LENGTH} x"],
    ]


def update_rows() -> list[list[str]]:
    """The cost of one update with 100 new lines, at the beginning of a long answer and at its end."""
    builder = RunBuilder("run", PresetId.OCR, Size(1000, 1000), View())
    builder.begin_answer(prompt_for(PresetId.OCR))
    seconds: list[float] = []
    for number in range(UPDATES):
        builder.feed(TextDelta("".join(map(line, range(number * LINES_AN_UPDATE, (number + 1) * LINES_AN_UPDATE)))))
        begun = time.process_time()
        builder.update()
        seconds.append(time.process_time() - begun)
    fifth = UPDATES // 5
    first, last = sorted(seconds[:fifth])[fifth // 2], sorted(seconds[-fifth:])[fifth // 2]
    told = UPDATES * LINES_AN_UPDATE
    return [
        [f"an update with {LINES_AN_UPDATE} new regions", f"{first * 1000:.2f} ms", "", ""],
        [f"the same with {told} there", f"{last * 1000:.2f} ms", f"{last / first:.2f} x", ""],
    ]


def main() -> None:
    rows = [
        ["", "median", "ratio", "goal"],
        *parsed_rows("lines", answer(line), ReferenceKind.LINE),
        *parsed_rows("page", answer(block), ReferenceKind.LABEL),
        *update_rows(),
    ]
    print_table("Answers read while they stream in", rows)


if __name__ == "__main__":
    main()
