"""Quiet colours for Markdown and for raw answers: what is no word steps back."""

from __future__ import annotations

import re
from typing import ClassVar

from PySide6.QtGui import QFont, QPalette, QSyntaxHighlighter, QTextCharFormat, QTextDocument

_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class Highlighter(QSyntaxHighlighter):
    """Colours lines by patterns, in the order of `patterns`, each a name in the styles and what it marks.

    Where a pattern has groups, its first is marked, else all of it.
    """

    patterns: ClassVar[tuple[tuple[str, re.Pattern[str]], ...]] = ()

    def __init__(self, document: QTextDocument, palette: QPalette) -> None:
        super().__init__(document)
        self._styles = _styles(palette)

    def restyle(self, palette: QPalette) -> None:
        """Take on the colours of another palette."""
        self._styles = _styles(palette)
        self.rehighlight()

    def _mark(self, text: str, start: int, end: int, style: str) -> None:
        """Mark some characters of a line; Qt counts those beyond the first plane as two."""
        if text.isascii():
            self.setFormat(start, end - start, self._styles[style])
            return
        before = _utf16_length(text[:start])
        self.setFormat(before, _utf16_length(text[start:end]), self._styles[style])

    def _mark_patterns(self, text: str) -> None:
        for style, pattern in self.patterns:
            for match in pattern.finditer(text):
                group = 1 if pattern.groups else 0
                self._mark(text, match.start(group), match.end(group), style)

    def highlightBlock(self, text: str) -> None:
        self._mark_patterns(text)


class RawHighlighter(Highlighter):
    """A model's raw answer: its tags and numbers are dim, the labels between them stand out."""

    patterns = (
        ("dim", _HTML_TAG),
        ("dim", re.compile(r"<\|/?[a-z]+\|>")),
        ("dim", re.compile(r"<\|det\|>([^<]*)")),
        ("label", re.compile(r"<\|ref\|>([^<]*)")),
    )


class MarkdownHighlighter(Highlighter):
    """Markdown: headings are bold, formulas and code coloured, tags and table lines dim."""

    patterns = (
        ("heading", re.compile(r"^#{1,6}\s.*")),
        ("dim", re.compile(r"^\|[-:|\s]+\|$")),
        ("dim", re.compile(r"(?<!\\)\|(?=.*\|\s*$)|(?<=[^\\])\|\s*$")),
        ("dim", _HTML_TAG),
        ("code", re.compile(r"(?<![\\`])`[^`]+`")),
        ("formula", re.compile(r"(?<![\\$])\$\$?[^$\s](?:[^$]*[^$\s\\])?\$\$?")),
    )
    _OUTSIDE, _IN_CODE, _IN_FORMULA = 0, 1, 2

    def highlightBlock(self, text: str) -> None:
        before = max(self.previousBlockState(), self._OUTSIDE)
        stripped = text.strip()
        fence = stripped.startswith(("```", "~~~"))
        if before == self._IN_CODE or fence:
            self._mark(text, 0, len(text), "code")
            self.setCurrentBlockState(self._OUTSIDE if before == self._IN_CODE and fence else self._IN_CODE)
            return
        is_edge = stripped.count("$$") == 1
        if before == self._IN_FORMULA or (is_edge and stripped.startswith("$$")):
            self._mark(text, 0, len(text), "formula")
            self.setCurrentBlockState(self._OUTSIDE if before == self._IN_FORMULA and is_edge else self._IN_FORMULA)
            return
        self.setCurrentBlockState(self._OUTSIDE)
        self._mark_patterns(text)


def _styles(palette: QPalette) -> dict[str, QTextCharFormat]:
    dim, formula, label, heading = (QTextCharFormat() for _ in range(4))
    dim.setForeground(palette.color(QPalette.ColorRole.PlaceholderText))
    formula.setForeground(palette.color(QPalette.ColorRole.Link))
    label.setForeground(palette.color(QPalette.ColorRole.Link))
    heading.setFontWeight(QFont.Weight.Bold)
    return {"dim": dim, "formula": formula, "code": formula, "label": label, "heading": heading}


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
