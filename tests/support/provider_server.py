"""A real HTTP server on loopback that speaks as a provider of the model does and plays scripted answers.

It runs in a thread of its own, so that it serves tests on any event loop and programs in other processes. What a
provider would refuse it refuses, and it keeps every request. As a program:

    python -m tests.support.provider_server --speak modelverse --answer FILE --delay 0.02
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import binascii
import io
import json
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from PIL import Image

from tests.support.provider_answers import (
    Delay,
    Framing,
    Gate,
    Moment,
    Script,
    Step,
    refused,
    streamed,
    usage,
)

KEY = "sk-test-0123456789"


@dataclass(frozen=True)
class Speech:
    """How a provider wants to be asked; `first` is the type of the message's first part, None for either."""

    path: str
    model: str | None
    first: str | None
    most_tokens: int = 8192

    @property
    def base_path(self) -> str:
        return self.path.removesuffix("/chat/completions")


SPEECHES = {
    "modelverse": Speech("/v1/chat/completions", "deepseek-ai/DeepSeek-OCR", "text"),
    "ppio": Speech("/openai/chat/completions", "deepseek/deepseek-ocr", "image_url"),
    "any": Speech("/v1/chat/completions", None, None),
}


@dataclass
class Recorded:
    """One request as it came. `closed` happens when the client goes before the answer has ended."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    prompt: str = ""
    media_type: str = ""
    picture: bytes = b""
    picture_size: tuple[int, int] = (0, 0)
    closed: Moment = field(default_factory=Moment)
    answered: Moment = field(default_factory=Moment)


class RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.script = refused(status, message)


class ProviderServer:
    """Use as a context manager. `requests` grows with each request; scripts are played in turn, the last for ever."""

    def __init__(self, speak: str = "any", *scripts: Script, key: str | None = KEY, port: int = 0) -> None:
        self.speech = SPEECHES[speak]
        self.key = key
        self.port = port
        self.requests: list[Recorded] = []
        self._scripts = list(scripts) or [streamed("Hello", end=(usage(),))]
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._ready = Moment()
        self._thread = threading.Thread(target=self._run, name="provider server")

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.speech.base_path}"

    def answer_with(self, *scripts: Script) -> None:
        """Play these from the next request on."""
        self._scripts = list(scripts)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            connections.add(task)
            try:
                await Connection(self, reader, writer).serve()
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                connections.discard(task)
                writer.transport.abort()

        server = await asyncio.start_server(connected, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.happen()
        await self._stopped.wait()
        server.close()
        for task in connections:
            task.cancel()
        if connections:
            await asyncio.wait(connections)

    def next_script(self, recorded: Recorded) -> Script:
        """What the provider answers: a refusal of a wrong request, else the next script."""
        try:
            self._check(recorded)
        except RefusedError as error:
            return error.script
        return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]

    def _check(self, recorded: Recorded) -> None:
        body, speech = recorded.body, self.speech
        if recorded.path != speech.path:
            raise RefusedError(404, f"no such path: {recorded.path}")
        if self.key is not None and recorded.headers.get("authorization") != f"Bearer {self.key}":
            raise RefusedError(401, f"wrong key: {recorded.headers.get('authorization')}")
        if speech.model is not None and body.get("model") != speech.model:
            raise RefusedError(404, f"The model {body.get('model')} does not exist")
        if body.get("max_tokens", 0) > speech.most_tokens:
            raise RefusedError(400, f"max_tokens must be at most {speech.most_tokens}, not {body['max_tokens']}")
        messages = body.get("messages", [])
        if len(messages) != 1 or messages[0].get("role") != "user":
            raise RefusedError(400, "one message of the user, without a system prompt")
        parts = {content["type"]: content for content in messages[0]["content"]}
        if sorted(parts) != ["image_url", "text"]:
            raise RefusedError(400, "one picture and one text")
        if speech.first is not None and next(iter(parts)) != speech.first:
            raise RefusedError(400, f"the first part must be of type {speech.first}")
        recorded.prompt = parts["text"]["text"]
        self._look_at_picture(recorded, parts["image_url"]["image_url"]["url"])

    def _look_at_picture(self, recorded: Recorded, address: str) -> None:
        head, comma, encoded = address.partition(";base64,")
        if not comma or not head.startswith("data:image/"):
            raise RefusedError(400, "only data:image/…;base64, is taken")
        try:
            recorded.picture = base64.b64decode(encoded, validate=True)
            with Image.open(io.BytesIO(recorded.picture)) as picture:
                picture.load()
                recorded.picture_size = picture.size
                recorded.media_type = head.removeprefix("data:")
                if Image.MIME[picture.format or ""] != recorded.media_type:
                    raise RefusedError(400, f"a {picture.format} is sent as {recorded.media_type}")
        except (binascii.Error, OSError) as error:
            raise RefusedError(400, "the picture cannot be read") from error


class Connection:
    """One client; requests one after the other until either side closes."""

    def __init__(self, server: ProviderServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._begun = b""
        # Draining then means that everything has left, also where the connection is cut next.
        writer.transport.set_write_buffer_limits(high=0)

    async def serve(self) -> None:
        is_kept = True
        while is_kept:
            recorded = await self._request()
            self._server.requests.append(recorded)
            is_kept = await self._answer(recorded, self._server.next_script(recorded))

    async def _request(self) -> Recorded:
        head = (self._begun + await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self._begun = b""
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Recorded(first.split()[1], headers, json.loads(body) if body else {})

    async def _answer(self, recorded: Recorded, script: Script) -> bool:
        """Play an answer; returns whether the connection can take another request."""
        playing = asyncio.create_task(self._play(script))
        # Nothing comes from the client while it is answered, but the end of the connection.
        listening = asyncio.create_task(self._reader.read(1))
        try:
            await asyncio.wait((playing, listening), return_when=asyncio.FIRST_COMPLETED)
            if not playing.done() and not listening.result():
                recorded.closed.happen()
                return False
            await playing
            recorded.answered.happen()
            if script.is_cut or script.framing is Framing.UNTIL_CLOSE:
                if not script.is_cut:
                    self._writer.close()
                    await self._writer.wait_closed()
                return False
            self._begun = await listening
            return bool(self._begun)
        except ConnectionError:
            recorded.closed.happen()
            return False
        finally:
            playing.cancel()
            listening.cancel()
            await asyncio.gather(playing, listening, return_exceptions=True)

    async def _play(self, script: Script) -> None:
        headers = dict(script.headers)
        if script.content_type is not None:
            headers["content-type"] = script.content_type
        if script.framing is Framing.CHUNKED:
            headers["transfer-encoding"] = "chunked"
        elif script.framing is Framing.LENGTH:
            headers["content-length"] = str(sum(len(step) for step in script.steps if isinstance(step, bytes)))
        else:
            headers["connection"] = "close"
        status = HTTPStatus(script.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for step in script.steps:
            await self._play_step(step, script)
        if script.framing is Framing.CHUNKED and not script.is_cut:
            self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def _play_step(self, step: Step, script: Script) -> None:
        if isinstance(step, Gate):
            await self._writer.drain()
            step.reached.happen()
            await step.opened.waited()
        elif isinstance(step, Delay):
            await asyncio.sleep(step.seconds)
        else:
            at_once = script.bytes_at_once or max(len(step), 1)
            for at in range(0, len(step), at_once):
                piece = step[at : at + at_once]
                is_chunk = script.framing is Framing.CHUNKED
                self._writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunk else piece)
                await self._writer.drain()


def slowly(answer: str, delay_s: float, letters: int = 4) -> Script:
    """A whole answer in pieces of about the size of a token, with a pause before each."""
    pieces = [answer[at : at + letters] for at in range(0, len(answer), letters)]
    steps: list[str | Step] = [step for piece in pieces for step in (Delay(delay_s), piece)]
    return streamed(*steps, end=(usage(903, len(pieces)), b"data: [DONE]\n\n"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak as a provider of the model does, on this machine only.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--speak", choices=sorted(SPEECHES), default="any")
    parser.add_argument("--answer", type=Path, required=True, help="the text that is streamed")
    parser.add_argument("--delay", type=float, default=0.02, help="seconds before each piece")
    parser.add_argument("--letters", type=int, default=4, help="how many a piece has")
    parser.add_argument("--key", default=None, help="the only key that is taken; default: any")
    arguments = parser.parse_args()
    script = slowly(arguments.answer.read_text("utf-8"), arguments.delay, arguments.letters)
    with ProviderServer(arguments.speak, script, key=arguments.key, port=arguments.port) as server:
        print(server.base_url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{len(server.requests)} requests")


if __name__ == "__main__":
    main()
