"""The clipboard of a capture, among other programs on a real display and inside of one process."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_text import Captured
from ocr_desktop.gui.capture import flavours
from ocr_desktop.gui.capture.clipboard import ClipboardWriter
from ocr_desktop.gui.capture.flavours import FrameReader, frame, worth_saving
from tests.support.clipboard_programs import capturing, owner, read, tell
from tests.support.driving import virtual_display

COPIED = Captured(CaptureKind.TEXT, "new words")
RICH = Captured(CaptureKind.MARKDOWN, "**b**", '**b** <img src="http://example.com/x.png">')
CUSTOM = "application/x-of-a-program"
BEFORE = {
    "text/plain": "旧的".encode(),
    "text/html": "<p>旧的 <b>words</b></p>".encode(),
    "text/uri-list": b"file:///tmp/a%20file.png\r\n",
    "image/png": bytes(range(256)) * 2000,
    CUSTOM: b"\x00\xff\x01",
}


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    try:
        with virtual_display() as name:
            yield name
    except FileNotFoundError:
        pytest.skip("there is no Xvfb on this machine")


def put(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def there() -> str:
    return QGuiApplication.clipboard().text()


# Among other programs


def test_another_program_reads_markdown_and_html_after_the_output_has_ended(display: str) -> None:
    with capturing(display) as program:
        program.told("begin")
        assert program.told("write")["done"]
        tell(program.running, "close output")
        assert program.running.stdout is not None
        assert program.running.stdout.read() == ""
        found = read(display)
        assert program.running.poll() is None
    assert found["text"] == "# Head\n\n| a | b |"
    page = lxml.html.document_fromstring(found["html"])
    assert page.findtext(".//h1") == "Head"
    assert [cell.text for cell in page.xpath("//th|//td")] == ["a", "b", "1", "2"]
    assert found["selected"] == ""


def test_undo_gives_back_every_flavour_although_their_program_has_ended(display: str) -> None:
    with owner(display, BEFORE) as theirs, capturing(display) as program:
        assert program.told("begin")["lost"] == []
        assert program.told("write")["can_undo"]
        theirs.terminate()
        theirs.wait()
        state = program.told("undo")
        assert (state["done"], state["can_undo"], state["is_ours"]) == (True, False, True)
        found = read(display)
    assert found["text"] == "旧的"
    assert "<b>words</b>" in found["html"]
    for name in ("image/png", CUSTOM):
        assert bytes.fromhex(found["data"][name]) == BEFORE[name]
    assert set(BEFORE) <= set(found["formats"])


def test_what_another_program_copied_meanwhile_is_left_alone_until_somebody_says_so(display: str) -> None:
    with capturing(display) as program:
        program.told("begin")
        with owner(display, {"text/plain": b"meanwhile"}):
            program.told("wait")
            state = program.told("write")
            assert (state["done"], state["is_ours"]) == (False, False)
            assert read(display)["text"] == "meanwhile"
            assert program.told("write anyway")["can_undo"]
        assert read(display)["text"].startswith("# Head")
        program.told("undo")
        assert read(display)["text"] == "meanwhile"


def test_it_is_told_when_another_program_takes_the_clipboard_and_undo_is_over(display: str) -> None:
    with capturing(display) as program:
        program.told("begin")
        assert program.told("write")["taken"] == 0
        with owner(display, {"text/plain": b"theirs"}):
            state = program.told("wait")
            assert (state["taken"], state["can_undo"], state["is_ours"]) == (1, False, False)
            assert not program.told("undo")["done"]
            assert read(display)["text"] == "theirs"


def test_a_program_that_does_not_answer_is_not_waited_for(display: str) -> None:
    with owner(display, BEFORE) as silent, capturing(display) as program:
        silent.send_signal(signal.SIGSTOP)
        try:
            # Qt itself would stand still for five seconds a flavour.
            assert program.told("begin only")["is_saving"]
            written = program.told("write")
        finally:
            silent.send_signal(signal.SIGCONT)
        assert (written["done"], written["can_undo"], written["is_saving"]) == (True, False, False)
        assert read(display)["text"].startswith("# Head")


def test_a_capture_that_is_faster_than_the_saving_is_copied_all_the_same(display: str) -> None:
    with owner(display, BEFORE), capturing(display) as program:
        assert program.told("begin hastily")["done"]
        assert read(display)["text"].startswith("# Head")


# Inside of one process


def test_undo_gives_back_what_this_program_had_copied(qapp: object) -> None:
    mime = QMimeData()
    mime.setText("before")
    mime.setHtml("<b>before</b>")
    mime.setData(CUSTOM, b"\0\1")
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime.setImageData(image)
    QGuiApplication.clipboard().setMimeData(mime)
    writer = ClipboardWriter()
    assert writer.write(COPIED)
    assert (there(), writer.can_undo, writer.lost_flavours) == ("new words", True, ())
    assert writer.undo()
    found = QGuiApplication.clipboard().mimeData()
    assert (found.text(), found.html(), bytes(found.data(CUSTOM).data())) == ("before", "<b>before</b>", b"\0\1")
    assert QGuiApplication.clipboard().image() == image
    assert not writer.undo()


def test_undo_of_an_empty_clipboard_empties_it(qapp: object) -> None:
    QGuiApplication.clipboard().clear()
    writer = ClipboardWriter()
    writer.write(COPIED)
    assert writer.undo()
    assert not there()
    assert not writer.is_ours


def test_the_words_are_only_written_where_there_are_any(qapp: object) -> None:
    put("before")
    writer = ClipboardWriter()
    assert not writer.write(Captured(CaptureKind.MARKDOWN, " \n"))
    assert (there(), writer.can_undo) == ("before", False)


def test_rich_text_loads_nothing(qapp: object) -> None:
    ClipboardWriter().write(RICH)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "**b**"
    assert "<strong>b</strong>" in mime.html()
    assert "example.com" not in mime.html()


def test_a_copy_in_another_form_keeps_what_was_there_before_the_first(qapp: object) -> None:
    put("before")
    writer = ClipboardWriter()
    writer.write(RICH)
    assert writer.write(COPIED)
    assert (there(), QGuiApplication.clipboard().mimeData().hasHtml()) == ("new words", False)
    writer.undo()
    assert there() == "before"
    # And it can be copied after all.
    assert writer.write(COPIED)
    assert writer.undo()


def test_undo_never_takes_away_what_somebody_else_copied(qapp: object, qtbot: QtBot) -> None:
    put("before")
    writer = ClipboardWriter()
    writer.write(COPIED)
    with qtbot.waitSignal(writer.taken):
        put("theirs")
    assert not writer.can_undo
    assert not writer.undo()
    assert there() == "theirs"


def test_after_a_refusal_undo_gives_back_what_was_refused_for(qapp: object) -> None:
    put("before")
    writer = ClipboardWriter()
    put("meanwhile")
    assert not writer.write(COPIED)
    assert writer.write(COPIED, anyway=True)
    assert writer.undo()
    assert there() == "meanwhile"


def test_where_changes_are_told_with_the_focus_only_a_change_counts_and_not_its_signal(qapp: object) -> None:
    put("before")
    writer = ClipboardWriter(platform="wayland")
    assert writer.needs_focus
    put("before")
    assert not writer.has_changed
    put("meanwhile")
    assert writer.has_changed


def test_what_is_too_large_is_lost_and_said_so(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flavours, "MOST_BYTES", 10)
    mime = QMimeData()
    mime.setText("before")
    mime.setData(CUSTOM, bytes(11))
    QGuiApplication.clipboard().setMimeData(mime)
    writer = ClipboardWriter()
    assert writer.lost_flavours == (CUSTOM,)
    writer.write(COPIED)
    writer.undo()
    assert there() == "before"


def test_one_encoding_of_a_picture_is_worth_saving_and_none_of_x11s_own_questions() -> None:
    formats = ["TARGETS", "image/bmp", "image/png", "UTF8_STRING", CUSTOM, "text/html", "text/plain", flavours.QT_IMAGE]
    assert worth_saving(formats) == ["text/plain", "text/html", CUSTOM, "image/png"]
    assert worth_saving(["image/bmp", "image/tiff"]) == ["image/bmp"]


@given(st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=20)), max_size=4), st.integers(1, 9))
def test_frames_arrive_however_they_are_cut(sent: list[tuple[str, bytes]], step: int) -> None:
    data = b"".join(frame(name, content) for name, content in sent)
    reader = FrameReader()
    assert [each for at in range(0, len(data), step) for each in reader.feed(data[at : at + step])] == sent


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="no frame"):
        list(FrameReader().feed(b"\xff" * 20))
