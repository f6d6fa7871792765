"""`read` of files with several pages: one result a file, and what befalls one page is told at that page."""

from __future__ import annotations

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
from ocr_desktop.worker.pixels import Pixels
from tests.cli.conftest import Program
from tests.support.pdfs import PdfPage, Text, numbered_pdf, pdf_of, scanned_pdf
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

SIDES = ((400, 200), (200, 400), (300, 300))
PAGES = [draw_page(Words(f"Page {number}", 20, 20), size=size) for number, size in enumerate(SIDES, 1)]
IMAGE = "<|ref|>image<|/ref|><|det|>[[100, 100, 500, 500]]<|/det|>\n\n"
TITLE = "<|ref|>title<|/ref|><|det|>[[0, 0, 99, 99]]<|/det|>\n# {}\n\n"


@pytest.fixture(scope="module")
def tiff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "scan.tiff"
    PAGES[0].save(path, save_all=True, append_images=PAGES[1:])
    return path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed("One"), streamed("Two"), streamed("Three")) as server:
        yield server


def command(server: ProviderServer) -> tuple[str, ...]:
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", "--retries", "0")


def test_a_file_is_one_object_with_all_its_pages_in_their_order(
    program: Program, server: ProviderServer, tiff: Path
) -> None:
    ended = program(*command(server), tiff, "--preset", "free", "--format", "json")
    assert (ended.code, ended.errors) == (0, b"")
    assert ended.document["source"]["kind"] == "image"
    pages = [(page["number"], page["width"], page["height"], page["text"]) for page in ended.document["pages"]]
    words = ("One", "Two", "Three")
    assert pages == [(number, *SIDES[number - 1], word) for number, word in enumerate(words, 1)]
    assert not any("engine" in page for page in ended.document["pages"]), "it stands above them"


