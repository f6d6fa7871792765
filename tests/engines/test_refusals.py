from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.refusals import (
    LONGEST_MESSAGE,
    allowed_max_tokens,
    meaning_of,
    names_in,
    refused_fields,
    retry_after_s,
    shown_words,
    status_in,
    words_of,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["message", "detail", "error", "msg", "loc", "code", "param"]), inner)
    ),
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "no"}, "no"),
        ({"error": {"message": "no"}}, "no"),
        ({"error": "no"}, "no"),
        ({"code": 7, "reason": "R", "message": "no"}, "no"),
        ({"message": None, "detail": "no"}, "no"),
        ({"detail": [{"loc": ["body", "n"], "msg": "missing"}, {"msg": "odd"}]}, "body.n: missing; odd"),
        ("no", "no"),
        ("<html>no</html>", ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_servers_words_are_found(body: object, words: str) -> None:
    assert words_of(body) == words


@given(JSON, st.text(min_size=8))
def test_whatever_a_server_says_can_be_shown(body: object, key: str) -> None:
    shown = shown_words(words_of(body), Secret(key))
    assert len(shown) <= LONGEST_MESSAGE
    assert shown == "" or shown.isprintable()
    status_in(body)
    assert isinstance(names_in(body), str)


@given(st.text(), st.text(alphabet="abcdefgh0123456789-", min_size=8), st.text())
def test_the_key_is_never_shown(before: str, key: str, after: str) -> None:
    assert key not in shown_words(before + key + after, Secret(key)).replace(shown_words(before + after, None), "")


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        (
            "This model's maximum context length is 8192 tokens and your request has 913 input tokens",
            7279,
        ),
        (
            "This model's maximum context length is 8192 tokens. However, you requested 9105 tokens (913 in the "
            "messages, 8192 in the completion).",
            7279,
        ),
        ("max_tokens must be at most 4096, not 8192", 4096),
        ("Range of max_tokens should be [1, 2000]", 2000),
        ("max_completion_tokens (8192) is above 6000", 6000),
        ("This model's maximum context length is 8192 tokens and your request has 9000 input tokens", None),
        ("This model's maximum context length is 8192 tokens", None),
        ("max_tokens is wrong", None),
        ("the picture has 4000 pixels", None),
        ("max_tokens 123456789012 is more than 4096", 4096),
        ("max_tokens is too large: 8192. This model supports at most 4096 completion tokens", 4096),
        ("`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens`", 4096),
        ("body.max_tokens: Input should be less than or equal to 4096", 4096),
        ("max_tokens must be <= 4096", 4096),
        ("max_tokens should be between 1 and 4096", 4096),
        ("max_tokens: range 1-4096", 4096),
        ("max_tokens exceeds the limit of this model (4096)", 4096),
        ("max_tokens can be up to 4096", 4096),
        ("max_new_tokens: maximum allowed value is 4096, given 8192", 4096),
        ("max_tokens 不能超过 4096", 4096),
        ("max_tokens 最大值为4096", 4096),
        ("max_tokens 参数范围为 [1, 4096]", 4096),
        ("max_tokens is too large for request 4711-17", None),
        ("max_tokens is over the limit, see request 4711", None),
        ("max_tokens is over the limit 4711-17", None),
        ("max_tokens is wrong (error 4001)", None),
        (f"maximum context length is {'9' * 5000} tokens, {'9' * 5000} input tokens", None),
        (f"maximum context length is 8192 tokens, {'9' * 20_000}", None),
    ],
)
def test_the_number_of_tokens_that_a_server_allows_is_read(said: str, allowed: int | None) -> None:
    assert allowed_max_tokens(400, said, 8192) == allowed
    assert allowed_max_tokens(500, said, 8192) is None


@given(st.text() | st.from_regex(r"max_tokens.*maximum context length is \d+.*\d+ input tokens"), st.integers(1, 9000))
def test_what_is_allowed_is_always_less_than_what_was_asked(said: str, asked: int) -> None:
    allowed = allowed_max_tokens(400, said, asked)
    assert allowed is None or 0 < allowed < asked


FIELDS = frozenset({"stream_options", "vllm_xargs", "skip_special_tokens"})


