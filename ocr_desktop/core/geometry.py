"""Boxes, and the one way from the model's space to the page's pixels.

Two spaces, both with the origin top left:

- **model space**: 0–999 on each axis of the picture that the engine was shown, whatever its pixels (`Box999`).
  The highest number is the far edge: pixel = value / 999 × side (the model's own code; see `docs/architecture.md`).
- **page pixels**: the upright picture as opened, before the user turned it (`PixelBox`, `Quad`).

What the engine was shown is a `View` of the page: a crop of it, then turned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Number = int | float
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners in page pixels: top left, top right, bottom right, bottom left of the text's own direction."""

FAR_EDGE_999 = 999
SLIVER = 1e-6
"""Rounding noise of a turn or a crop, in pixels; it must not push a box one pixel outward."""


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's width and height in whole pixels, both at least 1."""

    width: int
    height: int

    def turned(self, turns: int) -> Size:
        """The size after `turns` quarter turns."""
        return Size(self.height, self.width) if turns % 2 else self


@dataclass(frozen=True, slots=True)
class Box999:
    """An axis-aligned box in the model's own space.

    The picture is 1000 units wide and high whatever its pixels, origin top left, values 0–999. Corners may arrive
    swapped or outside; `ordered` and `clipped` repair that, the constructor does not. Whole numbers stay `int`.
    """

    x_min: Number
    y_min: Number
    x_max: Number
    y_max: Number

    def ordered(self) -> Box999:
        """The same box with its corners in order."""
        return Box999(
            min(self.x_min, self.x_max),
            min(self.y_min, self.y_max),
            max(self.x_min, self.x_max),
            max(self.y_min, self.y_max),
        )

    def clipped(self) -> Box999:
        """The part inside 0–999; a box wholly outside becomes one without area."""
        return Box999(
            _clamp(self.x_min, FAR_EDGE_999),
            _clamp(self.y_min, FAR_EDGE_999),
            _clamp(self.x_max, FAR_EDGE_999),
            _clamp(self.y_max, FAR_EDGE_999),
        )

    @property
    def is_empty(self) -> bool:
        return self.x_min >= self.x_max or self.y_min >= self.y_max


@dataclass(frozen=True, slots=True)
class PixelBox:
    """An axis-aligned box in page pixels, as floats; the far corner is not part of it."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def width(self) -> float:
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        return self.y_max - self.y_min

    @property
    def is_empty(self) -> bool:
        return self.x_min >= self.x_max or self.y_min >= self.y_max

    def contains(self, x: float, y: float) -> bool:
        return self.x_min <= x < self.x_max and self.y_min <= y < self.y_max


@dataclass(frozen=True, slots=True)
class View:
    """What the engine was shown of a page: this crop of it (page pixels, None: all of it), then turned clockwise.

    What lies in the `ignored` boxes (page pixels) was painted over with the colour around it.
    """

    turns: int = 0
    crop: PixelBox | None = None
    ignored: tuple[PixelBox, ...] = ()


def crop_of(view: View, page: Size) -> PixelBox:
    """The part of the page that a view shows, on whole pixels and inside the page.

    An empty crop, or one outside the page, gives the nearest single pixel: a view always shows something.
    """
    if view.crop is None:
        return PixelBox(0, 0, page.width, page.height)
    x_min = min(max(math.floor(view.crop.x_min), 0), page.width - 1)
    y_min = min(max(math.floor(view.crop.y_min), 0), page.height - 1)
    x_max = max(min(math.ceil(view.crop.x_max), page.width), x_min + 1)
    y_max = max(min(math.ceil(view.crop.y_max), page.height), y_min + 1)
    return PixelBox(x_min, y_min, x_max, y_max)


def shown_size(view: View, page: Size) -> Size:
    """The size in pixels of the picture that a view shows."""
    crop = crop_of(view, page)
    return Size(int(crop.width), int(crop.height)).turned(view.turns)


def box_on_page(box: Box999, view: View, page: Size) -> PixelBox:
    """A box in model space of the view, in page pixels: pixel = value / 999 × side."""
    shown = shown_size(view, page)
    scaled = PixelBox(
        box.x_min / FAR_EDGE_999 * shown.width,
        box.y_min / FAR_EDGE_999 * shown.height,
        box.x_max / FAR_EDGE_999 * shown.width,
        box.y_max / FAR_EDGE_999 * shown.height,
    )
    return shown_to_page(scaled, view, page)


def shown_to_page(box: PixelBox, view: View, page: Size) -> PixelBox:
    """A box in pixels of the shown picture, in page pixels."""
    crop = crop_of(view, page)
    turned_back = turned_box(box, shown_size(view, page), -view.turns)
    return PixelBox(
        turned_back.x_min + crop.x_min,
        turned_back.y_min + crop.y_min,
        turned_back.x_max + crop.x_min,
        turned_back.y_max + crop.y_min,
    )


def shown_quad_to_page(quad: Quad, view: View, page: Size) -> Quad:
    """Four corners in pixels of the shown picture, in page pixels; the first stays the text's own top left."""
    crop = crop_of(view, page)
    shown = shown_size(view, page)

    def moved(point: Point) -> Point:
        x, y = turned_point(point, shown, -view.turns)
        return (x + crop.x_min, y + crop.y_min)

    return (moved(quad[0]), moved(quad[1]), moved(quad[2]), moved(quad[3]))


