"""A region's Markdown as paragraphs and tables, ready to be written into a document a piece at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_desktop.gui.output.blocks import LINE_BREAK, Block, Face, Kind, Paragraph, Words
from ocr_desktop.gui.output.paragraph_parts import paragraph_parts
from ocr_desktop.gui.output.safe_html import BLOCK_TAGS, INLINE_TAGS, TABLE_TAGS, cleaned, unsafe_html
from ocr_desktop.gui.output.table_parts import TableCell, table_parts

if TYPE_CHECKING:
    from collections.abc import Generator

    from lxml.html import HtmlElement

MOST_DEPTH = 60
"""Tags inside one another; the HTML parsers lose words or need minutes far beyond it."""
TAGS_IN_STEP = 400

_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NESTING = (BLOCK_TAGS | INLINE_TAGS | {"table", "center"}) - {"br", "dd", "dt", "hr", "li", "p"}
_FACES_OF = {
    **dict.fromkeys(("b", "strong"), Face.BOLD),
    **dict.fromkeys(("em", "i"), Face.ITALIC),
    **dict.fromkeys(("code", "kbd", "pre", "samp"), Face.CODE),
    **dict.fromkeys(("del", "s", "strike"), Face.STRUCK),
    **dict.fromkeys(("ins", "u"), Face.UNDERLINED),
    "sub": Face.LOWERED,
    "sup": Face.RAISED,
}


def read_blocks(markdown: str) -> Generator[None, None, tuple[Block, ...]]:
    """The paragraphs and tables that Markdown shows; no word is lost, whatever it holds beside them.

    Read in steps short enough for a turn of the event loop, but for the largest tables.
    """
    if _depth(markdown) > MOST_DEPTH:
        lines = (Paragraph(Kind.LINE, (Words(line),)) for line in markdown.splitlines() if line.strip())
        return tuple(part for line in lines for part in paragraph_parts(line))
    import lxml.etree
    import lxml.html

    unsafe = unsafe_html(markdown)
    yield
    html = cleaned(unsafe)
    yield
    root = lxml.html.fragment_fromstring(html, create_parent="body")
    yield
    reader = _BlockReader()
    for count, (event, element) in enumerate(lxml.etree.iterwalk(root, events=("start", "end")), 1):
        if event == "start":
            reader.start(element)
            reader.add(element.text or "")
        else:
            reader.end(element)
            reader.add(element.tail or "")
        if count % TAGS_IN_STEP == 0:
            yield
    yield
    return tuple(part for block in reader.finish() for part in _parts(block))


def _parts(block: Block) -> tuple[Block, ...]:
    return paragraph_parts(block) if isinstance(block, Paragraph) else (block,)


def as_lines(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks with paragraphs as lines that follow one another without a gap."""
    return tuple(
        replace(block, kind=Kind.LINE) if isinstance(block, Paragraph) and block.kind is Kind.TEXT else block
        for block in blocks
    )


def _depth(markdown: str) -> int:
    """How many tags are open at once at most, as far as can be told without parsing."""
    depth = deepest = 0
    for closing, tag in _NESTING_TAG.findall(markdown):
        if tag.lower() in _NESTING:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


