"""Which part of the pages is read: cropping one, and ignoring areas such as page heads on all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from ocr_desktop.core.page_parts import IgnoredArea, ignored_area
from ocr_desktop.gui.message_bar import Choice, MessageKind

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox
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
        areas = self._session.ignored_everywhere if everywhere else entry.ignored
        added = ignored_area(box, opened.pixels.size)
        self._undoing.ignore(entry, (*areas, added), self.tr("ignore an area"), everywhere=everywhere)
        count = len(self._session.entries)
        if everywhere and count > 1:
            text = self.tr("This area is left out on all %1 pages when they are read.").replace("%1", f"{count:,}")
            undo = Choice(self.tr("Undo"), lambda: self._session.set_ignored(None, areas))
            self._window.message_bar.show_message(MessageKind.INFO, text, undo)
        elif entry.run_id is not None:
            self._window.telling.tell_briefly(self.tr("The area is left out when the page is read again."))

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
        is_everywhere = index < len(everywhere)
        areas, at = (everywhere, index) if is_everywhere else (entry.ignored, index - len(everywhere))
        left = (*areas[:at], *areas[at + 1 :])
        self._undoing.ignore(entry, left, self.tr("read an area again"), everywhere=is_everywhere)

    def _read_all_areas(self) -> None:
        """Ignore nothing any more, neither here nor on other pages."""
        entry = self._session.entry
        if entry is None:
            return
        nothing: tuple[IgnoredArea, ...] = ()
        for everywhere, areas in ((True, self._session.ignored_everywhere), (False, entry.ignored)):
            if areas:
                self._undoing.ignore(entry, nothing, self.tr("ignore nothing"), everywhere=everywhere)

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
