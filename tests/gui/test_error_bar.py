"""Errors in the bar: which buttons each has, what they do, and what is copied of an error."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, OutputError
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription, EngineKind
from ocr_desktop.gui.error_bar import ErrorBar
from ocr_desktop.gui.error_details import Circumstances, details_text
from ocr_desktop.gui.error_ways import WAYS, Way, way_text
from ocr_desktop.gui.message_bar import MessageBar, MessageKind
from ocr_desktop.gui.messages import error_wording
from tests.support.raised_errors import KEY, raised_in_source, refusals

ENGINE = EngineDescription(
    id="mine",
    title="My server",
    kind=EngineKind.ENDPOINT,
    host="ocr.example",
    model="some/model",
    is_local=False,
    presets=EMBEDDED_ENGINE.presets,
    key_page="https://ocr.example/keys",
)
FOUND = Circumstances("page.png", ENGINE, "markdown", "Free OCR.", datetime(2026, 11, 21, 12, 0, 7, tzinfo=UTC))
TOLD_AT = datetime(2026, 11, 21, 12, 0, 9, tzinfo=UTC)
USELESS_TO_REPEAT = [
    ErrorCode.PICTURE_TOO_LARGE,
    ErrorCode.NOT_A_PICTURE,
    ErrorCode.PROFILE_INCOMPLETE,
    ErrorCode.HOST_INSECURE,
    ErrorCode.OFFLINE,
    ErrorCode.REQUEST_TOO_LARGE,
    ErrorCode.WEIGHTS_MISSING,
]


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 80)
    return bar


@pytest.fixture
def errors(bar: MessageBar) -> ErrorBar:
    return ErrorBar(bar)


def show(errors: ErrorBar, error: OcrDesktopError, found: Circumstances = FOUND, *ways: Way) -> list[Way]:
    """Show an error where these ways are open too; those that were taken come into the list that is given."""
    taken: list[Way] = []
    wording = error_wording(error, name=found.name)
    open_ways = {way: lambda way=way: taken.append(way) for way in ways}
    errors.show_error(MessageKind.ERROR, error, found, title=wording.title, text=wording.explanation, ways=open_ways)
    return taken


def words_on(bar: MessageBar) -> list[str]:
    form = bar.findChild(QWidget, "key_form")
    return [
        button.text()
        for button in bar.findChildren(QPushButton)
        if button.isVisible() and not (form is not None and form.isAncestorOf(button))
    ]


def press(bar: MessageBar, text: str, qtbot: QtBot) -> None:
    (button,) = [each for each in bar.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_buttons_of_every_error_are_decided() -> None:
    assert set(WAYS) == set(ErrorCode)
    assert all(len(set(ways)) == len(ways) for ways in WAYS.values())
    assert len({way_text(way) for way in Way}) == len(Way)
    assert not [code for code in USELESS_TO_REPEAT if Way.TRY_AGAIN in WAYS[code]]


def test_whatever_a_server_did_the_picture_can_be_read_here() -> None:
    told = {error.code for error in refusals()} | {ErrorCode.HOST_UNREACHABLE, ErrorCode.HOST_SILENT}
    assert all(Way.READ_HERE in WAYS[code] for code in told)
    assert all(Way.COPY_DETAILS in WAYS[code] for code in told)


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_shows_its_buttons_in_their_order(errors: ErrorBar, bar: MessageBar, code: ErrorCode) -> None:
    show(errors, EngineError(code, host="ocr.example"), FOUND, Way.TRY_AGAIN, Way.READ_HERE)
    assert words_on(bar) == [way_text(way) for way in WAYS[code] if way is not Way.ENTER_KEY]
    assert bar.minimumSizeHint().width() <= 700


def test_a_way_that_is_not_open_is_not_offered(errors: ErrorBar, bar: MessageBar) -> None:
    error = EngineError(ErrorCode.KEY_REFUSED, host="ocr.example", status=401)
    show(errors, error, Circumstances())
    assert words_on(bar) == ["Copy details"]
    show(errors, error, FOUND, Way.TRY_AGAIN)
    assert words_on(bar) == ["Try again", "Change key…", "Copy details"]


def test_what_helps_with_an_engine_is_asked_for_with_its_id_and_the_error_stays(
    errors: ErrorBar, bar: MessageBar, qtbot: QtBot
) -> None:
    for code, text, signal in (
        (ErrorCode.KEY_REFUSED, "Change key…", errors.key_change_requested),
        (ErrorCode.HOST_UNREACHABLE, "Test connection…", errors.connection_test_requested),
        (ErrorCode.HOST_INSECURE, "Settings…", errors.settings_requested),
    ):
        show(errors, EngineError(code, host="ocr.example"))
        with qtbot.waitSignal(signal) as asked:
            press(bar, text, qtbot)
        assert asked.args == ["mine"]
        assert bar.text


def test_what_is_done_again_closes_the_bar(errors: ErrorBar, bar: MessageBar, qtbot: QtBot) -> None:
    taken = show(errors, EngineError(ErrorCode.SERVER_FAILED, host="ocr.example"), FOUND, Way.TRY_AGAIN, Way.READ_HERE)
    press(bar, "Try again", qtbot)
    assert taken == [Way.TRY_AGAIN]
    assert bar.text == ""
    show(errors, EngineError(ErrorCode.OFFLINE, host="ocr.example"))
    with qtbot.waitSignal(errors.online_requested):
        press(bar, "Switch off “Stay offline”", qtbot)
    assert bar.text == ""


def test_a_missing_key_is_entered_in_the_bar(errors: ErrorBar, bar: MessageBar, qtbot: QtBot) -> None:
    page = "https://ocr.example/get-a-key"
    show(errors, EngineError(ErrorCode.KEY_MISSING, engine="My server", variable="MY_KEY", key_page=page))
    assert bar.text.startswith("My server needs a key.")
    assert "ocr.example" in bar.text
    assert "keyring" in bar.text
    with qtbot.waitSignal(errors.key_page_requested) as asked:
        press(bar, "Where to get one", qtbot)
    assert asked.args == [page]
    assert bar.text, "the field is there when the user comes back with the key"

    field = bar.findChild(QLineEdit, "key_edit")
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, KEY)
    with qtbot.waitSignal(errors.key_entered) as entered:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert entered.args == ["mine", Secret(KEY)]
    assert bar.text == ""
    assert field.text() == ""


def test_no_key_is_asked_for_where_no_engine_is_known(errors: ErrorBar, bar: MessageBar) -> None:
    show(errors, EngineError(ErrorCode.KEY_MISSING, engine="My server", variable="MY_KEY"), Circumstances())
    assert bar.findChild(QLineEdit, "key_edit") is None
    assert "MY_KEY" in bar.text


def test_details_are_copied_and_the_error_stays(errors: ErrorBar, bar: MessageBar, qtbot: QtBot) -> None:
    show(errors, EngineError(ErrorCode.SERVER_FAILED, host="ocr.example", status=503, message="Overloaded"))
    with qtbot.waitSignal(errors.details_copied):
        press(bar, "Copy details", qtbot)
    copied = QGuiApplication.clipboard().text()
    assert "error: server_failed\n" in copied
    assert "message: Overloaded\n" in copied
    assert bar.text


def test_details_hold_what_somebody_who_helps_needs() -> None:
    error = EngineError(ErrorCode.SERVER_FAILED, host="ocr.example", status=503, message="See /v1/status/page")
    lines = details_text(error, FOUND, TOLD_AT).splitlines()
    assert lines[:11] == [
        "error: server_failed",
        "title: ocr.example failed.",
        "status: 503",
        "message: See /v1/status/page",
        "engine: mine",
        "host: ocr.example",
        "model: some/model",
        "preset: markdown",
        "prompt: Free OCR.",
        "asked: 2026-11-21T12:00:07+00:00",
        "told: 2026-11-21T12:00:09+00:00",
    ]
    assert [line.partition(":")[0] for line in lines[11:]] == ["ocr-desktop", "qt", "python", "platform", "display"]


@pytest.mark.parametrize(
    "error",
    [
        OutputError(ErrorCode.OUTPUT_UNWRITABLE, name="/home/jo/My papers/tax.md", reason="Read-only file system"),
        OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=r"C:\Users\jo\tax.md", reason="Access is denied"),
        EngineError(ErrorCode.WORKER_CRASHED, reason="No such file: '/home/jo/My/python3'"),
        EngineError(ErrorCode.WEIGHTS_MISSING, file="det.onnx", folder="/home/jo/lib/models"),
        InputError(ErrorCode.PICTURE_DAMAGED, name="page.png"),
    ],
    ids=lambda error: error.code.value,
)
def test_details_hold_no_place_of_a_file(error: OcrDesktopError) -> None:
    copied = details_text(error, Circumstances(name="page.png"), TOLD_AT)
    assert "jo" not in re.split(r"\W+", copied)
    assert "papers" not in copied
    assert error.code.value in copied


def test_details_of_no_error_hold_a_key() -> None:
    for error in (*raised_in_source(), *refusals()):
        assert KEY not in details_text(error, FOUND, TOLD_AT), error
