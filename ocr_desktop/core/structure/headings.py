"""Headings: which paragraphs are some, and on which level.

No single sign makes one. Larger or bolder letters, a number, capitals, a place in the middle and room above are points;
a full stop, a small first letter and a full line are points against it. What nothing follows heads nothing, and where
no text runs over lines (a chat, a receipt, a label) there is no body that letters could be larger than: there the page
may have a title, and no more. Where most lines of one form are headings all are.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.structure.heading_words import (
    are_all_names,
    are_mostly_letters,
    are_names,
    are_persons,
    begins_address,
    depth_of,
    has_usual_name,
    head_nothing,
    inner_stops,
    is_in_capitals,
    is_in_title_case,
    is_named,
    is_running_head,
    letters_in,
    number_form,
    number_in,
    without_numbers,
)
from ocr_desktop.core.structure.paragraphs import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.structure.paragraphs import Paragraph
    from ocr_desktop.core.structure.text_lines import Usual

LEAST_POINTS, SURE_POINTS = 3, 5
"""With the second, one with a number or in capitals may stand above something else than text, such as another one."""
LARGER = ((1.5, 4), (1.25, 3), (1.12, 2), (1.05, 1))
"""From which size on, in usual ems, letters give how many points."""
SMALLER = 0.93
BOLD, WIDER_IN_BOLD = 1.22, 1.15
"""Strokes so many times as thick as usual are bold, whose letters may be so many times as wide."""
MOST_LINES, MOST_CHARACTERS = 4, 200
LONG = 120
TITLE_SIZE = 1.22
"""The page's title is at least so large, and so much larger than the next heading:"""
TITLE_LEAD = 1.1
TITLE_PART = 0.4
"""It stands among the first of the page's parts."""
SAME_SIZE = 0.9
"""Headings whose sizes differ by less are on one level."""
DEEPEST = 5
LEAST_SCORE = 0.75
"""What is hardly legible is no heading."""
LARGE = 1.5
"""What is so large is a heading whatever follows, and so is the largest of all among so many parts from the top:"""
FIRST_PARTS = 4
LEAST_LINES = 5
"""On a page with fewer lines, and nothing but lines, no line heads others."""
LEAST_BELOW = 5
"""A title on a page without running text stands above so many parts of words."""
RIGHT_ABOVE = 1.3
"""A bold line so near to a table, in usual steps from line to line, is the table's label."""
LEAST_LETTERS = 4
"""Chinese ones count twice."""
WIDER_PITCH = 1.35
NEARER_BELOW = 1.3
"""A heading stands nearer to what it heads: so many times as far from what is above."""
SIGNED = 2.5
"""Above a name there are so many heights of room for its signature."""
LEAST_ALIKE = 2
"""So many headings of one form, and no fewer than lines of it that are none, make all of them headings."""
MARGIN_OF_CENTRED = 1.5
"""A centred line has so many heights free on both sides, alike within one height:"""
MOST_INDENT = 2.0
FULL_LINE = 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of the page in reading order, as far as it matters for headings.

    Attributes:
        paragraph: None for what is none: a list, a table, a picture.
        is_body: It is running text, or something else that a heading can stand above.
        left: Where its column begins.
        right: Where its column ends.
        gap: From the line above it in its column, in line heights; None where there is none.
        table_gap: To the table that is the next part, in line heights from its middle; None where there is none.
    """

    paragraph: Paragraph | None
    is_body: bool
    left: float = 0.0
    right: float = 0.0
    gap: float | None = None
    table_gap: float | None = None


def heading_levels(parts: Sequence[Candidate], usual: Usual) -> dict[int, int]:
    """For each part that is a heading, by its place, its level: 1 for the page's title, else 2 or more."""
    paragraphs = [part.paragraph for part in parts if part.paragraph is not None]
    largest = max(
        (_size(each, usual) for each in paragraphs if letters_in(text_of(each)) >= LEAST_LETTERS), default=0.0
    )
    if sum(len(each) for each in paragraphs) < LEAST_LINES and all(part.paragraph for part in parts):
        return {}
    found: list[tuple[int, Paragraph]] = []
    has_body = next_is_body = False
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        gap_below = parts[at + 1].gap if at + 1 < len(parts) else None
        points = 0 if part.paragraph is None else _points(part.paragraph, part, gap_below, usual)
        is_running = at == 0 and part.paragraph is not None and _is_running_head(part.paragraph, usual)
        if part.paragraph is not None and has_body and points >= LEAST_POINTS and not is_running:
            size = _size(part.paragraph, usual)
            # Below a title there may be anything: authors, a picture, a date.
            is_title = at < FIRST_PARTS and TITLE_SIZE <= size >= largest
            if next_is_body or is_title or size >= LARGE or _is_sure(part.paragraph, points):
                found.append((at, part.paragraph))
                continue
        elif part.paragraph is None and not part.is_body:
            continue
        next_is_body = part.is_body
        has_body = has_body or part.is_body
    found = _without_bylines(found[::-1], usual)
    alike = _alike(found, parts, usual)
    found = sorted([*found, *((at, paragraph) for at, paragraph, _ in alike)], key=lambda each: each[0])
    if not found:
        title = _title_alone(parts, usual)
        return {} if title is None else {title: 1}
    levels = _levels(found, len(parts), usual)
    return levels | {at: levels[other] for at, _, other in alike}


