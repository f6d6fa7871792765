from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Answer, Finish, Region, Span
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.markdown import FormulaStyle, MarkdownStyle, compose
from ocr_desktop.gui.output.broken_text import LONG_LINE, SPACE_SEARCH
from ocr_desktop.gui.output.source import MarkdownView, RawView, SourceView, answer_starts

ROW = "<tr><td>cell one</td><td>cell two</td><td>cell three</td></tr>"
LONG_TABLE = f"<table>{ROW * 400}</table>"
RAW = (
    "<|ref|>title<|/ref|><|det|>[[1, 2, 30, 40]]<|/det|>\n# 𝒳 Title\n\n"
    "<|ref|>table<|/ref|><|det|>[[1, 50, 30, 90]]<|/det|>\n<table><tr><td>a</td></tr><tr><td>b</td></tr></table>\n"
)


def region(region_id: int, markdown: str, source: Span | None = None) -> Region:
    return Region(id=region_id, label="text", text=markdown, markdown=markdown, source=source)


def page(*markdowns: str) -> tuple[Region, ...]:
    return tuple(region(index, markdown) for index, markdown in enumerate(markdowns))


RAW_REGIONS = (
    region(0, "# 𝒳 Title", Span(0, 0, RAW.index("\n\n"))),
    region(1, "table", Span(0, RAW.index("<|ref|>table"), len(RAW) - 1)),
)


def caught_up(qtbot: QtBot, view: SourceView) -> None:
    qtbot.waitUntil(lambda: view.is_caught_up)


def show(qtbot: QtBot, view: MarkdownView, regions: Sequence[Region]) -> None:
    view.show_regions(regions)
    caught_up(qtbot, view)


def place_of(view: SourceView, words: str) -> QPoint:
    """A point of the viewport inside these words."""
    cursor = view.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 1)
    return view.cursorRect(cursor).center()


def marked_text(view: SourceView) -> list[str]:
    return [mark.cursor.selection().toPlainText() for mark in view.extraSelections()]


def copied(view: SourceView) -> str:
    view.copy()
    return QGuiApplication.clipboard().text()


def shown(qtbot: QtBot, view: SourceView) -> None:
    qtbot.addWidget(view)
    view.resize(520, 400)
    with qtbot.waitExposed(view):
        view.show()


@pytest.fixture
def markdown_view(qtbot: QtBot) -> MarkdownView:
    view = MarkdownView()
    shown(qtbot, view)
    return view


@pytest.fixture
def raw_view(qtbot: QtBot) -> RawView:
    view = RawView()
    shown(qtbot, view)
    return view


