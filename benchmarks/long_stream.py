"""How long does the window stand still while an answer of 8,000 lines streams in, in 20,000 pieces?

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
from heart import Heart
from measuring import milliseconds, print_table
from PySide6.QtWidgets import QApplication, QTabWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.application import OpenedWindow
from ocr_desktop.services.context import OWN_PROFILES, AppContext
from ocr_desktop.services.settings import AutoRead, Settings
from tests.support.pictures import draw_page, encoded

ROOT = Path(__file__).resolve().parents[1]
LINES = 8_000
LETTERS_A_DELTA = 12
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


def answer() -> str:
    """A page as the model writes it: titles, paragraphs, lists, tables and formulas, of so many lines."""
    blocks: list[str] = []
    lines = 0
    number = 0
    while lines < LINES:
        top = number * 7 % 900
        kind, words = [
            ("title", f"# Part {number}"),
            ("text", "\n".join(f"Line {line} of paragraph {number}" for line in range(12))),
            ("list", "\n".join(f"- item {line} of list {number}" for line in range(12))),
            ("table", "<table>" + f"<tr><td>row {number}</td><td>42</td></tr>\n" * 12 + "</table>"),
            ("text", "\n".join(f"Formula \\(x_{{{number}}}^{{{line}}} + 1\\) and *more*" for line in range(12))),
            ("equation", f"\\[\\frac{{a_{{{number}}}}}{{b}} = c\\]"),
        ][number % 6]
        blocks.append(f"<|ref|>{kind}<|/ref|><|det|>[[50, {top}, 950, {top + 60}]]<|/det|>\n{words}\n\n")
        lines += blocks[-1].count("\n")
        number += 1
    return "".join(blocks)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A provider in a process of its own; its base URL."""
    (folder / "answer.txt").write_text(answer())
    arguments = ("--answer", str(folder / "answer.txt"), "--delay", "0", "--letters", str(LETTERS_A_DELTA))
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
        heart = Heart(GOAL_MS)
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
    print_table(f"{LINES} lines into the window ({application.platformName()})", [heads, *rows])


if __name__ == "__main__":
    main()
