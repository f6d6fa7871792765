"""What olmOCR-bench says of a page, one assertion at a time: what is there, what is not, what comes first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from benchmarks.structure_scores import PlacedCell, Structure
from benchmarks.text_errors import normalised

CHECKED = frozenset(("present", "absent", "order", "table"))
ALIKE = 85.0
"""From this likeness on, 0-100, words are the ones that were asked for."""
SIDES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


def holds(assertion: Mapping[str, Any], text: str, structure: Structure) -> bool | None:
    """Whether it is true of this text; None for formulas, which nobody here writes."""
    kind = str(assertion["type"])
    if kind not in CHECKED:
        return None
    if kind == "table":
        return any(_holds_in(assertion, table) for table in structure.tables)
    page = normalised(text)
    if kind == "order":
        first, second = (_place(str(assertion[name]), page) for name in ("before", "after"))
        return first is not None and second is not None and first < second
    words = str(assertion["text"])
    if not assertion.get("case_sensitive", True):
        words, page = words.casefold(), page.casefold()
    if kind == "absent":
        return not _stands_in(words, page[-int(assertion.get("last_n", len(page))) :])
    return _place(words, page) is not None


def _stands_in(words: str, page: str) -> bool:
    """Whether the words stand there as they are, not as a part of longer ones."""
    return re.search(rf"(?<!\w){re.escape(normalised(words))}(?!\w)", page) is not None


def _place(words: str, page: str) -> int | None:
    wanted = normalised(words)
    exact = page.find(wanted)
    if exact >= 0 or not page:
        return exact if exact >= 0 else None
    found = fuzz.partial_ratio_alignment(wanted, page, score_cutoff=ALIKE)
    return None if found is None else int(found.dest_start)


def _holds_in(assertion: Mapping[str, Any], table: Sequence[PlacedCell]) -> bool:
    """Whether the table has such a cell with all the neighbours that are named."""
    return any(
        _is_same(str(assertion["cell"]), cell.text)
        and all(
            _is_same(str(assertion[side]), *_beside(table, cell, step))
            for side, step in SIDES.items()
            if assertion.get(side)
        )
        and all(
            _is_same(str(assertion[head]), *_heads(table, cell, head))
            for head in ("top_heading", "left_heading")
            if assertion.get(head)
        )
        for cell in table
    )


def _beside(table: Sequence[PlacedCell], cell: PlacedCell, step: tuple[int, int]) -> list[str]:
    down, right = step
    row = cell.row + (cell.rows if down > 0 else down)
    column = cell.column + (cell.columns if right > 0 else right)
    return [other.text for other in table if _covers(other, row, column)]


def _heads(table: Sequence[PlacedCell], cell: PlacedCell, head: str) -> list[str]:
    """All that stands above the cell, or left of it."""
    if head == "top_heading":
        return [each.text for each in table if each.row < cell.row and _covers(each, each.row, cell.column)]
    return [each.text for each in table if each.column < cell.column and _covers(each, cell.row, each.column)]


def _covers(cell: PlacedCell, row: int, column: int) -> bool:
    return cell.row <= row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns


def _is_same(wanted: str, *texts: str) -> bool:
    return any(fuzz.ratio(normalised(wanted), normalised(text)) >= ALIKE for text in texts)
