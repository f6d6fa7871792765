"""A loop is found while it comes, and a page that repeats itself is none."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.core.page_weight import STEP
from ocr_desktop.core.repetition import RepetitionWatch, repeated_tail
from tests.core.repetitive_answers import (
    CHANGING_LOOPS,
    EXACT_LOOPS,
    GOOD,
    HONEST,
    LEDGERS,
    PARAGRAPH,
    SHORT_TABLE,
    boxed,
    empty_form,
    in_pipes,
    long_loan,
    looping,
    row,
    seats,
)

CONTEXT_LETTERS = 20_000
"""About what the model can say at all."""
LATEST = 10_000
"""Of a loop at most so much is waited for."""

COUNTING_WORDS = {"numbers that count", "lines that count", "rows that count"}
"""Which of the changing loops do not say the same words again."""


def fed(answer: str, size: int = 4) -> tuple[int | None, int]:
    """What a watch says of an answer in pieces of a size, and how much of the answer it had seen by then."""
    watch = RepetitionWatch()
    for at in range(0, len(answer), size):
        kept = watch.feed(answer[at : at + size])
        if kept is not None:
            return kept, at + size
    return None, len(answer)


@pytest.mark.parametrize("name", HONEST)
def test_a_page_that_repeats_itself_is_no_loop(name: str) -> None:
    page = HONEST[name]()
    for answer in (page, GOOD + page, GOOD + page + GOOD):
        assert fed(answer) == (None, len(answer))
        assert repeated_tail(answer) is None


def test_ordinary_words_are_no_loop() -> None:
    assert fed(GOOD) == (None, len(GOOD))


@pytest.mark.parametrize("name", EXACT_LOOPS)
def test_of_a_loop_the_text_before_it_and_one_copy_are_kept(name: str) -> None:
    unit = EXACT_LOOPS[name]
    answer = GOOD + looping(itertools.repeat(unit), CONTEXT_LETTERS - len(GOOD))
    kept, seen = fed(answer)
    assert kept is not None
    assert answer[:kept] in (GOOD + unit, GOOD + unit[: len(unit.rstrip("\n")) + 1])
    assert seen - len(GOOD) <= LATEST
    assert repeated_tail(answer) == kept
    assert repeated_tail(answer[:seen]) == kept


@pytest.mark.parametrize("name", sorted(CHANGING_LOOPS.keys() - COUNTING_WORDS))
def test_a_loop_is_found_though_it_changes(name: str) -> None:
    parts = CHANGING_LOOPS[name]()
    first = next(parts)
    answer = GOOD + first + looping(parts, CONTEXT_LETTERS - len(GOOD))
    kept, seen = fed(answer)
    assert kept is not None
    assert answer[:kept].startswith(GOOD + first.rstrip())
    # Up to the last of the parts that comes for the first time.
    assert kept - len(GOOD) < 50 * len(first) + 20
    assert seen - len(GOOD) <= LATEST
    assert repeated_tail(answer) == kept
    assert repeated_tail(answer[:seen]) == kept


@pytest.mark.parametrize("name", sorted(COUNTING_WORDS))
def test_of_words_that_count_all_is_kept_that_came(name: str) -> None:
    answer = GOOD + looping(CHANGING_LOOPS[name](), CONTEXT_LETTERS - len(GOOD))
    kept, seen = fed(answer)
    assert kept is not None
    assert seen - len(GOOD) <= LATEST
    assert seen - STEP <= kept <= seen
    for came in (answer[:seen], answer):
        assert repeated_tail(came) == len(came.removesuffix("\n"))


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(LEDGERS), st.integers(0, 40_000), st.integers(1, 300))
def test_no_row_of_a_table_is_lost_wherever_it_is_cut_off(
    ledger: Callable[[], str], letters: int, copies_of_last: int
) -> None:
    page = ledger()[:letters]
    answer = page + row("Total", "", "") * copies_of_last
    kept = repeated_tail(answer)
    assert kept is None or kept >= len(page)
    assert fed(page, 64)[0] is None


def test_a_ledger_in_plain_lines_is_no_loop() -> None:
    answer = in_pipes(long_loan()).replace("| ", "").replace(" |", "")
    assert "\n359 1,000.00 50.00 1,050.00\n" in answer
    assert fed(answer)[0] is None
    assert repeated_tail(answer) is None


def test_a_table_that_ends_in_a_loop_keeps_its_rows() -> None:
    rows = long_loan().removesuffix("</table>\n")
    last = row(361, "1,000.00", "50.00", "1,050.00")
    assert fed(rows + last * 200)[0] == len(rows + last)
    assert fed(rows + row("", "", "", "") * 400)[0] == len(rows + row("", "", "", ""))


@pytest.mark.parametrize("name", ["boxes that count up", "boxes of a paragraph"])
def test_of_a_loop_in_which_only_the_boxes_count_one_copy_is_kept(name: str) -> None:
    parts = CHANGING_LOOPS[name]()
    first = next(parts)
    answer = GOOD + first + looping(parts, CONTEXT_LETTERS - len(GOOD))
    assert fed(answer)[0] == len(GOOD) + len(first)


def test_boxes_that_start_to_count_after_true_ones_leave_the_true_ones_alone() -> None:
    true = seats()
    last = boxed("A", 0, 10)
    answer = true + "".join(boxed("A", 0, y) for y in range(10, 4000, 10))
    assert fed(answer)[0] == len(true) + len(last)


def rows_of_boxes(corner: Callable[[int], tuple[int, int]]) -> str:
    corners = (corner(n) for n in range(500))
    return ", ".join(f"[{x}, {y}, {x + 20}, {y + 10}]" for x, y in corners)


@pytest.mark.parametrize("opening", ["<|ref|>image<|/ref|><|det|>[", "<|det|>image "])
def test_a_list_of_boxes_without_end_is_found_whatever_its_numbers(opening: str) -> None:
    numbers = random.Random(10)
    for rows in (
        rows_of_boxes(lambda n: (n * 7 % 1000, n * 13 % 1000)),
        rows_of_boxes(lambda n: (numbers.randint(0, 979), numbers.randint(0, 989))),
    ):
        kept, seen = fed(GOOD + opening + rows)
        assert kept == len(GOOD) + len(opening) + rows.index("]") + 1
        assert seen - len(GOOD) <= LATEST


def test_a_list_as_long_as_one_thing_may_have_parts_is_no_loop() -> None:
    rows = "], ".join(rows_of_boxes(lambda n: (n * 7 % 1000, n * 13 % 1000)).split("], ")[:100])
    answer = f"<|ref|>text<|/ref|><|det|>[{rows}]]<|/det|>\nIts words.\n\n"
    assert fed(answer + GOOD)[0] is None
    assert repeated_tail(answer) is None


def test_the_same_words_in_ever_so_many_boxes_are_found_whatever_their_numbers() -> None:
    numbers = random.Random(11)
    blocks = [boxed("text", 100, 12 * n + numbers.randint(-1, 1)) + "The same text again\n\n" for n in range(300)]
    assert fed(GOOD + "".join(blocks))[0] == len(GOOD) + len(blocks[0])
    places = [(numbers.randint(0, 790), numbers.randint(0, 980)) for _ in range(300)]
    lines = [boxed("Hello", x, y) for x, y in places]
    assert fed(GOOD + "".join(lines))[0] == len(GOOD) + len(lines[0])


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("letters", [3069, 3072, 3073, 3080])
def test_a_watch_says_of_a_whole_answer_what_is_said_of_it_later(letters: int, end: str) -> None:
    answer = ("the same " * 1000)[:letters] + end
    watch = RepetitionWatch()
    for letter in answer:
        watch.feed(letter)
    assert watch.finish() == repeated_tail(answer) == len("the same ")


def test_the_same_box_again_is_believed_sooner_than_the_same_words() -> None:
    words, line = "the same words on a page\n", boxed("the same words on a page", 100, 200)
    assert fed(line * 30)[0] is not None
    assert fed(words * 60)[0] is None


def test_an_answer_that_found_out_of_its_repetition_is_no_repeated_tail() -> None:
    for repeated in (empty_form(400), "na " * 2000 + "\n", "上海世博局\n" * 400):
        assert repeated_tail(GOOD + repeated) is not None
        assert repeated_tail(GOOD + repeated + GOOD) is None


def test_a_line_break_that_an_editor_put_at_the_end_hides_no_loop() -> None:
    assert repeated_tail(GOOD + "the same " * 600 + "\n") == len(GOOD) + len("the same ")


def pieces_of(answer: str, cuts: list[int]) -> list[str]:
    places = [0, *sorted(cut % (len(answer) + 1) for cut in cuts), len(answer)]
    return [answer[first:last] for first, last in itertools.pairwise(places)]


UNITS = st.one_of(
    st.text(min_size=1, max_size=300),
    st.sampled_from([*EXACT_LOOPS.values(), PARAGRAPH, SHORT_TABLE]),
    st.text(alphabet="ab0 1\n<>[],|&;。", min_size=1, max_size=60),
)


@settings(deadline=None, max_examples=60)
@given(
    UNITS, st.integers(0, 500), st.integers(0, 5000), st.lists(st.integers(0, 30_000), max_size=40), st.integers(1, 9)
)
def test_however_an_answer_is_cut_the_verdict_is_the_same(
    unit: str, letters_before: int, letters_of_loop: int, cuts: list[int], size: int
) -> None:
    answer = GOOD[:letters_before] + looping(itertools.repeat(unit), letters_of_loop) + GOOD[:letters_before]
    whole = RepetitionWatch().feed(answer)
    watch = RepetitionWatch()
    verdicts = [watch.feed(piece) for piece in pieces_of(answer, cuts)]
    assert verdicts[-1] == whole
    assert fed(answer, size)[0] == whole
    assert whole is None or 0 < whole <= len(answer)


@settings(deadline=None, max_examples=40)
@given(UNITS, st.integers(0, 5000))
def test_whatever_is_said_over_and_over_is_found(unit: str, letters_before: int) -> None:
    answer = GOOD[:letters_before] + looping(itertools.repeat(unit), 5 * LATEST)
    kept, seen = fed(answer, 64)
    assert kept is not None
    assert letters_before - 300 <= kept <= letters_before + 2 * len(unit) + 300
    assert kept <= seen


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="0123456789 ,[]<|>/detrfa\n\u3002", max_size=400), max_size=30))
def test_nothing_makes_it_raise(pieces: list[str]) -> None:
    watch = RepetitionWatch()
    for piece in pieces:
        watch.feed(piece)
    watch.finish()
    repeated_tail("".join(pieces) * 30)


def test_random_tables_of_small_numbers_are_no_loop() -> None:
    for seed in range(20):
        numbers = random.Random(seed)
        answer = "".join(row(*(numbers.randint(0, 5) for _ in range(8))) for _ in range(60))
        assert fed(answer) == (None, len(answer))
