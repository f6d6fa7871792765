from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.capture_kinds import CaptureKind, preset_of
from ocr_desktop.core.capture_text import Captured, captured
from ocr_desktop.core.document import Line, Region
from ocr_desktop.core.markdown import (
    USUAL_STYLE,
    FormulaStyle,
    MarkdownStyle,
    TableStyle,
    escaped,
    html_of,
    normalised,
    plain_text,
)
from ocr_desktop.core.presets import PresetId

FLAT = "<table><tr><td>Part</td><td>Sum</td></tr><tr><td></td><td>12</td></tr></table>"
SPANNING = '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>'
EVERY_PRESET = frozenset(PresetId)
WORDS = st.text(st.sampled_from("ab 1.#*_-+>|$\\`<&[]()!~=\n"), max_size=40)


def region(number: int, markdown: str, label: str = "text") -> Region:
    return Region(number, label, plain_text(markdown), markdown)


def regions(*markdowns: str, label: str = "text") -> list[Region]:
    return [region(number, markdown, label) for number, markdown in enumerate(markdowns)]


def words(*texts: str, label: str = "text") -> list[Region]:
    return regions(*map(escaped, texts), label=label)


def as_markdown(found: list[Region], style: MarkdownStyle = USUAL_STYLE) -> Captured:
    return captured(found, CaptureKind.MARKDOWN, style=style)


def test_plain_paragraphs_come_without_backslashes_and_with_their_line_breaks() -> None:
    copied = as_markdown(words("1. foo_bar *x* <b>\n# no heading", "$5 and $6 [1](2)"))
    assert copied.plain == "1. foo_bar *x* <b>\n# no heading\n\n$5 and $6 [1](2)"
    # The HTML says the same and makes nothing else of it.
    html = html_of(copied.html_source or "")
    assert "<li>" not in html
    assert "<h1>" not in html
    assert "<br" in html
    assert not copied.has_table


def test_lines_are_lines() -> None:
    copied = as_markdown(words("one", "two*", label="line"))
    assert copied.plain == "one\ntwo*"


def test_the_cells_of_a_row_stay_in_their_row_when_a_table_is_taken_as_text() -> None:
    def line(text: str, left: float, top: float) -> Line:
        right, bottom = left + 60, top + 20
        return Line(text, ((left, top), (right, top), (right, bottom), (left, bottom)), 0.9)

    lines = (line("Pears", 0, 0), line("12", 200, 0), line("Plums", 0, 40), line("7", 200, 40))
    found = words(*(each.text for each in lines), label="line")
    assert captured(found, CaptureKind.TEXT, lines=lines).plain == "Pears\t12\nPlums\t7"
    assert captured(words("Pears", label="table"), CaptureKind.TEXT, lines=lines).plain == "Pears"


@given(st.lists(WORDS, max_size=4))
def test_whatever_plain_paragraphs_say_is_copied_character_for_character(texts: list[str]) -> None:
    found = words(*texts)
    said = "\n\n".join(region.text for region in found if region.text)
    assert as_markdown(found).plain == said
    assert captured(found, CaptureKind.TEXT).plain == said


def test_a_document_is_markdown() -> None:
    found = regions("# Costs", normalised(FLAT), r"**bold** text", normalised(r"\[E=mc^2\]"), normalised(SPANNING))
    assert as_markdown(found).plain == (
        f"# Costs\n\n| Part | Sum |\n| --- | --- |\n|  | 12 |\n\n**bold** text\n\n$$E=mc^2$$\n\n{SPANNING}"
    )


def test_markdown_follows_the_style_that_was_chosen_and_its_html_does_not() -> None:
    found = regions(normalised(SPANNING), "$x$")
    copied = as_markdown(found, MarkdownStyle(TableStyle.PIPES, FormulaStyle.BRACKETS))
    assert copied.plain == "| a |  |\n| --- | --- |\n| b | c |\n\n\\(x\\)"
    assert copied.html_source == f"{SPANNING}\n\n$x$"


def test_a_paragraph_beside_a_heading_goes_without_backslashes_where_no_word_is_lost() -> None:
    copied = as_markdown([*regions("# Head"), *words("1. first * second\nline", "# include <b>")])
    assert copied.plain == "# Head\n\n1. first * second  \nline\n\n\\# include \\<b>"


