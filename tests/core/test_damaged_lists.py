"""What stands in the line of a list of boxes: damage goes, and all that the model said stays as it said it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.boxes import Corners
from ocr_desktop.core.document import Finish, Flag
from ocr_desktop.core.grounding import GroundingParser, TextFound
from ocr_desktop.core.presets import PresetId
from tests.support.answers import Seen, regions_of, run_of

BROKEN, UNCLOSED = Flag.BROKEN_BOX, Flag.UNCLOSED
TEXT = "<|ref|>text<|/ref|>"


@pytest.mark.parametrize(
    ("line", "words", "flags"),
    [
        ("[[1, 2, 300, 400]] 7. f(x) = 12 (see [3])", "7. f(x) = 12 (see [3])", {UNCLOSED}),
        ("[[1, 2, 300, 400]] 1,234.56 (USD) 99", "1,234.56 (USD) 99", {UNCLOSED}),
        ("[[1, 2, 300, 400]][1] A B C (2020)", "[1] A B C (2020)", {UNCLOSED}),
        ("[[1, 2, 300, 400] 2024 was a year (of 12)", "2024 was a year (of 12)", {BROKEN, UNCLOSED}),
        ("[[1, 2, 300, 400] (a) first", "(a) first", {BROKEN, UNCLOSED}),
        ("[[1, 2, 300, 400] [3] see", "[3] see", {BROKEN, UNCLOSED}),
        ("([[1, 2, 300, 400]] 3 of (4)", "3 of (4)", {BROKEN, UNCLOSED}),
        ("[1, 2, 300, 400] 3 of (4)", "3 of (4)", {BROKEN, UNCLOSED}),
    ],
)
def test_what_follows_boxes_that_no_tag_closes_is_content(line: str, words: str, flags: set[Flag]) -> None:
    answer = f"{TEXT}<|det|>{line}\n"
    assert regions_of(PresetId.MARKDOWN, answer) == [Seen("text", words, [(1, 2, 300, 400)], flags)]
    assert run_of(PresetId.MARKDOWN, [answer]).finish is Finish.COMPLETE


def test_a_formula_behind_boxes_that_no_tag_closes_stays_whole() -> None:
    answer = r"<|ref|>equation<|/ref|><|det|>[[1, 2, 300, 400]] \[ E = m c^2 \]" + "\n"
    (region,) = run_of(PresetId.MARKDOWN, [answer]).regions
    assert region.markdown == "$$E = m c^2$$"
    assert run_of(PresetId.MARKDOWN, [answer]).finish is Finish.COMPLETE


@given(st.text(alphabet="ab7 ()[]{}=+^,.;-文", max_size=40))
def test_content_in_the_line_of_open_boxes_is_told_as_it_stands(content: str) -> None:
    for first in ("x", "See 5", "7 of", "= 2"):
        parser = GroundingParser()
        parser.feed(f"{TEXT}<|det|>[[1, 2, 30, 40]] {first} {content}")
        _, *events = parser.finish()
        assert "".join(event.text for event in events if isinstance(event, TextFound)) == f" {first} {content}"
        assert not parser.ended_inside_tag


@pytest.mark.parametrize(
    ("line", "boxes"),
    [
        ("[[1, 2, 30, 40], [5, 6, 70, 80", [(1, 2, 30, 40)]),
        ("[[1, 2, 30, 40], [5, 6", [(1, 2, 30, 40)]),
        ("[[1, 2, 30, 40], 5, 6, 70, 80]]", [(1, 2, 30, 40)]),
        ("[[1, 2, 30, 40], 5, 6, 70], [7, 8, 90, 99]]", [(1, 2, 30, 40), (7, 8, 90, 99)]),
        ("[[1, 2, 30, 40], [5, s 6, 70, 80]]", [(1, 2, 30, 40), (5, 6, 70, 80)]),
        ("[[1, 2, 30, 40]], [[5, 6, 70, 80]]", [(1, 2, 30, 40), (5, 6, 70, 80)]),
    ],
)
def test_more_boxes_in_an_open_list_are_no_words(line: str, boxes: list[Corners]) -> None:
    found = regions_of(PresetId.MARKDOWN, f"{TEXT}<|det|>{line}\n")
    assert found == [Seen("text", "", boxes, {BROKEN, UNCLOSED})]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("<|det|>2024 report [52, 40, 81, 63]<|/det|>", Seen("text", "2024 report", [(52, 40, 81, 63)], {BROKEN})),
        ("<|det|>figure 3 [[52, 40, 81, 63]]<|/det|>", Seen("text", "figure 3", [(52, 40, 81, 63)], {BROKEN})),
        (
            f"{TEXT}<|det|>[[550, 331, 652, 345]] 2 items [3]<|/det|>",
            Seen("text", "2 items [3]", [(550, 331, 652, 345)], {BROKEN}),
        ),
        (
            f"{TEXT}<|det|>[[1, 2, 30, 40]] 2 items of 3, [5, 6, 70, 80]<|/det|>",
            Seen("text", "2 items of 3", [(1, 2, 30, 40), (5, 6, 70, 80)], {BROKEN}),
        ),
        (f"{TEXT}<|det|>[] E\n", Seen("text", "[] E", [], {BROKEN, UNCLOSED})),
    ],
)
def test_numbers_beside_a_list_are_words(answer: str, expected: Seen) -> None:
    (found,) = regions_of(PresetId.MARKDOWN, answer)
    assert found._replace(flags=found.flags - {UNCLOSED}) == expected._replace(flags=expected.flags - {UNCLOSED})


def test_numbers_before_bare_boxes_are_words() -> None:
    found = regions_of(PresetId.OCR, "<|ref|>price 5<|/ref|> 66 [[1, 2, 300, 400]]<|/det|>")
    assert found == [Seen("line", "price 5 66", [(1, 2, 300, 400)], {BROKEN})]


@pytest.mark.parametrize(
    ("boxes", "flags"),
    [
        ("[[1, 2, 3, 4],\n [5, 6, 7, 8]]<|/det|>", set()),
        ("[\n[1, 2, 3, 4],\n[5, 6, 7, 8]\n]<|/det|>", set()),
        ("[[1, 2, 3, 4],\n [5, 6, 7, 8]]", {UNCLOSED}),
    ],
)
def test_a_list_may_be_broken_between_its_boxes(boxes: str, flags: set[Flag]) -> None:
    found = regions_of(PresetId.MARKDOWN, f"{TEXT}<|det|>{boxes}\nabc")
    assert found == [Seen("text", "abc", [(1, 2, 3, 4), (5, 6, 7, 8)], flags)]


def test_a_list_of_a_thousand_boxes_is_no_text() -> None:
    boxes = [(n % 900, n % 800, n % 900 + 50, n % 800 + 20) for n in range(1500)]
    answer = f"{TEXT}<|det|>[{', '.join(str(list(box)) for box in boxes)}]<|/det|>\nabc"
    (region,) = run_of(PresetId.MARKDOWN, [answer]).regions
    assert (region.text, len(region.boxes_999), region.flags) == ("abc", 1500, ())


def test_a_reference_may_be_broken_into_lines() -> None:
    answer = "<|ref|>te\nxt<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n"
    assert regions_of(PresetId.OCR, answer) == [Seen("line", "te\nxt", [(1, 2, 30, 40)], set())]
    unclosed = "<|ref|>one\ntwo\nthree\nfour\nfive<|/ref|>"
    assert regions_of(PresetId.OCR, unclosed)[0].text == "one"


def test_the_marks_of_a_sentence_are_no_text_in_plain_letters_either() -> None:
    answer = "<|begin▁of▁sentence|>abc<|end▁of▁sentence|>"
    assert [region.text for region in run_of(PresetId.FREE, [answer]).regions] == ["abc"]
