from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPalette, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.marking import WASH
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.writer import REGION_ID
from tests.support.text_blocks import blocks_of

TABLE = (
    '<table><tr><th rowspan="2">Part</th><th colspan="2">Sum</th></tr><tr><td>Net</td><td></td></tr>'
    "<tr><td>Tax</td><td>12</td><td>14</td></tr></table>"
)
LONG_TABLE = "<table>" + "".join(f"<tr><td>row {row}</td><td>{row * row}</td></tr>" for row in range(120)) + "</table>"
SNIPPETS = [
    "# Title",
    "A paragraph of words.",
    "",
    "- one\n- two",
    TABLE,
    LONG_TABLE,
    "```\ncode\n```",
    "$$\nx^2\n$$",
    "---",
    "One\n\nTwo",
]


def region(region_id: int, markdown: str, label: str = "text") -> Region:
    return Region(id=region_id, label=label, text=markdown, markdown=markdown)


def page(*markdowns: str, label: str = "text") -> tuple[Region, ...]:
    return tuple(region(index, markdown, label) for index, markdown in enumerate(markdowns))


def show(qtbot: QtBot, view: RenderedView, regions: Sequence[Region]) -> None:
    view.show_regions(regions)
    qtbot.waitUntil(lambda: view.is_caught_up)


def ids_by_text(view: RenderedView) -> dict[str, object]:
    return {block.text(): block.blockFormat().property(REGION_ID) for block in blocks_of(view.document())}


def place_of(view: RenderedView, words: str) -> QPoint:
    """A point of the viewport inside these words."""
    cursor = view.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 1)
    return view.cursorRect(cursor).center()


def marked_words(view: RenderedView) -> str:
    return " ".join(mark.cursor.selection().toPlainText().replace("\n", " ").strip() for mark in view.extraSelections())


@pytest.fixture
def view(qtbot: QtBot) -> RenderedView:
    view = RenderedView()
    qtbot.addWidget(view)
    view.resize(520, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_every_block_carries_its_region_also_in_cells(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("# Costs", "First\n\nSecond", TABLE, "After"))
    ids = ids_by_text(view)
    assert (ids["Costs"], ids["First"], ids["Second"], ids["After"]) == (0, 1, 1, 3)
    assert {ids[text] for text in ("Part", "Sum", "Net", "Tax", "12", "14", "")} == {2}


def test_click_on_words_selects_their_region(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("First words", TABLE, "Last words"))
    for words, region_id in (("First", 0), ("Tax", 1), ("Last", 2)):
        with qtbot.waitSignal(view.region_selected) as selected:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, words))
        assert selected.args == [region_id]


def test_click_below_all_words_selects_none(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("Words"))
    with qtbot.waitSignal(view.region_selected) as selected:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 350))
    assert selected.args == [None]


def test_dragging_over_words_selects_text_and_no_region(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("Many words to be selected"))
    start, end = place_of(view, "Many"), place_of(view, "selected")
    with qtbot.assertNotEmitted(view.region_selected):
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view.viewport(), end)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert "words to be" in view.textCursor().selectedText()


def test_pointer_over_words_hovers_their_region(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("First words", "Last words"))
    hovered: list[object] = []
    view.region_hovered.connect(hovered.append)
    for words in ("First", "words", "Last"):
        QTest.mouseMove(view.viewport(), place_of(view, words))
    QTest.mouseMove(view.viewport(), QPoint(50, 350))
    qtbot.waitUntil(lambda: len(hovered) == 3)
    assert hovered == [0, 1, None]


@pytest.mark.parametrize(("region_id", "words"), [(0, "First words"), (1, "Part Sum Net Tax 12 14"), (2, "One Two")])
def test_selected_region_has_its_words_marked(qtbot: QtBot, view: RenderedView, region_id: int, words: str) -> None:
    show(qtbot, view, page("First words", TABLE, "One\n\nTwo", "Others"))
    view.select_region(region_id)
    assert " ".join(marked_words(view).split()) == words
    starts = [view.document().findBlock(mark.cursor.selectionStart()) for mark in view.extraSelections()]
    assert {block.blockFormat().property(REGION_ID) for block in starts} == {region_id}
    view.select_region(None)
    assert view.extraSelections() == []


