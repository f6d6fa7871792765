"""What was found on a page that lies askew or was turned is level in layout coordinates, and leads back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.events import CodeFound, LineFound, PageFound, ShapesFound
from ocr_desktop.core.geometry import PixelBox, Point, Quad
from ocr_desktop.core.layout.boxes import SolidKind, straightened, turned

LEVEL: Quad = ((100, 200), (500, 200), (500, 230), (100, 230))
RULE = PixelBox(100, 300, 500, 302)


def at_angle(quad: Quad, angle: float) -> Quad:
    a, b, c, d = (turned(point, -angle) for point in quad)
    return (a, b, c, d)


def page_at(angle: float) -> PageFound:
    x, y = turned((300, 301), -angle)
    along = (400, 2) if round(angle / (math.pi / 2)) % 2 == 0 else (2, 400)
    rule = PixelBox(x - along[0] / 2, y - along[1] / 2, x + along[0] / 2, y + along[1] / 2)
    line = LineFound("words", at_angle(LEVEL, angle), 0.9, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 0.1)
    code = CodeFound("12", at_angle(((0, 0), (50, 0), (50, 50), (0, 50)), angle), "QR Code")
    return PageFound((line,), ShapesFound((rule,), (rule,), (rule,)), (code,))


angles = st.sampled_from([0, 90, 180, 270]).flatmap(
    lambda quarter: st.floats(-3, 3).map(lambda lean: math.radians(quarter + lean))
)


@given(angles)
def test_a_turned_page_is_level_and_leads_back(angle: float) -> None:
    found = page_at(angle)
    page = straightened(found)
    (line,), (rule,), (picture,), (code,) = page.lines, page.rules, page.pictures, page.codes
    assert (line.x_min, line.y_min, line.width, line.height) == pytest.approx((100, 200, 400, 30), abs=0.01)
    assert (rule.x_min, rule.middle, rule.width, rule.height) == pytest.approx((100, 301, 400, 2), abs=0.01)
    assert (picture.kind, code.kind, code.width) == (SolidKind.PICTURE, SolidKind.CODE, pytest.approx(50))
    assert flat(page.quad_of(line)) == pytest.approx(flat(found.lines[0].quad), abs=0.01)


def flat(quad: Quad) -> list[float]:
    points: tuple[Point, ...] = quad
    return [value for point in points for value in point]


def test_what_is_known_of_a_line_goes_along() -> None:
    (line,) = straightened(page_at(0)).lines
    assert (line.index, line.text, line.score, line.stroke, line.edges[-1]) == (0, "words", 0.9, 0.1, 1.0)


def test_a_page_without_lines_stands_as_it_is() -> None:
    page = straightened(PageFound(shapes=ShapesFound(pictures=(RULE,))))
    assert (page.angle, page.pictures[0].x_min) == (0, 100)
