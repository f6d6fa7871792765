"""Lines of a column put together into paragraphs, and no more than that: what may be two things stays two.

Two lines are one paragraph where they stand as close as most lines of this page do, have the same size, and the first
was full: had the next line's first word fitted behind it, somebody wanted a new line there. Cells beside each other
make one paragraph a row.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ocr_desktop.core.structure.text_lines import (
    CJK,
    HYPHENATED,
    MARKER,
    TextLine,
    goes_on,
    is_below,
    is_same_size,
    words_left,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.structure.text_lines import Usual

WIDER_PITCH = 1.3
"""Lines further apart than so many times the usual are two paragraphs."""
MOST_PITCH = 2.2
"""And so are lines further apart than so many line heights, whatever is usual."""
OTHER_EM, OTHER_HEIGHT, SURELY_OTHER_EM = 1.18, 1.1, 1.4
"""Letters so many times larger are another paragraph's, where there are enough of them to tell and their boxes are
higher too; what is so much wider is another font, whatever its height."""
OTHER_STROKE = 1.28
"""And so are strokes so many times as thick: a bold line above its text."""
MOST_HEIGHT = 1.55
"""Boxes of one sentence differ by no more than this, where one is short."""
LEAST_TELLING = 6
LARGE, LARGER, MOST_LARGE_LINES = 1.3, 1.12, 4
CENTRED, LEAST_OF_BROKEN = 1.0, 20
"""Lines about one middle differ by no more than so many heights; a title's line with so many characters was broken."""
INDENT = 0.8
"""A line that begins so many heights further right begins a paragraph."""
SLACK_CHARACTERS = 1.5
SLACK_CHARACTERS_CJK, SLACK_WITHIN = 2.5, 5.0
"""A line of Chinese may end a character early, so that no punctuation begins the next; within a sentence a new line is
a matter of hyphens and margins."""
FULL_CHARACTERS = 2.0
"""A justified line ends no more than so many characters before the edge."""
LONGEST_FIRST = 10
"""So many characters are enough for the first word of a compound and what stands before it."""
MOST_OVERLONG, OVERLONG = 0.15, 2.0
"""So many of the lines may end so many heights further right than the others."""
MOST_LOOSE = 5.0
"""Words of a justified line stand no more than so many heights apart."""
NARROW = 14.0
"""Two lines in a column no wider than this, in heights, that both begin with a capital are two things."""

SLIP = re.compile(r"[.oe0°。]\s+[^\W\d_]")
"""What recognition makes of bullets; two lines that begin so are two items."""
LABELLED = re.compile(r"[^\W\d_a-z][^:：.]{0,24}[:：](?!\d|//)\s*\S|b?cc:\s*\S")
"""A label and its value: two lines that begin so are two rows of a form."""

STAMP = re.compile(
    r"[\[(]?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.](?:\d{1,2}|[A-Z][a-z]{2})[/.]\d{2,4}|[A-Z][a-z]{2}\s+\d{1,2})"
    r"[T\s,:]*\d{1,2}:\d{2}"
)
"""A date and a time, as each line of a log begins."""
_LONE_WORD = re.compile(r"[a-z]\w{0,20}")

_COMPOUND = re.compile(
    r"(?:^|[\s(“\"'])(?:cross|first|free|full|half|high|large|long|low|non|open|second|self|short|small|third|well|"
    r"two|three|four|five|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[-‐]\Z",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"(?:age|brow|com|e[nrs]|est|fold|hand|hood|ing|ish|jack|land|less|ly|light|ness|sense|ship|teen|way)[a-z]{0,4}\b"
    r"|\w{1,3}\b"
)
"""What stands behind such a word within a longer one: "high-/light", "self-/ish", "four-/teen"."""

Paragraph = list[TextLine]
"""Lines that are read as one, from the top; at least one."""


def paragraphs_of(lines: Sequence[TextLine], usual: Usual) -> list[Paragraph]:
    """The paragraphs of lines below each other; every line is in exactly one."""
    return [group for stack in _stacks(lines, usual) for group in _split_by_size(stack, usual)]


def _split_by_size(stack: list[TextLine], usual: Usual) -> list[Paragraph]:
    """Large letters right below each other are one title, wherever its lines break, as are bold ones in the middle."""
    if len(stack) > MOST_LARGE_LINES or any(MARKER.match(line.text) for line in stack):
        return _split(stack)
    is_large = all(line.em >= LARGE * usual.em for line in stack)
    return [stack] if is_large or _is_centred_title(stack, usual) else _split(stack)


