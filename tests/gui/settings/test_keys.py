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


async def test_nothing_ends_the_dialog_while_it_is_saved(tmp_path: Path) -> None:
    locked = LockedKeyring()
    locked.unlock.set()
    with keyring_in_place(locked):
        async with opened(tmp_path, ONE) as dialog:
            dialog.choose(MODELVERSE)
            await dialog.settled()
            dialog.type_into("key_edit", KEY)
            locked.unlock.clear()
            dialog.click("save_button")
            for end in (dialog.dialog.reject, dialog.dialog.close):
                end()
                assert dialog.dialog.isVisible()
                assert dialog.told == "", "it is too late to ask whether the changes may go"
            locked.unlock.set()
            await dialog.settled()
            assert dialog.saved


@pytest.mark.parametrize("way", ["Close all the same", "Cancel", "Try again"])
async def test_a_key_that_the_keyring_does_not_let_go_is_told(tmp_path: Path, way: str) -> None:
    with keyring_in_place(RefusingKeyring()):
        async with opened(tmp_path, Settings(engines=("modelverse", "ppio"))) as dialog:
            dialog.choose(MODELVERSE)
            dialog.click("remove_engine_button")
            written = await dialog.save()
            assert written is not None, "all else holds from now on"
            assert written.engines == ("ppio",)
            assert dialog.dialog.isVisible()
            assert dialog.told.startswith(f"The system keyring did not remove the key of {MODELVERSE}:")
            assert "All else is saved." in dialog.told
            with keyring_in_place(MemoryKeyring()):
                dialog.click_words(way)
                await dialog.settled()
            await dialog.shown
            assert {settings.engines for settings in dialog.saved} == {("ppio",)}
            assert dialog.not_forgotten == (() if way == "Try again" else (MODELVERSE,))


async def test_what_is_saved_stays_saved_when_later_changes_are_discarded(tmp_path: Path) -> None:
    with keyring_in_place(RefusingKeyring()):
        async with opened(tmp_path, Settings(engines=("modelverse", "ppio"))) as dialog:
            dialog.choose(MODELVERSE)
            dialog.click("remove_engine_button")
            assert await dialog.save() is not None
            dialog.choose(PPIO)
            dialog.type_into("profile_title_edit", "Mine")
            assert dialog.told == "", "it was said of other changes"
            dialog.dialog.reject()
            dialog.click_words("Discard")
            (settings,) = dialog.saved
            assert settings.engines == ("ppio",)
            assert dialog.context.catalogue.profile("ppio").title == PPIO


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


async def test_what_can_be_no_key_waits_while_another_engine_is_looked_at(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path, Settings(engines=("modelverse", "ppio"))) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", "Bearer sk-123")
        dialog.choose(PPIO)
        await dialog.settled()
        edit = dialog.find(QLineEdit, "key_edit")
        assert edit.text() == ""
        assert dialog.note("key_edit") == "api.ppio.com needs a key; none is there yet."
        dialog.dialog.reject()
        assert dialog.told == "You have unsaved changes."
        assert await dialog.save() is None
        assert edit.hasFocus()
        assert edit.text() == "Bearer sk-123"
        assert "sk" not in edit.displayText()
        assert dialog.note("key_edit").startswith("A key has no spaces")
        assert dialog.find(QLineEdit, "profile_title_edit").text() == MODELVERSE
        dialog.type_into("key_edit", KEY)
        assert await dialog.save() is not None
    assert kept.entries == {entry("modelverse", THEIRS): KEY}


@pytest.mark.parametrize("typed", [KEY, "Bearer sk-123"])
async def test_a_typed_key_is_dropped_with_the_address_it_was_typed_for(
    tmp_path: Path, kept: MemoryKeyring, typed: str
) -> None:
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", typed)
        dialog.type_into("base_url_edit", "https://api.modelverse.cn/v2")
        await dialog.settled()
        assert dialog.dialog.is_changed
        assert "was for" not in dialog.note("key_edit"), "it is the same server"
        dialog.type_into("base_url_edit", "https://elsewhere.invalid/v1")
        await dialog.settled()
        told = "The key that you typed was for https://api.modelverse.cn; it is not kept for https://elsewhere.invalid."
        assert dialog.note("key_edit").startswith(told)
        edit = dialog.find(QLineEdit, "key_edit")
        assert edit.text() == edit.placeholderText() == ""
        assert await dialog.save() is None, "it is not lost without a word"
        assert edit.hasFocus()
        assert dialog.note("key_edit").startswith(told)
        assert await dialog.save() is not None
    assert kept.entries == {}


async def test_a_key_typed_for_the_new_address_is_kept_for_it(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", KEY)
        dialog.type_into("base_url_edit", "https://elsewhere.invalid/v1")
        await dialog.settled()
        dialog.type_into("key_edit", "sk-new")
        assert dialog.note("key_edit") == "It is kept in the system keyring when you save."
        assert await dialog.save() is not None
    assert kept.entries == {entry("modelverse", "https://elsewhere.invalid"): "sk-new"}


async def test_saving_without_leaving_the_address_first_says_that_the_key_went(
    tmp_path: Path, kept: MemoryKeyring
) -> None:
    async with opened(tmp_path, ONE) as dialog:
        dialog.choose(MODELVERSE)
        await dialog.settled()
        dialog.type_into("key_edit", KEY)
        dialog.paste_into("base_url_edit", "https://elsewhere.invalid/v1")
        assert await dialog.save() is None
        assert dialog.note("key_edit").startswith("The key that you typed was for https://api.modelverse.cn")
        assert dialog.find(QLineEdit, "key_edit").hasFocus()
        assert await dialog.save() is not None
    assert kept.entries == {}


async def test_a_key_typed_before_any_address_goes_with_the_first(tmp_path: Path, kept: MemoryKeyring) -> None:
    async with opened(tmp_path) as dialog:
        dialog.add("Other server")
        await dialog.settled()
        dialog.type_into("key_edit", KEY)
        dialog.type_into("model_box", "deepseek-ocr")
        dialog.type_into("base_url_edit", "https://first.invalid/v1")
        await dialog.settled()
        assert dialog.note("key_edit") == "It is kept in the system keyring when you save."
        settings = await dialog.save()
        assert settings is not None
    assert kept.entries == {entry(settings.engines[0], "https://first.invalid"): KEY}


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
        async with opened(tmp_path, Settings(engines=("ppio", "ollama"))) as dialog:
            dialog.choose(PPIO)
            await dialog.settled()
            assert browser.opened == []
            dialog.click("key_page_button")
            assert browser.opened == [dialog.context.catalogue.profile("ppio").key_page]
            dialog.choose("Ollama")
            assert not dialog.is_shown("key_page_button")
    finally:
        QDesktopServices.unsetUrlHandler("https")
        browser.deleteLater()
