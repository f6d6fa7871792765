"""Code: lines of a font whose characters are all as wide, that read like a program or a terminal.

A fixed pitch alone is no code (letters were typed on typewriters), and marks of code alone are none either (formulas
have them). Indents become spaces, counted in characters; the numbers that editors write before lines are left out.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.structure.text_lines import CJK, MARGIN, SMALLEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LayoutBox, LineBox
    from ocr_desktop.core.structure.text_lines import TextLine, Usual

LEAST_CHARACTERS = 5
"""The width of fewer characters tells nothing."""
SLACK, SLACK_PART = 0.5, 0.03
"""A line fits a pitch where its width is wrong by no more than so many heights, or this part of it."""
LEAST_LINES, TELLING_CHARACTERS = 2, 8
"""A block has so many lines with so many characters: the pitch of shorter ones fits by chance."""
SURE_FIT, LESS_SPREAD = 0.015, 0.8
"""Lines of one pitch differ by so little; where they differ by more, it is by less than in a font of usual letters."""
OTHER_FONT = 0.06
CODE_PART, CODE_PART_IN_FILL = 0.35, 0.2
"""So many of the lines look like code; fewer where a ground of its own lies behind them."""
FARTHEST = 4.5
"""Lines further apart than so many heights are not of one block."""
AWAY = 1.3
"""A line so many usual steps away from the next one may be another thing."""
SAME_PITCH = 0.05
MOST_BLANK_LINES = 2
TALL = 2.0
"""A box so many times higher than the one behind it holds the numbers of several lines."""
NUMBERED_PART = 0.6
"""Where so many lines begin with a number that counts on, the numbers are the editor's."""
WIDER_SPACE = 1.6
"""A gap between words that is so many characters too wide had more than one space."""
LEAST_KEYS, KEY_PART, STEP = 3, 0.6, 1.5
"""So many lines with keys, with their entries such a part of all, at steps of so many characters, are settings."""

