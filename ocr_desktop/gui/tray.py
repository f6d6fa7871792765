"""The icon in the desktop's tray, where it has one: captures, the window, and the end of the program."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ocr_desktop.gui import appearance

MESSAGE_MS = 8000


class Tray(QObject):
    """Shows the icon while the program runs; a click shows the window, the middle button captures.

    Signals:
        capture_requested(), window_requested(), quit_requested(): Wishes from the menu or by a click.
    """

    capture_requested = Signal()
    window_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = QSystemTrayIcon(appearance.icon("capture"), self)
        self._icon.setToolTip("OCR Desktop")
        self._icon.activated.connect(self._take_click)
        self.menu = QMenu()
        self.menu.setObjectName("tray_menu")
        for text, wish in (
            (self.tr("&Capture from the screen"), self.capture_requested),
            (self.tr("&Open the window"), self.window_requested),
            (self.tr("&Quit"), self.quit_requested),
        ):
            self.menu.addAction(text).triggered.connect(wish)
        self.menu.insertSeparator(self.menu.actions()[-1])
        self._icon.setContextMenu(self.menu)
        self._has_told = False
        self._icon.show()

    @staticmethod
    def is_there() -> bool:
        """Whether the desktop has a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def hide(self) -> None:
        self._icon.hide()
        self.menu.deleteLater()

    def tell_of_staying(self) -> None:
        """Say, once, that the program goes on without its window."""
        if not self._has_told:
            self._has_told = True
            self._icon.showMessage(
                self.tr("OCR Desktop goes on in the tray"),
                self.tr("Captures begin from this icon. Quit is in its menu."),
                appearance.icon("capture"),
                MESSAGE_MS,
            )

    def _take_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window_requested.emit()
        elif reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.capture_requested.emit()
