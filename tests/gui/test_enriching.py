"""Words that came without places get those that this computer finds, after the answer and in nobody's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Origin
from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.services.context import AppContext
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


async def test_what_was_selected_and_corrected_meanwhile_stays(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(PLAIN))
    await read(beside, tmp_path)
    region = beside.session.regions[0]
    beside.session.select_region(region.id)
    await until_compared(beside)
    assert beside.session.selected == region.id
    assert beside.session.regions[0].boxes


async def test_a_page_that_is_left_is_enriched_when_somebody_comes_back(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(PLAIN))
    await read(beside, tmp_path)
    beside.drop_files(page_file(tmp_path, "other.png", "Something else"))
    await beside.until_shown("other.png")
    beside.choose_page(0)
    await beside.until_shown("page.png")
    await until_compared(beside)
    assert all(region.boxes for region in beside.session.regions)
