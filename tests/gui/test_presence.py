"""What a second start asks of the window's program, and captures that are made there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QSystemTrayIcon

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture import capturing as capturing_module
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.capture.screens import FrozenScreen
from ocr_desktop.gui.handover import CaptureRequest, RunningProgramError, hand_over, open_there, opening_of
from ocr_desktop.services.settings import Settings
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, blank_file

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # Qt itself says so where the platform is one without a screen.
    pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True),
]

HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop without a tray, with something to be seen."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    image.setPixelColor(0, 0, QColor("black"))

    async def freeze_screens() -> tuple[FrozenScreen, ...]:
        return (FrozenScreen("one", Area(0, 0, 400, 300), image),)

    monkeypatch.setattr(capturing_module, "freeze_screens", freeze_screens)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))


async def test_a_link_to_a_file_is_opened_by_the_window_that_is_there(desk: Desk, tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    desk.actions["auto_read_never"].trigger()
    picture = blank_file(tmp_path, "100% caf\N{LATIN SMALL LETTER E WITH ACUTE} #1.png")
    request = opening_of([picture.as_uri()], is_offline=False)
    assert await asyncio.to_thread(open_there, request, tmp_path)
    await desk.until_shown(picture.name)


async def test_a_link_to_the_web_is_asked_about_as_a_dropped_one(desk: Desk, tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    request = opening_of([f"http://{HOST}:9/a.png", f"http://{HOST}:9/b.png"], is_offline=False)
    assert await asyncio.to_thread(open_there, request, tmp_path)
    assert HOST in await desk.until_told()
    assert desk.choices == ["Download", "Cancel"]
    assert "only the first" in desk.status
    desk.take_choice("Cancel")


@pytest.mark.parametrize("choice", [{"engine": "modelverse"}, {"base_url": "http://elsewhere/v1"}])
@pytest.mark.logs_complaints
async def test_nobody_else_says_to_whom_a_capture_is_sent(
    server: ProviderServer, desk: Desk, tmp_path: Path, choice: dict[str, str]
) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    values = CaptureOptions(region=(0, 0, 40, 30), writes_clipboard=False, **choice).to_values()  # type: ignore[arg-type]

    def ask() -> None:
        connection = hand_over(CaptureRequest(values), tmp_path)
        assert connection is not None
        with connection, pytest.raises(RunningProgramError):
            connection.wait()

    await asyncio.to_thread(ask)
    assert server.requests == []


async def sent_capture(desk: Desk, gate: Gate) -> asyncio.Future[capturing_module.CaptureEnd]:
    settings = desk.control.settings
    desk.control.settings = replace(settings, capture_engine="modelverse", allowed_hosts=(HOST,))
    options = CaptureOptions(region=(0, 0, 40, 30), writes_clipboard=False)
    capture = asyncio.ensure_future(desk.opened.presence.capturing.capture(options))
    await gate.reached.waited()
    return capture


async def test_stay_offline_stops_a_capture_that_is_sent(server: ProviderServer, desk: Desk) -> None:
    gate = Gate()
    server.answer_with(streamed("words", gate))
    capture = await sent_capture(desk, gate)
    desk.actions["stay_offline"].trigger()
    await server.requests[0].closed.waited()
    end = await capture
    assert end.error is not None
    assert end.error.code is ErrorCode.OFFLINE
    assert len(server.requests) == 1


async def test_a_host_that_is_taken_back_gets_no_more_of_a_capture(
    server: ProviderServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if it were not this machine, to which everything may be sent.
    monkeypatch.setattr(Settings, "may_send_to", lambda settings, engine: engine.host in settings.allowed_hosts)
    gate = Gate()
    server.answer_with(streamed("words", gate))
    capture = await sent_capture(desk, gate)
    desk.opened.commands.settings_opening.saved.emit(replace(desk.control.settings, allowed_hosts=()))
    await server.requests[0].closed.waited()
    (reading,) = desk.opened.presence.capturing.readings
    assert HOST in reading.note.title
    assert not capture.done(), "the note asks whether it may be sent"
    reading.cancel()
    assert (await capture).is_cancelled
    assert len(server.requests) == 1


async def test_what_a_capture_keeps_is_kept_with_the_windows_own_settings(desk: Desk, tmp_path: Path) -> None:
    capturing = desk.opened.presence.capturing
    desk.actions["auto_read_never"].trigger()
    capturing._allow_host("example.org")
    assert desk.control.settings.allowed_hosts == ("example.org",)
    kept = desk.context.settings_file.load()
    assert (kept.allowed_hosts, kept.auto_read) == (("example.org",), "never")


async def test_a_window_that_is_worked_in_is_not_in_the_picture_and_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_visible: list[bool] = []
    frozen = asyncio.Event()

    async def freeze() -> tuple[FrozenScreen, ...]:
        was_visible.append(desk.window.isVisible())
        frozen.set()
        raise InputError(ErrorCode.CAPTURE_CANCELLED)

    monkeypatch.setattr(capturing_module, "freeze_screens", freeze)
    desk.actions["capture"].trigger()
    await frozen.wait()
    await desk.until_at_rest()
    assert was_visible == [False]
    assert desk.window.isVisible()
