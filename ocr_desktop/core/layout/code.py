"""Rows of a terminal or an editor, whose gaps are the spaces of a font with one width and part no columns."""

from __future__ import annotations

import itertools
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.layout.boxes import Element, LineBox
from ocr_desktop.core.layout.rows import rows_of
from ocr_desktop.core.structure.code_blocks import looks_like_code
from ocr_desktop.core.structure.text_lines import CJK, MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_LINES, LEAST_CODE = 3, 2
TELLING_CHARACTERS = 8
"""The width of fewer characters tells little."""
SAME_PITCH, FITTING_PART = 0.05, 0.75
"""So many of the lines have characters of the usual width; where several spaces were read as one they are wider."""
CODE_PART = 0.25
NUMBERED_CODE_PART = 0.2
"""Beside numbers that count its lines, so little of code tells enough."""
COUNTING_PART = 0.7


def are_of_terminal(elements: Sequence[Element]) -> bool:
    """Whether the elements are all lines of one pitch that read like a terminal or a program."""
    lines = [element for element in elements if isinstance(element, LineBox)]
    if len(lines) < max(LEAST_LINES, len(elements)):
        return False
    if not _reads_like_code(lines, CODE_PART):
        return False
    pitches = [_pitch(line) for line in lines if len(line.text) >= TELLING_CHARACTERS]
    if len(pitches) < LEAST_LINES:
        return False
    usual = median(pitches)
    return sum(abs(pitch - usual) <= SAME_PITCH * usual for pitch in pitches) >= FITTING_PART * len(pitches)


def with_line_numbers(columns: list[list[Element]]) -> list[list[Element]]:
    """The columns, those of numbers that count the lines of code put together with the code behind them."""
    joined: list[list[Element]] = []
    for column in columns:
        if joined and _count_lines(joined[-1]) and _reads_like_code(column, NUMBERED_CODE_PART):
            joined[-1] = joined[-1] + column
        else:
            joined.append(column)
    return joined


def _reads_like_code(elements: Sequence[Element], least: float) -> bool:
    """Whether so many of the rows do, two at least."""
    code = {id(element) for element in elements if isinstance(element, LineBox) and looks_like_code(element.text)}
    if len(code) < LEAST_CODE:
        return False
    rows = rows_of(elements)
    return sum(any(id(element) in code for element in row) for row in rows) >= max(LEAST_CODE, least * len(rows))


def _count_lines(column: Sequence[Element]) -> bool:
    texts = [element.text.strip() for element in sorted(column, key=lambda e: e.middle) if isinstance(element, LineBox)]
    if len(texts) < max(LEAST_LINES, len(column)) or not all(text.isdecimal() for text in texts):
        return False
    steps = [int(after) - int(before) for before, after in itertools.pairwise(texts)]
    return sum(step == 1 for step in steps) >= COUNTING_PART * len(steps)


def _pitch(line: LineBox) -> float:
    count = len(line.text) + sum(1 for character in line.text if CJK.match(character))
    return (line.width - MARGIN * line.height) / count
