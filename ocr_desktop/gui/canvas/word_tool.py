"""Selecting words on the picture with the mouse and the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from ocr_desktop.core.line_parts import LinePart, quad_of_part
from ocr_desktop.gui.appearance import SPACING_LARGE
from ocr_desktop.gui.canvas.edge_scroll import EdgeScroll
from ocr_desktop.gui.canvas.word_index import WordIndex
from ocr_desktop.gui.canvas.word_selection import Grain, Step, WordSelection
from ocr_desktop.gui.canvas.words_item import WordsItem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from ocr_desktop.core.document import Line
    from ocr_desktop.core.geometry import Point, Quad

LEAST_HEIGHT = 6
"""Of a line on the screen, in logical pixels: smaller words are not aimed at."""
DRAWS_AREA = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""With one of these held, a drag draws an area over words too."""
TAKEN_WITH_STEPS = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier
)
_STEPS = {
    Qt.Key.Key_Left: (Step.CHARACTER, -1),
    Qt.Key.Key_Right: (Step.CHARACTER, 1),
    Qt.Key.Key_Up: (Step.LINE, -1),
    Qt.Key.Key_Down: (Step.LINE, 1),
    Qt.Key.Key_Home: (Step.LINE_END, -1),
    Qt.Key.Key_End: (Step.LINE_END, 1),
}
_LONG_STEPS = {Step.CHARACTER: Step.WORD, Step.LINE_END: Step.PAGE_END}


