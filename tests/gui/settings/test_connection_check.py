"""The test of the connection in the dialog: of what stands in the form, kept or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QScrollArea, QWidget

from ocr_desktop.engines.base import Lack
from ocr_desktop.gui.settings.connection_panel import ConnectionPanel
from ocr_desktop.services.settings import Settings
from tests.gui.settings.opened import Opened, opened
from tests.support.keyrings import MemoryKeyring, keyring_in_place
from tests.support.known_answers import grounded, without_tags
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.waiting import until

MODELVERSE, PPIO = "UCloud Modelverse", "PPIO"
BOTH = Settings(engines=("modelverse", "ppio"))


@pytest_asyncio.fixture
async def tested(tmp_path: Path) -> AsyncIterator[tuple[Opened, ProviderServer]]:
    """A dialog with an address and a key typed into it, and a server that takes them; the test has ended."""
    with keyring_in_place(MemoryKeyring()), ProviderServer("modelverse", streamed(grounded())) as server:
        async with opened(tmp_path, BOTH) as dialog:
            dialog.choose(MODELVERSE)
            dialog.type_into("base_url_edit", server.base_url)
            dialog.type_into("key_edit", KEY)
            dialog.click("test_button")
            await dialog.settled()
            yield dialog, server


async def test_what_is_tested_is_what_stands_in_the_form_and_nothing_is_kept(
    tested: tuple[Opened, ProviderServer], tmp_path: Path
) -> None:
    dialog, server = tested
    assert dialog.is_shown("connection_panel")
    assert "This engine works." in dialog.labels()
    assert server.requests
    assert not (tmp_path / "engines").exists()
    assert await dialog.context.credentials.key_for(dialog.context.catalogue.profile("modelverse")) is None


async def test_what_was_found_does_not_stay_with_another_engine(tested: tuple[Opened, ProviderServer]) -> None:
    dialog, _server = tested
    assert dialog.find(QComboBox, "model_box").count() > 0
    dialog.choose(PPIO)
    assert not dialog.is_shown("connection_panel")
    assert dialog.find(QLineEdit, "profile_title_edit").text() == PPIO
    assert dialog.find(QComboBox, "model_box").currentText() == "deepseek/deepseek-ocr"
    assert dialog.find(QComboBox, "model_box").count() == 0
    dialog.choose(MODELVERSE)
    assert dialog.find(QComboBox, "model_box").currentText() == "deepseek-ai/DeepSeek-OCR"


@pytest.mark.parametrize("name", ["base_url_edit", "key_edit"])
async def test_what_was_found_goes_when_the_settings_are_others(
    tested: tuple[Opened, ProviderServer], name: str
) -> None:
    dialog, _server = tested
    dialog.type_into(name, "https://elsewhere.invalid/v1")
    assert not dialog.is_shown("connection_panel")


async def test_a_model_that_is_picked_is_in_the_form_and_tested_at_once(tested: tuple[Opened, ProviderServer]) -> None:
    dialog, server = tested
    before = len(server.requests)
    panel = dialog.dialog.findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    panel.model_chosen.emit("another-model")
    await dialog.settled()
    assert dialog.find(QComboBox, "model_box").currentText() == "another-model"
    assert len(server.requests) > before
    assert dialog.is_shown("connection_panel")


async def test_an_address_that_is_picked_is_in_the_form_and_tested_at_once(
    tested: tuple[Opened, ProviderServer],
) -> None:
    dialog, server = tested
    before = len(server.requests)
    panel = dialog.dialog.findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    address = f"{server.base_url}/other"
    panel.base_url_chosen.emit(address)
    await dialog.settled()
    assert dialog.find(QLineEdit, "base_url_edit").text() == address
    assert len(server.requests) > before


async def test_closing_the_dialog_ends_the_test(tmp_path: Path) -> None:
    with ProviderServer("modelverse", streamed(grounded())) as server:
        async with opened(tmp_path, BOTH) as dialog:
            dialog.choose(MODELVERSE)
            dialog.type_into("base_url_edit", server.base_url)
            dialog.type_into("key_edit", KEY)
            dialog.click("test_button")
            dialog.dialog.done(0)
            await dialog.settled()
            assert await dialog.shown == 0


async def test_without_an_address_nothing_is_tested_and_the_field_says_why(tmp_path: Path) -> None:
    async with opened(tmp_path) as dialog:
        dialog.add("Other server")
        await dialog.settled()
        dialog.click("test_button")
        await dialog.settled()
        assert dialog.note("base_url_edit").startswith("Type the address")
        assert not dialog.is_shown("connection_panel")


@pytest.mark.parametrize(
    ("answer", "found"), [(grounded(), "connection_headline"), ("Nothing of the picture.", "connection_text")]
)
async def test_what_matters_is_in_sight_when_the_test_ends_in_a_small_dialog(
    tmp_path: Path, answer: str, found: str
) -> None:
    with keyring_in_place(MemoryKeyring()), ProviderServer("modelverse", streamed(answer)) as server:
        async with opened(tmp_path, BOTH, size=(760, 480)) as dialog:
            dialog.choose(MODELVERSE)
            dialog.type_into("base_url_edit", server.base_url)
            dialog.type_into("key_edit", KEY)
            dialog.find(QPushButton, "test_button").setFocus()
            dialog.click("test_button")
            await dialog.settled()
            panel = dialog.find(ConnectionPanel, "connection_panel")
            assert not panel.is_running
            (area,) = (each for each in dialog.dialog.findChildren(QScrollArea) if each.isAncestorOf(panel))
            part = dialog.find(QWidget, found)

            def is_in_sight() -> bool:
                place = QRect(part.mapTo(area.viewport(), QPoint()), part.size())
                return area.viewport().rect().contains(place)

            await until(is_in_sight, area.verticalScrollBar().valueChanged)
            assert dialog.find(QPushButton, "test_button").hasFocus()


async def test_what_is_missing_in_the_answers_is_noted_on_a_click(tmp_path: Path) -> None:
    with keyring_in_place(MemoryKeyring()), ProviderServer("modelverse", streamed(without_tags())) as server:
        async with opened(tmp_path, BOTH) as dialog:
            dialog.choose(MODELVERSE)
            dialog.type_into("base_url_edit", server.base_url)
            dialog.type_into("key_edit", KEY)
            dialog.click("test_button")
            await dialog.settled()
            assert "Known to be missing" not in dialog.labels()
            dialog.click("note_lacks_button")
            assert "Known to be missing in its answers: the tags around labels and table cells" in dialog.labels()
            dialog.click("test_button")
            await dialog.settled()
            assert dialog.is_shown("connection_panel")
            assert not dialog.is_shown("note_lacks_button"), "it is known by now"
            assert await dialog.save() is not None
            assert Lack.TAGS in dialog.context.catalogue.profile("modelverse").lacks


async def test_nothing_is_noted_of_an_engine_that_does_not_work(tmp_path: Path) -> None:
    with keyring_in_place(MemoryKeyring()), ProviderServer("modelverse", streamed("Nothing of the picture.")) as server:
        async with opened(tmp_path, BOTH) as dialog:
            dialog.choose(MODELVERSE)
            dialog.type_into("base_url_edit", server.base_url)
            dialog.type_into("key_edit", KEY)
            dialog.click("test_button")
            await dialog.settled()
            assert dialog.is_shown("connection_panel")
            assert not dialog.is_shown("note_lacks_button")
