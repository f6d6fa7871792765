"""The small bar at an area that was drawn: what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from ocr_desktop.gui import appearance

LEADING_AWAY = (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class AreaBar(QFrame):
    """Lies over the canvas and goes with the area.

    Signals:
        read_requested(), copy_requested(), crop_requested(): Its buttons.
        ignore_requested(bool): On all pages, or on this one.
    """

    read_requested = Signal()
    copy_requested = Signal()
    crop_requested = Signal()
    ignore_requested = Signal(bool)

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
        self.crop_button = self._button("area_crop_button", self.tr("Crop"), "crop")
        self.crop_button.setToolTip(self.tr("Read only this part of the page from now on"))
        self.crop_button.clicked.connect(self.crop_requested)
        self.ignore_button = self._button("area_ignore_button", self.tr("Ignore ▾"), "ignore")
        self.ignore_button.setToolTip(self.tr("Leave this part out when pages are read, such as a page head"))
        self.ignore_button.clicked.connect(self._offer_ignoring)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[appearance.SPACING_SMALL] * 4)
        layout.setSpacing(appearance.SPACING_SMALL)
        for button in self.buttons:
            layout.addWidget(button)
        self.set_reading_enabled(True)
        self.hide()

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """In the order in which Tab leads to them."""
        return (self.read_button, self.copy_button, self.crop_button, self.ignore_button)

    def _offer_ignoring(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Ignore on all pages"), lambda: self.ignore_requested.emit(True))
        menu.addAction(self.tr("Ignore on this page"), lambda: self.ignore_requested.emit(False))
        menu.popup(self.ignore_button.mapToGlobal(self.ignore_button.rect().bottomLeft()))

    def set_reading_enabled(self, enabled: bool) -> None:
        self.read_button.setEnabled(enabled)
        busy = self.tr("Something is being read just now. Stop it, or wait.")
        self.read_button.setToolTip(self.read_button.text() if enabled else busy)

    def show_at(self, seen: QRectF, room: QRectF) -> None:
        """Stand below an area, above it or in it, always inside the room; both in the parent's coordinates."""
        self._fit_into(room.width())
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

    def _fit_into(self, width: float) -> None:
        """Leave the words out where there is no room for them; the icons have tool tips."""
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in self.buttons:
                button.setToolButtonStyle(style)
            self.adjustSize()
            if self.width() <= width:
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus; no key but those that lead away changes the view below."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in self.buttons:
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