def _is_centred_title(stack: Sequence[TextLine], usual: Usual) -> bool:
    """Whether bold or larger lines stand about one middle and each goes on in the next."""
    is_set_off = all(_is_bold(line, usual) or line.em >= LARGER * usual.em for line in stack)
    return is_set_off and all(
        abs(before.centre - after.centre) <= CENTRED * before.height
        and abs(before.x_min - after.x_min) > CENTRED * before.height
        and (len(before.text) >= LEAST_OF_BROKEN or after.text[:1].islower())
        for before, after in itertools.pairwise(stack)
    )


def _is_bold(line: TextLine, usual: Usual) -> bool:
    stroke = line.stroke
    return stroke is not None and usual.stroke is not None and stroke >= OTHER_STROKE * usual.stroke


def joined(texts: Sequence[str]) -> str:
    """The text of lines that are one paragraph: a broken word is mended, Chinese and Japanese get no space.

    A compound keeps its hyphen where its first word is one of those that usually make compounds.
    """
    pieces: list[str] = []
    # The last two characters of all pieces: looking at the whole for each line would take quadratic time.
    end = ""
    for text in filter(None, texts):
        piece = text
        if HYPHENATED.fullmatch(end) and text[0].islower():
            if not (_COMPOUND.search(pieces[-1][-LONGEST_FIRST:]) and not _ENDING.match(text)):
                pieces[-1], end = pieces[-1][:-1], end[:-1]
        elif end and not CJK.match(end[-1]) and not CJK.match(text[0]):
            piece = " " + text
        pieces.append(piece)
        end = (end + piece)[-2:]
    return "".join(pieces)


def text_of(paragraph: Sequence[TextLine]) -> str:
    return joined([line.text for line in paragraph])


def _stacks(lines: Sequence[TextLine], usual: Usual) -> list[list[TextLine]]:
    """Runs of lines that could be one paragraph by their place and size."""
    stacks: list[list[TextLine]] = []
    for line in lines:
        if stacks and _fits_below(stacks[-1], line, usual):
            stacks[-1].append(line)
        else:
            stacks.append([line])
    return stacks


def _fits_below(stack: list[TextLine], after: TextLine, usual: Usual) -> bool:
    before = stack[-1]
    if (before.has_cells and len(stack) < 2) or (after.has_cells and not _is_loose(before, after)):
        return False
    if not is_below(before, after) or not (is_same_size(before, after) or _is_rest(before, after)):
        return False
    if _is_other_font(before, after):
        return False
    ratio = (after.middle - before.middle) / min(before.height, after.height)
    pitch = max(usual.pitch, usual.pitch_within) if goes_on(before, after) else usual.pitch_within
    return ratio <= min(pitch * WIDER_PITCH, MOST_PITCH)


def _is_rest(before: TextLine, after: TextLine) -> bool:
    """Whether a line is the rest of a sentence, whose box is higher by chance."""
    return goes_on(before, after) and _ratio_of_heights(before, after) <= MOST_HEIGHT


def _is_loose(before: TextLine, after: TextLine) -> bool:
    """Whether a line of words far apart goes on with the line above it, as one that was justified."""
    edges = abs(before.x_max - after.x_max), abs(before.x_min - after.x_min)
    gaps = [other.x_min - one.x_max for one, other in itertools.pairwise(after.boxes)]
    return (
        after.text[:1].islower()
        and max(edges) <= INDENT * after.height
        and max(gaps) <= MOST_LOOSE * after.height
        and not CJK.search(after.text)
    )


def _is_other_font(before: TextLine, after: TextLine) -> bool:
    if (
        min(len(before.text), len(after.text)) < LEAST_TELLING
        or goes_on(before, after)
        or _is_broken_word(before, after)
    ):
        return False
    ratio = max(before.em, after.em) / min(before.em, after.em)
    if ratio > SURELY_OTHER_EM or (ratio > OTHER_EM and _ratio_of_heights(before, after) > OTHER_HEIGHT):
        return True
    strokes = (before.stroke, after.stroke)
    return None not in strokes and max(strokes) > OTHER_STROKE * min(strokes)  # type: ignore[type-var, operator]


