"""How pictures come into the window: dropped, pasted, opened; and what it says where none comes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTabWidget, QToolButton, QWidget

from ocr_desktop.core.errors import ErrorCode, InputError
from tests.support.pictures import Words, draw_page, encoded
from tests.support.waiting import until
from tests.support.window import CONTROL, Desk, blank_file, mime_of, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASTED = encoded(draw_page(Words("Pasted words", 20, 20, 40), size=(400, 120)))


def put_on_clipboard(mime: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(mime)


def open_dialog(desk: Desk) -> QFileDialog | None:
    shown = desk.window.findChildren(QFileDialog, "open_dialog")
    return next((dialog for dialog in shown if dialog.isVisible()), None)


async def test_a_dropped_picture_is_shown_and_read_with_its_boxes_and_its_markdown(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "note.png", "Bring the blue folder"))
    await desk.until_read("note.png")
    await desk.until(lambda: "Bring the blue folder" in desk.preview)
    (region,) = desk.session.regions
    assert region.text == "Bring the blue folder"
    assert desk.canvas.isVisible()
    assert "note.png" in desk.status
    assert "640 × 320" in desk.status


async def test_of_several_dropped_pictures_the_first_is_read_and_the_others_listed(desk: Desk, tmp_path: Path) -> None:
    assert not desk.pages.isVisible()
    names = ["a.png", "b.png", "c.png"]
    desk.drop_files(*(page_file(tmp_path, name, f"Words of {name[0]}") for name in names))
    await desk.until_read("a.png")
    assert desk.pages.isVisible()
    assert desk.listed == ["a.png", "b.png", "c.png"]
    assert desk.listed_row == 0

    desk.choose_page(2)
    await desk.until(lambda: desk.session.entry is desk.session.entries[2])
    assert desk.control.job is None
    assert desk.session.text_runs == ()
    await desk.until(lambda: desk.preview == "")

    desk.choose_page(0)
    await desk.until(lambda: desk.session.entry is desk.session.entries[0])
    assert desk.session.run is not None, "a picture that was read keeps what was read"
    await desk.until(lambda: "Words of a" in desk.preview)


async def test_a_picture_may_be_dropped_on_any_part_of_the_window(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "1.png"), blank_file(tmp_path, "2.png"))
    await desk.until(lambda: desk.session.opened)
    for part in ("canvas", "output_tabs", "rendered_view", "locate_edit", "pages_list", "status_message"):
        desk.drop_files(blank_file(tmp_path, f"on {part}.png"), target=desk.find(QWidget, part))
        await desk.until_shown(f"on {part}.png")


async def test_a_drop_never_takes_the_picture_away_from_where_it_came(desk: Desk, tmp_path: Path) -> None:
    dropped = desk.drop_files(blank_file(tmp_path, "kept.png"))
    assert dropped.isAccepted()
    assert dropped.dropAction() is Qt.DropAction.CopyAction
    await desk.until_shown("kept.png")


async def test_a_drag_of_words_or_of_another_kind_of_address_is_not_taken(desk: Desk) -> None:
    words, address = QMimeData(), QMimeData()
    words.setText("words")
    address.setUrls(["ftp://ocr.invalid/picture.png"])
    assert not desk.drag(words)
    assert not desk.drag(address)
    assert desk.session.entries == []


async def test_a_pasted_picture_is_read(desk: Desk) -> None:
    QGuiApplication.clipboard().setImage(QImage.fromData(PASTED))
    desk.press_in_window(Qt.Key.Key_V, CONTROL)
    await desk.until_read()
    assert desk.session.regions[0].text == "Pasted words"
    assert desk.session.entry is not None
    assert desk.session.entry.name.startswith("Pasted picture")


async def test_pasted_picture_data_is_read_as_it_is(desk: Desk) -> None:
    mime = QMimeData()
    mime.setData("image/webp", b"")
    mime.setData("image/png", PASTED)
    put_on_clipboard(mime)
    desk.actions["paste"].trigger()
    await desk.until_read()
    assert desk.session.entry is not None
    assert desk.session.entry.file.content == PASTED


async def test_pasted_files_are_opened(desk: Desk, tmp_path: Path) -> None:
    put_on_clipboard(mime_of(blank_file(tmp_path, "1.png"), blank_file(tmp_path, "2.png")))
    desk.press_in_window(Qt.Key.Key_V, CONTROL)
    await desk.until_read("1.png")
    assert desk.listed == ["1.png", "2.png"]


async def test_where_no_picture_is_on_the_clipboard_the_window_says_so(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("words")
    desk.actions["paste"].trigger()
    assert "no picture and no file on the clipboard" in desk.bar.text
    desk.bar.clear()
    QGuiApplication.clipboard().clear()
    desk.actions["paste"].trigger()
    assert "no picture and no file on the clipboard" in desk.bar.text
    assert desk.session.entries == []


@pytest.mark.parametrize("what", ["picture", "files", "files with their names"])
async def test_pictures_are_pasted_wherever_the_focus_is(desk: Desk, tmp_path: Path, what: str) -> None:
    desk.actions["auto_read_never"].trigger()
    file = blank_file(tmp_path, "first.png")
    desk.drop_files(file)
    await desk.until_shown("first.png")
    mime = QMimeData() if what == "picture" else mime_of(file)
    if what == "picture":
        mime.setImageData(QImage.fromData(PASTED))
    elif what == "files with their names":
        mime.setText(str(file))
    put_on_clipboard(mime)
    for count, place in enumerate(("locate_edit", "rendered_view", "canvas", "run_button", "markdown_view"), start=2):
        if place == "markdown_view":
            desk.find(QTabWidget, "output_tabs").setCurrentIndex(1)
        desk.focus(desk.find(QWidget, place))
        desk.press_in_window(Qt.Key.Key_V, CONTROL)
        await desk.until(lambda expected=count: len(desk.session.entries) == expected)
        await desk.until(lambda: desk.session.entry is desk.session.entries[-1])
    assert desk.locate_edit.text() == ""


async def test_a_path_is_pasted_into_a_line_of_text_and_opened_elsewhere(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    path = str(blank_file(tmp_path, "named.png"))
    QGuiApplication.clipboard().setText(path)
    desk.focus(desk.locate_edit)
    desk.press_in_window(Qt.Key.Key_V, CONTROL)
    assert desk.locate_edit.text() == path
    assert desk.session.entries == []
    mime = QMimeData()
    mime.setText(path)
    assert desk.window.take(mime)
    await desk.until_shown("named.png")


async def test_words_are_pasted_into_a_line_of_text_as_ever(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("needle")
    desk.focus(desk.locate_edit)
    desk.press_in_window(Qt.Key.Key_V, CONTROL)
    assert desk.locate_edit.text() == "needle"
    assert desk.bar.text == ""


async def test_the_open_dialog_opens_several_and_escape_closes_it(desk: Desk, tmp_path: Path) -> None:
    for name in ("x.png", "y.png"):
        blank_file(tmp_path, name)
    desk.press_in_window(Qt.Key.Key_O, CONTROL)
    await until(lambda: open_dialog(desk), desk.window.windowIconChanged, QGuiApplication.instance().focusWindowChanged)
    dialog = open_dialog(desk)
    assert dialog is not None
    desk.press(dialog, Qt.Key.Key_Escape)
    assert open_dialog(desk) is None
    assert desk.session.entries == []

    desk.click(desk.find(QWidget, "open_button"))
    await until(lambda: open_dialog(desk), QGuiApplication.instance().focusWindowChanged)
    dialog = open_dialog(desk)
    assert dialog is not None
    dialog.setDirectory(str(tmp_path))
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    name.setText('"x.png" "y.png"')
    desk.press(name, Qt.Key.Key_Return)
    await desk.until_read("x.png")
    assert desk.listed == ["x.png", "y.png"]


async def test_the_sample_is_opened_and_read_like_any_other(desk: Desk) -> None:
    desk.click(next(each for each in desk.window.empty_state.findChildren(QToolButton) if "sample" in each.text()))
    await desk.until(lambda: desk.control.job)
    assert desk.session.opened is not None
    assert desk.canvas.isVisible()


def no_picture(path: Path) -> None:
    path.write_bytes(b"These are words and no picture.")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


def missing(path: Path) -> None:
    del path


def four_gigapixels(path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 65536, 65536, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"\0") + chunk(b"IEND", b""))


def cut_jpeg(path: Path) -> None:
    path.write_bytes(encoded(draw_page(Words("Cut", 10, 10)), "JPEG")[:400])


@pytest.mark.parametrize(
    ("make", "said", "choices"),
    [
        (no_picture, "is no picture that can be read", ["Copy details"]),
        (empty, "is empty", ["Try again"]),
        (folder, "no picture and no PDF", []),
        (missing, "is not there", ["Try again"]),
        (four_gigapixels, "too many", ["Copy details"]),
        (cut_jpeg, "is damaged", ["Try again", "Copy details"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_cannot_be_opened_is_told_and_what_was_open_stays(
    desk: Desk, tmp_path: Path, make: object, said: str, choices: list[str]
) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "good.png", (70, 50)))
    await desk.until_shown("good.png")
    bad = tmp_path / "bad.jpg"
    make(bad)  # type: ignore[operator]
    desk.drop_files(bad)
    told = await desk.until_told()
    assert said in told
    assert "“bad.jpg”" in told
    assert desk.choices == choices
    assert desk.session.entry is not None
    assert desk.session.entry.name == "good.png"
    assert desk.status == "good.png   70 × 50"
    assert desk.canvas.isVisible()
    assert not desk.pages.isVisible(), "what could not be opened does not stay in the list"


async def test_what_a_folder_gave_before_it_hung_stays(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.actions["auto_read_never"].trigger()
    pages = tuple(blank_file(tmp_path, f"{number}.png") for number in (1, 2))

    async def hanging(path: Path, *, with_subfolders: bool) -> AsyncGenerator[tuple[Path, ...], None]:
        del path, with_subfolders
        yield pages
        raise InputError(ErrorCode.FILE_UNREADABLE, name="scans")

    monkeypatch.setattr(desk.context.intake, "files_in", hanging)
    desk.drop_files(tmp_path)
    assert "“scans” could not be read" in await desk.until_told()
    await desk.until_shown("1.png")
    assert desk.listed == ["1.png", "2.png"]


async def test_once_a_fault_is_mended_trying_again_does_what_the_drop_was_to_do(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(tmp_path / "late.png")
    await desk.until_told()
    assert desk.window.empty_state.isVisible()
    page_file(tmp_path, "late.png", "Here it is")
    desk.take_choice("Try again")
    await desk.until_read("late.png")
    assert desk.session.regions[0].text == "Here it is"
    assert desk.bar.text == ""


async def test_a_picture_that_breaks_off_is_shown_as_far_as_it_goes_and_says_so(desk: Desk, tmp_path: Path) -> None:
    whole = encoded(draw_page(Words("The upper half", 30, 30, 40)), "JPEG", quality=95)
    path = tmp_path / "half.jpg"
    path.write_bytes(whole[: len(whole) * 3 // 4])
    desk.drop_files(path)
    await desk.until_read("half.jpg")
    assert "breaks off" in desk.bar.text
