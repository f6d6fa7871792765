"""A region is read again: its words change at the end or not at all, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from ocr_desktop.core.document import Confirm, Flag, Splice
from tests.support.provider_answers import Gate, Script, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import GROUNDED, Desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = ["A title", "First words.", "Last words."]
BETTER = "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\nBetter words.\n"
TWO_BOXES = (
    "<|ref|>title<|/ref|><|det|>[[100, 50, 900, 120]]<|/det|>\n# A title\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 150, 400, 400], [500, 150, 900, 400]]<|/det|>\nTwo columns.\n"
)


async def read_page(desk: Desk, server: ProviderServer, folder: Path, answer: str = GROUNDED) -> None:
    server.answer_with(streamed(answer))
    desk.drop_files(page_file(folder, "a.png", "A title", "First words", size=(600, 800)))
    await desk.until_shown("a.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read("a.png")


def menu_of(desk: Desk, index: int) -> QMenu:
    """What a right click on a region of the picture opens."""
    box = desk.session.regions[index].boxes[0]
    place = desk.canvas.mapFromScene(QPointF((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2))
    viewport = desk.canvas.viewport()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, asked)
    (menu,) = open_menus(desk)
    return menu


def open_menus(desk: Desk) -> list[QMenu]:
    return [menu for menu in desk.window.findChildren(QMenu, "region_menu") if menu.isVisible()]


def read_again(desk: Desk, index: int) -> None:
    desk.choose_in_menu(menu_of(desk, index), "&Read this region again")


def words(desk: Desk) -> list[str]:
    return [region.text for region in desk.session.regions]


async def until_over(desk: Desk) -> None:
    await desk.until(lambda: desk.control.job is None)
    await desk.until_at_rest()


async def test_the_new_words_take_the_place_of_the_old_and_undo_brings_those_back(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, server, tmp_path)
    old = desk.session.regions[1]
    server.answer_with(streamed(BETTER))
    read_again(desk, 1)
    await desk.until(lambda: "Better words." in words(desk))
    await until_over(desk)
    assert words(desk) == ["A title", "Better words.", "Last words."]
    new = desk.session.regions[1]
    assert desk.session.selected == new.id != old.id
    assert new.boxes_999 == (), "the model's numbers were those of the part"
    assert abs(new.boxes[0].y_min - old.boxes[0].y_min) < 20
    assert len(desk.session.text_runs) == 1
    desk.actions["undo"].trigger()
    assert words(desk) == WORDS
    desk.actions["redo"].trigger()
    assert words(desk) == ["A title", "Better words.", "Last words."]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (streamed("Half of the wo", reason="length"), "broke off"),
        (streamed("Half of the wo", is_cut=True, reason=None, end=()), "broke off"),
        (streamed(""), "Nothing was read"),
    ],
    ids=["cut", "lost", "empty"],
)
async def test_what_does_not_come_whole_changes_nothing(
    script: Script, told: str, endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, server, tmp_path)
    server.answer_with(script)
    read_again(desk, 1)
    await until_over(desk)
    assert words(desk) == WORDS
    assert told in desk.bar.text


async def test_stop_leaves_the_region_as_it_was(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    desk, gate = endpoint_desk, Gate()
    await read_page(desk, server, tmp_path)
    server.answer_with(streamed("Half of ", gate, "it"))
    read_again(desk, 1)
    await gate.reached.waited()
    desk.click(desk.run_button)
    await until_over(desk)
    assert words(desk) == WORDS
    assert "as it was" in desk.bar.text


async def test_both_boxes_of_a_region_are_read_and_both_must_come(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, server, tmp_path, TWO_BOXES)
    server.answer_with(streamed("Left", reason="length"), streamed("Right"))
    read_again(desk, 1)
    await until_over(desk)
    assert words(desk) == ["A title", "Two columns."]
    assert "broke off" in desk.bar.text

    server.answer_with(streamed("Left"), streamed("Right"))
    read_again(desk, 1)
    await desk.until(lambda: "Right" in words(desk))
    assert words(desk) == ["A title", "Left", "Right"]
    left, right = desk.session.regions[1:]
    assert left.boxes[0].x_max < right.boxes[0].x_min, "words without boxes stand where they were looked for"
    assert Flag.NO_BOX not in left.flags


async def test_a_region_that_is_gone_meanwhile_gets_nothing(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await read_page(desk, server, tmp_path)
    server.answer_with(streamed(BETTER), streamed("Even ", gate, "better"))
    read_again(desk, 1)
    await desk.until(lambda: "Better words." in words(desk))
    await until_over(desk)
    read_again(desk, 1)
    await gate.reached.waited()
    desk.actions["undo"].trigger()
    gate.open()
    await until_over(desk)
    assert words(desk) == WORDS
    assert "gone" in desk.bar.text


async def test_words_go_to_their_own_picture_while_another_is_on_show(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await read_page(desk, server, tmp_path)
    server.answer_with(streamed(BETTER[:-4], gate, BETTER[-4:]))
    read_again(desk, 1)
    await gate.reached.waited()
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(page_file(tmp_path, "b.png", "Another"))
    await desk.until_shown("b.png")
    gate.open()
    await until_over(desk)
    assert words(desk) == []
    desk.choose_page(0)
    await desk.until_shown("a.png")
    await desk.until(lambda: words(desk) == ["A title", "Better words.", "Last words."])


async def test_the_text_stays_where_it_is_while_a_region_is_read_again(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    more = "".join(f"\n\nParagraph {number * number % 89} of a long page." for number in range(80))
    await read_page(desk, server, tmp_path, GROUNDED + more)
    view = desk.window.output.rendered_view
    await desk.until(lambda: view.is_caught_up)
    view.verticalScrollBar().setValue(0)
    server.answer_with(streamed("Better ", gate, "words."))
    read_again(desk, 1)
    await gate.reached.waited()
    assert view.verticalScrollBar().value() == 0
    gate.open()
    await until_over(desk)
    assert view.verticalScrollBar().value() == 0


async def test_a_menu_closes_when_another_picture_comes_on_show(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, server, tmp_path)
    menu_of(desk, 1)
    desk.actions["auto_read_never"].trigger()
    desk.window.open_files([page_file(tmp_path, "b.png", "Another")])
    await desk.until_shown("b.png")
    assert open_menus(desk) == []


async def test_looks_right_is_said_of_the_run_in_which_it_was_asked(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    doubtful = GROUNDED.replace("[[100, 150, 900, 400]]", "[[100, 150, 1900, 400]]")
    await read_page(desk, server, tmp_path, doubtful)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: len(desk.session.text_runs) == 2 and desk.control.job is None)
    desk.press_in_window(Qt.Key.Key_F8)
    assert "Doubt 1 of 1" in desk.bar.text
    desk.session.choose_run(0)
    assert desk.bar.text == "", "a doubt of another run is asked about no more"
    desk.press_in_window(Qt.Key.Key_F8)
    desk.take_choice("Looks right")
    assert [[type(edit) for edit in run.edits] for run in desk.session.text_runs] == [[Confirm], []]


async def test_a_part_that_is_drawn_becomes_a_run_of_its_own(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, server, tmp_path)
    server.answer_with(streamed(BETTER))
    start, end = desk.point_in_canvas(100, 100), desk.point_in_canvas(400, 300)
    drag(desk, start, end)
    area = desk.canvas.area
    assert area is not None
    desk.canvas.area_read_requested.emit(area)
    await desk.until(lambda: len(desk.session.text_runs) == 2 and desk.control.job is None)
    (region,) = desk.session.regions
    assert region.text == "Better words."
    assert region.boxes[0] == area, "boxes of a part stand on the page"
    assert desk.canvas.area is None, "what was drawn has done its work"
    assert not any(isinstance(edit, Splice) for run in desk.session.text_runs for edit in run.edits)
    desk.take_choice("Show what was before")
    assert words(desk) == WORDS


def drag(desk: Desk, start: QPoint, end: QPoint) -> None:
    from PySide6.QtTest import QTest

    from tests.support.canvas_events import move

    viewport = desk.canvas.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    move(desk.canvas, (start + end) / 2, Qt.MouseButton.LeftButton)
    move(desk.canvas, end, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
