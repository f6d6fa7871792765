"""What was found on a page becomes its document: everything once, in order, and no word lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.events import CodeFound, FoundRegion, LineFound, PageFound, ShapesFound
from ocr_desktop.core.geometry import PixelBox, Quad
from ocr_desktop.core.markdown import html_of
from ocr_desktop.core.plain_text import plain_text
from ocr_desktop.core.structure.page import figure_regions_of, line_regions_of, regions_of, text_regions_of
from tests.core.test_layout import quads
from tests.core.typeset import PROSE, column, document, prose, typed

PICTURE = PixelBox(0, 140, 600, 440)


def page(
    lines: list[LineFound], *, pictures: tuple[PixelBox, ...] = (), codes: tuple[CodeFound, ...] = ()
) -> PageFound:
    return PageFound(tuple(lines), ShapesFound(pictures=pictures), codes)


def labelled(found: PageFound) -> list[tuple[str, str]]:
    return [(region.label, plain_text(region.markdown)) for region in regions_of(found)]


def table(y: float) -> list[LineFound]:
    rows = [
        ("Fruit", "Weight", "Price"),
        ("Apple", "182 g", "0.40"),
        ("Pear", "178 g", "0.55"),
        ("Plum", "66 g", "0.20"),
    ]
    return [
        typed(text, place * 220, y + row * 30) for row, texts in enumerate(rows) for place, text in enumerate(texts)
    ]


def code(text: str) -> CodeFound:
    return CodeFound(text, ((700, 0), (800, 0), (800, 100), (700, 100)), "QR Code")


def test_a_picture_is_a_region_at_its_place_and_its_caption_is_known() -> None:
    caption = "Figure 3: The garden behind the house"
    lines = [*prose(0), typed(caption, 100, 450, 16), *prose(520)]
    found = regions_of(page(lines, pictures=(PICTURE,)))
    assert [region.label for region in found] == ["text", "image", "image_caption", "text"]
    assert (found[1].markdown, found[1].lines) == ("", ())
    assert found[1].quads == (((0, 140), (600, 140), (600, 440), (0, 440)),)


def test_words_in_a_picture_are_text_behind_it_and_give_no_structure() -> None:
    inside = [typed("1. North", 40, 200, 40, bold=True), typed("2. South", 40, 380)]
    assert labelled(page([*prose(0), *inside, *prose(520)], pictures=(PICTURE,))) == [
        ("text", " ".join(PROSE)),
        ("image", ""),
        ("text", "1. North"),
        ("text", "2. South"),
        ("text", " ".join(PROSE)),
    ]


def test_the_labels_of_a_chart_are_words_of_its_picture() -> None:
    halves = (PixelBox(80, 180, 280, 420), PixelBox(340, 180, 600, 420))
    ticks = [typed(text, 40, 190 + 70 * row) for row, text in enumerate(("26", "22", "18", "14"))]
    hours = [typed(str(hour), 90 + hour * 24, 440) for hour in (0, 8, 16)]
    lines = [*prose(0), *ticks, *hours, typed("hour of day", 240, 468), typed("street", 480, 150), *prose(540)]
    found = labelled(page(lines, pictures=halves))
    assert [label for label, _ in found].count("image") == 1, "two fragments are one picture"
    assert (found[0], found[1], found[-1]) == (("text", " ".join(PROSE)), ("image", ""), ("text", " ".join(PROSE)))


def test_the_numbers_of_a_table_below_a_picture_are_none_of_it() -> None:
    found = labelled(page([*prose(0), *table(470), *prose(640)], pictures=(PICTURE,)))
    assert [label for label, _ in found] == ["text", "image", "table", "text"]


def test_what_the_whole_page_lies_on_is_no_picture() -> None:
    found = page([*prose(0), *prose(140)], pictures=(PixelBox(-20, -20, 700, 300),))
    assert [label for label, _ in labelled(found)] == ["text", "text"]


@pytest.mark.parametrize(
    ("caption", "label"),
    [
        ("Table 2. Weights of fruit", "table_caption"),
        ("表 3 水果的重量", "table_caption"),
        ("Fig. 4: Weights of fruit", "image_caption"),
    ],
)
def test_captions_are_told_by_what_they_name(caption: str, label: str) -> None:
    assert (label, caption) in labelled(page([*prose(0), typed(caption, 0, 150), *table(190), *prose(380)]))


def test_a_sentence_about_a_table_is_no_caption() -> None:
    lines = column("Table 2 shows what they weigh, and so does", "the one behind it.", y=0)
    assert [label for label, _ in labelled(page([*lines, *prose(100)]))] == ["text", "text"]


def test_a_table_is_a_table() -> None:
    (text, found, after) = regions_of(page([*prose(0), *table(160), *prose(340)]))
    assert (text.label, found.label, after.label) == ("text", "table", "text")
    assert plain_text(found.markdown).split("\n")[1] == "Apple\t182 g\t0.40"
    assert len(found.lines) == 12


@pytest.mark.parametrize(
    "content",
    [
        "https://example.org/?a=1&b=*2*",
        "www.example.org",
        "WWW.example.org",
        "mailto:ada@example.org",
        "BEGIN:VCARD\nN:*Ada*\nEND:VCARD",
        "<b>x</b> `y`",
    ],
)
def test_what_a_code_holds_is_words_and_never_a_link(content: str) -> None:
    (region,) = regions_of(page([], codes=(code(content),)))
    assert (region.label, region.lines, region.quads) == ("barcode", (), (code(content).quad,))
    assert plain_text(region.markdown) == content
    assert "<a" not in html_of(region.markdown)
    assert not re.search(r"https?://|(?i:www)\.|mailto:|\w@", region.markdown), (
        "nor do programs make one that link what looks like one"
    )


# The other presets


def test_plain_text_has_no_structure_but_its_paragraphs() -> None:
    lines = [typed("The Garden in Autumn", 0, 0, 44), *prose(80), *column("• Apples", "• Pears", y=220)]
    found = text_regions_of(page(lines, pictures=(PixelBox(0, 400, 500, 600),), codes=(code("12"),)))
    assert {region.label for region in found} == {"text", "barcode"}
    words = [plain_text(region.markdown) for region in found if region.label == "text"]
    assert words == ["The Garden in Autumn", " ".join(PROSE), "• Apples", "• Pears"]
    assert not any(region.markdown.startswith("#") for region in found)


def test_lines_with_a_dollar_each_make_no_formula_together() -> None:
    found = line_regions_of(page(column("costs a$b", "and c$d")))
    assert [region.markdown for region in found] == ["costs a\\$b", "and c\\$d"]


def test_lines_come_one_by_one_and_those_of_a_table_row_by_row() -> None:
    found = line_regions_of(page([*table(160), *prose(0)]))
    assert {region.label for region in found} == {"line"}
    words = [region.markdown for region in found]
    assert words[:4] == list(PROSE)
    assert words[4:10] == ["Fruit", "Weight", "Price", "Apple", "182 g", "0.40"]


def test_of_a_figure_its_table_is_told_and_else_its_words() -> None:
    (found,) = figure_regions_of(page([*prose(0), *table(160)]))
    assert found.label == "table"
    words = figure_regions_of(page(prose(0)))
    assert [(region.label, region.markdown) for region in words] == [("text", " ".join(PROSE))]


# Whatever is found


LINE_TEXTS = st.one_of(
    st.text(min_size=1, max_size=14).map(lambda text: text.strip() or "x"),
    st.sampled_from(
        [
            "• item",
            "1. one",
            "2. two",
            "a) x",
            "Name:",
            "Figure 1: x",
            "2.1 Method",
            "def f(x):",
            "return x;",
            "12",
            "—",
        ]
    ),
)
PAGES = st.builds(
    lambda lines, pictures, codes: PageFound(
        tuple(LineFound(text, quad, score, stroke=stroke) for text, quad, score, stroke in lines),
        ShapesFound(pictures=tuple(pictures)),
        tuple(codes),
    ),
    st.lists(st.tuples(LINE_TEXTS, quads, st.floats(0, 1), st.none() | st.floats(0, 1)), max_size=25),
    st.lists(st.builds(PixelBox, *[st.floats(0, 400)] * 2, *[st.floats(400, 900)] * 2), max_size=2),
    st.lists(st.builds(CodeFound, st.text(min_size=1, max_size=9), quads, st.just("QR Code")), max_size=2),
)


def lines_of(regions: tuple[FoundRegion, ...]) -> list[int]:
    return sorted(index for region in regions for index in region.lines)


@given(PAGES)
def test_every_line_is_in_exactly_one_region(found: PageFound) -> None:
    assert lines_of(regions_of(found)) == list(range(len(found.lines)))
    assert lines_of(text_regions_of(found)) == list(range(len(found.lines)))
    assert lines_of(line_regions_of(found)) == list(range(len(found.lines)))


@given(PAGES)
def test_every_picture_and_every_code_is_a_region_with_a_place(found: PageFound) -> None:
    regions = regions_of(found)
    assert sum(region.label == "barcode" for region in regions) == len(found.codes)
    assert all(region.lines or region.quads for region in regions)


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "Delta", "42", "x*y", "中文", "end."]), min_size=1, max_size=7
)
STARTS = st.sampled_from(["", "", "", "• ", "1. ", "2. ", "a) ", "- ", "# ", "Table 1: "])


@given(
    st.lists(
        st.tuples(STARTS, WORDS, st.integers(0, 3), st.sampled_from([16, 20, 20, 20, 34]), st.booleans()), max_size=30
    )
)
def test_no_word_is_lost(rows: list[tuple[str, list[str], int, int, bool]]) -> None:
    lines = [
        typed(start + " ".join(words), indent * 40, row * 30, size, bold=bold)
        for row, (start, words, indent, size, bold) in enumerate(rows)
    ]
    regions = regions_of(page(lines))
    came = Counter(word for line in lines for word in _words(line.text))
    told = Counter(word for region in regions for word in _words(plain_text(region.markdown)))
    assert told == came


def _words(text: str) -> list[str]:
    """Letters and digits alone: bullets become Markdown's own, and Chinese words are joined."""
    return re.findall(r"[a-zA-Z]+|\d+|[一-鿿]", text)


