"""Every way in which an endpoint is known to fail, or to be odd and yet right, and what must come of it.

As a program it lets the real command line meet each of them and prints what it did as a table:

    python -m tests.support.endpoint_failures
"""

from __future__ import annotations

import itertools
import random
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import ErrorCode
from tests.support.certificates import self_made
from tests.support.provider_answers import (
    COMMENT,
    DONE,
    Delay,
    Framing,
    Gate,
    Script,
    Spoken,
    as_json,
    event,
    looping,
    packed,
    page,
    part,
    redirected,
    refused,
    streamed,
    text,
    usage,
    whole,
)
from tests.support.provider_server import KEY, ProviderServer

CAME = "Words that came."
ENGINE, VARIABLE = "vllm", "VLLM_API_KEY"
"""A profile with fields of its own beyond the protocol, whose key may be missing."""
SHORT_S = 0.6
"""The longest silence where silence is the point."""
PATIENT_S = 20.0

Scripts = tuple[Script | Spoken, ...]


class Place(Enum):
    """Where the endpoint is."""

    SERVER = auto()
    NOBODY = auto()
    """A port of this machine on which nothing listens."""
    UNKNOWN_NAME = auto()
    UNTRUSTED = auto()
    """A server whose certificate nobody vouches for."""
    PLAIN_HTTP = auto()
    """Another machine, without encryption."""


@dataclass(frozen=True)
class Failure:
    """What an endpoint does, and what must come of it.

    Attributes:
        scripts: What the server plays; given the server itself and another one, at which nothing may arrive.
        code: Of the error, where it is told as one.
        finish: How the run ends.
        exit_code: Of the command line.
        kept: The raw text that came and is kept.
        requests: How many the server sees.
        retries: How many are allowed.
        timeout_s: The longest silence.
        engine: The profile's id.
        key: None: none is set.
        warning: What is told of an answer that is whole.
    """

    name: str
    scripts: Callable[[ProviderServer, ProviderServer], Scripts]
    code: ErrorCode | None
    finish: Finish
    exit_code: int
    kept: str = ""
    requests: int = 1
    retries: int = 0
    timeout_s: float = PATIENT_S
    place: Place = Place.SERVER
    engine: str = ENGINE
    key: str | None = KEY
    warning: WarningCode | None = None

    @property
    def variable(self) -> str:
        return VARIABLE if self.engine == ENGINE else f"{self.engine.upper()}_API_KEY"


@dataclass
class Stage:
    """The servers of one failure while they stand, and the address that the program is given."""

    server: ProviderServer
    elsewhere: ProviderServer
    base_url: str


@contextmanager
def staged(failure: Failure) -> Iterator[Stage]:
    """Play a failure; its requests are counted on the stage's server."""
    with ExitStack() as standing:
        secured = None
        if failure.place is Place.UNTRUSTED:
            secured = self_made(Path(standing.enter_context(tempfile.TemporaryDirectory())))
        elsewhere = standing.enter_context(ProviderServer("any"))
        server = standing.enter_context(ProviderServer("any", key=failure.key, secured=secured))
        scripts = failure.scripts(server, elsewhere)
        if scripts:
            server.answer_with(*scripts)
        yield Stage(server, elsewhere, _address(failure.place, server))


def _address(place: Place, server: ProviderServer) -> str:
    if place is Place.NOBODY:
        with socket.create_server(("127.0.0.1", 0)) as unused:
            return f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    if place is Place.UNKNOWN_NAME:
        return "https://ocr.invalid/v1"
    if place is Place.PLAIN_HTTP:
        return "http://192.0.2.1/v1"
    return server.base_url


def _failed(name: str, code: ErrorCode, *scripts: Script | Spoken, **options: object) -> Failure:
    """Nothing came."""
    return Failure(name, lambda _server, _elsewhere: scripts, code, Finish.ERROR, 4, **options)  # type: ignore[arg-type]


def _broke(name: str, code: ErrorCode, *scripts: Script, finish: Finish = Finish.ERROR, **options: object) -> Failure:
    """Some text came."""
    return Failure(name, lambda _server, _elsewhere: scripts, code, finish, 5, kept=CAME, **options)  # type: ignore[arg-type]


