from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region, Span
from ocr_desktop.core.geometry import PixelBox, Size
from ocr_desktop.gui.output.pane import OutputPane
from tests.support.output_pane import (
    RAW,
    REGIONS,
    child,
    choose,
    click,
    marked,
    open_menu,
    place_of,
    run_button,
    shown_on,
    shown_pane,
    table_on,
    tabs_of,
    view_on,
)


@pytest.fixture
def pane(qtbot: QtBot) -> OutputPane:
    return shown_pane(qtbot)


def test_each_tab_shows_the_run_its_way(qtbot: QtBot, pane: OutputPane) -> None:
    tabs = tabs_of(pane)
    assert [tabs.tabText(index) for index in range(4)] == ["Preview", "Markdown", "Raw", "Regions"]
    raw = "<|ref|>title<|/ref|> Title"
    pane.show_run(REGIONS, raw)
    qtbot.waitUntil(lambda: pane.rendered_view.toPlainText() == "Title\nWords")
    tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: pane.markdown_view.toPlainText() == "# Title\n\nWords")
    tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: pane.raw_view.toPlainText() == raw)


def test_there_is_nothing_to_copy_or_save_before_words_came(qtbot: QtBot, pane: OutputPane) -> None:
    buttons = [child(pane, QToolButton, name) for name in ("copy_button", "copy_menu_button", "export_button")]
    (hint,) = [label for label in pane.findChildren(QLabel) if label.text() == "The text of the picture appears here"]
    assert hint.isVisible()
    assert not any(button.isEnabled() for button in buttons)
    pane.show_run(REGIONS, RAW)
    assert not hint.isVisible()
    assert all(button.isEnabled() for button in buttons)
    pane.clear()
    assert hint.isVisible()
    assert not any(button.isEnabled() for button in buttons)
    qtbot.waitUntil(lambda: pane.rendered_view.toPlainText() == "")


@pytest.mark.parametrize(("text", "what"), [("Copy Markdown", "markdown"), ("Copy as plain text", "text")])
def test_copy_menu_asks_for_what_was_chosen(qtbot: QtBot, pane: OutputPane, text: str, what: str) -> None:
    pane.show_run(REGIONS, RAW)
    menu = open_menu(qtbot, child(pane, QToolButton, "copy_menu_button"))
    with qtbot.waitSignal(pane.copy_requested) as requested:
        choose(qtbot, menu, text)
    assert requested.args == [what]


