"""The tab of the regions, of which nothing is made before it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Size
    from ocr_desktop.gui.output.regions_panel import RegionsPanel


class RegionsPage(QWidget):
    """Shows regions as a table; builds it when it is shown for the first time, and works only while it is visible.

    Signals: those of `RegionsTable`.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_zoom_requested = Signal(int)
    region_menu_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions: Sequence[Region] = ()
        self._page_size: Size | None = None
        self._doubtful: frozenset[int] = frozenset()
        self._selected: int | None = None
        self._hovered: int | None = None
        self._is_selection_new = False
        self._scrolls_to_selected = False
        self._follows = False
        self._panel: RegionsPanel | None = None

    def show_regions(self, regions: Sequence[Region], page_size: Size | None) -> None:
        """Show these regions of a page of this size in pixels (None where nobody knows it)."""
        self._regions, self._page_size = regions, page_size
        self._catch_up()

    def show_doubtful(self, region_ids: frozenset[int]) -> None:
        """Warn of these regions, which somebody should look at."""
        self._doubtful = region_ids
        if self._panel is not None:
            self._panel.table.rows.show_doubtful(region_ids)

    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Make a region's row the current one and bring it into sight, now or as soon as it is there."""
        self._selected = region_id
        self._is_selection_new = True
        self._scrolls_to_selected = scroll_to and region_id is not None
        self._show_selected()

    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's row lightly."""
        self._hovered = region_id
        if self._panel is not None:
            self._panel.table.hover_region(region_id)

    def follow_end(self, is_wanted: bool) -> None:
        """Keep the last row in sight while rows arrive."""
        self._follows = is_wanted
        if self._panel is not None:
            self._panel.table.follow_end(is_wanted)

    def go_to_start(self) -> None:
        """Show the first rows; what comes next is another run."""
        if self._panel is not None:
            self._panel.table.go_to_start()

    def open_find(self, text: str) -> None:
        """Give the keys to the filter box; these words stand in it where it was empty."""
        if self._panel is not None:
            if text and not self._panel.filter_edit.text():
                self._panel.filter_edit.setText(text)
            self._panel.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._panel.filter_edit.selectAll()

    def find_next(self, step: int) -> None:
        """Go to the next row (1), or to the one before (-1)."""
        if self._panel is not None:
            self._panel.table.step_row(step)

    def close_find(self) -> bool:
        """Leave the filter box and show all rows again; False where neither was so."""
        return self._panel is not None and self._panel.leave_filter()

    def _catch_up(self) -> None:
        if self.isVisible():
            self._panel = self._panel or self._made_panel()
            self._panel.show_regions(self._regions, self._page_size)
            self._panel.table.rows.show_doubtful(self._doubtful)

    def _show_selected(self) -> None:
        """Tell the table what was selected since it was told last, as soon as it can be seen."""
        if self._is_selection_new and self._panel is not None and self.isVisible():
            self._is_selection_new = False
            self._panel.table.select_region(self._selected, scroll_to=self._scrolls_to_selected)

    def _made_panel(self) -> RegionsPanel:
        from ocr_desktop.gui.output.regions_panel import RegionsPanel
        from ocr_desktop.gui.tab_order import put_behind

        panel = RegionsPanel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)
        table = panel.table
        put_behind(self, (panel.filter_edit, table))
        table.region_selected.connect(self.region_selected)
        table.region_hovered.connect(self.region_hovered)
        table.region_zoom_requested.connect(self.region_zoom_requested)
        table.region_menu_requested.connect(self.region_menu_requested)
        table.hover_region(self._hovered)
        table.follow_end(self._follows)
        panel.show()
        # The table has its height now, so that it knows what is in sight.
        layout.activate()
        return panel

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        self._show_selected()
