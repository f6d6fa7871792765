"""The embedded engine reads known words at known places, and says plainly what it can't."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio
from PIL import Image

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, UsageError
from ocr_desktop.core.events import Event, Finished, FoundRegion, LineFound, RegionsRevised
from ocr_desktop.core.geometry import PixelBox, View, quad_bounds
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.engines.base import Request
from ocr_desktop.engines.embedded import EmbeddedEngine
from ocr_desktop.worker import reader as reader_module
from ocr_desktop.worker.pixels import PixelStore
from tests.support.pictures import Words, bounds_of, draw_page
from tests.support.workers import open_reader, stored

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATIN = Words("The quick brown fox jumps", 60, 40, 28)
CHINESE = Words("今天的天气很好", 60, 140, 32)
MIXED = Words("Version 2.0 发布于2026年", 60, 240, 28)
PAGE = draw_page(LATIN, CHINESE, MIXED, size=(900, 340))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workshop() -> AsyncIterator[tuple[PixelStore, EmbeddedEngine]]:
    """One engine for the whole file: loading it takes a second."""
    async with open_reader() as (store, reader):
        yield store, EmbeddedEngine(reader)


Workshop = tuple[PixelStore, EmbeddedEngine]


async def ask(
    workshop: Workshop,
    picture: Image.Image,
    preset: PresetId = PresetId.OCR,
    *,
    view: View | None = None,
    term: str | None = None,
) -> list[Event]:
    store, engine = workshop
    pixels = stored(store, picture)
    request = Request(pixels, view or View(), preset, prompt_for(preset, term), term)
    async with aclosing(engine.read(request)) as events:
        found = [event async for event in events]
    store.release(pixels)
    return found


def lines_in(events: list[Event]) -> list[LineFound]:
    return [event for event in events if isinstance(event, LineFound)]


def regions_in(events: list[Event]) -> tuple[FoundRegion, ...]:
    """The last revision: what counts."""
    return [event for event in events if isinstance(event, RegionsRevised)][-1].regions


def words_in(events: list[Event]) -> list[str]:
    return [region.markdown for region in regions_in(events)]


async def test_known_words_stand_at_known_places(workshop: Workshop) -> None:
    events = await ask(workshop, PAGE)
    found = lines_in(events)
    assert [line.text.replace(" ", "") for line in found] == [
        words.text.replace(" ", "") for words in (LATIN, CHINESE, MIXED)
    ]
    for line, words in zip(found, (LATIN, CHINESE, MIXED), strict=True):
        box, drawn = quad_bounds(line.quad), bounds_of(words)
        for side, expected in zip((box.x_min, box.y_min, box.x_max, box.y_max), drawn, strict=True):
            assert abs(side - expected) <= words.height / 2
        assert 0.8 < line.score <= 1
    assert [region.label for region in regions_in(events)] == ["line"] * 3
    assert [region.lines for region in regions_in(events)] == [(0,), (1,), (2,)]
    assert events[-1] == Finished(Finish.COMPLETE)


async def test_light_words_on_dark_are_read_too(workshop: Workshop) -> None:
    assert words_in(await ask(workshop, draw_page(LATIN, ground="#202020", ink="#e0e0e0"))) == [LATIN.text]


async def test_small_words_of_a_screenshot_are_read(workshop: Workshop) -> None:
    page = draw_page(Words("Settings", 8, 6, 12), Words("网络连接", 8, 30, 13), size=(160, 56))
    assert words_in(await ask(workshop, page)) == ["Settings", "网络连接"]


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_a_turned_view_is_read_upright(workshop: Workshop, turns: int) -> None:
    lying = PAGE.transpose({1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180,
                            3: Image.Transpose.ROTATE_270}[turns])  # fmt: skip
    upright, turned = await ask(workshop, PAGE), await ask(workshop, lying, view=View(turns))
    assert lines_in(turned) == lines_in(upright)


async def test_of_a_crop_only_the_crop_is_read(workshop: Workshop) -> None:
    crop = View(0, PixelBox(40, 120, 500, 200))
    (line,) = lines_in(await ask(workshop, PAGE, view=crop))
    assert line.text == CHINESE.text
    assert abs(quad_bounds(line.quad).x_min - 20) < CHINESE.height / 2


async def test_lines_of_one_paragraph_are_joined(workshop: Workshop) -> None:
    page = draw_page(
        Words("Report", 60, 30, 40),
        Words("A paragraph that runs over sev-", 60, 120),
        Words("eral lines is put together as it", 60, 152),
        Words("was written.", 60, 184),
        Words("Total", 60, 300),
        Words("42", 700, 300),
    )
    assert words_in(await ask(workshop, page, PresetId.FREE)) == [
        "Report",
        "A paragraph that runs over several lines is put together as it was written.",
        "Total 42",
    ]


async def test_free_text_is_the_same_words_in_order(workshop: Workshop) -> None:
    events = await ask(workshop, PAGE, PresetId.FREE)
    assert len(regions_in(events)) == 3
    assert events[-1] == Finished(Finish.COMPLETE)


@pytest.mark.parametrize("term", ["QUICK BROWN", "ｑｕｉｃｋ", "天气", "2026年"])
async def test_a_term_is_located_however_it_is_written(workshop: Workshop, term: str) -> None:
    events = await ask(workshop, PAGE, PresetId.LOCATE, term=term)
    (hit,) = regions_in(events)
    assert (hit.label, hit.markdown) == ("match", term)
    assert len(hit.lines) == 1


async def test_a_term_that_is_not_there_is_not_found(workshop: Workshop) -> None:
    events = await ask(workshop, PAGE, PresetId.LOCATE, term="elephant")
    assert regions_in(events) == ()
    assert events[-1] == Finished(Finish.COMPLETE)


async def test_an_empty_term_is_refused(workshop: Workshop) -> None:
    with pytest.raises(UsageError) as caught:
        await ask(workshop, PAGE, PresetId.LOCATE, term="  ")
    assert caught.value.code is ErrorCode.NOTHING_TO_LOCATE


async def test_what_it_cannot_do_it_says(workshop: Workshop) -> None:
    with pytest.raises(EngineError) as caught:
        await ask(workshop, PAGE, PresetId.DESCRIBE)
    assert caught.value.code is ErrorCode.PRESET_UNSUPPORTED
    assert caught.value.fields == {"preset": "describe", "engine": "This computer (offline)"}
    assert workshop[1].description.presets == frozenset(PresetId) - {PresetId.DESCRIBE}


@pytest.mark.parametrize("size", [(900, 600), (1, 1), (3, 90), (40, 2)])
async def test_a_picture_without_words_is_empty_and_says_so(workshop: Workshop, size: tuple[int, int]) -> None:
    events = await ask(workshop, Image.new("RGB", size, "white"), PresetId.MARKDOWN)
    assert regions_in(events) == ()
    assert events[-1] == Finished(Finish.COMPLETE, warnings=(WarningCode.EMPTY_ANSWER,))


@pytest.mark.parametrize("size", [(4, 2000), (2000, 4), (1, 101)])
async def test_a_picture_like_a_thread_is_refused(workshop: Workshop, size: tuple[int, int]) -> None:
    with pytest.raises(InputError) as caught:
        await ask(workshop, Image.new("RGB", size, "white"))
    assert caught.value.code is ErrorCode.PICTURE_SHAPE
    assert (caught.value.fields["width"], caught.value.fields["height"]) == size


async def test_a_single_low_line_is_read(workshop: Workshop) -> None:
    low = draw_page(Words("A single line, cut out close", 2, 0, 18), size=(300, 20))
    assert words_in(await ask(workshop, low)) == ["A single line, cut out close"]


async def test_a_lone_narrow_letter_is_not_read_lying(workshop: Workshop) -> None:
    page = draw_page(
        *(Words(f"Row {row} of table", 40, 40 + 56 * row, 28) for row in range(1, 6)),
        *(Words("I", 800, 40 + 56 * row, 28) for row in range(1, 6)),
        size=(1000, 432),
    )
    found = [line.text for line in lines_in(await ask(workshop, page)) if quad_bounds(line.quad).x_min > 600]
    assert found == ["I"] * 5


@pytest.mark.parametrize("is_tall", [True, False])
async def test_every_line_of_a_long_screenshot_is_read_once(workshop: Workshop, is_tall: bool) -> None:
    if is_tall:
        page = draw_page(*(Words(f"Message {row:03}", 40, 30 + 90 * row, 26) for row in range(60)), size=(600, 5440))
        wanted = [f"Message {row:03}" for row in range(60)]
    else:
        page = draw_page(*(Words(f"Cell {cell:02}", 30 + 300 * cell, 60, 26) for cell in range(20)), size=(6030, 400))
        wanted = [f"Cell {cell:02}" for cell in range(20)]
    events = await ask(workshop, page)
    assert [line.text for line in lines_in(events)] == wanted
    last = quad_bounds(lines_in(events)[-1].quad)
    drawn = (40, 30 + 90 * 59) if is_tall else (30 + 300 * 19, 60)
    assert abs(last.x_min - drawn[0]) < 13
    assert abs(last.y_min - drawn[1]) < 13


async def test_without_its_weights_it_says_which_file_is_missing() -> None:
    weights = reader_module._weights()
    assert set(weights) == {"Det.model_path", "Rec.model_path"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_module, "RECOGNITION_WEIGHTS", "elsewhere.onnx")
        with pytest.raises(EngineError) as caught:
            reader_module._weights()
    assert caught.value.code is ErrorCode.WEIGHTS_MISSING
    assert caught.value.fields["file"] == "elsewhere.onnx"
