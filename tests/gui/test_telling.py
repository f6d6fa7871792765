"""What the window says while it waits for a server, and of what came: in the status line, the foot and the bar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.secret import Secret
from ocr_desktop.gui.attempts import Attempt, Part
from ocr_desktop.gui.byte_text import byte_text
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.credentials import KeySource
from tests.support.keyrings import MemoryKeyring, keyring_in_place
from tests.support.provider_answers import Gate, refused, streamed, usage
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import GROUNDED, Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def far_desk(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> AsyncIterator[Desk]:
    """A window with an engine at a host that does not exist, that nobody has allowed, and that lacks its key."""
    add_profile(tmp_path, "https://ocr.invalid/v1")
    monkeypatch.delenv("MODELVERSE_API_KEY", raising=False)
    with keyring_in_place(MemoryKeyring()):
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            yield desk


async def show(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(blank_file(tmp_path, "page.png", (600, 400)))
    await desk.until_shown("page.png")


def summary(desk: Desk) -> str:
    """What stands at the left of the foot."""
    return desk.window.output._foot._left_label.text()


async def test_while_the_first_words_are_waited_for_it_says_what_was_sent_and_how_long_ago(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, before, within = endpoint_desk, Gate(), Gate()
    server.answer_with(streamed(before, "Words", within, " to the end"))
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await before.reached.waited()
    await desk.until(lambda: "waiting for the first words" in desk.status)
    (request,) = server.requests
    assert desk.status.startswith(f"Sent {byte_text(len(request.picture))} · waiting for the first words · ")
    assert "page.png" in desk.status
    assert "waiting for the first words" in summary(desk)

    before.open()
    await within.reached.waited()
    await desk.until(lambda: desk.session.raw == "Words")
    await desk.until(lambda: "Reading with UCloud Modelverse at 127.0.0.1" in desk.status)
    assert "waiting" not in summary(desk)
    within.open()
    await desk.until_read()
    assert desk.status == "page.png   600 × 400"


async def test_a_wait_for_a_busy_server_is_told_and_stop_ends_it(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(refused(429, "slow down", retry_after="30"))
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: "busy" in desk.status, desk.control.waiting)
    assert "The server is busy (429); again in 30 s · “Stop” ends it" in desk.status
    assert "again in" in summary(desk)
    desk.click(desk.run_button)
    await desk.until(lambda: desk.control.job is None)
    assert "busy" not in desk.status
    assert "again in" not in summary(desk)
    assert len(server.requests) == 1


async def test_an_answer_that_was_cut_can_be_asked_for_with_more_tokens(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("PPIO_API_KEY", KEY)
    with ProviderServer("ppio", streamed("Cut he", reason="length")) as server:
        add_profile(tmp_path, server.base_url, "ppio")
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            desk.control.choose_engine(desk.context.catalogue.describe("ppio"))
            await show(desk, tmp_path)
            desk.press_in_window(Qt.Key.Key_F5)
            await desk.until_read()
            assert "cut off" in desk.bar.text
            assert desk.choices == ["Read again with 8192 tokens"]
            assert server.requests[0].body["max_tokens"] == 4096

            server.answer_with(streamed("Cut he", reason="length"))
            desk.take_choice("Read again with 8192 tokens")
            await desk.until(lambda: len(desk.session.text_runs) == 2 and desk.control.job is None)
            assert server.requests[1].body["max_tokens"] == 8192
            assert desk.choices == ["Read again"], "there is no more than that"


async def test_an_answer_that_was_cut_at_the_most_is_only_read_again(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(streamed("Cut he", reason="length"))
    await show(endpoint_desk, tmp_path)
    endpoint_desk.press_in_window(Qt.Key.Key_F5)
    await endpoint_desk.until_read()
    assert endpoint_desk.choices == ["Read again"]


async def test_a_run_says_on_a_closer_look_everything_that_is_known_of_it(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(GROUNDED, end=(usage(903, 512),)))
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    facts = desk.find(QLabel, "run_facts")
    assert facts.text().startswith("127.0.0.1 · ")
    for said in ("UCloud Modelverse", "deepseek-ai/DeepSeek-OCR", "903", "512", "Document to Markdown", "complete"):
        assert said in facts.accessibleDescription()
        assert said in facts.toolTip()
    desk.window.output.clear()
    assert facts.accessibleDescription() == ""


async def test_the_host_question_says_how_much_goes_where_and_sends_later_pictures_only_when_told(
    far_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk = far_desk
    desk.control.choose_engine(desk.context.catalogue.describe("modelverse"))
    await show(desk, tmp_path)
    await desk.until(lambda: desk.control.weighing.byte_count is not None, desk.control.weighing.changed)
    weight = byte_text(desk.control.weighing.byte_count or 0)
    asked: list[tuple[str, bool]] = []
    desk.window.telling.host_allowed.disconnect()
    desk.window.telling.host_allowed.connect(lambda host, at_once: asked.append((host, at_once)))
    for tick in (False, True):
        assert desk.session.entry is not None
        desk.control.attempt = Attempt(desk.session.entry, PresetId.MARKDOWN)
        desk.control.permission_needed.emit(desk.control.engine)
        assert f"(600 × 400, {weight}) will leave this computer and go to ocr.invalid" in desk.bar.text
        (box,) = [each for each in desk.bar.findChildren(QCheckBox, "at_once_box") if each.isVisible()]
        assert not box.isChecked()
        if tick:
            QTest.keyClick(box, Qt.Key.Key_Space)
        desk.take_choice("Send, and remember ocr.invalid")
    assert asked == [("ocr.invalid", False), ("ocr.invalid", True)]
    assert desk.bar.text == ""


async def test_an_engine_without_a_key_asks_for_it_in_place(far_desk: Desk, tmp_path: Path) -> None:
    desk, telling = far_desk, far_desk.window.telling
    desk.control.choose_engine(desk.context.catalogue.describe("modelverse"))
    entered: list[tuple[str, Secret]] = []
    telling.key_entered.disconnect()
    telling.key_entered.connect(lambda engine_id, key: entered.append((engine_id, key)))
    await show(desk, tmp_path)
    desk.click(desk.run_button)
    assert (await desk.until_told()).startswith("UCloud Modelverse needs a key.")
    field = desk.find(QLineEdit, "key_edit")
    assert not field.hasFocus(), "a message takes no keys by itself"
    desk.focus(field)
    QGuiApplication.clipboard().setText(f" {KEY}\n")
    desk.press(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    desk.press(field, Qt.Key.Key_Return)
    assert entered == [("modelverse", Secret(KEY))]
    assert desk.bar.text == ""


async def test_a_key_that_is_entered_is_kept_and_the_picture_is_read(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    keyring = MemoryKeyring()
    monkeypatch.delenv("MODELVERSE_API_KEY", raising=False)
    with ProviderServer("modelverse", streamed(GROUNDED)) as server, keyring_in_place(keyring):
        add_profile(tmp_path, server.base_url)
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            desk.control.choose_engine(desk.context.catalogue.describe("modelverse"))
            await show(desk, tmp_path)
            desk.click(desk.run_button)
            await desk.until_told()
            assert server.requests == []
            field = desk.find(QLineEdit, "key_edit")
            field.setText(KEY)
            desk.press(field, Qt.Key.Key_Return)
            await desk.until_read()
            assert list(keyring.entries.values()) == [KEY]
            assert desk.session.regions[0].text == "A title"
            assert desk.bar.text == "The key is kept in the system keyring."


async def test_an_obstacle_of_the_chosen_engine_is_told_without_a_reading(far_desk: Desk) -> None:
    desk = far_desk
    desk.control.choose_engine(desk.context.catalogue.describe("modelverse"))
    desk.window.telling.tell_obstacle(UsageError(ErrorCode.PROFILE_INCOMPLETE, engine="modelverse", missing="model"))
    assert desk.choices == ["Settings…", "Copy details"]
    desk.window.telling.tell_obstacle(EngineError(ErrorCode.KEY_MISSING, engine="UCloud Modelverse"))
    assert "Try again" not in desk.choices
    assert desk.find(QLineEdit, "key_edit").isVisible()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (KeySource.KEYRING, "in the system keyring"),
        (KeySource.MEMORY, "without one it is kept only until the program ends"),
        (KeySource.ENVIRONMENT, "environment variable"),
    ],
)
async def test_where_a_key_is_kept_stays_to_be_read_while_the_reading_begins(
    endpoint_desk: Desk, tmp_path: Path, source: KeySource, said: str
) -> None:
    desk = endpoint_desk
    await show(desk, tmp_path)
    desk.window.telling.tell_key_place(source)
    assert said in desk.bar.text
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    assert said in desk.bar.text


async def test_details_say_what_was_asked_of_whom(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    desk, server.key = endpoint_desk, "another key"
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_told()
    desk.take_choice("Copy details")
    copied = QGuiApplication.clipboard().text()
    assert "error: key_refused\n" in copied
    assert "status: 401\n" in copied
    assert "engine: modelverse\n" in copied
    assert "prompt: <|grounding|>Convert the document to markdown.\n" in copied
    assert "\nasked: 20" in copied
    assert KEY not in copied
    assert str(tmp_path) not in copied
    assert desk.status == "The details are on the clipboard."
    assert "refused the key" in desk.bar.text


async def test_an_error_beside_a_reading_offers_nothing_of_a_reading(desk: Desk) -> None:
    desk.window.telling.tell_error(InputError(ErrorCode.PICTURE_DAMAGED, name="page.png"))
    assert desk.choices == ["Copy details"]


async def test_a_region_that_was_not_read_again_says_why(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    run = desk.session.run
    assert run is not None
    server.answer_with(streamed("Broken", reason=None, end=(), is_cut=True))
    region = run.regions[0]
    await desk.control.read_part(Part(region.boxes, run.id, region.id))
    await desk.until(lambda: "as it was" in desk.bar.text)
    assert "127.0.0.1 broke off" in desk.bar.text
    assert desk.choices == ["Read on this computer", "Try again", "Copy details"]
    assert desk.session.run is not None
    assert desk.session.run.finish is Finish.COMPLETE
