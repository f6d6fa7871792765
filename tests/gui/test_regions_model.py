"""The rows of the regions' table, by any way from one state to another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from ocr_desktop.core.document import Flag, Region
from ocr_desktop.core.geometry import Box999, PixelBox, Size
from ocr_desktop.gui.output.region_columns import Column
from ocr_desktop.gui.output.regions_model import RegionsModel

SIZE = Size(1000, 2000)


def region(region_id: int, text: str, x: int, *flags: Flag) -> Region:
    boxes, boxes_999 = (PixelBox(x, 10, x + 20, 30),), (Box999(x, 5, x + 20, 15),)
    return Region(region_id, "text", text, text, boxes=boxes, boxes_999=boxes_999, flags=flags)


def many(count: int) -> list[Region]:
    return [region(index, f"words {(index * 7919) % count}", index % 900) for index in range(count)]


arrangements = st.tuples(
    st.sampled_from([-1, *Column]), st.sampled_from(list(Qt.SortOrder)), st.sampled_from(["", "a", "b a", "box"])
)
versions = st.integers(0, 3)
states = st.lists(st.tuples(st.integers(0, 12), versions), unique_by=lambda each: each[0], max_size=12)


def state(pairs: Sequence[tuple[int, int]], pool: dict[tuple[int, int], Region]) -> list[Region]:
    """Regions of these ids and versions; the same pair is the very same region."""
    for pair in pairs:
        region_id, version = pair
        flags = (Flag.EMPTY_BOX,) if version == 2 else ()
        made = region(region_id, "ab"[version % 2] * (region_id % 3 + version), 10 * version, *flags)
        pool.setdefault(pair, made)
    return [pool[pair] for pair in pairs]


def rows_of(model: RegionsModel) -> list[list[object]]:
    return [[model.index(row, column).data() for column in Column] for row in range(model.rowCount())]


@given(arrangements, st.lists(states, max_size=5))
def test_any_way_to_a_state_shows_what_a_new_table_shows(
    arrangement: tuple[int, Qt.SortOrder, str], steps: list[list[tuple[int, int]]]
) -> None:
    column, order, words = arrangement
    pool: dict[tuple[int, int], Region] = {}
    model = RegionsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.sort(column, order)
    model.filter_by(words)
    for pairs in steps:
        model.show(state(pairs, pool), SIZE)
        fresh = RegionsModel()
        fresh.show(state(pairs, pool), SIZE)
        fresh.sort(column, order)
        fresh.filter_by(words)
        assert rows_of(model) == rows_of(fresh)
        shown = [model.region_at(row) for row in range(model.rowCount())]
        assert [model.row_of(each.id) for each in shown if each is not None] == list(range(model.rowCount()))
    assert tester is not None


@given(states, states)
def test_a_place_in_the_table_stays_with_its_region(
    before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    pool: dict[tuple[int, int], Region] = {}
    model = RegionsModel()
    model.show(state(before, pool), SIZE)
    places = [
        (region_id, QPersistentModelIndex(model.index(row, Column.TEXT))) for row, (region_id, _) in enumerate(before)
    ]
    model.show(state(after, pool), SIZE)
    for region_id, place in places:
        shown = model.region_at(place.row())
        assert not place.isValid() or (shown is not None and shown.id == region_id)
    stayed = [place for _, place in places if place.isValid()]
    assert before != after or len(stayed) == len(before)


def test_a_streamed_row_changes_alone() -> None:
    model = RegionsModel()
    regions = many(5000)
    model.show(regions[:4999], SIZE)
    changes: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: changes.append(("inserted", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: changes.append(("removed", first, last)))
    model.dataChanged.connect(lambda first, last: changes.append(("changed", first.row(), last.row())))
    model.show(regions, SIZE)
    model.show([*regions[:-1], replace(regions[-1], text="more")], SIZE)
    model.show([*regions[:-1], replace(regions[-1], text="more")], SIZE)
    assert changes[:2] == [("inserted", 4999, 4999), ("changed", 4999, 4999)]
    assert all(change[1:] == (4999, 4999) for change in changes)


def test_shuffled_regions_are_all_replaced() -> None:
    model = RegionsModel()
    regions = many(500)
    model.show(regions, SIZE)
    shuffled = random.Random(1).sample(regions, len(regions))
    model.show(shuffled, SIZE)
    assert [model.region_at(row) for row in range(500)] == shuffled
