"""The store hands out stretches that never overlap, and takes back what it gave."""

from __future__ import annotations

import errno
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from ocr_desktop.worker.pixels import SMALLEST_LEVEL, Pixels, PixelStore, levels_of, read_rows, write_rows


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_levels_follow_each_other_and_halve(width: int, height: int) -> None:
    levels = levels_of(Size(width, height), 4096)
    assert levels[0].size == Size(width, height)
    assert max(levels[-1].size.width, levels[-1].size.height) <= SMALLEST_LEVEL
    for before, after in itertools.pairwise(levels):
        assert after.offset == before.offset + before.length
        assert after.size == Size((before.size.width + 1) // 2, (before.size.height + 1) // 2)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300), st.booleans()), max_size=30))
def test_stretches_never_overlap(steps: list[tuple[int, int, bool]]) -> None:
    store = PixelStore()
    kept: list[Pixels] = []
    try:
        for width, height, releases in steps:
            kept.append(store.reserve(Size(width, height)))
            if releases:
                store.release(kept.pop(len(kept) // 2))
        taken = sorted((pixels.offset, pixels.offset + pixels.length) for pixels in kept)
        for (_, end), (start, _) in itertools.pairwise(taken):
            assert end <= start
        assert os.fstat(store.descriptor).st_size == (taken[-1][1] if taken else 0)
    finally:
        store.close()


def test_the_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store = PixelStore()
    store.reserve(Size(100, 100))
    assert list(tmp_path.iterdir()) == []
    assert os.fstat(store.descriptor).st_nlink == 0
    store.close()


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = PixelStore()
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(InputError) as caught:
        store.reserve(Size(10, 10))
    assert caught.value.code is ErrorCode.NO_SPACE
    store.close()


def test_the_next_picture_in_the_same_place_is_another_one() -> None:
    store = PixelStore()
    first = store.reserve(Size(100, 100))
    store.release(first)
    second = store.reserve(Size(100, 100))
    assert (second.offset, second.levels) == (first.offset, first.levels)
    assert second != first
    store.close()


def test_rows_come_back_as_they_were_put() -> None:
    store = PixelStore()
    store.reserve(Size(5, 5))
    pixels = store.reserve(Size(2, 3))
    rows = bytes(range(18))
    write_rows(store.descriptor, pixels.levels[0], 0, rows)
    assert read_rows(store.descriptor, pixels.levels[0], 1, 3) == rows[6:]
    store.close()


def test_rows_of_a_released_picture_are_an_error_and_no_crash() -> None:
    store = PixelStore()
    pixels = store.reserve(Size(100, 100))
    store.release(pixels)
    with pytest.raises(InputError) as caught:
        read_rows(store.descriptor, pixels.levels[0], 0, 100)
    assert caught.value.code is ErrorCode.PICTURE_CHANGED
    store.close()
