from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.key_form import KeyForm
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(700, 60)
    return bar


def buttons(bar: MessageBar) -> list[QPushButton]:
    return [button for button in bar.findChildren(QPushButton) if button.isVisible()]


def test_it_is_there_only_while_it_says_something(bar: MessageBar, qtbot: QtBot) -> None:
    assert not bar.isVisible()
    bar.show_message(MessageKind.ERROR, "It failed.")
    assert bar.isVisible()
    assert bar.text == bar.accessibleName() == "It failed."
    qtbot.mouseClick(bar.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert bar.text == ""


def test_a_choice_is_taken_once_and_closes_it(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    bar.show_message(
        MessageKind.WARNING,
        "Send it?",
        Choice("Send", lambda: taken.append("send")),
        Choice("Keep", lambda: taken.append("keep")),
    )
    assert [button.text() for button in buttons(bar)] == ["Send", "Keep"]
    qtbot.mouseClick(buttons(bar)[0], Qt.MouseButton.LeftButton)
    assert taken == ["send"]
    assert not bar.isVisible()


def test_what_a_choice_says_stands(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(
        MessageKind.ERROR, "First.", Choice("Again", lambda: bar.show_message(MessageKind.ERROR, "Second."))
    )
    qtbot.mouseClick(buttons(bar)[0], Qt.MouseButton.LeftButton)
    assert bar.isVisible()
    assert bar.text == "Second."


def test_the_newest_message_is_the_one_that_is_shown(bar: MessageBar) -> None:
    bar.show_message(MessageKind.ERROR, "First.", Choice("Old way", lambda: None))
    bar.show_message(MessageKind.INFO, "Second.")
    assert bar.text == "Second."
    assert buttons(bar) == []


def test_words_of_others_are_never_taken_for_markup(bar: MessageBar) -> None:
    text = "<b>bold</b> <img src='https://ocr.invalid/x.png'> & more"
    bar.show_message(MessageKind.ERROR, text)
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert bar.text == text


def nothing() -> None:
    pass


MANY = tuple(Choice(words, nothing) for words in ("Read on this computer", "Try again", "Test connection…", "Details"))


def test_the_title_stands_in_bold_above_the_text(bar: MessageBar) -> None:
    bar.show_message(MessageKind.ERROR, "It said no. Ask again.", title="<i>It</i> refused.")
    title, text = bar.findChild(QLabel, "message_title"), bar.findChild(QLabel, "message_text")
    assert isinstance(title, QLabel)
    assert isinstance(text, QLabel)
    assert title.text() == "<i>It</i> refused."
    assert title.textFormat() == Qt.TextFormat.PlainText
    assert title.font().bold()
    assert not text.font().bold()
    assert bar.text == bar.accessibleName() == "<i>It</i> refused. It said no. Ask again."
    bar.show_message(MessageKind.INFO, "No title.")
    assert not title.isVisible()
    assert bar.text == "No title."


@pytest.mark.parametrize("width", [320, 500, 760, 1280])
@pytest.mark.parametrize("text", ["Short.", "Many words, " * 30, "很长的错误信息" * 30])
def test_many_buttons_wrap_and_none_is_cut_or_hidden(bar: MessageBar, qtbot: QtBot, width: int, text: str) -> None:
    bar.show_message(MessageKind.ERROR, text, *MANY, title="api.modelverse.example refused the request.")
    assert bar.minimumSizeHint().width() <= 320
    bar.resize(width, bar.heightForWidth(width))
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons(bar)))
    places = [button.geometry().translated(button.parentWidget().pos()) for button in buttons(bar)]
    assert len(places) == len(MANY)
    for number, place in enumerate(places):
        assert bar.rect().contains(place)
        assert not any(place.intersects(other) for other in places[:number])
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    assert label.height() >= label.heightForWidth(label.width()), "no line of the text is cut off"


def test_buttons_stand_beside_a_short_text_where_there_is_room(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(MessageKind.ERROR, "Short.", *MANY)
    one_row, rows = bar.heightForWidth(1280), bar.heightForWidth(400)
    assert one_row < rows


def test_a_choice_may_leave_it_open(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    bar.show_message(MessageKind.ERROR, "It failed.", Choice("Copy", lambda: taken.append("copied"), stays=True))
    for _ in range(2):
        qtbot.mouseClick(buttons(bar)[0], Qt.MouseButton.LeftButton)
    assert taken == ["copied", "copied"]
    assert bar.text == "It failed."


def test_a_form_goes_with_its_message_and_takes_the_keys_of_the_one_before(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = MessageBar()
    QVBoxLayout(window).addWidget(bar)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    form = QLineEdit()

    def ask() -> None:
        bar.show_message(MessageKind.WARNING, "What?", Choice("Never mind", nothing), form=form)

    bar.show_message(MessageKind.ERROR, "It failed.", Choice("Change…", ask))
    buttons(bar)[0].setFocus()
    qtbot.keyClick(buttons(bar)[0], Qt.Key.Key_Space)
    assert form.isVisible()
    assert form.hasFocus()
    qtbot.keyClick(form, Qt.Key.Key_Tab)
    assert buttons(bar)[0].hasFocus()
    with qtbot.waitSignal(form.destroyed):
        bar.clear()


@pytest.mark.parametrize("text", ["/a/very/long/path" * 40, "x" * 500, "很长的错误信息" * 60])
def test_a_long_text_makes_it_higher_and_not_wider(bar: MessageBar, text: str) -> None:
    bar.show_message(MessageKind.ERROR, "Short.", Choice("Try again", lambda: None))
    short = bar.heightForWidth(700)
    bar.show_message(MessageKind.ERROR, text, Choice("Try again", lambda: None))
    assert bar.minimumSizeHint().width() <= 700
    assert bar.heightForWidth(700) > short * 2
    assert bar.text == text


def test_a_path_is_copied_as_it_was_told(bar: MessageBar, qtbot: QtBot) -> None:
    path = "/home/somebody/.config/ocr-desktop/engines/" + "sub/" * 20
    bar.show_message(MessageKind.INFO, path)
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    bar.activateWindow()
    label.setFocus()
    label.setSelection(0, len(label.text()))
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == path


def test_keys_stay_in_it_from_one_message_to_the_next(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar, other = MessageBar(), QPushButton("Elsewhere")
    layout = QVBoxLayout(window)
    layout.addWidget(other)
    layout.addWidget(bar)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()

    def show_number(number: int) -> None:
        following = () if number == 3 else (Choice("Next", lambda: show_number(number + 1)),)
        bar.show_message(MessageKind.WARNING, f"Doubt {number}", Choice("Looks right", lambda: None), *following)

    other.setFocus()
    show_number(1)
    assert other.hasFocus(), "a message takes no keys by itself"
    buttons(bar)[1].setFocus()
    qtbot.keyClick(buttons(bar)[1], Qt.Key.Key_Space)
    assert bar.text == "Doubt 2"
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Next"
    qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert bar.text == "Doubt 3"
    assert QApplication.focusWidget() is buttons(bar)[0]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def among_others(window: QWidget, qtbot: QtBot) -> tuple[QPushButton, MessageBar, QPushButton]:
    """A bar between what stands before and behind it in a window."""
    before, bar, behind = QPushButton("Engine", window), MessageBar(window), QPushButton("Picture", window)
    layout = QVBoxLayout(window)
    for widget in (before, bar, behind):
        layout.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return before, bar, behind


def tab_stops(qtbot: QtBot, start: QWidget) -> list[str]:
    """The names of what Tab leads to from here, once around."""
    start.setFocus()
    stops: list[str] = []
    while QApplication.focusWidget() is not start or not stops:
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert isinstance(now, QPushButton | QToolButton | QLineEdit | QCheckBox)
        stops.append(now.accessibleName() or now.text())
        assert len(stops) < 20
    return stops


def test_tab_goes_through_a_key_form_then_its_buttons_then_close(
    among_others: tuple[QPushButton, MessageBar, QPushButton], qtbot: QtBot
) -> None:
    before, bar, _ = among_others
    for _ in range(2):
        form = KeyForm("Provider", note="Or set A_KEY.", has_page=True)
        bar.show_message(
            MessageKind.ERROR, "No key.", Choice("Settings", nothing), Choice("Details", nothing), form=form
        )
        field = form.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        field.setText("sk-1")
        assert tab_stops(qtbot, before) == [
            "Key of Provider",
            "Use key",
            "Where to get one",
            "Settings",
            "Details",
            "Close this message",
            "Picture",
            "Engine",
        ]


def test_tab_goes_through_a_form_of_one_box_then_its_buttons_then_close(
    among_others: tuple[QPushButton, MessageBar, QPushButton], qtbot: QtBot
) -> None:
    before, bar, _ = among_others
    bar.show_message(
        MessageKind.WARNING,
        "Send it?",
        Choice("Send", nothing),
        Choice("Read here", nothing),
        form=QCheckBox("At once"),
    )
    assert tab_stops(qtbot, before) == [
        "At once",
        "Send",
        "Read here",
        "Close this message",
        "Picture",
        "Engine",
    ]


def test_the_focus_goes_back_to_where_it_was(
    among_others: tuple[QPushButton, MessageBar, QPushButton], qtbot: QtBot
) -> None:
    _, bar, behind = among_others
    behind.setFocus()
    bar.show_message(
        MessageKind.WARNING, "First.", Choice("Again", lambda: bar.show_message(MessageKind.INFO, "Second."))
    )
    for _ in range(2):
        buttons(bar)[0].setFocus()
        assert bar.close_message()
        assert behind.hasFocus()
        bar.show_message(MessageKind.WARNING, "Once more.", Choice("Never", nothing), Choice("Mind", nothing))
        buttons(bar)[1].setFocus()
        bar.show_message(MessageKind.WARNING, "Another.", Choice("Other", nothing))
        assert buttons(bar)[0].hasFocus()
    bar.show_message(MessageKind.INFO, "No answer is wanted.")
    assert behind.hasFocus()


def test_the_focus_stays_where_it_is_when_the_bar_had_none(
    among_others: tuple[QPushButton, MessageBar, QPushButton], qtbot: QtBot
) -> None:
    before, bar, behind = among_others
    behind.setFocus()
    bar.show_message(MessageKind.WARNING, "What?", Choice("Never", nothing))
    buttons(bar)[0].setFocus()
    before.setFocus()
    bar.clear()
    assert before.hasFocus()


def test_what_is_gone_or_disabled_is_given_no_focus(
    among_others: tuple[QPushButton, MessageBar, QPushButton], qtbot: QtBot
) -> None:
    before, bar, behind = among_others
    behind.setFocus()
    bar.show_message(MessageKind.WARNING, "What?", Choice("Never", nothing))
    buttons(bar)[0].setFocus()
    behind.setEnabled(False)
    bar.clear()
    assert before.hasFocus()
    behind.setEnabled(True)
    behind.setFocus()
    bar.show_message(MessageKind.WARNING, "What?", Choice("Never", nothing))
    buttons(bar)[0].setFocus()
    with qtbot.waitSignal(behind.destroyed):
        behind.deleteLater()
    bar.clear()
    assert before.hasFocus()
