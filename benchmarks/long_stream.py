"""How long does the window stand still while an answer of 20,000 deltas streams in?

A server process on this machine sends the answer as fast as it is taken; the real window reads a picture with it, once
with each view on show. A timer beats every 5 ms: what is measured is the longest time between two beats, less the 5 ms,
from the start until the view has written all. The goal is at most 50 ms.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import qasync
from measuring import milliseconds, print_table
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTabWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.application import OpenedWindow
from ocr_desktop.services.context import OWN_PROFILES, AppContext
from ocr_desktop.services.settings import AutoRead, Settings
from tests.support.pictures import draw_page, encoded

ROOT = Path(__file__).resolve().parents[1]
DELTAS = 20_000
LETTERS_A_DELTA = 4
BEAT_MS = 5
GOAL_MS = 50
PATIENCE_S = 300
PROFILE = """
id = "measured"
title = "Measured"
base_url = "{base_url}"
model = "m"
key_required = false
part_order = "image_first"
max_tokens = 8192
"""


class Heart(QObject):
    """Beats in the event loop.

    Attributes:
        longest: The longest pause between two beats, in seconds.
        longest_at: When it ended, in seconds since `reset`.
        long_pauses: How many were longer than they should be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reset()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def reset(self) -> None:
        self.longest, self.longest_at, self.long_pauses = 0.0, 0.0, 0
        self._begun = self._last = time.perf_counter()

    def _beat(self) -> None:
        now = time.perf_counter()
        pause = now - self._last - BEAT_MS / 1000
        self._last = now
        if pause > self.longest:
            self.longest, self.longest_at = pause, now - self._begun
        self.long_pauses += pause > GOAL_MS / 1000


def answer() -> str:
    """A page as the model writes it: titles, paragraphs and tables, so long that it makes all the deltas."""
    blocks: list[str] = []
    length = 0
    number = 0
    while length < DELTAS * LETTERS_A_DELTA:
        top = number * 7 % 900
        kind, words = [
            ("title", f"# Part {number}"),
            ("text", f"Words of paragraph {number}, " * 12),
            ("table", "<table>" + f"<tr><td>row {number}</td><td>42</td></tr>" * 8 + "</table>"),
            ("text", f"A formula \\(x_{{{number}}} + 1\\) and *more* of it. " * 6),
        ][number % 4]
        blocks.append(f"<|ref|>{kind}<|/ref|><|det|>[[50, {top}, 950, {top + 60}]]<|/det|>\n{words}\n\n")
        length += len(blocks[-1])
        number += 1
    return "".join(blocks)[: DELTAS * LETTERS_A_DELTA]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A provider in a process of its own; its base URL."""
    (folder / "answer.txt").write_text(answer())
    arguments = ("--answer", str(folder / "answer.txt"), "--delay", "0")
    command = [sys.executable, "-m", "tests.support.provider_server", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


async def measured(folder: Path, base_url: str) -> list[list[str]]:
    (folder / OWN_PROFILES).mkdir()
    (folder / OWN_PROFILES / "measured.toml").write_text(PROFILE.format(base_url=base_url))
    (folder / "page.png").write_bytes(encoded(draw_page(size=(1240, 1754))))
    context = AppContext(folder)
    opened = OpenedWindow(context, Settings(auto_read=AutoRead.NEVER))
    window = opened.window
    rows = []
    try:
        window.show()
        await opened.settle_in()
        shown = asyncio.Event()
        window.session.page_opened.connect(shown.set)
        window.open_files([folder / "page.png"])
        await shown.wait()
        window.control.choose_engine(context.catalogue.describe("measured"))
        tabs = window.findChild(QTabWidget, "output_tabs")
        # The first reading of all loads what the client of the protocol needs.
        await window.control.read()
        heart = Heart()
        for index, view in enumerate(
            (window.output.rendered_view, window.output.markdown_view, window.output.raw_view)
        ):
            tabs.setCurrentIndex(index)
            await asyncio.sleep(1)
            heart.reset()
            begun = time.perf_counter()
            await window.control.read()
            seconds = time.perf_counter() - begun
            while not view.is_caught_up:
                written = asyncio.Event()
                view.caught_up.connect(written.set)
                await written.wait()
            longest, at, long_pauses = milliseconds(heart.longest), f"{heart.longest_at:.1f} s", str(heart.long_pauses)
            taken, regions = f"{seconds:.1f} s", str(len(window.session.regions))
            rows.append([tabs.tabText(index), taken, regions, longest, at, long_pauses, f"<= {GOAL_MS} ms"])
    finally:
        await opened.close()
        await context.close()
    return rows


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    appearance.apply_style(application)
    with (
        tempfile.TemporaryDirectory() as name,
        served(Path(name)) as base_url,
        asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner,
    ):
        rows = runner.run(asyncio.wait_for(measured(Path(name), base_url), PATIENCE_S))
    heads = ["view on show", "answer took", "regions", "longest stop", "at", f"stops over {GOAL_MS} ms", "goal"]
    print_table(f"{DELTAS} deltas into the window ({application.platformName()})", [heads, *rows])


if __name__ == "__main__":
    main()
