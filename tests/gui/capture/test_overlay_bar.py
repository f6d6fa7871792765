"""What the overlay says and shows: the bar with the kinds, and the picture under everything."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.overlay import Selection
from tests.support.overlay_hand import (
    CTRL,
    LEFT,
    NO_KEY,
    ONE,
    SHIFT,
    TWO,
    WHOLE,
    Hand,
    Opening,
    overlays,
    rendered,
    seen,
    shown,
)


@pytest_asyncio.fixture
async def open_overlay() -> AsyncIterator[Opening]:
    async with overlays() as opening:
        yield opening


@pytest_asyncio.fixture
async def hand(open_overlay: Opening) -> Hand:
    return await shown(open_overlay())


# What is made of it


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (Qt.Key.Key_M, CaptureKind.MARKDOWN),
        (Qt.Key.Key_T, CaptureKind.TEXT),
        (Qt.Key.Key_B, CaptureKind.TABLE),
        (Qt.Key.Key_F, CaptureKind.FORMULA),
        (Qt.Key.Key_L, CaptureKind.LINE),
    ],
)
async def test_a_letter_chooses_also_in_a_drag(open_overlay: Opening, key: Qt.Key, kind: CaptureKind) -> None:
    start = CaptureKind.TEXT if kind is CaptureKind.MARKDOWN else CaptureKind.MARKDOWN
    hand = await shown(open_overlay(kind=start))
    assert hand.button(start).isChecked()
    hand.drag((100, 200), (200, 300))
    hand.keys(key)
    assert hand.button(kind).isChecked()
    assert not hand.button(start).isChecked()
    assert chr(key) in hand.button(kind).accessibleName()
    hand.release(200, 300)
    chosen = await hand.chosen()
    assert chosen is not None
    assert chosen.kind is kind


async def test_what_the_engine_cannot_do_is_grey_and_says_why(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(kinds={CaptureKind.MARKDOWN, CaptureKind.TEXT}))
    hand.keys(Qt.Key.Key_F)
    assert not hand.button(CaptureKind.FORMULA).isEnabled()
    assert hand.button(CaptureKind.FORMULA).toolTip()
    assert not hand.button(CaptureKind.TEXT).toolTip()
    assert hand.button(CaptureKind.MARKDOWN).isChecked()
    QTest.mouseClick(hand.button(CaptureKind.FORMULA), LEFT)
    assert hand.is_open()
    hand.keys(Qt.Key.Key_T)
    hand.keys(Qt.Key.Key_Return)
    assert await hand.chosen() == Selection(WHOLE, CaptureKind.TEXT)


async def test_a_click_on_the_bar_chooses_and_takes_nothing(hand: Hand) -> None:
    QTest.mouseClick(hand.button(CaptureKind.TABLE), LEFT)
    await asyncio.sleep(0)
    assert hand.is_open()
    hand.drag((100, 200), (200, 300))
    hand.release(200, 300)
    assert await hand.chosen() == Selection(Area(100, 200, 101, 101), CaptureKind.TABLE)


async def test_the_bar_is_reached_and_used_by_keys(hand: Hand) -> None:
    hand.keys(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is hand.button(CaptureKind.MARKDOWN)
    QTest.keyClick(hand.button(CaptureKind.MARKDOWN), Qt.Key.Key_Right)
    QTest.keyClick(hand.button(CaptureKind.TEXT), Qt.Key.Key_Space)
    assert hand.button(CaptureKind.TEXT).isChecked()
    QTest.keyClick(hand.button(CaptureKind.TEXT), Qt.Key.Key_Return)
    assert await hand.chosen() == Selection(WHOLE, CaptureKind.TEXT)


@pytest.mark.parametrize(
    ("is_sent", "words"), [(False, "Stays on this computer"), (True, "Sends to ocr.example.invalid")]
)
async def test_it_says_where_the_picture_goes(open_overlay: Opening, is_sent: bool, words: str) -> None:
    hand = await shown(open_overlay(destination="ocr.example.invalid" if is_sent else "", is_sent=is_sent))
    assert hand.label("capture_destination").text() == words


# The bar gives way


async def test_the_bar_goes_away_where_the_selection_comes_near(hand: Hand) -> None:
    hand.drag((100, 300), (200, 400))
    assert hand.bar is not None
    below = hand.bar.geometry().bottom()
    hand.move(300, below + 5, buttons=LEFT)
    assert hand.bar is None
    hand.move(200, 400, buttons=LEFT)
    assert hand.bar is not None


async def test_a_drag_can_begin_on_the_bar_and_a_click_there_moves_it(hand: Hand) -> None:
    assert hand.bar is not None
    place, size = hand.bar.pos(), hand.bar.size()
    edge = QPoint(3, size.height() // 2)
    QTest.mouseClick(hand.bar, LEFT, NO_KEY, edge)
    await asyncio.sleep(0)
    assert hand.is_open()
    assert hand.bar.y() > 300
    QTest.mouseClick(hand.bar, LEFT, NO_KEY, edge)
    assert hand.bar.pos() == place
    start = place + edge
    QTest.mousePress(hand.bar, LEFT, NO_KEY, edge)
    hand.held = hand.windows[0]
    hand.move(start.x() + 50, start.y() + 80, buttons=LEFT)
    assert hand.bar is None
    hand.release(start.x() + 50, start.y() + 80)
    assert await hand.chosen() == Selection(Area(start.x(), start.y(), 51, 81), CaptureKind.MARKDOWN)


async def test_the_bar_gives_way_to_the_cross_of_the_keys(hand: Hand) -> None:
    assert hand.bar is not None
    middle = hand.bar.geometry().center().x()
    hand.move(middle, 200)
    hand.keys(*[Qt.Key.Key_Up] * 9, modifiers=CTRL)
    assert hand.bar is not None
    assert not hand.bar.geometry().contains(middle, 200 - 9 * 16)
    assert hand.bar.y() > 300


async def test_the_bar_is_on_the_screen_with_the_pointer(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(TWO))
    for index, place in ((1, (100, 250)), (0, (-100, 200))):
        hand.move(*place)
        assert hand.bar is not None
        assert hand.bar.parent() is hand.windows[index]
        assert hand.windows[index].rect().contains(hand.bar.geometry())


# What is to be seen


async def test_the_selection_is_shown_as_it_is_and_the_rest_darker(hand: Hand) -> None:
    hand.drag((100, 200), (260, 320))
    image, picture = rendered(hand.windows[0]), ONE[0].image
    inside = QRect(101, 201, 155, 115)
    assert image.copy(inside) == picture.copy(inside)
    for place in (QPoint(50, 450), QPoint(600, 250)):
        assert image.pixelColor(place).lightness() < picture.pixelColor(place).lightness()


async def test_what_is_painted_bit_by_bit_is_what_is_painted_at_once(open_overlay: Opening) -> None:
    hand = await shown(open_overlay(last=Area(300, 250, 200, 150)))
    hand.windows[0].repaint()
    chance = random.Random(5)

    def places(count: int) -> list[tuple[int, int]]:
        return [(chance.randrange(640), chance.randrange(480)) for _ in range(count)]

    for place in places(6):
        hand.move(*place)
    await until_painted(hand)
    hand.press(320, 240)
    for number, place in enumerate(places(10)):
        hand.move(*place, buttons=LEFT, keys=SHIFT if number % 4 == 3 else NO_KEY)
        await until_painted(hand)


async def until_painted(hand: Hand) -> None:
    """Let Qt paint what was asked for; it does so in its own time."""
    window = hand.windows[0]
    ended = asyncio.get_running_loop().time() + 5
    while seen(window) != rendered(window):
        assert asyncio.get_running_loop().time() < ended, "something was not painted anew"
        await asyncio.sleep(0.005)
