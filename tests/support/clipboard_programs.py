"""Programs that share a clipboard on a real display, each in a process of its own.

python -m tests.support.clipboard_programs own        puts flavours there (JSON, hexadecimal, a line), until it is ended
python -m tests.support.clipboard_programs read       writes out as JSON what lies there
python -m tests.support.clipboard_programs capture    does what it is told, a word a line, with a ClipboardWriter
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.support.driving import ROOT

PATIENCE_S = 60
SAVING_PATIENCE_MS = 1500


@contextmanager
def program(display: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A program that runs until the end of the block."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.support.clipboard_programs", *arguments],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def owner(display: str, flavours: Mapping[str, bytes]) -> Iterator[subprocess.Popen[str]]:
    """A program whose these flavours on the clipboard are."""
    with program(display, "own") as running:
        tell(running, json.dumps({name: data.hex() for name, data in flavours.items()}))
        assert line(running) == "there"
        yield running


def read(display: str) -> dict[str, Any]:
    """What another program finds: `formats`, `text`, `html`, `data` of other flavours, in hexadecimal."""
    with program(display, "read") as running:
        found: dict[str, Any] = json.loads(line(running))
        return found


class CapturingProgram:
    """A program that captures."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self.running = running

    def told(self, word: str) -> dict[str, Any]:
        """How it stands with the writer when it has done this."""
        tell(self.running, word)
        answer: dict[str, Any] = json.loads(line(self.running))
        return answer


@contextmanager
def capturing(display: str) -> Iterator[CapturingProgram]:
    with program(display, "capture") as running:
        yield CapturingProgram(running)


def tell(running: subprocess.Popen[str], words: str) -> None:
    assert running.stdin is not None
    running.stdin.write(f"{words}\n")
    running.stdin.flush()


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def _own() -> None:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    mime = QMimeData()
    for name, data in json.loads(sys.stdin.readline()).items():
        mime.setData(name, bytes.fromhex(data))
    application.clipboard().setMimeData(mime)
    print("there", flush=True)
    application.exec()


def _read() -> None:
    from PySide6.QtGui import QClipboard, QGuiApplication

    application = QGuiApplication([])
    clipboard = application.clipboard()
    mime = clipboard.mimeData()
    formats = [name for name in mime.formats() if "/" in name]
    data = {name: bytes(mime.data(name).data()).hex() for name in formats if not name.startswith("text/")}
    selected = clipboard.text(QClipboard.Mode.Selection)
    told = {"formats": formats, "text": mime.text(), "html": mime.html(), "data": data, "selected": selected}
    print(json.dumps(told), flush=True)


def _capture() -> None:
    from PySide6.QtCore import QSocketNotifier, Qt
    from PySide6.QtGui import QGuiApplication

    from ocr_desktop.core.capture_kinds import CaptureKind
    from ocr_desktop.core.capture_text import Captured
    from ocr_desktop.gui.capture.clipboard import ClipboardWriter

    application = QGuiApplication([])
    copied = Captured(CaptureKind.MARKDOWN, "# Head\n\n| a | b |", "# Head\n\n| a | b |\n| - | - |\n| 1 | 2 |")
    writer: ClipboardWriter | None = None
    told = {"taken": 0}

    def count() -> None:
        told["taken"] += 1

    def answer(done: bool | None = None) -> None:
        assert writer is not None
        facts = {
            "done": done,
            "is_saving": writer.is_saving,
            "can_undo": writer.can_undo,
            "is_ours": writer.is_ours,
            "lost": writer.lost_flavours,
            "taken": told["taken"],
        }
        print(json.dumps(facts), flush=True)

    def answer_when_saved(done: bool | None) -> None:
        assert writer is not None
        if writer.is_saving:
            writer.saved.connect(lambda: answer(done), Qt.ConnectionType.SingleShotConnection)
        else:
            answer(done)

    def follow() -> None:
        nonlocal writer
        word = sys.stdin.readline().strip()
        match word:
            case "begin" | "begin hastily" | "begin only":
                writer = ClipboardWriter(application, patience_ms=SAVING_PATIENCE_MS)
                writer.taken.connect(count)
                if word == "begin hastily":
                    answer(writer.write(copied))
                elif word == "begin only":
                    answer()
                else:
                    answer_when_saved(None)
            case "write" | "write anyway" if writer is not None:
                done = writer.write(copied, anyway=word == "write anyway")
                answer_when_saved(done)
            case "undo" if writer is not None:
                answer(writer.undo())
            case "wait" if writer is not None:
                if told["taken"]:
                    answer()
                else:
                    writer.taken.connect(answer)
            case "close output":
                os.close(sys.stdout.fileno())

    # The words come one by one, each after the answer to the one before.
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(follow)
    application.exec()


def main(arguments: list[str]) -> None:
    match arguments:
        case ["own"]:
            _own()
        case ["read"]:
            _read()
        case ["capture"]:
            _capture()


if __name__ == "__main__":
    main(sys.argv[1:])
