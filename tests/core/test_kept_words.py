r"""Whatever a page says that looks like Markdown or HTML: its words stay, and nothing of a region takes in the next."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.core.document import Region
from ocr_desktop.core.markdown import (
    FormulaStyle,
    MarkdownStyle,
    TableStyle,
    compose,
    headed,
    html_of,
    normalised,
    plain_text,
)
from ocr_desktop.core.markdown_styling import styled

MARKS = (
    *("<", "</", "<b", "<b>", "</b>", "<a", "<a>", "<s>", "</s>", ">", "<td>", "</td>", "<tr>", "<table>", "</table>"),
    *(
        '<td colspan="2">',
        "<pre>",
        "</pre>",
        "<p>",
        "<div>",
        "<foo>",
        "<!--",
        "-->",
        "<?",
        "[",
        "]",
        "](",
        "]:",
        "(",
        ")",
    ),
    *(
        "](http://x.y/",
        "![",
        " ",
        "\n",
        "\n\n",
        "=",
        "`",
        "``",
        "```",
        "~~~",
        "\n```\n",
        "|",
        "\n| --- | --- |\n",
        "\n| ",
    ),
    *("$", "$$", "\\", "\\(", "\\)", "\\[", "\\]", "- ", "1. ", "> ", "# ", '"', "    ", "&", "•", "**", "<br>"),
    *("<center>", "</center>", "<caption>", "---", "<code>", "</code>", "\\\\"),
)
NEXT = "See [1] and $x$\n\n# Head `c` <b>d</b>\n\n1. one"
HTML = MarkdownStyle(TableStyle.HTML)


@st.composite
def marked_words(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Words among marks of every kind, and the words alone; no two are the same."""
    pieces = draw(st.lists(st.sampled_from(MARKS) | st.just("word"), max_size=25))
    named = [f"Wq{chr(97 + index)}z" if piece == "word" else piece for index, piece in enumerate(pieces)]
    return "".join(named), [piece for piece in named if piece.startswith("Wq")]


@given(marked_words())
@example(("<table><tr><td>Wqaz<b</td><td>Wqbz</td></tr></table>", ["Wqaz", "Wqbz"]))
@example(("[<b>]:</b># ]:Wqaz", ["Wqaz"]))
@example(("<div>\\</Wqaz", ["Wqaz"]))
@example(("[1]: Wqaz", ["Wqaz"]))
@example(("<div>\n```\n<!--Wqaz", ["Wqaz"]))
def test_every_word_is_kept_and_no_region_takes_in_the_next(given_words: tuple[str, list[str]]) -> None:
    markdown, words = given_words
    cleaned = normalised(markdown)
    for text in (plain_text(cleaned), plain_text(styled(cleaned, HTML))):
        assert [word for word in words if word not in text] == []
    if cleaned:
        regions = (Region(1, "text", "", cleaned), Region(2, "text", "", NEXT))
        assert html_of(compose(regions).text).endswith(html_of(NEXT))