class WordTool(QObject):
    """Takes what the mouse and the keyboard do to the words of a view; positions are in its viewport."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self.selection = WordSelection(self)
        self.selection.changed.connect(self._show_selected)
        self.item = WordsItem()
        self._index = WordIndex(())
        self._is_dragging = False
        self._edge_scroll = EdgeScroll(view)
        self._edge_scroll.scrolled.connect(self.drag_to)
        self._third_click = QTimer(self, singleShot=True)
        self._double_clicked_at = QPointF()

    @property
    def is_dragging(self) -> bool:
        return self._is_dragging

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Let these lines be selected in, which stand in reading order; where they are others, nothing is selected."""
        if lines != self.selection.lines:
            self.finish()
            self.selection.use_lines(lines)
            self._index = WordIndex(lines)

    def clear(self) -> bool:
        """Select nothing, also while a drag goes on; whether anything was selected."""
        self.finish()
        return self.selection.clear()

    # The mouse

    def takes(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether a drag from here selects words: it begins on some that are large enough to be read."""
        if modifiers & DRAWS_AREA:
            return False
        line = self._index.line_at(self._to_page(position))
        return line is not None and self._index.height_of(line) * self._scale >= LEAST_HEIGHT

    def press(self, event: QMouseEvent) -> bool:
        """A button goes down on words; whether that selects some at once, as a third click does, or Shift."""
        position = event.position()
        if self._third_click.isActive() and _is_near(position, self._double_clicked_at):
            self._third_click.stop()
            self._begin(position, Grain.LINES)
            return True
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection.is_begun:
            self._is_dragging = True
            self._edge_scroll.start(position)
            self.drag_to(position)
            return True
        return False

    def double_click(self, position: QPointF) -> None:
        """Select the word that lies here, and by words while the button is held."""
        self._double_clicked_at = position
        self._third_click.start(QApplication.doubleClickInterval())
        self._begin(position, Grain.WORDS)

    def begin(self, position: QPointF) -> None:
        """Begin a drag where the button was pressed."""
        self._begin(position, Grain.CHARACTERS)

    def drag_to(self, position: QPointF) -> None:
        if not self._is_dragging:
            return
        self._edge_scroll.follow(position)
        point = self._to_page(position)
        is_by_characters = self.selection.grain is Grain.CHARACTERS
        place = self._index.place_near(point) if is_by_characters else self._index.character_near(point)
        if place is not None:
            self.selection.extend(place)

    def finish(self) -> None:
        """End the drag; what is selected stays, and a drag that selected nothing leaves nothing."""
        if self._is_dragging and not self.selection.parts:
            self.selection.clear()
        self._is_dragging = False
        self._edge_scroll.stop()

    def wants_menu(self, event: QContextMenuEvent, *, has_region: bool) -> bool:
        """Whether a menu is wanted for words: for the selected ones, or where words are and no region is."""
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            return bool(self.selection.parts)
        position = QPointF(event.pos())
        if not self.takes(position, Qt.KeyboardModifier.NoModifier):
            return False
        return not has_region or self._is_selected_at(position)

    def _is_selected_at(self, position: QPointF) -> bool:
        place = self._index.character_near(self._to_page(position))
        return place is not None and any(
            part.line == place.line and part.start <= place.index < part.end for part in self.selection.parts
        )

    def _begin(self, position: QPointF, grain: Grain) -> None:
        point = self._to_page(position)
        is_by_characters = grain is Grain.CHARACTERS
        place = self._index.place_near(point) if is_by_characters else self._index.character_near(point)
        if place is not None:
            self.selection.begin(place, grain)
            self._is_dragging = True
            self._edge_scroll.start(position)

    # The keyboard

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key does to words; whether it does anything."""
        if event.matches(QKeySequence.StandardKey.SelectAll) and self.selection.lines:
            self.selection.select_all()
        elif event.matches(QKeySequence.StandardKey.Copy) and self.selection.parts:
            self.copy()
        else:
            return self.selection.is_begun and self._take_step(event)
        return True

    def _take_step(self, event: QKeyEvent) -> bool:
        step, direction = _STEPS.get(Qt.Key(event.key()), (None, 0))
        if step is None or event.modifiers() & ~TAKEN_WITH_STEPS:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = _LONG_STEPS.get(step, step)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.selection.move_head(step, direction)
        else:
            self.selection.move_caret(step, direction)
        self._view.ensureVisible(QRectF(QPointF(*self.selection.head_point), QSizeF()), SPACING_LARGE, SPACING_LARGE)
        return True

    # What is done with them

    def copy(self) -> None:
        """Put the selected words on the clipboard as plain text."""
        from ocr_desktop.gui.output.clipboard import text_mime

        QGuiApplication.clipboard().setMimeData(text_mime(self.selection.text))

    def popup_menu(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with words: at the pointer, or by key where the selection ends."""
        menu = QMenu(self._view)
        menu.setObjectName("words_menu")
        menu.aboutToHide.connect(menu.deleteLater)
        copy = menu.addAction(self.tr("&Copy selected words"), self.copy)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setEnabled(bool(self.selection.parts))
        everything = menu.addAction(self.tr("Select &all words"), self.selection.select_all)
        everything.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        menu.popup(event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else self._place_of_head())

    def _place_of_head(self) -> QPoint:
        """Where on the screen the selection ends, or the nearest place in sight."""
        viewport = self._view.viewport()
        place = self._view.mapFromScene(QPointF(*self.selection.head_point))
        in_sight = viewport.rect()
        x = min(max(place.x(), in_sight.left()), in_sight.right())
        y = min(max(place.y(), in_sight.top()), in_sight.bottom())
        return viewport.mapToGlobal(QPoint(x, y))

    # Between page and viewport

    def _show_selected(self) -> None:
        self.item.show_parts(self.selection.parts, self._quad_of)
        caret = self.selection.caret
        self.item.show_caret(None if caret is None else self._quad_of(LinePart(caret.line, caret.index, caret.index)))

    def _quad_of(self, part: LinePart) -> Quad:
        return quad_of_part(self.selection.lines[part.line], part.start, part.end)

    @property
    def _scale(self) -> float:
        """Logical screen pixels to a page pixel."""
        transform = self._view.viewportTransform()
        return abs(transform.m11()) + abs(transform.m12())

    def _to_page(self, position: QPointF) -> Point:
        point = self._view.viewportTransform().inverted()[0].map(position)
        return (point.x(), point.y())


def _is_near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < QApplication.startDragDistance()
