"""What a server refuses, what is asked again, and what is never sent."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.profiles import Profile
from tests.engines.asking import StillPicture, engine_for, engine_of, heard, profile_of, request
from tests.support.certificates import self_made
from tests.support.provider_answers import Gate, Script, as_json, page, redirected, refused, streamed
from tests.support.provider_server import KEY, ProviderServer

NOW = {"retry_after": "0"}

REFUSALS = {
    "wrong key": (refused(401, "invalid key"), ErrorCode.KEY_REFUSED),
    "no permission": (refused(403, "not yours"), ErrorCode.KEY_REFUSED),
    "no money": (refused(402, "insufficient balance"), ErrorCode.QUOTA_EXCEEDED),
    "no model": (refused(404, "no such model"), ErrorCode.MODEL_MISSING),
    "no model, other wording": (refused(400, "Model does not exist. Please check."), ErrorCode.MODEL_MISSING),
    "too large": (refused(413, "body too large"), ErrorCode.REQUEST_TOO_LARGE),
    "no such path": (refused(404, "Not Found"), ErrorCode.ADDRESS_WRONG),
    "no such method": (refused(405, "Method Not Allowed"), ErrorCode.ADDRESS_WRONG),
    "no money, as a limit": (refused(429, "You exceeded your current quota."), ErrorCode.QUOTA_EXCEEDED),
    "no sense": (refused(400, "an odd request"), ErrorCode.REQUEST_REFUSED),
    "list of a validator": (
        as_json({"detail": [{"loc": ["body", "n"], "msg": "wrong"}]}, 422),
        ErrorCode.REQUEST_REFUSED,
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_is_told_at_once_in_the_servers_words(refusal: tuple[Script, ErrorCode]) -> None:
    with ProviderServer("any", refusal[0]) as server:
        result = await heard(engine_for(server), request())
    assert result.events == result.sent
    assert result.end is refusal[1]
    assert result.error is not None
    assert result.error.fields["status"] == refusal[0].status
    assert result.error.fields["message"]
    assert len(server.requests) == 1


PASSING = {status: refused(status, "later", **NOW) for status in (408, 409, 429, 500, 502, 503)}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
async def test_what_passes_by_itself_is_asked_again(status: int) -> None:
    with ProviderServer("any", PASSING[status], PASSING[status], streamed("at last")) as server:
        result = await heard(engine_for(server), request(retries=2))
    assert result.text == "at last"
    assert result.end is Finish.COMPLETE
    assert [wait.seconds for wait in result.waits] == [0, 0]
    assert len(server.requests) == 3


async def test_it_is_asked_no_more_often_than_was_said() -> None:
    with ProviderServer("any", refused(429, "slow down", **NOW)) as server:
        result = await heard(engine_for(server), request(retries=2))
    assert result.end is ErrorCode.TOO_MANY_REQUESTS
    assert [wait.why for wait in result.waits] == ["too_many_requests"] * 2
    assert len(server.requests) == 3


async def test_a_server_that_wants_an_hour_of_peace_is_not_asked_again() -> None:
    with ProviderServer("any", refused(429, "daily limit", retry_after="3600")) as server:
        result = await heard(engine_for(server), request(retries=2))
    assert result.end is ErrorCode.TOO_MANY_REQUESTS
    assert result.error is not None
    assert result.error.fields["retry_after_s"] == 3600
    assert len(server.requests) == 1


async def test_a_connection_lost_before_the_first_word_is_asked_again() -> None:
    lost = streamed(reason=None, end=(), is_cut=True)
    with ProviderServer("any", lost, Script((), is_cut=True), streamed("at last")) as server:
        result = await heard(engine_for(server), request(retries=2))
    assert result.text == "at last"
    assert [wait.why for wait in result.waits] == ["connection_lost"] * 2


async def test_silence_before_the_first_word_is_asked_again() -> None:
    with ProviderServer("any", streamed(Gate()), streamed("at last")) as server:
        result = await heard(engine_for(server), request(timeout_s=0.6, retries=1))
        await server.requests[0].closed.waited()
    assert result.text == "at last"
    assert [wait.why for wait in result.waits] == ["host_silent"]


async def test_a_server_that_never_answers_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        profile = profile_of("custom").changed(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", model="m")
        result = await heard(engine_of(profile, None), request(timeout_s=0.2, retries=0))
    assert result.end is ErrorCode.HOST_SILENT


async def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    profile = profile_of("custom").changed(base_url=f"http://127.0.0.1:{port}/v1", model="m")
    result = await heard(engine_of(profile, None), request(retries=1))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert len(result.waits) == 1


async def test_a_host_that_nobody_knows_is_told_and_asked_for_again() -> None:
    profile = profile_of("custom").changed(base_url="https://ocr.invalid/v1", model="m")
    result = await heard(engine_of(profile), request(retries=1))
    assert result.end is ErrorCode.HOST_UNKNOWN
    assert [wait.why for wait in result.waits] == ["host_unknown"]
    assert result.error is not None
    assert "message" not in result.error.fields


async def test_a_certificate_that_nobody_vouches_for_is_told_at_once(tmp_path: Path) -> None:
    with ProviderServer("any", secured=self_made(tmp_path)) as server:
        result = await heard(engine_for(server), request())
    assert result.end is ErrorCode.HOST_UNTRUSTED
    assert result.error is not None
    assert result.error.fields["message"] == "self-signed certificate"
    assert not server.requests
    assert result.waits == []


async def test_a_server_without_encryption_is_told_where_it_was_expected() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        profile = profile_of("custom").changed(base_url=address, model="m")
        result = await heard(engine_of(profile), request(retries=0))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert result.error is not None
    assert result.error.fields["message"] == "TLS: wrong version number"


async def test_a_handshake_that_never_ends_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.CONNECT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"https://127.0.0.1:{listening.getsockname()[1]}"
        result = await heard(engine_of(profile_of("custom").changed(base_url=address, model="m")), request(retries=0))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert result.error is not None
    assert "message" not in result.error.fields


HUNG_UP = {
    "before any word": Script((), has_head=False, is_cut=True),
    "in the middle of the head": Script((), before=(b"HTTP/1.1 200 OK\r\nx-",), has_head=False, is_cut=True),
    "with something that is no HTTP": Script((), before=(b"220 mail.example ready\r\n",), has_head=False, is_cut=True),
}


@pytest.mark.parametrize("script", HUNG_UP.values(), ids=HUNG_UP.keys())
async def test_a_server_that_hangs_up_is_not_one_that_is_not_there(script: Script) -> None:
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request(retries=1))
    assert result.end is ErrorCode.CONNECTION_LOST
    assert result.error is not None
    assert "message" not in result.error.fields
    assert len(server.requests) == 2


async def test_a_date_of_another_century_is_told_as_a_day() -> None:
    until = "Fri, 21 Nov 9999 12:00:00 GMT"
    with ProviderServer("any", refused(429, "slow down", retry_after=until)) as server:
        result = await heard(engine_for(server), request(retries=2))
    assert result.error is not None
    assert result.error.fields["retry_after_s"] == 24 * 3600
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    with ProviderServer() as elsewhere:
        target = elsewhere.base_url.replace("127.0.0.1", "localhost") + "/chat/completions"
        with ProviderServer("any", redirected(target, status)) as server:
            result = await heard(engine_for(server), request())
    assert result.end is ErrorCode.HOST_REDIRECTS
    assert result.error is not None
    assert result.error.fields["to"] == "localhost"
    assert len(server.requests) == 1
    assert not elsewhere.requests


async def test_a_web_page_as_a_refusal_is_not_read_out() -> None:
    with ProviderServer("any", page(502)) as server:
        result = await heard(engine_for(server), request(retries=0))
    assert result.end is ErrorCode.SERVER_FAILED
    assert result.error is not None
    assert result.error.fields["message"] == ""


async def test_the_key_that_a_server_echoes_is_not_told() -> None:
    with ProviderServer(key="another") as server:
        result = await heard(engine_for(server), request())
    assert result.end is ErrorCode.KEY_REFUSED
    assert KEY not in repr(result.error)
    assert result.error is not None
    assert str(result.error.fields["message"]).startswith("wrong key: Bearer …")


async def test_a_server_that_wants_a_key_where_none_is_set_says_so() -> None:
    with ProviderServer() as server:
        result = await heard(engine_for(server, key=None), request())
    assert result.end is ErrorCode.KEY_MISSING
    assert result.error is not None
    assert result.error.fields["variable"] == "OCR_DESKTOP_API_KEY"


NEVER_SENT: dict[str, tuple[Profile, str | None, ErrorCode]] = {
    "no key": (profile_of("modelverse"), None, ErrorCode.KEY_MISSING),
    "a blank key": (profile_of("ppio"), " \n", ErrorCode.KEY_MISSING),
    "a key that is none": (profile_of("modelverse"), "我的密钥", ErrorCode.KEY_UNUSABLE),
    "a key of two lines": (profile_of("modelverse"), "one\ntwo", ErrorCode.KEY_UNUSABLE),
    "a plain line and a key": (
        profile_of("modelverse").changed(base_url="http://192.0.2.1/v1"),
        KEY,
        ErrorCode.HOST_INSECURE,
    ),
    "a plain line": (
        profile_of("custom").changed(base_url="HTTP://192.0.2.1/v1", model="m"),
        None,
        ErrorCode.HOST_INSECURE,
    ),
}


@pytest.mark.parametrize("case", NEVER_SENT.values(), ids=NEVER_SENT.keys())
async def test_nothing_is_even_prepared_where_it_must_not_be_sent(case: tuple[Profile, str | None, ErrorCode]) -> None:
    profile, key, code = case
    pictures = StillPicture()
    result = await heard(engine_of(profile, key, pictures=pictures), request())
    assert result.end is code
    assert result.error is not None
    assert result.error.fields["variable"] == profile.key_variable
    assert key is None or not key.strip() or key not in repr(result.error)
    assert not pictures.asked_for


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (profile_of("custom"), ErrorCode.PROFILE_INCOMPLETE),
        (profile_of("custom").changed(base_url="https://example.org"), ErrorCode.PROFILE_INCOMPLETE),
    ],
)
async def test_what_cannot_be_asked_is_a_mistake_of_the_caller(profile: Profile, code: ErrorCode) -> None:
    with pytest.raises(UsageError) as caught:
        await heard(engine_of(profile, KEY), request())
    assert caught.value.code is code


async def test_what_an_endpoint_does_not_offer_is_refused_before_anything_is_sent() -> None:
    pictures = StillPicture()
    profile = replace(profile_of("ollama"), presets=(PresetId.FREE,))
    result = await heard(engine_of(profile, KEY, pictures=pictures), request())
    assert result.end is ErrorCode.PRESET_UNSUPPORTED
    assert not pictures.asked_for


@pytest.mark.parametrize(
    "proxy", ["socks4://user:pass-word@127.0.0.1:1", "http://user:pass-word@127.0.0.1:1", "ftp://pass-word"]
)
async def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    profile = profile_of("custom").changed(base_url="https://192.0.2.1/v1", model="m")
    result = await heard(engine_of(profile, None), request(retries=0))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert "pass-word" not in repr(result.error)


async def test_a_list_of_certificates_that_cannot_be_read_is_no_fault_of_a_proxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    profile = profile_of("custom").changed(base_url="https://192.0.2.1/v1", model="m")
    result = await heard(engine_of(profile, None), request(retries=0))
    assert result.end is ErrorCode.HOST_UNREACHABLE
    assert result.error is not None
    assert "SSL_CERT_FILE" in str(result.error.fields["message"])


async def test_an_address_that_the_client_cannot_read_is_a_mistake_of_the_profile() -> None:
    profile = replace(profile_of("custom"), base_url="http://127.0.0.1:port/v1", model="m", http_allowed=True)
    with pytest.raises(UsageError) as caught:
        await heard(engine_of(profile), request(retries=0))
    assert caught.value.fields["missing"] == "base_url"