@given(WORDS, WORDS)
def test_no_word_of_a_document_is_lost_where_its_copy_is_read_as_markdown(text: str, other: str) -> None:
    found = [*regions("# Head"), *words(text, other)]
    said = "\n".join(line for each in found for line in each.text.split("\n") if line)
    assert plain_text(as_markdown(found).plain) == said


def test_text_has_no_html_beside_it() -> None:
    copied = captured(regions("# Costs", normalised(FLAT)), CaptureKind.TEXT)
    assert (copied.plain, copied.html_source, copied.has_table) == ("Costs\n\nPart\tSum\n\t12", None, True)


def test_a_table_is_its_cells_by_tabs_and_lines_and_nothing_around_it() -> None:
    found = [*words("Before"), *regions(f"words\n\n{normalised(FLAT)}\n\nmore", normalised(SPANNING))]
    copied = captured(found, CaptureKind.TABLE)
    assert copied.plain == "Part\tSum\n\t12\n\na\nb\tc"
    html = html_of(copied.html_source or "")
    assert html.count("<table>") == 2
    assert "words" not in html
    assert "more" not in html


def test_where_no_table_came_it_is_what_came() -> None:
    copied = captured(words("a | b"), CaptureKind.TABLE)
    assert (copied.plain, copied.has_table) == ("a | b", False)


def test_a_table_in_code_is_none() -> None:
    assert not as_markdown(regions(f"```\n{FLAT}\n| a |\n| - |\n```")).has_table


def test_a_formula_comes_with_its_dollars_and_without_the_words_around_it() -> None:
    found = regions(normalised(r"\[E=mc^2\]"), normalised(r"where \(c\) costs 5 $"))
    copied = captured(found, CaptureKind.FORMULA, style=MarkdownStyle(formulas=FormulaStyle.BRACKETS))
    assert (copied.plain, copied.html_source) == ("$$E=mc^2$$\n$c$", None)
    assert captured(words("no formula_"), CaptureKind.FORMULA).plain == "no formula_"


def test_one_line_joins_words_as_their_script_does() -> None:
    found = words("这是一个", "中文 hyphen-", "ated word", "and\ttabs", label="line")
    assert captured(found, CaptureKind.LINE).plain == "这是一个中文 hyphenated word and tabs"


@given(st.lists(WORDS, max_size=4))
def test_one_line_is_one_line(texts: list[str]) -> None:
    assert len(captured(words(*texts), CaptureKind.LINE).plain.splitlines()) <= 1


@pytest.mark.parametrize("kind", CaptureKind)
def test_without_words_there_is_nothing(kind: CaptureKind) -> None:
    assert captured([], kind).is_empty
    # A figure has no words.
    assert captured([Region(0, "image", "", "")], kind).is_empty


def test_each_kind_is_asked_of_an_endpoint_as_it_reads_it_best() -> None:
    assert {kind: preset_of(kind, EVERY_PRESET) for kind in CaptureKind} == {
        CaptureKind.MARKDOWN: PresetId.MARKDOWN,
        CaptureKind.TEXT: PresetId.FREE,
        CaptureKind.TABLE: PresetId.FIGURE,
        CaptureKind.FORMULA: PresetId.MARKDOWN,
        CaptureKind.LINE: PresetId.FREE,
    }
    few = {PresetId.MARKDOWN, PresetId.OCR}
    assert preset_of(CaptureKind.TEXT, few) is PresetId.OCR
    assert preset_of(CaptureKind.TABLE, few) is PresetId.MARKDOWN
    assert preset_of(CaptureKind.FORMULA, {PresetId.FREE}) is None


def test_an_engine_that_reads_lines_knows_no_formulas() -> None:
    cannot = {kind for kind in CaptureKind if preset_of(kind, EVERY_PRESET, reads_lines_only=True) is None}
    assert cannot == {CaptureKind.FORMULA}


def test_an_engine_that_reads_lines_is_asked_for_lines_where_text_is_wanted() -> None:
    assert preset_of(CaptureKind.TEXT, EVERY_PRESET, reads_lines_only=True) is PresetId.OCR
    assert preset_of(CaptureKind.LINE, EVERY_PRESET, reads_lines_only=True) is PresetId.FREE


@pytest.mark.parametrize("kind", [CaptureKind.TABLE, CaptureKind.FORMULA])
def test_where_nothing_of_a_kind_came_it_is_markdown(kind: CaptureKind) -> None:
    copied = captured(words("a"), kind)
    assert (copied.kind, copied.wanted, copied.plain) == (CaptureKind.MARKDOWN, kind, "a")
