"""However an answer ends: what came is written, the exit code tells which way, and one line says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.provider_answers import Framing, Gate, Script, looping, page, redirected, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

WORDS = "Words that came"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any") as server:
        yield server


def command(server: ProviderServer) -> tuple[str, ...]:
    return ("read", "--engine", "custom", "--base-url", server.base_url, "--model", "m", "--retries", "0")


BROKE_OFF = "127.0.0.1: the connection broke off; what came before is kept"
ENDINGS: dict[str, tuple[Script, int, str]] = {
    "cut": (streamed(WORDS, reason="length"), 5, "page.png: the answer was cut off"),
    "lost": (streamed(WORDS, reason=None, end=(), is_cut=True), 5, f"{BROKE_OFF}. Try again."),
    "without an end": (streamed(WORDS, reason=None, end=()), 5, f"{BROKE_OFF}. Try again."),
    "unreadable": (
        streamed(WORDS, b"data: {no\n\n"),
        5,
        "127.0.0.1: its answer cannot be understood; what came before is kept. Read it again.",
    ),
    "silent": (streamed(WORDS, Gate()), 5, "127.0.0.1: nothing came for 1 s; what came before is kept. Try again"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_an_answer_that_is_not_whole_is_written_and_told(
    name: str, program: Program, server: ProviderServer, picture: Path
) -> None:
    script, code, complaint = ENDINGS[name]
    server.answer_with(script)
    ended = program(*command(server), picture, "--timeout", "1", "--format", "json", "--no-align")
    assert ended.code == code
    assert ended.complaint.startswith(f"error: {complaint}")
    (told,) = ended.document["pages"]
    assert told["raw"] == WORDS
    assert told["finish"] == {"cut": "cut", "silent": "timeout"}.get(name, "error")
    assert f"error: {told['error']['message']}. {told['error']['hint']}." == ended.complaint


GOOD = "<|ref|>title<|/ref|><|det|>[[10, 10, 900, 40]]<|/det|>\n# A page\n\n"
LOOP = "<|ref|>image<|/ref|><|det|>[[10, 50, 900, 900]]<|/det|>\n \n\n"


def test_a_loop_is_stopped_by_itself_and_the_good_part_written(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    server.answer_with(looping(GOOD, LOOP))
    ended = program(*command(server), picture, "--format", "json", "--no-align")
    server.requests[0].closed.wait()
    assert ended.code == 5
    assert ended.complaint.startswith("error: page.png: the model repeated itself and was stopped. ")
    (told,) = ended.document["pages"]
    assert (told["finish"], told["error"]["code"], told["markdown"]) == ("loop", "loop", "# A page")
    assert [region["label"] for region in told["regions"]] == ["title", "image"]
    assert told["raw"].startswith(GOOD + LOOP * 10)
    assert len(told["raw"]) < 6000


def test_a_loop_that_is_printed_as_it_comes_ends_with_its_error(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    server.answer_with(looping(GOOD, "say it again and again, "))
    ended = program(*command(server), picture, "--stream", "--format", "raw")
    assert ended.code == 5
    assert ended.text.startswith(GOOD + "say it again and again, say it again")
    assert ended.complaint.startswith("error: page.png: the model repeated itself and was stopped. ")


NOTHING_CAME: dict[str, tuple[Script, str, str]] = {
    "404": (refused(404, "no such model"), "model_missing", 'status 404: "no such model"'),
    "429": (refused(429, "slow down"), "too_many_requests", "it takes no more requests for now"),
    "500": (refused(500, "overloaded"), "server_failed", 'status 500: "overloaded"'),
    "web page": (page(), "answer_unreadable", "its answer cannot be understood"),
    "redirect": (redirected("https://elsewhere.invalid/v1"), "host_redirects", "it redirects to elsewhere.invalid"),
    "lost": (Script((), is_cut=True), "connection_lost", "the connection broke off"),
    "silent": (Script((Gate(),), framing=Framing.UNTIL_CLOSE), "host_silent", "nothing came for 1 s"),
}


@pytest.mark.parametrize("name", NOTHING_CAME)
def test_where_nothing_came_the_page_says_why(
    name: str, program: Program, server: ProviderServer, picture: Path
) -> None:
    script, code, words = NOTHING_CAME[name]
    server.answer_with(script)
    ended = program(*command(server), picture, "--timeout", "1", "--format", "json", "--no-align")
    assert ended.code == 4
    assert words in ended.complaint
    (told,) = ended.document["pages"]
    assert (told["error"]["code"], told["finish"], told["regions"], told["raw"]) == (code, "error", [], "")
    assert len(server.requests) == 1
