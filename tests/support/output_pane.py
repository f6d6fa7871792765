"""What tests do with the output pane and see of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QTabWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region, Span
from ocr_desktop.gui.output.pane import OutputPane
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.source import SourceView

REGIONS = (
    Region(id=4, label="title", text="Title", markdown="# Title", source=Span(0, 0, 7)),
    Region(id=7, label="text", text="Words", markdown="Words", source=Span(0, 9, 14)),
)
RAW = "# Title\n\nWords"


def child(pane: OutputPane, kind: type[QWidget], name: str) -> QWidget:
    found = pane.findChild(kind, name)
    assert isinstance(found, kind)
    return found


def tabs_of(pane: OutputPane) -> QTabWidget:
    tabs = pane.findChild(QTabWidget, "output_tabs")
    assert isinstance(tabs, QTabWidget)
    return tabs


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def open_menu(qtbot: QtBot, button: QWidget) -> QMenu:
    click(qtbot, button)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(qtbot: QtBot, menu: QMenu, text: str) -> None:
    (action,) = [action for action in menu.actions() if action.text() == text]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def run_button(pane: OutputPane) -> QToolButton:
    button = tabs_of(pane).cornerWidget(Qt.Corner.TopRightCorner)
    assert isinstance(button, QToolButton)
    return button


def view_on(pane: OutputPane, tab: int) -> RenderedView | SourceView:
    tabs_of(pane).setCurrentIndex(tab)
    return (pane.rendered_view, pane.markdown_view, pane.raw_view)[tab]


def shown_on(qtbot: QtBot, pane: OutputPane, tab: int) -> RenderedView | SourceView:
    """The view of a tab, with all there is to show."""
    view = view_on(pane, tab)
    qtbot.waitUntil(lambda: view.is_caught_up)
    return view


def table_on(pane: OutputPane) -> QTableView:
    tabs_of(pane).setCurrentIndex(3)
    table = pane.findChild(QTableView, "regions_table")
    assert isinstance(table, QTableView)
    return table


def place_of(view: RenderedView | SourceView, words: str) -> QPoint:
    return view.cursorRect(view.document().find(words)).center()


def marked(view: RenderedView | SourceView) -> list[str]:
    return [mark.cursor.selection().toPlainText() for mark in view.extraSelections()]


def shown_pane(qtbot: QtBot) -> OutputPane:
    pane = OutputPane()
    qtbot.addWidget(pane)
    pane.resize(500, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane
