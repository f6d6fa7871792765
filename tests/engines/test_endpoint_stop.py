"""Stop: whoever stops reading ends the request on the wire, at once, and what came is kept."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import Callable
from contextlib import aclosing, suppress

import pytest

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.events import Event, Sent, TextDelta, Waiting
from ocr_desktop.core.geometry import View
from ocr_desktop.engines.base import PictureLimits
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from ocr_desktop.worker.client import EncodedPicture
from ocr_desktop.worker.pixels import Pixels
from tests.engines.asking import Heard, StillPicture, answered, engine_for, engine_of, heard, profile_of, request
from tests.support.provider_answers import PATIENCE_S, Gate, Moment, Script, refused, streamed, text
from tests.support.provider_server import ProviderServer

LOOPS: list[asyncio.AbstractEventLoop] = []
"""Never let go: a closed loop has timers, and Qt crashes where the garbage collector frees one in another thread."""


def qt_loop() -> asyncio.AbstractEventLoop:
    import qasync
    from PySide6.QtCore import QCoreApplication

    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QCoreApplication.instance())
    LOOPS.append(loop)
    return loop


@pytest.fixture(params=[asyncio.new_event_loop, qt_loop], ids=["plain", "qt"])
def runner(request: pytest.FixtureRequest, qapp: object) -> Callable[..., None]:
    """Runs a coroutine on a plain loop, and on the one that the window has."""

    def run(coroutine: object) -> None:
        with asyncio.Runner(loop_factory=request.param) as own:
            own.run(coroutine)  # type: ignore[arg-type]

    return run


def test_text_arrives_while_the_server_still_speaks(runner: Callable[..., None]) -> None:
    async def journey() -> None:
        gate = Gate()
        with ProviderServer("any", streamed("first", gate, " second")) as server:
            engine = engine_for(server)
            async with aclosing(engine.read(request())) as events:
                assert isinstance(await anext(events), Sent)
                assert await anext(events) == TextDelta("first")
                await gate.reached.waited()
                gate.open()
                assert await anext(events) == TextDelta(" second")
                assert [event.finish async for event in events] == [Finish.COMPLETE]  # type: ignore[union-attr]
            await engine.close()

    runner(journey())


def test_closing_the_reader_closes_the_connection(runner: Callable[..., None]) -> None:
    async def journey() -> None:
        gate = Gate()
        with ProviderServer("any", streamed("first", gate, " second")) as server:
            engine = engine_for(server)
            events = engine.read(request())
            assert isinstance(await anext(events), Sent)
            assert await anext(events) == TextDelta("first")
            await events.aclose()
            await server.requests[0].closed.waited()
            gate.open()
            assert [event async for event in events] == []
            await engine.close()

    runner(journey())


def test_nothing_of_a_stopped_request_is_left_for_the_garbage_collector(runner: Callable[..., None]) -> None:
    """The window's event loop has no finalizer for generators: one that is left half way complains when collected."""

    async def journey() -> None:
        # A whole line more is here already when the reader is closed.
        with ProviderServer("any", streamed(text("first") + text("second"), Gate())) as server:
            engine = engine_for(server)
            events = engine.read(request())
            assert isinstance(await anext(events), Sent)
            assert await anext(events) == TextDelta("first")
            await events.aclose()
            left = [each for each in gc.get_objects() if inspect.isasyncgen(each) and each.ag_frame is not None]
            assert [each.__qualname__ for each in left if each is not events] == []
            await engine.close()

    gc.collect()
    runner(journey())


def test_cancelling_the_task_closes_the_connection_and_keeps_what_came(runner: Callable[..., None]) -> None:
    async def journey() -> None:
        gate = Gate()
        came: list[Event] = []
        has_come = asyncio.Event()
        with ProviderServer("any", streamed("first", gate, " second")) as server:
            engine = engine_for(server)

            async def read() -> None:
                async with aclosing(engine.read(request())) as events:
                    async for event in events:
                        came.append(event)
                        if isinstance(event, TextDelta):
                            has_come.set()

            task = asyncio.create_task(read())
            await has_come.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.requests[0].closed.waited()
            assert came[1:] == [TextDelta("first")]
            assert not server.requests[0].answered.is_past
            gate.open()
            server.answer_with(streamed("again"))
            assert (await heard(engine, request())).text == "again"

    runner(journey())


def test_stop_works_before_the_first_word(runner: Callable[..., None]) -> None:
    async def journey() -> None:
        gate = Gate()
        with ProviderServer("any", streamed(gate, "never")) as server:
            engine = engine_for(server)
            task = asyncio.create_task(heard(engine, request()))
            await gate.reached.waited()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.requests[0].closed.waited()
            assert len(server.requests) == 1

    runner(journey())


