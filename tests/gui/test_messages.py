"""Every error, warning and end has its words in the window, made of the fields that it really has."""

from __future__ import annotations

import re
import string

import pytest

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, UsageError
from ocr_desktop.gui.error_words import error_wordings
from ocr_desktop.gui.messages import (
    error_text,
    error_wording,
    finish_sentences,
    finish_text,
    warning_sentences,
    warning_text,
)
from tests.support.raised_errors import KEY, raised_in_source, refusals

KNOWN_ALWAYS = {"name", "said", "answered", "variable", "to", "engine", "missing", "reason"}
FAULTS = re.compile(r"  |\(\)|\( | \)|“”|[{}]| [.,;:]|[.?!]\.|\.\.|None")

RAISED = list(raised_in_source())


def test_everything_that_can_be_told_has_its_words() -> None:
    assert set(error_wordings()) == set(ErrorCode)
    assert set(warning_sentences()) == set(WarningCode)
    assert set(finish_sentences()) == set(Finish)
    assert all(warning_text(each).endswith(".") for each in WarningCode)
    assert all(finish_text(each) for each in Finish)


def test_every_error_has_a_short_title_of_its_own_and_says_what_to_do() -> None:
    wordings = error_wordings()
    assert len({wording.title for wording in wordings.values()}) == len(wordings)
    for code, wording in wordings.items():
        assert wording.title.endswith("."), code
        assert len(wording.title) <= 80, code
        assert wording.hint or code is ErrorCode.NOTHING_TO_LOCATE, code


@pytest.mark.parametrize("error", RAISED, ids=[error.code.value for error in RAISED])
def test_words_ask_only_for_fields_that_their_error_has(error: OcrDesktopError) -> None:
    wording = error_wordings()[error.code]
    template = wording.title + wording.why + wording.hint
    wanted = {field for _, field, _, _ in string.Formatter().parse(template) if field}
    assert wanted <= set(error.fields) | KNOWN_ALWAYS
    text = error_text(error, name="page.png")
    assert not FAULTS.search(text), text


def test_no_words_about_a_server_have_a_hole_or_the_key() -> None:
    for error in refusals():
        text = error_text(error, name="page.png")
        assert not FAULTS.search(text), text
        assert KEY not in text


def test_the_three_parts_stand_apart() -> None:
    error = EngineError(ErrorCode.KEY_REFUSED, host="ocr.example", variable="A_KEY", status=401, message="Bad key")
    wording = error_wording(error)
    assert wording.title == "ocr.example refused the key."
    assert wording.why == "It answered with status 401: “Bad key”."
    assert "A_KEY" in wording.hint
    assert error_text(error) == f"{wording.title} {wording.why} {wording.hint}"


def test_a_key_that_was_never_sent_is_not_said_to_be_refused_by_its_host() -> None:
    wording = error_wording(EngineError(ErrorCode.KEY_UNUSABLE, host="ocr.example", engine="Mine", variable="A_KEY"))
    assert "refused" not in wording.whole
    assert "nothing was sent" in wording.whole
    assert not FAULTS.search(wording.whole)
    assert "Mine" in wording.title


def test_a_redirect_to_the_host_itself_is_told_as_one() -> None:
    text = error_text(EngineError(ErrorCode.HOST_REDIRECTS, host="ocr.example", to="ocr.example"))
    assert "ocr.example redirects to another address of its own." in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"missing": "base_url"}, "Its base URL is missing or not usable."),
        ({"missing": "max_tokens", "message": "max_tokens: a number is needed"}, "max_tokens: a number is needed"),
        ({"message": "its values are nested too deep"}, "its values are nested too deep"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told(fields: dict[str, str], said: str) -> None:
    text = error_text(UsageError(ErrorCode.PROFILE_INCOMPLETE, engine="mine", **fields))
    assert said in text
    assert not FAULTS.search(text), text


def test_a_servers_words_are_never_taken_for_a_template() -> None:
    said = "{host} %1 %2 {0}"
    error = EngineError(ErrorCode.REQUEST_REFUSED, host="ocr.example", status=400, message=said)
    assert f"“{said}”" in error_text(error)


def test_an_empty_name_of_the_error_does_not_hide_the_known_one() -> None:
    assert "“page.png”" in error_text(InputError(ErrorCode.PICTURE_CHANGED, name=""), name="page.png")


@pytest.mark.parametrize(
    ("wished_s", "hint"),
    [
        (None, "Wait a while."),
        (0.2, "Wait a while."),
        (7, "Wait a while; the server asks for 7 s."),
        (89.0, "Wait a while; the server asks for 89 s."),
        (3600, "Wait a while; the server asks for 60 min."),
        (7200.0, "Wait a while; the server asks for 2 h."),
        (86_400, "Wait a while; the server asks for a day or more."),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone_is_told_as_people_say_it(
    wished_s: float | None, hint: str, qapp: object
) -> None:
    fields = {} if wished_s is None else {"retry_after_s": wished_s}
    error = EngineError(ErrorCode.TOO_MANY_REQUESTS, host="ocr.example", **fields)
    assert error_wording(error).hint == hint
