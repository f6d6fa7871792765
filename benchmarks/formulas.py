"""How long does a page of 50 formulas and 5 tables take until the Preview shows it whole, and does it stand still?

The real view and the real worker. Three rows: the worker starts with the page; the same page once more in a view that
knows nothing, with the worker there already; and words of the same length in place of the formulas, to compare with.
The longest stop is the longest time between two beats of a timer of 5 ms, less the 5 ms; the goal is at most 50 ms.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import qasync
from heart import Heart
from measuring import milliseconds, print_table
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.document import Region
from ocr_desktop.gui import appearance
from ocr_desktop.gui.output.page_reader import load_next_parser
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.worker.client import TypesetterClient
from ocr_desktop.worker.pixels import PixelStore

FORMULAS = 50
TABLES = 5
ROUNDS = 5
GOAL_MS = 50
PATIENCE_S = 60
KINDS = (
    r"\frac{a_{%d}}{b+c}",
    r"\sum_{i=1}^{n} x_i^{%d}",
    r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{%d}",
    r"\begin{pmatrix} a & b \\ c & %d \end{pmatrix}",
    r"f(x) = \begin{cases} x & x > %d \\ 0 & \text{otherwise} \end{cases}",
    r"\mathrm{softmax}\left(\frac{QK^{\top}}{\sqrt{d_{%d}}}\right)V",
    r"\alpha_{%d}",
    r"\mathbb{R}^{n \times %d}",
    r"\begin{aligned} a &= b_{%d} \\ &= c \end{aligned}",
    r"\hat{y} \approx \bar{x} \pm %d\sigma",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds until all words stood there, until all formulas did, and the longest stop of the loop."""

    words: float
    whole: float
    longest_stop: float


def page(*, with_formulas: bool) -> tuple[Region, ...]:
    """Half of the formulas in lines of text, half on their own; a table after every tenth."""
    markdowns: list[str] = []
    for number in range(FORMULAS):
        latex = KINDS[number % len(KINDS)] % number
        if not with_formulas:
            markdowns.append("w" * len(latex) + " in a line of words that goes on for a while. " * 3)
        elif number % 2:
            markdowns.append(f"$$\n{latex}\n$$")
        else:
            markdowns.append(f"Here ${latex}$ stands in a line of words that goes on for a while. " * 3)
        if number % (FORMULAS // TABLES) == 0:
            rows = "".join(f"<tr><td>row {row}</td><td>{row * row}</td><td>words</td></tr>" for row in range(12))
            markdowns.append(f'<table><tr><th colspan="2">Head</th><th>Note</th></tr>{rows}</table>')
    return tuple(Region(index, "text", markdown, markdown) for index, markdown in enumerate(markdowns))


async def until(signal: SignalInstance, is_so: Callable[[], bool]) -> None:
    """Wait for a signal, unless what it tells is so already."""
    told = asyncio.Event()
    signal.connect(told.set)
    if not is_so():
        await told.wait()


async def shown(regions: tuple[Region, ...], typesetter: TypesetterClient) -> Outcome:
    bugs: list[BaseException] = []
    tasks = Tasks(bugs.append)
    view = RenderedView()
    view.use_typesetter(typesetter, tasks.spawn)
    view.resize(700, 900)
    view.show()
    await asyncio.sleep(0.3)
    heart = Heart(GOAL_MS)
    begun = time.perf_counter()
    view.show_regions(regions)
    await until(view.caught_up, lambda: view.is_caught_up)
    words = time.perf_counter() - begun
    await until(view.all_drawn, lambda: view.has_all_drawings)
    whole = time.perf_counter() - begun
    heart.stop()
    await tasks.close()
    view.close()
    view.deleteLater()
    if bugs:
        raise bugs[0]
    return Outcome(words, whole, heart.longest)


async def measured() -> list[list[str]]:
    while load_next_parser():
        pass
    store = PixelStore()
    rows: list[list[str]] = []
    try:
        for title, with_formulas, is_fresh in (
            ("words in place of formulas", False, False),
            ("formulas, the worker runs already", True, False),
            ("formulas, the worker starts too", True, True),
        ):
            outcomes = []
            client = TypesetterClient(store)
            await client.typeset("x", is_display=False)
            for _ in range(ROUNDS):
                if is_fresh:
                    await client.close()
                    client = TypesetterClient(store)
                outcomes.append(await shown(page(with_formulas=with_formulas), client))
            await client.close()
            middle = ROUNDS // 2
            rows.append(
                [
                    title,
                    milliseconds(sorted(outcome.words for outcome in outcomes)[middle]),
                    milliseconds(sorted(outcome.whole for outcome in outcomes)[middle]),
                    milliseconds(max(outcome.longest_stop for outcome in outcomes)),
                    f"<= {GOAL_MS} ms",
                ]
            )
    finally:
        store.close()
    return rows


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    appearance.apply_style(application)
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        rows = runner.run(asyncio.wait_for(measured(), PATIENCE_S))
    heads = ["page", "words there", "all there", "longest stop of all rounds", "goal"]
    print_table(f"{FORMULAS} formulas and {TABLES} tables, {ROUNDS} rounds", [heads, *rows])


if __name__ == "__main__":
    main()
