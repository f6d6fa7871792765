"""Words that came without places get those that this computer finds, after the answer and in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Origin
from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.core.geometry import View
from ocr_desktop.services.context import AppContext
from ocr_desktop.worker.pixels import Pixels
from ocr_desktop.worker.reader_client import ReaderClient, ReaderEvent
from tests.gui.test_reading_again import read_again
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, SharingContext, open_desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = ("The quick brown fox", "jumps over lazy dogs", "and is seen no more")
PLAIN = "The quick brown fox\n\njumps over lazy dogs\n\nand is seen no more\n"
FREE = "Plain text, no layout"


@pytest_asyncio.fixture(loop_scope="module")
async def beside(server: ProviderServer, workers: AppContext, tmp_path: Path, qtbot: QtBot) -> AsyncIterator[Desk]:
    """A window whose chosen engine is the server's, and which reads beside it."""
    async with open_desk(SharingContext(workers, tmp_path), reads_beside=True) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        desk.choose("preset_box", FREE)
        yield desk


async def read(desk: Desk, folder: Path, name: str = "page.png", lines: tuple[str, ...] = LINES) -> None:
    desk.drop_files(page_file(folder, name, *lines))
    await desk.until_shown(name)
    desk.click(desk.run_button)
    await desk.until_read()


async def until_compared(desk: Desk) -> None:
    await desk.until(lambda: desk.session.run is not None and desk.session.run.comparison is not None)


async def test_plain_text_gets_boxes_on_its_own_lines(beside: Desk, server: ProviderServer, tmp_path: Path) -> None:
    server.answer_with(streamed(PLAIN))
    await read(beside, tmp_path)
    await until_compared(beside)
    placed = {region.text: region for region in beside.session.regions}
    assert set(placed) == set(LINES)
    assert {region.origin for region in placed.values()} == {Origin.ALIGNED}
    for number, line in enumerate(LINES):
        (box,) = placed[line].boxes
        # `page_file` writes its lines 60 pixels apart.
        assert box.contains(60, 30 + 60 * number + 16), (line, box)
    assert beside.session.doubts == ()


async def test_what_the_answer_invents_and_what_it_leaves_out_is_doubted(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed("The quick brown fox swallowed astronauts\n\nand is seen no more\n"))
    await read(beside, tmp_path)
    await until_compared(beside)
    kinds = {kind for doubt in beside.session.doubts for kind in doubt.kinds}
    assert kinds == {DoubtKind.UNSUPPORTED_WORDS, DoubtKind.MISSED_LINES}


async def test_what_is_selected_stays_so(beside: Desk, server: ProviderServer, tmp_path: Path) -> None:
    server.answer_with(streamed(PLAIN))
    await read(beside, tmp_path)
    region = beside.session.regions[0]
    beside.session.select_region(region.id)
    await until_compared(beside)
    assert beside.session.selected == region.id
    assert beside.session.regions[0].boxes


class HeldReader:
    """The real reader, with a gate before what it reads in the background."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader
        self.warm_up = reader.warm_up
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()
        self.called_off = 0

    async def read(
        self, pixels: Pixels, view: View, *, in_background: bool = False
    ) -> AsyncGenerator[ReaderEvent, None]:
        if in_background:
            self.asked.set()
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.called_off += 1
                self.asked.clear()
                raise
        async with aclosing(self._reader.read(pixels, view, in_background=in_background)) as events:
            async for event in events:
                yield event


@pytest.fixture
def reader(workers: AppContext) -> HeldReader:
    return HeldReader(workers.reader)


@pytest_asyncio.fixture(loop_scope="module")
async def held(
    server: ProviderServer, workers: AppContext, reader: HeldReader, tmp_path: Path, qtbot: QtBot
) -> AsyncIterator[Desk]:
    """A window that makes no drafts, and in which answers are enriched when the reader's gate is opened."""
    context = SharingContext(workers, tmp_path)
    context.reader = reader  # type: ignore[assignment]
    async with open_desk(context, reads_beside=True) as desk:
        desk.control.settings = replace(desk.control.settings, makes_drafts=False)
        desk.choose("engine_box", "UCloud Modelverse")
        yield desk
        reader.gate.set()


