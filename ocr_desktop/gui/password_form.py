"""A field for the password of a PDF, in the bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ocr_desktop.core.secret import Secret
from ocr_desktop.gui.appearance import SPACING
from ocr_desktop.gui.secret_field import secret_field


class PasswordForm(QWidget):
    """Asks for the password of one file.

    Signals:
        entered(Secret): As it was typed, spaces and all; the field is empty by then.
    """

    entered = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("password_form")
        spoken = self.tr("Password of %1").replace("%1", name)
        self._field = secret_field(self, "password_edit", invitation=self.tr("Password"), spoken=spoken)
        self._open_button = QPushButton(self.tr("Open"), self)
        self._open_button.setObjectName("use_password_button")
        self._open_button.setEnabled(False)
        self._open_button.clicked.connect(self._enter)
        self._field.textChanged.connect(lambda text: self._open_button.setEnabled(bool(text)))
        self._field.returnPressed.connect(self._enter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self._field, 1)
        row.addWidget(self._open_button)
        row.addStretch(0)

    def focus_field(self) -> None:
        self._field.setFocus()

    def _enter(self) -> None:
        password = self._field.text()
        if password:
            # Also out of the field's own memory of what can be undone.
            self._field.setText("")
            self.entered.emit(Secret(password))
