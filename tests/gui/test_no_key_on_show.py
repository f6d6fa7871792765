"""In the window too a key is nowhere: not on show, not in what is copied, logged or kept, however the reading ends."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import FILE_NAME
from tests.support.keyrings import RefusingKeyring, keyring_in_place
from tests.support.provider_answers import Script, Spoken
from tests.support.provider_server import ProviderServer
from tests.support.traces import ECHOES, SECRET, traces_in, traces_in_files
from tests.support.window import GROUNDED, Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.logs_complaints]

SCRIPTS: dict[str, Script | Spoken] = {"an answer": Spoken(GROUNDED), **ECHOES}


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer("any", Spoken(GROUNDED), key=SECRET) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def key_desk(
    server: ProviderServer, workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> AsyncIterator[Desk]:
    add_profile(tmp_path, server.base_url, "vllm")
    (tmp_path / FILE_NAME).write_text('engine = "vllm"\nengines = ["vllm"]\nretries = 0\n', "utf-8")
    monkeypatch.setenv("VLLM_API_KEY", SECRET)
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        yield desk


def on_show(desk: Desk) -> str:
    """Every word that a person or a screen reader gets of the window, and what lies on the clipboard."""
    widgets = [desk.window, *desk.window.findChildren(QWidget)]
    words = [word for each in widgets for word in (each.accessibleName(), each.toolTip(), each.windowTitle())]
    words += [label.text() for label in desk.window.findChildren(QLabel)]
    words += [field.text() for field in desk.window.findChildren(QLineEdit)]
    return "\n".join([*words, desk.bar.text, desk.status, desk.preview, QGuiApplication.clipboard().text()])


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_reading_leaves_no_trace_of_the_key(
    key_desk: Desk, server: ProviderServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    desk = key_desk
    caplog.set_level(logging.DEBUG)
    server.answer_with(SCRIPTS[name])
    ends: list[object] = []
    desk.control.failed.connect(ends.append)
    desk.control.ended.connect(ends.append)
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: ends and desk.control.job is None)
    check_request(server)
    if "Copy details" in desk.choices:
        told = desk.bar.text
        desk.take_choice("Copy details")
        assert "127.0.0.1" in QApplication.clipboard().text()
        assert told
    check_traces(desk, tmp_path, caplog, ends)


async def test_a_key_that_is_typed_into_the_bar_leaves_no_trace(
    server: ProviderServer,
    workers: AppContext,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    qtbot: QtBot,
) -> None:
    caplog.set_level(logging.DEBUG)
    add_profile(tmp_path, server.base_url)
    (tmp_path / FILE_NAME).write_text('engine = "modelverse"\nengines = ["modelverse"]\n', "utf-8")
    with keyring_in_place(RefusingKeyring()):
        async with open_desk(SharingContext(workers, tmp_path)) as desk:
            desk.drop_files(blank_file(tmp_path, "page.png"))
            await desk.until_shown("page.png")
            desk.press_in_window(Qt.Key.Key_F5)
            await desk.until(lambda: desk.window.findChild(QLineEdit, "key_edit"))
            field = desk.find(QLineEdit, "key_edit")
            field.insert(SECRET)
            desk.press(field, Qt.Key.Key_Return)
            await desk.until_read()
            check_request(server)
            check_traces(desk, tmp_path, caplog, [])


def check_request(server: ProviderServer) -> None:
    assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"


def check_traces(desk: Desk, folder: Path, caplog: pytest.LogCaptureFixture, ends: list[object]) -> None:
    logged = [(record.getMessage(), record.args, record.exc_text) for record in caplog.records]
    assert any("chat/completions" in message for message, _, _ in logged), "the log tells of requests"
    assert traces_in(on_show(desk)) == []
    assert traces_in(repr(logged)) == []
    objects = (ends, [vars(end) for end in ends], desk.session.run, desk.session.entries, vars(desk.control))
    assert traces_in(repr(objects)) == []
    assert traces_in_files(folder, Path(os.environ["HOME"])) == []
