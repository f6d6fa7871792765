import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.geometry import (
    Box999,
    PixelBox,
    Point,
    Quad,
    Size,
    View,
    box_on_page,
    box_quad,
    crop_of,
    page_quad_to_shown,
    quad_bounds,
    shown_quad_to_page,
    shown_size,
    shown_to_page,
    turned_box,
    turned_point,
    whole_pixels,
)

TOLERANCE = 1e-6
"""Of a pixel; sums of floats up to 30,000."""

sizes = st.builds(Size, st.integers(1, 30_000), st.integers(1, 30_000))
turns = st.integers(-5, 5)
numbers_999 = st.one_of(st.integers(0, 999), st.floats(0, 999))
any_numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6))


def pairs(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))


@st.composite
def boxes_in(draw: st.DrawFn, size: Size) -> PixelBox:
    x_min, x_max = draw(pairs(st.floats(0, size.width)))
    y_min, y_max = draw(pairs(st.floats(0, size.height)))
    return PixelBox(x_min, y_min, x_max, y_max)


@st.composite
def boxes_around(draw: st.DrawFn, size: Size) -> PixelBox:
    """Boxes that may lie across the edges of the page, or outside it."""
    x_min, x_max = draw(pairs(st.floats(-size.width, 2 * size.width)))
    y_min, y_max = draw(pairs(st.floats(-size.height, 2 * size.height)))
    return PixelBox(x_min, y_min, x_max, y_max)


@st.composite
def pages_and_views(draw: st.DrawFn) -> tuple[Size, View]:
    page = draw(sizes)
    crop = draw(st.none() | boxes_around(page))
    return page, View(turns=draw(turns), crop=crop)


def corners(box: PixelBox) -> list[float]:
    return [box.x_min, box.y_min, box.x_max, box.y_max]


def points(quad: Quad) -> list[float]:
    return [number for point in quad for number in point]


# Model space


@given(st.builds(Box999, any_numbers, any_numbers, any_numbers, any_numbers))
def test_ordered_and_clipped_boxes_lie_in_model_space(box: Box999) -> None:
    repaired = box.ordered().clipped()
    assert 0 <= repaired.x_min <= repaired.x_max <= 999
    assert 0 <= repaired.y_min <= repaired.y_max <= 999
    assert repaired.ordered().clipped() == repaired


@given(st.builds(Box999, numbers_999, numbers_999, numbers_999, numbers_999))
def test_clipping_changes_nothing_inside(box: Box999) -> None:
    assert box.clipped() == box


def test_whole_numbers_stay_whole() -> None:
    repaired = Box999(1200, 302, 465, 281).ordered().clipped()
    assert repaired == Box999(465, 281, 999, 302)
    assert all(isinstance(value, int) for value in (repaired.x_min, repaired.y_min, repaired.x_max, repaired.y_max))


@pytest.mark.parametrize("box", [Box999(0, 0, 997, 0), Box999(5, 0, 5, 9), Box999(7, 7, 3, 9)])
def test_a_box_without_area_is_empty(box: Box999) -> None:
    assert box.is_empty


def test_a_box_wholly_outside_has_no_area_once_clipped() -> None:
    assert Box999(1001, 10, 1200, 20).clipped().is_empty


# From model space to the page


@given(sizes, st.builds(Box999, numbers_999, numbers_999, numbers_999, numbers_999))
def test_a_box_of_the_whole_page_is_scaled_by_its_sides(page: Size, box: Box999) -> None:
    assert corners(box_on_page(box.ordered(), View(), page)) == pytest.approx(
        [
            box.ordered().x_min / 999 * page.width,
            box.ordered().y_min / 999 * page.height,
            box.ordered().x_max / 999 * page.width,
            box.ordered().y_max / 999 * page.height,
        ]
    )


def test_a_box_lies_where_the_models_own_code_draws_it() -> None:
    box = box_on_page(Box999(51, 860, 216, 970), View(), Size(1225, 405))
    assert whole_pixels(box, Size(1225, 405)) == (62, 348, 265, 394)


