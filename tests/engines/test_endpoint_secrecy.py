"""Where a key may be, and where no request goes."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import aclosing

import pytest

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.events import Sent, Waiting
from ocr_desktop.engines.base import OfflineSwitch
from tests.engines.asking import Heard, engine_for, engine_of, heard, profile_of, request
from tests.support.provider_answers import Script, event, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

ENDINGS = {
    "a good answer": streamed("Hello"),
    "a refusal that repeats the key": refused(401, f"wrong key: {KEY}"),
    "an error in the stream that repeats it": streamed(event({"error": {"message": KEY, "code": 500}}), reason=None),
    "a broken line that repeats it": streamed(f"data: {KEY}\n\n".encode(), reason=None),
    "a lost connection": streamed("come", reason=None, end=(), is_cut=True),
}


@pytest.mark.parametrize("script", ENDINGS.values(), ids=ENDINGS.keys())
async def test_the_key_is_in_nothing_that_is_written(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ProviderServer("any", script) as server:
        engine = engine_for(server)
        result = await heard(engine, request(retries=1))
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert any(record.name.startswith("openai") for record in caplog.records), "the client does write its log"
    written = [caplog.text, repr(engine), repr(vars(engine)), repr(result)]
    written += [f"{record.msg!r} {record.args!r}" for record in caplog.records]
    if result.error is not None:
        written += traceback.TracebackException.from_exception(result.error, capture_locals=True).format()
        assert result.error.__cause__ is result.error.__context__ is None
    assert [text for text in written if KEY in text] == []


async def test_the_client_itself_never_has_the_key() -> None:
    with ProviderServer() as server:
        engine = engine_for(server)
        client = await engine._connected_client()
        assert KEY not in repr((client.api_key, client.auth_headers, client.default_headers))
        assert (await heard(engine, request())).text == "Hello"


@pytest.mark.parametrize(
    "other", ["http://localhost:{port}/v1", "https://127.0.0.1:{port}/v1", "http://127.0.0.1:1/v1"]
)
async def test_no_request_leaves_for_another_place(other: str) -> None:
    with ProviderServer() as server:
        engine = engine_for(server)
        client = await engine._connected_client()
        with pytest.raises(EngineError) as caught:
            await client.get(other.format(port=server.port) + "/models", cast_to=object)
        await engine.close()
    assert caught.value.code is ErrorCode.HOST_REDIRECTS
    assert not server.requests


async def test_offline_nothing_is_sent() -> None:
    with ProviderServer() as server:
        result = await heard(engine_for(server, offline=OfflineSwitch(is_on=True)), request())
    assert result.end is ErrorCode.OFFLINE
    assert result.events == []
    assert not server.requests


async def switched_off_at(kind: type, *scripts: Script, time: int = 1) -> tuple[Heard, int]:
    """What comes when somebody goes offline at an event of a kind, and how many requests were made."""
    offline = OfflineSwitch()
    result = Heard([])
    with ProviderServer("any", *scripts) as server:
        engine = engine_for(server, offline=offline)
        try:
            async with aclosing(engine.read(request())) as events:
                async for each in events:
                    result.events.append(each)
                    offline.is_on = sum(isinstance(event, kind) for event in result.events) >= time
        except EngineError as error:
            result.error = error
        await engine.close()
        return result, len(server.requests)


async def test_the_switch_is_looked_at_before_each_request() -> None:
    result, requests = await switched_off_at(Waiting, refused(503, "later", retry_after="0"))
    assert (result.end, requests) == (ErrorCode.OFFLINE, 1)
    assert len(result.sent) == 1


async def test_the_switch_is_looked_at_once_more_when_all_is_ready() -> None:
    result, requests = await switched_off_at(Sent, streamed("never"))
    assert (result.end, requests) == (ErrorCode.OFFLINE, 0)


async def test_the_switch_stops_no_answer_that_comes_already() -> None:
    offline = OfflineSwitch()
    with ProviderServer("any", streamed("one", " two")) as server:
        engine = engine_for(server, offline=offline)
        async with aclosing(engine.read(request())) as events:
            came = []
            async for each in events:
                came.append(each)
                offline.is_on = not isinstance(each, Sent)
        await engine.close()
    assert Heard(came).end is Finish.COMPLETE


async def test_a_repeat_is_a_request_too() -> None:
    unknown = refused(400, "stream_options is unknown")
    result, requests = await switched_off_at(Sent, unknown, streamed("never"), time=2)
    assert (result.end, requests) == (ErrorCode.OFFLINE, 1)


@pytest.mark.parametrize(
    "location",
    ["", "/v1/chat/completions", "http://[", "https://elsewhere.example/", "//elsewhere.example", "javascript:x", "é"],
)
async def test_whatever_a_redirect_names_it_is_not_followed(location: str) -> None:
    script = Script((), status=307, content_type=None, headers={"location": location})
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request())
    assert result.end is ErrorCode.HOST_REDIRECTS
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
async def test_a_proxy_of_a_kind_that_is_not_known_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "socks5://user:pass-word@127.0.0.1:1")
    profile = profile_of("custom").changed(base_url="https://192.0.2.1/v1", model="m")
    result = await heard(engine_of(profile), request())
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert result.error is not None
    assert "proxy" in str(result.error.fields["message"])
    assert "pass-word" not in repr(result.error)


async def test_what_goes_elsewhere_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy sees that there is a request, and refuses it."""
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass-word@127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        profile = profile_of("custom").changed(base_url="https://192.0.2.1/v1", model="m")
        result = await heard(engine_of(profile, KEY), request(retries=0))
    assert asked[0].startswith(b"CONNECT 192.0.2.1:443 ")
    assert KEY.encode() not in asked[0]
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert result.error is not None
    assert result.error.fields["message"] == "proxy: 407 Proxy Authentication Required"
    assert "pass-word" not in repr(result.error)
