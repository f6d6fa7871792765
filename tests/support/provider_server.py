"""A real HTTP server on loopback that speaks as a provider of the model does and plays scripted answers.

It runs in a thread of its own, so that it serves tests on any event loop and programs in other processes. What a
provider would refuse it refuses, and it keeps every request. As a program:

    python -m tests.support.provider_server --speak modelverse --answer FILE --delay 0.02
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import ssl
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Self

from tests.support.provider_answers import Delay, Framing, Gate, Moment, Script, Spoken, Step, streamed, usage
from tests.support.provider_speeches import PICTURE_TOKENS, SPEECHES, Recorded, RefusedError

KEY = "sk-test-0123456789"


class ProviderServer:
    """Use as a context manager. `requests` grows with each request; scripts are played in turn, the last for ever.

    Args:
        speak: Whose ways it has, a name of `SPEECHES`.
        scripts: What it answers to completions.
        key: The only one that it takes; None: any, and none.
        port: Where it listens; 0: where there is room.
        secured: With which certificate it speaks TLS.
    """

    def __init__(
        self,
        speak: str = "any",
        *scripts: Script | Spoken,
        key: str | None = KEY,
        port: int = 0,
        secured: ssl.SSLContext | None = None,
    ) -> None:
        self.speech = SPEECHES[speak]
        self.key = key
        self.port = port
        self.requests: list[Recorded] = []
        self._secured = secured
        self._scripts = list(scripts) or [Spoken("Hello")]
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._ready = Moment()
        self._thread = threading.Thread(target=self._run, name="provider server")

    @property
    def base_url(self) -> str:
        scheme = "http" if self._secured is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}{self.speech.base_path}"

    def take_any_prompt(self) -> None:
        """Refuse no prompt from now on, whatever the provider's guide recommends."""
        self.speech = dataclasses.replace(self.speech, only_presets=False)

    def answer_with(self, *scripts: Script | Spoken) -> None:
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

        server = await asyncio.start_server(connected, "127.0.0.1", self.port, ssl=self._secured)
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
            self.speech.check(recorded, self.key)
        except RefusedError as error:
            return self.speech.refusal(error)
        if recorded.method == "GET":
            return self.speech.models()
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        if isinstance(script, Spoken):
            answer = self.speech.shown(script.answer, recorded.body)
            return script.as_asked(answer, recorded.body, PICTURE_TOKENS)
        return script


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
        method, path, _ = first.split()
        return Recorded(path, headers, json.loads(body) if body else {}, method)

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
        for step in script.before:
            await self._play_step(step, script)
        if script.has_head:
            self._write_head(script)
        for step in script.steps:
            await self._play_step(step, script)
        if script.framing is Framing.CHUNKED and not script.is_cut:
            self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def _write_head(self, script: Script) -> None:
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
