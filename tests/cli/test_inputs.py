"""What `read` takes: folders, passwords of PDFs, and links that somebody said may be followed."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ocr_desktop.cli.inputs import inputs_of
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings
from ocr_desktop.worker.client import PicturesClient
from tests.cli.conftest import Program
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.pictures import draw_page, encoded
from tests.support.program import run
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.workers import open_pictures

WORDS = "Words that came"
PASSWORD = "正确 horse"
PICTURE = encoded(draw_page(size=(64, 64)))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed(WORDS)) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures in a folder and in those in it, two of them with one name."""
    folder = tmp_path / "scans"
    for name in ("page 10.png", "page 9.png", "b/page 9.png", "a/x.png"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PICTURE)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("locked") / "locked.pdf"
    path.write_bytes(pdf_of(PdfPage((Text("Secret words"),)), encryption=Encryption(Method.AES_256, user=PASSWORD)))
    return path


def command(server: ProviderServer) -> tuple[str, ...]:
    where = ("--engine", "custom", "--base-url", server.base_url, "--model", "m", "--retries", "0")
    return ("read", *where, "--preset", "free")


def names(documents: list[dict[str, dict[str, str]]]) -> list[str]:
    return [document["source"]["name"] for document in documents]


async def test_a_links_name_is_safe_to_print() -> None:
    async with open_pictures() as (_, pictures):
        (found,) = await inputs_of(["https://a.example/x/%1b%5b31m%0ared.png"], pictures, with_subfolders=False)
    assert found.name.isprintable()
    assert found.name.endswith("red.png")


def test_a_folder_is_its_pictures_in_natural_order(program: Program, server: ProviderServer, folder: Path) -> None:
    ended = program(*command(server), folder, "--format", "json")
    assert (ended.code, ended.errors) == (0, b"")
    assert names(ended.documents) == ["page 9.png", "page 10.png"]


def test_folders_in_a_folder_are_entered_only_when_told_and_named_by_their_way(
    program: Program, server: ProviderServer, folder: Path
) -> None:
    (folder / "b/page 9.png").write_bytes(b"no picture")
    ended = program(*command(server), folder, "--subfolders", "--format", "json")
    assert names(ended.documents) == ["page 9.png", "page 10.png", "a/x.png", "b/page 9.png"]
    assert (ended.code, ended.complaint.split(": ")[1]) == (6, "b/page 9.png")


def test_what_lies_in_folders_goes_into_one_without_writing_over_one_another(
    program: Program, server: ProviderServer, folder: Path, tmp_path: Path
) -> None:
    answers = ("one", "two", "three", "four")
    server.answer_with(*map(streamed, answers))
    assert program(*command(server), folder, "--subfolders", "-o", f"{tmp_path}/out/").code == 0
    written = {path.name: path.read_text().strip() for path in (tmp_path / "out").iterdir()}
    assert written == {"page 9.md": "one", "page 10.md": "two", "x.md": "three", "page 9-2.md": "four"}


def test_that_several_files_need_a_folder_is_told_before_any_is_read(
    program: Program, server: ProviderServer, folder: Path, tmp_path: Path
) -> None:
    ended = program(*command(server), folder, "-o", tmp_path / "out.md")
    assert (ended.code, server.requests) == (2, [])
    assert "several inputs need a folder" in ended.complaint
    (folder / "page 9.png").unlink()
    assert program(*command(server), folder, "-o", tmp_path / "out.md").code == 0