_CODE = re.compile(
    r"""
    [{};]\s*$ | ^\s*[})\]]+[;,)]*\s*$ | \w\([^()\s]*[^()]*\)\s*[:;{,)]*$ | [!=<>]=\s | => | -> | :: | && | \|\|
    | ^\s*(?://|/\*|\#include|\#!|@\w+$|</?\w+[^<]*>|"{3}|'{3}) | ^\s*[\w.\[\]"']+\s*[-+*/|]?=\s*\S
    | ^\s*(?:import\s+[\w.]+$|from\s+[\w.]+\s+import|return\b.*[;()\d]?$|def\s+\w+|class\s+\w+\s*[:({]|else:|try:)
    | \w\.\w+\( | ^\s*(?:"[\w-]+"|'[\w-]+')\s*: | ^\s*[a-z][\w-]*:\s*["'\[{] | ^[-dl](?:[-r][-w][-x]){3}
    """,
    re.VERBOSE,
)
_PROMPT = re.compile(r"^(?:\S+@\S+[:~\s].*[$#%](?:\s|$)|[$#%>]\s+[a-z./~]|>>>\s|[A-Z]:\\.*>|PS\s\w:)")
_KEY = re.compile(r"^(?:-\s+)?[a-z_][\w./-]*:(?:\s+\S.*)?$")
_ENTRY = re.compile(r"^-\s+\S+$")
_NUMBER = re.compile(r"\d{1,5}")
_BACKTICKS = re.compile(r"`+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code, from the top.

    Attributes:
        pitch: How wide a character is, in pixels.
    """

    lines: tuple[TextLine, ...]
    pitch: float

    @property
    def markdown(self) -> str:
        """Fenced, without the name of a language: none is told by the picture."""
        text = "\n".join(_written(self.lines, self.pitch))
        longest = max((len(ticks) for ticks in _BACKTICKS.findall(text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}\n{text}\n{fence}"


def code_in(lines: Sequence[TextLine], usual: Usual, fills: Sequence[LayoutBox] = ()) -> list[TextLine | CodeBlock]:
    """The same lines in the same order, those that are code together."""
    found: list[TextLine | CodeBlock] = []
    # What is behind `floor` was judged; what is behind `done` is in `found`.
    done = floor = at = 0
    while at < len(lines):
        words = _words_of(lines[at])
        pitch = _pitch_of(lines[at]) if may_be_code(words) else None
        if pitch is None:
            at += 1
            continue
        start, end = _without_ends(lines, *_extent(lines, at, floor, pitch), fills)
        block = _judged(lines[start:end], usual, fills)
        if block is not None:
            found += lines[done:start]
            before = found[-1] if found else None
            if isinstance(before, CodeBlock) and abs(before.pitch / block.pitch - 1) <= SAME_PITCH:
                found[-1] = CodeBlock(before.lines + block.lines, before.pitch)
            else:
                found.append(block)
            done = end
        at = floor = end
    return [*found, *lines[done:]]


def _extent(lines: Sequence[TextLine], at: int, floor: int, pitch: float) -> tuple[int, int]:
    """From which line up to which the pitch is the same around a line."""
    start, end = at, at + 1
    while start > floor and _is_near(lines[start - 1], lines[start]) and _fits(lines[start - 1], pitch):
        start -= 1
    while end < len(lines) and _is_near(lines[end - 1], lines[end]):
        # One line that was badly read ends no block.
        if not _fits(lines[end], pitch) and not _is_gap(lines, end, pitch):
            break
        end += 1
    return start, end


def _is_gap(lines: Sequence[TextLine], at: int, pitch: float) -> bool:
    """Whether a line that looks like code, is short, or lost spaces was badly read: the next ones are of the block."""
    words = _words_of(lines[at])
    looks = looks_like_code(words)
    after = lines[at + 1 : at + (2 if looks else 3)]
    if not after or not all(_fits(line, pitch) for line in after):
        return False
    is_short = len(words) < TELLING_CHARACTERS
    return looks or (len(after) > 1 and (is_short or _lost_spaces(lines[at - 1], lines[at], after[0])))


def _lost_spaces(before: TextLine, line: TextLine, after: TextLine) -> bool:
    """Whether a line's words have the pitch of those above it, and it stands as near to them as to those below."""
    pitches = _pitch_of_words(before), _pitch_of_words(line)
    steps = line.middle - before.middle, after.middle - line.middle
    return (
        min(pitches) > SMALLEST
        and max(pitches) <= (1 + SAME_PITCH) * min(pitches)
        and 0 < max(steps) <= AWAY * min(steps)
    )


def _pitch_of_words(line: TextLine) -> float:
    """How wide its characters are within words, whatever lies between those."""
    words = [(box, word) for box in line.boxes if len(box.edges) > len(box.text) for word in _WORD.finditer(box.text)]
    wide = sum((box.edges[word.end()] - box.edges[word.start()]) * box.width for box, word in words)
    return max(wide, 1e-9) / max(sum(len(word[0]) for _, word in words), 1)


def _without_ends(lines: Sequence[TextLine], start: int, end: int, fills: Sequence[LayoutBox]) -> tuple[int, int]:
    """The extent without a line of words at its ends that stands apart: the name on a tab, a status line."""
    if end - start > LEAST_LINES and _stands_apart(lines[start], lines[start + 1 : end], fills):
        start += 1
    if end - start > LEAST_LINES and _stands_apart(lines[end - 1], lines[start : end - 1][::-1], fills):
        end -= 1
    return start, end


def _stands_apart(line: TextLine, others: Sequence[TextLine], fills: Sequence[LayoutBox]) -> bool:
    """Whether a line belongs to none of the others, of which the first is next to it."""
    if looks_like_code(_words_of(line)):
        return False
    steps = [abs(after.middle - before.middle) for before, after in itertools.pairwise(others)]
    is_away = abs(others[0].middle - line.middle) > AWAY * (median(steps) if steps else line.height)
    # Code comes back to where it began; the ground of one line alone is that of the line with the cursor.
    is_left = all(other.x_min - line.x_min >= line.height for other in others)
    ground, grounds = _grounds(line, fills), [_grounds(other, fills) for other in others]
    has_own_ground = bool(ground) and all(ground.isdisjoint(other) for other in grounds)
    lacks_ground = bool(set.intersection(*grounds) - ground)
    return lacks_ground or (is_away and (is_left or has_own_ground))


def _grounds(line: TextLine, fills: Sequence[LayoutBox]) -> set[int]:
    """The fills that a line lies on, by their places."""
    return {
        at
        for at, fill in enumerate(fills)
        if fill.y_min <= line.middle <= fill.y_max and fill.x_min <= line.x_min <= fill.x_max
    }


def _judged(lines: Sequence[TextLine], usual: Usual, fills: Sequence[LayoutBox]) -> CodeBlock | None:
    """Lines of one pitch as code, where enough of them read like code."""
    letters = [line for line in lines if not _NUMBER.fullmatch(line.text)]
    telling = [
        (pitch, line.em)
        for line in letters
        if max(len(box.text) for box in line.boxes) >= TELLING_CHARACTERS and (pitch := _pitch_of(line)) is not None
    ]
    is_filled = _lie_in_one(lines, fills)
    if len(telling) < LEAST_LINES or not _reads_like_code(letters, CODE_PART_IN_FILL if is_filled else CODE_PART):
        return None
    pitches, ems = [pitch for pitch, _ in telling], [em for _, em in telling]
    misfit, misfit_of_letters = _spread(pitches), _spread(ems)
    if misfit > SURE_FIT and misfit > LESS_SPREAD * misfit_of_letters:
        return None
    # Lines that are much alike fit anything; those of another font than the text's were set apart.
    is_other = abs(median(ems) / usual.em - 1) >= OTHER_FONT
    if misfit_of_letters <= SURE_FIT and not (is_other or is_filled):
        return None
    return CodeBlock(tuple(lines), median(pitches))


def _reads_like_code(lines: Sequence[TextLine], least: float) -> bool:
    """Whether lines of one pitch have a prompt, such a part of them looks like code, or they are keys at steps."""
    texts = [_words_of(line) for line in lines]
    count = sum(map(looks_like_code, texts))
    if any(map(_PROMPT.match, texts)) or count >= max(LEAST_LINES, least * len(lines)):
        return True
    keys = [line for line, text in zip(lines, texts, strict=True) if _KEY.match(text)]
    if len(keys) < LEAST_KEYS or len(keys) + sum(map(bool, map(_ENTRY.match, texts))) < KEY_PART * len(lines):
        return False
    lefts = [line.x_min for line in keys]
    return max(lefts) - min(lefts) >= STEP * min(line.character_width for line in keys)


def _words_of(line: TextLine) -> str:
    """The text of a line without the number that an editor writes before it."""
    if len(line.boxes) > 1 and _is_number(line.boxes):
        return " ".join(box.text for box in line.boxes[1:])
    return line.text


def _is_number(boxes: Sequence[LineBox]) -> bool:
    """Whether boxes begin with a number, or with several below each other that were found in one box."""
    return _NUMBER.fullmatch(boxes[0].text) is not None or _is_tall(boxes)


def _is_tall(boxes: Sequence[LineBox]) -> bool:
    return boxes[0].text.isdecimal() and boxes[0].height >= TALL * boxes[-1].height


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return sum(abs(value - middle) for value in values) / middle / len(values)


def looks_like_code(text: str) -> bool:
    """Whether a line reads like a program or a terminal; alone that says nothing."""
    return _CODE.search(text) is not None or _PROMPT.match(text) is not None


def may_be_code(text: str) -> bool:
    """Whether code may be found around a line: it looks like some, or like a key of a configuration."""
    return looks_like_code(text) or _KEY.match(text) is not None


def _lie_in_one(lines: Sequence[TextLine], fills: Sequence[LayoutBox]) -> bool:
    top, bottom = lines[0].middle, lines[-1].middle
    left = min(line.x_min for line in lines)
    return any(fill.y_min <= top and bottom <= fill.y_max and fill.x_min <= left <= fill.x_max for fill in fills)


# The pitch


def _pitch_of(line: TextLine) -> float | None:
    """How wide its characters are; None where there are too few to tell, or where it runs upwards."""
    box = max(line.boxes, key=lambda box: len(box.text))
    count = _columns(box.text)
    return (box.width - MARGIN * box.height) / count if count >= LEAST_CHARACTERS and not _is_upright(box) else None


def _fits(line: TextLine, pitch: float) -> bool:
    for box in line.boxes[1:] if len(line.boxes) > 1 and _is_number(line.boxes) else line.boxes:
        if _is_upright(box):
            return False
        width = pitch * _columns(box.text) + MARGIN * box.height
        slack = SLACK * box.height + (SLACK_PART * width if len(box.text) >= LEAST_CHARACTERS else pitch)
        if abs(box.width - width) > slack:
            return False
    return True


def _is_upright(box: LineBox) -> bool:
    """Whether so many characters stand in a box higher than wide: they run upwards."""
    return len(box.text) >= LEAST_CHARACTERS and box.height >= box.width


def _is_near(before: TextLine, after: TextLine) -> bool:
    return abs(after.middle - before.middle) <= FARTHEST * max(before.height, after.height)


def _columns(text: str) -> int:
    """How many characters wide a text is; Chinese ones count twice."""
    return len(text) + sum(1 for character in text if CJK.match(character))


# The text


def _written(lines: Sequence[TextLine], pitch: float) -> list[str]:
    rows = _without_numbers(lines)
    filled = [row for row in rows if row]
    lefts = sorted(words[0][0] for row in filled if (words := _words(row[0])))
    # Boxes have margins by chance: the middle one of those that begin where the first does.
    left = median([x for x in lefts if x - lefts[0] < 0.6 * pitch]) if lefts else 0.0
    # Before the last box may stand several numbers in one.
    steps = [after.boxes[-1].middle - before.boxes[-1].middle for before, after in itertools.pairwise(lines)]
    usual = median(steps) if steps else 1.0
    texts: list[str] = []
    for at, row in enumerate(rows):
        if at and usual > 0:
            blank = min(round(steps[at - 1] / usual) - 1, MOST_BLANK_LINES)
            texts += [""] * blank
        texts.append(_row_text(row, left, pitch))
    while texts and not texts[0]:
        del texts[0]
    while texts and not texts[-1]:
        del texts[-1]
    return texts


def _row_text(row: Sequence[LineBox], left: float, pitch: float) -> str:
    text = ""
    for box in row:
        for start, word in _words(box):
            wanted = round((start - left) / pitch)
            spaces = wanted - _columns(text)
            if text and spaces < 1 + WIDER_SPACE:
                spaces = 1
            text += " " * spaces + word
    return text


def _words(box: LineBox) -> list[tuple[float, str]]:
    """The words of a line and where each begins, in pixels."""
    count = len(box.text)
    starts = [box.x_min + edge * box.width for edge in box.edges]
    if len(starts) <= count:
        margin = MARGIN / 2 * box.height
        step = (box.width - 2 * margin) / max(count, 1)
        starts = [box.x_min + margin + index * step for index in range(count)]
    return [(starts[word.start()], word[0]) for word in _WORD.finditer(box.text)]


def _without_numbers(lines: Sequence[TextLine]) -> list[Sequence[LineBox]]:
    """The boxes of each line, without the number that an editor writes before it."""
    tall = [line.boxes[0] for line in lines if _is_tall(line.boxes)]
    known = [
        int(line.boxes[0].text) for line in lines if _NUMBER.fullmatch(line.boxes[0].text) and not _is_tall(line.boxes)
    ]
    counts_on = all(after > before for before, after in itertools.pairwise(known))
    count = sum(not any(box.y_min <= line.boxes[-1].middle <= box.y_max for box in tall) for line in lines)
    if not counts_on or len(known) < max(LEAST_LINES, NUMBERED_PART * count):
        return [line.boxes for line in lines]
    return [line.boxes[1:] if _is_number(line.boxes) else line.boxes for line in lines]