def _read(name: str, *scripts: Script | Spoken, kept: str = CAME, **options: object) -> Failure:
    """It is odd, but all came."""
    return Failure(name, lambda _server, _elsewhere: scripts, None, Finish.COMPLETE, 0, kept=kept, **options)  # type: ignore[arg-type]


def _ended(name: str, finish: Finish, script: Script, kept: str = CAME) -> Failure:
    """The answer ended by itself, but not well."""
    return Failure(name, lambda _server, _elsewhere: (script,), None, finish, 5, kept=kept)


def _words(count: int) -> list[str]:
    """Words in no order, so that no part of them repeats."""
    chance = random.Random(count)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(chance.choices(letters, k=chance.randint(3, 9))) + " " for _ in range(count)]


def _error(message: str, code: int) -> bytes:
    return event({"error": {"message": message, "code": code}})


def _cut_character() -> Script:
    """Letters of several bytes, each cut in the middle by what goes over the wire at once."""
    encoded = text("Größe 漢字 ü")
    cuts = [encoded.index("漢".encode()) + 1, encoded.index("字".encode()) + 2, encoded.index("ß".encode()) + 1]
    edges = [0, *sorted(cuts), len(encoded)]
    steps = [step for a, b in itertools.pairwise(edges) for step in (encoded[a:b], Delay(0.01))]
    return streamed(*steps)


NOW = {"retry_after": "0"}
UNKNOWN_FIELD = "Unrecognized request argument supplied: "
CONTEXT_FULL = (
    "'max_tokens' or 'max_completion_tokens' is too large: {asked}. This model's maximum context length is 4096 tokens"
    " and your request has 913 input tokens"
)
LARGE = "".join(_words(750_000))[: 5 * 1024 * 1024]
BURST = _words(20_000)
GOOD = Spoken(CAME)
LOOP = "say it again and again, "

NOT_REACHED = (
    _failed("nothing listens at the address", ErrorCode.HOST_UNREACHABLE, place=Place.NOBODY, requests=0),
    _failed("nobody knows the host's name", ErrorCode.HOST_UNKNOWN, place=Place.UNKNOWN_NAME, requests=0),
    _failed("the certificate is not trusted", ErrorCode.HOST_UNTRUSTED, place=Place.UNTRUSTED, requests=0),
    _failed("plain http:// to another machine", ErrorCode.HOST_INSECURE, place=Place.PLAIN_HTTP, requests=0),
    _failed("no key is set", ErrorCode.KEY_MISSING, engine="modelverse", key=None, requests=0),
    _failed("the key is none that a header can hold", ErrorCode.KEY_UNUSABLE, key="我的密钥", requests=0),
)

