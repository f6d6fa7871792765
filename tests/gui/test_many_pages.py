"""Several files, folders and files of many pages: what is listed, what is shown, and what is read by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMenu, QWidget

from ocr_desktop.gui.entries import Entry, SourceFile
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import GROUNDED, Desk, blank_file, mime_of, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")


def tiff_file(folder: Path, name: str, *sizes: tuple[int, int]) -> Path:
    first, *others = (Image.new("RGB", size, "white") for size in sizes)
    first.save(folder / name, save_all=True, append_images=others)
    return folder / name


def files_text(folder: Path, pattern: str) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob(pattern))


def next_page(desk: Desk) -> None:
    desk.focus(desk.canvas)
    desk.press(desk.canvas, Qt.Key.Key_PageDown)


async def test_a_folder_gives_its_pictures_in_natural_order_and_only_the_first_is_read(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "scans"
    (folder / "more").mkdir(parents=True)
    for name in ("page 10.png", "page 2.png", "page 1.png", "more/other.png"):
        page_file(folder, name, f"Words {name[5:-4]}")
    (folder / "notes.txt").write_text("no picture")
    desk.drop_files(folder)
    await desk.until_listed(3)
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
    await desk.until_listed(3)
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
    await desk.until_listed(4)
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
    await desk.until_listed(2)
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
    await desk.until_listed(2)
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
    await desk.until_listed(2)
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
    await desk.until_listed(2)
    desk.actions["close_all"].trigger()
    assert desk.session.entries == []
    assert desk.find(QWidget, "empty_state").isVisible()


async def test_what_is_asked_of_a_pdf_is_not_asked_over_another_page(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    path = tmp_path / "born.pdf"
    path.write_bytes(pdf_of(PdfPage((Text("Exactly these words are here"),))))
    desk.drop_files(path, blank_file(tmp_path, "other.png"))
    await desk.until_shown("born.pdf")
    await desk.until_listed(2)
    assert "Use its text" in desk.choices
    desk.choose_page(1)
    await desk.until_shown("other.png")
    assert desk.bar.text == ""


async def test_pages_that_come_later_are_not_read_because_the_last_was_broken(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.actions["auto_read_always"].trigger()
    bad = [tmp_path / "1.png", tmp_path / "2.png"]
    for path in bad:
        path.write_bytes(b"no picture")
    desk.drop_files(*bad)
    await desk.until(lambda: len(desk.session.entries) == 2 and desk.session.entries[1].failure is not None)
    captured = Entry(SourceFile(blank_file(tmp_path, "captured.png").read_bytes(), "captured", 1))
    desk.window.adding.add_beside(captured)
    await desk.until_shown("captured")
    await desk.until_at_rest()
    assert server.requests == []


async def test_the_keys_page_past_a_page_that_cannot_be_shown(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    bad = tmp_path / "b.png"
    bad.write_bytes(b"no picture")
    desk.drop_files(blank_file(tmp_path, "a.png"), bad, blank_file(tmp_path, "c.png"))
    await desk.until_shown("a.png")
    await desk.until_listed(3)
    desk.focus(desk.canvas)
    desk.press_in_window(Qt.Key.Key_PageDown)
    await desk.until(desk.find(QWidget, "failed_page").isVisible)
    desk.press_in_window(Qt.Key.Key_PageDown)
    await desk.until_shown("c.png")
    desk.focus(desk.run_button)
    desk.press_in_window(Qt.Key.Key_PageUp)
    await desk.until(desk.find(QWidget, "failed_page").isVisible)


async def test_pages_that_were_closed_can_be_put_back_with_what_was_read(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "a.png", "Words of a"), blank_file(tmp_path, "b.png"))
    await desk.until_read("a.png")
    await desk.until_listed(2)
    desk.actions["close_all"].trigger()
    assert "2 pages" in desk.bar.text
    desk.take_choice("Undo")
    await desk.until_shown("a.png")
    assert [region.text for region in desk.session.regions] == ["Words of a"]
    assert [entry.name for entry in desk.session.entries] == ["a.png", "b.png"]


async def test_pages_closed_one_after_the_other_come_back_together(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "a.png", "Words of a"), *(blank_file(tmp_path, f"{n}.png") for n in "bc"))
    await desk.until_read("a.png")
    await desk.until_listed(3)
    for shown in ("b.png", "c.png"):
        desk.actions["close_page"].trigger()
        await desk.until_shown(shown)
    desk.take_choice("Undo")
    await desk.until_shown("a.png")
    assert [entry.name for entry in desk.session.entries] == ["a.png", "b.png", "c.png"]
    assert desk.session.run is not None


async def test_a_link_that_was_copied_in_the_window_itself_is_not_fetched(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("https://ocr.invalid/picture.png")
    # The offscreen platform does not say who owns its clipboard.
    assert not desk.window.take(mime, is_own=True)
    assert desk.bar.text == ""
    assert desk.window.take(mime)
    assert "Download" in desk.choices


async def test_what_is_told_of_one_page_goes_with_it(desk: Desk, tmp_path: Path) -> None:
    desk.actions["auto_read_never"].trigger()
    frames = [Image.new("RGB", (90, 90), colour) for colour in ("white", "black")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    desk.drop_files(tmp_path / "moving.gif", blank_file(tmp_path, "still.png"))
    await desk.until_shown("moving.gif")
    assert "animated" in desk.bar.text
    desk.choose_page(1)
    await desk.until_shown("still.png")
    assert desk.bar.text == ""
