"""Lines as they stand on a page that somebody set: as wide as their letters are, bold ones with thicker strokes."""

from __future__ import annotations

from collections.abc import Iterable

from ocr_desktop.core.events import FoundRegion, LineFound, PageFound
from ocr_desktop.core.structure.page import regions_of
from ocr_desktop.core.structure.text_lines import MARGIN, em_width

SIZE = 20.0
PITCH = 26.0
PROSE = (
    "It was the best of times, it was the worst of times, it was the",
    "age of wisdom, it was the age of foolishness, it was the epoch",
    "of belief, it was the epoch of incredulity, it was the season of",
    "Light, it was the season of Darkness.",
)


def typed(
    text: str, x: float = 0, y: float = 0, size: float = SIZE, *, bold: bool = False, pitch: float | None = None
) -> LineFound:
    """A line of a font of this size; with a `pitch` all its characters are as wide as that, in pixels."""
    letters = len(text) * pitch if pitch else sum(map(em_width, text)) * size * (1.06 if bold else 1.0)
    right = x + letters + MARGIN * size
    quad = ((x, y), (right, y), (right, y + size), (x, y + size))
    return LineFound(text, quad, 0.95, stroke=0.14 if bold else 0.09)


def column(*texts: str, x: float = 0, y: float = 0, pitch: float = PITCH) -> list[LineFound]:
    return [typed(text, x, y + row * pitch) for row, text in enumerate(texts)]


def prose(y: float, x: float = 0) -> list[LineFound]:
    return column(*PROSE, x=x, y=y)


def document(lines: Iterable[LineFound]) -> list[tuple[str, str]]:
    """Label and Markdown of each region of a page without anything but these lines."""
    return [(region.label, region.markdown) for region in regions_in(lines)]


def regions_in(lines: Iterable[LineFound]) -> tuple[FoundRegion, ...]:
    return regions_of(PageFound(tuple(lines)))


def of_label(lines: Iterable[LineFound], *labels: str) -> list[str]:
    return [region.markdown for region in regions_in(lines) if region.label in labels]