async def test_stop_works_before_the_head_of_the_answer() -> None:
    gate = Gate()
    with ProviderServer("any", Script((), before=(gate,))) as server:
        engine = engine_for(server)
        task = asyncio.create_task(heard(engine, request()))
        await gate.reached.waited()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await server.requests[0].closed.waited()


async def test_stop_works_while_it_connects() -> None:
    """A server that speaks no word of the handshake."""
    gone = asyncio.Event()
    come = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        come.set()
        with suppress(ConnectionError):
            while await reader.read(1000):
                pass
        gone.set()
        writer.close()

    async with await asyncio.start_server(stay_silent, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        engine = engine_of(profile_of("custom").changed(base_url=f"https://127.0.0.1:{port}", model="m"))
        task = asyncio.create_task(heard(engine, request()))
        await come.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(PATIENCE_S):
            await gone.wait()


async def test_stop_works_while_it_waits_to_ask_again() -> None:
    with ProviderServer("any", refused(429, "later", retry_after="50")) as server:
        engine = engine_for(server)
        events = engine.read(request())
        assert isinstance(await anext(events), Sent)
        waiting_event = await anext(events)
        assert isinstance(waiting_event, Waiting)
        assert (waiting_event.seconds, waiting_event.why) == (50, "too_many_requests")
        assert (waiting_event.fields["message"], waiting_event.fields["retry_after_s"]) == ("later", 50)
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await engine.close()
    assert len(server.requests) == 1


async def end_at(engine: OpenAICompatibleEngine, moment: Moment) -> Heard:
    """What a read gives whose engine is closed at a moment; it closes nothing itself."""
    result = Heard([])

    async def read() -> None:
        async with aclosing(engine.read(request())) as events:
            async for event in events:
                result.events.append(event)
                if isinstance(event, Waiting):
                    moment.happen()

    task = asyncio.create_task(read())
    await moment.waited()
    await engine.close()
    with pytest.raises(EngineError) as caught:
        await task
    result.error = caught.value
    return result


@pytest.mark.parametrize("has_come", [False, True])
async def test_closing_the_engine_ends_what_it_reads(has_come: bool) -> None:
    gate = Gate()
    pieces = ("first", gate) if has_come else (gate,)
    with ProviderServer("any", streamed(*pieces)) as server:
        engine = engine_for(server)
        result = await end_at(engine, gate.reached)
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.CONNECTION_LOST
    assert result.text in ("", "first")
    assert len(server.requests) == 1


async def test_closing_the_engine_ends_what_waits_for_an_answer() -> None:
    gate = Gate()
    with ProviderServer("any", Script((), before=(gate,))) as server:
        result = await end_at(engine_for(server), gate.reached)
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.CONNECTION_LOST
    assert result.waits == []


async def test_closing_the_engine_ends_what_waits_to_ask_again() -> None:
    with ProviderServer("any", refused(503, "later", retry_after="50")) as server:
        result = await end_at(engine_for(server), Moment())
    assert result.end is ErrorCode.CONNECTION_LOST
    assert len(server.requests) == 1


class SlowPicture(StillPicture):
    """An encoder that waits for a test."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def encode(self, pixels: Pixels, view: View, limits: PictureLimits) -> EncodedPicture:
        self.begun.set()
        await self.may_end.wait()
        return await super().encode(pixels, view, limits)


async def test_an_engine_that_was_closed_sends_nothing_more() -> None:
    pictures = SlowPicture()
    with ProviderServer("any", streamed("never")) as server:
        profile = profile_of("custom").changed(base_url=server.base_url, model="m")
        engine = engine_of(profile, pictures=pictures)
        task = asyncio.create_task(answered(engine, request()))
        await pictures.begun.wait()
        await engine.close()
        pictures.may_end.set()
        assert (await task).end is ErrorCode.CONNECTION_LOST
        assert (await answered(engine, request())).end is ErrorCode.CONNECTION_LOST
        with pytest.raises(EngineError) as caught:
            await engine.models()
        assert caught.value.code is ErrorCode.CONNECTION_LOST
    assert not server.requests


async def test_nothing_of_a_stopped_read_reaches_the_next() -> None:
    gate = Gate()
    with ProviderServer("any", streamed("old", gate, " late"), streamed("new")) as server:
        engine = engine_for(server)
        events = engine.read(request())
        came = [await anext(events), await anext(events)]
        await events.aclose()
        gate.open()
        result = await heard(engine, request())
    assert came[1] == TextDelta("old")
    assert result.text == "new"


async def test_a_burst_of_text_does_not_hold_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is here at once; other work must get its turn between the deltas all the same."""
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.LONGEST_HOLD_S", 0.0)
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    gate = Gate()
    with ProviderServer("any", streamed(gate, text("word ") * 1000)) as server:
        task = asyncio.create_task(heard(engine_for(server), request()))
        await gate.reached.waited()
        working = asyncio.create_task(other_work())
        gate.open()
        result = await task
        working.cancel()
    assert result.text == "word " * 1000
    assert turns > 500
