"""Words that an endpoint sends without boxes get them from this computer, where the format tells any."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.pictures import Words, bounds_of, draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer

LINE = Words("The roof was mended in spring", 60, 60)
BOXED = "<|ref|>text<|/ref|><|det|>[[100, 150, 900, 400]]<|/det|>\nThe sum"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any") as server:
        yield server


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    draw_page(LINE, size=(500, 200)).save(path)
    return path


@pytest.fixture
def nobody_reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the embedded engine is not needed")

    monkeypatch.setattr("ocr_desktop.worker.reader_client.ReaderClient.read", refuse)


def command(server: ProviderServer, *more: str) -> tuple[str, ...]:
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", *more)


def test_words_without_boxes_get_those_of_their_lines(program: Program, server: ProviderServer, page: Path) -> None:
    server.answer_with(streamed(LINE.text))
    ended = program(*command(server, "--preset", "free", "--format", "json"), page)
    assert ended.code == 0
    ((region,),) = (told["regions"] for told in ended.document["pages"])
    (box,) = region["boxes"]
    ink = bounds_of(LINE)
    assert all(abs(edge - of_ink) < 12 for edge, of_ink in zip(box, ink, strict=True))
    assert (region["origin"], region["boxes_999"], region["score"]) == ("aligned", [], 1.0)
    assert len(region["quad"]) == 4


@pytest.mark.usefixtures("nobody_reads_here")
@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (LINE.text, ("--preset", "free", "--format", "json", "--no-align")),
        (LINE.text, ("--preset", "free", "--format", "md")),
        (LINE.text, ("--preset", "describe", "--format", "json")),
        (BOXED, ("--format", "json")),
    ],
    ids=["not wanted", "a format without places", "no transcript", "boxes came"],
)
def test_the_embedded_engine_is_asked_only_where_it_is_of_use(
    answer: str, options: tuple[str, ...], program: Program, server: ProviderServer, page: Path
) -> None:
    server.answer_with(streamed(answer))
    ended = program(*command(server, *options), page)
    assert ended.code == 0
    if "json" in options:
        assert {region["origin"] for region in ended.document["pages"][0]["regions"]} == {"model"}


def test_ctrl_c_while_places_are_looked_for_keeps_the_answer(
    program: Program, server: ProviderServer, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.Event().wait()

    monkeypatch.setattr("ocr_desktop.services.enrichment.Enrichment.enriched", interrupted)
    server.answer_with(streamed(LINE.text))
    ended = program(*command(server, "--preset", "free", "--format", "json"), page)
    assert ended.code == 130
    (told,) = ended.document["pages"]
    assert (told["text"], told["finish"]) == (LINE.text, "complete")
    assert [region["boxes"] for region in told["regions"]] == [[]]