@pytest.mark.parametrize(
    "said",
    [
        "Unrecognized request argument supplied: vllm_xargs",
        "Unknown parameter: 'vllm_xargs'. vllm_xargs unknown_parameter invalid_request_error",
        "Unsupported parameter: 'vllm_xargs' is not supported with this model.",
        "body.vllm_xargs: Extra inputs are not permitted",
        "body.vllm_xargs: extra fields not permitted",
        "[{'type': 'extra_forbidden', 'loc': ('body', 'vllm_xargs'), 'msg': 'Extra inputs are not permitted', "
        "'input': {'ngram_size': 30}}]",
        "property 'vllm_xargs' is unsupported",
        "Additional properties are not allowed ('vllm_xargs' was unexpected)",
        'Invalid JSON payload received. Unknown name "vllm_xargs": Cannot find field.',
        'json: unknown field "vllm_xargs"',
        "unknown field `vllm_xargs`, expected one of `model`, `messages`, `stream_options`",
        "create() got an unexpected keyword argument 'vllm_xargs'",
        "vllm_xargs is not allowed here",
        "This model doesn't support vllm_xargs",
        "this server does not support the field vllm_xargs",
        "invalid field vllm_xargs",
        "不支持参数 vllm_xargs",
        "未知参数: vllm_xargs",
        "vllm_xargs 参数不支持",
    ],
)
def test_a_field_that_is_not_taken_is_found(said: str) -> None:
    assert refused_fields(400, said, FIELDS) == {"vllm_xargs"}
    assert refused_fields(422, said, FIELDS) == {"vllm_xargs"}
    assert refused_fields(500, said, FIELDS) == frozenset()


@pytest.mark.parametrize(
    "said",
    [
        'unknown picture in {"model": "m", "stream_options": {"include_usage": true}, "skip_special_tokens": false}',
        r"unsupported: {\"vllm_xargs\": {\"ngram_size\": 30}}",
        "not supported: {'vllm_xargs': {'ngram_size': 30}, 'skip_special_tokens': False}",
        "the picture is not supported (stream_options={'include_usage': True})",
        "vllm_xargs",
        "I have read stream_options and vllm_xargs; the picture is not supported",
        "body.messages: extra fields not permitted; body.vllm_xargs: a number is needed",
        "unknown field stream_options_extra",
    ],
)
def test_a_field_that_is_only_named_is_not_refused(said: str) -> None:
    assert refused_fields(400, said, FIELDS) == frozenset()


@given(st.text() | st.sampled_from(sorted(FIELDS)), st.text())
def test_whatever_is_refused_was_asked(before: str, behind: str) -> None:
    assert refused_fields(400, f"{before} unknown field: vllm_xargs {behind}", FIELDS) <= FIELDS


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": f"Sat, 21 Nov {'9' * 30} 12:00:30 GMT"}, None),
        ({"retry-after": f"{'9' * 30} Nov 2026 12:00:30 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_the_server_wants_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, NOW) == seconds


@given(st.text())
def test_no_wish_of_a_server_breaks_anything(value: str) -> None:
    seconds = retry_after_s({"retry-after": value}, NOW)
    assert seconds is None or 0 <= seconds < timedelta.max.total_seconds()


@given(st.integers(100, 599), st.text())
def test_every_status_has_a_meaning(status: int, said: str) -> None:
    assert meaning_of(status, said, said) in ErrorCode


@pytest.mark.parametrize(
    ("status", "said", "meaning"),
    [
        (404, "The model `m` does not exist. NotFoundError", ErrorCode.MODEL_MISSING),
        (404, 'model "m" not found, try pulling it first', ErrorCode.MODEL_MISSING),
        (404, "nothing here model_not_found", ErrorCode.MODEL_MISSING),
        (404, "No endpoints found for vendor/the-one.", ErrorCode.MODEL_MISSING),
        (404, "模型不存在", ErrorCode.MODEL_MISSING),
        (404, "Not Found", ErrorCode.ADDRESS_WRONG),
        (404, "no such path: /v1/models", ErrorCode.ADDRESS_WRONG),
        (404, "modelverse has no such page", ErrorCode.ADDRESS_WRONG),
        (404, "", ErrorCode.ADDRESS_WRONG),
        (405, "Method Not Allowed", ErrorCode.ADDRESS_WRONG),
        (413, "", ErrorCode.REQUEST_TOO_LARGE),
        (429, "Rate limit reached for requests per minute", ErrorCode.TOO_MANY_REQUESTS),
        (429, "Quota exceeded for requests per minute", ErrorCode.TOO_MANY_REQUESTS),
        (429, "You exceeded your current quota, please check your plan", ErrorCode.QUOTA_EXCEEDED),
        (429, "slow down insufficient_quota", ErrorCode.QUOTA_EXCEEDED),
        (403, "Sorry, your account balance is insufficient", ErrorCode.QUOTA_EXCEEDED),
        (403, "NOT_ENOUGH_BALANCE", ErrorCode.QUOTA_EXCEEDED),
        (403, "账户余额不足", ErrorCode.QUOTA_EXCEEDED),
        (403, "not yours", ErrorCode.KEY_REFUSED),
        (402, "", ErrorCode.QUOTA_EXCEEDED),
    ],
)
def test_a_refusal_is_told_by_what_it_means(status: int, said: str, meaning: ErrorCode) -> None:
    assert meaning_of(status, said, "vendor/the-one") is meaning
