"""What of the page is not read: dimmed where it was cropped away, hatched where it is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import CROPPED, CURRENT_HALO, HATCH, IGNORED
from ocr_desktop.gui.canvas.zoom_view import rect_of

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox, Size

LINE = 1.5


class LeftOutItem(QGraphicsItem):
    """Lies over the page and under what stands out; boxes are in page pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._page = QRectF()
        self._crop = QRectF()
        self._ignored: tuple[QRectF, ...] = ()

    def show_parts(self, page: Size | None, crop: PixelBox | None, ignored: tuple[PixelBox, ...]) -> None:
        """Show what is left out of a page; None: there is no page."""
        self.prepareGeometryChange()
        self._page = QRectF() if page is None else QRectF(0, 0, page.width, page.height)
        self._crop = QRectF() if crop is None else rect_of(crop).intersected(self._page)
        self._ignored = tuple(rect_of(box).intersected(self._page) for box in ignored)
        self.update()

    def ignored_at(self, x: float, y: float) -> int | None:
        """Which of the ignored boxes lies at a point of the page, the last of several."""
        found = [index for index, rect in enumerate(self._ignored) if rect.contains(x, y)]
        return found[-1] if found else None

    def boundingRect(self) -> QRectF:
        return self._page if self._ignored or not self._crop.isEmpty() else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        transform = painter.worldTransform()
        painter.setWorldTransform(QTransform())
        if not self._crop.isEmpty():
            outside = QPainterPath()
            outside.addRect(transform.mapRect(self._page))
            outside.addRect(transform.mapRect(self._crop))
            painter.fillPath(outside, CROPPED)
        for rect in self._ignored:
            seen = transform.mapRect(rect)
            painter.fillRect(seen, IGNORED)
            painter.fillRect(seen, QBrush(HATCH, Qt.BrushStyle.BDiagPattern))
            for colour, width in ((CURRENT_HALO, LINE + 2), (HATCH, LINE)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(seen)