def _without_bylines(found: list[tuple[int, Paragraph]], usual: Usual) -> list[tuple[int, Paragraph]]:
    """The headings without what stands between the page's title and its first heading: authors, a date."""
    first = next((place for place, (_, each) in enumerate(found) if is_named(text_of(each))), 0)
    if first < 2:
        return found
    at, title = found[0]
    is_below = [place - at for place, _ in found[1:first]] == list(range(1, first))
    kept = [
        each
        for each in found[1:first]
        if _size(title, usual) < max(TITLE_SIZE, TITLE_LEAD * _size(each[1], usual))
        or not (are_persons(text_of(each[1])) or (is_below and not _is_marked(each[1], usual, LARGER[1][0])))
    ]
    return [found[0], *kept, *found[first:]]


def _is_marked(paragraph: Paragraph, usual: Usual, larger: float) -> bool:
    """Whether letters or a number make it a heading, and not its place alone."""
    return is_named(text_of(paragraph)) or _size(paragraph, usual) >= larger or _stands_out_in_bold(paragraph, usual)


def _alike(
    found: list[tuple[int, Paragraph]], parts: Sequence[Candidate], usual: Usual
) -> list[tuple[int, Paragraph, int]]:
    """The other lines of a form of which most are headings: their places, and that of a heading of the same form."""
    headings = dict(found)
    others: list[tuple[int, Paragraph]] = []
    for at, (part, after) in enumerate(itertools.pairwise(parts)):
        if part.paragraph is not None and len(part.paragraph) == 1 and at not in headings and not part.is_body:
            least = 1 if depth_of(text_of(part.paragraph)) is not None else SURE_POINTS
            if _points(part.paragraph, part, after.gap, usual) >= least or _pattern(part.paragraph) is not None:
                others.append((at, part.paragraph))
    added = []
    for at, paragraph in others:
        alike = [place for place, other in found if _are_alike(paragraph, other, usual)]
        if len(alike) >= max(LEAST_ALIKE, sum(_are_alike(paragraph, other, usual) for _, other in others)):
            added.append((at, paragraph, alike[0]))
    return added


def _are_alike(one: Paragraph, other: Paragraph, usual: Usual) -> bool:
    """Whether two lines have one form: numbers that nest as deep, the same words but for numbers, or larger letters."""
    if len(one) != 1 or len(other) != 1:
        return False
    words, others = text_of(one), text_of(other)
    number, other_number = number_in(words), number_in(others)
    if number is not None or other_number is not None:
        return number != other_number and number_form(words) == number_form(others)
    if _pattern(one) is not None and _pattern(one) == _pattern(other):
        return True
    sizes = sorted((_size(one, usual), _size(other, usual)))
    are_set_apart = all(_stands_out_in_bold(each, usual) or _size(each, usual) >= LARGER[1][0] for each in (one, other))
    return are_set_apart and sizes[0] >= SAME_SIZE * sizes[1]


