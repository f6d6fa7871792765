"""A bar that says what happened and what to do, in place, without stopping anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_layout import MessageLayout
from ocr_desktop.gui.tab_order import put_behind

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
    """A button of the bar: its words, what it does, and whether the bar `stays` open or closes before it is done."""

    text: str
    take: Callable[[], None]
    stays: bool = False


class MessageText(QLabel):
    """A text that can be selected and copied, and breaks its lines also inside of long words."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "message_text") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        copy = QAction(self.tr("Copy"), self)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_text(self, text: str) -> None:
        """Show this text; hidden where it is empty."""
        self.setText(LONG_WORD.sub(rf"\g<0>{BREAK_HERE}", text))
        self.setHidden(not text)

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
    """Shows one message at a time, the newest; hidden while there is none.

    Where the keys are in it when it closes, they go back to where they were before.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = MessageKind.INFO
        self._icon = QLabel(self)
        self.setObjectName("message_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._message = ""
        self._words = QWidget(self)
        self._title = MessageText(self._words, name="message_title")
        self._text = MessageText(self._words)
        self._form: QWidget | None = None
        self._buttons: list[QPushButton] = []
        self._focused_before: QWidget | None = None
        """What had the focus when it came into the bar last."""
        self._close = self._make_close_button()
        self._place()
        self.hide()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._note_focus)

    @property
    def text(self) -> str:
        """What the bar says, its title with it; empty while it is hidden."""
        return self._message

    def show_message(
        self, kind: MessageKind, text: str, *choices: Choice, title: str = "", form: QWidget | None = None
    ) -> None:
        """Show a message in place of the one before; a button with the focus gives it to the one that follows it.

        Where none follows, the focus goes back to where it was before.

        Args:
            kind: Which icon stands before it.
            text: What happened, why, what to do; plain text, whoever wrote it.
            choices: A button each, in this order.
            title: A short sentence in bold above the text.
            form: Something to fill in, below the text; the bar takes it, and throws it away with its message.
        """
        focused = self._focused
        if focused is not None:
            # It would else wander out of the bar with the button that goes.
            self._close.setFocus()
        self._remove_answers()
        self._kind = kind
        self._show_icon()
        self._message = " ".join(part for part in (title, text) if part)
        self._title.show_text(title)
        self._text.show_text(text)
        if form is not None:
            self._take_form(form)
        for choice in choices:
            self._make_button(choice)
        QWidget.setTabOrder(self._title, self._text)
        put_behind(self._text, [*self._form_fields, *self._buttons, self._close])
        self.setAccessibleName(self._message)
        # From the inside out and at once: the window would else be laid out for the message before.
        for layout in (self._column, self._answers):
            layout.activate()
        self.show()
        self._give_focus(focused)

    def close_message(self) -> bool:
        """Close the message; whether there was one."""
        has_message = bool(self._message)
        self.clear()
        return has_message

    @property
    def has_question(self) -> bool:
        """Whether the message offers something."""
        return bool(self._buttons)

    def close_question(self) -> None:
        """Close a message that offers something; what only tells stays."""
        if self.has_question:
            self.clear()

    def clear(self) -> None:
        self._give_focus_back()
        self.hide()
        self._message = ""
        self._title.clear()
        self._text.clear()
        self._remove_answers()

    # Parts

    def _make_close_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(appearance.icon("close"))
        button.setAutoRaise(True)
        button.setToolTip(self.tr("Close this message"))
        button.setAccessibleName(self.tr("Close this message"))
        button.clicked.connect(self.clear)
        return button

    def _place(self) -> None:
        self._column = QVBoxLayout(self._words)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(appearance.SPACING_SMALL)
        self._column.addWidget(self._title)
        # All else of a font comes from the bar's.
        bold = QFont()
        bold.setBold(True)
        self._title.setFont(bold)
        self._column.addWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(appearance.MARGIN, appearance.SPACING, appearance.SPACING, appearance.SPACING)
        layout.setSpacing(appearance.SPACING)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        middle = QWidget(self)
        self._answers = MessageLayout(middle)
        self._answers.addWidget(self._words)
        layout.addWidget(middle, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance.icon(self._kind).pixmap(appearance.ICON_SIDE, appearance.ICON_SIDE))

    # Answers

    def _take_form(self, form: QWidget) -> None:
        self._form = form
        self._column.addWidget(form)
        form.show()

    @property
    def _form_fields(self) -> list[QWidget]:
        """What Tab leads to in the form, in the order in which it was made."""
        if self._form is None:
            return []
        parts = (self._form, *self._form.findChildren(QWidget))
        return [each for each in parts if each.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def _make_button(self, choice: Choice) -> None:
        button = QPushButton(choice.text.replace("&", "&&"), self)
        button.setAccessibleName(choice.text)
        button.clicked.connect(lambda: self._take(choice))
        self._answers.addWidget(button)
        # Where the bar is open already, Qt would leave that to a later turn.
        button.show()
        self._buttons.append(button)

    def _take(self, choice: Choice) -> None:
        if choice.stays:
            choice.take()
            return
        focused = self._focused
        self.clear()
        choice.take()
        self._give_focus(focused)

    @property
    def _focused(self) -> str | None:
        """The words on the button with the focus, empty for the form; None where none of them has it."""
        focused = QApplication.focusWidget()
        if focused is not None and self._form is not None and self._form.isAncestorOf(focused):
            return ""
        return next((button.accessibleName() for button in self._buttons if button is focused), None)

    def _give_focus(self, text: str | None) -> None:
        """Give the focus to the button with these words, else to the form, else to the first button, else back.

        Without words, leave it where it is.
        """
        if text is None:
            return
        same = next((button for button in self._buttons if button.accessibleName() == text), None)
        target = same or next(iter([*self._form_fields, *self._buttons]), None)
        if target is not None:
            target.setFocus()
        else:
            self._give_focus_back()

    def _note_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        is_from_here = before is not None and before.window() is self.window() and not self.isAncestorOf(before)
        if is_from_here and now is not None and self.isAncestorOf(now):
            self._focused_before = before

    def _give_focus_back(self) -> None:
        """Where the bar has the focus, give it to who had it before, as far as that still takes any."""
        focused, before = QApplication.focusWidget(), self._focused_before
        if focused is None or not self.isAncestorOf(focused) or before is None or not isValid(before):
            return
        if before.isVisible() and before.isEnabled():
            before.setFocus()

    def _remove_answers(self) -> None:
        for button in self._buttons:
            self._answers.removeWidget(button)
            _throw_away(button)
        self._buttons.clear()
        if self._form is not None:
            self._column.removeWidget(self._form)
            _throw_away(self._form)
            self._form = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()


def _throw_away(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
