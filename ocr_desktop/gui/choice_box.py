"""A box to choose from that nobody changes by accident."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent, QKeyEvent, Qt, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolTip, QWidget

from ocr_desktop.gui.elided_label import plain_tooltip


class ChoiceBox(QComboBox):
    """A closed box leaves the wheel to what lies below, and its keys walk choices only.

    Rows without data, such as the one that opens a dialog, are taken from the open list alone.
    """

    def __init__(self, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spoken = spoken
        self.setAccessibleName(spoken)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_choice(self, choice: object) -> int:
        """Show the row with this data, and tell which it is; where there is none, show nothing."""
        row = next((row for row in range(self.count()) if self.itemData(row) == choice), -1)
        self.setCurrentIndex(row)
        return row

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_walking = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End)
        has_more = any(self._is_choice(row) for row in range(self.currentIndex() + 1, self.count()))
        if is_walking and not event.modifiers() and not has_more:
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(f"{self._spoken}: {self.currentText()}"), self)
            return True
        return super().event(event)

    def _is_choice(self, row: int) -> bool:
        index = self.model().index(row, 0)
        return self.itemData(row) is not None and bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
