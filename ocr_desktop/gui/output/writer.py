"""Brings a text document to what a page says, a step at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat, QTextTableCell, QTextTableFormat

from ocr_desktop.gui.output.artwork import OBJECT, figure_format
from ocr_desktop.gui.output.blocks import (
    Block,
    Face,
    Figure,
    Kind,
    MoreRows,
    Paragraph,
    PlacedCell,
    TablePart,
    Words,
)
from ocr_desktop.gui.output.formulas import Drawing, FormulaBook, FormulaKey
from ocr_desktop.gui.output.table_widths import TableFitter
from ocr_desktop.gui.output.typography import TABLE_MARGIN
from ocr_desktop.gui.output.written_words import (
    ZERO_WIDTH_SPACE,
    all_words,
    breakable,
    figure_name,
    formula_key,
    own_formula,
    shown_source,
    stretches_in,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.gui.output.typography import Typography

REGION_ID = QTextFormat.Property.UserProperty.value + 1
"""The property of a text block's format that holds its region's id."""
ROWS_SCHEME = "rows:"
"""Begins the address of the link to a table's other rows; the region's id and the table's number follow."""
MOST_CUT_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Unit:
    """What is written in one step: a block, and the region it belongs to."""

    region_id: int
    block: Block


class DocumentWriter:
    """Writes units into a document that nobody else changes.

    What stands there already and is wanted again from the front on is kept; the rest is cut off and written anew.
    """

    def __init__(self, document: QTextDocument, typography: Typography, book: FormulaBook) -> None:
        self._document = document
        self._typography = typography
        self._book = book
        self._fitter = TableFitter(typography.font, typography.fixed_families, book)
        self._misfits: list[int] = []
        """Written parts of tables whose columns may have to have other widths."""
        self._written: list[Unit] = []
        self._starts: list[int] = []
        """Where the document ended before each written unit."""
        self._sources: dict[FormulaKey, list[int]] = {}
        """For each formula that stands there as its source, the units that it stands in, in order."""
        self._arrived: list[FormulaKey] = []
        """Formulas that have their drawing now and still stand there as their source."""
        self._wanted: Sequence[Unit] = ()
        self._kept = 0
        self._is_front = False
        self._is_stale = False
        self._tail = QTextCursor(document)
        self._end_block(None)

    @property
    def is_done(self) -> bool:
        if self._misfits:
            return False
        if self._kept < len(self._wanted):
            return False
        return self._is_front or self._kept == len(self._written)

    def aim_at(self, units: Sequence[Unit], *, is_front: bool = False) -> None:
        """Take these units as what is wanted; with `is_front`, more will follow and what stands behind may stay."""
        self._wanted, self._is_front = units, is_front
        self._kept = 0 if self._is_stale else self._same_front(units)

    def use(self, typography: Typography) -> None:
        """Write everything anew in another look."""
        self._typography = typography
        self._fitter = TableFitter(typography.font, typography.fixed_families, self._book)
        self._is_stale = bool(self._written)
        self._kept = 0

    def take_drawing(self, key: FormulaKey) -> None:
        """A formula has its drawing; `place_drawing` puts it where its source stands."""
        if key in self._sources:
            self._arrived.append(key)

    @property
    def has_drawings_to_place(self) -> bool:
        return bool(self._arrived or self._misfits)

    def place_drawing(self) -> None:
        """Replace a formula's source by its drawing in one unit, or make room for those in a part of a table."""
        if not self._arrived:
            self._fit_next()
            return
        key = self._arrived[-1]
        units = self._sources.get(key)
        drawing = self._book.drawing(key)
        if units and drawing is not None:
            self._tail.beginEditBlock()
            self._place(key, drawing, units.pop())
            self._tail.endEditBlock()
        if not units:
            self._sources.pop(key, None)
            self._arrived.pop()

    def step(self) -> None:
        """Do a part of what is left; a unit that changed is replaced in one step, so that nothing flickers."""
        self._tail.beginEditBlock()
        if self._misfits:
            self._fit_next()
        elif len(self._written) > self._kept:
            self._cut_off(max(self._kept, len(self._written) - MOST_CUT_AT_ONCE))
        if self._kept == len(self._written) < len(self._wanted):
            self._append(self._wanted[self._kept])
            self._kept += 1
        self._tail.endEditBlock()

    def _same_front(self, units: Sequence[Unit]) -> int:
        same = 0
        for wanted, written in zip(units, self._written, strict=False):
            if wanted is not written:
                if wanted != written:
                    break
                self._take_extents(same, wanted)
            same += 1
        return same

    def _take_extents(self, index: int, unit: Unit) -> None:
        """Take a part of a table in place of one with the same cells, whose table may have others elsewhere."""
        before = self._written[index].block
        if isinstance(unit.block, TablePart) and isinstance(before, TablePart):
            self._written[index] = unit
            if unit.block.extents != before.extents:
                self._misfits.append(index)

    def fit_tables(self) -> None:
        """Give all columns the widths that they need in the room there is now."""
        self._misfits = [index for index, unit in enumerate(self._written) if isinstance(unit.block, TablePart)]
        if self._misfits:
            self._tail.beginEditBlock()
            while self._misfits:
                self._fit_next()
            self._tail.endEditBlock()

    def _fit_next(self) -> None:
        index = self._misfits.pop(0)
        part = self._written[index].block if index < len(self._written) else None
        if not isinstance(part, TablePart):
            return
        cursor = QTextCursor(self._document)
        cursor.setPosition(self._starts[index] + 1)
        table = cursor.currentTable()
        form = self._table_format(part, self._written[index - 1].block if index else None)
        # Setting what is there already would have the table laid out again.
        if table.format() != form:
            table.setFormat(form)

    def _table_format(self, part: TablePart, before: Block | None) -> QTextTableFormat:
        frame = self._document.rootFrame().frameFormat()
        room = self._document.textWidth() - frame.leftMargin() - frame.rightMargin() - 2 * TABLE_MARGIN
        fit = self._fitter.fit(part.extents, part.column_count, room)
        return self._typography.table_format(part, before, fit)

    def ranges_of(self, region_id: int) -> list[tuple[int, int]]:
        """From where to where a region's paragraphs and tables stand in the document; none where it has no words."""
        return [self._range(index) for index, unit in enumerate(self._written) if unit.region_id == region_id]

    def figure_ranges(self) -> list[tuple[int, int]]:
        """From where to where figures stand in the document."""
        return [self._range(index) for index, unit in enumerate(self._written) if isinstance(unit.block, Figure)]

    def _range(self, index: int) -> tuple[int, int]:
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else self._end()
        if isinstance(self._written[index].block, TablePart):
            # From inside the first cell to inside the last: a selection that leaves a table takes in its neighbours.
            return start + 1, end - 1
        return (start + 1 if index else start), end

    def _end(self) -> int:
        return self._document.characterCount() - 1

    def _cut_off(self, length: int) -> None:
        self._tail.setPosition(self._starts[length])
        self._tail.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._tail.removeSelectedText()
        for unit in self._written[length:]:
            self._forget_sources(unit, length)
        del self._written[length:], self._starts[length:]
        self._misfits = [index for index in self._misfits if index < length]
        self._is_stale = self._is_stale and length > 0
        self._end_block(self._written[-1] if self._written else None)

    def _end_block(self, last: Unit | None) -> None:
        """Give the last text block the look that it has to have behind the last unit."""
        self._tail.movePosition(QTextCursor.MoveOperation.End)
        if last is not None and not isinstance(last.block, TablePart):
            before = self._written[-2].block if len(self._written) > 1 else None
            form = self._typography.block_format(last.block, before, is_drawn=self._is_drawn(len(self._written) - 1))
            words_form = self._typography.block_words_format(last.block)
        else:
            form, words_form = self._typography.spacer_format(), self._typography.spacer_words_format()
        if last is not None:
            form.setProperty(REGION_ID, last.region_id)
        # Setting what is there already would have the block laid out again.
        if self._tail.blockFormat() != form:
            self._tail.setBlockFormat(form)
        if self._tail.blockCharFormat() != words_form:
            self._tail.setBlockCharFormat(words_form)

    def _append(self, unit: Unit) -> None:
        start = self._end()
        before = self._written[-1].block if self._written else None
        self._tail.movePosition(QTextCursor.MoveOperation.End)
        self._starts.append(start)
        self._written.append(unit)
        if isinstance(unit.block, TablePart):
            self._append_table(unit.block, unit.region_id, before)
            self._end_block(unit)
        else:
            self._append_block(unit.block, unit.region_id, before)

    def _append_block(self, block: Paragraph | MoreRows | Figure, region_id: int, before: Block | None) -> None:
        typography = self._typography
        key = own_formula(block)
        form = typography.block_format(block, before, is_drawn=key is not None and self._book.drawing(key) is not None)
        form.setProperty(REGION_ID, region_id)
        words_form = typography.block_words_format(block)
        if before is None:
            self._tail.setBlockFormat(form)
            self._tail.setBlockCharFormat(words_form)
        else:
            # The block that ends a table stays as it is: behind a table itself a gap would have no effect.
            self._tail.insertBlock(form, words_form)
        match block:
            case Paragraph():
                if block.marker:
                    self._tail.insertText(f"{block.marker}\t", words_form)
                for words in block.words:
                    self._insert(self._tail, words, block)
            case MoreRows():
                address = f"{ROWS_SCHEME}{region_id}:{block.table}"
                text = QCoreApplication.translate("RenderedView", "Show all {count} rows").format(count=block.row_count)
                self._tail.insertText(text, typography.word_format(Face.PLAIN, address, Kind.TEXT))
            case Figure():
                self._tail.insertText(OBJECT, figure_format(block.box, figure_name(block)))

    def _insert(self, cursor: QTextCursor, words: Words, paragraph: Paragraph | None) -> None:
        """Write words of a paragraph, or of a table's cell (None)."""
        typography = self._typography
        if Face.FORMULA in words.face:
            self._insert_formula(cursor, words, paragraph)
            return
        kind, level = (None, 0) if paragraph is None else (paragraph.kind, paragraph.level)
        cursor.insertText(breakable(words.text), typography.word_format(words.face, words.address, kind, level))

    def _insert_formula(self, cursor: QTextCursor, words: Words, paragraph: Paragraph | None) -> None:
        """Write a formula as its drawing, or as its source until it has one."""
        key = formula_key(words, paragraph)
        drawing = self._book.drawing(key)
        if drawing is not None:
            cursor.insertText(OBJECT, self._typography.formula_object_format(key, drawing, paragraph))
            return
        cursor.insertText(shown_source(key), self._typography.formula_source_format(key, words.face, paragraph))
        units = self._sources.setdefault(key, [])
        if not units or units[-1] != len(self._written) - 1:
            units.append(len(self._written) - 1)
        self._book.want(key)

    def _place(self, key: FormulaKey, drawing: Drawing, index: int) -> None:
        block = self._written[index].block
        paragraph = block if isinstance(block, Paragraph) else None
        form = self._typography.formula_object_format(key, drawing, paragraph)
        shown = len(shown_source(key))
        start, end = self._starts[index], self._starts[index + 1] if index + 1 < len(self._starts) else self._end()
        cursor = QTextCursor(self._document)
        lost = 0
        for position, length in reversed(self._stretches(key, start, end)):
            cursor.setPosition(position)
            cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(OBJECT * (length // shown), form)
            lost += length - length // shown
        if paragraph is not None and paragraph.kind is Kind.FORMULA:
            before = self._written[index - 1].block if index else None
            own_form = self._typography.block_format(paragraph, before, is_drawn=True)
            own_form.setProperty(REGION_ID, self._written[index].region_id)
            cursor.setBlockFormat(own_form)
        if isinstance(block, TablePart):
            self._fitter.forget()
            self._misfit_table(index)
        self._starts[index + 1 :] = [each - lost for each in self._starts[index + 1 :]]

    def _misfit_table(self, index: int) -> None:
        """Have all parts fitted of the table that a written part belongs to."""
        block = self._written[index].block
        while isinstance(block, TablePart) and block.continues:
            index -= 1
            block = self._written[index].block
        self._misfits = [each for each in self._misfits if each < index]
        self._misfits.append(index)
        for unit in self._written[index + 1 :]:
            if not (isinstance(unit.block, TablePart) and unit.block.continues):
                break
            index += 1
            self._misfits.append(index)

    def _stretches(self, key: FormulaKey, start: int, end: int) -> list[tuple[int, int]]:
        """Where a formula's source stands between two positions: positions and lengths."""
        found: list[tuple[int, int]] = []
        block = self._document.findBlock(start)
        while block.isValid() and block.position() <= end:
            found += stretches_in(block, key)
            block = block.next()
        return [(position, length) for position, length in found if start <= position <= end]

    def _forget_sources(self, unit: Unit, length: int) -> None:
        """Nothing behind the first so many units is there any more."""
        for words in all_words(unit.block):
            if Face.FORMULA not in words.face:
                continue
            key = formula_key(words, unit.block if isinstance(unit.block, Paragraph) else None)
            units = self._sources.get(key, [])
            while units and units[-1] >= length:
                units.pop()
            if not units:
                self._sources.pop(key, None)

    def _is_drawn(self, index: int) -> bool:
        """Whether a written unit is a display formula and stands there as its drawing."""
        key = own_formula(self._written[index].block)
        return key is not None and index not in self._sources.get(key, ())

    def _append_table(self, part: TablePart, region_id: int, before: Block | None) -> None:
        typography = self._typography
        if before is None:
            # The block before a table belongs to its region too: a click above the first row is meant for it.
            form = typography.spacer_format()
            form.setProperty(REGION_ID, region_id)
            self._tail.setBlockFormat(form)
        table = self._tail.insertTable(part.row_count, part.column_count, self._table_format(part, before))
        for cell in part.cells:
            if cell.rows > 1 or cell.columns > 1:
                table.mergeCells(cell.row, cell.column, cell.rows, cell.columns)
        for (row, column), placed in _places(part).items():
            place = table.cellAt(row, column)
            place.setFormat(typography.cell_format(part, (row, column), placed))
            self._fill(place, placed, region_id)

    def _fill(self, place: QTextTableCell, cell: PlacedCell | None, region_id: int) -> None:
        form = self._typography.cell_paragraph_format(cell)
        form.setProperty(REGION_ID, region_id)
        cursor = place.firstCursorPosition()
        cursor.setBlockFormat(form)
        if cell is not None:
            weight = Face.BOLD if cell.is_head else Face.PLAIN
            for words in cell.words:
                self._insert(cursor, replace(words, face=words.face | weight), None)
            if any(Face.FORMULA in words.face for words in cell.words):
                # A line of a drawing alone would be lower than its neighbours' lines, and its baseline elsewhere.
                cursor.insertText(ZERO_WIDTH_SPACE, self._typography.word_format(Face.PLAIN))


def _places(part: TablePart) -> dict[tuple[int, int], PlacedCell | None]:
    """The places of a grid that no cell from elsewhere covers, with their cells; None where the model wrote none."""
    places: dict[tuple[int, int], PlacedCell | None] = {
        (row, column): None for row in range(part.row_count) for column in range(part.column_count)
    }
    for cell in part.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                places.pop((row, column), None)
    return places | {(cell.row, cell.column): cell for cell in part.cells}
