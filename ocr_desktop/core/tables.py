r"""Tables as the model writes them (HTML on one line) and as people want them (pipes, or tabs and lines).

Inside cells formulas stand between brackets, `\(…\)`, until they are written: there a dollar sign is a word.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped, escaped_inline
from ocr_desktop.core.markdown_parts import PartKind, are_understood, parts_of_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MOST_FILLING = 4
"""A table that is filled up to more than this many times its cells stays HTML."""
MOST_FLAT_CELLS = 20_000
"""One with spans may be filled so far, where it is to be flat at any cost."""
KEPT_TAGS = frozenset({"sub", "sup"})
"""Without them a cell would say something else: 10<sup>6</sup> is not 106."""
BREAKING_TAGS = frozenset({"br", "caption", "div", "li", "ol", "p", "table", "td", "th", "tr", "ul"})
"""What stands before and after one of these are two words."""

_MARKED = re.compile(r"[\\`*_<&$~]|\]\(")
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, white space folded, and how many columns and rows it covers.

    `text` is its words alone, `markdown` what stands for them between pipes.
    """

    text: str
    markdown: str
    columns: int = 1
    rows: int = 1


EMPTY = Cell("", "")


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""

    @property
    def has_spans(self) -> bool:
        return any(cell.columns > 1 or cell.rows > 1 for row in self.rows for cell in row)


def read_table(element: HtmlElement) -> Table:
    """The cells of a `<table>` element, row by row; a table inside a cell counts as that cell's words."""
    rows = []
    for row in element.iter("tr"):
        if next(row.iterancestors("table"), None) is not element:
            continue
        cells = tuple(_read_cell(cell) for cell in row if cell.tag in ("td", "th"))
        if cells:
            rows.append(cells)
    captions = (_read_cell(each).text for each in element if each.tag == "caption")
    return Table(tuple(rows), " ".join(caption for caption in captions if caption))


def tabbed(table: Table) -> str:
    """The caption on a line of its own, then cells by tabs, rows by lines.

    What a span covers is empty, so that columns stay columns in a spreadsheet.
    """
    placed = (flattened(table) or table) if table.has_spans else table
    lines = ["\t".join(cell.text for cell in row).rstrip("\t") for row in placed.rows]
    return "\n".join([table.caption, *lines] if table.caption else lines)


def holds_all_words(table: Table, element: HtmlElement) -> bool:
    """Whether nothing of the element stands outside its caption and its cells: what a server made of fused cells."""
    held = len(_unspaced(table.caption)) + sum(len(_unspaced(cell.text)) for row in table.rows for cell in row)
    return held == len(_unspaced(element.text_content()))


def can_be_piped(table: Table) -> bool:
    """Whether pipes can say what the table says, without rows that are filled up to many times their length."""
    cells = sum(len(row) for row in table.rows)
    width = max((len(row) for row in table.rows), default=0)
    return bool(table.rows) and not table.has_spans and width * len(table.rows) <= cells * MOST_FILLING


def flattened(table: Table) -> Table | None:
    """The same cells without spans: each in the first of its places, the others empty. None where it would blow up."""
    cells = sum(len(row) for row in table.rows)
    if not cells:
        return None
    most = max(cells * MOST_FILLING, MOST_FLAT_CELLS)
    rows: list[tuple[Cell, ...]] = []
    covered: dict[int, int] = {}
    """For each column that a cell above reaches down into, how many rows more it does."""
    filled = 0
    for row in table.rows:
        flat = _flat_row(row, covered, most - filled)
        if flat is None:
            return None
        rows.append(flat)
        filled += len(flat)
    width = max(len(row) for row in rows)
    return Table(tuple(rows), table.caption) if width * len(rows) <= most else None


def piped(table: Table) -> str:
    """A Markdown table under its caption; the first row is its head. Short rows are filled to the full width."""
    width = max((len(row) for row in table.rows), default=0)
    lines = [escaped(table.caption), ""] if table.caption else []
    for index, row in enumerate(table.rows):
        texts = [cell.markdown.replace("|", "\\|") for cell in row]
        texts += [""] * (width - len(texts))
        lines.append("| " + " | ".join(texts) + " |")
        if index == 0:
            lines.append("|" + " --- |" * width)
    return "\n".join(lines)


def _flat_row(row: tuple[Cell, ...], covered: dict[int, int], most: int) -> tuple[Cell, ...] | None:
    flat: list[Cell] = []
    reaching: dict[int, int] = {}
    for cell in row:
        while covered.get(len(flat), 0):
            flat.append(EMPTY)
        if len(flat) + cell.columns > most:
            return None
        if cell.rows > 1:
            reaching |= dict.fromkeys(range(len(flat), len(flat) + cell.columns), cell.rows - 1)
        flat += itertools.chain((cell,), itertools.repeat(EMPTY, cell.columns - 1))
    for column, rows in list(covered.items()):
        covered[column] = rows - 1
        if rows == 1:
            del covered[column]
    covered |= reaching
    return tuple(flat)


def _read_cell(cell: HtmlElement) -> Cell:
    columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
    if len(cell) == 0:
        words = " ".join((cell.text or "").split())
        return Cell(words, _written(words), columns, rows)
    text: list[str] = []
    markdown: list[str] = []
    for is_tag, group in itertools.groupby(_pieces(cell), key=lambda piece: piece[0]):
        said = "".join(piece for _, piece in group)
        if is_tag:
            markdown.append(said)
        else:
            text.append(said)
            markdown.append(_written(_SPACES.sub(" ", said)))
    return Cell(
        " ".join("".join(text).split()),
        _SPACES.sub(" ", "".join(markdown)).strip(),
        columns,
        rows,
    )


def _pieces(cell: HtmlElement) -> Iterator[tuple[bool, str]]:
    """A cell's words, and the tags that are kept (True) between them."""
    import lxml.etree

    for event, element in lxml.etree.iterwalk(cell, events=("start", "end", "comment", "pi")):
        if event == "start":
            if element.tag in KEPT_TAGS:
                yield True, f"<{element.tag}>"
            elif element is not cell and element.tag in BREAKING_TAGS:
                yield False, " "
            yield False, element.text or ""
            continue
        if event == "end" and element.tag in KEPT_TAGS:
            yield True, f"</{element.tag}>"
        elif event == "end" and element is not cell and element.tag in BREAKING_TAGS:
            yield False, " "
        if element is not cell:
            yield False, element.tail or ""


def _written(words: str) -> str:
    """A cell's words as Markdown, its formulas between dollar signs."""
    if _MARKED.search(words) is None:
        return words
    pieces = [
        (dollared(part.content, is_display=part.is_display), True)
        if part.kind is PartKind.FORMULA
        else (escaped_inline(part.text).replace("](", "\\]("), False)
        for part in parts_of_words(words)
    ]
    if "$" in words and not are_understood(pieces):
        pieces = [(piece if is_formula else piece.replace("$", "\\$"), is_formula) for piece, is_formula in pieces]
    return "".join(piece for piece, _ in pieces)


def dollared(latex: str, *, is_display: bool) -> str:
    """A formula between dollar signs; nothing where there is no formula."""
    # A blank line would end the paragraph, and with it the formula.
    latex = "\n".join(line for each in latex.split("\n") if (line := each.strip()))
    mark = "$$" if is_display else "$"
    return f"{mark}{latex}{mark}" if latex else ""


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name)
    if value is None:
        return 1
    value = value.strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) <= 4 else 1
