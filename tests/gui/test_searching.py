from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.output import broken_text, searching
from ocr_desktop.gui.output.broken_text import BrokenText
from ocr_desktop.gui.output.searching import DocumentSearch, Search, SourceSearch, folded

pieces = st.sampled_from(["ab", "a", "B", "Ａ", "𝒳", "字", " ", "\n", "</tr>", "İ", "ΑΣ", "\u200b"])
texts = st.lists(pieces, max_size=30).map("".join)
queries = st.lists(st.sampled_from(["a", "ab", "字", "𝒳", " ", "σ"]), min_size=1, max_size=3).map("".join)


@pytest.fixture(autouse=True, scope="module")
def short_slices() -> object:
    """Short examples are looked through in several slices, and have broken lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "SLICE", 7)
        patch.setattr(broken_text, "LONG_LINE", 9)
        patch.setattr(broken_text, "SPACE_SEARCH", 4)
        yield


def finish(search: Search) -> list[tuple[int, int]]:
    while not search.is_done:
        search.step()
    return list(zip(search.starts, search.ends, strict=True))


def places_in(text: str, query: str) -> list[int]:
    """Where the query stands in the text, one behind the other."""
    text, query = folded(text), folded(query)
    places = []
    at = text.find(query)
    while at >= 0:
        places.append(at)
        at = text.find(query, at + len(query))
    return places


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    for match_case in (False, True):
        assert len(folded(text, match_case=match_case)) == len(text)
    assert folded(text) == "".join(folded(character) for character in text)


def test_words_are_the_same_however_they_are_written() -> None:
    assert folded("ＡＢＣ\u3000Straße\u00a0ΟΔΟΣ") == folded("abc straße\tοδος")
    assert folded("Total", match_case=True) == "Total"


def source_search(text: BrokenText, query: str) -> SourceSearch:
    search = SourceSearch(text, lambda: len(text.text))
    search.look_for(query, match_case=False)
    return search


@given(texts, queries)
def test_source_matches_are_those_of_the_text_also_across_shown_breaks(text: str, query: str) -> None:
    broken = BrokenText()
    broken.change(text)
    matches = finish(source_search(broken, query))
    assert [broken.offset_at(start) for start, _ in matches] == places_in(text, query)
    for start, end in matches:
        assert folded(text[broken.offset_at(start) : broken.offset_at(end)]) == folded(query)


@given(texts, texts, queries, st.integers(0, 5))
def test_matches_of_a_text_that_changed_are_those_of_the_new_one(
    before: str, after: str, query: str, steps: int
) -> None:
    broken = BrokenText()
    broken.change(before)
    search = source_search(broken, query)
    for _ in range(steps):
        if not search.is_done:
            search.step()
    same = broken.change(after)
    search.forget_from(broken.position_after(same))
    fresh = BrokenText()
    fresh.change(after)
    assert finish(search) == finish(source_search(fresh, query))


def document_of(text: str) -> QTextDocument:
    document = QTextDocument()
    document.setPlainText(text)
    # Without one it tells of no changes.
    document.documentLayout()
    return document


def selected(document: QTextDocument, start: int, end: int) -> str:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


@given(texts, queries)
def test_document_matches_hold_the_words_whatever_breaks_they_are_shown_with(text: str, query: str) -> None:
    document = document_of(text)
    search = DocumentSearch(document)
    search.look_for(query, match_case=False)
    matches = finish(search)
    lines = text.replace("\u200b", "").split("\n")
    assert len(matches) == sum(len(places_in(line, query)) for line in lines)
    for start, end in matches:
        words = selected(document, start, end)
        assert folded(words.replace("\u200b", "")) == folded(query)
        assert not words.startswith("\u200b")
    assert all(one[1] <= other[0] for one, other in pairwise(matches))


@given(texts, texts, queries, st.data())
def test_document_that_is_edited_while_it_is_searched(text: str, more: str, query: str, data: st.DataObject) -> None:
    document = document_of(text)
    search = DocumentSearch(document)
    document.contentsChange.connect(lambda position, *_: search.forget_from(position))
    search.look_for(query, match_case=False)
    for _ in range(data.draw(st.integers(0, 5))):
        if not search.is_done:
            search.step()
    cursor = QTextCursor(document)
    cursor.setPosition(data.draw(st.integers(0, document.characterCount() - 1)))
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(more)
    fresh = DocumentSearch(document)
    fresh.look_for(query, match_case=False)
    assert finish(search) == finish(fresh)


def test_match_case_tells_letters_apart(qtbot: QtBot) -> None:
    search = DocumentSearch(document_of("Total total TOTAL"))
    search.look_for("Total", match_case=True)
    assert finish(search) == [(0, 5)]
    search.look_for("Total", match_case=False)
    assert len(finish(search)) == 3
