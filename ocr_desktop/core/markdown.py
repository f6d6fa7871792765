"""Markdown: of a page, composed of its regions, and the functions between Markdown and words.

Regions keep formulas as `$…$` and `$$…$$`, tables without spans as pipes, tables with spans as HTML; a `MarkdownStyle`
that somebody chose is applied when a page is composed. `plain_text` is the one function that makes words of Markdown;
`escaped` is its opposite; `normalised` and `headed` are for what a model wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.markdown_parser import html_of
from ocr_desktop.core.markdown_style import USUAL_STYLE, FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.core.markdown_styling import styled
from ocr_desktop.core.normalising import headed, normalised
from ocr_desktop.core.plain_text import html_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocr_desktop.core.document import Region

__all__ = [
    "LINE_LABELS",
    "NO_LINKS",
    "USUAL_STYLE",
    "Composed",
    "ComposedSpan",
    "FormulaStyle",
    "MarkdownStyle",
    "TableStyle",
    "compose",
    "escaped",
    "headed",
    "html_of",
    "html_text",
    "normalised",
    "page_text",
    "plain_text",
    "region_markdown",
    "separator",
]

LINE_LABELS = frozenset({"line", "match"})
"""Regions that are one line each: between two of them stands a line break, not a new paragraph."""
NO_LINKS: Mapping[int, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ComposedSpan:
    """Where a region's words stand in the composed Markdown, in characters."""

    region_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A page's Markdown, and where each region stands in it, in order."""

    text: str
    spans: tuple[ComposedSpan, ...]


def compose(
    regions: Iterable[Region],
    style: MarkdownStyle = USUAL_STYLE,
    links: Mapping[int, tuple[str, ...]] = NO_LINKS,
) -> Composed:
    """The Markdown of a page: its regions in order, those without words left out.

    Args:
        regions: Of the page, as they are shown.
        style: How tables and formulas are written.
        links: By region id, the Markdown that shows a figure (`core.figures.figure_links`); it stands in the place of
            the region.
    """
    pieces: list[str] = []
    spans: list[ComposedSpan] = []
    length = 0
    before: Region | None = None
    for region in regions:
        markdown = region_markdown(region, style, links)
        if not markdown:
            continue
        gap = separator(before, region)
        start = length + len(gap)
        length = start + len(markdown)
        pieces += (gap, markdown)
        spans.append(ComposedSpan(region.id, start, length))
        before = region
    return Composed("".join(pieces), tuple(spans))


def region_markdown(
    region: Region,
    style: MarkdownStyle = USUAL_STYLE,
    links: Mapping[int, tuple[str, ...]] = NO_LINKS,
) -> str:
    """What stands for a region in the page's Markdown; nothing where it has no words and no figure."""
    if not region.markdown:
        return "\n".join(links.get(region.id, ()))
    return region.markdown if style == USUAL_STYLE else styled(region.markdown, style)


def separator(before: Region | None, after: Region) -> str:
    """What stands between two regions in Markdown: a hard line break between lines, else a new paragraph."""
    if before is None:
        return ""
    return "  \n" if before.label in LINE_LABELS and after.label in LINE_LABELS else "\n\n"


def page_text(regions: Iterable[Region]) -> str:
    """The words of a page alone: its regions' texts in order."""
    pieces: list[str] = []
    before: Region | None = None
    for region in regions:
        if region.text:
            pieces += ("" if before is None else separator(before, region).strip(" "), region.text)
            before = region
    return "".join(pieces)
