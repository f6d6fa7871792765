"""The exact prompt below the picture: one dim line until it is edited."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.elided_label import ElidedLabel


class PromptLine(QWidget):
    """Shows what will be sent, to the letter, and lets it be changed.

    Signals:
        prompt_edited(str | None): The user's words, or None for the preset's own.
        editing_ended(): The keys go elsewhere now.
        run_requested(): Enter in the line, with or without Ctrl.
    """

    prompt_edited = Signal(object)
    editing_ended = Signal()
    run_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLabel(self.tr("Prompt:"), self)
        self._shown = ElidedLabel(self)
        self._shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for label in (self._name, self._shown):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.prompt_edit = QLineEdit(self)
        self.prompt_edit.setObjectName("prompt_edit")
        self.prompt_edit.setAccessibleName(self.tr("The prompt that is sent"))
        self.prompt_edit.setAcceptDrops(False)
        self.prompt_edit.textEdited.connect(self.prompt_edited.emit)
        self.prompt_edit.editingFinished.connect(self.editing_ended)
        self.prompt_edit.returnPressed.connect(self.run_requested)
        self._edited = QLabel(self.tr("edited"), self)
        self._edit = self._button("edit", self.tr("Edit the prompt"))
        self._edit.clicked.connect(self.begin_editing)
        self._reset = self._button("reset", self.tr("Take the preset's own prompt again"))
        self._reset.clicked.connect(self._take_back)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(appearance.SPACING, 0, appearance.SPACING, 0)
        layout.setSpacing(appearance.SPACING_SMALL)
        layout.addWidget(self._name)
        layout.addWidget(self._shown, 1)
        layout.addWidget(self.prompt_edit, 1)
        for widget in (self._edited, self._edit, self._reset):
            layout.addWidget(widget)
        # The line is as high while it is edited as before, so that the picture does not jump.
        self.setFixedHeight(self.prompt_edit.sizeHint().height())
        self._set_editing(False)

    def show_prompt(self, prompt: str, *, located: tuple[str, ...], is_edited: bool, is_sent: bool) -> None:
        """Show what will be sent: `prompt`, or the prompts of the terms that will be located, where there are any.

        `is_sent` is False for an engine that takes no prompt.
        """
        if self.prompt_edit.text() != prompt:
            self.prompt_edit.setText(prompt)
        nothing = self.tr("none; this computer reads without one")
        self._shown.setText("   ".join(located or (prompt,)) if is_sent else nothing)
        self._edited.setVisible(is_edited and is_sent)
        self._reset.setVisible(is_edited and is_sent)
        self._edit.setEnabled(is_sent)
        is_edited_here = self.prompt_edit.hasFocus() or (is_edited and not located)
        if not is_sent or not is_edited_here:
            self._set_editing(False)
        elif is_edited:
            self._set_editing(True)

    def begin_editing(self) -> None:
        self._set_editing(True)
        self.prompt_edit.setFocus()
        self.prompt_edit.end(False)

    def _take_back(self) -> None:
        self._set_editing(False)
        self.prompt_edited.emit(None)

    def _set_editing(self, is_editing: bool) -> None:
        self.prompt_edit.setVisible(is_editing)
        self._shown.setVisible(not is_editing)
        self._edit.setVisible(not is_editing)

    def _button(self, icon: str, spoken: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(appearance.icon(icon))
        button.setAutoRaise(True)
        button.setToolTip(spoken)
        button.setAccessibleName(spoken)
        return button
