"""How far the reading of many pages is, in the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from ocr_desktop.gui.reading_all import Tally

WIDTH = 120


class StackProgress(QWidget):
    """A bar with words; hidden while no stack is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack_progress")
        self._words = QLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(self.tr("Pages that are read"))
        self._bar.setFixedWidth(WIDTH)
        self._bar.setTextVisible(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, appearance.SPACING, 0)
        layout.setSpacing(appearance.SPACING)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        self.hide()

    def show_tally(self, tally: Tally | None) -> None:
        """Show how far it is; None: nothing is read."""
        self.setVisible(tally is not None)
        if tally is None:
            return
        text = self.tr("Page %1 of %2").replace("%1", f"{tally.at:,}").replace("%2", f"{tally.total:,}")
        if tally.failed:
            text += self.tr(" · %1 failed").replace("%1", str(tally.failed))
        self._words.setText(text)
        self._bar.setMaximum(max(tally.total, 1))
        self._bar.setValue(tally.done + tally.failed)
