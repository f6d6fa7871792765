"""How the words of the selected and the hovered region are marked."""

from __future__ import annotations

from PySide6.QtGui import QPalette, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

SELECTED_ALPHA = 72
HOVERED_ALPHA = 32


def region_mark(words: QTextCursor, palette: QPalette, *, is_selected: bool) -> QTextEdit.ExtraSelection:
    """A wash of the palette's selection colour over the words, through which they stay readable."""
    mark = QTextEdit.ExtraSelection()
    colour = palette.color(QPalette.ColorRole.Highlight)
    colour.setAlpha(SELECTED_ALPHA if is_selected else HOVERED_ALPHA)
    mark.cursor = words
    mark.format.setBackground(colour)
    mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return mark
