from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.gui.output import broken_text
from ocr_desktop.gui.output.broken_text import BrokenText

pieces = st.sampled_from(["</tr>", "</t", "a", "word ", " ", "\n", "𝒳", "字", "\r", "\u2028"])
texts = st.lists(pieces, max_size=40).map("".join)


@pytest.fixture(autouse=True, scope="module")
def short_lines() -> object:
    """Lines are broken early, so that short examples have breaks of both kinds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broken_text, "LONG_LINE", 12)
        patch.setattr(broken_text, "SPACE_SEARCH", 5)
        yield


def broken(text: str) -> BrokenText:
    changed = BrokenText()
    changed.change(text)
    return changed


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


@given(st.lists(texts, max_size=6))
def test_growing_text_shows_the_same_as_the_whole(steps: list[str]) -> None:
    growing = BrokenText()
    shown = ""
    for step in steps:
        before = growing.text
        same = growing.change(before + step)
        assert same == len(before)
        shown += growing.shown(same, len(growing.text))
    whole = "".join(steps)
    assert shown == broken(whole).shown(0, len(whole))


@given(texts, texts)
def test_another_text_shows_the_same_as_from_the_start(before: str, after: str) -> None:
    changed = broken(before)
    same = changed.change(after)
    assert before[:same] == after[:same]
    assert changed.shown(0, len(after)) == broken(after).shown(0, len(after))


@given(texts)
def test_places_lead_there_and_back(text: str) -> None:
    place = broken(text)
    view = utf16(place.shown(0, len(text)))
    for offset in range(len(text) + 1):
        assert place.offset_at(place.position_before(offset)) == offset
        assert place.offset_at(place.position_after(offset)) == offset
    for offset, character in enumerate(text.replace("\r", " ")):
        assert view[2 * place.position_before(offset) :].startswith(utf16(character))


@given(texts)
def test_breaks_are_all_that_is_added_and_no_line_is_long(text: str) -> None:
    shown = broken(text).shown(0, len(text))
    assert shown.replace("\n", "") == text.replace("\n", "").replace("\r", " ")
    assert all(len(line) <= 12 + 5 for line in shown.split("\n"))


def test_a_table_on_one_line_is_broken_after_each_row() -> None:
    assert broken("<tr>1</tr><tr>2</tr>\nx").shown(0, 99) == "<tr>1</tr>\n<tr>2</tr>\nx"
