"""Selecting words on the picture with the mouse and the keyboard, and copying them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Line
from ocr_desktop.gui.canvas.view import FOUND, Canvas
from tests.support.canvas_events import (
    GREY,
    LEFT,
    MIDDLE,
    click,
    collected,
    drag,
    look,
    move,
    region,
    rendered,
    screen,
    seen_at,
)

CHARACTER, HEIGHT = 20, 40
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def line(text: str, x: float, y: float) -> Line:
    """A line of letters that are 20 page pixels wide and 40 high."""
    right, bottom = x + CHARACTER * len(text), y + HEIGHT
    edges = tuple(index / len(text) for index in range(len(text) + 1))
    return Line(text, ((x, y), (right, y), (right, bottom), (x, bottom)), 1.0, edges)


LINES = (
    line("The title of it", 200, 100),
    line("left column begins", 200, 300),
    line("and goes on, don't it", 200, 360),
    line("the right column", 900, 300),
    line("最后一行，完。", 900, 360),
)
"""Two columns under a title."""


@pytest.fixture
def words(canvas: Canvas) -> Canvas:
    canvas.show_lines(LINES)
    return canvas


def at(canvas: Canvas, number: int, index: float) -> QPoint:
    """Where a place of a line is seen: so many characters from its beginning, at half its height."""
    x, y = LINES[number].quad[0]
    return seen_at(canvas, x + CHARACTER * index, y + HEIGHT / 2)


def select(qtbot: QtBot, canvas: Canvas, start: tuple[int, float], end: tuple[int, float]) -> str:
    drag(qtbot, canvas, at(canvas, *start), at(canvas, *end), LEFT)
    return canvas.selected_words


def press(qtbot: QtBot, canvas: Canvas, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    qtbot.keyClick(canvas, key, modifiers)
    return canvas.selected_words


def shape(canvas: Canvas) -> Qt.CursorShape:
    return canvas.viewport().cursor().shape()


def test_the_pointer_over_words_is_an_i_beam_and_no_longer_beside_them(words: Canvas) -> None:
    move(words, at(words, 1, 3))
    assert shape(words) == Qt.CursorShape.IBeamCursor
    move(words, seen_at(words, 300, 700))
    assert shape(words) == Qt.CursorShape.ArrowCursor
    move(words, at(words, 1, 3), modifiers=CONTROL)
    assert shape(words) == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize("turns", range(4))
def test_a_drag_selects_words_in_reading_order_and_draws_no_area(qtbot: QtBot, words: Canvas, turns: int) -> None:
    words.set_turns(turns)
    chosen = collected(words.region_selected)
    assert select(qtbot, words, (1, 5), (3, 9)) == "column begins\nand goes on, don't it\nthe right"
    assert words.area is None
    assert chosen == []


def test_it_does_not_matter_in_which_direction_words_are_selected(qtbot: QtBot, words: Canvas) -> None:
    assert select(qtbot, words, (2, 3), (1, 12)) == "begins\nand"


def test_a_drag_that_ends_beside_the_words_goes_to_the_nearest(qtbot: QtBot, words: Canvas) -> None:
    drag(qtbot, words, at(words, 3, 4), seen_at(words, 1500, 390), LEFT)
    assert words.selected_words == "right column\n最后一行，完。"


def test_selected_words_stand_out_and_nothing_else(qtbot: QtBot, words: Canvas) -> None:
    words.show_regions(())
    select(qtbot, words, (1, 5), (1, 11))
    picture = look(words)
    assert picture.pixelColor(at(words, 1, 8)) != QColor(*GREY)
    assert picture.pixelColor(at(words, 1, 3)) == QColor(*GREY)
    assert picture.pixelColor(at(words, 2, 8)) == QColor(*GREY)


def test_what_is_selected_less_is_gone_from_the_screen(qtbot: QtBot, words: Canvas) -> None:
    qtbot.mousePress(words.viewport(), LEFT, pos=at(words, 1, 2))
    for place in ((2, 20), (3, 4), (1, 9)):
        move(words, at(words, *place), LEFT)
        qtbot.waitUntil(lambda: screen(words) == rendered(words))
    qtbot.mouseRelease(words.viewport(), LEFT, pos=at(words, 1, 9))
    assert words.selected_words == "ft colu"


@pytest.mark.parametrize("held", [CONTROL, ALT])
def test_with_a_key_held_an_area_is_drawn_over_words(qtbot: QtBot, words: Canvas, held: Qt.KeyboardModifier) -> None:
    drag(qtbot, words, at(words, 1, 2), at(words, 4, 4), LEFT, held)
    assert words.area is not None
    assert words.selected_words == ""


def test_beside_words_a_drag_draws_an_area_and_one_selection_ends_the_other(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 0), (1, 4))
    drag(qtbot, words, seen_at(words, 200, 700), seen_at(words, 600, 900), LEFT)
    assert words.area is not None
    assert words.selected_words == ""
    assert select(qtbot, words, (1, 0), (1, 4)) == "left"
    assert words.area is None


def test_a_click_on_words_chooses_their_region_and_selects_none(qtbot: QtBot, words: Canvas) -> None:
    chosen = collected(words.region_selected)
    select(qtbot, words, (1, 0), (1, 4))
    click(qtbot, words, 300, 320)
    assert chosen == [1]
    assert words.selected_words == ""


def test_a_hit_over_words_keeps_the_mouse_for_itself(qtbot: QtBot, words: Canvas) -> None:
    words.show_found((region(7, (200, 300, 300, 340), label="match"),))
    clicked: list[tuple[str, int]] = []
    words.hit_clicked.connect(lambda layer, number: clicked.append((layer, number)))
    move(words, at(words, 1, 2))
    assert shape(words) == Qt.CursorShape.ArrowCursor
    qtbot.mouseClick(words.viewport(), LEFT, pos=at(words, 1, 2))
    assert clicked == [(FOUND, 7)]
    assert select(qtbot, words, (1, 6), (1, 11)) == "olumn"


def test_words_too_small_to_be_read_are_left_alone(qtbot: QtBot, words: Canvas) -> None:
    words.zoom_to(0.1)
    assert select(qtbot, words, (1, 0), (2, 10)) == ""
    words.clear_area()
    words.zoom_to(0.3)
    assert select(qtbot, words, (1, 0), (2, 9)).startswith("left column begins\nand g")


def test_the_middle_button_and_space_move_the_page(qtbot: QtBot, words: Canvas) -> None:
    words.zoom_to(2.0)
    words.centerOn(300, 320)
    before = at(words, 1, 4)
    drag(qtbot, words, before, before + QPoint(30, 20), MIDDLE)
    assert words.selected_words == ""
    assert at(words, 1, 4) == before + QPoint(30, 20)
    qtbot.keyPress(words, Qt.Key.Key_Space)
    assert select(qtbot, words, (1, 4), (1, 8)) == ""
    assert words.area is None
    qtbot.keyRelease(words, Qt.Key.Key_Space)


def double_click(qtbot: QtBot, canvas: Canvas, position: QPoint) -> None:
    """As a mouse does it: the second press is told as a double click."""
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=position)
    qtbot.mouseDClick(canvas.viewport(), LEFT, pos=position)


@pytest.mark.parametrize(
    ("place", "word"), [((1, 7.5), "column"), ((2, 15.5), "don't"), ((4, 1.5), "最后一行"), ((2, 11.5), ",")]
)
def test_a_double_click_selects_a_word_and_does_not_zoom(
    qtbot: QtBot, words: Canvas, place: tuple[int, float], word: str
) -> None:
    zoom = words.zoom
    double_click(qtbot, words, at(words, *place))
    assert words.selected_words == word
    assert words.zoom == zoom


def test_beside_words_a_double_click_goes_close_to_the_region(qtbot: QtBot, words: Canvas) -> None:
    zoom = words.zoom
    double_click(qtbot, words, seen_at(words, 500, 900))
    assert words.zoom > zoom


def test_after_a_double_click_the_selection_grows_by_words(qtbot: QtBot, words: Canvas) -> None:
    viewport = words.viewport()
    qtbot.mouseDClick(viewport, LEFT, pos=at(words, 1, 7.5))
    qtbot.mouseDClick(viewport, LEFT, pos=at(words, 1, 7.5))
    assert words.selected_words == "column"
    qtbot.mousePress(viewport, LEFT, SHIFT, at(words, 2, 5.5))
    move(words, at(words, 2, 5.5), LEFT)
    assert words.selected_words == "column begins\nand goes"
    move(words, at(words, 1, 1.5), LEFT)
    qtbot.mouseRelease(viewport, LEFT, pos=at(words, 1, 1.5))
    assert words.selected_words == "left column"


def test_a_third_click_selects_the_line(qtbot: QtBot, words: Canvas) -> None:
    double_click(qtbot, words, at(words, 2, 5))
    qtbot.mouseClick(words.viewport(), LEFT, pos=at(words, 2, 5))
    assert words.selected_words == "and goes on, don't it"


def test_a_click_with_shift_takes_the_selection_there(qtbot: QtBot, words: Canvas) -> None:
    chosen = collected(words.region_selected)
    select(qtbot, words, (1, 5), (1, 8))
    qtbot.mouseClick(words.viewport(), LEFT, SHIFT, at(words, 2, 3))
    assert words.selected_words == "column begins\nand"
    qtbot.mouseClick(words.viewport(), LEFT, SHIFT, at(words, 1, 0))
    assert words.selected_words == "left "
    assert chosen == []


def test_all_words_are_selected_and_copied_by_key(qtbot: QtBot, words: Canvas) -> None:
    press(qtbot, words, Qt.Key.Key_A, CONTROL)
    press(qtbot, words, Qt.Key.Key_C, CONTROL)
    mime = QApplication.clipboard().mimeData()
    assert mime.text() == "\n".join(each.text for each in LINES)
    assert not mime.hasHtml()


def test_the_keyboard_takes_the_end_of_the_selection_along(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 5), (1, 8))
    steps = [
        (Qt.Key.Key_Right, SHIFT, "colu"),
        (Qt.Key.Key_Right, SHIFT | CONTROL, "column"),
        (Qt.Key.Key_End, SHIFT, "column begins"),
        (Qt.Key.Key_Right, SHIFT, "column begins"),
        (Qt.Key.Key_Right, SHIFT | CONTROL, "column begins\nand"),
        (Qt.Key.Key_Up, SHIFT, "t "),
        (Qt.Key.Key_Home, SHIFT, "left "),
        (Qt.Key.Key_Left, SHIFT | CONTROL, "left "),
        (Qt.Key.Key_Down, SHIFT | CONTROL, "column beg"),
        (Qt.Key.Key_End, SHIFT | CONTROL, "column begins\nand goes on, don't it\nthe right column\n最后一行，完。"),
    ]
    for key, modifiers, wanted in steps:
        assert press(qtbot, words, key, modifiers) == wanted


PLAIN = Qt.KeyboardModifier.NoModifier


def test_words_are_selected_by_keys_alone(qtbot: QtBot, words: Canvas) -> None:
    steps = [
        (Qt.Key.Key_A, CONTROL, "\n".join(each.text for each in LINES)),
        (Qt.Key.Key_Left, PLAIN, ""),
        (Qt.Key.Key_Down, PLAIN, ""),
        (Qt.Key.Key_Right, CONTROL, ""),
        (Qt.Key.Key_Right, PLAIN, ""),
        (Qt.Key.Key_Right, SHIFT | CONTROL, "column"),
        (Qt.Key.Key_Right, PLAIN, ""),
        (Qt.Key.Key_Left, SHIFT, "n"),
        (Qt.Key.Key_Down, PLAIN, ""),
        (Qt.Key.Key_Home, SHIFT, "and goes on"),
    ]
    for key, modifiers, wanted in steps:
        assert press(qtbot, words, key, modifiers) == wanted


def test_a_caret_is_seen_and_goes_with_the_selection(qtbot: QtBot, words: Canvas) -> None:
    words.show_regions(())
    grey = QColor(*GREY)
    select(qtbot, words, (1, 5), (1, 8))
    press(qtbot, words, Qt.Key.Key_Left, PLAIN)
    place = at(words, 1, 5)
    assert any(look(words).pixelColor(place + QPoint(x, 0)) != grey for x in range(-2, 3))
    assert look(words).pixelColor(at(words, 1, 6)) == grey
    assert words.clear_words()
    assert all(look(words).pixelColor(place + QPoint(x, 0)) == grey for x in range(-2, 3))
    assert not words.clear_words()


def test_without_words_the_keys_are_what_they_were(qtbot: QtBot, canvas: Canvas) -> None:
    QApplication.clipboard().setText("kept")
    assert press(qtbot, canvas, Qt.Key.Key_A, CONTROL) == ""
    press(qtbot, canvas, Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "kept"
    canvas.zoom_to(3.0)
    canvas.centerOn(800, 600)
    before = canvas.verticalScrollBar().value()
    press(qtbot, canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    assert canvas.verticalScrollBar().value() > before


def test_other_lines_have_nothing_selected_and_the_same_ones_keep_it(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 0), (1, 4))
    words.show_lines((*LINES[:2], *LINES[2:]))
    assert words.selected_words == "left"
    words.show_lines(LINES[:2])
    assert words.selected_words == ""
    words.show_lines(())
    move(words, at(words, 1, 2))
    assert shape(words) == Qt.CursorShape.ArrowCursor


def test_lines_that_go_away_under_a_drag_end_it(qtbot: QtBot, words: Canvas) -> None:
    qtbot.mousePress(words.viewport(), LEFT, pos=at(words, 1, 0))
    move(words, at(words, 2, 5), LEFT)
    words.show_page(None)
    move(words, QPoint(300, 300), LEFT)
    qtbot.mouseRelease(words.viewport(), LEFT, pos=QPoint(300, 300))
    assert words.selected_words == ""


def test_clearing_tells_whether_there_was_anything(qtbot: QtBot, words: Canvas) -> None:
    assert not words.clear_words()
    select(qtbot, words, (1, 0), (1, 4))
    assert words.clear_words()
    assert words.selected_words == ""


def test_a_screen_reader_is_told_which_words_are_selected(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 0), (1, 11))
    assert "left column" in words.accessibleDescription()
    words.clear_words()
    assert "left column" not in words.accessibleDescription()


def menu_at(canvas: Canvas, position: QPoint) -> QMenu | None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, position, canvas.viewport().mapToGlobal(position))
    QApplication.sendEvent(canvas.viewport(), event)
    return canvas.findChild(QMenu, "words_menu")


def test_the_menu_of_selected_words_copies_them(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 0), (1, 4))
    wanted: list[int] = []
    words.region_menu_requested.connect(lambda number, place: wanted.append(number))
    assert menu_at(words, at(words, 1, 8)) is None
    assert len(wanted) == 1
    menu = menu_at(words, at(words, 1, 2))
    assert menu is not None
    copy, everything = menu.actions()
    everything.trigger()
    copy.trigger()
    assert QApplication.clipboard().text() == "\n".join(each.text for each in LINES)
    menu.close()
    assert len(wanted) == 1


def test_by_key_the_menu_opens_where_the_selection_ends(qtbot: QtBot, words: Canvas) -> None:
    select(qtbot, words, (1, 0), (1, 4))
    middle = words.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, words.viewport().mapToGlobal(middle))
    QApplication.sendEvent(words.viewport(), event)
    menu = words.findChild(QMenu, "words_menu")
    assert menu is not None
    assert (menu.pos() - words.viewport().mapToGlobal(at(words, 1, 4))).manhattanLength() <= 4
    menu.close()


def test_a_drag_at_the_edge_scrolls_to_more_words(qtbot: QtBot, words: Canvas) -> None:
    words.zoom_to(3.0)
    words.centerOn(300, 150)
    start = at(words, 0, 4)
    qtbot.mousePress(words.viewport(), LEFT, pos=start)
    below = QPoint(at(words, 2, 12).x(), words.viewport().height() + 40)
    move(words, below, LEFT)
    qtbot.waitUntil(lambda: "goes on" in words.selected_words)
    qtbot.mouseRelease(words.viewport(), LEFT, pos=below)
