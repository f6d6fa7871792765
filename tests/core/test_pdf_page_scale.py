"""How many pixels a PDF's page gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.geometry import Size
from ocr_desktop.core.page_scale import page_pixels, small_size

any_sides = st.floats(allow_nan=True, allow_infinity=True)
paper_sides = st.floats(1, 14_400)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (595, 842, Size(1625, 2300)),
        (842, 595, Size(2300, 1625)),
        (2384, 3370, Size(1627, 2300)),
        (14_400, 14_400, Size(2300, 2300)),
        (1, 1, Size(2300, 2300)),
        (0, 0, Size(2300, 2300)),
    ],
)
def test_usual_pages_get_what_the_model_can_use(width: float, height: float, expected: Size) -> None:
    assert page_pixels(width, height) == expected


def test_a_long_receipt_stays_readable() -> None:
    size = page_pixels(227, 2835)
    assert size.width == pytest.approx(227 / 72 * 200, abs=1)


@given(any_sides, any_sides)
def test_no_page_is_without_pixels_or_has_too_many(width: float, height: float) -> None:
    size = page_pixels(width, height)
    assert min(size.width, size.height) >= 1
    assert max(size.width, size.height) <= 30_000
    assert size.width * size.height <= 16_100_000


@given(paper_sides, paper_sides)
def test_a_page_keeps_its_shape(width: float, height: float) -> None:
    size = page_pixels(width, height)
    scale = max(size.width, size.height) / max(width, height)
    assert size.width == pytest.approx(width * scale, abs=1)
    assert size.height == pytest.approx(height * scale, abs=1)


@given(st.builds(Size, st.integers(1, 30_000), st.integers(1, 30_000)), st.integers(1, 1000))
def test_a_small_picture_is_no_larger_than_was_asked_nor_than_the_page(page: Size, longest_side: int) -> None:
    size = small_size(page, longest_side)
    assert 1 <= max(size.width, size.height) <= max(longest_side, 1)
    assert size.width <= page.width
    assert size.height <= page.height
