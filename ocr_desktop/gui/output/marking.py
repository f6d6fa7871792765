"""How the words of regions and the matches of a search are marked."""

from __future__ import annotations

from PySide6.QtGui import QBrush, QColor, QPalette, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextEdit

from ocr_desktop.gui.appearance import CURRENT, FOUND

SELECTED_ALPHA = 72
HOVERED_ALPHA = 32
MATCH_ALPHA = 88
WASH = QTextFormat.Property.UserProperty.value + 8
"""The property of marks that lie under whole paragraphs and tables: their brush."""


def region_mark(words: QTextCursor, palette: QPalette, *, is_selected: bool) -> QTextEdit.ExtraSelection:
    """A wash of the palette's selection colour over the words, through which they stay readable."""
    mark = QTextEdit.ExtraSelection()
    mark.cursor = words
    mark.format.setBackground(_region_colour(palette, is_selected))
    mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return mark


def region_wash(
    document: QTextDocument, place: tuple[int, int], palette: QPalette, *, is_selected: bool
) -> QTextEdit.ExtraSelection:
    """The same, from one position to another, for a view that paints it under whole paragraphs and tables itself."""
    mark = QTextEdit.ExtraSelection()
    mark.cursor = QTextCursor(document)
    mark.cursor.setPosition(place[0])
    mark.cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
    mark.format.setProperty(WASH, QBrush(_region_colour(palette, is_selected)))
    return mark


def _region_colour(palette: QPalette, is_selected: bool) -> QColor:
    colour = palette.color(QPalette.ColorRole.Highlight)
    colour.setAlpha(SELECTED_ALPHA if is_selected else HOVERED_ALPHA)
    return colour


def match_mark(words: QTextCursor, *, is_current: bool) -> QTextEdit.ExtraSelection:
    """A match of a search: lightly as by a text marker, the one that the search stands at strongly."""
    mark = QTextEdit.ExtraSelection()
    colour = QColor(FOUND)
    if is_current:
        mark.format.setForeground(QColor(CURRENT))
    else:
        colour.setAlpha(MATCH_ALPHA)
    mark.cursor = words
    mark.format.setBackground(colour)
    return mark
