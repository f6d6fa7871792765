"""However much a server sends, no more is read than an answer can have."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncGenerator
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.engines import bounds
from ocr_desktop.engines.bounds import MARK, MEGABYTE, Body, TooLongError, WebPageError
from tests.engines.asking import engine_for, heard, request
from tests.engines.scripts import bomb, burst, without_end
from tests.support.provider_answers import Gate, Script, event, part, streamed, text, whole
from tests.support.provider_server import ProviderServer

TOO_MUCH = {
    "a line without end": without_end(b"a", text("come"), b"data: "),
    "a comment without end": without_end(b"a", text("come"), b": "),
    "a bomb": bomb(300),
}


@pytest.mark.parametrize("script", TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_what_would_fill_the_memory_is_not_read(script: Script) -> None:
    with ProviderServer("any", script) as server:
        engine = engine_for(server)
        await engine.models()
        tracemalloc.start()
        try:
            result = await heard(engine, request())
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert result.text == "come"
    assert result.end is ErrorCode.ANSWER_UNREADABLE
    assert result.error is not None
    assert result.error.fields["message"] == "more than 16 MB"
    assert most < 100 * MEGABYTE
    assert len(server.requests) == 2


async def test_an_answer_is_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", MEGABYTE)
    with ProviderServer("any", without_end(text("word "))) as server:
        result = await heard(engine_for(server), request())
        await server.requests[0].closed.waited()
    assert result.text.startswith("word word ")
    assert result.end is ErrorCode.ANSWER_UNREADABLE


async def test_a_refusal_without_end_is_the_refusal() -> None:
    with ProviderServer("any", without_end(b"no ", status=401, content_type="text/plain")) as server:
        result = await heard(engine_for(server), request())
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.KEY_REFUSED
    assert result.error is not None
    assert str(result.error.fields["message"]).startswith("no no no")


async def test_a_refusal_whose_words_never_come_is_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "REFUSAL_S", 0.05)
    with ProviderServer("any", Script((Gate(),), status=403)) as server:
        result = await heard(engine_for(server), request())
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.KEY_REFUSED
    assert len(server.requests) == 1


async def test_a_web_page_without_end_is_left_at_once() -> None:
    with ProviderServer("any", without_end(b"<p>", content_type="text/html")) as server:
        result = await heard(engine_for(server), request())
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.ANSWER_UNREADABLE


async def test_five_megabytes_in_one_delta_are_an_answer() -> None:
    large = "word " * MEGABYTE
    for script in (streamed(large), whole(large)):
        with ProviderServer("any", script) as server:
            result = await heard(engine_for(server), request())
        assert result.text == large
        assert result.end is Finish.COMPLETE


async def test_a_burst_of_deltas_is_an_answer() -> None:
    words = [f"{number} " for number in range(20_000)]
    with ProviderServer("any", burst(words)) as server:
        result = await heard(engine_for(server), request())
    assert result.text == "".join(words)
    assert result.end is Finish.COMPLETE


async def test_parts_without_text_do_not_lengthen_the_silence() -> None:
    empty = event(part({"index": 0, "delta": {"content": ""}, "finish_reason": None}))
    with ProviderServer("any", without_end(b": ping\n\n" + empty)) as server:
        result = await heard(engine_for(server), request(timeout_s=0.3, retries=0))
        await server.requests[0].closed.waited()
    assert result.end is ErrorCode.HOST_SILENT


async def through(body: list[bytes], **limits: int) -> tuple[Body, list[bytes]]:
    """What comes through of a response's bytes."""

    async def bytes_of(chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        for piece in body:
            yield piece

    async def close() -> None:
        """Nothing is open here."""

    response = SimpleNamespace(aiter_bytes=bytes_of, aclose=close)
    looked_at = Body(response, **limits)
    return looked_at, [piece async for piece in response.aiter_bytes()]


@given(st.lists(st.binary(min_size=1)), st.integers(1, 30), st.integers(1, 12))
@example([b"\xef"], 1, 1)
@example([b"\xef", b"a"], 5, 5)
async def test_the_bounds_are_met_exactly(body: list[bytes], most: int, most_in_a_line: int) -> None:
    all_bytes = b"".join(body)
    longest_line = max(len(line) for line in all_bytes.split(b"\n"))
    is_page = all_bytes.lstrip().startswith(b"<")
    try:
        _, came = await through(body, most_bytes=most, most_bytes_in_a_line=most_in_a_line)
    except TooLongError:
        assert len(all_bytes) > most or longest_line > most_in_a_line
    except WebPageError:
        assert is_page
    else:
        assert b"".join(came) == all_bytes.removeprefix(MARK)
        assert len(all_bytes) <= most + len(MARK)
        assert not is_page


@pytest.mark.parametrize(
    ("body", "is_stream", "json"),
    [
        (b"", True, None),
        (b": ping\n\n", True, None),
        (b"\r\n\r\ndata: {}\n\n", True, None),
        (b"event: error\n", True, None),
        (b' \n{"a": 1}', False, b'{"a": 1}'),
        (b"[1]", False, b"[1]"),
        (b"It works!", False, None),
    ],
)
@pytest.mark.parametrize("at_once", [1, 2, 1000])
async def test_what_it_is_shows_in_its_first_bytes(
    body: bytes, is_stream: bool, json: bytes | None, at_once: int
) -> None:
    looked_at, _ = await through([body[at : at + at_once] for at in range(0, len(body), at_once)])
    assert (looked_at.is_stream, looked_at.json) == (is_stream, json)
