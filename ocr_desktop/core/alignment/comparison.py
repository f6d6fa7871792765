"""What an answer says that its picture does not, and the other way round.

Both readers err, and an answer leaves out on purpose what is no text of the page. So a doubt is told only where
it is worth a look: words of some length, lines that were read well.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.alignment.folded_text import weight
from ocr_desktop.core.alignment.places import SAME_ROW, place_of, turns_of
from ocr_desktop.core.alignment.words import Alignment, missed_lines
from ocr_desktop.core.document import Comparison
from ocr_desktop.core.figures import FIGURE_LABELS
from ocr_desktop.core.geometry import box_quad, quad_bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.alignment.places import LinePlace
    from ocr_desktop.core.document import Line, Region
    from ocr_desktop.core.geometry import PixelBox

LEAST_COMMON = 0.35
"""An answer that has less in common with the lines is no transcript of them: a translation, a script that the embedded
engine does not read."""
LEAST_OF_WORD = 0.6
"""A word of which a line has so many letters is on the picture, whoever misread the others."""
LEAST_WEIGHT = 3
SURE_LINE = 0.85
"""The score of a line that was read well enough to be missed."""
USUAL_WORD = 4
"""A line without a word of this weight is a mark, a formula or a piece of a drawing."""
MARGIN = 0.09
"""Headers and footers stand so near an edge, in page heights, and beyond all other text."""
FURNITURE_GAP = 1.0
"""So many line heights are between them and the text."""
MOST_ROWS = 3
"""More rows than that are a paragraph, wherever they stand."""
LARGER = 1.3
"""What is so much larger than most lines is none of them."""

_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]|[^\s\u2e80-\u9fff\uf900-\ufaff]+")
_FORMULA = re.compile(r"[\\^_{}$]")
_FORMULA_LABELS = frozenset({"equation", "formula"})


def compared(
    regions: Sequence[Region], lines: Sequence[Line], alignment: Alignment, shown: PixelBox
) -> Comparison | None:
    """How regions compare with the lines that their texts were aligned to; `shown` is the part of the page with both.

    None where they are no transcript of the lines.
    """
    supported = alignment.supported()
    if not lines or sum(supported) < LEAST_COMMON * max(len(supported), 1):
        return None
    scripts = {script for line in lines for character in line.text if (script := _script(character))}
    unsupported = []
    for index, region in enumerate(regions):
        if region.label not in _FORMULA_LABELS and (
            stretches := _unsupported(region.text, alignment, index, supported, scripts)
        ):
            unsupported.append((region.id, stretches))
    return Comparison(tuple(unsupported), _missed(regions, lines, alignment, shown))


def _unsupported(
    text: str, alignment: Alignment, index: int, supported: bytearray, scripts: set[str]
) -> tuple[tuple[int, int], ...]:
    """The stretches of a text, in characters, that are on no line, neighbouring words together."""
    start, end = alignment.stretch(index)
    if supported.find(0, start, end) < 0:
        return ()
    if sum(supported[start:end]) < LEAST_COMMON * (end - start):
        # What a few words of it have in common with lines is chance.
        supported = bytearray(len(supported))
    stretches: list[tuple[int, int, int]] = []
    may_join = False
    for word in _WORD.finditer(text):
        first = bisect_left(alignment.texts.places, word.start(), start, end)
        last = bisect_left(alignment.texts.places, word.end(), first, end)
        if first == last:
            continue
        letters = alignment.texts.text[first:last]
        if not _is_missing(word[0], letters, supported[first:last], scripts):
            may_join = False
            continue
        if may_join:
            before, _, so_far = stretches.pop()
            stretches.append((before, word.end(), so_far + weight(letters)))
        else:
            stretches.append((word.start(), word.end(), weight(letters)))
        may_join = True
    return tuple((first, last) for first, last, heavy in stretches if heavy >= LEAST_WEIGHT)


def _is_missing(word: str, letters: str, supported: bytearray, scripts: set[str]) -> bool:
    """Whether a word is on no line; of formulas, and of scripts that no line has, nobody can tell."""
    if all(supported) or _FORMULA.search(word) or not {_script(each) for each in word} <= scripts | {""}:
        return False
    digits = [has for letter, has in zip(_letters(word, letters), supported, strict=True) if letter.isdecimal()]
    if len(digits) > 1 and not all(digits):
        return True
    return sum(supported) < LEAST_OF_WORD * len(letters)


def _letters(word: str, letters: str) -> str:
    """A folded word with its letters and digits told apart, where folding makes one of both."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", word) if each.isalnum())
    return plain if len(plain) == len(letters) else letters


def _missed(regions: Sequence[Region], lines: Sequence[Line], alignment: Alignment, shown: PixelBox) -> tuple[int, ...]:
    """The lines that are worth a look among those that the regions lack."""
    missing = missed_lines(alignment, lines)
    turns = turns_of(lines)
    places = [place_of(line.quad, turns) for line in lines]
    drawn = [box for region in regions if region.label in FIGURE_LABELS | _FORMULA_LABELS for box in region.boxes]
    furniture = _furniture(places, frozenset(missing), place_of(box_quad(shown), turns))
    return tuple(
        index
        for index in missing
        if lines[index].score >= SURE_LINE
        and index not in furniture
        and any(weight(word) >= USUAL_WORD for word in re.findall(r"\w+", lines[index].text))
        and not _lies_in(quad_bounds(lines[index].quad), drawn)
    )


def _furniture(places: Sequence[LinePlace], missing: frozenset[int], page: LinePlace) -> frozenset[int]:
    """Headers and footers: lines near the page's upper or lower edge, apart from all that the regions have."""
    kept = [place for index, place in enumerate(places) if index not in missing]
    if not kept:
        return frozenset()
    usual = median(place.height for place in kept)
    top = min(place.y_min for place in kept) - FURNITURE_GAP * usual
    bottom = max(place.y_max for place in kept) + FURNITURE_GAP * usual
    upper, lower = page.y_min + MARGIN * page.height, page.y_max - MARGIN * page.height
    small = [index for index in missing if places[index].height <= LARGER * usual]
    headers = [index for index in small if places[index].y_max < min(top, upper)]
    footers = [index for index in small if places[index].y_min > max(bottom, lower)]
    return frozenset(
        index
        for group in (headers, footers)
        if _rows([places[index] for index in group]) <= MOST_ROWS
        for index in group
    )


def _rows(places: Sequence[LinePlace]) -> int:
    """In how many rows lines stand."""
    ordered = sorted(places, key=lambda place: place.middle)
    steps = itertools.pairwise(ordered)
    return bool(ordered) + sum(after.middle - before.middle > SAME_ROW * before.height for before, after in steps)


def _lies_in(box: PixelBox, others: Sequence[PixelBox]) -> bool:
    x, y = (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2
    return any(other.contains(x, y) for other in others)


@lru_cache(maxsize=65_536)
def _script(character: str) -> str:
    """The script of a letter, as the first word of its name says it; empty for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""
