"""The pictures of a page, and the words in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.core.layout_boxes import LineBox, Solid, Straightened

INSIDE = 0.7
"""A line of which so much lies in a picture is part of it."""
GROUND_PART, GROUND_TEXT = 0.5, 0.12
"""What holds so many of the lines, and is covered by so much text, is what the page is drawn on and no picture."""


def pictures_in(page: Straightened) -> tuple[list[Solid], frozenset[int]]:
    """The pictures of the page, and the lines that lie in them; what the whole page lies on is none."""
    pictures: list[Solid] = []
    inside: set[int] = set()
    for picture in page.pictures:
        held = [line for line in page.lines if _part_inside(line, picture) >= INSIDE]
        covered = sum(line.width * line.height for line in held)
        is_ground = len(held) > GROUND_PART * len(page.lines) and covered > GROUND_TEXT * picture.width * picture.height
        if not is_ground:
            pictures.append(picture)
            inside.update(line.index for line in held)
    return pictures, frozenset(inside)


def _part_inside(line: LineBox, picture: Solid) -> float:
    width = min(line.x_max, picture.x_max) - max(line.x_min, picture.x_min)
    height = min(line.y_max, picture.y_max) - max(line.y_min, picture.y_min)
    return max(width, 0.0) * max(height, 0.0) / max(line.width * line.height, 1e-9)
