"""Looking closer and moving about, on the canvas."""

from __future__ import annotations

import math

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QNativeGestureEvent,
    QPointingDevice,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.gui.canvas.zoom_view import LARGEST_ZOOM
from ocr_desktop.worker.pixels import PixelStore
from tests.support.canvas_events import (
    GREY,
    HEIGHT,
    LEFT,
    MIDDLE,
    WIDTH,
    click,
    collected,
    drag,
    look,
    page_at,
    seen_at,
    turn_wheel,
)
from tests.support.page_images import page_image


def test_ctrl_and_wheel_zoom_at_the_pointer(canvas: Canvas) -> None:
    canvas.zoom_to(1.5)
    position = QPoint(180, 420)
    kept = page_at(canvas, position)
    zooms = collected(canvas.zoom_changed)
    for notches in (1, 1, 3, -2, 0.5):
        turn_wheel(canvas, position, notches, Qt.KeyboardModifier.ControlModifier)
        now = page_at(canvas, position)
        assert math.hypot(now.x() - kept.x(), now.y() - kept.y()) * canvas.zoom <= 3
    assert zooms[0] > 1.5
    assert zooms[-1] == canvas.zoom
    assert not canvas.is_fitted


def test_a_wheel_alone_scrolls(canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    before = page_at(canvas, QPoint(0, 0))
    turn_wheel(canvas, QPoint(100, 100), -1)
    after = page_at(canvas, QPoint(0, 0))
    assert canvas.zoom == 2.0
    assert after.y() > before.y()
    assert after.x() == before.x()


def test_a_pinch_zooms_where_it_is_made(canvas: Canvas) -> None:
    canvas.zoom_to(1.0)
    position = QPoint(300, 200)
    kept = page_at(canvas, position)
    QApplication.sendEvent(
        canvas.viewport(),
        QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture,
            QPointingDevice.primaryPointingDevice(),
            2,
            QPointF(position),
            QPointF(position),
            QPointF(position),
            0.5,
            QPointF(),
        ),
    )
    assert canvas.zoom == pytest.approx(1.5)
    now = page_at(canvas, position)
    assert math.hypot(now.x() - kept.x(), now.y() - kept.y()) <= 1.5


def test_middle_drag_moves_the_page_with_the_pointer(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    start, end = QPoint(400, 300), QPoint(330, 250)
    kept = page_at(canvas, start)
    drag(qtbot, canvas, start, end, MIDDLE)
    assert page_at(canvas, end) == kept


def test_space_and_drag_move_the_page_and_choose_nothing(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    canvas.zoom_to(2.0)
    start, end = QPoint(400, 300), QPoint(330, 250)
    kept = page_at(canvas, start)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, canvas, start, end, LEFT)
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=end)
    assert page_at(canvas, end) == kept
    assert chosen == []
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=end)
    assert len(chosen) == 1