def test_selected_and_hovered_regions_look_different(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("First", "Second"))
    view.select_region(0)
    view.hover_region(1)
    selected, hovered = sorted(view.extraSelections(), key=lambda mark: mark.cursor.selectionStart())
    assert selected.format.brushProperty(WASH).color().alpha() > hovered.format.brushProperty(WASH).color().alpha() > 0


def test_selecting_brings_words_into_sight(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page(*(f"Paragraph {index}" for index in range(200))))
    view.select_region(150, scroll_to=False)
    assert view.verticalScrollBar().value() == 0
    view.select_region(150)
    assert view.viewport().rect().contains(place_of(view, "Paragraph 150"))


def test_region_selected_before_its_words_came_is_marked_when_they_do(qtbot: QtBot, view: RenderedView) -> None:
    regions = page(*(f"Paragraph {index}" for index in range(200)))
    show(qtbot, view, regions[:10])
    view.select_region(150)
    show(qtbot, view, regions)
    assert marked_words(view) == "Paragraph 150"
    assert view.viewport().rect().contains(place_of(view, "Paragraph 150"))


def test_lines_follow_each_other_without_a_gap(qtbot: QtBot, view: RenderedView) -> None:
    def distance() -> int:
        return place_of(view, "Second").y() - place_of(view, "First").y()

    show(qtbot, view, page("First", "Second", label="line"))
    lines = distance()
    show(qtbot, view, page("First", "Second"))
    assert lines < distance()


def document_state(view: RenderedView) -> object:
    places = [
        (block.position(), block.text(), block.blockFormat().property(REGION_ID))
        for block in blocks_of(view.document())
    ]
    return places, view.toHtml()


pages = st.lists(st.tuples(st.sampled_from(SNIPPETS), st.sampled_from(["text", "line"])), max_size=7)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=pages, kept=st.integers(0, 7), tail=pages)
def test_showing_one_page_after_another_is_as_showing_it_alone(
    qtbot: QtBot,
    view: RenderedView,
    before: list[tuple[str, str]],
    kept: int,
    tail: list[tuple[str, str]],
) -> None:
    first = tuple(region(index, *each) for index, each in enumerate(before))
    second = first[:kept] + tuple(region(100 + index, *each) for index, each in enumerate(tail))
    # A view that never had anything to show has not styled its one empty line either.
    assume(second)
    fresh = RenderedView()
    fresh.resize(view.size())
    fresh.show()
    try:
        show(qtbot, view, first)
        show(qtbot, view, second)
        show(qtbot, fresh, second)
        assert document_state(view) == document_state(fresh)
    finally:
        fresh.close()
        fresh.deleteLater()


def test_growing_answer_never_touches_what_stands_before(qtbot: QtBot, view: RenderedView) -> None:
    front = page("# Title", TABLE, "Words")
    show(qtbot, view, front)
    end = view.document().characterCount() - 1
    changed_from: list[int] = []
    view.document().contentsChange.connect(lambda start, removed, added: changed_from.append(start))
    for count in range(1, 40):
        view.show_regions((*front, region(3, "word " * count)))
    show(qtbot, view, (*front, region(3, "the end")))
    assert min(changed_from) >= end
    assert view.toPlainText().endswith("the end")


def test_no_table_of_the_document_is_large(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page(LONG_TABLE))
    tables = view.document().rootFrame().childFrames()
    assert sum(table.rows() for table in tables) == 120  # type: ignore[attr-defined]
    assert max(table.rows() * table.columns() for table in tables) < 200  # type: ignore[attr-defined]


class WatchedView(RenderedView):
    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[object] = []

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.asked_for.append(name)
        return super().loadResource(kind, name)


def test_hostile_html_loads_nothing_and_breaks_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    assert image.save(str(picture))
    view = WatchedView()
    qtbot.addWidget(view)
    view.show()
    show(
        qtbot,
        view,
        page(
            "<script>document.write('x')</script>",
            f'<img src="{picture.as_uri()}">![]({picture.as_uri()})<img src="http://127.0.0.1:9/a.png">',
            '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"><style>@import url(http://127.0.0.1:9/b.css);</style>',
            f'<table background="{picture.as_uri()}"><tr><td style="background:url({picture.as_uri()})">cell</td>',
            '<iframe src="http://127.0.0.1:9/"></iframe><object data="http://127.0.0.1:9/"></object>',
            "<a href='javascript:alert(1)'>one</a> <a href='file:///etc/passwd'>two</a>",
            "<div>" * 30_000 + "deep",
            "<table><tr>" + "<td>" * 1500,
            "half a pair \ud83d and \x00",
            "the end",
        ),
    )
    assert view.asked_for == []
    assert all(not form.isImageFormat() for form in view.document().allFormats())
    assert not [form for form in view.document().allFormats() if form.toCharFormat().anchorHref()]
    assert "cell" in view.toPlainText()
    assert "deep" in view.toPlainText()
    assert view.toPlainText().endswith("the end")


