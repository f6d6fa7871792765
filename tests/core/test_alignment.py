"""Words of an answer find the lines that they stand on, whatever the order of either."""

from __future__ import annotations

import itertools
import random
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.core.alignment.words import Alignment, align, missed_lines
from ocr_desktop.core.document import Line

LETTER = 10


def line(text: str, x: float = 0, y: float = 0) -> Line:
    x_max = x + LETTER * len(text)
    return Line(text, ((x, y), (x_max, y), (x_max, y + 16), (x, y + 16)), 0.98)


def below_each_other(*texts: str, x: float = 0) -> list[Line]:
    return [line(text, x, 20 * row) for row, text in enumerate(texts)]


def lines_of(alignment: Alignment, index: int = 0) -> list[int]:
    return [part.line for part in alignment.parts(*alignment.stretch(index))]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The Cafe\u0301 is OPEN", "the café is open"),
        ("ＡＢＣ １２３ ﾊﾟﾘ", "ABC 123 パリ"),
        ("an efficient office", "an eﬃcient oﬃce"),
        ("a well-known recog- nition", "a wellknown recognition"),
        ("识别引擎，本机（离线）", "识别引擎本机 (离线)"),
        ("Total: 1 010,50 l", "T0tal 1010.50 1"),
        ("Straße", "STRASSE"),
    ],
)
def test_how_text_is_written_makes_no_difference(text: str, seen: str) -> None:
    alignment = align([text], [line(seen)])
    assert alignment.share(*alignment.stretch(0)) == 1
    assert missed_lines(alignment, [line(seen)]) == ()


def test_words_broken_at_the_ends_of_lines_stand_on_both() -> None:
    alignment = align(["the recognition of lines"], below_each_other("the recog-", "nition of lines"))
    assert lines_of(alignment) == [0, 1]


def rows_of(chance: random.Random, count: int) -> list[str]:
    """Lines of words, of which many come again."""
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(60)]
    return [" ".join(chance.choices(words, k=8)) for _ in range(count)]


WORDS = """the of and a to in is on that as by it for with which one page line window answer reader picture text what
same order every between region settings history command engine listener under words nothing model where from only
second another request written paragraph column shows value before person"""


def prose(seed: int) -> list[list[str]]:
    """Paragraphs, each of a few lines; some words are frequent, as in any language."""
    chance, words = random.Random(seed), WORDS.split()
    weights = [1 / place for place in range(3, len(words) + 3)]
    return [textwrap.wrap(" ".join(chance.choices(words, weights, k=chance.randint(20, 60))), 60) for _ in range(8)]


def numbered(paragraphs: list[list[str]]) -> list[list[int]]:
    """The numbers that the lines of each paragraph have among all."""
    ends = list(itertools.accumulate(len(rows) for rows in paragraphs))
    return [list(range(end - len(rows), end)) for rows, end in zip(paragraphs, ends, strict=True)]


def test_a_paragraph_that_is_left_out_is_missed_and_its_lines_are_nobody_elses() -> None:
    dropped = told = 0
    for seed in range(4):
        paragraphs = prose(seed)
        lines = below_each_other(*itertools.chain(*paragraphs))
        own = numbered(paragraphs)
        for index in range(len(paragraphs)):
            kept = [at for at in range(len(paragraphs)) if at != index]
            alignment = align([" ".join(paragraphs[at]) for at in kept], lines)
            assert [lines_of(alignment, place) for place in range(len(kept))] == [own[at] for at in kept]
            missed = set(missed_lines(alignment, lines))
            assert missed <= set(own[index])
            dropped += len(own[index])
            told += len(missed)
    assert told >= 0.95 * dropped


