"""Pointing at boxes and choosing them, on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import (
    GREY,
    click,
    collected,
    look,
    move,
    page_at,
    region,
    seen_at,
    tag_text,
)


def test_a_click_chooses_the_smallest_box_and_a_click_beside_clears(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    click(qtbot, canvas, 300, 450)
    click(qtbot, canvas, 600, 1000)
    click(qtbot, canvas, 750, 1150)
    assert chosen == [2, 1, None]


def test_what_the_program_selects_is_not_told_as_a_choice(canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    pointed = collected(canvas.region_hovered)
    canvas.select_region(2)
    canvas.hover_region(1)
    canvas.select_region(None)
    assert chosen == []
    assert pointed == []


def test_a_selected_region_stands_out_with_all_its_boxes(canvas: Canvas) -> None:
    before = look(canvas)
    canvas.select_region(3)
    after = look(canvas)
    for x, y in ((1100, 400), (1100, 800)):
        inside = seen_at(canvas, x, y)
        assert before.pixelColor(inside) == QColor(*GREY)
        assert after.pixelColor(inside) != QColor(*GREY)
    between = seen_at(canvas, 1100, 600)
    assert after.pixelColor(between) == QColor(*GREY)


def test_a_screen_reader_is_told_what_is_selected(qtbot: QtBot, canvas: Canvas) -> None:
    assert canvas.accessibleName()
    click(qtbot, canvas, 300, 450)
    assert "words 2" in canvas.accessibleDescription()
    canvas.select_region(None)
    assert "words 2" not in canvas.accessibleDescription()


def test_pointing_at_a_box_names_it_and_leaving_tells(canvas: Canvas) -> None:
    pointed = collected(canvas.region_hovered)
    move(canvas, seen_at(canvas, 300, 450))
    assert tag_text(canvas) == "Table"
    move(canvas, seen_at(canvas, 310, 460))
    move(canvas, seen_at(canvas, 600, 1000))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert pointed == [2, 1, None]
    assert tag_text(canvas) == ""


def test_the_name_goes_with_its_box_and_out_of_view(canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    canvas.centerOn(300, 450)
    canvas.hover_region(2)
    assert tag_text(canvas) == "Table"
    canvas.centerOn(1500, 1100)
    assert tag_text(canvas) == ""
    canvas.centerOn(300, 450)
    assert tag_text(canvas) == "Table"


@pytest.mark.parametrize("turns", range(4))
def test_what_is_selected_elsewhere_comes_into_sight(canvas: Canvas, turns: int) -> None:
    canvas.set_turns(turns)
    canvas.zoom_to(2.5)
    canvas.centerOn(1500, 1100)
    assert not canvas.viewport().rect().contains(seen_at(canvas, 210, 410))
    canvas.select_region(2, scroll_to=True)
    for x, y in ((201, 401), (399, 401), (201, 499), (399, 499)):
        assert canvas.viewport().rect().contains(seen_at(canvas, x, y))


@pytest.mark.parametrize("turns", range(4))
def test_of_a_region_larger_than_the_view_the_beginning_of_its_first_box_comes_into_sight(
    canvas: Canvas, turns: int
) -> None:
    canvas.set_turns(turns)
    canvas.zoom_to(2.0)
    canvas.centerOn(100, 1150)
    canvas.select_region(3, scroll_to=True)
    seen = canvas.viewportTransform().mapRect(QRectF(800, 300, 700, 200))
    room = canvas.viewport().rect()
    assert room.adjusted(-1, -1, 1, 1).contains(seen.topLeft().toPoint())


def test_what_is_in_sight_already_does_not_move(canvas: Canvas) -> None:
    canvas.zoom_to(1.0)
    canvas.centerOn(1150, 400)
    before = canvas.viewportTransform()
    canvas.select_region(3, scroll_to=True)
    assert canvas.viewportTransform() == before


def menus_of(canvas: Canvas) -> list[tuple[int, QPoint]]:
    wanted: list[tuple[int, QPoint]] = []
    canvas.region_menu_requested.connect(lambda region_id, place: wanted.append((region_id, place)))
    return wanted


def ask_for_menu(canvas: Canvas, reason: QContextMenuEvent.Reason, position: QPoint) -> None:
    target = canvas.viewport() if reason == QContextMenuEvent.Reason.Mouse else canvas
    QApplication.sendEvent(target, QContextMenuEvent(reason, position, target.mapToGlobal(position)))


def test_the_right_button_asks_for_a_menu_of_the_region_there_and_selects_it(canvas: Canvas) -> None:
    menus = menus_of(canvas)
    chosen = collected(canvas.region_selected)
    position = seen_at(canvas, 300, 450)
    ask_for_menu(canvas, QContextMenuEvent.Reason.Mouse, position)
    ask_for_menu(canvas, QContextMenuEvent.Reason.Mouse, seen_at(canvas, 750, 1150))
    assert menus == [(2, canvas.viewport().mapToGlobal(position))]
    assert chosen == [2]


def test_the_menu_key_asks_for_a_menu_at_the_selected_region(canvas: Canvas) -> None:
    menus = menus_of(canvas)
    ask_for_menu(canvas, QContextMenuEvent.Reason.Keyboard, QPoint(1, 1))
    assert menus == []
    canvas.select_region(2)
    ask_for_menu(canvas, QContextMenuEvent.Reason.Keyboard, QPoint(1, 1))
    region_id, place = menus[0]
    assert region_id == 2
    seen = page_at(canvas, canvas.viewport().mapFromGlobal(place))
    assert QRectF(200, 400, 200, 100).contains(seen)


def test_a_label_without_end_is_named_in_a_short_line(canvas: Canvas) -> None:
    canvas.show_regions((region(0, (100, 100, 500, 500), label="made up\n" * 1000),))
    canvas.hover_region(0)
    assert tag_text(canvas).startswith("made up made up")
    assert len(tag_text(canvas)) < 50
