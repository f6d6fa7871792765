"""What captures, pictures and folders are set to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QSystemTrayIcon

from ocr_desktop.gui.settings.dialog import SettingsPage
from ocr_desktop.services.settings import Settings
from tests.gui.settings.opened import Opened, opened


def choose(dialog: Opened, box: str, text: str) -> None:
    combo = dialog.find(QComboBox, box)
    assert combo.findText(text) >= 0, [combo.itemText(row) for row in range(combo.count())]
    combo.setCurrentIndex(combo.findText(text))


async def test_what_is_chosen_comes_back_and_the_rest_of_the_settings_stays(tmp_path: Path) -> None:
    before = Settings(engines=("ppio",), capture_region="1,2,3,4")
    async with opened(tmp_path, before, page=SettingsPage.PICTURES) as dialog:
        choose(dialog, "capture_engine_box", "PPIO")
        choose(dialog, "capture_kind_box", "A table")
        dialog.find(QCheckBox, "stays_in_tray_box").click()
        dialog.find(QSpinBox, "megapixels_spin").setValue(50)
        dialog.find(QCheckBox, "subfolders_box").click()
        settings = await dialog.save()
    assert settings == replace(
        before,
        capture_engine="ppio",
        capture_kind="table",
        stays_in_tray=True,
        most_megapixels=50,
        with_subfolders=True,
    )


async def test_an_engine_that_is_gone_is_named_and_kept_until_another_is_chosen(tmp_path: Path) -> None:
    async with opened(tmp_path, Settings(capture_engine="gone"), page=SettingsPage.PICTURES) as dialog:
        assert dialog.find(QComboBox, "capture_engine_box").currentText() == "gone (not set up)"
        choose(dialog, "capture_engine_box", "This computer (offline)")
        settings = await dialog.save()
    assert settings is not None
    assert settings.capture_engine == "embedded"


async def test_the_command_for_a_shortcut_can_be_copied(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.PICTURES) as dialog:
        dialog.click("copy_command_button")
        assert QGuiApplication.clipboard().text() == "ocr-desktop capture"
        assert dialog.find(QLineEdit, "capture_command_edit").isReadOnly()


@pytest.mark.parametrize(("has_tray", "said"), [(True, "Quit, in the menu"), (False, "has no tray")])
async def test_it_says_what_staying_in_the_tray_means_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_tray: bool, said: str
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: has_tray))
    async with opened(tmp_path, page=SettingsPage.PICTURES) as dialog:
        assert said in dialog.note("stays_in_tray_box")
