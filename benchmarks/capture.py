"""What does a capture cost beside the engine's own time, and does anything of it stay in memory?

On the display of the environment, such as `xvfb-run -s "-screen 0 3840x2160x24" python benchmarks/capture.py`: the
screens are frozen, a part is cut out, its pixels go into the store, and words to the clipboard; each step is timed. The
engine's own time is that of the embedded engine, which is taken out of the whole. The goal is at most 150 ms. Then
captures are made by the hundred: memory at the end against that after the first tenth, of this process and of those
that it started. The goal is at most 1.05 times as much.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import milliseconds, print_table
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.gui.application import WindowLoop
from ocr_desktop.gui.capture.capturing import Capturing
from ocr_desktop.gui.capture.clipboard import ClipboardWriter
from ocr_desktop.gui.capture.cutting import cut
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.grabbing import freeze_screens
from ocr_desktop.gui.capture.options import CaptureOptions
from ocr_desktop.gui.capture.pictures import file_of
from ocr_desktop.gui.collecting import WindowThreadCollector
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings

ROUNDS = 15
GOAL_S = 0.150
MEMORY_GOAL = 1.05
LINE = (60, 60, 320, 48)
"""A line of text: the engine is asked for as little as can be."""
PAGE = (40, 40, 1200, 900)


class Page(QWidget):
    """Something to read."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.setPen(Qt.GlobalColor.black)
        font = painter.font()
        font.setPixelSize(28)
        painter.setFont(font)
        painter.drawText(QRect(40, 24, 800, 40), Qt.AlignmentFlag.AlignLeft, "Invoice 4711")
        painter.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=1000, help="how many for the memory (1000)")
    captures: int = parser.parse_args().captures
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: WindowLoop(application)) as runner:
        return runner.run(measure(captures))


async def measure(captures: int) -> int:
    with TemporaryDirectory() as folder:
        context = AppContext(Path(folder))
        tasks = Tasks(lambda error: None)
        settings = Settings()
        capturing = Capturing(context, settings=lambda: settings, keep=lambda **_: None, spawn=tasks.spawn)
        collector = WindowThreadCollector(capturing)
        collector.start()
        page = Page()
        page.setGeometry(20, 20, 1300, 960)
        page.show()
        try:
            await capturing.capture(CaptureOptions(region=LINE))
            await measure_steps(context)
            await measure_whole(capturing)
            await measure_memory(capturing, captures)
        finally:
            capturing.close()
            await tasks.close()
            collector.stop()
            page.close()
            await context.close()
    return 0


async def measure_steps(context: AppContext) -> None:
    """Each step alone, for a part of a page and for all of the screen."""
    screen = QGuiApplication.primaryScreen().geometry()
    areas = {"a page": Area(*PAGE), "the screen": Area(0, 0, screen.width(), screen.height())}
    rows = [["", "freeze", "cut", "bytes", "store", "clipboard", "all", "goal"]]
    for name, area in areas.items():
        taken = [await _steps(context, area) for _ in range(ROUNDS + 1)][1:]
        medians = [statistics.median(step) for step in zip(*taken, strict=True)]
        rows.append([name, *map(milliseconds, [*medians, sum(medians)]), f"<= {milliseconds(GOAL_S)}"])
    size = f"{screen.width()} x {screen.height()}"
    print_table(f"one capture without its engine, medians of {ROUNDS}, screen of {size}", rows)


async def _steps(context: AppContext, area: Area) -> list[float]:
    from ocr_desktop.core.capture_kinds import CaptureKind
    from ocr_desktop.core.capture_text import Captured

    marks = [time.perf_counter()]
    screens = await freeze_screens()
    marks.append(time.perf_counter())
    picture = await asyncio.to_thread(cut, screens, area)
    marks.append(time.perf_counter())
    file = await asyncio.to_thread(file_of, picture)
    marks.append(time.perf_counter())
    opened = await context.intake.open_rows(file.size, file.rows, "capture", sha256=file.sha256)
    marks.append(time.perf_counter())
    context.intake.release(opened)
    writer = ClipboardWriter()
    begun = time.perf_counter()
    writer.write(Captured(CaptureKind.MARKDOWN, "| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"))
    taken = time.perf_counter() - begun
    writer.close()
    writer.deleteLater()
    return [*(after - before for before, after in itertools.pairwise(marks)), taken]


async def measure_whole(capturing: Capturing) -> None:
    """From the gesture to the clipboard, without the time that the engine says it took."""
    beside = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        end = await capturing.capture(CaptureOptions(region=LINE))
        assert end.document is not None, end.error
        beside.append(time.perf_counter() - begun - end.document.pages[0].runs[0].seconds)
    rows = [["", "median", "longest", "goal"]]
    rows.append(["beside the engine", milliseconds(statistics.median(beside[1:])), milliseconds(max(beside[1:]))])
    rows[1].append(f"<= {milliseconds(GOAL_S)}")
    print_table(f"whole captures of a line, medians of {ROUNDS}", rows)


async def measure_memory(capturing: Capturing, captures: int) -> None:
    """Memory while captures are made one after the other."""
    rows = [["captures", "this process", "all processes", "against the first tenth", "goal"]]
    first: tuple[float, float] | None = None
    for number in range(1, captures + 1):
        await capturing.capture(CaptureOptions(region=LINE))
        if number % max(captures // 10, 1) == 0:
            own, everything = resident_megabytes(os.getpid()), all_megabytes()
            first = first or (own, everything)
            ratio = f"{own / first[0]:.3f} x, {everything / first[1]:.3f} x"
            rows.append([str(number), f"{own:.1f} MB", f"{everything:.1f} MB", ratio, f"<= {MEMORY_GOAL} x"])
    print_table("memory", rows)


def resident_megabytes(process_id: int) -> float:
    pages = int(Path(f"/proc/{process_id}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def all_megabytes() -> float:
    return sum(resident_megabytes(process_id) for process_id in (os.getpid(), *_children(os.getpid())))


def _children(process_id: int) -> Iterator[int]:
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            yield int(child)


if __name__ == "__main__":
    sys.exit(main())
