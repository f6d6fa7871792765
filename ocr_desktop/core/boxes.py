"""Lists of boxes as a model writes them: what in them is a box, what is damage, and what are words.

A list is `[[x1, y1, x2, y2], …]`. Only a closed bracket of exactly four numbers is a box; nothing is ever completed.
Numbers are taken as they come: corners unsorted, not clipped. Nothing is evaluated, and time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.geometry import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

Corners = tuple[Number, Number, Number, Number]
"""The four numbers of a box as they came: x and y of one corner, x and y of another."""

BOX_NUMBERS = 4
LETTER = r"[^\W\d_]"
WORD = re.compile(rf"{LETTER}{{2,}}|(?![ -~]){LETTER}")
"""What among numbers is a word: a single Latin letter there is a slip of the model's."""

_NUMBER_FORM = r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?"
_ROW = rf"\[\s*+{_NUMBER_FORM}(?:\s*+,\s*+{_NUMBER_FORM}){{3}}\s*+\]"
_ROWS = rf"\s*+{_ROW}(?:\s*+,?\s*+{_ROW})*+\s*+"
_USUAL = re.compile(r"\[\[([0-9]{1,6}), ([0-9]{1,6}), ([0-9]{1,6}), ([0-9]{1,6})\]\]")
_CLEAN = re.compile(rf"\s*+\[{_ROWS}\]\s*+")
_CLEAN_WITHOUT_OUTER = re.compile(_ROWS)
_NOTHING = re.compile(r"\s*+\[\s*+(?:\[\s*+\])?\s*+\]\s*+")
_MORE_ROWS = re.compile(rf"(?:\s*+,?\s*+{_ROW})*+")
_MORE_LISTS = re.compile(rf"(?:\s*+,?\s*+\[{_ROWS}\])*+")
_CLOSED_TOO_OFTEN = re.compile(r"[\])}]*+")
_SEPARATORS = re.compile(r"[\s,;]*+")
_ANY_ROW = re.compile(r"([\[({]++)([^\[\](){}]*+)([\])}]?)")
_NUMBERS_AND_BRACKETS = re.compile(r"[-0-9.,;\s\[\](){}]*+")
_PIECE = re.compile(r"[\[({\])}]|[-.\w]++")
_NUMBER = re.compile(rf"({_NUMBER_FORM})\.?")
_DIGIT = re.compile(r"[0-9]")
_DIGITS = re.compile(r"[0-9]++")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_OTHER_SIGN = re.compile(r"[^\w\s\[\](){}.,;:<-]")
"""What never stands in a list of boxes, not even by a slip, and often in a formula."""
_BETWEEN_BRACKETS = re.compile(r"[^\[\](){}]+")
_OPENING = "[({"
_CLOSING = "])}"


@dataclass(frozen=True, slots=True)
class BoxList:
    """A list of boxes as it was read.

    Attributes:
        boxes: Every bracket of exactly four numbers, in order.
        is_clean: Whether it is written as it should be.
        words: What is neither a box nor damage to one, each stretch with where in the list it stands.
    """

    boxes: tuple[Corners, ...]
    is_clean: bool
    words: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """What stands in one outermost bracket; without a box in it, one that nothing opened counts as well."""

    start: int
    end: int
    has_box: bool


def read_list(body: str, *, needs_outer: bool = True) -> BoxList:
    """A list of boxes with all that stands in it.

    Missing commas, stray signs and letters, and brackets of another kind are passed over, and make the list unclean.
    A number that something else is glued to, or of more than six digits, spoils its bracket. `needs_outer`: whether a
    list without its outer brackets is unclean.
    """
    usual = _USUAL.fullmatch(body)
    if usual is not None:
        x_0, y_0, x_1, y_1 = usual.groups()
        return BoxList(((int(x_0), int(y_0), int(x_1), int(y_1)),), True, ())
    boxes, groups = _boxes_and_groups(body)
    is_clean = _CLEAN.fullmatch(body) or (not needs_outer and _CLEAN_WITHOUT_OUTER.fullmatch(body))
    return BoxList(tuple(boxes), bool(boxes) and bool(is_clean), tuple(_words(body, groups)))


def read_boxes(body: str) -> tuple[tuple[Corners, ...], bool]:
    """The boxes of a list, and whether it is as it should be."""
    found = read_list(body)
    return found.boxes, found.is_clean


def says_none(body: str) -> bool:
    """Whether a list of boxes is whole and empty: the model found nothing."""
    return _NOTHING.fullmatch(body) is not None


def list_end(body: str) -> int:
    """Where a list ends that no tag closes; what stands behind it is content.

    That is where its outermost bracket closes, or behind its last box; where no box stands, all of it is content if
    there are words in it.
    """
    for at, depth, box in _brackets(body):
        if box:
            return _outer_end(body, at + 1, depth) if depth > 0 else _end_without_outer(body, at + 1)
    return 0 if _without_box(body, _boxes_and_groups(body)[1]) else len(body)


def _end_without_outer(body: str, at: int) -> int:
    more = _MORE_ROWS.match(body, at)
    at = at if more is None else more.end()
    return _behind(_CLOSED_TOO_OFTEN, body, at)