def _pattern(paragraph: Paragraph) -> str | None:
    """The words with their numbers taken out; None where there are none."""
    words = without_numbers(text_of(paragraph))
    return None if words is None or _is_ruled_out(paragraph, words, 1.0) else words


def _title_alone(parts: Sequence[Candidate], usual: Usual) -> int | None:
    """The place of the title of a page without running text: the largest letters at its top, above enough words."""
    sizes = [0.0 if part.paragraph is None else _size(part.paragraph, usual) for part in parts]
    first = [at for at in range(min(FIRST_PARTS, len(parts))) if sizes[at] and _is_telling(parts[at])]
    if not first:
        return None
    at = max(first, key=sizes.__getitem__)
    paragraph = parts[at].paragraph
    below = sum(0 < size <= sizes[at] / TITLE_SIZE for size in sizes[at + 1 :])
    is_title = (
        paragraph is not None and sizes[at] >= LARGE and _points(paragraph, parts[at], None, usual) >= LEAST_POINTS
    )
    return at if is_title and below >= LEAST_BELOW else None


def _is_telling(part: Candidate) -> bool:
    return part.paragraph is not None and letters_in(text_of(part.paragraph)) >= LEAST_LETTERS


def _is_sure(paragraph: Paragraph, points: int) -> bool:
    words = text_of(paragraph)
    return points >= SURE_POINTS and (depth_of(words) is not None or is_in_capitals(words))


def _points(paragraph: Paragraph, part: Candidate, gap_below: float | None, usual: Usual) -> int:
    """How much speaks for a heading; 0 where something rules it out."""
    words = text_of(paragraph)
    size = _size(paragraph, usual)
    if _is_ruled_out(paragraph, words, size) or (not _is_marked(paragraph, usual, LARGER[2][0]) and _is_signed(part)):
        return 0
    points = next((points for least, points in LARGER if size >= least), -1 if size < SMALLER else 0)
    is_bold = _stands_out_in_bold(paragraph, usual)
    points += 2 * is_bold
    is_numbered = depth_of(words) is not None and not (begins_address(words) and size < LARGER[1][0])
    points += 2 * (is_numbered or has_usual_name(words))
    points += is_in_capitals(words)
    points += _place(paragraph, part)
    points += part.gap is None or part.gap >= WIDER_PITCH * usual.pitch
    if part.gap is not None and gap_below is not None and part.gap >= NEARER_BELOW * max(gap_below, usual.pitch):
        points += 1 + is_in_title_case(words)
    points -= (2 if is_bold else 3) * words.endswith((".", "。", ",", "，", ";", "；", "、", "-"))
    points -= min(inner_stops(words), 3) if size < LARGE else 0
    points -= 2 * (len(words) > LONG and size < LARGE)
    points -= words.endswith((":", "：")) and size < LARGER[0][0]
    if part.table_gap is not None and part.table_gap < RIGHT_ABOVE * usual.pitch and size < LARGER[1][0]:
        points -= 2
    if size < LARGER[1][0]:
        points -= len(paragraph) > 1
        points -= paragraph[-1].x_max - paragraph[0].x_min > FULL_LINE * (part.right - part.left) > 0
    return points


def _is_ruled_out(paragraph: Paragraph, words: str, size: float) -> bool:
    if len(paragraph) > MOST_LINES or len(words) > MOST_CHARACTERS or any(line.has_cells for line in paragraph):
        return True
    if any(box.score < LEAST_SCORE for line in paragraph for box in line.boxes):
        return True
    if letters_in(words) < LEAST_LETTERS or not are_mostly_letters(words):
        return True
    # Letters of titles may well begin small, in a logo.
    is_small = words[0].islower() and size < LARGE
    return is_small or head_nothing(words) or (size < LARGE and are_names(words))


