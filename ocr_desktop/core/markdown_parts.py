"""Markdown cut into what is words and what is not: code, formulas, HTML tags and tables, addresses.

Whoever changes words goes through here, so that a dollar sign in a price, a bar in code or a hyphen in an address is
never taken for something else. Linear in time, whatever the text.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KNOWN_TAGS = (
    "a b big blockquote br caption center code col colgroup dd del details div dl dt em figcaption figure font footer "
    "h1 h2 h3 h4 h5 h6 header hr i img ins li mark ol p pre s section small span strong sub summary sup table tbody "
    "td tfoot th thead tr u ul"
)
"""What a model means as HTML; any other name between angle brackets is words."""

_GAP_IN_TAG = r"(?:[ \t]++(?:\n[ \t]*+)?+|\n[ \t]*+)"
_ATTRIBUTE = rf"""
    {_GAP_IN_TAG}(?:
        [a-z][\w:-]*+{_GAP_IN_TAG}?+={_GAP_IN_TAG}?+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>=`]++)
        |(?:border|checked|compact|disabled|hidden|noshade|nowrap|open|reversed)\b
    )
"""
_NAMES = KNOWN_TAGS.replace(" ", "|")
_TAG = rf"<(?:/(?:{_NAMES}){_GAP_IN_TAG}?+|(?:{_NAMES})(?:{_ATTRIBUTE})*+{_GAP_IN_TAG}?+/?)>"
"""A tag of one of these names to its end, with nothing in it but attributes; else `a<b and c>d` would hold one."""
_MARK = re.compile(
    rf"""
    (?P<fence>^[ ]{{0,3}}(?:`{{3,}}|~{{3,}}))
    |(?P<escape>\\[\\$<]|\\(?=`))
    |(?P<bracket>\\[(\[])
    |(?P<ticks>`+)
    |(?P<dollars>\${{1,2}})
    |(?P<tag>{_TAG})
    |(?P<address>(?:https?://|\bwww\.)[A-Za-z0-9._~:/?\#@!&'*+,;=%-]+|(?<=\])\([^()<>\s]*\))
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_TABLE_MARK = re.compile(
    rf"(?P<escape>\\\\)|(?P<bracket>\\[(\[])|(?P<dollars>\${{1,2}})|(?P<tag>{_TAG})", re.VERBOSE | re.IGNORECASE
)
"""In HTML no backtick begins code, and no backslash takes a dollar sign's meaning."""
_BRACKET_MARK = re.compile(r"(?P<escape>\\\\)|(?P<bracket>\\[(\[])")
_GAP = re.compile(r"\n[ \t]*\n")
_LATEX = re.compile(r"[\\^_={}<>]|^(?:[A-Za-z]'{0,2}|[A-Za-z0-9]{1,2}|[A-Za-z]\([A-Za-z]\))$")
"""What a formula has; between two dollar signs there may as well be the words from one price to the next."""
_TICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\([\\()\[\]])")
_DOLLARS_OR_GAP = re.compile(r"\\.|\n[ \t]*\n|\${1,2}", re.DOTALL)
_DOLLARS_OR_TAG = re.compile(r"\\.|\n[ \t]*\n|\${1,2}|</?[A-Za-z]", re.DOTALL)
_CELL_TAG = re.compile(r"</?(?:t[dhr]|table)\b", re.IGNORECASE)
_TABLE_TAG = re.compile(_TAG.replace(f"(?:{_NAMES})", "table"), re.VERBOSE | re.IGNORECASE)
_LINE_END = re.compile(r"\n|$")
_CLOSING_OF = {r"\(": ")", r"\[": "]"}


class PartKind(Enum):
    WORDS = auto()
    CODE = auto()
    FORMULA = auto()
    TAG = auto()
    TABLE = auto()
    """An HTML table from its first tag to its last."""
    ADDRESS = auto()


@dataclass(frozen=True, slots=True)
class Part:
    r"""A stretch of Markdown.

    Attributes:
        kind: What it is.
        text: All of it, so that the texts of all parts are the whole.
        content: Of a formula, its LaTeX, without the marks around it.
        is_display: Of a formula: it stands on a line of its own (`$$…$$`, `\[…\]`).
        has_dollars: Of a formula: its marks are dollar signs.
        missing: Of code that never ends, the mark that would end it.
    """

    kind: PartKind
    text: str
    content: str = ""
    is_display: bool = False
    has_dollars: bool = False
    missing: str = ""


def parts_of(text: str, *, by_model: bool = False) -> Iterator[Part]:
    r"""The parts of some Markdown, in order; one that never ends is words.

    Args:
        text: The Markdown.
        by_model: As a model wrote it: formulas stand between `\(…\)` and `\[…\]`, and what stands between two dollar
            signs is only one where it looks like one. Else formulas stand between dollar signs.
    """
    return _Cutter(text, _MARK, by_model=by_model).parts()


def parts_of_html(html: str, *, by_model: bool = False) -> Iterator[Part]:
    """The parts of an HTML table: its tags, its formulas, and the words; `by_model` as for `parts_of`."""
    return _Cutter(html, _TABLE_MARK, is_table=True, by_model=by_model).parts()


def parts_of_words(words: str) -> Iterator[Part]:
    r"""Words that are no Markdown, and the formulas between `\(…\)` and `\[…\]` in them."""
    return _Cutter(words, _BRACKET_MARK, by_model=True).parts()


def are_understood(pieces: Sequence[tuple[str, bool]], *, is_html: bool = False) -> bool:
    """Whether just those pieces that are formulas (True) are read as formulas, when the pieces are put together.

    Where they are not, a dollar sign among the words needs an escape.
    """
    text = "".join(piece for piece, _ in pieces)
    ends = list(itertools.accumulate(len(piece) for piece, _ in pieces))
    meant = [end for end, (piece, is_formula) in zip(ends, pieces, strict=True) if is_formula and piece]
    read: list[int] = []
    at = 0
    for part in parts_of_html(text) if is_html else parts_of(text):
        at += len(part.text)
        if part.kind is PartKind.FORMULA:
            read.append(at)
    return read == meant


class _Cutter:
    def __init__(self, text: str, marks: re.Pattern[str], *, by_model: bool, is_table: bool = False) -> None:
        self._by_model = by_model
        self._text = text
        self._marks = marks
        self._is_table = is_table
        self._ticks: dict[int, list[int]] | None = None
        """Where runs of so many backticks begin."""
        self._table_ends: dict[int, int] | None = None

    def parts(self) -> Iterator[Part]:
        words_from = at = 0
        while (mark := self._marks.search(self._text, at)) is not None:
            part = self._part_at(mark)
            if part is None:
                # The first of two dollar signs may be alone where the second is not.
                at = mark.start() + 1 if mark.lastgroup == "dollars" else mark.end()
                continue
            if mark.start() > words_from:
                yield Part(PartKind.WORDS, self._text[words_from : mark.start()])
            yield part
            words_from = at = mark.start() + len(part.text)
        if words_from < len(self._text):
            yield Part(PartKind.WORDS, self._text[words_from:])

    def _part_at(self, mark: re.Match[str]) -> Part | None:
        match mark.lastgroup:
            case "fence":
                return self._fenced(mark)
            case "bracket" if self._by_model:
                return self._between_brackets(mark)
            case "ticks":
                return self._between_ticks(mark)
            case "dollars":
                return self._between_dollars(mark)
            case "tag":
                return self._tag_or_table(mark)
            case "address":
                return Part(PartKind.ADDRESS, mark[0])
            case _:
                return None

    def _fenced(self, mark: re.Match[str]) -> Part | None:
        fence = mark[0].strip()
        line_end = _end_of(_LINE_END.search(self._text, mark.end()), len(self._text))
        if fence[0] == "`" and "`" in self._text[mark.end() : line_end]:
            return self._between_ticks(mark)
        closing = re.compile(rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        end = closing.search(self._text, line_end)
        if end is None:
            return Part(PartKind.CODE, self._text[mark.start() :], missing=fence)
        return Part(PartKind.CODE, self._text[mark.start() : end.end()])

    def _between_ticks(self, mark: re.Match[str]) -> Part | None:
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self._text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        length = len(mark[0].lstrip(" "))
        starts = self._ticks.get(length, [])
        index = bisect_left(starts, mark.end())
        if index == len(starts):
            return None
        if _GAP.search(self._text, mark.end(), starts[index]) is not None:
            return None
        return Part(PartKind.CODE, self._text[mark.start() : starts[index] + length])

    def _between_brackets(self, mark: re.Match[str]) -> Part | None:
        for end in _ESCAPED.finditer(self._text, mark.end()):
            if end[1] == _CLOSING_OF[mark[0]]:
                text = self._text[mark.start() : end.end()]
                if self._is_table and _CELL_TAG.search(text) is not None:
                    return None
                return Part(PartKind.FORMULA, text, text[2:-2], is_display=mark[0] == r"\[")
            if end[1] in "([":
                break
        return None

    def _between_dollars(self, mark: re.Match[str]) -> Part | None:
        dollars = mark[0]
        gap = _DOLLARS_OR_TAG if self._is_table else _DOLLARS_OR_GAP
        for end in gap.finditer(self._text, mark.end()):
            if end[0][0] == "\\" or (end[0] == "$" and dollars == "$$"):
                continue
            if end[0][0] in "\n<":
                return None
            content = self._text[mark.end() : end.start()]
            if not content.strip() or (dollars == "$" and content != content.strip()):
                return None
            if self._by_model and dollars == "$" and not _is_formula(content, self._text[end.end() : end.end() + 1]):
                return None
            text = self._text[mark.start() : end.start() + len(dollars)]
            return Part(PartKind.FORMULA, text, content.strip(), is_display=len(dollars) == 2, has_dollars=True)
        return None

    def _tag_or_table(self, mark: re.Match[str]) -> Part:
        if not self._is_table and mark[0][:6].lower() == "<table":
            if self._table_ends is None:
                self._table_ends = _table_ends(self._text)
            end = self._table_ends.get(mark.start())
            if end is not None:
                return Part(PartKind.TABLE, self._text[mark.start() : end])
        return Part(PartKind.TAG, mark[0])


def _is_formula(content: str, next_character: str) -> bool:
    """Whether what a model put between two dollar signs is a formula, and not the words between two prices."""
    has_marks = r"\(" in content or r"\[" in content
    return not next_character.isdigit() and not has_marks and _LATEX.search(content) is not None


def _table_ends(text: str) -> dict[int, int]:
    """For each table that is closed, where its first tag begins and its last one ends."""
    ends: dict[int, int] = {}
    open_starts: list[int] = []
    for tag in _TABLE_TAG.finditer(text):
        if tag[0][1] != "/":
            open_starts.append(tag.start())
        elif open_starts:
            ends[open_starts.pop()] = tag.end()
    return ends


def _end_of(match: re.Match[str] | None, otherwise: int) -> int:
    return otherwise if match is None else match.start()
