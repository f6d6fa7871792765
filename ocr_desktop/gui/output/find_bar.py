"""The bar at the bottom of the views that looks for words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL, icon, warning_colour
from ocr_desktop.gui.elided_label import ElidedLabel

if TYPE_CHECKING:
    from ocr_desktop.gui.output.finding import Finder

NARROWEST_EDIT = 64


class FindBar(QWidget):
    """Asks a view's finder for words and steps through what it finds; keeps the words when the view changes.

    Signals:
        close_requested(): The user is done with it.
    """

    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find_bar")
        self._finder: Finder | None = None
        self.edit = QLineEdit(self)
        self.edit.setObjectName("find_edit")
        self.edit.setPlaceholderText(self.tr("Find"))
        self.edit.setAccessibleName(self.tr("Find in the text"))
        self.edit.setMinimumWidth(NARROWEST_EDIT)
        self.edit.installEventFilter(self)
        self._count_label = ElidedLabel(self)
        self._count_label.setObjectName("find_count")
        self._note_label = QLabel(self)
        self._note_label.setObjectName("find_note")
        self._note_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._note_label.hide()
        self._case_button = self._button("find_case", self.tr("Match case"))
        self._case_button.setText("Aa")
        self._case_button.setCheckable(True)
        self._previous_button = self._button("find_previous_button", self.tr("Previous match (Shift+F3)"))
        self._previous_button.setIcon(icon("up"))
        self._next_button = self._button("find_next_button", self.tr("Next match (F3)"))
        self._next_button.setIcon(icon("down"))
        self._close_button = self._button("find_close", self.tr("Close (Esc)"))
        self._close_button.setIcon(icon("close"))
        self._place()
        self.edit.textChanged.connect(self._look)
        self._case_button.toggled.connect(self._look)
        self._previous_button.clicked.connect(lambda: self.step(-1))
        self._next_button.clicked.connect(lambda: self.step(1))
        self._close_button.clicked.connect(self.close_requested)
        self._tell_state()

    @property
    def query(self) -> str:
        return self.edit.text()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key leads to, in order."""
        buttons = (self._case_button, self._previous_button, self._next_button, self._close_button)
        return (self.edit, *buttons)

    def search_in(self, finder: Finder | None) -> None:
        """Look for the same words in another view, or in none; what is in sight there stays."""
        if finder is self._finder:
            return
        if self._finder is not None:
            self._finder.changed.disconnect(self._tell_state)
            self._finder.stop()
        self._finder = finder
        if finder is not None:
            finder.changed.connect(self._tell_state)
            finder.look_for(self.query, match_case=self._case_button.isChecked(), go=False)
        self._tell_state()

    def take_keys(self, words: str) -> None:
        """Give the keys to the box, with these words in it where there are any."""
        if words:
            self.edit.setText(words)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def step(self, step: int) -> None:
        """Go to the next match (1), or to the one before (-1)."""
        if self._finder is not None:
            self._finder.step(step)

    def _button(self, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAutoRaise(True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING_SMALL)
        row.addWidget(self.edit, 1)
        row.addWidget(self._count_label)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self._case_button, self._previous_button, self._next_button, self._close_button):
            buttons.addWidget(button)
        row.addLayout(buttons)
        # The note stands above: the buttons stay where they are under the pointer.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING_SMALL, SPACING, SPACING_SMALL)
        layout.setSpacing(SPACING_SMALL)
        layout.addWidget(self._note_label)
        layout.addLayout(row)

    @Slot()
    def _look(self) -> None:
        if self._finder is not None:
            self._finder.look_for(self.query, match_case=self._case_button.isChecked())

    @Slot()
    def _tell_state(self) -> None:
        state = None if self._finder is None else self._finder.state
        is_missing = state is not None and bool(self.query) and state.is_done and state.count == 0
        text, note = "", ""
        if state is not None and self.query:
            if is_missing:
                text = self.tr("Not found")
            elif state.number:
                text = self.tr("%1 of %2")
            elif state.count:
                text = self.tr("%2 found")
            text = text.replace("%1", str(state.number)).replace("%2", str(state.count))
            text = text if state.is_done else f"{text}…"
            if state.wrapped:
                note = self.tr("Went on from the start") if state.wrapped > 0 else self.tr("Went on from the end")
        self._count_label.setText(text)
        self._count_label.setVisible(bool(text))
        self._note_label.setText(note)
        self._note_label.setVisible(bool(note))
        for button in (self._previous_button, self._next_button):
            button.setEnabled(state is not None and state.count > 0)
        self._colour(is_missing)

    def _colour(self, is_missing: bool) -> None:
        palette = QPalette()
        if is_missing:
            palette.setColor(QPalette.ColorRole.WindowText, warning_colour(self.palette()))
        if palette != self._count_label.palette():
            self._count_label.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_close_button"):
            self._tell_state()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next match, Shift+Enter to the one before, Esc closes."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            case Qt.Key.Key_Down:
                self.step(1)
            case Qt.Key.Key_Up:
                self.step(-1)
            case Qt.Key.Key_Escape:
                self.close_requested.emit()
            case _:
                return False
        return True
