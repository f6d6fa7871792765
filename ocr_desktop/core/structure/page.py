"""From everything that was found on a page to its regions: the document that the page shows, in reading order.

The labels are the model's, so that whatever is done with an answer is done with these regions too. Where the page gives
no ground for structure there are paragraphs; every line is in exactly one region.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.events import FoundRegion
from ocr_desktop.core.found_tables.finding import table_markdown, tables_in
from ocr_desktop.core.layout.boxes import LineBox, Solid, SolidKind, straightened
from ocr_desktop.core.layout.furniture import is_page_number
from ocr_desktop.core.layout.order import blocks_in_order
from ocr_desktop.core.structure.captions import caption_label
from ocr_desktop.core.structure.code_blocks import CodeBlock, code_in, may_be_code
from ocr_desktop.core.structure.forms import Form, are_things, forms_in, lone_rows
from ocr_desktop.core.structure.headings import Candidate, heading_levels
from ocr_desktop.core.structure.lists import ListFound, lists_in
from ocr_desktop.core.structure.paragraphs import paragraphs_of, text_of
from ocr_desktop.core.structure.pictures import drawn_parts, pictures_in
from ocr_desktop.core.structure.text_lines import CJK, TextLine, text_line, usual_of
from ocr_desktop.core.tables import tabbed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocr_desktop.core.events import PageFound
    from ocr_desktop.core.found_tables.finding import FoundTable
    from ocr_desktop.core.layout.boxes import Block
    from ocr_desktop.core.structure.paragraphs import Paragraph
    from ocr_desktop.core.structure.text_lines import Usual

Found = TypeVar("Found", CodeBlock, Form)

TEXT = "text"
_LINK_MARK = re.compile(r"://|@|(?<=www)\.|(?<=mailto):", re.IGNORECASE)
_ESCAPED_NUMBER = re.compile(r"^(\d+)\\([.)])")
LEAST_OF_BODY = 60
"""So many characters are running text; Chinese ones count twice."""
FULL_LINE, LEAST_OF_LINE = 0.75, 25
"""And so is a line that fills so much of its column with so many characters."""
FEW_LINES = 3
"""Around so few lines the letters of the tables are the usual ones."""
AT_FOOT, SMALL = 3.0, 0.85
"""What stands so many heights below everything else in letters so much smaller than usual is the foot of a slide."""


@dataclass(slots=True)
class _Part:
    """One region to be: lines of text, or a solid.

    Attributes:
        paragraph: Where it is running text, and may turn out to be a heading.
        gap: From the line above it, in line heights; None at the top of its column.
    """

    label: str
    markdown: str
    lines: Sequence[TextLine]
    block: Block
    solid: Solid | None = None
    paragraph: Paragraph | None = None
    gap: float | None = None
    is_body: bool = False


class PageStructure:
    """What one page holds, made regions of in several ways; used for one page."""

    def __init__(self, found: PageFound) -> None:
        self._found = found
        self._page = straightened(found)
        self._pictures, self._in_pictures = pictures_in(self._page)
        self._tables: tuple[FoundTable, ...] = ()
        self._blocks = self._ordered()
        self._usual = self._usual_here()
        code = self._code_lines()
        self._tables = tables_in(
            [line for line in self._page.lines if line.index not in code],
            self._page.rules,
            self._page.fills,
            drawn_parts(self._page, self._pictures),
        )
        if self._tables:
            self._blocks = self._ordered()
            self._usual = self._usual_here()

    def _usual_here(self) -> Usual:
        columns = [
            [entry for entry in self._entries(block) if isinstance(entry, TextLine) and not self._is_in_picture(entry)]
            for block in self._blocks
            if block.label is None
        ]
        in_tables = {index for table in self._tables for index in table.lines}
        cells = [text_line([line]) for line in self._page.lines if line.index in in_tables]
        if sum(map(len, columns)) <= FEW_LINES:
            columns += [[cell] for cell in cells]
        return usual_of(columns)

    def _ordered(self) -> tuple[Block, ...]:
        page = self._page
        in_tables = {index for table in self._tables for index in table.lines}
        lines = [line for line in page.lines if line.index not in in_tables]
        return blocks_in_order([*lines, *self._table_solids(), *self._pictures, *page.codes], page.rules)

    def _code_lines(self) -> frozenset[int]:
        """The lines that are code, which has columns too and is no table."""
        if not any(map(may_be_code, (line.text for line in self._page.lines))):
            return frozenset()
        found = (
            entry
            for block in self._blocks
            for run in self._runs(block)
            if not isinstance(run, Solid)
            for entry in code_in(run, self._usual, self._page.fills)
        )
        return frozenset(
            box.index for entry in found if isinstance(entry, CodeBlock) for line in entry.lines for box in line.boxes
        )

    def document(self) -> tuple[FoundRegion, ...]:
        """Headings, paragraphs, lists, tables, code, forms, captions, pictures, codes."""
        parts = [part for block in self._blocks for part in self._parts_of(block)]
        candidates = [_candidate(part, after) for part, after in itertools.zip_longest(parts, parts[1:])]
        for at, level in heading_levels(candidates, self._usual).items():
            parts[at].label = "title" if level == 1 else "sub_title"
            # Behind the marks of a heading a number begins no list.
            words = _ESCAPED_NUMBER.sub(r"\1\2", parts[at].markdown)
            parts[at].markdown = f"{'#' * level} {words}"
        return tuple(map(self._region, parts))

    def text(self) -> tuple[FoundRegion, ...]:
        """Paragraphs, the rows of tables with a tab between cells, what codes hold; nothing without words."""
        regions: list[FoundRegion] = []
        for block in self._blocks:
            for run in self._runs(block):
                if not isinstance(run, Solid):
                    regions += map(self._region, self._paragraph_parts(paragraphs_of(run, self._usual), block))
                elif run.kind is SolidKind.TABLE:
                    regions.append(_without_grid(self._tables[run.index]))
                elif run.kind is SolidKind.CODE:
                    regions.append(self._region(self._solid_part(run, block)))
        return tuple(regions)

    def lines(self) -> tuple[FoundRegion, ...]:
        """Each line, those of tables row by row, and what codes hold."""
        regions = []
        for element in (element for block in self._blocks for row in block.rows for element in row):
            if isinstance(element, LineBox):
                regions.append(self._line_region(element.index))
            elif element.kind is SolidKind.TABLE:
                regions += map(self._line_region, self._tables[element.index].lines)
            elif element.kind is SolidKind.CODE:
                regions.append(self._region(self._solid_part(element, self._blocks[0])))
        return tuple(regions)

    def largest_table(self) -> tuple[FoundRegion, ...]:
        """The table that takes most room; empty where there is none."""
        if not self._tables:
            return ()
        solid = max(self._table_solids(), key=lambda solid: solid.width * solid.height)
        return (self._region(self._solid_part(solid, self._blocks[0])),)

    def _line_region(self, index: int) -> FoundRegion:
        text = self._found.lines[index].text
        words = escaped(text)
        # Escaped by itself, but read beside others: two of these would enclose a formula.
        return FoundRegion("line", words.replace("$", "\\$") if text.count("$") == 1 else words, (index,))

    # Parts

    def _parts_of(self, block: Block) -> Iterator[_Part]:
        before: TextLine | None = None
        for run in self._runs(block):
            if isinstance(run, Solid):
                before = None
                yield self._solid_part(run, block)
                continue
            for part in self._text_parts(run, block):
                if before is not None and part.lines:
                    first = part.lines[0]
                    part.gap = (first.middle - before.middle) / min(first.height, before.height)
                before = part.lines[-1]
                yield part

    def _text_parts(self, lines: list[TextLine], block: Block) -> Iterator[_Part]:
        if block.label is not None:
            yield from self._furniture(lines, block)
        elif self._is_in_picture(lines[0]):
            yield from self._paragraph_parts(paragraphs_of(lines, self._usual), block)
        else:
            yield from self._structured(lines, block)

    def _structured(self, lines: list[TextLine], block: Block) -> Iterator[_Part]:
        for chunk in _chunks(code_in(lines, self._usual, self._page.fills)):
            if isinstance(chunk, CodeBlock):
                yield _Part("code", chunk.markdown, chunk.lines, block, is_body=True)
                continue
            for piece in _chunks(forms_in(chunk)):
                if isinstance(piece, Form):
                    yield _Part(TEXT, piece.markdown, piece.lines, block, is_body=True)
                    continue
                apart = [row for row in lone_rows(piece) if self._is_foot(row) or are_things(row)]
                for each in lists_in(paragraphs_of(piece, self._usual), self._usual, block.left, block.right):
                    if isinstance(each, ListFound):
                        yield _Part("list", each.markdown, each.lines, block, is_body=True)
                    elif len(each) == 1 and each[0] in apart:
                        yield from self._things_apart(each[0], block)
                    else:
                        yield self._paragraph_part(each, block)

    def _things_apart(self, row: TextLine, block: Block) -> Iterator[_Part]:
        """A row of which each part is a thing of its own: buttons, the foot of a slide with its number."""
        is_foot = self._is_foot(row)
        for cell in row.cells:
            label = "page_number" if len(cell) == 1 and is_page_number(cell[0]) else "footer"
            line = text_line(cell)
            yield _Part(label if is_foot else TEXT, escaped(line.text), [line], block)

    def _is_foot(self, row: TextLine) -> bool:
        if row.em > SMALL * self._usual.em:
            return False
        indices = {box.index for box in row.boxes}
        lines = [line for line in self._page.lines if line.index not in indices]
        lowest = max((other.y_max for other in (*lines, *self._pictures, *self._table_solids())), default=row.y_min)
        return row.y_min - lowest >= AT_FOOT * row.height

    def _paragraph_part(self, paragraph: Paragraph, block: Block) -> _Part:
        words = text_of(paragraph)
        solids = [*self._pictures, *self._table_solids()]
        caption = caption_label(paragraph, words, solids)
        if caption is not None:
            return _Part(caption.value, escaped(words), paragraph, block)
        return _Part(TEXT, escaped(words), paragraph, block, paragraph=paragraph, is_body=_is_body(paragraph, block))

    def _paragraph_parts(self, paragraphs: Sequence[Paragraph], block: Block) -> Iterator[_Part]:
        for paragraph in paragraphs:
            yield _Part(TEXT, escaped(text_of(paragraph)), paragraph, block)

    def _furniture(self, lines: list[TextLine], block: Block) -> Iterator[_Part]:
        label = block.label or TEXT
        if label == "page_footnote":
            for part in self._paragraph_parts(paragraphs_of(lines, self._usual), block):
                part.label = label
                yield part
        else:
            yield _Part(label, escaped("\n".join(line.text for line in lines)), lines, block)

    def _solid_part(self, solid: Solid, block: Block) -> _Part:
        if solid.kind is SolidKind.CODE:
            return _Part("barcode", unlinked(self._found.codes[solid.index].text), (), block, solid)
        if solid.kind is SolidKind.TABLE:
            return _Part("table", table_markdown(self._tables[solid.index]), (), block, solid, is_body=True)
        return _Part("image", "", (), block, solid)

    def _table_solids(self) -> list[Solid]:
        return [
            Solid(SolidKind.TABLE, index, box.x_min, box.y_min, box.x_max, box.y_max)
            for index, table in enumerate(self._tables)
            for box in [table.box]
        ]

    # Rows

    def _runs(self, block: Block) -> Iterator[list[TextLine] | Solid]:
        """The lines between the solids of a block, those in pictures by themselves."""
        run: list[TextLine] = []
        for entry in self._entries(block):
            is_other = isinstance(entry, TextLine) and run and self._is_in_picture(run[0]) != self._is_in_picture(entry)
            if run and (isinstance(entry, Solid) or is_other):
                yield run
                run = []
            if isinstance(entry, Solid):
                yield entry
            else:
                run.append(entry)
        if run:
            yield run

    def _entries(self, block: Block) -> Iterator[TextLine | Solid]:
        for row in block.rows:
            boxes: list[LineBox] = []
            for element in row:
                if isinstance(element, LineBox):
                    boxes.append(element)
                    continue
                if boxes:
                    yield text_line(boxes)
                    boxes = []
                yield element
            if boxes:
                yield text_line(boxes)

    def _is_in_picture(self, line: TextLine) -> bool:
        return line.boxes[0].index in self._in_pictures

    def _region(self, part: _Part) -> FoundRegion:
        lines = tuple(dict.fromkeys(box.index for line in part.lines for box in line.boxes))
        solid = part.solid
        if solid is None:
            return FoundRegion(part.label, part.markdown, lines)
        if solid.kind is SolidKind.CODE:
            return FoundRegion(part.label, part.markdown, lines, (self._found.codes[solid.index].quad,))
        if solid.kind is SolidKind.TABLE:
            return FoundRegion(part.label, part.markdown, self._tables[solid.index].lines)
        return FoundRegion(part.label, part.markdown, lines, (self._page.quad_of(solid),))


def regions_of(found: PageFound) -> tuple[FoundRegion, ...]:
    """The document that a page shows; see `PageStructure.document`."""
    return PageStructure(found).document()


def text_regions_of(found: PageFound) -> tuple[FoundRegion, ...]:
    """The words of a page in reading order; see `PageStructure.text`."""
    return PageStructure(found).text()


def line_regions_of(found: PageFound) -> tuple[FoundRegion, ...]:
    """The lines of a page in reading order, a region each, and what its codes hold."""
    return PageStructure(found).lines()


def figure_regions_of(found: PageFound) -> tuple[FoundRegion, ...]:
    """The largest table of a picture; where it shows none, its words."""
    page = PageStructure(found)
    return page.largest_table() or page.text()


def unlinked(text: str) -> str:
    """Markdown of a text that somebody else wrote into a code: no reader of Markdown makes a link of it."""
    return _LINK_MARK.sub(r"\\\g<0>", escaped(text))


def _without_grid(table: FoundTable) -> FoundRegion:
    """A table as lines of text."""
    text = tabbed(table.table)
    rows = [[escaped(cell) for cell in line.split("\t") if cell] for line in text.split("\n")]
    return FoundRegion(TEXT, "  \n".join("\t".join(row) for row in rows if row), table.lines, text=text)


def _chunks(entries: Sequence[TextLine | Found]) -> Iterator[list[TextLine] | Found]:
    """The lines between blocks that were found among them, together."""
    run: list[TextLine] = []
    for entry in entries:
        if isinstance(entry, TextLine):
            run.append(entry)
            continue
        if run:
            yield run
            run = []
        yield entry
    if run:
        yield run


def _is_body(paragraph: Paragraph, block: Block) -> bool:
    """Whether it is running text, which headings stand above: long, or a line that fills its column."""
    count = sum(2 if CJK.match(character) else 1 for line in paragraph for character in line.text)
    line = paragraph[0]
    words = line.text.split()
    # Names and places have capitals, and may fill a column as well.
    small = sum(word[0].islower() or bool(CJK.match(word)) for word in words)
    is_full = (
        small * 2 > len(words)
        and line.x_max - line.x_min >= FULL_LINE * (block.right - block.left)
        and not line.has_cells
    )
    return count >= LEAST_OF_BODY or (is_full and count >= LEAST_OF_LINE)


def _candidate(part: _Part, after: _Part | None) -> Candidate:
    block = part.block
    return Candidate(part.paragraph, part.is_body, block.left, block.right, part.gap, _table_gap(part, after))


def _table_gap(part: _Part, after: _Part | None) -> float | None:
    """From a line to the table that comes next, in line heights; None where none does."""
    if not part.lines or after is None or after.solid is None or after.solid.kind is not SolidKind.TABLE:
        return None
    last = part.lines[-1]
    return (after.solid.y_min - last.middle) / last.height
