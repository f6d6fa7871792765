"""What does a list of 10,000 pictures cost the window, against one of 10?

The list is shown; shown again as it is, with another picture current, with a hundred more behind, with one less in its
middle, and while all wait to be read. Then it is scrolled from its first to its last row, a step every 16 ms, while
thumbnails arrive, and the longest stop of the event loop is told. The goals are 16 ms, a frame, for what happens once,
and 50 ms for the longest stop.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import qasync
from heart import Heart
from measuring import in_turn, print_table
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.geometry import Size
from ocr_desktop.gui import appearance
from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.pages.panel import PagesPanel
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.worker.client import Thumbnail

FEW, MANY = 10, 10_000
MORE = 100
HEIGHT = 900
ROUNDS = 9
STEPS = 300
STEP_S = 0.016
WORK_S = 0.005
"""What the worker takes for a thumbnail, at its best."""
GOAL_S, STOP_GOAL_S = 0.016, 0.050


class Measured:
    """A list, and what is done to it."""

    def __init__(self, count: int) -> None:
        self.entries = made_up(count)
        self.more = self.entries + made_up(MORE)
        self.fewer = self.entries[: count // 2] + self.entries[count // 2 + 1 :]
        self.panel = PagesPanel()
        self.panel.resize(self.panel.width(), HEIGHT)
        self.first = self.entries[0]

    def show(self) -> float:
        self.panel.show_entries([], None)
        settle()
        return self._shown(lambda: self.panel.show_entries(self.entries, self.first))

    def show_again(self) -> float:
        return self._shown(lambda: self.panel.show_entries(self.entries, self.first))

    def go_to_last(self) -> float:
        taken = self._shown(lambda: self.panel.show_entries(self.entries, self.entries[-1]))
        self.show_again()
        return taken

    def append(self) -> float:
        taken = self._shown(lambda: self.panel.show_entries(self.more, self.first))
        self.show_again()
        return taken

    def remove(self) -> float:
        taken = self._shown(lambda: self.panel.show_entries(self.fewer, self.first))
        self.show_again()
        return taken

    def wait_for_reading(self) -> float:
        waiting = set(self.entries)
        taken = self._shown(lambda: self.panel.show_reading(self.first, waiting))
        self.panel.show_reading(None)
        return taken

    def _shown(self, change: Callable[[], None]) -> float:
        begun = time.perf_counter()
        change()
        self.panel.viewport().repaint()
        settle()
        return time.perf_counter() - begun


async def longest_stop(measured: Measured) -> tuple[float, int]:
    """While the list is scrolled from end to end; and how many thumbnails were made."""
    tasks = Tasks(report)
    made = 0

    async def make(_entry: Entry, longest_side: int) -> Thumbnail:
        nonlocal made
        made += 1
        await asyncio.sleep(WORK_S)
        return Thumbnail(Size(longest_side, longest_side), bytes(longest_side * longest_side * 3))

    measured.panel.use_thumbnails(make, tasks.spawn)
    measured.panel.show_entries(measured.entries, measured.first)
    bar, heart = measured.panel.verticalScrollBar(), Heart(STOP_GOAL_S * 1000)
    for step in range(STEPS + 1):
        bar.setValue(bar.maximum() * step // STEPS)
        await asyncio.sleep(STEP_S)
    heart.stop()
    await tasks.close()
    return heart.longest, made


def report(error: BaseException) -> None:
    raise error


def made_up(count: int) -> list[Entry]:
    names = [f"IMG_{number:05}.jpg" for number in range(count)]
    return [Entry(SourceFile(Path(name), name, 1)) for name in names]


def settle() -> None:
    QApplication.processEvents()


def ms(taken: float) -> str:
    return f"{taken * 1000:.1f} ms"


def main() -> None:
    application = QApplication([])
    appearance.apply_style(application)
    few, many = Measured(FEW), Measured(MANY)
    pairs: list[tuple[str, Callable[[], float], Callable[[], float]]] = [
        ("shown", few.show, many.show),
        ("shown again", few.show_again, many.show_again),
        ("last one current", few.go_to_last, many.go_to_last),
        ("a hundred more", few.append, many.append),
        ("one less", few.remove, many.remove),
        ("all wait to be read", few.wait_for_reading, many.wait_for_reading),
    ]
    rows = [["", f"{FEW}", f"{MANY:,}", "ratio", "goal"]]
    for name, with_few, with_many in pairs:
        taken = in_turn(ROUNDS, {"few": with_few, "many": with_many})
        ratio = f"{taken['many'] / taken['few']:.1f} x"
        rows.append([name, ms(taken["few"]), ms(taken["many"]), ratio, f"<= {ms(GOAL_S)}"])
    print_table("A list of pictures, each change with its painting", rows)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        stop, made = runner.run(longest_stop(many))
    print_table("", [["", "longest stop", "goal"], ["scrolled to the end", ms(stop), f"<= {ms(STOP_GOAL_S)}"]])
    print(f"  {made} thumbnails were made meanwhile")
    for measured in (few, many):
        measured.panel.close()


if __name__ == "__main__":
    main()
