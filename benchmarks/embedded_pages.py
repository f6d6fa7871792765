"""The pages that are measured, drawn ones and those of a folder, each with what is known of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from PIL import Image

from benchmarks.structure_scores import PlacedCell, Structure, structure_of, table_cells
from tests.support.drawn_pages.pages import DrawnPage, drawn, names
from tests.support.drawn_pages.truth import Truth
from tests.support.drawn_pages.wrapping import is_chinese

SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".pdf", ".tif", ".bmp", ".webp", ".pbm", ".gif"))
CHINESE = "chi_sim+eng"
_MARKUP = re.compile(r"<!--.*?-->|!\[[^]]*\]\([^)]*\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page, or of a file of several; what nobody knows is None.

    Attributes:
        text: The whole text in reading order.
        lines: Its lines in reading order, for the order alone.
        words: A part of the text, in no order: it must be there, other words may.
        structure: Tables, headings, items, code.
        is_body: Whether headers, footers and page numbers are left out of the text.
        assertions: Of olmOCR-bench: dictionaries with a `type` and what it needs.
    """

    text: str | None = None
    lines: tuple[str, ...] = ()
    words: str | None = None
    structure: Structure | None = None
    is_body: bool = False
    assertions: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """A page to read: `content` is a file's path or its bytes; `language` is Tesseract's word for it.

    `truth` is only there for drawn pages, to draw it beside what was found.
    """

    name: str
    kind: str
    quality: str
    content: Path | bytes
    known: Known
    language: str = "eng"
    truth: Truth | None = None


def drawn_pages(kinds: frozenset[str]) -> Iterator[MeasuredPage]:
    """Those that the benchmark draws; of all kinds where none is named."""
    for kind, quality in names():
        if not kinds or kind in kinds:
            page = drawn(kind, quality)
            yield MeasuredPage(
                page.truth.name, kind, quality, _png(page.picture), _known(page), page.truth.language, page.truth
            )


def real_pages(folder: Path, kinds: frozenset[str]) -> Iterator[MeasuredPage]:
    """Those of a folder that have a truth beside them; their kind is the name of the folder that they lie in."""
    parts = _told_as_part(folder / "INDEX.md")
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or (kinds and path.parent.name not in kinds):
            continue
        known = _known_of_file(path, is_part=path.name in parts)
        if known is not None:
            text = known.text or known.words or ""
            yield MeasuredPage(path.name, path.parent.name, "real", path, known, CHINESE if is_chinese(text) else "eng")


def _known(page: DrawnPage) -> Known:
    truth = page.truth
    blocks = truth.blocks
    structure = Structure(
        tables=tuple(
            tuple(PlacedCell(cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in block.cells)
            for block in blocks
            if block.cells
        ),
        headings=tuple((block.level, block.text) for block in blocks if block.level),
        items=tuple((item.depth, item.text) for block in blocks for item in block.items),
        code=tuple(line for block in blocks if block.label == "code" for line in block.text.splitlines()),
    )
    return Known(truth.text, tuple(line.text for line in truth.lines), structure=structure)


def _known_of_file(path: Path, *, is_part: bool) -> Known | None:
    beside = {
        suffix: candidate
        for suffix in ("txt", "md", "html", "jsonl")
        for candidate in (path.with_name(f"{path.name}.gt.{suffix}"), path.with_suffix(f".gt.{suffix}"))
        if candidate.is_file()
    }
    if "html" in beside:
        table = table_cells(lxml.html.fromstring(beside["html"].read_text("utf-8")))
        return Known(words="\n".join(cell.text for cell in table), structure=Structure(tables=(table,)))
    if "jsonl" in beside:
        rows = [row for row in beside["jsonl"].read_text("utf-8").splitlines() if row.strip()]
        return Known(assertions=tuple(json.loads(row) for row in rows))
    if "md" in beside:
        return _known_markdown(beside["md"].read_text("utf-8"))
    if "txt" not in beside:
        return None
    text = beside["txt"].read_text("utf-8")
    return Known(words=text) if is_part else Known(text, tuple(text.splitlines()), structure=_tabbed(text))


def _known_markdown(markdown: str) -> Known:
    from markdown_it import MarkdownIt

    bare = _MARKUP.sub("", markdown)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(bare)
    text = lxml.html.fromstring(f"<div>{html}</div>").text_content()
    return Known(text, tuple(text.splitlines()), structure=structure_of(bare), is_body=True)


def _tabbed(text: str) -> Structure | None:
    """The table that a text with tabs is."""
    rows = [line.split("\t") for line in text.splitlines() if line]
    if not rows or min(len(row) for row in rows) < 2:
        return None
    cells = (PlacedCell(cell, row, column) for row, line in enumerate(rows) for column, cell in enumerate(line))
    return Structure(tables=(tuple(cells),))


def _told_as_part(index: Path) -> frozenset[str]:
    """The files whose text is only a part of what stands on them, as the folder's own table of them says."""
    rows = index.read_text("utf-8").splitlines() if index.is_file() else []
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if row.startswith("|")]
    return frozenset(row[2] for row in cells if len(row) > 4 and ("keyword" in row[4] or "zones" in row[4]))


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    return target.getvalue()
