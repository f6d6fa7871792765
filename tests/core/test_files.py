"""Only regular files are opened, and a name can be printed whatever is in it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core import files
from ocr_desktop.core.errors import ErrorCode, InputError


def code_of(check: Callable[[], object]) -> ErrorCode:
    with pytest.raises(InputError) as caught:
        check()
    assert isinstance(caught.value.fields["name"], str)
    return caught.value.code


def sparse_file(path: Path, length: int) -> Path:
    with path.open("wb") as file:
        file.truncate(length)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"content")
    assert files.read_file(path) == files.read_file(str(path)) == files.read_file(os.fsencode(path)) == b"content"


@pytest.mark.parametrize("name", ["missing", "file/below", "x" * 300, "zero\0byte"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert code_of(lambda: files.check_file(f"{tmp_path}/{name}")) is ErrorCode.FILE_MISSING


@pytest.mark.parametrize("target", ["link", "nowhere", "nowhere/deep"])
def test_a_link_that_leads_nowhere_or_to_itself_is_told_apart_from_what_is_missing(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(target)
    assert code_of(lambda: files.check_file(tmp_path / "link")) is ErrorCode.BROKEN_LINK
    assert code_of(lambda: files.check_file(os.fsencode(tmp_path / "link"))) is ErrorCode.BROKEN_LINK


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert code_of(lambda: files.read_file(tmp_path)) is ErrorCode.NOT_A_FILE


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert code_of(lambda: files.read_file(tmp_path / "pipe")) is ErrorCode.NOT_A_FILE


def test_a_device_and_a_socket_are_no_files(tmp_path: Path) -> None:
    assert code_of(lambda: files.read_file("/dev/zero")) is ErrorCode.NOT_A_FILE
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert code_of(lambda: files.read_file(tmp_path / "s")) is ErrorCode.NOT_A_FILE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = sparse_file(tmp_path / "secret", 1)
    path.chmod(0)
    assert code_of(lambda: files.read_file(path)) is ErrorCode.NO_PERMISSION


def test_a_refused_opening_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = sparse_file(tmp_path / "secret", 1)
    monkeypatch.setattr(os, "open", refuse)
    assert code_of(lambda: files.open_regular(path)) is ErrorCode.NO_PERMISSION


def test_an_empty_file(tmp_path: Path) -> None:
    assert code_of(lambda: files.read_file(sparse_file(tmp_path / "e", 0))) is ErrorCode.FILE_EMPTY


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = sparse_file(tmp_path / "large", files.LARGEST_FILE_BYTES + 1)
    assert code_of(lambda: files.read_file(path)) is ErrorCode.FILE_TOO_LARGE


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/a/scan.pdf", "scan.pdf"),
        ("/a/扫描 1.png", "扫描 1.png"),
        ("/a/folder/", "folder"),
        ("/", "/"),
        ("/a/one\ntwo\x1b[31m.png", r"one\ntwo\x1b[31m.png"),
        (b"/a/caf\xe9.png", r"caf\xe9.png"),
        ("/a/\u202egnp.exe", r"\u202egnp.exe"),
        ("/a/next\u2028line\x85", r"next\u2028line\x85"),
    ],
)
def test_a_name_is_safe_to_print(path: str | bytes, shown: str) -> None:
    assert files.display_name(path) == shown
    assert files.display_name(Path(os.fsdecode(path))) == shown


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_any_name_is_one_line_of_utf_8(name: bytes) -> None:
    shown = files.display_name(name)
    assert shown
    assert shown.encode()
    assert len(shown.splitlines()) == 1
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in shown)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("file:///a/p%20q%26.png", "/a/p q&.png"),
        ("FILE://LocalHost/a%2525.png", "/a%25.png"),
        ("file:/a/100%.png", "/a/100%.png"),
        ("file:///a/\u56fe%E5%9B%BE.png", "/a/\u56fe\u56fe.png"),
        ("file:///a/caf%e9.png", os.fsdecode(b"/a/caf\xe9.png")),
        (os.fsdecode(b"file:///a/caf\xe9.png"), os.fsdecode(b"/a/caf\xe9.png")),
        ("file:///a.png?size=1#part", "/a.png"),
        ("file://elsewhere/a.png", None),
        ("file://localhost.elsewhere/a.png", None),
        ("file:a.png", None),
        ("file:///a%00.png", None),
        ("file:///\ud800", None),
        ("https://h/a.png", None),
        ("/a/file:///b.png", None),
    ],
)
def test_a_link_to_a_file_of_this_computer_is_its_path(link: str, path: str | None) -> None:
    assert files.path_of_link(link) == (None if path is None else Path(path))


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_a_link_can_name_every_file(name: bytes) -> None:
    assert files.path_of_link(f"file:///{quote(name)}") == Path(os.fsdecode(b"/" + name))


@pytest.mark.parametrize(("text", "is_link"), [("HTTPS://h", True), ("http://h/a", True), ("https://", False)])
def test_a_web_link_is_no_files_name(text: str, is_link: bool) -> None:
    assert files.is_web_link(text) is is_link
    assert not files.is_web_link(f"./{text}")
