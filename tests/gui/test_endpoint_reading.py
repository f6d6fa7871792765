"""Reading with an endpoint: what leaves this computer and when, the stream, Stop, and every refusal."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from ocr_desktop.gui.output.menu_button import MenuButton
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import FILE_NAME
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import GROUNDED, SHIFT, Desk, SharingContext, add_profile, blank_file, open_desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST_HALF, SECOND_HALF = GROUNDED[:150], GROUNDED[150:]


@pytest_asyncio.fixture(loop_scope="module")
async def unknown_host_desk(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> AsyncIterator[Desk]:
    """A window whose chosen engine is at a host that does not exist and that nobody has allowed."""
    add_profile(tmp_path, "https://ocr.invalid/v1")
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        yield desk


async def show(desk: Desk, tmp_path: Path, name: str = "page.png") -> None:
    desk.drop_files(blank_file(tmp_path, name, (600, 400)))
    await desk.until_shown(name)


async def test_a_dropped_picture_is_not_sent_before_the_user_says_so(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show(desk, tmp_path)
    await desk.until(desk.run_button.hasFocus)
    assert desk.find(QLabel, "destination_label").text() == "→ 127.0.0.1"
    assert server.requests == []

    desk.press_in_window(Qt.Key.Key_Space)
    await desk.until_read()
    await desk.until(lambda: "First words." in desk.preview)
    (request,) = server.requests
    assert request.prompt == "<|grounding|>Convert the document to markdown."
    assert request.picture_size == (600, 400)
    assert [region.label for region in desk.session.regions] == ["title", "text", "text"]


async def test_boxes_and_words_appear_while_the_answer_still_comes(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(FIRST_HALF, gate, SECOND_HALF))
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    await gate.reached.waited()
    await desk.until(lambda: len(desk.session.regions) == 2 and "A title" in desk.preview)
    seen = desk.canvas.viewport().grab().toImage()
    assert desk.run_button.text() == "Stop"
    assert desk.find(QProgressBar, "progress_bar").isVisible()
    assert "127.0.0.1" in desk.status

    gate.open()
    await desk.until_read()
    assert len(desk.session.regions) == 3
    assert desk.canvas.viewport().grab().toImage() != seen
    assert desk.run_button.text() == "Read"
    assert not desk.find(QProgressBar, "progress_bar").isVisible()


@pytest.mark.parametrize("way", ["button", "key"])
async def test_stop_closes_the_connection_and_keeps_what_came(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path, way: str
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(FIRST_HALF, gate, SECOND_HALF))
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    await desk.until(lambda: len(desk.session.regions) == 2)
    if way == "button":
        desk.click(desk.run_button)
    else:
        desk.press_in_window(Qt.Key.Key_F5, SHIFT)
    await desk.until_read()
    await server.requests[0].closed.waited()
    assert desk.session.run is not None
    assert desk.session.run.finish is Finish.CANCELLED
    assert desk.session.regions[0].text == "A title"
    assert "Stopped" in desk.bar.text
    assert "incomplete" in desk.find(QLabel, "run_facts").text()

    server.answer_with(streamed(GROUNDED))
    desk.take_choice("Read again")
    await desk.until(lambda: len(desk.session.text_runs) == 2 and desk.control.job is None)
    assert desk.session.run.finish is Finish.COMPLETE


async def test_the_first_use_of_a_host_asks_and_the_answer_is_remembered(
    unknown_host_desk: Desk, workers: AppContext, tmp_path: Path
) -> None:
    desk = unknown_host_desk
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    told = await desk.until_told()
    assert "600 × 400" in told
    assert "ocr.invalid" in told
    assert desk.control.job is None
    assert desk.choices == ["Send, and remember ocr.invalid", "Read on this computer"]
    desk.take_choice("Send, and remember ocr.invalid")
    await desk.until(lambda: "No computer named ocr.invalid is known" in desk.bar.text)
    assert "ocr.invalid" in (tmp_path / FILE_NAME).read_text("utf-8")

    async with open_desk(SharingContext(workers, tmp_path)) as later:
        assert later.control.engine.id == "modelverse", "the engine of last time is chosen"
        await show(later, tmp_path)
        later.click(later.run_button)
        assert "No computer named ocr.invalid is known" in await later.until_told()


async def test_whoever_will_not_send_a_picture_reads_it_on_this_computer(
    unknown_host_desk: Desk, tmp_path: Path
) -> None:
    desk = unknown_host_desk
    desk.drop_files(page_file(tmp_path, "page.png", "Stays at home"))
    await desk.until_shown("page.png")
    desk.click(desk.run_button)
    await desk.until_told()
    desk.take_choice("Read on this computer")
    await desk.until_read()
    assert desk.session.regions[0].text == "Stays at home"
    assert desk.session.run is not None
    assert desk.session.run.host is None
    assert "ocr.invalid" not in (tmp_path / FILE_NAME).read_text("utf-8")


async def test_a_wrong_key_is_told_and_the_two_ways_on_work(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, server.key = endpoint_desk, "another key"
    desk.drop_files(page_file(tmp_path, "page.png", "Read me here"))
    await desk.until_shown("page.png")
    desk.click(desk.run_button)
    told = await desk.until_told()
    assert "refused the key" in told
    assert "MODELVERSE_API_KEY" in told
    assert KEY not in told
    assert desk.choices == ["Read on this computer", "Try again", "Change key…", "Copy details"]

    server.key = KEY
    desk.take_choice("Try again")
    await desk.until_read()
    assert desk.bar.text == ""

    server.key = "another key"
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_told()
    assert len(desk.session.text_runs) == 1, "a refusal takes nothing away"
    assert desk.session.regions[0].text == "A title"
    desk.take_choice("Read on this computer")
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    assert desk.session.regions[0].text == "Read me here"
    assert desk.run_button.isEnabled()


async def test_a_server_that_is_not_there_is_told(
    server: ProviderServer, workers: AppContext, tmp_path: Path, qtbot: QtBot
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    add_profile(tmp_path, f"http://127.0.0.1:{port}/v1")
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        await show(desk, tmp_path)
        desk.click(desk.run_button)
        assert "cannot be reached" in await desk.until_told()
        assert desk.choices == ["Read on this computer", "Try again", "Test connection…", "Copy details"]
        assert desk.window.output._empty_label.isVisible()
        assert desk.run_button.text() == "Read"


async def test_a_broken_off_answer_is_kept_and_says_why(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed(FIRST_HALF, reason=None, end=(), is_cut=True))
    await show(endpoint_desk, tmp_path)
    endpoint_desk.click(endpoint_desk.run_button)
    await endpoint_desk.until_read()
    assert "what came is kept" in endpoint_desk.bar.text
    assert "127.0.0.1 broke off" in endpoint_desk.bar.text
    assert endpoint_desk.choices == ["Read on this computer", "Try again", "Copy details"]
    assert endpoint_desk.session.regions[0].text == "A title"


async def test_staying_offline_sends_nothing_and_does_not_even_ask(unknown_host_desk: Desk, tmp_path: Path) -> None:
    desk = unknown_host_desk
    desk.actions["stay_offline"].trigger()
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    assert "nothing was sent to ocr.invalid" in await desk.until_told()
    assert desk.choices == ["Read on this computer", "Switch off “Stay offline”"]
    assert "stay_offline = true" in (tmp_path / FILE_NAME).read_text("utf-8")


async def test_reading_again_adds_a_run_and_the_output_chooses_among_them(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, chooser = endpoint_desk, endpoint_desk.find(MenuButton, "run_chooser")
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    assert not chooser.isVisible()

    gate = Gate()
    server.answer_with(streamed("Quite ", gate, "other words"))
    desk.choose("preset_box", "Plain text, no layout")
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    await desk.until(lambda: desk.preview == "Quite")
    assert not chooser.isVisible(), "an answer that still comes is none of the runs"
    gate.open()
    await desk.until(lambda: len(desk.session.text_runs) == 2 and desk.control.job is None)
    await desk.until(lambda: desk.preview == "Quite other words")
    assert server.requests[1].prompt == "Free OCR."
    assert "2/2" in chooser.text()

    desk.click(chooser)
    menu = chooser.menu_shown
    first, second = (action.text() for action in menu.actions())
    assert first.startswith("Document to Markdown · 127.0.0.1 · ")
    assert second.startswith("Plain text, no layout · 127.0.0.1 · ")
    desk.choose_in_menu(menu, first)
    assert "1/2" in chooser.text()
    await desk.until(lambda: "First words." in desk.preview)
    assert len(desk.session.regions) == 3


async def test_a_drop_while_another_picture_is_read_waits_its_turn(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    desk.actions["auto_read_always"].trigger()
    server.answer_with(streamed("Words of a", gate, " to the end"), streamed("Words of b"))
    await show(desk, tmp_path, "a.png")
    await gate.reached.waited()
    await desk.until(lambda: desk.session.raw == "Words of a")
    await show(desk, tmp_path, "b.png")
    assert desk.session.raw == ""
    assert "“a.png” is being read…" in desk.status
    assert desk.run_button.text() == "Stop"
    assert len(server.requests) == 1

    gate.open()
    await desk.until_read("b.png")
    assert desk.session.raw == "Words of b"
    a, b = desk.session.entries
    assert a.page is not None
    assert b.page is not None
    assert [run.raw for run in a.page.runs] == ["Words of a to the end"]
    desk.choose_page(0)
    await desk.until_shown("a.png")
    await desk.until(lambda: desk.preview == "Words of a to the end")
    assert len(server.requests) == 2, "paging never reads"


async def test_what_goes_wrong_with_a_picture_that_is_not_on_show_names_it(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(
        streamed("Words", gate, " are lost", is_cut=True, reason=None, end=()), streamed("All the words")
    )
    await show(desk, tmp_path, "a.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    await desk.until(lambda: desk.session.raw)
    await show(desk, tmp_path, "b.png")
    gate.open()
    assert (await desk.until_told()).startswith("a.png: ")
    desk.take_choice("Try again")
    await desk.until(lambda: desk.session.raw == "All the words")
    assert desk.session.entry is desk.session.entries[0], "what is tried again is what went wrong"


async def test_text_runs_from_its_start_when_another_picture_comes_on_show(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    long = "\n\n".join(f"Line {number}, {number * number % 97} words." for number in range(200))
    server.answer_with(streamed(long))
    for name in ("a.png", "b.png"):
        await show(desk, tmp_path, name)
        desk.press_in_window(Qt.Key.Key_F5)
        await desk.until_read(name)
        await desk.until(lambda: "Line 199" in desk.preview)
    bar = desk.window.output.rendered_view.verticalScrollBar()
    bar.setValue(bar.maximum())
    desk.choose_page(0)
    await desk.until_shown("a.png")
    await desk.until(lambda: desk.window.output.rendered_view.is_caught_up)
    assert bar.value() == 0


async def test_a_busy_server_is_waited_for_and_the_status_says_so(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, said = endpoint_desk, []
    desk.control.waiting.connect(lambda _waiting: said.append(desk.status))
    server.answer_with(refused(429, "slow down", retry_after="0"), streamed("At last"))
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    assert desk.session.raw == "At last"
    assert said
    assert "busy" in said[0]