@pytest.mark.qt_log_ignore("No document for")
def test_nothing_can_be_loaded_at_all(view: RenderedView, tmp_path: Path) -> None:
    page_file = tmp_path / "page.html"
    page_file.write_text("secret")
    view.setSource(QUrl.fromLocalFile(page_file))
    assert "secret" not in view.toPlainText()


def test_a_link_is_not_followed_and_tells_its_address(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page('<a href="https://example.com/a?<img src=x>">link</a>'))
    form = view.document().find("link").charFormat()
    assert form.toolTip() == "<span>https://example.com/a?&lt;img src=x&gt;</span>"
    with qtbot.waitSignal(view.region_selected) as selected:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "link"))
    assert selected.args == [0]
    assert "link" in view.toPlainText()


def test_a_hidden_view_does_nothing_until_it_is_shown(qtbot: QtBot) -> None:
    view = RenderedView()
    qtbot.addWidget(view)
    for count in range(50):
        view.show_regions(page(*(["words"] * count)))
    view.select_region(3)
    assert view.document().isEmpty()
    with qtbot.waitSignal(view.caught_up):
        view.show()
    assert view.toPlainText().count("words") == 49
    assert marked_words(view) == "words"


def test_colours_follow_the_palette(qtbot: QtBot, view: RenderedView) -> None:
    regions = page("> quote", TABLE, "`code`")
    show(qtbot, view, regions)
    light = document_state(view)
    dark = QPalette(QColor("#222222"))
    with qtbot.waitSignal(view.caught_up):
        view.setPalette(dark)
    fresh = RenderedView()
    qtbot.addWidget(fresh)
    fresh.setPalette(dark)
    fresh.resize(view.size())
    fresh.show()
    show(qtbot, fresh, regions)
    assert document_state(view) == document_state(fresh) != light


def test_a_view_hidden_while_the_palette_changes_takes_it_on_later(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("[link](https://example.com)"))
    view.hide()
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Link, QColor("red"))
    view.setPalette(palette)
    view.show_regions(page("[other](https://example.com)"))
    with qtbot.waitSignal(view.caught_up):
        view.show()
    assert view.toPlainText() == "other"
    assert view.document().find("other").charFormat().foreground().color() == QColor("red")


def test_end_is_followed_until_the_user_scrolls_up(qtbot: QtBot, view: RenderedView) -> None:
    bar = view.verticalScrollBar()
    regions = page(*(f"Paragraph {index}" for index in range(400)))

    def at_end() -> bool:
        return bar.maximum() > 0 and bar.value() == bar.maximum()

    view.follow_end(True)
    show(qtbot, view, regions[:100])
    qtbot.waitUntil(at_end)
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    show(qtbot, view, regions[:200])
    assert bar.value() == place
    bar.setValue(bar.maximum())
    show(qtbot, view, regions)
    qtbot.waitUntil(at_end)


def test_a_finished_page_is_shown_from_its_start(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page(*(["words"] * 300)))
    assert view.verticalScrollBar().value() == 0


def test_nothing_slow_is_imported_before_the_first_words() -> None:
    program = (
        "import sys; from PySide6.QtWidgets import QApplication; application = QApplication([]);"
        "from ocr_desktop.gui.output.pane import OutputPane; pane = OutputPane(); pane.show();"
        "print([name for name in ('markdown_it', 'nh3', 'lxml', 'msgspec') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_place_in_the_text_is_kept_while_its_tail_is_rewritten(qtbot: QtBot, view: RenderedView) -> None:
    front = page(*(f"Paragraph {index}" for index in range(50)))
    show(qtbot, view, (*front, region(99, LONG_TABLE)))
    cursor = QTextCursor(view.document().find("row 60"))
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() + view.cursorRect(cursor).top())
    place = bar.value()
    assert place > 0
    show(qtbot, view, (*front, region(99, LONG_TABLE.replace("row 0<", "first<"))))
    qtbot.waitUntil(lambda: bar.value() == place)
