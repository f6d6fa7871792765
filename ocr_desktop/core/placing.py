"""Boxes as they came are put on the page, and what is wrong with them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.core.document import Flag
from ocr_desktop.core.geometry import Box999, PixelBox, Size, View, box_on_page, whole_pixels

if TYPE_CHECKING:
    from ocr_desktop.core.boxes import Corners


def placed(
    corners: tuple[Corners, ...], view: View, page: Size | None
) -> tuple[tuple[PixelBox, ...], tuple[Box999, ...], tuple[Flag, ...]]:
    """Boxes in page pixels and in the model's space, and what was wrong with any of them.

    One without an area is in neither; without a page there are none in pixels.
    """
    flags: dict[Flag, None] = {}
    boxes_999: list[Box999] = []
    boxes: list[PixelBox] = []
    for numbers in corners:
        box = Box999(*numbers)
        ordered = box.ordered()
        clipped = ordered.clipped()
        flags |= dict.fromkeys(_damage(box, ordered, clipped))
        if clipped.is_empty:
            continue
        on_page = None if page is None else box_on_page(clipped, view, page)
        if on_page is not None and page is not None and whole_pixels(on_page, page) is None:
            flags[Flag.EMPTY_BOX] = None
            continue
        boxes_999.append(clipped)
        if on_page is not None:
            boxes.append(on_page)
    return tuple(boxes), tuple(boxes_999), tuple(flags)


def _damage(box: Box999, ordered: Box999, clipped: Box999) -> list[Flag]:
    """What was wrong with one box as it came."""
    return [
        flag
        for flag, is_so in (
            (Flag.SWAPPED, ordered != box),
            (Flag.CLAMPED, clipped != ordered),
            (Flag.EMPTY_BOX, clipped.is_empty),
        )
        if is_so
    ]
