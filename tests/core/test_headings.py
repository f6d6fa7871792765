"""Headings are found by all their signs together, and only where there is text that they head."""

from __future__ import annotations

import pytest

from ocr_desktop.core.events import LineFound
from tests.core.typeset import PROSE, column, document, of_label, prose, typed

HEADINGS = ("title", "sub_title")


def headings(lines: list[LineFound]) -> list[str]:
    return of_label(lines, *HEADINGS)


def test_a_title_and_headings_get_levels_by_their_sizes() -> None:
    lines = [
        typed("The Garden in Autumn", 0, 0, 44),
        *prose(80),
        typed("What to plant", 0, 220, 30),
        *prose(280),
        typed("Bulbs for the spring", 0, 420, 25),
        *prose(470),
        typed("What to harvest", 0, 610, 30),
        *prose(670),
    ]
    assert headings(lines) == [
        "# The Garden in Autumn",
        "## What to plant",
        "### Bulbs for the spring",
        "## What to harvest",
    ]


def test_the_title_is_labelled_as_such() -> None:
    lines = [typed("The Garden in Autumn", 0, 0, 44), *prose(80), typed("What to plant", 0, 220, 30), *prose(280)]
    assert [label for label, _ in document(lines)] == ["title", "text", "sub_title", "text"]


def test_bold_lines_of_the_size_of_the_text_are_headings_where_they_stand_apart() -> None:
    lines = [
        *prose(0),
        typed("Summary of the year", 0, 130, bold=True),
        *prose(165),
        typed("Outlook", 0, 300, bold=True),
        *prose(335),
    ]
    assert headings(lines) == ["## Summary of the year", "## Outlook"]


def test_numbers_say_how_deep_a_heading_is() -> None:
    lines = [
        typed("2 Materials", 0, 0, 26),
        *prose(50),
        typed("2.1 Samples", 0, 190, 24),
        *prose(240),
        typed("2.1.3 Storage of samples", 0, 380, 23),
        *prose(430),
    ]
    assert headings(lines) == ["## 2 Materials", "### 2.1 Samples", "#### 2.1.3 Storage of samples"]


def test_a_number_with_a_full_stop_stays_as_it_is() -> None:
    lines = [typed("1. Materials", 0, 0, 26), *prose(50), typed("2. Samples", 0, 190, 26), *prose(240)]
    assert headings(lines) == ["## 1. Materials", "## 2. Samples"]


def test_chinese_chapters_are_headings_and_clauses_are_text() -> None:
    clause = "（一）近年来，随着城市建设的快速发展，绿化工作取得了明显成效。"
    lines = [
        typed("关于城市绿化工作的通知", 100, 0, 40),
        typed("一、总体要求", 0, 80, 28),
        *column(clause, "为了进一步改善城市生态环境，提高居民的生活质量，通知如下。", y=130),
        typed("二、主要任务", 0, 220, 28),
        *column(clause, "为了进一步改善城市生态环境，提高居民的生活质量，通知如下。", y=270),
    ]
    assert headings(lines) == ["# 关于城市绿化工作的通知", "## 一、总体要求", "## 二、主要任务"]


def test_a_title_that_runs_over_two_lines_is_one() -> None:
    lines = [
        typed("A Large Human-Annotated Dataset for", 0, 0, 40),
        typed("Document-Layout Analysis", 90, 48, 40),
        *prose(140),
    ]
    assert headings(lines) == ["# A Large Human-Annotated Dataset for Document-Layout Analysis"]


@pytest.mark.parametrize(
    "lines",
    [
        [typed("Only one line in large letters", 0, 0, 60)],
        column("Anna 10:02", "Are you coming tonight?", "Ben 10:03", "Yes, at eight", "Great!", pitch=40),
        [
            typed("CORNER SHOP", 60, 0, 34),
            *(
                found
                for row, (name, price) in enumerate([("Bread", "2.40"), ("Milk", "1.10"), ("TOTAL", "3.50")])
                for found in (typed(name, 0, 60 + row * 30), typed(price, 300, 60 + row * 30))
            ),
            typed("Thank you", 80, 180),
        ],
    ],
    ids=["one line", "a chat", "a receipt"],
)
def test_where_no_text_is_headed_there_is_no_heading(lines: list[LineFound]) -> None:
    assert headings(lines) == []


@pytest.mark.parametrize(
    "words", ["and so it went on.", "www.example.org", "a² + b² = c²", "1,204.50 12.00 3.40", "Listing 3: A program"]
)
def test_some_words_are_no_heading_however_they_are_set(words: str) -> None:
    assert headings([*prose(0), typed(words, 0, 140, 25, bold=True), *prose(190)]) == []


