"""How wide a table's columns are: decided once for all of its parts, from its widest words and the room there is."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QFont, QFontMetricsF

from ocr_desktop.gui.output.artwork import formula_font_size
from ocr_desktop.gui.output.blocks import LINE_BREAK, Extent, Face, PlacedCell, Words
from ocr_desktop.gui.output.formulas import FormulaBook, FormulaKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CELL_PADDING, SLIM_PADDING = 6, 3
"""The slim one is for tables that do not fit with the other."""
WORD_STEP, LINE_STEP = 2, 8
"""Widths are rounded up to these, so that a table that grows does not change with every word."""
NARROWEST = 24.0
"""Of a column, even of one without words, where there is room."""
WIDEST_SHARE = 0.6
"""Of the room, for the line of one column where not all lines fit."""
BORDER = 2
MOST_MEASURED = 4
"""So many of the longest words and lines of a column are measured; formulas, whose length says little, all the same."""
MOST_FORMULAS = 24

_Key = TypeVar("_Key")
_Line = tuple[Words, ...]
_UNBROKEN = re.compile(
    r"(?:[^\s\u200b\u2e80-\U0010ffff/-]|[-/]+(?=\d)){1,32}[-/]*|[-/]+|[\u2e80-\U0010ffff]",
)
"""What stands between two places for a line break."""
_NARROW = re.compile(r"[iljtfrI1.,:;'|!()\[\]\s]")
_WIDE = re.compile(r"[mwMW@%\u2014\u2e80-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Fit:
    """The widths of a table's columns with their padding, in logical pixels."""

    widths: tuple[int, ...]
    padding: int


def extents_of(cells: Iterable[PlacedCell]) -> tuple[Extent, ...]:
    """The widest words and lines of a table for each stretch of columns that cells of it stand in."""
    found: dict[tuple[int, int], tuple[dict[Words, float], dict[_Line, float]]] = {}
    for cell in cells:
        words, lines = found.setdefault((cell.column, cell.columns), ({}, {}))
        line: _Line = ()
        weight = 0.0
        for each in cell.words:
            face = each.face | Face.BOLD if cell.is_head else each.face
            if Face.FORMULA in face:
                formula = Words(each.text, face)
                words[formula] = weight = math.inf
                line = (*line, formula)
                continue
            for number, (text, text_weight, word, word_weight) in enumerate(_weighed(each.text)):
                if number:
                    lines[line] = weight
                    line, weight = (), 0.0
                line, weight = (*line, Words(text, face)), weight + text_weight
                words[Words(word, face)] = word_weight
        lines[line] = weight
    return tuple(
        Extent(column, count, _heaviest(words), _heaviest(lines))
        for (column, count), (words, lines) in sorted(found.items(), key=lambda each: (each[0][1], each[0][0]))
    )


@functools.lru_cache(maxsize=1 << 14)
def _weighed(text: str) -> tuple[tuple[str, float, str, float], ...]:
    """Each line of a text and its heaviest word, with their weights; a table that grows is read again and again."""
    weighed = []
    for line in text.split(LINE_BREAK):
        word = max(_UNBROKEN.findall(line), key=_weight, default="")
        weighed.append((line, _weight(line), word, _weight(word)))
    return tuple(weighed)


def _weight(text: str) -> float:
    """About how wide a text is, without its font."""
    return len(text) - 0.5 * len(_NARROW.findall(text)) + 0.6 * len(_WIDE.findall(text))


def _heaviest(weights: dict[_Key, float]) -> tuple[_Key, ...]:
    ordered = sorted(weights, key=lambda each: weights[each], reverse=True)
    formulas = sum(weight == math.inf for weight in weights.values())
    return tuple(ordered[: min(formulas, MOST_FORMULAS)] + ordered[formulas : formulas + MOST_MEASURED])


class TableFitter:
    """Measures words in the fonts that tables are written in, and fits columns into the room."""

    def __init__(self, font: QFont, fixed_families: Sequence[str], book: FormulaBook) -> None:
        self._font = font
        self._fixed_families = list(fixed_families)
        self._book = book
        self._metrics: dict[Face, QFontMetricsF] = {}
        self._last: tuple[tuple[Extent, ...], float, Fit] | None = None

    def forget(self) -> None:
        """Measure anew: a formula has its drawing."""
        self._last = None

    def fit(self, extents: tuple[Extent, ...], column_count: int, room: float) -> Fit:
        if self._last is None or self._last[0] is not extents or self._last[1] != room:
            words, lines = [0.0] * column_count, [NARROWEST] * column_count
            for extent in extents:
                _widen(words, extent, max((self._word_width(each, room) for each in extent.words), default=0.0))
                line = max((sum(self._line_width(each, room) for each in line) for line in extent.lines), default=0.0)
                _widen(lines, extent, math.ceil(line / LINE_STEP) * LINE_STEP)
            self._last = (extents, room, fitted(words, lines, room))
        return self._last[2]

    def _word_width(self, words: Words, room: float) -> float:
        drawn = self._drawn_width(words, room)
        if drawn is not None:
            return drawn
        return max((self._width(word, words.face) for word in _UNBROKEN.findall(words.text)), default=0.0)

    def _line_width(self, words: Words, room: float) -> float:
        drawn = self._drawn_width(words, room)
        return self._width(words.text, words.face) if drawn is None else drawn

    def _drawn_width(self, words: Words, room: float) -> float | None:
        if Face.FORMULA not in words.face:
            return None
        key = FormulaKey(words.text.replace(LINE_BREAK, "\n").strip(), is_display=False)
        drawing = self._book.drawing(key)
        return None if drawing is None else min(drawing.typeset.width * formula_font_size(self._font), room)

    def _width(self, text: str, face: Face) -> float:
        metrics = self._metrics.get(face)
        if metrics is None:
            font = QFont(self._font)
            font.setBold(Face.BOLD in face)
            font.setItalic(Face.ITALIC in face)
            if face & (Face.CODE | Face.FORMULA):
                font.setFamilies(self._fixed_families)
            metrics = self._metrics[face] = QFontMetricsF(font)
        return metrics.horizontalAdvance(text)


def _widen(widths: list[float], extent: Extent, needed: float) -> None:
    """Give columns together what their widest words need."""
    columns = range(extent.column, extent.column + extent.columns)
    missing = needed - sum(widths[column] for column in columns)
    for column in columns:
        widths[column] += max(missing, 0.0) / len(columns)


def fitted(words: Sequence[float], lines: Sequence[float], room: float) -> Fit:
    """Columns as wide as their lines where all of these fit, else at least as wide as their widest words.

    What words leave of the room is shared by how much the lines lack. Where even the words do not fit, nor with less
    around them, the table is wider than the room.
    """
    count = len(words)
    least = [WORD_STEP * math.ceil(each / WORD_STEP) for each in words]
    padding = CELL_PADDING
    if sum(least) + count * (2 * CELL_PADDING + BORDER) > room:
        padding = SLIM_PADDING
    around = 2 * padding + BORDER
    room -= count * around
    if sum(least) > room:
        least = [math.ceil(each) for each in words]
    wanted = [max(math.ceil(line), word) for line, word in zip(lines, least, strict=True)]
    if sum(wanted) > room:
        wanted = [max(min(line, int(WIDEST_SHARE * room)), word) for line, word in zip(wanted, least, strict=True)]
        lacking = sum(wanted) - sum(least)
        share = min(max(room - sum(least), 0) / lacking, 1.0) if lacking else 0.0
        wanted = [word + int(share * (line - word)) for line, word in zip(wanted, least, strict=True)]
    return Fit(tuple(width + around for width in wanted), padding)
