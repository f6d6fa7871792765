"""What lies in pictures and tables, and which pictures are none because text runs through their edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from ocr_desktop.core.layout.boxes import Element, LineBox, Solid, SolidKind
from ocr_desktop.core.layout.columns import LONG_LINE, WIDE_LINE, goes_on
from ocr_desktop.core.layout.rows import usual_height

Kind = TypeVar("Kind", LineBox, Solid)

INSIDE = 0.7
"""An element of which so much lies in a picture or a table belongs to it."""
OUTSIDE, LEAST_CUT = 0.1, 2
"""A picture through so many lines of which more than so little lies in it is none."""
PITCH = 1.5
"""The lines of a paragraph are no more of their heights apart."""


def nested(elements: list[Element]) -> tuple[list[Element], dict[int, list[Element]]]:
    """What lies in nothing else, and by the `id` of what comes before it what is put behind: what lies in a picture.

    A picture whose edges run through lines is a wrong one: it parts nothing, and comes behind the first of them. So is
    one whose edge parts the lines of a paragraph; it comes behind the line that ends nearest to its corner.
    """
    solids = [element for element in elements if isinstance(element, Solid)]
    lines = [element for element in elements if isinstance(element, LineBox)]
    solids.sort(key=lambda solid: (-solid.width * solid.height, solid.kind, solid.index))
    cut_lines = {id(solid): [line for line in lines if INSIDE > _part_in(line, solid) > OUTSIDE] for solid in solids}
    pictures = [solid for solid in solids if solid.kind is SolidKind.PICTURE]
    wrong = [picture for picture in pictures if len(cut_lines[id(picture)]) >= LEAST_CUT]
    parting = [picture for picture in _others(pictures, wrong) if _parts_paragraph(picture, lines)]
    holders: list[Solid] = []
    inner: dict[int, list[Element]] = {}
    outer: list[Element] = []
    ordered: list[Element] = [*_others(solids, [*wrong, *parting]), *lines]
    for element in ordered:
        holder = next((solid for solid in holders if _part_in(element, solid) >= INSIDE), None)
        if holder is not None:
            inner.setdefault(id(holder), []).append(element)
            continue
        outer.append(element)
        if isinstance(element, Solid):
            holders.append(element)
    outside = {id(element) for element in outer}
    before: dict[int, LineBox | None] = {id(solid): min(cut_lines[id(solid)], key=_from_top) for solid in wrong}
    before |= {id(picture): _last_above(picture, lines) for picture in parting}
    for solid in (*wrong, *parting):
        near = before[id(solid)]
        if near is None or id(near) not in outside:
            outer.append(solid)
        else:
            inner.setdefault(id(near), []).append(solid)
    return outer, inner


def _from_top(element: Element) -> tuple[float, float]:
    return element.y_min, element.x_min


def _others(elements: Sequence[Kind], taken: Sequence[Kind]) -> list[Kind]:
    gone = {id(element) for element in taken}
    return [element for element in elements if id(element) not in gone]


def _part_in(element: Element, solid: Element) -> float:
    """How much of an element lies in a picture or a table, 0–1."""
    width = min(element.x_max, solid.x_max) - max(element.x_min, solid.x_min)
    height = min(element.y_max, solid.y_max) - max(element.y_min, solid.y_min)
    area = element.width * element.height
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0


def _parts_paragraph(picture: Solid, lines: Sequence[LineBox]) -> bool:
    """Whether two lines of running text that follow each other lie on both sides of a picture's edge."""
    if not lines:
        return False
    usual = usual_height(lines)
    long = [line for line in lines if line.width >= WIDE_LINE * usual and len(line.text) >= LONG_LINE]
    for edge in (picture.y_min, picture.y_max):
        near = [line for line in long if abs(line.middle - edge) <= PITCH * usual]
        inside = [line for line in near if _part_in(line, picture) >= INSIDE]
        if inside and any(_follow(one, other, usual) for other in _others(near, inside) for one in inside):
            return True
    return False


def _follow(one: Element, other: Element, usual: float) -> bool:
    """Whether two lines are those of one paragraph below each other."""
    upper, lower = sorted((one, other), key=_from_top)
    steps = lower.middle - upper.middle, abs(lower.x_min - upper.x_min), abs(lower.x_max - upper.x_max)
    is_near = usual / 2 <= steps[0] <= PITCH * usual and steps[1] <= usual
    return is_near and (steps[2] <= usual or goes_on(upper, lower))


def _last_above(picture: Solid, lines: Sequence[LineBox]) -> LineBox | None:
    """The line above a picture that ends nearest to its upper left corner."""
    return min(
        (line for line in lines if line.middle <= picture.y_min),
        key=lambda line: math.hypot(line.x_min - picture.x_min, line.y_max - picture.y_min),
        default=None,
    )
