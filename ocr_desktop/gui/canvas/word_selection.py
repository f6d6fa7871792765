"""Which words are selected on the picture."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.line_parts import (
    LinePart,
    Place,
    index_near,
    next_word,
    parts_between,
    point_of,
    previous_word,
    text_of,
    word_at,
)

if TYPE_CHECKING:
    from ocr_desktop.core.document import Line
    from ocr_desktop.core.geometry import Point


FIRST_LINES = 5
"""So many of them are spoken."""


class Grain(Enum):
    """What a selection grows by."""

    CHARACTERS = auto()
    WORDS = auto()
    LINES = auto()


class Step(Enum):
    """Where the keyboard takes the moving end of a selection, and in which direction."""

    CHARACTER = auto()
    WORD = auto()
    LINE = auto()
    LINE_END = auto()
    PAGE_END = auto()


class WordSelection(QObject):
    """A stretch of the lines on show, from where it was begun to where it was taken.

    Places are those of `lines`, which stand in reading order. Of a selection by words or lines, a place is the
    character that was pointed at. Where both ends are the same place nothing is selected, and a caret stands there.

    Signals:
        changed(): Other words are selected, or the caret is elsewhere.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._grain = Grain.CHARACTERS
        self._anchor: Place | None = None
        self._head = Place(0, 0)
        self._parts: list[LinePart] = []
        self._caret: Place | None = None

    @property
    def parts(self) -> list[LinePart]:
        """What is selected of each line, in reading order."""
        return self._parts

    @property
    def caret(self) -> Place | None:
        """Where a selection begins that has nothing in it yet; None where there is none."""
        return self._caret

    @property
    def is_begun(self) -> bool:
        """Whether there is a selection or a caret."""
        return self._anchor is not None

    @property
    def text(self) -> str:
        """The selected words, line by line."""
        return text_of(self.lines, self._parts)

    @property
    def beginning(self) -> str:
        """The words of the first lines in which any are selected."""
        return text_of(self.lines, self._parts[:FIRST_LINES])

    def use_lines(self, lines: tuple[Line, ...]) -> None:
        """These lines are on show, and nothing is selected in them."""
        self.clear()
        self.lines = lines

    def begin(self, place: Place, grain: Grain = Grain.CHARACTERS) -> None:
        """Begin a selection, which is empty where it grows by characters."""
        self._grain = grain
        self._anchor = self._head = place
        self._show()

    def extend(self, place: Place) -> None:
        """Take the moving end of the selection to a place; without a selection, begin one there."""
        if self._anchor is None:
            self._anchor = place
        self._head = place
        self._show()

    @property
    def grain(self) -> Grain:
        return self._grain

    def select_all(self) -> None:
        if self.lines:
            self._grain = Grain.CHARACTERS
            self._anchor, self._head = Place(0, 0), self._last_place
            self._show()

    def clear(self) -> bool:
        """Select nothing, and take the caret away; whether there was any."""
        was_begun = self.is_begun
        self._anchor = None
        self._show()
        return was_begun

    def move_head(self, step: Step, direction: int) -> None:
        """Take the moving end of a selection on (1) or back (−1), by the keyboard."""
        if self._anchor is None:
            return
        if self._grain is not Grain.CHARACTERS:
            start, end = self._span
            is_forward = self._head >= self._anchor
            self._anchor, self._head = (start, end) if is_forward else (end, start)
            self._grain = Grain.CHARACTERS
        self._head = self._moved(self._head, step, direction)
        self._show()

    def move_caret(self, step: Step, direction: int) -> None:
        """Select nothing, and take a caret on (1) or back (−1), by the keyboard.

        A step by one character from selected words takes it to their end or their beginning.
        """
        if self._anchor is None:
            return
        start, end = self._span
        place = end if direction > 0 else start
        self.begin(place if self._parts and step is Step.CHARACTER else self._moved(place, step, direction))

    @property
    def head_point(self) -> Point:
        """Where the moving end of the selection is, in page pixels; there are lines."""
        return point_of(self.lines[self._head.line], self._head.index)

    @property
    def _last_place(self) -> Place:
        return Place(len(self.lines) - 1, len(self.lines[-1].text))

    @property
    def _span(self) -> tuple[Place, Place]:
        """The first and the last place of the selection, which there is."""
        ends = [self._around(place) for place in (self._anchor or self._head, self._head)]
        return min(start for start, _ in ends), max(end for _, end in ends)

    def _around(self, place: Place) -> tuple[Place, Place]:
        text = self.lines[place.line].text
        match self._grain:
            case Grain.CHARACTERS:
                return place, place
            case Grain.WORDS:
                start, end = word_at(text, place.index)
                return Place(place.line, start), Place(place.line, end)
            case Grain.LINES:
                return Place(place.line, 0), Place(place.line, len(text))

    def _moved(self, place: Place, step: Step, direction: int) -> Place:
        text = self.lines[place.line].text
        match step:
            case Step.LINE_END:
                return Place(place.line, len(text) if direction > 0 else 0)
            case Step.PAGE_END:
                return self._last_place if direction > 0 else Place(0, 0)
            case Step.LINE:
                other = min(max(place.line + direction, 0), len(self.lines) - 1)
                if other == place.line:
                    return self._moved(place, Step.LINE_END, direction)
                return Place(other, index_near(self.lines[other], point_of(self.lines[place.line], place.index)))
            case Step.CHARACTER:
                index = place.index + direction
            case Step.WORD:
                is_at_end = place.index == (len(text) if direction > 0 else 0)
                index = next_word(text, place.index) if direction > 0 else previous_word(text, place.index)
                index = place.index + direction if is_at_end else index
        if 0 <= index <= len(text):
            return Place(place.line, index)
        other = place.line + direction
        if not 0 <= other < len(self.lines):
            return place
        return Place(other, 0 if direction > 0 else len(self.lines[other].text))

    def _show(self) -> None:
        parts = [] if self._anchor is None else parts_between(self.lines, *self._span)
        caret = self._head if self._anchor == self._head and not parts else None
        if (parts, caret) != (self._parts, self._caret):
            self._parts, self._caret = parts, caret
            self.changed.emit()
