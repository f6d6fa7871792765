"""What does opening much, or something large, cost the window?

The real window opens a picture of 24 and one of 100 megapixels: how long until it is on show, how long the event loop
stands still at most meanwhile (goal: 50 ms), and how long a step of panning takes to be painted, at 100 % (goal: 16 ms,
a frame). Then a PDF of 1,000 pages against one of a single page (goal: at most 1.5 times as long), and its memory while
60 pages are paged through (goal: at most 5 % more than after the tenth). Last a folder of 10,000 pictures: until the
first is on show. Nothing is read meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy
import qasync
from heart import Heart
from measuring import milliseconds, print_table
from PIL import Image
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui import appearance
from ocr_desktop.gui.application import OpenedWindow
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import AutoRead, Settings
from tests.support.pdfs import numbered_pdf

SIZES = {"24 megapixels": (6000, 4000), "100 megapixels": (11_547, 8660)}
STOP_GOAL_MS, FRAME_MS = 50, 16
PAN_STEPS, PAN_BY = 60, 24
PAGES, PAGED, SETTLED_AFTER = 1000, 60, 10
ROUNDS = 5
FILES = 10_000
PATIENCE_S = 120


class Bench:
    """The window, and what is opened in it."""

    def __init__(self, opened: OpenedWindow, context: AppContext) -> None:
        self.window = opened.window
        self.session = opened.window.session
        self.context = context

    async def open(self, path: Path) -> tuple[float, float]:
        """Seconds until it is on show, and of the longest stop of the loop meanwhile."""
        before, heart, begun = self.session.entry, Heart(STOP_GOAL_MS), time.perf_counter()
        self.window.open_files([path])
        await self.until(lambda: self.session.entry is not before and self.session.opened is not None)
        self.window.canvas.viewport().repaint()
        taken = time.perf_counter() - begun
        await asyncio.sleep(0.2)
        heart.stop()
        return taken, heart.longest

    async def until(self, condition: Callable[[], bool]) -> None:
        changed, session = asyncio.Event(), self.session
        for signal in (session.page_opened, session.entries_changed):
            signal.connect(changed.set)
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                changed.clear()
                await changed.wait()

    def pan(self) -> list[float]:
        """Milliseconds that each step of a pan at 100 % takes to be painted."""
        canvas = self.window.canvas
        canvas.zoom_to_actual_size()
        canvas.viewport().repaint()
        taken = []
        for _ in range(PAN_STEPS):
            begun = time.perf_counter()
            for bar in (canvas.horizontalScrollBar(), canvas.verticalScrollBar()):
                bar.setValue(bar.value() + PAN_BY)
            canvas.viewport().repaint()
            taken.append((time.perf_counter() - begun) * 1000)
        return taken

    def close_all(self) -> None:
        self.session.remove_entries(list(self.session.entries))

    @property
    def memory(self) -> int:
        """Of the window and of the process that decodes, in bytes."""
        worker = self.context.pictures.process_id
        return sum(_resident(process) for process in (os.getpid(), worker) if process is not None)


async def measure_large(bench: Bench, folder: Path) -> None:
    rows = [["", "on show", "longest stop", "goal", "pan, median", "pan, longest", "goal"]]
    for name, size in SIZES.items():
        path = folder / f"{name}.jpg"
        noise = numpy.random.default_rng(1).integers(0, 255, (size[1] // 8, size[0] // 8), "uint8")
        Image.fromarray(noise).resize(size).convert("RGB").save(path, quality=85)
        taken, longest = await bench.open(path)
        pan = bench.pan()
        stop, steps = milliseconds(longest), (f"{statistics.median(pan):.1f} ms", f"{max(pan):.1f} ms")
        rows.append([name, milliseconds(taken), stop, f"<= {STOP_GOAL_MS} ms", *steps, f"<= {FRAME_MS} ms"])
    bench.close_all()
    print_table("large pictures", rows)


async def measure_pdf(bench: Bench, folder: Path) -> None:
    one, many = folder / "one.pdf", folder / "many.pdf"
    one.write_bytes(numbered_pdf(1))
    many.write_bytes(numbered_pdf(PAGES))
    seconds: dict[Path, list[float]] = {one: [], many: []}
    for number in range(ROUNDS + 1):
        for path, taken in seconds.items():
            took, _ = await bench.open(path)
            bench.close_all()
            if number:
                taken.append(took)
    medians = {path: statistics.median(taken) for path, taken in seconds.items()}
    ratio = f"{medians[many] / medians[one]:.2f} x"
    rows = [["", "first page on show", "against one page", "goal"], ["1 page", milliseconds(medians[one]), "", ""]]
    rows.append([f"{PAGES} pages", milliseconds(medians[many]), ratio, "<= 1.5 x"])
    print_table("a PDF in the window", rows)
    await bench.open(many)
    kept = []
    for entry in bench.session.entries[1:PAGED]:
        await bench.session.show_entry(entry)
        bench.window.canvas.viewport().repaint()
        kept.append(bench.memory)
    growth = max(kept[SETTLED_AFTER:]) / kept[SETTLED_AFTER] - 1
    bench.close_all()
    print_table(
        "paging",
        [
            ["pages", "memory after the tenth", "most more", "goal"],
            [str(PAGED), _mb(kept[9]), f"{growth:+.1%}", "<= 5 %"],
        ],
    )


async def measure_folder(bench: Bench, folder: Path) -> None:
    scans = folder / "scans"
    scans.mkdir()
    data = folder / "small.png"
    Image.new("RGB", (200, 280), "white").save(data)
    for number in range(FILES):
        os.link(data, scans / f"page {number}.png")
    taken, longest = await bench.open(scans)
    await bench.until(lambda: len(bench.session.entries) == FILES)
    rows = [["files", "first on show", "longest stop", "goal"]]
    rows.append([str(FILES), milliseconds(taken), milliseconds(longest), f"<= {STOP_GOAL_MS} ms"])
    print_table("a folder", rows)


async def measure() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "settings").mkdir()
        context = AppContext(folder / "settings")
        opened = OpenedWindow(context, Settings(auto_read=AutoRead.NEVER))
        try:
            opened.window.show()
            await opened.settle_in()
            bench = Bench(opened, context)
            await context.reader.warm_up()
            for part in (measure_large, measure_pdf, measure_folder):
                await part(bench, folder)
        finally:
            await opened.close()
            await context.close()


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _mb(count: int) -> str:
    return f"{count / (1 << 20):.0f} MB"


def main() -> None:
    application = QApplication([])
    appearance.apply_style(application)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(measure())


if __name__ == "__main__":
    main()
