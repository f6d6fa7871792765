"""How the rendered view looks: sizes, distances and colours, all from a font and a palette."""

from __future__ import annotations

import functools
import html

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTableCellFormat,
    QTextTableFormat,
)

from ocr_desktop.gui.output.artwork import FORMULA_OBJECT, formula_font_size, set_formula
from ocr_desktop.gui.output.blocks import Block, Face, Figure, Kind, MoreRows, Paragraph, PlacedCell, TablePart
from ocr_desktop.gui.output.formulas import Drawing, FormulaKey
from ocr_desktop.gui.output.table_widths import Fit

PANEL = QTextFormat.Property.UserProperty.value + 6
"""The property of blocks that stand on a panel: which kind of panel, a `Kind`'s value."""
QUOTE_DEPTH = QTextFormat.Property.UserProperty.value + 7
"""The property of blocks with quote bars at their left: how many."""

JOINT = QTextFormat.Property.UserProperty.value + 9
"""The property of blocks that go on with the paragraph of the block before: the code of what stood between,
0 for nothing."""

HEADING_SCALE = {1: 1.6, 2: 1.35, 3: 1.17, 4: 1.08, 5: 1.0, 6: 1.0}
LINE_DISTANCE = 0.3
"""Between the lines of a paragraph; like all distances here, in line heights of the font."""
LIST_INDENT = 1.6
QUOTE_INDENT = 1.0
GAPS = dict.fromkeys(Kind, 0.65) | {Kind.HEADING: 1.2}
GAPS_BETWEEN_LIKE = {Kind.LINE: 0.0, Kind.ITEM: 0.2, Kind.CODE: 0.0}
GAP_AFTER_HEADING = 0.4
FIGURE_GAP = 0.8
TABLE_GAP = 0.8
HEAD_SHARE = 0.07
"""Of the text's colour in the background of a table's head."""
TABLE_MARGIN = 2
"""Right of a table, in logical pixels: the last column's own line is not counted in what a table takes."""
PANEL_PADDING = 0.5
TOOLTIP_CHARACTERS = 300
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


