"""Pointing at boxes and choosing them, on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import (
    QColor,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import (
    GREY,
    click,
    collected,
    look,
    move,
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


def test_stepping_goes_in_reading_order_over_what_has_boxes_and_stays_at_the_ends(canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    for step in (1, 1, 1, 1, 1, -1):
        canvas.select_next_region(step)
    assert chosen == [0, 1, 2, 3, 3, 2]
    canvas.select_region(None)
    canvas.select_next_region(-1)
    assert chosen[-1] == 3


def test_stepping_brings_the_region_into_view(canvas: Canvas) -> None:
    canvas.zoom_to(3.0)
    canvas.centerOn(1500, 1100)
    canvas.select_region(0)
    assert not canvas.viewport().rect().contains(seen_at(canvas, 300, 450))
    canvas.select_region(1)
    canvas.select_next_region(1)
    assert canvas.viewport().rect().contains(seen_at(canvas, 300, 450))
