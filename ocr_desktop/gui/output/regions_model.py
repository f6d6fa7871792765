"""The regions of a run as rows: sorted and filtered, and changed only where they differ.

Not by Qt's own sorting model: it asks Python for each of its comparisons, and 10,000 rows would stop the window for
half a second.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt

from ocr_desktop.gui.appearance import icon
from ocr_desktop.gui.elided_label import plain_tooltip
from ocr_desktop.gui.label_chips import label_chip
from ocr_desktop.gui.labels import short_label_name
from ocr_desktop.gui.output.region_columns import (
    WARNING_COLUMNS,
    Column,
    column_name,
    flags_text,
    model_numbers,
    numbers_text,
    pixel_numbers,
)
from ocr_desktop.gui.output.searching import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtGui import QIcon

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.geometry import Number, Size

CHIP = QSize(14, 14)
CHIP_RATIO = 2.0
"""Twice as sharp as most screens: the model does not know on which it is shown."""
MOST_SHOWN_CHARACTERS = 300
MOST_TOOLTIP_CHARACTERS = 1000
MOST_SINGLE_CHANGES = 64
"""Where more rows than these change at once, all are replaced: that is then quicker."""
_NOWHERE = QModelIndex()

AnyIndex = QModelIndex | QPersistentModelIndex
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which regions are shown, and in what order; without a column, in reading order.

    `words` are folded; a region has to hold all of them.
    """

    words: tuple[str, ...] = ()
    column: Column | None = None
    descending: bool = False


