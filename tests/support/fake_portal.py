"""A desktop's portal for pictures of the screen that answers as it is told, in a child process on a bus of its own.

`python -m tests.support.fake_portal` prints what the program makes of each answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

PORTAL = "org.freedesktop.portal.Desktop"
OBJECT = "/org/freedesktop/portal/desktop"
SCREENSHOT = "org.freedesktop.portal.Screenshot"
REQUEST = "org.freedesktop.portal.Request"
PROPERTIES = "org.freedesktop.DBus.Properties"
VERSION = 2
BUS_SETTINGS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
"""Nothing is started by this bus: no portal of the desktop around it can answer."""
WHILE_PEOPLE_READ_S = 0.02
TIME_TO_LISTEN_S = 0.3
"""A caller that could not know the path hears of it by the reply; only then can it listen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal does when it is asked.

    Attributes:
        code: The response's first value; None: no response ever comes.
        results: Its second, by name: signature and value.
        signature: Of the response, where it is not what it should be.
        error: The name of the error that the call itself ends with.
        own_handle: The request gets a path that the caller cannot know beforehand.
        comes_first: The response comes before the call's own reply.
        made_of: The file that is copied to `makes` when the portal is asked.
        makes: Where the portal puts its picture.
        stranger_says: A URI that another program on the bus gives as an answer, before the portal's.
    """

    code: int | None = None
    results: dict[str, tuple[str, Any]] = field(default_factory=dict)
    signature: str = "ua{sv}"
    error: str = ""
    own_handle: bool = False
    comes_first: bool = False
    made_of: str = ""
    makes: str = ""
    stranger_says: str = ""


@contextlib.contextmanager
def private_bus() -> Iterator[str]:
    """A message bus that knows nobody; its address."""
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:
        settings = Path(folder) / "bus.conf"
        settings.write_text(BUS_SETTINGS.format(socket=Path(folder) / "socket"), "utf-8")
        daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={settings}", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it complains about limits that it may not raise
            text=True,
        )
        with daemon:
            assert daemon.stdout is not None
            try:
                yield daemon.stdout.readline().strip()
            finally:
                daemon.terminate()


class FakePortal:
    """The portal's process: what it shall answer next is told to it, what it was asked is read from it."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fake_portal", address],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.next_event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.terminate()

    def answer_with(self, answer: Answer) -> list[dict[str, Any]]:
        """From now on, until something else is said; the events before that nobody asked for."""
        assert self._process.stdin is not None
        print(json.dumps(asdict(answer)), file=self._process.stdin, flush=True)
        return list(iter(self.next_event, {"event": "told"}))

    def next_event(self) -> dict[str, Any]:
        """What happened next there: `asked` (with `token` and `interactive`) or `closed` (with `path`)."""
        assert self._process.stdout is not None
        event: dict[str, Any] = json.loads(self._process.stdout.readline())
        return event


class Service:
    """The inside of the child: the portal's object on the bus."""

    def __init__(self, address: str) -> None:
        from dbus_fast.aio import MessageBus

        self._bus = MessageBus(bus_address=address)
        self._stranger = MessageBus(bus_address=address)
        self._answer = Answer()
        self._requests = 0

    async def run(self) -> None:
        await self._stranger.connect()
        await self._bus.connect()
        self._bus.add_message_handler(self._take)
        await self._bus.request_name(PORTAL)
        tell("ready")
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            self._answer = Answer(**json.loads(line))
            tell("told")

    def _take(self, message: Any) -> Any:
        from dbus_fast import Message, Variant

        if message.interface == PROPERTIES:
            return Message.new_method_return(message, "v", [Variant("u", VERSION)])
        if message.interface == REQUEST:
            tell("closed", path=message.path)
            return Message.new_method_return(message)
        if message.interface != SCREENSHOT:
            return None
        options = {name: each.value for name, each in message.body[1].items()}
        tell("asked", token=options.get("handle_token"), interactive=options.get("interactive"))
        return self._reply(message, str(options["handle_token"]))

    def _reply(self, message: Any, token: str) -> Any:
        from dbus_fast import Message

        answer = self._answer
        self._requests += 1
        if answer.error:
            return Message.new_error(message, answer.error, "so it was told")
        if answer.makes:
            shutil.copyfile(answer.made_of, answer.makes)
        name = f"chosen{self._requests}" if answer.own_handle else token
        path = f"{OBJECT}/request/{message.sender[1:].replace('.', '_')}/{name}"
        if answer.stranger_says:
            lie = Answer(0, {"uri": ("s", answer.stranger_says)})
            self._stranger.send(response(lie, message.sender, path))
        if answer.code is not None and answer.comes_first:
            self._bus.send(response(answer, message.sender, path))
        elif answer.code is not None:
            loop = asyncio.get_running_loop()
            delay_s = TIME_TO_LISTEN_S if answer.own_handle else WHILE_PEOPLE_READ_S
            loop.call_later(delay_s, self._bus.send, response(answer, message.sender, path))
        return Message.new_method_return(message, "o", [path])


async def serve(address: str) -> None:
    await Service(address).run()


def response(answer: Answer, receiver: str, path: str) -> Any:
    """The signal that ends a request."""
    from dbus_fast import Message, MessageType, Variant

    results = {name: Variant(signature, value) for name, (signature, value) in answer.results.items()}
    return Message(
        message_type=MessageType.SIGNAL,
        destination=receiver,
        path=path,
        interface=REQUEST,
        member="Response",
        signature=answer.signature,
        body=[answer.code, results if answer.signature == "ua{sv}" else "not what it should be"],
    )


def tell(event: str, **fields: object) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)


def main(arguments: list[str]) -> None:
    if arguments:
        asyncio.run(serve(arguments[0]))
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.support.portal_cases import print_table

    print_table()


if __name__ == "__main__":
    main(sys.argv[1:])