def test_a_bold_line_below_all_text_heads_nothing() -> None:
    assert headings([*prose(0), typed("The End of it", 0, 140, 30, bold=True)]) == []


def test_text_alone_has_no_heading() -> None:
    assert document(prose(0)) == [("text", " ".join(PROSE))]


def test_a_page_without_running_text_has_a_title_above_its_lines() -> None:
    names = column("Anna Lee", "Bo Chen", "Carl Orff", "Dora Maar", "Emil Nolde", "Frida Kahlo", y=120, pitch=40)
    assert document([typed("Those who came", 0, 0, 40), *names])[0] == ("title", "# Those who came")
    assert document([typed("Those who came", 0, 0), *names])[0] == ("text", "Those who came")


def test_a_bold_title_in_the_middle_goes_on_in_its_second_line() -> None:
    middle = max(line.quad[1][0] for line in prose(0)) / 2
    texts = ("How the harbour was measured with", "wooden instruments")
    halves = [typed(text, bold=True).quad[1][0] / 2 for text in texts]
    rows = zip(texts, halves, strict=True)
    lines = [
        *(typed(text, middle - half, 26 * row, bold=True) for row, (text, half) in enumerate(rows)),
        *prose(80),
    ]
    assert [words for _, words in document(lines)] == [
        "## How the harbour was measured with wooden instruments",
        " ".join(PROSE),
    ]


def test_an_address_and_authors_are_no_headings() -> None:
    for words in ("2 Mill Lane, Norwich", "M. Lindqvist1 and C. Okafor2"):
        assert document([typed(words, 0, 0), *prose(60)])[0] == ("text", words)


def test_nothing_begins_with_an_inner_heading() -> None:
    lines = [
        typed("How it began", 0, 0, 24, bold=True),
        *prose(60),
        typed("How it went on", 0, 220, 30, bold=True),
        *prose(280),
    ]
    assert [words for label, words in document(lines) if label != "text"] == ["## How it began", "## How it went on"]


def test_lines_of_a_form_of_which_most_are_headings_are_all() -> None:
    lines: list[LineFound] = []
    for place, name in enumerate(["Definitions", "Term and termination", "Fees", "Liability"]):
        # The strokes and the size of short words are measured worse.
        is_short = name == "Fees"
        top = place * 150
        lines += [typed(f"{place + 1}. {name}", 0, top, 18 if is_short else 21, bold=not is_short), *prose(top + 29)]
    assert headings(lines) == ["## 1. Definitions", "## 2. Term and termination", "## 3. Fees", "## 4. Liability"]


def test_a_bold_line_above_a_short_answer_is_a_heading_as_its_like_are() -> None:
    lines = [
        typed("How do I reset my password?", 0, 0, bold=True),
        *prose(32),
        typed("Can I do without a number?", 0, 170, bold=True),
        typed("Yes, you can.", 0, 202),
        typed("Where are my files kept?", 0, 262, bold=True),
        *prose(294),
    ]
    assert len(headings(lines)) == 3


def test_lines_that_differ_by_their_numbers_are_all_headings() -> None:
    lines: list[LineFound] = []
    for place in range(6):
        # Not all are measured as large as they are.
        size = 20 if place == 3 else 23
        lines += [typed(f"Comment {place} by user{place}", 0, place * 200 - 40, size), *prose(place * 200)]
    assert len(headings(lines)) == 6


def test_a_name_below_the_room_for_a_signature_is_no_heading() -> None:
    letter = [*prose(0), typed("Marlene Oduya", 0, 190, 21), *prose(230)]
    assert headings(letter) == []


@pytest.mark.parametrize("authors", ["Ingrid Halvorsen and Tomás Beltrán", "张伟刘芳"])
def test_authors_between_the_title_and_the_first_heading_are_none(authors: str) -> None:
    lines = [
        typed("The Garden in Autumn", 0, 0, 44),
        typed(authors, 120, 90, 23),
        typed("1. Introduction", 0, 150, 24, bold=True),
        *prose(190),
        *prose(330),
    ]
    assert headings(lines) == ["# The Garden in Autumn", "## 1. Introduction"]


def test_a_running_head_with_the_pages_number_is_no_heading() -> None:
    assert headings([typed("34 THE HISTORY OF SALT", 0, 0, 21), *prose(70), *prose(190)]) == []
