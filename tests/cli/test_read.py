"""`read` from its options to its end: what is asked first, what an interruption keeps, what several inputs give."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.events import Event, TextDelta
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.worker.client import OpenedPicture, PicturesClient
from tests.cli.conftest import Program
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

WORDS = "Words that came"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    draw_page(size=(64, 64)).save(path)
    return path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed(WORDS)) as server:
        yield server


def command(server: ProviderServer) -> tuple[str, ...]:
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", "--retries", "0")


@pytest.fixture
def interrupted_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C comes when the first words are there."""
    feed = RunBuilder.feed

    def fed(self: RunBuilder, event: Event) -> None:
        feed(self, event)
        if isinstance(event, TextDelta):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(RunBuilder, "feed", fed)


@pytest.mark.usefixtures("interrupted_by_words")
@pytest.mark.parametrize("format_id", ["md", "txt", "raw", "json"])
def test_an_interruption_keeps_what_came_and_reads_no_more(
    program: Program, server: ProviderServer, picture: Path, tmp_path: Path, format_id: str
) -> None:
    server.answer_with(streamed(WORDS, Gate()))
    ended = program(*command(server), picture, picture, "--format", format_id, "-o", f"{tmp_path}/out/")
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")
    (result,) = (tmp_path / "out").iterdir()
    assert WORDS in result.read_text()
    assert (format_id != "json") or '"finish":"cancelled"' in result.read_text()
    assert len(server.requests) == 1
    server.requests[0].closed.wait()


def test_an_interruption_before_anything_came_leaves_what_stood_there(
    program: Program, server: ProviderServer, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.md"
    target.write_text("an earlier result")

    async def opened(self: PicturesClient, place: PagePlace, **limits: int) -> OpenedPicture:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    monkeypatch.setattr(PicturesClient, "open", opened)
    ended = program(*command(server), picture, "-o", target)
    assert (ended.code, ended.errors, target.read_text()) == (130, b"", "an earlier result")
    assert server.requests == []


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((streamed(WORDS), streamed(WORDS)), 0),
        ((streamed(WORDS), streamed(WORDS, reason="length")), 5),
        ((refused(404, "no"), streamed(WORDS)), 6),
        ((refused(404, "no"), refused(404, "no")), 6),
    ],
)
def test_several_inputs_have_one_exit_code_and_a_line_for_each_that_failed(
    program: Program, server: ProviderServer, picture: Path, tmp_path: Path, answers: tuple[object, ...], code: int
) -> None:
    server.answer_with(*answers)  # type: ignore[arg-type]
    other = tmp_path / "other.png"
    other.write_bytes(picture.read_bytes())
    ended = program(*command(server), picture, other, "--preset", "free", "--format", "json")
    assert ended.code == code
    failed = [document["source"]["name"] for document in ended.documents if "error" in document["pages"][0]]
    assert [complaint.split(": ")[1] for complaint in ended.complaints] == failed
    assert len(ended.documents) == 2


def test_usage_is_looked_at_before_any_file(program: Program, tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    for options in (("--engine", "custom"), ("--engine", "custom", "--base-url", "http://u:p@h/v1"), ("--engine", "x")):
        ended = program("read", missing, *options)
        assert (ended.code, ended.output) == (2, b"")
        assert ended.complaint.startswith(f"error: engine {options[1]}: ")
        assert "u:p" not in ended.complaint
    several = program("read", missing, missing, "-o", tmp_path / "out.md")
    assert (several.code, "several inputs need a folder" in several.complaint) == (2, True)


def test_quiet_leaves_warnings_out_and_errors_in(program: Program, server: ProviderServer, picture: Path) -> None:
    server.answer_with(streamed(""))
    assert program(*command(server), picture).complaint == "warning: page.png: no text was found"
    assert program(*command(server), picture, "--quiet").errors == b""
    server.answer_with(refused(404, "no"))
    assert program(*command(server), picture, "--quiet").complaint.startswith("error: 127.0.0.1: ")


def test_verbose_tells_what_is_done_on_standard_error_alone(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    ended = program(*command(server), picture, "--verbose")
    assert ended.text == f"{WORDS}\n"
    assert ended.complaints[0] == "page.png: reading with Other server"


def test_the_embedded_engine_says_what_it_cannot_do(program: Program, picture: Path) -> None:
    ended = program("read", picture, "--preset", "describe", "--format", "json")
    assert ended.code == 4
    assert ended.complaint.startswith("error: preset describe: the engine This computer (offline) cannot do it. ")
    (page,) = ended.document["pages"]
    assert (page["error"]["code"], page["finish"], page["width"]) == ("preset_unsupported", "error", 64)


def test_a_folder_that_is_gone_is_no_bug(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    ended = program("read", "page.png")
    assert (ended.code, ended.complaint.split(". ")[0]) == (3, "error: page.png: there is no such file")


def test_without_a_temporary_folder_it_is_told_what_is_missing(
    program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    ended = program("read", picture)
    assert (ended.code, ended.complaint.split(". ")[0]) == (
        3,
        "error: temporary folder: it has no room for the picture",
    )


def test_figures_lie_beside_the_markdown_of_a_file_and_nowhere_else(
    program: Program, server: ProviderServer, tmp_path: Path
) -> None:
    page = draw_page(Words("A plot", 40, 100), size=(999, 400))
    page.save(tmp_path / "page.png")
    answer = (
        "<|ref|>image<|/ref|><|det|>[[20, 200, 300, 400]]<|/det|>\n \n\n"
        "<|ref|>image_caption<|/ref|><|det|>[[20, 400, 300, 500]]<|/det|>\n<center>It says so</center>\n"
    )
    server.answer_with(streamed(answer))
    ended = program(*command(server), tmp_path / "page.png", "-o", f"{tmp_path}/out/")
    assert (ended.code, ended.errors) == (0, b"")
    link = "![Picture 1](page_files/figure-1.png)"
    assert (tmp_path / "out/page.md").read_text() == f"{link}\n\nIt says so\n"
    with Image.open(tmp_path / "out/page_files/figure-1.png") as figure:
        assert figure.convert("RGB").tobytes() == page.crop((20, 80, 300, 161)).tobytes()
    for options in ((), ("--stream",)):
        server.answer_with(streamed(answer))
        assert program(*command(server), tmp_path / "page.png", *options).text == "It says so\n"


def test_a_figure_that_has_no_place_costs_the_figure_alone(
    program: Program, server: ProviderServer, picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "out_files").write_text("a file, not a folder")
    image = "<|ref|>image<|/ref|><|det|>[[20, 200, 300, 400]]<|/det|>\n\n"
    server.answer_with(streamed(image + "<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nWords"))
    ended = program(*command(server), picture, "-o", tmp_path / "out.md")
    assert ended.code == 3
    assert "out_files" in ended.complaint
    assert (tmp_path / "out.md").read_text() == "Words\n"


def test_that_an_answer_was_cut_is_told_even_where_a_figure_has_no_place(
    program: Program, server: ProviderServer, picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "out_files").write_text("a file, not a folder")
    server.answer_with(streamed("<|ref|>image<|/ref|><|det|>[[20, 200, 300, 400]]<|/det|>\n\n", reason="length"))
    ended = program(*command(server), picture, "-o", tmp_path / "out.md")
    assert ended.code == 3
    assert b"the answer was cut off" in ended.errors
    assert b"out_files" in ended.errors


def test_what_is_streamed_has_the_form_that_was_asked_for(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    server.answer_with(streamed(r"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", "\n", r"\(x\) words"))
    assert program(*command(server), picture, "--stream", "--formulas", "brackets").text == "\\(x\\) words\n"
