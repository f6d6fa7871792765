"""Lists of boxes as a model writes them: what in them is a box, what is damage, and what are words.

A list is `[[x1, y1, x2, y2], …]`. Only a closed bracket of exactly four numbers is a box; nothing is ever completed.
Numbers are taken as they come: corners unsorted, not clipped. Nothing is evaluated, and time is linear.
"""

from __future__ import annotations

import re

from ocr_desktop.core.geometry import Number

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
_PIECE = re.compile(r"[\[({\])}]|[-.\w]++")
_NUMBER = re.compile(rf"({_NUMBER_FORM})\.?")
_DIGIT = re.compile(r"[0-9]")
_BETWEEN_BRACKETS = re.compile(r"[^\[\](){}]+")
_BRACKETS = "[](){}"
_CLOSING = "])}"


def read_boxes(body: str, *, needs_outer: bool = True) -> tuple[tuple[Corners, ...], bool]:
    """Every bracket of exactly four numbers, and whether the list is as it should be.

    Missing commas, stray signs and letters, and brackets of another kind are passed over, and make the list unclean.
    A number that something else is glued to, or of more than six digits, spoils its bracket. `needs_outer`: whether a
    list without its outer brackets is unclean.
    """
    usual = _USUAL.fullmatch(body)
    if usual is not None:
        x_0, y_0, x_1, y_1 = usual.groups()
        return ((int(x_0), int(y_0), int(x_1), int(y_1)),), True
    boxes: list[Corners] = []
    numbers: list[Number | None] | None = None
    for piece in _PIECE.findall(body):
        if piece in ("[", "(", "{"):
            numbers = []
        elif piece in ("]", ")", "}"):
            boxes += _corners(numbers)
            numbers = None
        elif numbers is not None and _DIGIT.search(piece):
            numbers.append(_number(piece))
    is_clean = _CLEAN.fullmatch(body) or (not needs_outer and _CLEAN_WITHOUT_OUTER.fullmatch(body))
    return tuple(boxes), bool(boxes) and bool(is_clean)


def says_none(body: str) -> bool:
    """Whether a list of boxes is whole and empty: the model found nothing."""
    return _NOTHING.fullmatch(body) is not None


def words_among_boxes(body: str, boxes: tuple[Corners, ...]) -> list[tuple[int, str]]:
    """The words in a list of boxes, each stretch with where in it they stand.

    What follows the last bracket is words; without any box, all of it is, where there are words in it or no bracket.
    """
    last = max(map(body.rfind, _BRACKETS))
    if not boxes and (last < 0 or WORD.search(body)):
        return [(0, body)] if body.strip() else []
    # Behind a bracket that is still open stand numbers.
    edge = last + 1 if body[last] in _CLOSING else len(body)
    found = []
    for stretch in _BETWEEN_BRACKETS.finditer(body, 0, edge):
        words = list(WORD.finditer(stretch[0]))
        if words:
            begin = words[0].start()
            found.append((stretch.start() + begin, stretch[0][begin : words[-1].end()]))
    if any(map(str.isalnum, body[edge:])):
        found.append((edge, body[edge:]))
    return found


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
