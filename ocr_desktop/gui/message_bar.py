"""A bar that says what happened and what to do, in place, without stopping anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_WORD = re.compile(r"\S{24}(?=\S)")
"""What may be broken after it: paths and names have no spaces, and would make the window as wide as they are."""
BREAK_HERE = "\N{ZERO WIDTH SPACE}"


class MessageKind(StrEnum):
    """How grave a message is; the names are those of the icons."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the bar: its words, and what it does. The bar closes either way."""

    text: str
    take: Callable[[], None]


class MessageText(QLabel):
    """A text that can be selected and copied, and breaks its lines also inside of long words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_text")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        copy = QAction(self.tr("Copy"), self)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_text(self, text: str) -> None:
        self.setText(LONG_WORD.sub(rf"\g<0>{BREAK_HERE}", text))

    def copy(self) -> None:
        """Put the selected words on the clipboard, as they were told."""
        if self.hasSelectedText():
            QGuiApplication.clipboard().setText(self.selectedText().replace(BREAK_HERE, ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


class MessageBar(QFrame):
    """Shows one message at a time, the newest; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = MessageKind.INFO
        self._icon = QLabel(self)
        self.setObjectName("message_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._message = ""
        self._text = MessageText(self)
        self._buttons: list[QPushButton] = []
        self._close = QToolButton(self)
        self._close.setIcon(appearance.icon("close"))
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.clear)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(appearance.MARGIN, appearance.SPACING, appearance.SPACING, appearance.SPACING)
        self._layout.setSpacing(appearance.SPACING)
        self._layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says; empty while it is hidden."""
        return self._message

    def show_message(self, kind: MessageKind, text: str, *choices: Choice) -> None:
        """Show a message in place of the one before; a button with the focus gives it to the one that follows it."""
        focused = self._focused
        self._remove_buttons()
        self._kind = kind
        self._show_icon()
        self._message = text
        self._text.show_text(text)
        before: QWidget = self._text
        for choice in choices:
            button = QPushButton(choice.text, self)
            button.clicked.connect(lambda _checked=False, taken=choice: self._take(taken))
            self._layout.insertWidget(self._layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignVCenter)
            QWidget.setTabOrder(before, button)
            before = button
            self._buttons.append(button)
        self.setAccessibleName(text)
        self.show()
        self._give_focus(focused)

    def close_message(self) -> bool:
        """Close the message; whether there was one."""
        has_message = bool(self._message)
        self.clear()
        return has_message

    def clear(self) -> None:
        self.hide()
        self._message = ""
        self._text.clear()
        self._remove_buttons()

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance.icon(self._kind).pixmap(appearance.ICON_SIDE, appearance.ICON_SIDE))

    def _take(self, choice: Choice) -> None:
        focused = self._focused
        self.clear()
        choice.take()
        self._give_focus(focused)

    @property
    def _focused(self) -> str | None:
        """The words on the button with the focus; None where none has it."""
        return next((button.text() for button in self._buttons if button.hasFocus()), None)

    def _give_focus(self, text: str | None) -> None:
        """Give the focus to the button with these words, or else to the first; without words, leave it where it is."""
        if text is not None and self._buttons:
            next((button for button in self._buttons if button.text() == text), self._buttons[0]).setFocus()

    def _remove_buttons(self) -> None:
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()
