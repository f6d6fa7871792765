"""The lines of a PDF's own text: the right words, where their ink is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import PixelBox, Size, quad_bounds
from ocr_desktop.core.pdf import OpenPdf
from ocr_desktop.core.pdf_lines import MOST_LINES, Glyph, lines_of
from tests.support.pdfs import PdfPage, Text, pdf_of

PAGE = Size(1000, 1000)


def lines_on(*texts: Text, entries: str = "") -> tuple[LineFound, ...]:
    pdf = OpenPdf(pdf_of(PdfPage(texts, entries)))
    lines = pdf.text_lines(1).lines
    pdf.close()
    return lines


def words_on(*texts: Text, entries: str = "") -> list[str]:
    return [line.text for line in lines_on(*texts, entries=entries)]


@pytest.mark.parametrize("entries", ["", "/CropBox[50 30 560 500]", "/UserUnit 4", "/CropBox[-50 -20 2000 500]"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("matrix", ["1 0 0 1", "0 1 -1 0", "0.966 0.259 -0.259 0.966", "1.4 0 0 0.8"])
def test_a_lines_corners_are_around_its_ink(rotation: int, entries: str, matrix: str) -> None:
    text = Text("Hxgp words", 200, 200, 30, matrix=matrix)
    pdf = OpenPdf(pdf_of(PdfPage((text,), f"{entries}/Rotate {rotation}")))
    (line,) = pdf.text_lines(1).lines
    ink = ImageChops.invert(pdf.render(1).convert("L")).getbbox()
    pdf.close()
    assert ink is not None
    bounds = quad_bounds(line.quad)
    height = math.dist(line.quad[1], line.quad[2])
    for outer, inner, sign in zip(
        (bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max), ink, (1, 1, -1, -1), strict=True
    ):
        assert -2 <= (inner - outer) * sign <= 0.45 * height


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_lines_first_corner_is_where_its_text_begins(rotation: int) -> None:
    (line,) = lines_on(Text("words", 200, 200), entries=f"/Rotate {rotation}")
    (x_0, y_0), (x_1, y_1) = line.quad[0], line.quad[1]
    assert math.degrees(math.atan2(y_1 - y_0, x_1 - x_0)) % 360 == pytest.approx(rotation, abs=0.01)


def test_a_lines_words_are_joined_and_cells_are_lines_of_their_own() -> None:
    assert words_on(
        Text("Total", 72, 700),
        Text("to", 122, 700),
        Text("pay", 142, 700),
        Text("12.50", 400, 700),
        Text("next", 72, 670),
    ) == ["Total to pay", "12.50", "next"]


def test_chinese_is_read_across_and_down() -> None:
    assert words_on(Text("今天的天气很好，明天也是。", 72, 760)) == ["今天的天气很好，明天也是。"]
    (column,) = lines_on(Text("竖排的文字", 300, 700, is_downward=True))
    assert column.text == "竖排的文字"
    bounds = quad_bounds(column.quad)
    assert bounds.height > 4 * bounds.width


def test_text_that_is_not_drawn_is_read() -> None:
    assert words_on(Text("what a scanner found", is_hidden=True)) == ["what a scanner found"]


def test_a_broken_word_keeps_its_hyphen_and_its_lines() -> None:
    assert words_on(Text("a well-", 72, 700), Text("known word", 72, 670)) == ["a well-", "known word"]
    assert words_on(Text("a well\xad", 72, 700), Text("known word", 72, 670)) == ["a well-", "known word"]


def test_many_lines_that_overlap_stay_lines() -> None:
    lines = words_on(*(Text(f"Line number {index}", 72, 760 - 14 * index, 12) for index in range(40)))
    assert lines == [f"Line number {index}" for index in range(40)]


# The characters themselves


def glyph(text: str, x: float = 100, y: float = 100, **options: bool) -> Glyph:
    box = PixelBox(x, y, x + 10, y + 20)
    return Glyph(text, box, box, **options)


def written(text: str) -> list[str]:
    return [
        line.text for line in lines_of([glyph(letter, 100 + 10 * at) for at, letter in enumerate(text)], PAGE).lines
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab\x00c\x1b[1m", ["abc[1m"]),
        ("a\u202eb\u200bc\ufeff", ["abc"]),
        ("a\xadb\xad", ["ab-"]),
        ("ﬁne ﬂow oﬃce", ["fine flow office"]),
        ("a\xa0\u3000b", ["a b"]),
        ("  \t ", []),
        ("\ud83d\ude00 \ud83d", ["😀 \ufffd"]),
    ],
)
def test_characters_are_cleaned(text: str, expected: list[str]) -> None:
    assert written(text) == expected


def test_a_page_of_dust_has_only_so_many_lines() -> None:
    dust = (glyph("x", 100 * (at % 9), 100 * (at // 9 % 9)) for at in range(MOST_LINES + 50))
    found = lines_of(dust, PAGE)
    assert (len(found.lines), found.is_cut) == (MOST_LINES, True)
    whole = lines_of((glyph("x", 100 * (at % 9), 100 * (at // 9 % 9)) for at in range(MOST_LINES)), PAGE)
    assert (len(whole.lines), whole.is_cut) == (MOST_LINES, False)


def test_a_font_that_claims_an_absurd_height_is_held_to_its_ink() -> None:
    letters = [
        Glyph("x", PixelBox(100 + 10 * at, 0, 110 + 10 * at, 900), PixelBox(101 + 10 * at, 400, 109 + 10 * at, 420))
        for at in range(5)
    ]
    (line,) = lines_of(letters, PAGE).lines
    bounds = quad_bounds(line.quad)
    assert (bounds.y_min, bounds.y_max) == pytest.approx((388, 432))


places = st.floats(-1e7, 1e7)
any_glyphs = st.builds(
    lambda text, x, y, width, height, angle, is_hyphen: Glyph(
        text, PixelBox(x, y, x + width, y + height), PixelBox(x, y, x + width, y + height), angle, is_hyphen
    ),
    st.characters() | st.just(""),
    places,
    places,
    st.floats(0, 1e4),
    st.floats(0, 1e4),
    st.floats(-7, 7),
    st.booleans(),
)


@given(st.lists(any_glyphs, max_size=30))
def test_whatever_a_file_says_lines_are_words_on_the_page(glyphs: list[Glyph]) -> None:
    for line in lines_of(glyphs, PAGE).lines:
        assert line.text == " ".join(line.text.split()) != ""
        assert line.text.isprintable() or any(ord(letter) >= 0xE000 for letter in line.text)
        bounds = quad_bounds(line.quad)
        assert all(math.isfinite(corner) for point in line.quad for corner in point)
        assert bounds.x_min <= PAGE.width
        assert bounds.x_max >= 0
