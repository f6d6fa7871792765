"""What the mouse says about regions in a text view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit

if TYPE_CHECKING:
    from collections.abc import Callable


class RegionPointer(QObject):
    """Watches a text view's mouse.

    Signals:
        region_selected(int | None): There was a click, on no region's words where None; selecting text is no click.
        region_hovered(int | None): The pointer came to another region, or left the last one.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)

    def __init__(self, view: QTextEdit | QPlainTextEdit, region_at: Callable[[QPoint], int | None]) -> None:
        super().__init__(view)
        self._view = view
        self._region_at = region_at
        self._pressed_at: QPoint | None = None
        self._clicked: int | None = None
        self._hovered: int | None = None
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)

    def was_clicked(self, region_id: int) -> bool:
        """Whether a region is selected by a click in this very view, which must not move under the pointer then."""
        clicked, self._clicked = self._clicked, None
        return clicked == region_id

    def _press(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = event.position().toPoint() if is_left else None

    def _release(self, event: QMouseEvent) -> None:
        pressed_at, self._pressed_at = self._pressed_at, None
        if pressed_at is None or self._view.textCursor().hasSelection():
            return
        point = event.position().toPoint()
        if (point - pressed_at).manhattanLength() < QApplication.startDragDistance():
            self._clicked = self._region_at(point)
            self.region_selected.emit(self._clicked)

    def _hover(self, region_id: int | None) -> None:
        if region_id != self._hovered:
            self._hovered = region_id
            self.region_hovered.emit(region_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress if isinstance(event, QMouseEvent):
                self._press(event)
            case QEvent.Type.MouseButtonRelease if isinstance(event, QMouseEvent):
                self._release(event)
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                if event.buttons() == Qt.MouseButton.NoButton:
                    self._hover(self._region_at(event.position().toPoint()))
            case QEvent.Type.Leave:
                self._hover(None)
        return False
