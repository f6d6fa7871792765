"""A document as its words alone."""

from __future__ import annotations

from ocr_desktop.core.document import Document
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.markdown import page_text


def to_text(document: Document) -> str:
    texts = [page_text(edited_regions(run)) for page in document.pages for run in page.runs]
    return "\n\n".join(text for text in texts if text) + "\n"