def _is_signed(part: Candidate) -> bool:
    """Whether it is a name below room for a signature."""
    is_away = part.gap is not None and part.gap >= SIGNED
    return is_away and part.paragraph is not None and are_all_names(text_of(part.paragraph))


def _is_running_head(paragraph: Paragraph, usual: Usual) -> bool:
    words = text_of(paragraph)
    is_usual = _size(paragraph, usual) < LARGER[2][0] and not _stands_out_in_bold(paragraph, usual)
    return is_usual and is_running_head(words)


def _size(paragraph: Paragraph, usual: Usual) -> float:
    letters = sum(len(line.text) for line in paragraph)
    return sum(line.em * len(line.text) for line in paragraph) / max(letters, 1) / usual.em


def _stands_out_in_bold(paragraph: Paragraph, usual: Usual) -> bool:
    strokes = [(stroke, line.em) for line in paragraph if (stroke := line.stroke) is not None]
    if usual.stroke is None or not strokes:
        return False
    # Larger letters have thicker strokes without being bold; bold ones are wider without being larger.
    return all(stroke >= BOLD * usual.stroke * max(1.0, em / usual.em / WIDER_IN_BOLD) for stroke, em in strokes)


def _place(paragraph: Paragraph, part: Candidate) -> int:
    """What its place in the column says: in the middle, at its beginning, or nowhere."""
    left = min(line.x_min for line in paragraph) - part.left
    right = part.right - max(line.x_max for line in paragraph)
    height = paragraph[0].height
    if min(left, right) >= MARGIN_OF_CENTRED * height and abs(left - right) <= height:
        return 1
    return -2 if left > MOST_INDENT * height and right < left else 0


# Levels


def _levels(found: Sequence[tuple[int, Paragraph]], count: int, usual: Usual) -> dict[int, int]:
    if not found:
        return {}
    levels: dict[int, int] = {}
    title = _title(found, count, usual)
    rest = [(at, paragraph) for at, paragraph in found if at != title]
    if title is not None:
        levels[title] = 1
    of_clusters: list[list[tuple[int, Paragraph]]] = []
    for at, paragraph in sorted(rest, key=lambda each: -_size(each[1], usual)):
        if of_clusters and _size(paragraph, usual) >= SAME_SIZE * _size(of_clusters[-1][0][1], usual):
            of_clusters[-1].append((at, paragraph))
        else:
            of_clusters.append([(at, paragraph)])
    level = 1
    for cluster in of_clusters:
        depths = [depth for _, paragraph in cluster if (depth := depth_of(text_of(paragraph))) is not None]
        level = 1 + min(depths) if depths else level + 1
        for at, paragraph in cluster:
            depth = depth_of(text_of(paragraph))
            levels[at] = min(level if depth is None else 1 + depth, DEEPEST)
    is_numbered = any(depth_of(text_of(paragraph)) == 1 for _, paragraph in rest)
    usual_names = [at for at, paragraph in rest if is_numbered and has_usual_name(text_of(paragraph))]
    levels |= dict.fromkeys(usual_names, 2)
    before = 1
    for at, paragraph in found:
        # Nothing begins with an inner heading, unless its number says that it is one.
        if depth_of(text_of(paragraph)) is None:
            levels[at] = min(levels[at], before + 1)
        before = levels[at]
    return levels


def _title(found: Sequence[tuple[int, Paragraph]], count: int, usual: Usual) -> int | None:
    """The place of the page's title: the largest heading, above all others."""
    at, first = found[0]
    size = _size(first, usual)
    others = max((_size(paragraph, usual) for _, paragraph in found[1:]), default=0.0)
    is_above = at <= max(2, TITLE_PART * count)
    is_numbered = depth_of(text_of(first)) is not None
    return at if is_above and not is_numbered and size >= max(TITLE_SIZE, TITLE_LEAD * others) else None
