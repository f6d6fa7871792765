"""The note of a capture: what it says in each state, and what its buttons, keys and clock do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.engines.base import EMBEDDED_ENGINE
from ocr_desktop.gui.capture import corner_note
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.note_text import DISTANCE, ReadFacts, first_lines, note_place

HOST = "api.modelverse.cn"
ENDPOINT = replace(EMBEDDED_ENGINE, id="modelverse", title="UCloud Modelverse", host=HOST)
FACTS = ReadFacts(CaptureKind.MARKDOWN, "# Head\n\n<b>one</b>\n\ttwo\nthree", seconds=0.84, can_undo=True)
LEFT = Qt.MouseButton.LeftButton


class Time:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def note(qtbot: QtBot) -> CaptureNote:
    note = CaptureNote()
    qtbot.addWidget(note)
    return note


def buttons(note: CaptureNote) -> list[str]:
    return [each.accessibleName() for each in note.findChildren(QPushButton) if each.isVisible()]


def click(note: CaptureNote, text: str) -> None:
    (button,) = [each for each in note.findChildren(QPushButton) if each.isVisible() and each.text() == text]
    QTest.mouseClick(button, LEFT)


def shown(note: CaptureNote) -> str:
    return " ".join(label.text() for label in note.findChildren(QLabel) if label.isVisible())


def test_it_counts_how_long_it_reads(qtbot: QtBot) -> None:
    time = Time()
    note = CaptureNote(now=time, step_ms=1)
    qtbot.addWidget(note)
    note.show_reading()
    assert note.title == "Reading… 0 s"
    time.now_s += 3.2
    qtbot.waitUntil(lambda: note.title == "Reading… 3 s")
    assert "This computer" in note.text
    assert buttons(note) == ["Cancel"]
    note.show_empty()
    assert note.title == "No text was found"


def test_reading_elsewhere_can_be_cancelled_or_done_here(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_reading(HOST)
    assert note.text == HOST
    for text, signal in (("Cancel", note.cancel_requested), ("Use this computer", note.local_requested)):
        with qtbot.waitSignal(signal):
            click(note, text)
    note.tell_waiting("The server is busy (429); again in 5 s")
    assert "again in 5 s" in shown(note)


def test_escape_closes_the_note_and_cancels_nothing(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_reading(HOST)
    with qtbot.assertNotEmitted(note.cancel_requested), qtbot.waitSignal(note.closed):
        QTest.keyClick(note, Qt.Key.Key_Escape)
    assert not note.isVisible()


def test_it_asks_before_a_host_gets_the_picture(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_consent(HOST)
    assert note.title == f"Send this picture to {HOST}?"
    assert note.text == "Nothing has been sent yet."
    for text, signal in {
        f"Send to {HOST}": note.consent_given,
        "Use this computer": note.local_requested,
        "Cancel": note.cancel_requested,
    }.items():
        with qtbot.waitSignal(signal):
            click(note, text)


def test_a_long_host_is_told_whole_and_fits(note: CaptureNote) -> None:
    host = "deepseek-ocr-inference.department-of-documents.internal.example-company.com:8443"
    note.show_consent(host)
    assert host in note.accessibleName()
    assert f"Send to {host}" in buttons(note)
    for button in note.findChildren(QPushButton):
        if button.isVisible():
            assert button.sizeHint().width() <= button.width()
            assert note.rect().contains(QRect(button.mapTo(note, QPoint()), button.size()))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            EngineError(ErrorCode.KEY_MISSING, engine="UCloud Modelverse", variable="MODELVERSE_API_KEY"),
            ["Try again", "Use this computer", "Open in window", "Close"],
        ),
        (EngineError(ErrorCode.CONNECTION_LOST, host=HOST), ["Try again", "Use this computer", "Close"]),
        (
            EngineError(ErrorCode.OFFLINE, host=HOST),
            ["Try again", "Use this computer", "Open in window", "Close"],
        ),
    ],
)
def test_an_error_says_what_happened_and_what_helps(note: CaptureNote, error: EngineError, expected: list[str]) -> None:
    note.show_error(error, ENDPOINT)
    assert note.title
    assert note.text
    assert buttons(note) == expected


def test_an_error_of_this_computer_offers_no_other_engine(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_error(EngineError(ErrorCode.WORKER_CRASHED), EMBEDDED_ENGINE)
    assert buttons(note) == ["Try again", "Close"]
    with qtbot.waitSignal(note.retry_requested):
        click(note, "Try again")
    note.show_error(InputError(ErrorCode.PICTURE_SHAPE, width=9000, height=1))
    with qtbot.waitSignal(note.closed):
        click(note, "Close")


def test_what_was_copied_is_shown_as_it_is(note: CaptureNote) -> None:
    note.show_done(FACTS)
    assert note.title == "Copied"
    assert note.lines == ["# Head", "<b>one</b>", "two"]
    assert "Markdown · This computer · 4 lines · 0.8 s" in shown(note)
    note.show_done(replace(FACTS, host=HOST))
    assert HOST in shown(note)


def test_a_copy_can_be_undone_opened_and_had_in_another_form(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_done(replace(FACTS, has_table=True, lost_flavours=("image/png",)))
    assert buttons(note) == ["Undo", "Open in window", "Copy as text", "Copy as table"]
    undo = next(each for each in note.findChildren(QPushButton) if each.text() == "Undo")
    assert "picture" in undo.accessibleDescription()
    for text, signal, told in (
        ("Undo", note.undo_requested, []),
        ("Open in window", note.open_requested, []),
        ("Copy as text", note.copy_requested, ["text"]),
        ("Copy as table", note.copy_requested, ["table"]),
    ):
        with qtbot.waitSignal(signal) as asked:
            click(note, text)
        assert asked.args == told


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (CaptureKind.MARKDOWN, ["Copy as text", "Copy as table"]),
        (CaptureKind.TEXT, ["Copy as Markdown", "Copy as table"]),
        (CaptureKind.TABLE, ["Copy as Markdown", "Copy as text"]),
        (CaptureKind.LINE, ["Copy as text", "Copy as table"]),
    ],
)
def test_only_other_forms_are_offered(note: CaptureNote, kind: CaptureKind, expected: list[str]) -> None:
    note.show_done(replace(FACTS, kind=kind, has_table=True, can_undo=False))
    assert buttons(note) == ["Open in window", *expected]


@pytest.mark.parametrize("finish", [Finish.CUT, Finish.LOOP, Finish.TIMEOUT, Finish.ERROR])
def test_an_answer_that_is_not_whole_is_marked_and_stays(qtbot: QtBot, finish: Finish) -> None:
    note = CaptureNote(closes_after_ms=1)
    qtbot.addWidget(note)
    note.show_done(replace(FACTS, finish=finish))
    assert note.title == "Copied, but incomplete"
    assert note.text.startswith("Incomplete: ")
    assert not note._closing.isActive()


def test_a_clipboard_that_was_left_alone_is_told_with_a_button(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_left_alone(replace(FACTS, kind=CaptureKind.TEXT))
    assert note.title == "Read, but not copied"
    assert "Something else was copied meanwhile" in note.text
    with qtbot.waitSignal(note.copy_requested) as asked:
        click(note, "Copy")
    assert asked.args == ["text"]
    note.show_left_alone(FACTS, is_refused=True)
    assert "only after a click" in note.text


def test_nothing_found_is_said(note: CaptureNote) -> None:
    note.show_empty()
    assert (note.title, note.text) == ("No text was found", "The clipboard is as it was.")
    assert buttons(note) == ["Try again", "Open in window"]
    note.show_empty(HOST, "The answer broke off.")
    assert note.text == "The answer broke off. The clipboard is as it was."
    assert "Use this computer" in buttons(note)


def test_what_could_not_be_given_back_is_said(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_undone(("image/png", "application/x-a", "application/x-b"), kind=CaptureKind.TABLE)
    assert note.text == "Not saved, and lost: picture, data of the program that it came from."
    with qtbot.waitSignal(note.copy_requested) as asked:
        click(note, "Copy again")
    assert asked.args == ["table"]


def test_it_goes_by_itself(qtbot: QtBot) -> None:
    note = CaptureNote(closes_after_ms=1)
    qtbot.addWidget(note)
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitSignal(note.closed):
        note.show_done(FACTS)
        # The offscreen platform gives the focus to whatever is shown last.
        other.show()
    assert not note.isVisible()


def test_it_stays_while_the_pointer_is_in_it(note: CaptureNote, monkeypatch: pytest.MonkeyPatch) -> None:
    note.show_done(FACTS)
    assert note._closing.isActive()
    point = QPointF(9, 9)
    # Only a real pointer would make the widget know that it is under it.
    monkeypatch.setattr(note, "underMouse", lambda: True)
    QApplication.sendEvent(note, QEnterEvent(point, point, point))
    assert not note._closing.isActive()
    monkeypatch.setattr(note, "underMouse", lambda: False)
    QApplication.sendEvent(note, QEvent(QEvent.Type.Leave))
    assert note._closing.isActive()


def test_a_pointer_that_rests_where_it_came_up_is_nobodys_attention(
    note: CaptureNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = QWidget()
    note.show_done(FACTS)
    other.show()
    monkeypatch.setattr(note, "underMouse", lambda: True)
    assert not note.is_attended
    QCursor.setPos(QCursor.pos() + QPoint(3, 3))
    assert note.is_attended
    other.close()


def test_a_click_is_meant_for_what_stood_there_when_it_was_made(
    note: CaptureNote, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    note.show_reading()
    monkeypatch.setattr(corner_note, "SETTLES_S", 60)
    note.show_done(FACTS)
    with qtbot.assertNotEmitted(note.undo_requested):
        click(note, "Undo")
    monkeypatch.setattr(corner_note, "SETTLES_S", 0)
    with qtbot.waitSignal(note.undo_requested):
        click(note, "Undo")


def test_undo_goes_when_something_else_was_copied(note: CaptureNote) -> None:
    note.show_done(FACTS)
    note.tell_overwritten()
    assert "Undo" not in buttons(note)
    assert "Something else was copied since" in note.text
    note.show_left_alone(FACTS)
    before = note.text
    note.tell_overwritten()
    assert note.text == before, "where there is nothing to undo nothing is said"


@pytest.mark.parametrize(("wanted", "word"), [(CaptureKind.TABLE, "table"), (CaptureKind.FORMULA, "formula")])
def test_it_says_that_there_was_nothing_of_what_was_asked_for(
    note: CaptureNote, wanted: CaptureKind, word: str
) -> None:
    note.show_done(replace(FACTS, wanted=wanted))
    assert f"No {word} was found" in note.text
    note.show_done(replace(FACTS, kind=wanted, wanted=wanted))
    assert note.text == ""


def test_what_is_said_while_it_is_aside_is_seen_when_it_comes_back(note: CaptureNote) -> None:
    note.show_reading()
    note.step_aside()
    note.show_done(FACTS)
    assert not note.isVisible()
    assert not note._closing.isActive()
    note.come_back()
    assert note.isVisible()
    assert note.title == "Copied"


def test_it_stays_while_the_keys_are_in_it(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_done(FACTS)
    with qtbot.waitSignal(note.activated):
        note.take_focus()
    assert not note._closing.isActive()


def test_everything_is_reached_by_tab_and_taken_by_enter(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_done(FACTS)
    with qtbot.waitSignal(note.activated):
        note.take_focus()
    reached: list[str] = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget() or note, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget().accessibleName())
    assert sorted(reached) == sorted(["Undo", "Open in window", "Copy as text", "Close this note"])
    note.findChildren(QPushButton)[0].setFocus()
    with qtbot.waitSignal(note.undo_requested):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_the_focus_stays_in_the_note_when_it_says_something_else(note: CaptureNote, qtbot: QtBot) -> None:
    note.show_consent(HOST)
    with qtbot.waitSignal(note.activated):
        note.take_focus()
    button = next(each for each in note.findChildren(QPushButton) if each.isVisible())
    button.setFocus()
    note.show_reading(HOST)
    assert QApplication.focusWidget().accessibleName() == "Use this computer"


def test_it_shows_without_taking_the_focus_and_never_ends_the_program(note: CaptureNote) -> None:
    assert note.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not note.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    assert note.windowFlags() & Qt.WindowType.WindowStaysOnTopHint


@pytest.mark.parametrize(
    "show",
    [
        lambda note: note.show_reading(HOST),
        lambda note: note.show_consent(HOST),
        lambda note: note.show_error(EngineError(ErrorCode.HOST_UNREACHABLE, host=HOST), ENDPOINT),
        lambda note: note.show_done(FACTS),
        lambda note: note.show_left_alone(FACTS),
        lambda note: note.show_empty(),
        lambda note: note.show_undone(),
    ],
)
def test_whoever_cannot_see_it_hears_it(note: CaptureNote, show: Callable[[CaptureNote], None]) -> None:
    show(note)
    assert note.title in note.accessibleName()
    controls = [*note.findChildren(QPushButton), *note.findChildren(QToolButton)]
    assert all(each.accessibleName() for each in controls if each.isVisible())


def test_the_note_keeps_to_its_corner_whatever_it_says(note: CaptureNote) -> None:
    screen = QApplication.primaryScreen()
    free = screen.availableGeometry()
    note.place_on(screen)
    for show in (lambda: note.show_reading(HOST), lambda: note.show_left_alone(FACTS), note.show_undone):
        show()
        corner = note.geometry().bottomRight()
        assert corner == QPoint(free.right() - DISTANCE, free.bottom() - DISTANCE)
    note.place_on(screen, QRect(note.pos(), QSize(5, 5)))
    assert note.y() == free.y() + DISTANCE


SIDES = st.integers(1, 3000)
PLACES = st.integers(-4000, 4000)


@given(st.builds(QSize, SIDES, SIDES), st.builds(QRect, PLACES, PLACES, SIDES, SIDES), st.data())
def test_no_note_leaves_its_screen_or_hides_the_area_where_there_is_room(
    size: QSize, free: QRect, data: st.DataObject
) -> None:
    captured = data.draw(st.none() | st.builds(QRect, PLACES, PLACES, SIDES, SIDES))
    place = QRect(note_place(size, free, captured), size)
    if size.width() + DISTANCE <= free.width() and size.height() + DISTANCE <= free.height():
        assert free.contains(place)
    assert free.contains(place.topLeft())
    left_of_it = captured is not None and captured.x() - free.x() >= size.width() + 2 * DISTANCE
    if captured is None or (left_of_it and free.height() >= size.height() + 2 * DISTANCE):
        assert captured is None or not place.intersects(captured)


@given(st.text(max_size=200))
def test_the_first_lines_are_few_and_hold_nothing_that_nobody_sees(text: str) -> None:
    lines = first_lines(text)
    assert len(lines) <= 3
    assert all(line and line.isprintable() for line in lines)
