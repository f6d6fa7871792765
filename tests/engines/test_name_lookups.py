"""A name server that does not answer keeps nobody waiting, neither who asked nor the program's end."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.engines.name_lookups import EventLoop
from tests.engines.asking import engine_of, heard, profile_of, request
from tests.support.provider_answers import PATIENCE_S

LOOPS: list[asyncio.AbstractEventLoop] = []
"""Never let go: a closed loop has timers, and Qt crashes where the garbage collector frees one in another thread."""


def window_loop() -> asyncio.AbstractEventLoop:
    from PySide6.QtCore import QCoreApplication

    from ocr_desktop.gui.application import WindowLoop

    loop: asyncio.AbstractEventLoop = WindowLoop(QCoreApplication.instance())
    LOOPS.append(loop)
    return loop


@pytest.fixture(params=[EventLoop, window_loop], ids=["plain", "window"])
def run(request: pytest.FixtureRequest, qapp: object) -> Callable[..., Any]:
    """Runs a coroutine to its end, and then the loop to its own."""

    def run_to_the_end(coroutine: Any) -> Any:
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(coroutine)

    return run_to_the_end


class SilentNameServer:
    """Answers when it is told to, and knows no name."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.answered_in_time: bool | None = None

    def look_up(self, *_: object, **__: object) -> None:
        self.asked.set()
        self.answered_in_time = self.may_answer.wait(PATIENCE_S)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> SilentNameServer:
    server = SilentNameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    return server


def test_whoever_stops_asking_is_not_kept_by_it(run: Callable[..., Any], name_server: SilentNameServer) -> None:
    async def ask() -> None:
        profile = profile_of("custom").changed(base_url="https://ocr.invalid/v1", model="m")
        task = asyncio.create_task(heard(engine_of(profile), request()))
        await asyncio.to_thread(name_server.asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(ask())
    assert name_server.answered_in_time is None, "the loop has ended and the question still hangs"
    name_server.may_answer.set()


def test_a_lookup_that_hangs_is_a_host_that_cannot_be_reached(
    run: Callable[..., Any], name_server: SilentNameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.CONNECT_S", 0.1)
    profile = profile_of("custom").changed(base_url="https://ocr.invalid/v1", model="m")
    result = run(heard(engine_of(profile), request(retries=0)))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert name_server.answered_in_time is None
    name_server.may_answer.set()


def test_what_a_lookup_finds_and_what_it_does_not(run: Callable[..., Any]) -> None:
    async def look_up(host: str) -> Any:
        return await asyncio.get_running_loop().getaddrinfo(host, 80, type=socket.SOCK_STREAM)

    assert run(look_up("localhost")) == socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
    with pytest.raises(socket.gaierror):
        run(look_up("ocr.invalid"))
