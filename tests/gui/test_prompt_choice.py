"""Own prompts beside the presets, and an edited prompt that is not lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.prompts import PromptFile, Prompts, SavedPrompt
from ocr_desktop.services.settings import Settings, SettingsFile
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVOICE = SavedPrompt("invoice", "Invoice lines", "Free OCR. Only the sums.", PresetId.FREE)
MODELVERSE = "UCloud Modelverse"


def listed(desk: Desk) -> list[str]:
    box = desk.find(QComboBox, "preset_box")
    return [box.itemText(row) for row in range(box.count()) if box.itemText(row)]


async def test_the_prompt_of_a_providers_guide_is_offered_with_its_engine_and_sent_as_it_is(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    example = "convert to markdown (guide of UCloud Modelverse)"
    assert example in listed(desk)
    desk.choose("preset_box", example)
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    desk.click(desk.run_button)
    await desk.until_read()
    assert server.requests[0].prompt == "convert to markdown"

    desk.choose("engine_box", "This computer (offline)")
    assert example not in listed(desk)
    assert desk.find(QComboBox, "preset_box").currentText() == "Document to Markdown"


async def test_an_edited_prompt_stays_under_last_edited(
    endpoint_desk: Desk, workers: AppContext, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.actions["edit_prompt"].trigger()
    edit = desk.find(QLineEdit, "prompt_edit")
    QTest.keyClicks(edit, " Quickly.")
    desk.choose("preset_box", "Describe picture")
    await desk.until_at_rest()
    assert "Last edited" in listed(desk)
    assert desk.control.prompt == "Describe this image in detail."

    desk.choose("preset_box", "Last edited")
    assert desk.control.prompt == "<|grounding|>Convert the document to markdown. Quickly."
    assert desk.control.preset is PresetId.MARKDOWN
    async with open_desk(SharingContext(workers, tmp_path)) as later:
        assert later.find(QComboBox, "preset_box").currentText() == "Last edited"
        assert later.control.prompt == "<|grounding|>Convert the document to markdown. Quickly."


async def test_a_saved_prompt_is_chosen_by_its_name_and_read_by_its_preset(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await PromptFile(tmp_path).save(Prompts((INVOICE,)))
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    with ProviderServer("any", streamed("12.50\n")) as server:
        add_profile(tmp_path, server.base_url)
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            model = desk.find(QComboBox, "preset_box").model()
            assert isinstance(model, QStandardItemModel)
            item = model.item(listed(desk).index("Invoice lines") + 1)
            assert not item.isEnabled()
            assert item.toolTip() == "This computer (offline) cannot do this. Choose an endpoint as engine."

            desk.choose("engine_box", MODELVERSE)
            desk.choose("preset_box", "Invoice lines")
            desk.drop_files(blank_file(tmp_path, "page.png"))
            await desk.until_shown("page.png")
            desk.click(desk.run_button)
            await desk.until_read()
            assert server.requests[0].prompt == INVOICE.prompt
            assert desk.session.run is not None
            assert desk.session.run.preset == PresetId.FREE
            # Taking an edit back leads to the saved words, not to those of the preset.
            desk.actions["edit_prompt"].trigger()
            edit = desk.find(QLineEdit, "prompt_edit")
            QTest.keyClicks(edit, "!")
            assert desk.control.is_prompt_edited
            desk.window.prompt_line.prompt_edited.emit(None)
            assert desk.control.prompt == INVOICE.prompt
            assert not desk.control.is_prompt_edited


async def test_prompts_that_cannot_be_written_are_told_and_hold_until_the_end(
    endpoint_desk: Desk, tmp_path: Path
) -> None:
    desk = endpoint_desk
    (tmp_path / "prompts.toml").mkdir()
    (tmp_path / "prompts.toml" / "occupied").touch()
    desk.actions["edit_prompt"].trigger()
    QTest.keyClicks(desk.find(QLineEdit, "prompt_edit"), "!")
    desk.press(desk.find(QLineEdit, "prompt_edit"), Qt.Key.Key_Tab)
    assert "prompts.toml" in await desk.until_told()
    assert "Last edited" in listed(desk)
    await asyncio.sleep(0)


async def test_a_prompt_that_is_being_edited_is_kept_when_the_window_closes(
    endpoint_desk: Desk, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.actions["edit_prompt"].trigger()
    QTest.keyClicks(desk.find(QLineEdit, "prompt_edit"), " Now.")
    await desk.opened.commands.settle()
    last = PromptFile(tmp_path).load().last_edited
    assert last is not None
    assert last.prompt == "<|grounding|>Convert the document to markdown. Now."


async def test_the_last_edited_prompt_can_be_edited_further(endpoint_desk: Desk) -> None:
    desk = endpoint_desk
    desk.actions["edit_prompt"].trigger()
    QTest.keyClicks(desk.find(QLineEdit, "prompt_edit"), " One.")
    desk.choose("preset_box", "Describe picture")
    await desk.until_at_rest()
    desk.choose("preset_box", "Last edited")
    desk.actions["edit_prompt"].trigger()
    QTest.keyClicks(desk.find(QLineEdit, "prompt_edit"), " Two.")
    desk.press(desk.find(QLineEdit, "prompt_edit"), Qt.Key.Key_Tab)
    await desk.until_at_rest()
    assert desk.find(QComboBox, "preset_box").currentText() == "Last edited"
    assert desk.control.prompt == "<|grounding|>Convert the document to markdown. One. Two."
    assert not desk.control.is_prompt_edited


async def test_a_preset_that_the_engine_cannot_do_does_not_come_back_with_it(
    workers: AppContext, tmp_path: Path
) -> None:
    SettingsFile(tmp_path).save(Settings(engine="embedded", preset="describe"))
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        assert desk.control.preset is PresetId.MARKDOWN
        assert desk.find(QComboBox, "preset_box").currentText() == "Document to Markdown"
