"""Between Markdown, the words in it, and the regions that it is composed of.

Formulas stand as `$…$` and `$$…$$`, tables without spans as pipes, tables with spans as HTML. `plain_text` is the one
function that makes words of Markdown; `escaped` is its opposite.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped_inline
from ocr_desktop.core.tables import can_be_piped, holds_all_words, piped, read_table, tabbed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement
    from markdown_it import MarkdownIt

    from ocr_desktop.core.document import Region

LINE_LABELS = frozenset({"line", "match"})
"""Regions that are one line each: between two of them stands a line break, not a new paragraph."""
HEADING_MARKS = {"title": "#", "sub_title": "##"}
BLOCK_TAGS = frozenset(
    {
        *("address", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "hr", "li", "ol", "p"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "ul"),
    }
)
DEEPEST_NESTING = 60
"""Of quotes and lists in each other; what lies deeper is not rendered."""
MOST_TABLE_CHARACTERS = 1_000_000

MOST_RENDERED_CHARACTERS = 100_000
"""The words of a longer region are taken without rendering it, which could take seconds."""
FORMULA_MARKS = {r"\[": (r"\]", "$$"), r"\(": (r"\)", "$")}
KNOWN_TAGS = (
    "a b big blockquote br caption center code col colgroup dd del details div dl dt em figcaption figure font footer "
    "h1 h2 h3 h4 h5 h6 header hr i img ins li mark ol p pre s section small span strong sub summary sup table tbody "
    "td tfoot th thead tr u ul"
)
"""What a model means as HTML; any other name between angle brackets is words."""

_FORMULA_MARK = re.compile(r"\\[\\\[\]()]")
_TAG = re.compile(r"<[^<>]*>")
_NOT_A_TAG = re.compile(rf"<(?=[!?]|/?(?!(?:{KNOWN_TAGS.replace(' ', '|')})\b)[A-Za-z])", re.IGNORECASE)
_MARKED = re.compile(r"[\\`*_<>&#$~|\[\]()!]|^\s*(?:[-+=]|\d+[.)])|\n\s", re.MULTILINE)
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+(?=\s*$)|[-|:](?=[-|:\s]*$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


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


def compose(regions: Iterable[Region]) -> Composed:
    """The Markdown of a page: its regions in order, those without words left out."""
    pieces: list[str] = []
    spans: list[ComposedSpan] = []
    length = 0
    before: Region | None = None
    for region in regions:
        if not region.markdown:
            continue
        gap = separator(before, region)
        start = length + len(gap)
        length = start + len(region.markdown)
        pieces += (gap, region.markdown)
        spans.append(ComposedSpan(region.id, start, length))
        before = region
    return Composed("".join(pieces), tuple(spans))


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


def escaped(text: str) -> str:
    """Markdown that says exactly these words, line for line; white space at the ends of lines is dropped."""
    lines = [line.strip() for line in text.translate(_CONTROL).strip().splitlines()]
    has_formula_look = text.count("$") > 1
    has_link_look = "](" in text or "][" in text or "]:" in text
    return "  \n".join(_escaped_line(line, has_formula_look, has_link_look) for line in lines)


def _escaped_line(line: str, has_formula_look: bool, has_link_look: bool) -> str:
    line = escaped_inline(line)
    if has_formula_look:
        line = line.replace("$", "\\$")
    if has_link_look:
        line = line.replace("[", "\\[").replace("]", "\\]")
    line = _LINE_START.sub(lambda match: "\\" + match[0], line)
    return _NUMBERED.sub(r"\1\\\2", line)


def plain_text(markdown: str) -> str:
    """The words alone: no tags, no Markdown; table cells by tabs, rows and paragraphs by lines, formulas as LaTeX."""
    if not _MARKED.search(markdown):
        return "\n".join(line.strip() for line in markdown.strip().splitlines())
    if len(markdown) > MOST_RENDERED_CHARACTERS:
        return _without_tags(markdown)
    # What lies too deep to be rendered still holds words.
    return html_text(html_of(markdown)) or _without_tags(markdown).strip("> -+*")


def html_of(markdown: str) -> str:
    """Markdown as HTML. Not sanitised: it holds whatever HTML the Markdown holds."""
    return str(_markdown_parser().render(markdown))


def html_text(source: str) -> str:
    """The words of some HTML, blocks by lines and table cells by tabs."""
    import lxml.html

    parser = lxml.html.HTMLParser()
    # Inside a root of our own nothing is taken for a whole page with a head.
    root = lxml.html.document_fromstring(f"<div>{source.translate(_CONTROL)}</div>", parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        return _without_tags(source)
    pieces: list[str] = []
    _collect_text(root, pieces)
    lines = (line.strip(" ") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def normalised(markdown: str) -> str:
    r"""The model's own Markdown as an export writes it.

    `\(…\)` becomes `$…$`, `\[…\]` becomes `$$…$$`, `<center>` goes, a table without spans becomes pipes. Control
    characters and end-of-sentence marks are no words and go too.
    """
    text = markdown.translate(_CONTROL).replace("<center>", "").replace("</center>", "").strip()
    return _with_pipes(_with_dollars(_NOT_A_TAG.sub("&lt;", text)))


def headed(markdown: str, label: str) -> str:
    """A title with the mark of its level, which the model sometimes leaves out."""
    mark = HEADING_MARKS.get(label)
    if mark is None or not markdown or markdown.startswith("#") or "\n" in markdown:
        return markdown
    return f"{mark} {markdown}"


def _with_dollars(text: str) -> str:
    """Formulas between dollar signs. A bracket that is not closed stays as it is."""
    pieces: list[str] = []
    at = 0
    opening: re.Match[str] | None = None
    for mark in _FORMULA_MARK.finditer(text):
        if opening is None and mark[0] in FORMULA_MARKS:
            opening = mark
        elif opening is not None and mark[0] == FORMULA_MARKS[opening[0]][0]:
            dollars = FORMULA_MARKS[opening[0]][1]
            # A blank line would end the paragraph, and with it the formula.
            formula = re.sub(r"\s*\n\s*", "\n", text[opening.end() : mark.start()].strip())
            pieces += (text[at : opening.start()], dollars, formula, dollars)
            at, opening = mark.end(), None
    return "".join((*pieces, text[at:]))


def _with_pipes(text: str) -> str:
    """The same Markdown with each table a block of its own, and written with pipes where it has no spans."""
    blocks: list[str] = []
    at = 0
    while (start := text.find("<table", at)) >= 0 and (end := text.find("</table>", start)) >= 0:
        end += len("</table>")
        blocks += (text[at:start].strip(), _piped_or_html(text[start:end]))
        at = end
    return "\n\n".join(block for block in (*blocks, text[at:].strip()) if block) if blocks else text


def _piped_or_html(source: str) -> str:
    import lxml.etree
    import lxml.html

    if len(source) > MOST_TABLE_CHARACTERS or source.count("<table") > 1:
        return source
    try:
        element = lxml.html.fragment_fromstring(source)
    except lxml.etree.LxmlError:
        return source
    table = read_table(element)
    return piped(table) if can_be_piped(table) and holds_all_words(table, element) else source


def _collect_text(element: HtmlElement, pieces: list[str]) -> None:
    """Add an element's words to the pieces; not recursive, because a model can nest tags without end."""
    waiting: list[tuple[HtmlElement | None, str]] = [(element, "")]
    while waiting:
        node, text = waiting.pop()
        if node is None:
            pieces.append(text)
            continue
        tail = _folded(node.tail or "")
        if node.tag == "table":
            table = read_table(node)
            words = tabbed(table) if holds_all_words(table, node) else " ".join(node.text_content().split())
            pieces += ("\n", words, "\n", tail)
        elif node.tag in ("pre", "br"):
            pieces += ("\n", node.text_content(), "\n" if node.tag == "pre" else "", tail)
        elif not isinstance(node.tag, str) or node.tag in ("script", "style"):
            pieces.append(tail)
        else:
            edge = "\n" if node.tag in BLOCK_TAGS else ""
            pieces += (edge, _folded(node.text or ""))
            waiting.append((None, edge + tail))
            waiting += ((child, "") for child in reversed(node))


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)).strip()


def _folded(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text)


@functools.cache
def _markdown_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    return (
        MarkdownIt("commonmark", {"breaks": True, "maxNesting": DEEPEST_NESTING})
        .enable("table")
        .use(dollarmath_plugin, allow_digits=False, allow_labels=False, double_inline=True)
    )