def test_markdown_is_the_composed_page(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    regions = page("# Title", "", "Words", "- a\n- b")
    show(qtbot, markdown_view, regions)
    assert markdown_view.toPlainText() == compose(regions).text


def test_a_long_table_is_broken_on_show_and_whole_when_copied(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    show(qtbot, markdown_view, page("Words", LONG_TABLE, "End"))
    assert markdown_view.toPlainText().count("</tr>\n") == 400
    markdown_view.selectAll()
    assert copied(markdown_view) == f"Words\n\n{LONG_TABLE}\n\nEnd"


def test_part_of_a_broken_line_is_copied_whole(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    show(qtbot, markdown_view, page("𝒳 before", f"<table>{ROW}{ROW}</table>"))
    start, end = place_of(markdown_view, "three"), place_of(markdown_view, "</table>")
    QTest.mousePress(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(markdown_view.viewport(), end)
    QTest.mouseRelease(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    text = copied(markdown_view)
    assert text in f"<table>{ROW}{ROW}</table>"
    assert "</tr><tr>" in text


def test_streamed_table_on_one_line_never_makes_a_long_block(qtbot: QtBot, raw_view: RawView) -> None:
    raw = "<|ref|>table<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n" + LONG_TABLE + "x" * 10_000
    for end in range(0, len(raw), 97):
        raw_view.show_raw(raw[:end], ())
    raw_view.show_raw(raw, ())
    caught_up(qtbot, raw_view)
    block = raw_view.document().begin()
    while block.isValid():
        assert block.length() <= LONG_LINE + SPACE_SEARCH + 1
        block = block.next()
    raw_view.selectAll()
    assert copied(raw_view) == raw


@pytest.mark.parametrize("raw", ["a\r\nb\rc", "a\u2028b\u2029c", "𝒳\ufdd0y\x01", RAW])
def test_raw_answer_is_copied_character_for_character(qtbot: QtBot, raw_view: RawView, raw: str) -> None:
    raw_view.show_raw(raw, ())
    caught_up(qtbot, raw_view)
    raw_view.selectAll()
    assert raw_view.createMimeDataFromSelection().text() == raw


def test_click_selects_the_region_of_the_text(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    show(qtbot, markdown_view, page("𝒳𝒴𝒵 First", f"<table>{ROW}{ROW}</table>", "Last"))
    for words, region_id in (("First", 0), ("</table>", 1), ("Last", 2)):
        with qtbot.waitSignal(markdown_view.region_selected) as selected:
            qtbot.mouseClick(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(markdown_view, words))
        assert selected.args == [region_id]
    with qtbot.waitSignal(markdown_view.region_selected) as selected:
        qtbot.mouseClick(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 380))
    assert selected.args == [None]


def test_dragging_over_text_selects_no_region(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    show(qtbot, markdown_view, page("Many words to be selected"))
    start, end = place_of(markdown_view, "Many"), place_of(markdown_view, "selected")
    with qtbot.assertNotEmitted(markdown_view.region_selected):
        qtbot.mousePress(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(markdown_view.viewport(), end)
        qtbot.mouseRelease(markdown_view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert "words to be" in markdown_view.textCursor().selectedText()


def test_pointer_hovers_regions(qtbot: QtBot, raw_view: RawView) -> None:
    raw_view.show_raw(RAW, RAW_REGIONS)
    caught_up(qtbot, raw_view)
    hovered: list[object] = []
    raw_view.region_hovered.connect(hovered.append)
    for words in ("title", "Title", "[[1, 50"):
        QTest.mouseMove(raw_view.viewport(), place_of(raw_view, words))
    qtbot.waitUntil(lambda: len(hovered) == 2)
    assert hovered == [0, 1]


def test_raw_region_is_marked_from_its_tag_to_its_end(qtbot: QtBot, raw_view: RawView) -> None:
    raw_view.show_raw(RAW, RAW_REGIONS)
    caught_up(qtbot, raw_view)
    raw_view.select_region(0)
    assert marked_text(raw_view) == [RAW[: RAW.index("\n\n")]]
    raw_view.select_region(1)
    (marked,) = marked_text(raw_view)
    assert marked.startswith("<|ref|>table")
    assert marked.endswith("</tr>\n</table>")


def test_table_behind_its_captions_words_is_linked_at_its_tag_too(qtbot: QtBot, raw_view: RawView) -> None:
    tag, caption, table = "<|ref|>table<|/ref|>", "<|ref|>table_caption<|/ref|>\nTable 1", "<table>cell</table>"
    raw = f"{tag}\n{caption}\n\n{table}"
    at = raw.index(table)
    moved = Region(0, "table", "cell", table, source=Span(0, at, len(raw)), tag=Span(0, 0, len(tag)))
    words = Region(1, "table_caption", "Table 1", "Table 1", source=Span(0, len(tag) + 1, at - 2))
    raw_view.show_raw(raw, [moved, words])
    caught_up(qtbot, raw_view)
    raw_view.select_region(0)
    assert marked_text(raw_view) == [tag, table]
    for part, region_id in (("table<", 0), ("Table 1", 1), ("cell", 0)):
        with qtbot.waitSignal(raw_view.region_selected) as selected:
            qtbot.mouseClick(raw_view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(raw_view, part))
        assert selected.args == [region_id]


def test_regions_of_several_answers_are_found_in_each(qtbot: QtBot, raw_view: RawView) -> None:
    answers = [Answer(None, raw, Finish.COMPLETE) for raw in ("one\ntwo", "three", "four")]
    regions = [region(index, answer.raw, Span(index, 0, len(answer.raw))) for index, answer in enumerate(answers)]
    raw_view.show_raw("one\ntwo\nthree\nfour", regions, answer_starts=answer_starts(answers))
    caught_up(qtbot, raw_view)
    for each in regions:
        raw_view.select_region(each.id)
        assert marked_text(raw_view) == [each.text]


def test_selecting_brings_text_into_sight_also_when_it_comes_later(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    regions = page(*(f"Paragraph {index}" for index in range(300)))
    show(qtbot, markdown_view, regions[:10])
    markdown_view.select_region(200)
    show(qtbot, markdown_view, regions)
    assert marked_text(markdown_view) == ["Paragraph 200"]
    assert markdown_view.viewport().rect().contains(place_of(markdown_view, "Paragraph 200"))


def test_a_hidden_view_asks_for_nothing_until_it_is_shown(qtbot: QtBot) -> None:
    view = MarkdownView()
    qtbot.addWidget(view)
    asked: list[int] = []

    def composed(index: int) -> object:
        asked.append(index)
        return compose(page(f"words {index}"))

    for index in range(20):
        view.show_composed(lambda index=index: composed(index))  # type: ignore[misc]
    assert asked == []
    with qtbot.waitSignal(view.caught_up):
        view.show()
    assert asked == [19]
    assert view.toPlainText() == "words 19"


texts = st.lists(st.sampled_from(["# Title", "words", "𝒳", ROW * 3, "```\ncode", "$$\nx"]), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=texts, after=texts)
def test_showing_one_page_after_another_is_as_showing_it_alone(
    qtbot: QtBot, markdown_view: MarkdownView, before: list[str], after: list[str]
) -> None:
    show(qtbot, markdown_view, page(*before))
    show(qtbot, markdown_view, page(*after))
    fresh = MarkdownView()
    fresh.show()
    try:
        show(qtbot, fresh, page(*after))
        assert markdown_view.toPlainText() == fresh.toPlainText()
    finally:
        fresh.close()
        fresh.deleteLater()


def test_end_is_followed_until_the_user_scrolls_up(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    bar = markdown_view.verticalScrollBar()
    regions = page(*(f"Paragraph {index}" for index in range(400)))

    def at_end() -> bool:
        return bar.maximum() > 0 and bar.value() == bar.maximum()

    markdown_view.follow_end(True)
    show(qtbot, markdown_view, regions[:100])
    qtbot.waitUntil(at_end)
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    show(qtbot, markdown_view, regions[:200])
    assert bar.value() == place
    bar.setValue(bar.maximum())
    show(qtbot, markdown_view, regions)
    qtbot.waitUntil(at_end)


def colour_of(view: SourceView, words: str) -> QColor:
    """The colour that the highlighter gave to the first character of these words."""
    cursor = view.document().find(words)
    place = cursor.selectionStart() - cursor.block().position()
    for part in cursor.block().layout().formats():
        if part.start <= place < part.start + part.length:  # type: ignore[attr-defined]
            return part.format.foreground().color()  # type: ignore[attr-defined]
    return view.palette().color(QPalette.ColorRole.Text)


def test_tags_of_the_raw_answer_step_back_behind_its_words(qtbot: QtBot, raw_view: RawView) -> None:
    raw_view.show_raw("𝒳" * 30 + "<|ref|>title<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nwords", ())
    caught_up(qtbot, raw_view)
    dim = raw_view.palette().color(QPalette.ColorRole.PlaceholderText)
    assert colour_of(raw_view, "<|ref|>") == colour_of(raw_view, "[[1") == colour_of(raw_view, "<|/det|>") == dim
    assert dim not in (colour_of(raw_view, "title"), colour_of(raw_view, "words"))


def test_formulas_over_several_lines_are_coloured_and_end(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    show(qtbot, markdown_view, page("$$\ninside\n$$", "outside $inline$ x", "cost $5"))
    formula = colour_of(markdown_view, "inside")
    assert formula == colour_of(markdown_view, "$inline$")
    assert formula not in (colour_of(markdown_view, "outside"), colour_of(markdown_view, "cost $5"))


def test_colours_follow_the_palette(qtbot: QtBot, raw_view: RawView) -> None:
    raw_view.show_raw("<|ref|>title<|/ref|>", ())
    caught_up(qtbot, raw_view)
    palette = QPalette(raw_view.palette())
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor("red"))
    raw_view.setPalette(palette)
    assert colour_of(raw_view, "<|ref|>") == QColor("red")


def test_markdown_is_shown_in_the_form_in_which_it_would_be_saved(qtbot: QtBot, markdown_view: MarkdownView) -> None:
    box = PixelBox(0, 0, 9, 9)
    regions = (region(0, "$x$ words"), Region(1, "image", "", "", (box,)))
    style = MarkdownStyle(formulas=FormulaStyle.BRACKETS)
    markdown_view.show_regions(regions, style, figures_beside="my page")
    caught_up(qtbot, markdown_view)
    assert markdown_view.toPlainText() == "\\(x\\) words\n\n![Picture 1](my%20page_files/figure-1.png)"
    markdown_view.select_region(1)
    assert marked_text(markdown_view) == ["![Picture 1](my%20page_files/figure-1.png)"]
    show(qtbot, markdown_view, regions)
    assert markdown_view.toPlainText() == "$x$ words"