REFUSED = (
    _failed("400", ErrorCode.REQUEST_REFUSED, refused(400, "the picture has no words"), retries=2),
    *(
        _read(f"400 that names {name}", refused(400, UNKNOWN_FIELD + name), GOOD, requests=2, warning=warning)
        for name, warning in (
            ("stream_options", None),
            ("vllm_xargs", WarningCode.FIELDS_LEFT_OUT),
            ("skip_special_tokens", WarningCode.FIELDS_LEFT_OUT),
        )
    ),
    _read("400: max_tokens is too large, with the context's length", refused(400, CONTEXT_FULL), GOOD, requests=2),
    _read("400: max_tokens is too large, with the limit", refused(400, "max_tokens: at most 4096"), GOOD, requests=2),
    _failed(
        "400: max_tokens is too large, again and again",
        ErrorCode.REQUEST_REFUSED,
        refused(400, "max_tokens: at most 4096"),
        refused(400, "max_tokens: at most 2048"),
        requests=2,
    ),
    _failed("401", ErrorCode.KEY_REFUSED, refused(401, f"Incorrect API key provided: {KEY}"), retries=2),
    _failed("402", ErrorCode.QUOTA_EXCEEDED, refused(402, "insufficient balance"), retries=2),
    _failed("403", ErrorCode.KEY_REFUSED, refused(403, "not for your account"), retries=2),
    _failed("404: no such model", ErrorCode.MODEL_MISSING, refused(404, "The model does not exist"), retries=2),
    _failed("404: no such path", ErrorCode.ADDRESS_WRONG, as_json({"detail": "Not Found"}, 404), retries=2),
    _failed("408", ErrorCode.SERVER_FAILED, refused(408, "too slow", **NOW), retries=1, requests=2),
    _failed("409", ErrorCode.REQUEST_REFUSED, refused(409, "in conflict", **NOW), retries=1, requests=2),
    _failed("413", ErrorCode.REQUEST_TOO_LARGE, refused(413, "too large"), retries=2),
    _failed("422", ErrorCode.REQUEST_REFUSED, refused(422, "cannot be processed"), retries=2),
    _read(
        "429 with a short Retry-After, then good", refused(429, "slow", retry_after="0.2"), GOOD, retries=1, requests=2
    ),
    _failed(
        "429 with a long Retry-After", ErrorCode.TOO_MANY_REQUESTS, refused(429, "x", retry_after="3600"), retries=2
    ),
    _failed("429 without", ErrorCode.TOO_MANY_REQUESTS, refused(429, "slow down"), retries=1, requests=2),
    _failed("500", ErrorCode.SERVER_FAILED, refused(500, "out of memory"), retries=1, requests=2),
    _read("503, then good", refused(503, "busy", **NOW), GOOD, retries=1, requests=2),
    Failure(
        "a redirect to another host",
        lambda _server, elsewhere: (
            redirected(elsewhere.base_url.replace("127.0.0.1", "localhost") + "/chat/completions"),
        ),
        ErrorCode.HOST_REDIRECTS,
        Finish.ERROR,
        4,
        retries=2,
    ),
    Failure(
        "a redirect on the same host",
        lambda server, _elsewhere: (redirected(f"{server.base_url}/elsewhere"), GOOD),
        ErrorCode.HOST_REDIRECTS,
        Finish.ERROR,
        4,
        retries=2,
    ),
)

NO_STREAM = (
    _failed("a web page", ErrorCode.ANSWER_UNREADABLE, page(), retries=2),
    _failed(
        "a web page without end", ErrorCode.ANSWER_UNREADABLE, Script((b"<!DOCTYPE html><html>", Gate())), retries=2
    ),
    _failed("a refusal of a megabyte", ErrorCode.REQUEST_REFUSED, refused(400, "no " * 350_000), retries=2),
    _read("a whole completion where a stream was asked for", whole(CAME)),
    _ended("a whole completion that was cut", Finish.CUT, whole(CAME, "length")),
    _failed("an empty body", ErrorCode.CONNECTION_LOST, Script((), content_type=None, framing=Framing.LENGTH)),
)

BROKEN_OFF = (
    _failed("cut before the headers", ErrorCode.CONNECTION_LOST, Script((), has_head=False, is_cut=True)),
    _failed("cut before the first word", ErrorCode.CONNECTION_LOST, streamed(reason=None, end=(), is_cut=True)),
    _read("cut before the first word, then good", streamed(reason=None, is_cut=True), GOOD, retries=1, requests=2),
    _broke("cut after the first words", ErrorCode.CONNECTION_LOST, streamed(CAME, reason=None, end=(), is_cut=True)),
    _broke(
        "cut after the first words, which looks like an end",
        ErrorCode.CONNECTION_LOST,
        streamed(CAME, reason=None, end=(), framing=Framing.UNTIL_CLOSE),
    ),
    _read("no [DONE]", streamed(CAME, end=())),
    _broke("no finish reason", ErrorCode.CONNECTION_LOST, streamed(CAME, reason=None)),
    _broke(
        "an error event",
        ErrorCode.SERVER_FAILED,
        streamed(CAME, b"event: error\n", event({"message": "out of memory"}), reason=None),
    ),
    _failed(
        "an error object before the first word",
        ErrorCode.SERVER_FAILED,
        streamed(_error("out of memory", 500), reason=None),
    ),
    _broke(
        "an error object after the first words",
        ErrorCode.SERVER_FAILED,
        streamed(CAME, _error("out of memory", 500), reason=None),
        retries=2,
    ),
    _failed(
        "a broken line before the first word",
        ErrorCode.ANSWER_UNREADABLE,
        streamed(b'data: {"choices": [{"del\n\n', reason=None),
        retries=2,
    ),
    _broke(
        "a broken line after the first words",
        ErrorCode.ANSWER_UNREADABLE,
        streamed(CAME, b'data: {"choices": [{"del\n\n', reason=None),
    ),
    _failed("an empty stream", ErrorCode.CONNECTION_LOST, Script(())),
    _broke("a filter", ErrorCode.REQUEST_REFUSED, streamed(CAME, reason="content_filter")),
)

