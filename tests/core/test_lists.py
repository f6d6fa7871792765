"""Lists come out as Markdown's own, with the words and the nesting of the picture."""

from __future__ import annotations

import pytest

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.plain_text import plain_text
from ocr_desktop.core.structure.list_marks import mark_of
from tests.core.typeset import PROSE, column, document, of_label, prose, typed


def lists(lines: list[LineFound]) -> list[str]:
    return of_label(lines, "list")


def test_bullets_become_a_list_and_a_wrapped_item_stays_one() -> None:
    lines = [
        *prose(0),
        typed("• Apples from the garden behind the old house, which were", 30, 120),
        typed("picked in September", 48, 146),
        typed("• Pears", 30, 172),
        *prose(215),
    ]
    assert document(lines) == [
        ("text", " ".join(PROSE)),
        ("list", "- Apples from the garden behind the old house, which were picked in September\n- Pears"),
        ("text", " ".join(PROSE)),
    ]


def test_items_are_nested_by_their_indents() -> None:
    lines = [
        typed("• Fruit", 0, 0),
        typed("◦ green pears", 40, 26),
        typed("◦ yellow pears", 40, 52),
        typed("▪ from Lyon", 80, 78),
        typed("• Nuts", 0, 104),
    ]
    assert lists(lines) == ["- Fruit\n  - green pears\n  - yellow pears\n    - from Lyon\n- Nuts"]


def test_numbers_go_on_from_where_they_begin() -> None:
    lines = column("3. Wash the fruit", "4. Cut it", "5. Boil it")
    assert lists(lines) == ["3. Wash the fruit\n4. Cut it\n5. Boil it"]
    assert plain_text(lists(lines)[0]) == "3. Wash the fruit\n4. Cut it\n5. Boil it"


def test_letters_under_numbers_stay_words_in_their_item() -> None:
    lines = [
        typed("1. Wash the fruit", 0, 0),
        typed("a) with cold water", 40, 26),
        typed("b) with salt", 40, 52),
        typed("2. Cut it", 0, 78),
    ]
    (found,) = lists(lines)
    assert plain_text(found) == "1. Wash the fruit\na) with cold water\nb) with salt\n2. Cut it"


@pytest.mark.parametrize(
    "texts",
    [
        ("(1) the first", "(2) the second"),
        ("a. the first", "b. the second"),
        ("①种植树木", "②养护草坪"),
        ("一、种植树木", "二、养护草坪"),
        ("iv) the fourth", "v) the fifth"),
        ("[1] Smith, A book", "[2] Jones, Another book"),
        ("1. one", "2. two", "9. nine, which Markdown would call three", "10. ten"),
    ],
)
def test_marks_that_markdown_does_not_know_stay_before_their_words(texts: tuple[str, ...]) -> None:
    (found,) = lists(column(*texts))
    assert plain_text(found).split("\n") == list(texts)


@pytest.mark.parametrize("mark", [".", "o", "e", "-", "*"])
def test_what_recognition_makes_of_bullets_is_one_where_it_comes_again(mark: str) -> None:
    assert lists(column(f"{mark} Apples", f"{mark} Pears", f"{mark} Plums")) == ["- Apples\n- Pears\n- Plums"]
    assert lists([*prose(0), typed(f"{mark} Apples", 0, 140)]) == []


def test_items_whose_bullets_were_not_read_are_items_where_nothing_else_looks_so() -> None:
    lines = [
        *prose(0),
        typed("Wang Laboratories introduced word processors that only", 60, 120),
        typed("had small screens and were made for offices", 60, 146),
        typed("Microsoft Word came later", 60, 172),
        *prose(215),
    ]
    assert lists(lines) == [
        "- Wang Laboratories introduced word processors that only had small screens and were made for offices\n"
        "- Microsoft Word came later"
    ]


def test_an_item_among_others_may_lack_its_bullet() -> None:
    lines = [typed("• Apples", 0, 0), typed("Pears", 18, 26), typed("• Plums and what there is", 0, 52)]
    assert lists(lines) == ["- Apples\n- Pears\n- Plums and what there is"]


def test_ticks_are_kept() -> None:
    (found,) = lists(column("✓ Open at login", "☐ Show notifications"))
    assert plain_text(found) == "✓ Open at login\n☐ Show notifications"


def test_single_numbers_and_years_begin_no_list() -> None:
    lines = [typed("1. This alone is a sentence that somebody numbered", 0, 0), *prose(60), *prose(200)]
    assert lists(lines) == []


def test_what_looks_like_markdown_in_an_item_stays_words() -> None:
    (found,) = lists(column("• # 5 * 3", "• 2. <b>x</b>"))
    assert plain_text(found) == "# 5 * 3\n2. <b>x</b>"


@pytest.mark.parametrize(
    ("words", "number"), [("xiv) x", 14), ("十二、 x", 12), ("二十一、x", 21), ("(c) x", 3), ("③ x", 3), ("12.x", 12)]
)
def test_a_mark_says_which_it_is(words: str, number: int) -> None:
    mark = mark_of(words)
    assert mark is not None
    assert mark.number == number


@pytest.mark.parametrize("words", ["3.5 percent", "2026 was", "e.g. this", "so. and", "•", "1."])
def test_words_that_are_no_mark(words: str) -> None:
    assert mark_of(words) is None


def test_bullets_that_were_not_read_are_told_by_where_their_words_begin() -> None:
    lines = [
        *prose(0),
        typed("1. Wash the fruit", 40, 120),
        typed("Apples from the garden behind", 110, 146),
        typed("Red ones first", 160, 172),
        typed("Pears", 110, 198),
        typed("2. Cut it", 40, 224),
    ]
    assert lists(lines) == [
        "1. Wash the fruit\n   - Apples from the garden behind\n     - Red ones first\n   - Pears\n2. Cut it"
    ]


def test_the_first_of_flat_items_is_no_parent_of_those_whose_bullets_were_not_read() -> None:
    lines = [*prose(0), typed("• Apples", 40, 120), typed("Pears", 58, 146), typed("Plums", 58, 172)]
    assert lists(lines) == ["- Apples\n- Pears\n- Plums"]


def test_short_lines_set_in_below_a_large_title_are_the_items_of_a_slide() -> None:
    slide = [
        typed("Where the water goes", 0, 0, 40),
        typed("Three stations lost a third of their depth", 34, 90, 24),
        typed("Old Harbour", 70, 130),
        typed("Mill Lane", 70, 165),
        typed("Repair costs less than waiting", 34, 200, 24),
    ]
    assert document(slide) == [
        ("title", "# Where the water goes"),
        (
            "list",
            "- Three stations lost a third of their depth\n  - Old Harbour\n  - Mill Lane\n"
            "- Repair costs less than waiting",
        ),
    ]
    flush = [slide[0], *(typed(line.text, 0, line.quad[0][1]) for line in slide[1:])]
    assert lists(flush) == []


def test_a_quotation_of_two_paragraphs_is_no_list() -> None:
    quoted = [
        *("It was the best of times, it was the worst of", "times, it was the age of wisdom."),
        *("We had everything before us, we had nothing", "before us, we were all going direct to Heaven."),
    ]
    assert lists([*prose(0), *column(*quoted, x=60, y=104), *prose(208)]) == []
