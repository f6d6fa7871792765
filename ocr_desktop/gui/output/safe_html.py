"""What a model wrote, as HTML that runs nothing, loads nothing and looks the same everywhere."""

from __future__ import annotations

from ocr_desktop.core.markdown import html_of

BLOCK_TAGS = frozenset(
    {
        *("article", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("hr", "li", "ol", "p", "pre", "section", "ul"),
    }
)
TABLE_TAGS = frozenset({"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"})
INLINE_TAGS = frozenset(
    {
        *("a", "b", "br", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "u"),
    }
)
WITHOUT_CONTENT = frozenset(
    {"applet", "audio", "canvas", "embed", "iframe", "math", "object", "script", "style", "svg", "template", "video"}
)
"""Tags whose inside is not words."""
ADDRESS_SCHEMES = frozenset({"http", "https", "mailto"})

_CELL_ATTRIBUTES = {"align", "colspan", "rowspan", "style"}
_CELL_STYLE = "border:1px solid gray;padding:3px 6px;vertical-align:top"
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def safe_html(markdown: str) -> str:
    """Markdown as HTML of an allow-list of tags: no pictures, scripts, forms or styles, no addresses but web and mail.

    `span` and `div` of the class `math` hold LaTeX; cells may carry `colspan`, `rowspan` and `text-align`.
    """
    return cleaned(unsafe_html(markdown))


def unsafe_html(markdown: str) -> str:
    """Markdown as HTML with whatever tags its writer put there; the first half of `safe_html`."""
    return html_of(_encodable(markdown))


def cleaned(html: str) -> str:
    """HTML with what `safe_html` allows and nothing else."""
    import nh3

    return nh3.clean(
        html,
        tags=set(BLOCK_TAGS | TABLE_TAGS | INLINE_TAGS),
        clean_content_tags=set(WITHOUT_CONTENT),
        attributes={"a": {"href"}, "li": {"value"}, "ol": {"start"}, "td": _CELL_ATTRIBUTES, "th": _CELL_ATTRIBUTES},
        allowed_classes={"div": {"math"}, "span": {"math"}},
        filter_style_properties={"text-align"},
        url_schemes=set(ADDRESS_SCHEMES),
        url_relative="deny",
        link_rel=None,
    )


def bordered(html: str) -> str:
    """Safe HTML with its tables' borders written into every cell, for programs that know no style sheets."""
    import lxml.html

    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for table in root.iter("table"):
        table.set("style", "border-collapse:collapse")
    for cell in root.iter("td", "th"):
        cell.set("style", f"{_CELL_STYLE};{cell.get('style', '')}")
    return str(lxml.html.tostring(root, encoding="unicode"))


def _encodable(text: str) -> str:
    """The text without control characters and halves of surrogate pairs, which a server may send."""
    return text.translate(_CONTROL).encode("utf-8", "replace").decode("utf-8")
