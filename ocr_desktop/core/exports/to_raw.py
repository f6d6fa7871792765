"""A document as exactly what the engine said."""

from __future__ import annotations

from ocr_desktop.core.document import Document


def to_raw(document: Document) -> str:
    """What came, each page parted from the next by a line break; pages of which nothing came are left out."""
    raws = (run.raw for page in document.pages for run in page.runs)
    return "\n".join(raw for raw in raws if raw)
