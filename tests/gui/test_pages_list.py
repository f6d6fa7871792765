"""The list of pictures: what is on show, what comes next, and what was closed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ocr_desktop.services.context import AppContext
from tests.support.window import CONTROL, Desk, SharingContext, blank_file, open_desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_picture_is_taken_off_the_list_and_its_neighbour_shown(desk: Desk, tmp_path: Path) -> None:
    await desk.add_unread(tmp_path, "a.png", "b.png", "c.png")
    desk.choose_page(1)
    await desk.until_shown("b.png")
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    await desk.until_shown("c.png")
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    await desk.until_shown("a.png")
    assert not desk.pages.isVisible()
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    assert desk.window.empty_state.isVisible()
    assert desk.status == "No picture"


async def test_the_last_of_several_quick_choices_is_shown(desk: Desk, tmp_path: Path) -> None:
    await desk.add_unread(tmp_path, "a.png", "b.png", "c.png")
    for row in (1, 2, 0):
        desk.choose_page(row)
    await asyncio.sleep(0)
    await desk.until_at_rest()
    assert desk.status.startswith("a.png")
    assert desk.listed_row == 0
    for row in (1, 2, 1, 2):
        desk.choose_page(row)
    await desk.until_shown("c.png")
    shown = desk.session.opened
    await desk.until_at_rest()
    assert desk.session.opened is shown, "what is on show is not opened a second time"
    assert desk.listed_row == 2
    for _ in "abc":
        desk.press_in_window(Qt.Key.Key_W, CONTROL)
        await desk.until_at_rest()
    assert os.fstat(desk.context.store.descriptor).st_size == 0, "pixels that nobody shows were kept"


async def test_a_file_that_changed_in_between_forgets_what_was_read_of_the_old_one(desk: Desk, tmp_path: Path) -> None:
    file = page_file(tmp_path, "a.png", "Old words")
    desk.drop_files(file, blank_file(tmp_path, "b.png"))
    await desk.until_read("a.png")
    desk.choose_page(1)
    await desk.until_shown("b.png")
    page_file(tmp_path, "a.png", "New words")
    desk.choose_page(0)
    await desk.until_shown("a.png")
    assert desk.session.run is None


async def test_a_window_opens_with_files_from_the_start(workers: AppContext, tmp_path: Path, qtbot: QtBot) -> None:
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        desk.window.open_files([page_file(tmp_path, "first.png", "First"), blank_file(tmp_path, "second.png")])
        await desk.until_read("first.png")
        assert desk.listed == ["first.png", "second.png"]
