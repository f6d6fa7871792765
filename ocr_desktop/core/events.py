"""What an engine yields while it reads: the vocabulary between the engines and the builder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.core.document import Finish, Usage, WarningCode
    from ocr_desktop.core.geometry import PixelBox, Quad


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the model's answer, as it came."""

    text: str


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line of text that the embedded engine read; corners in pixels of the shown picture, score 0–1.

    Attributes:
        edges: Where its characters stand: of each its beginning, and the end of the last, as parts of the way from
            the line's beginning (0) to its end (1); never falling. Empty where nobody knows.
        stroke: How thick its strokes are, in line heights; None where nobody looked. Bold lines have thicker ones.
    """

    text: str
    quad: Quad
    score: float
    edges: tuple[float, ...] = ()
    stroke: float | None = None


@dataclass(frozen=True, slots=True)
class ShapesFound:
    """What is drawn on the shown picture beside text, in its pixels; comes at most once, before the first line.

    Attributes:
        rules: Straight lines that run along the picture's sides: a horizontal one is as high as it is thick.
        pictures: Photographs, charts, drawings. Text may lie in them.
        fills: Areas of a colour of their own, such as a code block's or a table head's; no pictures.
    """

    rules: tuple[PixelBox, ...] = ()
    pictures: tuple[PixelBox, ...] = ()
    fills: tuple[PixelBox, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A QR code or bar code: what it holds, as text, and its corners in pixels of the shown picture.

    `symbology` is what kind of code it is, for people.
    """

    text: str
    quad: Quad
    symbology: str


@dataclass(frozen=True, slots=True)
class PageFound:
    """All that was found on a picture, for whoever makes regions of it."""

    lines: tuple[LineFound, ...] = ()
    shapes: ShapesFound = ShapesFound()
    codes: tuple[CodeFound, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region made of lines, or of none: a picture, a code.

    Attributes:
        lines: The indices of `LineFound` events, counted from 0, in reading order.
        quads: Its places, in pixels of the shown picture, where they are not those of its lines: the hits of a term, a
            picture. With lines, the region is still as sure as they are.
        score: How sure it is, 0–1, where it is not as sure as its lines.
        text: Its words alone, where its Markdown cannot tell them: cells by tabs that are no table.
    """

    label: str
    markdown: str
    lines: tuple[int, ...]
    quads: tuple[Quad, ...] = ()
    score: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RegionsRevised:
    """All regions anew, in reading order: what the lines so far turned out to be. Replaces the earlier regions."""

    regions: tuple[FoundRegion, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an engine is: `done` of `total` parts; total 0 where it cannot know."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A request is about to go over the wire, again or for the first time; `picture_bytes` as a file, not base64."""

    picture_bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The engine waits before it asks again; `why` is an error code's value, `fields` are what its sentence needs."""

    seconds: float
    why: str
    fields: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of one answer."""

    finish: Finish
    usage: Usage | None = None
    warnings: tuple[WarningCode, ...] = ()


Event = TextDelta | LineFound | RegionsRevised | Progress | Sent | Waiting | Finished
