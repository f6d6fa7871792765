"""The line under the views: what came, what is doubtful about it, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL, warning_colour
from ocr_desktop.gui.elided_label import ElidedLabel, plain_tooltip
from ocr_desktop.gui.output.menu_button import MenuButton

GAPS = 7
"""Distances in the line, those at its ends among them."""
NARROWEST_COUNT = 32


class DoubtsButton(QToolButton):
    """Says how many doubts there are, in a warm colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("doubts_button")
        self.setAutoRaise(True)
        self._count = 0
        self.hide()

    def show_count(self, count: int) -> None:
        """Show how many doubts there are; hidden where there are none."""
        self._count = count
        self.setAccessibleName(self._words)
        self.setToolTip(self.tr("%1 – go to the next one (F8)").replace("%1", self._words))
        self.set_short(False)
        self.setVisible(count > 0)

    def set_short(self, is_short: bool) -> None:
        """Show the number alone, or with its words."""
        self.setText(f"{self._count} ›" if is_short else f"{self._words} ›")

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        letters = self.fontMetrics()
        spared = letters.horizontalAdvance(self.text()) - letters.horizontalAdvance(f"{self._count} ›")
        return QSize(whole.width() - max(spared, 0), whole.height())

    @property
    def _words(self) -> str:
        return self.tr("1 doubt") if self._count == 1 else self.tr("%1 doubts").replace("%1", str(self._count))


class Foot(QWidget):
    """The line under the views.

    Signals:
        copy_requested(str): `markdown` or `text`.
        save_requested(str): A format's id: `md`, `txt` or `json`.
        doubts_requested(): The user wants to see what is doubtful.
    """

    copy_requested = Signal(str)
    save_requested = Signal(str)
    doubts_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_label = ElidedLabel(self)
        self._left_label.setMinimumWidth(NARROWEST_COUNT)
        self._right_label = ElidedLabel(self)
        self._right_label.setObjectName("run_facts")
        self._doubts_button = DoubtsButton(self)
        self._doubts_button.clicked.connect(self.doubts_requested)
        self._copy_button = QToolButton(self)
        self._copy_menu_button = MenuButton("", self)
        self._save_button = MenuButton(self.tr("Save"), self)
        self._fill_copy_buttons()
        self._fill_save_menu()
        self._place()
        self._colour()

    def show_summary(self, left: str, right: str, details: str = "") -> None:
        """Show what came at the left, and how long it took at the right; `details` is what is said on a closer look."""
        self._left_label.setText(left)
        self._right_label.setText(right)
        # Where there is little room only the left one is there.
        for label in (self._left_label, self._right_label):
            label.setToolTip(plain_tooltip(details).replace("\n", "<br>") if details else "")
            label.setAccessibleDescription(details)
        self._fit()

    def show_doubts(self, count: int) -> None:
        self._doubts_button.show_count(count)
        self._fit()

    def set_empty(self, is_empty: bool) -> None:
        """Tell whether there is anything to copy or save."""
        for button in (self._copy_button, self._copy_menu_button, self._save_button):
            button.setDisabled(is_empty)

    def _place(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING_SMALL, SPACING, SPACING_SMALL)
        layout.setSpacing(SPACING)
        count = QHBoxLayout()
        count.setSpacing(SPACING_SMALL)
        count.addWidget(self._left_label)
        count.addWidget(self._doubts_button)
        count.addStretch(1)
        layout.addLayout(count, 1)
        layout.addWidget(self._right_label)
        copy = QHBoxLayout()
        copy.setSpacing(0)
        copy.addWidget(self._copy_button)
        copy.addWidget(self._copy_menu_button)
        layout.addLayout(copy)
        layout.addWidget(self._save_button)

    def _fit(self) -> None:
        """Where there is little room, give up how long it took, and then the words of the doubts."""
        self._doubts_button.set_short(False)
        self._right_label.setVisible(self._wanted_width(with_time=True) <= self.width())
        self._doubts_button.set_short(self._wanted_width(with_time=False) > self.width())

    def _wanted_width(self, *, with_time: bool) -> int:
        parts = [self._left_label, self._copy_button, self._copy_menu_button, self._save_button]
        if self._doubts_button.isVisibleTo(self):
            parts.append(self._doubts_button)
        if with_time:
            parts.append(self._right_label)
        return sum(part.sizeHint().width() for part in parts) + GAPS * SPACING

    def _fill_copy_buttons(self) -> None:
        self._copy_button.setObjectName("copy_button")
        self._copy_button.setText(self.tr("Copy"))
        self._copy_button.setToolTip(self.tr("Copy Markdown, with tables and headings for Word and mail"))
        self._copy_button.setAutoRaise(True)
        self._copy_button.clicked.connect(lambda: self.copy_requested.emit("markdown"))
        self._copy_menu_button.setObjectName("copy_menu_button")
        self._copy_menu_button.setAccessibleName(self.tr("More ways to copy"))
        menu = self._copy_menu_button.menu_shown
        markdown = menu.addAction(self.tr("Copy Markdown"), lambda: self.copy_requested.emit("markdown"))
        menu.setDefaultAction(markdown)
        menu.addAction(self.tr("Copy as plain text"), lambda: self.copy_requested.emit("text"))

    def _fill_save_menu(self) -> None:
        self._save_button.setObjectName("export_button")
        self._save_button.setToolTip(self.tr("Save what was read as a file"))
        menu = self._save_button.menu_shown
        for name, text in (("md", self.tr("Markdown…")), ("txt", self.tr("Text…")), ("json", self.tr("JSON…"))):
            menu.addAction(text).triggered.connect(partial(self.save_requested.emit, name))

    def _colour(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.ButtonText, warning_colour(self.palette()))
        self._doubts_button.setPalette(palette)

    def minimumSizeHint(self) -> QSize:
        """What is left where room is given up."""
        buttons = (self._copy_button, self._copy_menu_button, self._save_button, self._doubts_button)
        width = NARROWEST_COUNT + sum(button.minimumSizeHint().width() for button in buttons) + GAPS * SPACING
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_save_button"):
            self._colour()
