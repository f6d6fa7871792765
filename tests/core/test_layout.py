"""Lines are read in the order in which a person reads them, on pages of several kinds."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Quad
from ocr_desktop.core.layout import lines_in_order, reading_order

HEIGHT = 20.0
PITCH = 26.0


def line(text: str, x: float, y: float, width: float | None = None, height: float = HEIGHT) -> LineFound:
    x_1 = x + (len(text) * height / 2 if width is None else width)
    return LineFound(text, ((x, y), (x_1, y), (x_1, y + height), (x, y + height)), 0.9)


def column(name: str, x: float, y: float, count: int, width: float = 400) -> list[LineFound]:
    """A column of running text, ragged at its right."""
    return [line(f"{name}{row}", x, y + row * PITCH, width - row * 7 % 40) for row in range(count)]


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


def test_each_line_is_a_region_with_its_words_escaped() -> None:
    regions = lines_in_order([line("# second", 0, 40), line("first *", 0, 0)])
    assert [(region.label, region.markdown, region.lines) for region in regions] == [
        ("line", r"first \*", (1,)),
        ("line", r"\# second", (0,)),
    ]


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
