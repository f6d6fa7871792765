"""Someone judges an answer: box by box in every view, by keys, by labels, turned, corrected and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from ocr_desktop.core.document import Region
from tests.support.canvas_events import move
from tests.support.driving import drive
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.waiting import Watch, until
from tests.support.window import ALT, CONTROL, LEFT, SHIFT, Desk, add_profile

HERE = "tests.journeys.test_inspect_closely"
ANSWER = (
    "<|ref|>title<|/ref|><|det|>[[100, 60, 500, 140]]<|/det|>\n# Ledger\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 200, 600, 300]]<|/det|>\nOranges were sold.\n\n"
    "<|ref|>table<|/ref|><|det|>[[100, 400, 900, 600]]<|/det|>\n"
    "<table><tr><td>Pears</td><td>12</td></tr><tr><td>Plums</td><td>7</td></tr></table>\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 700, 700, 1200]]<|/det|>\nNothing is owed.\n"
)
"""A heading, a paragraph, a table, and a paragraph whose box reaches beyond the page."""
LABELS = ["title", "text", "table", "text"]
PIECES = ("Ledger", "Oranges were sold.", "Pears", "Nothing is owed.")
VIEWS = 3


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A page, and a program whose chosen engine is a server that knows what stands on it."""
    picture = tmp_path / "ledger.png"
    words = [Words(text, 80, 60 + 140 * number, 36) for number, text in enumerate(PIECES)]
    draw_page(*words, size=(800, 640)).save(picture)
    settings = tmp_path / "config" / "ocr-desktop"
    settings.mkdir(parents=True)
    (settings / "settings.toml").write_text('engine = "modelverse"\nauto_read = "always"\n', "utf-8")
    with ProviderServer("modelverse", streamed(ANSWER)) as server:
        add_profile(settings, server.base_url)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        yield picture


# What the user sees and does


def label_of(desk: Desk, region_id: int | None) -> str | None:
    return next((region.label for region in desk.session.regions if region.id == region_id), None)


def middle_of(desk: Desk, region: Region) -> QPoint:
    box = region.boxes[0]
    return desk.canvas.mapFromScene(QPointF((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2))


def marked(view: QTextEdit | QPlainTextEdit) -> str:
    return " ".join(selection.cursor.selectedText() for selection in view.extraSelections())


def menu_of(desk: Desk, region: Region) -> QMenu:
    """What a right click on a region opens."""
    place = middle_of(desk, region)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, desk.canvas.viewport().mapToGlobal(place))
    QApplication.sendEvent(desk.canvas.viewport(), asked)
    (menu,) = [each for each in desk.window.findChildren(QMenu, "region_menu") if each.isVisible()]
    return menu


async def until_read(desk: Desk) -> tuple[Region, ...]:
    await desk.until_read()
    view = desk.window.output.rendered_view
    await desk.until(lambda: view.is_caught_up and PIECES[-1] in desk.preview)
    return desk.session.regions


async def view_of(desk: Desk, tab: int) -> Any:
    """Show a view, and give it when it has written everything."""
    desk.find(QTabWidget, "output_tabs").setCurrentIndex(tab)
    output = desk.window.output
    view = (output.rendered_view, output.markdown_view, output.raw_view)[tab]
    await desk.until(lambda: view.is_caught_up, view.caught_up)
    return view


async def regions_table(desk: Desk) -> QTableView:
    desk.find(QTabWidget, "output_tabs").setCurrentIndex(VIEWS)
    table = desk.find(QTableView, "regions_table")
    await until(
        lambda: table.viewport().height() > table.rowHeight(0) > 0,
        Watch(table).changed,
        table.verticalScrollBar().rangeChanged,
    )
    return table


async def follow(desk: Desk) -> dict[str, Any]:
    """Click words and boxes in every view."""
    regions = await until_read(desk)
    report: dict[str, Any] = {"labels": [region.label for region in regions], "words": [], "boxes": []}
    for tab in range(VIEWS):
        view = await view_of(desk, tab)
        for piece in PIECES:
            place = view.cursorRect(view.document().find(piece)).center()
            QTest.mouseClick(view.viewport(), LEFT, pos=place)
            report["words"].append(label_of(desk, desk.session.selected))
        for region, piece in zip(regions, PIECES, strict=True):
            QTest.mouseClick(desk.canvas.viewport(), LEFT, pos=middle_of(desk, region))
            report["boxes"].append(piece in marked(view))
    table = await regions_table(desk)
    rows = []
    for region in regions:
        QTest.mouseClick(desk.canvas.viewport(), LEFT, pos=middle_of(desk, region))
        rows.append(table.currentIndex().row())
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(0, 0)).center())
    report["rows"], report["first row"] = rows, label_of(desk, desk.session.selected)
    return report