SILENT = (
    _failed(
        "the headers never come",
        ErrorCode.HOST_SILENT,
        Script((), before=(Gate(),)),
        timeout_s=SHORT_S,
    ),
    _failed("silence before the first word", ErrorCode.HOST_SILENT, streamed(Gate()), timeout_s=SHORT_S),
    _read("silence before the first word, then good", streamed(Gate()), GOOD, timeout_s=SHORT_S, retries=1, requests=2),
    _failed(
        "comments and nothing else",
        ErrorCode.HOST_SILENT,
        streamed(*(step for _ in range(200) for step in (COMMENT, Delay(0.05)))),
        timeout_s=SHORT_S,
    ),
    _broke(
        "silence after the first words",
        ErrorCode.HOST_SILENT,
        streamed(CAME, Gate()),
        finish=Finish.TIMEOUT,
        timeout_s=SHORT_S,
        retries=2,
    ),
)

ODD = (
    _read("an empty answer", streamed(end=(usage(903, 0), DONE)), kept="", warning=WarningCode.EMPTY_ANSWER),
    _read("a count of tokens without choices", streamed(event(part(usage=None)), CAME, end=(usage(), DONE))),
    _read("comments between the words", streamed("Words ", COMMENT, COMMENT, "that came.")),
    _read("a character cut in the middle", _cut_character(), kept="Größe 漢字 ü"),
    _read("a compressed stream", packed(streamed("Words ", "that ", "came.", end=(usage(), DONE)))),
    _read("one byte at a time", streamed(CAME, end=(usage(), DONE), bytes_at_once=1)),
    _read("5 MB in one piece", streamed(LARGE), kept=LARGE),
    _read("20,000 pieces at once", streamed(b"".join(text(word) for word in BURST)), kept="".join(BURST)),
    _ended("the limit of tokens", Finish.CUT, streamed(CAME, reason="length", end=(usage(), DONE))),
    _ended("a loop", Finish.LOOP, looping(f"{CAME}\n\n", LOOP), kept=f"{CAME}\n\n"),
)

FAILURES = (*NOT_REACHED, *REFUSED, *NO_STREAM, *BROKEN_OFF, *SILENT, *ODD)


def command(failure: Failure, stage: Stage, picture: Path) -> tuple[str, ...]:
    """What the program is called with, but for the form of its output; no boxes are asked for, and none are missed."""
    return (
        *("read", "--engine", failure.engine, "--base-url", stage.base_url, "--preset", "free"),
        *("--retries", str(failure.retries), "--timeout", str(failure.timeout_s), str(picture)),
    )


def main() -> None:
    from tests.support.pictures import draw_page
    from tests.support.program import run

    print("| failure | what is told | exit code | requests | text kept |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "page.png"
        draw_page(size=(64, 64)).save(picture)
        for failure in FAILURES:
            with staged(failure) as stage:
                environment = {} if failure.key is None else {failure.variable: failure.key}
                ended = run(*command(failure, stage, picture), "--format", "raw", environment=environment)
                told = "; ".join(ended.complaints) or "nothing"
                print(
                    f"| {failure.name} | {told} | {ended.code} | {len(stage.server.requests)} | {_shown(ended.text)} |",
                    flush=True,
                )


def _shown(kept: str) -> str:
    if not kept:
        return "–"
    shown = kept if len(kept) <= 40 else f"{kept[:40]}… ({len(kept):,} characters)"
    return "“" + " ".join(shown.split()) + "”"


if __name__ == "__main__":
    main()
