"""Headings: which paragraphs are some, and on which level.

No single sign makes one. Larger or bolder letters, a number, capitals, a place in the middle and room above are points;
a full stop, a small first letter and a full line are points against it. What nothing follows heads nothing, and where
no text runs over lines (a chat, a receipt, a label) there is no body that letters could be larger than: there the page
may have a title, and no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.paragraphs import text_of
from ocr_desktop.core.text_lines import CJK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.paragraphs import Paragraph
    from ocr_desktop.core.text_lines import Usual

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
MARGIN_OF_CENTRED = 1.5
"""A centred line has so many heights free on both sides, alike within one height:"""
MOST_INDENT = 2.0
FULL_LINE = 0.9

_NUMBERED = re.compile(
    r"""
    (?:§\s*)?(?P<digits>\d{1,2}(?:\.\d{1,2}){0,4})(?P<stop>[.．、]?)\s*(?P<behind>[^\W\d_]|["“(（《「])
    | (?P<chapter>(?i:chapter|section|part|appendix|kapitel|abschnitt|teil|chapitre|partie|cap[ií]tulo)\s+
        (?:\d+|[A-Z]|[IVX]+)\b)
    | (?P<cjk>第[一二三四五六七八九十百\d]{1,4}[章节節篇部条條] | [一二三四五六七八九十]{1,3}、)
    | (?P<cjk_second>[(（][一二三四五六七八九十]{1,3}[)）])
    | (?P<roman>[IVX]{1,5}\.\s+[A-Z])
    """,
    re.VERBOSE,
)
_USUAL_NAMES = re.compile(
    r"(?:abstract|introduction|background|methods?|materials and methods|results|discussion|conclusions?|references|"
    r"bibliography|acknowledge?ments?|appendix|contents|table of contents|summary|keywords|preface|index|"
    r"zusammenfassung|einleitung|literatur|inhalt|résumé|sommaire|摘要|引言|目录|目錄|前言|结论|參考文獻|参考文献|致谢|附录|概述)"
    r"\s*[:：]?",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\d{1,4}[a-zA-Z]?\s[^\W\d_][^,]*,\s")
"""How an address begins, which looks like a heading with a number."""
_NAMES = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*[\d¹²³*†‡§,]*|and|und|et|y|&|van|von|de|der|den|la|di)(?:\s+(?=\S)|\Z)")
_MARK_OF_NAME = re.compile(r"[^\W\d_][\d¹²³*†‡§]|(?:^|\s)[A-Z]\.\s.*(?:,|and|und|et|y|&)\s")
"""A raised number behind a name, which tells where the author works, or initials of several."""
_INNER_STOP = re.compile(r"[，。；;？！]|[.?!]\s+[A-Z]|,\s")
"""Stops inside a sentence; headings have few."""
_LETTER = re.compile(r"[^\W\d_]")
_NO_HEADING = re.compile(
    r"[=∑∫√≤≥±×÷∂∇≈]|^[(（\[](?![一二三四五六七八九十])|^(?:listing|algorithm|figure|table)\s*\d", re.IGNORECASE
)
"""Formulas, remarks in brackets, the names of listings."""
_ADDRESS = re.compile(r"\w@\w|https?:|www\.", re.IGNORECASE)
_ENTRY_OF_CONTENTS = re.compile(r"[.…·]{2,}\s*\w{0,6}\s*\Z|[.…·]\s+\d{1,4}\s*\Z")


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
    largest = max((_size(each, usual) for each in paragraphs if _letters(text_of(each)) >= LEAST_LETTERS), default=0.0)
    if sum(len(each) for each in paragraphs) < LEAST_LINES and all(part.paragraph for part in parts):
        return {}
    found: list[tuple[int, Paragraph]] = []
    has_body = next_is_body = False
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        gap_below = parts[at + 1].gap if at + 1 < len(parts) else None
        points = 0 if part.paragraph is None else _points(part.paragraph, part, gap_below, usual)
        if part.paragraph is not None and has_body and points >= LEAST_POINTS:
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
    if not found:
        title = _title_alone(parts, usual)
        return {} if title is None else {title: 1}
    return _levels(found[::-1], len(parts), usual)


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
    return part.paragraph is not None and _letters(text_of(part.paragraph)) >= LEAST_LETTERS


def _is_sure(paragraph: Paragraph, points: int) -> bool:
    words = text_of(paragraph)
    return points >= SURE_POINTS and (_depth(words) is not None or _is_in_capitals(words))


def _points(paragraph: Paragraph, part: Candidate, gap_below: float | None, usual: Usual) -> int:
    """How much speaks for a heading; 0 where something rules it out."""
    words = text_of(paragraph)
    size = _size(paragraph, usual)
    if _is_ruled_out(paragraph, words, size):
        return 0
    points = next((points for least, points in LARGER if size >= least), -1 if size < SMALLER else 0)
    is_bold = _is_bold(paragraph, usual)
    points += 2 * is_bold
    is_numbered = _depth(words) is not None and not (_HOUSE.match(words) and size < LARGER[1][0])
    points += 2 * (is_numbered or _USUAL_NAMES.fullmatch(words) is not None)
    points += _is_in_capitals(words)
    points += _place(paragraph, part)
    points += part.gap is None or part.gap >= WIDER_PITCH * usual.pitch
    if part.gap is not None and gap_below is not None and part.gap >= NEARER_BELOW * max(gap_below, usual.pitch):
        points += 1 + _is_in_title_case(words)
    points -= (2 if is_bold else 3) * words.endswith((".", "。", ",", "，", ";", "；", "、", "-"))
    points -= min(len(_INNER_STOP.findall(words)), 3) if size < LARGE else 0
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
    if _letters(words) < LEAST_LETTERS or len(_LETTER.findall(words)) * 2 < len(words.replace(" ", "")):
        return True
    # Letters of titles may well begin small, in a logo.
    is_small = words[0].islower() and size < LARGE
    return (
        is_small
        or _NO_HEADING.search(words) is not None
        or _ADDRESS.search(words) is not None
        or _ENTRY_OF_CONTENTS.search(words) is not None
        or (size < LARGE and _are_names(words))
    )


def _are_names(words: str) -> bool:
    """Whether these are the names of authors, as they stand below a title."""
    return _MARK_OF_NAME.search(words) is not None and not _NAMES.sub("", words)


def _letters(words: str) -> int:
    return sum(2 if CJK.match(letter) else 1 for letter in _LETTER.findall(words))


def _size(paragraph: Paragraph, usual: Usual) -> float:
    letters = sum(len(line.text) for line in paragraph)
    return sum(line.em * len(line.text) for line in paragraph) / max(letters, 1) / usual.em


def _is_bold(paragraph: Paragraph, usual: Usual) -> bool:
    strokes = [(stroke, line.em) for line in paragraph if (stroke := line.stroke) is not None]
    if usual.stroke is None or not strokes:
        return False
    # Larger letters have thicker strokes without being bold; bold ones are wider without being larger.
    return all(stroke >= BOLD * usual.stroke * max(1.0, em / usual.em / WIDER_IN_BOLD) for stroke, em in strokes)


def _is_in_capitals(words: str) -> bool:
    letters = _LETTER.findall(words)
    return len(letters) >= 4 and words.upper() == words and words.lower() != words


def _is_in_title_case(words: str) -> bool:
    long_words = [word for word in words.split() if len(word) >= LEAST_LETTERS]
    return len(long_words) > 1 and all(word[0].isupper() for word in long_words)


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
        depths = [depth for _, paragraph in cluster if (depth := _depth(text_of(paragraph))) is not None]
        level = 1 + min(depths) if depths else level + 1
        for at, paragraph in cluster:
            depth = _depth(text_of(paragraph))
            levels[at] = min(level if depth is None else 1 + depth, DEEPEST)
    is_numbered = any(_depth(text_of(paragraph)) == 1 for _, paragraph in rest)
    usual_names = [at for at, paragraph in rest if is_numbered and _USUAL_NAMES.fullmatch(text_of(paragraph))]
    levels |= dict.fromkeys(usual_names, 2)
    before = 1
    for at, paragraph in found:
        # Nothing begins with an inner heading, unless its number says that it is one.
        if _depth(text_of(paragraph)) is None:
            levels[at] = min(levels[at], before + 1)
        before = levels[at]
    return levels


def _title(found: Sequence[tuple[int, Paragraph]], count: int, usual: Usual) -> int | None:
    """The place of the page's title: the largest heading, above all others."""
    at, first = found[0]
    size = _size(first, usual)
    others = max((_size(paragraph, usual) for _, paragraph in found[1:]), default=0.0)
    is_above = at <= max(2, TITLE_PART * count)
    is_numbered = _depth(text_of(first)) is not None
    return at if is_above and not is_numbered and size >= max(TITLE_SIZE, TITLE_LEAD * others) else None


def _depth(words: str) -> int | None:
    """How deep the heading's number says that it is nested, from 1; None where it has none."""
    found = _NUMBERED.match(words)
    if found is None:
        return None
    if found["digits"]:
        behind = found["behind"]
        return found["digits"].count(".") + 1 if not behind.islower() else None
    return 2 if found["cjk_second"] else 1
