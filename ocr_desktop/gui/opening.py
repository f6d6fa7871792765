"""The dialogs that open files and folders, and the list of those that were opened last."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog

from ocr_desktop.core.errors import OutputError
from ocr_desktop.core.files import display_name
from ocr_desktop.core.picture_files import PDF_ENDING, PICTURE_ENDINGS
from ocr_desktop.gui.tasks import show
from ocr_desktop.services.exporting import shown_path

if TYPE_CHECKING:
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext


class Opening(QObject):
    """Asks for files and folders; its menu hangs on the Open button."""

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        menu = window.toolbar.open_menu
        actions = window.actions_by_name
        for name in ("open", "open_folder", "paste", "sample"):
            menu.addAction(actions[name])
        menu.addSeparator()
        self._recent = menu.addMenu(self.tr("Open &recent"))
        menu.aboutToShow.connect(self._list_recent)

    async def open_files(self) -> None:
        """Ask for files, and open them."""
        dialog = self._dialog("open_dialog", self.tr("Open pictures and PDFs"), QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*.{ending}" for ending in (PDF_ENDING, *PICTURE_ENDINGS))
        dialog.setNameFilters(
            [self.tr("Pictures and PDFs (%1)").replace("%1", patterns), self.tr("All files (%1)").replace("%1", "*")]
        )
        await self._open_chosen(dialog)

    async def open_folder(self) -> None:
        """Ask for a folder, and open what is in it."""
        dialog = self._dialog("open_folder_dialog", self.tr("Open a folder"), QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        await self._open_chosen(dialog)

    def _dialog(self, name: str, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName(name)
        dialog.setFileMode(mode)
        return dialog

    async def _open_chosen(self, dialog: QFileDialog) -> None:
        if await show(dialog) == QDialog.DialogCode.Accepted:
            self._window.open_files([Path(name) for name in dialog.selectedFiles()])

    # What was opened last

    def _list_recent(self) -> None:
        self._recent.clear()
        paths = self._context.recent_files.list()
        for path in paths:
            action = self._recent.addAction(display_name(path).replace("&", "&&"))
            action.setToolTip(shown_path(path))
            action.triggered.connect(lambda _=False, chosen=path: self._window.open_files([chosen]))
        self._recent.setToolTipsVisible(True)
        self._recent.setEnabled(bool(paths))
        if paths:
            self._recent.addSeparator()
            self._recent.addAction(self.tr("&Clear this list"), lambda: self._window.tasks.spawn(self._forget()))

    async def _forget(self) -> None:
        try:
            await asyncio.to_thread(self._context.recent_files.clear)
        except OutputError as error:
            self._window.telling.tell_error(error)
