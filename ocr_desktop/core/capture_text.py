"""What a capture puts on the clipboard: the words of its regions in the form that somebody asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.line_parts import LinePart, text_of
from ocr_desktop.core.markdown import (
    USUAL_STYLE,
    MarkdownStyle,
    compose,
    escaped,
    html_of,
    page_text,
    plain_text,
    region_markdown,
    separator,
)
from ocr_desktop.core.markdown_parser import MOST_PARSED, table_lines
from ocr_desktop.core.markdown_parts import PartKind, parts_of
from ocr_desktop.core.structure.paragraphs import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocr_desktop.core.document import Line, Region

LINE = "line"
"""The label of regions that are lines."""
MOST_LOOKED_AT = 20_000
"""A region with more characters than this is not looked at more closely: its Markdown is copied as it stands."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>")
_PLAIN_TAGS = frozenset({"p", "br"})


@dataclass(frozen=True, slots=True)
class Captured:
    """What is copied.

    Attributes:
        kind: The form it has; Markdown where there was nothing of the one that was `wanted`.
        plain: The plain flavour.
        html_source: Markdown in the usual style, of which the HTML beside it is made; None where there is to be none.
        has_table: Whether there is a table among what came, whatever is copied of it.
        wanted: The form that was asked for.
    """

    kind: CaptureKind
    plain: str
    html_source: str | None = None
    has_table: bool = False
    wanted: CaptureKind | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no text came; the clipboard is then left alone."""
        return not self.plain.strip()


def captured(
    regions: Sequence[Region],
    kind: CaptureKind,
    *,
    style: MarkdownStyle = USUAL_STYLE,
    lines: Sequence[Line] = (),
) -> Captured:
    """What is copied of a run.

    Args:
        regions: As they are shown (`core.edits.edited_regions`).
        kind: The form that was asked for. Where no table came, or no formula, it is all that came, as Markdown.
        style: How Markdown is written; a lone formula always stands between dollar signs.
        lines: Where the regions are lines of the picture, those lines in reading order: cells of a row get tabs.
    """
    usual = compose(regions).text
    with_words = tuple(region for region in regions if region.markdown)
    rows = lines if all(region.label == LINE for region in regions) else ()
    content = _Content(with_words, usual, _tables(usual), style, tuple(rows))
    plain, html_source = _FORMS[kind](content)
    is_missing = (kind is CaptureKind.TABLE and not content.tables) or (
        kind is CaptureKind.FORMULA and not _formulas(content)
    )
    return Captured(
        CaptureKind.MARKDOWN if is_missing else kind,
        plain.strip("\n"),
        html_source,
        has_table=bool(content.tables),
        wanted=kind,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What came: the regions with words, all of them as Markdown in the usual style, and the tables in that."""

    regions: tuple[Region, ...]
    usual: str
    tables: tuple[str, ...]
    style: MarkdownStyle
    rows: tuple[Line, ...]


# The forms: the plain flavour, and the Markdown that HTML is made of


def _as_markdown(content: _Content) -> tuple[str, str | None]:
    """Markdown where it says more than words do; nobody wants to see its backslashes else.

    A plain paragraph beside a table or a heading goes without them too, as far as no word is lost where the whole is
    read as Markdown.
    """
    plain = [_is_plain(region) for region in content.regions]
    if all(plain):
        return page_text(content.regions), content.usual
    pieces: list[str] = []
    before: Region | None = None
    for region, is_plain in zip(content.regions, plain, strict=True):
        # Elsewhere two lines are one unless the break between them is a hard one.
        words = region.text.replace("\n", "  \n")
        is_harmless = is_plain and plain_text(words) == region.text
        pieces += (separator(before, region), words if is_harmless else region_markdown(region, content.style))
        before = region
    return "".join(pieces), content.usual


def _as_text(content: _Content) -> tuple[str, str | None]:
    if content.rows:
        return text_of(content.rows, [LinePart(at, 0, len(line.text)) for at, line in enumerate(content.rows)]), None
    return page_text(content.regions), None


def _as_table(content: _Content) -> tuple[str, str | None]:
    if not content.tables:
        return _as_markdown(content)
    return "\n\n".join(plain_text(table) for table in content.tables), "\n\n".join(content.tables)


def _as_formula(content: _Content) -> tuple[str, str | None]:
    formulas = _formulas(content)
    if not formulas:
        return _as_markdown(content)
    # Rich text cannot show a formula, and as words it would lose its marks.
    return "\n".join(formulas), None


def _formulas(content: _Content) -> list[str]:
    return [part.text for part in parts_of(content.usual) if part.kind is PartKind.FORMULA]


def _as_line(content: _Content) -> tuple[str, str | None]:
    return joined([" ".join(line.split()) for line in page_text(content.regions).splitlines()]), None


_FORMS: dict[CaptureKind, Callable[[_Content], tuple[str, str | None]]] = {
    CaptureKind.MARKDOWN: _as_markdown,
    CaptureKind.TEXT: _as_text,
    CaptureKind.TABLE: _as_table,
    CaptureKind.FORMULA: _as_formula,
    CaptureKind.LINE: _as_line,
}


# What is in the Markdown


def _is_plain(region: Region) -> bool:
    """Whether its Markdown says nothing but words and line breaks."""
    if region.text == region.markdown or escaped(region.text) == region.markdown:
        return True
    if len(region.markdown) > MOST_LOOKED_AT:
        return False
    tags = _TAG.findall(html_of(region.markdown))
    return all(name in _PLAIN_TAGS and not attributes.strip(" /") for _, name, attributes in tags)


def _tables(markdown: str) -> tuple[str, ...]:
    """The tables in some Markdown, with pipes and as HTML, in their order, each as it stands there."""
    if len(markdown) > MOST_PARSED or ("|" not in markdown and "<table" not in markdown.lower()):
        return ()
    found = _html_tables(markdown)
    lines = markdown.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    ends_before = [end for _, end in found]
    for first, behind in table_lines(markdown):
        start, end = starts[first], starts[behind]
        index = bisect_right(ends_before, start)
        if index == len(ends_before) or found[index][0] >= end:
            found.append((start, end))
    return tuple(markdown[start:end].strip() for start, end in sorted(found))


def _html_tables(markdown: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    for part in parts_of(markdown):
        if part.kind is PartKind.TABLE:
            found.append((at, at + len(part.text)))
        at += len(part.text)
    return found
