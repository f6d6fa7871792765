"""Which part of a page is read: cropped, without areas that are ignored, and turned where it lies on its side."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from ocr_desktop.core.geometry import PixelBox
from tests.support.pictures import Words, draw_page
from tests.support.window import Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEAD, FIRST, LAST = "CONFIDENTIAL", "First paragraph", "Last paragraph"


def headed_page(folder: Path, name: str) -> Path:
    path = folder / name
    words = (Words(HEAD, 30, 20, 32), Words(FIRST, 30, 160, 32), Words(LAST, 30, 260, 32))
    draw_page(*words, size=(640, 320)).save(path)
    return path


async def draw_area(desk: Desk, box: PixelBox) -> None:
    """Draw an area on the picture with the mouse."""
    from PySide6.QtTest import QTest

    viewport = desk.canvas.viewport()
    start, end = desk.point_in_canvas(box.x_min, box.y_min), desk.point_in_canvas(box.x_max, box.y_max)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert desk.canvas.area is not None


def words_of(desk: Desk) -> list[str]:
    return [region.text for region in desk.session.regions]


async def read(desk: Desk) -> None:
    before = desk.session.run
    desk.actions["read"].trigger()
    await desk.until(lambda: desk.session.run is not before and not desk.control.is_busy)


async def test_of_a_cropped_page_only_that_part_is_read_until_the_crop_is_undone(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(headed_page(tmp_path, "a.png"))
    await desk.until_shown("a.png")
    await draw_area(desk, PixelBox(5, 140, 630, 220))
    desk.click(desk.find(QToolButton, "area_crop_button"))
    assert desk.canvas.area is None
    await read(desk)
    assert words_of(desk) == [FIRST]
    ((box,),) = [region.boxes for region in desk.session.regions]
    assert 150 < box.y_min < box.y_max < 215, "boxes lie on the whole page"

    desk.actions["undo"].trigger()
    await read(desk)
    assert len(words_of(desk)) == 3
    desk.actions["redo"].trigger()
    desk.actions["remove_crop"].trigger()
    assert desk.session.entry is not None
    assert desk.session.entry.crop is None


async def test_an_area_that_is_ignored_on_all_pages_is_left_out_on_each(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(headed_page(tmp_path, "a.png"), headed_page(tmp_path, "b.png"))
    await desk.until_shown("a.png")
    await draw_area(desk, PixelBox(0, 0, 639, 90))
    desk.click(desk.find(QToolButton, "area_ignore_button"))
    (menu,) = [each for each in desk.canvas.findChildren(QMenu) if each.isVisible()]
    desk.choose_in_menu(menu, "Ignore on all pages")
    await read(desk)
    assert HEAD not in words_of(desk)
    assert FIRST in " ".join(words_of(desk))
    desk.choose_page(1)
    await desk.until_shown("b.png")
    await read(desk)
    assert HEAD not in " ".join(words_of(desk))

    desk.actions["read_ignored"].trigger()
    await read(desk)
    assert HEAD in " ".join(words_of(desk))


async def test_an_area_that_is_ignored_here_is_read_on_the_next_page(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(headed_page(tmp_path, "a.png"), headed_page(tmp_path, "b.png"))
    await desk.until_shown("a.png")
    await draw_area(desk, PixelBox(0, 0, 639, 90))
    desk.click(desk.find(QToolButton, "area_ignore_button"))
    (menu,) = [each for each in desk.canvas.findChildren(QMenu) if each.isVisible()]
    desk.choose_in_menu(menu, "Ignore on this page")
    entry, other = desk.session.entries
    assert len(desk.session.ignored_on(entry)) == 1
    assert desk.session.ignored_on(other) == ()
    desk.actions["undo"].trigger()
    assert desk.session.ignored_on(entry) == ()


async def test_taking_one_area_back_leaves_the_others(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(headed_page(tmp_path, "a.png"), headed_page(tmp_path, "b.png"))
    await desk.until_shown("a.png")
    desk.canvas.area_ignore_requested.emit(PixelBox(0, 0, 640, 90), True)
    desk.choose_page(1)
    await desk.until_shown("b.png")
    desk.canvas.area_ignore_requested.emit(PixelBox(0, 230, 640, 320), True)
    desk.choose_page(0)
    await desk.until_shown("a.png")
    desk.actions["undo"].trigger()
    (left,) = desk.session.ignored_everywhere
    assert left.top > 0.5, "the one that was drawn on the other page"
    desk.actions["redo"].trigger()
    assert len(desk.session.ignored_everywhere) == 2
