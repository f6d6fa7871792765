"""The keys that go from page to page, and who else needs them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class PageKeys(QObject):
    """Lets the keys scroll where they are installed, and in all that is inside; elsewhere they are the window's."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in KEYS:
                event.accept()
                return True
        return super().eventFilter(watched, event)
