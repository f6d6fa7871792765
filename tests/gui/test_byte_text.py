from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from ocr_desktop.gui.byte_text import byte_text

UNITS = {"bytes": 1, "kB": 1000, "MB": 1_000_000}


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (411_987, "412 kB"), (999_700, "1.0 MB"), (1_412_000, "1.4 MB")],
)
def test_sizes_are_said_as_people_say_them(count: int, text: str) -> None:
    assert byte_text(count) == text


@given(st.integers(0, 900_000_000))
def test_a_size_is_never_far_from_the_truth(count: int) -> None:
    number, unit = re.fullmatch(r"([\d.]+) (\w+)", byte_text(count)).groups()  # type: ignore[union-attr]
    assert float(number) < 1000
    assert abs(float(number) * UNITS[unit] - count) <= 0.05 * max(count, 1) + UNITS[unit] / 2


def test_a_size_speaks_the_language_that_is_set() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        assert byte_text(1_412_000) == "1,4 MB"
    finally:
        QLocale.setDefault(QLocale(QLocale.Language.English))
