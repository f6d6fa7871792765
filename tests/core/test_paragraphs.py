"""Lines become paragraphs, and what may be two things stays two."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.events import FoundRegion, LineFound, PageFound
from ocr_desktop.core.structure.page import text_regions_of
from ocr_desktop.core.structure.paragraphs import joined
from tests.core.test_layout import quads
from tests.support.laid_out import line


def rows(
    *texts: str, x: float = 0, y: float = 0, pitch: float = 26, indents: tuple[float, ...] = ()
) -> list[LineFound]:
    """Lines below each other, ten pixels a character (twenty a Chinese one)."""
    return [
        line(text, x + (indents[row] if row < len(indents) else 0), y + row * pitch, sum(map(_width, text)))
        for row, text in enumerate(texts)
    ]


def _width(character: str) -> int:
    return 10 if character.isascii() else 20


def paragraphs(lines: list[LineFound]) -> tuple[FoundRegion, ...]:
    return text_regions_of(PageFound(tuple(lines)))


def words_of(lines: list[LineFound]) -> list[str]:
    return [region.markdown for region in paragraphs(lines)]


PROSE = (
    "It was the best of times, it was the worst of",
    "times, it was the age of wisdom, and it was",
    "the age of foolishness, the epoch of belief,",
    "the season of Light.",
)
NEXT = ("There were a king with a large jaw and a",
        "queen with a plain face.")  # fmt: skip


def test_lines_that_run_on_are_one_paragraph() -> None:
    assert words_of(rows(*PROSE)) == [" ".join(PROSE)]


def test_a_paragraph_says_which_lines_it_is_made_of() -> None:
    (region,) = paragraphs(list(reversed(rows(*PROSE))))
    assert (region.label, region.lines) == ("text", (3, 2, 1, 0))


def test_a_wider_gap_parts_two_paragraphs() -> None:
    assert words_of(rows(*PROSE) + rows(*NEXT, y=4 * 26 + 20)) == [" ".join(PROSE), " ".join(NEXT)]


def test_a_short_last_line_ends_a_paragraph() -> None:
    assert words_of(rows(*PROSE, *NEXT)) == [" ".join(PROSE), " ".join(NEXT)]


def test_an_indent_begins_a_paragraph() -> None:
    first = [*PROSE[:3], "the season of Light, it was the season of it."]
    lines = rows(*first, *NEXT, indents=(0, 0, 0, 0, 30, 0))
    assert words_of(lines) == [" ".join(first), " ".join(NEXT)]


def test_larger_letters_are_another_paragraph() -> None:
    heading = line("A heading of the same width as the text!!", 0, 0, 440, 36)
    assert words_of([heading, *rows(*PROSE, y=44)]) == [heading.text, " ".join(PROSE)]


def test_items_of_a_list_stay_apart_and_their_lines_together() -> None:
    lines = rows(
        "• the first item of the list, which is quite long",
        "and runs on",
        "• the second item of the list, as long as this one",
        "• third",
        indents=(0, 20, 0, 0),
    )
    assert words_of(lines) == [
        "• the first item of the list, which is quite long and runs on",
        "• the second item of the list, as long as this one",
        "• third",
    ]


@pytest.mark.parametrize("marker", ["1.", "12)", "(a)", "(iv)", "- ", "一、", "（二）", "③", "[7]", "第三章"])
def test_a_marker_begins_an_item(marker: str) -> None:
    first = "Something that goes on to the very end of the line"
    assert len(words_of(rows(first, f"{marker} and then what comes after the marker is"))) == 2


@pytest.mark.parametrize("start", ["3.5 percent of", "1,000 people and", "2026. The rest", "an old word or two"])
def test_what_only_looks_like_a_marker_does_not(start: str) -> None:
    second = f"{start} what comes after it on the line until its end"[:44]
    lines = rows("Something that goes on to the very end of the", second, "words that go on and on to the end of the")
    assert len(words_of(lines)) == 1


def test_a_bullet_found_by_itself_belongs_to_its_text() -> None:
    lines = [line("•", 0, 0, 10), line("The text behind the bullet", 60, 0), line("•", 0, 40, 10), line("More", 60, 40)]
    assert words_of(lines) == ["• The text behind the bullet", "• More"]


def test_a_form_and_a_table_keep_their_rows() -> None:
    lines = [
        found for row in range(4) for found in (line(f"Label {row}:", 0, row * 26), line(f"value {row}", 300, row * 26))
    ]
    assert words_of(lines) == [f"Label {row}: value {row}" for row in range(4)]


def test_verses_and_addresses_keep_their_lines() -> None:
    verses = ["Tyger Tyger, burning bright,", "In the forests of the night;", "What immortal hand or eye,",
              "Could frame thy fearful symmetry?"]  # fmt: skip
    assert words_of(rows(*verses)) == verses
    assert words_of(rows("Ada Miller", "12 Main Road", "1204 Geneva")) == ["Ada Miller", "12 Main Road", "1204 Geneva"]


def test_codes_below_each_other_are_no_text() -> None:
    codes = ["97a56312-d8e8-4ca5", "bdc5a5f2-d6ff-403d", "aeef14aa-9aff-4f0d"]
    assert words_of(rows(*codes)) == codes


def test_chinese_lines_are_joined_without_a_space() -> None:
    lines = rows("今天的天气很好，我们一起去公园散步", "吧，晚上再回家吃饭，看一看电视新闻", "然后睡觉。")
    assert words_of(lines) == ["今天的天气很好，我们一起去公园散步吧，晚上再回家吃饭，看一看电视新闻然后睡觉。"]


def test_what_looks_like_markdown_stays_words() -> None:
    assert words_of(rows("# 5 * 3 < 20 & _x_")) == [
        r"# 5 * 3 < 20 & _x_".replace("#", r"\#").replace("*", r"\*").replace("_", r"\_")
    ]


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (["exam-", "ple"], "example"),
        (["exam-", "Ple"], "exam- Ple"),
        (["1914-", "1918"], "1914- 1918"),
        (["so –", "he said"], "so – he said"),
        (["中文", "and English"], "中文and English"),
        (["한국어", "문장"], "한국어 문장"),
        (["日本語の", "ページ"], "日本語のページ"),
        (["so-", "-", "b"], "so- - b"),
        (["a", "-", "b"], "a - b"),
        (["a-", "b-", "c"], "abc"),
        (["exam-", "", "ple"], "example"),
        (["one"], "one"),
        ([], ""),
    ],
)
def test_joining(texts: list[str], whole: str) -> None:
    assert joined(texts) == whole


@given(st.lists(st.tuples(quads, st.text(min_size=1, max_size=12).map(lambda text: text.strip() or "x")), max_size=30))
def test_every_line_is_in_exactly_one_paragraph(found: list[tuple[object, str]]) -> None:
    regions = paragraphs([LineFound(text, quad, 0.5) for quad, text in found])  # type: ignore[arg-type]
    assert sorted(index for region in regions for index in region.lines) == list(range(len(found)))


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (("a high-", "quality map"), "a high-quality map"),
        (("twenty-", "four plates"), "twenty-four plates"),
        (("in the high-", "lands"), "in the highlands"),
        (("four-", "teen"), "fourteen"),
        (("carefully docu-", "ments"), "carefully documents"),
    ],
)
def test_a_compound_keeps_its_hyphen_and_a_broken_word_loses_it(texts: tuple[str, str], whole: str) -> None:
    assert joined(texts) == whole


def test_the_lines_of_a_log_stay_lines() -> None:
    log = (
        "2025-03-09 18:40:02,113 INFO Listening on 0.0.0.0:8080 now",
        "2025-03-09 18:40:07,902 DEBUG cache miss z=12 x=2144 y=139",
        "2025-03-09 18:40:08,017 WARN slow tile: it took all 115 ms",
    )
    assert words_of(rows(*log)) == list(log)


def test_half_a_sentence_goes_on_in_a_higher_box() -> None:
    first, second = "First of all make sure that", "your kernel is new."
    lines = [line(first, 0, 0, 270), LineFound(second, ((0, 20), (190, 20), (190, 49), (0, 49)), 0.9)]
    assert max(after.quad[2][1] - after.quad[0][1] for after in lines) > 1.3 * (
        lines[0].quad[2][1] - lines[0].quad[0][1]
    )
    assert words_of(lines) == [f"{first} {second}"]


def test_half_a_sentence_goes_on_in_strokes_that_were_measured_thinner() -> None:
    first, second = (
        replace(found, stroke=stroke) for found, stroke in zip(rows(*PROSE[:2]), (0.10, 0.07), strict=True)
    )
    assert words_of([first, second, *rows(*PROSE[2:], y=52)])[0].startswith(f"{PROSE[0]} {PROSE[1]}")


def test_lines_of_one_clause_stand_nearer_than_clauses() -> None:
    """Though most of the clauses are one line, so that most lines are further apart."""
    clauses = (
        ("The goods are delivered to the house in which", "they were ordered."),
        ("The customer pays what is due within a month", "of the delivery."),
        ("This agreement is made between the Supplier and", "Foods of Kestrel."),
        *(("All fees are exclusive of any tax.",),) * 5,
    )
    lines: list[LineFound] = []
    y = 0.0
    for clause in clauses:
        lines += rows(*clause, y=y)
        y += 26 * len(clause) + 12
    assert words_of(lines) == [" ".join(clause) for clause in clauses]


def test_a_reference_hangs_below_its_first_line() -> None:
    entries = rows("Engstrom, K. (2003). Locks in history, Uppsala:", "Almqvist & Wiksell.", indents=(0, 40))
    assert words_of(entries) == ["Engstrom, K. (2003). Locks in history, Uppsala: Almqvist & Wiksell."]


@pytest.mark.parametrize("value", ["off", "afterDelay"])
def test_a_word_below_a_sentence_is_no_more_of_it(value: str) -> None:
    assert words_of(rows("Controls how they wrap.", value)) == ["Controls how they wrap.", value]
