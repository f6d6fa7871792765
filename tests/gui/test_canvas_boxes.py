"""What the canvas draws over the page, and the keys and drops it leaves to others."""

from __future__ import annotations

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.appearance import label_colour
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.worker.pixels import PixelStore
from tests.support.canvas_events import (
    GREY,
    LEFT,
    REGIONS,
    click,
    collected,
    has_colour,
    look,
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


def test_found_places_are_drawn_over_the_regions_and_cannot_be_chosen(qtbot: QtBot, canvas: Canvas) -> None:
    chosen = collected(canvas.region_selected)
    canvas.show_hits((region(1, (850, 320, 1000, 380), label="match"),))
    corner = seen_at(canvas, 850, 320)
    assert has_colour(look(canvas), corner, label_colour("match"))
    click(qtbot, canvas, 900, 350)
    assert chosen == [3]
    canvas.show_hits(())
    assert not has_colour(look(canvas), corner, label_colour("match"))


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
    canvas.select_next_region(1)
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
