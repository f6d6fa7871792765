"""A small picture whose words and their places are known, and how well an answer to it fits them."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core import resources
from ocr_desktop.core.geometry import PixelBox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.document import Region

TRUTH = "connection/picture.toml"
SAME_PLACE = 0.5
"""From this overlap on (intersection over union) boxes are where the words are; one around everything is not."""
NEAR_PLACE = 0.15
"""From this overlap on they belong to the words, but lie loosely around them."""


class Place(StrEnum):
    """Where the boxes of some words are, against where the words are."""

    RIGHT = "right"
    LOOSE = "loose"
    ELSEWHERE = "elsewhere"
    NO_BOX = "no_box"


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line of the picture: its words, which stand in no other line, and the box of its ink in pixels."""

    text: str
    box: PixelBox


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A picture and what stands on it; lines in reading order."""

    file: Path
    lines: tuple[KnownLine, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for line in self.lines for word in plain_words(line.text))


@dataclass(frozen=True, slots=True)
class WordsFound:
    """How many of the picture's words an answer has, and what else it says.

    Attributes:
        right: Of the picture's words, so many are in the answer.
        expected: So many words stand on the picture.
        missing: Those that the answer has not, in reading order.
        extra: Words of the answer that do not stand on the picture, or not so often.
    """

    right: int
    expected: int
    missing: tuple[str, ...]
    extra: int


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Where an answer says that the lines are.

    Attributes:
        places: One for each line that the answer has words of, in reading order.
        off: The longest way between the middle of such words and the middle of their boxes, in pixels.
    """

    places: tuple[Place, ...]
    off: float

    def count(self, place: Place) -> int:
        return self.places.count(place)


def known_picture() -> KnownPicture:
    """The one that comes with the program; its file and its truth lie side by side."""
    import tomllib

    truth = resources.path(TRUTH)
    table = tomllib.loads(truth.read_text("utf-8"))
    lines = tuple(KnownLine(line["text"], PixelBox(*map(float, line["box"]))) for line in table["lines"])
    return KnownPicture(truth.with_suffix(".png"), lines)


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without what stands around them and without the difference of small and large letters."""
    words = (_without_edges(word) for word in unicodedata.normalize("NFKC", text).casefold().split())
    return tuple(word for word in words if word)


def words_found(picture: KnownPicture, answer: str) -> WordsFound:
    """How many of the picture's words a text has, in whatever order."""
    found = Counter(plain_words(answer))
    missing = []
    for word in picture.words:
        if found[word] > 0:
            found[word] -= 1
        else:
            missing.append(word)
    expected = len(picture.words)
    return WordsFound(expected - len(missing), expected, tuple(missing), found.total())


def places_found(picture: KnownPicture, regions: Iterable[Region]) -> PlacesFound:
    """Whether the boxes of regions are where their words stand.

    An answer may join lines to one region or cut a line into several: what shares words is compared as a whole.
    """
    places: dict[int, Place] = {}
    off = 0.0
    for lines, sharing in _groups(picture, tuple(regions)):
        expected = _around([picture.lines[line].box for line in lines])
        boxes = [box for region in sharing for box in region.boxes]
        if boxes:
            actual = _around(boxes)
            place = _place(expected, actual)
            off = max(off, math.dist(_middle(expected), _middle(actual)))
        else:
            place = Place.NO_BOX
        places.update(dict.fromkeys(lines, place))
    return PlacesFound(tuple(places[line] for line in sorted(places)), off)


def overlap(one: PixelBox, other: PixelBox) -> float:
    """Intersection over union, 0–1."""
    width = min(one.x_max, other.x_max) - max(one.x_min, other.x_min)
    height = min(one.y_max, other.y_max) - max(one.y_min, other.y_min)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    together = one.width * one.height + other.width * other.height - shared
    # The area of what is hardly there may be too small for a number.
    return shared / together if together > 0 else 0.0


def _place(expected: PixelBox, actual: PixelBox) -> Place:
    shared = overlap(expected, actual)
    if shared >= SAME_PLACE:
        return Place.RIGHT
    is_near = shared >= NEAR_PLACE and expected.contains(*_middle(actual))
    return Place.LOOSE if is_near else Place.ELSEWHERE


def _groups(picture: KnownPicture, regions: Sequence[Region]) -> list[tuple[list[int], list[Region]]]:
    """Lines and the regions with words of them, so that nothing is shared between two groups; lines by their number."""
    groups: list[tuple[list[int], list[Region]]] = []
    words_of_lines = [set(plain_words(line.text)) for line in picture.lines]
    for region in regions:
        words = set(plain_words(region.text))
        lines = {number for number, known in enumerate(words_of_lines) if words & known}
        if not lines:
            continue
        joined = [group for group in groups if lines.intersection(group[0])]
        groups = [group for group in groups if group not in joined]
        numbers = lines.union(*(group[0] for group in joined))
        groups.append((sorted(numbers), [*(each for group in joined for each in group[1]), region]))
    return groups


def _around(boxes: Sequence[PixelBox]) -> PixelBox:
    return PixelBox(
        min(box.x_min for box in boxes),
        min(box.y_min for box in boxes),
        max(box.x_max for box in boxes),
        max(box.y_max for box in boxes),
    )


def _middle(box: PixelBox) -> tuple[float, float]:
    return (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2


def _without_edges(word: str) -> str:
    """A word without signs at its two ends; those inside it, as in 3.5, stay."""
    kept = [number for number, letter in enumerate(word) if letter.isalnum()]
    return word[kept[0] : kept[-1] + 1] if kept else ""