APART = ("The quick brown fox", "jumps over lazy dogs", "", "and is seen no more", "Printed in the harbour")
IN_ONE = "The quick brown fox\njumps over lazy dogs\nand is seen no more"
MIXED = f"{IN_ONE}\n\n<|ref|>text<|/ref|><|det|>[[20, 830, 980, 970]]<|/det|>\nPrinted in the harbor\n"
ANEW = "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\nPrinted in the harbour\n"


async def read_apart(desk: Desk, server: ProviderServer, reader: HeldReader, folder: Path) -> None:
    """Read a paragraph that stands in two places, and a region with a box; it is about to be enriched."""
    server.answer_with(streamed(MIXED))
    await read(desk, folder, lines=APART)
    await reader.asked.wait()


async def read_region_again(desk: Desk, server: ProviderServer) -> None:
    server.answer_with(streamed(ANEW))
    read_again(desk, 1)
    await desk.until(lambda: desk.session.run is not None and desk.session.run.edits)


def texts(desk: Desk) -> list[str]:
    return [region.text for region in desk.session.regions]


async def test_a_paragraph_in_two_places_becomes_two_regions(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    await read_apart(held, server, reader, tmp_path)
    reader.gate.set()
    await until_compared(held)
    assert texts(held) == ["The quick brown fox\njumps over lazy dogs", APART[3], "Printed in the harbor"]


async def test_what_was_changed_meanwhile_stays_and_is_no_reason_for_doubt(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    await read_apart(held, server, reader, tmp_path)
    await read_region_again(held, server)
    reader.gate.set()
    await until_compared(held)
    assert texts(held) == [IN_ONE, APART[4]]
    assert held.session.regions[0].boxes
    assert held.session.doubts == ()


async def test_what_was_taken_back_meanwhile_can_be_done_again(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    await read_apart(held, server, reader, tmp_path)
    await read_region_again(held, server)
    held.actions["undo"].trigger()
    reader.gate.set()
    await until_compared(held)
    held.actions["redo"].trigger()
    ids = [region.id for region in held.session.regions]
    assert texts(held) == [IN_ONE, APART[4]]
    assert len(set(ids)) == len(ids)


async def test_a_page_that_is_left_is_enriched_when_somebody_comes_back(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(PLAIN))
    await read(held, tmp_path)
    await reader.asked.wait()
    held.actions["auto_read_never"].trigger()
    held.drop_files(page_file(tmp_path, "other.png", "Something else"))
    await held.until_shown("other.png")
    assert reader.called_off == 1
    reader.gate.set()
    held.choose_page(0)
    await held.until_shown("page.png")
    await until_compared(held)
    assert all(region.boxes for region in held.session.regions)


async def test_what_the_user_asks_of_this_computer_goes_first(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(PLAIN))
    await read(held, tmp_path)
    await reader.asked.wait()
    held.choose("engine_box", "This computer (offline)")
    held.click(held.run_button)
    await held.until(lambda: len(held.session.text_runs) == 2)
    assert reader.called_off == 1
    held.session.choose_run(0)
    reader.gate.set()
    await until_compared(held)


async def test_lines_are_remembered_for_the_picture_that_they_were_read_on(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    reader.gate.set()

    def replace_picture() -> None:
        entry = held.session.entry
        assert entry is not None
        assert entry.page is not None
        entry.take_page(replace(entry.page, runs=()), "of another picture")

    held.control.ended.connect(replace_picture)
    server.answer_with(streamed(PLAIN))
    held.drop_files(page_file(tmp_path, "page.png", *LINES))
    await held.until_shown("page.png")
    entry = held.session.entry
    assert entry is not None
    key = entry.picture_key
    held.click(held.run_button)
    await held.until(lambda: entry.picture_key != key)
    await held.until_at_rest()
    assert held.context.enrichment.known_lines(key, View()) is not None
    assert held.context.enrichment.known_lines(entry.picture_key, View()) is None


async def test_who_switches_it_on_has_it_for_what_is_on_show(
    held: Desk, reader: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    reader.gate.set()
    settings = held.control.settings
    held.control.settings = replace(settings, aligns_words=False)
    server.answer_with(streamed(PLAIN))
    await read(held, tmp_path)
    assert not reader.asked.is_set()
    held.opened.commands.settings_opening.saved.emit(settings)
    await until_compared(held)
