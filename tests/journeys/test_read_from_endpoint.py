"""A picture is read by a server on this machine that speaks as a provider does; the program is the real one."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pictures import Words, draw_page
from tests.support.program import Argument, Ended, Running, run
from tests.support.provider_answers import DONE, Gate, refused, streamed, text, usage
from tests.support.provider_server import KEY, ProviderServer

SIZE = (1998, 999)
HEADING = "<|ref|>title<|/ref|><|det|>[[100, 200, 300, 250]]<|/det|>\n# Costs\n\n"
WORDS = "<|ref|>text<|/ref|><|det|>[[100, 300, 900, 400]]<|/det|>\nThe sum is 42.\n"
MARKDOWN = "# Costs\n\nThe sum is 42.\n"
VARIABLES = {"modelverse": "MODELVERSE_API_KEY", "ppio": "PPIO_API_KEY", "custom": "OCR_DESKTOP_API_KEY"}
WRONG_KEY = "sk-wrong-9876543210"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "page.png"
    draw_page(Words("Costs", 200, 200, 48), size=SIZE).save(path)
    return path


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer("any", streamed(HEADING, WORDS, end=(usage(903, 20), DONE))) as server:
        yield server


def command(server: ProviderServer, engine: str = "custom") -> tuple[str, ...]:
    model = ("--model", "some/model") if engine == "custom" else ()
    return ("read", "--engine", engine, "--base-url", server.base_url, *model)


def read(server: ProviderServer, *arguments: Argument, engine: str = "custom", key: str = KEY) -> Ended:
    ended = run(*command(server, engine), *arguments, environment={VARIABLES[engine]: key})
    assert key.encode() not in ended.output + ended.errors
    return ended


@pytest.mark.parametrize("engine", ["modelverse", "ppio"])
def test_text_and_boxes_stream_in(engine: str, picture: Path) -> None:
    gate = Gate()
    script = streamed(HEADING, WORDS[:-4], gate, WORDS[-4:], end=(usage(903, 20), DONE))
    with ProviderServer(engine, script) as server:
        environment = {VARIABLES[engine]: KEY}
        with Running(*command(server, engine), picture, "--stream", environment=environment) as running:
            assert running.read(len("# Costs")) == b"# Costs"
            gate.open()
            ended = running.ended()
        assert (ended.code, ended.text, ended.errors) == (0, "\n\nThe sum is 42.\n", b"")
        server.answer_with(streamed(HEADING, WORDS, end=(usage(903, 20), DONE)))
        document = read(server, picture, "--format", "json", engine=engine).document
    asked = server.requests[-1]
    assert asked.prompt == "<|grounding|>Convert the document to markdown."
    assert (asked.body["temperature"], asked.body["stream"]) == (0, True)
    assert asked.picture_size == SIZE
    assert document["engine"] == {"id": engine, "model": asked.body["model"], "host": "127.0.0.1"}
    assert (document["preset"], document["prompt"]) == ("markdown", asked.prompt)
    (told,) = document["pages"]
    assert [region["boxes"] for region in told["regions"]] == [[[200, 200, 600, 250]], [[200, 300, 1800, 400]]]
    assert (told["width"], told["height"], told["finish"]) == (*SIZE, "complete")
    assert told["usage"] == {"prompt_tokens": 903, "completion_tokens": 20}
    assert told["raw"] == HEADING + WORDS


def test_what_is_asked_can_be_chosen(server: ProviderServer, picture: Path) -> None:
    hit = "<|ref|>sum<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>"
    server.answer_with(streamed(hit), streamed("none"))
    located = read(server, picture, "--locate", "sum", "--locate", "nothing here", "--format", "json").document
    read(server, picture, "--prompt", " My own <prompt>\n", "--max-tokens", "77")
    assert [request.prompt for request in server.requests] == [
        "Locate <|ref|>sum<|/ref|> in the image.",
        "Locate <|ref|>nothing here<|/ref|> in the image.",
        " My own <prompt>\n",
    ]
    assert server.requests[-1].body["max_tokens"] == 77
    match, _ = located["pages"][0]["regions"]
    assert (located["preset"], match["label"], match["text"]) == ("locate", "match", "sum")
    assert match["boxes"] == [[0, 0, *SIZE]]
    assert located["pages"][0]["raw"] == f"{hit}\nnone"


def test_stop_closes_the_request_and_keeps_what_came(picture: Path) -> None:
    with ProviderServer("any", streamed("first\n", "second", Gate())) as server:
        call = (*command(server), picture, "--stream", "--format", "raw")
        with Running(*call, environment={"OCR_DESKTOP_API_KEY": KEY}) as running:
            assert running.read(len("first\nsecond")) == b"first\nsecond"
            running.process.send_signal(signal.SIGINT)
            ended = running.ended()
        server.requests[0].closed.wait()
    assert (ended.code, ended.output, ended.errors) == (130, b"", b"")


def test_an_answer_that_breaks_off_is_written_and_told(server: ProviderServer, picture: Path) -> None:
    server.answer_with(streamed(HEADING, reason=None, end=(), is_cut=True))
    ended = read(server, picture)
    assert (ended.code, ended.text) == (5, "# Costs\n")
    assert ended.complaint.startswith("error: 127.0.0.1: the connection broke off")


def test_a_wrong_key_is_told_with_its_variable_and_never_shown(picture: Path) -> None:
    with ProviderServer("modelverse") as server:
        ended = read(server, picture, engine="modelverse", key=WRONG_KEY)
    assert (ended.code, ended.output) == (4, b"")
    assert ended.complaint.startswith("error: 127.0.0.1: the key was refused (status 401:")
    assert " Check the key; it comes from MODELVERSE_API_KEY, " in ended.complaint


def test_without_a_key_nothing_is_sent(picture: Path) -> None:
    with ProviderServer("ppio") as server:
        ended = run(*command(server, "ppio"), picture, "--format", "json")
    assert ended.code == 4
    assert " Set the environment variable PPIO_API_KEY" in ended.complaint
    (told,) = ended.document["pages"]
    assert (told["error"]["code"], told["width"]) == ("key_missing", SIZE[0])
    assert server.requests == []


def test_offline_stops_every_request_also_to_a_server_here_that_may_pass_it_on(
    server: ProviderServer, picture: Path
) -> None:
    away = run("read", "--offline", "--engine", "ppio", picture, environment={"PPIO_API_KEY": KEY})
    assert (away.code, away.output) == (4, b"")
    assert away.complaint.startswith("error: api.ppio.com: no request is sent while the program is offline")
    here = read(server, "--offline", picture)
    assert (here.code, here.output) == (4, b"")
    assert here.complaint.startswith("error: 127.0.0.1: no request is sent while the program is offline")
    assert server.requests == []


def test_a_server_that_is_not_there(picture: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    call = ("read", "--engine", "ollama", "--base-url", f"http://127.0.0.1:{port}/v1", "--retries", "1")
    ended = run(*call, "--verbose", picture)
    assert (ended.code, ended.output) == (4, b"")
    *told, error = ended.complaints
    assert error.startswith("error: 127.0.0.1: it cannot be reached")
    assert [line for line in told if "asking again in" in line]


def test_a_retry_is_an_answer_all_the_same_and_says_nothing(server: ProviderServer, picture: Path) -> None:
    server.answer_with(refused(503, "busy", retry_after="0"), streamed(HEADING, WORDS))
    ended = read(server, picture)
    assert (ended.code, ended.text, ended.errors) == (0, MARKDOWN, b"")
    assert len(server.requests) == 2


def test_an_empty_answer_is_no_error(server: ProviderServer, picture: Path) -> None:
    server.answer_with(streamed("", end=(usage(903, 0), DONE)))
    ended = read(server, picture, "--format", "raw")
    assert (ended.code, ended.output) == (0, b"")
    assert ended.complaint == "warning: page.png: no text was found"


def test_when_the_reader_of_the_output_goes_the_request_ends(picture: Path) -> None:
    gate = Gate()
    with ProviderServer("any", streamed("first\n", gate, text("more") * 10, Gate())) as server:
        call = (*command(server), picture, "--stream", "--format", "raw")
        with Running(*call, environment={"OCR_DESKTOP_API_KEY": KEY}) as running:
            assert running.read(6) == b"first\n"
            assert running.process.stdout is not None
            running.process.stdout.close()
            gate.open()
            server.requests[0].closed.wait()
            assert running.process.wait(20) == 3
            assert running.process.stderr is not None
            assert running.process.stderr.read() == b""


def test_no_key_reaches_a_worker(picture: Path) -> None:
    gate = Gate()
    with ProviderServer("any", streamed("first\n", gate)) as server:
        call = (*command(server), picture, "--stream", "--format", "raw")
        with Running(*call, environment={"OCR_DESKTOP_API_KEY": KEY, "PPIO_API_KEY": KEY}) as running:
            assert running.read(6) == b"first\n"
            program = running.process.pid
            children = Path(f"/proc/{program}/task/{program}/children").read_text().split()
            assert children
            for child in children:
                assert KEY.encode() not in Path(f"/proc/{child}/environ").read_bytes()
