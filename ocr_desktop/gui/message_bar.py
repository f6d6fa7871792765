"""A bar that says what happened and what to do, in place, without stopping anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ocr_desktop.gui import appearance


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
        self._text = QLabel(self)
        self._text.setObjectName("message_text")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
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
        return self._text.text()

    def show_message(self, kind: MessageKind, text: str, *choices: Choice) -> None:
        self._remove_buttons()
        self._kind = kind
        self._show_icon()
        self._text.setText(text)
        for choice in choices:
            button = QPushButton(choice.text, self)
            button.clicked.connect(lambda _checked=False, taken=choice: self._take(taken))
            self._layout.insertWidget(self._layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._buttons.append(button)
        self.setAccessibleName(text)
        self.show()

    def clear(self) -> None:
        self.hide()
        self._text.clear()
        self._remove_buttons()

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance.icon(self._kind).pixmap(appearance.ICON_SIDE, appearance.ICON_SIDE))

    def _take(self, choice: Choice) -> None:
        self.clear()
        choice.take()

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
