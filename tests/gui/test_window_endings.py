"""What ends: a worker, a task by a fault of the program, the window itself."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.application import live
from ocr_desktop.gui.handover import OpenRequest
from ocr_desktop.services.context import AppContext
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import CONTROL, GROUNDED, Desk, blank_file, page_file
from tests.support.workers import process_end

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.logs_complaints
async def test_a_worker_killed_in_mid_read_is_told_and_the_next_read_works(desk: Desk, tmp_path: Path) -> None:
    await desk.add_unread(tmp_path, "small.png")
    desk.drop_files(page_file(tmp_path, "page.png", *("Many words on this line",) * 5))
    await desk.until_shown("page.png")
    process = desk.context.reader.process_id
    assert process is not None

    def kill() -> None:
        desk.control.progressed.disconnect(kill)
        os.kill(process, signal.SIGKILL)

    desk.control.progressed.connect(kill)
    desk.press_in_window(Qt.Key.Key_F5)
    told = await desk.until_told()
    assert "ended" in told
    assert desk.choices == ["Try again", "Copy details"]
    assert desk.run_button.text() == "Read"
    desk.take_choice("Try again")
    await desk.until_read()
    assert desk.session.regions[0].text.startswith("Many words on this line")


async def test_a_fault_of_the_program_is_told_and_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    request.node.add_marker("logs_complaints")

    async def fail() -> None:
        raise ZeroDivisionError

    desk.window.tasks.spawn(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "ZeroDivisionError" in desk.bar.text
    assert "a task failed" in caplog.text


async def test_closing_while_a_page_is_read_ends_everything(
    server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gate, contexts = Gate(), []
    server.answer_with(streamed(GROUNDED[:150], gate))

    def own_context() -> AppContext:
        contexts.append(AppContext(tmp_path))
        return contexts[0]

    (tmp_path / "settings.toml").write_text('engine = "modelverse"\nauto_read = "always"\n')
    monkeypatch.setattr("ocr_desktop.gui.application.AppContext", own_context)
    before = asyncio.all_tasks()
    files = [blank_file(tmp_path, "a.png"), blank_file(tmp_path, "b.png")]
    program = asyncio.ensure_future(live(OpenRequest(tuple(files))))
    await asyncio.sleep(0)
    (window,) = [each for each in QApplication.topLevelWidgets() if each.objectName() == "main_window"]
    assert window.isVisible()
    await gate.reached.waited()
    # Another picture waits for its turn: it must not get one any more.
    window.open_files([files[1]])  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    processes = [contexts[0].pictures.process_id, contexts[0].reader.process_id]
    window.close()
    assert await program == 0
    await server.requests[0].closed.waited()
    assert len(server.requests) == 1
    for process in processes:
        if process is not None:
            await process_end(process)
    assert asyncio.all_tasks() == before


async def test_the_window_asked_to_quit_closes(desk: Desk) -> None:
    assert not desk.opened.closed.is_set()
    desk.press_in_window(Qt.Key.Key_Q, CONTROL)
    assert desk.opened.closed.is_set()
