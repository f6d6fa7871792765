"""A server that says how it would take a request is asked in that way, and asked so from then on."""

from __future__ import annotations

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Finished, Sent, TextDelta
from tests.engines.asking import answered, engine_for, heard, request
from tests.support.provider_answers import as_json, refused, streamed
from tests.support.provider_server import ProviderServer

NOW = {"retry_after": "0"}


async def test_a_refused_field_is_left_out_from_then_on() -> None:
    unknown = refused(400, "Unrecognized request argument supplied: stream_options", **NOW)
    strict = as_json({"detail": [{"loc": ["body", "vllm_xargs"], "msg": "Extra inputs are not permitted"}]}, 422)
    with ProviderServer("any", unknown, strict, streamed("read")) as server:
        engine = engine_for(server, "vllm")
        first = [event async for event in engine.read(request(retries=0))]
        second = await heard(engine, request(retries=0))
    assert engine.fields_refused == {"stream_options", "vllm_xargs"}
    assert isinstance(first[-1], Finished)
    assert first[-1].warnings == (WarningCode.FIELDS_LEFT_OUT,)
    assert second.finished is not None
    assert second.finished.warnings == (WarningCode.FIELDS_LEFT_OUT,)
    sent = [asked.body.keys() & {"stream_options", "vllm_xargs", "skip_special_tokens"} for asked in server.requests]
    assert sent[0] == {"stream_options", "vllm_xargs", "skip_special_tokens"}
    assert sent[1] == {"vllm_xargs", "skip_special_tokens"}
    assert sent[2] == sent[3] == {"skip_special_tokens"}
    assert [type(event) for event in first] == [Sent, Sent, Sent, TextDelta, Finished]
    assert [type(event) for event in second.events] == [Sent, TextDelta, Finished]


async def test_without_the_count_of_tokens_nothing_is_missing_from_the_answer() -> None:
    with ProviderServer("any", refused(400, "Unknown parameter: 'stream_options'."), streamed("read")) as server:
        result = await heard(engine_for(server), request(retries=0))
    assert result.finished == Finished(Finish.COMPLETE)


async def test_what_did_not_help_is_not_remembered() -> None:
    """The server repeats whatever was sent and means something else."""
    unknown = refused(400, "unknown field vllm_xargs")
    with ProviderServer("any", unknown, refused(400, "the picture is too dark"), streamed("read")) as server:
        engine = engine_for(server, "vllm")
        assert (await answered(engine, request())).end is ErrorCode.REQUEST_REFUSED
        assert engine.fields_refused == frozenset()
        assert (await heard(engine, request())).text == "read"
    assert ["vllm_xargs" in asked.body for asked in server.requests] == [True, False, True]


async def test_a_request_that_is_echoed_is_not_taken_apart() -> None:
    echo = 'unsupported picture in {"stream_options": {"include_usage": true}, "skip_special_tokens": false}'
    with ProviderServer("any", refused(400, echo)) as server:
        result = await heard(engine_for(server, "vllm"), request())
    assert result.end is ErrorCode.REQUEST_REFUSED
    assert len(server.requests) == 1


async def test_what_a_server_taught_is_kept_when_the_same_read_asks_again() -> None:
    unknown = refused(400, "vllm_xargs is unknown")
    limit = refused(400, "max_tokens must be at most 4096, not 8192")
    later = refused(503, "later", **NOW)
    with ProviderServer("any", unknown, limit, later, streamed("read")) as server:
        result = await heard(engine_for(server, "vllm"), request(max_tokens=8192, retries=1))
    assert result.text == "read"
    asked = [("vllm_xargs" in recorded.body, recorded.body["max_tokens"]) for recorded in server.requests]
    assert asked == [(True, 8192), (False, 8192), (False, 4096), (False, 4096)]
    assert len(result.sent) == 4
    assert len(result.waits) == 1


async def test_a_field_refused_again_is_not_asked_for_ever() -> None:
    with ProviderServer("any", refused(400, "stream_options is not supported")) as server:
        result = await heard(engine_for(server), request(retries=0))
    assert result.end is ErrorCode.REQUEST_REFUSED
    assert len(server.requests) == 2


async def test_the_number_of_tokens_that_the_server_names_is_asked_for_once() -> None:
    words = (
        "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 "
        "tokens and your request has 913 input tokens"
    )
    with ProviderServer("any", refused(400, words), streamed("read")) as server:
        result = await heard(engine_for(server), request(max_tokens=8192, retries=0))
    assert result.text == "read"
    assert [asked.body["max_tokens"] for asked in server.requests] == [8192, 7279]
    with ProviderServer("any", refused(400, words)) as server:
        result = await heard(engine_for(server), request(max_tokens=8192, retries=0))
    assert result.end is ErrorCode.REQUEST_REFUSED
    assert len(server.requests) == 2


async def asked_twice(words: str) -> tuple[list[int], int | None]:
    """The tokens that two questions of one session asked for, of a server that names a limit once."""
    with ProviderServer("any", refused(400, words), streamed("read")) as server:
        engine = engine_for(server)
        for _ in range(2):
            assert (await answered(engine, request(max_tokens=8192, retries=0))).text == "read"
        await engine.close()
    return [asked.body["max_tokens"] for asked in server.requests], engine.tokens_allowed


async def test_the_number_that_a_server_named_is_kept_to_in_the_next_question() -> None:
    assert await asked_twice("max_tokens must be at most 4096") == ([8192, 4096, 4096], 4096)
    full = "maximum context length is 8192 tokens and your request has {} input tokens"
    assert await asked_twice(full.format(913)) == ([8192, 7279, 7279], 7279)
    # What one large picture left over is no limit for others.
    assert await asked_twice(full.format(8000)) == ([8192, 192, 8192], 192)


async def test_fewer_tokens_are_asked_for_where_fewer_are_wished() -> None:
    with ProviderServer("any", refused(400, "max_tokens must be at most 4096"), streamed("read")) as server:
        engine = engine_for(server)
        await answered(engine, request(max_tokens=8192))
        await heard(engine, request(max_tokens=100))
    assert [asked.body["max_tokens"] for asked in server.requests] == [8192, 4096, 100]