class _BlockReader:
    """Takes the tags and the text of safe HTML in order, and gathers blocks."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._words: list[Words] = []
        self._faces: list[Face] = [Face.PLAIN]
        self._addresses: list[str] = []
        self._heading = 0
        self._quotes = 0
        self._preformatted = 0
        self._formulas = 0
        self._markers: list[str | None] = []
        """For each list that is open, what stands before its next item; None once it was used."""
        self._numbers: list[int] = []
        self._tables = 0
        self._rows: list[list[TableCell]] = []
        self._cell: HtmlElement | None = None

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in TABLE_TAGS:
            self._start_table_tag(element)
        elif tag in BLOCK_TAGS:
            self._start_block(element)
        elif tag == "br":
            self._break_line()
        elif tag == "a":
            self._addresses.append(element.get("href", ""))
        face = Face.FORMULA if _is_formula(element) else _FACES_OF.get(tag, Face.PLAIN)
        self._faces.append(self._faces[-1] | face)

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        self._faces.pop()
        if tag in TABLE_TAGS:
            self._end_table_tag(element)
        elif tag in BLOCK_TAGS:
            self._end_block(element)
        elif tag == "a":
            self._addresses.pop()

    def add(self, text: str) -> None:
        if not self._preformatted and not self._formulas:
            text = _with_single_spaces(text)
            if not self._words or self._words[-1].text.endswith((" ", LINE_BREAK)):
                text = text.lstrip(" ")
        if text:
            self._words.append(Words(text, self._faces[-1], self._addresses[-1] if self._addresses else ""))

    def finish(self) -> tuple[Block, ...]:
        self._flush()
        return tuple(self._blocks)

    # Paragraphs

    def _start_block(self, element: HtmlElement) -> None:
        tag = element.tag
        self._flush()
        if tag in ("ul", "ol"):
            self._numbers.append(_list_number(element.get("start", ""), 1))
            self._markers.append(None)
        elif tag == "li" and self._markers:
            is_numbered = element.getparent().tag == "ol"
            self._numbers[-1] = _list_number(element.get("value", ""), self._numbers[-1])
            self._markers[-1] = f"{self._numbers[-1]}." if is_numbered else "•"
            self._numbers[-1] += 1
            if self._cell is not None:
                self._words.append(Words(f"{self._markers[-1]} "))
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "hr" and self._cell is None:
            self._blocks.append(Paragraph(Kind.RULE))
        elif tag[0] == "h" and tag[1:].isdigit():
            self._heading = int(tag[1:])
        elif _is_formula(element):
            self._formulas += 1

    def _end_block(self, element: HtmlElement) -> None:
        tag = element.tag
        self._flush()
        if tag in ("ul", "ol"):
            self._numbers.pop()
            self._markers.pop()
        elif tag == "li" and self._markers:
            self._markers[-1] = None
        elif tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._preformatted -= 1
        elif tag[0] == "h" and tag[1:].isdigit():
            self._heading = 0
        elif _is_formula(element):
            self._formulas -= 1

    def _flush(self) -> None:
        """End the paragraph that is open; inside a cell, only its line."""
        if self._cell is not None:
            self._break_line()
            return
        words = self._taken_words()
        if not words:
            return
        if self._preformatted or self._formulas:
            self._blocks += self._preformatted_blocks(words)
        elif self._heading:
            self._blocks.append(Paragraph(Kind.HEADING, words, self._heading))
        elif self._markers:
            marker = self._markers[-1] or ""
            self._markers[-1] = None
            self._blocks.append(Paragraph(Kind.ITEM, words, len(self._markers), marker))
        elif self._quotes:
            self._blocks.append(Paragraph(Kind.QUOTE, words, self._quotes))
        else:
            self._blocks.append(Paragraph(Kind.TEXT, words))

    def _preformatted_blocks(self, words: tuple[Words, ...]) -> list[Block]:
        if self._preformatted:
            return [Paragraph(Kind.CODE, line) for line in _lines(words)]
        source = "".join(each.text for each in words).strip()
        return [Paragraph(Kind.FORMULA, (Words(source, Face.FORMULA),))] if source else []

    def _taken_words(self) -> tuple[Words, ...]:
        if not self._preformatted and not self._formulas:
            self._trim_end()
        words, self._words = tuple(self._words), []
        return words

    def _break_line(self) -> None:
        self._trim_end()
        if self._words:
            self._words.append(Words(LINE_BREAK))

    def _trim_end(self) -> None:
        """Drop spaces and line breaks at the end."""
        while self._words:
            last = self._words.pop()
            text = last.text.rstrip(" " + LINE_BREAK)
            if text:
                self._words.append(last if text == last.text else replace(last, text=text))
                return

    # Tables; one inside a cell of another is that cell's words

    def _start_table_tag(self, element: HtmlElement) -> None:
        match element.tag:
            case "table":
                if not self._tables:
                    self._flush()
                self._tables += 1
            case "tr" if self._tables == 1:
                self._rows.append([])
            case "td" | "th" if self._tables == 1:
                self._flush()
                self._cell = element
            case "tr":
                self._flush()

    def _end_table_tag(self, element: HtmlElement) -> None:
        match element.tag:
            case "table":
                self._flush()
                self._tables -= 1
                if not self._tables:
                    self._blocks += table_parts(self._rows)
                    self._rows = []
            case "td" | "th" if self._tables == 1:
                self._end_cell(element)
            case "td" | "th":
                self._words.append(Words(" "))

    def _end_cell(self, element: HtmlElement) -> None:
        self._cell = None
        if not self._rows:
            self._rows.append([])
        self._rows[-1].append(
            TableCell(
                tuple(
                    replace(each, text=each.text.replace("\n", LINE_BREAK)) if "\n" in each.text else each
                    for each in self._taken_words()
                ),
                columns=_span(element, "colspan"),
                rows=_span(element, "rowspan"),
                is_head=element.tag == "th",
                alignment=_alignment(element),
            )
        )


def _with_single_spaces(text: str) -> str:
    """The text with a space for each run of spaces and line ends; far faster than a regular expression is."""
    for other in "\t\r\n":
        text = text.replace(other, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _list_number(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else otherwise


def _is_formula(element: HtmlElement) -> bool:
    return bool(element.get("class") == "math")


def _span(element: HtmlElement, name: str) -> int:
    value = element.get(name, "").strip()
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) <= 4 else 1


def _alignment(element: HtmlElement) -> str:
    style = str(element.get("style", "")).partition("text-align:")[2].strip(" ;")
    return style or str(element.get("align", "")).lower()


def _lines(words: tuple[Words, ...]) -> list[tuple[Words, ...]]:
    """Preformatted words line by line, without the empty lines around them."""
    lines: list[list[Words]] = [[]]
    for each in words:
        first, *others = each.text.split("\n")
        lines[-1].append(replace(each, text=first))
        lines += ([replace(each, text=text)] for text in others)
    while lines and not any(each.text.strip() for each in lines[-1]):
        lines.pop()
    while lines and not any(each.text.strip() for each in lines[0]):
        lines.pop(0)
    return [tuple(each for each in line if each.text) for line in lines]
