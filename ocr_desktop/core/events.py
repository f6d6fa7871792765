"""What an engine yields while it reads: the vocabulary between the engines and the builder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.core.document import Finish, Usage, WarningCode
    from ocr_desktop.core.geometry import Quad


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the model's answer, as it came."""

    text: str


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line of text that the embedded engine read; corners in pixels of the shown picture, score 0–1."""

    text: str
    quad: Quad
    score: float


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region made of lines; `lines` are the indices of `LineFound` events, counted from 0, in reading order."""

    label: str
    markdown: str
    lines: tuple[int, ...]


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
