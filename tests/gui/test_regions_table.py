from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QTableView
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Flag, Region
from ocr_desktop.core.geometry import Box999, PixelBox, Size
from ocr_desktop.gui.output.regions import RegionsPage
from ocr_desktop.gui.output.regions_model import Column

SIZE = Size(1000, 2000)
LEFT = Qt.MouseButton.LeftButton


def region(region_id: int, text: str = "", label: str = "text", x: int | None = None, *flags: Flag) -> Region:
    boxes = () if x is None else (PixelBox(x + 0.5, 10.0, x + 20.2, 30.9),)
    boxes_999 = () if x is None else (Box999(x, 5, x + 20, 15),)
    return Region(region_id, label, text, text, boxes=boxes, boxes_999=boxes_999, flags=flags)


REGIONS = (
    region(10, "The title", "title", 100),
    region(11, "beta\twords\nmore", "text", 9),
    region(12, "Alpha Ｔｏｔａｌ", "table", 20, Flag.CLAMPED),
    region(13, "gamma", "text", None, Flag.BROKEN_BOX, Flag.NO_BOX),
)


@pytest.fixture
def page(qtbot: QtBot) -> RegionsPage:
    page = RegionsPage()
    qtbot.addWidget(page)
    page.resize(700, 300)
    page.show_regions(REGIONS, SIZE)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    return page


def table_of(page: RegionsPage) -> QTableView:
    table = page.findChild(QTableView, "regions_table")
    assert isinstance(table, QTableView)
    return table


def filter_of(page: RegionsPage) -> QLineEdit:
    edit = page.findChild(QLineEdit, "regions_filter")
    assert isinstance(edit, QLineEdit)
    return edit


def count_of(page: RegionsPage) -> str:
    label = page.findChild(QLabel, "regions_count")
    assert isinstance(label, QLabel)
    return label.text()


def cell(page: RegionsPage, row: int, column: Column) -> str:
    return str(table_of(page).model().index(row, column).data())


def column_of(page: RegionsPage, column: Column) -> list[str]:
    return [cell(page, row, column) for row in range(table_of(page).model().rowCount())]


def centre(page: RegionsPage, row: int, column: Column = Column.TEXT) -> QPoint:
    table = table_of(page)
    return table.visualRect(table.model().index(row, column)).center()


def click_header(page: RegionsPage, column: Column) -> None:
    header = table_of(page).horizontalHeader()
    place = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=place)


def filter_by(page: RegionsPage, words: str) -> None:
    edit = filter_of(page)
    edit.selectAll()
    QTest.keyClicks(edit, words) if words else QTest.keyClick(edit, Qt.Key.Key_Delete)


def test_a_row_says_all_of_a_region(page: RegionsPage) -> None:
    assert [cell(page, 0, column) for column in Column] == [
        *("1", "Title", "The title", "100, 10, 121, 31", "100, 5, 120, 15", "")
    ]
    assert cell(page, 1, Column.TEXT) == "beta words more"
    assert cell(page, 2, Column.FLAGS) == "outside the picture"
    assert cell(page, 3, Column.PIXELS) == ""
    assert cell(page, 3, Column.FLAGS) == "broken box · no box"


def test_a_row_warns_while_its_region_is_doubtful(page: RegionsPage) -> None:
    def warned() -> list[bool]:
        model = table_of(page).model()
        return [model.index(row, Column.FLAGS).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(4)]

    assert warned() == [False] * 4
    page.show_doubtful(frozenset({REGIONS[2].id, REGIONS[3].id}))
    assert warned() == [False, False, True, True]
    page.show_doubtful(frozenset({REGIONS[3].id}))
    assert warned() == [False, False, False, True]


def test_without_a_page_there_are_no_pixels(page: RegionsPage) -> None:
    page.show_regions(REGIONS, None)
    assert column_of(page, Column.PIXELS) == [""] * 4
    assert cell(page, 0, Column.MODEL) == "100, 5, 120, 15"


