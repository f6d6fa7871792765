"""The rows of the list of pages: whatever comes and goes, they are what was shown last."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex

from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.pages.model import PagesModel

ENTRIES = [Entry(SourceFile(Path(str(number)), str(number), 1)) for number in range(12)]
lists = st.lists(st.sampled_from(ENTRIES), unique=True)


def made_model() -> PagesModel:
    return PagesModel(lambda _entry: None)


@given(before=lists, after=lists)
def test_rows_become_what_is_shown_and_those_gone_are_told(before: list[Entry], after: list[Entry]) -> None:
    model = made_model()
    model.show(before)
    gone = model.show(after)
    assert list(model.entries) == after
    assert [model.row_of(entry) for entry in after] == list(range(len(after)))
    assert set(gone) == set(before) - set(after)
    assert all(model.row_of(entry) is None for entry in gone)


@given(before=lists, added=lists, removed=st.sets(st.sampled_from(ENTRIES)), at=st.integers(0, 12))
def test_what_stays_in_its_order_is_followed_by_whoever_points_at_it(
    before: list[Entry], added: list[Entry], removed: set[Entry], at: int
) -> None:
    after = [entry for entry in before if entry not in removed]
    after[at:at] = [entry for entry in added if entry not in before]
    model = made_model()
    model.show(before)
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    pointers = {entry: QPersistentModelIndex(model.index(row)) for row, entry in enumerate(before)}
    model.show(after)
    assert resets == []
    for entry, pointer in pointers.items():
        assert (model.entry_at(pointer.row()) is entry) if entry in after else not pointer.isValid()


def test_what_goes_from_many_places_goes_at_once() -> None:
    model = made_model()
    entries = [Entry(SourceFile(Path(str(number)), str(number), 1)) for number in range(1000)]
    model.show(entries)
    model.show(entries[::2])
    assert list(model.entries) == entries[::2]


def test_rows_are_found_by_name_and_by_number() -> None:
    book = SourceFile(Path("b"), "Book.pdf", 9)
    entries = [
        *ENTRIES[:2],
        *(Entry(book, number) for number in (3, 4, 7)),
        Entry(SourceFile(Path("x"), "boat.png", 1)),
    ]
    model = made_model()
    model.show(entries)
    assert model.numbered(7, near=3) == 4
    assert model.numbered(8, near=3) is None
    assert model.numbered(6, near=0) == 5
    assert model.numbered(7, near=0) is None
    assert model.found("bo", after=0) == 2
    assert model.found("BO", after=3) == 5, "the next file, not the next page of this one"
    assert model.found("bo", after=6) == 2, "round the end"
    assert model.found("z", after=0) is None