def test_a_pdf_says_that_it_is_one(program: Program, server: ProviderServer, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(scanned_pdf(*PAGES[:2]))
    document = program(*command(server), tmp_path / "paper.pdf", "--format", "json").document
    assert (document["source"]["kind"], len(document["source"]["sha256"])) == ("pdf", 64)
    assert [page["number"] for page in document["pages"]] == [1, 2]


@pytest.mark.parametrize("format_id", ["md", "txt", "raw"])
def test_a_stream_of_pages_is_in_the_end_the_whole_document(
    program: Program, server: ProviderServer, tiff: Path, format_id: str
) -> None:
    printed = []
    for options in ((), ("--stream",)):
        answers = (
            TITLE.format("First"),
            "",
            f"{TITLE.format('Third')}\n<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nend",
        )
        server.answer_with(*map(streamed, answers))
        printed.append(program(*command(server), tiff, "--format", format_id, *options).text)
    assert printed[0] == printed[1]
    assert "First" in printed[0]
    assert printed[0].rstrip().endswith("end")


@pytest.mark.parametrize(("pages", "numbers"), [("2-", [2, 3]), ("3,1", [1, 3]), ("-2,2", [1, 2])])
def test_only_the_pages_that_were_asked_for_are_read(
    program: Program, server: ProviderServer, tiff: Path, pages: str, numbers: list[int]
) -> None:
    ended = program(*command(server), tiff, "--pages", pages, "--format", "json", "--verbose")
    assert [page["number"] for page in ended.document["pages"]] == numbers
    assert len(server.requests) == 2
    begun = [line for line in ended.complaints if "reading with" in line]
    assert begun == [f"scan.tiff, page {number} of 3: reading with Other server" for number in numbers]


def test_pages_beyond_the_end_are_bad_usage_and_nothing_is_sent(
    program: Program, server: ProviderServer, tiff: Path, picture: Path, tmp_path: Path
) -> None:
    ended = program(*command(server), tiff, "--pages", "2-4", "--format", "json")
    assert ended.code == 2
    assert ended.complaint == (
        "error: scan.tiff: there is no page 4, the last one is page 3. Give others with --pages."
    )
    assert (ended.document["pages"], ended.document["error"]["code"]) == ([], "pages_missing")
    (tmp_path / "paper.pdf").write_bytes(numbered_pdf(2))
    of_pdf = program(*command(server), tmp_path / "paper.pdf", "--pages", "3", "--format", "json").document
    assert (of_pdf["source"]["kind"], ended.document["source"]["kind"]) == ("pdf", "image")
    assert program(*command(server), picture, "--pages", "2").code == 2
    assert server.requests == []
    several = program(*command(server), tiff, picture, "--pages", "2", "--format", "txt")
    assert (several.code, several.text) == (6, "One\n")


def test_a_page_that_fails_is_told_and_the_others_are_read(
    program: Program, server: ProviderServer, tiff: Path
) -> None:
    answers = (streamed("One"), refused(503, "later"), streamed("Three", reason="length"))
    server.answer_with(*answers)
    ended = program(*command(server), tiff, "--preset", "free", "--format", "json")
    assert ended.code == 4
    one, two, three = ended.document["pages"]
    assert ("error" in one, two["error"]["code"], three["error"]["code"]) == (False, "server_failed", "cut")
    assert (two["regions"], two["width"], two["finish"], three["text"]) == ([], SIDES[1][0], "error", "Three")
    refusal, cut = ended.complaints
    assert refusal.startswith("error: scan.tiff, page 2: 127.0.0.1: the server failed")
    assert cut.startswith("error: scan.tiff, page 3: the answer was cut off. ")
    server.answer_with(*answers)
    assert program(*command(server), tiff, "--preset", "free").text == "One\n\nThree\n"


def test_what_every_page_would_fail_with_is_asked_once(program: Program, server: ProviderServer, tiff: Path) -> None:
    server.answer_with(refused(401, "no"))
    ended = program(*command(server), tiff, "--format", "json")
    assert (ended.code, len(server.requests)) == (4, 1)
    assert [page["error"]["code"] for page in ended.document["pages"]] == ["key_refused"]
    error, warning = ended.complaints
    assert error.startswith("error: scan.tiff, page 1: 127.0.0.1: the key was refused")
    assert warning == "warning: scan.tiff: 2 pages were not read after that"


def test_a_page_that_cannot_be_opened_costs_that_page_alone(
    program: Program, server: ProviderServer, tmp_path: Path
) -> None:
    content = pdf_of(PdfPage(), PdfPage(), PdfPage())
    whole = content.replace(b"6 0 R 8 0 R 10 0 R", b"6 0 R 0 0 R 10 0 R", 1)
    assert whole != content
    (tmp_path / "paper.pdf").write_bytes(whole)
    server.answer_with(streamed("One"), streamed("Three"))
    ended = program(*command(server), tmp_path / "paper.pdf", "--preset", "free", "--format", "json")
    assert (ended.code, ended.complaint) == (
        3,
        "error: paper.pdf, page 2: the PDF is damaged. Save or download it again.",
    )
    one, two, three = ended.document["pages"]
    assert (one["text"], two["error"]["code"], three["text"]) == ("One", "pdf_damaged", "Three")
    assert (two["number"], two["width"], two["height"], two["regions"]) == (2, None, None, [])
    server.answer_with(streamed("Two"), streamed("Three"))
    (tmp_path / "first.pdf").write_bytes(content.replace(b"6 0 R 8 0 R 10 0 R", b"0 0 R 8 0 R 10 0 R", 1))
    assert program(*command(server), tmp_path / "first.pdf", "--preset", "free").text == "Two\n\nThree\n"


def test_figures_of_all_pages_lie_beside_the_markdown_each_with_a_name_of_its_own(
    program: Program, server: ProviderServer, tiff: Path, tmp_path: Path
) -> None:
    server.answer_with(streamed(IMAGE, IMAGE), refused(503, "later"), streamed(TITLE.format("Third"), IMAGE))
    ended = program(*command(server), tiff, "-o", f"{tmp_path}/out/")
    assert ended.code == 4
    links = [f"![Picture {number}](scan_files/figure-{number}.png)" for number in (1, 2, 3)]
    assert (tmp_path / "out/scan.md").read_text() == f"{links[0]}\n\n{links[1]}\n\n# Third\n\n{links[2]}\n"
    figures = sorted((tmp_path / "out/scan_files").iterdir())
    assert [path.name for path in figures] == ["figure-1.png", "figure-2.png", "figure-3.png"]
    with Image.open(figures[2]) as figure:
        assert figure.convert("RGB").tobytes() == PAGES[2].crop((30, 30, 151, 151)).tobytes()


def test_a_folder_of_figures_that_cannot_be_is_told_once(
    program: Program, server: ProviderServer, tiff: Path, tmp_path: Path
) -> None:
    (tmp_path / "out_files").write_text("a file, not a folder")
    server.answer_with(*(streamed(IMAGE, TITLE.format(number)) for number in (1, 2, 3)))
    ended = program(*command(server), tiff, "-o", tmp_path / "out.md")
    assert (ended.code, "out_files" in ended.complaint) == (3, True)
    assert (tmp_path / "out.md").read_text() == "# 1\n\n# 2\n\n# 3\n"


def test_the_pixels_of_one_page_are_given_back_before_the_next_is_opened(
    program: Program, server: ProviderServer, tiff: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: set[Pixels] = set()
    most_held = 0
    open_page, release = PicturesClient.open, PicturesClient.release

    async def opened(self: PicturesClient, place: PagePlace, **limits: int) -> OpenedPicture:
        nonlocal most_held
        picture = await open_page(self, place, **limits)
        held.add(picture.pixels)
        most_held = max(most_held, len(held))
        return picture

    def released(self: PicturesClient, pixels: Pixels) -> None:
        held.remove(pixels)
        release(self, pixels)

    monkeypatch.setattr(PicturesClient, "open", opened)
    monkeypatch.setattr(PicturesClient, "release", released)
    server.answer_with(streamed("One"), refused(503, "later"), streamed("Three"))
    program(*command(server), tiff)
    assert (most_held, held, len(server.requests)) == (1, set(), 3)


def test_an_interruption_in_a_page_keeps_the_pages_before_it(
    program: Program, server: ProviderServer, tiff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = RunBuilder.feed

    def fed(self: RunBuilder, event: Event) -> None:
        feed(self, event)
        if isinstance(event, TextDelta) and event.text == "Two":
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(RunBuilder, "feed", fed)
    server.answer_with(streamed("One"), streamed("Two", Gate()))
    ended = program(*command(server), tiff, tiff, "--preset", "free", "-o", f"{tmp_path}/out/")
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["One\n\nTwo\n"]
    assert len(server.requests) == 2


def test_an_interruption_between_pages_keeps_the_pages_before_it(
    program: Program, server: ProviderServer, tiff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = PicturesClient.open

    async def opened(self: PicturesClient, place: PagePlace, **limits: int) -> OpenedPicture:
        if place.number == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return await open_page(self, place, **limits)

    monkeypatch.setattr(PicturesClient, "open", opened)
    ended = program(*command(server), tiff, "--preset", "free", "-o", tmp_path / "out.md")
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")
    assert (tmp_path / "out.md").read_text() == "One\n\nTwo\n"


def test_text_that_a_pdf_holds_is_taken_where_there_is_any(
    program: Program, server: ProviderServer, tmp_path: Path
) -> None:
    pages = (PdfPage((Text("Words of the file"),)), PdfPage(drawing="100 100 200 200 re f"))
    (tmp_path / "paper.pdf").write_bytes(pdf_of(*pages))
    ended = program(*command(server), tmp_path / "paper.pdf", "--preset", "free", "--text-layer", "--format", "json")
    assert (ended.code, ended.errors, len(server.requests)) == (0, b"", 1)
    taken, read = ended.document["pages"]
    assert (taken["text"], taken["regions"][0]["origin"], taken["usage"]) == ("Words of the file", "embedded", None)
    assert (read["text"], read["engine"]["id"]) == ("One", "custom")
    assert ended.document["engine"] == {"id": "text_layer", "model": None, "host": None}
    told = program(*command(server), tmp_path / "paper.pdf", "--text-layer", "--verbose", "--pages", "1").complaints
    assert told[-1].startswith("paper.pdf, page 1: 1 regions in ")
    assert "engine Text of the PDF, host none, it stayed on this computer" in told[-1]
    assert len(server.requests) == 1


def test_a_text_layer_needs_no_engine_that_can_be_used(program: Program, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(numbered_pdf(2))
    ended = program("read", tmp_path / "paper.pdf", "--engine", "ppio", "--text-layer", "--offline", "--format", "txt")
    assert (ended.code, ended.errors) == (0, b"")
    assert ended.text.startswith("Page 1\n")
    assert "Line 20 of page 2" in ended.text
