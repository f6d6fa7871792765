"""Where a term stands in lines of text: as it is written, else much like it; pure.

The lines are looked through as one text in reading order, so that a term is found across the end of a line, a hyphen
there or not. Three kinds of likeness count, each less than the one before:

1. the same letters, whatever their case and width, with other gaps, or with hyphens inside of words;
2. from `LEAST_LIKE` letters on, letters that recognition takes for each other (0 O, 1 l I), and accents lost or added;
3. only where the term is found in neither way, from `LEAST_GUESSED` letters on: some letters that are others.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.events import FoundRegion, LineFound
from ocr_desktop.core.finding import folded, joined
from ocr_desktop.core.layout.order import reading_order
from ocr_desktop.core.line_parts import WITHOUT_SPACES, LinePart, edges_of, quad_of_part

AS_WRITTEN = 1.0
SAME_LETTERS = 0.98
"""Another case or width, other gaps or hyphens."""
ALIKE = 0.9
GUESSED = 0.85
"""The most that a guess is worth."""
SHORT = 3
"""A term of so many letters is looked for as a word first, else half of the page would be hits."""
LEAST_LIKE = 4
LEAST_GUESSED, LEAST_GUESSED_CJK = 5, 4
LONG = 8
"""From so many letters on a likeness may begin inside a word."""
LEAST_RATIO = 0.8
ROUNDING = 0.01
MOST_SLIP = 2
MOST_REMEMBERED = 4096
"""So many characters a likeness may begin or end beside the beginning or end of a word."""
MOST_HITS = 5_000
AIR = 0.15
"""Around a term, in line heights, so that the line of its box does not run through letters."""
MOST_IN_A_LINE = 50
"""Of guesses."""
LONGEST_GUESSED = 200
"""Characters of a term; a longer one is looked for as it is written."""

_LETTER = re.compile(rf"(?![{WITHOUT_SPACES}])\w")
_ONE_CJK = re.compile(rf"[{WITHOUT_SPACES}]")
_LOOK_ALIKE = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "o", "O": "o"})
_ACCENT = re.compile("[\u0300-\u036f]")
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u04ff\u1e00-\u1fff\uff00-\uff5e]")
"""What may hold accents: letters of European scripts, composed or not, and those of full width."""

_Fold = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class TermPlace:
    """Where a term was found: parts of one line or of several that follow each other, and how alike they are, 0–1."""

    parts: tuple[LinePart, ...]
    likeness: float


def located(lines: Sequence[LineFound], term: str) -> tuple[FoundRegion, ...]:
    """A region `match` for each place of a term, in reading order, with a quad for each line that it stands in."""
    order = reading_order(lines)
    in_order = [lines[index] for index in order]
    places = Locator([line.text for line in in_order]).find(term)
    for number in {part.line for place in places for part in place.parts}:
        in_order[number] = replace(in_order[number], edges=edges_of(in_order[number]))
    found = []
    for place in places:
        quads = tuple(quad_of_part(in_order[part.line], part.start, part.end, margin=AIR) for part in place.parts)
        length = sum(part.end - part.start for part in place.parts)
        sureness = sum(in_order[part.line].score * (part.end - part.start) for part in place.parts) / length
        indices = tuple(order[part.line] for part in place.parts)
        found.append(FoundRegion("match", escaped(term), indices, quads, place.likeness * sureness))
    return tuple(found)


class Locator:
    """Looks for terms in the texts of lines in reading order; what was made ready for one term serves the next."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def find(self, term: str) -> list[TermPlace]:
        """The places of a term in reading order, none of which overlap; none for a term without characters."""
        if not folded(term):
            return []
        found = _Found(self._texts, term)
        found.take(self._same(self._plain, term))
        if self._closed.whole != self._plain.whole or self._closed.fold(term) != self._plain.fold(term):
            found.take(self._same(self._closed, term))
        letters = sum(map(str.isalnum, term))
        if letters >= LEAST_LIKE and _LETTER.search(term):
            found.take(self._alike.places_of(_look(term), ALIKE, starts_words=letters < LONG))
        if not found.places:
            found.take(self._guessed(term))
        return found.in_order()

    def _same(self, stream: _Stream, term: str) -> Iterator[TermPlace]:
        wanted = stream.fold(term)
        if len(wanted) > SHORT or _ONE_CJK.search(wanted):
            return stream.places_of(wanted, SAME_LETTERS)
        whole = list(stream.places_of(wanted, SAME_LETTERS, starts_words=True, ends_words=True))
        starting = whole or list(stream.places_of(wanted, SAME_LETTERS, starts_words=True))
        return iter(starting or list(stream.places_of(wanted, SAME_LETTERS)))

    def _guessed(self, term: str) -> Iterator[TermPlace]:
        from rapidfuzz import fuzz, process

        stream, wanted = self._unsure, _unsure_look(term)
        is_cjk = _ONE_CJK.search(wanted) is not None
        letters = sum(map(str.isalnum, wanted))
        if len(wanted) > LONGEST_GUESSED or letters < (LEAST_GUESSED_CJK if is_cjk else LEAST_GUESSED):
            return
        cutoff = 100 * (1 - 1 / len(wanted) if len(wanted) < LONG else LEAST_RATIO) - ROUNDING
        windows = stream.windows(len(wanted) + MOST_SLIP)
        for _, _, number in process.extract_iter(wanted, windows, scorer=fuzz.partial_ratio, score_cutoff=cutoff):
            for start, end, ratio in _guesses_in(windows[number], wanted, cutoff, is_cjk=is_cjk):
                if start < len(stream.pieces[number]):
                    yield stream.place(
                        stream.starts[number] + start, stream.starts[number] + end, GUESSED * ratio / 100
                    )

    @functools.cached_property
    def _plain(self) -> _Stream:
        return _Stream(self._texts, folded, is_closed=False)

    @functools.cached_property
    def _closed(self) -> _Stream:
        return _Stream(self._texts, _closed, is_closed=True)

    @functools.cached_property
    def _alike(self) -> _Stream:
        return _Stream(self._texts, _look, is_closed=True)

    @functools.cached_property
    def _unsure(self) -> _Stream:
        return _Stream(self._texts, _unsure_look, is_closed=True)


