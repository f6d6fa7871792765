"""What is ignored gets the colour around it, and nothing else changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from ocr_desktop.core import ignoring, images
from ocr_desktop.core.geometry import PixelBox, Size, View, crop_of
from tests.support.pictures import Words, draw_page

PAGE = draw_page(Words("Page head", 40, 20), Words("The words", 40, 120), size=(300, 200), ground="#fff4d0")
HEAD = PixelBox(30, 10, 200, 60)
GROUND = (0xFF, 0xF4, 0xD0)
boxes = st.builds(
    lambda x, y, width, height: PixelBox(x, y, x + width, y + height),
    st.floats(-20, 320), st.floats(-20, 220), st.floats(0, 330), st.floats(0, 230),
)  # fmt: skip


def test_a_page_head_is_gone_and_the_words_are_not() -> None:
    painted = ignoring.painted_over(PAGE, (HEAD,))
    assert painted.crop((30, 10, 200, 60)).getcolors() == [(170 * 50, GROUND)]
    below = (0, 60, 300, 200)
    assert painted.crop(below).tobytes() == PAGE.crop(below).tobytes()


def test_the_colour_is_not_that_of_another_ignored_area() -> None:
    picture = PAGE.copy()
    picture.paste("black", (0, 0, 100, 100))
    around = (PixelBox(0, 0, 100, 50), PixelBox(0, 50, 100, 100))
    painted = ignoring.painted_over(picture, around)
    assert painted.getpixel((50, 20)) == painted.getpixel((50, 80)) == GROUND


def test_a_page_that_is_ignored_all_over_is_white() -> None:
    assert ignoring.painted_over(PAGE, (PixelBox(-9, -9, 999, 999),)).getcolors() == [(300 * 200, (255, 255, 255))]


def test_the_picture_itself_stays() -> None:
    before = PAGE.tobytes()
    images.shown(PAGE, View(0, None, (HEAD,)))
    assert PAGE.tobytes() == before


@given(st.integers(0, 3), st.none() | boxes, st.lists(boxes, max_size=3))
def test_of_the_rows_that_are_needed_the_same_comes_as_of_the_whole_page(
    turns: int, crop: PixelBox | None, ignored: list[PixelBox]
) -> None:
    view = View(turns, crop, tuple(ignored))
    page = Size(*PAGE.size)
    first, end = ignoring.rows_behind(view, page)
    rows = PAGE.crop((0, first, page.width, end))
    assert crop_of(view, page).y_min >= first
    part = images.shown(rows, ignoring.moved_up(view, page, first))
    assert part.tobytes() == images.shown(PAGE, view).tobytes()


def test_the_colour_around_an_area_is_among_the_rows_that_are_needed() -> None:
    striped = Image.new("RGB", (100, 100), "red")
    striped.paste("blue", (0, 40, 100, 60))
    view = View(0, PixelBox(0, 40, 100, 60), (PixelBox(0, 40, 100, 60),))
    first, end = ignoring.rows_behind(view, Size(100, 100))
    part = images.shown(striped.crop((0, first, 100, end)), ignoring.moved_up(view, Size(100, 100), first))
    assert part.getcolors() == [(100 * 20, (255, 0, 0))]


@given(st.lists(boxes, min_size=1, max_size=3))
def test_outside_the_boxes_nothing_changes(ignored: list[PixelBox]) -> None:
    inside = Image.new("L", PAGE.size)
    for box in ignored:
        inside.paste(
            255,
            tuple(
                int(side) + far
                for side, far in zip((box.x_min, box.y_min, box.x_max, box.y_max), (-1, -1, 1, 1), strict=True)
            ),
        )
    changed = ImageChops.difference(ignoring.painted_over(PAGE, tuple(ignored)), PAGE).convert("L")
    outside = ImageChops.subtract(changed.point(lambda value: 255 if value else 0), inside)
    assert outside.getbbox() is None