def _is_broken_word(before: TextLine, after: TextLine) -> bool:
    return HYPHENATED.search(before.text) is not None and after.text[:1].islower()


def _ratio_of_heights(before: TextLine, after: TextLine) -> float:
    return max(before.height, after.height) / min(before.height, after.height)


def _split(stack: list[TextLine]) -> list[Paragraph]:
    """The paragraphs of a stack of lines."""
    left = min(line.x_min for line in stack)
    right = _right_edge(stack)
    if _is_list(stack, left, right):
        return [[line] for line in stack]
    groups = [[stack[0]]]
    for before, after in itertools.pairwise(stack):
        has_ended = _had_room(before, after, right)
        if _hangs(groups[-1], after) and not (has_ended and after.text[:1].isupper()):
            groups[-1].append(after)
        elif has_ended or _begins(groups[-1], before, after, left):
            groups.append([after])
        else:
            groups[-1].append(after)
    return groups


def _right_edge(stack: list[TextLine]) -> float:
    """Where full lines end; a few that were found together with what stands beside them reach further."""
    ends = sorted((line.x_max for line in stack), reverse=True)
    most = int(len(ends) * MOST_OVERLONG)
    overlong = [at + 1 for at in range(most) if ends[at] - ends[at + 1] > OVERLONG * stack[0].height]
    return ends[overlong[-1]] if overlong else ends[0]


def _is_list(stack: list[TextLine], left: float, right: float) -> bool:
    """Whether each line is a thing of its own: verses, an address, a column of names or numbers.

    In running text some lines begin with a small letter, and lines hold more than one word.
    """
    if len(stack) < 2 or any(CJK.search(line.text) for line in stack):
        return False
    if all(" " not in line.text for line in stack):
        return not HYPHENATED.search(stack[0].text)
    if any(line.text[:1].islower() for line in stack[1:]):
        return False
    is_full = all(right - line.x_max <= FULL_CHARACTERS * line.character_width for line in stack[:-1])
    is_narrow = right - left < NARROW * stack[0].height
    return is_narrow or (len(stack) > 2 and not is_full)


def _hangs(group: list[TextLine], after: TextLine) -> bool:
    """Whether a line is the second of a list's item, set in below its marker."""
    first = group[0]
    mark = MARKER.match(first.text)
    if len(group) > 1 or mark is None or MARKER.match(after.text):
        return False
    step = INDENT * first.height
    # What is set in beyond the item's words stands under it and is no more of them.
    return first.x_min + step <= after.x_min < words_left(first, mark.end()) + 2 * step


def _begins(group: list[TextLine], before: TextLine, after: TextLine, left: float) -> bool:
    """Whether a line begins a paragraph by its marker or its indent."""
    if MARKER.match(after.text) or STAMP.match(after.text) or _is_value(before, after):
        return True
    if _both_match(SLIP, group[0], after) or _both_match(LABELLED, group[0], after):
        return True
    step = INDENT * min(before.height, after.height)
    if after.x_min - before.x_min >= step:
        # No sentence begins with a small letter: the lines of a heading hang below its number.
        # Nor does one begin behind half a sentence: the lines of a reference hang below its first.
        is_open = len(before.text) > LEAST_OF_BROKEN and before.text[-1:] in ",:;-–&"
        return not (after.text[:1].islower() or is_open) and before.x_min - left < step
    return before.x_min - after.x_min >= step and len(group) > 1


def _is_value(before: TextLine, after: TextLine) -> bool:
    """Whether a sentence has ended and a word that begins none stands below it: what is chosen there."""
    return before.text[-1:] in ".!?" and _LONE_WORD.fullmatch(after.text) is not None


def _both_match(pattern: re.Pattern[str], first: TextLine, after: TextLine) -> bool:
    return pattern.match(first.text) is not None and pattern.match(after.text) is not None


def _had_room(before: TextLine, after: TextLine, right: float) -> bool:
    """Whether the next line's first word, or character, would have fitted behind this line."""
    if _is_broken_word(before, after):
        return False
    is_cjk = bool(CJK.match(after.text[:1]))
    characters = 1 if is_cjk else len(after.text.partition(" ")[0])
    slack = SLACK_CHARACTERS_CJK if is_cjk else SLACK_CHARACTERS
    if goes_on(before, after):
        slack = SLACK_WITHIN
    return right - before.x_max > (characters + slack) * after.character_width
