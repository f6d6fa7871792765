"""The grid finds what looking at all boxes would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.canvas.grid import BoxGrid

SIDE = 10_000
positions = st.one_of(st.integers(0, SIDE), st.floats(0, SIDE), st.sampled_from([0, 127, 128, 512, 2048, 8192]))


@st.composite
def boxes(draw: st.DrawFn) -> PixelBox:
    x, y = draw(positions), draw(positions)
    width, height = draw(st.one_of(st.floats(0.5, 40), positions)), draw(st.one_of(st.floats(0.5, 40), positions))
    return PixelBox(x, y, x + width, y + height)


@given(st.lists(boxes(), max_size=30), st.sets(st.integers(0, 29)), st.lists(st.tuples(positions, positions)), boxes())
def test_finds_what_a_search_through_all_finds(
    placed: list[PixelBox], taken_out: set[int], points: list[tuple[float, float]], area: PixelBox
) -> None:
    grid = BoxGrid()
    for handle, box in enumerate(placed):
        grid.add(handle, box)
    left = dict(enumerate(placed))
    for handle in taken_out & left.keys():
        grid.remove(handle)
        del left[handle]

    corners = [(box.x_min, box.y_min) for box in placed] + [(box.x_max, box.y_max) for box in placed]
    for x, y in points + corners:
        assert sorted(grid.at(x, y)) == [handle for handle, box in left.items() if box.contains(x, y)]
    touching = {
        handle
        for handle, box in left.items()
        if box.x_min <= area.x_max and area.x_min <= box.x_max and box.y_min <= area.y_max and area.y_min <= box.y_max
    }
    assert touching <= grid.near(area) <= left.keys()
    assert len(grid) == len(left)


def test_ten_thousand_boxes_over_the_whole_page_stand_in_few_cells() -> None:
    grid = BoxGrid()
    page = PixelBox(0, 0, 6000, 4000)
    for handle in range(10_000):
        grid.add(handle, page)
    assert len(grid.at(3000, 2000)) == 10_000
    assert len(grid.near(PixelBox(10, 10, 20, 20))) == 10_000
