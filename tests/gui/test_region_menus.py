from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import Box999, PixelBox, Size
from ocr_desktop.gui.output.pane import OutputPane
from ocr_desktop.gui.region_menu import RegionMenu
from tests.support.output_pane import RAW, REGIONS, place_of, shown_on, shown_pane, table_on


@pytest.fixture
def pane(qtbot: QtBot) -> OutputPane:
    return shown_pane(qtbot)


def ask_for_menu(view: QWidget, viewport: QWidget, place: QPoint) -> None:
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=place)
    QApplication.sendEvent(
        viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    )


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_menu_of_a_region_is_asked_for_by_mouse_and_keys(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    asked: list[tuple[int, QPoint]] = []
    pane.region_menu_requested.connect(lambda region_id, place: asked.append((region_id, place)))
    pane.show_run(REGIONS, RAW)
    view = shown_on(qtbot, pane, tab)
    place = place_of(view, "Words")
    ask_for_menu(view, view.viewport(), place)
    assert asked == [(7, view.viewport().mapToGlobal(place))]
    pane.select_region(4)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    QTest.keyClick(view, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert [region_id for region_id, _ in asked[1:]] == [4, 4]
    title = view.cursorRect(view.document().find("Title"))
    for _, by_key in asked[1:]:
        assert abs(view.viewport().mapFromGlobal(by_key).y() - title.bottom()) <= title.height()


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_selected_text_and_empty_places_have_a_menu_to_copy(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    pane.show_run(REGIONS, RAW)
    view = shown_on(qtbot, pane, tab)

    def menu_at(place: QPoint) -> list[tuple[str, bool]]:
        with qtbot.assertNotEmitted(pane.region_menu_requested):
            ask_for_menu(view, view.viewport(), place)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        told = [(action.text(), action.isEnabled()) for action in menu.actions()]
        menu.close()
        QApplication.sendPostedEvents(menu, QEvent.Type.DeferredDelete)
        return told

    assert menu_at(view.viewport().rect().bottomLeft() - QPoint(-40, 20)) == [("&Copy", False), ("Select &all", True)]
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Words") + QPoint(3, 0))
    assert view.textCursor().selectedText() == "Words"
    assert menu_at(place_of(view, "Words") + QPoint(3, 0)) == [("&Copy", True), ("Select &all", True)]


def test_table_asks_for_menu_and_a_closer_look_of_a_row(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_run(REGIONS, RAW)
    table = table_on(pane)
    place = table.visualRect(table.model().index(1, 2)).center()
    with qtbot.waitSignal(pane.region_menu_requested) as asked:
        ask_for_menu(table, table.viewport(), place)
    assert asked.args is not None
    assert asked.args[0] == 7
    with qtbot.waitSignal(pane.region_zoom_requested) as zoomed:
        QTest.keyClick(table, Qt.Key.Key_Enter)
    assert zoomed.args == [7]


def texts_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions()]


@pytest.mark.parametrize(
    ("markdown", "is_table"),
    [
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", True),
        ("a | b\n:---|---:\n1 | 2", True),
        ("Words\n\n<TABLE><tr><td>1</td></tr></TABLE>", True),
        ("See the <table of contents> | and --- the index", False),
        ("```\n| a |\n| --- |\n```", False),
        ("Words", False),
    ],
)
def test_cells_can_be_copied_where_there_is_a_table(qtbot: QtBot, markdown: str, is_table: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    shown = Region(1, "table", "1\t2", markdown)
    menus = RegionMenu(window, lambda _region_id: shown)
    menus.popup(shown, QPoint(), size=None, raw="", can_read=True, is_doubtful=False)
    menu = window.findChild(QMenu, "region_menu")
    assert isinstance(menu, QMenu)
    assert ("Copy table &cells" in texts_of(menu)) is is_table
    menus.close()


def test_coordinates_are_copied_a_box_in_a_line(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    shown = Region(
        *(1, "text", "words", "words"),
        boxes=(PixelBox(1.5, 2, 30.2, 40), PixelBox(50, 60, 70, 80)),
        boxes_999=(Box999(1, 2, 30, 40), Box999(50, 60, 70, 80)),
    )
    menus = RegionMenu(window, lambda _region_id: shown)
    menus.popup(shown, QPoint(), size=Size(1000, 1000), raw="", can_read=True, is_doubtful=False)
    menu = window.findChild(QMenu, "region_menu")
    assert isinstance(menu, QMenu)
    (coordinates,) = [each for each in menu.findChildren(QMenu) if "c&oordinates" in each.title()]
    copied = []
    for action in coordinates.actions()[:2]:
        action.trigger()
        copied.append(QApplication.clipboard().text())
    assert copied == ["1, 2, 31, 40\n50, 60, 70, 80", "1, 2, 30, 40\n50, 60, 70, 80"]
    menus.close()
