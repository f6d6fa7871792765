"""Finds a piece of text in an answer that has it with other letters here and there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ocr_desktop.core.alignment.folded_text import is_wide_script, weight

if TYPE_CHECKING:
    from ocr_desktop.core.alignment.folded_text import FoldedText

SURE = 6
"""Text of this weight does not stand somewhere by chance."""
MOST_SITES = 32
"""A stretch that is more frequent, or text in so many places for one line, tells nothing."""
GRAM, WIDE_GRAM = 5, 3
"""Characters of the stretches by which a place is found."""
DIAGONALS = 8
"""Stretches that are shifted by less than so many characters tell of the same place."""
MOST_TRIED = 3
LEAST_ALIKE = 0.6
"""So many of the characters must be the same."""
CHANCE = 2
"""Letters that the end of one word and that of another may have in common."""

Block: TypeAlias = tuple[int, int, int]
"""Characters that two texts share: where they begin in one, in the other, and how many they are."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where most of a piece of text stands: its stretch of both, and in them the characters that are the same."""

    piece_start: int
    piece_end: int
    start: int
    end: int
    blocks: tuple[Block, ...]

    @property
    def shared(self) -> int:
        return sum(length for _, _, length in self.blocks)


class Likeness:
    """Looks for pieces in the characters of one answer that are not `taken`, which may change meanwhile."""

    def __init__(self, answer: FoldedText, taken: bytearray) -> None:
        self._answer = answer
        self._taken = taken
        self._grams: dict[str, list[int]] | None = None

    def find(self, text: str, edges: bytes) -> Found | None:
        """Where most of a text stands, whose `edges` are as in `FoldedText`; None where nothing is like it."""
        candidates = (self._compared(text, edges, start) for start in self._likely_starts(text))
        return max(filter(None, candidates), key=lambda found: found.shared, default=None)

    def _likely_starts(self, text: str) -> list[int]:
        """Where the beginning of a text would stand in the answer, the likeliest first."""
        if self._grams is None:
            self._grams = _rare_grams(self._answer.text)
        grams, taken = self._grams, self._taken
        diagonals = [
            (site - at) // DIAGONALS
            for at in range(len(text))
            for site in grams.get(_gram(text, at), ())
            if not taken[site]
        ]
        return [diagonal * DIAGONALS for diagonal, _ in Counter(diagonals).most_common(MOST_TRIED)]

    def _compared(self, text: str, edges: bytes, start: int) -> Found | None:
        """The stretch around a place that reads most like a text; None where none does."""
        from rapidfuzz.distance import Levenshtein

        margin = DIAGONALS + len(text) // DIAGONALS
        begin, end = max(0, start - margin), min(start + len(text) + DIAGONALS + margin, len(self._taken))
        shared = [
            (step.src_start, step.dest_start + begin, step.src_end - step.src_start)
            for step in Levenshtein.opcodes(text, self._free_text(begin, end))
            if step.tag == "equal"
        ]
        blocks = _densest(shared)
        if not blocks:
            return None
        _trim_chance(blocks, edges, self._answer.edges)
        (first, there, _), (last, last_there, length) = blocks[0], blocks[-1]
        found = Found(first, last + length, there, last_there + length, tuple(blocks))
        same = "".join(text[at : at + count] for at, _, count in blocks)
        span = max(found.piece_end - found.piece_start, found.end - found.start)
        return found if weight(same) >= SURE and len(same) >= LEAST_ALIKE * span else None

    def _free_text(self, start: int, end: int) -> str:
        text, taken = self._answer.text[start:end], self._taken[start:end]
        if 1 not in taken:
            return text
        return "".join(" " if is_taken else each for each, is_taken in zip(text, taken, strict=True))


def _rare_grams(text: str) -> dict[str, list[int]]:
    """Where the stretches of a text stand that are rare enough to tell something."""
    found: dict[str, list[int]] = defaultdict(list)
    for at in range(len(text) - WIDE_GRAM + 1):
        found[_gram(text, at)].append(at)
    return {gram: sites for gram, sites in found.items() if len(sites) <= MOST_SITES}


def _gram(text: str, at: int) -> str:
    return text[at : at + (WIDE_GRAM if text[at] > "\u10ff" and is_wide_script(text[at]) else GRAM)]


def _densest(blocks: list[Block]) -> list[Block]:
    """Of the stretches that two texts share those, in a row, of which most is shared."""
    best, best_gain = (0, 0), 0
    begin, gain, end = 0, 0, (0, 0)
    for index, (at, there, length) in enumerate(blocks):
        gain -= max(at - end[0], there - end[1])
        if gain <= 0:
            begin, gain = index, 0
        gain += length
        end = (at + length, there + length)
        if gain > best_gain:
            best, best_gain = (begin, index + 1), gain
    return blocks[slice(*best)]


def _trim_chance(blocks: list[Block], edges: bytes, answer_edges: bytes) -> None:
    """Take off the letters at both ends that end one word and another one by chance."""
    at, there, length = blocks[0]
    off = _to_edge(edges, answer_edges, at, there, 1, length)
    blocks[0] = (at + off, there + off, length - off)
    at, there, length = blocks[-1]
    off = _to_edge(edges, answer_edges, at + length, there + length, -1, length)
    blocks[-1] = (at, there, length - off)


def _to_edge(edges: bytes, answer_edges: bytes, at: int, there: int, step: int, length: int) -> int:
    """How many letters it is to where words begin in both; 0 where it is far, or only one of them does."""
    for off in range(min(CHANCE, length - 1) + 1):
        is_edge, is_edge_there = edges[at + step * off], answer_edges[there + step * off]
        if is_edge or is_edge_there:
            return off if is_edge and is_edge_there else 0
    return 0
