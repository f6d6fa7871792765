"""Someone looks closely at what was read where: boxes and words, both ways, by mouse and by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget, QTextEdit

from ocr_desktop.core.document import Region
from tests.support.canvas_events import move, turn_wheel
from tests.support.driving import drive
from tests.support.pictures import Words, draw_page
from tests.support.window import ALT, CONTROL, LEFT, Desk

PARAGRAPHS = ("Above everything", "Between the others", "Below everything")


def page(folder: Path) -> Path:
    path = folder / "page.png"
    words = (Words(text, 60, 60 + 240 * number, 40) for number, text in enumerate(PARAGRAPHS))
    draw_page(*words, size=(700, 640)).save(path)
    return path


def middle_of(desk: Desk, region: Region) -> QPoint:
    box = region.boxes[0]
    return desk.canvas.mapFromScene(QPointF((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2))


def marked(view: QTextEdit | QPlainTextEdit) -> list[str]:
    return [selection.cursor.selectedText().strip() for selection in view.extraSelections()]


def words_of(desk: Desk, region_id: int | None) -> str | None:
    return next((region.text for region in desk.session.regions if region.id == region_id), None)


async def inspect(desk: Desk) -> dict[str, Any]:
    report: dict[str, Any] = {}
    view = desk.window.output.rendered_view
    await desk.until_read()
    await desk.until(lambda: view.is_caught_up and PARAGRAPHS[2] in desk.preview)
    regions = desk.session.regions
    report["regions"] = [region.text for region in regions]

    move(desk.canvas, middle_of(desk, regions[0]))
    report["hovered"] = marked(view)
    QTest.mouseClick(desk.canvas.viewport(), LEFT, pos=middle_of(desk, regions[1]))
    report["clicked box"] = words_of(desk, desk.session.selected)
    report["its words"] = marked(view)

    place = view.cursorRect(view.document().find(PARAGRAPHS[2])).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    report["clicked words"] = words_of(desk, desk.session.selected)
    report["its box"] = desk.canvas.accessibleDescription()

    desk.canvas.setFocus()
    desk.press(desk.canvas, Qt.Key.Key_Up, ALT)
    report["by key"] = words_of(desk, desk.session.selected)
    desk.find(QTabWidget, "output_tabs").setCurrentIndex(1)
    source = desk.window.output.markdown_view
    await desk.until(lambda: source.extraSelections(), source.caught_up)
    report["in the source"] = marked(source)

    fitted = desk.canvas.zoom
    pointer = middle_of(desk, regions[1])
    below = desk.canvas.mapToScene(pointer)
    turn_wheel(desk.canvas, pointer, 2, CONTROL)
    report["zoomed"] = desk.canvas.zoom / fitted
    report["slipped"] = (desk.canvas.mapToScene(pointer) - below).manhattanLength()
    desk.press(desk.canvas, Qt.Key.Key_Return)
    report["close"] = desk.canvas.zoom / fitted
    desk.press(desk.canvas, Qt.Key.Key_9, CONTROL)
    report["fitted"] = desk.canvas.zoom / fitted
    desk.press(desk.canvas, Qt.Key.Key_Escape)
    report["after escape"] = desk.session.selected
    return report


def test_boxes_and_words_are_followed_both_ways(display: str, tmp_path: Path) -> None:
    report = drive(display, "tests.journeys.test_inspect_boxes:inspect", tmp_path, page(tmp_path))
    above, between, below = PARAGRAPHS
    assert report["regions"] == [above, between, below]
    assert report["hovered"] == [above]
    assert report["clicked box"] == between
    assert between in report["its words"]
    assert report["clicked words"] == below
    assert report["its box"].endswith(below)
    assert report["by key"] == between
    assert between in report["in the source"]
    assert report["zoomed"] > 1.2
    assert report["slipped"] < 2
    assert report["close"] > 1.2
    assert report["fitted"] == 1.0
    assert report["after escape"] is None
