"""One line of the test of a connection: an icon, what was found, and a way to take what is suggested."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import MessageText
from ocr_desktop.gui.settings.connection_words import state_name
from ocr_desktop.gui.settings.fields import Choices
from ocr_desktop.services.connection_report import CheckState

ICONS = {
    CheckState.WAITING: "more",
    CheckState.RUNNING: "more",
    CheckState.PASSED: "passed",
    CheckState.WARNING: "warning",
    CheckState.FAILED: "error",
    CheckState.SKIPPED: "skipped",
}


class ConnectionRow(QWidget):
    """Shows one check.

    Signals:
        taken(str): What was suggested is wanted: an address, or the model that was picked.
    """

    taken = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"connection_{name}")
        self._state = CheckState.WAITING
        self._icon = QLabel(self)
        self._text = MessageText(self, name="found_text")
        self._offer: QWidget | None = None
        self._column = QVBoxLayout()
        self._column.setSpacing(appearance.SPACING_SMALL)
        self._column.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(appearance.SPACING)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._column, 1)

    @property
    def state(self) -> CheckState:
        return self._state

    def show_found(self, state: CheckState, text: str) -> None:
        """Show how the check stands; an earlier suggestion goes."""
        self._state = state
        self._remove_offer()
        self._show_icon()
        self._text.show_text(text)
        self.setAccessibleName(f"{state_name(state)}: {text}")

    def offer_address(self, address: str) -> None:
        """Let this address be taken with a click."""
        button = QPushButton(self.tr("Use %1").replace("%1", address.replace("&", "&&")), self)
        button.setObjectName("use_address")
        button.setAutoDefault(False)
        button.setAccessibleDescription(address)
        button.clicked.connect(lambda: self.taken.emit(address))
        self._place(button)

    def offer_models(self, models: tuple[str, ...]) -> None:
        """Let one of these be picked and taken."""
        choices = Choices("found_models", self)
        choices.setAccessibleName(self.tr("Models of this server"))
        choices.addItems(models)
        button = QPushButton(self.tr("Use this model"), self)
        button.setObjectName("use_model")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.taken.emit(choices.currentText()))
        part = QWidget(self)
        line = QHBoxLayout(part)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(appearance.SPACING)
        line.addWidget(choices, 1)
        line.addWidget(button)
        self._place(part)

    def _place(self, offer: QWidget) -> None:
        self._remove_offer()
        self._offer = offer
        is_button = isinstance(offer, QPushButton)
        self._column.addWidget(offer, 0, Qt.AlignmentFlag.AlignLeft if is_button else Qt.AlignmentFlag(0))

    def _remove_offer(self) -> None:
        if self._offer is not None:
            self._column.removeWidget(self._offer)
            self._offer.hide()
            self._offer.deleteLater()
            self._offer = None

    def _show_icon(self) -> None:
        side = appearance.ICON_SIDE
        self._icon.setPixmap(appearance.icon(ICONS[self._state]).pixmap(side, side))

    # Qt

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()
