"""Tables of everyday pages: receipts, timetables, lists of files, and forms whose rules were found in part."""

from __future__ import annotations

import pytest

from ocr_desktop.core.found_tables.finding import table_markdown, tables_in
from ocr_desktop.core.layout.boxes import LayoutBox, LineBox
from tests.core.table_drawings import WIDTH, DrawnTable, cells, texts, written


def test_a_receipt_begins_at_its_first_price_and_ends_at_its_last_and_has_no_head() -> None:
    lines = written(
        "       GREEN MARKET",
        "Milk semi 2L            1.65",
        "Bananas 0.842 kg",
        "  @ 1.10/kg             0.93",
        "Sourdough loaf          2.80",
        "Eggs free range         3.25",
        "TOTAL                   8.63",
        "VISA DEBIT              8.63",
        "CHANGE                  0.00",
        "Items: 5   Till 04",
        "12/02/2025   17:48:09",
    )
    rules = [LayoutBox(102, y, 355, y + 2) for y in (263, 349)]
    for drawn in (rules, []):
        (found,) = tables_in(lines, drawn)
        assert texts(found)[:2] == [["Milk semi 2L", "1.65"], ["Bananas 0.842 kg @ 1.10/kg", "0.93"]]
        assert texts(found)[-1] == ["CHANGE", "0.00"]
        assert table_markdown(found).startswith("|  |  |\n| --- | --- |\n| Milk")


def test_a_date_above_the_items_of_a_receipt_is_not_their_head() -> None:
    items = [
        "Bread        1      2.35",
        "Milk         2      3.10",
        "Cheese       1      4.20",
        "Total               9.65",
    ]
    for head in ([], ["Item        Qty      Cost"]):
        (found,) = tables_in(written("21/11/2026   14:07", *head, *items))
        assert texts(found)[0] == (head or items)[0].split()
        assert found.head_rows == len(head)


def drawn_spans(right: float = 580.0) -> tuple[list[LineBox], list[LayoutBox], list[LayoutBox]]:
    """The lines of a table with a head of two rows, its level rules, and its verticals without the last inner one."""
    lines = written(
        "Table 3. Sales by region and quarter",
        "Region               2023                2024",
        "                H1        H2         H1        H2",
        "North         12.4      13.1       11.8      12.0",
        "South          8.0       8.8        9.2       9.9",
        "East          21.7      20.3       22.5      23.0",
        "Source: company reports",
    )
    across = [LayoutBox(x, 124 + row * 28, right, 126 + row * 28) for row, x in enumerate([90, 205, *[90] * 5])]
    down = [LayoutBox(90, 125, 92, 293), LayoutBox(right - 2, 125, right, 293)]
    return lines, across, [*down, LayoutBox(205, 108, 207, 265), LayoutBox(390, 125, 392, 265)]


def test_verticals_that_are_broken_or_missing_or_stick_out_leave_the_cells_whole() -> None:
    lines, across, down = drawn_spans()
    (found,) = tables_in(lines, [*across, *down, LayoutBox(305, 209, 307, 237)])
    assert cells(found) == [
        [("Region", 1, 2), ("2023", 2, 1), ("2024", 2, 1)],
        [("H1", 1, 1), ("H2", 1, 1), ("H1", 1, 1), ("H2", 1, 1)],
        [(text, 1, 1) for text in ("North", "12.4", "13.1", "11.8", "12.0")],
        [(text, 1, 1) for text in ("South", "8.0", "8.8", "9.2", "9.9")],
        [(text, 1, 1) for text in ("East", "21.7", "20.3", "22.5", "23.0")],
        [("Source: company reports", 5, 1)],
    ]


@pytest.mark.parametrize("counted", [True, False])
def test_a_head_and_a_row_that_no_rule_parts_are_two_rows(counted: bool) -> None:
    number = ["1   " if counted else "    ", "2   " if counted else "    ", "3   " if counted else "    "]
    lines = written(
        "       Name             Size      Owner",
        f"{number[0]}   budget.xlsx      48 KB     anna",
        f"{number[1]}   holiday.jpg      3.1 MB    anna",
        f"{number[2]}   notes.txt        2 KB      tom",
    )
    across = [LayoutBox(90, y, 480, y + 2) for y in (94, 151, 179, 208)]
    down = [LayoutBox(x, 94, x + 2, 208) for x in (90, 140, 290, 375, 478)[0 if counted else 1 :]]
    (found,) = tables_in(lines, [*across, *down])
    rows = [["", "Name", "Size", "Owner"], ["1", "budget.xlsx", "48 KB", "anna"]]
    assert texts(found)[:2] == [row if counted else row[1:] for row in rows]
    assert found.head_rows == 1


def test_a_head_of_two_lines_in_drawn_cells_is_one_row() -> None:
    lines = written(
        "Name             Sales     Costs",
        "of item          2024      2024",
        "Bolt              12.5       3.1",
        "Nut               14.1       4.0",
    )
    across = [LayoutBox(90, y, 420, y + 2) for y in (94, 151, 179, 208)]
    down = [LayoutBox(x, 94, x + 2, 208) for x in (90, 220, 320, 418)]
    (found,) = tables_in(lines, [*across, *down])
    assert texts(found)[0] == ["Name of item", "Sales 2024", "Costs 2024"]


def test_the_times_of_a_timetable_are_cells_even_where_they_were_read_as_one_line() -> None:
    names = ["Ashford", "Bourne End", "Castle Hill", "Dunmore"]
    drawn = DrawnTable()
    for row, name in enumerate(names):
        times = [f"{hour:02}:{row * 9 + 5:02}" for hour in range(5, 11)]
        y = 100 + row * 40
        if row == 1:
            drawn.write("".join(f"{text:7}" for text in (f"{name:14}", *times)).strip(), 100, y)
        else:
            drawn.write(name, 100, y)
            drawn.write("".join(f"{text:7}" for text in times).strip(), 100 + 14 * WIDTH, y)
    fused = drawn.lines[2]
    spaces = fused.text.index("  ")
    text = fused.text[:spaces] + fused.text[spaces + 2 :]
    edges = (*fused.edges[: spaces + 1], *fused.edges[spaces + 3 :])
    drawn.lines[2] = LineBox(2, text, fused.x_min, fused.y_min, fused.x_max, fused.y_max, edges)
    (found,) = tables_in(drawn.lines)
    assert [row[0] for row in texts(found)] == names
    assert texts(found)[1][1:] == ["05:14", "06:14", "07:14", "08:14", "09:14", "10:14"]
    assert found.head_rows == 0


def test_the_words_of_a_chart_below_a_table_are_no_rows_of_it() -> None:
    lines = written(
        "Preset      What comes back      Boxes",
        "Markdown    headings             yes",
        "Lines       one after another    yes",
        "Plain       the words            no",
        "Headings                         5",
        "Tables                           3",
        "Lists                            4",
    )
    bars = [line for line in lines if line.text in "534"]
    chart = LayoutBox(
        min(line.x_min for line in bars) - 200,
        min(line.y_min for line in bars) - 4,
        bars[0].x_max + 4,
        bars[-1].y_max + 4,
    )
    (found,) = tables_in(lines, pictures=[chart])
    assert [row[0] for row in texts(found)] == ["Preset", "Markdown", "Lines", "Plain"]
