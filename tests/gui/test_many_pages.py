"""Several files, folders and files of many pages: what is listed, what is shown, and what is read by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMenu, QWidget

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.gui.reading_all import Tally
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import GROUNDED, Desk, blank_file, mime_of, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


def tiff_file(folder: Path, name: str, *sizes: tuple[int, int]) -> Path:
    first, *others = (Image.new("RGB", size, "white") for size in sizes)
    first.save(folder / name, save_all=True, append_images=others)
    return folder / name


def files_text(folder: Path, pattern: str) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob(pattern))


async def until_all_ended(desk: Desk, begin: Callable[[], None]) -> tuple[Tally, OcrDesktopError | None]:
    """Begin to read all pages, and wait for the end."""
    ended: list[tuple[Tally, OcrDesktopError | None]] = []
    take = lambda tally, error: ended.append((tally, error))  # noqa: E731  (it is disconnected below)
    desk.window.reading_all.ended.connect(take)
    begin()
    await desk.until(lambda: ended, desk.window.reading_all.ended)
    desk.window.reading_all.ended.disconnect(take)
    return ended[0]


def next_page(desk: Desk) -> None:
    desk.focus(desk.canvas)
    desk.press(desk.canvas, Qt.Key.Key_PageDown)


async def until_listed(desk: Desk, count: int) -> None:
    await desk.until(lambda: len(desk.session.entries) == count)


async def test_a_folder_gives_its_pictures_in_natural_order_and_only_the_first_is_read(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    (folder / "more").mkdir(parents=True)
    for name in ("page 10.png", "page 2.png", "page 1.png", "more/other.png"):
        page_file(folder, name, f"Words {name[5:-4]}")
    (folder / "notes.txt").write_text("no picture")
    desk.drop_files(folder)
    await until_listed(desk, 3)
    assert [entry.name for entry in desk.session.entries] == ["page 1.png", "page 2.png", "page 10.png"]
    await desk.until_read("page 1.png")
    next_page(desk)
    await desk.until_shown("page 2.png")
    await desk.until_settled()
    assert desk.session.run is None, "paging reads nothing"


async def test_a_folder_without_pictures_is_told_and_nothing_is_listed(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    desk.drop_files(folder)
    assert "empty" in await desk.until_told()
    assert desk.session.entries == []


async def test_every_page_of_a_file_is_listed_and_shown_as_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(tiff_file(tmp_path, "fax.tiff", (200, 100), (120, 240), (60, 60)))
    await until_listed(desk, 3)
    await desk.until_shown("fax.tiff")
    for width, height in ((120, 240), (60, 60)):
        next_page(desk)
        await desk.until(lambda w=width, h=height: f"{w} × {h}" in desk.status)
    assert "page 3 of 3" in desk.status


async def test_files_that_are_not_shown_say_how_many_pages_they_have(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    files = [
        blank_file(tmp_path, "a.png"),
        tiff_file(tmp_path, "b.tiff", (9, 9), (9, 9)),
        blank_file(tmp_path, "c.png"),
    ]
    desk.drop_files(*files)
    await until_listed(desk, 4)
    assert [(entry.name, entry.number) for entry in desk.session.entries] == [
        ("a.png", 1),
        ("b.tiff", 1),
        ("b.tiff", 2),
        ("c.png", 1),
    ]


async def test_a_damaged_file_among_good_ones_says_so_in_its_place_and_the_next_is_shown(
    desk: Desk, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    desk.drop_files(bad, page_file(tmp_path, "good.png", "Good words"), blank_file(tmp_path, "last.png"))
    await desk.until_read("good.png")
    assert len(desk.session.entries) == 3
    assert desk.session.entries[0].failure is not None

    desk.choose_page(0)
    failed = desk.find(QWidget, "failed_page")
    await desk.until(failed.isVisible)
    assert "bad.png" in desk.find(QLabel, "failed_page_title").text()
    await desk.until(lambda: desk.preview == "")
    desk.press(desk.pages, Qt.Key.Key_Down)
    await desk.until_shown("good.png")
    await desk.until(lambda: "Good words" in desk.preview)
    assert not failed.isVisible()
    assert desk.bar.text == ""


async def test_a_file_that_is_mended_can_be_tried_again(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    desk.drop_files(blank_file(tmp_path, "a.png"), bad)
    await desk.until_shown("a.png")
    desk.choose_page(1)
    await desk.until(desk.find(QWidget, "failed_page").isVisible)
    blank_file(tmp_path, "bad.png")
    desk.choose_page(0)
    await desk.until_shown("a.png")
    desk.choose_page(1)
    await desk.until_shown("bad.png")
    assert desk.canvas.isVisible()


async def test_a_locked_pdf_asks_for_its_password_once_for_all_its_pages(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    path = tmp_path / "secret.pdf"
    path.write_bytes(pdf_of(PdfPage(), PdfPage(), encryption=Encryption(Method.AES_256, "open sesame")))
    desk.drop_files(path)
    await desk.until(lambda: "locked" in desk.bar.text)
    field = desk.find(QLineEdit, "password_edit")
    assert field.hasFocus()
    field.insert("wrong")
    desk.press(field, Qt.Key.Key_Return)
    await desk.until(lambda: "does not open" in desk.bar.text)
    field = next(each for each in desk.bar.findChildren(QLineEdit, "password_edit") if each.isVisible())
    field.insert("open sesame")
    desk.press(field, Qt.Key.Key_Return)
    await desk.until_shown("secret.pdf")
    assert desk.bar.text == ""
    await until_listed(desk, 2)
    next_page(desk)
    await desk.until(lambda: "page 2 of 2" in desk.status)
    assert "sesame" not in files_text(tmp_path, "*.toml")


async def test_the_text_that_a_pdf_holds_can_be_taken_instead_of_reading_it(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    path = tmp_path / "born.pdf"
    path.write_bytes(pdf_of(PdfPage((Text("Exactly these words"),)), PdfPage((Text("And on page two"),))))
    desk.drop_files(path)
    await desk.until_shown("born.pdf")
    assert "has text" in await desk.until_told()
    desk.take_choice("Use its text")
    await desk.until_read("born.pdf")
    assert desk.session.run is not None
    assert desk.session.run.engine == "text_layer"
    assert [region.text for region in desk.session.regions] == ["Exactly these words"]
    (box,) = desk.session.regions[0].boxes
    assert box.width > box.height

    desk.actions["read_all"].trigger()
    await desk.until(lambda: all(entry.run_id for entry in desk.session.entries), desk.window.reading_all.changed)
    (run,) = desk.session.entries[1].page.runs  # type: ignore[union-attr]  # it was read
    assert run.engine == "text_layer"


async def test_reading_all_reads_what_was_not_read_and_marks_what_cannot_be(desk: Desk, tmp_path: Path) -> None:
    names = ["a.png", "b.png", "c.png", "d.png"]
    files = [page_file(tmp_path, name, f"Words of {name[0]}") for name in names]
    files[2].write_bytes(b"no picture")
    desk.drop_files(*files)
    await desk.until_read("a.png")
    first_run = desk.session.run
    tally, error = await until_all_ended(desk, desk.actions["read_all"].trigger)
    assert error is None
    assert (tally.total, tally.done, tally.failed) == (3, 2, 1)
    entries = desk.session.entries
    assert [entry.run_id is not None for entry in entries] == [True, True, False, True]
    assert entries[2].failure is not None
    assert desk.session.run is first_run, "what is on show stays"
    assert "2 of 3" in desk.bar.text


async def test_many_pages_go_to_a_host_only_after_it_was_said_how_many(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    desk.actions["read_all"].trigger()
    assert "3 pages" in desk.bar.text
    assert "127.0.0.1" in desk.bar.text
    assert server.requests == []
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: all(entry.run_id for entry in desk.session.entries), desk.window.reading_all.changed)
    assert len(server.requests) == 3


async def test_a_drop_while_all_are_read_adds_pages_and_the_reading_goes_on(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(gate, GROUNDED))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(2)))
    await desk.until_shown("0.png")
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 2 pages to 127.0.0.1")
    await desk.until(lambda: desk.control.job is not None)
    desk.drop_files(blank_file(tmp_path, "late.png"))
    await desk.until_shown("late.png")
    gate.open()
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert [entry.run_id is not None for entry in desk.session.entries] == [True, True, False]


async def test_stop_ends_the_page_and_all_that_wait(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(Gate(), GROUNDED))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: desk.control.job is not None)
    desk.click(desk.run_button)
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    await desk.until(lambda: not desk.control.is_busy)
    assert len(server.requests) <= 1
    assert desk.run_button.text() == "Read"


async def test_an_engine_that_refuses_ends_the_reading_of_all_and_says_why(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(refused(401, "no such key"))
    desk.drop_files(*(blank_file(tmp_path, f"{number}.png") for number in range(3)))
    await desk.until_shown("0.png")
    desk.actions["read_all"].trigger()
    desk.take_choice("Send 3 pages to 127.0.0.1")
    await desk.until(lambda: "0 of 3" in desk.bar.text)
    assert "key" in desk.bar.text
    assert len(server.requests) == 1


async def test_an_engine_chosen_meanwhile_gets_none_of_the_pages(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.choose("engine_box", "This computer (offline)")
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(*(page_file(tmp_path, f"{number}.png", "Words") for number in range(3)))
    await desk.until_shown("0.png")
    desk.actions["read_all"].trigger()
    await desk.until(lambda: desk.control.job is not None)
    desk.choose("engine_box", "UCloud Modelverse")
    await desk.until(lambda: desk.window.reading_all.tally is None, desk.window.reading_all.changed)
    assert server.requests == []


async def test_a_link_alone_is_asked_about_and_never_fetched_under_stay_offline(desk: Desk) -> None:
    with ProviderServer("any", streamed(GROUNDED), key=None) as other:
        link = other.base_url + "/picture.png"
        mime = QMimeData()
        mime.setUrls([QUrl(link)])
        desk.drop(mime)
        assert "127.0.0.1" in desk.bar.text
        assert desk.choices == ["Download", "Cancel"]
        desk.take_choice("Cancel")
        desk.actions["stay_offline"].trigger()
        desk.drop(mime)
        assert desk.choices != ["Download", "Cancel"]
        assert other.requests == []
        desk.actions["stay_offline"].trigger()


async def test_a_drop_with_pixels_and_a_link_gives_the_pixels(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.invalid/picture.png")])
    mime.setData("image/png", blank_file(tmp_path, "x.png", (77, 33)).read_bytes())
    desk.drop(mime)
    await desk.until(lambda: "77 × 33" in desk.status)
    assert desk.bar.text == ""


async def test_the_open_menu_lists_what_was_opened_last(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "kept & found.png"))
    await desk.until_shown("kept & found.png")
    await desk.until(lambda: desk.context.recent_files.list(), desk.window.adding.recent_changed)
    menu = desk.window.toolbar.open_menu
    menu.aboutToShow.emit()
    (recent,) = menu.findChildren(QMenu)
    assert recent.actions()[0].text() == "kept && found.png"
    desk.actions["close_page"].trigger()
    recent.actions()[0].trigger()
    await desk.until_shown("kept & found.png")
    recent.actions()[-1].trigger()
    await desk.until_at_rest()
    assert desk.context.recent_files.list() == ()


async def test_a_folder_is_chosen_in_a_dialog(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    blank_file(tmp_path, "inside.png")
    desk.actions["open_folder"].trigger()
    dialog = await desk.until_dialog("open_folder_dialog")
    assert isinstance(dialog, QFileDialog)
    (name,) = dialog.findChildren(QLineEdit, "fileNameEdit")
    name.setText(str(tmp_path))
    dialog.accept()
    await desk.until_shown("inside.png")


async def test_all_pages_can_be_turned_and_turned_back(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop_files(blank_file(tmp_path, "a.png", (200, 100)), blank_file(tmp_path, "b.png", (200, 100)))
    await desk.until_shown("a.png")
    desk.actions["turn_all_right"].trigger()
    assert "100 × 200" in desk.status
    desk.choose_page(1)
    await desk.until(lambda: "b.png" in desk.status and "100 × 200" in desk.status)
    desk.choose_page(0)
    await desk.until_shown("a.png")
    desk.actions["undo"].trigger()
    assert [entry.turns for entry in desk.session.entries] == [0, 0]


async def test_closing_all_leaves_the_empty_window(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    desk.drop(mime_of(blank_file(tmp_path, "a.png"), blank_file(tmp_path, "b.png")))
    await desk.until_shown("a.png")
    desk.actions["close_all"].trigger()
    assert desk.session.entries == []
    assert desk.find(QWidget, "empty_state").isVisible()


async def test_a_run_that_was_cut_stays_cut_where_all_are_read(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(GROUNDED, reason="length"))
    desk.drop_files(blank_file(tmp_path, "a.png"), blank_file(tmp_path, "b.png"))
    await desk.until_shown("a.png")
    desk.actions["read_all"].trigger()
    await until_all_ended(desk, lambda: desk.take_choice("Send 2 pages to 127.0.0.1"))
    runs = [entry.run(entry.run_id) for entry in desk.session.entries]
    assert [run.finish for run in runs if run is not None] == [Finish.CUT, Finish.CUT]
