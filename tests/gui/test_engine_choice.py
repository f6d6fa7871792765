"""Which engine reads, what it lacks, where the picture goes and how large it is, and the lock on all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QMenu, QPushButton

from ocr_desktop.core.document import Finish
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import FILE_NAME, Settings, SettingsFile
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.waiting import Watch
from tests.support.window import GROUNDED, Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODELVERSE = "UCloud Modelverse"


@pytest_asyncio.fixture(loop_scope="module")
async def keyless_desk(workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A window with an engine that is set up but has no key."""
    monkeypatch.delenv("MODELVERSE_API_KEY", raising=False)
    with ProviderServer("modelverse", streamed(GROUNDED)) as server:
        add_profile(tmp_path, server.base_url)
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            desk.server = server  # type: ignore[attr-defined]
            yield desk


def destination(desk: Desk) -> str:
    return desk.find(QLabel, "destination_label").text()


async def show(desk: Desk, tmp_path: Path, name: str = "page.png") -> None:
    desk.drop_files(blank_file(tmp_path, name, (600, 400)))
    await desk.until_shown(name)


async def test_the_size_of_what_would_be_sent_stands_beside_read_before_it_is_sent(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    assert destination(desk) == "→ 127.0.0.1"
    await show(desk, tmp_path)
    await desk.until(lambda: desk.control.weighing.byte_count, desk.control.weighing.changed)
    told = desk.control.weighing.byte_count
    assert destination(desk).startswith("→ 127.0.0.1 · ")
    assert server.requests == []
    desk.click(desk.run_button)
    await desk.until_read()
    assert len(server.requests[0].picture) == told

    desk.choose("engine_box", "This computer (offline)")
    assert destination(desk) == "stays on this computer"


async def test_an_engine_without_a_key_asks_for_it_in_place_and_then_reads(keyless_desk: Desk, tmp_path: Path) -> None:
    desk = keyless_desk
    desk.choose("engine_box", MODELVERSE)
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    assert "needs a key" in await desk.until_told()
    edit = desk.bar.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    edit.setFocus()
    QTest.keyClicks(edit, f" {KEY} ")
    desk.press(edit, Qt.Key.Key_Return)
    await desk.until_read()
    assert "First words." in desk.session.raw
    assert KEY not in (tmp_path / FILE_NAME).read_text("utf-8")


async def test_choosing_an_engine_without_a_key_asks_at_once(keyless_desk: Desk) -> None:
    keyless_desk.choose("engine_box", MODELVERSE)
    assert "needs a key" in await keyless_desk.until_told()


async def test_only_what_was_set_up_is_listed_in_the_users_order(workers: AppContext, tmp_path: Path) -> None:
    SettingsFile(tmp_path).save(Settings(engines=("ollama", "ppio", "gone")))
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        box = desk.find(QComboBox, "engine_box")
        titles = [box.itemText(row) for row in range(box.count()) if box.itemText(row)]
        assert titles == ["This computer (offline)", "Ollama", "PPIO", "Add an engine…"]


async def test_stay_offline_stops_what_runs_and_sends_nothing_more(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(GROUNDED[:150], gate, GROUNDED[150:]))
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    await gate.reached.waited()
    await desk.until(lambda: desk.session.raw)
    desk.actions["stay_offline"].trigger()
    await server.requests[0].closed.waited()
    await desk.until_read()
    assert desk.session.run is not None
    assert desk.session.run.finish is Finish.CANCELLED
    assert destination(desk) == "offline: not sent to 127.0.0.1"

    desk.click(desk.run_button)
    await desk.until(lambda: "offline" in desk.bar.text.lower())
    assert len(server.requests) == 1
    assert "stay_offline = true" in (tmp_path / FILE_NAME).read_text("utf-8")


async def test_a_host_may_be_allowed_to_get_pictures_as_soon_as_they_are_added(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    add_profile(tmp_path, "https://ocr.invalid/v1")
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        desk.choose("engine_box", MODELVERSE)
        await show(desk, tmp_path)
        desk.click(desk.run_button)
        assert "ocr.invalid" in await desk.until_told()
        box = desk.bar.findChild(QCheckBox)
        assert isinstance(box, QCheckBox)
        assert not box.isChecked()
        assert not desk.control.reads_added_pictures
        box.click()
        desk.take_choice("Send, and remember ocr.invalid")
        assert desk.control.settings.allowed_hosts == ("ocr.invalid",)
        assert desk.control.settings.at_once_hosts == ("ocr.invalid",)
        assert desk.control.reads_added_pictures
        desk.control.stop()


@pytest.mark.parametrize(("action", "written"), [("copy_request_curl", "curl"), ("copy_request_python", "OpenAI")])
async def test_a_request_is_copied_without_its_key_and_its_picture(
    endpoint_desk: Desk, tmp_path: Path, action: str, written: str
) -> None:
    desk = endpoint_desk
    await show(desk, tmp_path, "secret-name.png")
    desk.actions[action].trigger()
    await desk.until_at_rest()
    text = QGuiApplication.clipboard().text()
    assert written in text
    assert "<|grounding|>Convert the document to markdown." in text
    assert "MODELVERSE_API_KEY" in text
    assert KEY not in text
    assert "secret-name" not in text


async def test_what_was_read_before_comes_back_when_a_request_is_stopped_before_its_first_word(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    await desk.until_read()
    server.answer_with(streamed(gate))
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    desk.control.stop()
    await desk.until(lambda: desk.control.job is None)
    assert "First words." in desk.session.raw
    assert len(desk.session.text_runs) == 1
    assert "before" in desk.bar.text


async def test_an_engine_that_was_added_is_the_one_to_read_with(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = desk.find(QComboBox, "engine_box")
    desk.window.toolbar.engine_wanted.emit()
    dialog = await desk.until_dialog("settings_dialog")
    menu = next(each for each in dialog.findChildren(QMenu) if any(MODELVERSE in a.text() for a in each.actions()))
    await desk.until(menu.isVisible, Watch(menu).changed)
    desk.choose_in_menu(menu, MODELVERSE)
    menu.close()
    save = dialog.findChild(QPushButton, "save_button")
    assert isinstance(save, QPushButton)
    desk.click(save)
    await desk.until(lambda: box.currentText() == MODELVERSE)
    assert SettingsFile(tmp_path).load().engines == ("modelverse",)
    assert "needs a key" in await desk.until_told()