def test_two_thousand_lines_are_one_page() -> None:
    lines = [
        typed(f"{row % 9}. Line {row} of a long list of things", (row % 4) * 700, row // 4 * 30) for row in range(2000)
    ]
    assert lines_of(regions_of(page(lines))) == list(range(2000))


def test_nothing_is_nothing() -> None:
    nothing = PageFound()
    assert (regions_of(nothing), text_regions_of(nothing), line_regions_of(nothing), figure_regions_of(nothing)) == (
        (),
    ) * 4


def test_text_that_lies_on_its_side_is_read_as_upright() -> None:
    def upwards(line: LineFound) -> LineFound:
        quad: Quad = tuple((y, -x) for x, y in line.quad)  # type: ignore[assignment]
        return LineFound(line.text, quad, line.score, line.edges, line.stroke)

    lines = [typed("The Garden in Autumn", 0, 0, 44), *prose(80), *column("• Apples", "• Pears", y=240)]
    assert [region.markdown for region in regions_of(page([*map(upwards, lines)]))] == [
        "# The Garden in Autumn",
        " ".join(PROSE),
        "- Apples\n- Pears",
    ]


def test_buttons_beside_each_other_are_two_things() -> None:
    row = [typed("Cancel", 200, 140), typed("Save changes", 330, 140)]
    assert [words for _, words in document([*prose(0), *row])][1:] == ["Cancel", "Save changes"]


def test_a_line_of_words_far_apart_stays_in_its_justified_paragraph() -> None:
    words = ("age of", "foolishness, it", "was the", "epoch")
    widths = [typed(word).quad[1][0] for word in words]
    gap = (prose(0)[0].quad[1][0] - sum(widths)) / (len(words) - 1)
    loose = [typed(word, sum(widths[:at]) + at * gap, 26) for at, word in enumerate(words)]
    lines = [*column(PROSE[0]), *loose, *column(*PROSE[2:], y=52)]
    assert len(document(lines)) == 1
