"""Pictures that nobody made to be read: a right or an empty answer with a sentence, and never too much memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr_desktop.core.events import LineFound, Progress
from ocr_desktop.core.geometry import View
from tests.support.pictures import Words, draw_page
from tests.support.program import run
from tests.support.workers import open_reader, stored

MOST_MEGABYTES = 1300
UPSIDE_DOWN = [f"This line number {number} stands on its head" for number in range(4)]
STRIP = [f"Message {number} of many" for number in range(4)]
STRIP_WIDTH = 304
TASKS = ["Inbox of Monday", "budget.xlsx", "Meeting notes"]
LONG, LONGEST = 6_000, 30_000
"""Of a strip; the longest is read from its top only, for it takes long."""
MANY = 2000


def strip(length: int) -> Image.Image:
    step = LONG // len(STRIP)
    words = [Words(text, 20, 200 + step * index, 20) for index, text in enumerate(STRIP)]
    return draw_page(*words, size=(STRIP_WIDTH, length))


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 600, 3), np.uint8))


def taskbar() -> Image.Image:
    """As low and wide as that of a large screen."""
    return draw_page(*[Words(text, 200 + 1200 * index, 3, 15) for index, text in enumerate(TASKS)], size=(3840, 24))


PICTURES = {
    "blank.png": (Image.new("RGB", (800, 600), "white"), []),
    "black.png": (Image.new("RGB", (300, 300), "black"), []),
    "bar.png": (taskbar(), TASKS),
    "five.png": (Image.new("RGB", (5, 5), "red"), []),
    "letter.png": (draw_page(Words("R", 60, 40, 60), size=(200, 160)), ["R"]),
    "noise.png": (noise(), []),
    "strip.png": (strip(LONG), STRIP),
    "upside.png": (
        draw_page(*[Words(text, 40, 40 + 60 * i, 30) for i, text in enumerate(UPSIDE_DOWN)], size=(760, 320)).rotate(
            180
        ),
        UPSIDE_DOWN,
    ),
}


def test_each_odd_picture_gets_its_words_or_a_sentence(tmp_path: Path) -> None:
    for name, (picture, _) in PICTURES.items():
        picture.save(tmp_path / name)
    ended = run("read", *PICTURES, "--preset", "ocr", "--format", "json", folder=tmp_path)
    assert ended.code == 0
    texts = {document["source"]["name"]: document["pages"][0]["text"] for document in ended.documents}
    assert texts == {name: "\n".join(words) for name, (_, words) in PICTURES.items()}
    empty = [name for name, (_, words) in PICTURES.items() if not words]
    assert ended.complaints == [f"warning: {name}: no text was found" for name in empty]


def test_a_picture_that_is_all_edge_is_refused_in_a_sentence(tmp_path: Path) -> None:
    Image.new("RGB", (3, 2000), "white").save(tmp_path / "thread.png")
    ended = run("read", "thread.png", folder=tmp_path)
    assert (ended.code, ended.output) == (3, b"")
    assert ended.complaint.startswith("error: thread.png: ")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's memory")
async def test_long_strips_and_thousands_of_lines_take_no_more_memory_than_a_large_page() -> None:
    crowded = draw_page(
        *[Words(f"{number:04} word", 12 + 128 * (number % 20), 8 + 26 * (number // 20), 17) for number in range(MANY)],
        size=(2580, 2640),
    )
    async with open_reader() as (store, reader):
        async with aclosing(reader.read(stored(store, strip(LONGEST)), View())) as events:
            assert [event.text async for event in first_lines(events, 2)] == STRIP[:2]
        totals = []
        async with aclosing(reader.read(stored(store, crowded), View())) as events:
            async for event in events:
                if isinstance(event, Progress):
                    totals.append(event.total)
                if isinstance(event, LineFound):
                    break
            assert reader.process_id is not None
            peak = most_megabytes(reader.process_id)
    assert totals[-1] == pytest.approx(MANY, rel=0.05)
    assert peak < MOST_MEGABYTES


async def first_lines(events: AsyncIterator[object], count: int) -> AsyncIterator[LineFound]:
    async for event in events:
        if isinstance(event, LineFound):
            yield event
            count -= 1
            if count == 0:
                return


def most_megabytes(process_id: int) -> int:
    """The most memory that a process has had."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
