"""Words to Markdown and back, and a page composed of its regions."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.core.document import Region
from ocr_desktop.core.markdown import compose, escaped, headed, html_of, normalised, page_text, plain_text

WORDS = st.text(
    alphabet=st.sampled_from(list("ab1 .)#*_`~<>&;$|[]()!\\-+=:xé中文。\n")) | st.characters(codec="utf-8"), max_size=40
)


def folded(text: str) -> str:
    return " ".join(text.split())


@given(WORDS)
@example(">0")
@example("a*b `c` <d> _e_")
def test_escaped_words_come_back_as_they_were(words: str) -> None:
    # Control characters are no words; the Unicode line and paragraph separators end lines like any other.
    printable = "".join(each for each in words if each.isprintable() or each == "\n")
    assert folded(plain_text(escaped(printable))) == folded(printable)


@given(st.text(max_size=200))
def test_no_markdown_is_too_strange_for_its_words(markdown: str) -> None:
    plain_text(normalised(markdown))


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## 2 Method", "2 Method"),
        ("- one\n- two", "one\ntwo"),
        ("**bold** and *thin*", "bold and thin"),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", "a\tb\n1\t2"),
        ('<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>', "a\tb\n\tc"),
        ("Energy $E = mc^2$ it is", "Energy E = mc^2 it is"),
        ("<script>alert(1)</script>kept", "kept"),
        ("<!-- nothing -->", ""),
        ("$$a + b$$ (1)", "a + b\n(1)"),
        ("> " * 200 + "deep", "deep"),
    ],
)
def test_plain_text_holds_the_words_alone(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_a_title_without_its_mark_gets_one() -> None:
    assert headed("Method", "sub_title") == "## Method"
    assert headed("### Method", "sub_title") == "### Method"
    assert headed("Method", "text") == "Method"


def test_a_page_is_its_regions_in_order_each_with_its_place() -> None:
    regions = (
        Region(7, "title", "One", "# One"),
        Region(3, "image", "", ""),
        Region(9, "line", "first", "first"),
        Region(1, "line", "second", "second"),
    )
    composed = compose(regions)
    assert composed.text == "# One\n\nfirst  \nsecond"
    assert [(span.region_id, composed.text[span.start : span.end]) for span in composed.spans] == [
        (7, "# One"),
        (9, "first"),
        (1, "second"),
    ]
    assert page_text(regions) == "One\n\nfirst\nsecond"


def test_lines_stay_lines_in_html() -> None:
    assert "<br" in html_of("first  \nsecond")


def test_cells_keep_their_formulas_and_their_marks() -> None:
    html = r"<table><tr><td>\(\frac{1}{2}\)</td><td>a*b*</td><td>&lt;b&gt; |</td></tr></table>".replace("\\\\", "\\")
    piped = normalised(html)
    assert piped == "| $\\frac{1}{2}$ | a\\*b\\* | \\<b> \\| |\n| --- | --- | --- |"
    assert plain_text(piped) == "\\frac{1}{2}\ta*b*\t<b> |"
