"""The plain list of pictures at the side, there only when there is more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.elided_label import plain_tooltip

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry

WIDTH = 168
"""Logical pixels: room for a file's name, and the picture stays the largest thing."""


class PagesPanel(QListWidget):
    """Lists the pictures by name; the one on show is marked.

    Signals:
        entry_chosen(Entry): The user wants to see it.
    """

    entry_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages_list")
        self.setAccessibleName(self.tr("Pictures"))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setUniformItemSizes(True)
        self.setSpacing(appearance.SPACING_SMALL // 2)
        self._entries: list[Entry] = []
        self.currentRowChanged.connect(self._choose)
        self.hide()

    def show_entries(self, entries: list[Entry], current: Entry | None) -> None:
        self.blockSignals(True)
        if entries != self._entries:
            self.clear()
            for number, entry in enumerate(entries, start=1):
                item = QListWidgetItem(f"{number}  {entry.name}", self)
                item.setToolTip(plain_tooltip(entry.name))
            self._entries = list(entries)
        if current is not None:
            self.setCurrentRow(entries.index(current), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.blockSignals(False)
        self.setVisible(len(entries) > 1)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._entries):
            self.entry_chosen.emit(self._entries[row])
