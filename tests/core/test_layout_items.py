"""Columns of items, rows of a terminal and bylines are told from cells and columns of text."""

from __future__ import annotations

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.layout.boxes import LayoutBox
from tests.core.test_layout import order_of
from tests.core.typeset import of_label
from tests.support.laid_out import boxes, column, level_rule, line, named, words_in

TERMINAL = [
    ("anna@lab:~/projects/atlas$ ls -l", 5, 6, 274, 20),
    ("total 48", 6, 24, 72, 16),
    ("-rw-r--r-- 1 anna staff", 6, 40, 198, 19),
    ("1187 Mar", 216, 41, 73, 17),
    ("3 10:12 LICENSE", 298, 41, 134, 18),
    ("3921 Mar", 214, 56, 75, 20),
    ("9 18:40 README.md", 298, 56, 151, 20),
    ("-rw-r--r-- 1 anna staff", 6, 57, 198, 20),
    ("drwxr-xr-x 4 anna staff", 6, 74, 198, 18),
    ("4096 Mar 9 18:41 src", 214, 75, 184, 18),
    ("4096 Feb 27 09:03 tests", 214, 92, 199, 18),
    ("drwxr-xr-x 2 anna staff", 6, 92, 198, 16),
    ("anna@lab:~/projects/atlas$ git status -s", 6, 109, 341, 18),
    ("M src/map.py", 12, 127, 106, 17),
    ("?? notes.txt", 6, 144, 105, 16),
    ("anna@lab:~/projects/atlas$ df -h /", 5, 159, 292, 19),
    ("Size Used Avail Use% Mounted on", 140, 176, 274, 18),
    ("Filesystem", 6, 178, 89, 17),
    ("/dev/nvme0n1p2 468G 211G 234G 48% /", 4, 193, 334, 20),
    ("anna@lab:~/projects/atlas$ make test", 6, 212, 308, 18),
    ("make: *** [Makefile:12: test] Error 1", 4, 226, 318, 20),
]
"""Text, left, top, width and height of what was found on a picture of a terminal, and of an editor."""
EDITOR = [
    ('"""Insert item x in list a, and keep it sorted assuming a is sorted.', 90, 6, 615, 26),
    ("123456", 26, 8, 16, 113),
    ("If x is already in a, insert it to the right of the rightmost x.", 92, 45, 576, 21),
    ("Optional args lo (default 0) and hi (default len(a)) bound the", 91, 82, 563, 20),
    ("slice of a to be searched.", 91, 100, 236, 20),
    ("7", 28, 117, 12, 19),
    ("8", 26, 135, 16, 21),
    ("if key is None:", 90, 135, 141, 21),
    ("lo = bisect_right(a, x, lo, hi)", 123, 152, 287, 24),
    ("9", 25, 153, 17, 21),
    ("10", 18, 171, 24, 22),
    ("else:", 90, 172, 51, 21),
    ("lo = bisect_right(a, key(x), lo, hi, key=key)", 124, 188, 412, 24),
    ("11", 18, 189, 25, 21),
    ("12", 17, 207, 27, 22),
    ("a.insert(lo, x)", 91, 208, 138, 20),
    ("13", 17, 225, 26, 22),
    ("14", 16, 243, 28, 22),
    ("15", 18, 261, 25, 21),
    ("def bisect_right(a, x, lo=0, hi=None, *, key=None):", 53, 262, 466, 20),
    ('"""Return the index where to insert item x in list a, assuming a is sorted.', 87, 275, 683, 28),
    ("16", 18, 279, 25, 21),
    ("17", 17, 297, 26, 21),
    ("18", 17, 315, 26, 22),
    ("The return value i is such that all e in a[:i] have e <= x, and all e in", 92, 316, 653, 21),
    ("19", 17, 333, 26, 22),
    ("a[i:] have e > x. So if x already appears in the list, a.insert(i, x) will", 91, 335, 679, 20),
    ("20", 17, 351, 26, 21),
    ("insert just after the rightmost x already there.", 91, 353, 435, 19),
    ("21", 17, 369, 26, 22),
    ("22", 17, 387, 26, 21),
    ("Optional args lo (default 0) and hi (default len(a)) bound the", 91, 388, 563, 20),
    ("23", 17, 405, 25, 22),
    ("slice of a to be searched.", 91, 406, 237, 21),
    ("24", 17, 423, 25, 22),
    ('" u "', 92, 423, 30, 14),
    ("25", 16, 441, 27, 22),
    ("26", 17, 459, 26, 21),
    ("if lo < 0:", 91, 459, 94, 21),
    ("27", 17, 477, 26, 21),
    ("raise ValueError('lo must be non-negative')", 126, 478, 391, 20),
    ("28", 17, 495, 26, 22),
    ("if hi is None:", 91, 495, 131, 21),
    ("29", 17, 513, 26, 22),
    ("hi = len(a)", 124, 514, 105, 20),
    ("30", 17, 531, 26, 22),
    ('# Note, the comparison uses "<" to match the', 89, 532, 404, 20),
    ("lt_ () logic in list.sort() and in heapq.", 123, 547, 376, 25),
    ("31", 17, 549, 26, 22),
    ("#", 90, 551, 16, 18),
    ("32", 18, 567, 24, 21),
    ("if key is None:", 90, 568, 141, 20),
    ("while lo < hi:", 123, 582, 135, 26),
    ("33", 18, 585, 24, 22),
    ("mid = (lo + hi) // 2", 160, 601, 189, 26),
    ("34", 18, 603, 24, 22),
    ("35", 17, 621, 25, 22),
    ("if x < a[mid]:", 162, 621, 132, 23),
    ("36", 17, 639, 26, 22),
    ("hi = mid", 197, 640, 80, 21),
    ("37", 17, 657, 25, 21),
    ("else:", 162, 657, 51, 22),
    ("38", 17, 675, 26, 21),
    ("lo = mid + 1", 197, 675, 117, 22),
    ("39", 17, 693, 26, 22),
    ("else:", 89, 693, 52, 22),
    ("40", 17, 711, 26, 21),
    ("while lo < hi:", 125, 712, 131, 20),
]


