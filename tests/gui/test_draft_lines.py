"""The lines of a draft over the picture: which are shown, and what they lie under."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from ocr_desktop.core.geometry import PixelBox, Quad, bounds_of, quad_bounds
from ocr_desktop.gui.canvas.draft_item import DraftItem
from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import REGIONS

numbers = st.integers(0, 60)
sides = st.integers(1, 40)


def quad_of(x: float, y: float, width: float, height: float) -> Quad:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


lines = st.lists(st.builds(quad_of, numbers, numbers, sides, sides), max_size=12)
boxes = st.lists(st.builds(quad_of, numbers, numbers, sides, sides).map(quad_bounds), max_size=6)


def uncovered(quads: Sequence[Quad], covering: Sequence[PixelBox]) -> int:
    middles = [((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2) for box in map(quad_bounds, quads)]
    return sum(not any(box.contains(*middle) for box in covering) for middle in middles)


@given(first=lines, more=lines, early=boxes, late=boxes, is_new=st.booleans())
def test_lines_give_way_to_boxes_whichever_come_first(
    first: list[Quad], more: list[Quad], early: list[PixelBox], late: list[PixelBox], is_new: bool
) -> None:
    item = DraftItem()
    item.show_lines(first)
    item.cover(early)
    shown = more if is_new else [*first, *more]
    item.show_lines(shown)
    assert item.count == uncovered(shown, early)
    item.cover(late)
    assert item.count == uncovered(shown, [*early, *late])
    item.clear()
    item.show_lines(shown)
    assert item.count == len(shown)


def seen(canvas: Canvas) -> QImage:
    return canvas.viewport().grab().toImage()


def test_boxes_of_a_draft_are_hidden_with_all_others(canvas: Canvas) -> None:
    def hidden() -> QImage:
        QTest.keyClick(canvas, Qt.Key.Key_H)
        image = seen(canvas)
        QTest.keyClick(canvas, Qt.Key.Key_H)
        return image

    before, without = seen(canvas), hidden()
    canvas.draft_lines.show_lines([quad_of(10, 10, 30, 8), ((60, 40), (90, 55), (86, 63), (56, 48))])
    assert seen(canvas) != before
    assert hidden() == without
    canvas.draft_lines.clear()
    assert seen(canvas) == before


def test_what_stands_out_lies_over_a_draft(canvas: Canvas) -> None:
    region = next(region for region in REGIONS if region.boxes)
    box = bounds_of(region.boxes)
    canvas.select_region(region.id)
    edge = canvas.mapFromScene(box.x_min, (box.y_min + box.y_max) / 2)

    def colours() -> list[str]:
        image = seen(canvas)
        ratio = image.devicePixelRatio()
        places = (edge + QPoint(shift, 0) for shift in (-1, 0, 1))
        return [image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)).name() for at in places]

    before = colours()
    canvas.draft_lines.show_lines([quad_of(box.x_min, box.y_min, box.width, box.height)])
    assert colours() == before
