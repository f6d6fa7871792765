"""What the tests' provider server plays: an answer as a list of steps, and the moments a test can wait for."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

PATIENCE_S = 20.0


class Moment:
    """Something that happens once in the server's thread; waited for from any thread and any event loop."""

    def __init__(self) -> None:
        self._future: concurrent.futures.Future[None] = concurrent.futures.Future()

    @property
    def is_past(self) -> bool:
        return self._future.done()

    def happen(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    def wait(self) -> None:
        self._future.result(PATIENCE_S)

    async def waited(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.shield(asyncio.wrap_future(self._future))


class Gate:
    """A pause in an answer: the server stops here until the test opens it, or until the client goes."""

    def __init__(self) -> None:
        self.reached = Moment()
        self.opened = Moment()

    def open(self) -> None:
        self.opened.happen()


@dataclass(frozen=True)
class Delay:
    seconds: float


class Framing(Enum):
    CHUNKED = auto()
    LENGTH = auto()
    """The body's length is told; steps are written as they come all the same."""
    UNTIL_CLOSE = auto()
    """The end of the connection is the end of the body, so that a cut looks like an end."""


Step = bytes | Gate | Delay


@dataclass(frozen=True)
class Script:
    """One answer.

    `is_cut`: the connection is reset where the steps end, without the body's end. `before` is played before the head,
    which may be missing altogether.
    """

    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    has_head: bool = True
    status: int = 200
    content_type: str | None = "text/event-stream"
    headers: dict[str, str] = field(default_factory=dict)
    framing: Framing = Framing.CHUNKED
    is_cut: bool = False
    bytes_at_once: int | None = None


DONE = b"data: [DONE]\n\n"
COMMENT = b": keep-alive\n\n"


def event(value: object) -> bytes:
    """A server-sent event that holds a JSON value, its letters as they are and not escaped."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def part(*choices: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [*choices], **fields}


def text(piece: str) -> bytes:
    return event(part({"index": 0, "delta": {"content": piece}, "finish_reason": None}))


def finish(reason: str | None) -> bytes:
    return event(part({"index": 0, "delta": {}, "finish_reason": reason}))


def usage(prompt_tokens: int = 903, completion_tokens: int = 12) -> bytes:
    return event(part(usage=_counted(prompt_tokens, completion_tokens)))


def streamed(
    *pieces: str | Step, reason: str | None = "stop", end: tuple[bytes, ...] = (DONE,), **options: Any
) -> Script:
    """A stream: the role, the pieces (texts as deltas, anything else as it is), the finish reason, what ends it."""
    role = event(part({"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}))
    steps = [text(piece) if isinstance(piece, str) else piece for piece in pieces]
    last = () if reason is None else (finish(reason),)
    return Script((role, *steps, *last, *end), **options)


def packed(script: Script) -> Script:
    """The same answer, compressed piece by piece as it goes."""
    compressor = zlib.compressobj(wbits=31)
    steps = [
        compressor.compress(step) + compressor.flush(zlib.Z_SYNC_FLUSH) if isinstance(step, bytes) else step
        for step in script.steps
    ]
    return replace(script, steps=(*steps, compressor.flush()), headers={**script.headers, "content-encoding": "gzip"})


def looping(good: str, unit: str, letters: int = 30_000) -> Script:
    """A stream that falls into a loop and never ends by itself: when the loop is so long, only silence follows."""
    answer = good + unit * (letters // len(unit) + 1)
    return streamed(*(answer[at : at + 16] for at in range(0, len(answer), 16)), Gate(), reason=None, end=())


def whole(answer: str | None, reason: str | None = "stop", **options: Any) -> Script:
    """A completion in one piece, as from a server that does not know `stream`."""
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": reason}
    body = {"id": "1", "object": "chat.completion", "choices": [choice], "usage": _counted(903, 12)}
    return as_json(body, **options)


def as_json(body: object, status: int = 200, **options: Any) -> Script:
    encoded = json.dumps(body).encode()
    return Script((encoded,), status=status, content_type="application/json", framing=Framing.LENGTH, **options)


@dataclass(frozen=True)
class Spoken:
    """An answer of the model, which the server gives in the form that it is asked for."""

    answer: str
    reason: str = "stop"

    def as_asked(self, answer: str, body: Mapping[str, Any], prompt_tokens: int) -> Script:
        """As a stream where one is asked for, with the count of tokens where that is asked for, else whole."""
        if body.get("stream") is not True:
            return whole(answer, self.reason)
        counts = (body.get("stream_options") or {}).get("include_usage")
        end = (usage(prompt_tokens, max(len(answer) // 4, 1)), DONE) if counts else (DONE,)
        pieces = [answer[at : at + 4] for at in range(0, len(answer), 4)]
        return streamed(*pieces, reason=self.reason, end=end)


def refused(status: int, message: str, **headers: str) -> Script:
    """A refusal in the protocol's own form; a header's underscores become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return as_json({"error": {"message": message, "type": "refused", "code": None}}, status, headers=named)


def redirected(to: str, status: int = 307) -> Script:
    return Script((), status=status, content_type=None, headers={"location": to}, framing=Framing.LENGTH)


def page(status: int = 200) -> Script:
    body = b"<!DOCTYPE html><html><body><h1>Welcome</h1><p>Please log in.</p></body></html>"
    return Script((body,), status=status, content_type="text/html; charset=utf-8", framing=Framing.LENGTH)


def _counted(prompt_tokens: int, completion_tokens: int) -> dict[str, int]:
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }
