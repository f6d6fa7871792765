"""What the colours of the boxes mean, in a small window that opens at a button and filters by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.gui import appearance
from ocr_desktop.gui.appearance import LABEL_STYLES
from ocr_desktop.gui.label_chips import label_chip
from ocr_desktop.gui.labels import short_label_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

CHIP = QSize(20, 12)
"""Logical pixels, like all sizes here."""
LONGEST_LIST = 320
"""Height of the lines; from there on they scroll."""
MOST_LINES = 60
"""Of an answer that makes up labels without end, only so many lines are listed."""


class Legend(QFrame):
    """A popup: what is drawn over the picture, and a line for each label that occurs, to show it or not.

    Signals:
        labels_hidden(frozenset[str]): The labels that are not to be shown from now on; by the user, never by a call.
    """

    labels_hidden = Signal(object)

    def __init__(self, boxes: QAction, uncovered: QAction, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("boxes_legend")
        self.setAccessibleName(self.tr("What is drawn over the picture"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._counts: Mapping[str, int] = {}
        self._hidden: frozenset[str] = frozenset()
        self._checks: dict[str, QCheckBox] = {}
        self._numbers: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[appearance.MARGIN] * 4)
        layout.setSpacing(appearance.SPACING)
        self._boxes_check = self._switch(self.tr("Show boxes (H on the picture)"), boxes)
        layout.addWidget(self._boxes_check)
        layout.addWidget(self._switch(self.tr("Show uncovered areas"), uncovered))
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        layout.addWidget(line)
        self._empty = QLabel(self.tr("There are no boxes on this picture yet."), self)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout.addWidget(self._empty)
        self._lines = QWidget(self)
        self._grid = QGridLayout(self._lines)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(appearance.SPACING_LARGE)
        self._grid.setVerticalSpacing(appearance.SPACING)
        self._grid.setColumnStretch(0, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._lines)
        layout.addWidget(self._scroll)
        self._all_button = QPushButton(self.tr("Show all"), self)
        self._all_button.setObjectName("show_all_labels_button")
        self._all_button.setAutoDefault(False)
        self._all_button.clicked.connect(lambda: self._hide_labels(frozenset()))
        layout.addWidget(self._all_button)

    def show_labels(self, counts: Mapping[str, int], hidden: frozenset[str]) -> None:
        """List these labels; where only numbers changed, only they are written."""
        self._counts, self._hidden = counts, hidden
        wanted = _in_order(counts.keys() | hidden)[:MOST_LINES]
        if wanted != list(self._checks):
            self._make_lines(wanted)
        for label, check in self._checks.items():
            count = counts.get(label, 0)
            self._numbers[label].setText(str(count))
            check.setAccessibleName(f"{short_label_name(label)}: {count}")
            check.setChecked(label not in hidden)
        self._empty.setVisible(not wanted)
        self._scroll.setVisible(bool(wanted))
        self._all_button.setVisible(bool(wanted))
        self._all_button.setEnabled(bool(hidden))
        self._fit()

    def _fit(self) -> None:
        wanted = self._lines.sizeHint()
        bar = self._scroll.verticalScrollBar().sizeHint().width() if wanted.height() > LONGEST_LIST else 0
        self._scroll.setFixedHeight(min(wanted.height(), LONGEST_LIST))
        self._scroll.setMinimumWidth(wanted.width() + bar)
        self.adjustSize()

    def _make_lines(self, labels: list[str]) -> None:
        """Lines that stay are only moved: the keys may be in one of them."""
        for label in self._checks.keys() - labels:
            gone: tuple[QWidget, QWidget] = (self._checks.pop(label), self._numbers.pop(label))
            for widget in gone:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._checks = {label: self._checks.get(label) or self._check(label) for label in labels}
        self._numbers = {label: self._numbers.get(label) or self._number() for label in labels}
        before: QWidget | None = None
        for row, label in enumerate(labels):
            check = self._checks[label]
            parts: tuple[QWidget, QWidget] = (check, self._numbers[label])
            for column, widget in enumerate(parts):
                self._grid.addWidget(widget, row, column)
                # The layout would show it only later, and the window's size is asked for now.
                widget.show()
            if before is not None:
                QWidget.setTabOrder(before, check)
            before = check
        if before is not None:
            QWidget.setTabOrder(before, self._all_button)

    def _check(self, label: str) -> QCheckBox:
        check = QCheckBox(short_label_name(label).replace("&", "&&"), self._lines)
        check.setIcon(label_chip(label, CHIP, self.devicePixelRatioF()))
        check.setIconSize(CHIP)
        check.clicked.connect(lambda is_on: self._show_label(label, is_on))
        return check

    def _number(self) -> QLabel:
        number = QLabel(self._lines)
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        return number

    def _show_label(self, label: str, is_on: bool) -> None:
        self._hide_labels(self._hidden - {label} if is_on else self._hidden | {label})

    def _hide_labels(self, labels: frozenset[str]) -> None:
        self.show_labels(self._counts, labels)
        self.labels_hidden.emit(labels)

    def _switch(self, text: str, action: QAction) -> QCheckBox:
        """A check box that is the same switch as an action."""
        check = QCheckBox(text, self)
        check.setChecked(action.isChecked())
        check.toggled.connect(action.setChecked)
        action.toggled.connect(check.setChecked)
        return check

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._boxes_check.setFocus(Qt.FocusReason.PopupFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._checks:
            for label, check in self._checks.items():
                check.setIcon(label_chip(label, CHIP, self.devicePixelRatioF()))


def _in_order(labels: set[str]) -> list[str]:
    """The known labels in the order of their table, then the others by name: no line moves while more come."""
    known = {label: index for index, label in enumerate(LABEL_STYLES)}
    return sorted(labels, key=lambda label: (known.get(label, len(known)), label))