def page_quad_to_shown(quad: Quad, view: View, page: Size) -> Quad:
    """Four corners in page pixels, in pixels of the shown picture; `shown_quad_to_page` undoes it."""
    crop = crop_of(view, page)
    cropped = Size(int(crop.width), int(crop.height))

    def moved(point: Point) -> Point:
        return turned_point((point[0] - crop.x_min, point[1] - crop.y_min), cropped, view.turns)

    return (moved(quad[0]), moved(quad[1]), moved(quad[2]), moved(quad[3]))


def turned_point(point: Point, size: Size, turns: int) -> Point:
    """Where a point of a picture of this size lies after clockwise quarter turns of the picture (negative: back)."""
    x, y = point
    match turns % 4:
        case 1:
            return (size.height - y, x)
        case 2:
            return (size.width - x, size.height - y)
        case 3:
            return (y, size.width - x)
        case _:
            return point


def turned_box(box: PixelBox, size: Size, turns: int) -> PixelBox:
    """Where a box of a picture of this size lies after clockwise quarter turns of the picture (negative: back)."""
    x_0, y_0 = turned_point((box.x_min, box.y_min), size, turns)
    x_1, y_1 = turned_point((box.x_max, box.y_max), size, turns)
    return PixelBox(min(x_0, x_1), min(y_0, y_1), max(x_0, x_1), max(y_0, y_1))


def quad_bounds(quad: Quad) -> PixelBox:
    """The smallest axis-aligned box around four corners."""
    xs = [x for x, _ in quad]
    ys = [y for _, y in quad]
    return PixelBox(min(xs), min(ys), max(xs), max(ys))


def bounds_of(boxes: tuple[PixelBox, ...]) -> PixelBox:
    """The smallest box around several, of which there is at least one."""
    return PixelBox(
        min(box.x_min for box in boxes),
        min(box.y_min for box in boxes),
        max(box.x_max for box in boxes),
        max(box.y_max for box in boxes),
    )


def box_quad(box: PixelBox) -> Quad:
    """A box's own corners, as a quad."""
    return ((box.x_min, box.y_min), (box.x_max, box.y_min), (box.x_max, box.y_max), (box.x_min, box.y_max))


def quad_along(box: PixelBox, angle: float) -> Quad:
    """A box's own corners from the one where text begins that runs at this angle (clockwise, radians)."""
    corners = box_quad(box)
    first = round(angle / (math.pi / 2)) % 4
    return (corners[first], corners[(first + 1) % 4], corners[(first + 2) % 4], corners[(first + 3) % 4])


def whole_pixels(box: PixelBox, page: Size) -> tuple[int, int, int, int] | None:
    """The whole pixels that a box touches, clipped to the page; None where nothing of it is on the page."""
    x_0 = max(math.floor(box.x_min + SLIVER), 0)
    y_0 = max(math.floor(box.y_min + SLIVER), 0)
    x_1 = min(math.ceil(box.x_max - SLIVER), page.width)
    y_1 = min(math.ceil(box.y_max - SLIVER), page.height)
    return (x_0, y_0, x_1, y_1) if x_0 < x_1 and y_0 < y_1 else None


def _clamp(value: Number, upper: int) -> Number:
    return min(max(value, 0), upper)
