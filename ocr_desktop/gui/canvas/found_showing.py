"""Showing what is found while somebody types: few at once, many when typing pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region
    from ocr_desktop.gui.canvas.page_item import PageItem

MOST_FOUND_AT_ONCE = 500
"""Taking more than these in or away stops the window for longer than is not felt while somebody types."""
PAUSE_MS = 120
"""So long nothing else must be found before many are shown."""


class FoundShowing(QObject):
    """Brings what was found onto the page."""

    def __init__(self, page_item: PageItem, parent: QObject) -> None:
        super().__init__(parent)
        self._page_item = page_item
        self._found: tuple[Region, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._show)

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Show these and no others, soon."""
        self._found = regions
        if max(len(regions), len(self._page_item.found)) > MOST_FOUND_AT_ONCE:
            self._timer.start()
        else:
            self._show()

    def clear(self) -> None:
        """Show none, at once."""
        self._found = ()
        self._show()

    @Slot()
    def _show(self) -> None:
        self._timer.stop()
        self._page_item.show_regions(self._page_item.found, self._found)
