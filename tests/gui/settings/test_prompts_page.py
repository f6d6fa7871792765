"""Own prompts in the dialog: added, edited, ordered, removed, and kept when it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QPlainTextEdit

from ocr_desktop.core.presets import PRESETS, PresetId
from ocr_desktop.engines.profiles import shipped_profiles
from ocr_desktop.gui.settings.dialog import SettingsPage
from ocr_desktop.gui.settings.prompts_draft import PromptDraft, PromptsDraft
from ocr_desktop.services.prompts import LAST_EDITED_ID, PromptFault, PromptFile, Prompts, SavedPrompt
from tests.gui.settings.opened import Opened, opened

RECEIPTS = SavedPrompt("receipts", "Receipts", "Free OCR.", PresetId.FREE)
TABLES = SavedPrompt("tables", "表格", "<|grounding|>Convert the tables.", PresetId.MARKDOWN)
LAST = SavedPrompt(LAST_EDITED_ID, "Last edited", "<|grounding|>OCR this image, please.", PresetId.OCR)
ALT = Qt.KeyboardModifier.AltModifier
EXAMPLE = "UCloud Modelverse: convert to markdown"


async def keep(folder: Path, *saved: SavedPrompt, last: SavedPrompt | None = None) -> None:
    await PromptFile(folder).save(Prompts(saved, last))


def names(dialog: Opened) -> list[str]:
    lines = dialog.find(QListWidget, "prompts_list")
    return [lines.item(row).text() for row in range(lines.count())]


def choose(dialog: Opened, row: int) -> None:
    dialog.find(QListWidget, "prompts_list").setCurrentRow(row)


async def test_the_prompt_of_a_providers_guide_is_added_with_one_click(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        assert EXAMPLE in dialog.choices()
        dialog.add(EXAMPLE)
        assert dialog.find(QPlainTextEdit, "saved_prompt_edit").toPlainText() == "convert to markdown"
        assert EXAMPLE not in dialog.choices()
        assert await dialog.save() is not None
    (saved,) = PromptFile(tmp_path).load().saved
    assert (saved.title, saved.prompt) == (EXAMPLE, "convert to markdown")
    assert saved.id.startswith("ucloud-modelverse")


async def test_what_was_edited_last_is_saved_by_a_name(tmp_path: Path) -> None:
    await keep(tmp_path, last=LAST)
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        dialog.add("&Last edited: <|grounding|>OCR this image, please.")
        assert dialog.find(QLineEdit, "prompt_title_edit").hasFocus()
        dialog.type_into("prompt_title_edit", "Politely")
        assert await dialog.save() is not None
    prompts = PromptFile(tmp_path).load()
    assert prompts.saved == (SavedPrompt("politely", "Politely", LAST.prompt, PresetId.OCR),)
    assert prompts.last_edited == LAST


async def test_a_prompt_is_edited_under_its_id_and_the_order_is_kept(tmp_path: Path) -> None:
    await keep(tmp_path, RECEIPTS, TABLES)
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        assert names(dialog) == ["Receipts", "表格"]
        choose(dialog, 1)
        assert dialog.note("prompt_title_edit") == "On the command line: --preset tables"
        dialog.type_into("prompt_title_edit", "所有表格")
        dialog.type_into("saved_prompt_edit", "Parse the figure.")
        box = dialog.find(QComboBox, "reading_box")
        box.setCurrentIndex(list(PresetId).index(PresetId.FIGURE))
        dialog.find(QListWidget, "prompts_list").setFocus()
        dialog.press(Qt.Key.Key_Up, ALT)
        assert names(dialog) == ["所有表格", "Receipts"]
        assert await dialog.save() is not None
    edited = SavedPrompt("tables", "所有表格", "Parse the figure.", PresetId.FIGURE)
    assert PromptFile(tmp_path).load().saved == (edited, RECEIPTS)


async def test_a_removed_prompt_goes_with_save_and_stays_with_cancel(tmp_path: Path) -> None:
    await keep(tmp_path, RECEIPTS, TABLES)
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        dialog.find(QListWidget, "prompts_list").setFocus()
        dialog.press(Qt.Key.Key_Delete)
        assert names(dialog) == ["表格"]
        dialog.press(Qt.Key.Key_Escape)
        dialog.click_words("Discard")
        await dialog.shown
    assert PromptFile(tmp_path).load().saved == (RECEIPTS, TABLES)
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        dialog.click("remove_prompt_button")
        assert await dialog.save() is not None
    assert PromptFile(tmp_path).load().saved == (TABLES,)


async def test_a_prompt_without_words_is_told_and_shown_when_it_is_saved(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        dialog.add("&New prompt")
        dialog.click("save_button")
        assert dialog.note("saved_prompt_edit") == "Type the words that are sent."
        assert dialog.find(QPlainTextEdit, "saved_prompt_edit").hasFocus()
        dialog.type_into("saved_prompt_edit", "Free OCR.")
        assert dialog.note("saved_prompt_edit").startswith("Sent to the letter")
        dialog.type_into("prompt_title_edit", "")
        assert dialog.note("prompt_title_edit").startswith("The name has to be one line")
        dialog.type_into("prompt_title_edit", "Plain")
        assert await dialog.save() is not None


async def test_how_an_answer_will_be_read_is_told_where_it_is_not_as_chosen(tmp_path: Path) -> None:
    await keep(tmp_path, RECEIPTS)
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        assert dialog.note("reading_box") == ""
        dialog.type_into("saved_prompt_edit", "<|grounding|>OCR this image.")
        assert "read as “Lines with positions”" in dialog.note("reading_box")


async def test_prompts_that_cannot_be_written_are_told_and_stay_in_the_dialog(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.PROMPTS) as dialog:
        (tmp_path / "prompts.toml").mkdir()
        (tmp_path / "prompts.toml" / "occupied").touch()
        dialog.add(EXAMPLE)
        assert await dialog.save() is None
        assert "cannot be written" in dialog.told
        assert names(dialog) == [EXAMPLE]


# The draft, without a widget


def test_examples_are_those_of_providers_and_not_offered_twice() -> None:
    draft = PromptsDraft(Prompts((SavedPrompt("mine", "Mine", "convert to markdown"),)), shipped_profiles())
    assert all(example.prompt != "convert to markdown" for example in draft.examples)


def test_last_edited_is_offered_until_it_is_saved() -> None:
    draft = PromptsDraft(Prompts((), LAST), ())
    assert draft.can_save_last_edited
    draft.add(PromptDraft("Mine", LAST.prompt, LAST.preset))
    assert not draft.can_save_last_edited


def test_new_prompts_of_one_name_get_ids_of_their_own_and_never_that_of_a_removed_one() -> None:
    draft = PromptsDraft(Prompts((RECEIPTS,)), ())
    draft.remove(draft.prompts[0])
    for _ in range(2):
        draft.add(PromptDraft("Receipts", "Free OCR."))
    ids = [saved.id for saved in draft.result().saved]
    assert len({*ids, RECEIPTS.id}) == 3
    assert [saved.id for saved in draft.result().saved] == ids


def test_moving_ends_at_the_ends() -> None:
    draft = PromptsDraft(Prompts((RECEIPTS, TABLES)), ())
    first = draft.prompts[0]
    assert not draft.is_changed
    assert not draft.move(first, -1)
    assert draft.move(first, 1)
    assert not draft.move(first, 1)
    assert draft.is_changed


@pytest.mark.parametrize(
    ("title", "prompt", "fault"),
    [
        ("", "words", PromptFault.TITLE),
        ("x" * 101, "words", PromptFault.TITLE),
        ("name", " \n", PromptFault.PROMPT_EMPTY),
        (" name ", PRESETS[PresetId.FREE].prompt, None),
    ],
)
def test_what_cannot_be_kept_is_known(title: str, prompt: str, fault: PromptFault | None) -> None:
    assert PromptDraft(title, prompt).fault == fault
