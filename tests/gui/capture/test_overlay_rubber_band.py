"""The selection by itself: what follows the pointer, and that it stays on the desktop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.rubber_band import RubberBand, Stage, nearest, stepped

SCREENS = (Area(-300, -40, 300, 200), Area(0, 0, 400, 300), Area(800, 0, 200, 150))
DESKTOP = Area(-300, -40, 1300, 340)
places = st.tuples(st.integers(-500, 1200), st.integers(-300, 500))


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [
        ((10, 10), (1, 0), (11, 10)),
        ((0, 10), (-1, 0), (-1, 10)),
        ((399, 10), (1, 0), (800, 10)),
        ((800, 10), (-1, 0), (399, 10)),
        ((399, 299), (1, 0), (399, 299)),
        ((999, 10), (1, 0), (999, 10)),
        ((10, 0), (0, -1), (10, 0)),
        ((10, 299), (0, 1), (10, 299)),
        ((395, 10), (16, 0), (399, 10)),
    ],
    ids=["on", "next", "over a gap", "and back", "beside it", "the end", "the top", "the bottom", "a long step"],
)
def test_the_keys_pointer_reaches_every_screen(
    start: tuple[int, int], step: tuple[int, int], end: tuple[int, int]
) -> None:
    assert stepped(start, *step, SCREENS) == end


@given(places)
def test_the_pointer_is_always_on_a_screen(place: tuple[int, int]) -> None:
    found = nearest(place, SCREENS)
    assert any(screen.has(*found) for screen in SCREENS)
    if any(screen.has(*place) for screen in SCREENS):
        assert found == place


events = st.lists(
    st.one_of(
        st.tuples(st.just("press"), places),
        st.tuples(st.just("move"), places),
        st.tuples(st.just("shift"), places),
        st.tuples(st.just("step"), st.tuples(st.integers(-20, 20), st.just(0))),
        st.tuples(st.just("resize"), st.tuples(st.just(0), st.integers(-20, 20))),
        st.tuples(st.just("corner"), st.just((0, 0))),
        st.tuples(st.just("release"), st.just((0, 0))),
        st.tuples(st.just("drop"), st.just((0, 0))),
    ),
    max_size=25,
)


@given(events)
def test_whatever_is_done_the_selection_stays_on_the_desktop(done: list[tuple[str, tuple[int, int]]]) -> None:
    band = RubberBand(SCREENS, (0, 0))
    for what, place in done:
        before = band.area
        if what == "press":
            band.press(place)
        elif what == "move":
            band.move(place)
        elif what == "shift":
            band.move(place, whole=True)
            if before is not None and band.area is not None:
                assert (band.area.width, band.area.height) == (before.width, before.height)
        elif what == "step":
            band.step(*place)
        elif what == "resize":
            band.resize(*place)
        elif what == "corner":
            band.set_corner()
        elif what == "release":
            area, is_click = band.release()
            assert area is None or not is_click
        else:
            assert band.drop() or before is None
            assert band.area is None
        if band.area is not None:
            assert DESKTOP.encloses(band.area)


@pytest.mark.parametrize(("start", "end"), [((100, 100), (60, 80)), ((60, 80), (100, 100))])
def test_a_selection_that_is_moved_stops_at_the_edge_of_the_desktop(
    start: tuple[int, int], end: tuple[int, int]
) -> None:
    band = RubberBand(SCREENS, (0, 0))
    band.press(start)
    band.move(end)
    band.move((999, 149), whole=True)
    assert band.area is not None
    assert (band.area.width, band.area.height) == (41, 21)
    assert band.area.right == DESKTOP.right
    band.move((-300, -40), whole=True)
    assert band.area is not None
    assert (band.area.x, band.area.y, band.area.width, band.area.height) == (-300, -40, 41, 21)


def test_a_dropped_drag_is_no_click() -> None:
    band = RubberBand(SCREENS, (0, 0))
    band.press((10, 10))
    band.move((50, 50))
    assert band.drop()
    assert band.stage is Stage.DROPPED
    assert not band.drop()
    assert band.release() == (None, False)
    assert band.stage is Stage.IDLE
