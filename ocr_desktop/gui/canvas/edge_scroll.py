"""Scrolling a view while something is dragged to its edge or beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

SCROLL_EVERY_MS = 30
SCROLL_EDGE = 16
"""Nearer than this to the edge of the view, in logical pixels, a drag scrolls it."""
FASTEST_SCROLL = 60
"""Logical pixels at a time."""


class EdgeScroll(QObject):
    """Scrolls a view towards the pointer from `start` to `stop`; positions are in the viewport.

    Signals:
        scrolled(QPointF): The view moved under the pointer, which is here.
    """

    scrolled = Signal(QPointF)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self._pointer = QPointF()
        self._timer = QTimer(self)
        self._timer.setInterval(SCROLL_EVERY_MS)
        self._timer.timeout.connect(self._scroll)

    def start(self, position: QPointF) -> None:
        self._pointer = position
        self._timer.start()

    def follow(self, position: QPointF) -> None:
        """The pointer is here now."""
        self._pointer = position

    def stop(self) -> None:
        self._timer.stop()

    def _scroll(self) -> None:
        room = QRectF(self._view.viewport().rect()).adjusted(SCROLL_EDGE, SCROLL_EDGE, -SCROLL_EDGE, -SCROLL_EDGE)
        bars = (self._view.horizontalScrollBar(), self._view.verticalScrollBar())
        steps = (
            _beyond(self._pointer.x(), room.left(), room.right()),
            _beyond(self._pointer.y(), room.top(), room.bottom()),
        )
        before = [bar.value() for bar in bars]
        for bar, step in zip(bars, steps, strict=True):
            bar.setValue(bar.value() + round(min(max(step, -FASTEST_SCROLL), FASTEST_SCROLL)))
        if before != [bar.value() for bar in bars]:
            self.scrolled.emit(self._pointer)


def _beyond(position: float, low: float, high: float) -> float:
    """How far a position lies outside, negative below."""
    if position < low:
        return position - low
    return position - high if position > high else 0.0
