"""A user in front of the overlay over frozen screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.kind_bar import KindBar
from ocr_desktop.gui.capture.overlay import Overlay, Selection
from ocr_desktop.gui.capture.overlay_window import OverlayWindow
from ocr_desktop.gui.capture.screens import FrozenScreen

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
BACK, FRONT = Area(100, 150, 300, 250), Area(200, 200, 250, 150)


def frozen(name: str, area: Area, scale: int = 1, *, dark: bool = False) -> FrozenScreen:
    """A screen with something on it at every place."""
    image = QImage(area.width * scale, area.height * scale, QImage.Format.Format_RGB32)
    image.fill(QColor(30, 30, 40) if dark else QColor(240, 240, 230))
    painter = QPainter(image)
    for x in range(0, image.width(), 7):
        painter.fillRect(QRect(x, 0, 3, image.height()), QColor(x % 256, 90, 255 - x % 256))
    painter.end()
    return FrozenScreen(name, area, image)


WHOLE = Area(0, 0, 640, 480)
ONE = (frozen("one", WHOLE),)
TWO = (frozen("left", Area(-400, -50, 400, 300), 2), frozen("right", Area(0, 0, 300, 300), dark=True))


class Hand:
    """A user in front of an open overlay; places are in desktop pixels."""

    def __init__(self, overlay: Overlay, screens: tuple[FrozenScreen, ...]) -> None:
        self.selecting = asyncio.ensure_future(overlay.select())
        self.screens = screens

    @property
    def windows(self) -> list[OverlayWindow]:
        """In the order of the screens."""
        open_windows = [
            each for each in QApplication.topLevelWidgets() if isinstance(each, OverlayWindow) and each.isVisible()
        ]
        return sorted(open_windows, key=lambda each: [screen.area for screen in self.screens].index(each.area))

    @property
    def bar(self) -> KindBar | None:
        """The one that is to be seen."""
        bars = [bar for window in self.windows for bar in window.findChildren(KindBar) if bar.isVisible()]
        assert len(bars) <= 1
        return bars[0] if bars else None

    @property
    def hint(self) -> str:
        return self.label("capture_hint").text()

    def label(self, name: str) -> QLabel:
        assert self.bar is not None
        label = self.bar.findChild(QLabel, name)
        assert label is not None
        return label

    def button(self, kind: CaptureKind) -> QAbstractButton:
        assert self.bar is not None
        button = self.bar.findChild(QAbstractButton, f"capture_kind_{kind}")
        assert button is not None
        return button

    @property
    def size(self) -> str:
        """The size of the selection as it is told."""
        return self.windows[0].accessibleDescription()

    def move(self, x: int, y: int, buttons: Qt.MouseButton = NO_BUTTON, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        """Move to there; with a button down the events go on to the window where it was pressed."""
        window = self.held if buttons is not NO_BUTTON else self._window_at(x, y)
        self._send(QEvent.Type.MouseMove, window, (x, y), NO_BUTTON, buttons, keys)

    def press(self, x: int, y: int) -> None:
        self.held = self._window_at(x, y)
        self._send(QEvent.Type.MouseButtonPress, self.held, (x, y), LEFT, LEFT, NO_KEY)

    def release(self, x: int, y: int) -> None:
        self._send(QEvent.Type.MouseButtonRelease, self.held, (x, y), LEFT, NO_BUTTON, NO_KEY)

    def _send(
        self,
        kind: QEvent.Type,
        window: OverlayWindow,
        place: tuple[int, int],
        button: Qt.MouseButton,
        buttons: Qt.MouseButton,
        keys: Qt.KeyboardModifier,
    ) -> None:
        """To the middle of a pixel, also outside of the window, which QTest does not do."""
        middle = QPointF(place[0] + 0.5, place[1] + 0.5)
        QApplication.sendEvent(window, QMouseEvent(kind, window.mapFromGlobal(middle), middle, button, buttons, keys))

    def drag(self, start: tuple[int, int], *places: tuple[int, int]) -> None:
        self.press(*start)
        for place in places:
            self.move(*place, buttons=LEFT)

    def keys(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
        for key in keys:
            QTest.keyClick(self.windows[0], key, modifiers)

    async def chosen(self) -> Selection | None:
        return await asyncio.wait_for(self.selecting, 10)

    def is_open(self) -> bool:
        return not self.selecting.done() and bool(self.windows)

    def _window_at(self, x: int, y: int) -> OverlayWindow:
        return next(window for window in self.windows if window.area.has(x, y))


Opening = Callable[..., Hand]


@asynccontextmanager
async def overlays() -> AsyncIterator[Opening]:
    """Opens overlays, and ends those that are open at the end."""
    hands: list[Hand] = []

    def open_it(screens: tuple[FrozenScreen, ...] = ONE, **options: object) -> Hand:
        settings: dict[str, object] = {
            "kind": CaptureKind.MARKDOWN,
            "kinds": frozenset(CaptureKind),
            "destination": "",
            "is_sent": False,
            "windows": (FRONT, BACK),
            **options,
        }
        hands.append(Hand(Overlay(screens, **settings), screens))  # type: ignore[arg-type]
        return hands[-1]

    yield open_it
    for hand in hands:
        hand.selecting.cancel()
    await asyncio.gather(*(hand.selecting for hand in hands), return_exceptions=True)


async def shown(hand: Hand) -> Hand:
    await asyncio.sleep(0)
    for window in hand.windows:
        QTest.qWaitForWindowExposed(window)
    hand.move(hand.screens[0].area.x + 60, hand.screens[0].area.y + 150)
    return hand


def seen(window: OverlayWindow) -> QImage:
    """What really stands on the screen."""
    return window.screen().grabWindow(window.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def rendered(window: OverlayWindow) -> QImage:
    """What ought to stand there."""
    image = QImage(window.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    return image
