"""Which pages people mean by a few characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.page_ranges import PageRanges, parse_page_ranges

NUMBERS = st.integers(1, 9_999_999)
COUNTS = st.integers(1, 40)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[int, int | None]:
    first = draw(st.integers(1, 50))
    return first, draw(st.none() | st.integers(first, 60))


RANGES = st.lists(stretches(), min_size=1, max_size=5).map(tuple).map(PageRanges)


def typed(ranges: PageRanges) -> str:
    return ",".join(f"{first}-{'' if last is None else last}" for first, last in ranges.stretches)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("1", (1,)),
        ("1-3,7", (1, 2, 3, 7)),
        ("8-", (8, 9)),
        ("-2", (1, 2)),
        ("7, 1-3", (1, 2, 3, 7)),
        ("2,1-3,2", (1, 2, 3)),
        ("9-9", (9,)),
        ("1-", tuple(range(1, 10))),
    ],
)
def test_what_people_type(text: str, pages: tuple[int, ...]) -> None:
    ranges = parse_page_ranges(text)
    assert ranges.missing_from(9) is None
    assert ranges.numbers(9) == pages


@pytest.mark.parametrize(
    "text", ["", "-", "0", "0-3", "3-1", "1-2-3", "1,,2", ",", "a", "1_0", "１", "+1", "1.0", "--2", "99999999", "1 2"]
)
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_page_ranges(text)


@pytest.mark.parametrize(
    ("text", "missing"), [("4", 4), ("2-9", 4), ("4-", 4), ("1,7,5", 5), ("-9999999", 4), ("3", None), ("3-", None)]
)
def test_the_first_page_that_is_not_there_is_named(text: str, missing: int | None) -> None:
    assert parse_page_ranges(text).missing_from(3) == missing


@given(RANGES)
def test_what_was_typed_is_what_is_meant(ranges: PageRanges) -> None:
    assert parse_page_ranges(typed(ranges)) == ranges


@given(RANGES, COUNTS)
def test_pages_are_those_that_a_stretch_holds_each_once_and_in_ascending_order(ranges: PageRanges, count: int) -> None:
    meant = [
        page
        for page in range(1, count + 1)
        if any(first <= page and (last is None or page <= last) for first, last in ranges.stretches)
    ]
    assert list(ranges.numbers(count)) == meant


@given(RANGES, COUNTS)
def test_a_page_is_missing_where_a_stretch_goes_beyond_the_end(ranges: PageRanges, count: int) -> None:
    asked = [page for first, last in ranges.stretches for page in range(first, (last or first) + 1)]
    assert ranges.missing_from(count) == min((page for page in asked if page > count), default=None)


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_refused(text: str) -> None:
    try:
        ranges = parse_page_ranges(text)
    except ValueError:
        return
    assert all(first >= 1 and (last is None or last >= first) for first, last in ranges.stretches)


@given(NUMBERS)
def test_a_huge_number_costs_nothing(number: int) -> None:
    assert parse_page_ranges(f"1-{number}").numbers(3) == tuple(range(1, min(number, 3) + 1))
