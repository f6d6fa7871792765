"""What a model is known to get wrong in its words, put right where that is certain and left alone elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

REFERRING = frozenset(
    {
        *("and", "at", "by", "equal", "equals", "from", "in", "is", "of", "on", "or", "plus", "than", "times", "to"),
        *("chapter", "clause", "eq", "equation", "example", "fig", "figure", "item", "level", "line", "no", "note"),
        *("number", "option", "page", "paragraph", "part", "phase", "point", "problem", "question", "rule", "section"),
        *("see", "stage", "step", "table", "theorem", "type", "unit", "version", "volume", "with"),
    }
)
"""After one of these words a number is no item of a list: "see section 2. The"."""
ABBREVIATED = frozenset({"art", "ch", "eq", "fig", "figs", "no", "nos", "p", "pp", "sec", "vol"})
"""The same, where a full stop is part of the word: "see fig. 2. The"."""
ENDINGS = ".,;:!?)。，；：！？）"
"""After one of these a number may well be the next item of a list."""
BULLETS = "•●▪◦‣"
CHOICES = "○□■☐☑"
"""Beside one of these a filled circle is a mark that somebody set, and no bullet."""
PREFIXES = frozenset({"anti", "dis", "mis", "non", "out", "over", "pre", "pro", "sub"})
SHORTEST_TORN = 3
"""Letters; with fewer, or with one of the prefixes, the torn word and the whole one may be two: re-sign, resign."""
NEAR = 60
"""Characters around a place that are looked at."""

_DOUBLE_ENTITY = re.compile(r"&(?:amp;)+(?=(?:lt|gt|amp|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]++(?:-[^\W_]++)+")
_WORD = re.compile(r"[^\W\d_]+")
_TORN = re.compile(r"-[ \t\n]")
_BROKEN = re.compile(r"(?<![^\W_])(?P<before>[^\W_]++)-(?P<gap>[ ]|[ \t]*\n[ \t]*)(?=(?P<after>[^\W_]++))")
_NUMBER = re.compile(r"(?<!\S)(\d{1,3})([.)])(?=[ \t])")
_BULLET = re.compile(rf"(?<!\S)(?:[-*+](?=[ \t])|[{BULLETS}](?=[ \t\w]))")
_FIRST_MARK = re.compile(rf"^[ \t]*(?:\d{{1,3}}[.)][ \t]|[-*+][ \t]|[{BULLETS}][ \t\w])", re.MULTILINE)
_LAST_WORD = re.compile(r"([^\W_]+)(\.?)$")


def without_double_entities(words: str) -> str:
    """`&amp;gt;` is what a model writes for `&gt;`."""
    return _DOUBLE_ENTITY.sub("&", words)


class Hyphens:
    """Mends words that were torn at a hyphen, where the same text has them whole.

    Args:
        texts: All the words of the region, formulas and code left out.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._pairs: set[tuple[str, str]] = set()
        self._words: set[str] = set()
        if not any(_TORN.search(text) for text in texts):
            return
        for text in texts:
            if "-" in text:
                for hyphenated in _HYPHENATED.findall(text.lower()):
                    self._pairs.update(pairwise(hyphenated.split("-")))
            self._words.update(_WORD.findall(text.lower()))

    def mended(self, words: str) -> str:
        """The same words, those that are surely torn made whole."""
        return _BROKEN.sub(self._joined, words) if "-" in words else words

    def _joined(self, broken: re.Match[str]) -> str:
        before, after = broken["before"], broken["after"]
        if before.isdecimal() and after.isdecimal() and broken["gap"] == " ":
            return f"{before}-"
        keeps_hyphen = (before.lower(), after.lower()) in self._pairs
        is_prefix = len(before) < SHORTEST_TORN or before.lower() in PREFIXES
        loses_hyphen = (before + after).lower() in self._words
        if is_prefix and loses_hyphen:
            return broken[0]
        if keeps_hyphen == loses_hyphen:
            return broken[0]
        return f"{before}-" if keeps_hyphen else before


def with_an_item_a_line(text: str, masked: str) -> str:
    """List items that stand in one line, each in a line of its own, and bullets as Markdown has them.

    Args:
        text: A region's Markdown.
        masked: The same text, character for character, with zeros for what is no words; there are no items in that.
    """
    if _FIRST_MARK.search(masked) is None:
        return text
    bullet_lines = sum(1 for _ in re.finditer(r"^[ \t]*[-*+][ \t]", masked, re.MULTILINE))
    pieces: list[str] = []
    at = 0
    before = ""
    for line in masked.splitlines(keepends=True):
        pieces.append(_as_items(text[at : at + len(line)], line, before, has_lone_bullet=bullet_lines == 1))
        at += len(line)
        before = line
    return "".join(pieces)


def _as_items(line: str, masked: str, before: str, *, has_lone_bullet: bool) -> str:
    first = _FIRST_MARK.match(masked)
    if first is None:
        return line
    if masked.lstrip()[0].isdigit():
        starts = _numbered_starts(masked)
        interrupts = bool(before.strip()) and _FIRST_MARK.match(before) is None
        items = _cut(line, starts)
        # A list that does not begin with 1 is only one after a blank line.
        return "\n" + items if interrupts and len(starts) > 1 and not masked.lstrip().startswith("1") else items
    bullet = masked.lstrip()[0]
    starts = [mark.start() for mark in _BULLET.finditer(masked) if mark[0] == bullet]
    if bullet not in BULLETS:
        return _cut(line, starts) if has_lone_bullet and not _has_dashes_between_numbers(masked, starts[1:]) else line
    if any(each in masked for each in CHOICES):
        return line
    items = _cut(line, starts)
    return re.sub(rf"^([ \t]*){bullet}[ \t]*", r"\1- ", items, flags=re.MULTILINE)


def _numbered_starts(masked: str) -> list[int]:
    """Where the items begin, if the numbers in the line surely are items: one after the other, and no others."""
    marks = list(_NUMBER.finditer(masked))
    numbers = [int(mark[1]) for mark in marks]
    is_in_order = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not is_in_order or len({mark[2] for mark in marks}) > 1:
        return [marks[0].start()]
    ends = [masked[max(mark.start() - NEAR, 0) : mark.start()].rstrip() for mark in marks[1:]]
    if not all(map(_may_end_an_item, ends)):
        return [marks[0].start()]
    if len(marks) == 2 and numbers[0] != 1 and ends[0][-1:] not in ENDINGS:
        return [marks[0].start()]
    return [mark.start() for mark in marks]


def _may_end_an_item(before: str) -> bool:
    if not before or before[-1] in "=+-*/<>×÷第":
        return False
    word = _LAST_WORD.search(before)
    return word is None or word[1].lower() not in (ABBREVIATED if word[2] else REFERRING)


def _has_dashes_between_numbers(masked: str, starts: list[int]) -> bool:
    return any(
        masked[max(start - NEAR, 0) : start].rstrip()[-1:].isdigit()
        and masked[start + 1 : start + NEAR].lstrip()[:1].isdigit()
        for start in starts
    )


def _cut(line: str, starts: list[int]) -> str:
    ends = [*starts[1:], len(line)]
    items = [line[start:end].rstrip(" \t") for start, end in zip(starts, ends, strict=True)]
    return line[: starts[0]] + "\n".join(items)