def test_copy_button_itself_copies_markdown(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_run(REGIONS, RAW)
    with qtbot.waitSignal(pane.copy_requested) as requested:
        click(qtbot, child(pane, QToolButton, "copy_button"))
    assert requested.args == ["markdown"]


@pytest.mark.parametrize(("text", "name"), [("Markdown…", "md"), ("Text…", "txt"), ("JSON…", "json")])
def test_save_menu_asks_for_a_format(qtbot: QtBot, pane: OutputPane, text: str, name: str) -> None:
    pane.show_run(REGIONS, RAW)
    menu = open_menu(qtbot, child(pane, QToolButton, "export_button"))
    with qtbot.waitSignal(pane.save_requested) as requested:
        choose(qtbot, menu, text)
    assert requested.args == [name]


def test_runs_can_be_chosen_where_there_are_several(qtbot: QtBot, pane: OutputPane) -> None:
    button = run_button(pane)
    pane.show_runs(["This computer"], 0)
    assert not button.isVisible()
    pane.show_runs(["This computer", "R&D server"], 1)
    assert button.isVisible()
    assert button.text() == "Run 2/2 ▾"
    menu = open_menu(qtbot, button)
    assert [action.isChecked() for action in menu.actions()] == [False, True]
    assert menu.actions()[1].text() == "R&&D server"
    with qtbot.waitSignal(pane.run_chosen) as chosen:
        choose(qtbot, menu, "This computer")
    assert chosen.args == [0]


def test_selection_reaches_every_view_also_hidden_ones(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_run(REGIONS, RAW)
    pane.select_region(7)
    for tab in range(3):
        assert marked(shown_on(qtbot, pane, tab)) == ["Words"]
    assert table_on(pane).currentIndex().row() == 1


def test_click_in_any_view_tells_the_region(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_run(REGIONS, RAW)
    for tab in range(3):
        view = shown_on(qtbot, pane, tab)
        with qtbot.waitSignal(pane.region_selected) as selected:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Words"))
        assert selected.args == [7]
    table = table_on(pane)
    with qtbot.waitSignal(pane.region_selected) as selected:
        place = table.visualRect(table.model().index(1, 2)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert selected.args == [7]


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_words_and_boxes_stay_tied_while_the_answer_streams(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    texts = [f"Paragraph {index} of many" for index in range(40)]
    raw = "\n\n".join(texts)
    ends = [raw.index(text) + len(text) for text in texts]
    regions = [Region(i, "text", t, t, source=Span(0, ends[i] - len(t), ends[i])) for i, t in enumerate(texts)]
    hovered: list[object] = []
    pane.region_hovered.connect(hovered.append)
    pane.set_busy(True, follows=True)
    view = view_on(pane, tab)
    for count in range(1, 41):
        pane.show_run(regions[:count], raw[: ends[count - 1]])
        if count == 5:
            qtbot.waitUntil(lambda: "Paragraph 4" in view.toPlainText())
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Paragraph 2"))
            for words in ("Paragraph 1", "Paragraph 3"):
                QTest.mouseMove(view.viewport(), place_of(view, words))
            qtbot.waitUntil(lambda: hovered[-1:] == [3])
            pane.select_region(2)
            pane.hover_region(3)
    qtbot.waitUntil(lambda: "Paragraph 39" in view.toPlainText())
    assert sorted(marked(view)) == [texts[2], texts[3]]


def test_pixels_are_told_where_the_page_is_known(qtbot: QtBot, pane: OutputPane) -> None:
    region = Region(1, "text", "a", "a", boxes=(PixelBox(1.5, 2.5, 30, 40),))
    pane.show_run([region], "a", page_size=Size(20, 100))
    assert table_on(pane).model().index(0, 3).data() == "1, 2, 20, 40"


def test_progress_is_seen_while_busy(pane: OutputPane) -> None:
    bar = pane.findChild(QProgressBar, "progress_bar")
    assert isinstance(bar, QProgressBar)
    assert not bar.isVisible()
    pane.set_busy(True, follows=True)
    assert bar.isVisible()
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    pane.show_progress(3, 8)
    assert (bar.value(), bar.maximum()) == (3, 8)
    pane.set_busy(False, follows=False)
    assert not bar.isVisible()


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_another_run_is_shown_from_its_start(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    view = (pane.rendered_view, pane.markdown_view, pane.raw_view)[tab]
    for name in ("first", "second"):
        texts = [f"{name} {index}" for index in range(200)]
        pane.clear()
        pane.show_run([Region(id=i, label="text", text=t, markdown=t) for i, t in enumerate(texts)], "\n".join(texts))
        qtbot.waitUntil(lambda name=name: view.is_caught_up and f"{name} 199" in view.toPlainText())
        assert view.verticalScrollBar().value() == 0
        view.verticalScrollBar().setValue(300)


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_a_click_does_not_move_the_view_it_is_made_in(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    view = (pane.rendered_view, pane.markdown_view, pane.raw_view)[tab]
    pane.region_selected.connect(pane.select_region)
    text = "words " * 2000
    pane.show_run([Region(id=0, label="text", text=text, markdown=text, source=Span(0, 0, len(text)))], text)
    qtbot.waitUntil(lambda: view.is_caught_up)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 100))
    assert len(view.extraSelections()) == 1
    assert bar.value() == place


def test_summary_stands_at_both_ends_of_the_foot(pane: OutputPane) -> None:
    pane.show_summary("37 regions", "6.2 s")
    left, right = (
        next(label for label in pane.findChildren(QLabel) if label.text() == text) for text in ("37 regions", "6.2 s")
    )
    assert left.isVisible()
    assert left.geometry().right() < right.geometry().left()


LONG = tuple(
    Region(id=index, label="text", text=f"Words {index}", markdown=f"Words {index}", source=Span(0, 10 * index, 9))
    for index in range(200)
)


@pytest.mark.parametrize("tab", [0, 1])
def test_a_region_clicked_twice_is_still_scrolled_to_later(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    pane.show_run(LONG, "words")
    view = shown_on(qtbot, pane, tab)
    pane.region_selected.connect(lambda region_id: pane.select_region(region_id))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Words 1"))
    pane.region_selected.disconnect()
    # Selecting what is selected already is told to nobody.
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Words 1"))
    pane.select_region(None)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    pane.select_region(1)
    assert view.viewport().rect().contains(place_of(view, "Words 1"))


@pytest.mark.parametrize("tab", [0, 1, 3])
def test_hovering_is_told_again_in_another_run(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    told: list[object] = []
    pane.region_hovered.connect(told.append)
    for _ in range(2):
        pane.show_run(REGIONS, RAW)
        if tab == 3:
            table = table_on(pane)
            viewport, place = table.viewport(), table.visualRect(table.model().index(0, 2)).center()
        else:
            view = shown_on(qtbot, pane, tab)
            viewport, place = view.viewport(), place_of(view, "Title")
        QTest.mouseMove(viewport, place + QPoint(len(told), 0))
        assert told[-1] == 4
        pane.clear()
    assert told == [4, 4]


def stops(start: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """What Tab leads to from a widget on, until it comes back."""
    start.setFocus()
    names: list[str] = []
    while len(names) < 20:
        QTest.keyClick(QApplication.focusWidget(), key)
        focused = QApplication.focusWidget()
        if focused is start:
            break
        names.append(focused.objectName())
    return names


def test_tab_leads_through_the_parts_from_top_to_bottom(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_run(REGIONS, RAW)
    foot = ["copy_button", "copy_menu_button", "export_button"]
    bar = tabs_of(pane).tabBar()
    pane.activateWindow()
    table_on(pane)
    assert stops(bar) == ["regions_filter", "regions_table", *foot]
    assert stops(bar, Qt.Key.Key_Backtab) == [*reversed(foot), "regions_table", "regions_filter"]
    view = shown_on(qtbot, pane, 0)
    pane.open_find()
    QTest.keyClicks(QApplication.focusWidget(), "Words")
    qtbot.waitUntil(lambda: view.finder.state.count == 1)
    find_bar = ["find_edit", "find_case", "find_previous_button", "find_next_button", "find_close"]
    assert stops(bar) == ["rendered_view", *find_bar, *foot]
    tabs_of(pane).setCurrentIndex(3)
    assert stops(bar) == ["regions_filter", "regions_table", *foot]
