"""Keeps the end of a text in sight while it grows, for as long as the user wants it; and the keys to its edges."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

if TYPE_CHECKING:
    from collections.abc import Iterator


class EdgeKeys(QObject):
    """Lets Home and End, with Ctrl or without, go to the edges of a text that has no cursor to move."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._bar = view.verticalScrollBar()
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        edge = _edge_meant(event)
        if edge is not None:
            self._bar.triggerAction(edge)
        return edge is not None


def _edge_meant(event: QKeyEvent) -> QScrollBar.SliderAction | None:
    allowed = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ControlModifier
    if event.modifiers() & ~allowed:
        return None
    match event.key():
        case Qt.Key.Key_Home:
            return QScrollBar.SliderAction.SliderToMinimum
        case Qt.Key.Key_End:
            return QScrollBar.SliderAction.SliderToMaximum
    return None


class EndFollower(QObject):
    """Moves a scroll bar with its end, lets go when the user scrolls up, and takes hold again at the end.

    While it does not follow, it keeps the place on show where writing into the text would move it.
    """

    def __init__(self, bar: QScrollBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._is_wanted = False
        self._is_at_end = True
        self._is_ending = False
        self._is_own_move = False
        self._kept: int | None = None
        bar.valueChanged.connect(self._note_value)
        bar.rangeChanged.connect(self._settle)

    def follow(self, is_wanted: bool, *, is_caught_up: bool = True) -> None:
        """Follow the end from now on; or stay where the text is, as soon as all of it is written."""
        if not is_wanted and not is_caught_up:
            self._is_ending = self._is_wanted
            return
        self._is_ending = False
        self._is_wanted = is_wanted
        self._is_at_end = True
        self._kept = None
        self._settle()

    def caught_up(self) -> None:
        """Tell that all of the text is written."""
        if self._is_ending:
            self.follow(False)

    def go_to_start(self) -> None:
        """Show the start of the text; the end is followed again when the user goes there."""
        self.caught_up()
        self._kept = None
        self._is_at_end = False
        self._move(0)

    def restart(self) -> None:
        """Show the start of another text, whose end is followed from there on where that is wanted."""
        self.caught_up()
        self._kept = None
        self._is_at_end = True
        self._move(0)

    def shift(self, distance: int) -> None:
        """Move along with what is on show, which came to stand lower by so much; at the end, stay there."""
        if self._is_wanted and self._is_at_end:
            return
        if self._kept is not None:
            self._kept += distance
        self._move(self._bar.value() + distance)

    def let_go(self) -> None:
        """Stop following and keeping: something else decides now what is on show."""
        self._kept = None
        self._is_at_end = False

    def go_to(self, value: int) -> None:
        """Show another place, which is not left for the end even if it is close to it."""
        self.let_go()
        self._move(value)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around every change of the text."""
        is_following = self._is_wanted and self._is_at_end
        if self._kept is None and not is_following:
            self._kept = self._bar.value()
        self._is_own_move = True
        try:
            yield
        finally:
            self._is_own_move = False
        self._settle()

    @Slot()
    def _settle(self) -> None:
        if self._is_own_move:
            return
        if self._is_wanted and self._is_at_end:
            self._move(self._bar.maximum())
        elif self._kept is not None:
            self._move(self._kept)
            if self._bar.value() == self._kept:
                self._kept = None

    def _move(self, value: int) -> None:
        self._is_own_move = True
        self._bar.setValue(value)
        self._is_own_move = False

    @Slot(int)
    def _note_value(self, value: int) -> None:
        if not self._is_own_move:
            self._kept = None
            self._is_at_end = value >= self._bar.maximum() - self._bar.singleStep() // 2
