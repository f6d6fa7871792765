"""What do 10,000 boxes cost on a page of 24 megapixels, against the picture alone?

Two canvases of 1200 × 900 pixels, drawn by the raster engine without a screen, one with the boxes and one without, are
shown in turn: all drawn anew; all shown again as it is, or with another region hovered, selected or added; scrolled.
The goals are 8 times for drawing all anew and 2 times for everything else, and less than a millisecond for finding what
lies under the pointer and for telling the canvas of one more region.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from measuring import in_turn, print_table
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui import appearance
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.worker.pixels import PixelStore
from tests.support.page_images import page_image

PAGE = (4000, 6000)
VIEW = (1200, 900)
COLUMNS, ROWS = 50, 200
ZOOMS = (0.25, 0.5, 1.0, 2.0)
ROUNDS = 25
SCROLLED = 12
"""Logical pixels at a time."""
GOAL_ANEW, GOAL_AGAIN, GOAL_S = 8.0, 2.0, 0.001
MANY = 1000


def made_up_regions() -> tuple[Region, ...]:
    """Lines of words all over the page, of all labels, at places that are no whole pixels."""
    labels = list(appearance.LABEL_STYLES)
    width, height = PAGE[0] / COLUMNS, PAGE[1] / ROWS
    return tuple(
        Region(
            row * COLUMNS + column,
            labels[(row * 7 + column) % len(labels)],
            "words",
            "words",
            boxes=(
                PixelBox(column * width + 3.3, row * height + 4.7, (column + 1) * width - 4, (row + 1) * height - 3),
            ),
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    )


class Measured:
    """One canvas, its zoom, and what is done to it."""

    def __init__(self, canvas: Canvas, regions: tuple[Region, ...]) -> None:
        self.canvas = canvas
        self.regions = regions
        self._added = 0
        self._turn = 0

    def at(self, zoom: float | None) -> None:
        if zoom is None:
            self.canvas.fit()
        else:
            self.canvas.zoom_to(zoom)
            self.canvas.centerOn(PAGE[0] / 2, PAGE[1] / 2)
        settle()

    def anew(self) -> float:
        self.canvas.set_uncovered_visible(True)
        self.canvas.set_uncovered_visible(False)
        return seconds(lambda: self.canvas.viewport().repaint())

    def again(self) -> float:
        return seconds(lambda: self.canvas.viewport().repaint())

    def scroll(self) -> float:
        self._turn += 1
        bars = self.canvas.horizontalScrollBar(), self.canvas.verticalScrollBar()
        step = SCROLLED if self._turn // 20 % 2 else -SCROLLED

        def work() -> None:
            for bar in bars:
                bar.setValue(bar.value() + step)
            settle()

        return seconds(work)

    def hover(self) -> float:
        return self._mark(self.canvas.hover_region)

    def select(self) -> float:
        return self._mark(self.canvas.select_region)

    def add(self) -> float:
        """Tell of one more region, with all the others, and show it; the first part alone is `self.told`."""
        self._added += 1
        after = (*self.regions, Region(MANY * MANY + self._added, "text", "", "", boxes=(self._place(),)))
        begun = time.perf_counter()
        self.canvas.show_regions(after)
        self.told = time.perf_counter() - begun
        self.canvas.viewport().repaint()
        taken = time.perf_counter() - begun
        self.canvas.show_regions(self.regions)
        settle()
        return taken

    def find(self) -> float:
        """The mean over many places."""
        chance = random.Random(1)
        places = [QPoint(chance.randrange(VIEW[0] - 40), chance.randrange(VIEW[1] - 40)) for _ in range(MANY)]
        points = [self.canvas.mapToScene(place) for place in places]
        plain = self.canvas._page_item.plain
        return seconds(lambda: [plain.region_at(point.x(), point.y()) for point in points]) / MANY

    def _place(self) -> PixelBox:
        """Of a region in the middle of the view, another one each time."""
        return self.regions[self._next_id()].boxes[0]

    def _mark(self, mark: Callable[[int | None], None]) -> float:
        region_id = self._next_id()

        def work() -> None:
            mark(region_id)
            self.canvas.viewport().repaint()

        taken = seconds(work)
        mark(None)
        settle()
        return taken

    def _next_id(self) -> int:
        self._turn += 1
        middle = self.canvas.mapToScene(self.canvas.viewport().rect().center())
        row, column = int(middle.y() / PAGE[1] * ROWS), int(middle.x() / PAGE[0] * COLUMNS)
        return (row + self._turn % 5) * COLUMNS + column + self._turn % 3


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def settle() -> None:
    QApplication.processEvents()


def opened(image: object, regions: tuple[Region, ...]) -> Measured:
    canvas = Canvas()
    canvas.resize(*VIEW)
    canvas.show()
    QTest.qWaitForWindowExposed(canvas)
    canvas.show_page(image)  # type: ignore[arg-type]  # a PageImage; the module above the worker is not imported here
    canvas.show_regions(regions)
    settle()
    return Measured(canvas, regions)


def main() -> None:
    application = QApplication([])
    appearance.apply_style(application)
    store = PixelStore()
    image = page_image(store, Image.effect_noise(PAGE, 60).convert("RGB"))
    bare, boxed = opened(image, ()), opened(image, made_up_regions())
    rows = [["", "zoom", "picture alone", "10,000 boxes", "ratio", "goal"]]
    adding: list[float] = []
    for zoom in (None, *ZOOMS):
        for measured in (bare, boxed):
            measured.at(zoom)
        pairs: list[tuple[str, Callable[[], float], Callable[[], float], float]] = [
            ("all drawn anew", bare.anew, boxed.anew, GOAL_ANEW),
            ("all shown again", bare.again, boxed.again, GOAL_AGAIN),
            ("hover", bare.again, boxed.hover, GOAL_AGAIN),
            ("select", bare.again, boxed.select, GOAL_AGAIN),
            ("one region more", bare.again, boxed.add, GOAL_AGAIN),
        ]
        if zoom is not None:
            pairs.append(("scroll", bare.scroll, boxed.scroll, GOAL_AGAIN))
        for name, without, with_boxes, goal in pairs:
            taken = in_turn(ROUNDS, {"bare": without, "boxed": with_boxes})
            ratio = taken["boxed"] / taken["bare"]
            shown = "fitted" if zoom is None else f"{zoom * 100:.0f} %"
            rows.append([name, shown, ms(taken["bare"]), ms(taken["boxed"]), f"{ratio:.2f} x", f"<= {goal:.0f} x"])
        adding.append(boxed.told)
    print_table("10,000 boxes on a page of 24 megapixels", rows)
    boxed.at(None)
    found = in_turn(5, {"found": boxed.find})["found"]
    print_table(
        "",
        [
            ["", "time", "goal"],
            ["what lies under the pointer", ms(found), f"< {ms(GOAL_S)}"],
            ["telling of one more region", ms(max(adding)), f"< {ms(GOAL_S)}"],
        ],
    )
    for measured in (bare, boxed):
        measured.canvas.show_page(None)
        measured.canvas.close()
    image.close()
    store.close()


def ms(taken: float) -> str:
    return f"{taken * 1000:.3f} ms"


if __name__ == "__main__":
    main()
