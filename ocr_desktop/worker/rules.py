"""Straight rules on a picture: what parts a table's cells, a header from its page, one box from the next.

A rule is thin against the text and contrasts with both of its sides. Letters have such strokes too: what stands in
the line of text that it belongs to is none, and neither is what underlines words of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_desktop.worker.boxes import Box, Boxes

Grey: TypeAlias = NDArray[np.uint8]
"""Height × width."""

LEAST_CONTRAST = 9
NOISE_FACTOR = 3.0
THICKEST = 0.6
"""Rules are at most so thick, in heights of the text's lines; what is thicker is an area."""
SHORTEST, SHORTEST_ALONE = 1.2, 2.0
"""In line heights: where it meets a rule across, and where it stands alone."""
DOTTED_GAP = 0.3
"""Between dots and dashes of one rule, in line heights."""
LEAST_COVERAGE, SOLID_COVERAGE = 0.4, 0.75
SHORTEST_DOTTED = 5.0
MOST_IN_TEXT, MOST_DOTTED_IN_TEXT = 0.6, 0.3
"""With more of its length in the middle of text it is a stroke of letters."""
LONGER_THAN_THICK = 4.0
UNDERLINE_FROM = 0.6
"""Of a line's height from its top: an underline is lower than that."""
UNDERLINE_REACH = 0.3
"""How far an underline goes below its line's box and beyond its ends, in heights of it."""
BESIDE = 2
TWO_SIDED = 0.85
"""So much of a rule's length contrasts with what lies so many pixels beside it."""
INNER = 0.1
"""Of a line's height, above and below: a rule there lies between lines."""
LEAST_INSIDE = 0.5
"""Of a line's height, from its ends."""
LEVEL = 2.0
"""Pieces of one rule lie no further above or below one another, in pixels."""
ROW = 8.0
MOST_FOUND = 4000
"""More pieces than this are texture; the longest are taken."""


class Ink(NamedTuple):
    """What is thin; height × width each.

    Attributes:
        contrast: To what lies beside it, of 255.
        mask: 1 where that is enough.
    """

    contrast: Grey
    mask: Grey


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule: its ends, the middle of its thickness, and how thick it is, in pixels."""

    start: float
    end: float
    middle: float
    thickness: float
    is_solid: bool = True

    @property
    def length(self) -> float:
        return self.end - self.start

    @property
    def box(self) -> Box:
        half = self.thickness / 2
        return (self.start, self.middle - half, self.end, self.middle + half)


def rules_in(grey: Grey, lines: Boxes, line_height: float) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a picture that lies straight; a vertical one has its axes swapped."""
    turned, turned_lines = np.ascontiguousarray(grey.T), lines[:, [1, 0, 3, 2]]
    level, plumb = _thin_inks(grey, line_height), _thin_inks(turned, line_height)
    across = _rules_along(grey, (level, plumb), lines, line_height, is_upright=False)
    upright = _rules_along(turned, (plumb, level), turned_lines, line_height, is_upright=True)
    across = _without_underlines(_joined_over_text(across, upright, lines, line_height), lines)
    upright = [_without_letters(rule, across, turned_lines, line_height) for rule in upright]
    return _long_or_meeting(across, upright, line_height), _long_or_meeting(upright, across, line_height)


def _rules_along(
    grey: Grey, inks: tuple[list[Ink], list[Ink]], lines: Boxes, line_height: float, *, is_upright: bool
) -> list[Rule]:
    """What the first of `inks` shows; the second is that of the other direction, with its axes swapped."""
    found: list[Rule] = []
    for ink, crossing, sign in zip(*inks, (1, -1), strict=True):
        for forms in _pieces(ink, crossing, line_height):
            found += [rule for rule in forms if _has_two_sides(rule, grey, sign)][:1]
    joined = _joined(found, DOTTED_GAP * line_height)
    return [rule for rule in joined if not _is_stroke(rule, lines, is_upright=is_upright)]


def _thin_inks(grey: Grey, line_height: float) -> list[Ink]:
    """What is darker than both sides above and below it, then what is lighter."""
    reach = int(THICKEST * line_height) + 3 | 1
    kernel = np.ones((reach, 1), np.uint8)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    light = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel, borderType=cv2.BORDER_REPLICATE)
    inks = []
    for contrast in (dark, light):
        noise = float(np.median(contrast[::5, ::5]))
        mask = cv2.threshold(contrast, LEAST_CONTRAST + NOISE_FACTOR * noise, 1, cv2.THRESH_BINARY)[1]
        inks.append(Ink(contrast.astype(np.uint8, copy=False), mask.astype(np.uint8, copy=False)))
    return inks