def test_words_and_boxes_lead_to_each_other_in_every_view(judged: Path, display: str, tmp_path: Path) -> None:
    report = drive(display, f"{HERE}:follow", tmp_path, judged)
    assert report["labels"] == LABELS
    assert report["words"] == LABELS * VIEWS
    assert report["boxes"] == [True] * len(PIECES) * VIEWS
    assert report["rows"] == [0, 1, 2, 3]
    assert report["first row"] == "title"


async def walk(desk: Desk) -> dict[str, Any]:
    """Step through the regions with the keys alone, and look at one closely."""
    await until_read(desk)
    desk.window.output.rendered_view.setFocus()
    steps = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        desk.press_in_window(key, ALT)
        steps.append(label_of(desk, desk.session.selected))
    desk.canvas.setFocus()
    fitted = desk.canvas.zoom
    desk.press(desk.canvas, Qt.Key.Key_Return)
    close = desk.canvas.zoom / fitted
    desk.press(desk.canvas, Qt.Key.Key_Return)
    return {"steps": steps, "close": close, "back": desk.canvas.zoom / fitted}


def test_regions_are_walked_in_reading_order(judged: Path, display: str, tmp_path: Path) -> None:
    report = drive(display, f"{HERE}:walk", tmp_path, judged)
    assert report["steps"] == ["title", "text", "table", "text"]
    assert report["close"] > 1.2
    assert report["back"] == 1.0


async def filter_labels(desk: Desk) -> dict[str, Any]:
    """Leave the paragraphs out of the picture, and bring them back."""
    regions = await until_read(desk)
    button = desk.window.canvas_bar.boxes_button
    desk.click(button)
    legend = desk.find(QWidget, "boxes_legend")
    checks = {check.text(): check for check in legend.findChildren(QCheckBox)}
    (text,) = [check for name, check in checks.items() if name.startswith("Text")]
    text.setFocus()
    desk.press(text, Qt.Key.Key_Space)
    desk.press(legend, Qt.Key.Key_Escape)
    seen = []
    for region in regions:
        move(desk.canvas, middle_of(desk, region))
        seen.append(label_of(desk, desk.session.hovered))
    desk.click(button)
    desk.press(desk.find(QWidget, "show_all_labels_button"), Qt.Key.Key_Space)
    desk.press(legend, Qt.Key.Key_Escape)
    move(desk.canvas, middle_of(desk, regions[1]))
    return {"lines": sorted(checks), "seen": seen, "again": label_of(desk, desk.session.hovered)}


def test_labels_are_filtered(judged: Path, display: str, tmp_path: Path) -> None:
    report = drive(display, f"{HERE}:filter_labels", tmp_path, judged)
    assert report["seen"] == ["title", None, "table", None]
    assert report["again"] == "text"


async def doubt(desk: Desk) -> dict[str, Any]:
    """Go to what is doubtful, find it right, and take that back."""
    await until_read(desk)
    report: dict[str, Any] = {"doubts": len(desk.session.doubts)}
    fitted = desk.canvas.zoom
    desk.press_in_window(Qt.Key.Key_F8)
    report["told"] = desk.bar.text
    report["close"] = desk.canvas.zoom / fitted
    report["selected"] = label_of(desk, desk.session.selected)
    desk.take_choice("Looks right")
    report["left"] = len(desk.session.doubts)
    desk.window.output.rendered_view.setFocus()
    desk.press_in_window(Qt.Key.Key_Z, CONTROL)
    report["undone"] = len(desk.session.doubts)
    desk.press_in_window(Qt.Key.Key_Z, CONTROL | SHIFT)
    report["redone"] = len(desk.session.doubts)
    return report


def test_doubts_are_walked_and_cleared(judged: Path, display: str, tmp_path: Path) -> None:
    report = drive(display, f"{HERE}:doubt", tmp_path, judged)
    assert report["doubts"] == 1
    assert "Doubt 1 of 1" in report["told"]
    assert "edge" in report["told"]
    assert report["close"] > 1.0
    assert report["selected"] == "text"
    assert (report["left"], report["undone"], report["redone"]) == (0, 1, 0)


