"""What stands in a text document, block by block."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextDocument


def blocks_of(document: QTextDocument) -> list[QTextBlock]:
    found = []
    block = document.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found
