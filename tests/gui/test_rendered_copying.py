"""What the rendered view gives when it is copied from, however it broke the words to show them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.writer import REGION_ID
from tests.support.text_blocks import blocks_of


def show(qtbot: QtBot, view: RenderedView, *markdowns: str) -> None:
    view.show_regions(tuple(Region(index, "text", words, words) for index, words in enumerate(markdowns)))
    qtbot.waitUntil(lambda: view.is_caught_up)


@pytest.fixture
def view(qtbot: QtBot) -> RenderedView:
    view = RenderedView()
    qtbot.addWidget(view)
    view.resize(520, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_long_words_wrap_and_are_copied_as_they_are(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, "x" * 500)
    assert view.horizontalScrollBar().maximum() == 0
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == "x" * 500


def test_words_beside_a_character_that_stands_for_an_object_are_copied(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, "Before \ufffc after", "Second paragraph")
    view.selectAll()
    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text().splitlines() == ["Before  after", "Second paragraph"]
    assert "after" in mime.html()
    QGuiApplication.clipboard().clear()


def test_a_huge_paragraph_is_several_blocks_of_one_region_and_copied_as_it_was(
    qtbot: QtBot, view: RenderedView
) -> None:
    """One block of some hundred thousand letters takes as long to lay out as nobody waits."""
    words = " ".join(f"word{number}" for number in range(30_000))
    show(qtbot, view, "Before.", words, "Behind.")
    blocks = [block for block in blocks_of(view.document()) if block.blockFormat().property(REGION_ID) == 1]
    assert len(blocks) > 3
    assert max(block.length() for block in blocks) < 30_000
    assert {block.blockFormat().topMargin() for block in blocks[1:]} == {0.0}
    view.select_region(1)
    marked = [mark.cursor.selection().toPlainText().replace("\n", " ").strip() for mark in view.extraSelections()]
    assert " ".join(marked) == words
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    assert view.region_at(QPoint(100, 100)) == 1
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == f"Before.\n{words}\nBehind."


def test_a_part_of_a_huge_paragraph_is_copied_as_it_was(qtbot: QtBot, view: RenderedView) -> None:
    words = "长" * 45_000
    show(qtbot, view, words)
    cursor = QTextCursor(view.document())
    cursor.setPosition(19_990)
    cursor.setPosition(20_011, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    view.copy()
    assert QGuiApplication.clipboard().text() == "长" * 20
