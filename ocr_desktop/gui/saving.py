"""What leaves the window: copies on the clipboard and files where the user says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ocr_desktop.core.document import Document
from ocr_desktop.core.exports import FORMATS
from ocr_desktop.core.markdown import compose, page_text
from ocr_desktop.gui.output.clipboard import markdown_mime, text_mime
from ocr_desktop.gui.tasks import show
from ocr_desktop.services.exporting import write_file

if TYPE_CHECKING:
    from ocr_desktop.gui.session import Session


def copy_content(session: Session, kind: str) -> None:
    """Put what is on show on the clipboard: "md" with a rich flavour beside the Markdown, "txt" the words alone."""
    mime = markdown_mime(compose(session.regions).text) if kind == "md" else text_mime(page_text(session.regions))
    QGuiApplication.clipboard().setMimeData(mime)


async def save_content(session: Session, format_id: str, window: QWidget) -> Path | None:
    """Ask where, and write the run on show there; None where the user thought better of it.

    Raises:
        OutputError: The file cannot be written; what stood there before still does.
    """
    document = _document_on_show(session)
    if document is None:
        return None
    dialog = _dialog(document.source.name, format_id, window)
    if await show(dialog) != QDialog.DialogCode.Accepted:
        return None
    path = Path(dialog.selectedFiles()[0])
    await asyncio.to_thread(lambda: write_file(path, FORMATS[format_id].write(document)))
    return path


def _document_on_show(session: Session) -> Document | None:
    entry, opened, run = session.entry, session.opened, session.run
    if entry is None or entry.page is None or opened is None or run is None:
        return None
    return Document(opened.document.source, (replace(entry.page, runs=(run,)),))


def _dialog(source_name: str, format_id: str, window: QWidget) -> QFileDialog:
    chosen = FORMATS[format_id]
    title = QCoreApplication.translate("Saving", "Save as %1").replace("%1", f"*{chosen.ending}")
    dialog = QFileDialog(window, title)
    dialog.setObjectName("save_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"*{chosen.ending}")
    dialog.setDefaultSuffix(chosen.ending.lstrip("."))
    dialog.selectFile(Path(source_name).stem.replace(":", "-") + chosen.ending)
    return dialog
