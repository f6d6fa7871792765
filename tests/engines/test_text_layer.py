"""The text of a PDF's page, read as if an engine had found it."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Finish, Origin, Region, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import Event, Finished, LineFound
from ocr_desktop.core.geometry import PixelBox, Size, View, box_quad, quad_bounds
from ocr_desktop.core.pdf_lines import TextLines
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.engines.base import Request
from ocr_desktop.engines.text_layer import TextLayerEngine
from ocr_desktop.worker.pixels import Pixels, levels_of

PAGE = Size(1000, 1400)
PIXELS = Pixels(0, 0, levels_of(PAGE, 0))


def line(text: str, x: float, y: float, width: float = 400, height: float = 30) -> LineFound:
    return LineFound(text, box_quad(PixelBox(x, y, x + width, y + height)), 1.0)


TITLE = line("A title", 100, 100)
BODY = line("The first line of a paragraph that", 100, 300)
MORE = line("goes on in a second one.", 100, 340)
FOOT = line("Page 7", 450, 1350, width=100)
LINES = (FOOT, BODY, MORE, TITLE)


async def ask(
    lines: tuple[LineFound, ...],
    preset: PresetId,
    *,
    view: View | None = None,
    term: str | None = None,
    is_cut: bool = False,
) -> list[Event]:
    request = Request(PIXELS, view or View(), preset, prompt_for(preset, term), term)
    async with aclosing(TextLayerEngine(TextLines(lines, is_cut)).read(request)) as events:
        return [event async for event in events]


async def regions_of(
    preset: PresetId, *, lines: tuple[LineFound, ...] = LINES, view: View | None = None, term: str | None = None
) -> list[Region]:
    """What a page shows of it in the end."""
    builder = RunBuilder("run", preset, PAGE, view or View())
    builder.begin_answer(None)
    for event in await ask(lines, preset, view=view, term=term):
        builder.feed(event)
    started = datetime(2026, 1, 1, tzinfo=UTC)
    run = builder.build(engine="text_layer", model=None, host=None, started=started, seconds=0)
    return list(run.regions)


async def test_words_come_in_reading_order_put_together_into_paragraphs() -> None:
    regions = await regions_of(PresetId.MARKDOWN)
    assert [region.text for region in regions] == [
        "A title",
        "The first line of a paragraph that goes on in a second one.",
        "Page 7",
    ]
    assert {region.origin for region in regions} == {Origin.EMBEDDED}


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
async def test_boxes_lie_where_the_words_are_however_the_page_is_turned(turns: int) -> None:
    view = View(turns=turns, crop=PixelBox(50, 50, 900, 1000))
    regions = {region.text: region for region in await regions_of(PresetId.OCR, view=view)}
    for found in (TITLE, BODY, MORE):
        expected = quad_bounds(found.quad)
        box = regions[found.text].boxes[0]
        assert (box.x_min, box.y_min, box.x_max, box.y_max) == pytest.approx(
            (expected.x_min, expected.y_min, expected.x_max, expected.y_max)
        )


async def test_what_is_cropped_away_or_ignored_is_not_read() -> None:
    view = View(crop=PixelBox(0, 0, 1000, 1000), ignored=(PixelBox(0, 0, 1000, 200),))
    assert [region.text for region in await regions_of(PresetId.OCR, view=view)] == [BODY.text, MORE.text]


async def test_a_paragraph_says_where_its_text_begins_on_a_page_that_lies_on_its_side() -> None:
    upwards = tuple(
        LineFound(f"line {number} of words that run up the page", turned, 1.0)
        for number in range(3)
        for turned in [
            ((300 + 40 * number, 900), (300 + 40 * number, 300), (330 + 40 * number, 300), (330 + 40 * number, 900))
        ]
    )
    (region,) = await regions_of(PresetId.MARKDOWN, lines=upwards)
    assert region.quad == ((300, 900), (300, 300), (410, 300), (410, 900))


async def test_a_term_is_located_in_its_part_of_a_line() -> None:
    (region,) = await regions_of(PresetId.LOCATE, term="PAGE")
    assert region.label == "match"
    (found,), line = region.boxes, quad_bounds(FOOT.quad)
    assert (found.x_min, found.y_min, found.y_max) == (line.x_min, line.y_min, line.y_max)
    assert line.width / 2 < found.width < line.width * 3 / 4


async def test_a_page_without_text_says_so() -> None:
    assert (await ask((), PresetId.MARKDOWN))[-1] == Finished(Finish.COMPLETE, warnings=(WarningCode.EMPTY_ANSWER,))


async def test_a_page_of_which_not_all_text_is_taken_says_so() -> None:
    ended = (await ask(LINES, PresetId.MARKDOWN, is_cut=True))[-1]
    assert ended == Finished(Finish.COMPLETE, warnings=(WarningCode.TEXT_CUT,))


async def test_it_describes_no_pictures_and_locates_no_nothing() -> None:
    with pytest.raises(EngineError) as unsupported:
        await ask(LINES, PresetId.DESCRIBE)
    assert unsupported.value.code is ErrorCode.PRESET_UNSUPPORTED
    with pytest.raises(UsageError):
        await ask(LINES, PresetId.LOCATE, term="  ")
