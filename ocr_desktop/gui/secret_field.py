"""A line to type something into that nobody shall see."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from ocr_desktop.gui.transfer import PictureFirstPaste

NARROWEST, WIDEST = 160, 420
"""Logical pixels."""


def secret_field(parent: QWidget, name: str, *, invitation: str, spoken: str) -> QLineEdit:
    """A field for a key or a password.

    Args:
        parent: Where it stands.
        name: Its object name.
        invitation: Stands in it while it is empty.
        spoken: What a screen reader calls it.
    """
    field = QLineEdit(parent)
    field.setObjectName(name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    hints = Qt.InputMethodHint
    field.setInputMethodHints(hints.ImhSensitiveData | hints.ImhHiddenText | hints.ImhNoPredictiveText)
    field.setPlaceholderText(invitation)
    field.setAccessibleName(spoken)
    field.setMinimumWidth(NARROWEST)
    field.setMaximumWidth(WIDEST)
    field.installEventFilter(PictureFirstPaste(field))
    return field
