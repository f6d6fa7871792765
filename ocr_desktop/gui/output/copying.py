"""Selected text of the rendered view as other programs get it: without objects, pictures or addresses of our own."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QTextDocumentFragment, QTextFormat

from ocr_desktop.gui.output.artwork import FIGURE_NAME, formula_of, fragments_of
from ocr_desktop.gui.output.typography import JOINT
from ocr_desktop.gui.output.writer import ROWS_SCHEME


def with_sources(selection: QTextDocumentFragment) -> QTextDocument:
    """A document of what is selected: formulas as their LaTeX between dollar signs, figures as their names."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    cursor = QTextCursor(document)
    cursor.insertFragment(selection)
    for start, length, form in reversed(_stand_ins(document)):
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        plain = QTextCharFormat() if _is_object(form) else QTextCharFormat(form)
        cursor.insertText(_words_for(form) * (length if _is_object(form) else 1), plain)
    _join_parts(document)
    return document


def _join_parts(document: QTextDocument) -> None:
    """Make one block again of what is several only in the view."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.lastBlock()
    while block.previous().isValid():
        above, joint = block.previous(), block.blockFormat().property(JOINT)
        if isinstance(joint, int):
            cursor.setPosition(block.position())
            cursor.deletePreviousChar()
            cursor.insertText(chr(joint) if joint else "")
        block = above
    cursor.endEditBlock()


def _stand_ins(document: QTextDocument) -> list[tuple[int, int, QTextCharFormat]]:
    """The stretches that are to be written in other words: start, length and format of each."""
    found: list[tuple[int, int, QTextCharFormat]] = []
    block = document.begin()
    while block.isValid():
        for fragment in fragments_of(block):
            form = fragment.charFormat()
            if _is_object(form) or formula_of(form) is not None or form.anchorHref().startswith(ROWS_SCHEME):
                found.append((fragment.position(), fragment.length(), form))
        block = block.next()
    return found


def _is_object(form: QTextCharFormat) -> bool:
    return form.objectType() != QTextFormat.ObjectTypes.NoObject.value


def _words_for(form: QTextCharFormat) -> str:
    key = formula_of(form)
    if key is not None:
        return key.markdown
    name = form.property(FIGURE_NAME)
    return f"[{name}]" if isinstance(name, str) else ""
