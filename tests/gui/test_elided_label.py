from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.elided_label import ElidedLabel, plain_tooltip

LONG = "A very long name of a scanned contract between two parties, final version (3).png   900 × 1200"


@pytest.fixture
def label(qtbot: QtBot) -> ElidedLabel:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(LONG)
    return label


def drawn(label: ElidedLabel, width: int) -> QImage:
    label.resize(width, 24)
    return label.grab().toImage()


def test_a_long_text_asks_for_little_room_and_stays_whole(label: ElidedLabel) -> None:
    assert label.minimumSizeHint().width() < label.sizeHint().width() / 4
    drawn(label, 100)
    assert label.text() == LONG


def test_what_has_no_room_is_replaced_and_not_cut(label: ElidedLabel, qtbot: QtBot) -> None:
    other = ElidedLabel()
    qtbot.addWidget(other)
    other.setText(label.fontMetrics().elidedText(LONG, label._mode, 150))
    assert other.text() != LONG
    assert drawn(label, 150) == drawn(other, 150)


def test_a_short_text_asks_for_no_more_than_it_needs(label: ElidedLabel) -> None:
    label.setText("x")
    assert label.minimumSizeHint() == label.sizeHint()


def test_names_are_never_taken_for_markup(label: ElidedLabel) -> None:
    name = "<b>&amp;</b>.png"
    label.setText(name)
    plain = drawn(label, 300)
    label.setText("&.png")
    assert plain != drawn(label, 300)
    assert plain_tooltip(name) == "<qt>&lt;b&gt;&amp;amp;&lt;/b&gt;.png</qt>"
