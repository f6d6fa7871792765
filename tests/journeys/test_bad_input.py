"""Whatever is given: one clear line for each, the right exit code, and what was there before stays."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pictures import Words, draw_page, encoded
from tests.support.program import Ended, run, run_redirected
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer

WORDS = "Words that were read"
ENVIRONMENT = {"OCR_DESKTOP_API_KEY": KEY}
ODD_NAME = b"an odd\n\x1b[31mname\xff.png"


@pytest.fixture(scope="module")
def picture() -> bytes:
    return encoded(draw_page(Words("Words", 40, 40), size=(300, 120)))


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer("any", streamed(WORDS)) as server:
        yield server


def command(server: ProviderServer) -> tuple[str, ...]:
    """Reading with a server: no engine has to be loaded for what is tried here."""
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", "--preset", "free")


def read(server: ProviderServer, *arguments: str | bytes | Path, folder: Path | None = None) -> Ended:
    return run(*command(server), *arguments, environment=ENVIRONMENT, folder=folder)


def png_of(width: int, height: int) -> bytes:
    """A picture's file that is small and says that it is large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_each_bad_file_has_its_own_line_and_the_good_ones_are_read(
    server: ProviderServer, tmp_path: Path, picture: bytes
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "bomb.png").write_bytes(png_of(65_535, 65_535))
    (tmp_path / "header.png").write_bytes(picture[:40])
    (tmp_path / "loop.png").symlink_to("loop.png")
    jpeg = encoded(draw_page(Words("Words", 40, 40), size=(900, 900)), "JPEG")
    (tmp_path / "half.jpg").write_bytes(jpeg[: len(jpeg) * 2 // 3])
    (tmp_path / os.fsdecode(ODD_NAME)).write_bytes(picture)
    codes = {
        "text.png": "not_a_picture",
        "empty.png": "file_empty",
        "folder": "folder_empty",
        "pipe.png": "not_a_file",
        "bomb.png": "picture_too_large",
        "header.png": "picture_damaged",
        "loop.png": "broken_link",
        "missing.png": "file_missing",
    }
    ended = read(server, *codes, "half.jpg", ODD_NAME, "--format", "json", folder=tmp_path)
    assert ended.code == 6
    documents = {document["source"]["name"]: document for document in ended.documents}
    assert {name: documents[name]["error"]["code"] for name in codes} == codes
    assert all(documents[name]["pages"] == [] for name in codes)
    *errors, warning = ended.complaints
    assert [error.split(": ")[1] for error in errors] == list(codes)
    assert warning.startswith("warning: half.jpg: the picture breaks off")
    assert documents["half.jpg"]["pages"][0]["warnings"] == ["picture_truncated"]
    assert documents["half.jpg"]["pages"][0]["text"] == WORDS
    assert documents[r"an odd\n\x1b[31mname\xff.png"]["pages"][0]["text"] == WORDS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(server: ProviderServer, tmp_path: Path, picture: bytes) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(picture)
    path.chmod(0)
    ended = read(server, path)
    assert (ended.code, ended.complaint) == (3, "error: page.png: you may not read it. Change its permissions.")


def test_one_bad_file_is_one_line_and_exit_code_3(tmp_path: Path) -> None:
    ended = run("read", "--verbose", os.fsdecode(b"no\nsuch\xff.png"), folder=tmp_path)
    assert (ended.code, ended.output) == (3, b"")
    assert ended.complaint == r"error: no\nsuch\xff.png: there is no such file. Check the name and the folder."


def test_where_the_result_cannot_go_nothing_is_sent(server: ProviderServer, tmp_path: Path, picture: bytes) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(picture)
    for output in (tmp_path / "missing" / "out.md", f"{path}/", path):
        ended = read(server, path, "-o", output)
        assert (ended.code, ended.output) == (3, b"")
        assert "it cannot be written" in ended.complaint
    assert server.requests == []
    assert path.read_bytes() == picture


@pytest.mark.parametrize(
    ("redirection", "options", "reason"),
    [
        (">/dev/full", (), "No space left on device"),
        (">/dev/full", ("--stream",), "No space left on device"),
        (">&-", (), "it is closed"),
    ],
)
def test_a_full_disk_and_a_closed_output_are_no_bugs(
    server: ProviderServer, tmp_path: Path, picture: bytes, redirection: str, options: tuple[str, ...], reason: str
) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(picture)
    ended = run_redirected(redirection, *command(server), path, *options, environment=ENVIRONMENT)
    assert ended.code == 3
    assert ended.complaint.startswith(f"error: standard output: it cannot be written ({reason}). ")


def test_closed_inputs_and_errors_are_no_bugs(tmp_path: Path) -> None:
    closed = run_redirected("<&-", "parse", "-")
    assert (closed.code, closed.complaint.split(": ")[1]) == (3, "standard input")
    unheard = run_redirected("2>&-", "read", tmp_path / "missing.png")
    assert (unheard.code, unheard.output, unheard.errors) == (3, b"", b"")


def test_one_result_that_cannot_be_written_costs_that_one_alone(
    server: ProviderServer, tmp_path: Path, picture: bytes
) -> None:
    results = tmp_path / "results"
    (results / "a.md").mkdir(parents=True)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(picture)
    ended = read(server, tmp_path / "a.png", tmp_path / "b.png", "-o", results)
    assert ended.code == 6
    assert "a.md: it cannot be written" in ended.complaint
    assert (results / "b.md").read_text() == f"{WORDS}\n"


def test_a_terminal_that_speaks_no_utf_8_gets_utf_8_all_the_same(tmp_path: Path) -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = run("parse", "-", standard_input="一行 words".encode(), environment=poor)
    assert (ended.code, ended.text, ended.errors) == (0, "一行 words\n", b"")
    missing = run("read", "没有.png", environment=poor, folder=tmp_path)
    assert missing.code == 3
    assert missing.complaint.endswith(": there is no such file. Check the name and the folder.")
