"""A field for a key, in the bar: it takes the key and shows it to nobody."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.core.secret import Secret
from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL
from ocr_desktop.gui.message_bar import MessageText
from ocr_desktop.gui.secret_field import secret_field


class KeyForm(QWidget):
    """Asks for the key of one engine.

    Signals:
        entered(Secret): Without the space around and inside of what was pasted; the field is empty by then.
        page_requested(): The user wants to know where to get a key.
    """

    entered = Signal(object)
    page_requested = Signal()

    def __init__(self, engine: str, *, note: str, has_page: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_form")
        self._field = self._make_field(engine)
        self._use_button = QPushButton(self.tr("Use key"), self)
        self._use_button.setObjectName("use_key_button")
        self._use_button.setEnabled(False)
        self._use_button.clicked.connect(self._enter)
        self._page_button = QPushButton(self.tr("Where to get one"), self)
        self._page_button.setObjectName("key_page_button")
        self._page_button.setVisible(has_page)
        self._page_button.clicked.connect(self.page_requested)
        self._note = MessageText(self, name="key_note")
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._note.show_text(note)
        self._place()

    def _make_field(self, engine: str) -> QLineEdit:
        spoken = self.tr("Key of %1").replace("%1", engine)
        field = secret_field(self, "key_edit", invitation=self.tr("Paste the key here"), spoken=spoken)
        field.textChanged.connect(lambda text: self._use_button.setEnabled(bool(_without_space(text))))
        field.returnPressed.connect(self._enter)
        return field

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._field, 1)
        row.addWidget(self._use_button)
        row.addWidget(self._page_button)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_SMALL)
        column.addLayout(row)
        column.addWidget(self._note)

    def _enter(self) -> None:
        key = _without_space(self._field.text())
        if key:
            # Also out of the field's own memory of what can be undone.
            self._field.setText("")
            self.entered.emit(Secret(key))


def _without_space(text: str) -> str:
    """A key as it was given out: a copied one may bring line breaks and spaces along, and none has any inside."""
    return "".join(text.split())
