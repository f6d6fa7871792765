"""Formulas and figures in a text document: objects that take the room of their picture and paint it.

A document knows nothing of a baseline inside an object: one that stands on the line has all its height above it. That
is right for most formulas, whose little depth is painted below their object, between the lines. A deep one is aligned
to the middle: then its line gets room on both sides of a line a little above the baseline, so it is made high enough
on both sides of that; where the baseline is then, the laid out line tells.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QObject, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPyTextObject,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)
from PySide6.QtSvg import QSvgRenderer

from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.output.formulas import Drawing, FormulaBook, FormulaKey
from ocr_desktop.gui.output.marking import WASH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocr_desktop.gui.output.figures import PageFigures

FORMULA_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
FIGURE_OBJECT = QTextFormat.ObjectTypes.UserObject.value + 2
FORMULA_SOURCE = QTextFormat.Property.UserProperty.value + 2
"""The property of words and objects that holds a formula's LaTeX."""
FORMULA_IS_DISPLAY = QTextFormat.Property.UserProperty.value + 3
FIGURE_BOX = QTextFormat.Property.UserProperty.value + 4
FIGURE_NAME = QTextFormat.Property.UserProperty.value + 5
MARK_BRUSH = QTextFormat.Property.ForegroundBrush.value + 1
"""Where Qt puts the background of a mark for the objects in it; it has no public name."""
OBJECT = "\ufffc"

SMALL_LETTERS = 0.473
"""How high an x is in the typesetter's font, in sizes of it."""
MOST_ENLARGED = 1.25
"""Words' fonts with high small letters have formulas enlarged to match, but not beyond this."""
SMALLEST_SCALE = 0.6
"""A formula wider than the column is drawn smaller down to this; then the view scrolls sideways."""
TAG_GAP = 1.0
"""Sizes of the font that a formula keeps from its number."""
KEPT_BYTES = 32 << 20
BLANK_ALPHA = 24
FRAME_WIDTH = 4
"""Around a figure that is marked."""
_ImageKey = tuple[FormulaKey, float, float, int]


def formula_of(form: QTextFormat) -> FormulaKey | None:
    """The formula that a stretch of the document stands for, as its source or as an object."""
    source = form.property(FORMULA_SOURCE)
    return FormulaKey(source, bool(form.property(FORMULA_IS_DISPLAY))) if isinstance(source, str) else None


def fragments_of(block: QTextBlock) -> Iterator[QTextFragment]:
    """The stretches of one format that a block is made of."""
    iterator = block.begin()
    while not iterator.atEnd():
        yield iterator.fragment()
        iterator += 1


def set_formula(form: QTextCharFormat, key: FormulaKey) -> None:
    form.setProperty(FORMULA_SOURCE, key.source)
    form.setProperty(FORMULA_IS_DISPLAY, key.is_display)


def figure_format(box: PixelBox, name: str) -> QTextCharFormat:
    """The format of a figure's object; `name` is what stands for it where there are words alone."""
    form = QTextCharFormat()
    form.setObjectType(FIGURE_OBJECT)
    form.setProperty(FIGURE_BOX, [box.x_min, box.y_min, box.x_max, box.y_max])
    form.setProperty(FIGURE_NAME, name)
    return form


