"""Parts of lines: whichever way a line runs, its characters stand where it says, and its words are words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Line
from ocr_desktop.core.geometry import Point, Quad
from ocr_desktop.core.line_parts import (
    LinePart,
    Place,
    axis_of,
    character_at,
    edges_of,
    index_near,
    nearest_line,
    next_word,
    parts_between,
    point_of,
    previous_word,
    quad_of_part,
    text_of,
    word_at,
)

WIDTH, HEIGHT = 200.0, 20.0


def turned(point: Point, angle: float) -> Point:
    x, y = point
    return (
        300 + x * math.cos(angle) - y * math.sin(angle),
        300 + x * math.sin(angle) + y * math.cos(angle),
    )


def quad(angle: float = 0.0, width: float = WIDTH, height: float = HEIGHT) -> Quad:
    return (
        turned((0, 0), angle),
        turned((width, 0), angle),
        turned((width, height), angle),
        turned((0, height), angle),
    )


def line(text: str, *, angle: float = 0.0, edges: tuple[float, ...] = ()) -> Line:
    return Line(text, quad(angle), 1.0, edges)


def row(text: str, x: float, y: float, width: float, height: float = HEIGHT) -> Line:
    return Line(text, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)), 1.0)


ANGLES = st.floats(-math.pi, math.pi)
TEXTS = st.text(min_size=1, max_size=30)


@pytest.mark.parametrize("angle", [0.0, math.pi / 2, math.pi, -math.pi / 2, 0.05])
def test_a_part_lies_where_its_characters_stand_whichever_way_the_line_runs(angle: float) -> None:
    found = quad_of_part(line("abcd", angle=angle, edges=(0.0, 0.1, 0.5, 0.9, 1.0)), 1, 3)
    expected = [turned(point, angle) for point in ((20, 0), (180, 0), (180, 20), (20, 20))]
    for corner, wanted in zip(found, expected, strict=True):
        assert corner == pytest.approx(wanted)


def test_without_edges_characters_of_full_width_take_twice_the_room() -> None:
    assert edges_of(line("ab中")) == (0.0, 0.25, 0.5, 1.0)
    assert edges_of(line("e\u0301x")) == (0.0, 0.5, 0.5, 1.0)


def test_edges_that_do_not_fit_the_text_are_not_believed() -> None:
    assert edges_of(line("ab", edges=(0.0, 1.0))) == (0.0, 0.5, 1.0)


@given(TEXTS, ANGLES, st.data())
def test_every_character_is_found_where_it_is_said_to_stand(text: str, angle: float, data: st.DataObject) -> None:
    each = line(text, angle=angle)
    index = data.draw(st.integers(0, len(text) - 1))
    edges = edges_of(each)
    if edges[index + 1] - edges[index] < 1e-3:
        return  # a mark over the letter before it
    middle = (edges[index] + edges[index + 1]) / 2
    point = turned((middle * WIDTH, HEIGHT / 2), angle)
    assert character_at(each, point) == index
    assert index_near(each, point_of(each, index)) in (index, index + 1)
    assert axis_of(each).contains(point)


@given(TEXTS, ANGLES, st.integers(-3, 40), st.integers(-3, 40))
def test_a_part_never_leaves_its_line(text: str, angle: float, one: int, other: int) -> None:
    each = line(text, angle=angle)
    axis = axis_of(each)
    for corner in quad_of_part(each, *sorted((one, other))):
        assert -1e-6 <= axis.along(corner) <= axis.length + 1e-6
        assert axis.across(corner) <= axis.height / 2 + 1e-6


def test_a_place_beside_a_line_is_its_nearer_end() -> None:
    each = line("abcd")
    assert index_near(each, (0, 310)) == 0
    assert index_near(each, (900, 310)) == 4
    assert character_at(each, (900, 310)) == 3
    assert index_near(each, (300 + 74, 310)) == 1
    assert index_near(each, (300 + 76, 310)) == 2


COLUMNS = (
    row("a title over both columns", 0, 0, 900),
    row("the left column begins", 0, 100, 400),
    row("and ends soon", 0, 130, 100),
    row("another paragraph", 0, 200, 400),
    row("the right column", 500, 100, 400),
    row("goes on here", 500, 130, 400),
    row("and here", 500, 165, 400),
)


@pytest.mark.parametrize(
    ("point", "number"),
    [
        ((350, 140), 2),  # behind the end of a paragraph
        ((350, 175), 3),  # between two paragraphs, where the other column has a line
        ((450, 140), 5),  # between the columns
        ((1000, 110), 4),  # in the margin
        ((1000, 500), 6),
        ((300, 70), 1),  # under the title
        ((-50, 210), 3),
    ],
)
def test_who_points_beside_the_words_means_the_line_at_the_same_height_in_that_column(
    point: Point, number: int
) -> None:
    assert nearest_line([axis_of(each) for each in COLUMNS], point) == number


def test_a_line_without_length_is_no_trouble() -> None:
    each = Line("ab", ((5, 5), (5, 5), (5, 5), (5, 5)), 1.0)
    assert index_near(each, (9, 9)) == 0
    assert quad_of_part(each, 0, 2) == each.quad
    assert text_of((each,), parts_between((each,), Place(0, 0), Place(0, 2))) == "ab"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("see the |quick fox", "quick"),
        ("we don|’t know", "don’t"),
        ("in all 1,2|34.50 €", "1,234.50"),
        ("end|. Next", "end"),
        ("end.| Next", " "),
        ("(|see)", "see"),
        ("|(see)", "("),
        ("今天|天气好，出门", "今天天气好"),
        ("用|Python写", "Python"),
        ("用Python|写", "写"),
        ("カタ|カナ。", "カタカナ"),
        ("한국어 문|장", "문장"),
    ],
)
def test_a_word_is_what_people_take_for_one(text: str, word: str) -> None:
    index = text.index("|")
    text = text.replace("|", "", 1)
    start, end = word_at(text, min(index, len(text) - 1) if text[index : index + 1] not in (".",) else index - 1)
    assert text[start:end] == word


@given(st.text(max_size=40))
def test_the_words_of_a_text_are_all_of_it(text: str) -> None:
    at, words = 0, []
    while at < len(text):
        start, end = word_at(text, at)
        assert start == at
        words.append(text[start:end])
        at = end
    assert "".join(words) == text


@given(st.text(max_size=40), st.integers(0, 40))
def test_word_by_word_both_ends_of_a_text_are_reached(text: str, index: int) -> None:
    forward = backward = min(index, len(text))
    for _ in range(len(text) + 1):
        assert next_word(text, forward) > forward or forward == len(text)
        forward, backward = next_word(text, forward), previous_word(text, backward)
    assert (forward, backward) == (len(text), 0)


def test_text_between_two_places_keeps_the_lines_of_the_picture() -> None:
    lines = (row("First line", 0, 0, 100), row("second line", 0, 30, 110), row("third", 0, 60, 50))
    parts = parts_between(lines, Place(0, 6), Place(2, 2))
    assert parts == [LinePart(0, 6, 10), LinePart(1, 0, 11), LinePart(2, 0, 2)]
    assert text_of(lines, parts) == "line\nsecond line\nth"


def test_cells_of_a_row_are_parted_by_tabs_and_a_broken_row_is_mended() -> None:
    lines = (
        row("Name", 0, 0, 60),
        row("Age", 200, 2, 40),
        row("A broken", 0, 30, 100),
        row("row", 108, 30, 40),
        row("中文", 0, 60, 40),
        row("分开", 42, 60, 40),
    )
    everything = parts_between(lines, Place(0, 0), Place(5, 2))
    assert text_of(lines, everything) == "Name\tAge\nA broken row\n中文分开"


def test_lines_that_run_downwards_from_the_right_are_lines_and_no_cells() -> None:
    right = Line("右の行", ((140, 0), (140, 200), (120, 200), (120, 0)), 1.0)
    left = Line("左の行", ((110, 0), (110, 200), (90, 200), (90, 0)), 1.0)
    assert text_of((right, left), parts_between((right, left), Place(0, 0), Place(1, 3))) == "右の行\n左の行"


@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_what_lies_between_two_places_is_there_once(texts: list[str], data: st.DataObject) -> None:
    lines = tuple(row(text, 0, 30 * number, 100) for number, text in enumerate(texts))
    places = st.builds(Place, st.integers(0, len(texts) - 1), st.integers(0, 30))
    start, end = sorted((data.draw(places), data.draw(places)))
    parts = parts_between(lines, start, end)
    assert [part.line for part in parts] == sorted({part.line for part in parts})
    assert all(0 <= part.start < part.end <= len(texts[part.line]) for part in parts)
