"""Every error, warning and end has a sentence in the window, made of the fields that it really has."""

from __future__ import annotations

import re
import string

import pytest

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError
from ocr_desktop.gui.messages import (
    error_sentences,
    error_text,
    finish_sentences,
    finish_text,
    warning_sentences,
    warning_text,
)
from tests.support.raised_errors import KEY, raised_in_source, refusals

KNOWN_ALWAYS = {"name", "said", "variable", "to", "engine", "missing"}
FAULTS = re.compile(r"  |\(\)|\( | \)|“”|[{}]| [.,;:]|[.?!]\.|\.\.|None")

RAISED = list(raised_in_source())


def test_everything_that_can_be_told_has_a_sentence() -> None:
    assert set(error_sentences()) == set(ErrorCode)
    assert set(warning_sentences()) == set(WarningCode)
    assert set(finish_sentences()) == set(Finish)
    assert all(warning_text(each).endswith(".") for each in WarningCode)
    assert all(finish_text(each) for each in Finish)


@pytest.mark.parametrize("error", RAISED, ids=[error.code.value for error in RAISED])
def test_a_sentence_asks_only_for_fields_that_its_error_has(error: OcrDesktopError) -> None:
    template = error_sentences()[error.code]
    wanted = {field for _, field, _, _ in string.Formatter().parse(template) if field}
    assert wanted <= set(error.fields) | KNOWN_ALWAYS
    text = error_text(error, name="page.png")
    assert not FAULTS.search(text), text


def test_no_sentence_about_a_server_has_a_hole_or_the_key() -> None:
    for error in refusals():
        text = error_text(error, name="page.png")
        assert not FAULTS.search(text), text
        assert KEY not in text


def test_an_empty_name_of_the_error_does_not_hide_the_known_one() -> None:
    assert "“page.png”" in error_text(InputError(ErrorCode.PICTURE_CHANGED, name=""), name="page.png")
