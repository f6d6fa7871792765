"""What is asked of whom: the two boxes, the prompt to the letter, and what is kept of the choices."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton

from ocr_desktop.core.presets import PRESETS
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import FILE_NAME
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import CONTROL, Desk, SharingContext, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE_PROMPT = "<|grounding|>Convert the document to markdown."


def button(desk: Desk, spoken: str) -> QToolButton:
    found = desk.window.prompt_line.findChildren(QToolButton)
    return next(each for each in found if each.accessibleName() == spoken)


def words(desk: Desk) -> list[str]:
    return [label.text() for label in desk.window.prompt_line.findChildren(QLabel) if label.isVisible()]


async def test_the_prompt_is_on_show_to_the_letter_for_each_preset(endpoint_desk: Desk) -> None:
    box = endpoint_desk.find(QComboBox, "preset_box")
    for row, preset in enumerate(PRESETS.values()):
        box.setCurrentIndex(row)
        box.activated.emit(row)
        assert preset.prompt in words(endpoint_desk)


async def test_an_edited_prompt_says_so_is_sent_and_can_be_taken_back(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.take_any_prompt()
    server.answer_with(streamed("Words"))
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    edit = desk.find(QLineEdit, "prompt_edit")
    assert not edit.isVisible()
    desk.click(button(desk, "Edit the prompt"))
    assert edit.hasFocus()
    assert "edited" not in words(desk)
    QTest.keyClicks(edit, " And more.")
    assert edit.text() == f"{PAGE_PROMPT} And more."
    assert "edited" in words(desk)

    desk.press(edit, Qt.Key.Key_Return, CONTROL)
    await desk.until_read()
    assert server.requests[0].prompt == f"{PAGE_PROMPT} And more."
    assert edit.isVisible(), "an edited prompt stays to be seen"

    desk.click(button(desk, "Take the preset's own prompt again"))
    assert not edit.isVisible()
    assert words(desk) == ["Prompt:", PAGE_PROMPT]
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    assert server.requests[1].prompt == PAGE_PROMPT


async def test_a_prompt_is_edited_in_its_middle_without_the_cursor_jumping(endpoint_desk: Desk) -> None:
    desk = endpoint_desk
    edit = desk.find(QLineEdit, "prompt_edit")
    desk.actions["edit_prompt"].trigger()
    edit.setCursorPosition(len("<|grounding|>"))
    QTest.keyClicks(edit, "Please ")
    assert edit.text() == "<|grounding|>Please Convert the document to markdown."
    for _ in "Please ":
        desk.press(edit, Qt.Key.Key_Backspace)
    assert "edited" not in words(desk), "what is the preset's own to the letter is not edited"
    assert edit.hasFocus()


async def test_another_preset_takes_its_own_prompt(endpoint_desk: Desk) -> None:
    desk = endpoint_desk
    desk.control.edit_prompt("Mine.")
    assert "edited" in words(desk)
    desk.choose("preset_box", "Describe picture")
    assert words(desk) == ["Prompt:", "Describe this image in detail."]


async def test_this_computer_takes_no_prompt(desk: Desk) -> None:
    assert words(desk) == ["Prompt:", "none; this computer reads without one"]
    assert not button(desk, "Edit the prompt").isEnabled()
    assert desk.find(QLabel, "destination_label").text() == "stays on this computer"


async def test_what_an_engine_cannot_do_is_disabled_with_a_reason(desk: Desk, server: ProviderServer) -> None:
    box = desk.find(QComboBox, "preset_box")
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    disabled = {model.item(row).text(): model.item(row).toolTip() for row in range(box.count())}
    reason = "This computer (offline) cannot do this. Choose an endpoint as engine."
    assert [name for name, tip in disabled.items() if tip == reason] == ["Describe picture"]
    assert not model.item(box.findText("Describe picture")).isEnabled()
    assert model.item(box.findText("Plain text, no layout")).isEnabled()


async def test_an_engine_that_cannot_do_what_is_chosen_is_asked_for_markdown(endpoint_desk: Desk) -> None:
    desk = endpoint_desk
    desk.choose("preset_box", "Describe picture")
    desk.choose("engine_box", "This computer (offline)")
    assert desk.find(QComboBox, "preset_box").currentText() == "Document to Markdown"


async def test_adding_an_engine_opens_the_settings_and_leaves_the_choice(desk: Desk) -> None:
    desk.find(QComboBox, "engine_box").setFocus()
    QTest.keyClicks(desk.find(QComboBox, "engine_box"), "Add")
    dialog = await desk.until_dialog("settings_dialog")
    assert desk.find(QComboBox, "engine_box").currentText() == "This computer (offline)"
    desk.press(dialog, Qt.Key.Key_Escape)
    await desk.until_at_rest()


async def test_only_engines_that_are_set_up_are_offered(desk: Desk) -> None:
    box = desk.find(QComboBox, "engine_box")
    titles = [box.itemText(row) for row in range(box.count())]
    assert titles[0] == "This computer (offline)"
    assert titles[-1] == "Add an engine…"
    assert "PPIO" not in titles


async def test_choices_are_kept_for_the_next_time(endpoint_desk: Desk, workers: AppContext, tmp_path: Path) -> None:
    endpoint_desk.choose("preset_box", "Describe picture")
    endpoint_desk.actions["scheme_dark"].trigger()
    endpoint_desk.actions["auto_read_never"].trigger()
    try:
        async with open_desk(SharingContext(workers, tmp_path)) as later:
            assert later.find(QComboBox, "engine_box").currentText() == "UCloud Modelverse"
            assert later.find(QComboBox, "preset_box").currentText() == "Describe picture"
            assert later.actions["scheme_dark"].isChecked()
            assert later.actions["auto_read_never"].isChecked()
    finally:
        endpoint_desk.actions["scheme_system"].trigger()


async def test_settings_that_cannot_be_written_are_told_and_hold_until_the_end(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    (tmp_path / FILE_NAME / "occupied").touch()
    desk.actions["auto_read_never"].trigger()
    assert "settings could not be saved" in desk.bar.text
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    assert desk.control.job is None


async def test_settings_that_cannot_be_read_are_set_aside_and_told(
    workers: AppContext, tmp_path: Path, qtbot: object
) -> None:
    (tmp_path / FILE_NAME).write_text("this is = = no TOML")
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        assert "settings could not be read" in desk.bar.text
        assert (tmp_path / f"{FILE_NAME}.unreadable").read_text() == "this is = = no TOML"


async def test_a_lock_in_settings_that_cannot_be_read_holds_and_is_told(
    workers: AppContext, tmp_path: Path, qtbot: object
) -> None:
    (tmp_path / FILE_NAME).write_text("stay_offline = true\nthis is = = no TOML")
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        assert "so nothing is sent" in desk.bar.text
        assert desk.context.offline.is_on
        assert desk.actions["stay_offline"].isChecked()


async def test_read_is_for_pictures_only(desk: Desk, tmp_path: Path) -> None:
    assert not desk.run_button.isEnabled()
    assert not desk.actions["read"].isEnabled()
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    assert desk.run_button.isEnabled()
    desk.actions["close_page"].trigger()
    assert not desk.run_button.isEnabled()
    assert desk.window.empty_state.isVisible()
