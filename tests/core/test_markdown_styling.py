"""A style changes how Markdown is written and never what it says."""

from __future__ import annotations

import itertools
import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Region
from ocr_desktop.core.figures import figure_links
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.markdown import (
    USUAL_STYLE,
    FormulaStyle,
    MarkdownStyle,
    TableStyle,
    compose,
    escaped,
    html_of,
    normalised,
    plain_text,
    region_markdown,
)
from ocr_desktop.core.markdown_styling import styled

PIPES = MarkdownStyle(TableStyle.PIPES)
HTML = MarkdownStyle(TableStyle.HTML)
BRACKETS = MarkdownStyle(formulas=FormulaStyle.BRACKETS)
STYLES = [MarkdownStyle(*each) for each in itertools.product(TableStyle, FormulaStyle)]

WORDS = st.text(alphabet=st.sampled_from(list("ab1 .|*_`~<>&;$[]()!\\-中")), min_size=1, max_size=12).filter(
    # The dollarmath plugin takes a formula at the start for escaped where the paragraph ends with a backslash.
    lambda words: not words.strip().endswith("\\")
)
FORMULAS = st.sampled_from([r"\(x_1\)", r"\(a|b\)", r"\[\frac{a}{b} < c\]", r"\(\text{cost}\)"])
CELLS = st.lists(WORDS.map(lambda words: words.replace("&", "&amp;").replace("<", "&lt;")) | FORMULAS, max_size=2).map(
    " ".join
)


@st.composite
def html_tables(draw: st.DrawFn) -> str:
    """Tables with spans that may reach over each other and out of the table."""
    spans = st.sampled_from(["", ' colspan="2"', ' rowspan="2"', ' rowspan="3" colspan="2"', ' colspan="0"'])
    rows = draw(st.lists(st.lists(st.tuples(spans, CELLS), min_size=1, max_size=3), min_size=1, max_size=4))
    return f"<table>{''.join('<tr>' + ''.join(f'<td{s}>{c}</td>' for s, c in row) + '</tr>' for row in rows)}</table>"


MARKDOWN = st.lists(
    html_tables()
    | st.lists(WORDS.map(escaped) | FORMULAS, min_size=1, max_size=3).map(" ".join)
    | st.sampled_from(["`$a | b$`", "```\n| a |\n| - |\n$x$\n```", "1. one 2. two", "# Head"]),
    max_size=4,
).map("\n\n".join)


def words_of(markdown: str) -> list[str]:
    return plain_text(markdown).split()


def letters_of(markdown: str) -> list[str]:
    return [each for each in plain_text(markdown) if each.isalnum()]


@given(MARKDOWN, st.sampled_from(STYLES))
def test_every_word_survives_every_style(markdown: str, style: MarkdownStyle) -> None:
    usual = normalised(markdown)
    dollars = styled(usual, MarkdownStyle(style.tables))
    assert words_of(dollars) == words_of(usual)
    if style.formulas is FormulaStyle.BRACKETS:
        without_brackets = re.sub(r"\\[(\[](.+?)\\[)\]]", r"\1", styled(usual, style), flags=re.DOTALL)
        assert letters_of(without_brackets) == letters_of(dollars)


@given(st.lists(st.tuples(MARKDOWN, st.sampled_from(["text", "line", "image"])), max_size=5), st.sampled_from(STYLES))
def test_spans_lie_in_order_and_hold_what_stands_for_their_regions(
    pieces: list[tuple[str, str]], style: MarkdownStyle
) -> None:
    box = PixelBox(0, 0, 9, 9)
    regions = [Region(i, label, "", normalised(words), (box, box)) for i, (words, label) in enumerate(pieces)]
    links = figure_links(regions, "page")
    composed = compose(regions, style, links)
    by_id = {region.id: region for region in regions}
    end = 0
    for span in composed.spans:
        assert end <= span.start < span.end <= len(composed.text)
        shown = region_markdown(by_id[span.region_id], style, links)
        assert composed.text[span.start : span.end] == shown
        end = span.end
    told = {span.region_id for span in composed.spans}
    assert told == {region.id for region in regions if region.markdown or region.label == "image"}


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_pipes_to_html_and_back_keep_the_cells(rows: list[list[str]]) -> None:
    table = f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in rows)}</table>"
    piped = normalised(table)
    there = styled(piped, HTML)
    assert there.startswith("<table>")
    assert "\n" not in there
    back = styled(there, PIPES)
    assert cells_of(back) == cells_of(piped)
    assert len(cells_of(piped)) == len(rows) * 2


def cells_of(markdown: str) -> list[str]:
    page = lxml.html.fragment_fromstring(html_of(markdown), create_parent="div")
    return [" ".join(cell.text_content().split()) for cell in page.iter("td", "th")]


def test_pipes_give_up_spans_and_no_word() -> None:
    table = (
        '<table><tr><td rowspan="2">Part</td><td colspan="2">Sum</td></tr><tr><td>2024</td><td>2025</td></tr>'
        "<tr><td>a</td><td>1</td><td>2</td></tr></table>"
    )
    assert styled(normalised(table), PIPES) == (
        "| Part | Sum |  |\n| --- | --- | --- |\n|  | 2024 | 2025 |\n| a | 1 | 2 |"
    )


def test_what_pipes_cannot_say_without_losing_words_stays_html() -> None:
    fused = "<table>Name Value<td rowspan='2'>Total</td>12 34</table>"
    huge = "<table>" + '<tr><td colspan="9999" rowspan="9999">a</td></tr>' * 50 + "</table>"
    assert styled(fused, PIPES) == fused
    assert styled(huge, PIPES) == huge


def test_html_takes_the_place_of_pipes_alone() -> None:
    markdown = "Before\n\n| a\\|b | $x<y$ |\n| --- | --: |\n| `c` | \\$5 |\nAfter\n\n```\n| a |\n| - |\n```"
    html = styled(markdown, HTML)
    assert html == (
        'Before\n\n<table><tr><th>a|b</th><th style="text-align:right">$x&lt;y$</th></tr>'
        '<tr><td><code>c</code></td><td style="text-align:right">&#36;5</td></tr>'
        '<tr><td>After</td><td style="text-align:right"></td></tr></table>\n\n```\n| a |\n| - |\n```'
    )


def test_brackets_stand_around_formulas_and_around_nothing_else() -> None:
    markdown = "$x$ and $$y$$ cost \\$5 or \\$6, `$z$`\n\n```\n$a$\n```\n\n| $b\\|c$ |\n| --- |"
    assert styled(markdown, BRACKETS) == (
        "\\(x\\) and \\[y\\] cost \\$5 or \\$6, `$z$`\n\n```\n$a$\n```\n\n| \\(b\\|c\\) |\n| --- |"
    )
    assert styled('<table><tr><td colspan="2">$x$ &#36;5</td></tr></table>', BRACKETS) == (
        '<table><tr><td colspan="2">\\(x\\) &#36;5</td></tr></table>'
    )


def test_the_usual_style_changes_nothing() -> None:
    markdown = 'a $x$\n\n<table><tr><td colspan="2">a</td></tr></table>\n\n| a |\n| - |'
    assert styled(markdown, USUAL_STYLE) == markdown


@pytest.mark.parametrize("style", STYLES)
def test_a_page_of_ten_thousand_regions_is_composed_in_every_style(style: MarkdownStyle) -> None:
    regions = [Region(i, "text", "", f"Words {i} cost \\$5 and $x_{{{i}}}$ | more") for i in range(10_000)]
    assert len(compose(regions, style).spans) == 10_000
