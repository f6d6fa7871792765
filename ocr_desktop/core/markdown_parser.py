"""The one Markdown dialect of the program: CommonMark with pipe tables and formulas between dollar signs."""

from __future__ import annotations

import functools
import html
from typing import TYPE_CHECKING

from ocr_desktop.core.markdown_parts import Part, PartKind, parts_of, parts_of_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

DEEPEST_NESTING = 60
"""Of quotes and lists in each other; what lies deeper is not rendered."""
MOST_PARSED = 200_000
"""Characters; to read more only in order to look at it would take seconds."""


def html_of(markdown: str) -> str:
    """Markdown as HTML. Not sanitised: it holds whatever HTML the Markdown holds.

    Formulas are `span` and `div` of the class `math`, in HTML tables too; items of a numbered list have their `value`.
    """
    if "$" in markdown and "<table" in markdown.lower():
        markdown = "".join(map(_with_marked_formulas, parts_of(markdown)))
    return str(_parser().render(markdown))


def read_literally(markdown: str) -> Iterator[tuple[PartKind, str]]:
    """All that is read as code or as a formula, outside HTML, in order, and what stands in it."""
    for token in _parser().parse(markdown):
        for each in (token, *(token.children or ())):
            if each.type in ("fence", "code_inline"):
                yield PartKind.CODE, each.content
            elif each.type.startswith("math"):
                yield PartKind.FORMULA, each.content.strip()


def table_lines(markdown: str) -> Iterator[tuple[int, int]]:
    """For each pipe table, the line it begins with and the one behind it."""
    for token in _block_parser().parse(markdown):
        if token.type == "table_open" and token.map is not None:
            yield token.map[0], token.map[1]


def is_closed(markdown: str) -> bool:
    """Whether a paragraph that follows after a blank line is one of its own: no code, no HTML goes on into it."""
    tokens = _block_parser().parse(f"{markdown}\n\nx")
    return tokens[-1].type == "paragraph_close" and tokens[-1].level == 0 and tokens[-2].content == "x"


def new_markdown_parser() -> MarkdownIt:
    """A parser of the dialect, whose rules for writing may be changed."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = (
        MarkdownIt("commonmark", {"breaks": True, "maxNesting": DEEPEST_NESTING})
        .enable("table")
        # A unit or an exponent follows its number without a space; a price has a space or a word before the next one.
        .use(dollarmath_plugin, allow_space=False, allow_digits=True, allow_labels=False, double_inline=True)
    )
    parser.core.ruler.push("item_numbers", _keep_item_numbers)
    return parser


@functools.cache
def _parser() -> MarkdownIt:
    return new_markdown_parser()


@functools.cache
def _block_parser() -> MarkdownIt:
    """Reads blocks alone, which is all that lines need."""
    parser = new_markdown_parser()
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def _keep_item_numbers(state: StateCore) -> None:
    """HTML counts on from the first number; what the page says may be something else."""
    for token in state.tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)


def _with_marked_formulas(part: Part) -> str:
    if part.kind is not PartKind.TABLE:
        return part.text
    return "".join(_marked(each) for each in parts_of_html(part.text))


def _marked(part: Part) -> str:
    if part.kind is not PartKind.FORMULA:
        return part.text
    tag = "div" if part.is_display else "span"
    return f'<{tag} class="math inline">{html.escape(html.unescape(part.content), quote=False)}</{tag}>'
