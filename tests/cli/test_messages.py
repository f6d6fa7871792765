"""Every error is one sentence that says what, why and what to do, made of the fields that it really has."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

import pytest

from ocr_desktop.cli.messages import (
    ERRORS,
    EXIT_CODES,
    FALLBACKS,
    INCOMPLETE,
    PROMPT_FAULTS,
    WARNINGS,
    Wording,
    error_text,
    incomplete_text,
    one_line,
)
from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, OutputError, UsageError
from ocr_desktop.services.prompts import PromptFault
from tests.support.raised_errors import KEY, raised_in_source, refusals
from tests.support.sentences import FAULTS

KNOWN_ALWAYS = {"name", "said", "patience", "keys", "variable_else"}


def placeholders(wording: Wording) -> set[str]:
    templates = (wording.what, wording.why, wording.hint)
    return {field for template in templates for _, field, _, _ in string.Formatter().parse(template) if field}


def line_of(error: OcrDesktopError) -> str:
    return one_line(*error_text(error, name="page.png"))


def ids(errors: Iterable[OcrDesktopError]) -> list[str]:
    return [error.code.value for error in errors]


def test_every_code_has_words() -> None:
    assert set(ERRORS) == set(ErrorCode)
    assert set(WARNINGS) == set(WarningCode)
    assert set(INCOMPLETE) == set(Finish) - {Finish.COMPLETE, Finish.CANCELLED}
    assert set(PROMPT_FAULTS) == set(PromptFault)
    assert set(EXIT_CODES) == {UsageError, InputError, OutputError, EngineError}


RAISED = list(raised_in_source())


@pytest.mark.parametrize("error", RAISED, ids=ids(RAISED))
def test_a_sentence_asks_only_for_fields_that_its_error_has(error: OcrDesktopError) -> None:
    wanted = placeholders(ERRORS[error.code])
    assert wanted <= set(error.fields) | KNOWN_ALWAYS | set(FALLBACKS)


@pytest.mark.parametrize("error", RAISED, ids=ids(RAISED))
def test_no_sentence_has_a_hole(error: OcrDesktopError) -> None:
    line = line_of(error)
    assert not FAULTS.search(line), line
    assert re.fullmatch(r"\S.*: \S.*\. \S.*\.", line), line


def test_no_sentence_about_a_server_has_a_hole_or_the_key() -> None:
    for error in refusals():
        line = line_of(error)
        assert not FAULTS.search(line), line
        assert KEY not in line
        assert len(line) < 500


@pytest.mark.parametrize("finish", INCOMPLETE)
def test_an_incomplete_answer_says_of_which_input(finish: Finish) -> None:
    for more_tokens in (None, 8192):
        message, hint = incomplete_text(finish, "page.png", more_tokens)
        assert message.startswith("page.png: ")
        assert not FAULTS.search(one_line(message, hint))
        assert ("8192" in hint) == (finish is Finish.CUT and more_tokens is not None)


def test_an_empty_name_of_the_error_does_not_hide_the_known_one() -> None:
    error = InputError(ErrorCode.WORKER_CRASHED, name="", reason="SIGKILL")
    assert line_of(error) == (
        "page.png: the process that worked on it ended (SIGKILL). Try again, or a smaller picture."
    )


def test_what_a_server_says_stays_on_one_line_and_steers_no_terminal() -> None:
    error = EngineError(ErrorCode.SERVER_FAILED, host="h", status=500, message="two\nlines \x1b[31m\u202e")
    assert line_of(error) == 'h: the server failed (status 500: "two lines \\x1b[31m\\u202e"). Try again later.'


def test_seconds_are_told_as_people_tell_them() -> None:
    assert "nothing came for 120 s" in line_of(EngineError(ErrorCode.HOST_SILENT, host="h", seconds=120.0))
    assert "nothing came for 0.5 s" in line_of(EngineError(ErrorCode.HOST_SILENT, host="h", seconds=0.5))


def test_a_server_that_wants_a_key_of_a_profile_without_one_is_not_told_to_set_nothing() -> None:
    line = line_of(EngineError(ErrorCode.KEY_MISSING, engine="ollama", variable=""))
    assert line.endswith("Set the environment variable OCR_DESKTOP_API_KEY and use --engine custom.")


@pytest.mark.parametrize(
    ("wished", "line"),
    [
        ({}, "h: it takes no more requests for now (status 429). Try again later."),
        ({"retry_after_s": 0.4}, "h: it takes no more requests for now (status 429). Try again later."),
        (
            {"retry_after_s": 300.0},
            "h: it takes no more requests for now and asks for 300 s of patience (status 429). Try again in 300 s.",
        ),
        (
            {"retry_after_s": 86_400.0},
            "h: it takes no more requests for now and asks for a day of patience or more (status 429). "
            "Try again in a day or more.",
        ),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone_is_told(wished: dict[str, float], line: str) -> None:
    assert line_of(EngineError(ErrorCode.TOO_MANY_REQUESTS, host="h", status=429, **wished)) == line


def test_a_missing_key_names_its_variable_and_where_keys_are_given_out() -> None:
    fields = {"engine": "PPIO", "variable": "PPIO_API_KEY", "key_page": "https://ppio.example/keys"}
    assert line_of(EngineError(ErrorCode.KEY_MISSING, **fields)) == (
        "PPIO: it needs a key and none was found. "
        "Set the environment variable PPIO_API_KEY; keys are given out at https://ppio.example/keys."
    )


@pytest.mark.parametrize(
    ("variable", "place"), [("PPIO_API_KEY", "PPIO_API_KEY, else from the keyring"), ("", "the keyring")]
)
def test_a_refused_key_is_looked_for_where_it_came_from(variable: str, place: str) -> None:
    error = EngineError(ErrorCode.KEY_REFUSED, host="h", variable=variable)
    assert line_of(error) == f"h: the key was refused. Check the key; it comes from {place}."


def test_a_key_that_was_never_sent_is_not_said_to_be_refused_by_its_host() -> None:
    line = line_of(EngineError(ErrorCode.KEY_UNUSABLE, engine="Mine", host="h", variable="A_KEY"))
    assert "refused" not in line
    assert line.endswith("so nothing was sent. Copy the key again; it comes from A_KEY, else from the keyring.")


def test_a_redirect_to_the_host_itself_is_told_as_one() -> None:
    line = line_of(EngineError(ErrorCode.HOST_REDIRECTS, host="h", to="h"))
    assert line.startswith("h: it redirects to another address of its own; ")
    assert "redirects to other.example;" in line_of(EngineError(ErrorCode.HOST_REDIRECTS, host="h", to="other.example"))
