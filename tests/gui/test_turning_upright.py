"""Pages that lie on their side or stand on their head: read right as they lie, and turned for whoever looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.support.pictures import Words, draw_page
from tests.support.window import CONTROL, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = ("Harvest report of the northern valley", "measured by three observers", "and printed in the old harbour")
TURNS = {
    Image.Transpose.ROTATE_90: 1,
    Image.Transpose.ROTATE_180: 2,
    Image.Transpose.ROTATE_270: 3,
}
"""How a picture was turned, counter-clockwise, and how many clockwise turns bring it back."""


def turned_page(folder: Path, how: Image.Transpose, name: str = "turned.png") -> Path:
    words = [Words(line, 30, 30 + 60 * number, 32) for number, line in enumerate(LINES)]
    draw_page(*words, size=(900, 320)).transpose(how).save(folder / name)
    return folder / name


def words_of(desk: Desk) -> str:
    return " ".join(" ".join(region.text.split()) for region in desk.session.regions)


@pytest.mark.parametrize("how", TURNS)
async def test_a_page_that_was_scanned_askew_is_read_and_then_turned(
    desk: Desk, tmp_path: Path, how: Image.Transpose
) -> None:
    desk.drop_files(turned_page(tmp_path, how))
    await desk.until_read()
    assert all(line in words_of(desk) for line in LINES)
    assert desk.session.turns == TURNS[how]
    assert len(desk.session.text_runs) == 1
    assert "was turned" in desk.bar.text


async def test_who_turns_it_back_wants_it_so(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(turned_page(tmp_path, Image.Transpose.ROTATE_90))
    await desk.until_read()
    assert desk.session.turns == 1
    button = next(each for each in desk.bar.findChildren(QPushButton) if each.text() == "Turn it back")
    desk.click(button)
    assert desk.session.turns == 0
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    assert desk.session.turns == 0


async def test_turning_is_undone_like_anything_else(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(turned_page(tmp_path, Image.Transpose.ROTATE_180))
    await desk.until_read()
    desk.window.output.rendered_view.setFocus()
    desk.press_in_window(Qt.Key.Key_Z, CONTROL)
    assert desk.session.turns == 0


async def test_an_upright_page_stays_as_it_is(desk: Desk, tmp_path: Path) -> None:
    words = [Words(line, 30, 30 + 60 * number, 32) for number, line in enumerate(LINES)]
    draw_page(*words, size=(900, 320)).save(tmp_path / "upright.png")
    desk.drop_files(tmp_path / "upright.png")
    await desk.until_read()
    assert desk.session.turns == 0
    assert desk.bar.text == ""
