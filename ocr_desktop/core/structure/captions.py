"""Captions: what stands beside a table or a picture and says which one it is."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import SolidKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.core.layout.boxes import Solid
    from ocr_desktop.core.structure.paragraphs import Paragraph

NEAR = 3.5
"""A caption stands no more than so many heights above or below what it names."""
MOST_LINES = 12

_TABLE = r"(?:table|tab|tabelle|tableau|tabla|tabella|tabel|表格?|표)"
_FIGURE = r"(?:figure|fig|chart|plate|abbildung|abb|figura|figuur|imagen?|图表?|圖|図|그림)"
_NUMBER = r"(?:\d{1,3}|[A-Z](?=[.\-]\d)|[IVX]{1,5}\b)(?:[.\-–]\d{1,3})*[a-z]?"
_NAMED = re.compile(
    rf"[(（【\[]?(?:(?P<table>{_TABLE})|(?P<image>{_FIGURE}))\.?\s?{_NUMBER}(?P<stop>\s*[:：.．、|)）】\]—–-]|\s*\Z)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


class CaptionLabel(StrEnum):
    TABLE = "table_caption"
    IMAGE = "image_caption"


def caption_label(paragraph: Paragraph, words: str, solids: Iterable[Solid]) -> CaptionLabel | None:
    """What sort of caption a paragraph is, if it is one.

    Its number followed by a full stop or a colon says so by itself; without one it stands right beside what it names,
    else it is a sentence about it.

    Args:
        paragraph: Of text.
        words: Its words.
        solids: The tables and pictures of the page.
    """
    named = _NAMED.match(words)
    if named is None or len(paragraph) > MOST_LINES or any(line.has_cells for line in paragraph):
        return None
    label = CaptionLabel.TABLE if named["table"] else CaptionLabel.IMAGE
    if named["stop"] and _is_capital(named["rest"]):
        return label
    if words[:1].islower():
        return None
    return label if any(_is_beside(paragraph, solid) for solid in solids) else None


def _is_capital(rest: str) -> bool:
    """Whether a sentence begins: no small letter, as behind an abbreviation or in "Fig. 3-5 show"."""
    return not rest.strip()[:1].islower()


def _is_beside(paragraph: Paragraph, solid: Solid) -> bool:
    if solid.kind is SolidKind.CODE:
        return False
    top, bottom = paragraph[0].y_min, paragraph[-1].y_max
    height = paragraph[0].height
    gap = max(solid.y_min - bottom, top - solid.y_max)
    left, right = min(line.x_min for line in paragraph), max(line.x_max for line in paragraph)
    return gap <= NEAR * height and left < solid.x_max and solid.x_min < right
