"""The small bar at an area that was drawn: what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from ocr_desktop.gui import appearance

LEADING_AWAY = (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class AreaBar(QFrame):
    """Lies over the canvas and goes with the area.

    Signals:
        read_requested(), copy_requested(): Its buttons.
    """

    read_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("area_bar")
        self.setAccessibleName(self.tr("What to do with the area"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        # What happens on the bar is no press on the picture below it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.read_button = self._button("area_read_button", self.tr("Read this part"), "read")
        self.copy_button = self._button("area_copy_button", self.tr("Copy picture"), "copy")
        self.read_button.clicked.connect(self.read_requested)
        self.copy_button.clicked.connect(self.copy_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[appearance.SPACING_SMALL] * 4)
        layout.setSpacing(appearance.SPACING_SMALL)
        layout.addWidget(self.read_button)
        layout.addWidget(self.copy_button)
        self.set_reading_enabled(True)
        self.hide()

    def set_reading_enabled(self, enabled: bool) -> None:
        self.read_button.setEnabled(enabled)
        self.read_button.setToolTip("" if enabled else self.tr("Something is being read just now. Stop it, or wait."))

    def show_at(self, seen: QRectF, room: QRectF) -> None:
        """Stand below an area, above it or in it, always inside the room; both in the parent's coordinates."""
        self.adjustSize()
        distance = appearance.SPACING
        below, above = seen.bottom() + distance, seen.top() - distance - self.height()
        if below + self.height() <= room.bottom():
            y = below
        elif above >= room.top():
            y = above
        else:
            y = min(seen.bottom(), room.bottom()) - distance - self.height()
        x = min(max(seen.right() - self.width(), room.left()), room.right() - self.width())
        self.move(round(x), round(y))
        self.show()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus; no key but those that lead away changes the view below."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self.read_button, self.copy_button):
                if button.hasFocus():
                    button.click()
                    return
        event.setAccepted(event.key() not in LEADING_AWAY)

    def _button(self, name: str, text: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setIcon(appearance.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