def test_space_that_is_let_go_elsewhere_is_not_held_here(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    canvas.clearFocus()
    click(qtbot, canvas, 300, 450)
    assert chosen == [2]


def test_a_drag_without_space_neither_moves_nor_chooses(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    canvas.zoom_to(2.0)
    kept = page_at(canvas, QPoint(0, 0))
    drag(qtbot, canvas, QPoint(400, 300), QPoint(330, 250), LEFT)
    assert page_at(canvas, QPoint(0, 0)) == kept
    assert chosen == []


def test_a_page_is_fitted_and_stays_so_when_the_window_changes(qtbot: QtBot, canvas: Canvas) -> None:
    for width, height in ((800, 600), (500, 900), (1000, 300)):
        canvas.resize(width, height)
        qtbot.waitUntil(lambda size=(width, height): canvas.size().toTuple() == size)
        viewport = canvas.viewport().rect()
        assert viewport.contains(seen_at(canvas, 0, 0))
        assert viewport.contains(seen_at(canvas, WIDTH, HEIGHT))
        assert not canvas.horizontalScrollBar().maximum()
        assert not canvas.verticalScrollBar().maximum()
    canvas.zoom_to_actual_size()
    canvas.resize(700, 700)
    assert canvas.zoom == 1.0
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.is_fitted
    assert canvas.viewport().rect().contains(seen_at(canvas, WIDTH, HEIGHT))


def test_zooming_by_steps_meets_full_size_and_ends_at_the_limits(canvas: Canvas) -> None:
    met = set()
    while canvas.zoom < LARGEST_ZOOM:
        canvas.zoom_in()
        met.add(canvas.zoom)
    assert {1.0, 2.0, 32.0} <= met
    for _ in range(40):
        canvas.zoom_out()
    assert canvas.zoom == pytest.approx(0.02)


def test_at_full_size_each_page_pixel_is_a_screen_pixel(canvas: Canvas, store: PixelStore) -> None:
    noise = Image.effect_noise((900, 700), 80).convert("RGB")
    image = page_image(store, noise)
    canvas.show_page(image)
    canvas.zoom_to_actual_size()
    seen = look(canvas)
    corner = page_at(canvas, QPoint(0, 0))
    for x, y in ((10, 10), (333, 222), (500, 500)):
        column, row = round(corner.x()) + x, round(corner.y()) + y
        assert seen.pixelColor(x, y).getRgb()[:3] == noise.getpixel((column, row))
    canvas.show_page(None)
    image.close()


@pytest.mark.parametrize("zoom", [0.031, 0.3, 0.47, 0.77, 1.37, 2.6, 7.3])
def test_no_seam_shows_between_tiles(canvas: Canvas, zoom: float) -> None:
    canvas.set_boxes_visible(False)
    canvas.zoom_to(zoom)
    canvas.centerOn(1024, 1024)
    seen = look(canvas)
    top_left, bottom_right = seen_at(canvas, 0, 0) + QPoint(2, 2), seen_at(canvas, WIDTH, HEIGHT) - QPoint(2, 2)
    columns = range(max(top_left.x(), 0), min(bottom_right.x(), seen.width()))
    rows = range(max(top_left.y(), 0), min(bottom_right.y(), seen.height()))
    middle = rows[len(rows) // 2], columns[len(columns) // 2]
    assert {seen.pixelColor(x, middle[0]).getRgb()[:3] for x in columns} == {GREY}
    assert {seen.pixelColor(middle[1], y).getRgb()[:3] for y in rows} == {GREY}


def test_enter_brings_the_selected_region_close_and_enter_again_goes_back(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(0.8)
    canvas.centerOn(700, 600)
    before = page_at(canvas, QPoint(200, 200))
    canvas.select_region(2)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.zoom > 2
    viewport = canvas.viewport().rect()
    assert viewport.contains(seen_at(canvas, 200, 400))
    assert viewport.contains(seen_at(canvas, 400, 500))
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    after = page_at(canvas, QPoint(200, 200))
    assert canvas.zoom == pytest.approx(0.8)
    assert math.hypot(after.x() - before.x(), after.y() - before.y()) < 4


def test_a_double_click_brings_a_region_close_and_another_fits_again(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    for fitted in (False, True):
        position = seen_at(canvas, 300, 450)
        qtbot.mouseClick(canvas.viewport(), LEFT, pos=position)
        qtbot.mouseDClick(canvas.viewport(), LEFT, pos=position)
        assert canvas.is_fitted == fitted
    assert chosen == [2, 2]


def test_going_close_to_several_regions_leads_back_to_where_it_began(canvas: Canvas) -> None:
    for region_id in (2, 0, 3, 3):
        canvas.zoom_to_region(region_id)
    assert canvas.is_fitted


def test_after_zooming_by_hand_a_region_is_brought_close_again(canvas: Canvas) -> None:
    canvas.zoom_to_region(2)
    close = canvas.zoom
    canvas.zoom_to(0.3)
    canvas.zoom_to_region(2)
    assert canvas.zoom == close
    canvas.zoom_to_region(2)
    assert canvas.zoom == pytest.approx(0.3)


def test_a_turned_page_answers_where_it_is_seen(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    canvas.set_turns(1)
    assert seen_at(canvas, 0, 0).x() > seen_at(canvas, 0, HEIGHT).x()
    assert canvas.viewport().rect().contains(seen_at(canvas, WIDTH, 0))
    click(qtbot, canvas, 300, 450)
    assert chosen == [2]


def test_turning_fits_a_fitted_page_again_and_keeps_what_was_looked_at_closely(canvas: Canvas) -> None:
    for turns in (1, 2, 3, 0):
        canvas.set_turns(turns)
        assert canvas.is_fitted
        for x, y in ((0, 0), (WIDTH, HEIGHT)):
            assert canvas.viewport().rect().contains(seen_at(canvas, x, y))
    canvas.zoom_to(2.0)
    canvas.centerOn(700, 500)
    for turns in (1, 2, 3, 0):
        canvas.set_turns(turns)
        middle = page_at(canvas, canvas.viewport().rect().center())
        assert math.hypot(middle.x() - 700, middle.y() - 500) < 4
        assert canvas.zoom == 2.0


@pytest.mark.parametrize("turns", range(4))
def test_the_name_of_a_region_stands_at_its_box_at_every_turn(canvas: Canvas, turns: int) -> None:
    canvas.set_turns(turns)
    canvas.hover_region(2)
    tag = next(item for item in canvas.scene().items() if getattr(item, "text", "") == "Table")
    box = canvas.viewportTransform().mapRect(QRectF(200, 400, 200, 100))
    place = canvas.viewportTransform().map(tag.pos())
    assert abs(place.x() - box.left()) <= 1
    assert -40 < place.y() - box.top() < 0


def test_an_area_of_the_page_is_brought_close(canvas: Canvas) -> None:
    canvas.zoom_to_area(PixelBox(1400, 1000, 1500, 1100))
    assert canvas.zoom > 2
    assert canvas.viewport().rect().contains(seen_at(canvas, 1400, 1000))
    assert canvas.viewport().rect().contains(seen_at(canvas, 1500, 1100))
