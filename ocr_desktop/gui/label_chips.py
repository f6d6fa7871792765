"""Small boxes in the colour of a kind of region, beside its name."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap

from ocr_desktop.gui.appearance import CHIP_FILL, CURRENT_HALO, label_style

LINE = 2
"""Logical pixels, like the sizes that are asked for."""


def label_chip(label: str, size: QSize, ratio: float) -> QIcon:
    """A box as those of this kind are drawn on the picture; its ground is paper, also in the dark."""
    style = label_style(label)
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    colour = QColor(style.colour)
    pen = QPen(colour, LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    if style.dashed:
        pen.setDashPattern([2, 1])
    inside = QColor(colour)
    inside.setAlpha(CHIP_FILL)
    half = LINE / 2
    area = QRectF(half, half, size.width() - LINE, size.height() - LINE)
    painter = QPainter(image)
    painter.fillRect(QRectF(QPointF(), QSizeF(size)), CURRENT_HALO)
    painter.fillRect(area, inside)
    painter.setPen(pen)
    painter.drawRect(area)
    painter.end()
    chip = QIcon(QPixmap.fromImage(image))
    # Else the style would tint it where its row is selected.
    chip.addPixmap(QPixmap.fromImage(image), QIcon.Mode.Selected)
    return chip
