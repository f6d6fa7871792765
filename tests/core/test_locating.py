"""Terms in lines: each is found where it stands, however it is written there, and little else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import quad_bounds
from ocr_desktop.core.line_parts import LinePart
from ocr_desktop.core.locating import AS_WRITTEN, SAME_LETTERS, Locator, located

CHARACTER = 10.0


def page(*texts: str, score: float = 0.9) -> tuple[LineFound, ...]:
    """Lines below each other, ten pixels a character."""
    return tuple(
        LineFound(
            text,
            (
                (0, 30 * row),
                (len(text) * CHARACTER, 30 * row),
                (len(text) * CHARACTER, 30 * row + 20),
                (0, 30 * row + 20),
            ),
            score,
            tuple(index / len(text) for index in range(len(text) + 1)),
        )
        for row, text in enumerate(texts)
    )


def words_of(texts: list[str], term: str) -> list[tuple[str, ...]]:
    """What stands at the places of a term, a piece for each line."""
    return [
        tuple(texts[part.line][part.start : part.end] for part in place.parts) for place in Locator(texts).find(term)
    ]


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("The quick fox", "quick", ["quick"]),
        ("The QUICK fox, quick", "Quick", ["QUICK", "quick"]),
        ("ＡＢＣ １２３", "abc 123", ["ＡＢＣ １２３"]),
        ("two  wide   gaps", "wide gaps", ["wide   gaps"]),
        ("a high-quality thing", "high quality", ["high-quality"]),
        ("a high-quality thing", "highquality", ["high-quality"]),
        ("a high- quality thing", "high-quality", ["high- quality"]),
        ("今天天气很好", "天气", ["天气"]),
        ("今 天 天 气", "天气", ["天 气"]),
        ("Straße", "STRASSE", ["Straße"]),
        ("naïve café", "cafe", ["café"]),
        ("naive cafe", "café", ["cafe"]),
        ("Inv0ice T0TAL", "Total", ["T0TAL"]),
        ("lnvoice", "Invoice", ["lnvoice"]),
        ("a modem house", "modern", ["modem"]),
        ("the recieved goods", "received", ["recieved"]),
        ("deep leaming methods", "deep learning", ["deep leaming"]),
        ("人工智熊技术", "人工智能", ["人工智熊"]),
        ("transport and report", "port", ["port", "port"]),
        ("がく", "かく", []),
        ("the rem0val", "oval", []),
        ("cable", "table of contents", []),
        ("nothing of it", "elephant", []),
    ],
)
def test_a_term_is_found_as_it_is_written_and_as_it_was_misread(text: str, term: str, found: list[str]) -> None:
    assert words_of([text], term) == [(words,) for words in found]


@pytest.mark.parametrize(
    ("lines", "term", "pieces"),
    [
        (["the total", "amount due"], "total amount", ("total", "amount")),
        (["more infor-", "mation here"], "information", ("infor", "mation")),
        (["more infor-", "mation here"], "infor-mation", ("infor", "mation")),
        (["今天的天", "气很好"], "天气", ("天", "气")),
        (["the grand", "totel sum here"], "grand total sum", ("grand", "totel sum")),
        (["one", "two", "three"], "one two three", ("one", "two", "three")),
    ],
)
def test_a_term_goes_on_in_the_next_line(lines: list[str], term: str, pieces: tuple[str, ...]) -> None:
    (found,) = words_of(lines, term)
    assert tuple(piece.rstrip("-") for piece in found) == pieces


def test_a_word_that_is_broken_by_a_hyphen_is_no_guess() -> None:
    (place,) = Locator(["more infor-", "mation here"]).find("Information")
    assert place.likeness == SAME_LETTERS


def test_a_short_word_is_no_part_of_others_where_it_stands_by_itself() -> None:
    assert words_of(["this is his island"], "is") == [("is",)]
    assert words_of(["this island"], "is") == [("is",)]
    assert Locator(["this island"]).find("is")[0].parts == (LinePart(0, 5, 7),)
    assert words_of(["his"], "is") == [("is",)]
    assert words_of(["第3章 13"], "3") == [("3",)]


@pytest.mark.parametrize("term", ["was", "cat", "1l"])
def test_a_term_of_three_letters_is_taken_literally(term: str) -> None:
    assert words_of(["wás wes cot cät Il 11 ll"], term) == []


def test_where_a_term_is_found_nothing_is_guessed() -> None:
    assert words_of(["a contract", "a contrast"], "contract") == [("contract",)]
    assert words_of(["a contrast"], "contract") == [("contrast",)]


def test_the_nearer_to_the_term_the_surer() -> None:
    texts = ["Invoice", "INVOICE", "lnvoice"]
    likeness = [place.likeness for place in Locator(texts).find("Invoice")]
    assert likeness[0] == AS_WRITTEN
    assert likeness == sorted(likeness, reverse=True)
    assert len(set(likeness)) == 3
    (guess,) = Locator(["invoyce"]).find("Invoice")
    assert guess.likeness < likeness[-1]


def test_a_hit_is_a_region_with_the_part_of_its_line_and_a_score() -> None:
    (hit,) = located(page("pay the total here", "and nothing else"), "total")
    assert (hit.label, hit.markdown, hit.lines) == ("match", "total", (0,))
    (quad,) = hit.quads
    assert quad_bounds(quad).x_min == pytest.approx(80, abs=4)
    assert quad_bounds(quad).x_max == pytest.approx(130, abs=4)
    assert hit.score == pytest.approx(0.9)


def test_a_broken_term_has_a_box_in_each_line_and_hits_come_in_reading_order() -> None:
    hits = located(page("a grand total", "sum and Total sum", "total"), "total")
    assert [hit.lines for hit in hits] == [(0,), (1,), (2,)]
    (broken,) = located(page("the grand", "total of it"), "grand total")
    assert broken.lines == (0, 1)
    assert len(broken.quads) == 2


def test_what_markdown_would_take_for_a_mark_stays_a_word() -> None:
    (hit,) = located(page("call f(*args)"), "*args")
    assert hit.markdown == r"\*args"


WORDS = st.text(st.sampled_from("abcdeflmnorst ABIO01lé-中文字がー，.、"), min_size=1, max_size=20)


@given(st.lists(WORDS, min_size=1, max_size=5), st.data())
def test_whatever_stands_in_a_line_is_found_inside_of_it(texts: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(texts) - 1))
    text = texts[number]
    start = data.draw(st.integers(0, len(text) - 1))
    term = text[start : data.draw(st.integers(start + 1, len(text)))]
    if not term.strip():
        return
    hits = located(page(*texts), term)
    assert hits
    for hit in hits:
        assert len(hit.quads) == len(hit.lines) > 0
        for index, quad in zip(hit.lines, hit.quads, strict=True):
            box, whole = quad_bounds(quad), quad_bounds(page(*texts)[index].quad)
            assert whole.x_min - 1e-6 <= box.x_min < box.x_max <= whole.x_max + 1e-6
            assert (box.y_min, box.y_max) == pytest.approx((whole.y_min, whole.y_max))


@given(st.lists(st.text(max_size=25), max_size=5), st.text(max_size=12))
def test_no_text_is_too_odd(texts: list[str], term: str) -> None:
    taken: set[tuple[int, int]] = set()
    for place in Locator(texts).find(term):
        assert 0 < place.likeness <= 1
        for part in place.parts:
            assert 0 <= part.start < part.end <= len(texts[part.line])
            characters = {(part.line, index) for index in range(part.start, part.end)}
            assert not characters & taken
            taken |= characters
