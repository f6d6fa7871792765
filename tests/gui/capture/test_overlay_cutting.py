"""The pixels that are taken out of the frozen screens."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from ocr_desktop.gui.capture.cutting import cut
from ocr_desktop.gui.capture.geometry import Area
from ocr_desktop.gui.capture.screens import FrozenScreen


def picture(width: int, height: int, blue: int, form: QImage.Format = QImage.Format.Format_RGB32) -> QImage:
    """Each pixel says where it is."""
    image = QImage(width, height, form)
    for x in range(width):
        for y in range(height):
            image.setPixelColor(x, y, QColor(x, y, blue))
    return image


def colours(image: QImage) -> list[list[tuple[int, int, int]]]:
    return [
        [image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())]  # type: ignore[misc]
        for y in range(image.height())
    ]


@pytest.mark.parametrize(
    "form",
    [
        QImage.Format.Format_RGB32,
        QImage.Format.Format_ARGB32,
        QImage.Format.Format_ARGB32_Premultiplied,
        QImage.Format.Format_RGB888,
        QImage.Format.Format_RGBA8888,
    ],
)
def test_what_is_cut_from_one_screen_is_its_very_pixels(form: QImage.Format) -> None:
    image = picture(80, 60, 7, form)
    image.setDevicePixelRatio(2)
    part = cut([FrozenScreen("one", Area(-40, -30, 40, 30), image)], Area(-39, -28, 3, 2))
    assert part.format() is QImage.Format.Format_RGB888
    assert not part.hasAlphaChannel()
    assert part.devicePixelRatio() == 1
    assert colours(part) == [[(x, y, 7) for x in range(2, 8)] for y in range(4, 8)]


def test_what_lies_across_screens_is_put_together_and_white_where_there_is_none() -> None:
    screens = [
        FrozenScreen("one", Area(0, 0, 40, 30), picture(80, 60, 1)),
        FrozenScreen("two", Area(40, 0, 40, 20), picture(80, 40, 2)),
    ]
    part = cut(screens, Area(38, 18, 4, 4))
    assert part.format() is QImage.Format.Format_RGB888
    above = [[(x, y, 1) for x in range(76, 80)] + [(x, y, 2) for x in range(4)] for y in range(36, 40)]
    below = [[(x, y, 1) for x in range(76, 80)] + [(255, 255, 255)] * 4 for y in range(40, 44)]
    assert colours(part) == above + below


def test_a_coarser_screen_is_enlarged_beside_a_finer_one() -> None:
    coarse = QImage(40, 30, QImage.Format.Format_RGB32)
    coarse.fill(QColor(200, 10, 20))
    fine = picture(80, 60, 9)
    screens = [FrozenScreen("one", Area(0, 0, 40, 30), coarse), FrozenScreen("two", Area(40, 0, 40, 30), fine)]
    part = cut(screens, Area(35, 0, 10, 3))
    assert (part.width(), part.height()) == (20, 6)
    rows = colours(part)
    assert all(row[:10] == [(200, 10, 20)] * 10 for row in rows)
    assert [row[10:] for row in rows] == [[(x, y, 9) for x in range(10)] for y in range(6)]


def test_what_is_transparent_does_not_show_through() -> None:
    image = QImage(10, 10, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 200, 30, 128))
    beside = FrozenScreen("two", Area(10, 0, 10, 10), picture(10, 10, 0))
    for area in (Area(0, 0, 4, 4), Area(0, 0, 20, 4)):
        part = cut([FrozenScreen("one", Area(0, 0, 10, 10), image), beside], area)
        assert part.pixelColor(1, 1) == QColor(10, 200, 30)


def test_what_lies_on_no_screen_cannot_be_cut() -> None:
    with pytest.raises(ValueError, match="no screen"):
        cut([FrozenScreen("one", Area(0, 0, 10, 10), picture(10, 10, 0))], Area(20, 20, 5, 5))
