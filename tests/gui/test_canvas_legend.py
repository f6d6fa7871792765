"""The row below the picture, and the legend that its button opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.actions import Actions
from ocr_desktop.gui.appearance import apply_colour_scheme, label_colour
from ocr_desktop.gui.canvas.bar import CanvasBar
from ocr_desktop.gui.canvas.legend import MOST_LINES, Legend
from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import (
    LEFT,
    REGIONS,
    collected,
    has_colour,
    look,
    region,
    seen_at,
)


class Place:
    """A canvas with its row, connected as in the window."""

    def __init__(self, canvas: Canvas, window: QWidget) -> None:
        self.canvas, self.window = canvas, window
        self.actions = Actions(window)
        self.actions["boxes"].setChecked(True)
        self.bar = CanvasBar(self.actions, window)
        canvas.labels_changed.connect(self.bar.show_labels)
        self.bar.labels_hidden.connect(canvas.set_hidden_labels)
        self.actions["boxes"].toggled.connect(canvas.set_boxes_visible)
        self.actions["uncovered"].toggled.connect(canvas.set_uncovered_visible)
        canvas.boxes_toggled.connect(self.actions["boxes"].setChecked)
        layout = QVBoxLayout(window)
        layout.addWidget(canvas)
        layout.addWidget(self.bar)

    @property
    def legend(self) -> Legend:
        legend = self.window.findChild(Legend)
        assert legend is not None
        return legend

    def check(self, text: str) -> QCheckBox:
        found = [check for check in self.legend.findChildren(QCheckBox) if check.text().startswith(text)]
        return next(check for check in found if check.isVisible())

    def lines(self) -> list[str]:
        """What a screen reader says of each label's line."""
        checks = self.legend.findChildren(QCheckBox)
        return [check.accessibleName() for check in checks if check.accessibleName() and check.isVisible()]

    def all_button(self) -> QPushButton:
        button = self.legend.findChild(QPushButton, "show_all_labels_button")
        assert button is not None
        return button


@pytest.fixture
def place(qtbot: QtBot, canvas: Canvas) -> Iterator[Place]:
    window = QWidget()
    qtbot.addWidget(window)
    place = Place(canvas, window)
    window.resize(800, 600)
    canvas.show_regions(())
    canvas.show_regions(REGIONS)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield place
    canvas.setParent(None)


def test_a_line_for_each_label_says_its_name_and_how_many(qtbot: QtBot, place: Place) -> None:
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    assert place.lines() == ["Title: 1", "Text: 2", "Table: 1"]
    numbers = [label.text() for label in place.legend.findChildren(QLabel) if label.text().isdigit()]
    assert numbers == ["1", "2", "1"]


def test_while_it_is_open_lines_and_numbers_follow_what_streams_in(qtbot: QtBot, place: Place) -> None:
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    place.canvas.show_regions((*REGIONS, region(9, (10, 10, 50, 50)), region(10, (60, 10, 99, 50), label="header")))
    assert place.lines() == ["Title: 1", "Text: 3", "Table: 1", "Header: 1"]
    place.canvas.show_regions((region(9, (10, 10, 50, 50)),))
    assert place.lines() == ["Text: 1"]
    place.canvas.show_regions(())
    assert place.lines() == []
    assert any(label.isVisible() and "no boxes" in label.text() for label in place.legend.findChildren(QLabel))


def test_the_keys_stay_in_their_line_while_others_come(qtbot: QtBot, place: Place) -> None:
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    place.check("Table").setFocus()
    place.canvas.show_regions((*REGIONS, region(9, (10, 10, 50, 50), label="sub_title")))
    assert place.legend.focusWidget() is place.check("Table")
    qtbot.keyClick(place.legend.focusWidget(), Qt.Key.Key_Backtab)
    qtbot.keyClick(place.legend.focusWidget(), Qt.Key.Key_Backtab)
    assert place.legend.focusWidget() is place.check("Heading")


def test_a_label_is_filtered_and_shown_again_and_the_button_tells(qtbot: QtBot, place: Place) -> None:
    hidden = collected(place.bar.labels_hidden)
    corner = seen_at(place.canvas, 200, 400)
    plain = place.bar.boxes_button.grab().toImage()
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    qtbot.mouseClick(place.check("Table"), LEFT, pos=QPoint(8, 8))
    assert not has_colour(look(place.canvas), corner, label_colour("table"))
    assert place.bar.boxes_button.grab().toImage() != plain
    assert place.bar.boxes_button.accessibleDescription()
    qtbot.mouseClick(place.all_button(), LEFT)
    assert has_colour(look(place.canvas), corner, label_colour("table"))
    assert place.check("Table").isChecked()
    assert not place.all_button().isEnabled()
    assert place.bar.boxes_button.grab().toImage() == plain
    assert hidden == [frozenset({"table"}), frozenset()]


