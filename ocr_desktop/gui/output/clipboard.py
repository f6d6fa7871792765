"""What copying puts on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from ocr_desktop.gui.output.safe_html import bordered, safe_html


def markdown_mime(markdown: str, usual: str | None = None) -> QMimeData:
    """Markdown as plain text, and beside it HTML with tables and headings for programs that take rich text.

    Args:
        markdown: In the style that the user wants.
        usual: The same in the usual style, which the HTML is made of; None where it is that already.
    """
    mime = text_mime(markdown)
    body = bordered(safe_html(markdown if usual is None else usual))
    mime.setHtml(f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>')
    return mime


def text_mime(text: str) -> QMimeData:
    """Plain text and nothing else, so that it takes on the look of the place it is put in."""
    mime = QMimeData()
    mime.setText(text)
    return mime
