"""Tables as the model writes them (HTML on one line) and as people want them (pipes, or tabs and lines)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped_inline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FORMULA = re.compile(r"(\$[^$]+\$)")
MOST_FILLING = 4
"""A table that is filled up to more than this many times its cells stays HTML."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words, white space folded, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def has_spans(self) -> bool:
        return any(cell.columns > 1 or cell.rows > 1 for row in self.rows for cell in row)


def read_table(element: HtmlElement) -> Table:
    """The cells of a `<table>` element, row by row; a table inside a cell counts as that cell's words."""
    rows = []
    for row in element.iter("tr"):
        if next(row.iterancestors("table"), None) is not element:
            continue
        cells = tuple(
            Cell(" ".join(cell.text_content().split()), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row
            if cell.tag in ("td", "th")
        )
        if cells:
            rows.append(cells)
    return Table(tuple(rows))


def tabbed(table: Table) -> str:
    """Cells by tabs, rows by lines."""
    return "\n".join("\t".join(cell.text for cell in row) for row in table.rows)


def holds_all_words(table: Table, element: HtmlElement) -> bool:
    """Whether nothing of the element stands outside its cells: a caption, or what a server made of fused cells."""
    in_cells = sum(len(cell.text.replace(" ", "")) for row in table.rows for cell in row)
    return in_cells == len("".join(element.text_content().split()))


def can_be_piped(table: Table) -> bool:
    """Whether pipes can say what the table says, without rows that are filled up to many times their length."""
    cells = sum(len(row) for row in table.rows)
    width = max((len(row) for row in table.rows), default=0)
    return bool(table.rows) and not table.has_spans and width * len(table.rows) <= cells * MOST_FILLING


def piped(table: Table) -> str:
    """A Markdown table; the first row is its head. Short rows are filled, so that every row has every column."""
    width = max((len(row) for row in table.rows), default=0)
    lines = []
    for index, row in enumerate(table.rows):
        texts = [_piped_text(cell.text) for cell in row]
        texts += [""] * (width - len(texts))
        lines.append("| " + " | ".join(texts) + " |")
        if index == 0:
            lines.append("|" + " --- |" * width)
    return "\n".join(lines)


def _piped_text(text: str) -> str:
    """A cell's words between pipes; formulas stay as they are."""
    parts = FORMULA.split(text)
    parts[::2] = map(escaped_inline, parts[::2])
    return "".join(parts).replace("|", "\\|")


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) <= 4 else 1
