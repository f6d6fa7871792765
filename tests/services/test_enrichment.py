"""An endpoint's words stand where this computer reads them, and nobody waits for that."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from ocr_desktop.core.document import Line, Origin, Run
from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.enrichment import MOST_KEPT, Enrichment
from ocr_desktop.worker.pixels import Pixels, levels_of
from ocr_desktop.worker.reader_client import ReaderClient, ReaderEvent
from tests.support.answers import run_of
from tests.support.drawn_transcript import (
    SAMPLE,
    SAMPLE_SIZE,
    draw_transcript,
    run_on,
    without_tags,
    words_in_place,
)
from tests.support.pictures import Words, bounds_of, draw_page
from tests.support.workers import open_reader, process_end, stored

HEADING = Words("Costs of the year", 60, 40, 40)
FIRST = Words("The roof was mended in spring", 60, 160)
SECOND = Words("and the cellar was painted.", 60, 200)
FORGOTTEN = Words("Nothing is left for the garden.", 60, 480)
PICTURE = draw_page(HEADING, FIRST, SECOND, FORGOTTEN)
ANSWER = f"# {HEADING.text}\n\n{FIRST.text} {SECOND.text}\n\nElephants dance quietly tonight"


class Counted:
    """The real worker, and how often it was asked."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader
        self.readings = 0

    def read(self, pixels: Pixels, view: View, *, in_background: bool) -> AsyncGenerator[ReaderEvent, None]:
        self.readings += 1
        return self._reader.read(pixels, view, in_background=in_background)


def free_run(answer: str = ANSWER, preset: PresetId = PresetId.FREE) -> Run:
    return run_of(preset, [answer])


def is_around(box: PixelBox, *words: Words) -> bool:
    """Whether the box holds the middle of each word's ink and reaches little further."""
    inks = [bounds_of(each) for each in words]
    edges = (min(ink[0] for ink in inks), min(ink[1] for ink in inks), max(ink[2] for ink in inks))
    return abs(box.x_min - edges[0]) < 12 and abs(box.y_min - edges[1]) < 12 and abs(box.x_max - edges[2]) < 12


async def test_words_get_the_places_where_they_stand_and_the_worker_is_asked_once() -> None:
    async with open_reader() as (store, reader):
        counted = Counted(reader)
        enrichment = Enrichment(counted)  # type: ignore[arg-type]
        pixels = stored(store, PICTURE)
        run = await enrichment.enriched(free_run(), pixels, "a")
        heading, paragraph, invented = run.regions
        assert is_around(heading.boxes[0], HEADING)
        assert is_around(paragraph.boxes[0], FIRST, SECOND)
        assert {heading.origin, paragraph.origin} == {Origin.ALIGNED}
        assert heading.quad is not None
        assert paragraph.quad is None
        assert (invented.boxes, invented.origin, invented.score) == ((), Origin.MODEL, None)
        assert run.comparison is not None
        assert [run.lines[index].text for index in run.comparison.missed] == [FORGOTTEN.text]
        again = await enrichment.enriched(free_run(), pixels, "a")
        assert (again.regions, again.comparison, counted.readings) == (run.regions, run.comparison, 1)
        # A crop is another view; boxes stay in the whole page.
        cropped = replace(free_run(SECOND.text), view=View(crop=PixelBox(0, 190, 900, 300)))
        (part,) = (await enrichment.enriched(cropped, pixels, "a")).regions
        assert is_around(part.boxes[0], SECOND)
        assert counted.readings == 2


async def test_a_whole_page_s_words_are_found_where_they_were_drawn() -> None:
    truth = run_on(SAMPLE_SIZE, PresetId.MARKDOWN, SAMPLE)
    picture, drawn = draw_transcript(truth.regions, SAMPLE_SIZE)
    stripped = run_on(SAMPLE_SIZE, PresetId.FREE, without_tags(SAMPLE))
    assert not any(region.boxes for region in stripped.regions)
    async with open_reader() as (store, reader):
        run = await Enrichment(reader).enriched(stripped, stored(store, picture), "a")
    found = words_in_place(run, truth.regions, drawn)
    assert found.words > 200
    assert found.in_region > 0.97
    assert found.in_word > 0.93


async def test_a_worker_that_dies_takes_nothing_with_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with open_reader() as (store, reader):
        await reader.warm_up()
        process = reader.process_id
        assert process is not None
        enrichment = Enrichment(reader)
        run = free_run()
        os.kill(process, signal.SIGSTOP)
        enriching = asyncio.ensure_future(enrichment.enriched(run, stored(store, PICTURE), "a"))
        await asyncio.sleep(0)
        os.kill(process, signal.SIGKILL)
        await process_end(process)
        assert await enriching is run
        assert "no lines" in caplog.text


async def test_giving_up_ends_the_reading() -> None:
    async with open_reader() as (store, reader):
        enrichment = Enrichment(reader)
        pixels = stored(store, PICTURE)
        enriching = asyncio.ensure_future(enrichment.enriched(free_run(), pixels, "a"))
        await asyncio.sleep(0)
        enriching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await enriching
        assert enrichment.known_lines("a", View()) is None


class Unreachable:
    def read(self, pixels: Pixels, view: View, *, in_background: bool) -> AsyncGenerator[ReaderEvent, None]:
        raise AssertionError("nobody should ask")


NOWHERE = Pixels(0, 0, levels_of(Size(900, 600), 0))
LINE = Line("words", ((0, 0), (50, 0), (50, 20), (0, 20)), 0.99)


@pytest.mark.parametrize("preset", [PresetId.DESCRIBE, PresetId.FIGURE, PresetId.LOCATE])
async def test_what_is_no_transcript_is_left_alone(preset: PresetId) -> None:
    run = free_run(preset=preset)
    assert await Enrichment(Unreachable()).enriched(run, NOWHERE, "a") is run  # type: ignore[arg-type]


async def test_lines_that_are_known_are_not_read_and_old_ones_are_forgotten() -> None:
    enrichment = Enrichment(Unreachable())  # type: ignore[arg-type]
    for number in range(MOST_KEPT + 1):
        enrichment.keep(str(number), View(), [LINE])
    assert enrichment.known_lines("0", View()) is None
    assert await enrichment.lines(NOWHERE, View(), "1") == (LINE,)
    run = await enrichment.enriched(free_run("words"), NOWHERE, "1")
    assert [region.quad for region in run.regions] == [LINE.quad]
