"""Profiles that come out of files of others, and go into files for others: where, and what is said of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ocr_desktop.core.files import read_file
from ocr_desktop.gui.tasks import show
from ocr_desktop.services.exporting import write_file
from ocr_desktop.services.profile_files import ENDING, ImportChange, Imported

if TYPE_CHECKING:
    from collections.abc import Iterable


async def ask_where_from(window: QWidget) -> Path | None:
    """The file to import; None where the user thought better of it."""
    dialog = QFileDialog(window, QCoreApplication.translate("Settings", "Add an engine from a file"))
    dialog.setObjectName("import_dialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(_filters())
    return await _chosen(dialog)


async def ask_where_to(window: QWidget, stem: str) -> Path | None:
    """Where to export to; None where the user thought better of it."""
    dialog = QFileDialog(window, QCoreApplication.translate("Settings", "Export the engine's settings"))
    dialog.setObjectName("export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(_filters())
    dialog.setDefaultSuffix(ENDING.lstrip("."))
    dialog.selectFile(stem + ENDING)
    return await _chosen(dialog)


async def read(path: Path) -> bytes:
    """What stands in a file, read off the window's thread.

    Raises:
        InputError: It cannot be read.
    """
    return await asyncio.to_thread(read_file, path)


async def write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, off the window's thread.

    Raises:
        OutputError: It cannot be written.
    """
    await asyncio.to_thread(write_file, path, content)


def imported_text(imported: Imported) -> str:
    """That a profile came in, and what of it was not taken over."""
    translate = QCoreApplication.translate
    text = translate("Settings", "%1 is in the list; it is kept when you save.").replace("%1", imported.profile.title)
    return " ".join([text, *_changes(imported.changes)])


def _changes(changes: Iterable[ImportChange]) -> list[str]:
    translate = QCoreApplication.translate
    texts = {
        ImportChange.ID: translate("Settings", "Another engine has its id, so it got a new one."),
        ImportChange.KEY_VARIABLE: translate(
            "Settings",
            "The name of its key variable was left out: a file must not decide which of your keys goes to which host.",
        ),
        ImportChange.HTTP_ALLOWED: translate(
            "Settings", "Plain http:// was not taken over; allow it yourself if you trust the network."
        ),
        ImportChange.TESTED: translate("Settings", "That it was tested is not taken over."),
    }
    return [texts[change] for change in ImportChange if change in changes]


def _filters() -> list[str]:
    translate = QCoreApplication.translate
    return [f"{translate('Settings', 'Engine settings')} (*{ENDING})", f"{translate('Settings', 'All files')} (*)"]


async def _chosen(dialog: QFileDialog) -> Path | None:
    if await show(dialog) != QDialog.DialogCode.Accepted:
        return None
    return Path(dialog.selectedFiles()[0])
