"""Finds where in an answer the lines of a page stand, whatever the order of either.

What stands there word for word is found by searching; what does not, by rare short stretches that both share, and
then letter by letter. What stands there several times, or is so short that it could stand anywhere, goes where its
neighbours in the answer are its neighbours on the page, from one to the next. What of a line found no place is tried
again by itself, at last word by word: columns that were read as one line, a table's row that the answer has as cells.
"""

from __future__ import annotations

import bisect
import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.alignment.folded_text import LINE_EDGE, weight
from ocr_desktop.core.alignment.likeness import MOST_SITES, SURE, Found, Likeness
from ocr_desktop.core.alignment.places import LinePlace, distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.alignment.folded_text import FoldedText

REACH = 6.0
"""So many line heights text looks for its neighbours in the answer; longer text further where it finds none there."""
NEAREST = 24
"""How many lines of the same short text are looked at above and below."""
LEAST_OF_LINE = 0.5
"""A line of which only short words were found, and less than this, is somewhere else, if anywhere."""
MOSTLY = 0.8
"""A piece of which so much is alike is where it belongs."""
MOST_LOOKS = 150_000
"""How often places on the page are compared; a page that is nothing but the same few words is given up."""
GAP = 2
"""Characters that may have been read into or out of the text between two neighbours."""
MORE_ROUNDS = 1
"""In which what is left of lines is tried again."""


@dataclass(frozen=True, slots=True)
class Match:
    """Characters of a line that are an answer's, counted in folded characters of both."""

    line: int
    line_start: int
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A stretch of a line that looks for its place."""

    line: int
    start: int
    text: str
    place: LinePlace

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the answer that found its line, slips included; `place` is on the page."""

    start: int
    end: int
    place: LinePlace


