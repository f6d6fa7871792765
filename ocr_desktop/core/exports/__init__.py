"""The formats that a reading can be written in.

Every format uses the regions as they are shown, the user's edits applied. A format is a function from a document,
each page with its one chosen run, to text; `FORMATS` is the table that both faces read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ocr_desktop.core.document import Document
from ocr_desktop.core.exports.to_json import to_json
from ocr_desktop.core.exports.to_markdown import to_markdown
from ocr_desktop.core.exports.to_raw import to_raw
from ocr_desktop.core.exports.to_text import to_text
from ocr_desktop.core.markdown import USUAL_STYLE, MarkdownStyle

MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a document.

    Attributes:
        id: What `--format` takes.
        ending: The file's ending, with its dot.
        write: The document as text; ends with a line break unless it must be exactly what came.
        has_places: Whether it tells where on the page the words stand.
    """

    id: str
    ending: str
    write: Callable[[Document], str]
    has_places: bool = False


FORMATS: dict[str, Format] = {
    each.id: each
    for each in (
        Format("md", ".md", to_markdown),
        Format("txt", ".txt", to_text),
        Format("json", ".json", to_json, has_places=True),
        Format("raw", ".raw.txt", to_raw),
    )
}


def document_text(document: Document, format_id: str, style: MarkdownStyle = USUAL_STYLE) -> str:
    """A document in a format; the style is that of Markdown and changes no other format."""
    return to_markdown(document, style) if format_id == MARKDOWN else FORMATS[format_id].write(document)
