"""Tables drawn as the lines that would be read from them, with what they truly say."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field

from ocr_desktop.core.found_tables.finding import FoundTable
from ocr_desktop.core.layout.boxes import LayoutBox, LineBox

HEIGHT = 20.0
WIDTH = 9.0
"""Of a character."""
WORDS = (
    "Alpha",
    "Bravo",
    "Cargo",
    "Delta",
    "Engine",
    "Frame",
    "Glass",
    "Harbour",
    "Island",
    "Jacket",
    "Kettle",
    "Ladder",
)


@dataclass
class DrawnTable:
    """Lines and rules, and the rows that they mean: text, columns, rows of each cell."""

    lines: list[LineBox] = field(default_factory=list)
    rules: list[LayoutBox] = field(default_factory=list)
    truth: list[list[tuple[str, int, int]]] = field(default_factory=list)

    def write(self, text: str, x: float, y: float, width: float | None = None) -> None:
        width = WIDTH * len(text) if width is None else width
        edges = tuple(number / max(len(text), 1) for number in range(len(text) + 1))
        self.lines.append(LineBox(len(self.lines), text, x, y, x + width, y + HEIGHT, edges))

    def rule_across(self, x: float, end: float, y: float) -> None:
        self.rules.append(LayoutBox(x, y - 1, end, y + 1))

    def rule_down(self, x: float, y: float, end: float) -> None:
        self.rules.append(LayoutBox(x - 1, y, x + 1, end))


@dataclass(frozen=True)
class Manner:
    """How a table is drawn.

    Attributes:
        rules: `grid`, `book` (above, below the head, below all), `rows`, or none.
        spans: The head has cells across two columns.
        wrapped: The first column has cells of two lines.
        empty: How many of the cells are empty, 0-1.
    """

    rules: str = ""
    spans: bool = False
    wrapped: bool = False
    empty: float = 0.0


def drawn_table(seed: int, manner: Manner, x: float = 100.0, y: float = 100.0) -> DrawnTable:
    """A table of three to six columns, names first, then numbers aligned right and words aligned left."""
    chance = random.Random(seed)
    columns, rows = chance.randint(3, 6), chance.randint(4, 12)
    kinds = ["name", *(chance.choice(["number", "number", "word"]) for _ in range(columns - 1))]
    kinds[-1] = "number"
    widths = [WIDTH * (22 if kind == "name" else 12) for kind in kinds]
    gap = chance.uniform(1.5, 4) * HEIGHT
    lefts = [x + sum(widths[:number]) + gap * number for number in range(columns)]
    right = lefts[-1] + widths[-1]
    pitch = HEIGHT * chance.uniform(1.2, 1.9)
    drawn = DrawnTable()
    tops = [y - 0.3 * HEIGHT]
    if manner.spans:
        y = _spanning_head(drawn, chance, lefts, widths, y, pitch, manner)
        tops.append(y - 0.3 * HEIGHT) if manner.rules == "grid" else None
    body: list[list[str]] = [[chance.choice(WORDS) for _ in kinds]]
    body += [[_value(chance, kind, manner) for kind in kinds] for _ in range(rows)]
    for number, row in enumerate(body):
        lines = 1
        for column, text in enumerate(row):
            texts = text.split("\n")
            lines = max(lines, len(texts))
            for line, part in enumerate(texts):
                if part:
                    left = lefts[column]
                    if kinds[column] == "number":
                        left += widths[column] - WIDTH * len(part)
                    drawn.write(part, left, y + line * HEIGHT * 1.05)
        drawn.truth.append([(text.replace("\n", " "), 1, 1) for text in row])
        y += pitch + (lines - 1) * HEIGHT * 1.05
        if manner.rules in ("grid", "rows") or (manner.rules == "book" and number in (0, rows)):
            tops.append(y - (pitch - HEIGHT) / 2)
            y += 0.3 * HEIGHT
    _rule(drawn, manner, tops, [*lefts, right], gap)
    return drawn


def _value(chance: random.Random, kind: str, manner: Manner) -> str:
    if kind == "name":
        words = [chance.choice(WORDS) for _ in range(2)]
        if manner.wrapped and chance.random() < 0.4:
            words += ["with", "many", chance.choice(WORDS).lower()]
            return " ".join(words[:3]) + "\n" + " ".join(words[3:])
        return " ".join(words)
    if chance.random() < manner.empty:
        return ""
    return chance.choice(WORDS) if kind == "word" else f"{chance.randint(0, 99999) / 100:.2f}"


def _spanning_head(
    drawn: DrawnTable,
    chance: random.Random,
    lefts: list[float],
    widths: list[float],
    y: float,
    pitch: float,
    manner: Manner,
) -> float:
    """Write a head over the second and the third column, above the row of heads."""
    start, end = lefts[1], lefts[2] + widths[2]
    text = chance.choice(["Both of these", "Together here", "Group of two"])
    drawn.write(text, (start + end) / 2 - WIDTH * len(text) / 2, y)
    drawn.truth.append([("", 1, 1), (text, 2, 1), *[("", 1, 1)] * (len(lefts) - 3)])
    if manner.rules == "book":
        drawn.rule_across(start, end, y + 1.1 * HEIGHT)
    return y + pitch + 0.3 * HEIGHT


def _rule(drawn: DrawnTable, manner: Manner, ys: list[float], xs: list[float], gap: float) -> None:
    left, right = xs[0] - gap / 2, xs[-1] + gap / 2
    if manner.rules in ("grid", "rows", "book"):
        for y in ys:
            drawn.rule_across(left, right, y)
    if manner.rules == "grid":
        inner = [x - gap / 2 for x in xs[1:-1]]
        for number, x in enumerate((left, *inner, right)):
            # The rule between two columns does not run through the head above both.
            top = ys[1] if manner.spans and number == 2 else ys[0]
            drawn.rule_down(x, top, ys[-1])


def cell_neighbours(rows: list[list[tuple[str, int, int]]]) -> Counter[tuple[str, str, str]]:
    """The pairs of words that stand right of or below each other in a table, empty cells passed over."""
    places: dict[tuple[int, int], tuple[int, str]] = {}
    count = 0
    for row, cells in enumerate(rows):
        column = 0
        for text, columns, deep in cells:
            while (row, column) in places:
                column += 1
            for place in itertools.product(range(row, row + deep), range(column, column + columns)):
                places[place] = (count, text)
            count += 1
            column += columns
    found = set()
    for way, first, second in (("right", 0, 1), ("below", 1, 0)):
        ordered = sorted(places, key=lambda place: (place[first], place[second]))
        filled = [place for place in ordered if places[place][1]]
        for one, other in itertools.pairwise(filled):
            if one[first] == other[first] and places[one] != places[other]:
                found.add((places[one], places[other], way))
    return Counter((one[1], other[1], way) for one, other, way in found)


def adjacency(truth: list[list[tuple[str, int, int]]], found: list[list[tuple[str, int, int]]]) -> tuple[int, int]:
    """How often both agree about neighbours, twice, and how many neighbours both name together: an F1's two numbers."""
    wanted, got = cell_neighbours(truth), cell_neighbours(found)
    return 2 * (wanted & got).total(), wanted.total() + got.total()


def cells(table: FoundTable) -> list[list[tuple[str, int, int]]]:
    return [[(cell.text, cell.columns, cell.rows) for cell in row] for row in table.table.rows]


def texts(table: FoundTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.table.rows]


def written(*rows: str, x: float = 100.0, y: float = 100.0, pitch: float = 1.4) -> list[LineBox]:
    """Lines of monospaced text, parted at stretches of three spaces."""
    drawn = DrawnTable()
    for number, row in enumerate(rows):
        at = 0
        for part in row.split("   "):
            start = at + len(part) - len(part.lstrip())
            if part.strip():
                drawn.write(part.strip(), x + start * WIDTH, y + number * pitch * HEIGHT)
            at += len(part) + 3
    return drawn.lines
