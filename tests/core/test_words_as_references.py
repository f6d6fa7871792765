"""A reference of a Markdown answer is a label, unless it is plain that it is words."""

from __future__ import annotations

import pytest

from ocr_desktop.core.presets import PresetId
from tests.support.answers import run_of

TAG = "<|ref|>text<|/ref|><|det|>[[100, 50, 900, 100]]<|/det|>\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (TAG + "before <|ref|>deep<|/ref|> after", [("text", "before"), ("text", "deep after")]),
        (
            TAG + "See <|ref|>fox<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|> here.",
            [("text", "See"), ("text", "fox here.")],
        ),
        (
            "<|ref|>such<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>\n<|ref|>days<|/ref|>",
            [("text", "such"), ("text", "days")],
        ),
        ("<|ref|>stamp<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>\nPaid", [("stamp", "Paid")]),
        ("<|ref|>image<|/ref|><|det|>[[10, 20, 30, 40]]<|/det|>\n", [("image", "")]),
        ("<|det|>seal [10, 20, 30, 40]<|/det|>", [("seal", "")]),
    ],
    ids=["in a sentence", "in a sentence with a box", "alone", "a new label", "a figure", "a label inside its boxes"],
)
def test_a_word_is_not_lost_as_a_label(answer: str, expected: list[tuple[str, str]]) -> None:
    run = run_of(PresetId.MARKDOWN, [answer])
    assert [(region.label, region.text) for region in run.regions] == expected
