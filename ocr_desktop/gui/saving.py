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
from ocr_desktop.core.exports import FORMATS, MARKDOWN, document_text
from ocr_desktop.core.files import saved_stem
from ocr_desktop.core.markdown import USUAL_STYLE, MarkdownStyle, compose, page_text
from ocr_desktop.gui.output.clipboard import markdown_mime, text_mime
from ocr_desktop.gui.tasks import show
from ocr_desktop.services.exporting import write_file
from ocr_desktop.services.figures import write_markdown

if TYPE_CHECKING:
    from ocr_desktop.gui.session import Session
    from ocr_desktop.worker.client import PicturesClient


def copy_content(session: Session, kind: str, style: MarkdownStyle = USUAL_STYLE) -> None:
    """Put what is on show on the clipboard: "md" with a rich flavour beside the Markdown, "txt" the words alone.

    Figures are no part of it: links would lead to files that nobody has.
    """
    regions = session.regions
    if kind == MARKDOWN:
        mime = markdown_mime(compose(regions, style).text, usual=compose(regions).text)
    else:
        mime = text_mime(page_text(regions))
    QGuiApplication.clipboard().setMimeData(mime)


async def save_content(
    session: Session, format_id: str, window: QWidget, pictures: PicturesClient, style: MarkdownStyle = USUAL_STYLE
) -> Path | None:
    """Ask where, and write the run on show there; None where the user thought better of it.

    Markdown gets its figures in a folder beside it.

    Raises:
        OutputError: The file cannot be written; what stood there before still does.
        OcrDesktopError: A figure cannot be cut out; the Markdown is written without figures.
    """
    entry, opened, run = session.entry, session.opened, session.run
    if entry is None or entry.page is None or opened is None or run is None:
        return None
    document = Document(opened.document.source, (replace(entry.page, runs=(run,)),))
    # Another picture may be on show when the user has found a place.
    session.pixels.keep(opened)
    try:
        dialog = _dialog(document.source.name, format_id, window)
        if await show(dialog) != QDialog.DialogCode.Accepted:
            return None
        path = Path(dialog.selectedFiles()[0])
        if format_id == MARKDOWN:
            pixels = {entry.page.number: opened.pixels}
            await write_markdown(path, document, style, pictures=pictures, pixels=pixels)
        else:
            await asyncio.to_thread(lambda: write_file(path, document_text(document, format_id)))
    finally:
        session.pixels.let_go(opened)
    return path


def _dialog(source_name: str, format_id: str, window: QWidget) -> QFileDialog:
    chosen = FORMATS[format_id]
    title = QCoreApplication.translate("Saving", "Save as %1").replace("%1", f"*{chosen.ending}")
    dialog = QFileDialog(window, title)
    dialog.setObjectName("save_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"*{chosen.ending}")
    dialog.setDefaultSuffix(chosen.ending.lstrip("."))
    dialog.selectFile(saved_stem(source_name) + chosen.ending)
    return dialog
