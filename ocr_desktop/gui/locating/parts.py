"""The widgets of the locate panel, which a window that never locates does without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.gui import appearance
from ocr_desktop.gui.elided_label import ElidedLabel, plain_tooltip
from ocr_desktop.gui.locating import wording
from ocr_desktop.gui.locating.hit_list import ROW_HEIGHT, HitDelegate, HitsModel
from ocr_desktop.gui.tab_order import put_behind

if TYPE_CHECKING:
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.locating.layer import Layer
    from ocr_desktop.gui.pixmaps import PageImage

PROGRESS_WIDTH = 64
MOST_ROWS = 3
SHARE = 4
"""The hits take at most one part in so many of the height of what they lie in."""


class PanelParts:
    """The widgets of a panel, and what they say."""

    def __init__(self, panel: QFrame, layer: Layer) -> None:
        self._panel = panel
        self.summary = ElidedLabel(panel)
        self.summary.setObjectName("locate_summary")
        self.ask = QPushButton(panel)
        self.ask.setObjectName("locate_ask_button")
        self.stop = QPushButton(appearance.icon("stop"), panel.tr("Stop"), panel)
        self.stop.setObjectName("locate_stop_button")
        self.progress = QProgressBar(panel)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(PROGRESS_WIDTH)
        self.progress.setAccessibleName(panel.tr("The engine is being asked"))
        self.previous = _tool_button(panel, "up", panel.tr("Previous hit (Up in the locate box)"))
        self.position = QLabel(panel)
        self.position.setObjectName("locate_position")
        self.next = _tool_button(panel, "down", panel.tr("Next hit (Down in the locate box)"))
        self.close = _tool_button(panel, "close", panel.tr("Close what was located (Esc)"))
        self.note = QLabel(panel)
        self.note.setObjectName("locate_note")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.model = HitsModel(layer, panel)
        self.delegate = HitDelegate(panel)
        self.list = HitList(panel)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self._place(panel)

    def _place(self, panel: QFrame) -> None:
        self.controls = QWidget(panel)
        row = QHBoxLayout(self.controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(appearance.SPACING_SMALL)
        asking: tuple[QWidget, ...] = (self.ask, self.stop, self.progress)
        walking: tuple[QWidget, ...] = (self.previous, self.position, self.next, self.close)
        for widget in asking:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in walking:
            row.addWidget(widget)
        self.head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.head.setSpacing(appearance.SPACING_SMALL)
        self.head.addWidget(self.summary, 1)
        self.head.addWidget(self.controls)
        column = QVBoxLayout(panel)
        column.setContentsMargins(
            appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, appearance.SPACING_SMALL
        )
        column.setSpacing(appearance.SPACING_SMALL)
        column.addLayout(self.head)
        self.body = _Body(panel, self.note, self.list)
        column.addWidget(self.body)
        put_behind(panel, (self.ask, self.stop, self.previous, self.next, self.close, self.list))

    def use_page(self, image: PageImage | None, turns: int) -> None:
        """Cut the hits' pictures from this page, shown in so many clockwise quarter turns."""
        self.delegate.use_page(image, turns)
        self.list.viewport().update()

    def show_layer(self, layer: Layer) -> None:
        """Show counts, what is to be said about them, and the hits."""
        counts = [wording.text_count(layer), wording.engine_count(layer.engine)]
        self.summary.setText("   ".join(count for count in counts if count))
        note = wording.note_of(layer)
        self.note.setText(note)
        self.note.setToolTip(plain_tooltip(note) if note else "")
        self.note.setVisible(bool(note))
        self.model.renew()
        self.list.setVisible(layer.count > 0)
        self.body.fit()
        for button in (self.previous, self.next):
            button.setEnabled(layer.count > 0)
        self.arrange()

    def show_current(self, layer: Layer) -> None:
        """Show which hit is the current one."""
        self.position.setText(wording.position(layer.current, layer.count))
        self.list.show_row(layer.current)

    def show_asking(
        self, engine: EngineDescription, prompts: tuple[str, ...], *, is_asking: bool, is_busy: bool
    ) -> None:
        """Show what asking costs, or that the engine is being asked; `is_busy`: something else is being read."""
        for widget in (self.stop, self.progress):
            widget.setVisible(is_asking)
        self.ask.setVisible(not is_asking)
        self.ask.setEnabled(not is_busy)
        self.ask.setText(wording.ask_text(engine, len(prompts)))
        busy = self._panel.tr("Something else is being read. Ask when it has ended, or stop it first.")
        self.ask.setToolTip(plain_tooltip(busy if is_busy else wording.ask_tooltip(engine, prompts)))
        if not is_asking:
            self.progress.setRange(0, 0)
        self.arrange()

    def arrange(self) -> None:
        """Put counts and buttons into one line where there is room, else into two."""
        needed = self.summary.sizeHint().width() + self.controls.sizeHint().width() + 4 * appearance.SPACING
        one_line = needed <= self._panel.width()
        self.head.setDirection(QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom)


class _Body(QWidget):
    """Holds the note and the hits in a room that does not change with their number, so that the picture stays put."""

    def __init__(self, panel: QWidget, note: QLabel, hits: HitList) -> None:
        super().__init__(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.SPACING_SMALL)
        column.addWidget(note)
        column.addWidget(hits, 1)
        column.addStretch()
        self._note, self._hits = note, hits
        self._around = panel.parentWidget()
        if self._around is not None:
            self._around.installEventFilter(self)

    def fit(self) -> None:
        """Take the height that there is room for; a row more where there is a note above hits."""
        rows = MOST_ROWS if self._around is None else self._around.height() // SHARE // ROW_HEIGHT
        has_both = not self._note.isHidden() and not self._hits.isHidden()
        height = (min(max(rows, 1), MOST_ROWS) + has_both) * ROW_HEIGHT
        self.setFixedHeight(height + 2 * self._hits.frameWidth())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._around and event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)


class HitList(QListView):
    """The hits in rows.

    Signals:
        row_chosen(int): The user clicked a row, went to it by key, or pressed Enter on it.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hits_list")
        self.setAccessibleName(self.tr("Hits"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setUniformItemSizes(True)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_row(self, row: int | None) -> None:
        """Mark a row as the current one, without choosing it."""
        if row is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.setCurrentIndex(self.model().index(row, 0))

    def _choose(self, index: QModelIndex) -> None:
        self.row_chosen.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self._choose(self.currentIndex())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), ROW_HEIGHT)


def _tool_button(panel: QFrame, icon: str, spoken: str) -> QToolButton:
    button = QToolButton(panel)
    button.setIcon(appearance.icon(icon))
    button.setAutoRaise(True)
    button.setToolTip(spoken)
    button.setAccessibleName(spoken)
    return button
