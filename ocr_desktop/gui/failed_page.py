"""What stands in the picture's place where a page cannot be shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import MessageText
from ocr_desktop.gui.messages import error_wording

ICON_SIDE = 48
WIDEST = 480
"""Of the words, in logical pixels: longer lines are hard to read."""


class FailedPage(QWidget):
    """Says what is wrong with the page, in its own place.

    Signals:
        retry_requested(): Open it again.
    """

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failed_page")
        self._icon = QLabel(self)
        self._title = MessageText(self, name="failed_page_title")
        self._text = MessageText(self, name="failed_page_text")
        self._text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._again = QPushButton(self.tr("Try again"), self)
        self._again.clicked.connect(self.retry_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[appearance.SPACING_LARGE] * 4)
        layout.setSpacing(appearance.MARGIN)
        layout.addStretch()
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(WIDEST)
            row = QHBoxLayout()
            row.addWidget(label)
            layout.addLayout(row)
        layout.addWidget(self._again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self._show_icon()

    def show_failure(self, name: str, error: OcrDesktopError) -> None:
        """Show why the page of a file of this name cannot be shown."""
        wording = error_wording(error, name=name)
        is_locked = error.code in (ErrorCode.PASSWORD_NEEDED, ErrorCode.PASSWORD_WRONG)
        self._again.setText(self.tr("Enter the password…") if is_locked else self.tr("Try again"))
        self._title.show_text(wording.title)
        self._text.show_text(wording.explanation)
        self.setAccessibleName(wording.whole)

    def _show_icon(self) -> None:
        self._icon.setPixmap(appearance.icon("warning").pixmap(ICON_SIDE, ICON_SIDE))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()