# Reading again, on this computer


async def turned_upright(desk: Desk) -> dict[str, Any]:
    """A page that lies on its side is read as it lies, and turned; then the user wants it as it was."""
    await desk.until_read()
    (region,) = desk.session.regions
    box = region.boxes[0]
    turns = desk.session.turns
    desk.window.output.rendered_view.setFocus()
    desk.press_in_window(Qt.Key.Key_Z, CONTROL)
    return {
        "text": region.text,
        "box": [box.width, box.height],
        "turns": turns,
        "turned back": desk.session.turns,
    }


async def read_again(desk: Desk) -> dict[str, Any]:
    """One region is read again by its menu; then the user thinks better of it."""
    await desk.until_read()
    before = [region.text for region in desk.session.regions]
    region = desk.session.regions[1]
    desk.choose_in_menu(menu_of(desk, region), "&Read this region again")
    await desk.until(lambda: desk.control.job is None and desk.session.run and desk.session.run.edits)
    spliced = desk.session.regions
    await desk.until_at_rest()
    report = {
        "before": before,
        "after": [each.text for each in spliced],
        "is new": region.id not in [each.id for each in spliced],
        "runs": len(desk.session.text_runs),
        "is near": abs(spliced[1].boxes[0].y_min - region.boxes[0].y_min),
    }
    desk.canvas.setFocus()
    desk.press_in_window(Qt.Key.Key_Z, CONTROL)
    report["undone"] = region in desk.session.regions
    desk.choose_in_menu(menu_of(desk, region), "Copy &text")
    report["copied"] = QGuiApplication.clipboard().text()
    return report


def test_a_page_on_its_side_is_read_and_turned(display: str, tmp_path: Path) -> None:
    path = tmp_path / "lying.png"
    draw_page(Words("Upright words at last", 40, 60, 48), size=(720, 240)).rotate(90, expand=True).save(path)
    report = drive(display, f"{HERE}:turned_upright", tmp_path, path)
    assert report["text"] == "Upright words at last"
    width, height = report["box"]
    assert height > 3 * width, "the box stays on the page as it was opened"
    assert report["turns"] == 1
    assert report["turned back"] == 0


def test_a_region_is_read_again_and_that_is_undone(display: str, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    words = (Words(text, 60, 60 + 240 * number, 40) for number, text in enumerate(("First", "Second words", "Third")))
    draw_page(*words, size=(700, 640)).save(path)
    report = drive(display, f"{HERE}:read_again", tmp_path, path)
    assert report["before"] == ["First", "Second words", "Third"]
    assert report["after"] == report["before"]
    assert report["is new"]
    assert report["runs"] == 1
    assert report["is near"] < 12
    assert report["undone"]
    assert report["copied"] == "Second words"


async def type_everywhere(desk: Desk) -> dict[str, Any]:
    """Type letters that mean something on the picture into every line of text that there is."""
    await until_read(desk)
    desk.canvas.zoom_to(0.5)
    zoom = desk.canvas.zoom
    typed = {}

    def type_into(edit: QLineEdit) -> None:
        desk.focus(edit)
        QTest.keyClicks(edit, "FH ")
        typed[edit.objectName()] = edit.text().endswith("FH ")

    desk.window.prompt_line.begin_editing()
    type_into(desk.window.prompt_line.prompt_edit)
    await regions_table(desk)
    for tab in (VIEWS, 0):
        desk.find(QTabWidget, "output_tabs").setCurrentIndex(tab)
        desk.press_in_window(Qt.Key.Key_F, CONTROL)
        type_into(desk.find(QLineEdit, "regions_filter" if tab else "find_edit"))
    type_into(desk.locate_edit)
    return {
        "typed": typed,
        "all": sorted(edit.objectName() for edit in desk.window.findChildren(QLineEdit)),
        "zoom": desk.canvas.zoom == zoom,
        "boxes": desk.actions["boxes"].isChecked(),
    }


def test_typing_into_a_line_of_text_changes_no_view(judged: Path, display: str, tmp_path: Path) -> None:
    report = drive(display, f"{HERE}:type_everywhere", tmp_path, judged)
    assert sorted(report["typed"]) == report["all"], "a new line of text must be tried here"
    assert all(report["typed"].values()), report["typed"]
    assert report["zoom"]
    assert report["boxes"]
