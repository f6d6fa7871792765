"""Words of what was read, selected on the picture in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from tests.support.canvas_events import drag
from tests.support.window import CONTROL, LEFT, Desk, blank_file, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


def place_of(desk: Desk, word: str, part: float) -> QPoint:
    """Where a line that begins with a word is seen: so far along it, at half its height."""
    run = desk.session.run
    assert run is not None
    upper_left, upper_right, _, lower_left = next(line.quad for line in run.lines if line.text.startswith(word))
    x = upper_left[0] + (upper_right[0] - upper_left[0]) * part
    return desk.point_in_canvas(x, (upper_left[1] + lower_left[1]) / 2)


async def read(desk: Desk, folder: Path) -> None:
    desk.drop_files(page_file(folder, "a.png", "Seven quick foxes", "over lazy dogs"))
    await desk.until_read("a.png")
    # The words would have Qt take a second press for a double click of the first.
    desk.canvas.setFocus()


async def test_words_of_a_reading_are_selected_copied_and_let_go(desk: Desk, tmp_path: Path, qtbot: object) -> None:
    await read(desk, tmp_path)
    drag(qtbot, desk.canvas, place_of(desk, "Seven", 0.01), place_of(desk, "over", 0.99), LEFT)  # type: ignore[arg-type]
    desk.press_in_window(Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "Seven quick foxes\nover lazy dogs"
    assert desk.canvas.area is None
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.canvas.selected_words == ""


async def test_escape_lets_go_of_the_words_before_the_region(desk: Desk, tmp_path: Path) -> None:
    await read(desk, tmp_path)
    desk.session.select_region(desk.session.regions[0].id)
    desk.press_in_window(Qt.Key.Key_A, CONTROL)
    assert desk.canvas.selected_words.splitlines() == ["Seven quick foxes", "over lazy dogs"]
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.canvas.selected_words == ""
    assert desk.session.selected is not None
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.session.selected is None


async def test_another_run_or_page_has_nothing_selected(desk: Desk, tmp_path: Path) -> None:
    await read(desk, tmp_path)
    run = desk.session.run
    desk.press_in_window(Qt.Key.Key_A, CONTROL)
    desk.actions["read"].trigger()
    await desk.until(lambda: desk.session.run is not run and desk.control.job is None)
    assert desk.canvas.selected_words == ""
    desk.press_in_window(Qt.Key.Key_A, CONTROL)
    assert desk.canvas.selected_words
    desk.session.choose_run(0)
    assert desk.canvas.selected_words == ""
    desk.canvas.setFocus()
    desk.press_in_window(Qt.Key.Key_A, CONTROL)
    desk.drop_files(blank_file(tmp_path, "b.png"))
    await desk.until_shown("b.png")
    assert desk.canvas.selected_words == ""
