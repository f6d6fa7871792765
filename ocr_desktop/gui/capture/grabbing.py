"""Takes the picture of every screen at one moment: through Qt, or through the desktop where only it may."""

from __future__ import annotations

import asyncio
import os
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture.geometry import Area, ScreenPicture, parts_of_composite
from ocr_desktop.gui.capture.pictures import is_blank, plain
from ocr_desktop.gui.capture.screens import FrozenScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtDBus import QDBusConnection
    from PySide6.QtGui import QImage, QScreen

WAYLAND = "wayland"
X11 = "xcb"
AnyScreen = TypeVar("AnyScreen")


class PictureSource(StrEnum):
    """Who takes the picture of the screens."""

    WINDOW_SYSTEM = "window_system"
    """Qt asks for the pixels."""
    PORTAL = "portal"
    """The desktop takes it, after it asked the user where it likes to."""


def picture_source() -> PictureSource:
    """Who gives out the pictures here.

    Under Wayland no program sees the screen by itself; a window on X11 there is one on XWayland, whose own picture of
    the screen is black.
    """
    platform = QGuiApplication.platformName()
    is_wayland = os.environ.get("XDG_SESSION_TYPE") == WAYLAND or bool(os.environ.get("WAYLAND_DISPLAY"))
    if platform.startswith(WAYLAND) or (platform == X11 and is_wayland):
        return PictureSource.PORTAL
    return PictureSource.WINDOW_SYSTEM


async def freeze_screens(bus: QDBusConnection | None = None) -> tuple[FrozenScreen, ...]:
    """The screens as they look now, the first one first.

    A screen that is truly even counts as one without a picture only where all screens are: there is nothing to read.

    Args:
        bus: Where the portal is looked for, if it is needed; else the bus of the session.

    Raises:
        InputError: CAPTURE_BLANK, and whatever `portal_picture` raises.
    """
    if picture_source() is PictureSource.PORTAL:
        from ocr_desktop.gui.capture.portal import portal_picture

        picture = await portal_picture(bus=bus)
        # Asked only now: while the desktop asked the user, a screen can have come or gone.
        screens = await asyncio.to_thread(screens_of_composite, picture, screen_pictures())
    else:
        screens = _grab()
    if await asyncio.to_thread(_are_blank, screens):
        raise InputError(ErrorCode.CAPTURE_BLANK)
    return screens


def screen_number(screens: Sequence[AnyScreen], number: int) -> AnyScreen:
    """One of the screens, counted from 1 in the order in which the system tells them.

    Raises:
        InputError: SCREEN_MISSING with `number` and how many there are, `count`.
    """
    if not 1 <= number <= len(screens):
        raise InputError(ErrorCode.SCREEN_MISSING, number=number, count=len(screens))
    return screens[number - 1]


def screen_pictures() -> list[tuple[str, ScreenPicture]]:
    """Name, place and real size of each screen that Qt knows now."""
    return [(screen.name(), _expected(screen)) for screen in QGuiApplication.screens()]


def _expected(screen: QScreen) -> ScreenPicture:
    """The picture that a screen would have of its own."""
    area, ratio = _area(screen.geometry()), screen.devicePixelRatio()
    return ScreenPicture(area, max(1, round(area.width * ratio)), max(1, round(area.height * ratio)))


def _area(rectangle: QRect) -> Area:
    return Area(rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height())


def _grab() -> tuple[FrozenScreen, ...]:
    # Without numbers: a width in logical pixels, times a fraction, can miss the last column of the real ones.
    return tuple(
        FrozenScreen(screen.name(), _area(screen.geometry()), plain(screen.grabWindow(0).toImage()))
        for screen in QGuiApplication.screens()
    )


def screens_of_composite(picture: QImage, screens: Sequence[tuple[str, ScreenPicture]]) -> tuple[FrozenScreen, ...]:
    """The picture of all screens as one of each."""
    parts = parts_of_composite([each for _, each in screens], (picture.width(), picture.height()))
    return tuple(
        FrozenScreen(name, screen.area, picture.copy(part.x, part.y, part.width, part.height))
        for (name, screen), part in zip(screens, parts, strict=True)
    )


def _are_blank(screens: Sequence[FrozenScreen]) -> bool:
    return all(is_blank(screen.image) for screen in screens)
