"""A document as exactly what the engine said."""

from __future__ import annotations

from ocr_desktop.core.document import Document


def to_raw(document: Document) -> str:
    return "\n".join(run.raw for page in document.pages for run in page.runs)
