"""Whether columns that white gutters part are cells of a table or a form, headings over rows, frames, or cards."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Element, LineBox
from ocr_desktop.core.layout.rows import BESIDE, level, rows_of, usual_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.rules import Rules

SHRUNK = 0.25
"""Boxes overlap the gutter in small print: this much is taken off each side before gaps are looked for."""
ALIGNED, LOOSE = 0.5, 0.25
"""Columns whose elements stand so far in common rows are cells of a table or a form; below the other they are apart."""
ROW_PITCH = 1.9
"""Rows of a table or a list stand so far apart; lines of running text do not."""
LEAST_CENTRED, MOST_CENTRED = 3, 8
MOSTLY_WORDS = 0.7


def stands_apart(column: Sequence[Element]) -> bool:
    """Whether the lines below each other stand as far apart as a table's rows do."""
    places = sorted(element.middle for element in column)
    steps = [after - before for before, after in itertools.pairwise(places)]
    return not steps or median(steps) >= ROW_PITCH * usual_height(column)


def alignment(columns: Sequence[list[Element]]) -> float:
    """How far the columns' elements stand in common rows: 0 where as many as would by chance, 1 where all do."""
    longest = max(columns, key=len)
    usual = usual_height(longest)
    rows = rows_of(longest)
    levels = sorted(level(element, usual) for element in longest)
    others = [element for column in columns if column is not longest for element in column]
    aligned = sum(_has_near(levels, level(element, usual), BESIDE * min(element.height, usual)) for element in others)
    height = max(element.y_max for element in longest) - min(element.y_min for element in longest)
    by_chance = min(2 * BESIDE * usual * len(rows) / max(height, 1e-9), 1)
    share = aligned / len(others)
    return (share - by_chance) / (1 - by_chance) if by_chance < 1 else float(share == 1)


def grouped(columns: Sequence[list[Element]], aligned: float) -> list[list[Element]]:
    """The columns, those put together that stand beside each other in common rows: cells of one table or form.

    With them goes what stands in rows of its own, such as headings over their rows.
    """
    beside = _beside_others(columns)
    if len(beside) == len(columns):
        return _grouped(columns, aligned)
    if not beside or len(_grouped(beside, aligned)) == 1:
        return [[element for column in columns for element in column]]
    return _grouped(columns, aligned)


def _grouped(columns: Sequence[list[Element]], aligned: float) -> list[list[Element]]:
    groups = [list(columns[0])]
    longest = columns[0]
    for column in columns[1:]:
        if alignment([longest, column]) >= aligned:
            groups[-1] += column
            longest = max(longest, column, key=len)
        else:
            groups.append(list(column))
            longest = column
    return groups


def _beside_others(columns: Sequence[list[Element]]) -> list[list[Element]]:
    """The columns with anything that stands beside something of another column."""
    usual = usual_height([element for column in columns for element in column])
    edges: list[tuple[float, float, int]] = []
    for index, column in enumerate(columns):
        for element in column:
            off = min(SHRUNK * usual, element.height / 2)
            edges.append((element.y_min + off, element.y_max - off, index))
    beside: set[int] = set()
    together: set[int] = set()
    reached = -math.inf
    for top, bottom, index in sorted(edges):
        if top >= reached:
            together = set()
        together.add(index)
        reached = max(reached, bottom)
        if len(together) > 1:
            beside |= together
    return [column for index, column in enumerate(columns) if index in beside]


def framed_apart(columns: Sequence[list[Element]], rules: Rules) -> list[list[Element]]:
    """The columns, those put together that are not in frames of their own."""
    groups = [list(columns[0])]
    usual = usual_height([element for column in columns for element in column])
    off = SHRUNK * usual
    for column in columns[1:]:
        along = (
            min(element.y_min for element in (*groups[-1], *column)) + off,
            max(element.y_max for element in (*groups[-1], *column)) - off,
        )
        gap = max(element.x_max for element in groups[-1]) - off, min(element.x_min for element in column) + off
        if rules.frame_apart(gap, along, off):
            groups.append(list(column))
        else:
            groups[-1] += column
    return groups


def _has_near(places: Sequence[float], place: float, reach: float) -> bool:
    after = bisect_left(places, place - reach)
    return after < len(places) and places[after] <= place + reach


def are_centred(columns: Sequence[list[Element]]) -> bool:
    """Whether each column is a few centred lines of words close below each other: authors, signatures, cards."""
    return all(_is_centred(column) for column in columns)


def _is_centred(column: Sequence[Element]) -> bool:
    lines = [element for element in column if isinstance(element, LineBox)]
    if len(lines) < len(column) or not LEAST_CENTRED <= len(lines) <= MOST_CENTRED or stands_apart(column):
        return False
    usual = usual_height(column)
    text = "".join(line.text for line in lines)
    centres, lefts = [line.centre for line in lines], [line.x_min for line in lines]
    is_words = sum(character.isalpha() for character in text) > MOSTLY_WORDS * len(text)
    return is_words and max(centres) - min(centres) < usual / 2 and max(lefts) - min(lefts) > usual
