"""Large pictures are looked at closely where that shows more: each line is found once and whole.

The detector here finds dark bars; like the real one it misses what is too small once the whole is made smaller.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_desktop.worker.detection import Corners, boxes_in
from ocr_desktop.worker.pieces import DETECTION_SIDE, Picture

LEAST_SEEN = 6
Bar = tuple[int, int, int, int]


class BarDetector:
    def __init__(self) -> None:
        self.looks = 0

    def __call__(self, picture: Picture) -> list[Corners]:
        self.looks += 1
        scale = min(DETECTION_SIDE / max(picture.shape[:2]), 1.0)
        dark = (picture[:, :, 0] < 200).astype(np.uint8)
        # The stripes of a bar are near each other, as letters are.
        closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
        found = []
        for contour in cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            left, top, width, height = cv2.boundingRect(contour)
            if min(width, height) * scale >= LEAST_SEEN:
                right, bottom = left + width, top + height
                found.append(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32))
        return found


def picture_with(bars: list[Bar], width: int, height: int) -> Picture:
    """Bars of upright stripes: left, top, right, bottom."""
    picture = np.full((height, width, 3), 255, np.uint8)
    for left, top, right, bottom in bars:
        for stripe in range(left, right - 2, 6):
            picture[top:bottom, stripe : stripe + 3] = 0
    return picture


def looked_at(bars: list[Bar], width: int, height: int) -> tuple[list[Bar], int]:
    detector = BarDetector()
    boxes = boxes_in(picture_with(bars, width, height), detector, lambda: False)
    found = [tuple(int(value) for value in (*box.min(axis=0), *box.max(axis=0))) for box in boxes]
    return sorted(found), detector.looks  # type: ignore[arg-type, return-value]


def assert_same(found: list[Bar], bars: list[Bar], tolerance: int = 6) -> None:
    assert len(found) == len(bars)
    for bar, seen in zip(sorted(bars), found, strict=True):
        assert max(abs(a - b) for a, b in zip(bar, seen, strict=True)) <= tolerance


def test_a_page_is_looked_at_once() -> None:
    bars = [(100, 100 + 60 * row, 1500, 130 + 60 * row) for row in range(30)]
    found, looks = looked_at(bars, 1700, 2300)
    assert_same(found, bars)
    assert looks == 1


def test_a_large_scan_with_large_letters_is_looked_at_once() -> None:
    bars = [(200, 200 + 120 * row, 3200, 270 + 120 * row) for row in range(30)]
    found, looks = looked_at(bars, 3500, 4200)
    assert_same(found, bars)
    assert looks == 1


def test_small_lines_of_a_large_picture_are_found_whole_and_once() -> None:
    bars = [
        (60 + 900 * column, 40 + 50 * row, 760 + 900 * column, 54 + 50 * row)
        for row in range(60)
        for column in range(6)
    ]
    found, _ = looked_at(bars, 5600, 3100)
    assert_same(found, bars)


def test_a_small_line_that_runs_through_all_tiles_is_one() -> None:
    bars = [(60, 40 + 100 * row, 6900, 54 + 100 * row) for row in range(30)]
    found, _ = looked_at(bars, 7000, 3100)
    assert_same(found, bars)


def test_a_large_heading_over_small_lines_stays_whole() -> None:
    heading = (1000, 100, 5000, 400)
    bars = [heading, *((60 + 900 * column, 600 + 50 * row, 760 + 900 * column, 614 + 50 * row)
                       for row in range(20) for column in range(6))]  # fmt: skip
    found, _ = looked_at(bars, 5600, 1800)
    assert_same(found, bars, tolerance=8)


def test_one_busy_part_of_a_large_picture_is_looked_at_closely_and_no_other() -> None:
    bars = [(4100 + 300 * column, 2100 + 50 * row, 4300 + 300 * column, 2114 + 50 * row)
            for row in range(20) for column in range(4)]  # fmt: skip
    found, looks = looked_at(bars, 12_000, 8500)
    assert_same(found, bars)
    assert looks <= 5


def test_a_photograph_is_not_looked_at_tile_by_tile() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (3000, 4000, 1), np.uint8)
    looks = 0

    def detect(_: Picture) -> list[Corners]:
        nonlocal looks
        looks += 1
        return []

    assert boxes_in(np.repeat(noise, 3, axis=2), detect, lambda: False) == []
    assert looks == 2


@pytest.mark.parametrize("after", [1, 2])
def test_a_stop_ends_the_looking(after: int) -> None:
    bars = [(60, 40 + 50 * row, 6900, 54 + 50 * row) for row in range(60)]
    detector = BarDetector()
    boxes_in(picture_with(bars, 7000, 3100), detector, lambda: detector.looks >= after)
    assert detector.looks == after
