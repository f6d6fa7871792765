"""A line of text that gives way where there is no room for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

SMALLEST_LETTERS = 6
"""Room for so many wide letters is always asked for."""


class ElidedLabel(QLabel):
    """Shows … for what there is no room for, and all of it in its tooltip; `text` is always the whole."""

    def __init__(self, parent: QWidget | None = None, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def _shown_text(self) -> str:
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        smallest = self.fontMetrics().horizontalAdvance("M" * SMALLEST_LETTERS)
        return QSize(min(smallest, whole.width()), whole.height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._shown_text != self.text():
            QToolTip.showText(event.globalPos(), plain_tooltip(self.text()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        flags = self.alignment().value
        place, role = self.contentsRect(), self.foregroundRole()
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), self._shown_text, role)
        painter.end()


def plain_tooltip(text: str) -> str:
    """A tooltip that shows names and words of others as they are, never as markup, and breaks their lines."""
    import html

    return f"<qt>{html.escape(text)}</qt>"
