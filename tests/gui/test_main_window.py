"""The window as a whole: its parts by name, its keys, the list of pictures, and its end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import (
    ALT,
    CONTROL,
    Desk,
    blank_file,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = (
    "canvas",
    "preset_box",
    "engine_box",
    "locate_edit",
    "prompt_edit",
    "run_button",
    "output_tabs",
    "rendered_view",
    "markdown_view",
    "raw_view",
    "pages_list",
    "status_message",
    "progress_bar",
    "open_button",
    "capture_button",
    "export_button",
)
INTERACTIVE = (QAbstractButton, QComboBox, QLineEdit, QAbstractScrollArea)


def spoken_name(widget: QWidget) -> str:
    """What a screen reader says."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def is_part_of_qts_own(widget: QWidget) -> bool:
    """The lists of combo boxes, buttons inside a line and such: Qt speaks for them."""
    parents, parent = [], widget.parentWidget()
    while parent is not None:
        parents.append(parent)
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_") or any(isinstance(each, (QComboBox, QLineEdit)) for each in parents)


def tab_stops(desk: Desk) -> list[QWidget]:
    """Where Tab goes from the first control on, once round."""
    first = desk.find(QWidget, "open_button")
    desk.focus(first)
    stops = [first]
    while True:
        desk.press_in_window(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in stops:
            assert focused is first
            return stops
        stops.append(focused)


async def test_the_parts_have_the_names_that_others_rely_on(desk: Desk) -> None:
    assert desk.window.objectName() == "main_window"
    for name in NAMES:
        assert len(desk.window.findChildren(QWidget, name)) == 1, name


async def test_everything_that_takes_keys_or_clicks_has_a_name_to_be_spoken(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.control.edit_prompt("Mine")
    await desk.add_unread(tmp_path, "a.png", "b.png")
    server.key = "another key"
    desk.click(desk.run_button)
    await desk.until_told()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in desk.window.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if not spoken_name(widget) and not is_part_of_qts_own(widget)
    ]
    assert nameless == []


async def test_tab_goes_through_the_window_as_it_is_read_and_always_leaves(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.key = "another key"
    await desk.add_unread(tmp_path, "a.png", "b.png")
    desk.click(desk.run_button)
    await desk.until_told()
    stops = tab_stops(desk)
    names = [stop.objectName() or stop.accessibleName() or spoken_name(stop) for stop in stops]
    expected = [
        "open_button",
        "capture_button",
        "preset_box",
        "locate_edit",
        "engine_box",
        "run_button",
        "more_button",
        "Read on this computer",
        "Try again",
        "Change key…",
        "Copy details",
        "Close this message",
        "pages_list",
        "canvas",
    ]
    assert names[: len(expected)] == expected
    assert names.index("Edit the prompt") < names.index("rendered_view")
    assert names[-1] in ("rendered_view", "copy_button", "copy_menu_button", "export_button")


async def test_no_two_actions_share_a_key(desk: Desk) -> None:
    keys = [action.shortcut().toString() for _, actions in desk.actions.menus for action in actions]
    given = [key for key in keys if key]
    assert len(given) == len(set(given))


async def test_every_action_stands_in_the_menu(desk: Desk) -> None:
    menus = [action.menu() for action in desk.window.toolbar.menu.actions()]
    listed = {action for menu in menus for action in menu.actions() if not action.isSeparator()}
    assert listed == {action for _, actions in desk.actions.menus for action in actions}


async def test_regions_are_walked_with_keys_from_anywhere(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await desk.add_unread(tmp_path, "page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    ids = [region.id for region in desk.session.regions]
    for place in ("canvas", "rendered_view", "locate_edit"):
        desk.session.select_region(None)
        desk.focus(desk.find(QWidget, place))
        walked = []
        for _ in ids:
            desk.press_in_window(Qt.Key.Key_Down, ALT)
            walked.append(desk.session.selected)
        assert walked == ids, place
        desk.press_in_window(Qt.Key.Key_Up, ALT)
        assert desk.session.selected == ids[-2], place


async def test_page_keys_turn_pages_on_the_canvas_and_scroll_in_the_text(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed("\n\n".join(f"Line {number}." for number in range(200))))
    await desk.add_unread(tmp_path, "a.png", "b.png", "c.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    view = desk.window.output.rendered_view
    await desk.until(lambda: view.is_caught_up and "Line 199" in desk.preview)
    view.verticalScrollBar().setValue(0)
    desk.focus(view)
    desk.press_in_window(Qt.Key.Key_PageDown)
    assert view.verticalScrollBar().value() > 0
    assert desk.session.entry is desk.session.entries[0]

    desk.focus(desk.canvas)
    desk.press_in_window(Qt.Key.Key_PageDown)
    await desk.until_shown("b.png")
    assert desk.canvas.hasFocus()
    desk.press_in_window(Qt.Key.Key_PageDown)
    await desk.until_shown("c.png")
    desk.press_in_window(Qt.Key.Key_PageDown)
    desk.press_in_window(Qt.Key.Key_PageUp)
    await desk.until_shown("b.png")
    desk.focus(desk.pages)
    desk.press_in_window(Qt.Key.Key_PageUp)
    await desk.until_shown("a.png")


async def test_keys_for_zoom_and_boxes(desk: Desk, tmp_path: Path) -> None:
    await desk.add_unread(tmp_path, "page.png")
    desk.press_in_window(Qt.Key.Key_0, CONTROL)
    assert desk.canvas.zoom == 1.0
    desk.press_in_window(Qt.Key.Key_Plus, CONTROL)
    assert desk.canvas.zoom > 1.0
    desk.press_in_window(Qt.Key.Key_Minus, CONTROL)
    assert desk.canvas.zoom == 1.0
    desk.press_in_window(Qt.Key.Key_9, CONTROL)
    assert desk.canvas.is_fitted
    desk.focus(desk.canvas)
    desk.press_in_window(Qt.Key.Key_H)
    assert not desk.actions["boxes"].isChecked()


async def test_escape_never_stops_a_reading(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed("Some ", gate, "words"))
    await desk.add_unread(tmp_path, "page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    for _ in range(4):
        desk.press_in_window(Qt.Key.Key_Escape)
    gate.open()
    await desk.until_read()
    assert desk.session.run is not None
    assert desk.session.run.finish is Finish.COMPLETE


async def test_a_box_and_its_words_are_tied_both_ways(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = endpoint_desk
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "page.png", (600, 400)))
    await desk.until_shown("page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    view = desk.window.output.rendered_view
    await desk.until(lambda: view.is_caught_up and "Last words." in desk.preview)
    box = desk.session.regions[1].boxes[0]
    middle = desk.point_in_canvas((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2)
    qtbot.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert desk.session.selected == desk.session.regions[1].id
    (marked,) = view.extraSelections()
    assert "First words." in marked.cursor.selectedText()

    cursor = view.document().find("Last words.")
    place = view.cursorRect(cursor).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.session.selected == desk.session.regions[2].id
    assert desk.canvas.accessibleDescription() == "Text: Last words."


async def test_the_menu_opens_without_stopping_anything(desk: Desk) -> None:
    desk.click(desk.find(QWidget, "more_button"))
    assert desk.window.toolbar.menu.isVisible()
    await asyncio.sleep(0)
    desk.press(desk.window.toolbar.menu, Qt.Key.Key_Escape)
    assert not desk.window.toolbar.menu.isVisible()
    assert QKeySequence("F5") == desk.actions["read"].shortcut()
