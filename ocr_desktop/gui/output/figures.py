"""Pictures cut from the page, as sharp as the screen can show them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QTransform

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.gui.pixmaps import PageImage

KEPT_BYTES = 48 << 20
ENLARGED = 1.3
"""A page is wider than the column of text here by its margins; figures are shown in proportion to the words."""
NARROWEST = 96
HIGHEST_SHARE = 1.4
"""Logical pixels for the least width, unless the figure itself has fewer; and the height, as a share of the column."""
_Key = tuple[tuple[float, float, float, float], int, int]


class PageFigures:
    """Cuts figures from one page; a part is copied when it is first drawn, and the last ones are kept."""

    def __init__(self) -> None:
        self._image: PageImage | None = None
        self._turns = 0
        self._kept: OrderedDict[_Key, QImage] = OrderedDict()
        self._kept_bytes = 0

    def use_page(self, image: PageImage | None, turns: int) -> bool:
        """Cut from this page, turned clockwise by quarters; from none, what was cut is forgotten too.

        Whether figures now look otherwise than before.
        """
        if image is self._image and turns % 4 == self._turns:
            return False
        self._image, self._turns = image, turns % 4
        self._kept.clear()
        self._kept_bytes = 0
        return True

    def size(self, box: PixelBox, column: float) -> QSize:
        """How large a figure is shown in a column, in logical pixels."""
        width, height = (box.height, box.width) if self._turns % 2 else (box.width, box.height)
        if width <= 0 or height <= 0:
            return QSize(1, 1)
        wanted = width
        if self._image is not None:
            page = self._image.size.turned(self._turns)
            wanted = max(width / page.width * column * ENLARGED, min(width, NARROWEST))
        scale = min(wanted, column) / width
        scale = min(scale, HIGHEST_SHARE * column / height)
        return QSize(max(round(width * scale), 1), max(round(height * scale), 1))

    def picture(self, box: PixelBox, size: QSize) -> QImage:
        """A figure in device pixels, turned as the page is; null where no page is known."""
        key = ((box.x_min, box.y_min, box.x_max, box.y_max), size.width(), size.height())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if self._image is None:
            return QImage()
        part = self._image.part(box, max(size.width(), size.height()))
        if part.isNull():
            return part
        if self._turns:
            part = part.transformed(QTransform().rotate(90 * self._turns))
        picture = part.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._keep(key, picture)
        return picture

    def _keep(self, key: _Key, picture: QImage) -> None:
        self._kept[key] = picture
        self._kept_bytes += picture.sizeInBytes()
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.sizeInBytes()
