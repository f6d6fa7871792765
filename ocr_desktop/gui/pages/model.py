"""The pages of a window as rows, changed only where they differ.

Rows are counted by Qt's own model of strings: whenever rows come or go, a view asks of each whether it is there, and
10,000 answers from Python would stop the window for 25 ms.
"""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt

from ocr_desktop.gui.pages import wording
from ocr_desktop.gui.pages.marks import Mark, mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.gui.entries import Entry

AnyIndex = QModelIndex | QPersistentModelIndex
MOST_STRETCHES = 64
"""Where rows go from more places than these at once, all are replaced: that is then quicker."""
SPOKEN_ROLES = [Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole]


class PagesModel(QStringListModel):
    """Rows of entries.

    Args:
        thumbnail_failure: Why an entry has no thumbnail and gets none.
    """

    def __init__(
        self, thumbnail_failure: Callable[[Entry], OcrDesktopError | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._thumbnail_failure = thumbnail_failure
        self._entries: list[Entry] = []
        self._row_of: dict[Entry, int] | None = {}
        """None: not known since rows changed."""
        self._being_read: Entry | None = None
        self._waiting: AbstractSet[Entry] = frozenset()

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def entry_at(self, row: int) -> Entry | None:
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def row_of(self, entry: Entry | None) -> int | None:
        if entry is None:
            return None
        if self._row_of is None:
            self._row_of = {each: row for row, each in enumerate(self._entries)}
        return self._row_of.get(entry)

    def show(self, entries: Sequence[Entry]) -> list[Entry]:
        """Show these entries, changing no other rows than have to; returns those that are gone."""
        old = self._entries
        if len(old) == len(entries) and all(map(_is, old, entries)):
            return []
        front = _same_length(old, entries)
        back = _same_length(old[:front:-1], entries[:front:-1]) if front < min(len(old), len(entries)) else 0
        gone, come = old[front : len(old) - back], entries[front : len(entries) - back]
        staying = set(come)
        left = [entry for entry in gone if entry not in staying]
        stretches = list(_stretches(place for place, entry in enumerate(gone) if entry not in staying))
        if len(stretches) > MOST_STRETCHES or not _is_in_order(gone, come):
            self._replace_all(entries)
            return left
        for first, last in reversed(stretches):
            self._remove(front + first, front + last)
        known = set(gone)
        for first, last in _stretches(place for place, entry in enumerate(come) if entry not in known):
            self._insert(front + first, come[first : last + 1])
        return left

    def show_reading(self, being_read: Entry | None, waiting: AbstractSet[Entry]) -> None:
        """Mark the page that is being read, and those that wait to be."""
        self._being_read, self._waiting = being_read, waiting
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1), SPOKEN_ROLES)

    def tell_changed(self, entry: Entry) -> None:
        """Another thing is to be said of an entry now."""
        row = self.row_of(entry)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), SPOKEN_ROLES)

    def begins_file(self, row: int) -> bool:
        """Whether the row above is of another file."""
        return row == 0 or self._entries[row - 1].file is not self._entries[row].file

    def failure(self, entry: Entry) -> OcrDesktopError | None:
        """Why an entry cannot be opened or be shown small."""
        return entry.failure or self._thumbnail_failure(entry)

    def mark(self, entry: Entry) -> Mark | None:
        return mark_of(
            entry,
            is_being_read=entry is self._being_read,
            is_waiting=entry in self._waiting,
            has_failed=self.failure(entry) is not None,
        )

    def found(self, text: str, after: int) -> int | None:
        """The next row from one on, round the end, whose name begins with some text, in any case."""
        wanted, count = text.casefold(), len(self._entries)
        for step in range(count):
            row = (max(after, 0) + step) % count
            if self.begins_file(row) and self._entries[row].name.casefold().startswith(wanted):
                return row
        return None

    def numbered(self, number: int, near: int) -> int | None:
        """The row of a page by its number: in the file of the near row where that has several, else in the list."""
        entry = self.entry_at(near)
        if entry is None or not entry.is_one_of_many:
            return number - 1 if 0 < number <= len(self._entries) else None
        return next(
            (row for row, each in enumerate(self._entries) if each.file is entry.file and each.number == number), None
        )

    # Changing rows

    def _remove(self, first: int, last: int) -> None:
        del self._entries[first : last + 1]
        self._row_of = None
        self.removeRows(first, last - first + 1)

    def _insert(self, first: int, entries: Sequence[Entry]) -> None:
        self._entries[first:first] = entries
        self._row_of = None
        self.insertRows(first, len(entries))

    def _replace_all(self, entries: Sequence[Entry]) -> None:
        self._entries = list(entries)
        self._row_of = None
        self.setStringList([""] * len(entries))

    # Qt

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry_at(index.row())
        if entry is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return wording.caption(entry, begins_file=self.begins_file(index.row()))
            case Qt.ItemDataRole.ToolTipRole:
                lines = wording.tooltip_lines(entry, self._state(entry))
                return f"<qt>{'<br>'.join(html.escape(line) for line in lines if line)}</qt>"
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (wording.whole_name(entry), self._state(entry)) if part)
        return None

    def _state(self, entry: Entry) -> str:
        return wording.state_text(entry, self.mark(entry), self.failure(entry))


def _is(one: object, other: object) -> bool:
    return one is other


def _same_length(before: Sequence[Entry], after: Sequence[Entry]) -> int:
    """How many entries are the same from the start on."""
    pairs = zip(before, after, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one is not other), min(len(before), len(after)))


def _is_in_order(gone: Sequence[Entry], come: Sequence[Entry]) -> bool:
    """Whether what is in both stands in the same order in both."""
    before, after = set(gone), set(come)
    return [entry for entry in gone if entry in after] == [entry for entry in come if entry in before]


def _stretches(places: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Numbers in rising order as stretches, each from its first to its last."""
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        stretch = [place for _, place in group]
        yield stretch[0], stretch[-1]
