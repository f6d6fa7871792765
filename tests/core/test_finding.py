"""Terms are found however they are written, and an engine that finds nothing gives a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Finish, Region
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.finding import Miss, TextFinder, missed, place_of, split_terms
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for

LETTERS = "abcdeABCß中文字Ａｂ１é"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=12)


def region(number: int, text: str) -> Region:
    return Region(number, "text", text, text)


def found_in(text: str, term: str) -> bool:
    finder = TextFinder()
    finder.look_through((region(7, text),))
    return bool(finder.find((term,)))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("A needle here", "NEEDLE"),
        ("ＤｅｅｐＳｅｅｋ", "deepseek"),
        ("DeepSeek", "ＤＥＥＰＳＥＥＫ"),
        ("two\nwords", "two words"),
        ("two  \t words", "two words"),
        ("of high- quality paper", "high-quality"),
        ("of high-\nquality paper", "high-quality"),
        ("infor-\nmation", "information"),
        ("2025- 11- 17", "2025-11-17"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a high-quality print", "high-q"),
        ("中 文 字", "中文"),
        ("中\n文", "中文"),
        ("你好，\n世界", "你好，世界"),
        ("用 Python 写", "用Python写"),
        ("用Python写", "用 python 写"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "café"),
        ("1\t2\n3\t4", "2 3"),
    ],
)
def test_a_term_is_found_however_it_is_written(text: str, term: str) -> None:
    assert found_in(text, term)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("note a", "tea"),
        ("a - b", "ab"),
        ("only straw", "needle"),
        ("ne edle", "needle"),
        ("well known", "well-known"),
        ("anything", " "),
        ("anything", ""),
    ],
)
def test_other_words_are_not_taken_for_the_term(text: str, term: str) -> None:
    assert not found_in(text, term)


def test_terms_are_parted_by_either_semicolon_and_stand_once_in_the_order_of_the_first() -> None:
    assert split_terms(" needle ;黄；; pin ; Needle;ＰＩＮ") == ("needle", "黄", "pin")
    assert split_terms(" ; ；") == ()


@given(st.lists(WORDS, max_size=8), st.data())
def test_any_words_in_a_row_of_a_region_are_found_in_it(lines: list[list[str]], data: st.DataObject) -> None:
    regions = tuple(region(number, " ".join(words)) for number, words in enumerate(lines))
    finder = TextFinder()
    finder.look_through(regions)
    if regions:
        number = data.draw(st.integers(0, len(regions) - 1))
        start = data.draw(st.integers(0, len(lines[number]) - 1))
        end = data.draw(st.integers(start + 1, len(lines[number])))
        assert regions[number] in finder.find((" ".join(lines[number][start:end]),))


@given(st.lists(st.text("ab中- \n", max_size=12), max_size=12), st.lists(st.text("ab中-", max_size=4), max_size=3))
def test_regions_are_found_together_as_each_alone_and_in_order(texts: list[str], terms: list[str]) -> None:
    regions = tuple(region(2 * number, text) for number, text in enumerate(texts))
    finder = TextFinder()
    finder.look_through(regions)
    alone = [each for each in regions if any(found_in(each.text, term) for term in terms)]
    assert list(finder.find(tuple(terms))) == alone
    for each in alone:
        assert finder.terms_in(each, tuple(terms)) == tuple(term for term in terms if found_in(each.text, term))


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 5), st.text("ab", max_size=4)), unique_by=lambda pair: pair[0])),
    st.text("ab", min_size=1, max_size=2),
)
def test_what_was_kept_of_other_regions_changes_nothing(answers: list[list[tuple[int, str]]], term: str) -> None:
    finder = TextFinder()
    for answer in answers:
        regions = tuple(region(number, text) for number, text in answer)
        finder.look_through(regions)
        assert [each.id for each in finder.find((term,))] == [number for number, text in answer if term in text]


def test_the_place_of_a_term_is_where_it_is_read() -> None:
    text = "Of high-\nQuality paper"
    start, end = place_of(text, ("needle", "high-quality")) or (0, 0)
    assert text[start:end] == "high-\nQuality"
    assert place_of("(a+b)", ("a+b",)) == (1, 4)
    assert place_of("only straw", ("needle",)) is None


def miss_of(raw: str, term: str = "needle") -> Miss:
    builder = RunBuilder("run", PresetId.LOCATE, Size(600, 400), View())
    builder.begin_answer(prompt_for(PresetId.LOCATE, term))
    builder.feed(TextDelta(raw))
    builder.end_answer(Finish.COMPLETE)
    update = builder.update()
    return missed(term, raw, () if update is None else update.added).why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", Miss.NO_ANSWER),
        (" \n<|ref|><|/ref|>", Miss.NO_ANSWER),
        ("needle", Miss.NAMED_ONLY),
        ("Needle.\n", Miss.NAMED_ONLY),
        ("<|ref|>needle<|/ref|>", Miss.NAMED_ONLY),
        ("<|ref|>needle<|/ref|><|det|>[[100, 100, 300]]<|/det|>", Miss.BROKEN_PLACE),
        ("<|ref|>needle<|/ref|><|det|>[[100, 100, 100, 300]]<|/det|>", Miss.BROKEN_PLACE),
        ("I'm sorry, I can't help with that.", Miss.WORDS),
        ("The picture shows a needle in straw.", Miss.WORDS),
        ("图中有一根针。", Miss.WORDS),
    ],
)
def test_the_answer_tells_why_nothing_was_found(raw: str, why: Miss) -> None:
    assert miss_of(raw) is why


def test_without_an_answer_the_lines_on_this_computer_were_looked_through() -> None:
    assert missed("needle", None, ()).why is Miss.NOT_IN_LINES
