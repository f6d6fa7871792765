"""One screen under the overlay: paints its frozen picture with what lies on it, and passes on what the user does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QEnterEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QScreen,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.appearance import SPACING_SMALL
from ocr_desktop.gui.capture import overlay_painting as painting
from ocr_desktop.gui.capture.cutting import to_rect
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.magnifier import draw_magnifier, magnifier_place, magnifier_size
from ocr_desktop.gui.capture.screens import FrozenScreen

ONE_TO_ONE = 2
"""Device pixels by which window and picture may differ and still stand for each other, where a size was rounded."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What lies on the frozen desktop, in desktop pixels.

    Attributes:
        pointer: The pixel under it; None: neither cross nor magnifier.
        direction: Where the magnifier stands of it, see `RubberBand.direction`.
        selection: What is being selected; its `size` is said in words.
        target: What a click would take.
        last: What was read last.
        bar: Where in the window the bar stands; empty where there is none. The magnifier keeps clear of it.
    """

    pointer: tuple[int, int] | None = None
    direction: tuple[int, int] = (1, 1)
    selection: Area | None = None
    size: str = ""
    target: Area | None = None
    last: Area | None = None
    bar: QRect = field(default_factory=QRect)


class OverlayWindow(QWidget):
    """Covers one screen.

    Args:
        keys: Is given every key that no button of the bar has taken; whether it meant something.

    Signals:
        pointer_entered().
        pressed(QPointF), moved(QPointF, bool), released(QPointF): The left button at a global position; whether Shift
            is held. Moves also come without a button.
        drop_requested(): The right button went up.
        closed(): By the system or by its window manager.
    """

    pointer_entered = Signal()
    pressed = Signal(QPointF)
    moved = Signal(QPointF, bool)
    released = Signal(QPointF)
    drop_requested = Signal()
    closed = Signal()

    def __init__(self, screen: FrozenScreen, keys: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(None, _window_flags())
        self.setObjectName("capture_overlay")
        self.setWindowTitle(self.tr("Choose what to capture"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.area = screen.area
        self.real_screen = _real_screen(screen)
        self._image = screen.image.convertToFormat(QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(1)
        self._keys = keys
        self._shown = Shown()

    def cover(self) -> None:
        """Show it over its screen, above everything else and with the keys."""
        if self.real_screen is not None:
            self.setScreen(self.real_screen)
        self.setGeometry(to_rect(self.area))
        if QGuiApplication.platformName().startswith("wayland"):
            # No program says there where its windows are: only that one fills a screen.
            self.showFullScreen()
        else:
            self.show()
        self.raise_()

    def take_keys(self) -> None:
        self.activateWindow()
        self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def desktop_point(self, position: QPointF) -> tuple[int, int]:
        """The desktop pixel at a position in the window, or in the same distance outside of it."""
        across, down = self.area.width / max(self.width(), 1), self.area.height / max(self.height(), 1)
        return self.area.x + floor(position.x() * across), self.area.y + floor(position.y() * down)

    def window_rect(self, area: Area) -> QRect:
        """Where an area of the desktop is seen in the window, also beyond its edges."""
        across, down = self.width() / self.area.width, self.height() / self.area.height
        left, top = round((area.x - self.area.x) * across), round((area.y - self.area.y) * down)
        right, bottom = round((area.right - self.area.x) * across), round((area.bottom - self.area.y) * down)
        return QRect(left, top, right - left, bottom - top)

    def show_things(self, shown: Shown) -> None:
        """Put other things on the picture; only what changes is painted."""
        before, self._shown = self._shown, shown
        if before.size != shown.size:
            self.setAccessibleDescription(shown.size)
        changed = self._changed(before, shown)
        if self.devicePixelRatioF() % 1:
            # An edge between two device pixels leaves half of a line behind.
            changed = _widened(changed)
        self.update(changed)

    # What lies where

    def _changed(self, before: Shown, after: Shown) -> QRegion:
        changed = QRegion()
        if before.selection != after.selection:
            holes = [QRegion(self._hole(each)) for each in (before, after)]
            changed += holes[0].xored(holes[1])
        for name in ("selection", "target", "last"):
            areas = getattr(before, name), getattr(after, name)
            if areas[0] != areas[1]:
                changed += self._frame_region(areas[0]) + self._frame_region(areas[1])
        for shown, other in ((before, after), (after, before)):
            if (shown.selection, shown.size) != (other.selection, other.size):
                changed += self._tag_rect(shown)
            if (shown.pointer, shown.direction, shown.bar) != (other.pointer, other.direction, other.bar):
                changed += self._cross_region(shown)
                changed += self._magnifier_rect(shown)
        return changed

    def _hole(self, shown: Shown) -> QRect:
        return QRect() if shown.selection is None else self.window_rect(shown.selection)

    def _frame_region(self, area: Area | None) -> QRegion:
        if area is None:
            return QRegion()
        rect, reach = self.window_rect(area), painting.FRAME + 1
        outer, inner = rect.adjusted(-reach, -reach, reach, reach), rect.adjusted(reach, reach, -reach, -reach)
        return QRegion(outer) - (QRegion(inner) if inner.isValid() else QRegion())

    def _tag_rect(self, shown: Shown) -> QRect:
        """At the corner of the selection that does not move, where the magnifier never is."""
        area = shown.selection
        if area is None or not shown.size:
            return QRect()
        corner = (
            area.x if shown.direction[0] > 0 else area.right - 1,
            area.y if shown.direction[1] > 0 else area.bottom - 1,
        )
        if not self.area.has(*corner):
            return QRect()
        rect = self.window_rect(area)
        size = QSize(*painting.tag_size(shown.size, self.font()))
        distance = painting.FRAME + SPACING_SMALL
        is_first_on_top = shown.direction[1] > 0
        x = rect.left() if shown.direction[0] > 0 else rect.right() + 1 - size.width()
        y = rect.top() - distance - size.height() if is_first_on_top else rect.bottom() + 1 + distance
        if not self.rect().contains(QRect(QPoint(x, y), size)):
            y = rect.top() + distance if is_first_on_top else rect.bottom() + 1 - distance - size.height()
        x = min(max(x, 0), self.width() - size.width())
        y = min(max(y, 0), self.height() - size.height())
        return QRect(QPoint(x, y), size)

    def _pointer_rect(self, shown: Shown) -> QRect:
        """The pointer's pixel in the window; empty where it is on another screen."""
        if shown.pointer is None or not self.area.has(*shown.pointer):
            return QRect()
        return self.window_rect(Area(*shown.pointer, 1, 1))

    def _cross_region(self, shown: Shown) -> QRegion:
        rect = self._pointer_rect(shown)
        if rect.isNull():
            return QRegion()
        return QRegion(rect.left() - 2, 0, rect.width() + 4, self.height()) + QRegion(
            0, rect.top() - 2, self.width(), rect.height() + 4
        )

    def _magnifier_rect(self, shown: Shown) -> QRect:
        rect = self._pointer_rect(shown)
        if rect.isNull():
            return QRect()
        return magnifier_place(magnifier_size(self.font()), rect.center(), shown.direction, self.rect(), shown.bar)

    def _picture_rect(self, area: Area) -> QRectF:
        """An area in pixels of the picture: every one that it touches."""
        across, down = self._image.width() / self.area.width, self._image.height() / self.area.height
        left, top = floor((area.x - self.area.x) * across), floor((area.y - self.area.y) * down)
        right, bottom = -floor((self.area.x - area.right) * across), -floor((self.area.y - area.bottom) * down)
        return QRectF(left, top, right - left, bottom - top)

    # Painting

    def _picture_transform(self) -> QTransform:
        """From pixels of the picture to those of the window: one to one with the device's where they fit."""
        ratio = self.devicePixelRatioF()
        width, height = self._image.width(), self._image.height()
        if abs(self.width() * ratio - width) < ONE_TO_ONE and abs(self.height() * ratio - height) < ONE_TO_ONE:
            return QTransform.fromScale(1 / ratio, 1 / ratio)
        return QTransform.fromScale(self.width() / width, self.height() / height)

    def _paint_picture(self, painter: QPainter, region: QRegion) -> None:
        """The picture, darkened outside the selection, and the frames, all in pixels of the picture."""
        transform = self._picture_transform()
        to_picture = transform.inverted()[0]
        painter.setTransform(transform, True)
        shown = self._shown
        hole = None if shown.selection is None else self._picture_rect(shown.selection)
        for rect in region:  # type: ignore[attr-defined]  # the stubs do not know that it can be iterated
            part = to_picture.mapRect(QRectF(rect)).toAlignedRect().adjusted(-1, -1, 1, 1)
            part = part.intersected(self._image.rect())
            painter.drawImage(part.topLeft(), self._image, part)
        painting.draw_dim(painter, QRectF(self._image.rect()), hole)
        unit = max(to_picture.m11(), 1.0)
        unit = float(round(unit)) if transform.m11() * self.devicePixelRatioF() == 1 else unit
        if shown.last is not None:
            painting.draw_last_frame(painter, self._picture_rect(shown.last), unit)
        if shown.target is not None:
            painting.draw_target_frame(painter, self._picture_rect(shown.target), unit)
        if hole is not None:
            painting.draw_selection_frame(painter, hole, unit)
        if not self._pointer_rect(shown).isNull() and shown.pointer is not None:
            pixel = self._picture_rect(Area(*shown.pointer, 1, 1))
            painting.draw_cross(painter, pixel, QRectF(self._image.rect()), unit)

    def _paint_words(self, painter: QPainter, region: QRegion) -> None:
        shown = self._shown
        tag, magnifier = self._tag_rect(shown), self._magnifier_rect(shown)
        if region.intersects(tag):
            painting.draw_tag(painter, tag, shown.size)
        if region.intersects(magnifier) and shown.pointer is not None:
            pixel = self._picture_rect(Area(*shown.pointer, 1, 1)).toRect().topLeft()
            draw_magnifier(
                painter,
                magnifier,
                self._image,
                pixel,
                words=f"{pixel.x()}, {pixel.y()}",
                ratio=self.devicePixelRatioF(),
            )

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.save()
        self._paint_picture(painter, event.region())
        painter.restore()
        self._paint_words(painter, event.region())
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointer_entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(event.globalPosition())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.moved.emit(event.globalPosition(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit(event.globalPosition())
        elif event.button() == Qt.MouseButton.RightButton:
            self.drop_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._keys(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.update()


def _widened(region: QRegion) -> QRegion:
    wider = QRegion()
    for rect in region:  # type: ignore[attr-defined]  # the stubs do not know that it can be iterated
        wider += rect.adjusted(-1, -1, 1, 1)
    return wider


def _window_flags() -> Qt.WindowType:
    flags = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
    if QGuiApplication.platformName() == "xcb":
        # A window manager would keep it out of the way of panels, animate it, or place it on another screen.
        flags |= Qt.WindowType.BypassWindowManagerHint
    return flags


def _real_screen(screen: FrozenScreen) -> QScreen | None:
    """The screen that was frozen, where it is still there and of the same size."""
    return next(
        (
            each
            for each in QGuiApplication.screens()
            if each.name() == screen.name and each.geometry() == to_rect(screen.area)
        ),
        None,
    )
