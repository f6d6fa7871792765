"""Looks for words in one text view: marks what is in sight, and goes from match to match."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from ocr_desktop.gui.output.marking import match_mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.output.searching import Search

TURN_S = 0.005
"""How long one turn of the event loop may look for words."""
MOST_MARKS = 800
"""In sight at once; more would be slow to draw and tell nothing."""
ROUND_SIGHT = 1000
"""Characters before and behind what is in sight that are marked too: table cells do not stand in the text's order."""


@dataclass(frozen=True, slots=True)
class FindState:
    """What there is to say of a search: `number` is that of the match it stands at, from 1, or 0.

    `wrapped` is 1 where the last step went on from the start, −1 where from the end, else 0.
    """

    number: int
    count: int
    is_done: bool
    wrapped: int


class Finder(QObject):
    """Finds words in a view that shows a document; does nothing until it is asked to.

    Signals:
        changed(): `state` says something else, or will mark something else.
    """

    changed = Signal()

    def __init__(
        self,
        view: QTextEdit | QPlainTextEdit,
        search: Search,
        *,
        mark: Callable[[], None],
        show_place: Callable[[int, int], None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._search = search
        self._mark = mark
        self._show_place = show_place
        self._query = ""
        self._at = 0
        """The position of the match that the search stands at, or from where the next one is looked for."""
        self._wish = 0
        """The step that is still to be made, as soon as enough is found."""
        self._is_first = False
        self._wrapped = 0
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._work)
        self._marking = QTimer(self, singleShot=True, interval=0)
        self._marking.timeout.connect(mark)

    @property
    def is_active(self) -> bool:
        return bool(self._query)

    @property
    def state(self) -> FindState:
        starts = self._search.starts
        index = bisect_left(starts, self._at)
        is_at_match = index < len(starts) and starts[index] == self._at and not self._is_first
        return FindState(index + 1 if is_at_match else 0, len(starts), self._search.is_done, self._wrapped)

    def look_for(self, query: str, *, match_case: bool, go: bool = True) -> None:
        """Find these words, and go to the first match from the current one on, or from what is in sight."""
        if not query:
            self.stop()
            return
        if not self.is_active:
            self._at = self._positions_in_sight()[0]
            bar = self._view.verticalScrollBar()
            bar.valueChanged.connect(self._mark_soon)
            bar.rangeChanged.connect(self._mark_soon)
        self._query = query
        self._search.look_for(query, match_case=match_case)
        self._wish, self._is_first, self._wrapped = int(go), True, 0
        self._work()

    def stop(self) -> None:
        """Look for nothing, and take the marks away."""
        if not self.is_active:
            return
        bar = self._view.verticalScrollBar()
        bar.valueChanged.disconnect(self._mark_soon)
        bar.rangeChanged.disconnect(self._mark_soon)
        self._query = ""
        self._search.look_for("", match_case=False)
        self._turn.stop()
        self._wish = self._wrapped = 0
        self._mark_soon()
        self.changed.emit()

    def step(self, step: int) -> None:
        """Go to the next match (1) or the one before (-1), round the ends."""
        if self.is_active:
            self._wish, self._wrapped = step, 0
            self._work()

    def select_match(self) -> None:
        """Make the match that the search stands at the view's selected text, so that it can be copied."""
        number = self.state.number
        if number:
            self._view.setTextCursor(self._cursor(number - 1))

    def forget_from(self, position: int) -> None:
        """Tell that what the view shows behind a position changed; to be called before anything is marked."""
        if self.is_active:
            self._search.forget_from(position)
            self.look_on()

    def look_on(self) -> None:
        """Tell that the view shows more than before."""
        if self.is_active and not self._turn.isActive():
            self._turn.start()

    def marks(self) -> list[QTextEdit.ExtraSelection]:
        """The marks of the matches in sight, the current one's last."""
        number = self.state.number
        if not self.is_active or not self._search.starts:
            return []
        top, bottom = self._positions_in_sight()
        first = bisect_left(self._search.starts, top - ROUND_SIGHT)
        last = min(bisect_left(self._search.starts, bottom + ROUND_SIGHT), first + MOST_MARKS)
        marks = [
            match_mark(self._cursor(index), is_current=False) for index in range(first, last) if index != number - 1
        ]
        return [*marks, match_mark(self._cursor(number - 1), is_current=True)] if number else marks

    @Slot()
    def _work(self) -> None:
        end = time.monotonic() + TURN_S
        while not self._search.is_done and time.monotonic() < end:
            self._search.step()
        if not self._search.is_done:
            self._turn.start()
        self._fulfil_wish()
        self._mark_soon()
        self.changed.emit()

    def _fulfil_wish(self) -> None:
        """Go where the user wants to, where that is found already."""
        starts = self._search.starts
        if self._wish > 0:
            index = bisect_left(starts, self._at + (0 if self._is_first else 1))
            if index < len(starts):
                self._go_to(index, 0)
                return
        elif self._wish < 0 and (self._search.is_done or self._search.reached >= self._at):
            index = bisect_left(starts, self._at)
            if index > 0:
                self._go_to(index - 1, 0)
                return
        if self._wish and self._search.is_done:
            if starts:
                self._go_to(0 if self._wish > 0 else len(starts) - 1, 0 if self._is_first else self._wish)
            self._wish = 0

    def _go_to(self, index: int, wrapped: int) -> None:
        self._wish, self._wrapped, self._is_first = 0, wrapped, False
        self._at = self._search.starts[index]
        self._show_place(self._at, self._search.ends[index])

    @Slot()
    def _mark_soon(self) -> None:
        self._marking.start()

    def _positions_in_sight(self) -> tuple[int, int]:
        corner = self._view.viewport().rect().bottomRight()
        return self._view.cursorForPosition(QPoint()).position(), self._view.cursorForPosition(corner).position()

    def _cursor(self, index: int) -> QTextCursor:
        cursor = QTextCursor(self._view.document())
        cursor.setPosition(self._search.starts[index])
        cursor.setPosition(self._search.ends[index], QTextCursor.MoveMode.KeepAnchor)
        return cursor
