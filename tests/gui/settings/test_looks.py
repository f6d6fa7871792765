"""The dialog for everybody: by keyboard, spoken, in another language, in a small window."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)

from ocr_desktop.engines.profiles import shipped_profiles
from ocr_desktop.gui.settings.dialog import SettingsPage
from ocr_desktop.services.prompts import PromptFile, Prompts, SavedPrompt
from ocr_desktop.services.settings import Settings
from tests.gui.settings.opened import Opened, opened
from tests.gui.test_translations import Brackets, texts_of

SET_UP = Settings(engines=("modelverse", "vllm"), allowed_hosts=("api.modelverse.cn",))
DATA = re.compile(
    "|".join(
        [
            *(re.escape(profile.title) for profile in shipped_profiles()),
            *(re.escape(profile.source) for profile in shipped_profiles() if profile.source),
            r"https?://\S*|api\.modelverse\.cn|Receipts|PNG|JPEG|WebP",
            r"[\d\s•]+",
        ]
    )
)
"""The same in every language."""
MNEMONIC = re.compile(r"&([^&])")


async def keep_a_prompt(folder: Path) -> None:
    await PromptFile(folder).save(Prompts((SavedPrompt("receipts", "Receipts", "Free OCR."),)))


def visible(dialog: Opened) -> list[QWidget]:
    return [each for each in dialog.dialog.findChildren(QWidget) if each.isVisible()]


def controls(dialog: Opened) -> list[QWidget]:
    """What Tab leads to."""
    inside = (QComboBox, QAbstractSpinBox)
    return [
        each
        for each in visible(dialog)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.isEnabled()
        and not (isinstance(each, QLineEdit) and isinstance(each.parentWidget(), inside))
    ]


async def show_everything(dialog: Opened) -> None:
    """An address of plain HTTP, a typed key, and everything unfolded."""
    dialog.choose("vLLM")
    await dialog.settled()
    dialog.click("advanced_button")
    dialog.find(QLineEdit, "base_url_edit").setText("http://10.0.0.1:8000/v1")
    dialog.type_into("key_edit", "sk-1")


@pytest.mark.parametrize("page", SettingsPage)
async def test_every_control_has_a_name_that_is_spoken(tmp_path: Path, page: SettingsPage) -> None:
    await keep_a_prompt(tmp_path)
    async with opened(tmp_path, SET_UP, page=page) as dialog:
        if page is SettingsPage.ENGINES:
            await show_everything(dialog)
        assert len(controls(dialog)) > 6
        for control in controls(dialog):
            spoken = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
            assert spoken.strip(), f"{type(control).__name__} {control.objectName()}"


async def test_the_line_inside_of_a_box_has_its_name_and_its_note_too(tmp_path: Path) -> None:
    async with opened(tmp_path, SET_UP) as dialog:
        dialog.choose("vLLM")
        line = dialog.find(QComboBox, "model_box").lineEdit()
        assert line is not None
        assert QAccessible.queryAccessibleInterface(line).text(QAccessible.Text.Name) == "Model"
        dialog.type_into("model_box", "")
        assert line.accessibleDescription() == dialog.note("model_box") != ""


@pytest.mark.parametrize("page", SettingsPage)
async def test_no_two_controls_share_an_accelerator(tmp_path: Path, page: SettingsPage) -> None:
    await keep_a_prompt(tmp_path)
    async with opened(tmp_path, SET_UP, page=page) as dialog:
        if page is SettingsPage.ENGINES:
            await show_everything(dialog)
        texts = [each.text() for each in visible(dialog) if isinstance(each, (QLabel, QAbstractButton))]
        for bar in dialog.dialog.findChildren(QTabBar):
            texts += [bar.tabText(index) for index in range(bar.count())]
        letters = Counter(found.lower() for text in texts for found in MNEMONIC.findall(text))
        assert [letter for letter, count in letters.items() if count > 1] == []


async def test_tab_goes_through_the_form_from_top_to_bottom(tmp_path: Path) -> None:
    async with opened(tmp_path, SET_UP) as dialog:
        await show_everything(dialog)
        first = dialog.find(QWidget, "profile_title_edit")
        first.setFocus()
        names = [first.objectName()]
        while names[-1] != "save_button":
            dialog.press(Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            assert focused is not None
            names.append(focused.objectName() or "?")
            assert len(names) < 40, names
        wanted = [
            "profile_title_edit",
            "base_url_edit",
            "http_box",
            "model_box",
            "key_edit",
            "test_button",
            "advanced_button",
        ]
        wanted += ["key_variable_edit", "part_order_box", "max_tokens_spin", "format_png_box", "extra_body_edit"]
        found = [name for name in names if name in wanted]
        assert found == wanted, names


async def test_every_word_is_translatable(tmp_path: Path) -> None:
    language = Brackets()
    await keep_a_prompt(tmp_path)
    QCoreApplication.installTranslator(language)
    try:
        async with opened(tmp_path, SET_UP) as dialog:
            tabs = dialog.find(QTabWidget, "settings_tabs")
            assert untranslated(dialog) == set(), "this computer"
            dialog.choose("UCloud Modelverse")
            await dialog.settled()
            assert untranslated(dialog) == set(), "an endpoint"
            await show_everything(dialog)
            assert untranslated(dialog) == set(), "everything"
            dialog.find(QLineEdit, "profile_title_edit").clear()
            dialog.find(QLineEdit, "base_url_edit").clear()
            dialog.click("save_button")
            assert untranslated(dialog) == set(), "errors"
            dialog.dialog.reject()
            assert dialog.told
            assert untranslated(dialog) == set(), "unsaved changes"
            for index in (1, 2):
                tabs.setCurrentIndex(index)
                assert untranslated(dialog) == set(), tabs.tabText(index)
    finally:
        QCoreApplication.removeTranslator(language)


def untranslated(dialog: Opened) -> set[str]:
    """What is shown without brackets."""
    found = set()
    for widget in [dialog.dialog, *visible(dialog)]:
        for kind, text in texts_of(widget):
            shown = re.sub("<[^>]+>", "", text).replace("\N{ZERO WIDTH SPACE}", "")
            is_box = isinstance(widget, QComboBox) and widget.isEditable()
            if "⟦" not in shown and DATA.sub("", shown).strip() and not is_box:
                found.add(f"{type(widget).__name__} {widget.objectName()}: {kind}: {text!r}")
    return found


@pytest.mark.parametrize("page", SettingsPage)
async def test_in_the_smallest_window_everything_is_reached_and_nothing_is_cut_at_the_side(
    tmp_path: Path, page: SettingsPage
) -> None:
    await keep_a_prompt(tmp_path)
    async with opened(tmp_path, SET_UP, page=page, size=(760, 480)) as dialog:
        if page is SettingsPage.ENGINES:
            await show_everything(dialog)
        assert dialog.dialog.width() <= 760
        assert dialog.dialog.height() <= 480
        for area in dialog.dialog.findChildren(QScrollArea):
            if area.isVisible():
                assert area.widget().width() <= area.viewport().width(), area.widget()


async def test_a_title_longer_than_the_list_is_whole_in_its_tooltip(tmp_path: Path) -> None:
    long = "一个非常非常长的标题" * 8 + " <b>not markup</b>"
    async with opened(tmp_path, SET_UP, size=(760, 480)) as dialog:
        dialog.choose("vLLM")
        dialog.type_into("profile_title_edit", long)
        item = dialog.find(QListWidget, "engines_list").item(2)
        assert item.text() == long
        assert "&lt;b&gt;not markup" in item.toolTip()
        assert dialog.dialog.width() <= 760
