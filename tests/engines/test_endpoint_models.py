"""The list of models that a server gives."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.engines.base import OfflineSwitch
from ocr_desktop.engines.model_lists import LONGEST_NAME, MOST_MODELS, model_names
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from tests.engines.asking import engine_for, engine_of, profile_of
from tests.engines.scripts import ListingServer, without_end
from tests.support.provider_answers import Gate, Script, as_json, page, redirected, refused
from tests.support.provider_server import KEY, ProviderServer


async def listed_by(engine: OpenAICompatibleEngine) -> tuple[str, ...]:
    try:
        return await engine.models()
    finally:
        await engine.close()


async def test_the_models_are_asked_for_with_nothing_but_the_key() -> None:
    with ProviderServer("modelverse") as server:
        assert await listed_by(engine_for(server, "modelverse")) == ("deepseek-ai/DeepSeek-OCR",)
    [asked] = server.requests
    assert (asked.method, asked.path, asked.body) == ("GET", "/v1/models", {})
    assert asked.headers.keys() <= {
        "host", "accept", "accept-encoding", "connection", "user-agent", "authorization", "content-type"
    }  # fmt: skip
    assert asked.headers["authorization"] == f"Bearer {KEY}"


async def test_they_can_be_asked_for_before_a_model_is_chosen() -> None:
    with ProviderServer() as server:
        profile = profile_of("custom").changed(base_url=server.base_url)
        assert await listed_by(engine_of(profile, KEY)) == ("some/model",)


FAILURES = {
    "wrong key": (refused(401, "no"), ErrorCode.KEY_REFUSED),
    "no such path": (refused(404, "Not Found"), ErrorCode.ADDRESS_WRONG),
    "no such method": (refused(405, "Method Not Allowed"), ErrorCode.ADDRESS_WRONG),
    "a page": (page(), ErrorCode.ANSWER_UNREADABLE),
    "another object": (as_json({"hello": "world"}), ErrorCode.ANSWER_UNREADABLE),
    "no JSON": (Script((b"{",), content_type="application/json"), ErrorCode.ANSWER_UNREADABLE),
    "a list without end": (without_end(b'{"data": [', content_type="application/json"), ErrorCode.ANSWER_UNREADABLE),
    "a broken connection": (Script((b"{",), is_cut=True), ErrorCode.CONNECTION_LOST),
    "a failing server": (refused(503, "later"), ErrorCode.SERVER_FAILED),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_a_list_that_does_not_come_is_an_error(failure: tuple[Script, ErrorCode]) -> None:
    with ListingServer("any", failure[0]) as server, pytest.raises(EngineError) as caught:
        await listed_by(engine_for(server))
    assert caught.value.code is failure[1]
    assert len(server.requests) == 1
    assert caught.value.__cause__ is caught.value.__context__ is None


async def test_a_redirect_is_not_followed() -> None:
    with ProviderServer() as elsewhere:
        script = redirected(elsewhere.base_url + "/models")
        with ListingServer("any", script) as server, pytest.raises(EngineError) as caught:
            await listed_by(engine_for(server))
        assert not elsewhere.requests
    assert caught.value.code is ErrorCode.HOST_REDIRECTS


async def test_a_list_that_never_comes_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_desktop.engines.openai_compatible.LIST_S", 0.1)
    with ListingServer("any", Script((b'{"data":', Gate()))) as server:
        with pytest.raises(EngineError) as caught:
            await listed_by(engine_for(server))
        await server.requests[0].closed.waited()
    assert caught.value.code is ErrorCode.HOST_SILENT


async def test_who_stops_waiting_for_the_list_closes_the_connection() -> None:
    gate = Gate()
    with ListingServer("any", Script((gate,))) as server:
        engine = engine_for(server)
        waiting = asyncio.create_task(engine.models())
        await gate.reached.waited()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await server.requests[0].closed.waited()
        await engine.close()


async def test_nothing_is_asked_where_nothing_may_be_sent() -> None:
    with ProviderServer() as server:
        with pytest.raises(EngineError) as caught:
            await engine_for(server, offline=OfflineSwitch(is_on=True)).models()
        assert caught.value.code is ErrorCode.OFFLINE
        with pytest.raises(EngineError) as caught:
            await engine_for(server, "modelverse", key=None).models()
        assert caught.value.code is ErrorCode.KEY_MISSING
    assert not server.requests
    with pytest.raises(UsageError):
        await engine_of(profile_of("custom"), KEY).models()


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ({"data": [{"id": "b"}, {"id": "a"}, {"id": "b"}]}, ("b", "a")),
        ({"models": [{"name": "x:latest"}, {"model": "y"}]}, ("x:latest", "y")),
        ([{"id": "a"}], ("a",)),
        ({"data": None}, ()),
        ({"data": [{"id": 7}, "a", None, {"id": "line\nbreak"}, {"id": "l" * (LONGEST_NAME + 1)}, {"id": ""}]}, ("a",)),
        ({"data": "a"}, None),
        ({}, None),
        ("a", None),
    ],
)
def test_a_list_has_one_of_several_forms(listed: object, names: tuple[str, ...] | None) -> None:
    assert model_names(listed) == names


@given(st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["data", "id"]), x)))
def test_whatever_is_listed_can_be_shown(listed: object) -> None:
    assert all(name.isprintable() for name in model_names(listed) or ())


def test_a_long_list_is_cut() -> None:
    assert len(model_names([str(number) for number in range(10_000)]) or ()) == MOST_MODELS
