"""Pictures out of a drop or a clipboard, as entries for the list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QEvent, QIODevice, QMimeData, QObject
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence

from ocr_desktop.core.files import display_name
from ocr_desktop.gui.entries import Entry

ENCODED_FORMATS = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp", "image/gif")
"""Taken as they are, the best first: what an encoder said survives, and nothing is decoded in the window."""
LEAST_COMPRESSION = 100
"""Qt's quality of a PNG: fast and large, it only travels to the worker."""


def can_take(mime: QMimeData) -> bool:
    """Whether there are pictures in a drop or a clipboard: local files, or pixels."""
    return mime.hasImage() or any(mime.hasFormat(name) for name in ENCODED_FORMATS) or bool(_local_files(mime))


def entries_of(mime: QMimeData) -> list[Entry]:
    """The pictures in a drop or a clipboard: its files, else its pixels."""
    files = entries_of_files(_local_files(mime))
    if files:
        return files
    data = _encoded_picture(mime)
    return [Entry(data, _pasted_name())] if data else []


def entries_of_files(paths: list[Path]) -> list[Entry]:
    return [Entry(path, display_name(path)) for path in paths]


def clipboard_content() -> QMimeData:
    """What lies on the clipboard; Qt has no object at all for nothing."""
    content: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return QMimeData() if content is None else content


class PictureFirstPaste(QObject):
    """Lets Ctrl+V in a line of text open what is no text: a picture or files on the clipboard."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_paste = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste)
        if event.type() == QEvent.Type.ShortcutOverride and is_paste:
            mime = clipboard_content()
            # Qt takes the addresses of files for a text.
            if _local_files(mime) or (can_take(mime) and not mime.hasText()):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _local_files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def _encoded_picture(mime: QMimeData) -> bytes:
    for name in ENCODED_FORMATS:
        data = mime.data(name)
        if not data.isEmpty():
            return bytes(data.data())
    image = mime.imageData()
    return _as_png(image) if isinstance(image, QImage) and not image.isNull() else b""


def _as_png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", LEAST_COMPRESSION)  # type: ignore[call-overload]  # the stubs want bytes and get them not
    return bytes(data.data())


def _pasted_name() -> str:
    time = datetime.now().strftime("%H:%M:%S")
    return QCoreApplication.translate("Transfer", "Pasted picture %1").replace("%1", time)
