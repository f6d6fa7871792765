"""Which files of a folder are taken, and that page 2 comes before page 10."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.picture_files import is_taken, natural_key


def test_files_come_as_people_count() -> None:
    expected = [
        "1.png",
        "Page 2.png",
        "page 2a.png",
        "page 10.png",
        "PAGE 11.png",
        "page x.png",
        "第２页.png",
        "第10页.png",
    ]
    assert sorted([*expected[4:], *expected[:4]], key=natural_key) == expected


def test_leading_zeros_do_not_matter_but_the_order_is_always_the_same() -> None:
    assert sorted(["p010", "p9", "p10", "p09"], key=natural_key) == ["p09", "p9", "p010", "p10"]


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_sort_by_their_size(one: int, other: int) -> None:
    keys = natural_key(f"a{one}b"), natural_key(f"a{other}b")
    assert (keys[0] < keys[1]) == (one < other)


@given(st.text(max_size=255))
def test_every_name_has_a_key_of_its_own(name: str) -> None:
    assert natural_key(name) != natural_key(name + "x")


@pytest.mark.parametrize(
    ("name", "taken"),
    [("a.png", True), ("A.JPEG", True), ("b.heic", True), ("c.pdf", True), ("d.tar.tiff", True), (".hidden.png", False),
     ("png", False), (".png", False), ("e.png.txt", False), ("f.exe", False), ("g.", False)],
)  # fmt: skip
def test_pictures_and_pdfs_are_taken_by_their_ending(name: str, taken: bool) -> None:
    assert is_taken(name) is taken
