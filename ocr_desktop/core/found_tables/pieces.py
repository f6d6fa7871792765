"""Pieces of text that may be cells: lines, cut where detection took two cells for one, and their rows.

A piece is a `LineBox`; those cut from one line have its index. All measures are in heights of the lines themselves.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocr_desktop.core.layout.boxes import LineBox

BESIDE = 0.45
"""Two pieces stand in one row where their middles are no further apart."""
WIDE_SPACE = 1.0
"""A space so wide parts two cells, where it is also far wider than the line's others."""
FAR_OVER_USUAL = 2.0
SPACE_WITHIN = 0.5
"""A line is cut at the space whose middle is no further from where a cut is wanted, unless the cut runs through it."""
MOST_LETTERS = 4
"""A number has no more of them: a unit, a currency, a month."""
SIGNS = frozenset("$€£¥")
PART_GAP, ROW_PART_GAP = 1.0, 0.5
"""White so wide from top to bottom, or from left to right, parts two things that are no table together."""
HALF = 0.5

_NOTHING = re.compile(r"[-–—−.*/+✓✔✗✘×xX•●○—]{1,3}|[nN]\.?/?[aAsSdD]\.?|(?i:yes|no|nil|none|true|false|是|否|有|无)")
_TIMES = re.compile(r"(?<!\S)(?:[-–—|] ?){0,9}(?:\d{1,2}:\d\d *(?:[-–—|](?: +|$))*){2,}$")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def is_datum(text: str) -> bool:
    """Whether a cell says a number, a range, a date, or that there is none: what tables have columns of."""
    text = text.strip()
    if _NOTHING.fullmatch(text):
        return True
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return digits > 0 and letters <= MOST_LETTERS and (digits > letters or not text[0].isalpha())


class Groups:
    """Which of so many things hang together, directly or through others."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def unite(self, one: int, other: int) -> None:
        self._parents[self._root(one)] = self._root(other)

    def all(self) -> list[list[int]]:
        """The numbers of the things, group by group."""
        groups: dict[int, list[int]] = {}
        for number in range(len(self._parents)):
            groups.setdefault(self._root(number), []).append(number)
        return list(groups.values())

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number


def usual_piece_height(pieces: Iterable[LineBox]) -> float:
    """The median height, at least a tenth of a pixel; of at least one piece."""
    return max(median(piece.height for piece in pieces), 0.1)


def joined(texts: Sequence[str]) -> str:
    """The lines of one cell as one: with spaces between them, except in scripts that have none."""
    whole = ""
    for text in texts:
        whole += text if not whole or not text or _is_unbroken(whole, text) else f" {text}"
    return whole


def _is_unbroken(above: str, below: str) -> bool:
    """Whether nothing stands between the end of a line and the next one: neither in Chinese nor after a hyphen."""
    return bool(_CJK.match(above[-1]) and _CJK.match(below[0])) or (above[-1] == "-" and above[-2:-1].isalpha())


def is_timetable_row(text: str) -> bool:
    """Whether a line ends with several times and nothing else between them: where a timetable's cells stand close."""
    return _TIMES.search(text) is not None


def cut_at_gaps(line: LineBox) -> list[LineBox]:
    """The line parted where a space is as wide as between columns, and between times; most lines stay one."""
    spaces = _spaces(line)
    if not spaces:
        return [line]
    times = _TIMES.search(line.text)
    if times is not None:
        before = len(line.text[: times.start()].rstrip())
        return _parts(line, [at for *_, at in spaces if at >= before])
    usual = median(end - start for start, end, _ in spaces) if len(spaces) > 2 else 0.0
    least = max(WIDE_SPACE * line.height, FAR_OVER_USUAL * usual)
    return _parts(line, [at for start, end, at in spaces if end - start >= least])


def cut_at(line: LineBox, places: Sequence[float]) -> list[LineBox]:
    """The line parted at the spaces that stand at these x; a place in the middle of a word parts nothing."""
    spaces = _spaces(line)
    wanted = []
    for place in places:
        near = min(spaces, key=lambda space: abs(space[0] + space[1] - 2 * place), default=None)
        if near is None:
            continue
        slack = SPACE_WITHIN * line.height
        if near[0] - slack <= place <= near[1] + slack:
            wanted.append(near[2])
    return _parts(line, sorted(set(wanted)))


def cut_at_bars(line: LineBox) -> list[LineBox]:
    """The line parted at its upright strokes: rules between cells that were read as letters."""
    if len(line.edges) != len(line.text) + 1:
        return [line]
    parts = _parts(line, [number for number, letter in enumerate(line.text) if letter == "|"])
    bare = [replace(part, text=part.text.strip("| ")) for part in parts]
    return [part for part in bare if part.text] or [line]


