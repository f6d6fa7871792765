"""Where tables stand whose cells nobody drew: between rules of one length, or where short pieces stand in columns.

A page has running text, lists, forms, addresses, code and formulas, too: what is not a table for sure is none. All
measures are in heights of the usual line.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.columns import columns_of
from ocr_desktop.core.found_tables.grid import Drawn
from ocr_desktop.core.found_tables.items import is_head, is_item, only_items, right_edge_of
from ocr_desktop.core.found_tables.pieces import Groups, cut_at_gaps, is_datum, piece_rows, usual_piece_height
from ocr_desktop.core.found_tables.rows import (
    HEAD_GAP,
    MOST_HEAD_ROWS,
    MOST_LONE_ROWS,
    at_breaks,
    row_runs,
    with_last_lines,
)
from ocr_desktop.core.found_tables.running_text import MOST_BELOW, overlap, text_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocr_desktop.core.layout.boxes import LayoutBox, LineBox

SAME_EDGE = 1.0
"""Two edges are the same where they are no further apart."""
COLUMN_GAP = 3.0
"""Cells above each other are no further apart."""
MOST_GAP = 60.0
"""And names from their numbers no further than this."""
ROW_GAP = 30.0
"""Cells beside each other are no further apart."""
MOST_PARTED = 4
"""With more rules than for so many parts each row of the table has its own."""
MOST_BETWEEN = 3
"""So many rows of text without cells beside each other may stand between two rules of a table."""
LEAST_RULE = 4.0
"""A rule of a table is at least so long."""
MOST_RULES, MOST_DOWN = 300, 100
"""Of a page with more rules the longest are looked at, and more of them beside each other are hatching."""
CROSSING = 1.4
"""A rule so much longer than those of a table crosses it."""
MOSTLY = HALF = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Pieces that may be a table, what is drawn among them, and whether that says that it is one."""

    pieces: tuple[LineBox, ...]
    drawn: Drawn
    is_ruled: bool


def ruled_candidates(
    lines: Sequence[LineBox], long: set[int], rules: Sequence[LayoutBox], fills: Sequence[LayoutBox]
) -> list[Candidate]:
    """What stands in cells between horizontal rules that begin and end together."""
    if not lines:
        return []
    height = usual_piece_height(lines)
    horizontals = _longest_across(rules, height)
    rows = piece_rows(lines)
    found: list[Candidate] = []
    for stack in _uncrossed(_stacks(horizontals, SAME_EDGE * 1.5 * height), horizontals):
        if len(stack) < 2:
            continue
        left = min(rule.x_min for rule in stack) - height
        right = max(rule.x_max for rule in stack) + height
        inside = [line for line in lines if left <= line.centre <= right]
        wide = [rule for rule in horizontals if min(rule.x_max, right) - max(rule.x_min, left) > 0.8 * (right - left)]
        zones = _zones(stack, inside)
        for run in _runs(zones, long):
            first, end = _without_narrow(zones, *run)
            of_table = [line for zone in zones[first:end] for line in zone]
            if _has_names_beside(of_table, rows, long):
                continue
            pieces = [piece for line in of_table for piece in cut_at_gaps(line)]
            top, bottom = stack[first].middle, stack[end].middle
            if first == 0:
                until = max((rule.middle for rule in wide if rule.middle < top - height), default=-math.inf)
                above = [line for line in inside if until <= line.middle < top]
                pieces += _above(above, piece_rows(pieces), long, top, height)
            if end == len(zones):
                until = min((rule.middle for rule in wide if rule.middle > bottom + height), default=math.inf)
                below = [line for line in inside if bottom <= line.middle < until]
                edge = right_edge_of(piece_rows(pieces))
                pieces += _going_on(below, long, bottom + (1 + COLUMN_GAP) * height, edge)
            drawn = _drawn((left, top - height, right, bottom + height), horizontals, rules)
            found.append(Candidate(tuple(pieces), replace(drawn, edges=_edges(pieces, fills)), is_ruled=True))
    return found


def _zones(stack: Sequence[LayoutBox], lines: Sequence[LineBox]) -> list[list[LineBox]]:
    """The lines between each rule and the next."""
    zones: list[list[LineBox]] = [[] for _ in stack[1:]]
    middles = [rule.middle for rule in stack]
    for line in lines:
        number = bisect_right(middles, line.middle) - 1
        if 0 <= number < len(zones):
            zones[number].append(line)
    return zones