class _Found:
    """The places of one term so far: what overlaps an earlier one is left out."""

    def __init__(self, texts: Sequence[str], term: str) -> None:
        self._texts = texts
        self._term = term.strip()
        self._taken: dict[int, list[tuple[int, int]]] = {}
        self.places: list[TermPlace] = []

    def take(self, places: Iterator[TermPlace]) -> None:
        for place in places:
            if len(self.places) == MOST_HITS:
                return
            if place.parts and not any(self._overlaps(part) for part in place.parts):
                self.places.append(self._judged(place))
                for part in place.parts:
                    self._taken.setdefault(part.line, []).append((part.start, part.end))

    def in_order(self) -> list[TermPlace]:
        return sorted(self.places, key=lambda place: place.parts[0])

    def _overlaps(self, part: LinePart) -> bool:
        return any(part.start < end and start < part.end for start, end in self._taken.get(part.line, ()))

    def _judged(self, place: TermPlace) -> TermPlace:
        part = place.parts[0]
        is_as_written = len(place.parts) == 1 and self._texts[part.line][part.start : part.end] == self._term
        return TermPlace(place.parts, AS_WRITTEN) if is_as_written else place


class _Stream:
    """Lines as one text in which terms are looked for, each line folded in the same way.

    Attributes:
        pieces: The folded lines.
        starts: Where each of them begins in the `whole` text.
    """

    def __init__(self, texts: Sequence[str], fold: _Fold, *, is_closed: bool) -> None:
        self.fold = fold
        self._texts = texts
        self.pieces = [fold(text) for text in texts]
        if is_closed:
            self._separators = _close(self.pieces)
        else:
            self._separators = [" "] * len(self.pieces)
        self.starts: list[int] = []
        length = 0
        for piece, separator in zip(self.pieces, self._separators, strict=True):
            self.starts.append(length)
            length += len(piece) + len(separator)
        self.whole = "".join(text for pair in zip(self.pieces, self._separators, strict=True) for text in pair)

    def places_of(
        self, wanted: str, likeness: float, *, starts_words: bool = False, ends_words: bool = False
    ) -> Iterator[TermPlace]:
        """Where a folded term stands, one place behind the other."""
        at = self.whole.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            is_inside = (starts_words and _is_inside_word(self.whole, at)) or (
                ends_words and _is_inside_word(self.whole, end)
            )
            if not is_inside:
                yield self.place(at, end, likeness)
            at = self.whole.find(wanted, at + 1 if is_inside else end)

    def place(self, start: int, end: int, likeness: float) -> TermPlace:
        """What stands between two places of the whole text, as parts of the lines as they are written."""
        parts = []
        for number in range(max(bisect.bisect_right(self.starts, start) - 1, 0), len(self.starts)):
            offset = self.starts[number]
            if offset >= end:
                break
            first, last = max(start - offset, 0), min(end - offset, len(self.pieces[number]))
            if first < last:
                parts.append(LinePart(number, *self._written(number, first, last)))
        return TermPlace(tuple(part for part in parts if part.start < part.end), likeness)

    def windows(self, reach: int) -> list[str]:
        """Each line, and behind it so much of the next that a term may end there."""
        following = itertools.chain((piece[:reach] for piece in self.pieces[1:]), [""])
        pieces = zip(self.pieces, self._separators, following, strict=False)
        return [f"{piece}{separator}{after}" for piece, separator, after in pieces]

    def _written(self, number: int, first: int, last: int) -> tuple[int, int]:
        """The characters of a line that a stretch of its folded form comes from."""
        text, piece = self._texts[number], self.pieces[number]
        if text == piece or (len(text) == len(piece) and _is_folded_one_by_one(text)):
            return first, last
        start = bisect.bisect_right(range(len(text) + 1), first, key=lambda index: len(self.fold(text[:index]))) - 1
        start = max(start, 0)
        end = bisect.bisect_left(range(len(text) + 1), last, key=lambda index: len(self.fold(text[:index])))
        # A hyphen that falls away counts until the letter behind it has come; an accent belongs to its letter.
        while end < len(text) and self.fold(text[:end])[:last] != piece[:last]:
            end += 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        return start, min(end, len(text))


