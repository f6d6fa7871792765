"""A draft that nobody waits for any more ends, and holds nobody up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pytestqt.qtbot import QtBot

from ocr_desktop.core.geometry import PixelBox, View
from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
from ocr_desktop.services.context import AppContext
from tests.support.drafts import (
    ANSWER,
    HeldReader,
    ask,
    boxes_of_draft,
    drafted,
    drafting_of,
    hold_reader,
    seen,
    until_called_off,
)
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, SharingContext, open_desk, page_file
from tests.support.workers import lines_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def beside(server: ProviderServer, workers: AppContext, tmp_path: Path, qtbot: QtBot) -> AsyncIterator[Desk]:
    """A window whose chosen engine is the server's, and which reads beside it."""
    async with open_desk(SharingContext(workers, tmp_path), reads_beside=True) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        yield desk


@pytest.fixture
def held(beside: Desk) -> HeldReader:
    return hold_reader(beside)


async def test_stop_ends_the_draft_as_well(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(Gate(), ANSWER))
    await ask(beside, tmp_path)
    await beside.until(lambda: seen(beside, DraftView), *drafted(beside))
    beside.click(beside.run_button)
    await until_called_off(beside, held)
    assert seen(beside, DraftStrip) is None
    assert boxes_of_draft(beside) == 0


async def test_a_draft_that_nobody_waits_for_makes_room_for_the_next(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    gate = Gate()
    server.answer_with(streamed(ANSWER), streamed(gate, ANSWER))
    await ask(beside, tmp_path)
    await beside.until_read()
    assert drafting_of(beside).is_reading, "its lines are of use"
    await ask(beside, tmp_path, "other.png")
    await beside.until(lambda: held.called_off == 1 and seen(beside, DraftView), *drafted(beside))
    gate.open()
    held.opened.set()
    await beside.until_read("other.png")
    await beside.until(lambda: not drafting_of(beside).is_reading, *drafted(beside))
    await held.warm_up()


@pytest.mark.parametrize("is_answered", [False, True])
async def test_closing_its_page_ends_a_draft(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path, is_answered: bool
) -> None:
    gate = Gate()
    server.answer_with(streamed(ANSWER) if is_answered else streamed(gate, ANSWER))
    await ask(beside, tmp_path)
    if is_answered:
        await beside.until_read()
    else:
        await beside.until(lambda: seen(beside, DraftView), *drafted(beside))
    beside.session.remove_entries(list(beside.session.entries))
    await until_called_off(beside, held)
    assert boxes_of_draft(beside) == 0
    beside.control.stop()
    await beside.until(lambda: not beside.control.is_busy)


async def test_lines_of_a_picture_that_was_replaced_are_not_taken_for_the_new_one_s(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(ANSWER))
    await ask(beside, tmp_path)
    await beside.until_read()
    beside.drop_files(page_file(tmp_path, "other.png", "Something else"))
    await beside.until_shown("other.png")
    page_file(tmp_path, "page.png", "Another picture")
    beside.choose_page(0)
    await beside.until_shown("page.png")
    await until_called_off(beside, held)
    entry = beside.session.entry
    assert entry is not None
    assert beside.context.enrichment.known_lines(entry.picture_key, View()) is None


async def test_closing_the_window_ends_a_draft(
    server: ProviderServer, workers: AppContext, tmp_path: Path, qtbot: QtBot
) -> None:
    server.answer_with(streamed(Gate(), ANSWER))
    async with open_desk(SharingContext(workers, tmp_path), reads_beside=True) as desk:
        reader = hold_reader(desk)
        desk.choose("engine_box", "UCloud Modelverse")
        await ask(desk, tmp_path)
        await desk.until(lambda: seen(desk, DraftView), *drafted(desk))
    assert reader.called_off == 1


async def test_what_is_asked_of_this_computer_does_not_wait_for_a_draft_which_begins_anew(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, ANSWER))
    rows = [f"Line number {row} of a longer page" for row in range(12)]
    beside.drop_files(page_file(tmp_path, "page.png", *rows, size=(640, 760)))
    await beside.until_shown("page.png")
    beside.click(beside.run_button)
    await beside.until(lambda: boxes_of_draft(beside), *drafted(beside))
    opened = beside.session.opened
    assert opened is not None
    (line,) = await lines_of(beside.context.reader, opened.pixels, View(crop=PixelBox(0, 0, 640, 80)))
    assert line.text == rows[0]
    assert drafting_of(beside).is_reading
    await beside.until(lambda: not drafting_of(beside).is_reading, *drafted(beside))
    assert boxes_of_draft(beside) == len(rows)
    gate.open()
    await beside.until_read()