@given(pages_and_views())
def test_the_far_corner_of_model_space_is_the_edge_of_what_was_shown(page_and_view: tuple[Size, View]) -> None:
    page, view = page_and_view
    everything = box_on_page(Box999(0, 0, 999, 999), view, page)
    assert corners(everything) == pytest.approx(corners(crop_of(view, page)), abs=TOLERANCE)


@given(pages_and_views(), st.builds(Box999, numbers_999, numbers_999, numbers_999, numbers_999))
def test_every_box_lies_inside_what_was_shown(page_and_view: tuple[Size, View], box: Box999) -> None:
    page, view = page_and_view
    crop = crop_of(view, page)
    found = box_on_page(box.ordered(), view, page)
    assert crop.x_min - TOLERANCE <= found.x_min <= found.x_max <= crop.x_max + TOLERANCE
    assert crop.y_min - TOLERANCE <= found.y_min <= found.y_max <= crop.y_max + TOLERANCE


def test_a_box_in_a_turned_crop() -> None:
    # The crop is 400 × 200 at (100, 50); turned clockwise it is shown 200 wide and 400 high, its left edge on top.
    view = View(turns=1, crop=PixelBox(100, 50, 500, 250))
    page = Size(1000, 800)
    assert shown_size(view, page) == Size(200, 400)
    top_right_of_shown = PixelBox(150, 0, 200, 100)
    assert shown_to_page(top_right_of_shown, view, page) == PixelBox(100, 50, 200, 100)


@given(st.data())
def test_what_was_cropped_and_turned_is_found_again(data: st.DataObject) -> None:
    page, view = data.draw(pages_and_views())
    crop = crop_of(view, page)
    uncropped = Size(int(crop.width), int(crop.height))
    box = data.draw(boxes_in(uncropped))
    shown = turned_box(box, uncropped, view.turns)
    found = shown_to_page(shown, view, page)
    moved = PixelBox(box.x_min + crop.x_min, box.y_min + crop.y_min, box.x_max + crop.x_min, box.y_max + crop.y_min)
    assert corners(found) == pytest.approx(corners(moved), abs=TOLERANCE)


@given(st.data())
def test_a_quads_bounds_are_its_boxs_place(data: st.DataObject) -> None:
    page, view = data.draw(pages_and_views())
    box = data.draw(boxes_in(shown_size(view, page)))
    quad = shown_quad_to_page(box_quad(box), view, page)
    assert corners(quad_bounds(quad)) == pytest.approx(corners(shown_to_page(box, view, page)), abs=TOLERANCE)


@given(st.data())
def test_a_quad_of_the_page_is_found_again_in_what_is_shown_of_it(data: st.DataObject) -> None:
    page, view = data.draw(pages_and_views())
    quad = box_quad(data.draw(boxes_around(page)))
    shown = page_quad_to_shown(quad, view, page)
    assert points(shown_quad_to_page(shown, view, page)) == pytest.approx(points(quad), abs=TOLERANCE)
    again = page_quad_to_shown(shown_quad_to_page(quad, view, page), view, page)
    assert points(again) == pytest.approx(points(quad), abs=TOLERANCE)


def test_a_quads_first_corner_stays_the_texts_own_top_left() -> None:
    # On a page lying on its side, shown upright by one turn: text that reads upward on the page starts bottom left.
    page = Size(800, 1000)
    view = View(turns=1)
    quad = shown_quad_to_page(box_quad(PixelBox(0, 0, 300, 40)), view, page)
    assert quad == ((0, 1000), (0, 700), (40, 700), (40, 1000))


# Crops


@given(pages_and_views())
def test_a_view_shows_whole_pixels_of_the_page_and_at_least_one(page_and_view: tuple[Size, View]) -> None:
    page, view = page_and_view
    crop = crop_of(view, page)
    assert all(float(number).is_integer() for number in corners(crop))
    assert 0 <= crop.x_min < crop.x_max <= page.width
    assert 0 <= crop.y_min < crop.y_max <= page.height


