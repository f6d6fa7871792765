"""The list of hits: each with its picture, its words and its term; only what is seen costs anything."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    QStringListModel,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPixmap, QTransform
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ocr_desktop.core.finding import place_of
from ocr_desktop.gui import appearance
from ocr_desktop.gui.locating import wording

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.gui.locating.layer import Hit, Layer
    from ocr_desktop.gui.pixmaps import PageImage

PICTURE_HEIGHT = 32
LEAST_PICTURE_WIDTH, MOST_PICTURE_WIDTH = 96, 240
PICTURE_SHARE = 0.3
"""Of a row's width."""
ROW_HEIGHT = 40
MARK_WIDTH = 4
"""Logical pixels."""
PICTURES_KEPT = 256
WORDS_BEFORE = 24
"""Characters that are shown before a term that stands far back in a text."""
MOST_WORDS = 300
"""Characters of a text of which a line is made."""

AnyIndex = QModelIndex | QPersistentModelIndex


class HitsModel(QStringListModel):
    """The hits of a layer, a row each; what a row holds is made when it is seen.

    A list of empty strings stands in for them: a view asks for the number of rows with each row that it lays out, and
    thousands of questions to Python would be felt with every letter that is typed.
    """

    def __init__(self, layer: Layer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer = layer

    def renew(self) -> None:
        self.setStringList([""] * self.layer.count)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        hit = self.layer.hit(index.row())
        return line_of(hit.words, hit.terms)[0]


def line_of(text: str, terms: tuple[str, ...]) -> tuple[str, int, int]:
    """A text in one line that begins shortly before a term, and from where to where the term stands in it."""
    start, end = place_of(text, terms) or (0, 0)
    cut = _word_start(text, start - WORDS_BEFORE, start) if start > 2 * WORDS_BEFORE else 0
    before = ("…" if cut else "") + _one_line(text[cut:start])
    term = _one_line(text[start:end])
    after = _one_line(text[end : cut + MOST_WORDS])
    return before + term + after, len(before), len(before) + len(term)


def _word_start(text: str, start: int, end: int) -> int:
    """Where the next word begins, but not behind `end`; where no space parts words, here."""
    spaces = (at + 1 for at in range(start, end) if text[at].isspace())
    return next(spaces, start)


def _one_line(text: str) -> str:
    return "".join(" " if character.isspace() else character for character in text)


class HitDelegate(QStyledItemDelegate):
    """Draws a hit: a mark in its group's colour, its picture, its words with the term in bold, and further facts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image: PageImage | None = None
        self._turns = 0
        self._pictures: OrderedDict[tuple[PixelBox, int, float], QPixmap] = OrderedDict()

    def use_page(self, image: PageImage | None, turns: int) -> None:
        """Cut the pictures from here from now on."""
        self._image, self._turns = image, turns
        self._pictures.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        assert isinstance(model, HitsModel)
        painter.save()
        self._paint_hit(painter, option, model.layer.hit(index.row()), wording.facts_of(model.layer, index.row()))
        painter.restore()

    def _paint_hit(self, painter: QPainter, option: Any, hit: Hit, below: str) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        rect = option.rect
        colour = QColor(appearance.FOUND if hit.is_in_text else appearance.MATCH)
        painter.fillRect(rect.left(), rect.top() + 2, MARK_WIDTH, rect.height() - 4, colour)
        width = min(max(round(rect.width() * PICTURE_SHARE), LEAST_PICTURE_WIDTH), MOST_PICTURE_WIDTH)
        place = QRect(rect.left() + MARK_WIDTH + appearance.SPACING_SMALL, rect.top(), width, rect.height())
        if hit.box is not None:
            self._paint_picture(painter, place, hit.box)
        words = rect.adjusted(place.right() - rect.left() + appearance.SPACING, 0, -appearance.SPACING, 0)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        dim = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.PlaceholderText
        if below:
            upper, lower = words.adjusted(0, 2, 0, -words.height() // 2), words.adjusted(0, words.height() // 2, 0, -2)
            painter.setPen(option.palette.color(dim))
            _draw_elided(painter, lower, below, option.font)
            words = upper
        painter.setPen(option.palette.color(role))
        _draw_words(painter, words, line_of(hit.words, hit.terms), option.font)

    def _paint_picture(self, painter: QPainter, place: QRect, box: PixelBox) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = self._picture(box, QSize(place.width(), PICTURE_HEIGHT) * ratio, ratio)
        if not picture.isNull():
            size = picture.deviceIndependentSize().toSize()
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(place.center())
            painter.drawPixmap(target.topLeft(), picture)

    def _picture(self, box: PixelBox, room: QSize, ratio: float) -> QPixmap:
        """A part of the page, no larger than this room in device pixels."""
        key = (box, room.width(), ratio)
        kept = self._pictures.get(key)
        if kept is not None:
            self._pictures.move_to_end(key)
            return kept
        picture = QPixmap()
        part = None if self._image is None else self._image.part(box, max(room.width(), room.height()))
        if part is not None and not part.isNull():
            upright = part.transformed(QTransform().rotate(90 * self._turns)) if self._turns else part
            if upright.width() > room.width() or upright.height() > room.height():
                upright = upright.scaled(
                    room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            picture = QPixmap.fromImage(upright)
            picture.setDevicePixelRatio(ratio)
        self._pictures[key] = picture
        if len(self._pictures) > PICTURES_KEPT:
            self._pictures.popitem(last=False)
        return picture


def _draw_words(painter: QPainter, rect: QRect, line: tuple[str, int, int], font: QFont) -> None:
    """A line that gives way at its end, the term in it in bold."""
    text, start, end = line
    bold = QFont(font)
    bold.setBold(True)
    left = rect
    for piece, piece_font in ((text[:start], font), (text[start:end], bold), (text[end:], font)):
        used = _draw_elided(painter, left, piece, piece_font)
        left = left.adjusted(used, 0, 0, 0)


def _draw_elided(painter: QPainter, rect: QRect, text: str, font: QFont) -> int:
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    return metrics.horizontalAdvance(shown)
