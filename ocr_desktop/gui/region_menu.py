"""What can be done with one region, wherever it is clicked: on the picture, in a text, in the table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ocr_desktop.gui.output.region_columns import model_numbers, numbers_text, pixel_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Size


class RegionMenu(QObject):
    """Pops up for one region; what only copies text it does itself.

    Signals, each with the region's id:
        picture_copy_requested(int), zoom_requested(int), reading_requested(int), confirm_requested(int)
    """

    picture_copy_requested = Signal(int)
    zoom_requested = Signal(int)
    reading_requested = Signal(int)
    confirm_requested = Signal(int)

    def __init__(self, parent: QWidget, region_of: Callable[[int], Region | None]) -> None:
        """`region_of` tells a region as it is now: its words may have come further while the menu was open."""
        super().__init__(parent)
        self._window = parent
        self._region_of = region_of
        self._menu: QMenu | None = None

    def close(self) -> None:
        """Close the menu, if it is open: what it was about is on show no more."""
        if self._menu is not None:
            self._menu.close()

    def popup(
        self, region: Region, position: QPoint, *, size: Size | None, raw: str, can_read: bool, is_doubtful: bool
    ) -> None:
        """Show what can be done with a region; `raw` is the answer that its `tag` counts in."""
        menu = QMenu(self._window)
        menu.setObjectName("region_menu")
        self._add_copies(menu, region, size, raw)
        menu.addSeparator()
        zoom = _entry(menu, self.tr("&Zoom to it"), lambda: self.zoom_requested.emit(region.id))
        again = _entry(menu, self.tr("&Read this region again"), lambda: self.reading_requested.emit(region.id))
        zoom.setEnabled(bool(region.boxes))
        again.setEnabled(bool(region.boxes) and can_read)
        if is_doubtful:
            _entry(menu, self.tr("&Looks right"), lambda: self.confirm_requested.emit(region.id))
        menu.destroyed.connect(self._forget)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)
        self._menu = menu

    def _forget(self) -> None:
        self._menu = None

    def _now(self, region: Region) -> Region:
        return self._region_of(region.id) or region

    def _add_copies(self, menu: QMenu, region: Region, size: Size | None, raw: str) -> None:
        text = _entry(menu, self.tr("Copy &text"), lambda: _copy(self._now(region).text))
        text.setEnabled(bool(region.text))
        markdown = _entry(menu, self.tr("Copy &Markdown"), lambda: _copy_markdown(self._now(region).markdown))
        markdown.setEnabled(bool(region.markdown))
        if _holds_table(region.markdown):
            _entry(menu, self.tr("Copy table &cells"), lambda: _copy_cells(self._now(region)))
        picture = _entry(menu, self.tr("Copy &picture"), lambda: self.picture_copy_requested.emit(region.id))
        picture.setEnabled(bool(region.boxes))
        coordinates = menu.addMenu(self.tr("Copy c&oordinates"))
        for label, words in (
            (self.tr("&Pixels"), numbers_text(pixel_numbers(region, size), between="\n")),
            (self.tr("&0–999"), numbers_text(model_numbers(region), between="\n")),
            (self.tr("The model's own &tag"), _tag(region, raw)),
        ):
            _entry(coordinates, label, partial(_copy, words)).setEnabled(bool(words))


def _entry(menu: QMenu, text: str, take: Callable[[], None]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _=False: take())
    return action


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _copy_markdown(markdown: str) -> None:
    from ocr_desktop.gui.output.clipboard import markdown_mime

    QGuiApplication.clipboard().setMimeData(markdown_mime(markdown))


def _copy_cells(region: Region) -> None:
    """Cells by tabs and lines for spreadsheets, and as a table for programs that take rich text."""
    from ocr_desktop.gui.output.clipboard import markdown_mime

    mime = markdown_mime(region.markdown)
    mime.setText(region.text)
    QGuiApplication.clipboard().setMimeData(mime)


def _holds_table(markdown: str) -> bool:
    """Whether Markdown shows a table, written with pipes or as HTML."""
    from ocr_desktop.core.markdown_parser import table_lines
    from ocr_desktop.core.markdown_parts import PartKind, parts_of

    if "<" in markdown and any(part.kind is PartKind.TABLE for part in parts_of(markdown)):
        return True
    return "|" in markdown and any(table_lines(markdown))


def _tag(region: Region, raw: str) -> str:
    return "" if region.tag is None else raw[region.tag.start : region.tag.end]
