"""The lines of text that the characters of a PDF's page make up; pure.

The file tells where each character stands and little more. Cells of a table in one row are lines of their own, as the
embedded engine sees them, so that the same composition (`core.layout.order`) serves both.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import PixelBox, Point, Quad, Size, box_quad, quad_bounds

CELL_GAP = 1.0
"""A gap of so many line heights parts two lines."""
STEP = 0.4
"""So many line heights up or down parts them, too; a raised number is nearer."""
OTHER_ANGLE = math.radians(10)
MOST_AROUND_INK = 0.6
"""Fonts that claim absurd heights are held to their ink and so much of it, above and below."""
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
HYPHEN = "-"
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Controls and marks without width; those that turn the direction of text could make it look like other text."""
SCORE = 1.0
MOST_LINES = 10_000
"""A page holds a few hundred."""
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it stands on the page, in pixels of the shown page.

    Attributes:
        text: One character; half of one where the file writes halves (UTF-16); empty where a line ends.
        room: What the font reserves for it.
        ink: What is drawn of it; without area for a space.
        angle: Clockwise direction in which its text runs, in radians.
        is_hyphen: It parts a word at the end of a line.
    """

    text: str
    room: PixelBox
    ink: PixelBox
    angle: float = 0.0
    is_hyphen: bool = False

    @classmethod
    def line_end(cls) -> Glyph:
        nowhere = PixelBox(0, 0, 0, 0)
        return cls("", nowhere, nowhere)


@dataclass(frozen=True, slots=True)
class TextLines:
    """The lines of a page; `is_cut`: it holds more text than is taken, so the end is not among them."""

    lines: tuple[LineFound, ...] = ()
    is_cut: bool = False


def lines_of(glyphs: Iterable[Glyph], page: Size, *, is_cut: bool = False) -> TextLines:
    """Lines with words, in the file's order, as far as they lie on the page; the first `MOST_LINES`.

    `is_cut` says that these are not all glyphs there are.
    """
    found = (_line(group, page) for group in _groups(glyphs))
    lines = tuple(itertools.islice((line for line in found if line is not None), MOST_LINES + 1))
    return TextLines(lines[:MOST_LINES], is_cut or len(lines) > MOST_LINES)


def _groups(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    groups: list[list[Glyph]] = [[]]
    last: Glyph | None = None
    for glyph in glyphs:
        if not glyph.text:
            last = None
        elif glyph.text.isspace():
            # Where it stands says nothing: some files write spaces of any width.
            groups[-1].append(glyph)
        else:
            if last is None or last.is_hyphen or _are_apart(last, glyph):
                groups.append([])
            groups[-1].append(glyph)
            last = glyph
    return groups


def _are_apart(before: Glyph, after: Glyph) -> bool:
    if abs(math.remainder(after.angle - before.angle, 2 * math.pi)) > OTHER_ANGLE:
        return True
    first, second = _extent([before.room], before.angle), _extent([after.room], before.angle)
    height = max(min(first.high - first.low, second.high - second.low), SMALLEST)
    gap = max(second.start - first.end, first.start - second.end)
    step = max(second.low - first.high, first.low - second.high)
    return gap > CELL_GAP * height or step > STEP * height


@dataclass(frozen=True, slots=True)
class _Extent:
    """How far boxes reach along a direction, and across it to its right (downwards, where it is that of reading)."""

    start: float
    end: float
    low: float
    high: float


def _extent(boxes: Sequence[PixelBox], angle: float) -> _Extent:
    cosine, sine = math.cos(angle), math.sin(angle)
    corners = [corner for box in boxes for corner in box_quad(box)]
    along = [x * cosine + y * sine for x, y in corners]
    across = [y * cosine - x * sine for x, y in corners]
    return _Extent(min(along), max(along), min(across), max(across))


def _line(group: list[Glyph], page: Size) -> LineFound | None:
    text = _cleaned(group)
    visible = [glyph for glyph in group if not glyph.text.isspace()]
    if not text or not visible:
        return None
    quad = _quad(visible)
    bounds = quad_bounds(quad)
    x, y = (bounds.x_min + bounds.x_max) / 2, (bounds.y_min + bounds.y_max) / 2
    is_shown = 0 <= x <= page.width and 0 <= y <= page.height
    return LineFound(text, quad, SCORE) if is_shown else None


def _quad(glyphs: Sequence[Glyph]) -> Quad:
    angle = math.atan2(sum(math.sin(glyph.angle) for glyph in glyphs), sum(math.cos(glyph.angle) for glyph in glyphs))
    room = _extent([glyph.room for glyph in glyphs], angle)
    low, high = room.low, room.high
    if inks := [glyph.ink for glyph in glyphs if not glyph.ink.is_empty]:
        ink = _extent(inks, angle)
        around = MOST_AROUND_INK * (ink.high - ink.low)
        low, high = max(low, ink.low - around), min(high, ink.high + around)
    cosine, sine = math.cos(angle), math.sin(angle)

    def corner(along: float, across: float) -> Point:
        return (along * cosine - across * sine, along * sine + across * cosine)

    return (corner(room.start, low), corner(room.end, low), corner(room.end, high), corner(room.start, high))


def _cleaned(group: Sequence[Glyph]) -> str:
    """The words as somebody would type them: one space between them, no controls, a hyphen only where one is seen."""
    written = "".join(HYPHEN if glyph.is_hyphen else glyph.text for glyph in group).rstrip()
    whole = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if whole.endswith(SOFT_HYPHEN):
        whole = whole[:-1] + HYPHEN
    plain = UNPRINTABLE.sub("", whole.replace(SOFT_HYPHEN, "")).translate(LIGATURES)
    return " ".join(plain.split())
