"""The files that were opened last are there at the next start, and a damaged list does no harm."""

from __future__ import annotations

import os
from pathlib import Path

from ocr_desktop.services.recent_files import FILE_NAME, MOST_KEPT, RecentFiles


def test_the_newest_is_first_and_none_stands_twice(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path)
    recent.add([Path("/a.png"), Path("/b.pdf")])
    recent.add([Path("/c.png"), Path("/a.png")])
    assert recent.list() == (Path("/c.png"), Path("/a.png"), Path("/b.pdf"))
    assert RecentFiles(tmp_path).list() == recent.list()


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path)
    recent.add(Path(f"/{number}.png") for number in range(50))
    assert RecentFiles(tmp_path).list() == tuple(Path(f"/{number}.png") for number in range(MOST_KEPT))
    assert (tmp_path / FILE_NAME).read_text("utf-8").count(".png") == MOST_KEPT


def test_they_can_be_forgotten(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path)
    recent.add([Path("/a.png")])
    recent.clear()
    assert recent.list() == RecentFiles(tmp_path).list() == ()


def test_a_name_that_no_text_can_hold_is_not_kept(tmp_path: Path) -> None:
    recent = RecentFiles(tmp_path)
    recent.add([Path(os.fsdecode(b"/caf\xe9.png")), Path("/a.png")])
    assert RecentFiles(tmp_path).list() == (Path("/a.png"),)


def test_a_list_that_is_none_is_an_empty_one(tmp_path: Path) -> None:
    for text in ("files = 7", "files = ['relative.png', 3, '']", "not toml at all ["):
        (tmp_path / FILE_NAME).write_text(text, "utf-8")
        assert RecentFiles(tmp_path).list() == ()