def _has_names_beside(of_table: Sequence[LineBox], rows: Sequence[Sequence[LineBox]], long: set[int]) -> bool:
    """Whether most rows begin left of the rules: these are drawn above sums, and the names stand outside."""
    inside = {line.index for line in of_table}
    beside = count = 0
    for row in rows:
        first = next((number for number, line in enumerate(row) if line.index in inside), None)
        if first is not None:
            count += 1
            name = row[first - 1] if first else None
            gap = row[first].x_min - name.x_max if name else 0.0
            beside += name is not None and name.index not in long and gap <= MOST_GAP * name.height
    return beside >= MOSTLY * count


def _drawn(
    extent: tuple[float, float, float, float], horizontals: Sequence[LayoutBox], rules: Sequence[LayoutBox]
) -> Drawn:
    """What of the rules lies in this part of the page: left, top, right, bottom."""
    left, top, right, bottom = extent
    slack = SAME_EDGE * (right - left) / 50
    across = tuple(
        rule
        for rule in horizontals
        if top <= rule.middle <= bottom and rule.x_min >= left - slack and rule.x_max <= right + slack
    )
    down = tuple(
        rule.centre
        for rule in rules
        if rule.height > rule.width
        and left <= rule.centre <= right
        and min(rule.y_max, bottom) - max(rule.y_min, top) >= MOSTLY * (bottom - top)
    )
    return Drawn(across, down if len(down) <= MOST_DOWN else ())


def _has_head(rows: Sequence[Sequence[LineBox]]) -> bool:
    """Whether a row of words only, for all columns, stands above rows with numbers."""
    widest = max(map(len, rows))
    return len(rows[0]) == widest and not _has_data(rows[0]) and MOSTLY * len(rows) <= sum(map(_has_data, rows))


def _has_data(row: Sequence[LineBox]) -> bool:
    return any(is_datum(piece.text) for piece in row)


def _above(
    above: Sequence[LineBox], rows: Sequence[Sequence[LineBox]], long: set[int], until: float, height: float
) -> list[LineBox]:
    """What of the lines above the first rule belongs to the rows below it: items with amounts, too, and their head."""
    if _has_head(rows):
        return []
    least = HALF * max(map(len, rows))
    edge = right_edge_of(rows)
    found: list[LineBox] = []
    lone: list[list[LineBox]] = []
    for row in reversed(piece_rows(piece for line in above for piece in cut_at_gaps(line))) if edge is not None else ():
        if until - max(piece.y_max for piece in row) > COLUMN_GAP * height or len(lone) > MOST_LONE_ROWS:
            break
        lone.append(row)
        if edge is not None and is_item(row, edge):
            found += [piece for each in lone for piece in each]
            lone = []
        until = min(piece.y_min for piece in row)
    if not found:
        return _head_above(above, long, until, height, least)
    until = min(piece.y_min for piece in found)
    names = _head_above([line for line in above if line.middle < until], long, until, height, least)
    return found + (names if edge is not None and piece_rows(names) and is_head(piece_rows(names)[-1], edge) else [])


def _head_above(above: Sequence[LineBox], long: set[int], until: float, height: float, least: float) -> list[LineBox]:
    """The rows of cells right above the first rule, which then lies below the head.

    Args:
        above: The lines above the rule.
        long: The indices of running text.
        until: The y of the rule.
        height: The usual height of a line.
        least: So many cells stand in a row, or it is no head.
    """
    found: list[LineBox] = []
    lone: list[LineBox] = []
    count = 0
    for row in reversed(piece_rows(piece for line in above for piece in cut_at_gaps(line))):
        bottom = max(piece.y_max for piece in row)
        if count == MOST_HEAD_ROWS or until - bottom > HEAD_GAP * height or any(piece.index in long for piece in row):
            break
        if len(row) >= max(least, 2):
            found += [*lone, *row]
            lone, count = [], count + 1
        elif len(lone) == MOST_LONE_ROWS:
            break
        else:
            lone = [*lone, *row]
        until = min(piece.y_min for piece in row)
    return found