class Artwork(QPyTextObject):
    """Paints the objects of one document."""

    def __init__(self, document: QTextDocument, book: FormulaBook, figures: PageFigures, parent: QObject) -> None:
        super().__init__(parent)
        self._book = book
        self._figures = figures
        self._images: OrderedDict[_ImageKey, QImage] = OrderedDict()
        self._images_bytes = 0
        self._text = self._base = QColor()
        self._washes: dict[int, QBrush] = {}
        """How the objects that are marked were just painted over, by their positions."""
        layout = document.documentLayout()
        for kind in (FORMULA_OBJECT, FIGURE_OBJECT):
            layout.registerHandler(kind, self)

    def use_colours(self, text: QColor, base: QColor) -> None:
        """Draw on this background from now on, in this colour where the words around have none of their own."""
        self._text, self._base = text, base

    def begin_painting(self) -> None:
        """Forget what was marked; to be called before the document is painted."""
        self._washes.clear()

    def intrinsicSize(self, document: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        column = _column(document, position)
        if form.objectType() == FIGURE_OBJECT:
            return QSizeF(self._figures.size(_figure_box(form), column))
        placed = self._placed(form.toCharFormat(), column)
        return QSizeF() if placed is None else placed.size

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, position: int, form: QTextFormat
    ) -> None:
        rect = QRectF(rect)
        if form.hasProperty(WASH) and form.objectType() == FORMULA_OBJECT:
            # It is drawn once more as if it were not marked.
            return
        wash = self._wash(painter, rect, position, form)
        if form.objectType() == FIGURE_OBJECT:
            self._draw_figure(painter, rect, _figure_box(form), wash)
            return
        words = form.toCharFormat()
        key = formula_of(form)
        is_display = key is not None and key.is_display
        placed = self._placed(words, rect.width() if is_display else _column(document, position))
        if key is None or placed is None:
            return
        brush = words.foreground()
        colour = self._text if brush.style() == Qt.BrushStyle.NoBrush else brush.color()
        ratio = painter.device().devicePixelRatioF()
        image = self._image(key, placed, ratio, colour)
        baseline = _baseline(document, position, rect) if _is_deep(words) else rect.top() + placed.above
        top, left = baseline - placed.above, rect.left() + placed.left
        painter.drawImage(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), image)
        if placed.drawing.tag:
            painter.setFont(words.font())
            painter.setPen(colour)
            width = QFontMetricsF(words.font()).horizontalAdvance(placed.drawing.tag)
            painter.drawText(QPointF(rect.right() - width, baseline), placed.drawing.tag)

    def _wash(self, painter: QPainter, rect: QRectF, position: int, form: QTextFormat) -> QBrush | None:
        """The colour that marks an object, painted once.

        An object that is marked is drawn with the mark's background first, washed over once more at half strength by
        Qt, and then drawn again as if it were not marked.
        """
        if form.objectType() == FIGURE_OBJECT and form.hasProperty(WASH):
            self._washes[position] = form.brushProperty(WASH)
            return None
        if form.hasProperty(MARK_BRUSH):
            self._washes[position] = form.brushProperty(MARK_BRUSH)
            return None
        wash = self._washes.get(position)
        if wash is not None:
            painter.fillRect(rect, self._base)
            painter.fillRect(rect, wash)
        return wash

    def _draw_figure(self, painter: QPainter, rect: QRectF, box: PixelBox, wash: QBrush | None) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = self._figures.picture(box, (rect.size() * ratio).toSize())
        if picture.isNull():
            blank = QColor(self._text)
            blank.setAlpha(BLANK_ALPHA)
            painter.fillRect(rect, blank)
            return
        painter.drawImage(rect, picture)
        if wash is not None:
            frame = QColor(wash.color())
            frame.setAlpha(min(2 * frame.alpha(), 255))
            half = FRAME_WIDTH / 2
            painter.setPen(QPen(frame, FRAME_WIDTH, j=Qt.PenJoinStyle.MiterJoin))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(half, half, -half, -half))

    def _placed(self, form: QTextCharFormat, column: float) -> _Placed | None:
        key = formula_of(form)
        drawing = None if key is None else self._book.drawing(key)
        if key is None or drawing is None:
            return None
        return _Placed(drawing, form.font(), column, is_display=key.is_display, is_deep=_is_deep(form))

    def _image(self, key: FormulaKey, placed: _Placed, ratio: float, colour: QColor) -> QImage:
        image_key = (key, round(placed.font_size, 2), ratio, colour.rgba())
        kept = self._images.get(image_key)
        if kept is not None:
            self._images.move_to_end(image_key)
            return kept
        image = _drawn(placed, ratio, colour)
        self._images[image_key] = image
        self._images_bytes += image.sizeInBytes()
        while self._images_bytes > KEPT_BYTES and len(self._images) > 1:
            _, oldest = self._images.popitem(last=False)
            self._images_bytes -= oldest.sizeInBytes()
        return image