def test_a_filtered_label_that_is_not_on_the_page_can_still_be_shown_again(qtbot: QtBot, place: Place) -> None:
    hidden = collected(place.bar.labels_hidden)
    place.bar.show_hidden_labels(frozenset({"equation"}))
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    assert "Equation: 0" in place.lines()
    qtbot.mouseClick(place.check("Equation"), LEFT, pos=QPoint(8, 8))
    assert hidden == [frozenset()]


def test_all_of_it_can_be_done_by_keyboard(qtbot: QtBot, place: Place) -> None:
    place.bar.boxes_button.setFocus()
    qtbot.keyClick(place.bar.boxes_button, Qt.Key.Key_Space)
    assert place.legend.isVisible()
    walked = []
    for _ in range(5):
        focused = place.legend.focusWidget()
        walked.append(focused.text())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert walked == ["Show boxes (H on the picture)", "Show uncovered areas", "Title", "Text", "Table"]
    title = place.check("Title")
    title.setFocus()
    qtbot.keyClick(title, Qt.Key.Key_Space)
    assert not has_colour(look(place.canvas), seen_at(place.canvas, 100, 100), label_colour("title"))
    qtbot.keyClick(place.legend.focusWidget(), Qt.Key.Key_Escape)
    assert not place.legend.isVisible()
    qtbot.keyClick(place.bar.boxes_button, Qt.Key.Key_Down)
    assert place.legend.isVisible()


def test_the_switches_are_those_of_the_menu(qtbot: QtBot, place: Place) -> None:
    corner = seen_at(place.canvas, 100, 100)
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    qtbot.mouseClick(place.check("Show boxes"), LEFT, pos=QPoint(8, 8))
    assert not place.actions["boxes"].isChecked()
    assert not has_colour(look(place.canvas), corner, label_colour("title"))
    qtbot.keyClick(place.canvas, Qt.Key.Key_H)
    assert place.check("Show boxes").isChecked()
    before = look(place.canvas).pixelColor(seen_at(place.canvas, 1550, 1150))
    qtbot.mouseClick(place.check("Show uncovered areas"), LEFT, pos=QPoint(8, 8))
    assert place.actions["uncovered"].isChecked()
    assert look(place.canvas).pixelColor(seen_at(place.canvas, 1550, 1150)) != before
    place.actions["uncovered"].setChecked(False)
    assert not place.check("Show uncovered areas").isChecked()


def test_labels_without_end_make_no_list_without_end(qtbot: QtBot, place: Place) -> None:
    place.canvas.show_regions(tuple(region(n, (n, 10, n + 5, 20), label=f"made & up {n} " * 50) for n in range(500)))
    qtbot.mouseClick(place.bar.boxes_button, LEFT)
    assert 10 <= len(place.lines()) <= MOST_LINES
    assert place.legend.height() < 600
    assert place.legend.width() < 500


def test_the_row_fits_beside_a_wide_text_and_cuts_no_words(qtbot: QtBot, place: Place, system_colours: None) -> None:
    place.bar.setFixedWidth(280)
    place.bar.show_zoom(32.0)
    for scheme in ("light", "dark"):
        apply_colour_scheme(scheme)
        assert place.bar.minimumSizeHint().width() <= 280
        for part in (*place.bar.findChildren(QToolButton), *place.bar.findChildren(QLabel)):
            if part.parent() is place.bar and not part.isHidden():
                assert part.width() >= part.sizeHint().width() or part.width() >= part.minimumSizeHint().width()
                assert place.bar.rect().contains(part.geometry())


def test_every_button_of_the_row_has_a_name_and_can_be_reached(qtbot: QtBot, place: Place) -> None:
    buttons = [button for button in place.bar.findChildren(QToolButton) if button.parent() is place.bar]
    passing = [button for button in buttons if button.isHidden()]
    assert [button.defaultAction() for button in passing] == [
        place.actions["remove_crop"],
        place.actions["read_ignored"],
    ]
    assert len(buttons) - len(passing) == 6
    for button in buttons:
        assert button.accessibleName() or button.text()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.toolTip()
    turned: list[bool] = []
    place.actions["turn_right"].triggered.connect(lambda: turned.append(True))
    next(button for button in buttons if button.defaultAction() is place.actions["turn_right"]).click()
    assert turned == [True]
    assert QApplication.activePopupWidget() is None


def test_what_takes_a_crop_back_is_there_only_while_something_is_cropped(place: Place) -> None:
    action = place.actions["remove_crop"]
    (button,) = [each for each in place.bar.findChildren(QToolButton) if each.defaultAction() is action]
    action.setEnabled(True)
    assert button.isVisible()
    assert button.toolTip()
    action.setEnabled(False)
    assert not button.isVisible()
