"""What recognition tells of a line beside its words: where its characters stand, how thick its strokes are."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from statistics import median

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import quad_bounds
from ocr_desktop.worker.pixels import PixelStore
from ocr_desktop.worker.reader_client import ReaderClient
from ocr_desktop.worker.recognition import LINE_HEIGHT, MOST_WIDTH, ink_of, stroke_of, text_rows
from tests.support.pictures import CHINESE_FONTS, LATIN_FONTS, Words, bounds_of, draw_page, font_file
from tests.support.workers import lines_of, open_reader, stored

LATIN = "The quick brown fox jumps over 23 dogs."
CHINESE = "今天的天气很好，我们去公园散步吧"
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


def font_for(text: str, height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(LATIN_FONTS if text.isascii() else CHINESE_FONTS)), height)


def drawn_spans(words: Words) -> list[tuple[float, float]]:
    """Where each character but spaces was drawn: left and right, in pixels."""
    font = font_for(words.text, words.height)
    ends = [words.x + font.getlength(words.text[:end]) for end in range(len(words.text) + 1)]
    return [(ends[at], ends[at + 1]) for at, character in enumerate(words.text) if character != " "]


def seen_spans(line: LineFound, *, turns: int = 0) -> list[tuple[float, float]]:
    """The same as it was seen; `turns` in which the page was drawn."""
    (x_0, y_0), (x_1, y_1) = line.quad[:2]
    start, end = ((x_0, x_1), (y_0, y_1))[turns]
    places = [start + edge * (end - start) for edge in line.edges]
    return [(places[at], places[at + 1]) for at, character in enumerate(line.text) if character != " "]


def farthest(line: LineFound, words: Words, *, turns: int = 0) -> float:
    """The farthest that an edge is off, in font sizes."""
    pairs = zip(seen_spans(line, turns=turns), drawn_spans(words), strict=True)
    return max(abs(a - b) for seen, drawn in pairs for a, b in zip(seen, drawn, strict=True)) / words.height


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("words", [Words(LATIN, 40, 30, 24), Words(LATIN, 40, 30, 13), Words(CHINESE, 40, 30, 24)])
async def test_characters_stand_where_they_were_drawn(workshop: Workshop, words: Words) -> None:
    (line,) = await read(workshop, draw_page(words, size=(620, 90)))
    assert re.sub(" ", "", line.text) == re.sub(" ", "", words.text)
    assert len(line.edges) == len(line.text) + 1
    assert list(line.edges) == sorted(line.edges)
    assert farthest(line, words) < 0.35


@pytest.mark.asyncio(loop_scope="module")
async def test_characters_of_a_line_that_runs_downwards_stand_along_it(workshop: Workshop) -> None:
    words = Words(LATIN, 40, 30, 24)
    (line,) = await read(workshop, draw_page(words, size=(620, 90)).rotate(-90, expand=True))
    assert farthest(line, words, turns=1) < 0.35


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["A", "中"])
async def test_the_one_character_of_a_line_fills_it(workshop: Workshop, text: str) -> None:
    words = Words(text, 60, 40, 40)
    (line,) = await read(workshop, draw_page(words, size=(200, 140)))
    assert (line.text, len(line.edges)) == (text, 2)
    assert farthest(line, words) < 0.35


@pytest.mark.asyncio(loop_scope="module")
async def test_what_stands_beyond_a_wide_gap_is_a_word_of_its_own(workshop: Workshop) -> None:
    words = Words("Name      Total", 40, 30, 24)
    lines = await read(workshop, draw_page(words, size=(620, 90)))
    assert " ".join(line.text for line in lines) == "Name Total"
    seen = [span for line in lines for span in seen_spans(line)]
    for (a, b), (c, d) in zip(seen, drawn_spans(words), strict=True):
        assert max(abs(a - c), abs(b - d)) < 0.35 * words.height


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["every word of a long line is read, at its place, " * 8, CHINESE * 9])
async def test_a_line_too_long_to_be_read_at_once_is_read_whole(workshop: Workshop, text: str) -> None:
    words = Words(text.strip(), 20, 20, 16)
    (line,) = await read(workshop, draw_page(words, size=(2950, 60)))
    box = quad_bounds(line.quad)
    assert (box.x_max - box.x_min) / (box.y_max - box.y_min) * LINE_HEIGHT > MOST_WIDTH
    assert line.text == words.text
    assert farthest(line, words) < 0.5


def test_a_line_of_small_print_in_a_box_too_high_is_read_by_itself() -> None:
    page = np.asarray(
        draw_page(Words("above, gypsy", 8, 0), Words("Line", 8, 36), Words("below", 8, 72), size=(200, 96))
    )
    top, bottom = text_rows(page[14:82])
    _, ink_top, _, ink_bottom = bounds_of(Words("Line", 8, 36 - 14))
    assert 0 < ink_top - top <= (ink_bottom - ink_top) / 2
    assert 0 < bottom - ink_bottom <= (ink_bottom - ink_top) / 2


@pytest.mark.parametrize("text", ["ij", "三", "=", "Ä", "_", "- -", "...", "Å1"])
def test_no_part_of_a_letter_is_a_neighbour(text: str) -> None:
    words = Words(text, 8, 12, 30)
    page = np.asarray(draw_page(words, size=(100, 64)))
    _, ink_top, _, ink_bottom = (round(side) for side in bounds_of(words))
    top, bottom = text_rows(page)
    assert top <= ink_top
    assert bottom >= ink_bottom
    cut_close = ink_of(page[ink_top:ink_bottom]).any(axis=1)
    top, bottom = text_rows(page[ink_top:ink_bottom])
    assert cut_close.sum() == cut_close[top:bottom].sum()


@pytest.mark.parametrize("text", ["- -", "......", "—", "_"])
def test_dashes_and_dots_keep_their_size(text: str) -> None:
    words = Words(text, 4, 0, 30)
    page = np.asarray(draw_page(words, size=(round(bounds_of(words)[2]) + 4, 40)))
    assert ink_of(page).any()
    assert text_rows(page) == (0, 40)


@given(stretches=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4))
def test_rows_are_within_the_picture_and_hold_its_tallest_ink(stretches: list[tuple[int, int]]) -> None:
    picture = np.full((60, 30, 3), 255, np.uint8)
    for start, length in stretches:
        picture[start : start + length, 5:20] = 0
    top, bottom = text_rows(picture)
    assert 0 <= top < bottom <= 60
    inked = "".join("1" if value else "0" for value in ink_of(picture).max(axis=1) > 0)
    assert max(re.findall("1+", inked), key=len, default="") in inked[top:bottom]


def ink_drawn(text: str, font_name: str, height: int, *, ink: str = "black", ground: str = "white") -> float:
    """The thickness of the strokes of a line drawn so, in font sizes."""
    font = ImageFont.truetype(str(font_file((font_name,))), height)
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    picture = Image.new("RGB", (right - left + 8, bottom - top + 8), ground)
    ImageDraw.Draw(picture).text((4 - left, 4 - top), text, font=font, fill=ink)
    stroke = stroke_of(ink_of(np.asarray(picture)))
    assert stroke is not None
    return stroke * picture.height / height


@pytest.mark.parametrize("height", [13, 18, 24, 48])
@pytest.mark.parametrize("text", ["ABSTRACT", "summer on sea", "Results 2.3, 1998"])
def test_bold_letters_have_thicker_strokes(text: str, height: int) -> None:
    regular, bold = (ink_drawn(text, name, height) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    assert bold > 1.25 * regular


def test_strokes_are_as_thick_whatever_is_written_and_in_which_colours() -> None:
    texts = ["ABSTRACT", "summer on sea", "Results 2.3, 1998"]
    dark = [ink_drawn(text, "DejaVuSans.ttf", 24) for text in texts]
    light = [ink_drawn(text, "DejaVuSans.ttf", 24, ink="#dddddd", ground="#202020") for text in texts]
    usual = median(dark)
    assert all(abs(stroke - usual) < 0.12 * usual for stroke in [*dark, *light])


def test_a_rule_under_a_word_is_none_of_its_strokes() -> None:
    words = Words("a word with a rule below", 8, 4, 24)
    page = draw_page(words, size=(360, 40))
    ruled = page.copy()
    ImageDraw.Draw(ruled).rectangle((0, 36, 360, 38), fill="black")
    plain, with_rule = (stroke_of(ink_of(np.asarray(each))) for each in (page, ruled))
    assert plain is not None
    assert with_rule == pytest.approx(plain, rel=0.1)


@pytest.mark.parametrize("colour", ["white", "black", "#808080"])
def test_where_there_is_no_ink_there_are_no_strokes(colour: str) -> None:
    assert stroke_of(ink_of(np.asarray(Image.new("RGB", (90, 20), colour)))) is None


@pytest.mark.asyncio(loop_scope="module")
async def test_every_line_tells_its_strokes(workshop: Workshop) -> None:
    lines = await read(workshop, draw_page(Words(LATIN, 40, 30, 24), Words(CHINESE, 40, 120, 24), size=(700, 200)))
    for line in lines:
        box = quad_bounds(line.quad)
        assert line.stroke is not None
        assert 1 < line.stroke * (box.y_max - box.y_min) < 4
