"""Answers that repeat themselves: because the page does, or because the model is caught in a loop."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, cycle

GOOD_LINES = tuple(
    f"Clause {number} of this agreement, changed on {number % 28 + 1} May, holds for party {chr(65 + number % 26)}."
    for number in range(1, 95)
)
GOOD = "\n".join(GOOD_LINES)[:6000].rpartition("\n")[0] + "\n"
"""Six thousand letters of a page without any repetition worth the name; a line break at the end."""


def boxed(words: str, x: int, y: int, width: int = 200, height: int = 12) -> str:
    return f"<|ref|>{words}<|/ref|><|det|>[[{x}, {y}, {x + width}, {y + height}]]<|/det|>\n"


def row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def table(rows: Iterator[str] | list[str]) -> str:
    return "<table>" + "".join(rows) + "</table>\n"


def empty_form(rows: int = 80, columns: int = 5) -> str:
    return table([row("Name", "Date", "In", "Out", "Sum")] + [row(*[""] * columns)] * rows)


def price_list() -> str:
    names = ("Bolt", "Nut", "Washer", "Screw")
    return table([row(f"{names[n % 4]} M{n % 7 + 3}", "100 pcs", "in stock", "4.50 EUR") for n in range(90)])


def alike_rows() -> str:
    return table([row("n/a", "0", "0", "none", "-")] * 60)


def numbered_rows() -> str:
    return table([row(n, "", "", "") for n in range(1, 101)])


def contents() -> str:
    return "".join(f"{n}. Chapter the {n * 7 % 90}th {'.' * 140} {n * 3 + n % 4}\n" for n in range(1, 70))


def rules_of_dashes() -> str:
    return "".join(f"{'-' * 200}\nField {n}: {'_' * 120}\n" for n in range(30))


def lyrics() -> str:
    refrain = "Around the town, around the town\n"
    verses = (f"Verse {n}, where something else is sung of\nand nobody knows the {n}th way home\n\n" for n in range(8))
    return "".join(verse + refrain * 6 + "\n" for verse in verses)


def one_line_of_verse() -> str:
    return "na " * 240 + "hey Jude\n"


def typed_page() -> str:
    return "All work and no play makes Jack a dull boy.\n" * 60


def code() -> str:
    body = "".join(f"def test_{n}():\n    with suppress(KeyError):\n        pass\n\n\n" for n in range(25))
    return f"```python\n{body}```\n" + "}\n" * 30


def number_list() -> str:
    return "".join(f"{n}. ____________\n" for n in range(1, 101))


def numbers_to_five_hundred() -> str:
    return table([row(*range(first, first + 10)) for first in range(1, 500, 10)])


def calendar() -> str:
    months = []
    for month in range(12):
        days = [""] * (month * 3 % 7) + [str(day) for day in range(1, 31)]
        weeks = [row(*(days[at : at + 7] + [""] * 7)[:7]) for at in range(0, len(days), 7)]
        months.append(table([row("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), *weeks]))
    return "".join(months)


def multiplication_table() -> str:
    return table([row(*(line * column for column in range(1, 21))) for line in range(1, 21)])


def sudoku_lines() -> str:
    digits = random.Random(1)
    return "".join(boxed(str(digits.randint(1, 9)), 60 + 100 * (n % 9), 50 + 100 * (n // 9), 30, 40) for n in range(81))


def check_boxes() -> str:
    places = random.Random(2)
    y = 20
    lines = []
    for _ in range(60):
        y += places.choice((14, 15, 15, 16, 22))
        lines.append(boxed("☐ Yes ☐ No", 500 + places.randint(-2, 2), y))
    return "".join(lines)


def seats() -> str:
    places = random.Random(3)
    return "".join(
        boxed("A", 40 + 47 * (n % 20) + places.randint(-1, 1), 50 + 90 * (n // 20) + places.randint(-1, 1), 20, 20)
        for n in range(200)
    )


def labels() -> str:
    address = "Ministry of Silly Walks\n12 Long Lane\nLondon\n\n"
    return address * 30


def filler_paragraphs() -> str:
    words = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 4
    return (words.strip() + "\n\n") * 8


def hex_dump() -> str:
    return "".join(f"{address:08x}  {'00 ' * 16} |................|\n" for address in range(0, 1024, 16))


def bits() -> str:
    digits = random.Random(4)
    return "".join(" ".join(f"{digits.getrandbits(8):08b}" for _ in range(8)) + "\n" for _ in range(90))


def matrix() -> str:
    digits = random.Random(5)
    rows = (" & ".join(str(digits.getrandbits(1)) for _ in range(24)) for _ in range(24))
    return "\\[ \\left( \\begin{array}{" + "c" * 24 + "} " + " \\\\ ".join(rows) + " \\end{array} \\right) \\]\n"


def ballots() -> str:
    ballot = "OFFICIAL BALLOT\nVote for one\n☐ Adams\n☐ Baker\n☐ Clark\n\n"
    return ballot * 12


def true_or_false() -> str:
    answers = random.Random(6)
    return "".join(answers.choice(("True\n", "False\n")) for _ in range(100))


def even_column() -> str:
    return "".join(boxed("0.00", 700, y, 60) for y in range(20, 980, 24))


def contact_sheet() -> str:
    places = ((x, y) for y in range(10, 990, 110) for x in range(10, 990, 82))
    return "".join(boxed("image", x, y, 70, 90) + " \n\n" for x, y in places)


def time_sheet() -> str:
    return table([row(f"{day}.05.", "8:00", "17:00", "1:00", "8.0", "") for day in range(1, 32)] * 2)


def writing_exercise() -> str:
    return "".join(f"{letter * 20}\n" * 4 for letter in "永和九年岁在癸丑")


def guitar_tab() -> str:
    return ("".join(f"{string}|{'-' * 15}|{'-' * 15}|{'-' * 15}|\n" for string in "eBGDAE") + "\n") * 9


def stripped_contents() -> str:
    return "".join(
        f"text[[80, {n * 14}, 900, {n * 14 + 12}]]\nPart {n} . . . . . . . . . {n * 5}\n\n" for n in range(45)
    )


def line_numbers() -> str:
    return "".join(boxed(str(n), 20, 12 * n, 15) for n in range(1, 80))


def ruler() -> str:
    return "".join(boxed(str(n), 9 * n, 500, 8) for n in range(100))


def flats() -> str:
    return "".join(boxed(f"Flat {n}, 12 High Street", 100, 9 * n) for n in range(1, 101))


def label_sheet() -> str:
    return "ACME Ltd.\n12 Industrial Road\nBirmingham B1 1AA\nUnited Kingdom\n\n" * 30


def digits_in_one_line() -> str:
    digits = random.Random(9)
    return "".join(digits.choice(("0 ", "1 ")) for _ in range(3000)) + "\n"


def big_table() -> str:
    return table([row(*(f"r{line}c{column}" for column in range(10))) for line in range(300)])


def loan_rows(rows: int) -> list[str]:
    return [row(n, "1,000.00", "50.00", "1,050.00") for n in range(1, rows + 1)]


def even_loan() -> str:
    return table([row("Month", "Principal", "Interest", "Payment"), *loan_rows(200)])


def long_loan() -> str:
    return table([row("Month", "Principal", "Interest", "Payment"), *loan_rows(360)])


def inventory() -> str:
    return table([row(f"SN-{70_000 + n}", "Monitor 24 inch", "Room 12", "in use") for n in range(350)])


def day(number: int) -> str:
    return f"2024-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"


def register() -> str:
    return table([row(day(n), "present", "present", "-") for n in range(330)])


def marks_in_any_order() -> str:
    marks = random.Random(12)
    return table([row(*(marks.choice("PA") for _ in range(3))) for _ in range(300)])


def a_row_a_line(page: str) -> str:
    return page.replace("<tr>", "\n<tr>").replace("</table>", "\n</table>")


def in_pipes(page: str) -> str:
    lines = re.findall("<tr>(.*?)</tr>", page)
    return "".join("| " + line[4:-5].replace("</td><td>", " | ") + " |\n" for line in lines)


LEDGERS = (big_table, even_loan, long_loan, inventory, register, marks_in_any_order)
"""Tables longer than a page, of rows that differ."""


def rule_of_four_thousand() -> str:
    return "-" * 4000 + "\n"


HONEST: dict[str, Callable[[], str]] = {
    made.__name__: made
    for made in (
        empty_form, price_list, alike_rows, numbered_rows, contents, rules_of_dashes, lyrics, one_line_of_verse,
        typed_page, code, number_list, numbers_to_five_hundred, calendar, multiplication_table, sudoku_lines,
        check_boxes, seats, labels, filler_paragraphs, hex_dump, bits, matrix, ballots, true_or_false, even_column,
        contact_sheet, time_sheet, writing_exercise, guitar_tab, stripped_contents, line_numbers, ruler, flats,
        label_sheet, digits_in_one_line, rule_of_four_thousand,
    )
} | {"wide_empty_form": lambda: empty_form(80, 12)}  # fmt: skip
for ledger in LEDGERS:
    HONEST[ledger.__name__] = ledger
    HONEST[f"{ledger.__name__}_a_row_a_line"] = partial(lambda made: a_row_a_line(made()), ledger)
    HONEST[f"{ledger.__name__}_in_pipes"] = partial(lambda made: in_pipes(made()), ledger)
"""Pages that repeat themselves, as a reading of them would be; none is a loop."""

PARAGRAPH = " ".join(GOOD_LINES[3:18]).replace("May", "June") + "\n\n"
SHORT_TABLE = table([row("Item", "Sum")] + [row(f"position {n}", n * n) for n in range(12)]) + "\n"

EXACT_LOOPS: dict[str, str] = {
    "line": "The same line once more, and then again.\n",
    "short line": "ABC\n",
    "chinese line": "上海世界博览会事务协调局公告\n",
    "phrase": "of the said party ",
    "chinese phrase": "项目名称：",
    "digits": "0 ",
    "digits that cycle": "142857",
    "letter": "a",
    "full stop": "。",
    "dots": ".",
    "blank lines": "\n",
    "tabs": "\t",
    "entities": "&nbsp;",
    "cells": "<td></td>",
    "empty rows": row("", "", ""),
    "rows": row("Total", "12.50", "EUR"),
    "box and line": boxed("the same words", 100, 200),
    "label and box": "<|ref|>image<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\n \n\n",
    "stripped box": "text[[100, 200, 300, 400]]\nThe same paragraph.\n\n",
    "box with its label inside": "<|det|>image [10, 20, 300, 400]<|/det|>",
    "boxes of one list": "[10, 20, 300, 400], ",
    "paragraph": PARAGRAPH,
    "table": SHORT_TABLE,
}
"""What a looping answer says over and over."""


def irregular(*parts: str) -> Iterator[str]:
    chosen = random.Random(7)
    while True:
        yield chosen.choice(parts)


def drifting_boxes() -> Iterator[str]:
    moves = random.Random(8)
    x = y = 100
    while True:
        x, y = x + moves.randint(0, 2), y + moves.randint(0, 3)
        yield boxed("the same words", x, y)


CHANGING_LOOPS: dict[str, Callable[[], Iterator[str]]] = {
    "boxes that count up": lambda: (
        f"<|ref|>text<|/ref|><|det|>[[0, {n}, 5, {n + 10}]]<|/det|>\n" for n in count(10, 10)
    ),
    "boxes inside one list": lambda: (f"[{n}, {n + 5}, {n + 20}, {n + 25}], " for n in count(10, 5)),
    "boxes of a paragraph": lambda: (boxed("text", 100, n) + "It says the same.\n\n" for n in count(10, 7)),
    "boxes that drift": drifting_boxes,
    "numbers that count": lambda: (f"{n}, " for n in count(1)),
    "lines that count": lambda: (f"{n}. Item\n" for n in count(1)),
    "rows that count": lambda: (row(n, "", "") for n in count(1)),
    "two lines in any order": lambda: irregular("上海世博局\n", "上海世博城\n"),
    "misspelt lines": lambda: irregular("Hekate Toolbox\n\n", "Hakete Toolbox\n\n", "Hoketo ToolBox\n\n"),
    "numbers in any order": lambda: irregular("-3 ", "-33 ", "-333 "),
    "boxed lines in any order": lambda: irregular(*(boxed(f"line {n}", 100, 20 * n) for n in range(9))),
    "lines in turn": lambda: cycle(["one\n", "two\n", "three\n", "four\n"]),
}  # fmt: skip
"""Loops in which no copy needs to be like the one before."""


def looping(parts: Iterator[str], letters: int) -> str:
    """At least so much of a loop, up to where a part ends."""
    text = ""
    for part in parts:
        text += part
        if len(text) >= letters:
            break
    return text