@pytest.mark.parametrize(
    "words",
    [
        "if a<b and c>d then e",
        "0<p<1 and q<a or y>b; k<u>1",
        "vector<a> v; List<S> s",
        "The end</s>",
        "\\\\<foo> is said".replace("\\\\", "\\"),
        "[Cu](NH3)4, A[i](j), see [12](a)",
        'References\n[1]: Smith\n[2]: http://x.y "Title"',
        "see http://a.b/$1 and http://x/y$z",
    ],
)
def test_what_only_looks_like_a_tag_or_a_link_is_words(words: str) -> None:
    assert plain_text(normalised(words.replace("\\", "\\\\"))) == words


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        ("<table><tr><td>a<b</td><td>c</td></tr></table>", "| a\\<b | c |\n| --- | --- |"),
        ("<table><tr><td>n<tr</td><td>p</td></tr></table>", "| n\\<tr | p |\n| --- | --- |"),
        ('<table><tr><td colspan="2">a<b</td></tr></table>', '<table><tr><td colspan="2">a&lt;b</td></tr></table>'),
        ("<table><tr><td>[12](a)</td></tr></table>", "| [12\\](a) |\n| --- |"),
        ("<table><tr><td>a</td><td rowsp", "| a |\n| --- |"),
        ("x<sup>2</sup> and y<b>bold</b>", "x<sup>2</sup> and y<b>bold</b>"),
        ("1. a 2. [x]: b", "1. a\n2. [x\\]: b"),
        ("see [1]: there", "see [1]: there"),
        ('References\n\n[1]: Smith\n[2]: http://x.y "T"', 'References\n\n[1\\]: Smith\n[2\\]: http://x.y "T"'),
        ("[a] and [b](http://c.d/e)", "[a] and [b](http://c.d/e)"),
        ("Output:```\nfoo\n```\n\n", "Output:\n```\nfoo\n```"),
        ("Output:```python\nfoo\n``` rest", "Output:\n```python\nfoo\n```\n rest"),
        ("```two words\nfoo\n```", "```\ntwo words\nfoo\n```"),
        ("a ```b``` c", "a ```b``` c"),
        ("<pre>\nfoo\n\n", "<pre>\nfoo</pre>"),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", "| a | b |   |\n|---|---| --- |\n| 1 | 2 | 3 |"),
        ("a | b\n--- | ---\n1 | 2 | 3", "a | b |   |\n--- | --- | --- |\n1 | 2 | 3"),
        ("re- sign resign from it", "re- sign resign from it"),
    ],
)
def test_what_is_mended_is_mended_so(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned


@pytest.mark.parametrize("markdown", ["Output:```\nfoo\n```\n\n", "<pre>\nfoo\n\n", "a ```\n~~~\nb", "- ```\n~~~ x"])
def test_a_title_after_code_stays_a_title(markdown: str) -> None:
    regions = (Region(1, "text", "", normalised(markdown)), Region(2, "title", "", "# Next"))
    assert html_of(compose(regions).text).endswith("<h1>Next</h1>\n")


def test_surplus_cells_are_in_the_text_and_in_every_style() -> None:
    cleaned = normalised("| x | y |\n| - | - |\n| 1 | 2 | lost |")
    assert plain_text(cleaned).endswith("1\t2\tlost")
    assert "<td>lost</td>" in styled(cleaned, HTML)


def test_a_row_of_many_thousand_cells_is_no_table() -> None:
    cleaned = normalised("| a |\n|---|\n" + "| word " * 5_000)
    assert plain_text(cleaned).count("word") == 5_000
    assert "<table" not in html_of(cleaned)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("[here](http://x.y/z)", "here (http://x.y/z)"),
        ("[here](http://x.y/ü)", "here (http://x.y/ü)"),
        ("[http://x.y](http://x.y)", "http://x.y"),
        ('<a href="https://x.y">here</a> it is', "here (https://x.y) it is"),
        ('<a name="top">here</a>', "here"),
        ("| [a](http://x.y) |\n| --- |", "a (http://x.y)"),
        ("![Copper](http://x.y/a.png)", "Copper (http://x.y/a.png)"),
        ('<img src="figure.png" alt="Copper">', "Copper"),
    ],
)
def test_an_address_that_the_words_do_not_say_is_said_behind_them(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_dollar_signs_in_addresses_are_no_formula_in_any_style() -> None:
    cleaned = normalised("http://a.b/$1* and [l](http://x/y$z)")
    assert "math" not in html_of(cleaned)
    assert r"\(" not in styled(cleaned, MarkdownStyle(formulas=FormulaStyle.BRACKETS))


def test_a_title_of_several_lines_is_one_line_of_markdown() -> None:
    assert headed("A title that\ngoes on", "title") == "# A title that goes on"
    assert headed("1. Of numbers\nand more", "sub_title") == "## 1. Of numbers and more"
    assert headed("Words\n\n- item", "title") == "Words\n\n- item"


def test_a_region_that_streams_in_is_not_remembered_in_all_its_lengths() -> None:
    text = "Words and $x$ that come one after the other. " * 2_000
    tracemalloc.start()
    try:
        for length in range(10_000, len(text), 400):
            styled(text[:length], MarkdownStyle(formulas=FormulaStyle.BRACKETS))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 64 * 2.5 * len(text)


@pytest.mark.parametrize(
    "unit", ["<", "<a", '<a b="', "[", "[a](", "\n[a", "```", "``` `", "|", "|a|b|\n|-|-|\n", "<pre>"]
)
def test_a_megabyte_of_one_mark_is_cleaned_in_bounded_time(unit: str) -> None:
    # Quadratic time would be minutes; the test's own time limit stops it.
    assert normalised(unit * (1_000_000 // len(unit)))
