"""The tray, what the window's closing means where there is one, and second starts that come to the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ocr_desktop.gui.handover import OpenRequest, open_there
from ocr_desktop.gui.tray import Tray
from tests.support.window import Desk, blank_file, page_file

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # Qt itself says so where the platform is one without a screen.
    pytest.mark.qt_log_ignore("No such signal QPlatformNativeInterface::systemTrayWindowChanged", extend=True),
]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desktop with a tray; what it was given to say."""
    told: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, title, *_: told.append(title))
    return told


def stays_in_tray(desk: Desk) -> None:
    desk.control.settings = replace(desk.control.settings, stays_in_tray=True)


def choice(desk: Desk, text: str) -> QAction:
    tray = desk.opened.presence.findChild(Tray)
    assert isinstance(tray, Tray)
    assert isinstance(tray.menu, QMenu)
    return next(action for action in tray.menu.actions() if action.text().replace("&", "") == text)


async def closed(desk: Desk) -> bool:
    """Close the window as its frame does; whether the program ends."""
    desk.window.close()
    for _ in range(3):
        await asyncio.sleep(0)
    return desk.opened.closed.is_set()


async def test_a_closed_window_goes_into_the_tray_and_comes_back(desk: Desk, told: list[str], tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    stays_in_tray(desk)
    for _ in range(2):
        assert not await closed(desk)
        assert not desk.window.isVisible()
        choice(desk, "Open the window").trigger()
        assert desk.window.isVisible()
    assert told == ["OCR Desktop goes on in the tray"], "once is enough"


@pytest.mark.parametrize(
    "quit_by",
    [lambda desk: choice(desk, "Quit").trigger(), lambda desk: desk.actions["quit"].trigger()],
    ids=["tray", "window"],
)
async def test_quit_ends_the_program(
    desk: Desk, told: list[str], tmp_path: Path, quit_by: Callable[[Desk], None]
) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    stays_in_tray(desk)
    quit_by(desk)
    for _ in range(3):
        await asyncio.sleep(0)
    assert desk.opened.closed.is_set()
    assert told == []


async def test_where_there_is_no_tray_the_window_ends_the_program(desk: Desk, tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    stays_in_tray(desk)
    assert await closed(desk)


async def test_unless_it_is_wanted_the_window_ends_the_program(desk: Desk, told: list[str], tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    assert await closed(desk)


async def test_files_of_a_second_start_are_shown_in_the_window(desk: Desk, told: list[str], tmp_path: Path) -> None:
    desk.opened.presence.open_to_the_desktop(tmp_path)
    desk.actions["auto_read_never"].trigger()
    desk.window.setWindowState(Qt.WindowState.WindowMinimized)
    picture = blank_file(tmp_path, "from elsewhere.png")
    assert await asyncio.to_thread(open_there, OpenRequest((picture,)), tmp_path)
    await desk.until_shown("from elsewhere.png")
    assert not desk.window.isMinimized()


async def test_who_wants_to_be_offline_gets_no_window_that_is_not(desk: Desk, tmp_path: Path) -> None:
    offline = OpenRequest((), is_offline=True)
    desk.opened.presence.open_to_the_desktop(tmp_path)
    assert not await asyncio.to_thread(open_there, offline, tmp_path)
    desk.context.offline.is_on = True
    assert await asyncio.to_thread(open_there, offline, tmp_path)


async def test_a_capture_is_shown_with_what_was_read_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "Captured words"))
    await desk.until_read("page.png")
    entry = desk.session.entry
    assert entry is not None
    assert entry.page is not None
    data = (tmp_path / "page.png").read_bytes()
    opened = await desk.context.intake.open_data(data, "capture")
    document = replace(opened.document, pages=(replace(opened.page, runs=entry.page.runs),))
    desk.context.intake.release(opened)
    desk.opened.presence.show_captured(data, "capture", document)
    await desk.until_shown("capture")
    assert desk.session.run == entry.page.runs[-1]
    assert desk.control.job is None, "nothing is read again"
