"""Areas of a page that nobody wants to read, painted over with the colour around them."""

from __future__ import annotations

import itertools

from PIL import Image

from ocr_desktop.core.geometry import PixelBox, Size, View, crop_of, whole_pixels

RING = 8
"""How far around an area its ground's colour is measured, in pixels."""


def painted_over(picture: Image.Image, boxes: tuple[PixelBox, ...]) -> Image.Image:
    """A copy of an RGB picture with these boxes (its own pixels) filled, each with the median of what is around it."""
    areas = [area for box in boxes if (area := whole_pixels(box, Size(*picture.size))) is not None]
    fills = [_colour_around(picture, area, areas) for area in areas]
    painted = picture.copy()
    for area, fill in zip(areas, fills, strict=True):
        painted.paste(fill, area)
    return painted


def rows_behind(view: View, page: Size) -> tuple[int, int]:
    """The first and the end of the page's rows of which a view is made, the ground around ignored areas among them."""
    crop = crop_of(view, page)
    first, end = int(crop.y_min), int(crop.y_max)
    for box in view.ignored:
        area = whole_pixels(box, page)
        if area is not None and area[1] < crop.y_max and area[3] > crop.y_min:
            first, end = min(first, area[1] - RING), max(end, area[3] + RING)
    return max(first, 0), min(end, page.height)


def moved_up(view: View, page: Size, rows: int) -> View:
    """The same view of a page of which so many rows were taken away at the top."""
    crop = crop_of(view, page)
    return View(view.turns, _up(crop, rows), tuple(_up(box, rows) for box in view.ignored))


def _up(box: PixelBox, rows: int) -> PixelBox:
    return PixelBox(box.x_min, box.y_min - rows, box.x_max, box.y_max - rows)


def _colour_around(
    picture: Image.Image, area: tuple[int, int, int, int], areas: list[tuple[int, int, int, int]]
) -> tuple[int, ...]:
    """The median of each band in the ring around an area, without what is ignored; white where that is nothing."""
    x_0, y_0, x_1, y_1 = area
    left, top = max(x_0 - RING, 0), max(y_0 - RING, 0)
    outer = picture.crop((left, top, min(x_1 + RING, picture.width), min(y_1 + RING, picture.height)))
    ring = Image.new("L", outer.size, 255)
    for ignored_x_0, ignored_y_0, ignored_x_1, ignored_y_1 in areas:
        ring.paste(0, (ignored_x_0 - left, ignored_y_0 - top, ignored_x_1 - left, ignored_y_1 - top))
    if ring.getbbox() is None:
        return (255, 255, 255)
    counts = outer.histogram(ring)
    return tuple(_median(counts[band : band + 256]) for band in (0, 256, 512))


def _median(counts: list[int]) -> int:
    half = (sum(counts) + 1) // 2
    return next(value for value, below in enumerate(itertools.accumulate(counts)) if below >= half)