def test_nothing_is_built_or_done_before_the_tab_is_seen(qtbot: QtBot) -> None:
    page = RegionsPage()
    qtbot.addWidget(page)
    page.show_regions(REGIONS, SIZE)
    page.select_region(12)
    assert page.findChildren(QTableView) == []
    with qtbot.waitExposed(page):
        page.show()
    assert column_of(page, Column.NUMBER) == ["1", "2", "3", "4"]
    assert table_of(page).currentIndex().row() == 2
    page.hide()
    page.show_regions(REGIONS[:1], SIZE)
    assert table_of(page).model().rowCount() == 4
    page.show()
    assert table_of(page).model().rowCount() == 1


def test_table_built_late_shows_its_start_where_the_selected_row_is_in_sight(qtbot: QtBot) -> None:
    page = RegionsPage()
    qtbot.addWidget(page)
    page.resize(500, 400)
    page.show_regions(many(200), SIZE)
    page.select_region(5)
    with qtbot.waitExposed(page):
        page.show()
    table = table_of(page)
    assert table.currentIndex().row() == 5
    assert table.rowAt(0) == 0
    page.hide()
    page.select_region(150)
    page.show()
    assert table.viewport().rect().contains(centre(page, 150))


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        (Column.NUMBER, [10, 11, 12, 13]),
        (Column.TEXT, [12, 11, 13, 10]),
        (Column.PIXELS, [11, 12, 10, 13]),
        (Column.MODEL, [11, 12, 10, 13]),
        (Column.FLAGS, [13, 12, 10, 11]),
    ],
)
def test_header_sorts_both_ways_and_then_back_to_reading_order(
    page: RegionsPage, column: Column, ascending: list[int]
) -> None:
    def ids() -> list[int]:
        return [int(number) + 9 for number in column_of(page, Column.NUMBER)]

    click_header(page, column)
    assert ids() == ascending
    click_header(page, column)
    assert sorted(ids()[-2:]) == sorted(ascending[:2])
    assert ids() != ascending
    click_header(page, column)
    assert ids() == [10, 11, 12, 13]


@pytest.mark.parametrize(
    ("words", "numbers", "count"),
    [
        ("TOTAL", ["3"], "1 of 4"),
        ("title", ["1"], "1 of 4"),
        ("words beta", ["2"], "1 of 4"),
        ("broken", ["4"], "1 of 4"),
        ("table", ["3"], "1 of 4"),
        ("text", ["2", "4"], "2 of 4"),
        ("nowhere", [], "0 of 4"),
        ("  ", ["1", "2", "3", "4"], "4"),
    ],
)
def test_filter_finds_words_kinds_and_flags(page: RegionsPage, words: str, numbers: list[str], count: str) -> None:
    filter_by(page, words)
    assert column_of(page, Column.NUMBER) == numbers
    assert count_of(page) == count
    (hint,) = [label for label in page.findChildren(QLabel) if label.text() == "No region holds these words"]
    assert hint.isVisible() == (not numbers)
    filter_by(page, "")
    assert column_of(page, Column.NUMBER) == ["1", "2", "3", "4"]


def test_click_and_arrow_keys_select_regions_and_calls_do_not(qtbot: QtBot, page: RegionsPage) -> None:
    selected: list[object] = []
    page.region_selected.connect(selected.append)
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=centre(page, 1))
    QTest.keyClick(table_of(page), Qt.Key.Key_Down)
    assert selected == [11, 12]
    page.select_region(10)
    assert table_of(page).currentIndex().row() == 0
    page.select_region(None)
    assert not table_of(page).selectionModel().hasSelection()
    assert selected == [11, 12]
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=centre(page, 0))
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=QPoint(60, table_of(page).viewport().height() - 4))
    assert selected == [11, 12, 10, None]


