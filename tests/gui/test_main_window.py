"""The window as a whole: its parts by name, its keys, the list of pictures, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
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
from ocr_desktop.gui.application import live
from ocr_desktop.services.context import AppContext
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import (
    ALT,
    CONTROL,
    GROUNDED,
    Desk,
    SharingContext,
    blank_file,
    open_desk,
    page_file,
)
from tests.support.workers import process_end

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
    "export_button",
)
INTERACTIVE = (QAbstractButton, QComboBox, QLineEdit, QAbstractScrollArea)


async def add_unread(desk: Desk, tmp_path: Path, *names: str) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(*(blank_file(tmp_path, name) for name in names))
    await desk.until_shown(names[0])


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
    await add_unread(desk, tmp_path, "a.png", "b.png")
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
    await add_unread(desk, tmp_path, "a.png", "b.png")
    desk.click(desk.run_button)
    await desk.until_told()
    stops = tab_stops(desk)
    names = [stop.objectName() or stop.accessibleName() or spoken_name(stop) for stop in stops]
    expected = [
        "open_button",
        "preset_box",
        "locate_edit",
        "engine_box",
        "run_button",
        "more_button",
        "Try again",
        "Read on this computer",
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
    await add_unread(desk, tmp_path, "page.png")
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
    await add_unread(desk, tmp_path, "a.png", "b.png", "c.png")
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
    await add_unread(desk, tmp_path, "page.png")
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
    await add_unread(desk, tmp_path, "page.png")
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


async def test_a_picture_is_taken_off_the_list_and_its_neighbour_shown(desk: Desk, tmp_path: Path) -> None:
    await add_unread(desk, tmp_path, "a.png", "b.png", "c.png")
    desk.choose_page(1)
    await desk.until_shown("b.png")
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    await desk.until_shown("c.png")
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    await desk.until_shown("a.png")
    assert not desk.pages.isVisible()
    desk.press_in_window(Qt.Key.Key_W, CONTROL)
    assert desk.window.empty_state.isVisible()
    assert desk.status == "No picture"


async def test_the_last_of_several_quick_choices_is_shown(desk: Desk, tmp_path: Path) -> None:
    await add_unread(desk, tmp_path, "a.png", "b.png", "c.png")
    for row in (1, 2, 0):
        desk.choose_page(row)
    await asyncio.sleep(0)
    await desk.until_at_rest()
    assert desk.status.startswith("a.png")
    assert desk.pages.currentRow() == 0
    for row in (1, 2, 1, 2):
        desk.choose_page(row)
    await desk.until_shown("c.png")
    shown = desk.session.opened
    await desk.until_at_rest()
    assert desk.session.opened is shown, "what is on show is not opened a second time"
    assert desk.pages.currentRow() == 2
    for _ in "abc":
        desk.press_in_window(Qt.Key.Key_W, CONTROL)
        await desk.until_at_rest()
    assert os.fstat(desk.context.store.descriptor).st_size == 0, "pixels that nobody shows were kept"


async def test_a_file_that_changed_in_between_forgets_what_was_read_of_the_old_one(desk: Desk, tmp_path: Path) -> None:
    file = page_file(tmp_path, "a.png", "Old words")
    desk.drop_files(file, blank_file(tmp_path, "b.png"))
    await desk.until_read("a.png")
    desk.choose_page(1)
    await desk.until_shown("b.png")
    page_file(tmp_path, "a.png", "New words")
    desk.choose_page(0)
    await desk.until_shown("a.png")
    assert desk.session.run is None


@pytest.mark.logs_complaints
async def test_a_worker_killed_in_mid_read_is_told_and_the_next_read_works(desk: Desk, tmp_path: Path) -> None:
    await add_unread(desk, tmp_path, "small.png")
    desk.drop_files(page_file(tmp_path, "page.png", *("Many words on this line",) * 5))
    await desk.until_shown("page.png")
    process = desk.context.reader.process_id
    assert process is not None

    def kill() -> None:
        desk.control.progressed.disconnect(kill)
        os.kill(process, signal.SIGKILL)

    desk.control.progressed.connect(kill)
    desk.press_in_window(Qt.Key.Key_F5)
    told = await desk.until_told()
    assert "ended" in told
    assert desk.choices == ["Try again"]
    assert desk.run_button.text() == "Read"
    desk.take_choice("Try again")
    await desk.until_read()
    assert desk.session.regions[0].text.startswith("Many words on this line")


async def test_a_fault_of_the_program_is_told_and_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    request.node.add_marker("logs_complaints")

    async def fail() -> None:
        raise ZeroDivisionError

    desk.window.tasks.spawn(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "ZeroDivisionError" in desk.bar.text
    assert "a task failed" in caplog.text


async def test_closing_while_a_page_is_read_ends_everything(
    server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gate, contexts = Gate(), []
    server.answer_with(streamed(GROUNDED[:150], gate))

    def own_context() -> AppContext:
        contexts.append(AppContext(tmp_path))
        return contexts[0]

    (tmp_path / "settings.toml").write_text('engine = "modelverse"\nauto_read = "always"\n')
    monkeypatch.setattr("ocr_desktop.gui.application.AppContext", own_context)
    before = asyncio.all_tasks()
    files = [blank_file(tmp_path, "a.png"), blank_file(tmp_path, "b.png")]
    program = asyncio.ensure_future(live(files))
    await asyncio.sleep(0)
    (window,) = [each for each in QApplication.topLevelWidgets() if each.objectName() == "main_window"]
    assert window.isVisible()
    await gate.reached.waited()
    # Another picture waits for its turn: it must not get one any more.
    window.open_files([files[1]])  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    processes = [contexts[0].pictures.process_id, contexts[0].reader.process_id]
    window.close()
    assert await program == 0
    await server.requests[0].closed.waited()
    assert len(server.requests) == 1
    for process in processes:
        if process is not None:
            await process_end(process)
    assert asyncio.all_tasks() == before


async def test_the_window_asked_to_quit_closes(desk: Desk) -> None:
    assert not desk.opened.closed.is_set()
    desk.press_in_window(Qt.Key.Key_Q, CONTROL)
    assert desk.opened.closed.is_set()


async def test_the_menu_opens_without_stopping_anything(desk: Desk) -> None:
    desk.click(desk.find(QWidget, "more_button"))
    assert desk.window.toolbar.menu.isVisible()
    await asyncio.sleep(0)
    desk.press(desk.window.toolbar.menu, Qt.Key.Key_Escape)
    assert not desk.window.toolbar.menu.isVisible()
    assert QKeySequence("F5") == desk.actions["read"].shortcut()


async def test_a_window_opens_with_files_from_the_start(workers: AppContext, tmp_path: Path, qtbot: QtBot) -> None:
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        desk.window.open_files([page_file(tmp_path, "first.png", "First"), blank_file(tmp_path, "second.png")])
        await desk.until_read("first.png")
        assert desk.listed == ["1  first.png", "2  second.png"]
