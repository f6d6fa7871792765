"""Text as it is compared between two readers: letters and digits alone, and where in the text each of them stood.

Case, accents, ligatures, the width of characters, white space, punctuation and hyphens at the ends of lines make no
difference, nor do letters that every reader of pictures confuses: o and 0, l, i and 1.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass

WORD_EDGE, LINE_EDGE = 1, 2

_ALIKE = str.maketrans("oil", "011")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class _Folds(dict[str, str]):
    """By character what it is compared as; filled as characters are met."""

    def __missing__(self, character: str) -> str:
        parts = unicodedata.normalize("NFKD", character)
        kept = "".join(part for part in parts if unicodedata.category(part)[0] in "LN")
        folded = self[character] = kept.casefold().translate(_ALIKE)
        return folded


_FOLDS = _Folds()


@dataclass(frozen=True, slots=True)
class FoldedText:
    """One or more texts, folded, one behind the other.

    Attributes:
        text: The folded characters.
        places: For each where in its own text the character stood that it came from.
        edges: For each place between two characters, the beginning and the end included, what parts them there:
            nothing (0), `WORD_EDGE` or `LINE_EDGE`. Characters of scripts without spaces are words of their own.
        starts: Where each of the texts begins, and at last the end.
    """

    text: str
    places: array[int]
    edges: bytes
    starts: tuple[int, ...]


def folded(*texts: str) -> FoldedText:
    """Texts as they are compared; commands of LaTeX are left out."""
    pieces: list[str] = []
    places = array("I")
    edges = bytearray()
    starts = [0]
    for text in texts:
        _fold(text, pieces, places, edges)
        starts.append(len(places))
    edges.append(LINE_EDGE)
    return FoldedText("".join(pieces), places, bytes(edges), tuple(starts))


def _fold(text: str, pieces: list[str], places: array[int], edges: bytearray) -> None:
    edge, folds, was_wide = LINE_EDGE, _FOLDS, False
    if "\\" in text:
        text = _COMMAND.sub(lambda command: " " * len(command[0]), text)
    for index, character in enumerate(text):
        characters = folds[character]
        if not characters:
            # A mark over a letter parts no word.
            if character == "\n":
                edge = LINE_EDGE
            elif not edge and unicodedata.category(character)[0] != "M":
                edge = WORD_EDGE
            continue
        is_wide = character > "\u10ff" and is_wide_script(characters[0])
        pieces.append(characters)
        places.append(index)
        edges.append(edge or (WORD_EDGE if is_wide or was_wide else 0))
        for _ in range(len(characters) - 1):
            places.append(index)
            edges.append(0)
        edge, was_wide = 0, is_wide


def is_wide_script(character: str) -> bool:
    """Whether a character says about as much as a few Latin letters do."""
    return _WIDE.match(character) is not None


def weight(text: str) -> int:
    """How much folded text says, in letters: a Chinese character counts two."""
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))
