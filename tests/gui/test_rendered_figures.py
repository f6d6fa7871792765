"""Figures cut from the page, long tables that open, and what is painted under the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap, QTextFrame, QTextTable
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.output.artwork import OBJECT
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.table_parts import CELLS_SHOWN
from ocr_desktop.gui.pixmaps import PageImage
from ocr_desktop.worker.pixels import PixelStore
from tests.support.page_images import page_image

RED, GREEN, BLUE = "#ff0000", "#00ff00", "#0000ff"
LEFT_HALF, TOP_RIGHT = PixelBox(100, 100, 300, 300), PixelBox(300, 100, 500, 200)
LONG = "<table>" + "".join(f"<tr><td>row {row}</td><td>{row}</td></tr>" for row in range(1200)) + "</table>"


@pytest.fixture
def page(store: PixelStore) -> Iterator[PageImage]:
    """White, 600 × 800; red from (100, 100) to (300, 300), green right of it, blue below that."""
    picture = Image.new("RGB", (600, 800), "white")
    picture.paste(RED, (100, 100, 300, 300))
    picture.paste(GREEN, (300, 100, 500, 200))
    picture.paste(BLUE, (300, 200, 500, 300))
    image = page_image(store, picture)
    yield image
    image.close()


@pytest.fixture
def view(qtbot: QtBot) -> RenderedView:
    view = RenderedView()
    qtbot.addWidget(view)
    view.resize(520, 700)
    with qtbot.waitExposed(view):
        view.show()
    return view


def figure(region_id: int, *boxes: PixelBox, markdown: str = "", label: str = "image") -> Region:
    return Region(region_id, label, markdown, markdown, boxes=boxes)


def words(region_id: int, markdown: str) -> Region:
    return Region(region_id, "text", markdown, markdown)


def show(qtbot: QtBot, view: RenderedView, regions: Sequence[Region]) -> None:
    view.show_regions(regions)
    qtbot.waitUntil(lambda: view.is_caught_up)


def area_of(image: QImage, *colours: str) -> QRect:
    """Where pixels of these colours are."""
    wanted = {QColor(colour).rgb() for colour in colours}
    found = [QPoint(x, y) for y in range(image.height()) for x in range(image.width()) if image.pixel(x, y) in wanted]
    return (
        QRect(
            QPoint(min(point.x() for point in found), min(point.y() for point in found)),
            QPoint(max(point.x() for point in found), max(point.y() for point in found)),
        )
        if found
        else QRect()
    )


def painted(view: RenderedView, ratio: float = 1.0) -> QImage:
    target = QPixmap(view.size() * ratio)
    target.setDevicePixelRatio(ratio)
    view.render(target)
    return target.toImage()


def tables(view: RenderedView) -> list[QTextTable]:
    frames: list[QTextFrame] = view.document().rootFrame().childFrames()
    return [frame for frame in frames if isinstance(frame, QTextTable)]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_figure_is_the_part_of_the_page_in_its_box(
    qtbot: QtBot, view: RenderedView, page: PageImage, ratio: float
) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [words(0, "Before"), figure(1, LEFT_HALF), words(2, "After")])
    image = painted(view, ratio)
    red = area_of(image, RED)
    assert red.width() > 80 * ratio
    assert abs(red.width() - red.height()) <= 1
    assert image.pixelColor(red.center()).name() == RED
    assert area_of(image, GREEN, BLUE).isEmpty()


def test_each_box_is_a_picture_of_its_own_and_selects_its_region(
    qtbot: QtBot, view: RenderedView, page: PageImage
) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [figure(7, LEFT_HALF, TOP_RIGHT, label="figure")])
    image = painted(view)
    red, green = area_of(image, RED), area_of(image, GREEN)
    assert red.bottom() < green.top()
    for area in (red, green):
        with qtbot.waitSignal(view.region_selected) as selected:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
        assert selected.args == [7]
    view.select_region(7)
    assert [mark.cursor.selectedText() for mark in view.extraSelections()] == [OBJECT, OBJECT]
    assert area_of(painted(view), RED).width() < red.width(), "a selected figure has a frame"


def test_figures_are_turned_with_the_page(qtbot: QtBot, view: RenderedView, page: PageImage) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [figure(0, PixelBox(100, 100, 500, 200))])
    upright = painted(view)
    assert area_of(upright, RED).right() <= area_of(upright, GREEN).left()
    view.use_page(page, 1)
    turned = painted(view)
    assert area_of(turned, RED).bottom() <= area_of(turned, GREEN).top()


def test_a_region_with_words_or_of_another_kind_is_no_figure(qtbot: QtBot, view: RenderedView, page: PageImage) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [figure(0, LEFT_HALF, markdown="words"), figure(1, TOP_RIGHT, label="text"), figure(2)])
    assert view.toPlainText() == "words"


def test_without_a_page_a_figure_keeps_its_place(qtbot: QtBot, view: RenderedView, page: PageImage) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [figure(0, LEFT_HALF)])
    view.use_page(None, 0)
    assert area_of(painted(view), RED).isEmpty()
    assert view.toPlainText() == OBJECT
    view.use_page(page, 0)
    assert not area_of(painted(view), RED).isEmpty()


def test_a_figure_is_copied_as_its_name(qtbot: QtBot, view: RenderedView, page: PageImage) -> None:
    view.use_page(page, 0)
    show(qtbot, view, [words(0, "Before"), figure(1, LEFT_HALF)])
    view.selectAll()
    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Before\n[Figure]"
    assert "<img" not in mime.html()


def test_a_long_table_shows_its_first_rows_until_the_rest_is_asked_for(qtbot: QtBot, view: RenderedView) -> None:
    regions = [words(0, "Before"), words(1, LONG), words(2, "After")]
    show(qtbot, view, regions)
    rows = sum(table.rows() for table in tables(view))
    assert CELLS_SHOWN / 2 <= rows < 700
    link = view.document().find("Show all 1200 rows")
    assert not link.isNull()
    assert view.toPlainText().endswith("After")
    # By the keyboard alone: Tab goes to the link, Enter follows it.
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.caught_up):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert sum(table.rows() for table in tables(view)) == 1200
    assert "Show all" not in view.toPlainText()
    assert view.toPlainText().endswith("After")
    show(qtbot, view, [*regions, words(3, "More")])
    assert sum(table.rows() for table in tables(view)) == 1200


def test_a_table_of_another_text_is_short_again(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, [words(1, LONG)])
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.caught_up):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    show(qtbot, view, [])
    view.go_to_start()
    show(qtbot, view, [words(1, LONG + " ")])
    assert "Show all" in view.toPlainText()


def test_a_link_to_more_rows_is_not_copied(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, [words(1, LONG)])
    view.selectAll()
    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert "Show all" not in mime.text() + mime.html()
    assert "rows:" not in mime.html()


def test_quotes_have_bars_and_code_a_panel(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, [words(0, "Words"), words(1, "> quoted"), words(2, "```\ncode\n```"), words(3, "Words")])
    image = painted(view)
    base = image.pixelColor(2, 2)

    def left_of(text: str) -> QColor:
        rect = view.cursorRect(view.document().find(text))
        return image.pixelColor(17, rect.center().y())

    assert left_of("quoted") != base
    assert left_of("code") not in (base, left_of("quoted"))
    rect = view.cursorRect(view.document().find("code"))
    assert image.pixelColor(450, rect.center().y()) == left_of("code"), "a panel is as wide as the column"


def test_another_page_lays_out_only_what_holds_a_figure(qtbot: QtBot, view: RenderedView, page: PageImage) -> None:
    show(qtbot, view, [words(0, "Before"), figure(1, LEFT_HALF), words(2, "After")])
    laid_out: list[tuple[object, ...]] = []
    view.document().documentLayout().update.connect(lambda *area: laid_out.append(area))
    view.use_page(page, 0)
    assert laid_out
    laid_out.clear()
    view.use_page(page, 0)
    assert laid_out == [], "the same page again is nothing new"
    show(qtbot, view, [words(0, "Before"), words(2, "After")])
    laid_out.clear()
    view.use_page(page, 1)
    view.use_page(None, 0)
    assert laid_out == [], "where there is no figure, nothing changes"
