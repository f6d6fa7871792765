"""Running text among the lines of a page: what stands in no table's cell, unless a table has a column of it.

All measures are in heights of the lines themselves.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.pieces import (
    SIGNS,
    cut_at_gaps,
    is_datum,
    is_timetable_row,
    piece_rows,
    usual_piece_height,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LineBox

LONG = 12.0
"""Lines so long above each other are running text."""
VERY_LONG = 30.0
"""And so is a line of this length, alone."""
SAME_EDGE = 1.0
"""Two edges are the same where they are no further apart."""
INDENT = 3.0
"""The first line of a paragraph may begin so much further right."""
LINE_GAP = 0.9
"""Lines of running text are no further apart."""
RAGGED, JUSTIFIED = 0.6, 0.85
"""Of running text more lines than the first are longer than the second part of the longest; of names of items fewer."""
MATED = 0.4
"""So many names of items have a number beside them."""
HALF = 0.5
MOST_BELOW = 100
"""What stands below a line is among so many lines that begin after it."""
LEAST_CELLS = 3
"""So many short pieces beside each other are no last lines of paragraphs, but cells."""
FAR_BESIDE = 30.0
"""A column of running text stands no further from the rest of its table."""


def long_pieces(lines: Sequence[LineBox]) -> set[int]:
    """The indices of the lines that are running text: long ones above each other, and what ends their paragraphs."""
    found = _paragraph_lines(lines)
    mated = _mated(lines)
    for block in _blocks([line for line in lines if line.index in found]):
        longest = max(line.width for line in block)
        full = sum(line.width >= JUSTIFIED * longest for line in block)
        names = sum(line.index in mated for line in block)
        if names >= MATED * len(block) and full < RAGGED * len(block):
            found -= {line.index for line in block}
    return found


def _mated(lines: Sequence[LineBox]) -> set[int]:
    """The indices of the lines with a number right beside them."""
    return {
        left.index
        for row in piece_rows(lines)
        for left, right in itertools.pairwise(row)
        if is_datum(right.text) or right.text in SIGNS
    }


def _paragraph_lines(lines: Sequence[LineBox]) -> set[int]:
    ordered = sorted((line for line in lines if not is_timetable_row(line.text)), key=lambda line: line.y_min)
    rows = piece_rows(piece for line in lines for piece in cut_at_gaps(line))
    beside = {piece.index: len(row) for row in rows for piece in row}
    cells = {piece.index for row in rows if _is_head(row) for piece in row}
    found: set[int] = set()
    for number, line in enumerate(ordered):
        if line.width >= VERY_LONG * line.height:
            found.add(line.index)
        for below in itertools.islice(ordered, number + 1, number + MOST_BELOW):
            if below.y_min - line.y_max > LINE_GAP * line.height:
                break
            if below.middle - line.middle < HALF * line.height or not overlap(line, below):
                continue
            least = min(line.height, below.height)
            starts = below.x_min - line.x_min
            is_under = -INDENT * least <= starts <= SAME_EDGE * least
            if is_under and min(line.width, below.width) >= LONG * least:
                found |= {line.index, below.index}
            elif line.index in found and abs(starts) <= SAME_EDGE * least and below.width < line.width:
                # Below a caption begins a table.
                is_cell = below.index in cells and beside[line.index] <= HALF * beside[below.index]
                found |= set() if is_cell else {below.index}
    return found


def _is_head(row: Sequence[LineBox]) -> bool:
    return len(row) >= LEAST_CELLS and all(piece.width < LONG * piece.height for piece in row)


def text_beside(pieces: Sequence[LineBox], long: Sequence[LineBox]) -> list[LineBox]:
    """The running text that is a column of this table: it begins and ends with it, right beside it."""
    if len(pieces) < 2:
        return []
    height = usual_piece_height(pieces)
    top, bottom = min(piece.y_min for piece in pieces), max(piece.y_max for piece in pieces)
    left, right = min(piece.x_min for piece in pieces), max(piece.x_max for piece in pieces)
    found: list[LineBox] = []
    for block in _blocks(long):
        inside = [line for line in block if top - height <= line.y_min and line.y_max <= bottom + INDENT * height]
        near = max(left - max(line.x_max for line in block), min(line.x_min for line in block) - right)
        if len(inside) == len(block) and near <= FAR_BESIDE * height:
            found += block
    return found


def _blocks(long: Sequence[LineBox]) -> list[list[LineBox]]:
    """Running text as blocks of lines close below each other."""
    blocks: list[list[LineBox]] = []
    for line in sorted(long, key=lambda line: line.y_min):
        for block in blocks:
            last = block[-1]
            if overlap(last, line) and line.y_min - last.y_max <= LINE_GAP * last.height:
                block.append(line)
                break
        else:
            blocks.append([line])
    return blocks


def overlap(one: LineBox, other: LineBox) -> bool:
    return min(one.x_max, other.x_max) > max(one.x_min, other.x_min)
