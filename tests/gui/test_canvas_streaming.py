"""Boxes of an answer that streams in, on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import (
    QColor,
    QImage,
)
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.canvas.layers import BoxLayer
from ocr_desktop.gui.canvas.view import Canvas
from tests.support.canvas_events import (
    GREY,
    HEIGHT,
    REGIONS,
    WIDTH,
    look,
    region,
    rendered,
    screen,
    seen_at,
)

labels = st.sampled_from(["text", "title", "table", "image_caption"])
some_boxes = st.lists(
    st.tuples(st.integers(0, 1400), st.integers(0, 1000), st.integers(20, 900), st.integers(20, 900)), max_size=2
)


@st.composite
def revised_regions(draw: st.DrawFn) -> list[tuple[Region, ...]]:
    """What a run shows one after the other: regions come, change, go, and change places."""
    shown: list[tuple[Region, ...]] = []
    now: list[Region] = []
    for next_id in range(draw(st.integers(1, 8))):
        for _ in range(draw(st.integers(0, 2))):
            if now:
                now.pop(draw(st.integers(0, len(now) - 1)))
        if now and draw(st.booleans()):
            at = draw(st.integers(0, len(now) - 1))
            now[at] = region(now[at].id, *map(corners, draw(some_boxes)), label=draw(labels))
        now.insert(draw(st.integers(0, len(now))), region(next_id, *map(corners, draw(some_boxes)), label=draw(labels)))
        shown.append(tuple(now))
    return shown


def corners(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    x, y, width, height = box
    return (x, y, min(x + width, WIDTH), min(y + height, HEIGHT))


@given(revised_regions())
@settings(max_examples=40)
def test_after_any_revisions_a_point_finds_what_stands_there_now(shown: list[tuple[Region, ...]]) -> None:
    layer = BoxLayer()
    for regions in shown:
        layer.show_regions(regions)
    for x, y in [(x + 0.5, y + 0.5) for x in range(0, WIDTH, 100) for y in range(0, HEIGHT, 100)]:
        areas = {
            one.id: min(box.width * box.height for box in one.boxes if box.contains(x, y))
            for one in shown[-1]
            if any(box.contains(x, y) for box in one.boxes)
        }
        found = layer.region_at(x, y)
        if found is None:
            assert not areas
        else:
            assert areas[found] == min(areas.values())


@given(revised_regions())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_streamed_in_looks_like_what_is_shown_at_once(canvas: Canvas, shown: list[tuple[Region, ...]]) -> None:
    stream(canvas, shown)
    streamed = look(canvas)
    draw_anew(canvas)
    assert covered(streamed) == covered(look(canvas))


@given(revised_regions(), revised_regions(), st.booleans(), st.floats(0.1, 1.5))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_under_a_shade_or_hits_it_looks_exactly_so(
    canvas: Canvas,
    shown: list[tuple[Region, ...]],
    hits: list[tuple[Region, ...]],
    is_shaded: bool,
    zoom: float,
) -> None:
    canvas.zoom_to(zoom)
    canvas.set_uncovered_visible(is_shaded)
    canvas.show_hits((region(99, (0, 0, 50, 50), label="match"),))
    canvas.set_hidden_labels(frozenset({"title"}))
    stream(canvas, shown)
    for regions in hits:
        canvas.show_hits(regions)
        canvas.show_found(regions[:1])
        canvas.viewport().repaint()
    streamed = look(canvas)
    draw_anew(canvas)
    assert streamed == look(canvas)
    canvas.set_uncovered_visible(False)


def stream(canvas: Canvas, shown: list[tuple[Region, ...]]) -> None:
    canvas.show_regions(())
    for regions in shown:
        canvas.show_regions(regions)
        canvas.viewport().repaint()


def draw_anew(canvas: Canvas) -> None:
    canvas.set_boxes_visible(False)
    canvas.viewport().repaint()
    canvas.set_boxes_visible(True)


def covered(image: QImage) -> bytes:
    """Which pixels are not bare page; boxes of two labels may lie over one another in either order."""
    bits = image.convertToFormat(QImage.Format.Format_RGB888)
    bare = bytes(GREY)
    line = bytes(bits.constBits())
    return bytes(line[at : at + 3] == bare for at in range(0, len(line), 3))


def test_the_screen_follows_every_change(qtbot: QtBot, canvas: Canvas) -> None:
    changes: list[Callable[[], object]] = [
        lambda: canvas.show_regions((*REGIONS, region(9, (710, 520, 780, 690)))),
        lambda: canvas.show_regions((REGIONS[0], region(1, (900, 1000, 1100, 1100)), *REGIONS[2:])),
        lambda: canvas.select_region(3),
        lambda: canvas.hover_region(2),
        lambda: canvas.select_region(2),
        lambda: canvas.hover_region(None),
        lambda: canvas.show_hits((region(0, (850, 320, 1000, 380), label="match"),)),
        lambda: canvas.show_found((region(0, (820, 720, 900, 760), label="match"),)),
        lambda: canvas.show_current_hit(PixelBox(820, 720, 900, 760)),
        lambda: canvas.set_hidden_labels(frozenset({"title"})),
        lambda: canvas.set_uncovered_visible(True),
        lambda: canvas.show_regions((*REGIONS, region(9, (710, 520, 780, 690)))),
        lambda: canvas.show_current_hit(None),
        lambda: canvas.zoom_to(1.3),
        lambda: canvas.hover_region(3),
        lambda: canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().value() + 60),
        lambda: canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().value() - 90),
        lambda: canvas.show_regions((*REGIONS, *(region(n, (n, 700, n + 2, 710)) for n in range(10, 700)))),
        lambda: canvas.set_boxes_visible(False),
        lambda: canvas.set_boxes_visible(True),
        lambda: canvas.set_turns(3),
        lambda: canvas.show_page(None),
    ]
    for change in changes:
        before = screen(canvas)
        change()
        qtbot.waitUntil(lambda before=before: screen(canvas) != before)
        qtbot.waitUntil(lambda: screen(canvas) == rendered(canvas))


def test_a_region_that_was_replaced_keeps_being_selected(canvas: Canvas) -> None:
    canvas.select_region(1)
    canvas.show_regions((REGIONS[0], region(1, (900, 1000, 1100, 1100))))
    seen = look(canvas)
    assert seen.pixelColor(seen_at(canvas, 1000, 1050)) != QColor(*GREY)
    assert seen.pixelColor(seen_at(canvas, 500, 800)) == QColor(*GREY)