class LineMatching:
    """Places lines in one answer; each of its characters is taken once. Used once.

    Args:
        lines: The lines' texts, folded together.
        places: Where the lines stand.
    """

    def __init__(self, answer: FoldedText, lines: FoldedText, places: Sequence[LinePlace]) -> None:
        self._answer = answer
        self._lines = lines
        self._places = places
        self._taken = bytearray(len(answer.text))
        self._segments: list[_Segment] = []
        self._matches: list[Match] = []
        self._rest: list[_Piece] = []
        self._looks = MOST_LOOKS
        self._likeness = Likeness(answer, self._taken)
        self._waiting: dict[str, list[_Piece]] = {}
        self._starting: dict[int, list[str]] = {}
        self._ending: dict[int, list[str]] = {}

    def matches(self) -> list[Match]:
        """All that was found, in the answer's order."""
        pieces = [self._piece(index, *self._lines.starts[index : index + 2]) for index in range(len(self._places))]
        self._place(pieces)
        for _ in range(MORE_ROUNDS):
            pieces, self._rest = self._rest, []
            self._place(pieces)
        self._place([word for piece in self._rest for word in self._words(piece)], only_whole=True)
        self._matches.sort(key=lambda match: match.start)
        self._bring_together()
        return self._believed()

    def _bring_together(self) -> None:
        """Take words from lines far away to where the line of their neighbours has them, too, and nobody else's."""
        used = bytearray(len(self._lines.text))
        for match in self._matches:
            used[match.line_start : match.line_start + match.length] = b"\1" * match.length
        found = self._matches
        for at in range(1, len(found)):
            before, match = found[at - 1], found[at]
            if before.end == match.start:
                found[at] = self._moved(match, before.line, before.line_start + before.length, used)
        for at in range(len(found) - 2, -1, -1):
            match, after = found[at], found[at + 1]
            if match.end == after.start:
                found[at] = self._moved(match, after.line, after.line_start - match.length, used)

    def _moved(self, match: Match, line: int, start: int, used: bytearray) -> Match:
        """A match in another line where that is free and says the same; else as it is."""
        first, last = self._lines.starts[line : line + 2]
        end = start + match.length
        is_free = match.line != line and first <= start and end <= last and used.find(1, start, end) < 0
        if not is_free or self._lines.text[start:end] != self._answer.text[match.start : match.end]:
            return match
        used[start:end] = b"\1" * match.length
        used[match.line_start : match.line_start + match.length] = bytes(match.length)
        return Match(line, start, match.start, match.length)

    def _believed(self) -> list[Match]:
        """What was found, but for single words of lines of which most was not."""
        found: Counter[int] = Counter()
        sure: set[int] = set()
        for match in self._matches:
            found[match.line] += match.length
            if self._says_something(match):
                sure.add(match.line)
        starts = self._lines.starts
        return [
            match
            for match in self._matches
            if match.line in sure or found[match.line] >= LEAST_OF_LINE * (starts[match.line + 1] - starts[match.line])
        ]

    def _says_something(self, match: Match) -> bool:
        """Whether neighbouring words stand there, or a word that the answer has on a line of its own."""
        edges = self._answer.edges
        is_alone = edges[match.start] == edges[match.end] == LINE_EDGE
        are_words = any(edges[match.start + 1 : match.end])
        return (is_alone or are_words) and weight(self._answer.text[match.start : match.end]) >= SURE

    # Pieces

    def _piece(self, line: int, start: int, end: int) -> _Piece:
        first, last = self._lines.starts[line : line + 2]
        length = max(last - first, 1)
        place = self._places[line].part((start - first) / length, (end - first) / length)
        return _Piece(line, start, self._lines.text[start:end], place)

    def _words(self, piece: _Piece) -> Iterator[_Piece]:
        edges = self._lines.edges
        start = piece.start
        for at in range(piece.start + 1, piece.end + 1):
            if at == piece.end or edges[at]:
                yield self._piece(piece.line, start, at)
                start = at

    # One round

    def _place(self, pieces: Iterable[_Piece], *, only_whole: bool = False) -> None:
        """Place what can be placed, or what can be as a whole; what cannot is the rest."""
        groups: dict[str, list[_Piece]] = defaultdict(list)
        for piece in pieces:
            if piece.text:
                groups[piece.text].append(piece)
        self._waiting = {}
        self._starting, self._ending = defaultdict(list), defaultdict(list)
        by_weight = sorted(groups, key=weight, reverse=True)
        unlike = [piece for text in by_weight for piece in self._place_sure(text, groups[text])]
        if only_whole:
            self._rest += unlike
        else:
            self._place_alike(unlike)
        for text, group in self._waiting.items():
            group.sort(key=lambda piece: piece.place.middle)
            for start in self._sites(text)[: MOST_SITES * len(group)]:
                self._starting[start].append(text)
                self._ending[start + len(text)].append(text)
        self._extend(self._segments)
        for text in by_weight:
            if text in self._waiting:
                self._place_by_neighbours(text)
        self._rest += (piece for group in self._waiting.values() for piece in group)

    def _place_sure(self, text: str, group: list[_Piece]) -> list[_Piece]:
        """Place text that can stand in one place only; any other waits, and what stands nowhere so is returned."""
        sites = self._sites(text) if weight(text) >= SURE else []
        if len(sites) == 1 and len(group) == 1:
            self._take_whole(group[0], sites[0])
        elif sites or weight(text) < SURE:
            self._waiting[text] = group
        else:
            return group
        return []

    def _place_alike(self, pieces: list[_Piece]) -> None:
        """Place pieces where most of them stands; those of which much stands nowhere have to wait for all others."""
        doubtful: list[tuple[int, int, _Piece, Found]] = []
        for piece in pieces:
            found = self._alike(piece)
            if found is None:
                self._rest.append(piece)
            elif found.shared >= MOSTLY * len(piece.text):
                self._take(piece, found)
            else:
                doubtful.append((-found.shared, len(doubtful), piece, found))
        heapq.heapify(doubtful)
        while doubtful:
            _, at, piece, found = heapq.heappop(doubtful)
            if self._is_free(found.start, found.end):
                self._take(piece, found)
            elif (again := self._alike(piece)) is not None:
                heapq.heappush(doubtful, (-again.shared, at, piece, again))
            else:
                self._rest.append(piece)

    def _alike(self, piece: _Piece) -> Found | None:
        return self._likeness.find(piece.text, self._lines.edges[piece.start : piece.end + 1])

    def _sites(self, text: str) -> list[int]:
        """Where text stands word for word and nothing else was placed; between the edges of words, if it can be."""
        answer, edges, taken = self._answer.text, self._answer.edges, self._taken
        length, sites = len(text), []
        at = answer.find(text)
        while at >= 0:
            is_free = taken.find(1, at, at + length) < 0
            if is_free:
                sites.append(at)
            at = answer.find(text, at + (length if is_free else 1))
        whole = [at for at in sites if edges[at] and edges[at + length]]
        return whole if whole or weight(text) < SURE else sites

    def _is_free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def _take_whole(self, piece: _Piece, start: int) -> _Segment:
        return self._take(
            piece, Found(0, len(piece.text), start, start + len(piece.text), ((0, start, len(piece.text)),))
        )

    def _take(self, piece: _Piece, found: Found) -> _Segment:
        for at, start, length in found.blocks:
            self._matches.append(Match(piece.line, piece.start + at, start, length))
        self._taken[found.start : found.end] = b"\1" * (found.end - found.start)
        whole = self._piece(piece.line, piece.start + found.piece_start, piece.start + found.piece_end)
        segment = _Segment(found.start, found.end, whole.place)
        bisect.insort(self._segments, segment, key=lambda each: each.start)
        for start, end in ((piece.start, whole.start), (whole.end, piece.end)):
            if end > start:
                self._rest.append(self._piece(piece.line, start, end))
        return segment

    # By neighbours

    def _extend(self, segments: Iterable[_Segment]) -> None:
        """From what has its place go on to what stands beside it in the answer, and then to what nearly does."""
        beside = deque(segments)
        nearly: deque[_Segment] = deque()
        while beside or nearly:
            if beside:
                segment = beside.popleft()
                beside += self._go_on(segment, 0)
                nearly.append(segment)
            else:
                segment = nearly.popleft()
                beside += (found for gap in range(1, GAP + 1) for found in self._go_on(segment, gap))

    def _go_on(self, segment: _Segment, gap: int) -> list[_Segment]:
        """What stands so many characters behind a stretch of the answer and before it, as far as it finds its line."""
        start, end = segment.end + gap, segment.start - gap
        found: list[_Segment] = []
        for text in sorted(self._starting.get(start, ()), key=len, reverse=True):
            found += self._take_nearest(text, start, before=segment, after=None)
        # Where on the page the line before this one ends, nobody knows; where it begins, somebody may.
        if LINE_EDGE not in self._answer.edges[max(end, 0) : segment.start + 1]:
            for text in sorted(self._ending.get(end, ()), key=len, reverse=True):
                found += self._take_nearest(text, end - len(text), before=None, after=segment)
        return found

    def _place_by_neighbours(self, text: str) -> None:
        for start in self._sites(text)[: MOST_SITES * len(self._waiting[text])]:
            if text not in self._waiting:
                return
            at = bisect.bisect(self._segments, start, key=lambda each: each.start)
            before = self._segments[at - 1] if at else None
            after = self._segments[at] if at < len(self._segments) else None
            reach = REACH if weight(text) < SURE else math.inf
            self._extend(self._take_nearest(text, start, before=before, after=after, reach=reach))

    def _take_nearest(
        self, text: str, start: int, *, before: _Segment | None, after: _Segment | None, reach: float = REACH
    ) -> tuple[_Segment, ...]:
        """Give text of the answer the nearest of the pieces that read so; none where all are too far away."""
        group = self._waiting.get(text)
        end = start + len(text)
        if not group or not self._is_free(start, end):
            return ()
        near = self._near(group, before or after)
        self._looks -= len(near)
        if self._looks < 0:
            return ()
        nearest = min(near, key=lambda piece: self._cost(piece, start, before, after))
        if self._cost(nearest, start, before, after) > reach:
            return ()
        group.remove(nearest)
        if not group:
            del self._waiting[text]
        return (self._take_whole(nearest, start),)

    def _near(self, group: list[_Piece], neighbour: _Segment | None) -> Sequence[_Piece]:
        if neighbour is None or len(group) <= 2 * NEAREST:
            return group
        at = bisect.bisect(group, neighbour.place.middle, key=lambda piece: piece.place.middle)
        return group[max(0, at - NEAREST) : at + NEAREST]

    def _cost(self, piece: _Piece, start: int, before: _Segment | None, after: _Segment | None) -> float:
        edges, end = self._answer.edges, start + len(piece.text)
        costs = []
        if before is not None:
            is_new_line = LINE_EDGE in edges[before.end : start + 1]
            row = self._row_begin(before) if is_new_line else None
            costs.append(distance(before.place, piece.place, row))
        if after is not None:
            is_new_line = LINE_EDGE in edges[end : after.start + 1]
            costs.append(distance(piece.place, after.place, piece.place if is_new_line else None))
        return min(costs, default=0.0) + 0.1 * max(costs, default=0.0)

    def _row_begin(self, segment: _Segment) -> LinePlace:
        """Where the answer's line began that a segment ends, as far as anybody knows."""
        begin = self._answer.edges.rfind(LINE_EDGE, 0, segment.end)
        at = bisect.bisect_left(self._segments, begin, key=lambda each: each.start)
        return self._segments[at].place if at < len(self._segments) else segment.place
