"""What stands in the tab of the regions: a table, and a box above it that filters it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL
from ocr_desktop.gui.output.regions_table import RegionsTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Size


class RegionsPanel(QWidget):
    """The filter box, how many regions it lets through, and their table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = RegionsTable(self)
        self.filter_edit = QLineEdit(self)
        self.filter_edit.setObjectName("regions_filter")
        self.filter_edit.setPlaceholderText(self.tr("Filter by words, kind or flag"))
        self.filter_edit.setAccessibleName(self.tr("Filter regions"))
        self.filter_edit.setClearButtonEnabled(True)
        self.filter_edit.textChanged.connect(self._filter)
        self.filter_edit.installEventFilter(self)
        self._count_label = QLabel(self)
        self._count_label.setObjectName("regions_count")
        self._nothing_label = QLabel(self.tr("No region holds these words"), self)
        self._nothing_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing_label.setWordWrap(True)
        self._nothing_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._place()
        self._tell_count()

    def show_regions(self, regions: Sequence[Region], page_size: Size | None) -> None:
        """Show these regions of a page of this size in pixels (None where nobody knows it)."""
        self.table.show_regions(regions, page_size)
        self._tell_count()

    def leave_filter(self) -> bool:
        """Show all rows, and give the keys from the box to the table; False where neither was to be done."""
        has_keys = self.filter_edit.hasFocus()
        was_used = bool(self.filter_edit.text()) or has_keys
        self.filter_edit.clear()
        if has_keys:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return was_used

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(SPACING, SPACING_SMALL, SPACING, SPACING_SMALL)
        row.setSpacing(SPACING)
        row.addWidget(self.filter_edit, 1)
        row.addWidget(self._count_label)
        middle = QGridLayout()
        middle.addWidget(self.table, 0, 0)
        middle.addWidget(self._nothing_label, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addLayout(middle, 1)

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.table.filter_by(text)
        self._tell_count()

    def _tell_count(self) -> None:
        shown, total = self.table.rows.rowCount(), self.table.rows.total
        text = self.tr("%1 of %2") if self.filter_edit.text().strip() else "%2"
        self._count_label.setText(text.replace("%1", str(shown)).replace("%2", str(total)))
        self._nothing_label.setVisible(shown == 0 < total)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the filter box, Down and Enter lead into the table."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                if not self.table.currentIndex().isValid():
                    self.table.step_row(1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                return self.leave_filter()
        return False
