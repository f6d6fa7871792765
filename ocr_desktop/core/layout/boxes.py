"""What a page is made of where its text runs from left to right: lines, what is ordered as one, and blocks of both.

Layout coordinates are the pixels of the shown picture turned about its corner by the angle that most of its text has,
so they may be negative. Only distances mean anything in them; `Straightened.quad_of` leads back.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.events import LineFound, PageFound
    from ocr_desktop.core.geometry import PixelBox, Point, Quad


class Measured:
    """What follows from four edges in layout coordinates."""

    __slots__ = ()

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
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.y_min + self.y_max) / 2

    @property
    def centre(self) -> float:
        """Half-way between left and right."""
        return (self.x_min + self.x_max) / 2


@dataclass(frozen=True, slots=True)
class LayoutBox(Measured):
    """A box in layout coordinates: a rule, a fill."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float


@dataclass(frozen=True, slots=True)
class LineBox(Measured):
    """A line where its text runs from left to right; `edges`, `stroke` and `score` are those of its `LineFound`.

    Attributes:
        index: Which of the page's lines it is. Parts of one line have the same.
    """

    index: int
    text: str
    x_min: float
    y_min: float
    x_max: float
    y_max: float
    edges: tuple[float, ...] = ()
    stroke: float | None = None
    score: float = 1.0


class SolidKind(StrEnum):
    TABLE = "table"
    PICTURE = "picture"
    CODE = "code"
    """A QR code or bar code."""


@dataclass(frozen=True, slots=True)
class Solid(Measured):
    """What has its place among the lines as one thing, whatever is in it; `index` counts those of its kind."""

    kind: SolidKind
    index: int
    x_min: float
    y_min: float
    x_max: float
    y_max: float


Element = LineBox | Solid
Row = tuple[Element, ...]
"""Elements beside each other, from left to right; at least one."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows below each other, from the top, that belong to one column; at least one.

    Attributes:
        left: Where the column that it stands in begins: a centred or indented line is one within these edges.
        right: Where that column ends.
        spans: Whether it lies across two columns or more.
        label: What it is where its place on the page says so: `header`, `footer`, `page_number`, `page_footnote`.
    """

    rows: tuple[Row, ...]
    left: float
    right: float
    spans: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Straightened:
    """Everything that was found on a page, in layout coordinates.

    Attributes:
        lines: In the order in which they were found.
        angle: Of most of the text on the shown picture, clockwise, in radians.
    """

    lines: tuple[LineBox, ...]
    rules: tuple[LayoutBox, ...] = ()
    pictures: tuple[Solid, ...] = ()
    fills: tuple[LayoutBox, ...] = ()
    codes: tuple[Solid, ...] = ()
    angle: float = 0.0

    def quad_of(self, box: Measured) -> Quad:
        """A box's corners in pixels of the shown picture, from the one where its text begins."""
        a, b, c, d = (
            turned(point, -self.angle)
            for point in (
                (box.x_min, box.y_min),
                (box.x_max, box.y_min),
                (box.x_max, box.y_max),
                (box.x_min, box.y_max),
            )
        )
        return (a, b, c, d)


def straightened(found: PageFound) -> Straightened:
    """The page turned back by the angle that most of its text has, vertical text and a skew included."""
    angle = _angle_of_text(found.lines)
    boxes = found.shapes
    return Straightened(
        lines=tuple(_line_box(index, line, angle) for index, line in enumerate(found.lines)),
        rules=tuple(_layout_box(box, angle) for box in boxes.rules),
        pictures=tuple(
            _solid(SolidKind.PICTURE, index, _layout_box(box, angle)) for index, box in enumerate(boxes.pictures)
        ),
        fills=tuple(_layout_box(box, angle) for box in boxes.fills),
        codes=tuple(_solid(SolidKind.CODE, index, _bounds(code.quad, angle)) for index, code in enumerate(found.codes)),
        angle=angle,
    )


def turned(point: Point, angle: float) -> Point:
    """Where a point comes to lie when what is at this angle, clockwise and in radians, is turned level."""
    if angle == 0:
        return point
    x, y = point
    cosine, sine = math.cos(angle), math.sin(angle)
    return (x * cosine + y * sine, y * cosine - x * sine)


def _angle_of_text(lines: Sequence[LineFound]) -> float:
    if not lines:
        return 0.0
    angles = [(_angle(line.quad), math.dist(line.quad[0], line.quad[1])) for line in lines]
    quarters: Counter[int] = Counter()
    for angle, length in angles:
        quarters[round(angle / (math.pi / 2)) % 4] += math.ceil(length)
    quarter = quarters.most_common(1)[0][0] * math.pi / 2
    leans = [math.remainder(angle - quarter, 2 * math.pi) for angle, _ in angles]
    # Short lines have an angle by chance.
    longest = max(length for _, length in angles)
    sure = [lean for lean, (_, length) in zip(leans, angles, strict=True) if length >= longest / 4]
    # A page of short lines may have one long one that runs upwards along its edge.
    along = [lean for lean in sure if abs(lean) <= math.pi / 4]
    return quarter + median(along) if along else quarter


def _angle(quad: Quad) -> float:
    (x_0, y_0), (x_1, y_1) = quad[0], quad[1]
    return math.atan2(y_1 - y_0, x_1 - x_0)


def _line_box(index: int, line: LineFound, angle: float) -> LineBox:
    box = _bounds(line.quad, angle)
    return LineBox(index, line.text, box.x_min, box.y_min, box.x_max, box.y_max, line.edges, line.stroke, line.score)


def _bounds(quad: Quad, angle: float) -> LayoutBox:
    points = [turned(point, angle) for point in quad]
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    return LayoutBox(min(xs), min(ys), max(xs), max(ys))


def _layout_box(box: PixelBox, angle: float) -> LayoutBox:
    """The box with its own sides about its turned middle: a rule on a page that lies askew stays as thin as it is."""
    x, y = turned(((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2), angle)
    width, height = box.width, box.height
    if round(angle / (math.pi / 2)) % 2:
        width, height = height, width
    return LayoutBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _solid(kind: SolidKind, index: int, box: LayoutBox) -> Solid:
    return Solid(kind, index, box.x_min, box.y_min, box.x_max, box.y_max)
