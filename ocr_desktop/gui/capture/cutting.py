"""Takes a selection out of the frozen pictures of the screens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from ocr_desktop.gui.appearance import NO_SCREEN
from ocr_desktop.gui.capture.geometry import Area, ScreenPicture, compose
from ocr_desktop.gui.capture.screens import FrozenScreen


def screen_picture(screen: FrozenScreen) -> ScreenPicture:
    return ScreenPicture(screen.area, screen.image.width(), screen.image.height())


def to_rect(area: Area) -> QRect:
    return QRect(area.x, area.y, area.width, area.height)


def cut(screens: Sequence[FrozenScreen], area: Area) -> QImage:
    """The pixels of an area of the desktop, RGB888 without transparency and with a device pixel ratio of 1.

    On one screen, and on all that have the finest scale, the pixels are the very ones of the picture; of coarser
    screens they are enlarged. Where the desktop has no screen the picture is white.

    Raises:
        ValueError: The area lies on no screen.
    """
    composition = compose([screen_picture(screen) for screen in screens], area)
    if composition is None:
        raise ValueError("the area lies on no screen")
    if len(composition.parts) == 1:
        part = composition.parts[0]
        picture = screens[part.screen].image.copy(to_rect(part.source)).convertToFormat(QImage.Format.Format_RGB888)
        picture.setDevicePixelRatio(1)
        return picture
    picture = QImage(composition.width, composition.height, QImage.Format.Format_RGB888)
    picture.fill(NO_SCREEN)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for part in composition.parts:
        opaque = screens[part.screen].image.copy(to_rect(part.source)).convertToFormat(QImage.Format.Format_RGB32)
        opaque.setDevicePixelRatio(1)
        painter.drawImage(to_rect(part.target), opaque)
    painter.end()
    return picture