def test_a_folder_without_pictures_is_one_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = program("read", tmp_path / "empty", "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "folder_empty")
    assert ended.complaint.startswith("error: empty: nothing in this folder is a picture or a PDF. ")


def test_what_only_seems_to_be_a_picture_in_a_folder_has_its_own_line(
    program: Program, server: ProviderServer, folder: Path
) -> None:
    (folder / "page 1.png").symlink_to("nowhere")
    ended = program(*command(server), folder, "--format", "json")
    assert (ended.code, len(server.requests)) == (6, 2)
    assert ended.complaint.startswith("error: page 1.png: it is a link that leads nowhere, or in a circle. ")


def test_what_was_found_until_a_folder_could_be_listed_no_further_is_read(
    program: Program, server: ProviderServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_files = PicturesClient.files_in

    async def break_off(self: PicturesClient, path: Path, **options: bool) -> AsyncGenerator[tuple[Path, ...], None]:
        async with aclosing(list_files(self, path, **options)) as batches:
            yield await anext(batches)
        raise InputError(ErrorCode.WORKER_SILENT, name=path.name, seconds=60)

    monkeypatch.setattr(PicturesClient, "files_in", break_off)
    ended = program(*command(server), folder)
    assert (ended.code, ended.text.split()) == (6, WORDS.split() * 2)
    assert ended.complaint.startswith("error: scans: it took longer than 60 s. ")


def test_a_link_to_a_file_of_this_computer_is_that_file(
    program: Program, server: ProviderServer, tmp_path: Path
) -> None:
    path = tmp_path / "a&b 页.png"
    path.write_bytes(PICTURE)
    ended = program(*command(server), path.as_uri(), "--format", "json")
    assert (ended.code, names(ended.documents)) == (0, [path.name])


@pytest.mark.parametrize(
    "link", ["ftp://me:hush@host/a.png", "file://host/a.png", "https:///a.png", "https://[a/b.png"]
)
def test_a_link_that_nobody_can_follow_is_bad_usage(
    program: Program, server: ProviderServer, picture: Path, link: str
) -> None:
    ended = program(*command(server), picture, link, "--download")
    assert (ended.code, server.requests) == (2, [])
    assert ended.complaint.startswith("error: Bad usage: ")
    assert "hush" not in ended.complaint


def test_a_locked_pdf_without_a_password_says_how_to_give_one(
    program: Program, server: ProviderServer, locked: Path
) -> None:
    ended = program(*command(server), locked, "--format", "json")
    assert ended.document["source"]["kind"] == "pdf"
    assert (ended.code, ended.complaint) == (
        3,
        "error: locked.pdf: it is encrypted and opens only with a password. Give it with --password-file FILE.",
    )
    assert server.requests == []


def test_a_password_that_is_typed_is_warned_of_and_not_shown(
    program: Program, server: ProviderServer, locked: Path
) -> None:
    wrong = program(*command(server), locked, "--password", "hush")
    assert wrong.code == 3
    warning, error = wrong.complaints
    assert warning.startswith("warning: --password shows in the list of processes while the program runs; ")
    assert error.startswith("error: locked.pdf: the password that was given does not open it. ")
    assert b"hush" not in wrong.errors
    right = program(*command(server), locked, "--password", PASSWORD, "--quiet")
    assert (right.code, right.text, right.errors) == (0, f"{WORDS}\n", b"")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nanother line\n"])
def test_the_password_is_the_first_line_of_its_file(
    program: Program, server: ProviderServer, locked: Path, tmp_path: Path, ending: str
) -> None:
    (tmp_path / "password").write_bytes(f"{PASSWORD}{ending}".encode())
    ended = program(*command(server), locked, "--password-file", tmp_path / "password")
    assert (ended.code, ended.text, ended.errors) == (0, f"{WORDS}\n", b"")


def test_the_password_can_come_from_standard_input_and_from_a_pipe(locked: Path) -> None:
    arguments = ("read", locked, "--text-layer", "--format", "txt", "--password-file")
    typed = run(*arguments, "-", standard_input=f"{PASSWORD}\n".encode())
    assert (typed.code, typed.text, typed.errors) == (0, "Secret words\n", b"")
    # What a shell makes of `--password-file <(command)`.
    reading_end, writing_end = os.pipe()
    os.write(writing_end, PASSWORD.encode())
    os.close(writing_end)
    try:
        piped = run(*arguments, f"/proc/{os.getpid()}/fd/{reading_end}")
    finally:
        os.close(reading_end)
    assert (piped.code, piped.text) == (0, "Secret words\n")


def test_no_password_is_shown_whatever_is_wrong_with_it(
    program: Program, server: ProviderServer, locked: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("wrong-secret")
    ended = program(*command(server), locked, "--password-file", wrong, "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (3, "password_wrong")
    for content in (b"\n", b"\xffwrong-secret", b"wrong-secret" * 1000):
        wrong.write_bytes(content)
        ended = program(*command(server), locked, "--password-file", wrong)
        assert (ended.code, ended.complaint.startswith("error: Bad usage: ")) == (2, True)
        assert b"secret" not in ended.errors
    missing = program(*command(server), locked, "--password-file", tmp_path / "nothing")
    assert (missing.code, missing.complaint) == (
        3,
        "error: nothing: there is no such file. Check the name and the folder.",
    )
    assert server.requests == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web server that has one picture."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "a page.png").write_bytes(PICTURE)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_link_is_followed_only_when_told(program: Program, server: ProviderServer, site: str, picture: Path) -> None:
    link = f"{site}/a%20page.png"
    ended = program(*command(server), picture, link)
    assert (ended.code, server.requests) == (2, [])
    assert ended.complaint == (
        "error: 127.0.0.1: a link is not followed unless you say so. Add --download to fetch the file from there."
    )
    ended = program(*command(server), link, "--download", "--format", "json")
    assert (ended.code, ended.errors) == (0, b"")
    assert names(ended.documents) == ["a page.png"]
    assert ended.document["pages"][0]["text"] == WORDS


def test_a_link_that_leads_nowhere_is_one_line(program: Program, server: ProviderServer, site: str) -> None:
    ended = program(*command(server), f"{site}/nothing.png", "--download")
    assert (ended.code, server.requests) == (3, [])
    assert ended.complaint.startswith("error: nothing.png: the download from 127.0.0.1 failed (404")


@pytest.mark.parametrize("is_saved", [True, False])
def test_offline_no_link_is_followed_whatever_is_asked(program: Program, site: str, is_saved: bool) -> None:
    AppContext().settings_file.save(Settings(stay_offline=is_saved))
    ended = program("read", f"{site}/a%20page.png", "--download", *(() if is_saved else ("--offline",)))
    assert ended.code == 4
    assert ended.complaint.startswith("error: 127.0.0.1: nothing is downloaded while the program is offline")


def test_a_result_of_a_link_is_called_as_what_it_led_to(
    program: Program, server: ProviderServer, site: str, tmp_path: Path
) -> None:
    link = f"{site}/a%20page.png?size=large#top"
    assert program(*command(server), link, "--download", "-o", f"{tmp_path}/out/").code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a page.md"]


def test_more_pixels_are_taken_where_the_settings_say_so(program: Program, tmp_path: Path) -> None:
    AppContext().settings_file.save(Settings(most_megapixels=1))
    draw_page(size=(1200, 1000)).save(tmp_path / "large.png")
    ended = program("read", tmp_path / "large.png")
    assert (ended.code, "at most 1 megapixels are taken" in ended.complaint) == (3, True)