def test_pointer_hovers_rows(qtbot: QtBot, page: RegionsPage) -> None:
    hovered: list[object] = []
    page.region_hovered.connect(hovered.append)
    for row in (0, 1, 2):
        QTest.mouseMove(table_of(page).viewport(), centre(page, row))
    qtbot.waitUntil(lambda: hovered == [10, 11, 12])
    QApplication.sendEvent(table_of(page).viewport(), QEvent(QEvent.Type.Leave))
    assert hovered == [10, 11, 12, None]


def test_hovered_row_looks_different(page: RegionsPage) -> None:
    place = centre(page, 1) + QPoint(0, 8)

    def colour() -> str:
        return table_of(page).viewport().grab().toImage().pixelColor(place).name()

    before = colour()
    page.hover_region(11)
    assert colour() != before
    page.hover_region(None)
    assert colour() == before


def test_enter_and_double_click_ask_for_a_closer_look(qtbot: QtBot, page: RegionsPage) -> None:
    zoomed: list[int] = []
    page.region_zoom_requested.connect(zoomed.append)
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=centre(page, 1))
    QTest.keyClick(table_of(page), Qt.Key.Key_Return)
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=centre(page, 2))
    QTest.mouseDClick(table_of(page).viewport(), LEFT, pos=centre(page, 2))
    assert zoomed == [11, 12]


def test_menu_of_a_row_is_asked_for_by_mouse_and_by_key(qtbot: QtBot, page: RegionsPage) -> None:
    asked: list[tuple[int, QPoint]] = []
    page.region_menu_requested.connect(lambda region_id, place: asked.append((region_id, place)))
    table = table_of(page)
    place = centre(page, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    QApplication.sendEvent(table.viewport(), event)
    assert asked == [(12, table.viewport().mapToGlobal(place))]
    page.select_region(11)
    table.setFocus()
    QApplication.sendEvent(table, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    QTest.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    row = table.visualRect(table.model().index(1, 0)).adjusted(-1, -1, 1, 1)
    for region_id, by_key in asked[1:]:
        assert region_id == 11
        assert row.contains(table.viewport().mapFromGlobal(by_key))
    assert len(asked) == 3


def test_several_rows_are_copied_with_their_headings(qtbot: QtBot, page: RegionsPage) -> None:
    table = table_of(page)
    QTest.mouseClick(table.viewport(), LEFT, pos=centre(page, 1))
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, centre(page, 3))
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "No.\tKind\tText\tPixels\t0–999\tFlags\n"
        "2\tText\tbeta words more\t9, 10, 30, 31\t9, 5, 29, 15\t\n"
        "4\tText\tgamma\t\t\tbroken box · no box"
    )


def test_no_region_is_meant_by_a_menu_beside_the_rows(qtbot: QtBot, page: RegionsPage) -> None:
    table = table_of(page)
    place = QPoint(60, table.viewport().height() - 4)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    with qtbot.assertNotEmitted(page.region_menu_requested):
        QApplication.sendEvent(table.viewport(), event)
    menu = page.findChild(QMenu, "rows_menu")
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["&Copy rows", "Select &all"]
    menu.close()


def many(count: int) -> list[Region]:
    return [region(index, f"words {(index * 7919) % count}", "text", index % 900) for index in range(count)]


def test_streaming_keeps_sorting_filter_selection_and_scroll(qtbot: QtBot, page: RegionsPage) -> None:
    regions = many(300)
    page.show_regions(regions[:200], SIZE)
    click_header(page, Column.TEXT)
    filter_by(page, "words")
    page.select_region(120)
    table = table_of(page)
    bar = table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    top = table.model().index(table.rowAt(1), Column.NUMBER).data()
    with qtbot.assertNotEmitted(page.region_selected):
        for end in range(201, 301):
            page.show_regions(regions[:end], SIZE)
    texts = column_of(page, Column.TEXT)
    assert len(texts) == 300
    assert texts == sorted(texts)
    assert table.model().index(table.rowAt(1), Column.NUMBER).data() == top
    assert table.model().index(table.currentIndex().row(), Column.NUMBER).data() == "121"
    assert [index.row() for index in table.selectionModel().selectedRows()] == [table.currentIndex().row()]


