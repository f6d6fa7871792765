"""A view of one page that zooms, fits and pans; what is drawn on the page is not its concern."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from ocr_desktop.gui.appearance import SPACING_LARGE

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox, Size

SMALLEST_ZOOM = 0.02
LARGEST_ZOOM = 32.0
LARGEST_FIT = 2.0
"""A small picture is not blown up further than this by fitting."""
LARGEST_AREA_ZOOM = 4.0
"""Nor a small area when it is zoomed to."""
STEPS_PER_DOUBLING = 2
NOTCHES_PER_DOUBLING = 4
NOTCH = 120
"""Eighths of a degree in one click of a usual wheel."""
PAGE_MARGIN = SPACING_LARGE
"""Empty space around the page, logical pixels."""
FRAME = 2
"""Line around the view, logical pixels."""
AREA_SHARE = 0.8
"""Part of the view that an area fills when it is zoomed to."""


class ZoomView(QGraphicsView):
    """Shows a page at the origin of its scene, a scene unit for each page pixel.

    Zoom 1 is one page pixel on one physical screen pixel.

    Signals:
        zoom_changed(float): by the user, by the program, or because a fitted view was resized.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setInteractive(False)
        self.setFrameStyle(QFrame.Shape.Box.value | QFrame.Shadow.Plain.value)
        self.setLineWidth(FRAME)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._page = QRectF()
        self._zoom = 1.0
        self._turns = 0
        self._fitted = True
        self._space_held = False
        self._panned_from: QPoint | None = None
        self._resting_cursor: Qt.CursorShape | None = None
        self._close_to: object = None
        self._way_back: tuple[float | None, QPointF] | None = None

    @property
    def zoom(self) -> float:
        return self._zoom

    @property
    def is_fitted(self) -> bool:
        """Whether the page is kept fitted when the view is resized."""
        return self._fitted

    def set_page_size(self, size: Size | None, *, turns: int = 0) -> None:
        """Make room for a page of this un-turned size, and fit it; None: there is nothing to show."""
        self._turns = turns % 4
        self._page = QRectF() if size is None else QRectF(0, 0, size.width, size.height)
        self.fit()

    def set_turns(self, turns: int) -> None:
        """Show the page after this many clockwise quarter turns; the scene stays as it is.

        A fitted page is fitted again, and where it was looked at closely, the same place stays in the middle.
        """
        if turns % 4 == self._turns:
            return
        centre = self.mapToScene(self.viewport().rect().center())
        self._turns = turns % 4
        if self._fitted:
            self.fit()
        else:
            self._apply_zoom(self._zoom)
            self.centerOn(centre)

    def fit(self) -> None:
        """Show the whole page, and go on doing so when the view is resized."""
        self._fitted = True
        self._apply_zoom(self._fitting_zoom())

    def zoom_to_actual_size(self) -> None:
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        """Go to the next larger of the usual steps, among them 50 %, 100 % and 200 %."""
        step = math.floor(math.log2(self._zoom) * STEPS_PER_DOUBLING + 1e-6) + 1
        self.zoom_to(2 ** (step / STEPS_PER_DOUBLING))

    def zoom_out(self) -> None:
        step = math.ceil(math.log2(self._zoom) * STEPS_PER_DOUBLING - 1e-6) - 1
        self.zoom_to(2 ** (step / STEPS_PER_DOUBLING))

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that what lies at a point of the viewport (its centre) stays there."""
        if self._page.isEmpty():
            return
        at = QPointF(self.viewport().rect().center()) if at is None else at
        kept = self.viewportTransform().inverted()[0].map(at)
        self._fitted = False
        self._apply_zoom(min(max(zoom, min(SMALLEST_ZOOM, self._fitting_zoom())), LARGEST_ZOOM))
        self._scroll_by(self.viewportTransform().map(kept) - at)

    def show_area(self, area: QRectF) -> None:
        """Bring an area of the page to the middle, as large as is sensible."""
        shown = self._turned(area.size())
        room = self.maximumViewportSize()
        share = min(room.width() / max(shown.width(), 1), room.height() / max(shown.height(), 1)) * AREA_SHARE
        self.zoom_to(min(share * self.devicePixelRatioF(), LARGEST_AREA_ZOOM))
        self.centerOn(area.center())

    def toggle_area(self, area: QRectF, key: object) -> None:
        """Bring an area close; asked again for the same `key`, go back to where the view was."""
        if self._way_back is not None and self._close_to == key:
            self._go_back(*self._way_back)
            return
        centre = self.mapToScene(self.viewport().rect().center())
        way_back = self._way_back or (None if self.is_fitted else self.zoom, centre)
        self.show_area(area)
        self._way_back, self._close_to = way_back, key

    def _go_back(self, zoom: float | None, centre: QPointF) -> None:
        if zoom is None:
            self.fit()
        else:
            self.zoom_to(zoom)
            self.centerOn(centre)

    def bring_into_view(self, rects: list[QRectF]) -> None:
        """Scroll as little as shows these parts of the page, or at least the beginning of the first.

        Where one of them is in sight already, nothing moves.
        """
        room = QRectF(self.viewport().rect())
        seen = [self.viewportTransform().mapRect(rect) for rect in rects]
        if not seen or any(room.contains(rect) for rect in seen):
            return
        wanted = united(seen)
        if wanted.width() > room.width() or wanted.height() > room.height():
            wanted = QRectF(seen[0].topLeft(), seen[0].size().boundedTo(room.size()))
        across = _way_into(wanted.left(), wanted.right(), room.width())
        down = _way_into(wanted.top(), wanted.bottom(), room.height())
        self._scroll_by(QPointF(across, down))

    def _fitting_zoom(self) -> float:
        if self._page.isEmpty():
            return 1.0
        shown = self._turned(self._page.size())
        room = self.maximumViewportSize()
        width = max(room.width() - 2 * PAGE_MARGIN - 1, 1)
        height = max(room.height() - 2 * PAGE_MARGIN - 1, 1)
        return min(min(width / shown.width(), height / shown.height()) * self.devicePixelRatioF(), LARGEST_FIT)

    def _turned(self, size: QSizeF) -> QSizeF:
        return size.transposed() if self._turns % 2 else size

    def _apply_zoom(self, zoom: float) -> None:
        self._way_back = None
        scale = zoom / self.devicePixelRatioF()
        margin = PAGE_MARGIN / scale
        area = QRectF() if self._page.isEmpty() else self._page.adjusted(-margin, -margin, margin, margin)
        self.setSceneRect(area)
        self.setTransform(QTransform().rotate(90 * self._turns).scale(scale, scale))
        self._place_items(area, 1 / scale)
        if zoom != self._zoom:
            self._zoom = zoom
            self.zoom_changed.emit(zoom)

    def _place_items(self, area: QRectF, unit: float) -> None:
        """Called after every change of scale: the visible scene, and page pixels per logical screen pixel."""

    def _scroll_by(self, distance: QPointF) -> None:
        for bar, step in ((self.horizontalScrollBar(), distance.x()), (self.verticalScrollBar(), distance.y())):
            bar.setValue(bar.value() + round(step))

    def _show_pan_cursor(self) -> None:
        if self._panned_from is not None:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._resting_cursor is not None:
            self.viewport().setCursor(self._resting_cursor)
        else:
            self.viewport().unsetCursor()

    def _rest_cursor(self, shape: Qt.CursorShape | None) -> None:
        """The pointer's shape while nothing is panned; None: the usual one."""
        if shape != self._resting_cursor:
            self._resting_cursor = shape
            self._show_pan_cursor()

    def _begins_pan(self, event: QMouseEvent) -> bool:
        held = self._space_held and event.button() == Qt.MouseButton.LeftButton
        return held or event.button() == Qt.MouseButton.MiddleButton

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            if self._fitted:
                self.fit()
            else:
                self._apply_zoom(self._zoom)
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self._zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = event.angleDelta().y() / NOTCH
            self.zoom_to(self._zoom * 2 ** (notches / NOTCHES_PER_DOUBLING), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._begins_pan(event):
            self._panned_from = event.position().toPoint()
            self._show_pan_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_from is not None:
            position = event.position().toPoint()
            self._scroll_by(QPointF(self._panned_from - position))
            self._panned_from = position

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned_from = None
        self._show_pan_cursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._space_held = True
            self._show_pan_cursor()
        elif event.key() == Qt.Key.Key_F and not event.modifiers():
            self.fit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._show_pan_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        self._show_pan_cursor()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()


def rect_of(box: PixelBox) -> QRectF:
    """A box on the page as the scene has it."""
    return QRectF(box.x_min, box.y_min, box.width, box.height)


def united(rects: list[QRectF]) -> QRectF:
    """The smallest rectangle around some, empty where there are none."""
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole


def _way_into(low: float, high: float, length: float) -> float:
    """How far to scroll so that a stretch lies within 0–length, with some air around it where there is room."""
    air = min(SPACING_LARGE, (length - (high - low)) / 2)
    if low < air:
        return low - air
    return max(high + air - length, 0.0)
