"""Words to Markdown and back, and a page composed of its regions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Region
from ocr_desktop.core.markdown import compose, escaped, headed, html_of, normalised, page_text, plain_text

WORDS = st.text(
    alphabet=st.sampled_from(list("ab1 .)#*_`~<>&;$|[]()!\\-+=:xé中文。\n")) | st.characters(codec="utf-8"), max_size=40
)


def folded(text: str) -> str:
    return " ".join(text.split())


@given(WORDS)
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
        ('<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>', "a\tb\nc"),
        ("Energy $E = mc^2$ it is", "Energy E = mc^2 it is"),
        ("<script>alert(1)</script>kept", "kept"),
        ("<!-- nothing -->", ""),
        ("$$a + b$$ (1)", "a + b\n(1)"),
        ("> " * 200 + "deep", "deep"),
    ],
)
def test_plain_text_holds_the_words_alone(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_formulas_come_between_dollar_signs() -> None:
    assert normalised(r"a \(2x\) speed") == "a $2x$ speed"
    assert normalised("\\[\na + b\n\n= c\n\\]") == "$$a + b\n= c$$"
    assert normalised(r"never closed \(2x") == r"never closed \(2x"


def test_a_table_without_spans_is_written_with_pipes_and_one_with_spans_stays_html() -> None:
    plain = "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td></td></tr></table>"
    assert normalised(f"Caption {plain} after") == "Caption\n\n| a | b |\n| --- | --- |\n| 1\\|2 |  |\n\nafter"
    spanned = '<table><tr><td colspan="2">a</td></tr></table>'
    assert normalised(spanned) == spanned


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
