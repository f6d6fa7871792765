from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTabWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.pane import OutputPane
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.source import SourceView

PREVIEW, MARKDOWN, RAW, REGIONS = range(4)
ROW = "<tr><td>cell</td><td>Total</td></tr>"
LONG_WORD = "x" * 28 + "Total" + "y" * 40
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def regions_of(*texts: str) -> tuple[Region, ...]:
    return tuple(Region(id=index, label="text", text=text, markdown=text) for index, text in enumerate(texts))


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[OutputPane]:
    pane = OutputPane()
    qtbot.addWidget(pane)
    pane.resize(500, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.activateWindow()
    yield pane
    pane.close()


def show(qtbot: QtBot, pane: OutputPane, *texts: str) -> None:
    pane.show_run(regions_of(*texts), "\n\n".join(texts))
    view = view_of(pane)
    if view is not None:
        qtbot.waitUntil(lambda: view.is_caught_up)


def tabs_of(pane: OutputPane) -> QTabWidget:
    tabs = pane.findChild(QTabWidget, "output_tabs")
    assert isinstance(tabs, QTabWidget)
    return tabs


def view_of(pane: OutputPane) -> RenderedView | SourceView | None:
    view = tabs_of(pane).currentWidget()
    return view if isinstance(view, RenderedView | SourceView) else None


def edit_of(pane: OutputPane) -> QLineEdit:
    edit = pane.findChild(QLineEdit, "find_edit")
    assert isinstance(edit, QLineEdit)
    return edit


def said(pane: OutputPane, name: str) -> str:
    label = pane.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def count(pane: OutputPane) -> str:
    return said(pane, "find_count")


def click(pane: OutputPane, name: str) -> None:
    button = pane.findChild(QToolButton, name)
    assert isinstance(button, QToolButton)
    QTest.mouseClick(button, LEFT)


def marks(pane: OutputPane) -> list[str]:
    view = view_of(pane)
    assert view is not None
    return [mark.cursor.selectedText().replace("\u200b", "") for mark in view.extraSelections()]


def current(pane: OutputPane) -> str:
    """The words whose mark is stronger than all the others."""
    view = view_of(pane)
    assert view is not None
    marked = view.extraSelections()
    strong = [mark.cursor.selectedText() for mark in marked if mark.format.background().color().alpha() == 255]
    return strong[0] if len(strong) == 1 else repr(strong)


def look_for(qtbot: QtBot, pane: OutputPane, words: str) -> None:
    pane.open_find()
    qtbot.waitUntil(edit_of(pane).hasFocus)
    QTest.keyClicks(edit_of(pane), words)


@pytest.mark.parametrize("tab", [PREVIEW, MARKDOWN, RAW])
def test_matches_are_counted_marked_and_stepped_through(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    show(qtbot, pane, "total one", "Ｔotal two 𝒳", "and TOTAL three")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 3")
    qtbot.waitUntil(lambda: sorted(marks(pane)) == ["TOTAL", "total", "Ｔotal"])
    assert current(pane) == "total"
    for step, number, words in ((1, "2 of 3", "Ｔotal"), (1, "3 of 3", "TOTAL"), (-1, "2 of 3", "Ｔotal")):
        pane.find_next(step)
        assert count(pane) == number
        qtbot.waitUntil(lambda words=words: current(pane) == words)  # type: ignore[misc]


def test_search_goes_on_round_both_ends_and_says_so(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total one", "total two")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 2")
    QTest.keyClick(edit_of(pane), Qt.Key.Key_Return, SHIFT)
    assert (count(pane), said(pane, "find_note")) == ("2 of 2", "Went on from the end")
    QTest.keyClick(edit_of(pane), Qt.Key.Key_Return)
    assert (count(pane), said(pane, "find_note")) == ("1 of 2", "Went on from the start")
    click(pane, "find_next_button")
    assert (count(pane), said(pane, "find_note")) == ("2 of 2", "")
    click(pane, "find_previous_button")
    assert count(pane) == "1 of 2"


@pytest.mark.parametrize("tab", [PREVIEW, MARKDOWN, RAW])
def test_match_is_brought_into_sight(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    show(qtbot, pane, *(f"Paragraph {index}" for index in range(300)))
    look_for(qtbot, pane, "paragraph 250")
    view = view_of(pane)
    assert view is not None
    qtbot.waitUntil(lambda: count(pane) == "1 of 1")
    assert view.viewport().rect().contains(view.cursorRect(view.document().find("Paragraph 250")).center())


@pytest.mark.parametrize("tab", [MARKDOWN, RAW])
def test_match_across_a_break_that_is_only_shown_is_found(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    show(qtbot, pane, f"<table>{ROW * 3}</table>")
    look_for(qtbot, pane, "</td></tr><tr><td>cell")
    qtbot.waitUntil(lambda: count(pane) == "1 of 2")
    qtbot.waitUntil(lambda: marks(pane) == ["</td></tr>\u2029<tr><td>cell"] * 2)


def test_match_across_the_break_of_a_long_word_is_found_in_the_preview(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, f"𝒳 {LONG_WORD}", "words")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 1")
    qtbot.waitUntil(lambda: marks(pane) == ["Total"])
    assert "\u200b" in current(pane)


def test_words_in_table_cells_are_found_in_the_preview(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "Total", f"<table>{ROW * 4}</table>")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 5")
    qtbot.waitUntil(lambda: marks(pane) == ["Total"] * 5)


def test_nothing_found_is_said_and_case_can_matter(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total Total")
    look_for(qtbot, pane, "Total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 2")
    click(pane, "find_case")
    qtbot.waitUntil(lambda: count(pane) == "1 of 1")
    QTest.keyClicks(edit_of(pane), "ly")
    qtbot.waitUntil(lambda: count(pane) == "Not found")
    edit_of(pane).clear()
    qtbot.waitUntil(lambda: count(pane) == "" and marks(pane) == [])


@pytest.mark.parametrize("tab", [PREVIEW, MARKDOWN, RAW])
def test_count_follows_what_streams_in_and_the_match_stays(qtbot: QtBot, pane: OutputPane, tab: int) -> None:
    tabs_of(pane).setCurrentIndex(tab)
    texts = [f"total {index}" for index in range(60)]
    show(qtbot, pane, *texts[:20])
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 20")
    pane.find_next(1)
    for end in range(21, 61):
        pane.show_run(regions_of(*texts[:end]), "\n\n".join(texts[:end]))
    qtbot.waitUntil(lambda: count(pane) == "2 of 60")
    show(qtbot, pane, "other words, total")
    qtbot.waitUntil(lambda: count(pane).endswith("1 of 1") or count(pane) == "1 found")
    qtbot.waitUntil(lambda: marks(pane) == ["total"])


def test_words_stay_when_another_tab_is_shown(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total one", "total two")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 2")
    tabs_of(pane).setCurrentIndex(RAW)
    qtbot.waitUntil(lambda: count(pane) == "2 found")
    qtbot.waitUntil(lambda: marks(pane) == ["total", "total"])
    assert pane.rendered_view.extraSelections() == []
    pane.find_next(1)
    assert count(pane) == "1 of 2"


def test_in_the_regions_the_filter_box_has_the_keys(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total one", "other", "total two")
    look_for(qtbot, pane, "total")
    tabs_of(pane).setCurrentIndex(REGIONS)
    assert not edit_of(pane).isVisible()
    pane.open_find()
    box = pane.findChild(QLineEdit, "regions_filter")
    assert isinstance(box, QLineEdit)
    qtbot.waitUntil(box.hasFocus)
    assert box.text() == "total"
    assert said(pane, "regions_count") == "2 of 3"
    selected: list[object] = []
    pane.region_selected.connect(selected.append)
    for step in (1, 1, 1, -1):
        pane.find_next(step)
    assert selected == [0, 2, 0, 2]
    assert pane.close_find()
    assert box.text() == ""
    assert not pane.close_find()
    tabs_of(pane).setCurrentIndex(PREVIEW)
    assert edit_of(pane).isVisible()


def test_escape_closes_and_gives_the_keys_and_the_match_to_the_view(qtbot: QtBot, pane: OutputPane) -> None:
    assert not pane.close_find()
    show(qtbot, pane, "one total two")
    look_for(qtbot, pane, "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 1")
    QTest.keyClick(edit_of(pane), Qt.Key.Key_Escape)
    view = view_of(pane)
    assert view is not None
    assert not edit_of(pane).isVisible()
    qtbot.waitUntil(view.hasFocus)
    qtbot.waitUntil(lambda: marks(pane) == [])
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "total"
    assert not pane.close_find()


def test_find_next_asks_for_words_once_and_remembers_them(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total one", "total two")
    pane.find_next(1)
    qtbot.waitUntil(edit_of(pane).hasFocus)
    QTest.keyClicks(edit_of(pane), "total")
    qtbot.waitUntil(lambda: count(pane) == "1 of 2")
    pane.close_find()
    pane.find_next(1)
    assert edit_of(pane).isVisible()
    qtbot.waitUntil(lambda: count(pane) in ("1 of 2", "2 of 2"))


def test_selected_word_is_looked_for(qtbot: QtBot, pane: OutputPane) -> None:
    tabs_of(pane).setCurrentIndex(MARKDOWN)
    show(qtbot, pane, "one total two", "total")
    view = view_of(pane)
    assert view is not None
    QTest.mouseDClick(view.viewport(), LEFT, pos=view.cursorRect(view.document().find("tota")).center())
    pane.open_find()
    assert edit_of(pane).text() == "total"
    qtbot.waitUntil(lambda: count(pane).endswith("of 2"))


def test_a_long_text_is_counted_to_its_end_in_slices(qtbot: QtBot, pane: OutputPane) -> None:
    tabs_of(pane).setCurrentIndex(MARKDOWN)
    show(qtbot, pane, *(f"{'words ' * 40}total" for _ in range(1000)))
    look_for(qtbot, pane, "total")
    counts: list[str] = []
    finder = tabs_of(pane).currentWidget().finder  # type: ignore[attr-defined]
    finder.changed.connect(lambda: counts.append(count(pane)))
    edit_of(pane).setText("words")
    qtbot.waitUntil(lambda: count(pane).endswith(" of 40000"))
    assert len(counts) > 1
    assert counts[0].endswith("…")
    QTest.keyClick(edit_of(pane), Qt.Key.Key_Return, SHIFT)
    assert count(pane) == "40 of 40000"


def test_marks_are_of_what_is_in_sight(qtbot: QtBot, pane: OutputPane) -> None:
    tabs_of(pane).setCurrentIndex(MARKDOWN)
    show(qtbot, pane, *(f"word {index}" for index in range(3000)))
    look_for(qtbot, pane, "word")
    qtbot.waitUntil(lambda: count(pane) == "1 of 3000")
    view = view_of(pane)
    assert view is not None
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    last = view.document().characterCount() - 10
    qtbot.waitUntil(lambda: any(mark.cursor.selectionEnd() > last for mark in view.extraSelections()))
    assert len(view.extraSelections()) < 1000


def test_everything_in_the_bar_has_a_name_and_takes_keys(qtbot: QtBot, pane: OutputPane) -> None:
    show(qtbot, pane, "total")
    pane.open_find()
    bar = pane.findChild(QWidget, "find_bar")
    assert isinstance(bar, QWidget)
    for control in (*bar.findChildren(QToolButton), *bar.findChildren(QLineEdit)):
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
