"""Brings a text document to what a page says, a step at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat, QTextTableCell

from ocr_desktop.gui.output.blocks import Block, Face, Paragraph, PlacedCell, TablePart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.gui.output.typography import Typography

REGION_ID = QTextFormat.Property.UserProperty.value + 1
"""The property of a text block's format that holds its region's id."""
MOST_CUT_AT_ONCE = 400
ZERO_WIDTH_SPACE = "\u200b"
LONG_WORD = re.compile(r"[^\s\u2e80-\U0010ffff]{32}")
"""So many letters without a space make a line too long for a column; Chinese breaks anywhere."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is written in one step: a block, and the region it belongs to."""

    region_id: int
    block: Block


class DocumentWriter:
    """Writes units into a document that nobody else changes.

    What stands there already and is wanted again from the front on is kept; the rest is cut off and written anew.
    """

    def __init__(self, document: QTextDocument, typography: Typography) -> None:
        self._document = document
        self._typography = typography
        self._written: list[Unit] = []
        self._starts: list[int] = []
        """Where the document ended before each written unit."""
        self._wanted: Sequence[Unit] = ()
        self._kept = 0
        self._is_front = False
        self._is_stale = False
        self._tail = QTextCursor(document)
        self._end_block(None)

    @property
    def is_done(self) -> bool:
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
        self._is_stale = bool(self._written)
        self._kept = 0

    def step(self) -> None:
        """Do a part of what is left; a unit that changed is replaced in one step, so that nothing flickers."""
        self._tail.beginEditBlock()
        if len(self._written) > self._kept:
            self._cut_off(max(self._kept, len(self._written) - MOST_CUT_AT_ONCE))
        if self._kept == len(self._written) < len(self._wanted):
            self._append(self._wanted[self._kept])
            self._kept += 1
        self._tail.endEditBlock()

    def _same_front(self, units: Sequence[Unit]) -> int:
        same = 0
        for wanted, written in zip(units, self._written, strict=False):
            if wanted is not written and wanted != written:
                break
            same += 1
        return same

    def ranges_of(self, region_id: int) -> list[tuple[int, int]]:
        """From where to where a region's paragraphs and tables stand in the document; none where it has no words."""
        return [self._range(index) for index, unit in enumerate(self._written) if unit.region_id == region_id]

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
        del self._written[length:], self._starts[length:]
        self._is_stale = self._is_stale and length > 0
        self._end_block(self._written[-1] if self._written else None)

    def _end_block(self, last: Unit | None) -> None:
        """Give the last text block the look that it has to have behind the last unit."""
        self._tail.movePosition(QTextCursor.MoveOperation.End)
        if last is not None and isinstance(last.block, Paragraph):
            before = self._written[-2].block if len(self._written) > 1 else None
            form = self._typography.paragraph_format(last.block, before)
            words_form = self._typography.paragraph_words_format(last.block)
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
        if isinstance(unit.block, TablePart):
            self._append_table(unit.block, unit.region_id, before)
        else:
            self._append_paragraph(unit.block, unit.region_id, before)
        self._starts.append(start)
        self._written.append(unit)
        if isinstance(unit.block, TablePart):
            self._end_block(unit)

    def _append_paragraph(self, paragraph: Paragraph, region_id: int, before: Block | None) -> None:
        typography = self._typography
        form = typography.paragraph_format(paragraph, before)
        form.setProperty(REGION_ID, region_id)
        words_form = typography.paragraph_words_format(paragraph)
        if before is None:
            self._tail.setBlockFormat(form)
            self._tail.setBlockCharFormat(words_form)
        else:
            # The block that ends a table stays as it is: behind a table itself a gap would have no effect.
            self._tail.insertBlock(form, words_form)
        if paragraph.marker:
            self._tail.insertText(f"{paragraph.marker}\t", words_form)
        for words in paragraph.words:
            look = typography.word_format(words.face, words.address, paragraph.kind, paragraph.level)
            self._tail.insertText(breakable(words.text), look)

    def _append_table(self, part: TablePart, region_id: int, before: Block | None) -> None:
        typography = self._typography
        if before is None:
            # The block before a table belongs to its region too: a click above the first row is meant for it.
            form = typography.spacer_format()
            form.setProperty(REGION_ID, region_id)
            self._tail.setBlockFormat(form)
        table = self._tail.insertTable(part.row_count, part.column_count, typography.table_format(part, before))
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
                cursor.insertText(
                    breakable(words.text), self._typography.word_format(words.face | weight, words.address)
                )


def breakable(text: str) -> str:
    """The text with places for a line break in what is longer than a word."""
    return LONG_WORD.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", text)


def unbroken(text: str) -> str:
    """The text as it was before `breakable`."""
    return text.replace(ZERO_WIDTH_SPACE, "")


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
