"""Where a key is typed: dots, never shown again, with a word on where the one that is used is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.core.secret import Secret
from ocr_desktop.gui import appearance
from ocr_desktop.gui.elided_label import plain_tooltip
from ocr_desktop.gui.settings.engine_fields import key_problem
from ocr_desktop.gui.settings.fields import Field
from ocr_desktop.gui.settings.wording import problem_text


class KeyField(QWidget):
    """Takes a key and never gives it back to the eye.

    Signals:
        key_typed(Secret): Something else stands there now, to the letter; it may be no key.
        removal_wanted(): The button beside it.
    """

    key_typed = Signal(object)
    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self.edit = QLineEdit(self)
        self.edit.setObjectName("key_edit")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setAcceptDrops(False)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self.edit.textEdited.connect(self._take)
        self.edit.editingFinished.connect(self.judge)
        self._remove = QPushButton(self.tr("Remove key"), self)
        self._remove.setObjectName("remove_key_button")
        self._remove.setAutoDefault(False)
        self._remove.clicked.connect(self.removal_wanted)
        self._link = QPushButton(self.tr("Where to get one"), self)
        self._link.setObjectName("key_page_button")
        self._link.setAutoDefault(False)
        self._link.clicked.connect(self._open_page)
        self.field = Field(self.edit, self._remove, self._link, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.SPACING_SMALL)
        column.addWidget(self.field)

    def begin(self, key_page: str, typed: Secret | None) -> None:
        """Take the key of another engine.

        Args:
            key_page: Where a person gets one.
            typed: What stood there and can be no key, or None; it can be mended.
        """
        is_page = QUrl(key_page).scheme() in ("https", "http")
        self._page = key_page if is_page else ""
        self._link.setVisible(is_page)
        self._link.setToolTip(plain_tooltip(key_page) if is_page else "")
        self.show_state("")
        self.empty()
        if typed is not None:
            self.edit.setText(typed.reveal())
            self.judge()

    def empty(self) -> None:
        """Forget what stands there, and what was wrong with it."""
        self.edit.clear()
        self.field.show_error("")

    def show_state(self, text: str, *, can_type: bool = True, removal: str = "", is_typed: bool = False) -> None:
        """Say where the key is.

        Args:
            text: The words.
            can_type: Whether a key that is typed would be used.
            removal: The words on the button that removes it, or takes that back; empty for none.
            is_typed: Whether one was typed and the box may stand empty all the same.
        """
        self.field.explain(text)
        self.edit.setEnabled(can_type)
        self.edit.setPlaceholderText("•" * 12 if is_typed else "")
        self._remove.setText(removal)
        self._remove.setVisible(bool(removal))

    def judge(self) -> bool:
        """Say what is wrong with what stands there; whether nothing is."""
        problem = key_problem(self.edit.text())
        self.field.show_error("" if problem is None else problem_text(problem))
        return problem is None

    def _take(self, text: str) -> None:
        if key_problem(text) is None:
            self.field.show_error("")
        self.key_typed.emit(Secret(text))

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))
