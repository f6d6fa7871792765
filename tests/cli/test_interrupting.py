"""Ctrl+C while an endpoint is asked: the request ends on the wire, what came is written, and the exit code says so."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import PATIENCE_S, Running
from tests.support.provider_answers import Gate, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

TITLE = "<|ref|>title<|/ref|><|det|>[[100, 50, 900, 120]]<|/det|>\n# Costs\n\n"
BEGUN = "<|ref|>text<|/ref|><|det|>[[100, 150, 900, 400]]<|/det|>\nThe sum is"

HIT = "<|ref|>sum<|/ref|><|det|>[[100, 150, 900, 400]]<|/det|>"


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer("any") as server:
        yield server


def reading(server: ProviderServer, picture: Path, *more: str) -> Running:
    where = ("read", "--engine", "vllm", "--base-url", server.base_url, picture)
    return Running(*where, *more, environment={"VLLM_API_KEY": KEY})


def test_what_was_printed_as_it_came_gets_its_rest(server: ProviderServer, picture: Path) -> None:
    server.answer_with(streamed(TITLE, BEGUN, Gate(), " 42."))
    with reading(server, picture, "--stream") as running:
        assert running.read(len("# Costs")) == b"# Costs"
        running.process.send_signal(signal.SIGINT)
        server.requests[0].closed.wait()
        ended = running.ended()
    assert (ended.code, ended.text, ended.errors) == (130, "\n\nThe sum is\n", b"")


@pytest.mark.parametrize("form", ["raw", "json"])
def test_what_came_is_written(server: ProviderServer, picture: Path, form: str) -> None:
    # The second question is asked when the whole first answer has been taken.
    gate = Gate()
    server.answer_with(streamed(HIT), streamed(gate, "never"))
    with reading(server, picture, "--locate", "sum", "--locate", "total", "--format", form) as running:
        gate.reached.wait()
        running.process.send_signal(signal.SIGINT)
        server.requests[1].closed.wait()
        ended = running.ended()
    assert (ended.code, ended.errors) == (130, b"")
    if form == "json":
        (told,) = json.loads(ended.text)["pages"]
        assert (told["finish"], told["raw"].rstrip()) == ("cancelled", HIT)
        assert [region["text"] for region in told["regions"]] == ["sum"]
    else:
        assert ended.text.rstrip() == HIT


def test_before_the_first_word_nothing_is_written(server: ProviderServer, picture: Path) -> None:
    gate = Gate()
    server.answer_with(streamed(gate, "never"))
    with reading(server, picture) as running:
        gate.reached.wait()
        running.process.send_signal(signal.SIGINT)
        server.requests[0].closed.wait()
        ended = running.ended()
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")
    assert len(server.requests) == 1


def test_a_wait_for_a_busy_server_ends_at_once(server: ProviderServer, picture: Path) -> None:
    server.answer_with(refused(429, "slow down", retry_after="50"))
    with reading(server, picture, "-v") as running:
        assert running.process.stderr is not None
        while b"asking again in" not in running.process.stderr.readline():
            pass
        running.process.send_signal(signal.SIGINT)
        ended = running.ended()
    assert (ended.code, ended.output) == (130, b"")
    assert len(server.requests) == 1


HANGING_LOOKUP = """
import socket

look_up = socket.getaddrinfo


def hang(host, *arguments, **options):
    if host not in ("ocr.invalid", b"ocr.invalid"):
        return look_up(host, *arguments, **options)
    with socket.create_connection(("127.0.0.1", {port})) as silent:
        silent.recv(1)


socket.getaddrinfo = hang
"""


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_a_name_server_that_does_not_answer_keeps_nobody(picture: Path, tmp_path: Path, is_interrupted: bool) -> None:
    patience = "30" if is_interrupted else "1"
    with socket.create_server(("127.0.0.1", 0)) as name_server:
        name_server.settimeout(PATIENCE_S)
        (tmp_path / "sitecustomize.py").write_text(HANGING_LOOKUP.format(port=name_server.getsockname()[1]))
        where = ("--engine", "vllm", "--base-url", "https://ocr.invalid/v1", "--timeout", patience, "--retries", "0")
        environment = {"VLLM_API_KEY": KEY, "PYTHONPATH": str(tmp_path)}
        with Running("read", *where, picture, environment=environment) as running, name_server.accept()[0]:
            if is_interrupted:
                running.process.send_signal(signal.SIGINT)
            ended = running.ended()
    assert ended.code == (130 if is_interrupted else 4)
    assert (ended.errors == b"") is is_interrupted