@given(st.data())
def test_a_crop_loses_no_pixel_that_it_touches(data: st.DataObject) -> None:
    page = data.draw(sizes)
    asked = data.draw(boxes_in(page))
    crop = crop_of(View(crop=asked), page)
    assert crop.x_min <= asked.x_min
    assert crop.y_min <= asked.y_min
    assert crop.x_max >= asked.x_max
    assert crop.y_max >= asked.y_max


def test_a_crop_outside_the_page_gives_its_nearest_pixel() -> None:
    assert crop_of(View(crop=PixelBox(900, -50, 950, -20)), Size(300, 200)) == PixelBox(299, 0, 300, 1)


# Turns


@given(st.data(), sizes, turns)
def test_turned_there_and_back_is_the_same(data: st.DataObject, size: Size, quarter_turns: int) -> None:
    box = data.draw(boxes_in(size))
    there = turned_box(box, size, quarter_turns)
    back = turned_box(there, size.turned(quarter_turns), -quarter_turns)
    assert corners(back) == pytest.approx(corners(box), abs=TOLERANCE)


@given(st.data(), sizes, turns, turns)
def test_turns_add_up(data: st.DataObject, size: Size, first: int, second: int) -> None:
    point: Point = (data.draw(st.floats(0, size.width)), data.draw(st.floats(0, size.height)))
    one_by_one = turned_point(turned_point(point, size, first), size.turned(first), second)
    assert one_by_one == pytest.approx(turned_point(point, size, first + second), abs=TOLERANCE)


@given(st.data(), sizes, turns)
def test_a_turned_box_lies_in_the_turned_picture(data: st.DataObject, size: Size, quarter_turns: int) -> None:
    box = turned_box(data.draw(boxes_in(size)), size, quarter_turns)
    turned = size.turned(quarter_turns)
    assert -TOLERANCE <= box.x_min <= box.x_max <= turned.width + TOLERANCE
    assert -TOLERANCE <= box.y_min <= box.y_max <= turned.height + TOLERANCE


def test_a_quarter_turn_is_clockwise() -> None:
    assert turned_box(PixelBox(0, 0, 30, 10), Size(100, 50), 1) == PixelBox(40, 0, 50, 30)


# Whole pixels


@given(st.data())
def test_whole_pixels_cover_the_part_on_the_page(data: st.DataObject) -> None:
    page = data.draw(sizes)
    box = data.draw(boxes_around(page))
    pixels = whole_pixels(box, page)
    part = [max(box.x_min, 0), max(box.y_min, 0), min(box.x_max, page.width), min(box.y_max, page.height)]
    if pixels is None:
        assert part[2] - part[0] <= 2 * TOLERANCE or part[3] - part[1] <= 2 * TOLERANCE
        return
    x_0, y_0, x_1, y_1 = pixels
    assert 0 <= x_0 < x_1 <= page.width
    assert 0 <= y_0 < y_1 <= page.height
    assert x_0 <= part[0] + TOLERANCE
    assert y_0 <= part[1] + TOLERANCE
    assert x_1 >= part[2] - TOLERANCE
    assert y_1 >= part[3] - TOLERANCE
    assert x_0 > part[0] - 1
    assert y_0 > part[1] - 1
    assert x_1 < part[2] + 1
    assert y_1 < part[3] + 1


@given(st.data())
def test_whole_pixels_of_whole_pixels_are_the_same(data: st.DataObject) -> None:
    page, view = data.draw(pages_and_views())
    crop = crop_of(view, page)
    everything = box_on_page(Box999(0, 0, 999, 999), view, page)
    assert whole_pixels(everything, page) == tuple(map(math.floor, corners(crop)))


def test_nothing_of_a_box_beside_the_page_is_on_it() -> None:
    assert whole_pixels(PixelBox(300, 10, 320, 20), Size(300, 200)) is None
