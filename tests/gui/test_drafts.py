"""While an endpoint is asked this computer reads as well: the draft, how it gives way, and how it is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QTabWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from ocr_desktop.gui.appearance import apply_colour_scheme
from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
from ocr_desktop.services.context import AppContext
from ocr_desktop.worker.dispatch import WorkerBugError
from ocr_desktop.worker.reader_client import ReaderEvent
from tests.support.drafts import (
    ANSWER,
    LINES,
    HeldReader,
    ask,
    boxes_of_draft,
    drafted,
    drafting_of,
    hold_reader,
    keep_button,
    seen,
    told_by,
    until_drafted,
)
from tests.support.provider_answers import Gate, Script, refused, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, SharingContext, open_desk, page_file

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


async def test_a_draft_stands_there_until_the_answer_comes_and_gives_way_to_it(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    before, middle = Gate(), Gate()
    server.answer_with(streamed(before, ANSWER, middle))
    counts: list[int] = []
    drafting_of(beside).shown.connect(lambda: counts.append(boxes_of_draft(beside)))
    await ask(beside, tmp_path)
    await before.reached.waited()
    await until_drafted(beside)
    assert counts == sorted(counts), "no box goes and comes back"
    assert told_by(beside) == "Draft, this computer"
    assert boxes_of_draft(beside) == 3
    assert beside.session.regions == ()
    assert not keep_button(beside).isVisible()

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
    await beside.until(lambda: seen(beside, DraftStrip) and keep_button(beside).isEnabled(), *drafted(beside))
    assert told_by(beside) == "Draft, this computer. No answer came."
    beside.click(keep_button(beside))
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
    await beside.until(lambda: beside.session.regions and not drafting_of(beside).is_reading, *drafted(beside))
    beside.click(beside.run_button)
    await beside.until(lambda: beside.session.run is not None)
    await beside.until(lambda: seen(beside, DraftStrip), *drafted(beside))
    assert told_by(beside) == "This computer read the page as well."
    assert seen(beside, DraftView) is None
    beside.click(keep_button(beside))
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
    assert not drafting_of(endpoint_desk).is_reading
    gate.open()
    await endpoint_desk.until_read()


async def test_a_draft_that_is_slower_than_the_failure_stays_and_can_be_kept_when_it_is_through(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(refused(400, "no"))
    await ask(beside, tmp_path)
    await beside.until(lambda: beside.control.failure and seen(beside, DraftView), *drafted(beside))
    assert told_by(beside) == "Draft, this computer, which still reads. No answer came."
    assert not keep_button(beside).isEnabled()
    held.opened.set()
    await beside.until(keep_button(beside).isEnabled, *drafted(beside))
    assert told_by(beside) == "Draft, this computer. No answer came."
    tabs = beside.find(QTabWidget, "output_tabs")
    assert not tabs.isVisible(), "no key leads to what is covered"
    beside.focus(keep_button(beside))
    beside.press_in_window(Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), DraftView)
    beside.click(keep_button(beside))
    assert [run.engine for run in beside.session.text_runs] == ["embedded"]
    beside.focus(tabs.currentWidget())


@pytest.mark.parametrize("answer", ["", "\n"])
async def test_an_answer_without_words_leaves_the_draft(
    beside: Desk, server: ProviderServer, tmp_path: Path, answer: str
) -> None:
    gate = Gate()
    server.answer_with(streamed(answer, gate))
    await ask(beside, tmp_path)
    await gate.reached.waited()
    await until_drafted(beside)
    assert told_by(beside) == "Draft, this computer"
    gate.open()
    await beside.until(lambda: not beside.control.is_busy and "No answer" in told_by(beside), *drafted(beside))
    beside.click(keep_button(beside))
    assert beside.session.run is not None
    assert beside.session.run.engine == "embedded"


async def test_what_is_read_of_another_page_leaves_the_draft(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(refused(400, "no"), streamed(ANSWER))
    await ask(beside, tmp_path)
    await beside.until(lambda: "No answer" in told_by(beside) and keep_button(beside).isEnabled(), *drafted(beside))
    await ask(beside, tmp_path, "other.png")
    await beside.until_read("other.png")
    assert seen(beside, DraftStrip) is None
    beside.choose_page(0)
    await beside.until_shown("page.png")
    assert told_by(beside) == "Draft, this computer. No answer came."
    assert keep_button(beside).isEnabled()


async def test_where_the_same_is_asked_again_the_draft_is_there_at_once(
    beside: Desk, held: HeldReader, server: ProviderServer, tmp_path: Path
) -> None:
    held.opened.set()
    gate = Gate()
    server.answer_with(refused(400, "no"), streamed(gate, ANSWER))
    await ask(beside, tmp_path)
    await beside.until(lambda: "No answer" in told_by(beside) and keep_button(beside).isEnabled(), *drafted(beside))
    beside.click(beside.run_button)
    await gate.reached.waited()
    assert told_by(beside) == "Draft, this computer"
    assert boxes_of_draft(beside) == 3
    assert held.readings == 1
    gate.open()
    await beside.until_read()


@pytest.mark.logs_complaints
async def test_a_bug_of_the_reader_is_not_told_beside_a_good_answer(
    beside: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    class Broken(HeldReader):
        async def read(self, *_: object, **__: object) -> AsyncGenerator[ReaderEvent, None]:
            self.readings += 1
            raise WorkerBugError("its traceback")
            yield

    reader = beside.context.reader = Broken(beside.context.reader)  # type: ignore[assignment]  # as above
    server.answer_with(streamed(ANSWER))
    await ask(beside, tmp_path)
    await beside.until_read()
    await beside.until(lambda: reader.readings and not drafting_of(beside).is_reading, *drafted(beside))
    assert beside.bar.text == ""
    assert seen(beside, DraftStrip) is None


async def test_a_draft_is_grey_in_either_scheme_and_its_words_can_be_copied(
    beside: Desk, server: ProviderServer, tmp_path: Path, system_colours: None
) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, ANSWER))
    await ask(beside, tmp_path)
    await until_drafted(beside)
    view = seen(beside, DraftView)
    assert isinstance(view, DraftView)
    greys = set()
    for scheme in ("light", "dark"):
        apply_colour_scheme(scheme)
        QApplication.sendPostedEvents()
        greys.add(view.palette().color(QPalette.ColorRole.Text).name())
        assert view.palette().color(QPalette.ColorRole.Text) == beside.window.palette().color(
            QPalette.ColorRole.PlaceholderText
        )
    assert len(greys) == 2

    place = QPoint(view.viewport().width() // 2, view.cursorRect().center().y())
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), asked)
    menu = view.findChild(QMenu, "text_menu")
    assert isinstance(menu, QMenu)
    menu.close()
    gate.open()
    await beside.until_read()
