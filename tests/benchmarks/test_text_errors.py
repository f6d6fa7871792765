"""The figures that the benchmark gives for words: each says what it is said to say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.text_errors import (
    character_error,
    line_order,
    normalised,
    order_free_error,
    word_recall,
)

LEFT = (
    "The committee measures the temperature",
    "of shallow water before the end",
    "of the season and keeps the plates.",
)
RIGHT = (
    "A retired carpenter cannot explain",
    "its own bookkeeping since March 2014",
    "despite heavy criticism in Norwich.",
)
PARAGRAPHS = st.lists(st.text(alphabet="abcdefghij ", min_size=1, max_size=40), max_size=6).map("\n\n".join)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("two\n lines\tand  spaces", "two lines and spaces"),
        ("ﬁeld № ¹", "field No 1"),
        ("“quoted” – it’s", '"quoted" - it\'s'),
        ("水 资源\n利用 2026 年", "水资源利用2026年"),
        ("总量（万立方米）：12", "总量(万立方米):12"),
        ("• first\n– second", "first second"),
        ("1.1 Bridge . . . . . . . 12", "1.1 Bridge 12"),
        ("Bridge ......12", "Bridge 12"),
        ("Case stays", "Case stays"),
    ],
)
def test_what_no_reader_sees_a_difference_in_is_the_same(text: str, compared: str) -> None:
    assert normalised(text) == compared


@given(PARAGRAPHS)
def test_a_text_is_right_against_itself(text: str) -> None:
    assert character_error(text, text) == order_free_error(text, text) == 0
    assert word_recall(text, text) == 1


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_figure_is_a_share(truth: str, found: str) -> None:
    assert 0 <= character_error(truth, found) <= 1
    assert 0 <= order_free_error(truth, found) <= 1
    assert 0 <= word_recall(truth, found) <= 1


def test_one_wrong_character_of_ten_is_a_tenth() -> None:
    assert character_error("abcdefghij", "abcdefghiX") == pytest.approx(0.1)


def test_nothing_found_is_all_wrong_and_invented_words_are_wrong_too() -> None:
    assert character_error("words", "") == order_free_error("words", "") == 1
    assert word_recall("words here", "") == 0
    assert order_free_error("words", "words that nobody wrote") > 0.5
    assert word_recall("words", "words that nobody wrote") == 1


def test_swapped_paragraphs_are_wrong_in_order_and_right_without() -> None:
    truth, found = "\n".join((*LEFT, *RIGHT)), "\n".join((*RIGHT, *LEFT))
    assert character_error(truth, found) > 0.5
    assert order_free_error(truth, found) < 0.05
    assert word_recall(truth, found) == 1


def test_words_count_as_often_as_they_stand_there() -> None:
    assert word_recall("one two two", "two one") == pytest.approx(2 / 3)
    assert word_recall("用水 量", "用量") == pytest.approx(2 / 3)


def test_columns_that_are_read_across_have_the_wrong_pairs() -> None:
    lines = (*LEFT, *RIGHT)
    across = " ".join(f"{one} {other}" for one, other in zip(LEFT, RIGHT, strict=True))
    order = line_order(lines, across)
    # Of nine pairs of one left and one right line, those three whose left line stands below are the wrong way round.
    assert (order.pairs, order.right) == (15, 12)
    assert line_order(lines, " ".join(lines)).share == 1


def test_lines_with_slips_are_still_found_and_lost_ones_left_out() -> None:
    found = "The cornmittee measures the temperatvre of shallow water before the end"
    order = line_order(LEFT, found)
    assert (order.pairs, order.right) == (1, 1)


def test_lines_that_stand_twice_say_nothing_of_order() -> None:
    assert line_order(("Total 12.50", "Subtotal", "Total 12.50"), "Subtotal Total 12.50 Total 12.50").pairs == 0


def test_lines_that_could_be_in_two_places_say_nothing_of_order() -> None:
    lines = ("the old harbour and the mi11 in the lane", "a second line about something else", "closing words")
    found = "the old harbour and the mill in the lane closing words the old harbour and the mail in the lane"
    assert line_order(lines, found).pairs == 0


def test_a_hyphen_at_the_end_of_a_line_is_no_obstacle() -> None:
    assert line_order(("a relation-", "ship of rain and harvest"), "a relationship of rain and harvest").share == 1


def test_a_shuffled_page_has_about_half_of_its_pairs_right() -> None:
    numbers = [f"line number {number:03} of this page" for number in range(60)]
    shuffled = random.Random(3).sample(numbers, len(numbers))
    assert 0.4 < line_order(numbers, "\n".join(shuffled)).share < 0.6