class _Placed:
    """How large a formula is in a column, and where in its object it stands; all in logical pixels.

    Attributes:
        font_size: Of the drawing.
        ink: The drawing's size.
        above: The ink above the baseline.
        left: From the object's left edge to the drawing's.
        size: The object's.
    """

    def __init__(self, drawing: Drawing, font: QFont, column: float, *, is_display: bool, is_deep: bool) -> None:
        self.drawing = drawing
        typeset = drawing.typeset
        full = formula_font_size(font)
        beside = 0.0
        if drawing.tag:
            beside = QFontMetricsF(font).horizontalAdvance(drawing.tag) + TAG_GAP * full
        natural = typeset.width * full
        scale = min(max((column - beside) / natural, SMALLEST_SCALE), 1.0)
        self.font_size = full * scale
        self.ink = QSizeF(natural * scale, (typeset.above + typeset.below) * self.font_size)
        self.above, below = typeset.above * self.font_size, typeset.below * self.font_size
        self.left = 0.0
        if not is_display and not is_deep:
            self.size = QSizeF(self.ink.width(), self.above)
            return
        if is_deep:
            lift = QFontMetrics(font).xHeight() / 2
            self.size = QSizeF(self.ink.width(), math.ceil(max(2 * self.above - lift, 2 * below + lift)))
            return
        width = max(column, self.ink.width() + beside) if drawing.tag else self.ink.width()
        self.size = QSizeF(width, self.ink.height())
        # In the column's middle, but not into the number.
        self.left = max(min((width - self.ink.width()) / 2, width - beside - self.ink.width()), 0.0)


def _is_deep(form: QTextCharFormat) -> bool:
    return form.verticalAlignment() is QTextCharFormat.VerticalAlignment.AlignMiddle


def formula_font_size(font: QFont) -> float:
    """The size of a formula that fits to words of a font, in logical pixels."""
    metrics = QFontMetricsF(font)
    em = metrics.ascent() / 0.93 if font.pixelSize() <= 0 else float(font.pixelSize())
    points = font.pointSizeF()
    if points > 0:
        em = points * metrics.fontDpi() / 72
    return min(max(metrics.xHeight() / SMALL_LETTERS, em), MOST_ENLARGED * em)


def _drawn(placed: _Placed, ratio: float, colour: QColor) -> QImage:
    width, height = math.ceil(placed.ink.width() * ratio), math.ceil(placed.ink.height() * ratio)
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    area = QRectF(0, 0, placed.ink.width() * ratio, placed.ink.height() * ratio)
    QSvgRenderer(QByteArray(placed.drawing.typeset.svg)).render(painter, area)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _baseline(document: QTextDocument, position: int, rect: QRectF) -> float:
    """Where the words beside an object that stands in the middle of its line have their baseline."""
    block = document.findBlock(position)
    line = block.layout().lineForTextPosition(position - block.position())
    return rect.top() - (line.ascent() + line.descent() - rect.height()) / 2 + line.ascent()


def _figure_box(form: QTextFormat) -> PixelBox:
    left, top, right, bottom = cast("list[float]", form.property(FIGURE_BOX))
    return PixelBox(left, top, right, bottom)


def _column(document: QTextDocument, position: int) -> float:
    """The width that a paragraph has for its words, or one of the whole column for one in a table."""
    frame = document.rootFrame().frameFormat()
    block = document.findBlock(position).blockFormat()
    margins = frame.leftMargin() + frame.rightMargin() + block.leftMargin() + block.rightMargin()
    return max(document.textWidth() - margins, 1.0)
