"""The last file stays open while its pages are asked for, and not a moment longer than it is the same file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import View
from ocr_desktop.worker import messages
from ocr_desktop.worker.messages import Decode, Encode, PictureSource
from ocr_desktop.worker.opened_files import LastFile, OpenedFile, PdfPages, PicturePages
from ocr_desktop.worker.pictures import PicturesWorker
from ocr_desktop.worker.pixels import PixelStore
from tests.support.odd_pictures import quadrants, three_pages
from tests.support.pictures import encoded
from tests.support.workers import MOST_PIXELS, stored


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "page.tiff").write_bytes(three_pages())
    return tmp_path / "page.tiff"


def source_of(path: Path, page: int = 1) -> PictureSource:
    return PictureSource(os.fsencode(path), None, page)


def test_paging_opens_a_file_once(path: Path) -> None:
    last = LastFile()
    assert len({id(last.open(source_of(path, number))) for number in (1, 2, 3, 1)}) == 1


def test_bytes_are_known_again_by_what_they_are() -> None:
    last, content = LastFile(), encoded(quadrants())
    opened = last.open(PictureSource(None, content))
    assert opened.sha256 == hashlib.sha256(content).hexdigest()
    assert last.open(PictureSource(None, bytes(bytearray(content)), 2)) is opened
    assert last.open(PictureSource(None, encoded(quadrants(), "BMP"))) is not opened


def test_another_file_in_its_place_is_opened_anew(path: Path) -> None:
    last = LastFile()
    before = last.open(source_of(path))
    other = path.with_name("other")
    other.write_bytes(encoded(quadrants()))
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    after = last.open(source_of(path))
    assert after.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() != before.sha256


def test_a_file_that_was_changed_in_place_is_read_anew_though_its_date_says_nothing(path: Path) -> None:
    last = LastFile()
    before, status = last.open(source_of(path)), path.stat()
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert last.open(source_of(path)).sha256 != before.sha256


def test_a_file_that_is_gone_is_not_shown_from_memory(path: Path) -> None:
    last = LastFile()
    last.open(source_of(path))
    path.unlink()
    with pytest.raises(InputError) as caught:
        last.open(source_of(path))
    assert caught.value.code is ErrorCode.FILE_MISSING


def test_a_picture_with_the_mark_of_a_pdf_in_its_comment_is_a_picture() -> None:
    content = encoded(quadrants(), "JPEG", comment=b"%PDF-1.7")
    assert isinstance(LastFile().open(PictureSource(None, content)).pages, PicturePages)


def test_a_page_that_turns_out_larger_than_its_header_says_is_not_written_over_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ocr_desktop.worker.pictures.limit_memory", lambda most_pixels: None)
    store = PixelStore()
    worker = PicturesWorker(store.descriptor)
    for lying in ("decoded", "stored_size"):
        pages = LastFile().open(PictureSource(None, encoded(quadrants()))).pages
        larger = LastFile().open(PictureSource(None, encoded(quadrants().resize((640, 480))))).pages
        pixels = store.reserve(pages.stored_size(1, MOST_PIXELS)[0])
        monkeypatch.setattr(pages, lying, getattr(larger, lying))
        opened = OpenedFile(encoded(quadrants()), "", None)
        opened.pages = pages
        monkeypatch.setattr(LastFile, "open", lambda self, source, opened=opened: opened)
        with pytest.raises(InputError) as caught:
            list(worker.answer(Decode(1, PictureSource(None, b"x"), pixels, MOST_PIXELS), lambda: False))
        assert caught.value.code is ErrorCode.PICTURE_CHANGED
        monkeypatch.undo()
        monkeypatch.setattr("ocr_desktop.worker.pictures.limit_memory", lambda most_pixels: None)
    store.close()


def test_a_picture_for_which_no_reply_has_room_says_that_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_desktop.worker.pictures.limit_memory", lambda most_pixels: None)
    monkeypatch.setattr(messages, "LONGEST_REPLY", messages.ROOM_FOR_WORDS + 50)
    store = PixelStore()
    pixels = stored(store, quadrants())
    with pytest.raises(InputError) as caught:
        list(PicturesWorker(store.descriptor).answer(Encode(1, pixels, View(), 99, ("image/png",)), lambda: False))
    assert caught.value.code is ErrorCode.PICTURE_TOO_LARGE
    store.close()


def test_a_pdf_is_one_whatever_it_is_called(path: Path) -> None:
    path.write_bytes(encoded(quadrants(), "PDF"))
    pages = LastFile().open(source_of(path)).pages
    assert isinstance(pages, PdfPages)
    assert pages.facts(1) == ("PDF", 1)