def piece_rows(pieces: Iterable[LineBox]) -> list[list[LineBox]]:
    """Pieces beside each other, row by row from the top, each from left to right."""
    rows: list[list[LineBox]] = []
    middle = height = 0.0
    for piece in sorted(pieces, key=lambda piece: (piece.middle, piece.x_min)):
        if rows and piece.middle - middle <= BESIDE * min(height, piece.height):
            rows[-1].append(piece)
            count = len(rows[-1])
            middle += (piece.middle - middle) / count
            height += (piece.height - height) / count
        else:
            rows.append([piece])
            middle, height = piece.middle, piece.height
    for row in rows:
        row.sort(key=lambda piece: piece.x_min)
    return rows


def _spaces(line: LineBox) -> list[tuple[float, float, int]]:
    """Where each stretch of spaces inside a line begins and ends, and the index of its first character.

    Where a time begins right behind another, a space has been lost.
    """
    if len(line.edges) != len(line.text) + 1:
        return []
    found: list[tuple[float, float, int]] = []
    for match in re.finditer(r"(?<=\S)\s+(?=\S)|(?<=\d:\d\d)(?=\d\d:\d\d)", line.text):
        start, end = (line.x_min + line.edges[at] * line.width for at in match.span())
        found.append((start, end, match.start()))
    return found


def _parts(line: LineBox, places: Sequence[int]) -> list[LineBox]:
    """The line cut before these characters, which are spaces."""
    parts: list[LineBox] = []
    bounds = [0, *places, len(line.text)]
    for first, last in itertools.pairwise(bounds):
        text = line.text[first:last]
        start = first + len(text) - len(text.lstrip())
        if len(bounds) == 2 or not text.strip():
            continue
        x_min = line.x_min if first == 0 else line.x_min + line.edges[start] * line.width
        x_max = line.x_max if last == len(line.text) else line.x_min + line.edges[last] * line.width
        parts.append(replace(line, text=text.strip(), x_min=x_min, x_max=max(x_max, x_min), edges=()))
    return parts or [line]


def whole_lines(pieces: Sequence[LineBox], free: Mapping[int, LineBox]) -> list[LineBox]:
    """The pieces of lines that are still free, with those pieces of the same lines that were left out."""
    counts: dict[int, list[LineBox]] = {}
    for piece in pieces:
        counts.setdefault(piece.index, []).append(piece)
    found: list[LineBox] = []
    for index, parts in counts.items():
        if index in free:
            all_parts = cut_at_gaps(free[index])
            found += parts if len(parts) == len(all_parts) else all_parts
    return found


def parts_of(pieces: Sequence[LineBox]) -> list[list[LineBox]]:
    """The pieces parted where the widest white runs from top to bottom, or from left to right."""
    height = usual_piece_height(pieces)
    ordered = sorted(pieces, key=lambda piece: piece.x_min)
    gaps = _gaps([(piece.x_min, piece.x_max) for piece in pieces])
    # Numbers belong to what stands left of them, however far.
    down = max((gap for gap in gaps if not _begins_with_data(ordered, gap[1], height)), default=None)
    across = max(_gaps([(piece.y_min, piece.y_max) for piece in pieces]), default=None)
    # Rows stand close, columns far apart: white across counts for more.
    if down is not None and down[0] >= PART_GAP * height and (across is None or down[0] > across[0]):
        sides = [piece.centre < down[1] for piece in pieces]
    elif across is not None and across[0] > ROW_PART_GAP * height:
        sides = [piece.middle < across[1] for piece in pieces]
    else:
        return []
    return [
        [piece for piece, is_first in zip(pieces, sides, strict=True) if is_first is side] for side in (True, False)
    ]


def _begins_with_data(pieces: Sequence[LineBox], x: float, height: float) -> bool:
    """Whether the first column right of this x holds numbers; the pieces come from the left."""
    number = bisect_right(pieces, x, key=lambda piece: piece.x_min)
    end = pieces[number].x_max + height
    first = list(itertools.takewhile(lambda piece: piece.x_min < end, itertools.islice(pieces, number, None)))
    return sum(is_datum(piece.text) for piece in first) > HALF * len(first)


def _gaps(extents: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """How wide each gap between extents is, and its middle."""
    gaps: list[tuple[float, float]] = []
    reached: float | None = None
    for start, end in sorted(extents):
        if reached is not None and start > reached:
            gaps.append((start - reached, (start + reached) / 2))
        reached = end if reached is None else max(reached, end)
    return gaps
