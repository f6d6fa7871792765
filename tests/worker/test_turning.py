"""Pages that lie on their side or stand on their head are read as they lie; with the real engine and drawn pages."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import quad_bounds
from ocr_desktop.core.sideways import turns_to_upright
from ocr_desktop.worker.pieces import Picture
from ocr_desktop.worker.pixels import PixelStore
from ocr_desktop.worker.reader_client import ReaderClient
from ocr_desktop.worker.recognition import ReadLine
from ocr_desktop.worker.turning import read_lines
from tests.support.pictures import Words, bounds_of, draw_page
from tests.support.workers import lines_of, open_reader, stored

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENGLISH = (
    "It was a bright cold day in April, and",
    "the clocks were striking thirteen while",
    "somebody nuzzled into his coat and went",
    "quickly through the glass doors inside,",
)
CHINESE = ("人民生活水平不断提高", "教育科学文化全面发展", "国际地位显著提高以后", "经济建设取得新的成就")
MIXED = ("Invoice 2026-11-21", "收货地址：北京市", "Total 1,250.00 EUR", "电话 010-6552 9988")
DIGITS = ("2019 4.7 1,250", "3,482.17 77.4", "12 45 9", "2020 5.1 1,377", "17")
PAGES = {"english": ENGLISH, "chinese": CHINESE, "mixed": MIXED, "digits": DIGITS}
Workshop = tuple[PixelStore, ReaderClient]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    async with open_reader() as opened:
        yield opened


async def read(workshop: Workshop, picture: Image.Image) -> list[LineFound]:
    store, reader = workshop
    pixels = stored(store, picture)
    lines = await lines_of(reader, pixels)
    store.release(pixels)
    return lines


def words_of(lines: tuple[str, ...]) -> list[Words]:
    return [Words(text, 40, 30 + 36 * at, 22) for at, text in enumerate(lines)]


def turned(picture: Image.Image, turns: int) -> Image.Image:
    """By so many clockwise quarters."""
    return picture.rotate(-90 * turns, expand=True)


def quarter_of(line: LineFound) -> int:
    (x_0, y_0), (x_1, y_1) = line.quad[:2]
    return round(math.atan2(y_1 - y_0, x_1 - x_0) / (math.pi / 2)) % 4


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_read_whichever_way_it_lies(workshop: Workshop, name: str, turns: int) -> None:
    texts = PAGES[name]
    lines = await read(workshop, turned(draw_page(*words_of(texts), size=(520, 270)), turns))
    assert [line.text.replace(" ", "") for line in lines] == [text.replace(" ", "") for text in texts]
    assert {quarter_of(line) for line in lines} == {turns}
    may_be_vertical_writing = name == "chinese" and turns == 1
    assert turns_to_upright(lines) == (0 if may_be_vertical_writing else -turns % 4)


@pytest.mark.parametrize("turns", range(4))
async def test_the_corners_are_those_of_the_line_as_it_is_read(workshop: Workshop, turns: int) -> None:
    words = Words("The page lies as it lies", 60, 40, 28)
    page = turned(draw_page(words, size=(600, 300)), turns)
    (line,) = await read(workshop, page)
    left, top, right, bottom = bounds_of(words)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    for corner, (x, y) in zip(line.quad, corners, strict=True):
        expected = ((x, y), (300 - y, x), (600 - x, 300 - y), (y, 600 - x))[turns]
        assert math.dist(corner, expected) < words.height / 2


async def test_chinese_written_downwards_is_no_page_on_its_side(workshop: Workshop) -> None:
    letters = [
        Words(letter, 500 - 70 * column, 40 + 38 * at, 34)
        for column, text in enumerate(CHINESE)
        for at, letter in enumerate(text)
    ]
    lines = await read(workshop, draw_page(*letters, size=(600, 480)))
    assert tuple(line.text for line in lines) == CHINESE
    assert turns_to_upright(lines) == 0


async def test_a_narrow_column_of_letters_is_no_page_on_its_side(workshop: Workshop) -> None:
    letters = [Words(letter, 60, 30 + 50 * at, 34) for at, letter in enumerate("ABI1lJ7KLM")]
    lines = await read(workshop, draw_page(*letters, size=(160, 560)))
    assert len(lines) > 5
    assert turns_to_upright(lines) == 0


@pytest.mark.parametrize("turns", [1, 3])
async def test_a_note_along_the_edge_is_read_and_turns_no_page(workshop: Workshop, turns: int) -> None:
    page = draw_page(*(Words(text, 140, 60 + 36 * at, 22) for at, text in enumerate(ENGLISH)), size=(700, 400))
    page.paste(turned(draw_page(Words("Photograph by somebody", 0, 4, 20), size=(300, 32)), turns), (40, 50))
    lines = await read(workshop, page)
    note = [line for line in lines if quad_bounds(line.quad).x_max < 120]
    note.sort(key=lambda line: line.quad[0][1], reverse=turns == 3)
    assert " ".join(line.text for line in note) == "Photograph by somebody"
    assert {quarter_of(line) for line in note} == {turns}
    assert [line.text for line in lines if line not in note] == list(ENGLISH)
    assert turns_to_upright(lines) == 0


@pytest.mark.parametrize("letter", ["A", "I", "g", "7"])
async def test_a_page_of_one_letter_is_read_as_it_stands(workshop: Workshop, letter: str) -> None:
    page = draw_page(Words(letter, 90, 50, 40), size=(200, 140))
    (line,) = await read(workshop, page)
    assert line.text == letter
    for turns in range(4):
        assert {quarter_of(line) for line in await read(workshop, turned(page, turns))} <= {0}


async def test_a_box_too_high_is_drawn_closer_and_read_so() -> None:
    words = Words("small print", 40, 60, 14)
    heights = []

    def seen(picture: Picture) -> ReadLine:
        heights.append(len(picture))
        return ReadLine(words.text, 0.99, (0.0, 1.0), None)

    page = np.asarray(draw_page(words, size=(300, 140)))
    box = np.array([[30, 30], [140, 30], [140, 110], [30, 110]], np.float32)
    (line,) = read_lines(page, [box], seen)
    _, top, _, bottom = bounds_of(words)
    assert max(heights) < 2 * (bottom - top)
    assert line.corners[:2, 1] == pytest.approx(top, abs=words.height / 2)
    assert line.corners[2:, 1] == pytest.approx(bottom, abs=words.height / 2)
