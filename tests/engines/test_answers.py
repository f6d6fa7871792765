from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Finish, Usage, WarningCode
from ocr_desktop.core.doubts import is_dense
from ocr_desktop.core.events import Finished
from ocr_desktop.engines.answers import AnswerReader, ComplaintError
from ocr_desktop.engines.base import Price


def delta(content: object, reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content}, "finish_reason": reason}], **fields}


def halves(text: str) -> list[str]:
    """The text as the UTF-16 units of which some servers make their escapes."""
    encoded = text.encode("utf-16-le")
    return [encoded[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(encoded), 2)]


@given(st.text())
def test_no_character_is_lost_however_small_the_parts(text: str) -> None:
    reader = AnswerReader()
    taken = "".join(reader.take(delta(half)) for half in halves(text)) + reader.rest()
    assert taken == text


@given(st.lists(st.text(alphabet=st.characters())))
def test_what_comes_out_can_always_be_written(pieces: list[str]) -> None:
    reader = AnswerReader()
    "".join([*(reader.take(delta(piece)) for piece in pieces), reader.rest()]).encode()


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_a_part_of_any_shape_is_text_or_a_complaint(value: object) -> None:
    for part in (value, {"choices": value}, {"choices": [value]}, delta(value), {"choices": [], "usage": value}):
        reader = AnswerReader()
        try:
            assert isinstance(reader.take(part), str)
        except ComplaintError:
            assert reader.parts == 0


def test_a_content_of_typed_parts_is_their_text() -> None:
    assert AnswerReader().take(delta([{"type": "text", "text": "a"}, {"type": "other"}, {"text": "b"}])) == "ab"


def test_a_content_nested_deep_has_no_words() -> None:
    content: object = "x"
    for _ in range(600):
        content = [{"text": content}]
    assert AnswerReader().take(delta(content)) == ""


def test_a_truth_value_counts_no_tokens() -> None:
    reader = AnswerReader()
    reader.take(delta("x", "stop", usage={"prompt_tokens": True, "completion_tokens": 2}))
    assert reader.usage is None


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("stop", Finish.COMPLETE), ("eos", Finish.COMPLETE), ("length", Finish.CUT), ("abort", None), (None, None)],
)
def test_the_end(reason: str | None, finish: Finish | None) -> None:
    reader = AnswerReader()
    reader.take(delta("x", reason, usage={"prompt_tokens": 1, "completion_tokens": 2}))
    assert reader.ending() == (None if finish is None else Finished(finish, Usage(1, 2)))


def test_white_space_is_no_answer() -> None:
    reader = AnswerReader()
    reader.take(delta(" \n", "length"))
    assert reader.ending() == Finished(Finish.CUT, None, (WarningCode.EMPTY_ANSWER,))


@pytest.mark.parametrize(
    "counted",
    [(10**400, 2), (2, 10**400), (-1, 2), (2, -1), (1.5, 2), ("2", 2)],
)
def test_a_count_that_cannot_be_is_none(counted: tuple[object, object]) -> None:
    reader = AnswerReader()
    reader.take(delta("x", "stop", usage={"prompt_tokens": counted[0], "completion_tokens": counted[1]}))
    assert reader.usage is None
    assert reader.ending() == Finished(Finish.COMPLETE)


@given(st.integers() | st.integers(-10, 2 * 10**9), st.integers())
def test_whatever_a_server_counts_can_be_reckoned_with(prompt_tokens: int, completion_tokens: int) -> None:
    reader = AnswerReader()
    reader.take(delta("x", usage={"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}))
    if reader.usage is not None:
        is_dense(reader.usage)
        assert Price("CNY", 1.5, 3.0).of(reader.usage).amount >= 0


def test_only_the_first_answer_is_taken() -> None:
    reader = AnswerReader()
    other = {"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}
    first = {"index": 0, "delta": {"content": "first"}, "finish_reason": None}
    assert reader.take({"choices": [other]}) == ""
    assert reader.take({"choices": [other, first]}) == "first"
    assert reader.finish_reason is None
    assert reader.take(delta(" more", "stop")) == " more"
    assert reader.finish_reason == "stop"
