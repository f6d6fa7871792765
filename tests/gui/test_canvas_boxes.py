"""What the canvas draws over the page, and the keys and drops it leaves to others."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.appearance import label_colour
from ocr_desktop.gui.canvas.found_showing import MOST_FOUND_AT_ONCE
from ocr_desktop.gui.canvas.view import FOUND, Canvas
from ocr_desktop.gui.pixmaps import PageImage
from ocr_desktop.worker.pixels import PixelStore
from tests.support.canvas_events import (
    GREY,
    HEIGHT,
    LEFT,
    REGIONS,
    WIDTH,
    click,
    collected,
    has_colour,
    look,
    move,
    region,
    seen_at,
    turn_wheel,
)
from tests.support.page_images import page_image


def test_boxes_have_the_colour_of_their_label(canvas: Canvas) -> None:
    seen = look(canvas)
    for one in REGIONS:
        for box in one.boxes:
            assert has_colour(seen, seen_at(canvas, box.x_min, box.y_min), label_colour(one.label))


def test_h_hides_the_boxes_and_shows_them_again(qtbot: QtBot, canvas: Canvas) -> None:
    toggled = collected(canvas.boxes_toggled)
    chosen = collected(canvas.region_selected)
    corner = seen_at(canvas, 100, 100)
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    assert not has_colour(look(canvas), corner, label_colour("title"))
    click(qtbot, canvas, 300, 450)
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    assert has_colour(look(canvas), corner, label_colour("title"))
    assert toggled == [False, True]
    assert chosen == [None]


def test_a_hit_is_drawn_over_the_regions_and_a_click_on_it_tells_which(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    clicked: list[tuple[str, int]] = []
    canvas.hit_clicked.connect(lambda layer, region_id: clicked.append((layer, region_id)))
    canvas.show_hits((region(1, (850, 320, 1000, 380), label="match"),))
    canvas.show_found((region(7, (900, 320, 1200, 380), label="match"),))
    corner = seen_at(canvas, 850, 320)
    assert has_colour(look(canvas), corner, label_colour("match"))
    for x in (870, 950, 1100):
        click(qtbot, canvas, x, 350)
    assert clicked == [("engine", 1), ("engine", 1), ("found", 7)]
    assert chosen == []
    click(qtbot, canvas, 900, 450)
    assert chosen == [3]
    canvas.show_hits(())
    assert not has_colour(look(canvas), corner, label_colour("match"))
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    click(qtbot, canvas, 1100, 350)
    assert len(clicked) == 3


def test_the_three_kinds_of_hits_look_different(canvas: Canvas) -> None:
    box = (820, 1000, 1100, 1100)
    inside, beside = seen_at(canvas, 950, 1050), seen_at(canvas, *box[:2])
    looks = []
    for show in (canvas.show_regions, canvas.show_found, canvas.show_hits):
        show((region(20, box, label="match"),))
        seen = look(canvas)
        looks.append(seen.pixelColor(inside).name())
        show(())
    assert len(set(looks)) == 3
    canvas.show_hits((region(20, box, label="match"),))
    ground = look(canvas).pixelColor(beside - QPoint(7, 7))
    canvas.show_current_hit(PixelBox(*box))
    assert look(canvas).pixelColor(beside - QPoint(7, 7)) != ground
    canvas.show_current_hit(None)
    assert look(canvas).pixelColor(beside - QPoint(7, 7)) == ground


def test_a_label_that_is_filtered_away_is_neither_drawn_nor_pointed_at_nor_clicked(
    qtbot: QtBot, canvas: Canvas
) -> None:
    chosen = collected(canvas.region_selected)
    pointed = collected(canvas.region_hovered)
    corner = seen_at(canvas, 200, 400)
    canvas.set_hidden_labels(frozenset({"table"}))
    assert not has_colour(look(canvas), corner, label_colour("table"))
    assert has_colour(look(canvas), seen_at(canvas, 100, 300), label_colour("text"))
    move(canvas, seen_at(canvas, 300, 450))
    click(qtbot, canvas, 300, 450)
    assert pointed == [1]
    assert chosen == [1]
    canvas.select_region(2)
    assert not has_colour(look(canvas), corner, label_colour("table"))
    canvas.set_hidden_labels(frozenset())
    assert has_colour(look(canvas), corner, label_colour("table"))


def test_what_no_box_covers_is_shaded_and_a_filtered_box_still_covers(canvas: Canvas) -> None:
    bare, covered, filtered = seen_at(canvas, 1550, 1150), seen_at(canvas, 600, 1000), seen_at(canvas, 1000, 150)
    beside = QPoint(5, 5)
    before = look(canvas)
    canvas.set_hidden_labels(frozenset({"title"}))
    canvas.set_uncovered_visible(True)
    seen = look(canvas)
    assert seen.pixelColor(bare) != QColor(*GREY)
    assert seen.pixelColor(covered) == seen.pixelColor(filtered) == QColor(*GREY)
    assert seen.pixelColor(beside) == before.pixelColor(beside)
    canvas.show_regions((*REGIONS, region(9, (1520, 1100, 1590, 1190))))
    assert look(canvas).pixelColor(bare) == QColor(*GREY)
    canvas.show_regions(REGIONS)
    assert look(canvas).pixelColor(bare) == seen.pixelColor(bare)
    canvas.set_uncovered_visible(False)
    assert look(canvas).pixelColor(bare) == QColor(*GREY)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [None, 0.37, 1.0])
def test_a_box_stands_on_what_it_is_drawn_around(
    canvas: Canvas, store: PixelStore, ratio: float, turns: int, zoom: float | None
) -> None:
    box = (611, 407, 803, 533)
    picture = Image.new("RGB", (WIDTH, HEIGHT), GREY)
    picture.paste((0, 0, 0), box)
    image = page_image(store, picture)
    canvas.show_page(image, turns=turns)
    if zoom is not None:
        canvas.zoom_to(zoom)
        canvas.centerOn(700, 470)
    ink = bounds_of(drawn_at(canvas, ratio), QColor(0, 0, 0))
    canvas.show_regions((region(0, box),))
    line = bounds_of(drawn_at(canvas, ratio), label_colour("text"))
    assert all(abs(one - other) <= 2 * ratio for one, other in zip(ink, line, strict=True)), (ink, line)
    seen = canvas.viewportTransform().mapRect(QRectF(QPointF(*box[:2]), QPointF(*box[2:])))
    wanted = [ratio * seen.left(), ratio * seen.top(), ratio * seen.right() - 1, ratio * seen.bottom() - 1]
    # The outermost pixels of what is reduced are grey.
    assert all(abs(one - other) < 2 for one, other in zip(ink, wanted, strict=True)), (ink, wanted)
    canvas.show_page(None)
    image.close()


def drawn_at(canvas: Canvas, ratio: float) -> QImage:
    """The viewport as a screen with so many device pixels to a logical one would show it."""
    image = QImage(canvas.viewport().size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    canvas.render(painter, QRectF(canvas.viewport().rect()), canvas.viewport().rect())
    painter.end()
    return image


def bounds_of(image: QImage, colour: QColor) -> tuple[int, int, int, int]:
    """The first and last column and row that hold a pixel of a colour."""
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    rows, columns = np.nonzero(pixels == colour.rgb())
    return (columns.min(), rows.min(), columns.max(), rows.max())


def test_pointing_and_choosing_draw_nothing_of_the_picture_again(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(canvas)
    asked: list[object] = []
    tile = PageImage.tile
    monkeypatch.setattr(PageImage, "tile", lambda self, *key: asked.append(key) or tile(self, *key))
    canvas.hover_region(1)
    canvas.select_region(3)
    canvas.show_regions((*REGIONS, region(9, (100, 250, 1500, 1150))))
    look(canvas)
    assert asked == []
    canvas.zoom_to(1.0)
    look(canvas)
    assert asked


def test_another_page_keeps_nothing_of_the_last(qtbot: QtBot, canvas: Canvas, store: PixelStore) -> None:
    canvas.select_region(2)
    canvas.show_hits((region(0, (50, 50, 200, 200), label="match"),))
    canvas.set_turns(1)
    canvas.zoom_to(5)
    image = page_image(store, Image.new("RGB", (400, 400), GREY))
    canvas.show_page(image)
    seen = look(canvas)
    shown = {seen.pixelColor(seen_at(canvas, x, y)).getRgb()[:3] for x in range(5, 400, 5) for y in range(5, 400, 5)}
    assert shown == {GREY}
    assert canvas.is_fitted
    assert seen_at(canvas, 400, 0).x() > seen_at(canvas, 0, 0).x()
    canvas.show_page(None)
    image.close()


def test_an_empty_canvas_takes_every_key_and_gesture_calmly(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_page(None)
    for key in (Qt.Key.Key_F, Qt.Key.Key_H, Qt.Key.Key_H, Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(canvas, key)
    turn_wheel(canvas, QPoint(10, 10), 1, Qt.KeyboardModifier.ControlModifier)
    canvas.zoom_in()
    canvas.zoom_to_actual_size()
    canvas.zoom_to_region(3)
    qtbot.mouseDClick(canvas.viewport(), LEFT, pos=QPoint(100, 100))
    seen = look(canvas)
    assert len({seen.pixelColor(x, 300).name() for x in range(seen.width())}) == 1


# Keys and drops belong to others, too


def test_tab_leaves_the_canvas_and_letters_elsewhere_do_nothing_here(qtbot: QtBot, canvas: Canvas) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    edit = QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(canvas)
    layout.addWidget(edit)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    canvas.setFocus()
    canvas.zoom_to_actual_size()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert edit.hasFocus()
    qtbot.keyClicks(edit, "fh ")
    assert edit.text() == "fh "
    assert canvas.zoom == 1.0
    qtbot.keyClick(edit, Qt.Key.Key_Backtab)
    assert canvas.hasFocus()
    canvas.setParent(None)


def test_what_is_dropped_on_the_canvas_is_the_windows(qtbot: QtBot, canvas: Canvas) -> None:
    class Window(QWidget):
        entered = False

        def dragEnterEvent(self, event: QDragEnterEvent) -> None:
            self.entered = True
            event.accept()

    window = Window()
    qtbot.addWidget(window)
    window.setAcceptDrops(True)
    QVBoxLayout(window).addWidget(canvas)
    data = QMimeData()
    data.setText("words")
    event = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas.viewport(), event)
    assert window.entered
    assert not canvas.viewport().acceptDrops()
    canvas.setParent(None)


def test_many_found_boxes_wait_until_typing_pauses(qtbot: QtBot, canvas: Canvas) -> None:
    many = tuple(region(index, (900, 320, 1200, 380), label="match") for index in range(MOST_FOUND_AT_ONCE + 1))
    place = seen_at(canvas, 1050, 350)
    clicked: list[tuple[str, int]] = []
    canvas.hit_clicked.connect(lambda layer, region_id: clicked.append((layer, region_id)))
    canvas.show_found(many[:100])
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=place)
    assert clicked == [(FOUND, 99)], "a few are there at once"
    canvas.show_found(many)
    canvas.show_found((*many, region(9999, (900, 320, 1200, 380), label="match")))
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=place)
    assert clicked.pop() == (FOUND, 99), "nothing stops the next letter"

    def is_newest() -> bool:
        qtbot.mouseClick(canvas.viewport(), LEFT, pos=place)
        return clicked.pop() == (FOUND, 9999)

    qtbot.waitUntil(is_newest)
    canvas.show_found(many)
    canvas.show_page(None)
    clicked.clear()
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=place)
    assert clicked == [], "those of another page go with it"
