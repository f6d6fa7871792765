"""The draft of the endpoints, without a widget."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.profiles import PartOrder, Profile, load_profile, profile_toml, shipped_profiles
from ocr_desktop.gui.settings.draft import EngineDraft, EnginesDraft
from ocr_desktop.gui.settings.engine_fields import (
    EngineFields,
    Problem,
    fields_of,
    key_problem,
    problems_of,
    profile_of,
    shortened_address,
)

SHIPPED = {profile.id: profile for profile in shipped_profiles()}
MODELVERSE, PPIO, CUSTOM = SHIPPED["modelverse"], SHIPPED["ppio"], SHIPPED["custom"]
OWN = dataclasses.replace(PPIO, id="mine", title="Mine", base_url="https://mine.invalid/v1")


def unused_id(wished: str) -> str:
    taken = {*SHIPPED, OWN.id}
    return next(each for each in (wished, f"{wished}-2", f"{wished}-3") if each not in taken)


def draft_of(*set_up: str, own: tuple[Profile, ...] = (), environment: tuple[str, ...] = ()) -> EnginesDraft:
    kept = SHIPPED | {profile.id: profile for profile in own}
    return EnginesDraft(kept.values(), SHIPPED.values(), [each.id for each in own], set_up, environment, unused_id)


def change(engine: EngineDraft, **fields: Any) -> None:
    engine.fields = dataclasses.replace(engine.fields, **fields)


def test_looking_changes_nothing() -> None:
    draft = draft_of("ppio", "modelverse", "mine", "no longer there", own=(OWN,))
    assert [engine.id for engine in draft.engines] == ["ppio", "modelverse", "mine"]
    assert not draft.is_changed
    differences = draft.differences()
    assert (differences.saved, differences.deleted, differences.kept_keys, differences.forgotten_keys) == ((),) * 4


@pytest.mark.parametrize("profile", SHIPPED.values(), ids=list(SHIPPED))
def test_every_shipped_profile_goes_through_the_form_unchanged(profile: Profile) -> None:
    assert profile_of(profile, fields_of(profile)) == profile


def test_a_shipped_profile_is_added_by_its_id_alone_and_written_once_it_is_changed() -> None:
    draft = draft_of("ppio")
    engine = draft.add_shipped("modelverse")
    assert draft.is_changed
    assert draft.differences().order == ("ppio", "modelverse")
    assert draft.differences().saved == ()
    change(engine, model=" another ")
    assert draft.differences().saved == (dataclasses.replace(MODELVERSE, model="another"),)


def test_the_shipped_settings_come_back_by_deleting_the_own_ones() -> None:
    edited = dataclasses.replace(PPIO, model="another")
    draft = draft_of("ppio", own=(edited,))
    (engine,) = draft.engines
    assert engine.differs_from_shipped
    engine.take_shipped()
    assert not engine.differs_from_shipped
    assert draft.differences().deleted == ("ppio",)
    assert draft.differences().saved == ()


def test_what_is_removed_is_deleted_with_its_key_unless_it_is_added_again() -> None:
    draft = draft_of("mine", "ppio", own=(OWN,))
    for engine in tuple(draft.engines):
        draft.remove(engine)
    differences = draft.differences()
    assert differences.deleted == ("mine",)
    assert differences.forgotten_keys == (OWN, PPIO)
    assert differences.order == ()
    draft.add_shipped("ppio")
    assert draft.differences().forgotten_keys == (OWN,)


def test_one_whose_key_is_in_the_environment_stays() -> None:
    draft = draft_of("ppio", "mine", own=(OWN,), environment=("ppio", "mine"))
    assert [draft.stays_by_itself(engine) for engine in draft.engines] == [True, False]


def test_a_copy_stands_behind_with_an_id_of_its_own_and_without_the_key() -> None:
    draft = draft_of("ppio", "modelverse")
    ppio = draft.engines[0]
    ppio.type_key(Secret("sk-1"))
    copied = draft.copy(ppio, "PPIO (copy)")
    again = draft.copy(ppio, "PPIO (copy)")
    assert [engine.id for engine in draft.engines] == ["ppio", again.id, copied.id, "modelverse"]
    assert len({engine.id for engine in draft.engines}) == 4
    assert [profile.id for profile, _ in draft.differences().kept_keys] == ["ppio"]
    assert draft.differences().saved[0].title == "PPIO (copy)"


def test_servers_of_ones_own_can_be_added_many_times() -> None:
    draft = draft_of()
    first, second = draft.add_shipped("custom"), draft.add_shipped("custom")
    assert "custom" in [profile.id for profile in draft.addable]
    assert first.id != second.id
    assert first.fields.title != second.fields.title
    assert draft.unusable is first
    assert first.problems == {"base_url": Problem.ADDRESS_EMPTY, "model": Problem.MODEL_EMPTY}
    assert first.touched_problems == {}


def test_moving_ends_at_the_ends() -> None:
    draft = draft_of("ppio", "modelverse", "vllm")
    ppio = draft.engines[0]
    assert not draft.move(ppio, -1)
    assert draft.move(ppio, 1)
    assert draft.move(ppio, 1)
    assert not draft.move(ppio, 1)
    assert draft.differences().order == ("modelverse", "vllm", "ppio")


def test_a_kept_key_goes_when_the_engine_moves_to_another_host() -> None:
    draft = draft_of("mine", own=(OWN,))
    (mine,) = draft.engines
    change(mine, base_url="https://mine.invalid/other/path")
    assert not mine.is_elsewhere
    assert draft.differences().forgotten_keys == ()
    change(mine, base_url="https://theirs.invalid/v1")
    assert mine.is_elsewhere
    assert draft.differences().forgotten_keys == (OWN,)


def test_what_is_wrong_stays_in_its_field_and_out_of_the_profile() -> None:
    engine = EngineDraft(PPIO, kept=PPIO, shipped=PPIO)
    change(engine, base_url="ftp://x", extra_body="{", model="m")
    assert set(engine.problems) == {"base_url", "extra_body"}
    assert engine.profile == dataclasses.replace(PPIO, model="m")
    assert engine.is_changed


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("", None),
        ('{"top_k": 1, "深": [true, 1.5, "x"]}', None),
        ('{"top_k": }', Problem.EXTRA_NOT_JSON),
        ("[" * 100_000, Problem.EXTRA_NOT_JSON),
        ("[1]", Problem.EXTRA_NOT_OBJECT),
        ('{"stop": null}', Problem.EXTRA_NOT_KEPT),
        ('{"n": 1e999}', Problem.EXTRA_NOT_KEPT),
        ('{"n": "\\ud800"}', Problem.EXTRA_NOT_KEPT),
        ('{"stream": false}', Problem.EXTRA_OWN_FIELD),
        ('{"api_key": "sk-1"}', Problem.EXTRA_HAS_KEY),
    ],
)
def test_extra_fields_are_checked(extra: str, problem: Problem | None) -> None:
    fields = dataclasses.replace(fields_of(PPIO), extra_body=extra)
    assert problems_of(fields).get("extra_body") == problem


@pytest.mark.parametrize(
    ("pasted", "base"),
    [
        ("https://a.invalid/v1/chat/completions", "https://a.invalid/v1"),
        (" https://a.invalid/v1/chat/completions/ ", "https://a.invalid/v1"),
        ("https://a.invalid/v1", None),
        ("/chat/completions", None),
    ],
)
def test_the_address_of_the_completions_is_shortened(pasted: str, base: str | None) -> None:
    assert shortened_address(pasted) == base


@pytest.mark.parametrize("address", ["http://localhost:1/v1", "http://127.0.0.1/v1", "https://a.invalid", "http://"])
def test_plain_http_is_asked_about_for_other_machines_only(address: str) -> None:
    assert not dataclasses.replace(fields_of(PPIO), base_url=address).needs_http_allowed
    assert dataclasses.replace(fields_of(PPIO), base_url="HTTP://10.0.0.1/v1").needs_http_allowed


def test_what_cannot_be_a_key_is_told() -> None:
    assert key_problem(" sk-123 ") is None
    assert key_problem("  ") is None
    assert key_problem("two words") is Problem.KEY_WRONG
    assert key_problem("密钥") is Problem.KEY_WRONG


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
typed = st.builds(
    EngineFields,
    title=st.text(),
    base_url=st.text() | st.sampled_from([MODELVERSE.base_url, "http://10.0.0.1:8000/v1/chat/completions", ""]),
    model=st.text(),
    key_variable=st.text() | st.sampled_from(["A_KEY", ""]),
    part_order=st.sampled_from(PartOrder),
    max_tokens=st.integers(1, 1_000_000),
    more_tokens=st.integers(0, 1_000_000),
    longest_side=st.integers(64, 10_000),
    image_formats=st.lists(st.sampled_from(["image/png", "image/jpeg", "image/webp"]), unique=True).map(tuple),
    most_kilobytes=st.integers(0, 1_000_000),
    extra_body=st.text() | json_values.map(json.dumps),
    http_allowed=st.booleans(),
)


@given(typed, st.sampled_from([MODELVERSE, PPIO, CUSTOM]))
def test_whatever_is_typed_the_profile_can_be_written_and_read_back(fields: EngineFields, base: Profile) -> None:
    profile = profile_of(base, fields)
    assert load_profile(profile_toml(profile)) == profile
