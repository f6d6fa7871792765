r"""The model's own Markdown as regions keep it: clean, with every word that came.

Formulas stand as `$…$` and `$$…$$`, tables without spans as pipes, tables with spans as HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import without_control, without_links
from ocr_desktop.core.fences import is_fenced, with_clear_fence
from ocr_desktop.core.markdown_parser import MOST_PARSED, is_closed, read_literally
from ocr_desktop.core.markdown_parts import Part, PartKind, are_understood, parts_of, parts_of_html
from ocr_desktop.core.markdown_styling import table_in_pipes
from ocr_desktop.core.mending import BULLETS, Hyphens, with_an_item_a_line, without_double_entities
from ocr_desktop.core.pipe_tables import with_full_heads
from ocr_desktop.core.stray_tags import with_stray_tags_as_words
from ocr_desktop.core.tables import dollared

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADING_MARKS = {"title": "#", "sub_title": "##"}
MOST_CLOSED = 60
"""Of tags that never ended; more of them is noise."""
MOST_TITLE_LINES = 4
MASK = "\0"

_NOTEWORTHY = re.compile(rf"[\\`~$<&|{BULLETS}]|\](?=[(:])|-[ \t\n]|^[ \t]*(?:[*+]|\d{{1,3}}[.)])[ \t]", re.MULTILINE)
"""Without any of this there is nothing to do."""
_ANGLE = re.compile(r"\\?<(?=[A-Za-z/!?]|\Z)|\\.", re.DOTALL)
_ANGLE_IN_HTML = re.compile(r"<(?=[A-Za-z/!?]|\Z)")
_GAP = re.compile(r"\n[ \t\r]*(?:\n[ \t\r]*)+")
_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)
_BLOCK = re.compile(r"[ \t]*(?:$|[-*+>|#=~`<]|\$\$)")
_CONTAINER = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+")
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_CLOSING_MARKS = re.compile(r"(?<=\s)#+$")
_TAKING_IN = re.compile(r"<(?:table|/?pre)\b", re.IGNORECASE)
_HALF_TAG = re.compile(
    r'(?:(?<=>)<(?:/?(?:t[dhr]?|table?|tbody|thead)?(?:\s+(?:row|col)[a-z]*(?:="?\d*"?)?)*\s*)|</t[dhr])$',
    re.IGNORECASE,
)
_MAY_GO_ON = re.compile(r"`{3}|~{3}|<pre|`[^`]*?<[A-Za-z/!?]|\$[^$]*?<[A-Za-z/!?]", re.IGNORECASE)
"""What can take a whole page into itself, or lose words as HTML, where it is not read as it is meant."""
_LITERAL = re.compile(r"`+|~{3,}|<(?=/?pre\b)", re.IGNORECASE)


def normalised(markdown: str) -> str:
    r"""The model's own Markdown as a region keeps it.

    `\(…\)` becomes `$…$`, `\[…\]` becomes `$$…$$`, `<center>` goes, a table without spans becomes pipes, list items
    stand a line each. Control characters are no words and go too. Whatever is not sure to be a slip stays as it is.
    """
    text = without_control(markdown).strip()
    if _NOTEWORTHY.search(text) is None:
        return text
    cleaned, is_understood = _cleaned(text)
    if is_understood:
        return cleaned
    defused = _LITERAL.sub(lambda match: "".join(f"&#{ord(each)};" for each in match[0]), text)
    return _cleaned(defused, has_code=False)[0]


def headed(markdown: str, label: str) -> str:
    """A title with the mark of its level, which the model sometimes leaves out; one of several lines in one line."""
    mark = HEADING_MARKS.get(label)
    if mark is None or not markdown or _HEADING.match(markdown):
        return markdown
    first, *others = markdown.split("\n")
    if len(others) >= MOST_TITLE_LINES or (others and any(map(_BLOCK.match, (first, *others)))):
        return markdown
    words = _CLOSING_MARKS.sub(lambda match: "\\" + match[0], " ".join(line.strip() for line in (first, *others)))
    return f"{mark} {words}"


def _cleaned(text: str, *, has_code: bool = True) -> tuple[str, bool]:
    """The clean text, and whether a reader of Markdown takes the same for code as is taken for it here, and ends it.

    Without code there is nothing to understand: `text` has no marks of it, and no formula is written like HTML.
    """
    parts = _uncentred(with_stray_tags_as_words(list(parts_of(_closed(text), by_model=True))))
    writer = _Writer(parts, has_code=has_code)
    cleaned = _joined(parts, writer)
    if not writer.escapes_dollars and writer.has_dollars and not _has_meant_formulas(cleaned):
        writer.escapes_dollars = True
        cleaned = _joined(parts, writer)
    is_understood = not has_code or _MAY_GO_ON.search(cleaned) is None or _has_meant_code(cleaned)
    return with_full_heads(cleaned) if len(cleaned) <= MOST_PARSED else cleaned, is_understood


def _has_meant_formulas(markdown: str) -> bool:
    """Whether a reader of Markdown finds those formulas in it that are meant."""
    if len(markdown) > MOST_PARSED:
        return False
    meant = [part.content.replace("\\|", "|") for part in parts_of(markdown) if part.kind is PartKind.FORMULA]
    return meant == [content for kind, content in read_literally(markdown) if kind is PartKind.FORMULA]


def _has_meant_code(markdown: str) -> bool:
    """Whether a reader of Markdown finds the code in it that is meant and sees it end, and so for formulas with `<`."""
    if len(markdown) > MOST_PARSED or not is_closed(markdown):
        return False
    meant = _kinds((part.kind, part.content or part.text) for part in parts_of(markdown))
    return meant == _kinds(read_literally(markdown))


def _kinds(pieces: Iterable[tuple[PartKind, str]]) -> list[tuple[PartKind, bool]]:
    literal = ((kind, _ANGLE_IN_HTML.search(text) is not None) for kind, text in pieces)
    return [each for each in literal if each[0] is PartKind.CODE or each == (PartKind.FORMULA, True)]


def _joined(parts: list[Part], writer: _Writer) -> str:
    pieces: list[str] = []
    masks: list[str] = []
    before: PartKind | None = None
    for part in parts:
        piece = writer.written(part)
        if before is PartKind.TABLE:
            piece = piece.lstrip()
        if part.kind is PartKind.TABLE:
            _end_block(pieces, masks)
            piece += "\n\n"
        elif part.kind is PartKind.CODE and is_fenced(piece):
            line = "".join(pieces[-2:]).rpartition("\n")[2]
            if line.strip() and _CONTAINER.fullmatch(line) is None:
                _end_line(pieces, masks)
        elif masks and masks[-1].endswith(MASK) and is_fenced(pieces[-1]) and not piece.startswith("\n"):
            _end_line(pieces, masks)
        if piece:
            before = part.kind
            pieces.append(piece)
            masks.append(piece if part.kind is PartKind.WORDS else MASK * len(piece))
    text, masked = without_links("".join(pieces), "".join(masks))
    return with_an_item_a_line(text, masked).strip()


@dataclass(slots=True)
class _Writer:
    """Writes the parts of one region, with what must be known of all of them to write one."""

    hyphens: Hyphens
    has_code: bool
    has_dollars: bool
    escapes_dollars: bool

    def __init__(self, parts: list[Part], *, has_code: bool) -> None:
        words = [part.text for part in parts if part.kind is PartKind.WORDS]
        self.hyphens = Hyphens(words)
        self.has_code = has_code
        self.has_dollars = any("$" in part.text for part in parts if part.kind in (PartKind.WORDS, PartKind.ADDRESS))
        self.escapes_dollars = False
        if any("$" in text for text in words):
            pieces = [
                ("\n\n", False) if part.kind is PartKind.TABLE else (self.written(part), part.kind is PartKind.FORMULA)
                for part in parts
            ]
            self.escapes_dollars = not are_understood(pieces)

    def written(self, part: Part) -> str:
        match part.kind:
            case PartKind.WORDS:
                return self._words(part.text)
            case PartKind.FORMULA:
                latex = part.content if self.has_code else _ANGLE_IN_HTML.sub("< ", part.content)
                return dollared(latex, is_display=part.is_display)
            case PartKind.CODE:
                return with_clear_fence(f"{part.text.rstrip()}\n{part.missing}" if part.missing else part.text)
            case PartKind.ADDRESS if self.escapes_dollars:
                return _without_dollars(part.text)
            case PartKind.TABLE:
                return self._table(part.text)
            case _:
                return part.text

    def _words(self, words: str) -> str:
        words = _ANGLE.sub(lambda match: "&lt;" if match[0][-1] == "<" else match[0], without_double_entities(words))
        words = self.hyphens.mended(words)
        return _without_dollars(words) if self.escapes_dollars else words

    def _table(self, source: str) -> str:
        parts = with_stray_tags_as_words(list(parts_of_html(source, by_model=True)))
        source = "".join(map(self._in_table, parts))
        piped = table_in_pipes(source, is_flat=False)
        # A blank line would end the HTML.
        return _GAP.sub("\n", _with_dollars(source)) if piped is None else piped

    def _in_table(self, part: Part) -> str:
        match part.kind:
            case PartKind.WORDS:
                return self.hyphens.mended(_ANGLE_IN_HTML.sub("&lt;", without_double_entities(part.text)))
            case PartKind.FORMULA:
                latex = _ANGLE_IN_HTML.sub("&lt;", without_double_entities(part.content))
                return rf"\[{latex}\]" if part.is_display else rf"\({latex}\)"
            case PartKind.TAG if _is_center(part):
                return " " if part.text.startswith("</") else ""
            case _:
                return part.text


def _with_dollars(source: str) -> str:
    """The source of a table that stays HTML, its formulas between dollar signs and no other in their way."""
    if "\\" not in source and "$" not in source:
        return source
    pieces: list[str] = []
    for is_tag, group in groupby(parts_of_html(source, by_model=True), key=lambda part: part.kind is PartKind.TAG):
        segment = [
            (dollared(part.content, is_display=part.is_display), True) if _is_bracketed(part) else (part.text, False)
            for part in group
        ]
        needs_entities = not is_tag and not are_understood(segment, is_html=True)
        pieces += (
            piece.replace("$", "&#36;") if needs_entities and not is_formula else piece for piece, is_formula in segment
        )
    return "".join(pieces)


def _is_bracketed(part: Part) -> bool:
    return part.kind is PartKind.FORMULA and not part.has_dollars


def _uncentred(parts: list[Part]) -> list[Part]:
    """The parts without `<center>`; what it parted stays parted, by a line break."""
    kept: list[Part] = []
    is_parted = False
    for part in parts:
        if part.kind is PartKind.TAG and _is_center(part):
            is_parted = is_parted or part.text.startswith("</")
            continue
        if is_parted and kept and not part.text[:1].isspace():
            kept.append(Part(PartKind.WORDS, "\n"))
        is_parted = False
        kept.append(part)
    return kept


def _is_center(part: Part) -> bool:
    return part.text.lower().lstrip("</").startswith("center")


def _closed(text: str) -> str:
    """The text with its tables and `<pre>` closed: an answer may be cut in one, which must not take in what follows."""
    if _TAKING_IN.search(text) is None:
        return text
    names = [
        tag[0].lower() for part in parts_of(text) if part.kind is PartKind.TAG and (tag := _TAKING_IN.match(part.text))
    ]
    open_tables = min(names.count("<table"), MOST_CLOSED)
    if open_tables:
        text = _HALF_TAG.sub("", text)
    open_preformatted = min(max(names.count("<pre") - names.count("</pre"), 0), MOST_CLOSED)
    return text + "</pre>" * open_preformatted + "</table>" * open_tables


def _without_dollars(text: str) -> str:
    return _DOLLAR.sub(lambda match: "\\$" if match[0] == "$" else match[0], text) if "$" in text else text


def _end_line(pieces: list[str], masks: list[str]) -> None:
    """Let what comes next begin on a line of its own."""
    pieces.append("\n")
    masks.append("\n")


def _end_block(pieces: list[str], masks: list[str]) -> None:
    """Let what comes next begin after a blank line."""
    while pieces and not pieces[-1].strip():
        pieces.pop()
        masks.pop()
    if pieces:
        piece = pieces[-1].rstrip() + "\n\n"
        masks[-1] = masks[-1][: len(piece) - 2] + "\n\n"
        pieces[-1] = piece
