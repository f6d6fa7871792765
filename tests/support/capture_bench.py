"""Captures with the real engine and real notes, of a desktop that is a drawn page."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from ocr_desktop.gui.capture.capturing import Capturing
from ocr_desktop.gui.capture.endings import CaptureEnd
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.note import CaptureNote
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings
from tests.support.waiting import until
from tests.support.window import SMALL

DESKTOP = Area(0, 0, 800, 600)
FIRST, SECOND = (20, 20, 400, 60), (20, 220, 400, 60)
READ = {FIRST: "Invoice 4711", SECOND: "Delivery 0815"}
MODELVERSE = Settings(capture_engine="modelverse")
HOST = "127.0.0.1"


class Bench:
    """Captures as the program does, and what the user sees and does."""

    def __init__(self, context: AppContext, settings: Settings) -> None:
        self.settings = settings
        self.bugs: list[BaseException] = []
        self.tasks = Tasks(self.bugs.append)
        self.context = context
        self.capturing = Capturing(context, settings=lambda: self.settings, keep=self.keep, spawn=self.tasks.spawn)
        self.opened: list[tuple[bytes, str, object]] = []
        self.capturing.open_requested.connect(lambda *what: self.opened.append(what))

    def keep(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name

    async def capture(self, region: tuple[int, int, int, int] | None = FIRST, **options: object) -> CaptureEnd:
        return await self.capturing.capture(CaptureOptions(region=region, **options))  # type: ignore[arg-type]

    def begin(self, region: tuple[int, int, int, int] | None = FIRST, **options: object) -> asyncio.Future[CaptureEnd]:
        return asyncio.ensure_future(self.capture(region, **options))

    @property
    def notes(self) -> list[CaptureNote]:
        """Those that are to be seen, the latest last."""
        shown = [reading.note for reading in self.capturing.readings] + self.capturing._notes
        return [note for note in shown if note.isVisible()]

    async def rest(self) -> None:
        """Wait until the workers have ended what was given up: after the test nothing hears their answers."""
        await self.context.reader.warm_up()
        self.context.intake.release(await self.context.intake.open_data(SMALL, ""))

    async def until_note(self, title: str) -> CaptureNote:
        await until(lambda: self.notes and self.notes[-1].title.startswith(title), Beat(self.capturing).beat)
        return self.notes[-1]


class Beat:
    """Comes often: a note has no signal for what it says."""

    def __init__(self, parent: Capturing) -> None:
        timer = QTimer(parent)
        timer.start(5)
        self.beat = timer.timeout


def press(note: CaptureNote, text: str) -> None:
    (button,) = [each for each in note.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()