def below(texts: list[str], x: float, y: float) -> list[LineFound]:
    return [line(text, x, y + row * 32) for row, text in enumerate(texts)]


def test_dishes_with_their_prices_are_read_column_by_column() -> None:
    starters = ["Starters", "Leek soup ... 6.50", "with soda bread", "Mackerel ... 8.00", "Beetroot (v) ... 7.50"]
    mains = ["Mains", "Roast chicken ... 17.00", "new potatoes", "Hake fillet ... 19.50", "Mushroom pie ... 15.00"]
    menu = [line("The Copper Kettle", 300, 0, 400, 40), *below(starters, 90, 100), *below(mains, 620, 101)]
    assert order_of(menu) == named(menu)


def test_ingredients_stand_beside_the_steps() -> None:
    ingredients = ["Ingredients", "• 200 g butter", "• 200 g sugar", "• 4 eggs", "• 2 lemons", "• a pinch of salt"]
    steps = [
        "Method",
        "1. Heat the oven to 170 °C and line a tin with paper.",
        "2. Beat the butter and sugar until pale, about",
        "five minutes. Add the eggs one by one.",
        "3. Fold in the almonds and the salt with a spoon.",
        "4. Bake for 45 minutes.",
    ]
    recipe = [*below(ingredients, 90, 100), *below(steps, 470, 101)]
    assert order_of(recipe) == named(recipe)


def test_choices_that_count_along_the_rows_are_read_row_by_row() -> None:
    choices = [line(f"{2 * row + side + 1}. town", 300 * side, row * 32) for row in range(5) for side in range(2)]
    assert order_of(choices) == named(choices)


def test_things_and_their_prices_in_cells_of_their_own_are_read_row_by_row() -> None:
    cells = [
        found
        for row, thing in enumerate(["Tea", "Soup", "Bread", "Salad", "Cake"])
        for found in (line(thing, 0, row * 32), line(f"{row}.50", 300, row * 32))
    ]
    assert order_of(cells) == named(cells)


def test_the_gaps_in_a_terminals_rows_part_no_columns() -> None:
    found = order_of([line(*each) for each in TERMINAL])
    sizes = [found[at + 1] for at, text in enumerate(found) if text.startswith(("-rw", "drw"))]
    assert sizes == ["1187 Mar", "3921 Mar", "4096 Mar 9 18:41 src", "4096 Feb 27 09:03 tests"]


def test_the_numbers_before_lines_of_code_are_read_with_them() -> None:
    found = order_of([line(*each) for each in EDITOR])
    assert found[found.index("15") + 1].startswith("def bisect_right")
    assert found[found.index("36") + 1] == "hi = mid"


def test_a_byline_above_three_columns_is_read_before_them() -> None:
    page = [
        line("A Survey of Six Cities", 100, 0, 1000, 40),
        line("Ingrid Halvorsen and Tomás Beltrán", 450, 60, 300),
        *column("a", 0, 160, 14, 380),
        *column("b", 410, 160, 14, 380),
        *column("c", 820, 160, 14, 380),
    ]
    assert order_of(page) == named(page)


def test_thousands_of_lines_and_rules_are_all_read() -> None:
    rules: list[LayoutBox] = [level_rule(0, y * 10, 500) for y in range(1100)]
    lines = [line(f"{row} {side}", side * 450, row * 24, 400) for row in range(2000) for side in range(2)]
    assert words_in(boxes(lines), rules) == named(lines)


def test_words_beside_a_chart_are_no_header() -> None:
    axis = LineFound("Requests", ((5, 200), (5, 100), (25, 100), (25, 200)), 0.9)
    chart = [line("Load of the server", 100, 0), axis, line("0", 60, 300), line("60", 500, 300), line("s", 280, 330)]
    assert of_label(chart, "header") == []
