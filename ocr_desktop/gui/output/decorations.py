"""What is painted under the words: panels of code, the bars of quotes, and what marks a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QTextBlock, QTextDocument

from ocr_desktop.gui.output.artwork import FIGURE_OBJECT
from ocr_desktop.gui.output.marking import WASH
from ocr_desktop.gui.output.typography import PANEL, QUOTE_DEPTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QTextTable
    from PySide6.QtWidgets import QTextEdit

    from ocr_desktop.gui.output.typography import Typography

CORNER = 4
EDGE = 2
"""Between the padding of a table's first row and the outside of its border."""
WASH_BESIDE, WASH_ABOVE = 4, 2
"""Around marked words; a panel has room enough of its own."""
BAR_WIDTH = 3


def paint_decorations(
    painter: QPainter, document: QTextDocument, first: QTextBlock, sight: QRectF, typography: Typography
) -> None:
    """Paint what belongs under the blocks from `first` on that lie in sight; painter and sight are the document's."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    # The panel of the block above reaches below its words.
    block = first.previous() if first.previous().isValid() else first
    while _is_joined(block.previous(), block):
        block = block.previous()
    layout = document.documentLayout()
    end = sight.bottom() + typography.panel_padding
    while block.isValid() and layout.blockBoundingRect(block).top() <= end:
        last = block
        while _is_joined(last, last.next()) and layout.blockBoundingRect(last).top() <= end:
            last = last.next()
        if block.blockFormat().property(PANEL) is not None:
            area = layout.blockBoundingRect(block).united(layout.blockBoundingRect(last))
            _paint_panel(painter, area, document, typography)
        while block != last.next():
            _paint_bars(painter, block, document, typography)
            block = block.next()
    painter.restore()


def paint_washes(
    painter: QPainter,
    document: QTextDocument,
    marks: Sequence[QTextEdit.ExtraSelection],
    sight: QRectF,
    typography: Typography,
) -> None:
    """Paint the marks of regions that lie in sight: whole tables, and paragraphs with what parts them."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for brush, area in _washes(document, marks, typography):
        if area.intersects(sight):
            painter.setBrush(brush)
            painter.drawRect(area)
    painter.restore()


def _washes(
    document: QTextDocument, marks: Sequence[QTextEdit.ExtraSelection], typography: Typography
) -> list[tuple[QBrush, QRectF]]:
    found: list[tuple[QBrush, QRectF]] = []
    joined: tuple[QBrush, bool] | None = None
    """What the next one goes on with: its brush, and whether it is a table."""
    for mark in marks:
        if not mark.format.hasProperty(WASH):
            continue
        brush = mark.format.brushProperty(WASH)
        table = cast("QTextTable | None", mark.cursor.currentTable())
        block = document.findBlock(mark.cursor.selectionStart())
        if table is None and _is_figure(block):
            joined = None
            continue
        area = _washed(document, block, typography) if table is None else _table_area(document, table)
        is_near = table is None or (found and area.top() <= found[-1][1].bottom() + EDGE)
        if joined == (brush, table is not None) and is_near:
            area = area.united(found.pop()[1])
        found.append((brush, area))
        joined = (brush, table is not None)
    return found


def _is_figure(block: QTextBlock) -> bool:
    words = block.begin()
    return not words.atEnd() and words.fragment().charFormat().objectType() == FIGURE_OBJECT


def _table_area(document: QTextDocument, table: QTextTable) -> QRectF:
    """A table without its margins.

    The layout tells a table's place by what stands in its first cell, which may be in the middle of several rows.
    """
    layout = document.documentLayout()
    form = table.format()
    area = layout.frameBoundingRect(table)
    tops: list[float] = []
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        tops.append(layout.blockBoundingRect(cell.firstCursorPosition().block()).top())
        if cell.rowSpan() == 1:
            break
    left, top = area.left() - form.cellPadding() - 1, min(tops) - form.cellPadding() - EDGE
    return QRectF(left, top, area.width() - form.rightMargin() - 1, area.height() - form.topMargin() - 1)


def _washed(document: QTextDocument, block: QTextBlock, typography: Typography) -> QRectF:
    """All of the column beside a paragraph."""
    frame = document.rootFrame().frameFormat()
    left, right = frame.leftMargin(), document.textWidth() - frame.rightMargin()
    area = document.documentLayout().blockBoundingRect(block)
    is_panel = block.blockFormat().property(PANEL) is not None
    beside, above = (0.0, typography.panel_padding) if is_panel else (WASH_BESIDE, WASH_ABOVE)
    area.setLeft(left)
    area.setRight(max(right, area.right()))
    return area.adjusted(-beside, -above, beside, above)


def _is_joined(above: QTextBlock, below: QTextBlock) -> bool:
    """Whether two neighbours stand on one panel."""
    if not above.isValid() or not below.isValid():
        return False
    upper, lower = above.blockFormat(), below.blockFormat()
    # A panel's own top margin tells that it begins there.
    panel = lower.property(PANEL)
    return panel is not None and panel == upper.property(PANEL) and lower.topMargin() == 0


def _paint_panel(painter: QPainter, area: QRectF, document: QTextDocument, typography: Typography) -> None:
    frame = document.rootFrame().frameFormat()
    left, right = frame.leftMargin(), document.textWidth() - frame.rightMargin()
    padding = typography.panel_padding
    painter.setBrush(typography.panel_colour)
    panel = QRectF(left, area.top() - padding, right - left, area.height() + 2 * padding)
    painter.drawRoundedRect(panel, CORNER, CORNER)


def _paint_bars(painter: QPainter, block: QTextBlock, document: QTextDocument, typography: Typography) -> None:
    """A quote's bars; those that go on in the next quote reach down to it."""
    depth = _quote_depth(block)
    if not depth:
        return
    layout = document.documentLayout()
    area = layout.blockBoundingRect(block)
    below = _quote_depth(block.next())
    left = document.rootFrame().frameFormat().leftMargin()
    painter.setBrush(typography.bar_colour)
    for level in range(depth):
        bottom = layout.blockBoundingRect(block.next()).top() + BAR_WIDTH if level < below else area.bottom()
        bar = QRectF(left + level * typography.bar_distance, area.top(), BAR_WIDTH, bottom - area.top())
        painter.drawRoundedRect(bar, BAR_WIDTH / 2, BAR_WIDTH / 2)


def _quote_depth(block: QTextBlock) -> int:
    depth = block.blockFormat().property(QUOTE_DEPTH) if block.isValid() else None
    return depth if isinstance(depth, int) else 0
