"""Pictures out of a drop or a clipboard, as entries for the list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QEvent, QIODevice, QMimeData, QObject, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence

from ocr_desktop.core.files import display_name, path_of_link
from ocr_desktop.core.picture_files import is_taken
from ocr_desktop.gui.entries import Entry, SourceFile

ENCODED_FORMATS = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp", "image/gif")
"""Taken as they are, the best first: what an encoder said survives, and nothing is decoded in the window."""
FILE_SCHEME = "file://"
WEB_SCHEMES = ("http", "https")
LONGEST_LINK = 4096
"""Characters of a pasted text that is taken for a link."""
LEAST_COMPRESSION = 100
"""Qt's quality of a PNG: fast and large, it only travels to the worker."""


def can_take(mime: QMimeData) -> bool:
    """Whether there is something to open in a drop or a clipboard: local files, pixels, or a web link to ask about."""
    return has_pictures(mime) or bool(named_file(mime)) or web_link(mime) is not None


def has_pictures(mime: QMimeData) -> bool:
    """Whether there are local files, or pixels."""
    return mime.hasImage() or any(mime.hasFormat(name) for name in ENCODED_FORMATS) or bool(local_files(mime))


def local_files(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer in a drop or a clipboard."""
    return [_path_of(url) for url in mime.urls() if url.isLocalFile()]


def named_file(mime: QMimeData) -> list[Path]:
    """The file whose path or address was copied as a text, and nothing else."""
    text = mime.text().strip() if mime.hasText() and not mime.hasImage() else ""
    if len(text) > LONGEST_LINK or "\n" in text:
        return []
    if text.startswith(FILE_SCHEME):
        return [_path_of(QUrl(text))]
    return [Path(text)] if text.startswith("/") and is_taken(Path(text).name) else []


def web_link(mime: QMimeData) -> str | None:
    """The one web address that is all there is in a drop or a clipboard."""
    urls = mime.urls()
    if not urls and mime.hasText():
        text = mime.text().strip()
        urls = [QUrl(text, QUrl.ParsingMode.StrictMode)] if len(text) <= LONGEST_LINK and " " not in text else []
    if len(urls) != 1 or urls[0].scheme().lower() not in WEB_SCHEMES or not urls[0].host():
        return None
    return urls[0].toString(QUrl.ComponentFormattingOption.FullyEncoded)


def entries_of(mime: QMimeData) -> list[Entry]:
    """The picture whose pixels are in a drop or a clipboard."""
    data = _encoded_picture(mime)
    return [Entry(SourceFile(data, _pasted_name()))] if data else []


def entries_of_files(paths: list[Path]) -> list[Entry]:
    return [Entry(SourceFile(path, display_name(path))) for path in paths]


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
            if local_files(mime) or (has_pictures(mime) and not mime.hasText()):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _path_of(url: QUrl) -> Path:
    """The path in a local address, to the byte: names need not be UTF-8, and Qt's own way loses what is not."""
    link = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return path_of_link(link) or Path(url.toLocalFile())


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