def test_end_is_in_sight_while_rows_arrive_until_the_user_scrolls(qtbot: QtBot, page: RegionsPage) -> None:
    regions = many(400)
    bar = table_of(page).verticalScrollBar()
    page.follow_end(True)
    page.show_regions(regions[:100], SIZE)
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(200)
    for end in range(101, 200):
        page.show_regions(regions[:end], SIZE)
    longest = bar.maximum()
    qtbot.waitUntil(lambda: bar.maximum() > longest)
    assert bar.value() == 200


def test_selected_region_is_found_again_behind_a_filter(page: RegionsPage) -> None:
    QTest.mouseClick(table_of(page).viewport(), LEFT, pos=centre(page, 1))
    filter_by(page, "title")
    assert not table_of(page).selectionModel().hasSelection()
    filter_by(page, "")
    assert table_of(page).currentIndex().row() == 1
    assert [index.row() for index in table_of(page).selectionModel().selectedRows()] == [1]


def test_down_leads_from_the_filter_into_the_rows_and_escape_shows_all(qtbot: QtBot, page: RegionsPage) -> None:
    page.open_find("beta")
    qtbot.waitUntil(filter_of(page).hasFocus)
    assert column_of(page, Column.NUMBER) == ["2"]
    with qtbot.waitSignal(page.region_selected) as selected:
        QTest.keyClick(filter_of(page), Qt.Key.Key_Down)
    assert selected.args == [11]
    assert table_of(page).hasFocus()
    assert page.close_find()
    assert column_of(page, Column.NUMBER) == ["1", "2", "3", "4"]
    assert not page.close_find()


def test_a_row_half_in_sight_stays_under_the_pointer(qtbot: QtBot, page: RegionsPage) -> None:
    page.region_selected.connect(page.select_region)
    page.show_regions(many(100), SIZE)
    table = table_of(page)
    last = table.rowAt(table.viewport().height() - 1)
    place = QPoint(60, table.viewport().height() - 2)
    QTest.mouseClick(table.viewport(), LEFT, pos=place)
    assert table.currentIndex().row() == last
    assert table.verticalScrollBar().value() == 0


def test_selected_region_is_shown_as_soon_as_it_is_there(page: RegionsPage) -> None:
    page.show_regions(many(10), SIZE)
    page.select_region(150)
    page.show_regions(many(200), SIZE)
    assert table_of(page).currentIndex().row() == 150
    assert table_of(page).viewport().rect().contains(centre(page, 150))


def test_a_column_made_wider_stays_so(qtbot: QtBot, page: RegionsPage) -> None:
    table = table_of(page)
    table.horizontalHeader().resizeSection(Column.TEXT, 333)
    page.resize(500, 300)
    page.show_regions([], SIZE)
    page.show_regions(many(30), SIZE)
    assert table.columnWidth(Column.TEXT) == 333


def test_numbers_and_words_can_be_seen_in_a_narrow_pane(page: RegionsPage) -> None:
    page.resize(400, 300)
    table = table_of(page)
    assert table.columnViewportPosition(Column.TEXT) + 100 < table.viewport().width()
    assert table.columnWidth(Column.TEXT) >= 100


def test_rows_that_are_marked_while_no_region_is_selected_are_let_go(page: RegionsPage) -> None:
    table = table_of(page)
    table.setFocus()
    page.select_region(None)
    table.selectAll()
    assert len(table.selectionModel().selectedRows()) == 4
    page.hide()
    page.show()
    assert len(table.selectionModel().selectedRows()) == 4, "looking at another view in between takes nothing away"
    page.select_region(None)
    assert not table.selectionModel().hasSelection()
