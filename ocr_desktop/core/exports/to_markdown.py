"""A document as Markdown."""

from __future__ import annotations

from ocr_desktop.core.document import Document
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.markdown import compose


def to_markdown(document: Document) -> str:
    texts = [compose(edited_regions(run)).text for page in document.pages for run in page.runs]
    return "\n\n".join(text for text in texts if text) + "\n"
