"""A small window in a corner of the screen that says one thing at a time and never takes the focus by itself."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QCursor,
    QEnterEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QScreen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.capture.note_text import MOST_LINES, note_place
from ocr_desktop.gui.elided_label import ElidedLabel, plain_tooltip
from ocr_desktop.gui.message_bar import Choice, MessageText
from ocr_desktop.gui.message_layout import MessageLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 448
CLOSES_AFTER_MS = 20_000
SETTLES_S = 0.4
"""Who clicked what stood there before the note said something new did not mean what stands there now."""


class CornerNote(QFrame):
    """What needs no answer goes by itself, not while the pointer or the focus is in it; Esc closes it.

    Signals:
        activated(): It has the focus, without which some window systems take nothing for the clipboard.
        closed(): By somebody or by itself.
    """

    activated = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, closes_after_ms: int = CLOSES_AFTER_MS) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(parent, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._screen: QScreen | None = None
        self._captured: QRect | None = None
        self._icon_name = "info"
        self._buttons: list[QPushButton] = []
        self._closing = QTimer(self, singleShot=True, interval=closes_after_ms)
        self._closing.timeout.connect(self.dismiss)
        self._closes_by_itself = False
        self._changed_at = -SETTLES_S
        self._pointer = QCursor.pos()
        self._is_aside = False
        self._make_parts()
        self._place_parts()

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        return self._title.text()

    @property
    def text(self) -> str:
        """What is said below; empty where nothing is."""
        return "" if self._text.isHidden() else self._text.text()

    @property
    def lines(self) -> list[str]:
        """The first lines of what was read, as far as they are shown."""
        return [line.text() for line in self._lines if not line.isHidden()]

    @property
    def is_attended(self) -> bool:
        """Whether somebody is in it with the keys, or came with the pointer, which may also just rest there."""
        return self.isActiveWindow() or (self.underMouse() and QCursor.pos() != self._pointer)

    def place_on(self, screen: QScreen | None, captured: QRect | None = None) -> None:
        """Stand on this screen, not over the captured area (logical pixels of the desktop) as far as there is room."""
        self._screen, self._captured = screen, captured
        self._fit()

    def take_focus(self) -> None:
        """Ask the window system for the focus; `activated` tells when it is there."""
        self.activateWindow()
        self.raise_()

    def step_aside(self) -> None:
        """Go out of sight for a while; what is said meanwhile is seen afterwards."""
        self._is_aside = True
        self._closing.stop()
        self.hide()

    def come_back(self) -> None:
        self._is_aside = False
        self.show()
        self._close_later()

    def dismiss(self) -> None:
        """Close it."""
        self.close()

    # Parts

    def _make_parts(self) -> None:
        self._icon = QLabel(self)
        self._title = MessageText(self, name="note_title")
        bold = QFont()
        bold.setBold(True)
        self._title.setFont(bold)
        self._close_button = QToolButton(self)
        self._close_button.setIcon(appearance.icon("close"))
        self._close_button.setAutoRaise(True)
        self._close_button.setToolTip(self.tr("Close this note"))
        self._close_button.setAccessibleName(self.tr("Close this note"))
        self._close_button.clicked.connect(self.dismiss)
        self._words = QWidget(self)
        self._text = MessageText(self._words, name="note_text")
        self._preview = QFrame(self._words)
        self._preview.setAutoFillBackground(True)
        self._preview.setBackgroundRole(QPalette.ColorRole.Base)
        self._lines = [ElidedLabel(self._preview) for _ in range(MOST_LINES)]
        self._foot = ElidedLabel(self._words)
        self._foot.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def _place_parts(self) -> None:
        small = appearance.SPACING_SMALL
        self._preview_column = preview = QVBoxLayout(self._preview)
        preview.setContentsMargins(appearance.SPACING, small, appearance.SPACING, small)
        preview.setSpacing(0)
        for line in self._lines:
            line.setForegroundRole(QPalette.ColorRole.Text)
            preview.addWidget(line)
        self._column = words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(appearance.SPACING)
        for widget in (self._text, self._preview, self._foot):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(appearance.SPACING)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        below = QWidget(self)
        self._answers = MessageLayout(below)
        self._answers.addWidget(self._words)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(appearance.MARGIN, appearance.SPACING, appearance.SPACING, appearance.MARGIN)
        layout.setSpacing(appearance.SPACING_SMALL)
        layout.addLayout(head)
        layout.addWidget(below)

    # Saying

    def _say(
        self,
        icon: str,
        title: str,
        text: str,
        *choices: Choice,
        lines: Sequence[str] = (),
        foot: str = "",
        closes: bool = False,
    ) -> None:
        """Say this and nothing of what was said before.

        Args:
            icon: Its name.
            title: What happened.
            text: More of it; may be empty.
            choices: A button each.
            lines: Of somebody else's text, at most `MOST_LINES`, shown as they are.
            foot: Small facts below it; may be empty.
            closes: By itself after a while.
        """
        if self.isVisible():
            self._changed_at = time.monotonic()
        self._pointer = QCursor.pos()
        self._icon_name = icon
        self._show_icon()
        self._title.show_text(title)
        self._text.show_text(text)
        self._show_lines(lines)
        self._foot.setText(foot)
        self._foot.setHidden(not foot)
        had_focus = any(button.hasFocus() for button in self._buttons)
        self._show_buttons(choices)
        if had_focus:
            (self._buttons[0] if self._buttons else self._close_button).setFocus()
        self._closes_by_itself = closes
        self._fit()
        if not self._is_aside:
            self.show()
            self._close_later()
        self._announce(" ".join(part for part in (title, text, *self.lines) if part))

    def _say_more(self, text: str) -> None:
        """Say something else below the title."""
        self._text.show_text(text)
        self._fit()

    def _explain(self, choice: Choice, text: str) -> None:
        """Say more of a choice to who asks for it."""
        for button in self._buttons:
            if button.accessibleName() == choice.text:
                button.setToolTip(plain_tooltip(text))
                button.setAccessibleDescription(text)

    def _withdraw(self, text: str) -> bool:
        """Take a choice away; whether it was there."""
        found = [button for button in self._buttons if button.accessibleName() == text]
        for button in found:
            self._buttons.remove(button)
            self._answers.removeWidget(button)
            if button.hasFocus():
                (self._buttons[0] if self._buttons else self._close_button).setFocus()
            button.hide()
            button.deleteLater()
        return bool(found)

    def _show_lines(self, lines: Sequence[str]) -> None:
        for label, line in zip(self._lines, [*lines, *[""] * (MOST_LINES - len(lines))], strict=True):
            label.setText(line)
            label.setHidden(not line)
        self._preview.setHidden(not lines)
        self._preview.setAccessibleName("\n".join(lines))

    def _show_buttons(self, choices: Sequence[Choice]) -> None:
        for button in self._buttons:
            self._answers.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._make_button(choice) for choice in choices]
        for before, after in pairwise([*self._buttons, self._close_button]):
            QWidget.setTabOrder(before, after)

    def _make_button(self, choice: Choice) -> QPushButton:
        button = QPushButton(self)
        room = WIDTH - 2 * appearance.MARGIN - 4 * appearance.SPACING_LARGE
        shown = button.fontMetrics().elidedText(choice.text, Qt.TextElideMode.ElideMiddle, room)
        button.setText(shown.replace("&", "&&"))
        button.setAccessibleName(choice.text)
        button.setAutoDefault(True)
        button.clicked.connect(lambda: self._take(choice))
        self._answers.addWidget(button)
        button.show()
        return button

    def _take(self, choice: Choice) -> None:
        if time.monotonic() - self._changed_at >= SETTLES_S:
            choice.take()

    def _announce(self, text: str) -> None:
        self.setAccessibleName(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # Where it stands, and how long

    def _fit(self) -> None:
        """Be as high as what is said, in the corner."""
        # From the inside out and at once: it would else have the height of what was said before.
        for layout in (self._preview_column, self._column, self._answers, self._layout):
            layout.invalidate()
            layout.activate()
        self.setFixedSize(WIDTH, self._layout.totalHeightForWidth(WIDTH))
        screen = self._screen or QGuiApplication.primaryScreen()
        self.move(note_place(self.size(), screen.availableGeometry(), self._captured))

    def _close_later(self) -> None:
        """Begin to count anew, where it goes by itself and nobody is in it."""
        if self._closes_by_itself and not self.underMouse() and not self.isActiveWindow():
            self._closing.start()
        else:
            self._closing.stop()

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance.icon(self._icon_name).pixmap(appearance.ICON_SIDE, appearance.ICON_SIDE))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._close_later()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._close_later()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._close_later()
            if self.isActiveWindow():
                self.activated.emit()
        elif event.type() == QEvent.Type.PaletteChange:
            self._show_icon()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._closing.stop()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
