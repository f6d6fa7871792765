"""The list of pages by itself: what it asks for, what it tells, and what it keeps while pages come and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Finish, Page
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.messages import error_text, finish_text
from ocr_desktop.gui.pages.panel import PagesPanel
from tests.support.runs import finished_run
from tests.support.window import CONTROL, LEFT, NO_MODIFIER, SHIFT

RIGHT = Qt.MouseButton.RightButton
SELECT = QItemSelectionModel.SelectionFlag.Select


def pictures(*names: str) -> list[Entry]:
    return [Entry(SourceFile(Path(name), name, 1)) for name in names]


def pages_of(name: str, count: int) -> list[Entry]:
    file = SourceFile(Path(name), name, count)
    return [Entry(file, number) for number in range(1, count + 1)]


def open_entry(entry: Entry, *finishes: Finish) -> None:
    """As it is once it was opened, and read as often as there are finishes."""
    runs = tuple(finished_run(id=str(number), finish=finish) for number, finish in enumerate(finishes))
    entry.page = Page(entry.number, Size(1240, 1754), runs=runs)
    entry.run_id = runs[-1].id if runs else None


class Choices:
    """What the panel tells its window."""

    def __init__(self, panel: PagesPanel) -> None:
        self.chosen: list[Entry] = []
        self.removed: list[list[Entry]] = []
        self.read: list[list[Entry]] = []
        panel.entry_chosen.connect(self.chosen.append)
        panel.remove_requested.connect(self.removed.append)
        panel.read_requested.connect(self.read.append)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[PagesPanel]:
    window = QWidget()
    layout = QVBoxLayout(window)
    panel = PagesPanel(window)
    layout.addWidget(panel)
    layout.addWidget(QPushButton("Elsewhere", window))
    qtbot.addWidget(window)
    window.resize(200, 520)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield panel
    window.close()


@pytest.fixture
def choices(panel: PagesPanel) -> Choices:
    return Choices(panel)


def row_at(panel: PagesPanel) -> int:
    return panel.currentIndex().row()


def said(panel: PagesPanel, row: int, role: Qt.ItemDataRole = Qt.ItemDataRole.AccessibleTextRole) -> str:
    return str(panel.model().index(row, 0).data(role))


def point_of(panel: PagesPanel, row: int) -> QPoint:
    return panel.visualRect(panel.model().index(row, 0)).center()


def click(panel: PagesPanel, row: int, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    QTest.mouseClick(panel.viewport(), LEFT, modifiers, point_of(panel, row))


def test_it_is_there_only_where_there_is_more_than_one_page(panel: PagesPanel) -> None:
    one, two = pictures("a.png", "b.png")
    panel.show_entries([one], one)
    assert not panel.isVisible()
    panel.show_entries([one, two], one)
    assert panel.isVisible()
    panel.show_entries([two], two)
    assert not panel.isVisible()


def test_pages_are_named_by_file_where_it_begins_and_by_number_in_it(panel: PagesPanel) -> None:
    entries = [*pictures("cover.png"), *pages_of("book.pdf", 3), *pictures("note.png")]
    panel.show_entries(entries, entries[0])
    shown = [said(panel, row, Qt.ItemDataRole.DisplayRole) for row in range(5)]
    assert shown == ["cover.png", "1  book.pdf", "2", "3", "note.png"]
    assert said(panel, 2) == "book.pdf, page 2 of 3"
    assert said(panel, 4) == "note.png"


def test_a_name_is_never_taken_for_markup_or_for_a_place_of_a_number(panel: PagesPanel) -> None:
    entries = pages_of("<b>%2 & 年度报告.pdf", 2)
    panel.show_entries(entries, entries[0])
    assert said(panel, 1) == "<b>%2 & 年度报告.pdf, page 2 of 2"
    assert "&lt;b&gt;%2 &amp; 年度报告.pdf" in said(panel, 1, Qt.ItemDataRole.ToolTipRole)


def test_each_row_tells_what_became_of_its_page(panel: PagesPanel) -> None:
    entries = pictures("unread", "read", "twice", "cut", "bad", "reading", "waiting")
    unread, read, twice, cut, bad, reading, waiting = entries
    open_entry(read, Finish.COMPLETE)
    open_entry(twice, Finish.CUT, Finish.COMPLETE)
    open_entry(cut, Finish.CUT)
    open_entry(reading, Finish.COMPLETE)
    bad.failure = InputError(ErrorCode.FILE_MISSING, name="bad")
    panel.show_entries(entries, unread)
    panel.show_reading(reading, {waiting, bad})
    assert [said(panel, row) for row in range(7)] == [
        "unread",
        "read. Was read",
        "twice. Was read 2 times",
        f"cut. {finish_text(Finish.CUT)}",
        f"bad. {error_text(bad.failure)}",
        "reading. Is being read",
        "waiting. Waits to be read",
    ]
    assert "1240 × 1754" in said(panel, 1, Qt.ItemDataRole.ToolTipRole)
    panel.show_reading(None)
    assert said(panel, 5) == "reading. Was read"


def test_what_became_of_a_page_is_told_when_it_changes(panel: PagesPanel, qtbot: QtBot) -> None:
    entries = pictures("a.png", "b.png")
    panel.show_entries(entries, entries[0])
    open_entry(entries[1])
    with qtbot.waitSignal(panel.model().dataChanged) as told:
        panel.entry_changed(entries[1])
    assert told.args is not None
    assert told.args[0].row() == 1


def test_what_is_on_show_is_current_and_nothing_is_chosen_by_it(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures(*"abcdefgh")
    panel.show_entries(entries, entries[0])
    panel.show_entries(entries, entries[7])
    assert row_at(panel) == 7
    assert panel.viewport().rect().intersects(panel.visualRect(panel.currentIndex())), "it is not in sight"
    panel.show_entries(entries, None)
    assert row_at(panel) == -1
    assert choices.chosen == []


def test_a_click_and_the_arrow_keys_choose(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures(*"abc")
    panel.show_entries(entries, entries[0])
    click(panel, 1)
    QTest.keyClick(panel, Qt.Key.Key_Down)
    QTest.keyClick(panel, Qt.Key.Key_Home)
    QTest.keyClick(panel, Qt.Key.Key_End)
    assert choices.chosen == [entries[1], entries[2], entries[0], entries[2]]


def test_the_focus_alone_chooses_nothing_and_the_first_row_can_still_be_chosen(
    panel: PagesPanel, choices: Choices
) -> None:
    entries = pictures(*"abc")
    panel.show_entries(entries, None)
    panel.setFocus()
    assert panel.hasFocus()
    assert choices.chosen == []
    click(panel, 0)
    assert choices.chosen == [entries[0]]


def test_enter_asks_again_for_a_page_that_could_not_be_opened(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures(*"ab")
    panel.show_entries(entries, entries[0])
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert choices.chosen == [entries[0]]


def test_a_number_goes_to_the_page_of_this_file_and_a_name_to_a_file(panel: PagesPanel, choices: Choices) -> None:
    book = pages_of("book.pdf", 30)
    entries = [*pictures("cover.png", "Colophon.png"), *book, *pictures("7 days.png")]
    panel.show_entries(entries, book[0])
    panel.setFocus()
    QTest.keyClicks(panel, "27")
    assert choices.chosen[-1] is book[26]
    assert row_at(panel) == 2 + 26


def test_a_name_goes_from_file_to_file(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures("cover.png", "Colophon.png", "note.png")
    panel.show_entries(entries, entries[0])
    panel.setFocus()
    QTest.keyClicks(panel, "col")
    assert choices.chosen == [entries[1]]


def test_delete_takes_off_all_that_is_selected_in_their_order(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures(*"abcd")
    panel.show_entries(entries, entries[0])
    click(panel, 2)
    click(panel, 0, CONTROL)
    QTest.keyClick(panel, Qt.Key.Key_Delete)
    assert choices.removed == [[entries[0], entries[2]]]


def test_the_menu_is_about_what_is_selected(panel: PagesPanel, choices: Choices) -> None:
    entries = pictures(*"abc")
    panel.show_entries(entries, entries[0])
    click(panel, 0)
    click(panel, 1, SHIFT)
    QTest.keyClick(panel, Qt.Key.Key_F10, SHIFT)
    (menu,) = panel.findChildren(QMenu, "pages_menu")
    texts = [action.text().replace("&", "") for action in menu.actions() if action.text()]
    assert texts == ["Read these 2 pages", "Take 2 off the list", "Turn all left", "Turn all right", "Select all"]
    menu.actions()[0].trigger()
    menu.actions()[1].trigger()
    assert choices.read == choices.removed == [entries[:2]]
    menu.close()


def test_what_comes_and_goes_leaves_selection_and_place_alone(panel: PagesPanel, choices: Choices) -> None:
    entries = [*pictures("a.png"), *pages_of("book.pdf", 40)]
    panel.show_entries(entries, entries[20])
    for row in (20, 22, 30):
        panel.selectionModel().select(panel.model().index(row, 0), SELECT)
    bar = panel.verticalScrollBar()
    place, top = bar.value(), panel.indexAt(QPoint(20, 0)).row()
    kept = panel.selected_entries
    assert place > 0
    entries += pictures("later.png", "and later.png")
    panel.show_entries(entries, entries[20])
    assert panel.selected_entries == kept
    assert (bar.value(), panel.indexAt(QPoint(20, 0)).row()) == (place, top)
    fewer = [entry for entry in entries if entry not in (entries[19], entries[22], entries[35])]
    panel.show_entries(fewer, entries[20])
    assert panel.selected_entries == [entries[20], entries[30]]
    assert row_at(panel) == 19
    assert choices.chosen == []


def test_a_page_that_was_chosen_stays_current_while_it_is_being_opened(panel: PagesPanel) -> None:
    entries = pictures(*"abc")
    panel.show_entries(entries, entries[0])
    click(panel, 2)
    entries += pictures("more")
    panel.show_entries(entries, entries[0])
    assert row_at(panel) == 2
    entries[2].failure = InputError(ErrorCode.FILE_MISSING, name="c")
    panel.show_entries(entries, entries[0])
    assert row_at(panel) == 0, "it could not be opened: what is on show is current again"
    click(panel, 1)
    panel.show_entries(entries, entries[3])
    assert row_at(panel) == 3, "another page is on show by other means"