def _going_on(below: Sequence[LineBox], long: set[int], until: float, edge: float | None) -> list[LineBox]:
    """The rows of cells that follow the last rule; of items those with an amount at this edge."""
    rows = piece_rows(piece for line in below for piece in cut_at_gaps(line))
    end = 0
    for number, row in enumerate(rows):
        top = min(piece.y_min for piece in row)
        if top > until or number - end > (MOST_BETWEEN if end else 0) or sum(piece.index in long for piece in row) > 1:
            break
        if len(row) > 1 if edge is None else is_item(row, edge):
            end = number + 1
        until = max(piece.y_max for piece in row) + COLUMN_GAP * row[0].height
    run = with_last_lines(list(rows[:end]), rows[end:]) if end else []
    return [piece for row in run for piece in row]


def loose_candidates(
    lines: Sequence[LineBox], long: set[int], rules: Sequence[LayoutBox], fills: Sequence[LayoutBox]
) -> list[Candidate]:
    """Short pieces that stand in rows and columns, whatever is drawn among them."""
    horizontals = _longest_across(rules, usual_piece_height(lines)) if lines else []
    short = [piece for line in lines if line.index not in long for piece in cut_at_gaps(line)]
    found: list[Candidate] = []
    for part in _hanging_together(short, lines, long):
        for run in (only_items(part) for whole in row_runs(piece_rows(part)) for part in at_breaks(whole)):
            pieces = [piece for row in run for piece in row]
            beside = text_beside(pieces, [line for line in lines if line.index in long])
            pieces += [piece for line in beside for piece in cut_at_gaps(line)]
            drawn = Drawn(rules=_rules_among(pieces, horizontals), edges=_edges(pieces, fills))
            found.append(Candidate(tuple(pieces), drawn, is_ruled=False))
    return found


def _longest_across(rules: Iterable[LayoutBox], height: float) -> list[LayoutBox]:
    horizontals = [rule for rule in rules if rule.width > max(rule.height, LEAST_RULE * height)]
    return sorted(horizontals, key=lambda rule: -rule.width)[:MOST_RULES]


def _rules_among(pieces: Sequence[LineBox], horizontals: Sequence[LayoutBox]) -> tuple[LayoutBox, ...]:
    left, right = min(piece.x_min for piece in pieces), max(piece.x_max for piece in pieces)
    top, bottom = min(piece.y_min for piece in pieces), max(piece.y_max for piece in pieces)
    return tuple(
        rule for rule in horizontals if top < rule.middle < bottom and rule.x_min < right and rule.x_max > left
    )


def _stacks(rules: Sequence[LayoutBox], slack: float) -> list[list[LayoutBox]]:
    """Rules that begin and end at the same x, from the top; at least two."""
    stacks: list[list[LayoutBox]] = []
    for rule in sorted(rules, key=lambda rule: rule.middle):
        for stack in stacks:
            if abs(stack[-1].x_min - rule.x_min) <= slack and abs(stack[-1].x_max - rule.x_max) <= slack:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [stack for stack in stacks if len(stack) > 1]


def _uncrossed(stacks: Iterable[list[LayoutBox]], rules: Sequence[LayoutBox]) -> Iterable[list[LayoutBox]]:
    """The stacks parted where a rule runs far beyond theirs: what is below it is something else."""
    for stack in stacks:
        width = max(rule.width for rule in stack)
        crossing = [
            rule.middle
            for rule in rules
            if rule.width > CROSSING * width and min(rule.x_max - stack[0].x_max, stack[0].x_min - rule.x_min) >= 0
        ]
        part = [stack[0]]
        for above, below in pairwise(stack):
            if any(above.middle < y < below.middle for y in crossing):
                yield part
                part = []
            part.append(below)
        yield part


def _runs(zones: Sequence[Sequence[LineBox]], long: set[int]) -> Iterable[tuple[int, int]]:
    """Stretches of zones, from first to before end, that hold rows of cells, each the longest possible."""
    kinds = [_kind(zone, long) for zone in zones]
    start: int | None = None
    end = 0
    for number, kind in enumerate([*kinds, "text"]):
        if kind == "cells":
            start = number if start is None else start
            end = number + 1
        elif kind == "text" and start is not None:
            yield start, end
            start = None


