"""Forms: labels with their values beside them, row by row, as in a dialog with settings or on a registration form.

Other rows have parts that are things of their own, such as buttons.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.structure.list_marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.layout.boxes import LineBox
    from ocr_desktop.core.structure.text_lines import TextLine

LEAST_ROWS = 2
LEAST_BOLD = 3
"""So many rows tell labels without colons."""
LONGEST_LABEL = 40
ALIGNED = 1.0
"""Labels, and values, begin (or end) no more than so many heights apart."""
MOST_AMOUNTS = 0.5
"""With more numbers than that among the values it is a bill or a table of contents, unless its labels have colons."""

_WORD = re.compile(r"[^\W\d_]{3}|[\u2e80-\u9fff]{2}")
_LETTER = re.compile(r"[^\W\d_]")
_COLON = re.compile(r"[:：]\s*\Z")
_AMOUNT = re.compile(r"[^\w(]*(?:[A-Z]{1,3}\s?)?[-+(]?[\d.,'’ ]+[)%€$£¥]?\s?[A-Z]{0,3}\Z|[.\s]*[ivxlc]+\Z")
_PRICED = re.compile(r"[.·…\s]\s*[€$£¥]?\d+[.,]\d\d\s?[€$£¥]?\Z")


@dataclass(frozen=True, slots=True)
class Form:
    """Rows, from the top.

    Attributes:
        pairs: Labels and their values, in order.
        is_bold: Whether labels are set off as such: colons say so, or there are many.
    """

    lines: tuple[TextLine, ...]
    pairs: tuple[tuple[str, str], ...]
    is_bold: bool

    @property
    def markdown(self) -> str:
        """A pair on each line, so that what stands apart stays apart; labels in bold letters."""
        mark = "**" if self.is_bold else ""
        return "  \n".join(f"{mark}{escaped(label)}{mark} {escaped(value)}".rstrip() for label, value in self.pairs)


def forms_in(lines: Sequence[TextLine]) -> list[TextLine | Form]:
    """The same lines in the same order, those that are rows of one form together."""
    found: list[TextLine | Form] = []
    run: list[TextLine] = []
    for line in lines:
        if run and not (_is_row(line) and _is_aligned(run[-1], line)):
            found += _settled(run)
            run = []
        if _is_row(line):
            run.append(line)
        else:
            found.append(line)
    return found + _settled(run)


def lone_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Rows of parts that stand apart, without such a row right above or below."""
    return [
        line
        for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False)
        if line.has_cells and not any(other is not None and other.has_cells for other in (before, after))
    ]


def are_things(row: TextLine) -> bool:
    """Whether the parts of a row are things of their own: no label and its value, no sentence, formula or scale."""
    texts = [_text(cell) for cell in row.cells]
    goes_on = any(text[:1].islower() for text in texts[1:])
    return not goes_on and not _is_labelled(row) and all(map(_WORD.search, texts))


def _is_labelled(line: TextLine) -> bool:
    """Whether a row is a label and its value: it ends with an amount, or has a colon."""
    texts = [_text(cell) for cell in line.cells]
    return any(map(_COLON.search, texts[:-1])) or (len(texts) == 2 and _AMOUNT.match(texts[1]) is not None)


def _settled(run: list[TextLine]) -> list[TextLine | Form]:
    if len(run) < LEAST_ROWS:
        return [*run]
    pairs = tuple(pair for line in run for pair in _pairs(line))
    has_colons = sum(bool(_COLON.search(label)) for label, _ in pairs) * 2 > len(pairs)
    amounts = sum(bool(_AMOUNT.match(value)) for _, value in pairs)
    if not has_colons and (amounts > MOST_AMOUNTS * len(pairs) or any(map(_is_no_label, pairs))):
        return [*run]
    return [Form(tuple(run), pairs, has_colons or len(run) >= LEAST_BOLD)]


def _is_no_label(pair: tuple[str, str]) -> bool:
    """Whether two things stand beside each other: an item of a list, or one with its price."""
    label, value = pair
    return _PRICED.search(label) is not None or any(mark_of(text) is not None for text in (label, value))


def _is_row(line: TextLine) -> bool:
    cells = _cells(line)
    labels = [_text(cell) for cell in cells[::2]]
    return len(cells) > 1 and all(len(label) <= LONGEST_LABEL and _LETTER.search(label) for label in labels)


def _cells(line: TextLine) -> list[Sequence[LineBox]]:
    """Labels and values in turn, as many of both; nothing where it is no row of a form."""
    starts = [at for at, box in enumerate(line.boxes) if _COLON.search(box.text)]
    edges = [*starts, len(line.boxes)]
    if not starts or starts[0] != 0 or any(end - start < 2 for start, end in itertools.pairwise(edges)):
        return [*line.cells] if len(line.cells) == 2 else []
    # A label that ends with a colon has its value behind it, however near.
    pairs = [(line.boxes[at : at + 1], line.boxes[at + 1 : end]) for at, end in itertools.pairwise(edges)]
    return [cell for pair in pairs for cell in pair]


def _is_aligned(before: TextLine, after: TextLine) -> bool:
    cells, others = _cells(before), _cells(after)
    slack = ALIGNED * max(before.height, after.height)
    return len(cells) == len(others) and all(
        abs(one[0].x_min - other[0].x_min) <= slack or abs(one[-1].x_max - other[-1].x_max) <= slack
        for one, other in zip(cells, others, strict=True)
    )


def _pairs(line: TextLine) -> list[tuple[str, str]]:
    texts = [_text(cell) for cell in _cells(line)]
    return list(zip(texts[::2], texts[1::2], strict=True))


def _text(cell: Sequence[LineBox]) -> str:
    return " ".join(box.text for box in cell)
