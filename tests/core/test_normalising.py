r"""What a model wrote becomes clean Markdown: its slips mended where that is certain, its words all there."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.markdown import html_of, normalised, plain_text

TAGS = ("<table>", "</table>", "<tr>", "<td>", "</td>", "<center>", "</center>", "<b", ">", "&amp;gt;", "<i>")
MARKS = (
    *(
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        "$",
        "$$",
        "\\\\",
        "\\",
        "`",
        "```",
        "~~~",
        "- ",
        "1. ",
        "2. ",
        "• ",
        "|",
        "\n",
        "\n\n",
    ),
    *(" ", "word", "high- quality", "high-quality", "exam-\nple", "5", "x^2", "# ", "http://a.b/c", "](", "文字"),
)
OTHERS = st.text(max_size=3)


def pieces(*given: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(given) | OTHERS, max_size=30).map("".join)


@given(pieces(*TAGS, *MARKS))
def test_nothing_is_too_strange_to_be_cleaned(markdown: str) -> None:
    plain_text(normalised(markdown))


@given(pieces(*MARKS).filter(lambda text: "<" not in text and "&" not in text))
def test_no_letter_and_no_digit_is_lost_in_cleaning(markdown: str) -> None:
    def said(text: str) -> list[str]:
        return [each for each in text if each.isalnum()]

    assert said(html.unescape(normalised(markdown))) == said(markdown)


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        ("1. first 2. second 3. third", "1. first\n2. second\n3. third"),
        ("1) Apples 2) Pears", "1) Apples\n2) Pears"),
        (r"1. first \(x\) 2. second `a 3. b` end", "1. first $x$\n2. second `a 3. b` end"),
        ("Before:\n4. d 5. e 6. f", "Before:\n\n4. d\n5. e\n6. f"),
        ("1. Put it in. 2. Close it, see fig. 7", "1. Put it in.\n2. Close it, see fig. 7"),
        ("- one - two - three", "- one\n- two\n- three"),
        ("* one * two", "* one\n* two"),
        ("• one • two", "- one\n- two"),
        ("▪one\n▪two", "- one\n- two"),
    ],
)
def test_list_items_in_one_line_get_a_line_each(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned


@pytest.mark.parametrize(
    "markdown",
    [
        "1. See section 2. The results show",
        "1. See fig. 2. The results show",
        "1. Divide by 2. Then add 3. Print",
        "1. one 3. three",
        "1. one 2) two",
        "2. The costs were 3. That is all",
        "In 2019 1. a 2. b",
        "- Monday - closed\n- Tuesday - open",
        "- from 9 - 17 hours",
        "● Yes ○ No",
        "a - b - c",
        "`1. a 2. b`",
        "```\n1. a 2. b\n- a - b\n```",
        "| 1. a 2. b | - a - b |\n| --- | --- |",
    ],
)
def test_what_only_looks_like_items_stays_in_its_line(markdown: str) -> None:
    assert normalised(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        ("On 2025- 11- 17 at 10- 12", "On 2025-11-17 at 10-12"),
        ("a high- quality and High-Quality thing", "a high-quality and High-Quality thing"),
        ("state- of- the- art, state-of-the-art", "state-of-the-art, state-of-the-art"),
        ("an exam-\nple, and an example", "an example, and an example"),
        ("a high-\nquality, high-quality", "a high-quality, high-quality"),
        ("lan- guage and language", "language and language"),
    ],
)
def test_torn_words_are_mended_where_the_region_has_them_whole(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned


@pytest.mark.parametrize(
    "markdown",
    [
        "high- quality",
        "pre- and post-war",
        "an exam-\nple",
        "re- form, reform and re-form",
        "`high- quality` and `2025- 11` of high-quality",
        "http://a.b/high- quality high-qualityy",
        "$a_- 1$ of a-1",
    ],
)
def test_a_hyphen_that_nothing_proves_wrong_stays(markdown: str) -> None:
    assert normalised(markdown) == markdown


def test_formulas_are_not_mended() -> None:
    assert normalised(r"\(1- 2 < b\) is 1- 2") == "$1- 2 < b$ is 1-2"


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        (r"a \(2x\) speed", "a $2x$ speed"),
        ("\\[\na + b\n\n= c\n\\]", "$$a + b\n= c$$"),
        (r"never closed \(2x", r"never closed \(2x"),
        (r"open \( and \[ x \]", r"open \( and $$x$$"),
        (r"\( a \\[2pt] b \) and \[ c \]", r"$a \\[2pt] b$ and $$c$$"),
        (r"nothing \(\) here", "nothing  here"),
        (r"5\(\mu\)m", r"5$\mu$m"),
        (r"`\(x\)`", r"`\(x\)`"),
    ],
)
def test_formulas_come_between_dollar_signs(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned


@pytest.mark.parametrize(
    "words", ["$5", "$5 and $6", "US$5, US$6 and more", "5$ to 6$", "$ 5 or $ 6", r"costs $5 for \(x\) and $6"]
)
def test_a_price_is_no_formula(words: str) -> None:
    cleaned = normalised(words)
    assert plain_text(cleaned) == words.replace(r"\(x\)", "x")
    assert html_of(cleaned).count("math") == words.count(r"\(")


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        (r"$5, or $6 with \(x\)", "$5, or $6 with $x$"),
        (r"(US$)\(x\)", r"(US\$)$x$"),
        ("US$5, US$6", r"US\$5, US\$6"),
        ("US$5, `US$6`", "US\\$5, `US$6`"),
        (r"US$5 for \(x_1\), US$6", "US$5 for $x_1$, US$6"),
        (r"\$5, US$6", r"\$5, US$6"),
    ],
)
def test_a_dollar_sign_is_only_escaped_where_it_would_begin_a_formula(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned
    assert normalised(cleaned) == cleaned


def test_a_formula_that_came_between_dollar_signs_stays_one() -> None:
    assert normalised("$x$ and $a_1 + b$ and $$c$$") == "$x$ and $a_1 + b$ and $$c$$"


@pytest.mark.parametrize(
    ("markdown", "cleaned"),
    [
        ("<center>Figure 1</center>", "Figure 1"),
        ("<center>Figure 1</center><center>and 2</center> more", "Figure 1\nand 2 more"),
        ("a &amp;gt; b &amp;amp;lt; c &amp; d", "a &gt; b &lt; c &amp; d"),
        ("`a &amp;gt; List<String>`", "`a &amp;gt; List<String>`"),
        ("```python\nList<String>", "```python\nList<String>\n```"),
        ("a List<String>", "a List&lt;String>"),
    ],
)
def test_tags_and_entities(markdown: str, cleaned: str) -> None:
    assert normalised(markdown) == cleaned


@pytest.mark.parametrize(
    ("rows", "piped"),
    [
        ("<tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td></td></tr>", "| a | b |\n| --- | --- |\n| 1\\|2 |  |"),
        ("<tr><td>a &amp;gt; b</td></tr>", "| a > b |\n| --- |"),
        ("<tr><td>10<sup>6</sup> a<br>b</td></tr>", "| 10<sup>6</sup> a b |\n| --- |"),
        (r"<tr><td>\(a|b\) $5</td><td>$6</td></tr>", "| $a\\|b$ $5 | $6 |\n| --- | --- |"),
        (r"<tr><td>(US$)\(x\)</td><td>$5/$6</td></tr>", "| (US\\$)$x$ | \\$5/\\$6 |\n| --- | --- |"),
        ("<caption>Sums</caption><tr><td>a</td></tr>", "Sums\n\n| a |\n| --- |"),
        ("<tr><td>1. a 2. b</td></tr>", "| 1. a 2. b |\n| --- |"),
    ],
)
def test_a_table_without_spans_is_written_with_pipes(rows: str, piped: str) -> None:
    assert normalised(f"<table>{rows}</table>") == piped
    assert normalised(f"Above <table>{rows}</table> below") == f"Above\n\n{piped}\n\nbelow"


def test_a_table_with_spans_stays_html_with_its_formulas_marked_and_its_prices_not() -> None:
    table = r'<table><tr><td colspan="2">\(x<y\) (US$)\(z\)</td><td>$6</td></tr></table>'
    cleaned = normalised(table)
    assert cleaned == '<table><tr><td colspan="2">$x&lt;y$ (US&#36;)$z$</td><td>$6</td></tr></table>'
    assert html_of(cleaned).count('<span class="math inline">x&lt;y</span>') == 1
    assert plain_text(cleaned) == "x<y (US$)z\t\t$6"


def test_an_attribute_is_no_text() -> None:
    table = '<table title="2025- 11"><tr><td colspan="2">2025- 11</td></tr></table>'
    assert normalised(table) == table.replace(">2025- 11", ">2025-11")


def test_a_table_that_was_cut_keeps_to_itself() -> None:
    assert normalised("<table><tr><td>a</td><td>b") == "| a | b |\n| --- | --- |"
    assert normalised('<table><tr><td rowspan="2">a').endswith("</table>")


def test_a_table_that_pipes_would_blow_up_stays_html() -> None:
    wide = "<tr>" + "<td>x</td>" * 300 + "</tr>"
    html = f"<table>{wide}{'<tr><td>y</td></tr>' * 300}</table>"
    assert normalised(html) == html


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Enter <your name> and <id>", "Enter <your name> and <id>"),
        ("List<String> of <!-- remarks -->", "List<String> of <!-- remarks -->"),
        ("<html></html>", "<html></html>"),
        ("<textarea>x", "<textarea>x"),
        ("<table>Name Value<td rowspan='2'>Total</td>12 34</table>", "Name ValueTotal12 34"),
        ("<table><caption>Cap</caption><tr><td>a</td></tr></table>", "Cap\na"),
        ("<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table>", "a b c"),
        ("<div>" * 300 + "deep" + "</div>" * 300, "deep"),
        (r"a &lt;b&gt; c", "a <b> c"),
        ("3. three\n7. seven", "3. three\n7. seven"),
    ],
)
def test_no_word_of_a_region_is_lost(markdown: str, text: str) -> None:
    assert plain_text(normalised(markdown)) == text


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        r"\(",
        "$",
        "$ ",
        "`",
        "<",
        "<table>",
        "- a ",
        "a- ",
        "1. a ",
        "a-",
        "&amp;",
        "```\n",
        r"\[a\]",
        "](",
        "• a ",
    ],
)
def test_a_hostile_region_is_cleaned_in_bounded_time(unit: str) -> None:
    # Quadratic time would be minutes; the test's own time limit stops it.
    assert normalised(unit * (1_000_000 // len(unit)))
