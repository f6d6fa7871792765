"""What the locate layer holds: the hits in the text that was read, and those of the engine that was asked."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import bounds_of

if TYPE_CHECKING:
    from ocr_desktop.core.finding import Missed, TextFinder
    from ocr_desktop.core.geometry import PixelBox


class Phase(Enum):
    """How far the engine is with these terms."""

    NOT_ASKED = auto()
    ASKING = auto()
    ASKED = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine was asked for; `engine` is its name for people, None for this computer."""

    terms: tuple[str, ...]
    engine: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a term was found.

    Attributes:
        is_in_text: Whether it is a region on show that holds the term, or else what the engine found.
        region_id: In the run on show, or in the engine's.
        box: Around all of it, in page pixels; None where the text has no place on the page.
        terms: Which of the terms were found here.
    """

    is_in_text: bool
    region_id: int
    words: str
    box: PixelBox | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngineGroup:
    """What the engine says, or has said so far."""

    phase: Phase = Phase.NOT_ASKED
    asked: Asked | None = None
    hits: tuple[Hit, ...] = ()
    missed: tuple[Missed, ...] = ()


class Layer(QObject):
    """The hits in one row, those in the text first, and which of them is the current one.

    Signals:
        changed(): Other hits, other terms, or the engine is further.
        current_changed(): Another hit is the current one, or none; also when only its number changed.
    """

    changed = Signal()
    current_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self.terms: tuple[str, ...] = ()
        self.has_text = False
        self.found: tuple[Region, ...] = ()
        self.engine = EngineGroup()
        self.current: int | None = None

    @functools.cached_property
    def finder(self) -> TextFinder:
        """What looks through the text on show."""
        from ocr_desktop.core.finding import TextFinder

        return TextFinder()

    @property
    def count(self) -> int:
        return len(self.found) + len(self.engine.hits)

    def hit(self, number: int) -> Hit:
        """One of `count` hits, from 0 on."""
        if number >= len(self.found):
            return self.engine.hits[number - len(self.found)]
        region = self.found[number]
        box = bounds_of(region.boxes) if region.boxes else None
        return Hit(True, region.id, region.text, box, self.finder.terms_in(region, self.terms))

    @property
    def current_hit(self) -> Hit | None:
        return None if self.current is None else self.hit(self.current)

    def number_of_region(self, region_id: int, *, is_in_text: bool) -> int | None:
        """The first hit in a region of the run on show, or of the engine's."""
        hits = self.found if is_in_text else self.engine.hits
        ids = (hit.id if isinstance(hit, Region) else hit.region_id for hit in hits)
        start = 0 if is_in_text else len(self.found)
        return next((number for number, each in enumerate(ids, start) if each == region_id), None)

    def show(self, terms: tuple[str, ...], found: tuple[Region, ...], engine: EngineGroup, *, has_text: bool) -> None:
        """Hold these hits; the current one stays while it is among them."""
        before = self.current_hit
        self.is_on, self.terms, self.has_text = True, terms, has_text
        self.found, self.engine = found, engine
        self._keep_current(before)

    def clear(self) -> None:
        self.is_on, self.terms, self.found, self.engine = False, (), (), EngineGroup()
        self._keep_current(None)

    def choose(self, number: int | None) -> None:
        self.current = number
        self.current_changed.emit()

    def step(self, by: int) -> None:
        """Go on by so many hits (negative: back), round the ends; from none to the first, or the last."""
        if self.count:
            start = (-1 if by > 0 else 0) if self.current is None else self.current
            self.choose((start + by) % self.count)

    def _keep_current(self, before: Hit | None) -> None:
        number = None if before is None else self._number_of(before)
        self.current = number
        self.changed.emit()
        self.current_changed.emit()

    def _number_of(self, hit: Hit) -> int | None:
        if hit.is_in_text:
            return self.number_of_region(hit.region_id, is_in_text=True)
        hits = self.engine.hits
        return len(self.found) + hits.index(hit) if hit in hits else None
