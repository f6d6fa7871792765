"""A click takes the window that is seen there: which ones a window manager on a real X server tells of, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from ocr_desktop.gui.capture.geometry import Area, ScreenPicture
from ocr_desktop.gui.capture.windows import logical_area, window_areas
from tests.support.driving import virtual_display
from tests.support.screen_probe import windows
from tests.support.x_client import CARDINAL, ManagedWindow, managed_windows

LEFT = ScreenPicture(Area(0, 0, 400, 300), width=400, height=300)
RIGHT = ScreenPicture(Area(400, 0, 200, 200), width=400, height=400)


def test_the_windows_that_are_seen_are_told_from_above() -> None:
    with virtual_display("800x600x24") as display:
        assert windows(display) == [], "nobody manages windows here"
        seen = (
            ManagedWindow((0, 0, 800, 600), atoms={"_NET_WM_WINDOW_TYPE": "_NET_WM_WINDOW_TYPE_DESKTOP"}),
            ManagedWindow((40, 60, 300, 200)),
            ManagedWindow((0, 0, 100, 100), is_mapped=False),
            ManagedWindow((0, 0, 110, 100), atoms={"_NET_WM_STATE": "_NET_WM_STATE_HIDDEN"}),
            ManagedWindow((0, 0, 120, 100), properties={"_NET_WM_DESKTOP": (CARDINAL, [1])}),
            ManagedWindow((10, 20, 130, 100), properties={"_NET_WM_DESKTOP": (CARDINAL, [0xFFFFFFFF])}),
            ManagedWindow((700, 500, 200, 200), properties={"_GTK_FRAME_EXTENTS": (CARDINAL, [20, 20, 10, 30])}),
            ManagedWindow((5000, 0, 100, 100)),
        )
        with managed_windows(display, *seen):
            assert windows(display) == [[720, 510, 80, 90], [10, 20, 130, 100], [40, 60, 300, 200]]
            assert windows(display, QT_SCALE_FACTOR="2")[2] == [20, 30, 150, 100]
            assert windows(display, XDG_SESSION_TYPE="wayland") == [], "its pixels are not those of the desktop"


def test_where_nobody_can_tell_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert window_areas() == ()
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.setenv("DISPLAY", ":no-such-display")
    assert window_areas() == ()


@pytest.mark.parametrize(
    ("place", "area"),
    [
        (Area(10, 10, 20, 20), Area(10, 10, 20, 20)),
        (Area(420, 10, 100, 50), Area(410, 5, 50, 25)),
        (Area(300, 100, 200, 100), Area(300, 50, 150, 150)),
        (Area(-50, -50, 60, 60), Area(0, 0, 10, 10)),
        (Area(900, 0, 10, 10), None),
    ],
)
def test_an_area_is_converted_on_each_screen(place: Area, area: Area | None) -> None:
    assert logical_area(place, [LEFT, RIGHT]) == area


@given(st.builds(Area, *[st.integers(-500, 900)] * 2, *[st.integers(1, 900)] * 2))
def test_what_is_converted_lies_on_the_screens(place: Area) -> None:
    area = logical_area(place, [LEFT, RIGHT])
    assert area is None or Area(0, 0, 600, 300).encloses(area)
