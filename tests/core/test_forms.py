"""Labels with values are read row by row, whatever stands in columns."""

from __future__ import annotations

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.plain_text import plain_text
from tests.core.typeset import of_label, typed


def rows(*pairs: tuple[str, ...], gap: float = 260, y: float = 0) -> list[LineFound]:
    return [
        typed(text, column * gap, y + row * 40) for row, pair in enumerate(pairs) for column, text in enumerate(pair)
    ]


def texts(lines: list[LineFound]) -> list[str]:
    return of_label(lines, "text")


def test_each_label_stands_with_its_value_on_a_line() -> None:
    (form,) = texts(rows(("Name", "Ada Lovelace"), ("Street", "12 St James's Square"), ("Town", "London")))
    assert form == "**Name** Ada Lovelace  \n**Street** 12 St James's Square  \n**Town** London"
    assert plain_text(form) == "Name Ada Lovelace\nStreet 12 St James's Square\nTown London"


def test_a_value_right_behind_its_colon_is_one_all_the_same() -> None:
    lines = [
        found
        for row, (label, value) in enumerate([("Name:", "Ada"), ("Language:", "English"), ("Font size:", "12")])
        for found in (typed(label, 0, row * 40), typed(value, 102, row * 40))
    ]
    assert texts(lines) == ["**Name:** Ada  \n**Language:** English  \n**Font size:** 12"]


def test_two_pairs_beside_each_other_are_two_lines() -> None:
    (form,) = texts(rows(("Name:", "Ada", "Born:", "1815"), ("Town:", "London", "Phone:", "none"), gap=150))
    assert plain_text(form) == "Name: Ada\nBorn: 1815\nTown: London\nPhone: none"


def test_a_single_row_is_no_form() -> None:
    assert texts(rows(("Total", "due today"))) == ["Total due today"]


def test_what_looks_like_markdown_in_a_form_stays_words() -> None:
    (form,) = texts(rows(("A*b", "# 1"), ("_c_", "**d**")))
    assert plain_text(form) == "A*b # 1\n_c_ **d**"


def test_two_rows_without_colons_are_rows_and_no_labels() -> None:
    assert texts(rows(("Date", "17 April 2025"), ("Due", "1 May 2025"))) == ["Date 17 April 2025  \nDue 1 May 2025"]


def test_items_and_prices_beside_each_other_are_no_labels_and_values() -> None:
    menu = rows(("Leek soup .... 6.50", "Roast chicken .. 17.00"), ("Beetroot ... 7.50", "Hake .... 19.50"), ("x", "y"))
    recipe = rows(("• 4 eggs", "1. Heat the oven"), ("• butter", "2. Beat it"), ("• a lemon", "3. Fold it in"), gap=140)
    assert not any("**" in text for text in (*texts(menu), *texts(recipe)))