def _without_narrow(zones: Sequence[Sequence[LineBox]], first: int, end: int) -> tuple[int, int]:
    """The stretch without the zones at its ends with far fewer cells, or with cells elsewhere: an address, a form."""
    if end - first > MOST_PARTED:
        return first, end
    rows = [piece_rows(piece for line in zone for piece in cut_at_gaps(line)) for zone in zones[first:end]]
    widths = [max(map(len, zone), default=0) for zone in rows]
    widest = widths.index(max(widths))
    narrow = [len(zone) > 1 and width < HALF * max(widths) for zone, width in zip(rows, widths, strict=True)]
    start = max((number + 1 for number in range(widest) if narrow[number]), default=0)
    after = range(widest + 1, len(rows))
    stop = min((number for number in after if narrow[number] or _strays(rows[number], rows[widest])), default=len(rows))
    return first + start, first + stop


def _strays(rows: Sequence[list[LineBox]], others: Sequence[list[LineBox]]) -> bool:
    """Whether most cells of these rows begin, end and have their middle where none of the others' columns do."""
    pieces = [piece for row in rows for piece in row]
    if len(pieces) <= MOST_BETWEEN:
        return False
    height = usual_piece_height(pieces)
    columns = columns_of(others, height)
    astray = sum(
        all(
            min(abs(piece.x_min - column.x_min), abs(piece.x_max - column.x_max), abs(piece.centre - column.centre))
            > SAME_EDGE * height
            for column in columns
        )
        for piece in pieces
    )
    return astray >= MOSTLY * len(pieces)


def _kind(zone: Sequence[LineBox], long: set[int]) -> str:
    """What stands between two rules: `cells`, `text`, or `little`, which may be a heading among cells."""
    if not zone:
        return "little"
    rows = piece_rows(piece for line in zone for piece in cut_at_gaps(line))
    several = sum(len(row) > 1 for row in rows)
    both_long = sum(sum(piece.index in long for piece in row) > 1 for row in rows)
    if several and both_long <= MOSTLY * len(rows) and (several >= MOSTLY * len(rows) or _wrapped(rows, long)):
        return "cells"
    has_long = sum(line.index in long for line in zone) > 1
    return "text" if has_long or len(rows) > MOST_BETWEEN else "little"


def _wrapped(rows: Sequence[Sequence[LineBox]], long: set[int]) -> bool:
    """Whether rows with cells stand all over the zone: those between are their further lines."""
    several = [number for number, row in enumerate(rows) if len(row) > 1]
    gaps = [after - before for before, after in pairwise([-1, *several, len(rows)])]
    return max(gaps) <= 1 + MOST_BETWEEN


def _hanging_together(pieces: Sequence[LineBox], lines: Sequence[LineBox], long: set[int]) -> list[list[LineBox]]:
    """Pieces that hang together through their neighbours beside and below."""
    groups = Groups(len(pieces))
    numbers = {id(piece): number for number, piece in enumerate(pieces)}
    for row in piece_rows([*pieces, *(line for line in lines if line.index in long)]):
        for left, right in pairwise(row):
            is_near = right.x_min - left.x_max <= ROW_GAP * min(left.height, right.height)
            if is_near and id(left) in numbers and id(right) in numbers:
                groups.unite(numbers[id(left)], numbers[id(right)])
    ordered = sorted(pieces, key=lambda piece: piece.y_min)
    for number, piece in enumerate(ordered):
        for below in islice(ordered, number + 1, number + MOST_BELOW):
            if below.y_min - piece.y_max > COLUMN_GAP * piece.height:
                break
            if overlap(piece, below):
                groups.unite(numbers[id(piece)], numbers[id(below)])
    return [[pieces[number] for number in group] for group in groups.all()]


def _edges(pieces: Sequence[LineBox], fills: Sequence[LayoutBox]) -> tuple[float, ...]:
    """The upper and lower edges of the fills that lie across most of these pieces' width."""
    left, right = min(piece.x_min for piece in pieces), max(piece.x_max for piece in pieces)
    top, bottom = min(piece.y_min for piece in pieces), max(piece.y_max for piece in pieces)
    across = [
        fill
        for fill in fills
        if min(fill.x_max, right) - max(fill.x_min, left) >= 0.8 * (right - left)
        and fill.y_max > top
        and fill.y_min < bottom
    ]
    return tuple(sorted(y for fill in across for y in (fill.y_min, fill.y_max)))
