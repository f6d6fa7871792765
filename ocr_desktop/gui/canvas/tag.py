"""The small tag that names the region under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL

SWATCH = 4
"""Width of the strip in the region's colour."""


class Tag(QGraphicsItem):
    """A line of text with a colour, upright and of the same size at any zoom; its position is its top left."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._colour = QColor()
        self._font = QFont()
        self._rect = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.hide()

    def show_text(self, text: str, colour: QColor, font: QFont) -> None:
        self.prepareGeometryChange()
        self._text, self._colour, self._font = text, colour, font
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(text) + SWATCH + 2 * SPACING
        self._rect = QRectF(0, 0, round(width), round(metrics.height()) + SPACING_SMALL)
        self.update()
        self.show()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return self._text if self.isVisible() else ""

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        palette = widget.palette() if widget else QPalette()
        painter.fillRect(self._rect, palette.color(QPalette.ColorRole.ToolTipBase))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(self._rect.adjusted(0, 0, -1, -1))
        painter.fillRect(QRectF(0, 0, SWATCH, self._rect.height()), self._colour)
        painter.setFont(self._font)
        painter.setPen(palette.color(QPalette.ColorRole.ToolTipText))
        words = self._rect.adjusted(SWATCH + SPACING, 0, -SPACING, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
