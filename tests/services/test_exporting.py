"""A file is whole and new, or as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocr_desktop.core.errors import ErrorCode, OutputError
from ocr_desktop.services.exporting import FreeNames, write_file


def test_a_file_is_written_byte_for_byte(tmp_path: Path) -> None:
    write_file(tmp_path / "out.md", "one\r\ntwo\n文字")
    assert (tmp_path / "out.md").read_bytes() == "one\r\ntwo\n文字".encode()


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_file(tmp_path / "figure.png", b"\x89PNG\r\n\x1a\n\xff")
    assert (tmp_path / "figure.png").read_bytes() == b"\x89PNG\r\n\x1a\n\xff"


def test_nothing_but_the_file_is_left_beside_it_and_its_mode_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    target.write_text("old")
    target.chmod(0o640)
    write_file(target, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_file(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


def test_what_cannot_be_written_says_so_and_leaves_what_stood_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path / "no folder" / "out.md", "text")
    assert caught.value.code is ErrorCode.OUTPUT_UNWRITABLE
    with pytest.raises(OutputError):
        write_file(tmp_path, "a folder is no file")


def test_a_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_file(target, "half a pair \ud800")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"]


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(tmp_path / "pipe", "through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)


def test_two_results_never_get_one_name(tmp_path: Path) -> None:
    names = FreeNames(tmp_path, ".md", [tmp_path / "x-3.md"])
    stems = ["x", "x", "y", "x-2", "x", "y"]
    assert [names.take(stem).name for stem in stems] == ["x.md", "x-2.md", "y.md", "x-2-2.md", "x-4.md", "y-2.md"]
