"""What the mouse and the menu key say about regions in a text view."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTextEdit

if TYPE_CHECKING:
    from collections.abc import Callable


class RegionPointer(QObject):
    """Watches a text view's mouse, and the keys that open a menu.

    Where no region is meant, or selected text is, a menu to copy and to select all opens in place of the region's.

    Signals:
        region_selected(int | None): There was a click, on no region's words where None; selecting text is no click.
        region_hovered(int | None): The pointer came to another region, or left the last one.
        region_menu_requested(int, QPoint): What can be done with a region is asked for, at a place of the screen.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_menu_requested = Signal(int, QPoint)

    def __init__(
        self,
        view: QTextEdit | QPlainTextEdit,
        region_at: Callable[[QPoint], int | None],
        selected_region: Callable[[], tuple[int, QPoint] | None],
    ) -> None:
        """`selected_region` tells the selected region and a point of the viewport at its words."""
        super().__init__(view)
        self._view = view
        self._region_at = region_at
        self._selected_region = selected_region
        self._pressed_at: QPoint | None = None
        self._clicked: int | None = None
        self._hovered: int | None = None
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.installEventFilter(self)

    def was_clicked(self, region_id: int | None) -> bool:
        """Whether a region is selected by a click in this very view, which must not move under the pointer then.

        To be asked with every selection: a click counts for the next one only.
        """
        clicked, self._clicked = self._clicked, None
        return clicked is not None and clicked == region_id

    def forget_hovered(self) -> None:
        """Tell that the view shows another run, whose regions may have the ids of those before."""
        self._hovered = None

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

    def _open_menu_at(self, place: QPoint) -> None:
        """Open the menu that is meant by a place of the screen."""
        point = self._view.viewport().mapFromGlobal(place)
        self._open_menu(None if self._is_in_selected_text(point) else self._region_at(point), point)

    def _open_menu_by_key(self) -> None:
        """Open the menu of the selected region at its words, as far as they are in sight."""
        selected = self._selected_region()
        point = self._view.cursorRect().bottomLeft() if selected is None else selected[1]
        area = self._view.viewport().rect()
        x = min(max(point.x(), area.left()), area.right())
        y = min(max(point.y(), area.top()), area.bottom())
        is_meant = not self._view.textCursor().hasSelection()
        self._open_menu(selected[0] if selected is not None and is_meant else None, QPoint(x, y))

    def _open_menu(self, region_id: int | None, point: QPoint) -> None:
        place = self._view.viewport().mapToGlobal(point)
        if region_id is None:
            self._open_text_menu(place)
        else:
            self._clicked = region_id
            self.region_menu_requested.emit(region_id, place)

    def _is_in_selected_text(self, point: QPoint) -> bool:
        cursor = self._view.textCursor()
        if not cursor.hasSelection():
            return False
        return cursor.selectionStart() <= self._view.cursorForPosition(point).position() <= cursor.selectionEnd()

    def _open_text_menu(self, place: QPoint) -> None:
        translate = QCoreApplication.translate
        menu = QMenu(self._view)
        menu.setObjectName("text_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(translate("TextMenu", "&Copy"), self._view.copy)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setEnabled(self._view.textCursor().hasSelection())
        select_all = menu.addAction(translate("TextMenu", "Select &all"), self._view.selectAll)
        select_all.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        select_all.setEnabled(not self._view.document().isEmpty())
        menu.popup(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                self._open_menu_by_key()
            else:
                self._open_menu_at(event.globalPos())
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and asks_for_menu(event):
            self._open_menu_by_key()
            return True
        if watched is self._view:
            # Also while it is destroyed, when nothing of it may be called any more.
            return False
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


def asks_for_menu(event: QKeyEvent) -> bool:
    """Whether this is Shift+F10, which only Windows makes a menu's event of by itself."""
    is_shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return sys.platform != "win32" and is_shifted and event.key() == Qt.Key.Key_F10
