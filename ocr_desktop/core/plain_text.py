"""The words of Markdown and of HTML, and nothing else of them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import without_control
from ocr_desktop.core.markdown_parser import html_of
from ocr_desktop.core.tables import holds_all_words, read_table, tabbed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    {
        *("address", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "hr", "li", "ol", "p"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "ul"),
    }
)
MOST_RENDERED_CHARACTERS = 100_000
"""The words of a longer region are taken without rendering it, which could take seconds."""

_AS_IT_STANDS = "\x1f"
"""Before a line of code, whose indent counts; sources hold no control characters."""
_LETTER = re.compile(r"\w")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_ADDRESS = re.compile(r"(?:https?|ftp)://|mailto:|www\.", re.IGNORECASE)
_ENCODED = re.compile(r"(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
_MARKED = re.compile(r"[\\`*_<>&#$~|\[\]()!]|^\s*(?:[-+=]|\d+[.)])|\n\s", re.MULTILINE)


def plain_text(markdown: str) -> str:
    """The words alone: no tags, no Markdown; table cells by tabs, rows and paragraphs by lines, formulas as LaTeX.

    Code keeps its indents and its blank lines.
    """
    if not _MARKED.search(markdown):
        return "\n".join(line.strip() for line in markdown.strip().splitlines())
    if len(markdown) > MOST_RENDERED_CHARACTERS:
        return _without_tags(markdown)
    text = html_text(html_of(markdown))
    # What lies too deep to be rendered still holds words.
    return text or (_without_tags(markdown).strip("> -+*") if _LETTER.search(markdown) is not None else "")


def html_text(source: str) -> str:
    """The words of some HTML, blocks by lines and table cells by tabs, preformatted text as it stands."""
    import lxml.html

    parser = lxml.html.HTMLParser()
    # Inside a root of our own nothing is taken for a whole page with a head.
    root = lxml.html.document_fromstring(f"<div>{without_control(source)}</div>", parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        return _without_tags(source)
    for link in root.iter("a", "img"):
        link.tail = _behind(link) + (link.tail or "")
    pieces: list[str] = []
    _collect_text(root, pieces)
    lines = (line if line.startswith(_AS_IT_STANDS) else line.strip(" ") for line in "".join(pieces).split("\n"))
    return "\n".join(line.removeprefix(_AS_IT_STANDS) for line in lines if line)


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
        elif node.tag == "pre":
            pieces += ("\n", _as_it_stands(node.text_content()), "\n", tail)
        elif node.tag == "br":
            pieces += ("\n", node.text_content(), tail)
        elif not isinstance(node.tag, str) or node.tag in ("script", "style"):
            pieces.append(tail)
        else:
            edge = "\n" if node.tag in BLOCK_TAGS else ""
            number = f"{node.get('value')}. " if node.tag == "li" and node.get("value") else ""
            pieces += (edge, number, _folded(node.text or ""))
            waiting.append((None, edge + tail))
            waiting += ((child, "") for child in reversed(node))


def _as_it_stands(text: str) -> str:
    """The lines of a text, each with the mark that keeps it; those without words at its ends are left out."""
    lines = text.split("\n")
    filled = [at for at, line in enumerate(lines) if line.strip()]
    kept = lines[filled[0] : filled[-1] + 1] if filled else []
    return "\n".join(_AS_IT_STANDS + line.rstrip() for line in kept)


def _behind(node: HtmlElement) -> str:
    """What an element says beside its words: where a link leads, where its words are not that; what a picture shows."""
    words = node.get("alt") or "" if node.tag == "img" else "".join(node.itertext())
    address = _ENCODED.sub(_decoded, node.get("src" if node.tag == "img" else "href") or "")
    said = words if node.tag == "img" else ""
    return f"{said} ({address})" if _ADDRESS.match(address) is not None and words.strip() != address else said


def _decoded(encoded: re.Match[str]) -> str:
    try:
        return bytes.fromhex(encoded[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return encoded[0]


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)).strip()


def _folded(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text)
