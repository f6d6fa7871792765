"""The pictures of a page, and the words in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LineBox, Measured, Solid, Straightened

INSIDE = 0.7
"""A line of which so much lies in a picture is part of it."""
GROUND_PART, GROUND_TEXT = 0.5, 0.12
"""What holds so many of the lines, and is covered by so much text, is what the page is drawn on and no picture."""
LONGEST_LABEL, LEAST_TICKS = 16, 3
"""With so many numbers around it a picture is a chart, whose labels have no more characters than that."""
TICK_AWAY, LABEL_AWAY = 3.0, 1.6
"""A number stands no more than so many of its heights from the chart, words no more than that."""
FRAGMENT_AWAY = 0.5
"""Fragments of one chart are no further apart than this part of the wider one."""

_TICK = re.compile(r"[-−+]?\d{1,4}(?:[.,]\d{1,3})?\s?[%°kKM]?")


def pictures_in(page: Straightened) -> tuple[list[Solid], frozenset[int]]:
    """The pictures of the page, and the lines that lie in them; what the whole page lies on is none."""
    pictures: list[Solid] = []
    inside: set[int] = set()
    for picture in _whole_charts(page):
        held = [line for line in page.lines if _part_inside(line, picture) >= INSIDE]
        covered = sum(line.width * line.height for line in held)
        is_ground = len(held) > GROUND_PART * len(page.lines) and covered > GROUND_TEXT * picture.width * picture.height
        if not is_ground:
            pictures.append(picture)
            inside.update(line.index for line in held)
    return pictures, frozenset(inside)


def _part_inside(line: Measured, picture: Solid) -> float:
    width = min(line.x_max, picture.x_max) - max(line.x_min, picture.x_min)
    height = min(line.y_max, picture.y_max) - max(line.y_min, picture.y_min)
    return max(width, 0.0) * max(height, 0.0) / max(line.width * line.height, 1e-9)


def drawn_parts(page: Straightened, pictures: Sequence[Solid]) -> list[Solid]:
    """What was found of these pictures, without the labels at the axes of charts."""
    return [part for part in page.pictures if any(_part_inside(part, whole) >= INSIDE for whole in pictures)]


def _whole_charts(page: Straightened) -> list[Solid]:
    """The pictures; what was found of a chart is one, with the labels at its axes."""
    ticks = [line for line in page.lines if _TICK.fullmatch(line.text)]
    if len(ticks) < LEAST_TICKS:
        return [*page.pictures]
    found: list[Solid] = []
    left = [*page.pictures]
    while left:
        picture = left.pop(0)
        fragments = [other for other in left if _is_fragment(picture, other)]
        whole = _grown(picture, fragments)
        near = [tick for tick in ticks if _is_near(tick, whole, TICK_AWAY)]
        chart = _with_labels(_grown(whole, near), page.lines) if len(near) >= LEAST_TICKS else None
        if chart is None or _has_others(
            chart, ticks, [each for each in page.pictures if each not in (picture, *fragments)]
        ):
            found.append(picture)
            continue
        found.append(chart)
        left = [other for other in left if other not in fragments]
    return found


def _has_others(chart: Solid, ticks: Sequence[LineBox], pictures: Sequence[Solid]) -> bool:
    """Whether numbers go on and on around it, as those of a table do, or it reaches into another picture."""
    goes_on = any(_is_near(tick, chart, TICK_AWAY) and _part_inside(tick, chart) < INSIDE for tick in ticks)
    return goes_on or any(_part_inside(picture, chart) > 0 for picture in pictures)


def _with_labels(chart: Solid, lines: Sequence[LineBox]) -> Solid | None:
    """A chart with the words at its axes; None where other text would lie in it."""
    for line in sorted(lines, key=lambda line: abs(line.middle - chart.middle)):
        if len(line.text) <= LONGEST_LABEL and _is_near(line, chart, LABEL_AWAY):
            grown = _grown(chart, [line])
            chart = chart if _holds_text(grown, lines) else grown
    return None if _holds_text(chart, lines) else chart


def _holds_text(chart: Solid, lines: Sequence[LineBox]) -> bool:
    return any(len(line.text) > LONGEST_LABEL and _part_inside(line, chart) > 0 for line in lines)


def _is_fragment(picture: Solid, other: Solid) -> bool:
    shared = min(picture.y_max, other.y_max) - max(picture.y_min, other.y_min)
    gap = max(picture.x_min, other.x_min) - min(picture.x_max, other.x_max)
    is_beside = shared >= min(picture.height, other.height) / 2
    return is_beside and gap <= FRAGMENT_AWAY * max(picture.width, other.width)


def _is_near(line: LineBox, picture: Solid, most: float) -> bool:
    across = max(picture.x_min - line.x_max, line.x_min - picture.x_max)
    down = max(picture.y_min - line.y_max, line.y_min - picture.y_max)
    return max(across, down) <= most * line.height


def _grown(picture: Solid, others: Sequence[Measured]) -> Solid:
    boxes = [picture, *others]
    return replace(
        picture,
        x_min=min(box.x_min for box in boxes),
        y_min=min(box.y_min for box in boxes),
        x_max=max(box.x_max for box in boxes),
        y_max=max(box.y_max for box in boxes),
    )
