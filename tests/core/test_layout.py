"""Lines are read in the order in which a person reads them, on pages of several kinds."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Quad
from ocr_desktop.core.layout.boxes import Solid, SolidKind
from ocr_desktop.core.layout.order import blocks_in_order, reading_order
from tests.support.laid_out import HEIGHT, PITCH, boxes, column, line, named, picture, words_in


def order_of(lines: list[LineFound], seed: int = 1) -> list[str]:
    """The texts in reading order, whatever order the lines came in."""
    shuffled = lines[:]
    random.Random(seed).shuffle(shuffled)
    return [shuffled[index].text for index in reading_order(shuffled)]


def turned(found: LineFound, angle: float) -> LineFound:
    """The line on a page that was turned by an angle, in radians, about its corner."""
    cosine, sine = math.cos(angle), math.sin(angle)
    a, b, c, d = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in found.quad)
    return LineFound(found.text, (a, b, c, d), found.score)


TWO_COLUMNS = [
    line("Title", 250, 0, 400, 40),
    *column("a", 0, 80, 12),
    *column("b", 450, 80, 9),
    line("Heading across", 0, 420, 860),
    *column("c", 0, 460, 6),
    *column("d", 450, 460, 6),
    line("7", 436, 640, 10),
]
IN_ORDER = [found.text for found in TWO_COLUMNS]
FORM = [
    found
    for row, (label, value) in enumerate([("Name", "Ada"), ("Street", "Main Road 5"), ("Town", "Lyon"), ("Tel", "1")])
    for found in (line(label, 0, row * 40), line(value, 300, row * 40 + 2))
]


def test_nothing_has_no_order() -> None:
    assert reading_order([]) == []


def test_columns_are_read_one_after_the_other_between_what_lies_across_them() -> None:
    assert order_of(TWO_COLUMNS) == IN_ORDER


def test_three_narrow_columns_without_a_wide_gutter() -> None:
    lines = [found for name, x in (("a", 0), ("b", 310), ("c", 620)) for found in column(name, x, 0, 10, 306)]
    assert order_of(lines) == [found.text for found in lines]


def test_a_form_is_read_row_by_row() -> None:
    assert order_of(FORM) == [found.text for found in FORM]


def test_a_table_is_read_row_by_row() -> None:
    table = [line(f"{row}{cell}", 250 * cell, row * 30, 60 + 40 * (row % 3)) for row in range(8) for cell in range(4)]
    assert order_of(table) == [found.text for found in table]


def test_a_bullet_stands_before_its_text() -> None:
    lines = [
        found
        for row in range(5)
        for found in (line(f"•{row}", 0, row * 30, 12), line(f"item {row}", 40, row * 30, 300))
    ]
    assert order_of(lines) == [found.text for found in lines]


def test_a_sidebar_is_not_mixed_into_the_text() -> None:
    sidebar = [line(f"link{row}", 0, 7 + row * 61, 80) for row in range(5)]
    text = column("t", 200, 0, 14, 500)
    assert order_of(sidebar + text) == [found.text for found in sidebar + text]


def test_a_page_that_lies_askew_is_read_as_if_it_did_not() -> None:
    for degrees in (-3, 2, 90, 180, 270, 93):
        assert order_of([turned(found, math.radians(degrees)) for found in TWO_COLUMNS]) == IN_ORDER


def test_vertical_lines_are_read_from_the_right() -> None:
    def vertical(text: str, x: float) -> LineFound:
        quad: Quad = ((x + 30, 0), (x + 30, 400), (x, 400), (x, 0))
        return LineFound(text, quad, 0.9)

    assert order_of([vertical("一", 300), vertical("二", 200), vertical("三", 100)]) == ["一", "二", "三"]


def test_one_long_line_along_the_edge_does_not_turn_a_page_of_short_ones() -> None:
    short = column("s", 100, 100, 40, width=60)
    edge = ((20, 900), (20, 100), (40, 100), (40, 900))
    found = order_of([*short, LineFound("along the edge", edge, 1.0)])
    assert [text for text in found if text.startswith("s")] == [each.text for each in short]


def test_a_picture_in_a_column_is_read_where_it_stands() -> None:
    first, second, right = column("a", 0, 0, 6), column("b", 0, 420, 8), column("c", 450, 10, 24)
    elements = [*boxes([*right, *second, *first]), picture(0, 180, 400, 200)]
    assert words_in(elements) == [*named(first), "picture", *named(second), *named(right)]


def test_a_picture_across_the_columns_parts_what_is_above_from_what_is_below() -> None:
    above = [*column("a", 0, 0, 6), *column("b", 450, 0, 6)]
    below = [*column("c", 0, 420, 6), *column("d", 450, 420, 6)]
    elements = [*boxes([*below, *above]), picture(0, 180, 850, 200)]
    assert words_in(elements) == [*named(above), "picture", *named(below)]


def test_few_lines_below_a_picture_go_on_in_the_columns_that_are_known() -> None:
    above = [*column("a", 0, 0, 8), *column("b", 450, 0, 8), line("Heading across", 100, 230, 650)]
    left, right = column("c", 0, 270, 7), [*column("d", 450, 400, 2)]
    elements = [*boxes([*right, *left, *above]), picture(450, 270, 400, 120)]
    assert words_in(elements) == [*named(above), *named(left), "picture", *named(right)]


def test_what_lies_in_a_picture_comes_right_behind_it() -> None:
    elements = [*boxes([line("label", 150, 250), *column("a", 0, 0, 6), *column("b", 0, 500, 6)])]
    assert words_in([*elements, picture(50, 200, 300, 250)]) == [
        *named(column("a", 0, 0, 6)), "picture", "label", *named(column("b", 0, 500, 6))
    ]  # fmt: skip


def test_a_picture_found_across_the_edges_of_lines_overturns_nothing() -> None:
    elements = boxes(column("a", 0, 0, 8))
    assert words_in([*elements, picture(200, 25, 500, 110)])[:2] == ["a0", "a1"]
    assert [word for word in words_in([*elements, picture(200, 25, 500, 110)]) if word != "picture"] == named(
        column("a", 0, 0, 8)
    )


def test_a_line_found_together_with_its_neighbour_does_not_part_the_columns() -> None:
    left, right = column("a", 0, 0, 12), column("b", 425, 0, 12)
    fused = line("both", 0, 5 * PITCH, 825)
    lines = [*left[:5], fused, *left[6:], *right[:5], *right[6:]]
    assert order_of(lines) == named(lines)


def test_a_larger_heading_over_some_of_the_columns_begins_a_story_in_all() -> None:
    def three(name: str, y: float) -> list[LineFound]:
        return [found for at in range(3) for found in column(f"{name}{at}-", at * 450, y, 8)]

    lines = [*three("a", 0), line("Museum shows letters", 0, 250, 700, 34), *three("b", 310)]
    assert order_of(lines) == named(lines)


def test_a_last_line_across_one_gutter_leaves_the_columns_below_it() -> None:
    above = [found for at in range(3) for found in column(f"a{at}-", at * 450, 0, 12 - at)]
    across = [line(f"across {row}", 0, 350 + row * PITCH, 1300) for row in range(3)]
    last = line("ends in the second column", 0, 350 + 3 * PITCH, 800)
    below = [*column("b", 0, 480, 11), *column("c", 450, 680, 2), *column("d", 900, 480, 9)]
    largest = [
        line("Heading across", 0, 800, 1300),
        *(e for at in range(3) for e in column(f"e{at}-", at * 450, 840, 20)),
    ]
    elements = [*boxes([*reversed(below), last, *across, *above, *largest]), picture(450, 480, 400, 180)]
    read = [word for word in words_in(elements) if word != "picture"]
    assert read == named([*above, *across, last, *below, *largest])


def test_a_picture_found_across_two_columns_of_text_changes_no_order() -> None:
    left, right = column("a", 0, 0, 10), column("c", 450, 0, 13)
    caption, after = [line("Figure 1: Harvest", 0, 440)], column("b", 0, 480, 8)
    note, end = [line("Figure 2: Rainfall", 450, 530)], column("d", 450, 580, 6)
    text = [replace(found, text=f"{found.text} of the running text there") for found in right]
    elements = boxes([*left, *caption, *after, *text, *note, *end])
    # Two figures, in one box: the last lines of the right column above its own lie in it.
    read = words_in([*elements, picture(0, 11.5 * PITCH - 20, 850, 250)])
    assert [word for word in read if word != "picture"] == named([*left, *caption, *after, *text, *note, *end])
    assert read.index("picture") == len(left)


def test_headings_at_the_left_of_a_dialog_come_before_their_rows() -> None:
    rows = [
        [line("Preferences", 250, 0, 80)],
        [line("General", 0, 50, 55)],
        [line("Language:", 105, 80, 65), line("English (United Kingdom)", 190, 80, 150)],
        [line("Default folder:", 80, 120, 90), line("/home/ada", 190, 120, 100)],
        [line("Start when I sign in", 205, 155, 120)],
        [line("Network", 0, 205, 60)],
        [line("Proxy:", 125, 235, 45), line("proxy.example.org", 190, 235, 110)],
        [line("Port:", 130, 275, 40), line("8080", 190, 275, 35)],
    ]
    lines = [found for row in rows for found in row]
    assert order_of(lines) == named(lines)


def test_authors_beside_each_other_are_read_one_by_one() -> None:
    authors = [
        line(text, 200 + at * 400 - len(text) * 5, row * 24)
        for at, name in enumerate(["Ahmed Nassar", "Peter Staar", "Birgit Pfitzmann"])
        for row, text in enumerate([name, "IBM Research", f"{name[:3]}@zurich.example"])
    ]
    assert order_of(authors) == named(authors)


def test_a_note_in_the_margin_is_not_mixed_into_the_text() -> None:
    text = column("t", 300, 0, 30, 600)
    notes = [line(f"note {row}", 0, 137 + row * 22, 200, 17) for row in range(4)]
    assert order_of([*text, *notes]) == [*named(notes), *named(text)]


def test_an_invoice_is_read_part_by_part_and_its_table_by_rows() -> None:
    sender = [line(text, 0, row * 24, 180) for row, text in enumerate(["Uniform", "PO Box", "State"])]
    table = [line(f"{row}.{cell}", 200 * cell, 200 + row * 30, 60) for row in range(9) for cell in range(5)]
    total = [line("Total", 600, 560, 60), line("155.00", 800, 560, 60)]
    lines = [*sender, *table, *total]
    assert order_of(lines) == named(lines)


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[LineFound], int]:
    """Pages in columns, drawn in reading order, and how many of their lines are in it."""
    count = draw(st.integers(2, 3))
    pitch = HEIGHT * draw(st.floats(1.1, 1.5))
    width, gutter = 1300 / count, draw(st.floats(18, 60))
    lines: list[LineFound] = []
    y = 0.0
    for section in range(draw(st.integers(1, 3))):
        if section or draw(st.booleans()):
            lines.append(line(f"Heading {section}", 100, y, 1100 + gutter))
            y += 2 * pitch
        heights = [draw(st.integers(5, 20)) for _ in range(count)]
        for at, rows in enumerate(heights):
            shares = draw(st.lists(st.floats(0.75, 1), min_size=rows, max_size=rows))
            left = at * (width + gutter)
            lines += [
                line(f"{section}-{at}-{row}", left, y + row * pitch, width * share) for row, share in enumerate(shares)
            ]
        y += max(heights) * pitch + pitch
    return lines, draw(st.integers())


@settings(max_examples=40)
@given(pages())
def test_drawn_pages_in_columns_are_read_in_order(page: tuple[list[LineFound], int]) -> None:
    lines, seed = page
    assert order_of(lines, seed) == named(lines)


@settings(max_examples=20)
@given(pages(), st.sampled_from([0, 90, 180, 270]), st.sampled_from([-3, -1, 0, 1, 3]))
def test_drawn_pages_that_lie_askew_are_read_the_same(
    page: tuple[list[LineFound], int], quarter: int, lean: int
) -> None:
    lines, seed = page
    assert order_of([turned(found, math.radians(quarter + lean)) for found in lines], seed) == named(lines)


def test_two_thousand_boxes_anywhere_are_each_in_one_block() -> None:
    chance = random.Random(7)
    lines = [
        line("a few words", chance.uniform(0, 3000), chance.uniform(0, 4000), chance.uniform(20, 400))
        for _ in range(2000)
    ]
    assert sorted(reading_order(lines)) == list(range(2000))


coordinate = st.floats(-50, 3000)
quads = st.one_of(
    st.tuples(*[st.tuples(coordinate, coordinate)] * 4),
    st.tuples(coordinate, coordinate, st.floats(0, 800), st.floats(0, 60)).map(
        lambda box: line("", box[0], box[1], box[2], box[3]).quad
    ),
)


@given(st.lists(quads, max_size=40))
def test_every_line_is_read_exactly_once_wherever_it_stands(found: list[Quad]) -> None:
    order = reading_order([LineFound(str(index), quad, 0.5) for index, quad in enumerate(found)])
    assert sorted(order) == list(range(len(found)))


@given(st.floats(0.2, 5), st.floats(-900, 900), st.floats(-900, 900), st.integers())
def test_the_order_does_not_hang_on_size_place_or_the_order_of_finding(
    scale: float, right: float, down: float, seed: int
) -> None:
    moved = [
        LineFound(found.text, tuple((x * scale + right, y * scale + down) for x, y in found.quad), found.score)  # type: ignore[arg-type]
        for found in TWO_COLUMNS
    ]
    assert order_of(moved, seed) == IN_ORDER


solids = st.builds(
    lambda kind, x, y, width, height: Solid(kind, 0, x, y, x + width, y + height),
    *(st.sampled_from(SolidKind), coordinate, coordinate, st.floats(0, 800), st.floats(0, 600)),
)


@given(st.lists(quads, max_size=25), st.lists(solids, max_size=6))
def test_every_element_is_in_one_block(found: list[Quad], others: list[Solid]) -> None:
    elements = [*boxes([LineFound(str(index), quad, 0.5) for index, quad in enumerate(found)]), *others]
    read = [each for block in blocks_in_order(elements) for row in block.rows for each in row]
    assert sorted(map(id, read)) == sorted(map(id, elements))
