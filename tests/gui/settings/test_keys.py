"""Keys in the dialog: typed as dots, kept by the keyring, told where they are, and never in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from ocr_desktop.core.secret import Secret
from ocr_desktop.gui.message_bar import MessageBar
from ocr_desktop.services.credentials import SERVICE
from ocr_desktop.services.settings import Settings
from tests.gui.settings.opened import opened
from tests.support.keyrings import LockedKeyring, MemoryKeyring, RefusingKeyring, keyring_in_place
from tests.support.waiting import Watch, until

KEY = "sk-7f3a9c51d2e84b06"
MODELVERSE, PPIO = "UCloud Modelverse", "PPIO"
THEIRS = "https://api.modelverse.cn"
ONE = Settings(engines=("modelverse",))


@pytest.fixture
def kept() -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    with keyring_in_place(backend):
        yield backend


def entry(engine_id: str, origin: str) -> tuple[str, str]:
    return SERVICE, f"{engine_id} {origin}"


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_typed_key_goes_to_the_keyring_and_into_no_file(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path) as dialog:
        dialog.add(MODELVERSE)
        await dialog.settled()
        assert dialog.note("key_edit") == "api.modelverse.cn needs a key; none is there yet."
        edit = dialog.find(QLineEdit, "key_edit")
        assert edit.echoMode() is QLineEdit.EchoMode.Password
        dialog.type_into("key_edit", f"  {KEY} ")
        assert dialog.note("key_edit") == "It is kept in the system keyring when you save."
        assert kept.entries == {}
        dialog.type_into("profile_title_edit", "Mine")
        settings = await dialog.save()
    assert settings is not None
    assert settings.engines == ("modelverse",)
    assert kept.entries == {entry("modelverse", THEIRS): KEY}
    assert (tmp_path / "engines" / "modelverse.toml").exists()
    assert KEY.encode() not in written(tmp_path)
    assert KEY not in repr(settings)
    assert dialog.in_memory == ()


async def test_a_kept_key_is_told_and_never_shown(tmp_path: Path, kept: MemoryKeyring) -> None:
    kept.entries[entry("modelverse", THEIRS)] = KEY
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        assert dialog.note("key_edit") == "A key is kept in the system keyring."
        assert dialog.find(QLineEdit, "key_edit").text() == ""
        assert all(KEY not in each.text() for each in dialog.dialog.findChildren(QLineEdit))


async def test_a_kept_key_does_not_travel_to_another_host(tmp_path: Path, kept: MemoryKeyring) -> None:
    kept.entries[entry("modelverse", THEIRS)] = KEY
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("base_url_edit", "https://elsewhere.invalid/v1")
        await dialog.settled()
        told = dialog.note("key_edit")
        assert "was given for https://api.modelverse.cn and is not sent to https://elsewhere.invalid" in told
        dialog.type_into("base_url_edit", "https://api.modelverse.cn/v2")
        await dialog.settled()
        assert dialog.note("key_edit") == "A key is kept in the system keyring."
        dialog.type_into("base_url_edit", "https://elsewhere.invalid/v1")
        dialog.type_into("key_edit", "sk-new")
        assert await dialog.save() is not None
    assert kept.entries == {entry("modelverse", "https://elsewhere.invalid"): "sk-new"}


async def test_a_key_is_removed_when_it_is_saved_and_not_before(tmp_path: Path, kept: MemoryKeyring) -> None:
    kept.entries[entry("modelverse", THEIRS)] = KEY
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        button = dialog.find(QPushButton, "remove_key_button")
        button.click()
        assert dialog.note("key_edit") == "The key is removed when you save."
        button.click()
        assert dialog.note("key_edit") == "A key is kept in the system keyring."
        assert not dialog.dialog.is_changed
        button.click()
        assert kept.entries
        assert await dialog.save() is not None
    assert kept.entries == {}


async def test_removing_an_engine_takes_its_key_along(tmp_path: Path, kept: MemoryKeyring) -> None:
    kept.entries[entry("modelverse", THEIRS)] = KEY
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        dialog.click("remove_engine_button")
        assert kept.entries
        assert await dialog.save() is not None
    assert kept.entries == {}


async def test_a_key_of_the_environment_is_told_with_where_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: MemoryKeyring
) -> None:
    monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
    async with opened(tmp_path) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        assert not dialog.find(QLineEdit, "key_edit").isEnabled()
        assert dialog.note("key_edit") == (
            "The key is taken from the environment variable MODELVERSE_API_KEY and sent to api.modelverse.cn."
        )
        dialog.type_into("base_url_edit", "https://elsewhere.invalid/v1")
        await dialog.settled()
        assert "sent to elsewhere.invalid" in dialog.note("key_edit")


async def test_without_a_keyring_the_key_stays_in_memory_and_that_is_said_before(tmp_path: Path) -> None:
    with keyring_in_place(NoKeyring()):
        async with opened(tmp_path, ONE) as dialog:
            dialog.choose(MODELVERSE)
            await dialog.settled()
            dialog.type_into("key_edit", KEY)
            assert "only in memory for this run" in dialog.note("key_edit")
            assert await dialog.save() is not None
            assert dialog.in_memory == (MODELVERSE,)
            profile = dialog.context.catalogue.profile("modelverse")
            assert await dialog.context.credentials.key_for(profile) == Secret(KEY)
    assert KEY.encode() not in written(tmp_path)


async def test_a_keyring_that_refuses_leaves_the_key_in_memory_and_that_is_told(tmp_path: Path) -> None:
    with keyring_in_place(RefusingKeyring()):
        async with opened(tmp_path, ONE) as dialog:
            dialog.choose(MODELVERSE)
            await dialog.settled()
            dialog.type_into("key_edit", KEY)
            assert await dialog.save() is not None
            assert dialog.in_memory == (MODELVERSE,)
    assert KEY.encode() not in written(tmp_path)


async def test_while_the_keyring_asks_for_its_password_the_dialog_waits_and_says_so(tmp_path: Path) -> None:
    locked = LockedKeyring()
    locked.unlock.set()
    with keyring_in_place(locked):
        async with opened(tmp_path, ONE) as dialog:
            dialog.choose(MODELVERSE)
            await dialog.settled()
            dialog.type_into("key_edit", KEY)
            locked.unlock.clear()
            dialog.click("save_button")
            bar = dialog.dialog.findChild(MessageBar)
            assert isinstance(bar, MessageBar)
            await until(lambda: dialog.told, Watch(bar).changed)
            assert "asking for its password" in dialog.told
            dialog.dialog.reject()
            assert dialog.dialog.isVisible()
            locked.unlock.set()
            await dialog.settled()
            assert dialog.saved
    assert locked.entries == {entry("modelverse", THEIRS): KEY}


async def test_what_can_be_no_key_is_told_and_not_kept(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", "Bearer sk-123")
        assert dialog.note("key_edit").startswith("A key has no spaces")
        assert await dialog.save() is None
        assert dialog.find(QLineEdit, "key_edit").hasFocus()
        dialog.type_into("key_edit", KEY)
        assert await dialog.save() is not None
    assert kept.entries == {entry("modelverse", THEIRS): KEY}


async def test_a_typed_key_waits_while_another_engine_is_looked_at(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path, Settings(engines=("modelverse", "ppio"))) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", KEY)
        dialog.choose(PPIO)
        await dialog.settled()
        assert dialog.note("key_edit") == "api.ppio.com needs a key; none is there yet."
        dialog.choose(MODELVERSE)
        await dialog.settled()
        assert dialog.find(QLineEdit, "key_edit").text() == ""
        assert dialog.note("key_edit") == "It is kept in the system keyring when you save."
        assert await dialog.save() is not None
    assert kept.entries == {entry("modelverse", THEIRS): KEY}


async def test_no_key_is_looked_up_before_its_engine_is_shown(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path, ONE):
        assert kept.asked == []


class Browser(QWidget):
    """Takes the place of the desktop's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


async def test_where_to_get_a_key_opens_on_a_click_only(tmp_path: Path, kept: MemoryKeyring) -> None:
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")
    try:
        async with opened(tmp_path, Settings(engines=("modelverse", "ollama"))) as dialog:
            dialog.choose(MODELVERSE)
            await dialog.settled()
            assert browser.opened == []
            dialog.click("key_page_button")
            assert browser.opened == [dialog.context.catalogue.profile("modelverse").key_page]
            dialog.choose("Ollama")
            assert not dialog.is_shown("key_page_button")
    finally:
        QDesktopServices.unsetUrlHandler("https")
        browser.deleteLater()