class RegionsModel(QAbstractTableModel):
    """Rows of regions; `show` brings them to another state of the run with as few changes as there are."""

    def __init__(self) -> None:
        super().__init__()
        self._regions: Sequence[Region] = ()
        self._page_size: Size | None = None
        self._rows: list[Region] = []
        self._row_of: dict[int, int] | None = None
        """For each shown region's id its row, and for every region's id its place in reading order; None: not known."""
        self._place_of: dict[int, int] | None = None
        self._arrangement = Arrangement()
        self._folded: dict[int, tuple[Region, str]] = {}
        self._keys: dict[int, tuple[Region, Key]] = {}
        self._kinds: dict[str, str] = {}
        self._chips: dict[str, QIcon] = {}
        self._warning = icon("warning")
        self._doubtful: frozenset[int] = frozenset()

    @property
    def total(self) -> int:
        """How many regions there are, shown or not."""
        return len(self._regions)

    @property
    def is_sorted(self) -> bool:
        """Whether regions stand in another than their reading order."""
        return self._arrangement.column is not None

    def region_at(self, row: int) -> Region | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, region_id: int | None) -> int | None:
        """Where a region stands; None where there is none, or it is filtered out."""
        if region_id is None:
            return None
        if self._row_of is None:
            self._row_of = {region.id: row for row, region in enumerate(self._rows)}
        return self._row_of.get(region_id)

    def show(self, regions: Sequence[Region], page_size: Size | None) -> None:
        """Show these regions of a page of this size in pixels (None where nobody knows it)."""
        self._regions, self._place_of = regions, None
        if page_size != self._page_size:
            self._page_size = page_size
            self._keys.clear()
            self._replace_all(self._arranged())
        else:
            self._change_to(self._arranged())
        for known in (self._folded, self._keys):
            if len(known) > 2 * len(regions) + MOST_SINGLE_CHANGES:
                known.clear()

    def show_doubtful(self, region_ids: frozenset[int]) -> None:
        """Warn of these regions and of no others."""
        if region_ids != self._doubtful:
            self._doubtful = region_ids
            for column in WARNING_COLUMNS:
                last = self.index(max(len(self._rows) - 1, 0), column)
                self.dataChanged.emit(self.index(0, column), last, [Qt.ItemDataRole.DecorationRole])

    def filter_by(self, text: str) -> None:
        """Show only regions that hold all words of some text, in their words, their kind or their flags."""
        words = tuple(folded(text).split())
        if words != self._arrangement.words:
            self._arrangement = replace(self._arrangement, words=words)
            self._replace_all(self._arranged())

    def tab_separated(self, rows: Iterable[int]) -> str:
        """Some rows under their headings, for a spreadsheet."""
        lines = [[column_name(column) for column in Column]]
        lines += ([self._words(self._rows[row], column) for column in Column] for row in rows)
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)

    # Arranging

    def _arranged(self) -> list[Region]:
        words = self._arrangement.words
        rows = [region for region in self._regions if self._holds(region, words)] if words else list(self._regions)
        if self._arrangement.column is Column.NUMBER and self._arrangement.descending:
            rows.reverse()
        elif self._arrangement.column not in (None, Column.NUMBER):
            rows.sort(key=self._key, reverse=self._arrangement.descending)
        return rows

    def _holds(self, region: Region, words: tuple[str, ...]) -> bool:
        known, text = self._folded.get(region.id, (None, ""))
        if known is not region:
            kind = self._kind(region.label)
            text = folded("\n".join((region.text, region.label, kind, flags_text(region))))
            self._folded[region.id] = (region, text)
        return all(word in text for word in words)

    def _key(self, region: Region) -> Key:
        known, key = self._keys.get(region.id, (None, ()))
        if known is not region:
            key = self._new_key(region)
            self._keys[region.id] = (region, key)
        return key

    def _new_key(self, region: Region) -> Key:
        """What comes first has the smaller one; what has no box, or no flag, comes last."""
        numbers: Sequence[tuple[Number, ...]]
        match self._arrangement.column:
            case Column.LABEL:
                return (self._kind(region.label),)
            case Column.TEXT:
                return (folded(region.text[:MOST_SHOWN_CHARACTERS]),)
            case Column.PIXELS:
                numbers = pixel_numbers(region, self._page_size)
            case Column.MODEL:
                numbers = model_numbers(region)
            case _:
                words = flags_text(region)
                return (not words, words)
        return (not numbers, *itertools.chain.from_iterable(numbers))

    # Changing rows

    def _change_to(self, rows: list[Region]) -> None:
        """Come to other rows: those of the same region change, others go and come; all, where that is quicker."""
        old = self._rows
        front = _same_length(old, rows)
        back = _same_length(old[:front:-1], rows[:front:-1]) if front < min(len(old), len(rows)) else 0
        gone, come = old[front : len(old) - back], rows[front : len(rows) - back]
        kept = _kept(gone, come)
        changes = len(gone) + len(come) - 2 * len(kept)
        if changes > MOST_SINGLE_CHANGES and gone and come:
            self._replace_all(rows)
            return
        for first, last in reversed(list(runs(place for place, region in enumerate(gone) if region.id not in kept))):
            self.beginRemoveRows(QModelIndex(), front + first, front + last)
            del self._rows[front + first : front + last + 1]
            self._row_of = None
            self.endRemoveRows()
        for first, last in runs(place for place, region in enumerate(come) if region.id not in kept):
            self.beginInsertRows(QModelIndex(), front + first, front + last)
            self._rows[front + first : front + first] = come[first : last + 1]
            self._row_of = None
            self.endInsertRows()
        if kept:
            self._rows[front : front + len(come)] = come
            self._tell_changed(front, front + len(come) - 1)
        if changes and rows and (back or self._arrangement != Arrangement()):
            self._tell_changed(0, len(rows) - 1)

    def _replace_all(self, rows: list[Region]) -> None:
        """Show other rows. Not as a reset, which would make the view forget how wide its columns are."""
        self._row_of = None
        if self._rows:
            self.beginRemoveRows(QModelIndex(), 0, len(self._rows) - 1)
            self._rows = []
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows, self._row_of = rows, None
            self.endInsertRows()

    def _tell_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    # What a row says

    def _number(self, region: Region) -> int:
        if self._place_of is None:
            self._place_of = {each.id: place for place, each in enumerate(self._regions, 1)}
        return self._place_of.get(region.id, 0)

    def _words(self, region: Region, column: Column) -> str:
        match column:
            case Column.NUMBER:
                return str(self._number(region))
            case Column.LABEL:
                return self._kind(region.label)
            case Column.TEXT:
                return region.text
            case Column.PIXELS:
                return numbers_text(pixel_numbers(region, self._page_size))
            case Column.MODEL:
                return numbers_text(model_numbers(region))
            case Column.FLAGS:
                return flags_text(region)

    def _kind(self, label: str) -> str:
        name = self._kinds.get(label)
        if name is None:
            name = self._kinds[label] = short_label_name(label)
        return name

    def _chip(self, label: str) -> QIcon:
        chip = self._chips.get(label)
        if chip is None:
            chip = self._chips[label] = label_chip(label, CHIP, CHIP_RATIO)
        return chip

    def _tooltip(self, region: Region, column: Column) -> str | None:
        words = self._words(region, column)
        return plain_tooltip(words[:MOST_TOOLTIP_CHARACTERS]) if words else None

    # Qt

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return column_name(Column(section))
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        region, column = self.region_at(index.row()), Column(index.column())
        if region is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole if column is Column.TEXT:
                return " ".join(region.text[:MOST_SHOWN_CHARACTERS].split())
            case Qt.ItemDataRole.DisplayRole:
                return self._words(region, column)
            case Qt.ItemDataRole.DecorationRole if column is Column.LABEL:
                return self._chip(region.label)
            case Qt.ItemDataRole.DecorationRole if column in WARNING_COLUMNS and region.id in self._doubtful:
                return self._warning
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(region, column)
            case Qt.ItemDataRole.TextAlignmentRole if column is Column.NUMBER:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._arrangement = replace(
            self._arrangement,
            column=None if column < 0 else Column(column),
            descending=order == Qt.SortOrder.DescendingOrder,
        )
        self._keys.clear()
        self._replace_all(self._arranged())


def _same_length(before: Sequence[Region], after: Sequence[Region]) -> int:
    """How many regions are the very same from the start on."""
    pairs = zip(before, after, strict=False)
    shortest = min(len(before), len(after))
    return next((place for place, (one, other) in enumerate(pairs) if one is not other), shortest)


def _kept(gone: Sequence[Region], come: Sequence[Region]) -> set[int]:
    """The ids of rows that stay in their order among one another; empty where too much changed its place."""
    come_at = {region.id: place for place, region in enumerate(come)}
    unchanged: list[int] = []
    """Places in `come` of what is the very same, in the order of `gone`."""
    for region in gone:
        place = come_at.get(region.id)
        if place is not None and come[place] is region:
            unchanged.append(place)
    if any(one > other for one, other in itertools.pairwise(unchanged)):
        return set()
    kept: set[int] = set()
    following = iter((*unchanged, len(come)))
    before, after = -1, next(following)
    for region in gone:
        place = come_at.get(region.id)
        if place is None:
            continue
        if place == after:
            after = next(following)
        if before < place < after:
            kept.add(region.id)
            before = place
    return kept


def runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in rising order as stretches, each from its first to its last."""
    first = last = -2
    for place in places:
        if place != last + 1:
            if first >= 0:
                yield first, last
            first = place
        last = place
    if first >= 0:
        yield first, last
