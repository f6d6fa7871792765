"""How much of a page's structure was found: table cells, headings, list items, code. Pure functions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import lxml.html
from markdown_it import MarkdownIt
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from benchmarks.text_errors import normalised

ALIKE = 0.8
"""From this likeness on, 0-1, two texts are the same where slips are allowed."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

Relation = tuple[str, str, str]
"""Two cells beside each other, and whether the second is on the `right` or `below`."""


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell in its table's grid, counted from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Structure:
    """What a page is made of: headings and items with their level or depth; code line by line."""

    tables: tuple[tuple[PlacedCell, ...], ...] = ()
    headings: tuple[tuple[int, str], ...] = ()
    items: tuple[tuple[int, str], ...] = ()
    code: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """What was right, of how many that there are and how many that were found; tallies are added up."""

    right: float = 0.0
    true: int = 0
    found: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.true + other.true, self.found + other.found)

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.true + self.found) if self.true + self.found else 1.0


@dataclass(slots=True)
class StructureScore:
    """Tallies of one page or of many; `levels` are those of the headings that were found, `depths` of the items."""

    exact_cells: Tally = field(default_factory=Tally)
    cells: Tally = field(default_factory=Tally)
    headings: Tally = field(default_factory=Tally)
    levels: Tally = field(default_factory=Tally)
    items: Tally = field(default_factory=Tally)
    depths: Tally = field(default_factory=Tally)
    code: Tally = field(default_factory=Tally)

    def __add__(self, other: StructureScore) -> StructureScore:
        return StructureScore(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def score_structure(truth: Structure, found: Structure) -> StructureScore:
    """How the two compare."""
    headings = _same_texts(truth.headings, found.headings)
    items = _same_texts(truth.items, found.items)
    true, other = _relations(truth.tables), _relations(found.tables)
    return StructureScore(
        exact_cells=Tally((true & other).total(), true.total(), other.total()),
        cells=Tally(_alike_relations(true, other), true.total(), other.total()),
        headings=Tally(len(headings), len(truth.headings), len(found.headings)),
        levels=_same_numbers(headings),
        items=Tally(len(items), len(truth.items), len(found.items)),
        depths=_same_numbers(items),
        code=_code_tally(truth.code, found.code),
    )


def relations(cells: Sequence[PlacedCell]) -> Counter[Relation]:
    """Each cell with its next neighbour to the right and below, as text; cells without words are passed over."""
    grid = {
        (row, column): number
        for number, cell in enumerate(cells)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
        if normalised(cell.text)
    }
    rows = sorted({row for row, _ in grid})
    columns = sorted({column for _, column in grid})
    pairs: set[tuple[int, int, str]] = set()
    for row in rows:
        pairs.update((*pair, "right") for pair in _neighbours([grid.get((row, column)) for column in columns]))
    for column in columns:
        pairs.update((*pair, "below") for pair in _neighbours([grid.get((row, column)) for row in rows]))
    texts = [normalised(cell.text) for cell in cells]
    return Counter((texts[one], texts[other], way) for one, other, way in pairs)


def structure_of(markdown: str) -> Structure:
    """What a Markdown text is made of; its tables with pipes or as HTML."""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    if not html.strip():
        return Structure()
    page = lxml.html.fromstring(f"<div>{html}</div>")
    return Structure(
        tables=tuple(table_cells(table) for table in page.iter("table")),
        headings=tuple((HEADINGS.index(each.tag) + 1, _own_text(each)) for each in page.iter(*HEADINGS)),
        items=tuple((_depth(each), _own_text(each)) for each in page.iter("li")),
        code=tuple(line for each in page.iter("pre") for line in each.text_content().splitlines() if line.strip()),
    )


def table_cells(table: lxml.html.HtmlElement) -> tuple[PlacedCell, ...]:
    """The cells of a `<table>`, each at its place: what spans take up is left free."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, element in enumerate(table.iter("tr")):
        column = 0
        for each in element:
            if each.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            rows, columns = _span(each, "rowspan"), _span(each, "colspan")
            taken |= {(row + down, column + right) for down in range(rows) for right in range(columns)}
            cells.append(PlacedCell(each.text_content(), row, column, rows, columns))
    return tuple(cells)


def _relations(tables: Sequence[Sequence[PlacedCell]]) -> Counter[Relation]:
    total: Counter[Relation] = Counter()
    for table in tables:
        total += relations(table)
    return total


def _neighbours(numbers: Sequence[int | None]) -> list[tuple[int, int]]:
    there = [number for number in numbers if number is not None]
    return [(one, other) for one, other in itertools.pairwise(there) if one != other]


def _alike_relations(true: Counter[Relation], found: Counter[Relation]) -> int:
    """How many of the true ones were found, where each text may differ a little."""
    right = (true & found).total()
    missing, spare = list((true - found).elements()), list((found - true).elements())
    for one, other, way in missing:
        best = max(spare, key=lambda each: _likeness((one, other, way), each), default=None)
        if best is not None and _likeness((one, other, way), best) >= ALIKE:
            spare.remove(best)
            right += 1
    return right


def _likeness(one: Relation, other: Relation) -> float:
    if one[2] != other[2]:
        return 0.0
    return min(_text_likeness(one[0], other[0]), _text_likeness(one[1], other[1]))


def _text_likeness(one: str, other: str) -> float:
    return Levenshtein.normalized_similarity(one, other)


def _same_texts(true: Sequence[tuple[int, str]], found: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Of each text that is in both its number in the one and in the other; each is used once."""
    spare = {at: normalised(text) for at, (_, text) in enumerate(found)}
    same = []
    for number, text in true:
        best = process.extractOne(normalised(text), spare, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
        if best is not None:
            same.append((number, found[best[2]][0]))
            del spare[best[2]]
    return same


def _same_numbers(same: Sequence[tuple[int, int]]) -> Tally:
    """How many levels are the same when the highest of each side counts as the same one."""
    if not same:
        return Tally()
    true, found = min(one for one, _ in same), min(other for _, other in same)
    right = sum(one - true == other - found for one, other in same)
    return Tally(right, len(same), len(same))


def _code_tally(true: Sequence[str], found: Sequence[str]) -> Tally:
    """Lines that are the same with their indentation, apart from a few characters; blank lines do not count."""
    spare = [line.rstrip() for line in found]
    right = 0
    for line in (each.rstrip() for each in true if each.strip()):
        same = [other for other in spare if _same_code(line, other)]
        if same:
            spare.remove(same[0])
            right += 1
    return Tally(right, sum(bool(line.strip()) for line in true), sum(bool(line.strip()) for line in found))


def _same_code(one: str, other: str) -> bool:
    same_indent = len(one) - len(one.lstrip()) == len(other) - len(other.lstrip())
    return same_indent and _text_likeness(one.strip(), other.strip()) >= ALIKE


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), 100) if text.isdigit() else 1


def _own_text(element: lxml.html.HtmlElement) -> str:
    """Its words without those of lists inside."""
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag in ("ul", "ol") else _own_text(child), child.tail or ""]
    return " ".join("".join(parts).split())


def _depth(item: lxml.html.HtmlElement) -> int:
    return sum(1 for _ in item.iterancestors("li"))
