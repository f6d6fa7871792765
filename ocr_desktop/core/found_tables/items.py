"""Items and what they cost: rows that end with an amount at one right edge, as on a receipt.

Tables of few columns begin and end there: the date and the till above and below are no items.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from ocr_desktop.core.found_tables.pieces import usual_piece_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.found_tables.grid import Grid
    from ocr_desktop.core.layout.boxes import LineBox

    Rows = Sequence[Sequence[LineBox]]

AMOUNT = re.compile(
    r"[-–−+(]?\s?(?:[$€£¥]|[A-Z]{3}\s)?\s?[-–−]?(?:\d{1,3}(?:[., ']\d{3})+|\d+)[.,]\d\d\)?(?:\s?[-%€*]|\s[A-Z]{1,2})?"
    r"|[$€£¥]\s?\d[\d,.]*"
)
"""What something costs; the letter behind it says how it is taxed."""
TIME = re.compile(r"\d{1,2}[:.h]\d\d")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
LEAST_ITEMS = 3
MOST_COLUMNS = 3
MOSTLY = 0.6
SAME_EDGE = 0.6
"""Amounts end at one edge where they are no further apart, in heights."""


def right_edge_of(rows: Rows) -> float | None:
    """The x where the amounts of most of these rows end; None where they are no items with amounts."""
    amounts = [row[-1] for row in rows if len(row) > 1 and AMOUNT.fullmatch(row[-1].text)]
    several = [len(row) for row in rows if len(row) > 1]
    if len(amounts) < max(LEAST_ITEMS, MOSTLY * len(several)) or median(several) > MOST_COLUMNS:
        return None
    edge = median(amount.x_max for amount in amounts)
    slack = SAME_EDGE * usual_piece_height(amounts)
    return edge if sum(abs(amount.x_max - edge) <= slack for amount in amounts) >= LEAST_ITEMS else None


def is_item(row: Sequence[LineBox], edge: float) -> bool:
    """Whether a row ends with an amount at this edge."""
    return len(row) > 1 and abs(row[-1].x_max - edge) <= row[-1].height and AMOUNT.fullmatch(row[-1].text) is not None


def only_items(rows: list[list[LineBox]]) -> list[list[LineBox]]:
    """The rows without those above and below with other numbers than amounts; all where they are no items."""
    edge = right_edge_of(rows)
    if edge is None:
        return rows
    first, end = 0, len(rows)
    while _is_other(rows[first], edge):
        first += 1
    while _is_other(rows[end - 1], edge):
        end -= 1
    return rows[first:end]


def _is_other(row: Sequence[LineBox], edge: float) -> bool:
    """Whether a row says a date or a number that is no amount, and nothing where the amounts are."""
    return all(piece.x_max < edge - piece.height and not AMOUNT.fullmatch(piece.text) for piece in row) and any(
        letter.isdigit() for piece in row for letter in piece.text
    )


def is_head(row: Sequence[LineBox], edge: float) -> bool:
    """Whether a row names the columns: words, one of them above the amounts."""
    return (
        len(row) > 1
        and abs(row[-1].x_max - edge) <= row[-1].width + row[-1].height
        and not any(letter.isdigit() for piece in row for letter in piece.text)
    )


def is_headless(grid: Grid) -> bool:
    """Whether the first row is one of the others: it has amounts, times or dates above others of their kind."""
    kinds: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda cell: cell.span.row):
        kinds.setdefault(cell.span.column, []).append(_kind(cell.text) if cell.span.row else f"head {_kind(cell.text)}")
    return any(
        found[0] == f"head {kind}" and count >= MOSTLY * len(found[1:])
        for column, found in kinds.items()
        if len(found) > 2
        for kind, count in Counter(found[1:]).most_common(1)
        if kind and column
    )


def _kind(text: str) -> str:
    patterns = {"amount": AMOUNT, "time": TIME, "date": DATE}
    return next((name for name, pattern in patterns.items() if pattern.fullmatch(text)), "")
