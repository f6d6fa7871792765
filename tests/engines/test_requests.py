"""The body of a request: what stands in it, and that the wire carries exactly that."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.engines.profiles import PartOrder, shipped_profiles
from ocr_desktop.engines.requests import droppable_fields, request_body
from tests.engines.asking import engine_for, heard, profile_of, request
from tests.support.provider_answers import refused, streamed
from tests.support.provider_server import ProviderServer

ADDRESS = "data:image/png;base64,AAAA"


@pytest.mark.parametrize("engine_id", [profile.id for profile in shipped_profiles()])
async def test_the_wire_carries_exactly_this_body(engine_id: str) -> None:
    with ProviderServer() as server:
        profile = profile_of(engine_id)
        asked = request(max_tokens=321, prompt='Read 这 <|ref|>é<|/ref|> \U0001d518 "it"\n')
        await heard(engine_for(server, profile), asked)
    [recorded] = server.requests
    encoded = base64.b64encode(recorded.picture).decode()
    body = request_body(
        profile if profile.model else replace(profile, model="some/model"),
        prompt=asked.prompt,
        picture_address=f"data:{recorded.media_type};base64,{encoded}",
        max_tokens=321,
    )
    assert json.dumps(recorded.body) == json.dumps(body), "the same fields in the same order"


async def test_after_a_refusal_it_carries_the_body_without_the_field() -> None:
    with ProviderServer("any", refused(400, "vllm_xargs: extra inputs are not permitted"), streamed("read")) as server:
        await heard(engine_for(server, "vllm"), request())
    first, second = (dict(recorded.body) for recorded in server.requests)
    del first["vllm_xargs"]
    assert json.dumps(first) == json.dumps(second)


def test_the_fields_stand_in_their_order() -> None:
    profile = replace(profile_of("custom"), model="m", extra_body={"b": 1, "a": [2]})
    body = request_body(profile, prompt="p", picture_address=ADDRESS, max_tokens=5)
    assert list(body) == ["model", "messages", "max_tokens", "temperature", "stream", "stream_options", "b", "a"]


@pytest.mark.parametrize(("order", "first"), [(PartOrder.TEXT_FIRST, "text"), (PartOrder.IMAGE_FIRST, "image_url")])
def test_the_profile_says_which_part_comes_first(order: PartOrder, first: str) -> None:
    profile = replace(profile_of("custom"), model="m", part_order=order)
    [message] = request_body(profile, prompt="p", picture_address=ADDRESS, max_tokens=5)["messages"]
    assert next(content["type"] for content in message["content"]) == first
    assert len(message["content"]) == 2


@given(st.text(), st.sets(st.sampled_from(["stream_options", "extra", "model"])))
@example("half of a letter: \udcff", set())
def test_any_prompt_can_be_sent_and_only_optional_fields_are_left_out(prompt: str, left_out: set[str]) -> None:
    profile = replace(profile_of("custom"), model="m", extra_body={"extra": 1})
    body = request_body(profile, prompt=prompt, picture_address=ADDRESS, max_tokens=5, left_out=frozenset(left_out))
    json.dumps(body, ensure_ascii=False).encode()
    assert body["model"] == "m"
    assert body.keys() >= {"model", "messages", "max_tokens", "temperature", "stream"}
    assert body.keys() & droppable_fields(profile) == droppable_fields(profile) - left_out
