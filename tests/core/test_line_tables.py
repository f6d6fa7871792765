"""Tables are found among lines, with their cells, and what is no table is left alone."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.core.found_tables.finding import table_markdown, tables_in
from ocr_desktop.core.layout.boxes import LayoutBox, LineBox
from ocr_desktop.core.plain_text import plain_text
from ocr_desktop.core.tables import read_table, tabbed
from tests.core.table_drawings import HEIGHT, WIDTH, DrawnTable, Manner, adjacency, cells, drawn_table, texts, written

PROSE = "the quick brown fox jumps over the lazy dog and runs on to the river where it "


@pytest.mark.parametrize(
    ("manner", "least"),
    [
        (Manner("grid"), 0.99),
        (Manner("grid", spans=True, wrapped=True, empty=0.3), 0.97),
        (Manner("rows", wrapped=True, empty=0.2), 0.97),
        (Manner("book"), 0.99),
        (Manner("book", spans=True, wrapped=True, empty=0.2), 0.97),
        (Manner(), 0.97),
        (Manner(wrapped=True), 0.95),
        (Manner(spans=True), 0.93),
        (Manner(empty=0.2), 0.9),
    ],
)
def test_cells_have_their_neighbours(manner: Manner, least: float) -> None:
    agreed = named = 0
    for seed in range(20):
        drawn = drawn_table(seed, manner)
        found = tables_in(drawn.lines, drawn.rules)
        more = adjacency(drawn.truth, cells(found[0]) if len(found) == 1 else [])
        agreed, named = agreed + more[0], named + more[1]
    assert agreed / named >= least


def column_of_prose(x: float, lines: int, y: float = 100.0) -> list[LineBox]:
    return written(*(PROSE[number % 20 : number % 20 + 52] for number in range(lines)), x=x, y=y)


def numbered(*groups: list[LineBox]) -> list[LineBox]:
    """All these lines as those of one page."""
    lines = [line for group in groups for line in group]
    return [
        LineBox(index, line.text, line.x_min, line.y_min, line.x_max, line.y_max, line.edges)
        for index, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        numbered(column_of_prose(100, 30), column_of_prose(620, 30)),
        numbered(column_of_prose(100, 30), column_of_prose(600, 30), column_of_prose(1100, 30)),
        written(*(f"•   {PROSE[:30]}" for _ in range(8))),
        written(*(f"{number}.   {PROSE[number : number + 24]}" for number in range(1, 9))),
        written(*(f"{number} Chapter of things ..................   {number * 7}" for number in range(1, 12))),
        written(*(f"{number} A chapter of many things        {number * 7}" for number in range(1, 12))),
        written("Jane Doe", "12 Long Street", "10115 Berlin", "Germany"),
        written(
            "Ann Author        Bob Builder        Cat Carter", *["IBM Research        Oxford        ETH Zurich"] * 2
        ),
        written("def area(width, height):", "    return width * height", "", "print(area(3, 4))      # 12"),
        written("x = 3 + y           (1)", "", "y = 4 + z           (2)"),
        written("Name:      Jane Doe", "Born:      1 May 1990", "Street:    Long 12", "City:      Berlin"),
        written("Large filer     X     Small filer", "New filer       0     Old filer", "Other           0"),
        [],
    ],
    ids=[
        *("two columns", "three columns", "bullets", "numbers", "dotted contents", "contents", "address", "authors"),
        *("code", "formulas", "form", "boxes to tick", "nothing"),
    ],
)
def test_what_is_no_table_is_none(lines: list[LineBox]) -> None:
    assert tables_in(lines) == ()


def test_rules_above_and_below_a_page_in_columns_make_no_table() -> None:
    lines = numbered(column_of_prose(100, 30), column_of_prose(620, 30))
    rules = [LayoutBox(100, y, 1100, y + 2) for y in (80, 960)]
    assert tables_in(lines, rules) == ()


def test_a_frame_around_text_is_no_table() -> None:
    lines = column_of_prose(100, 8)
    sides = [LayoutBox(90, y, 600, y + 2) for y in (90, 330)] + [LayoutBox(x, 90, x + 2, 330) for x in (90, 598)]
    assert tables_in(lines, sides) == ()


def test_a_table_in_one_of_two_columns_is_found_without_the_text_beside_it() -> None:
    rows = [
        "Model      Score      Time",
        "Small       12.5       3.1",
        "Middle      14.1       4.0",
        "Large       17.9       9.2",
    ]
    table = written(*rows, x=640, y=300)
    lines = numbered(column_of_prose(100, 30), column_of_prose(620, 5), column_of_prose(620, 18, y=460), table)
    (found,) = tables_in(lines)
    assert texts(found) == [row.split() for row in rows]


def test_two_tables_on_a_page_stay_two() -> None:
    one, other = drawn_table(1, Manner("book")), drawn_table(2, Manner("book"), y=900)
    lines = numbered(one.lines, column_of_prose(100, 5, y=700), other.lines)
    found = tables_in(lines, [*one.rules, *other.rules])
    assert [cells(table) for table in found] == [one.truth, other.truth]


def test_cells_that_were_read_as_one_line_are_parted() -> None:
    lines = written(
        "Name       Price       Count",
        "Bolt        1.20          12",
        "Nut         0.80           7",
        "Pin         0.10         300",
    )
    text = "Washer 4.50 19"
    widths = [WIDTH] * 6 + [WIDTH * 5] + [WIDTH] * 4 + [WIDTH * 9] + [WIDTH] * 2
    edges = [sum(widths[:number]) / sum(widths) for number in range(len(widths) + 1)]
    y = 100 + 4 * 1.4 * HEIGHT
    fused = LineBox(len(lines), text, 100, y, 100 + sum(widths), y + HEIGHT, tuple(edges))
    (found,) = tables_in([*lines, fused])
    assert texts(found)[-1] == ["Washer", "4.50", "19"]
    assert found.lines.count(fused.index) == 1


def test_a_receipt_is_a_table_of_items_and_prices() -> None:
    rows = [
        "Coffee large           3.50",
        "Croissant              2.20",
        "Orange juice           4.00",
        "Sandwich               6.30",
        "Total                 16.00",
    ]
    (found,) = tables_in(written(*rows))
    assert texts(found)[0] == ["Coffee large", "3.50"]
    assert texts(found)[-1] == ["Total", "16.00"]


def test_a_currency_sign_at_the_left_edge_of_its_column_belongs_to_the_amount() -> None:
    rows = [
        "Item               2024          2023",
        "Sales          $    141      $    138",
        "Costs               876           680",
        "Total          $  1,017      $    818",
    ]
    (found,) = tables_in(written(*rows))
    assert texts(found)[1:] == [["Sales", "$ 141", "$ 138"], ["Costs", "876", "680"], ["Total", "$ 1,017", "$ 818"]]


def test_the_numbers_of_a_chart_are_no_table_but_a_table_on_coloured_ground_is() -> None:
    chart = written(
        "1.5                      Control", "1.0                      8 g", "0.5", "0        10        100        1000"
    )
    page = LayoutBox(0, 0, 2000, 2000)
    assert tables_in(chart, pictures=[page]) == ()
    drawn = drawn_table(3, Manner())
    assert len(tables_in(drawn.lines, pictures=[page])) == 1


def test_numbers_below_each_other_in_drawn_columns_are_rows() -> None:
    rows = [
        "Year      Sales      Costs",
        "2021        10         20",
        "2022        30         40",
        "2023        50         60",
    ]
    lines = written(*rows)
    across = [LayoutBox(90, y, 350, y + 2) for y in (92, 123, 210)]
    down = [LayoutBox(x, 92, x + 2, 210) for x in (90, 165, 265, 350)]
    (found,) = tables_in(lines, [*across, *down])
    assert texts(found) == [row.split() for row in rows]


def test_lines_of_one_cell_are_joined_between_rules() -> None:
    lines = written(
        "Part        Note           Mass",
        "Bolt        made of         1.2",
        "            steel",
        "Nut         of brass        0.4",
        pitch=1.2,
    )
    rules = [LayoutBox(90, y, 400, y + 2) for y in (96, 122, 171, 196)]
    (found,) = tables_in(lines, rules)
    assert texts(found) == [["Part", "Note", "Mass"], ["Bolt", "made of steel", "1.2"], ["Nut", "of brass", "0.4"]]


def test_a_table_with_spans_is_html_and_says_the_same_when_it_is_read_again() -> None:
    drawn = drawn_table(5, Manner("book", spans=True))
    (found,) = tables_in(drawn.lines, drawn.rules)
    markdown = table_markdown(found)
    assert markdown.startswith("<table>")
    assert "\n" not in markdown
    again = read_table(lxml.html.fragment_fromstring(markdown))
    assert [[(cell.text, cell.columns, cell.rows) for cell in row] for row in again.rows] == drawn.truth
    assert plain_text(markdown) == tabbed(found.table)


def test_a_caption_right_above_leaves_the_head_whole() -> None:
    rows = [
        "District      Stations      Harvest      Change",
        "Northern         4,704       -2,582      -54.9%",
        "Old Harbour      8,347         -360       -4.3%",
        "Mill Lane        9,362       -6,242      -66.7%",
    ]
    above = written(PROSE[:60], "Table 4: Stations and harvest by district", y=36)
    (found,) = tables_in(numbered(above, written(*rows)))
    assert texts(found)[0] == rows[0].split()


def test_the_items_of_an_invoice_are_the_table_and_its_head_and_its_sums_are_not() -> None:
    head = written("Any Business", "12 Long Street                            Client", "Tel: 555 1234")
    items = [
        "Date        From        To          Weight      Rate      Total",
        *(f"{day}/1/2017    Mascot      Tempe          187     11.00      {day}4.00" for day in range(1, 6)),
    ]
    sums = written("                                         Subtotal      84.00", y=420)
    (found,) = tables_in(numbered(head, written(*items, y=220), sums))
    assert texts(found) == [row.split() for row in items]


def test_a_row_of_a_form_above_a_rule_is_no_head_of_the_table_below() -> None:
    form = written("Born: 1992        Patient: 17        Taken: 2019", y=60)
    rows = [
        "Test              Result             Unit",
        "Iron                 123            ug/dL",
        "Ferritin              44            ng/mL",
    ]
    rules = [LayoutBox(95, y, 480, y + 3) for y in (90, 200)]
    (found,) = tables_in(numbered(form, written(*rows)), rules)
    assert texts(found) == [row.split() for row in rows]


def test_what_stands_above_several_years_is_said_of_them_all() -> None:
    lines = written(
        "                              Year Ended",
        "                  Jan 2025     Jan 2024     Jan 2023",
        "Cost                   178          141          138",
        "Research             3,423        2,532        1,892",
        "Total                3,601        2,673        2,030",
        pitch=1.2,
    )
    (found,) = tables_in(lines)
    assert cells(found)[0] == [("", 1, 1), ("Year Ended", 3, 1)]
    assert texts(found)[1] == ["", "Jan 2025", "Jan 2024", "Jan 2023"]
    assert found.head_rows == 2


def test_headings_between_the_stripes_of_a_table_are_rows_of_their_own() -> None:
    names = [
        "",
        "Cash, and what is soon as good as cash",
        "Total assets",
        "Liabilities",
        "Current liabilities",
        "Debt",
        "Total",
    ]
    numbers = ["2024      2023", "141       138", "876       680", "", "", "317       218", "317       218"]
    rows = [f"{name:50}{number}" for name, number in zip(names, numbers, strict=True)]
    stripes = [LayoutBox(95, 100 + row * 28 - 3, 750, 100 + row * 28 + 24) for row in (1, 5)]
    (found,) = tables_in(written(*rows), fills=stripes)
    assert [row[0] for row in texts(found)] == names


def test_columns_that_touch_are_two_where_two_cells_stand_in_each_row() -> None:
    drawn = DrawnTable()
    for row in range(6):
        values = ["Name", "Gain", "Loss", "Sum"] if row == 0 else [f"Item {row}", f"{row}{row}1", f"{row}02", f"{row}9"]
        for x, text in zip((100, 300, 320 + row % 3, 460), values, strict=True):
            drawn.write(text, x, 100 + row * 28, width=28)
    (found,) = tables_in(drawn.lines)
    assert {len(row) for row in texts(found)} == {4}


def test_rules_that_were_read_as_letters_part_the_cells_of_a_head() -> None:
    lines = written(
        "Set         Base | Large | Notes",
        "Alpha        F       M       12.5",
        "Bravo        M       F       13.5",
        "Cargo        P       F       14.5",
    )
    rules = [LayoutBox(95, y, 420, y + 1) for y in (95, 124)]
    (found,) = tables_in(lines, rules)
    assert texts(found)[0] == ["Set", "Base", "Large", "Notes"]


@pytest.mark.parametrize("rules", ["", "grid"])
def test_marks_in_cells_are_words(rules: str) -> None:
    odd = ["a|b", "<b>bold</b>", "$5 and $6", "*star*", "&amp;", "[x](y)"]
    drawn = drawn_table(5, Manner("book", spans=bool(rules)))
    names = [line for line in drawn.lines if line.x_min == 100.0][1:]
    for line, text in zip(names, odd, strict=False):
        drawn.lines[line.index] = LineBox(line.index, text, line.x_min, line.y_min, line.x_max, line.y_max)
    (found,) = tables_in(drawn.lines, drawn.rules)
    assert found.table.has_spans == bool(rules)
    words = plain_text(table_markdown(found)).replace("\n", "\t").split("\t")
    assert all(text in words for text in odd[: len(names)])


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[LineBox], list[LayoutBox]]:
    """Lines anywhere, many of them in rows and columns, and rules anywhere."""
    steps = st.integers(0, 8)
    lines = []
    for index in range(draw(st.integers(0, 30))):
        x, y = draw(steps) * 110.0, draw(steps) * 26.0 + draw(st.sampled_from([0.0, 3.0, 11.0]))
        text = draw(st.sampled_from(["12.5", "word", "$", "two words", "a: b", "1 2 3", "字", " "]))
        edges = tuple(number / len(text) for number in range(len(text) + 1)) if draw(st.booleans()) else ()
        lines.append(LineBox(index, text, x, y, x + draw(st.sampled_from([0.0, 30.0, 90.0, 400.0])), y + 20.0, edges))
    across = [LayoutBox(0, y, 900, y + 1) for y in draw(st.lists(st.floats(0, 250), max_size=5))]
    down = [LayoutBox(x, 0, x + 1, 250) for x in draw(st.lists(st.floats(0, 900), max_size=5))]
    return lines, [*across, *down]


@settings(max_examples=100, deadline=None)
@given(pages())
def test_no_word_is_lost_and_no_line_is_in_two_tables(page: tuple[list[LineBox], list[LayoutBox]]) -> None:
    lines, rules = page
    found = tables_in(lines, rules, [LayoutBox(0, 50, 900, 75)], [LayoutBox(500, 0, 900, 100)])
    taken = [index for table in found for index in table.lines]
    assert len(taken) == len(set(taken))
    for table in found:
        said = "".join(sorted("".join(text for row in texts(table) for text in row).replace(" ", "")))
        read = "".join(sorted("".join(lines[index].text for index in table.lines).replace(" ", "")))
        assert said == read
        widths = {sum(cell.columns for cell in row) for row in table.table.rows if all(cell.rows == 1 for cell in row)}
        assert not widths or max(widths) >= 2
        assert table_markdown(table)
