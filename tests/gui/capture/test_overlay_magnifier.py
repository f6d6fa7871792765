"""Where the magnifier stands, and that it shows single pixels as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from ocr_desktop.gui.appearance import SPACING_SMALL
from ocr_desktop.gui.capture.magnifier import CELL, PIXELS, draw_magnifier, magnifier_place, magnifier_size

SIZE = QSize(144, 180)
NO_BAR = QRect()
directions = st.tuples(st.sampled_from([-1, 1]), st.sampled_from([-1, 1]))


@given(st.data(), st.integers(400, 4000), st.integers(450, 4000), directions)
def test_it_is_whole_and_never_under_the_pointer(
    data: st.DataObject, width: int, height: int, direction: tuple[int, int]
) -> None:
    room = QRect(0, 0, width, height)
    pointer = QPoint(data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1)))
    place = magnifier_place(SIZE, pointer, direction, room, NO_BAR)
    assert place.size() == SIZE
    assert room.contains(place)
    assert not place.adjusted(-8, -8, 8, 8).contains(pointer)


@given(st.data(), directions, st.booleans())
def test_it_is_clear_of_the_bar(data: st.DataObject, direction: tuple[int, int], is_low: bool) -> None:
    room, bar = QRect(0, 0, 1600, 1000), QRect(500, 926 if is_low else 12, 600, 62)
    pointer = QPoint(data.draw(st.integers(0, 1599)), data.draw(st.integers(0, 999)))
    place = magnifier_place(SIZE, pointer, direction, room, bar)
    assert room.contains(place)
    assert not place.intersects(bar)
    assert not place.contains(pointer)


def test_it_stands_where_a_drag_goes() -> None:
    room, pointer = QRect(0, 0, 1000, 1000), QPoint(500, 500)
    for direction in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        centre = magnifier_place(SIZE, pointer, direction, room, NO_BAR).center() - pointer
        assert (centre.x() > 0, centre.y() > 0) == (direction[0] > 0, direction[1] > 0)


def test_a_screen_too_small_for_it_is_no_trouble() -> None:
    assert not magnifier_place(SIZE, QPoint(50, 50), (1, 1), QRect(0, 0, 100, 100), NO_BAR).contains(QPoint(50, 50))


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("pixel", [QPoint(30, 20), QPoint(0, 0), QPoint(59, 39)], ids=["inside", "first", "last"])
def test_every_pixel_is_a_cell_of_its_own_colour(qapp: QApplication, ratio: float, pixel: QPoint) -> None:
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    for x in range(60):
        for y in range(40):
            picture.setPixelColor(x, y, QColor(4 * x, 6 * y, 255 * ((x + y) % 2)))
    place = QRect(QPoint(3, 5), magnifier_size(qapp.font()))
    shown = QImage(round(300 * ratio), round(400 * ratio), QImage.Format.Format_RGB32)
    shown.setDevicePixelRatio(ratio)
    shown.fill(Qt.GlobalColor.magenta)
    painter = QPainter(shown)
    draw_magnifier(painter, place, picture, pixel, words="", ratio=ratio)
    painter.end()
    cell = int(CELL * ratio)
    left, top = (round((edge + SPACING_SMALL) * ratio) for edge in (place.left(), place.top()))
    beyond = {
        shown.pixelColor(left + column * cell + cell // 2, top + row * cell + cell // 2).name()
        for column in range(PIXELS)
        for row in range(PIXELS)
        if not picture.rect().contains(pixel + QPoint(column - PIXELS // 2, row - PIXELS // 2))
    }
    assert len(beyond) <= 1
    for column in range(PIXELS):
        for row in range(PIXELS):
            shows = pixel + QPoint(column - PIXELS // 2, row - PIXELS // 2)
            if not picture.rect().contains(shows):
                continue
            # Between the lines of the grid and the mark around the middle, from one end of the cell to the other.
            for x, y in ((3, 3), (cell - 3, cell - 3), (3, cell - 3)):
                seen = shown.pixelColor(left + column * cell + x, top + row * cell + y)
                assert seen == picture.pixelColor(shows), (column, row)