def _outer_end(body: str, at: int, depth: int) -> int:
    """Where a list ends that has `depth` brackets open behind its first box, which ends at `at`."""
    while depth > 0:
        at = _behind(_SEPARATORS, body, at)
        if at < len(body) and body[at] in _CLOSING:
            at, depth = at + 1, depth - 1
            continue
        row = _ANY_ROW.match(body, at)
        if row is None or not _is_row(row):
            rest = body[at:]
            goes_on = rest.count(",") >= BOX_NUMBERS - 1 and _NUMBERS_AND_BRACKETS.fullmatch(rest)
            return len(body) if goes_on else at
        at, depth = row.end(), depth + len(row[1]) - len(row[3])
    return _behind(_CLOSED_TOO_OFTEN, body, _behind(_MORE_LISTS, body, at))


def _is_row(row: re.Match[str]) -> bool:
    """Whether a bracket behind a box is one more, though perhaps a damaged one, or one that breaks off."""
    if WORD.search(row[2]) or _OTHER_SIGN.search(row[2]):
        return False
    breaks_off = row.end() == len(row.string) and not row[3]
    return breaks_off or len(_DIGITS.findall(row[2])) >= BOX_NUMBERS - 1


def _behind(pattern: re.Pattern[str], body: str, at: int) -> int:
    """Where a match that begins here ends; here, where there is none."""
    found = pattern.match(body, at)
    return at if found is None else found.end()


def _brackets(body: str) -> Iterator[tuple[int, int, list[Corners]]]:
    """Of every bracket: where it stands, how many are open behind it, and the box that it closes.

    Behind one that closes nothing, -1 are open.
    """
    numbers: list[Number | None] | None = None
    depth = 0
    for found in _PIECE.finditer(body):
        piece = found[0]
        if piece in _OPENING:
            numbers = []
            depth += 1
            yield found.start(), depth, []
        elif piece in _CLOSING:
            yield found.start(), depth - 1, _corners(numbers)
            numbers = None
            depth = max(depth - 1, 0)
        elif numbers is not None and _DIGIT.search(piece):
            numbers.append(_number(piece))


def _boxes_and_groups(body: str) -> tuple[list[Corners], list[_Group]]:
    boxes: list[Corners] = []
    groups: list[_Group] = []
    begin = end = boxes_before = 0
    is_open = False
    for at, depth, box in _brackets(body):
        boxes += box
        if not is_open and depth > 0:
            begin, boxes_before, is_open = at, len(boxes), True
        elif depth <= 0:
            begin = begin if is_open else groups[-1].end if groups else 0
            groups.append(_Group(begin, at + 1, is_open and len(boxes) > boxes_before))
            is_open = False
        end = at + 1
    if is_open:
        # Behind a bracket that is still open stand numbers.
        end = end if body[end - 1] in _CLOSING else len(body)
        groups.append(_Group(begin, end, len(boxes) > boxes_before))
    return boxes, groups


def _words(body: str, groups: list[_Group]) -> list[tuple[int, str]]:
    """The words in a list: before its first and behind its last box all as it stands, and between them true words."""
    with_box = [place for place, group in enumerate(groups) if group.has_box]
    if not with_box:
        return [(0, body)] if _without_box(body, groups) else []
    first, last = with_box[0], with_box[-1]
    begin, end = groups[first].start, groups[last].end
    found = [(0, body[:begin].rstrip())] if _says_something(body, 0, begin, groups[:first]) else []
    behind_groups = {group.end for group in groups[first:last]}
    for stretch in _BETWEEN_BRACKETS.finditer(body, begin, end):
        if not WORD.search(stretch[0]):
            continue
        words = list((_LETTER_OR_DIGIT if stretch.start() in behind_groups else WORD).finditer(stretch[0]))
        start = words[0].start()
        found.append((stretch.start() + start, stretch[0][start : words[-1].end()]))
    if _says_something(body, end, len(body), groups[last + 1 :]):
        found.append((end, body[end:]))
    return found


def _without_box(body: str, groups: list[_Group]) -> bool:
    """Whether a list without any box is words."""
    return bool(body.strip()) if not groups else _says_something(body, 0, len(body), groups)


def _says_something(body: str, begin: int, end: int, groups: list[_Group]) -> bool:
    """Whether there are words in a part without boxes: numbers alone are damage only inside brackets."""
    part = body[begin:end]
    if not _LETTER_OR_DIGIT.search(part):
        return False
    if WORD.search(part) or _OTHER_SIGN.search(part):
        return True
    starts = [begin, *(group.end for group in groups)]
    ends = [*(group.start for group in groups), end]
    return any(_LETTER_OR_DIGIT.search(body, start, stop) for start, stop in zip(starts, ends, strict=True))


def _corners(numbers: list[Number | None] | None) -> list[Corners]:
    """What a bracket holds, where that is one box."""
    match numbers:
        case [int() | float() as x_0, int() | float() as y_0, int() | float() as x_1, int() | float() as y_1]:
            return [(x_0, y_0, x_1, y_1)]
        case _:
            return []


def _number(piece: str) -> Number | None:
    """A number of the model's, at most six digits on either side of one point; None for anything else."""
    form = _NUMBER.fullmatch(piece)
    if form is None:
        return None
    return float(form[1]) if "." in form[1] else int(form[1])
