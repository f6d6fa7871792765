"""What is painted under the words: panels of code, and the bars of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock, QTextDocument

from ocr_desktop.gui.output.typography import PANEL, QUOTE_DEPTH

if TYPE_CHECKING:
    from ocr_desktop.gui.output.typography import Typography

CORNER = 4
BAR_WIDTH = 3


def paint_decorations(
    painter: QPainter, document: QTextDocument, first: QTextBlock, sight: QRectF, typography: Typography
) -> None:
    """Paint what belongs under the blocks from `first` on that lie in sight; painter and sight are the document's."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    block = first
    while _is_joined(block.previous(), block):
        block = block.previous()
    layout = document.documentLayout()
    while block.isValid() and layout.blockBoundingRect(block).top() <= sight.bottom():
        last = block
        while _is_joined(last, last.next()) and layout.blockBoundingRect(last).top() <= sight.bottom():
            last = last.next()
        if block.blockFormat().property(PANEL) is not None:
            area = layout.blockBoundingRect(block).united(layout.blockBoundingRect(last))
            _paint_panel(painter, area, document, typography)
        while block != last.next():
            _paint_bars(painter, block, document, typography)
            block = block.next()
    painter.restore()


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
