"""Which part of the pages is read: cropping one, and ignoring areas such as page heads on all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from ocr_desktop.core.page_parts import AreaChange, ignored_area
from ocr_desktop.gui.message_bar import Choice, MessageKind

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.undoing import Undoing


class Cropping(QObject):
    """Does what is asked of the area that was drawn, and shows on the picture what is left out."""

    def __init__(self, window: MainWindow, undoing: Undoing) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._undoing = undoing
        canvas, actions = window.canvas, window.actions_by_name
        canvas.area_crop_requested.connect(self._crop)
        canvas.area_ignore_requested.connect(self._ignore)
        canvas.ignored_menu_requested.connect(self._offer_reading)
        actions["remove_crop"].triggered.connect(lambda: self._crop(None))
        actions["read_ignored"].triggered.connect(self._read_all_areas)
        for signal in (self._session.parts_changed, self._session.page_opened):
            signal.connect(self._show)
        self._show()

    def _crop(self, box: PixelBox | None) -> None:
        entry = self._session.entry
        if entry is not None and self._session.opened is not None:
            self._window.canvas.clear_area()
            self._undoing.crop(entry, box, self.tr("show the whole page") if box is None else self.tr("crop"))

    def _ignore(self, box: PixelBox, everywhere: bool) -> None:
        entry, opened = self._session.entry, self._session.opened
        if entry is None or opened is None:
            return
        self._window.canvas.clear_area()
        change = AreaChange(added=(ignored_area(box, opened.pixels.size),))
        self._change(entry, change, self.tr("ignore an area"), everywhere=everywhere)
        count = len(self._session.entries)
        if everywhere and count > 1:
            text = self.tr("This area is left out on all %1 pages when they are read.").replace("%1", f"{count:,}")
            undo = Choice(self.tr("Undo"), lambda: self._take_back(change))
            self._window.message_bar.show_message(MessageKind.INFO, text, undo)
        elif entry.run_id is not None:
            self._window.telling.tell_briefly(self.tr("The area is left out when the page is read again."))

    def _change(self, entry: Entry, change: AreaChange, text: str, *, everywhere: bool) -> None:
        nothing = AreaChange()
        self._undoing.ignore(entry, *((change, nothing) if everywhere else (nothing, change)), text)

    def _take_back(self, change: AreaChange) -> None:
        """Take back what was done to all pages, whichever of them is on show now."""
        self._session.set_ignored(None, change.reverse.applied(self._session.ignored_everywhere))

    def _offer_reading(self, index: int, position: QPoint) -> None:
        """Offer to ignore an area no longer; `index` counts those of all pages before those of this one."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Do not ignore this area"), lambda: self._remove(index))
        menu.popup(position)

    def _remove(self, index: int) -> None:
        entry, everywhere = self._session.entry, self._session.ignored_everywhere
        if entry is None or index >= len(everywhere) + len(entry.ignored):
            return
        area = (*everywhere, *entry.ignored)[index]
        change = AreaChange(removed=(area,))
        self._change(entry, change, self.tr("read an area again"), everywhere=index < len(everywhere))

    def _read_all_areas(self) -> None:
        """Ignore nothing any more, neither here nor on other pages."""
        entry = self._session.entry
        if entry is not None:
            everywhere, here = AreaChange(removed=self._session.ignored_everywhere), AreaChange(removed=entry.ignored)
            self._undoing.ignore(entry, everywhere, here, self.tr("ignore nothing"))

    def _show(self) -> None:
        entry, opened, actions = self._session.entry, self._session.opened, self._window.actions_by_name
        if entry is None or opened is None:
            self._window.canvas.show_left_out(None, ())
            is_cropped = has_ignored = False
        else:
            size = opened.pixels.size
            areas = self._session.ignored_on(entry)
            self._window.canvas.show_left_out(entry.crop, tuple(area.on(size) for area in areas))
            is_cropped, has_ignored = entry.crop is not None, bool(areas)
        actions["remove_crop"].setEnabled(is_cropped)
        actions["read_ignored"].setEnabled(has_ignored)
