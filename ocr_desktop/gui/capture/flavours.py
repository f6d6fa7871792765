"""What lies on the clipboard, flavour by flavour; `python -m ocr_desktop.gui.capture.flavours` writes it out.

Under X11 each flavour is asked of the program that owns the clipboard, and Qt waits up to five seconds for an answer.
So another process does the asking, which can be killed.

What it writes are frames: the length of a name (4 bytes) and of its data (8 bytes), big-endian, then both. The first
has no name; its data are the names of all flavours that are worth saving, a line each. One that is not there afterwards
could not be had.
"""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtCore import QMimeData

MOST_BYTES = 64_000_000
"""Of all flavours together; one that would make them more is left out."""
TEXT, HTML, LINKS = "text/plain", "text/html", "text/uri-list"
QT_IMAGE = "application/x-qt-image"
"""Inside of one process a picture without any encoding."""
BEST_IMAGE = "image/png"
HEADER = struct.Struct(">IQ")
MOST_NAME_BYTES = 10_000

_FIRST = (TEXT, HTML, LINKS)


def worth_saving(formats: Sequence[str]) -> list[str]:
    """The flavours that make a whole of what was copied, what matters most first.

    Names that are no media types are X11's own questions and other encodings of the same text. Of a picture one
    encoding is enough: its owner may have to make each of them.
    """
    names = dict.fromkeys(name for name in formats if "/" in name and name != QT_IMAGE)
    images = [name for name in names if name.startswith("image/")]
    others = [name for name in names if name not in images and name not in _FIRST]
    best = [BEST_IMAGE] if BEST_IMAGE in images else images[:1]
    return [*(name for name in _FIRST if name in names), *others, *best]


def flavours_in(mime: QMimeData, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The data of these flavours, as far as they can be had, and as many as stay below the limit together."""
    left = MOST_BYTES
    for name in names:
        data = _data(mime, name)
        if data and len(data) <= left:
            left -= len(data)
            yield name, data


def frame(name: str, data: bytes) -> bytes:
    encoded = name.encode()
    return HEADER.pack(len(encoded), len(data)) + encoded + data


class FrameReader:
    """Cuts what comes out of the process into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """Take some bytes; yield the frames that are whole by now.

        Raises:
            ValueError: These are no frames, or more than may come.
        """
        self._buffer += data
        while len(self._buffer) >= HEADER.size:
            name_length, data_length = HEADER.unpack_from(self._buffer)
            if name_length > MOST_NAME_BYTES or data_length > MOST_BYTES:
                raise ValueError("no frame of the clipboard")
            start = HEADER.size + name_length
            end = start + data_length
            if len(self._buffer) < end:
                return
            name = self._buffer[HEADER.size : start].decode()
            content = bytes(self._buffer[start:end])
            del self._buffer[:end]
            yield name, content


def _data(mime: QMimeData, name: str) -> bytes:
    # Qt knows the encodings in which other programs give these.
    if name == TEXT:
        return mime.text().encode("utf-8", "replace")
    if name == HTML:
        return mime.html().encode("utf-8", "replace")
    return bytes(mime.data(name).data())


def main() -> int:
    """Write out what lies on the clipboard."""
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([sys.argv[0]])
    mime = application.clipboard().mimeData()
    names = worth_saving(mime.formats())
    sys.stdout.buffer.write(frame("", "\n".join(names).encode()))
    for name, data in flavours_in(mime, names):
        sys.stdout.buffer.write(frame(name, data))
        # Whoever waits may not wait for the next one.
        sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
