"""What lay on the clipboard before a capture, kept so that it can be given back."""

from __future__ import annotations

import os
import sys
import time
from itertools import takewhile
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMimeData, QObject, QProcess, QProcessEnvironment, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QImage

from ocr_desktop.gui.capture.flavours import (
    HTML,
    MOST_BYTES,
    QT_IMAGE,
    TEXT,
    FrameReader,
    flavours_in,
    worth_saving,
)
from ocr_desktop.worker.child import PACKAGE_ROOT, worker_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

READER = "ocr_desktop.gui.capture.flavours"
PATIENCE_MS = 10_000
"""For all flavours together, while somebody selects and an engine reads."""
HERE_PATIENCE_S = 0.5
"""Where this process itself has to ask: who has not given the flavours by then is asked for no other one."""
OF_THE_SESSION = ("DISPLAY", "XAUTHORITY", "XDG_", "QT_QPA_PLATFORM")


class ClipboardSaving(QObject):
    """Saves what lies on the clipboard now, without ever waiting for the program that put it there.

    Signals:
        finished(): What could be saved is; sent also after `stop`.
    """

    finished = Signal()

    def __init__(self, clipboard: QClipboard, parent: QObject | None = None, *, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(parent)
        self._names: list[str] | None = None
        self._flavours: dict[str, bytes | QImage] = {}
        self._byte_count = 0
        self._process: QProcess | None = None
        self._frames = FrameReader()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(patience_ms)
        self._timer.timeout.connect(self.stop)
        if QGuiApplication.platformName() == "xcb" and not clipboard.ownsClipboard():
            self._start_process()
        else:
            self._save_here(content_of(clipboard))

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def can_be_given_back(self) -> bool:
        """Whether there is something to give back, be it that the clipboard was empty."""
        return self._names == [] or bool(self._flavours)

    @property
    def lost(self) -> tuple[str, ...]:
        """The media types that lay there and could not be saved; those that are still on their way are among them."""
        return tuple(name for name in self._names or () if name not in self._flavours)

    def mime(self) -> QMimeData | None:
        """All that was saved; None where the clipboard was empty."""
        return mime_of(self._flavours) if self._flavours else None

    def stop(self) -> None:
        """Make do with what has come."""
        process, self._process = self._process, None
        self._timer.stop()
        if process is None:
            return
        process.readyReadStandardOutput.disconnect(self._take)
        process.finished.disconnect(self._end)
        process.errorOccurred.disconnect(self._end)
        if process.state() is QProcess.ProcessState.NotRunning:
            process.deleteLater()
        else:
            process.finished.connect(process.deleteLater)
            process.kill()
        self.finished.emit()

    # In this process

    def _save_here(self, mime: QMimeData) -> None:
        formats = mime.formats()
        self._names = worth_saving(formats)
        end = time.monotonic() + HERE_PATIENCE_S
        self._flavours.update(flavours_in(mime, takewhile(lambda _: time.monotonic() < end, self._names)))
        image = mime.imageData() if QT_IMAGE in formats and time.monotonic() < end else None
        if isinstance(image, QImage) and not image.isNull():
            self._names = [name for name in self._names if not name.startswith("image/")] + [QT_IMAGE]
            self._flavours = {name: data for name, data in self._flavours.items() if name in self._names}
            self._flavours[QT_IMAGE] = image

    # In another process

    def _start_process(self) -> None:
        # It outlives this object for the moment that its end takes.
        process = self._process = QProcess(QGuiApplication.instance())
        self.destroyed.connect(process.kill)
        process.setProgram(sys.executable)
        process.setArguments(["-P", "-m", READER])
        process.setWorkingDirectory(PACKAGE_ROOT.anchor)
        process.setProcessEnvironment(_environment())
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._take)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._end)
        self._timer.start()
        process.start()

    def _take(self) -> None:
        if self._process is None:
            return
        try:
            for name, data in self._frames.feed(bytes(self._process.readAllStandardOutput().data())):
                self._keep(name, data)
        except ValueError:
            self.stop()

    def _keep(self, name: str, data: bytes) -> None:
        if self._names is None:
            self._names = data.decode().splitlines()
        elif name in self._names and self._byte_count + len(data) <= MOST_BYTES:
            self._byte_count += len(data)
            self._flavours[name] = data

    def _end(self) -> None:
        self._take()
        self.stop()


def content_of(clipboard: QClipboard) -> QMimeData:
    """What lies on a clipboard; asking for its flavours may wait for the program that put it there."""
    mime = cast("QMimeData | None", clipboard.mimeData())
    return QMimeData() if mime is None else mime


def mime_of(flavours: Mapping[str, bytes | QImage]) -> QMimeData:
    """Flavours as they are put on a clipboard."""
    mime = QMimeData()
    for name, data in flavours.items():
        if isinstance(data, QImage):
            mime.setImageData(data)
        elif name == TEXT:
            mime.setText(data.decode())
        elif name == HTML:
            mime.setHtml(data.decode())
        else:
            mime.setData(name, data)
    return mime


def _environment() -> QProcessEnvironment:
    """What every worker gets to know, and the session; no key."""
    session = {name: value for name, value in os.environ.items() if name.startswith(OF_THE_SESSION)}
    environment = QProcessEnvironment()
    for name, value in {**session, **worker_environment(os.environ)}.items():
        environment.insert(name, value)
    return environment
