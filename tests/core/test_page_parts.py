"""Areas that are ignored lie on the same part of any page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.geometry import PixelBox, Size
from ocr_desktop.core.page_parts import ignored_area

SIZES = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))


@given(SIZES, st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_on_the_page_it_was_drawn_on_an_area_is_where_it_was_drawn(page: Size, shares: list[float]) -> None:
    left, right = sorted(shares[:2])
    top, bottom = sorted(shares[2:])
    box = PixelBox(left * page.width, top * page.height, right * page.width, bottom * page.height)
    again = ignored_area(box, page).on(page)
    assert (again.x_min, again.y_min, again.x_max, again.y_max) == pytest.approx(
        (box.x_min, box.y_min, box.x_max, box.y_max), abs=1e-6
    )


def test_on_a_larger_page_it_takes_the_same_part() -> None:
    head = ignored_area(PixelBox(0, 0, 100, 10), Size(100, 200))
    assert head.on(Size(1000, 1000)) == PixelBox(0, 0, 1000, 50)
