"""The regions of a run as a table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QBrush,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ocr_desktop.gui.appearance import ICON_SIDE, MARGIN, SPACING, SPACING_SMALL
from ocr_desktop.gui.output.clipboard import text_mime
from ocr_desktop.gui.output.following import EndFollower
from ocr_desktop.gui.output.marking import HOVERED_ALPHA
from ocr_desktop.gui.output.pointing import asks_for_menu
from ocr_desktop.gui.output.region_columns import Column
from ocr_desktop.gui.output.regions_model import RegionsModel, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Size

WIDEST_TEXTS = {
    Column.NUMBER: "0000",
    Column.LABEL: "Picture caption",
    Column.PIXELS: "0000, 0000, 0000, 0000",
    Column.MODEL: "000, 000, 000, 000",
    Column.FLAGS: "outside the picture",
}
"""What columns have room for at first; the words get what is left."""
NARROWEST_WORDS = 12
"""Wide letters for which the column of words always has room."""


class RegionsTable(QTableView):
    """Rows of regions, one of them current, which is the selected region.

    Signals:
        region_selected(int | None): The user went to another row.
        region_hovered(int | None): The pointer came to another row, or left the last.
        region_zoom_requested(int): Enter, or a double click on a row.
        region_menu_requested(int, QPoint): What can be done with a region is asked for, at a place of the screen.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_zoom_requested = Signal(int)
    region_menu_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("regions_table")
        self.setAccessibleName(self.tr("Regions"))
        self.rows = RegionsModel()
        self.rows.setParent(self)
        self._selected: int | None = None
        self._scrolls_to_selected = False
        self._hovered: int | None = None
        self._pointed: int | None = None
        self._is_own_change = False
        self._has_own_widths = False
        self._follower = EndFollower(self.verticalScrollBar())
        self._set_up_looks()
        self._set_up_header()
        self.setModel(self.rows)
        self.setItemDelegate(_HoverDelegate(self))
        self.selectionModel().currentRowChanged.connect(self._tell_selected)
        self.doubleClicked.connect(self._ask_for_zoom)
        self.entered.connect(lambda index: self._tell_pointed(self._id_at(index)))
        self.viewportEntered.connect(lambda: self._tell_pointed(None))
        self._set_widths()

    def _set_up_looks(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setIconSize(QSize(ICON_SIDE - SPACING_SMALL, ICON_SIDE - SPACING_SMALL))

    def _set_up_header(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + SPACING)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.sortIndicatorChanged.connect(self._sort)
        columns.sectionResized.connect(self._note_width)

    @property
    def hovered(self) -> int | None:
        """The region that is hovered, here or elsewhere."""
        return self._hovered

    def show_regions(self, regions: Sequence[Region], page_size: Size | None) -> None:
        """Show these regions; what is sorted, selected and in sight stays so."""
        bar, height = self.verticalScrollBar(), self.verticalHeader().defaultSectionSize()
        top, rest = divmod(bar.value(), height)
        region = self.rows.region_at(top) if bar.value() > 0 else None
        with self._own_change():
            self.rows.show(regions, page_size)
        row = None if region is None else self.rows.row_of(region.id)
        if row is not None and row != top:
            self.updateGeometries()
            bar.setValue(row * height + rest)
        self._show_selected()

    def filter_by(self, text: str) -> None:
        """Show only regions that hold these words."""
        with self._own_change():
            self.rows.filter_by(text)
        self._show_selected_or_start()

    def select_region(self, region_id: int | None, *, scroll_to: bool) -> None:
        """Make a region's row the current one and bring it into sight, now or as soon as it is there."""
        if region_id == self._selected is not None:
            # A row that the user clicked on stays under the pointer.
            return
        self._selected, self._scrolls_to_selected = region_id, scroll_to
        with self._own_change(keeps_rows=False):
            pass
        self._show_selected()

    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's row lightly."""
        self._hovered = region_id
        self.viewport().update()

    def follow_end(self, is_wanted: bool) -> None:
        """Keep the last row in sight while rows arrive, unless they are sorted."""
        self._follower.follow(is_wanted and not self.rows.is_sorted)

    def go_to_start(self) -> None:
        """Show the first rows; what comes next is another run."""
        self._pointed = None
        self._follower.restart()

    def step_row(self, step: int) -> None:
        """Make the next row (1) the current one, or the one before (-1), round the ends."""
        count = self.rows.rowCount()
        if count:
            current = self.currentIndex().row()
            row = (current + step) % count if current >= 0 else (0 if step > 0 else count - 1)
            self.setCurrentIndex(self.rows.index(row, Column.NUMBER))

    def copy(self) -> None:
        """Put the selected rows on the clipboard, their cells parted by tabs."""
        rows = self._selected_rows()
        if rows:
            QGuiApplication.clipboard().setMimeData(text_mime(self.rows.tab_separated(rows)))

    @contextmanager
    def _own_change(self, *, keeps_rows: bool = True) -> Iterator[None]:
        """Around a change that is not the user's: the same regions stay selected, and nothing is told or scrolled."""
        ids = {region.id for row in self._selected_rows() if (region := self.rows.region_at(row)) is not None}
        self._is_own_change = True
        self.setAutoScroll(False)
        try:
            yield
            row = self.rows.row_of(self._selected)
            rows = {place for place in map(self.rows.row_of, ids if keeps_rows else ()) if place is not None}
            self._select_rows(sorted(rows if row is None else {*rows, row}), row)
        finally:
            self.setAutoScroll(True)
            self._is_own_change = False

    def _select_rows(self, rows: list[int], current: int | None) -> None:
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self.rows.index(first, 0), self.rows.index(last, len(Column) - 1))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        index = QModelIndex() if current is None else self.rows.index(current, Column.NUMBER)
        if index != self.currentIndex().siblingAtColumn(Column.NUMBER):
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)

    def _selected_rows(self) -> list[int]:
        ranges = self.selectionModel().selection().toList()
        return sorted(row for each in ranges for row in range(each.top(), each.bottom() + 1))

    def _show_selected(self) -> None:
        """Bring the selected row into sight where that is wanted and was not done yet."""
        row = self.rows.row_of(self._selected)
        if self._scrolls_to_selected and row is not None:
            self._scrolls_to_selected = False
            self.scrollTo(self.rows.index(row, Column.NUMBER))

    def _show_selected_or_start(self) -> None:
        row = self.rows.row_of(self._selected)
        if row is None:
            self.scrollToTop()
        else:
            self.scrollTo(self.rows.index(row, Column.NUMBER), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _id_at(self, index: QModelIndex | QPersistentModelIndex) -> int | None:
        region = self.rows.region_at(index.row()) if index.isValid() else None
        return None if region is None else region.id

    @Slot(int, Qt.SortOrder)
    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        with self._own_change():
            self.rows.sort(column, order)
        if self.rows.is_sorted:
            self._follower.follow(False)
        self._show_selected_or_start()

    @Slot(QModelIndex, QModelIndex)
    def _tell_selected(self, current: QModelIndex) -> None:
        if not self._is_own_change:
            self._selected = self._id_at(current)
            self.region_selected.emit(self._selected)

    def _tell_pointed(self, region_id: int | None) -> None:
        if region_id != self._pointed:
            self._pointed = region_id
            self.region_hovered.emit(region_id)

    @Slot(QModelIndex)
    def _ask_for_zoom(self, index: QModelIndex) -> None:
        region_id = self._id_at(index)
        if region_id is not None:
            self.region_zoom_requested.emit(region_id)

    # Columns

    def _set_widths(self) -> None:
        """Make room for what columns usually hold; the words get what is left of the width, but never too little."""
        if self._has_own_widths:
            return
        self._is_own_change = True
        letters = self.fontMetrics()
        left = self.viewport().width()
        for column, text in WIDEST_TEXTS.items():
            width = letters.horizontalAdvance(text) + MARGIN
            if column in (Column.NUMBER, Column.LABEL, Column.FLAGS):
                width += self.iconSize().width() + SPACING_SMALL
            width = max(width, self.horizontalHeader().sectionSizeHint(column))
            self.setColumnWidth(column, width)
            left -= width
        self.setColumnWidth(Column.TEXT, max(left, letters.horizontalAdvance("M" * NARROWEST_WORDS)))
        self._is_own_change = False

    @Slot()
    def _note_width(self) -> None:
        if not self._is_own_change:
            self._has_own_widths = True

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_widths()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Where no row is current, Qt makes the first one so; that would select a region nobody chose.
        with self._own_change():
            super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and not self.indexAt(event.position().toPoint()).isValid():
            self.region_selected.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif asks_for_menu(event):
            self._open_menu(self.currentIndex(), self.visualRect(self.currentIndex()).bottomLeft())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_for_zoom(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._tell_pointed(None)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_menu(self.currentIndex(), self.visualRect(self.currentIndex()).bottomLeft())
        else:
            self._open_menu(self.indexAt(event.pos()), event.pos())

    def _open_menu(self, index: QModelIndex, point: QPoint) -> None:
        region_id = self._id_at(index)
        place = self.viewport().mapToGlobal(point)
        if region_id is None or len(self._selected_rows()) > 1:
            self._open_rows_menu(place)
        else:
            self.region_menu_requested.emit(region_id, place)

    def _open_rows_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("rows_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("&Copy rows"), self.copy)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setEnabled(self.selectionModel().hasSelection())
        select_all = menu.addAction(self.tr("Select &all"), self.selectAll)
        select_all.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        select_all.setEnabled(self.rows.rowCount() > 0)
        menu.popup(place)


class _HoverDelegate(QStyledItemDelegate):
    """Draws the row of the hovered region on a wash of the selection's colour."""

    def __init__(self, table: RegionsTable) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        region = self._table.rows.region_at(index.row())
        if region is not None and region.id == self._table.hovered:
            colour = option.palette.color(QPalette.ColorRole.Highlight)
            colour.setAlpha(HOVERED_ALPHA)
            option.backgroundBrush = QBrush(colour)
