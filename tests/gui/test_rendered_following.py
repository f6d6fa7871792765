"""How the text views follow the end of an answer, let go of it, and go to their edges by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.source import MarkdownView


def page(count: int) -> tuple[Region, ...]:
    return tuple(Region(index, "text", f"Paragraph {index}", f"Paragraph {index}") for index in range(count))


def is_at_end(bar: QScrollBar) -> bool:
    return bar.maximum() > 0 and bar.value() == bar.maximum()


@pytest.fixture(params=[RenderedView, MarkdownView])
def view(qtbot: QtBot, request: pytest.FixtureRequest) -> RenderedView | MarkdownView:
    view: RenderedView | MarkdownView = request.param()
    qtbot.addWidget(view)
    view.resize(520, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_the_end_is_followed_until_all_is_written(qtbot: QtBot, view: RenderedView | MarkdownView) -> None:
    view.follow_end(True)
    view.show_regions(page(3000))
    view.follow_end(False)
    qtbot.waitUntil(lambda: view.is_caught_up, timeout=20_000)
    qtbot.waitUntil(lambda: is_at_end(view.verticalScrollBar()))
    place = view.verticalScrollBar().value()
    view.show_regions(page(3100))
    qtbot.waitUntil(lambda: view.is_caught_up)
    assert view.verticalScrollBar().value() == place


def test_another_text_is_not_followed_when_the_last_one_was_not_yet_written(
    qtbot: QtBot, view: RenderedView | MarkdownView
) -> None:
    view.follow_end(True)
    view.show_regions(page(3000))
    view.follow_end(False)
    view.go_to_start()
    view.show_regions(tuple(Region(9000 + index, "text", "Other", "Other") for index in range(300)))
    qtbot.waitUntil(lambda: view.is_caught_up, timeout=20_000)
    assert view.verticalScrollBar().value() == 0


def test_a_selection_lets_go_of_the_end_also_where_its_words_are_in_sight(
    qtbot: QtBot, view: RenderedView | MarkdownView
) -> None:
    view.follow_end(True)
    view.show_regions(page(200))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: view.is_caught_up and is_at_end(bar))
    view.select_region(198)
    place = bar.value()
    view.show_regions(page(260))
    qtbot.waitUntil(lambda: view.is_caught_up and bar.maximum() > place)
    assert bar.value() == place


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_home_and_end_go_to_the_edges(
    qtbot: QtBot, view: RenderedView | MarkdownView, modifier: Qt.KeyboardModifier
) -> None:
    view.show_regions(page(300))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: view.is_caught_up and bar.maximum() > 0)
    QTest.keyClick(view, Qt.Key.Key_End, modifier)
    assert is_at_end(bar)
    QTest.keyClick(view, Qt.Key.Key_Home, modifier)
    assert bar.value() == 0