class Typography:
    """Makes the formats of paragraphs, words and tables; a changed font or palette needs a new one."""

    def __init__(self, font: QFont, palette: QPalette) -> None:
        self.font = font
        self._line = QFontMetricsF(font).height()
        room_below = QFontMetricsF(font).descent() + 0.8 * LINE_DISTANCE * self._line
        self._depth_between_lines = room_below / formula_font_size(font)
        """How deep a formula may be, in sizes of its font, without being in the next line's way."""
        self._points = QFontInfo(font).pointSizeF()
        self.fixed_families = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families()
        self._base = palette.color(QPalette.ColorRole.Base)
        self._text = palette.color(QPalette.ColorRole.Text)
        self._dim = palette.color(QPalette.ColorRole.PlaceholderText)
        self._link = palette.color(QPalette.ColorRole.Link)
        self.text_colour, self.base_colour = self._text, self._base
        self.panel_colour = self._tint(0.05).color()
        self.panel_padding = PANEL_PADDING * self._line
        self.bar_colour = self._tint(0.28).color()
        self.bar_distance = QUOTE_INDENT * self._line
        self.word_format = functools.lru_cache(maxsize=256)(self._word_format)

    def block_format(
        self, block: Paragraph | MoreRows | Figure, before: Block | None, *, is_drawn: bool = False
    ) -> QTextBlockFormat:
        """The look of a block behind another; `is_drawn` tells that a formula is not shown as its source."""
        form = QTextBlockFormat()
        match block:
            case Paragraph():
                form = self._paragraph_format(block, before, is_drawn)
                if block.joint is not None:
                    form.setProperty(JOINT, ord(block.joint or "\0"))
            case Figure():
                form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                form.setTopMargin(0.0 if before is None else (FIGURE_GAP + _room_below(before)) * self._line)
            case MoreRows():
                form.setTopMargin(GAP_AFTER_HEADING * self._line)
        return form

    def block_words_format(self, block: Block) -> QTextCharFormat:
        """The look of a block's words before each has its own."""
        if isinstance(block, Paragraph):
            return self.word_format(Face.PLAIN, "", block.kind, block.level)
        return self.word_format(Face.PLAIN, "", Kind.TEXT)

    def _paragraph_format(self, paragraph: Paragraph, before: Block | None, is_drawn: bool) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setTopMargin(self._gap(paragraph, before) * self._line)
        form.setLineHeight(LINE_DISTANCE * self._line, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        match paragraph.kind:
            case Kind.HEADING:
                form.setHeadingLevel(paragraph.level)
                form.setLineHeight(0.15 * self._line, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
            case Kind.ITEM:
                indent = LIST_INDENT * self._line
                form.setLeftMargin(indent * paragraph.level)
                if paragraph.marker:
                    form.setTextIndent(-indent * 0.7)
                    form.setTabPositions([QTextOption.Tab(indent * 0.7, QTextOption.TabType.LeftTab)])
            case Kind.QUOTE:
                form.setLeftMargin(QUOTE_INDENT * self._line * paragraph.level)
                form.setProperty(QUOTE_DEPTH, paragraph.level)
            case Kind.FORMULA if is_drawn:
                form.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
                form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            case Kind.CODE | Kind.FORMULA:
                form.setLineHeight(0.1 * self._line, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
                form.setLeftMargin(self.panel_padding)
                form.setRightMargin(self.panel_padding)
                form.setProperty(PANEL, paragraph.kind.value)
                if not (paragraph.kind is Kind.CODE and _is_code(before)):
                    form.setTopMargin(form.topMargin() + self.panel_padding)
                if paragraph.kind is Kind.FORMULA:
                    form.setBottomMargin(GAPS[Kind.FORMULA] * self._line + self.panel_padding)
            case Kind.RULE:
                form.setProperty(
                    QTextFormat.Property.BlockTrailingHorizontalRulerWidth,
                    QTextLength(QTextLength.Type.PercentageLength, 100),
                )
                form.setBackground(self._tint(0.3))
        return form

    def formula_source_format(self, key: FormulaKey, face: Face, paragraph: Paragraph | None) -> QTextCharFormat:
        """The look of a formula's LaTeX in a paragraph, or in a table's cell (None)."""
        kind, level = (None, 0) if paragraph is None else (paragraph.kind, paragraph.level)
        form = QTextCharFormat(self.word_format(face | Face.FORMULA, "", kind, level))
        set_formula(form, key)
        return form

    def formula_object_format(self, key: FormulaKey, drawing: Drawing, paragraph: Paragraph | None) -> QTextCharFormat:
        """The format of the object that a formula is drawn as."""
        is_own = paragraph is None or paragraph.kind is Kind.FORMULA
        form = QTextCharFormat()
        if paragraph is not None and not is_own:
            form = QTextCharFormat(self.word_format(Face.PLAIN, "", paragraph.kind, paragraph.level))
        form.setObjectType(FORMULA_OBJECT)
        set_formula(form, key)
        if not key.is_display and drawing.typeset.below > self._depth_between_lines:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return form

    def table_format(self, part: TablePart, before: Block | None, fit: Fit) -> QTextTableFormat:
        form = QTextTableFormat()
        form.setBorder(0)
        form.setCellSpacing(0)
        form.setCellPadding(fit.padding)
        form.setRightMargin(TABLE_MARGIN)
        if before is not None and not part.continues:
            form.setTopMargin((TABLE_GAP + _room_below(before)) * self._line)
        form.setColumnWidthConstraints([QTextLength(QTextLength.Type.FixedLength, width) for width in fit.widths])
        return form

    def cell_format(self, part: TablePart, place: tuple[int, int], cell: PlacedCell | None) -> QTextTableCellFormat:
        """The look of the cell at a place (row, column) of a part's grid; None where the model wrote none."""
        form = QTextTableCellFormat()
        row, column = place
        rows, columns = (1, 1) if cell is None else (cell.rows, cell.columns)
        # Every line is drawn once, by the cell below or right of it: collapsed borders cost ten times as much to paint.
        form.setLeftBorder(1)
        form.setTopBorder(0 if row == 0 and part.continues else 1)
        form.setRightBorder(1 if column + columns == part.column_count else 0)
        form.setBottomBorder(1 if row + rows == part.row_count else 0)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(self._tint(0.18))
        if cell is not None and cell.is_head:
            # Seen through, so that what marks a region under the table is seen too.
            form.setBackground(QBrush(_with_alpha(self._text, HEAD_SHARE)))
        if rows > 1:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        return form

    def cell_paragraph_format(self, cell: PlacedCell | None) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(115, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if cell is not None and cell.alignment in _ALIGNMENTS:
            form.setAlignment(_ALIGNMENTS[cell.alignment])
        return form

    def spacer_format(self) -> QTextBlockFormat:
        """The paragraph without height that a document needs before, between and after tables."""
        form = QTextBlockFormat()
        form.setLineHeight(0, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return form

    def spacer_words_format(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFontPointSize(1)
        return form

    def _gap(self, paragraph: Paragraph, before: Block | None) -> float:
        if before is None or paragraph.joint is not None:
            return 0.0
        gap = GAPS[paragraph.kind]
        if isinstance(before, TablePart):
            return max(gap, TABLE_GAP)
        if not isinstance(before, Paragraph):
            return max(gap, FIGURE_GAP)
        if before.kind is Kind.HEADING:
            return GAP_AFTER_HEADING
        if paragraph.kind is before.kind:
            return GAPS_BETWEEN_LIKE.get(paragraph.kind, gap)
        return gap + _room_below(before)

    def _word_format(self, face: Face, address: str = "", kind: Kind | None = None, level: int = 0) -> QTextCharFormat:
        """The look of words in a paragraph of a kind and level, or in a table's cell (None)."""
        form = QTextCharFormat()
        if kind is Kind.HEADING:
            form.setFontPointSize(self._points * HEADING_SCALE[level])
            form.setFontWeight(QFont.Weight.Bold)
        elif kind is Kind.QUOTE:
            form.setForeground(self._dim)
        if Face.BOLD in face:
            form.setFontWeight(QFont.Weight.Bold)
        if face & (Face.CODE | Face.FORMULA) or kind in (Kind.CODE, Kind.FORMULA):
            form.setFontFamilies(self.fixed_families)
            form.setFontFixedPitch(True)
            if kind not in (Kind.CODE, Kind.FORMULA):
                form.setBackground(self._tint(0.06))
        form.setFontItalic(Face.ITALIC in face)
        form.setFontStrikeOut(Face.STRUCK in face)
        form.setFontUnderline(Face.UNDERLINED in face)
        if Face.RAISED in face:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        elif Face.LOWERED in face:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
        if address:
            _link(form, address, self._link)
        return form

    def _tint(self, share: float) -> QBrush:
        """The background with a share of the text's colour in it."""

        def mixed(of_base: int, of_text: int) -> int:
            return round(of_base + (of_text - of_base) * share)

        base, text = self._base, self._text
        return QBrush(
            QColor(mixed(base.red(), text.red()), mixed(base.green(), text.green()), mixed(base.blue(), text.blue()))
        )


def _with_alpha(colour: QColor, share: float) -> QColor:
    seen_through = QColor(colour)
    seen_through.setAlphaF(share)
    return seen_through


def _is_code(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and block.kind is Kind.CODE


def _room_below(block: Block) -> float:
    """What a block's panel takes of the gap below it."""
    return PANEL_PADDING if _is_code(block) else 0.0


def _link(form: QTextCharFormat, address: str, colour: QColor) -> None:
    form.setAnchor(True)
    form.setAnchorHref(address)
    form.setForeground(colour)
    form.setFontUnderline(True)
    # A tooltip takes what looks like HTML for HTML, and would load what it names.
    form.setToolTip(f"<span>{html.escape(address[:TOOLTIP_CHARACTERS])}</span>")
