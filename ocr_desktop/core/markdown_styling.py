r"""Brings Markdown into the form that somebody chose: tables as pipes or HTML, formulas in dollars or brackets.

Regions keep the usual form (pipes where they can say it all, dollar signs); a style is applied when a page is composed.
Words, code and addresses are never touched: a `$` or a `|` in them stays what it is.
"""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.markdown_parser import MOST_PARSED, new_markdown_parser
from ocr_desktop.core.markdown_parts import Part, PartKind, parts_of, parts_of_html
from ocr_desktop.core.markdown_style import FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.core.tables import can_be_piped, flattened, holds_all_words, piped, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_TABLE_CHARACTERS = 1_000_000
LONGEST_SHORT = 1_000
MOST_KEPT = 32_768
"""Regions up to so many characters whose styled Markdown is remembered: while one streams in, the others stay."""
MOST_LONG_KEPT = 64
"""Of longer ones; each update of the one that streams in adds another."""

_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)

_ESCAPED = re.compile(r"\\\\|\\([()\[\]])")
"""A bracket that is a word, but would begin or end a formula in brackets."""


def styled(markdown: str, style: MarkdownStyle) -> str:
    """A region's Markdown in this style; the same words, however they are written."""
    return (_short_styled if len(markdown) <= LONGEST_SHORT else _long_styled)(markdown, style)


def _styled(markdown: str, style: MarkdownStyle) -> str:
    if style.tables is TableStyle.PIPES and "<table" in markdown.lower():
        markdown = _with_flat_tables(markdown)
    elif style.tables is TableStyle.HTML and len(markdown) <= MOST_PARSED and _RULE.search(markdown) is not None:
        markdown = _with_html_tables(markdown)
    if style.formulas is FormulaStyle.BRACKETS and ("$" in markdown or "\\" in markdown):
        markdown = "".join(map(_in_brackets, parts_of(markdown)))
    return markdown


_short_styled = functools.lru_cache(MOST_KEPT)(_styled)
_long_styled = functools.lru_cache(MOST_LONG_KEPT)(_styled)


def bracketed(source: str) -> str:
    r"""The source of an HTML table with its formulas between `\(…\)`, where a dollar sign is a word."""
    return "".join(map(_in_brackets_in_html, parts_of_html(source)))


def table_in_pipes(source: str, *, is_flat: bool) -> str | None:
    """The Markdown of an HTML table; None where pipes cannot say it without losing words or blowing it up.

    Args:
        source: With its formulas between brackets.
        is_flat: Spans are given up; else a table with spans gives None, and so does one with another inside.
    """
    import lxml.etree
    import lxml.html

    if len(source) > MOST_TABLE_CHARACTERS or (not is_flat and source.lower().count("<table") > 1):
        return None
    try:
        element = lxml.html.fragment_fromstring(source)
    except lxml.etree.LxmlError:
        return None
    table = read_table(element)
    if not holds_all_words(table, element):
        return None
    if is_flat:
        flat = flattened(table)
        return None if flat is None else piped(flat)
    return piped(table) if can_be_piped(table) else None


def _with_flat_tables(markdown: str) -> str:
    pieces: list[str] = []
    for part in parts_of(markdown):
        table = table_in_pipes(bracketed(part.text), is_flat=True) if part.kind is PartKind.TABLE else None
        if table is None:
            pieces.append(part.text)
            continue
        before = "".join(pieces).rstrip()
        pieces = [before, "\n\n" if before else "", table, "\n\n"]
    return "".join(pieces).strip() if pieces else markdown


def _with_html_tables(markdown: str) -> str:
    parser = _html_table_parser()
    tokens = parser.parse(markdown)
    lines = markdown.split("\n")
    pieces: list[str] = []
    at = 0
    for index, token in enumerate(tokens):
        if token.type != "table_open" or token.level or token.map is None:
            continue
        start, end = token.map
        last = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close" and not tokens[i].level)
        table = parser.renderer.render(tokens[index : last + 1], parser.options, {})
        pieces += (*lines[at:start], "".join(table.split("\n")))
        # What follows the table would be taken for more of it without a blank line.
        pieces += [""] if end < len(lines) and lines[end].strip() else []
        at = end
    return "\n".join([*pieces, *lines[at:]])


def _in_brackets(part: Part) -> str:
    if part.kind is PartKind.TABLE:
        return bracketed(part.text)
    if part.kind is PartKind.WORDS and "\\" in part.text:
        return _ESCAPED.sub(lambda match: f"&#{ord(match[1])};" if match[1] else match[0], part.text)
    if part.kind is not PartKind.FORMULA:
        return part.text
    return _between_brackets(part)


def _in_brackets_in_html(part: Part) -> str:
    if part.kind is PartKind.FORMULA:
        return _between_brackets(part)
    # In HTML the backslash is a word, too.
    return _ESCAPED.sub(lambda match: f"\\&#{ord(match[1])};" if match[1] else match[0], part.text)


def _between_brackets(formula: Part) -> str:
    return rf"\[{formula.content}\]" if formula.is_display else rf"\({formula.content}\)"


@functools.cache
def _html_table_parser() -> MarkdownIt:
    """Writes tables alone: formulas keep their dollar signs, other dollar signs become entities."""
    parser = new_markdown_parser()
    parser.add_render_rule("math_inline", _formula_source)
    parser.add_render_rule("math_inline_double", _formula_source)
    parser.add_render_rule("text", _text_source)
    for tag in ("thead", "tbody"):
        for edge in ("open", "close"):
            parser.add_render_rule(f"{tag}_{edge}", _nothing)
    return parser


def _formula_source(_renderer: Any, tokens: Sequence[Token], index: int, *_others: Any) -> str:
    mark = tokens[index].markup
    return f"{mark}{html.escape(tokens[index].content.strip(), quote=False)}{mark}"


def _text_source(_renderer: Any, tokens: Sequence[Token], index: int, *_others: Any) -> str:
    return html.escape(tokens[index].content, quote=False).replace("$", "&#36;")


def _nothing(*_others: Any) -> str:
    return ""
