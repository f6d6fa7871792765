"""Drawing an area on the canvas with the mouse, changing it, and what its bar offers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.canvas.area_bar import AreaBar
from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import (
    HEIGHT,
    LEFT,
    WIDTH,
    click,
    collected,
    drag,
    look,
    move,
    page_at,
    seen_at,
)


def draw_area(qtbot: QtBot, canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    drag(qtbot, canvas, seen_at(canvas, *start), seen_at(canvas, *end), LEFT)


def bar_of(canvas: Canvas) -> AreaBar | None:
    """The bar at the area, where it is to be seen."""
    bar = canvas.findChild(AreaBar)
    return bar if bar is not None and bar.isVisible() else None


def button_of(canvas: Canvas, name: str) -> QToolButton:
    button = canvas.findChild(QToolButton, name)
    assert button is not None
    return button


def is_near(box: PixelBox | None, wanted: tuple[float, float, float, float], reach: float) -> bool:
    assert box is not None
    return all(
        abs(one - other) <= reach
        for one, other in zip((box.x_min, box.y_min, box.x_max, box.y_max), wanted, strict=True)
    )


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("zoom", [None, 0.7, 1.6])
def test_a_drag_draws_an_area_of_whole_page_pixels_and_chooses_nothing(
    qtbot: QtBot, canvas: Canvas, zoom: float | None, turns: int
) -> None:
    chosen = collected(canvas.region_selected)
    canvas.set_turns(turns)
    if zoom is not None:
        canvas.zoom_to(zoom)
        canvas.centerOn(730, 555)
    draw_area(qtbot, canvas, (650, 500), (810, 610))
    assert is_near(canvas.area, (650, 500, 810, 610), 1 + 1 / canvas.zoom)
    assert canvas.area is not None
    assert all(float(value).is_integer() for value in (canvas.area.x_min, canvas.area.y_max))
    assert bar_of(canvas) is not None
    assert chosen == []


def test_it_does_not_matter_from_which_corner_it_is_drawn(qtbot: QtBot, canvas: Canvas) -> None:
    draw_area(qtbot, canvas, (900, 700), (500, 400))
    assert is_near(canvas.area, (500, 400, 900, 700), 4)


def test_an_area_ends_at_the_edge_of_the_page(qtbot: QtBot, canvas: Canvas) -> None:
    start, end = seen_at(canvas, 1200, 900), seen_at(canvas, WIDTH, HEIGHT) + QPoint(12, 12)
    drag(qtbot, canvas, start, end, LEFT)
    assert is_near(canvas.area, (1200, 900, WIDTH, HEIGHT), 4)
    assert canvas.area is not None
    assert (canvas.area.x_max, canvas.area.y_max) == (WIDTH, HEIGHT)


def test_an_area_beside_the_page_is_none(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(0.2)
    drag(qtbot, canvas, QPoint(5, 5), QPoint(60, 60), LEFT)
    assert canvas.area is None
    assert bar_of(canvas) is None


def test_a_drag_too_small_to_be_meant_is_nothing_and_no_click_either(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    start = seen_at(canvas, 600, 600)
    drag(qtbot, canvas, start, start + QPoint(40, 3), LEFT)
    assert canvas.area is None
    assert bar_of(canvas) is None
    canvas.zoom_to(20)
    canvas.centerOn(600, 600)
    draw_area(qtbot, canvas, (598, 598), (601, 601))
    assert canvas.area is None
    assert chosen == []


def test_while_it_is_drawn_its_size_is_shown_and_no_bar(qtbot: QtBot, canvas: Canvas) -> None:
    start = seen_at(canvas, 500, 400)
    qtbot.mousePress(canvas.viewport(), LEFT, pos=start)
    for end in (seen_at(canvas, 700, 600), seen_at(canvas, 900, 700)):
        move(canvas, end, LEFT)
    assert canvas.area is not None
    shown = [getattr(item, "text", "") for item in canvas.scene().items()]
    assert f"{canvas.area.width:.0f} × {canvas.area.height:.0f}" in shown
    assert bar_of(canvas) is None
    qtbot.mouseRelease(canvas.viewport(), LEFT, pos=end)
    assert bar_of(canvas) is not None


def test_its_bar_asks_to_read_it_and_to_copy_its_picture(qtbot: QtBot, canvas: Canvas) -> None:
    read, copied = collected(canvas.area_read_requested), collected(canvas.area_copy_requested)
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    qtbot.mouseClick(button_of(canvas, "area_read_button"), LEFT)
    qtbot.mouseClick(button_of(canvas, "area_copy_button"), LEFT)
    assert read == copied == [canvas.area]
    assert bar_of(canvas) is not None


def test_its_bar_is_reached_by_tab_and_gives_the_keys_back(qtbot: QtBot, canvas: Canvas) -> None:
    read = collected(canvas.area_read_requested)
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(canvas)
    layout.addWidget(QToolButton(window))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    canvas.setFocus()
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    for name in ("area_read_button", "area_copy_button"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is button_of(canvas, name)
        assert focused.accessibleName()
    qtbot.keyClick(focused, Qt.Key.Key_Backtab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert read == [canvas.area]
    assert canvas.clear_area()
    assert canvas.area is None
    assert bar_of(canvas) is None
    assert canvas.hasFocus()
    canvas.setParent(None)


def test_while_something_is_read_it_cannot_be_read_but_copied(qtbot: QtBot, canvas: Canvas) -> None:
    read, copied = collected(canvas.area_read_requested), collected(canvas.area_copy_requested)
    canvas.set_area_reading_enabled(False)
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    qtbot.mouseClick(button_of(canvas, "area_read_button"), LEFT)
    qtbot.mouseClick(button_of(canvas, "area_copy_button"), LEFT)
    assert (read, copied) == ([], [canvas.area])
    assert button_of(canvas, "area_read_button").toolTip()
    canvas.set_area_reading_enabled(True)
    qtbot.mouseClick(button_of(canvas, "area_read_button"), LEFT)
    assert read == [canvas.area]


def test_another_area_replaces_it_and_a_click_elsewhere_takes_it_away(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    draw_area(qtbot, canvas, (500, 600), (700, 800))
    draw_area(qtbot, canvas, (900, 950), (1300, 1100))
    assert is_near(canvas.area, (900, 950, 1300, 1100), 4)
    click(qtbot, canvas, 300, 450)
    assert canvas.area is None
    assert bar_of(canvas) is None
    assert chosen == [2]
    assert not canvas.clear_area()


def test_a_click_into_it_or_beside_the_buttons_of_its_bar_leaves_it(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    draw_area(qtbot, canvas, (850, 350), (1300, 650))
    bar = bar_of(canvas)
    assert bar is not None
    qtbot.mouseClick(bar, LEFT, pos=QPoint(1, 1))
    assert canvas.area is not None
    assert chosen == []
    click(qtbot, canvas, 1000, 450)
    assert canvas.area is not None
    assert chosen == [3]


def test_another_page_has_no_area(qtbot: QtBot, canvas: Canvas) -> None:
    draw_area(qtbot, canvas, (500, 600), (700, 800))
    before = look(canvas)
    canvas.show_page(None)
    assert canvas.area is None
    assert bar_of(canvas) is None
    assert look(canvas) != before
    drag(qtbot, canvas, QPoint(100, 100), QPoint(300, 300), LEFT)
    assert canvas.area is None


@pytest.mark.parametrize("turns", [0, 1])
def test_its_bar_stays_with_it_and_goes_out_of_sight_with_it(qtbot: QtBot, canvas: Canvas, turns: int) -> None:
    canvas.set_turns(turns)
    canvas.zoom_to(2.0)
    canvas.centerOn(700, 600)
    draw_area(qtbot, canvas, (650, 560), (750, 640))
    bar = bar_of(canvas)
    assert bar is not None
    before = bar.pos()
    canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().value() + 40)
    assert bar.pos() == before - QPoint(40, 0)
    canvas.zoom_to(0.3)
    assert canvas.viewport().rect().contains(bar.geometry())
    canvas.zoom_to(2.0)
    for x, y in ((100, 100), (1500, 1100)):
        canvas.centerOn(x, y)
        assert bar_of(canvas) is None
    canvas.centerOn(700, 600)
    assert bar_of(canvas) is not None
    canvas.show_area(canvas.sceneRect())
    assert canvas.viewport().rect().contains(bar.geometry())


@pytest.mark.parametrize("turns", range(4))
def test_its_edges_and_corners_can_be_drawn_and_its_inside_moves_it(qtbot: QtBot, canvas: Canvas, turns: int) -> None:
    canvas.set_turns(turns)
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    draw_area(qtbot, canvas, (900, 700), (1000, 800))
    assert is_near(canvas.area, (500, 400, 1000, 800), 6)
    draw_area(qtbot, canvas, (500, 600), (300, 650))
    assert is_near(canvas.area, (300, 400, 1000, 800), 8)
    draw_area(qtbot, canvas, (650, 400), (650, 900))
    assert is_near(canvas.area, (300, 800, 1000, 900), 10)
    draw_area(qtbot, canvas, (650, 850), (750, 650))
    assert is_near(canvas.area, (400, 600, 1100, 700), 12)
    draw_area(qtbot, canvas, (750, 650), (750, -500))
    assert is_near(canvas.area, (400, 0, 1100, 100), 14)


def test_the_pointer_shows_what_a_drag_would_do(qtbot: QtBot, canvas: Canvas) -> None:
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    shapes = []
    for x, y in ((500, 400), (900, 400), (700, 400), (500, 550), (700, 550), (200, 200)):
        move(canvas, seen_at(canvas, x, y))
        shapes.append(canvas.viewport().cursor().shape())
    assert shapes == [
        Qt.CursorShape.SizeFDiagCursor,
        Qt.CursorShape.SizeBDiagCursor,
        Qt.CursorShape.SizeVerCursor,
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.SizeAllCursor,
        Qt.CursorShape.ArrowCursor,
    ]
    move(canvas, seen_at(canvas, 500, 400))
    canvas.clear_area()
    move(canvas, seen_at(canvas, 500, 400))
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_at_the_edge_of_the_view_a_drag_scrolls_on(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(2.0)
    canvas.centerOn(600, 500)
    start = seen_at(canvas, 600, 500)
    begun = page_at(canvas, start)
    edge = QPoint(canvas.viewport().width() - 2, canvas.viewport().height() - 2)
    qtbot.mousePress(canvas.viewport(), LEFT, pos=start)
    move(canvas, start + QPoint(60, 60), LEFT)
    move(canvas, edge, LEFT)
    qtbot.waitUntil(lambda: canvas.area is not None and canvas.area.x_max == WIDTH and canvas.area.y_max == HEIGHT)
    qtbot.mouseRelease(canvas.viewport(), LEFT, pos=edge)
    assert canvas.area is not None
    assert QPointF(canvas.area.x_min, canvas.area.y_min) == begun
    value = canvas.verticalScrollBar().value()
    canvas.verticalScrollBar().setValue(0)
    assert value > 0


def test_an_area_that_is_taken_away_while_it_is_drawn_stays_away(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    start = seen_at(canvas, 500, 400)
    qtbot.mousePress(canvas.viewport(), LEFT, pos=start)
    move(canvas, start + QPoint(80, 60), LEFT)
    assert canvas.clear_area()
    move(canvas, start + QPoint(120, 90), LEFT)
    assert canvas.area is None
    qtbot.mouseRelease(canvas.viewport(), LEFT, pos=start + QPoint(120, 90))
    assert canvas.area is None
    assert chosen == []


def test_keys_on_its_bar_press_the_button_and_change_nothing_else(qtbot: QtBot, canvas: Canvas) -> None:
    toggled, copied = collected(canvas.boxes_toggled), collected(canvas.area_copy_requested)
    canvas.select_region(1)
    draw_area(qtbot, canvas, (500, 400), (900, 700))
    canvas.zoom_to(0.7)
    button = button_of(canvas, "area_copy_button")
    button.setFocus()
    for key in (Qt.Key.Key_F, Qt.Key.Key_H, Qt.Key.Key_Plus, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(button, key)
    assert copied == [canvas.area, canvas.area]
    assert toggled == []
    assert canvas.zoom == 0.7