def test_the_beginning_of_a_page_stands_on_its_first_lines() -> None:
    for seed in range(20):
        rows = list(itertools.chain(*prose(seed)))
        lines = below_each_other(*rows)
        beginning = " ".join([*rows[:2], rows[2][: max(40, len(rows[2]) // 2)]])
        alignment = align([beginning], lines)
        assert lines_of(alignment) == [0, 1, 2]
        assert alignment.share(*alignment.stretch(0)) == 1


def test_a_word_that_stands_elsewhere_on_the_page_is_not_seen_here() -> None:
    chance = random.Random(5)
    tried = seen = 0
    for seed in range(10):
        paragraphs = prose(seed)
        lines = below_each_other(*itertools.chain(*paragraphs))
        words = " ".join(itertools.chain(*paragraphs)).split()
        long_words = [at for at, word in enumerate(words) if len(word) >= 6]
        for _ in range(5):
            here, there = chance.sample(long_words, k=2)
            if words[here] == words[there]:
                continue
            answer = [*words[:here], words[there], *words[here + 1 :]]
            alignment = align([" ".join(answer)], lines)
            start = len("".join(answer[:here]))
            tried += 1
            seen += alignment.share(start, start + len(answer[here])) >= 0.6
    assert seen <= 0.1 * tried


def test_a_word_of_a_line_of_its_own_may_stand_on_a_longer_line() -> None:
    lines = below_each_other("Introduction 12 January 2020, number seven", "All went well and nobody complained.")
    alignment = align(["Introduction\n\nAll went well and nobody complained."], lines)
    assert lines_of(alignment) == [0, 1]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_every_line_is_found_in_any_order(seed: int, count: int) -> None:
    chance = random.Random(seed)
    lines = below_each_other(*rows_of(chance, count))
    order = list(range(len(lines)))
    chance.shuffle(order)
    alignment = align([lines[index].text for index in order], lines)
    for place, index in enumerate(order):
        parts = alignment.parts(*alignment.stretch(place))
        assert [lines[part.line].text[part.start : part.end] for part in parts] == [lines[index].text]
    assert missed_lines(alignment, lines) == ()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), max_size=8), st.lists(st.text(max_size=40), max_size=8))
def test_whatever_is_compared_stays_inside_its_texts(texts: list[str], seen: list[str]) -> None:
    lines = below_each_other(*seen)
    alignment = align(texts, lines)
    for index in range(len(texts)):
        for part in alignment.parts(*alignment.stretch(index)):
            assert 0 <= part.start < part.end <= len(lines[part.line].text)
        assert 0 <= alignment.share(*alignment.stretch(index)) <= 1
    assert set(missed_lines(alignment, lines)) <= set(range(len(lines)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_slips_of_a_reader_cost_no_more_than_their_letters(seed: int) -> None:
    chance = random.Random(seed)
    rows = rows_of(chance, 20)
    lines = below_each_other(*("".join("#" if chance.random() < 0.03 else each for each in row) for row in rows))
    chance.shuffle(lines)
    alignment = align(["\n".join(rows)], lines)
    assert alignment.share(*alignment.stretch(0)) > 0.9


def test_columns_that_were_read_as_one_line_are_parted() -> None:
    fused = below_each_other("rain falls on roofs the price of bread", "and fills the pond rises every winter")
    alignment = align(["rain falls on roofs and fills the pond", "the price of bread rises every winter"], fused)
    seen = [
        [fused[part.line].text[part.start : part.end] for part in alignment.parts(*alignment.stretch(index))]
        for index in range(2)
    ]
    assert seen == [["rain falls on roofs", "and fills the pond"], ["the price of bread", "rises every winter"]]


def test_the_same_cells_go_where_their_neighbours_stand() -> None:
    cells = [["Apples", "0", "7", "0"], ["Pears", "0", "0", "7"], ["Plums", "7", "0", "0"]]
    lines = [
        line(cell, 150 * column, 20 * row)
        for row, row_cells in enumerate(cells)
        for column, cell in enumerate(row_cells)
    ]
    order = [7, 2, 9, 0, 5, 11, 4, 1, 10, 3, 8, 6]
    alignment = align(["\n".join("\t".join(row) for row in cells)], [lines[index] for index in order])
    assert [order[index] for index in lines_of(alignment)] == list(range(12))


def test_a_heading_that_is_also_a_word_of_a_sentence_stands_above_it() -> None:
    lines = below_each_other(
        "Results", "All of the results were good and nobody", "thought that results could be better."
    )
    alignment = align(["Results", " ".join(each.text for each in lines[1:])], lines)
    assert lines_of(alignment) == [0]


def test_what_the_answer_has_twice_and_the_page_once_shares_its_line() -> None:
    lines = below_each_other("The roof was mended in spring.", "The cellar was painted.")
    alignment = align(["The roof was mended in spring."] * 2, lines)
    assert [lines_of(alignment, index) for index in range(2)] == [[0], [0]]
    assert missed_lines(alignment, lines) == (1,)


def test_what_the_page_has_twice_and_the_answer_once_is_not_missed() -> None:
    lines = below_each_other("Annual report of the society", "Some other words", "Annual report of the society")
    assert missed_lines(align(["Annual report of the society\n\nSome other words"], lines), lines) == ()


def test_words_that_nobody_sees_stand_nowhere() -> None:
    alignment = align(["Elephants dance quietly"], below_each_other("The roof was mended in spring."))
    assert lines_of(alignment) == []


def test_a_page_that_is_the_same_word_all_over_comes_to_an_end() -> None:
    lines = [line("0", 40 * (at % 20), 20 * (at // 20)) for at in range(200)]
    alignment = align(["0 " * 3000], lines)
    assert alignment.share(*alignment.stretch(0)) <= 1
