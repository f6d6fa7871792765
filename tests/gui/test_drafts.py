"""While an endpoint is asked this computer reads as well: the draft, how it gives way, and how it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from ocr_desktop.gui.canvas.draft_item import DraftItem
from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
from ocr_desktop.services.context import AppContext
from tests.support.provider_answers import Gate, Script, refused, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, SharingContext, open_desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = ("The quick brown fox", "jumps over lazy dogs", "and is seen no more")
ANSWER = "<|ref|>text<|/ref|><|det|>[[20, 60, 980, 250]]<|/det|>\nThe quick brown fox\n"


@pytest_asyncio.fixture(loop_scope="module")
async def beside(server: ProviderServer, workers: AppContext, tmp_path: Path, qtbot: QtBot) -> AsyncIterator[Desk]:
    """A window whose chosen engine is the server's, and which reads beside it."""
    async with open_desk(SharingContext(workers, tmp_path), reads_beside=True) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        yield desk


async def ask(desk: Desk, folder: Path, name: str = "page.png") -> None:
    desk.drop_files(page_file(folder, name, *LINES))
    await desk.until_shown(name)
    desk.click(desk.run_button)


def seen(desk: Desk, kind: type[QWidget]) -> QWidget | None:
    """The part of the draft that is on show."""
    return next((each for each in desk.window.output.findChildren(kind) if each.isVisible()), None)


def draft_text(desk: Desk) -> str:
    view = seen(desk, DraftView)
    return view.toPlainText() if isinstance(view, DraftView) else ""


def boxes_of_draft(desk: Desk) -> int:
    return sum(item.count for item in desk.canvas.scene().items() if isinstance(item, DraftItem))


async def until_drafted(desk: Desk) -> None:
    drafting = desk.opened.drafting
    assert drafting is not None
    await desk.until(lambda: seen(desk, DraftView) and not drafting.is_reading, drafting.ended, drafting.shown)
    view = seen(desk, DraftView)
    assert isinstance(view, DraftView)
    await desk.until(lambda: all(line in " ".join(draft_text(desk).split()) for line in LINES), view.caught_up)


def drafted(desk: Desk) -> tuple[object, ...]:
    drafting = desk.opened.drafting
    assert drafting is not None
    return (drafting.ended, drafting.shown)


async def test_a_draft_stands_there_until_the_answer_comes_and_gives_way_to_it(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    before, middle = Gate(), Gate()
    server.answer_with(streamed(before, ANSWER, middle))
    await ask(beside, tmp_path)
    await before.reached.waited()
    await until_drafted(beside)
    strip = seen(beside, DraftStrip)
    assert strip is not None
    assert strip.accessibleName() == "Draft, this computer"
    assert boxes_of_draft(beside) == 3
    assert beside.session.regions == ()
    assert not beside.find(QPushButton, "keep_draft_button").isVisible()

    before.open()
    await beside.until(lambda: beside.session.regions and "quick brown" in beside.preview)
    assert seen(beside, DraftView) is None
    assert seen(beside, DraftStrip) is None
    assert boxes_of_draft(beside) == 2

    middle.open()
    await beside.until_read()
    assert boxes_of_draft(beside) == 0
    assert [run.engine for run in beside.session.text_runs] == ["modelverse"]


@pytest.mark.parametrize("script", [refused(400, "no"), refused(401, "no")], ids=["refused", "key"])
async def test_where_the_endpoint_fails_one_click_keeps_the_draft(
    beside: Desk, server: ProviderServer, tmp_path: Path, script: Script
) -> None:
    server.answer_with(script)
    await ask(beside, tmp_path)
    await beside.until(lambda: beside.control.failure is not None)
    keep = None
    await beside.until(
        lambda: (strip := seen(beside, DraftStrip)) and "No answer" in strip.accessibleName(), *drafted(beside)
    )
    keep = beside.find(QPushButton, "keep_draft_button")
    beside.click(keep)
    await beside.until(lambda: LINES[0] in " ".join(beside.preview.split()))
    (run,) = beside.session.text_runs
    assert (run.engine, run.finish) == ("embedded", Finish.COMPLETE)
    assert seen(beside, DraftStrip) is None
    assert boxes_of_draft(beside) == 0


async def test_beside_an_answer_that_breaks_off_the_draft_can_be_kept(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    gate = Gate()
    server.answer_with(streamed(ANSWER, gate))
    await ask(beside, tmp_path)
    await gate.reached.waited()
    await beside.until(lambda: beside.session.regions)
    beside.click(beside.run_button)
    await beside.until(lambda: beside.session.run is not None)
    await beside.until(lambda: seen(beside, DraftStrip), *drafted(beside))
    assert seen(beside, DraftView) is None
    beside.click(beside.find(QPushButton, "keep_draft_button"))
    assert [run.engine for run in beside.session.text_runs] == ["modelverse", "embedded"]


async def test_a_draft_belongs_to_its_page(beside: Desk, server: ProviderServer, tmp_path: Path) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, ANSWER))
    await ask(beside, tmp_path)
    await until_drafted(beside)
    beside.drop_files(page_file(tmp_path, "other.png", "Something else"))
    await beside.until_shown("other.png")
    assert seen(beside, DraftView) is None
    assert boxes_of_draft(beside) == 0
    beside.choose_page(0)
    await beside.until_shown("page.png")
    await until_drafted(beside)
    assert boxes_of_draft(beside) == 3
    gate.open()
    await beside.until_read()


async def test_who_wants_no_drafts_gets_none(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, ANSWER))
    await ask(endpoint_desk, tmp_path)
    await gate.reached.waited()
    assert endpoint_desk.opened.drafting is not None
    assert not endpoint_desk.opened.drafting.is_reading
    gate.open()
    await endpoint_desk.until_read()
