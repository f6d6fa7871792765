"""A list in an order of the user's own, with the buttons that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QListWidget, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.elided_label import plain_tooltip
from ocr_desktop.gui.output.menu_button import MenuButton

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST_WIDTH = 216
SHORTEST_LIST_LINES = 3
SIGN_SIDE = 16


class OrderedLines(QListWidget):
    """Lines that are moved with Alt+Up and Alt+Down and removed with Delete.

    Signals:
        move_wanted(int): By so many rows.
        removal_wanted()
    """

    move_wanted = Signal(int)
    removal_wanted = Signal()

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(SIGN_SIDE, SIGN_SIDE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if rows is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(rows)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        height = self.fontMetrics().lineSpacing() * SHORTEST_LIST_LINES
        return QSize(super().minimumSizeHint().width(), height)


class OrderedList(QWidget):
    """The lines with their buttons below: Add ▾, those that the page has besides, Remove, Up, Down.

    Args:
        thing: What stands in the list, for the names of its parts: `engines_list`, `add_engine_button`.
        spoken: What the list is called.
        removal: What the button says that removes a line.
        parent: The page.

    Signals:
        row_chosen(int): Another line is current now, by the user or by a call.
        move_wanted(int): By so many rows.
        removal_wanted()
    """

    row_chosen = Signal(int)
    move_wanted = Signal(int)
    removal_wanted = Signal()

    def __init__(self, thing: str, spoken: str, removal: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thing = thing
        self._removal = removal
        self.setFixedWidth(LIST_WIDTH)
        self.lines = OrderedLines(f"{thing}s_list", spoken, self)
        self.lines.currentRowChanged.connect(self.row_chosen)
        self.lines.move_wanted.connect(self.move_wanted)
        self.lines.removal_wanted.connect(self.removal_wanted)
        self.add_button = MenuButton(self.tr("&Add"), self)
        self.add_button.setObjectName(f"add_{thing}_button")
        self.add_button.setAutoRaise(False)
        self.add_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.remove_button = self.push_button("remove", self.tr("&Remove"), removal)
        self.remove_button.clicked.connect(self.removal_wanted)
        self._up = self._arrow("up", "up", self.tr("Move up (Alt+Up)"), -1)
        self._down = self._arrow("down", "down", self.tr("Move down (Alt+Down)"), 1)
        self._place()

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Put more buttons below, two in a row."""
        for number, button in enumerate(buttons):
            self._grid.addWidget(button, 1 + number // 2, number % 2 * 2, 1, 2)

    def push_button(self, name: str, text: str, spoken: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"{name}_{self._thing}_button")
        button.setToolTip(spoken)
        button.setAutoDefault(False)
        # Narrower than its style would have it, so that two stand side by side in any language.
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return button

    def show_lines(self, lines: Sequence[str], wrong: Sequence[bool], current: int) -> None:
        """List these lines, those that are wrong with a sign."""
        self.lines.blockSignals(True)
        self.lines.clear()
        for line, is_wrong in zip(lines, wrong, strict=True):
            self.lines.addItem(line)
            self._mark(self.lines.count() - 1, line, is_wrong)
        self.lines.setCurrentRow(current)
        self.lines.blockSignals(False)

    def show_line(self, row: int, line: str, is_wrong: bool) -> None:
        self.lines.item(row).setText(line)
        self._mark(row, line, is_wrong)

    def allow(self, *, up: bool, down: bool, removal: bool, why_not: str = "") -> None:
        """Say what can be done with the current line; `why_not` is told where it cannot be removed."""
        self._up.setEnabled(up)
        self._down.setEnabled(down)
        self.remove_button.setEnabled(removal)
        self.remove_button.setToolTip(why_not or self._removal)

    def _mark(self, row: int, line: str, is_wrong: bool) -> None:
        item = self.lines.item(row)
        item.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + appearance.SPACING))
        item.setToolTip(plain_tooltip(line))
        item.setIcon(appearance.icon("warning") if is_wrong else QIcon())
        spoken = self.tr("%1, something is still to be mended").replace("%1", line) if is_wrong else line
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _arrow(self, name: str, icon: str, spoken: str, rows: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{name}_{self._thing}_button")
        button.setIcon(appearance.icon(icon))
        button.setToolTip(spoken)
        button.setAccessibleName(spoken)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _checked=False: self.move_wanted.emit(rows))
        return button

    def _place(self) -> None:
        self._grid = QGridLayout()
        self._grid.setSpacing(appearance.SPACING_SMALL)
        self._grid.addWidget(self.add_button, 0, 0, 1, 2)
        self._grid.addWidget(self._up, 0, 2)
        self._grid.addWidget(self._down, 0, 3)
        for column in range(4):
            self._grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(appearance.SPACING)
        layout.addWidget(self.lines, 1)
        layout.addLayout(self._grid)
