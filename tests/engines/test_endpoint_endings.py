"""How an answer ends, and that what came before is kept."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from contextlib import aclosing
from dataclasses import replace

import pytest

from ocr_desktop.core.document import Finish, Usage
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Sent, TextDelta
from tests.engines.asking import Heard, engine_for, heard, request
from tests.engines.scripts import delta
from tests.support.provider_answers import (
    COMMENT,
    DONE,
    Delay,
    Framing,
    Gate,
    Script,
    as_json,
    event,
    finish,
    packed,
    page,
    part,
    streamed,
    text,
    usage,
    whole,
)
from tests.support.provider_server import KEY, ProviderServer

CAME = "two words"
OTHER = {"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}
WHOLE = {"choices": [{"index": 0, "message": {"content": CAME}, "finish_reason": "stop"}]}


async def test_the_token_limit_is_told() -> None:
    with ProviderServer("any", streamed(CAME, reason="length", end=(usage(),))) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME
    assert result.end is Finish.CUT
    assert result.finished is not None
    assert result.finished.usage == Usage(903, 12)


BROKEN_OFF = {
    "connection lost": (streamed(CAME, reason=None, end=(), is_cut=True), ErrorCode.CONNECTION_LOST),
    "connection lost, which looks like an end": (
        streamed(CAME, reason=None, end=(), framing=Framing.UNTIL_CLOSE),
        ErrorCode.CONNECTION_LOST,
    ),
    "an end without a reason": (streamed(CAME, reason=None), ErrorCode.CONNECTION_LOST),
    "an error object": (
        streamed(CAME, event({"error": {"message": "out of memory", "code": 500}}), reason=None),
        ErrorCode.SERVER_FAILED,
    ),
    "an error that is a text": (
        streamed(CAME, event({"error": "out of memory"}), reason=None),
        ErrorCode.SERVER_FAILED,
    ),
    "an error event without an error object": (
        streamed(CAME, b"event: error\n", event({"message": "out of memory"}), reason=None),
        ErrorCode.SERVER_FAILED,
    ),
    "an error object of a limit": (
        streamed(CAME, event({"error": {"message": "slow down", "code": "429"}}), reason=None),
        ErrorCode.TOO_MANY_REQUESTS,
    ),
    "a broken line": (streamed(CAME, b'data: {"choices": [{"del\n\n', reason=None), ErrorCode.ANSWER_UNREADABLE),
    "bytes that are no text": (streamed(CAME, b"data: \xff\xfe\n\n", reason=None), ErrorCode.ANSWER_UNREADABLE),
    "a line nested without end": (streamed(CAME, b"data: " + b"[" * 100_000 + b"\n\n"), ErrorCode.ANSWER_UNREADABLE),
    "a line that is no object": (streamed(CAME, b"data: 17\n\n", reason=None), ErrorCode.ANSWER_UNREADABLE),
    "a line that is nothing": (streamed(CAME, b"data: null\n\n", reason=None), ErrorCode.ANSWER_UNREADABLE),
    "an unknown reason": (streamed(CAME, reason="abort"), ErrorCode.SERVER_FAILED),
    "a filter": (streamed(CAME, reason="content_filter"), ErrorCode.REQUEST_REFUSED),
    "a whole answer without a reason": (whole(CAME, None), ErrorCode.ANSWER_UNREADABLE),
}


@pytest.mark.parametrize("script", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
async def test_what_breaks_off_is_an_error_and_its_text_is_kept(script: tuple[Script, ErrorCode]) -> None:
    with ProviderServer("any", script[0]) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME
    assert result.end is script[1]
    assert result.finished is None
    assert len(server.requests) == 1, "nothing is asked again once text came"


NO_ANSWER = {
    "a web page": (page(), ErrorCode.ANSWER_UNREADABLE),
    "an object that is no completion": (as_json({"hello": "world"}), ErrorCode.ANSWER_UNREADABLE),
    "a list": (as_json([1, 2]), ErrorCode.ANSWER_UNREADABLE),
    "no JSON": (
        Script((b"oops",), content_type="application/json", framing=Framing.LENGTH),
        ErrorCode.ANSWER_UNREADABLE,
    ),
    "JSON that breaks off and looks like an end": (
        Script((b'{"choices": [',), content_type="application/json", framing=Framing.LENGTH),
        ErrorCode.ANSWER_UNREADABLE,
    ),
    "plain words": (Script((b"It works!",), content_type="text/plain"), ErrorCode.ANSWER_UNREADABLE),
    "an error with the status of success": (as_json({"error": {"message": "no"}}), ErrorCode.SERVER_FAILED),
    "a body that breaks off": (
        Script((b'{"choices": [',), content_type="application/json", is_cut=True),
        ErrorCode.CONNECTION_LOST,
    ),
    "an empty stream": (Script(()), ErrorCode.CONNECTION_LOST),
    "a stream of comments": (Script((COMMENT, COMMENT, DONE)), ErrorCode.CONNECTION_LOST),
}


@pytest.mark.parametrize("script", NO_ANSWER.values(), ids=NO_ANSWER.keys())
async def test_no_answer_is_an_error(script: tuple[Script, ErrorCode]) -> None:
    with ProviderServer("any", script[0]) as server:
        result = await heard(engine_for(server), request(retries=0))
    assert result.events == result.sent
    assert result.end is script[1]


AFTER_THE_REASON = {
    "nothing": streamed(CAME, end=()),
    "a lost connection": streamed(CAME, end=(), is_cut=True),
    "a broken line": streamed(CAME, end=(b"data: {\n\n",)),
    "an error": streamed(CAME, end=(event({"error": {"message": "no count today"}}),)),
    "silence": streamed(CAME, finish("stop"), Gate(), reason=None),
}


@pytest.mark.parametrize("script", AFTER_THE_REASON.values(), ids=AFTER_THE_REASON.keys())
async def test_after_the_finish_reason_nothing_is_missing(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.AFTER_FINISH_S", 0.05)
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME
    assert result.end is Finish.COMPLETE


async def test_text_after_the_finish_reason_is_kept() -> None:
    late = event(part({"index": 0, "delta": {"content": " more"}, "finish_reason": None}))
    with ProviderServer("any", streamed(CAME, end=(late, usage(), DONE))) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME + " more"
    assert result.end is Finish.COMPLETE


async def test_text_after_the_finish_reason_does_not_put_the_end_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.AFTER_FINISH_S", 0.1)
    more = (Delay(0.01), text(" more")) * 1000
    with ProviderServer("any", streamed(CAME, finish("stop"), *more, reason=None)) as server:
        result = await heard(engine_for(server), request())
        await server.requests[0].closed.waited()
    assert result.text.startswith(CAME)
    assert result.text.count("more") < 1000
    assert result.end is Finish.COMPLETE


ODD_AND_YET_RIGHT = {
    "a mark before the stream": Script((BOM_UTF8 + text(CAME), finish("stop"), DONE)),
    "a mark before the stream, byte by byte": Script((BOM_UTF8 + text(CAME), finish("stop"), DONE), bytes_at_once=1),
    "a mark before a whole answer": Script((BOM_UTF8 + json.dumps(WHOLE).encode(),), content_type="application/json"),
    "other answers beside the first": streamed(event(part(OTHER)), CAME, event(part(OTHER))),
    "a count that cannot be": streamed(CAME, end=(usage(10**400, -1), DONE)),
    "thoughts beside the text": streamed(delta({"reasoning_content": "hm", "content": None}), CAME),
    "a part that is null": streamed(delta({"content": None}), event(part(None)), CAME),  # type: ignore[arg-type]
    "a delta that is null": streamed(b'data: {"choices": [{"delta": null}]}\n\n', CAME),
    "no delta": streamed(b'data: {"choices": [{}]}\n\n', CAME),
    "a list of typed parts": streamed(delta({"content": [{"type": "text", "text": CAME}, {"type": "x"}]})),
    "text with the finish reason": streamed(delta({"content": CAME}, finish_reason="stop"), reason=None),
    "comments everywhere": streamed(COMMENT, b": OPENROUTER PROCESSING\n\n", CAME, COMMENT),
    "other fields of a stream": streamed(b"retry: 10\nid: 7\nevent: message\n" + delta({"content": CAME})),
    "line ends of another system": streamed(delta({"content": CAME}).replace(b"\n", b"\r\n")),
    "a count without choices": streamed(CAME, event({"choices": [], "usage": None}), end=(usage(), DONE)),
    "a count without a list of choices": streamed(CAME, end=(event({"usage": {"prompt_tokens": 1}}), DONE)),
    "no last line": streamed(CAME, end=()),
    "another kind of content, a stream": streamed(CAME, content_type="application/json"),
    "no kind of content, a stream": streamed(CAME, content_type=None),
    "another kind of content, whole": replace(whole(CAME), content_type="text/event-stream"),
    "no kind of content, whole": replace(whole(CAME), content_type=None),
    "whole, printed for people": Script((json.dumps(WHOLE, indent=2).encode(),), content_type="application/json"),
}


@pytest.mark.parametrize("script", ODD_AND_YET_RIGHT.values(), ids=ODD_AND_YET_RIGHT.keys())
async def test_what_is_odd_and_yet_right_is_a_whole_answer(script: Script) -> None:
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME
    assert result.end is Finish.COMPLETE
    assert len(server.requests) == 1


@pytest.mark.parametrize("bytes_at_once", [None, 1])
async def test_a_compressed_answer_arrives_piece_by_piece(bytes_at_once: int | None) -> None:
    gate = Gate()
    script = replace(packed(streamed(CAME, gate, " and more")), bytes_at_once=bytes_at_once)
    with ProviderServer("any", script) as server:
        engine = engine_for(server)
        async with aclosing(engine.read(request())) as events:
            assert isinstance(await anext(events), Sent)
            assert await anext(events) == TextDelta(CAME)
            gate.open()
            rest = Heard([event async for event in events])
        await engine.close()
    assert rest.text == " and more"
    assert rest.end is Finish.COMPLETE


async def test_what_is_not_compressed_as_it_says_cannot_be_read() -> None:
    with ProviderServer("any", streamed(CAME, headers={"content-encoding": "gzip"})) as server:
        result = await heard(engine_for(server), request())
    assert result.end is ErrorCode.ANSWER_UNREADABLE
    assert len(server.requests) == 1


async def test_a_whole_answer_can_be_cut_too() -> None:
    with ProviderServer("any", whole(CAME, "length")) as server:
        result = await heard(engine_for(server), request())
    assert result.text == CAME
    assert result.end is Finish.CUT


async def test_silence_in_the_middle_is_told_and_comments_do_not_break_it() -> None:
    gate = Gate()
    with ProviderServer("any", streamed(CAME, *[COMMENT] * 5, gate)) as server:
        result = await heard(engine_for(server), request(timeout_s=0.5))
        await server.requests[0].closed.waited()
    assert result.text == CAME
    assert result.end is ErrorCode.HOST_SILENT
    assert result.error is not None
    assert result.error.fields["host"] == "127.0.0.1"


async def test_a_long_stream_is_not_limited_in_total() -> None:
    from tests.support.provider_server import slowly

    with ProviderServer("any", slowly("x" * 80, 0.05)) as server:
        result = await heard(engine_for(server), request(timeout_s=0.6))
    assert result.text == "x" * 80
    assert result.end is Finish.COMPLETE


async def test_the_key_is_in_no_error() -> None:
    echo = event({"error": {"message": f"Bearer {KEY} is over its limit"}})
    with ProviderServer("any", streamed(CAME, echo, reason=None)) as server:
        result = await heard(engine_for(server), request())
    error: BaseException | None = result.error
    assert result.error is not None
    assert result.error.fields["message"] == "Bearer … is over its limit"
    while error is not None:
        assert KEY not in repr(error)
        error = error.__cause__ or error.__context__
