"""A key is found wherever somebody has put it, and what is none is left in peace."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.engines.misplaced_keys import NAMELESS, names_of_keys, safe_name
from ocr_desktop.engines.profiles import shipped_profiles

TEXTS = st.text(max_size=12)


def found(table: dict[str, Any]) -> str | None:
    return next(names_of_keys(table), None)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ({"key": "x"}, "key"),
        ({"api key": "x"}, "api key"),
        ({"APIKey": "x"}, "APIKey"),
        ({"x-api-key": "x"}, "x-api-key"),
        ({"passwd": "x"}, "passwd"),
        ({"password": 123456}, "password"),
        ({"credentials": {"user": "me"}}, "credentials"),
        ({"tokens_secret": "x"}, "tokens_secret"),
        ({"accesstoken": "x"}, "accesstoken"),
        ({"auth": ["me", "x"]}, "auth"),
        ({"headers": {"authorization": "x"}}, "authorization"),
        ({"logins": [[{"pwd": "x"}]]}, "pwd"),
        ({"say": "Bearer not-to-be-seen"}, "say"),
        ({"headers": ["Accept: */*", "Authorization: bearer not-to-be-seen"]}, "headers"),
        ({"nested": [[["sk-not-to-be-seen"]]]}, "nested"),
        ({"deep": {"er": {"prompt": "use sk-not-to-be-seen for it"}}}, "prompt"),
        ({"sk-not-to-be-seen": 1}, NAMELESS),
        ({"key_4f2a9c": "x"}, NAMELESS),
    ],
)
def test_a_key_is_found_by_its_name_or_by_how_it_is_written(table: dict[str, Any], name: str) -> None:
    assert found(table) == name


@pytest.mark.parametrize(
    "table",
    [
        {"max_tokens": 5, "stop_token_ids": [1, 2], "skip_special_tokens": False},
        {"eos_token": "</s>", "prompt_cache_key": "pages", "sort_keys": True},
        {"keyboard": "x", "monkey": "x", "author": "x", "password": "", "api_key": ""},
        {"task": "risk-assessment-model", "say": "the bearer of this page"},
        *(profile.extra_body for profile in shipped_profiles()),
    ],
)
def test_what_is_no_key_is_none(table: dict[str, Any]) -> None:
    assert found(table) is None


@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2)))
def test_a_key_is_found_at_any_depth(around: Any) -> None:
    assert found({"a": [around, {"b": [{"api_key": "x"}]}]}) is not None


@given(st.text())
def test_a_name_that_may_be_a_key_is_not_repeated(name: str) -> None:
    told = safe_name(name)
    assert told in (name, NAMELESS)
    assert told == NAMELESS or not any(map(str.isdigit, told))
