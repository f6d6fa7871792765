"""Draws a page in the list: its thumbnail, below it number and name, over it what became of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL
from ocr_desktop.gui.output.marking import HOVERED_ALPHA, SELECTED_ALPHA
from ocr_desktop.gui.pages.marks import paint_mark

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.pages.model import PagesModel
    from ocr_desktop.gui.pages.thumbnails import Thumbnails

BOX = QSize(132, 112)
"""What a thumbnail may take, in logical pixels like all here."""
USUAL_SHAPE = QSize(210, 297)
ROUNDING = 4.0
OUTLINE = 2

_Role = QPalette.ColorRole
_State = QStyle.StateFlag


class PageDelegate(QStyledItemDelegate):
    """All rows are of one height, whatever the pages are like."""

    def __init__(self, model: PagesModel, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails

    def longest_side(self, ratio: float) -> int:
        """Of a thumbnail, in pixels of a screen of this ratio, in whichever way it is turned."""
        return math.ceil(max(BOX.width(), BOX.height()) * ratio)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, is_current: bool) -> None:
        """The current page stands out by full colour, selected ones by less, the one under the pointer by a hint."""
        place = QRectF(option.rect).adjusted(SPACING_SMALL, SPACING_SMALL / 2, -SPACING_SMALL, -SPACING_SMALL / 2)
        colour = option.palette.color(_Role.Highlight)
        if not is_current:
            is_selected = bool(option.state & _State.State_Selected)
            is_hovered = bool(option.state & _State.State_MouseOver)
            colour.setAlpha(SELECTED_ALPHA * is_selected + HOVERED_ALPHA * is_hovered)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(place, ROUNDING, ROUNDING)
        if is_current and option.state & _State.State_HasFocus:
            inside = place.adjusted(OUTLINE, OUTLINE, -OUTLINE, -OUTLINE)
            painter.setPen(QPen(option.palette.color(_Role.HighlightedText), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inside, ROUNDING - 1, ROUNDING - 1)

    def _paint_picture(self, painter: QPainter, box: QRectF, entry: Entry, palette: QPalette) -> None:
        pixmap = self._thumbnails.pixmap(entry)
        shape = (pixmap.size() if pixmap is not None else self._thumbnails.shape(entry)) or USUAL_SHAPE
        turned = shape.transposed() if entry.turns % 2 else shape
        size = QSizeF(turned).scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(), QSizeF(max(round(size.width()), 2), max(round(size.height()), 2)))
        place.moveTopLeft(
            QPointF(round(box.center().x() - place.width() / 2), round(box.center().y() - place.height() / 2))
        )
        if pixmap is None:
            painter.fillRect(place, palette.color(_Role.AlternateBase))
        else:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(place.center())
            painter.rotate(90 * entry.turns)
            drawn = QRectF(QPointF(), place.size().transposed() if entry.turns % 2 else place.size())
            drawn.moveCenter(QPointF())
            painter.drawPixmap(drawn, pixmap, QRectF(pixmap.rect()))
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(_Role.Mid), 1))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_caption(self, painter: QPainter, place: QRect, row: int, entry: Entry, colour: QColor) -> None:
        """The number is never cut; the name gives way in its middle, for its ending tells the kind."""
        painter.setPen(colour)
        metrics = painter.fontMetrics()
        number = f"{entry.number}  " if entry.is_one_of_many else ""
        name = entry.name if not number or self._model.begins_file(row) else ""
        room = place.width() - metrics.horizontalAdvance(number)
        text = (number + metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)).strip()
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        height = SPACING + BOX.height() + SPACING_SMALL + option.fontMetrics.height() + SPACING
        return QSize(BOX.width() + 2 * SPACING, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = self._model.entry_at(index.row())
        if entry is None:
            return
        view = option.widget
        is_current = isinstance(view, QAbstractItemView) and view.currentIndex().row() == index.row()
        place = option.rect.adjusted(SPACING, SPACING, -SPACING, -SPACING)
        width = min(BOX.width(), place.width())
        box = QRectF(place.center().x() + 0.5 - width / 2, place.top(), width, BOX.height())
        caption = QRect(place.left(), int(box.bottom()) + SPACING_SMALL, place.width(), option.fontMetrics.height())
        painter.save()
        painter.setFont(option.font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, is_current=is_current)
        self._paint_picture(painter, box, entry, option.palette)
        mark = self._model.mark(entry)
        if mark is not None:
            paint_mark(painter, box.bottomRight(), mark, option.palette)
        colour = option.palette.color(_Role.HighlightedText if is_current else _Role.Text)
        self._paint_caption(painter, caption, index.row(), entry, colour)
        painter.restore()
