"""Words broken into lines, with hyphens where wanted, and lines joined again as the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

VOWELS = "aeiouy"
NEVER_FIRST = "，。、；：！？）》”’％%,.;:!?)"


class Indents(Protocol):
    """What wrapping needs to know of how words are set; lengths in points."""

    @property
    def indent(self) -> float: ...

    @property
    def hang(self) -> float: ...

    @property
    def hyphenated(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line; the last one of a paragraph is never stretched."""

    text: str
    is_last: bool


def is_chinese(text: str) -> bool:
    return any("\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" for character in text)


def joined(lines: Sequence[str]) -> str:
    """Lines as running text: Chinese without a space between."""
    text = ""
    for line in lines:
        glued = not text or (is_chinese(text[-1]) and is_chinese(line[:1]))
        text += line if glued else f" {line}"
    return text


def wrapped(text: str, width: float, measure: Callable[[str], float], setting: Indents) -> list[Row]:
    """The lines of a paragraph, none wider than the width but for a single long word."""
    rows: list[str] = []
    line = ""
    pieces = _pieces(text)
    for glue, piece in pieces:
        room = width - (setting.hang if rows else setting.indent)
        grown = line + (glue if line else "") + piece
        if not line or measure(grown) <= room or piece in NEVER_FIRST:
            line = grown
            continue
        head, tail = _hyphenated(line + glue, piece, room, measure) if setting.hyphenated else ("", piece)
        rows.append(line + glue + head if head else line)
        line = tail
    rows.append(line)
    return [Row(row, number == len(rows) - 1) for number, row in enumerate(rows)]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What a line may be broken between: words, and each Chinese character; with what stands before it."""
    for word in text.split(" "):
        glue, latin = " ", ""
        for character in word:
            if not is_chinese(character):
                latin += character
                continue
            if latin:
                yield glue, latin
                glue, latin = "", ""
            yield glue, character
            glue = ""
        if latin:
            yield glue, latin


def _hyphenated(line: str, word: str, room: float, measure: Callable[[str], float]) -> tuple[str, str]:
    """The part of the word that still fits, with its hyphen, and the rest; ("", word) where none does."""
    if len(word) < 8 or not word.isalpha():
        return "", word
    for cut in range(len(word) - 3, 2, -1):
        parted = [letter.lower() in VOWELS for letter in word[cut - 1 : cut + 2]] == [True, False, True]
        if parted and measure(f"{line}{word[:cut]}-") <= room:
            return f"{word[:cut]}-", word[cut:]
    return "", word