def _close(pieces: list[str]) -> list[str]:
    """What stands between joined lines and behind the last; the hyphen that parts a word is taken off its line."""
    separators = []
    for number, piece in enumerate(pieces):
        after = pieces[number + 1][:1] if number + 1 < len(pieces) else ""
        if len(piece) > 1 and piece[-1] in "-\u2010" and piece[-2].isalnum() and after.isalnum():
            pieces[number] = piece[:-1]
            separators.append("")
        else:
            is_closed = _ONE_CJK.match(piece[-1:]) and _ONE_CJK.match(after)
            separators.append("" if is_closed else " ")
    return separators


def _closed(text: str) -> str:
    return joined(folded(text))


def _look(text: str) -> str:
    """The joined text by its look: without accents, with one letter for those that are taken for each other."""
    if _ACCENTED.search(text):
        # The marks of kana are none of these, and are put back where they were.
        parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
        text = unicodedata.normalize("NFC", _ACCENT.sub("", parted))
    return _closed(text.translate(_LOOK_ALIKE))


def _unsure_look(text: str) -> str:
    """The same with one form for letters that are taken for each other in small print, and are two in most words."""
    return _look(text).replace("rn", "m").replace("vv", "w").replace("i", "l")


@functools.lru_cache(maxsize=MOST_REMEMBERED)
def _is_folded_one_by_one(text: str) -> bool:
    """Whether folding changes no character's place, where it does not change the length."""
    if text.isascii():
        return True
    is_plain = unicodedata.is_normalized("NFKC", text) and len(text.casefold()) == len(text)
    return is_plain and " ".join(text.split()) == text


def _is_inside_word(text: str, at: int) -> bool:
    """Whether letters of one word stand on both sides; Chinese and Japanese characters are words of their own."""
    return 0 < at < len(text) and bool(_LETTER.match(text[at - 1]) and _LETTER.match(text[at]))


def _guesses_in(window: str, wanted: str, cutoff: float, *, is_cjk: bool) -> Iterator[tuple[int, int, float]]:
    """Stretches of a text that are much like a term, the likest first, none overlapping; the ratio is 0–100."""
    from rapidfuzz import fuzz

    text = window
    for _ in range(MOST_IN_A_LINE):
        aligned = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=cutoff)
        if aligned is None or aligned.dest_start == aligned.dest_end:
            return
        start, end = aligned.dest_start, aligned.dest_end
        stretches = _stretches(text, start, end, wanted, is_cjk=is_cjk)
        ratio, best = max(((fuzz.ratio(wanted, text[slice(*each)]), each) for each in stretches), default=(0, None))
        if best is not None and ratio >= cutoff:
            yield (*best, ratio)
            start, end = best
        # What was looked at once is put out of sight, its length kept.
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _stretches(text: str, start: int, end: int, wanted: str, *, is_cjk: bool) -> Iterator[tuple[int, int]]:
    """What a likeness may be of: whole words, or as many characters where there are no words."""
    if is_cjk:
        yield start, min(start + len(wanted), len(text))
        return
    near = range(-MOST_SLIP, MOST_SLIP + 1)
    starts = [start + by for by in near if _is_word_edge(text, start + by)]
    ends = [end + by for by in near if _is_word_edge(text, end + by)]
    if not ends and len(wanted) >= LONG:
        ends = [end]
    for first, last in itertools.product(starts, ends):
        # A gap belongs to no word.
        if first < last and text[first:last] == text[first:last].strip():
            yield first, last


def _is_word_edge(text: str, at: int) -> bool:
    return 0 <= at <= len(text) and not _is_inside_word(text, at)
