"""The words of an answer and the lines of a page that they stand on.

An answer and the lines on its picture have the same words, but neither the same order (columns, tables, notes) nor
quite the same letters. Each word of the answer finds its part of a line, and what finds none is told of both.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.alignment.folded_text import FoldedText, folded, weight
from ocr_desktop.core.alignment.likeness import Likeness
from ocr_desktop.core.alignment.matching import LineMatching, Match
from ocr_desktop.core.alignment.places import line_places

if TYPE_CHECKING:
    from ocr_desktop.core.document import Line

WORTH_ANOTHER_LOOK = 6
"""The weight of words that are looked for once more, among lines that others have taken."""


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A stretch of a line, in characters of its text, that an answer's words stand on; `length` is what they share."""

    line: int
    start: int
    end: int
    length: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which characters of texts stand on which lines.

    Attributes:
        texts: The texts, folded together; places in it count their folded characters.
        lines: The lines' texts, likewise.
        matches: Characters that are the same, in the texts' order; they do not overlap there.
    """

    texts: FoldedText
    lines: FoldedText
    matches: tuple[Match, ...]

    def stretch(self, index: int) -> tuple[int, int]:
        """Where one of the texts begins and ends in all of them."""
        start, end = self.texts.starts[index : index + 2]
        return start, end

    def parts(self, start: int, end: int) -> tuple[FoundPart, ...]:
        """The parts of lines on which a stretch of the texts stands, in its order; one for each turn to a line."""
        parts: list[FoundPart] = []
        at = bisect.bisect(self.matches, start, key=lambda match: match.end)
        for match in self.matches[at:]:
            if match.start >= end:
                break
            first, last = max(match.start, start), min(match.end, end)
            self._add(parts, match, match.line_start + first - match.start, last - first)
        return tuple(parts)

    def supported(self) -> bytearray:
        """For each folded character of the texts, whether (1) a line has it."""
        supported = bytearray(len(self.texts.text))
        for match in self.matches:
            supported[match.start : match.end] = b"\1" * match.length
        return supported

    def share(self, start: int, end: int) -> float:
        """How much of a stretch stands on lines, 0–1; 0 of nothing."""
        return sum(part.length for part in self.parts(start, end)) / (end - start) if end > start else 0.0

    def _add(self, parts: list[FoundPart], match: Match, line_start: int, length: int) -> None:
        places = self.lines.places
        start, end = places[line_start], places[line_start + length - 1] + 1
        last = parts[-1] if parts else None
        if last is not None and last.line == match.line and last.end <= start:
            parts[-1] = FoundPart(last.line, last.start, end, last.length + length)
        else:
            parts.append(FoundPart(match.line, start, end, length))


def align(texts: Sequence[str], lines: Sequence[Line]) -> Alignment:
    """Find the lines on which the words of texts stand; neither need be in any order.

    Every character of a line is used once as long as there are lines enough; words that an answer has more often than
    the page share their line.
    """
    answer, page = folded(*texts), folded(*(line.text for line in lines))
    places = line_places(lines)
    matches = LineMatching(answer, page, places).matches()
    alignment = Alignment(answer, page, tuple(matches))
    again = _missing(alignment)
    if not again or not matches:
        return alignment
    more = LineMatching(_cut(answer, again), page, places).matches()
    moved = [each for match in more for each in _moved(match, again)]
    return Alignment(answer, page, tuple(sorted((*matches, *moved), key=lambda match: match.start)))


def missed_lines(alignment: Alignment, lines: Sequence[Line], least: float = 0.5) -> tuple[int, ...]:
    """The lines of which the texts have less than this share, not even where another line says the same.

    Words that stand here and there make no line: one stretch of the texts has to have them.
    """
    found = [0] * len(lines)
    for match in alignment.matches:
        found[match.line] += match.length
    likeness = Likeness(alignment.texts, bytearray(len(alignment.texts.text)))
    missed: list[int] = []
    for index, (start, end) in enumerate(itertools.pairwise(alignment.lines.starts)):
        enough = least * (end - start)
        if found[index] < enough:
            text, edges = alignment.lines.text[start:end], alignment.lines.edges[start : end + 1]
            again = likeness.find(text, edges)
            if (again is None or again.shared < enough) and not _has_words(alignment.texts, text):
                missed.append(index)
    return tuple(missed)


def _has_words(texts: FoldedText, words: str) -> bool:
    """Whether texts have words exactly so."""
    at = texts.text.find(words)
    while at >= 0:
        if texts.edges[at] and texts.edges[at + len(words)]:
            return True
        at = texts.text.find(words, at + 1)
    return False


def _missing(alignment: Alignment) -> list[tuple[int, int]]:
    """The stretches of the texts that no line has, those that are worth another look."""
    stretches: list[tuple[int, int]] = []
    reached = 0
    for start, end in [*((match.start, match.end) for match in alignment.matches), (len(alignment.texts.text),) * 2]:
        if start > reached and weight(alignment.texts.text[reached:start]) >= WORTH_ANOTHER_LOOK:
            stretches.append((reached, start))
        reached = max(reached, end)
    return stretches


def _cut(answer: FoldedText, stretches: list[tuple[int, int]]) -> FoldedText:
    """Stretches of an answer as one of their own; what is needed to find lines, and no more."""
    text = "".join(answer.text[start:end] for start, end in stretches)
    edges = bytearray()
    starts = [0]
    for start, end in stretches:
        piece = bytearray(answer.edges[start:end])
        piece[0] = max(piece[0], 1)
        edges += piece
        starts.append(len(edges))
    edges.append(1)
    return FoldedText(text, answer.places[:0], bytes(edges), tuple(starts))


def _moved(match: Match, stretches: list[tuple[int, int]]) -> list[Match]:
    """A match in stretches that were cut out, where it stands in the whole."""
    moved, reached = [], 0
    for start, end in stretches:
        first, last = max(match.start, reached), min(match.end, reached + end - start)
        if first < last:
            moved.append(
                Match(match.line, match.line_start + first - match.start, start + first - reached, last - first)
            )
        reached += end - start
    return moved
