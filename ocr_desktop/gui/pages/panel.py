"""The list of pages at the side, there only when there is more than one."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from ocr_desktop.gui.output.pointing import asks_for_menu
from ocr_desktop.gui.pages.delegate import PageDelegate
from ocr_desktop.gui.pages.model import PagesModel
from ocr_desktop.gui.pages.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.pages.model import AnyIndex
    from ocr_desktop.gui.pages.thumbnails import Load, Spawn

WIDTH = 168
"""Logical pixels: room for a thumbnail, and the picture stays the largest thing."""
ROWS_AHEAD, ROWS_BEHIND = 4, 2
"""Rows out of sight whose thumbnails are made too, below and above."""
REST_MS = 40
"""The least time between two looks at which rows are in sight while they move."""
TYPING_S = 1.0
"""Keys that come faster than this are one number or name."""

_Flag = QItemSelectionModel.SelectionFlag


class PagesPanel(QListView):
    """Lists the pages with their thumbnails; the one on show is the current one.

    Signals:
        entry_chosen(Entry): The user wants to see it.
        remove_requested(list[Entry]): The user wants these taken off the list.
        read_requested(list[Entry]): The user wants these read.
        turn_all_requested(int): Every page shall be turned by so many clockwise quarter turns.
    """

    entry_chosen = Signal(object)
    remove_requested = Signal(object)
    read_requested = Signal(object)
    turn_all_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages_list")
        self.setAccessibleName(self.tr("Pages"))
        self.thumbnails = Thumbnails(self)
        self._pages = PagesModel(self.thumbnails.failure, self)
        self._delegate = PageDelegate(self._pages, self.thumbnails, self)
        self._told: Entry | None = None
        """What was last told to be on show, and what was last chosen here and is not on show yet."""
        self._chosen: Entry | None = None
        self._is_own_change = False
        self._typed, self._typed_at = "", 0.0
        self._set_up_looks()
        self.setModel(self._pages)
        self.setItemDelegate(self._delegate)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._want_visible)
        self.thumbnails.arrived.connect(self._take_thumbnail)
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.selectionModel().currentChanged.connect(self._choose)
        self.clicked.connect(self._choose)
        self.hide()

    def _set_up_looks(self) -> None:
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @property
    def selected_entries(self) -> list[Entry]:
        """In the order of the list."""
        ranges = self.selectionModel().selection().toList()
        rows = sorted(row for each in ranges for row in range(each.top(), each.bottom() + 1))
        return [entry for entry in map(self._pages.entry_at, rows) if entry is not None]

    def use_thumbnails(self, load: Load, spawn: Spawn) -> None:
        """Take thumbnails from `load(entry, longest_side)`, awaited in tasks that `spawn` owns and ends."""
        self.thumbnails.use(load, spawn)
        self._look_soon()

    def show_entries(self, entries: list[Entry], current: Entry | None) -> None:
        """List these; the current one is on show. What the user chose and is still being opened stays chosen."""
        with self._own_change():
            self.thumbnails.forget(self._pages.show(entries))
            if self._follows(current):
                self._told, self._chosen = current, None
                self._show_current(current)
        self.setVisible(len(entries) > 1)
        self._look_soon()

    def entry_changed(self, entry: Entry) -> None:
        """Show what is known of an entry now: it was opened, turned or read, or could not be."""
        if entry.page is not None and entry.failure is None:
            self.thumbnails.forget_failures(entry.file)
            self._look_soon()
        self._pages.tell_changed(entry)

    def entry_replaced(self, entry: Entry) -> None:
        """Make a new thumbnail: another picture stands in its file's place."""
        self.thumbnails.forget([entry])
        self._pages.tell_changed(entry)
        self._look_soon()

    def show_reading(self, being_read: Entry | None, waiting: AbstractSet[Entry] = frozenset()) -> None:
        """Mark the page that is being read, and those that wait to be; `waiting` is looked at while it is shown."""
        self._pages.show_reading(being_read, waiting)

    # The current page

    def _follows(self, current: Entry | None) -> bool:
        """Whether the list goes to what is on show: not while what was chosen in it is still being opened."""
        is_pending = self._pages.row_of(self._chosen) is not None and self._chosen is not current
        return current is not self._told or not is_pending or (self._chosen is not None and bool(self._chosen.failure))

    def _show_current(self, current: Entry | None) -> None:
        row = self._pages.row_of(current)
        if row is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif row != self.currentIndex().row():
            self.setCurrentIndex(self._pages.index(row))

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """Around a change that is not the user's, and chooses nothing."""
        self._is_own_change = True
        try:
            yield
        finally:
            self._is_own_change = False

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        entry = self._pages.entry_at(index.row())
        if entry is None or self._is_own_change or entry is (self._chosen or self._told):
            return
        self._chosen = entry
        self.entry_chosen.emit(entry)

    # Thumbnails

    @Slot()
    def _look_soon(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    @Slot()
    def _want_visible(self) -> None:
        if not self.isVisible():
            self.thumbnails.want(())
            return
        self.thumbnails.set_longest_side(self._delegate.longest_side(self.devicePixelRatioF()))
        first, last = self._visible_rows()
        entries = self._pages.entries
        below, above = entries[last + 1 : last + 1 + ROWS_AHEAD], entries[max(first - ROWS_BEHIND, 0) : first]
        self.thumbnails.want((*entries[first : last + 1], *below, *reversed(above)))

    def _visible_rows(self) -> tuple[int, int]:
        """The first and the last row in sight."""
        area = self.viewport().rect()
        last = self.indexAt(QPoint(area.center().x(), area.bottom())).row()
        return max(self.indexAt(QPoint(area.center().x(), 0)).row(), 0), last if last >= 0 else len(self._pages.entries)

    @Slot(object)
    def _take_thumbnail(self, entry: Entry) -> None:
        if self.thumbnails.failure(entry) is not None:
            self._pages.tell_changed(entry)
        row = self._pages.row_of(entry)
        if row is not None:
            self.update(self._pages.index(row))

    # The menu

    def _open_menu(self, place: QPoint) -> None:
        entries = self.selected_entries
        menu = QMenu(self)
        menu.setObjectName("pages_menu")
        if entries:
            is_one = len(entries) == 1
            count = str(len(entries))
            read = self.tr("&Read this page") if is_one else self.tr("&Read these %1 pages").replace("%1", count)
            remove = self.tr("&Take off the list") if is_one else self.tr("&Take %1 off the list").replace("%1", count)
            menu.addAction(read).triggered.connect(lambda: self.read_requested.emit(entries))
            action = menu.addAction(remove)
            action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
            action.triggered.connect(lambda: self.remove_requested.emit(entries))
            menu.addSeparator()
        for text, turns in ((self.tr("Turn all &left"), -1), (self.tr("Turn all &right"), 1)):
            menu.addAction(text).triggered.connect(lambda _=False, by=turns: self.turn_all_requested.emit(by))
        menu.addAction(self.tr("&Select all")).triggered.connect(self.selectAll)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _open_menu_by_key(self) -> None:
        self._open_menu(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center()))

    # Qt

    def keyboardSearch(self, search: str) -> None:
        """Go to a page by its number, or to a file by the beginning of its name."""
        now = time.monotonic()
        self._typed = self._typed + search if now - self._typed_at < TYPING_S else search
        self._typed_at = now
        current = self.currentIndex().row()
        row = self._pages.numbered(int(self._typed), current) if self._typed.isdecimal() else None
        if row is None:
            # The same file again while more of its name is typed, the next one where typing begins.
            row = self._pages.found(self._typed, current + (len(self._typed) == len(search)))
        if row is not None:
            self.setCurrentIndex(self._pages.index(row))

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: Sequence[int] = ()) -> None:
        # Qt would lay out all rows anew, and all are of one size whatever is told of them.
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entries = self.selected_entries
        if event.matches(QKeySequence.StandardKey.Delete) and entries:
            self.remove_requested.emit(entries)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entry_chosen.emit(self._pages.entry_at(self.currentIndex().row()))
        elif asks_for_menu(event):
            self._open_menu_by_key()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_menu_by_key()
        else:
            self._open_menu(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        is_anything_current = self.currentIndex().isValid()
        with self._own_change():
            super().focusInEvent(event)
            if not is_anything_current:
                # Qt makes the first row the current one, which nobody chose.
                self.setCurrentIndex(QModelIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height():
            self.scrollTo(self.currentIndex())
        self._look_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_soon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._look_soon()
