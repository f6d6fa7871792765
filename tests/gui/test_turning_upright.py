"""Pages that lie on their side or stand on their head: read right as they lie, and turned for whoever looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
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


async def test_turning_taken_back_leaves_nothing_to_turn_back(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(turned_page(tmp_path, Image.Transpose.ROTATE_90))
    await desk.until_read()
    assert "Turn it back" in desk.choices
    desk.actions["undo"].trigger()
    assert desk.session.turns == 0
    assert desk.bar.text == ""


async def test_what_the_bar_says_stays_and_the_turn_is_told_below(desk: Desk, tmp_path: Path) -> None:
    desk.control.started.connect(lambda: desk.window.telling.tell_for_long("Something else."))
    desk.drop_files(turned_page(tmp_path, Image.Transpose.ROTATE_90))
    await desk.until_read()
    assert desk.session.turns == 1
    assert desk.bar.text == "Something else."
    assert "was turned" in desk.status


async def test_each_page_of_a_pile_is_turned_whichever_is_on_show(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    names = ("a.png", "b.png")
    desk.drop_files(*(turned_page(tmp_path, Image.Transpose.ROTATE_90, name) for name in names))
    await desk.until_shown("a.png")
    await desk.until_listed(2)
    desk.actions["read_all"].trigger()
    await desk.until(lambda: all(entry.run_id for entry in desk.session.entries), desk.window.reading_all.ended)
    await desk.until_at_rest()
    assert [entry.turns for entry in desk.session.entries] == [1, 1]
    assert "turned" not in desk.bar.text


async def test_a_page_that_an_endpoint_read_on_its_side_can_be_turned_and_read_again(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.control.settings = replace(desk.control.settings, aligns_words=True)
    desk.choose("preset_box", "Plain text, no layout")
    server.answer_with(streamed("\n\n".join(LINES)))
    desk.drop_files(turned_page(tmp_path, Image.Transpose.ROTATE_90))
    await desk.until_shown("turned.png")
    desk.click(desk.run_button)
    await desk.until(lambda: "lies on its side" in desk.bar.text)
    assert desk.session.turns == 0
    server.answer_with(streamed("\n\n".join(LINES)))
    desk.take_choice("Turn and read again")
    assert desk.session.turns == 1
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    await desk.until(lambda: desk.session.run is not None and desk.session.run.comparison is not None)
    assert desk.session.run is not None
    assert desk.session.run.view.turns == 1
    assert "side" not in desk.bar.text