def _pieces(ink: Ink, crossing: Ink, line_height: float) -> Iterator[tuple[Rule, ...]]:
    """The long thin runs of an ink, each whole and then without its faint rims.

    Where one of the other direction, `crossing`, runs over it, it is not seen.
    """
    shortest = max(int(SHORTEST * line_height), 10)
    gap = np.ones((1, max(int(DOTTED_GAP * line_height), 3)), np.uint8)
    whole, other = (cv2.morphologyEx(mask, cv2.MORPH_CLOSE, gap) for mask in (ink.mask, crossing.mask))
    # In a corner it begins beside this one.
    met = cv2.dilate(other, np.ones((1, 3), np.uint8))
    crossed = cv2.bitwise_and(whole, np.ascontiguousarray(met.T))
    # A rule that is not quite level steps from row to row.
    thick = cv2.dilate(cv2.bitwise_or(ink.mask, crossed), np.ones((3, 1), np.uint8))
    solid = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    dotted = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, gap)
    longer = max(int(SHORTEST_DOTTED * line_height), 30)
    runs = cv2.bitwise_or(solid, cv2.morphologyEx(dotted, cv2.MORPH_OPEN, np.ones((1, longer), np.uint8)))
    contours, _ = cv2.findContours(runs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    places = sorted((cv2.boundingRect(contour) for contour in contours), key=lambda place: -place[2])[:MOST_FOUND]
    for place in places:
        yield _rules_of(ink, runs, place, line_height)


def _rules_of(ink: Ink, runs: NDArray[Any], place: Sequence[int], line_height: float) -> tuple[Rule, ...]:
    left, top, width, height = place
    if height > max(THICKEST * line_height, 3) + 2 + width * 0.03:
        return ()
    area = np.s_[top : top + height, left : left + width]
    contrast = np.where((runs[area] > 0) & (ink.mask[area] > 0), ink.contrast[area], 0)
    strongest = contrast.max(axis=0)
    coverage = float((strongest > 0).mean())
    if coverage < LEAST_COVERAGE or (coverage < SOLID_COVERAGE and width < SHORTEST_DOTTED * line_height):
        return ()
    core = (contrast > 0) & (contrast >= strongest / 2)
    # Of letters that it runs into there is less.
    core[core.sum(axis=1) < core.sum(axis=1).max() / 2] = False
    rules = []
    for inked in (contrast > 0, core):
        thickness = max(float(np.median(inked.sum(axis=0)[strongest > 0])), 1.0)
        middle = float((inked.sum(axis=1) * (np.arange(height) + 0.5)).sum() / inked.sum())
        rules.append(Rule(float(left), float(left + width), top + middle, thickness, coverage >= SOLID_COVERAGE))
    thickest = min(width / LONGER_THAN_THICK, max(THICKEST * line_height, 3))
    return tuple(rules) if rules[0].thickness <= thickest else ()


def _has_two_sides(rule: Rule, grey: Grey, sign: int) -> bool:
    """Whether both sides are lighter, or darker for a `sign` of -1, along most of it: a row of text is not."""
    left, top, right, bottom = rule.box
    reach = slice(int(left), int(right))
    # Of a dotted one half is ground.
    along = np.sort(sign * grey[int(rule.middle), reach].astype(np.int16))
    own = int(along[len(along) // 4])
    rows = (max(int(top) - BESIDE, 0), min(int(np.ceil(bottom)) + BESIDE, len(grey) - 1))
    sides = (sign * grey[row, reach].astype(np.int16) - own for row in rows)
    return all(float((side >= LEAST_CONTRAST / 2).mean()) >= TWO_SIDED for side in sides)


def _joined(rules: list[Rule], gap: float) -> list[Rule]:
    """One rule for each group of pieces that continue one another."""
    joined: list[Rule] = []
    # The last pieces that may go on, by the row that they lie in.
    open_at: dict[int, list[int]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.start, rule.middle)):
        near = (index for row in _rows_of(rule) for index in open_at.get(row, ()))
        before = next((index for index in near if _continues(joined[index], rule, gap)), None)
        if before is None:
            before = len(joined)
            joined.append(rule)
        else:
            joined[before] = _as_one(joined[before], rule)
        open_at.setdefault(_row_of(joined[before]), []).append(before)
    return joined


def _row_of(rule: Rule) -> int:
    return int(rule.middle // ROW)


def _rows_of(rule: Rule) -> range:
    return range(_row_of(rule) - 1, _row_of(rule) + 2)


def _continues(rule: Rule, other: Rule, gap: float) -> bool:
    """Whether `other`, which begins later, lies in the same line as `rule` and no further from its end than `gap`."""
    is_level = abs(rule.middle - other.middle) <= max(LEVEL, (rule.thickness + other.thickness) / 2)
    return is_level and other.start - rule.end <= gap


def _without_letters(rule: Rule, crossing: list[Rule], lines: Boxes, line_height: float) -> Rule:
    """Without what stands beyond the outermost rule across it in a line of text: it was grown onto a letter there."""
    met = [other.middle for other in crossing if other.start - LEVEL <= rule.middle <= other.end + LEVEL]
    met = [middle for middle in met if rule.start - LEVEL <= middle <= rule.end + LEVEL]
    if len(met) < 2:
        return rule
    start = min(met) if _is_letter(rule, rule.start, min(met), lines, line_height) else rule.start
    end = max(met) if _is_letter(rule, max(met), rule.end, lines, line_height) else rule.end
    return replace(rule, start=start, end=end)


def _is_letter(rule: Rule, start: float, end: float, lines: Boxes, line_height: float) -> bool:
    left, top, right, bottom = lines.T
    # Between the first and the last letters: a line's box reaches beyond them.
    inset = LEAST_INSIDE * (right - left)
    within = (top + inset < rule.middle) & (bottom - inset > rule.middle) & (left <= start) & (right >= end)
    return bool(LEVEL < end - start <= line_height and within.any())


def _as_one(rule: Rule, other: Rule) -> Rule:
    whole = rule.length + other.length
    middle = (rule.middle * rule.length + other.middle * other.length) / whole
    thickness = (rule.thickness * rule.length + other.thickness * other.length) / whole
    return Rule(
        min(rule.start, other.start), max(rule.end, other.end), middle, thickness, rule.is_solid or other.is_solid
    )


def _joined_over_text(rules: list[Rule], upright: list[Rule], lines: Boxes, line_height: float) -> list[Rule]:
    """Rules that a text stands in, as in a frame with a caption, are one; those that end at a rule across are two."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.middle / LEVEL), rule.start)):
        last = joined[-1] if joined else None
        if last and _is_interrupted(last, rule, lines, line_height) and not _ends_at(last.end, rule, upright):
            joined[-1] = _as_one(last, rule)
        else:
            joined.append(rule)
    return joined


def _is_interrupted(rule: Rule, other: Rule, lines: Boxes, line_height: float) -> bool:
    if other.start <= rule.end or abs(rule.middle - other.middle) > LEVEL:
        return False
    left, top, right, bottom = lines.T
    within = (top < rule.middle) & (bottom > rule.middle) & (left < other.start) & (right > rule.end)
    covered = np.minimum(right[within], other.start) - np.maximum(left[within], rule.end)
    return bool(within.any()) and other.start - rule.end - float(covered.sum()) <= line_height


def _ends_at(end: float, rule: Rule, upright: list[Rule]) -> bool:
    """Whether a rule across stands where the gap before `rule` begins or ends."""
    return any(
        min(abs(other.middle - end), abs(other.middle - rule.start)) <= 2 * LEVEL
        and other.start - LEVEL <= rule.middle <= other.end + LEVEL
        for other in upright
    )


def _is_stroke(rule: Rule, lines: Boxes, *, is_upright: bool) -> bool:
    """Whether it belongs to letters: most of it lies inside the lines of text, and it is no longer than one is high."""
    left, top, right, bottom = lines.T
    height = np.minimum(right - left, bottom - top)
    within = (top + INNER * height < rule.middle) & (bottom - INNER * height > rule.middle)
    overlap = (np.minimum(right, rule.end) - np.maximum(left, rule.start)).clip(0) * within
    share = float(overlap.sum()) / rule.length
    if is_upright and rule.is_solid:
        largest = float(np.max(height * (overlap > 0), initial=0))
        return share > MOST_IN_TEXT and rule.length < SHORTEST_ALONE * largest
    return share > (MOST_IN_TEXT if rule.is_solid else MOST_DOTTED_IN_TEXT)


def _without_underlines(rules: list[Rule], lines: Boxes) -> list[Rule]:
    ends = np.array([(rule.start, rule.end) for rule in rules]).reshape(-1, 2)
    return [rule for rule in rules if not _is_underline(rule, lines) or _has_twin(rule, ends)]


def _is_underline(rule: Rule, lines: Boxes) -> bool:
    left, top, right, bottom = lines.T
    height = bottom - top
    reach = UNDERLINE_REACH * height
    is_below = (rule.middle > top + UNDERLINE_FROM * height) & (rule.middle < bottom + reach)
    return bool((is_below & (rule.start > left - reach) & (rule.end < right + reach)).any())


def _has_twin(rule: Rule, ends: NDArray[np.float64]) -> bool:
    """Whether another rule begins and ends where this one does: the rules of a table do."""
    return int((np.abs(ends - (rule.start, rule.end)).max(axis=1) <= 2 * LEVEL).sum()) > 1


def _long_or_meeting(rules: list[Rule], crossing: list[Rule], line_height: float) -> list[Rule]:
    """Without the short ones that stand alone."""
    reach = max(DOTTED_GAP * line_height, LEVEL)
    long = np.array([(r.middle, r.start, r.end) for r in crossing if r.length >= SHORTEST_ALONE * line_height])
    middle, start, end = long.reshape(-1, 3).T

    def meets(rule: Rule) -> bool:
        is_at_end = np.minimum(np.abs(middle - rule.start), np.abs(middle - rule.end)) <= reach
        return bool((is_at_end & (start - reach <= rule.middle) & (rule.middle <= end + reach)).any())

    return [rule for rule in rules if rule.length >= SHORTEST_ALONE * line_height or meets(rule)]
