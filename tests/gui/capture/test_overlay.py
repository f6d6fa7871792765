"""Choosing a part of the frozen desktop with the mouse and with keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.overlay import Selection
from tests.support.overlay_hand import (
    BACK,
    CTRL,
    FRONT,
    LEFT,
    NO_KEY,
    RIGHT,
    SHIFT,
    TWO,
    WHOLE,
    Hand,
    Opening,
    frozen,
    overlays,
    rendered,
    shown,
)


@pytest_asyncio.fixture
async def open_overlay() -> AsyncIterator[Opening]:
    async with overlays() as opening:
        yield opening


@pytest_asyncio.fixture
async def hand(open_overlay: Opening) -> Hand:
    return await shown(open_overlay())


# With the mouse


async def test_a_drag_takes_what_lies_between_press_and_release(hand: Hand) -> None:
    hand.drag((100, 200), (110, 205), (250, 300))
    assert hand.size == "151 × 101"
    hand.release(250, 300)
    assert await hand.chosen() == Selection(Area(100, 200, 151, 101), CaptureKind.MARKDOWN)
    assert hand.windows == []


async def test_a_drag_goes_in_any_direction_and_ends_at_the_last_pixel(hand: Hand) -> None:
    hand.drag((639, 479), (300, 250), (0, 0))
    hand.release(0, 0)
    assert await hand.chosen() == Selection(WHOLE, CaptureKind.MARKDOWN)


async def test_a_drag_goes_across_screens(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(TWO))
    hand.drag((-20, 20), (-10, 30), (30, 60))
    assert hand.size == "102 × 82"
    hand.release(30, 60)
    assert await hand.chosen() == Selection(Area(-20, 20, 51, 41), CaptureKind.MARKDOWN)


@pytest.mark.parametrize(
    ("place", "taken"),
    [((210, 210), FRONT), ((120, 160), BACK), ((20, 300), WHOLE)],
    ids=["the topmost window", "a window below", "no window"],
)
async def test_a_click_takes_the_window_or_the_screen(hand: Hand, place: tuple[int, int], taken: Area) -> None:
    hand.press(*place)
    hand.move(place[0] + 3, place[1] - 3, buttons=LEFT)
    hand.release(place[0] + 3, place[1] - 3)
    assert await hand.chosen() == Selection(taken, CaptureKind.MARKDOWN)


async def test_a_window_is_taken_as_far_as_it_is_on_screens(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(windows=(Area(600, 400, 300, 300), Area(900, 0, 50, 50))))
    hand.press(620, 450)
    hand.release(620, 450)
    assert await hand.chosen() == Selection(Area(600, 400, 40, 80), CaptureKind.MARKDOWN)


async def test_what_a_click_would_take_is_framed_before(hand: Hand) -> None:
    window = hand.windows[0]
    without = rendered(window).pixelColor(FRONT.right - 2, FRONT.bottom - 60)
    hand.move(210, 210)
    framed = rendered(window)
    assert framed.pixelColor(FRONT.right - 2, FRONT.bottom - 60) != without
    assert framed.pixelColor(FRONT.right - 2, FRONT.bottom - 60).blue() == 255
    hand.move(60, 300)
    assert rendered(window).pixelColor(FRONT.right - 2, FRONT.bottom - 60) == without


@pytest.mark.parametrize("with_mouse", [False, True])
async def test_the_selection_is_dropped_first_and_then_the_capture(hand: Hand, with_mouse: bool) -> None:
    def give_up() -> None:
        if with_mouse:
            QTest.mouseClick(hand.windows[0], RIGHT, NO_KEY, QPoint(300, 300))
        else:
            hand.keys(Qt.Key.Key_Escape)

    hand.drag((100, 200), (250, 300))
    give_up()
    assert hand.size == ""
    hand.move(260, 310, buttons=LEFT)
    assert hand.size == ""
    hand.release(260, 310)
    await asyncio.sleep(0)
    assert hand.is_open()
    give_up()
    assert await hand.chosen() is None
    assert hand.windows == []


async def test_shift_moves_the_selection_and_keeps_it_on_the_desktop(hand: Hand) -> None:
    hand.drag((100, 200), (150, 240))
    hand.move(190, 270, buttons=LEFT, keys=SHIFT)
    hand.move(200, 280, buttons=LEFT)
    assert hand.size == "61 × 51"
    hand.move(639, 479, buttons=LEFT, keys=SHIFT)
    hand.release(639, 479)
    assert await hand.chosen() == Selection(Area(579, 429, 61, 51), CaptureKind.MARKDOWN)


# With keys


async def test_enter_takes_the_last_region_again(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(last=Area(500, 400, 400, 30)))
    assert "Enter" in hand.hint
    hand.keys(Qt.Key.Key_Return)
    assert await hand.chosen() == Selection(Area(500, 400, 140, 30), CaptureKind.MARKDOWN)


async def test_without_a_last_region_enter_takes_what_a_click_would(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(last=Area(2000, 0, 50, 50)))
    hand.move(210, 210)
    hand.keys(Qt.Key.Key_Enter)
    assert await hand.chosen() == Selection(FRONT, CaptureKind.MARKDOWN)


async def test_keys_alone_select(hand: Hand) -> None:
    hand.keys(Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space)
    hand.keys(Qt.Key.Key_Right, Qt.Key.Key_Down, modifiers=CTRL)
    hand.keys(Qt.Key.Key_Left)
    assert hand.size == "16 × 17"
    hand.keys(Qt.Key.Key_Space)
    hand.keys(Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right)
    hand.keys(Qt.Key.Key_Right, Qt.Key.Key_Down, modifiers=SHIFT)
    hand.move(300, 300)
    hand.keys(Qt.Key.Key_Return)
    assert await hand.chosen() == Selection(Area(62, 149, 17, 18), CaptureKind.MARKDOWN)


async def test_what_keys_made_is_dropped_first(hand: Hand) -> None:
    hand.keys(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Escape)
    assert hand.size == ""
    assert hand.is_open()
    hand.keys(Qt.Key.Key_Escape)
    assert await hand.chosen() is None


async def test_arrow_keys_nudge_the_corner_of_a_drag(hand: Hand) -> None:
    hand.drag((100, 200), (150, 240))
    hand.keys(Qt.Key.Key_Right, Qt.Key.Key_Up)
    hand.release(150, 240)
    assert await hand.chosen() == Selection(Area(100, 200, 52, 40), CaptureKind.MARKDOWN)


async def test_keys_go_from_screen_to_screen(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(TWO, windows=()))
    hand.move(-2, 100)
    hand.keys(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert await hand.chosen() == Selection(Area(-2, 100, 4, 1), CaptureKind.MARKDOWN)


# How it ends


async def test_it_never_ends_the_program_and_leaves_nothing(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(TWO))
    windows = hand.windows
    assert len(windows) == 2
    assert not any(window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose) for window in windows)
    hand.selecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hand.selecting
    assert hand.windows == []


async def test_closing_one_of_its_windows_is_giving_up(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(TWO))
    hand.windows[1].close()
    assert await hand.chosen() is None
    assert hand.windows == []


async def test_a_screen_that_is_unplugged_ends_it(open_overlay: Opening) -> None:
    real = QGuiApplication.primaryScreen()
    place = real.geometry()
    screens = (frozen(real.name(), Area(place.x(), place.y(), place.width(), place.height())),)
    hand = await shown(open_overlay(screens))
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.screenRemoved.emit(real)
    assert await hand.chosen() is None
    assert hand.windows == []
