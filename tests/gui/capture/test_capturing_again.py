"""What becomes of one capture when another begins, is tried again, or is given up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture import capturing as capturing_module
from ocr_desktop.gui.capture.order import Order
from ocr_desktop.gui.capture.reading import CaptureReading
from tests.support.capture_bench import FIRST, HOST, MODELVERSE, SECOND, Beat, Bench, clipboard, press
from tests.support.provider_server import ProviderServer
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def fail_once(monkeypatch: pytest.MonkeyPatch, code: ErrorCode) -> None:
    """Let the screens be seen at the second time."""
    freeze = capturing_module.freeze_screens

    async def fail() -> object:
        monkeypatch.setattr(capturing_module, "freeze_screens", freeze)
        raise InputError(code)

    monkeypatch.setattr(capturing_module, "freeze_screens", fail)


async def until_overlay(bench: Bench) -> QWidget:
    def overlays() -> list[QWidget]:
        widgets = QApplication.topLevelWidgets()
        return [each for each in widgets if each.objectName() == "capture_overlay" and each.isVisible()]

    await until(overlays, Beat(bench.capturing).beat)
    return overlays()[0]


async def test_trying_again_does_the_very_same(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.settings = MODELVERSE
    fail_once(monkeypatch, ErrorCode.CAPTURE_BLANK)
    await bench.capture(is_offline=True)
    seen: list[tuple[bool, bool]] = []
    bench.capturing.finished.connect(lambda by_hand: seen.append((by_hand, bench.capturing.is_on_show)))
    press(await bench.until_note("The picture of the screen"), "Try again")
    await until(lambda: bench.capturing.readings, Beat(bench.capturing).beat)
    note = await bench.until_note("“Stay offline” is on")
    assert server.requests == [], "it was to stay here"
    assert seen == [(False, True)], "nobody may take it for the end"
    note.close()


async def test_what_was_copied_goes_from_the_screen_only_when_something_else_was_selected(bench: Bench) -> None:
    await bench.capture(FIRST)
    note = await bench.until_note("Copied")
    gesture = bench.begin(None)
    overlay = await until_overlay(bench)
    assert not note.isVisible(), "it would be in the picture"
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert (await gesture).is_cancelled
    assert bench.notes == [note]
    await bench.capture(SECOND)
    assert [each.lines for each in bench.notes] == [["Delivery 0815"]]


async def test_what_could_not_be_copied_stays_whatever_comes(bench: Bench) -> None:
    gesture = bench.begin(FIRST)
    await bench.until_note("Reading")
    QGuiApplication.clipboard().setText("newer")
    await gesture
    note = await bench.until_note("Read, but not copied")
    await bench.capture(SECOND)
    assert [each.title for each in bench.notes] == ["Read, but not copied", "Copied"]
    press(note, "Copy")
    assert clipboard() == "Invoice 4711"


async def test_an_undo_that_is_not_possible_any_more_is_not_offered(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    await bench.capture()
    note = await bench.until_note("Copied")
    QGuiApplication.clipboard().setText("newer")
    assert "Something else was copied since" in note.text
    assert "Undo" not in [each.text() for each in note.findChildren(QPushButton) if each.isVisible()]


async def test_one_that_is_delayed_holds_nobody_up(bench: Bench) -> None:
    delayed = bench.begin(delay_s=3600)
    await bench.capture()
    assert clipboard() == "Invoice 4711"
    assert bench.capturing.is_needed
    delayed.cancel()
    await asyncio.wait({delayed})


async def test_while_something_is_selected_another_is_told_so(bench: Bench) -> None:
    gesture = bench.begin(None)
    overlay = await until_overlay(bench)
    end = await bench.capture()
    assert end.error is not None
    assert end.error.code is ErrorCode.CAPTURE_BUSY
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert (await gesture).error is None


async def test_what_the_first_copies_while_the_second_is_chosen_does_not_keep_the_second_from_the_clipboard(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = asyncio.Event()
    selected = bench.capturing._selected

    async def wait_and_select(*what: object) -> object:
        await chosen.wait()
        return await selected(*what)  # type: ignore[arg-type]

    first = bench.begin(FIRST)
    await bench.until_note("Reading")
    monkeypatch.setattr(bench.capturing, "_selected", wait_and_select)
    second = bench.begin(SECOND)
    await first
    assert clipboard() == "Invoice 4711"
    chosen.set()
    await second
    assert clipboard() == "Delivery 0815"


async def test_a_cancel_of_the_desktops_is_told_to_who_waits_and_not_on_the_screen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_once(monkeypatch, ErrorCode.CAPTURE_CANCELLED)
    end = await bench.capture()
    assert end.error is not None
    assert end.error.code is ErrorCode.CAPTURE_CANCELLED
    assert bench.notes == []


async def test_two_clicks_open_one_picture(bench: Bench) -> None:
    await bench.capture()
    note = await bench.until_note("Copied")
    note.open_requested.emit()
    note.open_requested.emit()
    await until(lambda: not bench.capturing.is_on_show, bench.capturing.finished)
    assert len(bench.opened) == 1


async def test_the_host_that_gets_it_is_the_one_that_was_shown(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = bench.context.profile_files
    (own,) = [each for each in files.profiles() if each.id == "modelverse"]
    await files.save(replace(own, base_url=server.base_url.replace(HOST, "localhost")))
    bench.settings = MODELVERSE
    made = Order.made_engine

    async def made_engine(*arguments: object) -> object:
        await files.save(own)
        return await made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Order, "made_engine", made_engine)
    gesture = bench.begin()
    note = await bench.until_note(f"Send this picture to {HOST}")
    assert server.requests == []
    press(note, f"Send to {HOST}")
    assert (await gesture).error is None
    assert note.title == "Copied"


async def test_what_has_come_is_not_given_up_for_what_may_not_be_sent_any_more(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.settings = replace(MODELVERSE, allowed_hosts=(HOST,))

    async def make_ready(reading: CaptureReading) -> None:
        bench.context.offline.is_on = True
        bench.capturing.stop_what_is_not_allowed()
        await asyncio.sleep(0)

    monkeypatch.setattr(CaptureReading, "_make_ready", make_ready)
    end = await bench.capture()
    assert end.error is None
    assert [note.title for note in bench.notes] == ["Copied"]
