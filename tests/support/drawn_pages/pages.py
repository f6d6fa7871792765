"""Every kind of page in every quality that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from tests.support.drawn_pages import documents, screens, tables
from tests.support.drawn_pages.qualities import QUALITIES, scanned
from tests.support.drawn_pages.sheet import Colours, Sheet
from tests.support.drawn_pages.truth import Truth


@dataclass(frozen=True, slots=True)
class Kind:
    """What draws a page, and the qualities that such pages come in."""

    draw: Callable[[float, Colours], Sheet]
    qualities: tuple[str, ...]
    language: str = "eng"


KINDS: dict[str, Kind] = {
    "letter": Kind(documents.letter, ("clean", "scan")),
    "paper": Kind(documents.paper, ("clean", "scan")),
    "newspaper": Kind(documents.newspaper, ("clean", "scan")),
    "book": Kind(documents.book, ("clean", "scan")),
    "lists": Kind(documents.lists, ("clean", "small")),
    "contents": Kind(documents.contents, ("clean", "small")),
    "report-chinese": Kind(documents.report, ("clean", "screen", "scan"), "chi_sim+eng"),
    "receipt": Kind(screens.receipt, ("clean", "scan")),
    "slide": Kind(screens.slide, ("screen", "dark")),
    "settings": Kind(screens.settings, ("small", "dark")),
    "form": Kind(screens.form, ("clean", "scan")),
    "code": Kind(screens.code, ("small", "dark")),
    "code-numbered": Kind(screens.numbered_code, ("small", "dark")),
    "table-ruled": Kind(tables.ruled, ("clean", "small", "scan")),
    "table-unruled": Kind(tables.unruled, ("clean", "small", "scan")),
    "table-striped": Kind(tables.striped, ("clean", "dark")),
    "table-spans": Kind(tables.spans, ("clean", "small")),
    "table-journal": Kind(tables.open_spans, ("clean", "small")),
    "table-dense": Kind(tables.dense, ("clean", "screen")),
}


@dataclass(frozen=True, slots=True)
class DrawnPage:
    picture: Image.Image
    truth: Truth


def drawn(kind: str, quality: str) -> DrawnPage:
    """The page; always the same for the same kind and quality."""
    how, page = QUALITIES[quality], KINDS[kind]
    sheet = page.draw(how.scale, how.colours)
    picture, blocks = sheet.picture, sheet.blocks
    if how.is_scan:
        picture, blocks = scanned(picture, blocks, seed=len(kind))
    return DrawnPage(picture, Truth(kind, quality, page.language, picture.size, tuple(blocks)))


def names() -> Iterator[tuple[str, str]]:
    """The kind and the quality of every page."""
    for kind, page in KINDS.items():
        for quality in page.qualities:
            yield kind, quality
