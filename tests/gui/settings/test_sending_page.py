"""What is sent when, to whom, and how long is waited."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QRadioButton, QSpinBox, QTableWidget

from ocr_desktop.gui.settings.dialog import SettingsPage
from ocr_desktop.services.settings import AutoRead, ColourScheme, Settings
from tests.gui.settings.opened import Opened, opened

HOSTS = Settings(
    colour_scheme=ColourScheme.DARK,
    allowed_hosts=("api.modelverse.cn", "api.ppio.com"),
    at_once_hosts=("api.ppio.com",),
)


def hosts(dialog: Opened) -> dict[str, bool]:
    """Each host, and whether it is ticked."""
    model = dialog.find(QTableWidget, "hosts_table").model()
    rows = [(model.index(row, 0), model.index(row, 1)) for row in range(model.rowCount())]
    role = Qt.ItemDataRole.CheckStateRole
    return {name.data(): Qt.CheckState(tick.data(role)) is Qt.CheckState.Checked for name, tick in rows}


async def test_what_is_chosen_comes_back_and_the_rest_of_the_settings_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, HOSTS, page=SettingsPage.SENDING) as dialog:
        assert dialog.find(QRadioButton, "auto_read_on_this_computer_button").isChecked()
        dialog.find(QRadioButton, "auto_read_never_button").click()
        dialog.find(QCheckBox, "stay_offline_box").click()
        dialog.find(QSpinBox, "timeout_spin").setValue(300)
        dialog.find(QSpinBox, "retries_spin").setValue(0)
        settings = await dialog.save()
    assert settings == Settings(
        colour_scheme=ColourScheme.DARK,
        allowed_hosts=HOSTS.allowed_hosts,
        at_once_hosts=HOSTS.at_once_hosts,
        auto_read=AutoRead.NEVER,
        stay_offline=True,
        timeout_s=300,
        retries=0,
    )


async def test_hosts_are_ticked_and_removed_with_the_keyboard(tmp_path: Path) -> None:
    async with opened(tmp_path, HOSTS, page=SettingsPage.SENDING) as dialog:
        assert hosts(dialog) == {"api.modelverse.cn": False, "api.ppio.com": True}
        table = dialog.find(QTableWidget, "hosts_table")
        table.setFocus()
        table.setCurrentCell(0, 1)
        dialog.press(Qt.Key.Key_Space)
        assert hosts(dialog) == {"api.modelverse.cn": True, "api.ppio.com": True}
        table.setCurrentCell(1, 0)
        dialog.press(Qt.Key.Key_Delete)
        assert hosts(dialog) == {"api.modelverse.cn": True}
        settings = await dialog.save()
    assert settings is not None
    assert settings.allowed_hosts == settings.at_once_hosts == ("api.modelverse.cn",)


async def test_without_a_host_it_is_said_that_one_is_asked_first(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.SENDING) as dialog:
        assert "you are asked" in dialog.labels()
        assert not dialog.is_shown("hosts_table")


async def test_every_choice_says_what_it_means(tmp_path: Path) -> None:
    async with opened(tmp_path, page=SettingsPage.SENDING) as dialog:
        for choice in AutoRead:
            button = dialog.find(QRadioButton, f"auto_read_{choice}_button")
            assert button.accessibleDescription() in dialog.labels().replace("\N{ZERO WIDTH SPACE}", "")
