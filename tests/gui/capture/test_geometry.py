"""From a selection on the desktop to pixels of its screens' pictures, on every layout of screens."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.gui.capture.geometry import (
    Area,
    Composition,
    Part,
    ScreenPicture,
    around,
    clipped,
    compose,
    parts_of_composite,
)


def screen(x: int, y: int, width: int, height: int, scale: float = 1) -> ScreenPicture:
    return ScreenPicture(Area(x, y, width, height), round(width * scale), round(height * scale))


PLAIN = screen(0, 0, 1920, 1080)
DOUBLE = screen(0, 0, 1920, 1080, 2)
ONE_AND_A_QUARTER = ScreenPicture(Area(0, 0, 1536, 864), 1920, 1080)
ONE_AND_A_HALF = ScreenPicture(Area(0, 0, 1707, 960), 2560, 1440)
ODD = ScreenPicture(Area(0, 0, 1366, 768), 1821, 1024)


@pytest.mark.parametrize(
    ("screens", "selection", "index", "source"),
    [
        pytest.param([PLAIN], Area(10, 20, 300, 200), 0, Area(10, 20, 300, 200), id="one screen"),
        pytest.param([PLAIN], Area(0, 0, 1920, 1080), 0, Area(0, 0, 1920, 1080), id="all of it"),
        pytest.param([PLAIN], Area(1919, 1079, 1, 1), 0, Area(1919, 1079, 1, 1), id="its last pixel"),
        pytest.param([PLAIN], Area(-50, 1000, 100, 500), 0, Area(0, 1000, 50, 80), id="beyond its edges"),
        pytest.param([DOUBLE], Area(10, 20, 300, 200), 0, Area(20, 40, 600, 400), id="200 %"),
        pytest.param([ONE_AND_A_QUARTER], Area(4, 8, 40, 80), 0, Area(5, 10, 50, 100), id="125 %"),
        pytest.param([ONE_AND_A_QUARTER], Area(1, 1, 1, 1), 0, Area(1, 1, 2, 2), id="125 %, whole pixels"),
        pytest.param([ONE_AND_A_HALF], Area(0, 0, 1707, 960), 0, Area(0, 0, 2560, 1440), id="150 %, rounded size"),
        pytest.param([ONE_AND_A_HALF], Area(1706, 959, 1, 1), 0, Area(2558, 1438, 2, 2), id="150 %, last pixel"),
        pytest.param([ODD], Area(0, 0, 3, 3), 0, Area(0, 0, 4, 4), id="133 %"),
        pytest.param(
            [PLAIN, screen(-1280, -200, 1280, 1024)],
            Area(-1270, -190, 100, 50),
            1,
            Area(10, 10, 100, 50),
            id="left of and above the first",
        ),
        pytest.param(
            [screen(2560, 0, 1920, 1080), ScreenPicture(Area(0, 0, 1280, 720), 2560, 1440)],
            Area(100, 100, 10, 10),
            1,
            Area(200, 200, 20, 20),
            id="the primary is not at the origin",
        ),
        pytest.param(
            [PLAIN, screen(1920, -420, 1080, 1920)],
            Area(1920, 1400, 1080, 100),
            1,
            Area(0, 1820, 1080, 100),
            id="portrait, below its neighbour's end",
        ),
        pytest.param(
            [PLAIN, ScreenPicture(Area(0, 0, 1920, 1080), 3840, 2160)],
            Area(5, 5, 10, 10),
            1,
            Area(10, 10, 20, 20),
            id="mirrored: the finer picture",
        ),
    ],
)
def test_a_selection_on_one_screen_is_copied_as_it_is(
    screens: list[ScreenPicture], selection: Area, index: int, source: Area
) -> None:
    part = Part(index, source, Area(0, 0, source.width, source.height))
    assert compose(screens, selection) == Composition(source.width, source.height, (part,))


@pytest.mark.parametrize(
    ("screens", "selection", "size", "parts"),
    [
        pytest.param(
            [PLAIN, screen(1920, 0, 1280, 1024)],
            Area(1900, 1000, 40, 80),
            (40, 80),
            [
                Part(0, Area(1900, 1000, 20, 80), Area(0, 0, 20, 80)),
                Part(1, Area(0, 1000, 20, 24), Area(20, 0, 20, 24)),
            ],
            id="side by side, of other heights",
        ),
        pytest.param(
            [screen(-1280, 0, 1280, 1024), PLAIN],
            Area(-10, 10, 20, 20),
            (20, 20),
            [
                Part(0, Area(1270, 10, 10, 20), Area(0, 0, 10, 20)),
                Part(1, Area(0, 10, 10, 20), Area(10, 0, 10, 20)),
            ],
            id="across the origin",
        ),
        pytest.param(
            [PLAIN, ScreenPicture(Area(1920, 0, 1920, 1080), 3840, 2160)],
            Area(1910, 0, 20, 10),
            (40, 20),
            [
                Part(0, Area(1910, 0, 10, 10), Area(0, 0, 20, 20)),
                Part(1, Area(0, 0, 20, 20), Area(20, 0, 20, 20)),
            ],
            id="100 % and 200 %: at the finer one",
        ),
        pytest.param(
            [DOUBLE, screen(3840, 0, 1920, 1080)],
            Area(1910, 0, 1940, 10),
            (40, 20),
            [
                Part(0, Area(3820, 0, 20, 20), Area(0, 0, 20, 20)),
                Part(1, Area(0, 0, 10, 10), Area(20, 0, 20, 20)),
            ],
            id="a stretch without screens between them",
        ),
        pytest.param(
            [ONE_AND_A_HALF, ScreenPicture(Area(1707, 0, 1280, 800), 1920, 1200)],
            Area(1700, 0, 17, 2),
            (26, 3),
            [
                Part(0, Area(2549, 0, 11, 3), Area(0, 0, 11, 3)),
                Part(1, Area(0, 0, 15, 3), Area(11, 0, 15, 3)),
            ],
            id="150 % both, one with a rounded size",
        ),
        pytest.param(
            [PLAIN, screen(0, 1080, 1080, 1920)],
            Area(0, 1070, 1920, 20),
            (1920, 20),
            [
                Part(0, Area(0, 1070, 1920, 10), Area(0, 0, 1920, 10)),
                Part(1, Area(0, 0, 1080, 10), Area(0, 10, 1080, 10)),
            ],
            id="one above the other, narrower",
        ),
    ],
)
def test_a_selection_on_several_screens_is_put_together(
    screens: list[ScreenPicture], selection: Area, size: tuple[int, int], parts: list[Part]
) -> None:
    assert compose(screens, selection) == Composition(*size, tuple(parts))


def test_a_selection_on_a_screen_that_is_gone_is_cut_or_nothing() -> None:
    there = [Area(0, 0, 1920, 1080)]
    assert clipped(Area(1900, 500, 200, 100), there) == Area(1900, 500, 20, 100)
    assert clipped(Area(2000, 500, 200, 100), there) is None
    assert compose([PLAIN], Area(2000, 500, 200, 100)) is None
    assert clipped(Area(0, 0, 10, 10), []) is None


@pytest.mark.parametrize(
    ("screens", "size", "parts"),
    [
        pytest.param(
            [PLAIN, screen(-1280, -200, 1280, 1024)],
            (3200, 1280),
            [Area(1280, 200, 1920, 1080), Area(0, 0, 1280, 1024)],
            id="ratio 1, left of and above the first",
        ),
        pytest.param(
            [PLAIN, ScreenPicture(Area(1920, 0, 1920, 1080), 3840, 2160)],
            (3840, 1080),
            [Area(0, 0, 1920, 1080), Area(1920, 0, 1920, 1080)],
            id="ratio 1, whatever the screens have",
        ),
        pytest.param(
            [PLAIN, ScreenPicture(Area(1920, 0, 1920, 1080), 3840, 2160)],
            (7680, 2160),
            [Area(0, 0, 3840, 2160), Area(3840, 0, 3840, 2160)],
            id="the largest ratio",
        ),
        pytest.param(
            [PLAIN, ScreenPicture(Area(1920, 0, 1920, 1080), 3840, 2160)],
            (5760, 2160),
            [Area(0, 0, 1920, 1080), Area(1920, 0, 3840, 2160)],
            id="each in its own pixels",
        ),
        pytest.param(
            [DOUBLE, screen(3840, 0, 1920, 1080)],
            (5760, 2160),
            [Area(0, 0, 3840, 2160), Area(3840, 0, 1920, 1080)],
            id="each in its own pixels, placed by them",
        ),
        pytest.param(
            [DOUBLE, screen(3840, 300, 1920, 1080)],
            (5760, 2160),
            [Area(0, 0, 3840, 2160), Area(3840, 300, 1920, 1080)],
            id="each in its own pixels, placed by them, one lower",
        ),
        pytest.param(
            [
                ScreenPicture(Area(0, 0, 1920, 1080), 3840, 2160),
                ScreenPicture(Area(1920, 0, 1280, 1024), 1280, 1024),
                ScreenPicture(Area(3200, 0, 1440, 900), 2880, 1800),
            ],
            (8000, 2160),
            [Area(0, 0, 3840, 2160), Area(3840, 0, 1280, 1024), Area(5120, 0, 2880, 1800)],
            id="three in their own pixels, packed side by side",
        ),
        pytest.param([ODD], (1821, 1024), [Area(0, 0, 1821, 1024)], id="one with an odd ratio"),
        pytest.param(
            [PLAIN, screen(1920, 0, 1920, 1080)],
            (1920, 1080),
            [Area(0, 0, 960, 1080), Area(960, 0, 960, 1080)],
            id="a size that fits nothing: stretched",
        ),
    ],
)
def test_a_picture_of_all_screens_is_cut_into_them(
    screens: list[ScreenPicture], size: tuple[int, int], parts: list[Area]
) -> None:
    assert parts_of_composite(screens, size) == tuple(parts)


@pytest.mark.parametrize(("screens", "size"), [([], (10, 10)), ([PLAIN], (0, 1080)), ([PLAIN], (1920, 0))])
def test_nothing_cannot_be_cut(screens: list[ScreenPicture], size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="without pixels"):
        parts_of_composite(screens, size)


@st.composite
def layouts(draw: st.DrawFn) -> list[ScreenPicture]:
    """Screens in a row or a column, each beside the one before or some way from it, at any offset."""
    screens: list[ScreenPicture] = []
    is_row, edge = draw(st.booleans()), draw(st.integers(-3000, 0))
    for _ in range(draw(st.integers(1, 4))):
        width, height = draw(st.integers(1, 2000)), draw(st.integers(1, 2000))
        offset = draw(st.integers(-500, 500))
        scale = draw(st.sampled_from([1, 1.25, 1.3333, 1.5, 1.75, 2, 3]))
        edge += draw(st.sampled_from([0, 0, 0, 1, 640]))
        x, y = (edge, offset) if is_row else (offset, edge)
        screens.append(ScreenPicture(Area(x, y, width, height), round(width * scale), round(height * scale)))
        edge += width if is_row else height
    return screens


@st.composite
def selections(draw: st.DrawFn) -> tuple[list[ScreenPicture], Area]:
    screens = draw(layouts())
    desktop = around([each.area for each in screens])
    assert desktop is not None
    x, y = draw(st.integers(desktop.x - 9, desktop.right)), draw(st.integers(desktop.y - 9, desktop.bottom))
    return screens, Area(x, y, draw(st.integers(1, desktop.width + 9)), draw(st.integers(1, desktop.height + 9)))


def inside(area: Area, width: int, height: int) -> bool:
    return area.width > 0 and area.height > 0 and Area(0, 0, width, height).encloses(area)


def apart(areas: Sequence[Area]) -> bool:
    return all(one.common(other) is None for one, other in itertools.combinations(areas, 2))


@given(selections())
def test_parts_lie_inside_and_never_over_each_other(case: tuple[list[ScreenPicture], Area]) -> None:
    screens, selection = case
    touched = [index for index, each in enumerate(screens) if selection.common(each.area)]
    composition = compose(screens, selection)
    if composition is None:
        assert not touched
        return
    assert [part.screen for part in composition.parts] == touched
    for part in composition.parts:
        assert inside(part.source, screens[part.screen].width, screens[part.screen].height)
        assert inside(part.target, composition.width, composition.height)
    assert apart([part.target for part in composition.parts])
    extent = around([part.target for part in composition.parts])
    assert extent == Area(0, 0, composition.width, composition.height)


@given(selections())
def test_every_touched_pixel_is_taken_and_none_beside(case: tuple[list[ScreenPicture], Area]) -> None:
    screens, selection = case
    composition = compose(screens, selection)
    for part in composition.parts if composition else ():
        each = screens[part.screen]
        clip = selection.common(each.area)
        assert clip is not None
        for low, high, first, end, length, pixels in (
            (
                clip.x - each.area.x,
                clip.right - each.area.x,
                part.source.x,
                part.source.right,
                each.area.width,
                each.width,
            ),
            (
                clip.y - each.area.y,
                clip.bottom - each.area.y,
                part.source.y,
                part.source.bottom,
                each.area.height,
                each.height,
            ),
        ):
            assert first * length <= low * pixels < (first + 1) * length
            assert (end - 1) * length < high * pixels <= end * length


@given(selections())
def test_screens_that_touch_do_so_in_the_result(case: tuple[list[ScreenPicture], Area]) -> None:
    screens, selection = case
    composition = compose(screens, selection)
    for one, other in itertools.permutations(composition.parts if composition else (), 2):
        first, second = screens[one.screen].area, screens[other.screen].area
        if first.right == second.x:
            assert one.target.right == other.target.x
        if first.bottom == second.y:
            assert one.target.bottom == other.target.y


@given(layouts(), st.integers(1, 9000), st.integers(1, 9000))
def test_whatever_the_picture_each_screen_gets_pixels_of_it(
    screens: list[ScreenPicture], width: int, height: int
) -> None:
    parts = parts_of_composite(screens, (width, height))
    assert len(parts) == len(screens)
    assert all(inside(part, width, height) for part in parts)


@given(layouts(), st.sampled_from([1, 1.25, 1.5, 2, 3]))
def test_a_picture_with_one_ratio_is_cut_where_the_screens_meet(screens: list[ScreenPicture], ratio: float) -> None:
    desktop = around([each.area for each in screens])
    assert desktop is not None
    parts = parts_of_composite(screens, (round(desktop.width * ratio), round(desktop.height * ratio)))
    for part, each in zip(parts, screens, strict=True):
        assert abs(part.x - (each.area.x - desktop.x) * ratio) <= 2
        assert abs(part.right - (each.area.right - desktop.x) * ratio) <= 2
        assert abs(part.y - (each.area.y - desktop.y) * ratio) <= 2
        assert abs(part.bottom - (each.area.bottom - desktop.y) * ratio) <= 2
