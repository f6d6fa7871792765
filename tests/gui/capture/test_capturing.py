"""From a part of the screen to the clipboard, with the real engine, a real note, and servers on this machine."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.markdown_style import USUAL_STYLE
from ocr_desktop.engines import profiles
from tests.support.capture_bench import FIRST, HOST, MODELVERSE, SECOND, Beat, Bench, clipboard, press
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_captured_is_on_the_clipboard_and_told(bench: Bench) -> None:
    end = await bench.capture()
    assert end.finish is Finish.COMPLETE
    assert clipboard() == "Invoice 4711"
    note = await bench.until_note("Copied")
    assert note.lines == ["Invoice 4711"]
    assert end.result("md", USUAL_STYLE).text == "Invoice 4711\n"
    document = end.result("json", USUAL_STYLE).text
    assert '"width":400,"height":60' in document
    note.close()
    assert not bench.capturing.is_on_show


async def test_undo_gives_the_clipboard_back_and_the_other_forms_can_be_copied(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    await bench.capture()
    note = await bench.until_note("Copied")
    press(note, "Undo")
    assert clipboard() == "before"
    press(note, "Copy again")
    assert clipboard() == "Invoice 4711"


async def test_what_came_to_the_clipboard_meanwhile_stays(bench: Bench) -> None:
    reading = bench.begin()
    await bench.until_note("Reading")
    QGuiApplication.clipboard().setText("newer")
    await reading
    assert clipboard() == "newer"
    press(await bench.until_note("Read, but not copied"), "Copy")
    assert clipboard() == "Invoice 4711"


async def test_two_captures_at_once_lose_nothing_and_the_later_gesture_has_the_last_word(bench: Bench) -> None:
    first = bench.begin(FIRST)
    await bench.until_note("Reading")
    second = bench.begin(SECOND)
    ends = await asyncio.gather(first, second)
    assert [end.result("txt", USUAL_STYLE).text for end in ends] == ["Invoice 4711\n", "Delivery 0815\n"]
    assert clipboard() == "Delivery 0815"


async def test_a_cancelled_reading_leaves_everything_as_it_was(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    reading = bench.begin()
    press(await bench.until_note("Reading"), "Cancel")
    assert (await reading).is_cancelled
    await bench.rest()
    assert clipboard() == "before"
    assert bench.notes == []


async def test_who_waits_no_more_ends_the_reading(bench: Bench) -> None:
    reading = bench.begin()
    await bench.until_note("Reading")
    reading.cancel()
    await asyncio.wait({reading})
    await bench.rest()
    assert bench.notes == []


async def test_a_mouse_over_the_overlay_chooses_and_the_region_is_remembered(bench: Bench) -> None:
    reading = bench.begin(None)
    await until(lambda: _overlays(), Beat(bench.capturing).beat)
    (overlay,) = _overlays()
    x, y, width, height = FIRST
    QTest.keyClick(overlay, Qt.Key.Key_T)
    QTest.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    QTest.mouseMove(overlay, QPoint(x + 100, y + 10))
    QTest.mouseMove(overlay, QPoint(x + width - 1, y + height - 1))
    QTest.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(x + width - 1, y + height - 1))
    end = await reading
    assert end.captured is not None
    assert end.captured.kind == "text"
    assert bench.settings.capture_region == "20,20,400,60"
    again = bench.begin(None)
    await until(lambda: _overlays(), Beat(bench.capturing).beat)
    QTest.keyClick(_overlays()[0], Qt.Key.Key_Return)
    assert (await again).result("txt", USUAL_STYLE).text == "Invoice 4711\n"


def _overlays() -> list[QWidget]:
    widgets = QApplication.topLevelWidgets()
    return [each for each in widgets if each.objectName() == "capture_overlay" and each.isVisible()]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"region": (5000, 0, 10, 10)}, ErrorCode.REGION_OUTSIDE),
        ({"region": None, "screen": 2}, ErrorCode.SCREEN_MISSING),
        ({"kind": "formula"}, ErrorCode.PRESET_UNSUPPORTED),
        ({"preset": "describe"}, ErrorCode.PRESET_UNSUPPORTED),
        ({"engine": "nobody"}, ErrorCode.UNKNOWN_ENGINE),
    ],
)
async def test_what_cannot_be_done_is_said(bench: Bench, options: dict[str, object], code: ErrorCode) -> None:
    end = await bench.capture(**options)  # type: ignore[arg-type]
    assert end.error is not None
    assert end.error.code is code
    assert len(bench.notes) == 1


async def test_nothing_is_sent_to_a_host_before_somebody_said_so(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_loopback", lambda host: False)
    bench.settings = MODELVERSE
    await _allow_http(bench)
    reading = bench.begin()
    note = await bench.until_note(f"Send this picture to {HOST}")
    assert server.requests == []
    press(note, f"Send to {HOST}")
    end = await reading
    assert end.error is None
    assert clipboard().endswith("From the server")
    assert bench.settings.allowed_hosts == (HOST,)


async def test_the_question_can_be_answered_with_this_computer(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_loopback", lambda host: False)
    bench.settings = MODELVERSE
    reading = bench.begin()
    press(await bench.until_note("Send this picture"), "Use this computer")
    await reading
    assert clipboard() == "Invoice 4711"
    assert server.requests == []
    assert bench.settings.allowed_hosts == ()


async def test_a_note_that_asks_can_be_closed(
    bench: Bench, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "is_loopback", lambda host: False)
    bench.settings = MODELVERSE
    reading = bench.begin()
    (await bench.until_note("Send this picture")).close()
    assert (await reading).is_cancelled
    assert server.requests == []


async def test_this_computer_takes_over_while_a_server_thinks(bench: Bench, server: ProviderServer) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, "late"))
    bench.settings = MODELVERSE
    reading = bench.begin()
    await gate.reached.waited()
    press(await bench.until_note("Reading"), "Use this computer")
    await reading
    assert clipboard() == "Invoice 4711"
    await server.requests[0].closed.waited()


@pytest.mark.parametrize("how", ["setting", "option"])
async def test_offline_nothing_is_sent(bench: Bench, server: ProviderServer, how: str) -> None:
    bench.settings = MODELVERSE
    bench.context.offline.is_on = how == "setting"
    end = await bench.capture(is_offline=how == "option")
    assert end.error is not None
    assert end.error.code is ErrorCode.OFFLINE
    assert server.requests == []
    press(bench.notes[-1], "Use this computer")
    await bench.until_note("Copied")
    assert clipboard() == "Invoice 4711"


async def test_an_answer_that_was_cut_is_copied_and_called_incomplete(bench: Bench, server: ProviderServer) -> None:
    server.answer_with(streamed("Half of ", reason="length"))
    bench.settings = MODELVERSE
    end = await bench.capture()
    assert end.finish is Finish.CUT
    assert clipboard() == "Half of"
    assert "ncomplete" in bench.notes[-1].title


async def test_without_text_the_clipboard_is_left_alone(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    end = await bench.capture((400, 400, 100, 100))
    assert end.finish is Finish.COMPLETE
    assert end.result("md", USUAL_STYLE).text.strip() == ""
    assert clipboard() == "before"
    await bench.until_note("No text was found")


async def test_the_window_gets_the_picture_and_what_was_read(bench: Bench) -> None:
    end = await bench.capture()
    press(await bench.until_note("Copied"), "Open in window")
    await until(lambda: bench.opened, bench.capturing.finished)
    ((data, name, document),) = bench.opened
    assert document is not None
    assert end.document is not None
    assert document == end.document
    assert name.startswith("capture-")
    opened = await bench.context.intake.open_data(data, name)
    assert (opened.pixels.size.width, opened.pixels.size.height) == (400, 60)
    assert opened.document.source.sha256 == document.source.sha256, "the window takes it for the same picture"
    bench.context.intake.release(opened)


async def test_the_clipboard_is_left_alone_where_that_was_asked_for(bench: Bench) -> None:
    QGuiApplication.clipboard().setText("before")
    end = await bench.capture(writes_clipboard=False)
    assert end.result("txt", USUAL_STYLE).text == "Invoice 4711\n"
    assert clipboard() == "before"
    assert not bench.capturing.is_on_show


async def test_many_captures_leave_nothing_behind(bench: Bench) -> None:
    for _ in range(12):
        await bench.capture((20, 400, 200, 40))
    assert len(bench.capturing.readings) == 1
    assert len(bench.capturing.children()) <= 3


async def _allow_http(bench: Bench) -> None:
    """Plain http:// to what is not taken for this machine is refused unless the profile allows it."""
    profile = bench.context.profile_files.profiles()
    (own,) = [each for each in profile if each.id == "modelverse"]
    await bench.context.profile_files.save(replace(own, http_allowed=True))
