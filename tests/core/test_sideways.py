"""Which way up a page is, told by what the embedded engine read of it: with the real engine, and drawn pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Region
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import PixelBox, Size, View, box_quad, quad_along
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.sideways import turns_to_upright
from ocr_desktop.engines.base import Request
from ocr_desktop.engines.embedded import EmbeddedEngine
from ocr_desktop.worker.pixels import PixelStore
from tests.support.pictures import Words, draw_page
from tests.support.workers import open_reader, stored

ENGLISH = (
    "It was a bright cold day in April, and",
    "the clocks were striking thirteen while",
    "somebody nuzzled into his coat and went",
    "quickly through the glass doors inside,",
    "though not quickly enough to prevent a",
    "swirl of gritty dust from entering too.",
)
CHINESE = ("人民生活水平不断提高", "教育科学文化全面发展", "国际地位显著提高以后", "经济建设取得新的成就")
MIXED = ("Invoice 2026-11-21", "收货地址：北京市", "Total 1,250.00 EUR", "电话 010-6552 9988")
UPRIGHT_DOWN, UPRIGHT_UP = 1, 3


def page_of(lines: tuple[str, ...], turns: int = 0) -> Image.Image:
    page = draw_page(*(Words(text, 40, 30 + 36 * at, 22) for at, text in enumerate(lines)), size=(520, 270))
    return page.rotate(-90 * turns, expand=True)


def columns_of(lines: tuple[str, ...]) -> Image.Image:
    """Chinese as it was written of old: from the top down, the first column at the right."""
    letters = [
        Words(letter, 500 - 70 * column, 40 + 38 * at, 34)
        for column, text in enumerate(lines)
        for at, letter in enumerate(text)
    ]
    return draw_page(*letters, size=(600, 480))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workshop() -> AsyncIterator[tuple[PixelStore, EmbeddedEngine]]:
    async with open_reader() as (store, reader):
        yield store, EmbeddedEngine(reader)


Workshop = tuple[PixelStore, EmbeddedEngine]


async def regions_of(
    workshop: Workshop, picture: Image.Image, preset: PresetId = PresetId.MARKDOWN
) -> tuple[Region, ...]:
    store, engine = workshop
    pixels = stored(store, picture)
    builder = RunBuilder("run", preset, Size(*picture.size), View())
    builder.begin_answer(None)
    async with aclosing(engine.read(Request(pixels, View(), preset, prompt_for(preset, None)))) as events:
        async for event in events:
            builder.feed(event)
    store.release(pixels)
    started = datetime(2026, 1, 1, tzinfo=UTC)
    return builder.build(engine="embedded", model=None, host=None, started=started, seconds=0).regions


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_an_english_page_tells_how_it_lies(workshop: Workshop, turns: int) -> None:
    assert turns_to_upright(await regions_of(workshop, page_of(ENGLISH, turns))) == -turns % 4


@pytest.mark.asyncio(loop_scope="module")
async def test_chinese_with_numbers_and_names_tells_how_it_lies(workshop: Workshop) -> None:
    assert turns_to_upright(await regions_of(workshop, page_of(MIXED, 1))) == 3


@pytest.mark.asyncio(loop_scope="module")
async def test_chinese_written_downwards_is_no_page_on_its_side(workshop: Workshop) -> None:
    regions = await regions_of(workshop, columns_of(CHINESE), PresetId.OCR)
    assert sum(len(region.text) for region in regions) > 20
    assert turns_to_upright(regions) == 0


@pytest.mark.asyncio(loop_scope="module")
async def test_a_narrow_column_of_letters_is_no_page_on_its_side(workshop: Workshop) -> None:
    letters = draw_page(
        *(Words(letter, 60, 30 + 50 * at, 34) for at, letter in enumerate("ABI1lJ7KLM")), size=(160, 560)
    )
    regions = await regions_of(workshop, letters, PresetId.OCR)
    assert len(regions) > 5
    assert turns_to_upright(regions) == 0


# What is read, made up


def line(text: str, quarter: int, score: float, at: int = 0) -> LineFound:
    box = PixelBox(40 * at, 0, 40 * at + 30, 600) if quarter % 2 else PixelBox(0, 40 * at, 600, 40 * at + 30)
    return LineFound(text, quad_along(box, quarter * 1.5707963), score)


def test_a_caption_along_the_edge_turns_no_page() -> None:
    level = [line("a line of running text on this page", 0, 0.98, at) for at in range(4)]
    assert turns_to_upright([*level, line("Photograph by somebody", UPRIGHT_UP, 0.98)]) == 0


def test_a_page_without_words_or_scores_gives_no_ground() -> None:
    assert turns_to_upright([]) == 0
    assert turns_to_upright([line("12", UPRIGHT_DOWN, 0.99, at) for at in range(9)]) == 0
    box = PixelBox(0, 0, 30, 600)
    assert turns_to_upright([Region(1, "line", "words of a model that gives no scores", "", (box,))]) == 0


def test_a_few_bad_lines_are_no_page_on_its_head() -> None:
    assert turns_to_upright([line("hard to read", 0, 0.6, at) for at in range(2)]) == 0


def test_the_text_of_a_pdf_tells_its_direction_itself() -> None:
    for quarter in range(4):
        lines = [line("text that stands in the file itself", quarter, 1.0, at) for at in range(3)]
        assert turns_to_upright(lines) == -quarter % 4


def test_a_page_that_was_turned_by_hand_is_judged_as_it_is_shown() -> None:
    lying = [line("the page was scanned on its side", UPRIGHT_DOWN, 0.98, at) for at in range(3)]
    assert [turns_to_upright(lying, turns) for turns in range(4)] == [3, 2, 1, 0]


def test_an_upright_page_stays() -> None:
    assert turns_to_upright([line("a page as it should be, with words", 0, 0.97, at) for at in range(9)]) == 0


@given(
    st.lists(
        st.builds(
            lambda text, corners, score: LineFound(text, box_quad(PixelBox(*corners)), score),
            st.text(),
            st.tuples(*[st.floats(-1e6, 1e6)] * 4),
            st.floats(0, 1),
        )
    ),
    st.integers(-5, 5),
)
def test_whatever_was_read_the_answer_is_a_turn(lines: list[LineFound], turns: int) -> None:
    assert turns_to_upright(lines, turns) in range(4)
