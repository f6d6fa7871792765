"""A button that opens a menu without stopping anything else."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

ARROW = "▾"


class MenuButton(QToolButton):
    """Pops its menu up under itself on a click; Qt's own menu buttons wait in a nested event loop until it closes."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.menu_shown = QMenu(self)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setAutoRaise(True)
        self.show_text(text)
        self.clicked.connect(self._open_menu)

    def show_text(self, text: str) -> None:
        """Show this text with the arrow behind it; without a text, the arrow alone."""
        self.setText(f"{text} {ARROW}".strip())

    @Slot()
    def _open_menu(self) -> None:
        size = self.menu_shown.sizeHint()
        below = self.mapToGlobal(QPoint(self.width() - size.width(), self.height()))
        screen = self.screen().availableGeometry()
        if below.y() + size.height() > screen.bottom():
            below = self.mapToGlobal(QPoint(self.width() - size.width(), -size.height()))
        self.menu_shown.popup(QPoint(max(below.x(), screen.left()), below.y()))
