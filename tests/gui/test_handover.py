"""A second start asks the program that runs; a peer that means no good hurts nobody."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject

from ocr_desktop.gui import handover, handover_server
from ocr_desktop.gui.handover import (
    CaptureRequest,
    Handover,
    OpenRequest,
    Request,
    RunningProgramError,
    UnusableMessageError,
    framed,
    hand_over,
    message_in,
    open_there,
    opening_of,
    request_of,
    socket_path,
)
from ocr_desktop.gui.handover_server import HandoverServer

NOTHING = OpenRequest(())


class Program:
    """What runs already."""

    def __init__(self, settings_folder: Path) -> None:
        self.opened: list[OpenRequest] = []
        self.has_opened = asyncio.Event()
        self.has_begun = asyncio.Event()
        self.captured: list[dict[str, Any]] = []
        self.is_willing = True
        self.answer: asyncio.Future[dict[str, Any]] | None = None
        self.was_cancelled = asyncio.Event()
        self.parent = QObject()
        self.server = HandoverServer(
            settings_folder,
            takes=self.takes,
            open_files=self.open_files,
            capture=self.capture,
            parent=self.parent,
        )

    def takes(self, request: Request) -> bool:
        return self.is_willing

    def open_files(self, request: OpenRequest) -> None:
        self.opened.append(request)
        self.has_opened.set()

    async def until_opened(self) -> OpenRequest:
        """Wait for the one request: who asked does not wait until that is done."""
        await asyncio.wait_for(self.has_opened.wait(), 20)
        (request,) = self.opened
        return request

    async def capture(self, values: dict[str, Any]) -> dict[str, Any]:
        self.captured.append(values)
        self.has_begun.set()
        if self.answer is None:
            return {"text": "x" * int(values.get("length", 1))}
        try:
            return await self.answer
        except asyncio.CancelledError:
            self.was_cancelled.set()
            raise


@pytest_asyncio.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    program = Program(tmp_path)
    assert program.server.listen()
    yield program
    program.server.close()
    await asyncio.sleep(0)


@contextmanager
def connected(settings_folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(os.fspath(socket_path(settings_folder)))
        yield connection


def all_of(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(1 << 16):
        received += piece
    return received


async def test_files_of_a_second_start_come_to_the_running_program(program: Program, tmp_path: Path) -> None:
    odd = os.fsdecode(b"not-utf-8-\xff.png")
    here = Path.cwd()
    assert await asyncio.to_thread(open_there, opening_of(["a b.png", odd], is_offline=True), tmp_path)
    request = await program.until_opened()
    assert request.files == (here / "a b.png", here / odd)
    assert request.is_offline


async def test_what_the_running_program_does_not_take_the_second_start_does_itself(
    program: Program, tmp_path: Path
) -> None:
    program.is_willing = False
    assert not await asyncio.to_thread(open_there, NOTHING, tmp_path)
    assert program.opened == []


async def test_a_capture_comes_back_however_long_it_is(program: Program, tmp_path: Path) -> None:
    def capture() -> dict[str, Any] | None:
        connection = hand_over(CaptureRequest({"length": 3_000_000}), tmp_path)
        assert connection is not None
        with connection:
            return connection.wait()

    assert await asyncio.to_thread(capture) == {"text": "x" * 3_000_000}
    assert program.captured == [{"length": 3_000_000}]


async def test_a_capture_ends_where_who_asked_goes_away(program: Program, tmp_path: Path) -> None:
    program.answer = asyncio.get_running_loop().create_future()
    connection = await asyncio.to_thread(hand_over, CaptureRequest({}), tmp_path)
    assert connection is not None
    connection.__exit__(None, None, None)
    await asyncio.wait_for(program.was_cancelled.wait(), 20)


@pytest.mark.logs_complaints
async def test_a_capture_that_fails_there_is_no_cancelled_one(program: Program, tmp_path: Path) -> None:
    program.answer = asyncio.get_running_loop().create_future()
    program.answer.set_exception(RuntimeError("a bug"))
    connection = await asyncio.to_thread(hand_over, CaptureRequest({}), tmp_path)
    assert connection is not None
    with connection, pytest.raises(RunningProgramError, match="a bug"):
        await asyncio.to_thread(connection.wait)


async def test_a_result_that_is_too_long_is_no_cancelled_capture(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_server, "LONGEST_REPLY", 100)
    connection = await asyncio.to_thread(hand_over, CaptureRequest({"length": 101}), tmp_path)
    assert connection is not None
    with connection, pytest.raises(RunningProgramError, match="too long"):
        await asyncio.to_thread(connection.wait)


async def test_a_program_that_is_closed_leaves_the_capture_to_who_asked(program: Program, tmp_path: Path) -> None:
    program.answer = asyncio.get_running_loop().create_future()
    connection = await asyncio.to_thread(hand_over, CaptureRequest({}), tmp_path)
    assert connection is not None
    with connection:
        answer = asyncio.ensure_future(asyncio.to_thread(connection.wait))
        await asyncio.wait_for(program.has_begun.wait(), 20)
        program.server.close()
        assert await answer is None
    await asyncio.wait_for(program.was_cancelled.wait(), 20)


async def test_what_was_captured_is_handed_on_by_a_program_that_ends_with_it(program: Program, tmp_path: Path) -> None:
    program.answer = asyncio.get_running_loop().create_future()
    connection = await asyncio.to_thread(hand_over, CaptureRequest({}), tmp_path)
    assert connection is not None
    await asyncio.wait_for(program.has_begun.wait(), 20)
    program.answer.add_done_callback(lambda _: program.server.close())
    program.answer.set_result({"text": "words"})
    with connection:
        assert await asyncio.to_thread(connection.wait) == {"text": "words"}


def test_a_program_that_dies_leaves_the_capture_to_who_asked() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with Handover(ours) as connection:
        assert connection.wait() is None


async def test_who_was_answered_too_late_opens_the_files_alone(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatience:
        impatience.setattr(handover, "PATIENCE_S", 0.05)
        # This thread is the one that would answer.
        assert not open_there(NOTHING, tmp_path)
    assert await asyncio.to_thread(open_there, OpenRequest((tmp_path / "later.png",)), tmp_path)
    assert (await program.until_opened()).files == (tmp_path / "later.png",)


async def test_a_peer_that_drips_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PATIENCE_S", 0.2)

    def drip(listening: socket.socket) -> int:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            for count in itertools.count():
                connection.sendall(bytes(3) + b"\xff" if count == 0 else b" ")
                time.sleep(0.01)
                if count > 200:
                    break
        return count

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(os.fspath(socket_path(tmp_path)))
        listening.listen()
        dripping = asyncio.ensure_future(asyncio.to_thread(drip, listening))
        assert await asyncio.to_thread(hand_over, NOTHING, tmp_path) is None
        assert await dripping < 200, "it was given up before all had come"


async def test_a_program_that_gives_way_answers_who_was_heard_and_leaves_the_place(
    program: Program, tmp_path: Path
) -> None:
    program.answer = asyncio.get_running_loop().create_future()
    connection = await asyncio.to_thread(hand_over, CaptureRequest({}), tmp_path)
    assert connection is not None
    program.server.give_way()
    second = Program(tmp_path)
    assert second.server.listen()
    program.answer.set_result({"text": "words"})
    with connection:
        assert await asyncio.to_thread(connection.wait) == {"text": "words"}
    second.server.close()


def test_what_was_typed_may_be_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(handover.ACTIVATION_TOKEN, "token")
    request = opening_of(["a.png", "file:///b%20c%ff.png", "https://h/d.png", "file://other/e"], is_offline=False)
    assert request.files == (
        tmp_path / "a.png",
        Path(os.fsdecode(b"/b c\xff.png")),
        tmp_path / "file:" / "other" / "e",
    )
    assert (request.links, request.activation) == (("https://h/d.png",), "token")


async def test_without_a_running_program_there_is_nobody_to_ask(tmp_path: Path) -> None:
    assert hand_over(OpenRequest(()), tmp_path) is None


async def test_a_second_program_does_not_take_the_place_of_the_first(program: Program, tmp_path: Path) -> None:
    second = Program(tmp_path)
    assert not second.server.listen()
    second.server.close()
    assert await asyncio.to_thread(open_there, NOTHING, tmp_path)
    await program.until_opened()


async def test_a_socket_that_was_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_behind:
        left_behind.bind(os.fspath(socket_path(tmp_path)))
    assert not open_there(NOTHING, tmp_path)
    program = Program(tmp_path)
    assert program.server.listen()
    assert await asyncio.to_thread(open_there, NOTHING, tmp_path)
    program.server.close()
    assert not socket_path(tmp_path).exists()


async def test_what_is_no_socket_of_ones_own_stays_where_it_is(tmp_path: Path) -> None:
    path = socket_path(tmp_path)
    path.write_text("somebody's", "utf-8")
    assert hand_over(OpenRequest(()), tmp_path) is None
    program = Program(tmp_path)
    assert not program.server.listen()
    program.server.close()
    assert path.read_text("utf-8") == "somebody's"


async def test_who_does_not_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PATIENCE_S", 0.05)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(os.fspath(socket_path(tmp_path)))
        silent.listen()
        begun = time.monotonic()
        assert hand_over(OpenRequest(()), tmp_path) is None
        assert time.monotonic() - begun < handover.PATIENCE_S + 10


async def test_other_settings_and_other_displays_are_other_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    here = socket_path(tmp_path)
    assert here != socket_path(tmp_path / "other")
    monkeypatch.setenv("DISPLAY", ":8")
    assert here != socket_path(tmp_path)


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        framed({}),
        framed({"version": "0.0.0", "open": []}),
        framed({"version": handover.__version__, "open": ["relative.png"], "links": []}),
        framed({"version": handover.__version__, "open": ["/a\0b"]}),
        framed({"version": handover.__version__, "open": ["/\ud800"]}),
        framed({"version": handover.__version__, "open": [1]}),
        framed({"version": handover.__version__, "open": "/etc"}),
        framed({"version": handover.__version__, "open": [], "links": ["file:///etc"]}),
        framed({"version": handover.__version__, "open": [], "links": "https://h"}),
        (5).to_bytes(4, "big") + b"[1,2]",
        (4).to_bytes(4, "big") + b"\x80\x81\x82\x83",
        (100_000).to_bytes(4, "big") + b"[" * 100_000,
    ],
    ids=range(13),
)
async def test_what_is_no_request_is_refused_and_nothing_else_happens(
    program: Program, tmp_path: Path, sent: bytes
) -> None:
    def talk() -> bytes:
        with connected(tmp_path) as connection:
            connection.sendall(sent)
            return all_of(connection)

    answer = await asyncio.to_thread(talk)
    assert message_in(answer, 1 << 20) == {"taken": False}
    assert program.opened == []
    assert program.captured == []


async def test_peers_that_say_nothing_are_let_go(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_server, "SPEAKS_WITHIN_MS", 50)

    def keep_silent() -> bytes:
        with connected(tmp_path) as connection:
            return all_of(connection)

    assert await asyncio.to_thread(keep_silent) == b""
    assert await asyncio.to_thread(open_there, NOTHING, tmp_path)


async def test_only_so_many_peers_are_heard_at_once(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_server, "MOST_PEERS", 1)

    def two_of_them() -> bool:
        with connected(tmp_path):
            return open_there(NOTHING, tmp_path)

    assert not await asyncio.to_thread(two_of_them)
    assert await asyncio.to_thread(open_there, NOTHING, tmp_path)


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(received: bytes) -> None:
    try:
        values = message_in(received, 100)
        if values is not None:
            request_of(values)
    except UnusableMessageError:
        pass


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans()), st.integers(min_value=0, max_value=20))
def test_a_message_is_whole_or_waited_for(values: dict[str, Any], missing: int) -> None:
    sent = framed(values)
    cut = sent[: max(0, len(sent) - missing)]
    assert message_in(cut, 1 << 20) == (json.loads(json.dumps(values)) if cut == sent else None)
