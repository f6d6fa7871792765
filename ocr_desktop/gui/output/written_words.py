"""How words stand in the document: with places for a line break, and formulas as their source."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextBlock

from ocr_desktop.gui.output.artwork import FORMULA_OBJECT, OBJECT, formula_of, fragments_of
from ocr_desktop.gui.output.blocks import LINE_BREAK, Block, Figure, Kind, Paragraph, TablePart, Words
from ocr_desktop.gui.output.formulas import FormulaKey

ZERO_WIDTH_SPACE = "\u200b"
LONG_WORD = re.compile(r"[^\s\u2e80-\U0010ffff]{32}")
"""So many letters without a space make a line too long for a column; Chinese breaks anywhere."""


def breakable(text: str) -> str:
    """The text with places for a line break in what is longer than a word.

    The character that stands for an object is left out: it shows nothing, and Qt copies no text that it stands in.
    """
    return LONG_WORD.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", text.replace(OBJECT, ""))


def unbroken(text: str) -> str:
    """The text without the places for a line break."""
    return text.replace(ZERO_WIDTH_SPACE, "")


def formula_key(words: Words, paragraph: Paragraph | None) -> FormulaKey:
    is_display = paragraph is not None and paragraph.kind is Kind.FORMULA
    return FormulaKey(words.text.replace(LINE_BREAK, "\n").strip(), is_display)


def own_formula(block: Block) -> FormulaKey | None:
    """The formula that is a block of its own."""
    is_formula = isinstance(block, Paragraph) and block.kind is Kind.FORMULA
    return formula_key(block.words[0], block) if is_formula and isinstance(block, Paragraph) else None


def shown_source(key: FormulaKey) -> str:
    return breakable(key.source.replace("\n", LINE_BREAK))


def stretches_in(block: QTextBlock, key: FormulaKey) -> list[tuple[int, int]]:
    return [
        (fragment.position(), fragment.length())
        for fragment in fragments_of(block)
        if fragment.charFormat().objectType() != FORMULA_OBJECT and formula_of(fragment.charFormat()) == key
    ]


def all_words(block: Block) -> list[Words]:
    match block:
        case Paragraph():
            return list(block.words)
        case TablePart():
            return [words for cell in block.cells for words in cell.words]
    return []


def figure_name(figure: Figure) -> str:
    if figure.count == 1:
        return QCoreApplication.translate("RenderedView", "Figure")
    text = QCoreApplication.translate("RenderedView", "Figure, part {number} of {count}")
    return text.format(number=figure.number, count=figure.count)
