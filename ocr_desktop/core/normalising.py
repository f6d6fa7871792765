r"""The model's own Markdown as regions keep it: clean, with every word that came.

Formulas stand as `$…$` and `$$…$$`, tables without spans as pipes, tables with spans as HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from ocr_desktop.core.escaping import without_control
from ocr_desktop.core.markdown_parts import KNOWN_TAGS, Part, PartKind, are_understood, parts_of, parts_of_html
from ocr_desktop.core.markdown_styling import table_in_pipes
from ocr_desktop.core.mending import BULLETS, Hyphens, with_an_item_a_line, without_double_entities
from ocr_desktop.core.tables import dollared

HEADING_MARKS = {"title": "#", "sub_title": "##"}
MOST_CLOSED = 60
"""Of tags that never ended; more of them is noise."""
MASK = "\0"

_NOTEWORTHY = re.compile(rf"[\\`~$<&{BULLETS}]|-[ \t\n]|^[ \t]*(?:[*+]|\d{{1,3}}[.)])[ \t]", re.MULTILINE)
"""Without any of this there is nothing to do."""
_NOTEWORTHY_IN_TABLE = re.compile(r"[\\$]|&amp;|-[ \t\n]|</?center", re.IGNORECASE)
_NOT_A_TAG = re.compile(rf"(?<!\\)<(?=[!?]|/?(?!(?:{KNOWN_TAGS.replace(' ', '|')})\b)[A-Za-z])", re.IGNORECASE)
_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_CLOSING_MARKS = re.compile(r"(?<=\s)#+$")


def normalised(markdown: str) -> str:
    r"""The model's own Markdown as a region keeps it.

    `\(…\)` becomes `$…$`, `\[…\]` becomes `$$…$$`, `<center>` goes, a table without spans becomes pipes, list items
    stand a line each. Control characters are no words and go too. Whatever is not sure to be a slip stays as it is.
    """
    text = _closed(without_control(markdown).strip())
    if _NOTEWORTHY.search(text) is None:
        return text
    parts = _uncentred(list(parts_of(text, by_model=True)))
    writer = _Writer(parts)
    pieces: list[str] = []
    masks: list[str] = []
    is_after_table = False
    for part in parts:
        piece = writer.written(part)
        if is_after_table:
            piece = piece.lstrip()
        if part.kind is PartKind.TABLE:
            _end_block(pieces, masks)
            piece += "\n\n"
        if piece:
            is_after_table = part.kind is PartKind.TABLE
            pieces.append(piece)
            masks.append(piece if part.kind is PartKind.WORDS else MASK * len(piece))
    return with_an_item_a_line("".join(pieces), "".join(masks)).strip()


def headed(markdown: str, label: str) -> str:
    """A title with the mark of its level, which the model sometimes leaves out."""
    mark = HEADING_MARKS.get(label)
    if mark is None or not markdown or "\n" in markdown or _HEADING.match(markdown):
        return markdown
    words = _CLOSING_MARKS.sub(lambda match: "\\" + match[0], markdown)
    return f"{mark} {words}"


@dataclass(slots=True)
class _Writer:
    """Writes the parts of one region, with what must be known of all of them to write one."""

    hyphens: Hyphens
    escapes_dollars: bool

    def __init__(self, parts: list[Part]) -> None:
        words = [part.text for part in parts if part.kind is PartKind.WORDS]
        self.hyphens = Hyphens(words)
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
                return dollared(part.content, is_display=part.is_display)
            case PartKind.CODE if part.missing:
                return f"{part.text.rstrip()}\n{part.missing}"
            case PartKind.TABLE:
                return self._table(part.text)
            case _:
                return part.text

    def _words(self, words: str) -> str:
        words = self._clean(words)
        if self.escapes_dollars and "$" in words:
            return _DOLLAR.sub(lambda match: "\\$" if match[0] == "$" else match[0], words)
        return words

    def _clean(self, words: str) -> str:
        return self.hyphens.mended(_NOT_A_TAG.sub("&lt;", without_double_entities(words)))

    def _table(self, source: str) -> str:
        if _NOTEWORTHY_IN_TABLE.search(source) is not None or _NOT_A_TAG.search(source) is not None:
            source = "".join(map(self._in_table, parts_of_html(source, by_model=True)))
        piped = table_in_pipes(source, is_flat=False)
        return _with_dollars(source) if piped is None else piped

    def _in_table(self, part: Part) -> str:
        match part.kind:
            case PartKind.WORDS:
                return self._clean(part.text)
            case PartKind.FORMULA:
                latex = _NOT_A_TAG.sub("&lt;", re.sub(r"<(?=[A-Za-z/])", "&lt;", without_double_entities(part.content)))
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
    """The text with its tables closed: an answer may be cut in one, which must not take what follows into it."""
    if "<table" not in text.lower():
        return text
    open_tables = sum(part.kind is PartKind.TAG and part.text[:6].lower() == "<table" for part in parts_of(text))
    return text + "</table>" * min(open_tables, MOST_CLOSED)


def _end_block(pieces: list[str], masks: list[str]) -> None:
    """Let what comes next begin after a blank line."""
    while pieces and not pieces[-1].strip():
        pieces.pop()
        masks.pop()
    if pieces:
        piece = pieces[-1].rstrip() + "\n\n"
        masks[-1] = masks[-1][: len(piece) - 2] + "\n\n"
        pieces[-1] = piece
