"""Tables in the rendered view: columns that fit, line up over all parts, and are marked as whole cells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QTextTable
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.table_widths import fitted

COLUMNS = 10
HEAD = "".join(f"<th>Column {column}</th>" for column in range(COLUMNS))
ROWS = "".join(
    "<tr>"
    + "".join(f"<td>{'word' * (1 + row * column % 3)} {7 ** (row % 9)}</td>" for column in range(COLUMNS))
    + "</tr>"
    for row in range(300)
)
LONG_TABLE = f"<table><tr>{HEAD}</tr>{ROWS}</table>"
WIDE_TABLE = (
    '<table><tr><th rowspan="2"># enc-layers</th><th rowspan="2"># dec-layers</th><th rowspan="2">Language</th>'
    '<th colspan="3">TEDs</th><th rowspan="2">mAP (0.75)</th><th rowspan="2">Inference time (secs)</th></tr>'
    "<tr><th>simple</th><th>complex</th><th>all</th></tr>"
    "<tr><td>6</td><td>6</td><td>OTSL</td><td>0.965</td><td>0.934</td><td>0.955</td><td>0.88</td><td>2.73</td></tr></table>"
)


def page(*markdowns: str) -> tuple[Region, ...]:
    return tuple(Region(index, "text", f"text {index}", markdown) for index, markdown in enumerate(markdowns))


def show(qtbot: QtBot, view: RenderedView, regions: Sequence[Region]) -> None:
    view.show_regions(regions)
    qtbot.waitUntil(lambda: view.is_caught_up)


def tables(view: RenderedView) -> list[QTextTable]:
    return [frame for frame in view.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]


def column_places(view: RenderedView, table: QTextTable) -> list[float]:
    layout = view.document().documentLayout()
    cells = [table.cellAt(0, column) for column in range(table.columns())]
    return [layout.blockBoundingRect(cell.firstCursorPosition().block()).left() for cell in cells]


@pytest.fixture
def view(qtbot: QtBot) -> RenderedView:
    view = RenderedView()
    qtbot.addWidget(view)
    view.resize(500, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_all_parts_of_a_long_table_have_the_same_columns(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page(LONG_TABLE))
    first = [column_places(view, table) for table in tables(view)]
    assert len(first) > 5
    assert all(places == first[0] for places in first)
    view.anchorClicked.emit(QUrl("rows:0:0"))
    qtbot.waitUntil(lambda: view.is_caught_up and sum(table.rows() for table in tables(view)) == 301)
    assert [column_places(view, table) for table in tables(view)] == [first[0]] * len(tables(view))


def test_columns_stay_the_same_in_all_parts_when_the_view_is_resized(qtbot: QtBot, view: RenderedView) -> None:
    narrow = "<table>" + "<tr><td>some words in a cell</td><td>and some others here</td></tr>" * 120 + "</table>"
    show(qtbot, view, page(narrow))
    widths = set()
    for width in (300, 900):
        view.resize(width, 600)
        places = [column_places(view, table) for table in tables(view)]
        assert all(each == places[0] for each in places)
        assert view.horizontalScrollBar().maximum() == 0
        widths.add(places[0][1])
    assert len(widths) == 2


def test_a_longer_word_far_below_widens_the_column_of_parts_that_stand_there(qtbot: QtBot, view: RenderedView) -> None:
    rows = "<tr><td>a</td><td>b</td></tr>" * 200
    show(qtbot, view, page(f"<table>{rows}</table>"))
    before = column_places(view, tables(view)[0])
    show(qtbot, view, page(f"<table>{rows}<tr><td>considerably</td><td>b</td></tr></table>"))
    places = [column_places(view, table) for table in tables(view)]
    assert places[0][1] > before[1]
    assert all(each == places[0] for each in places)


def test_a_table_of_eight_columns_fits_a_narrow_view(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("Words", WIDE_TABLE))
    assert view.horizontalScrollBar().maximum() == 0


def test_the_whole_cells_of_a_selected_table_are_lit(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("Before", "<table><tr><th>Wide head</th></tr><tr><td>a</td></tr></table>", "After"))
    layout = view.document().documentLayout()
    places = []
    for row in range(2):
        cell = layout.blockBoundingRect(tables(view)[0].cellAt(row, 0).firstCursorPosition().block())
        places.append(QPoint(round(cell.right()) - 2, round(cell.bottom()) + 3))
    plain = [view.grab().toImage().pixelColor(place) for place in places]
    view.select_region(1)
    lit = [view.grab().toImage().pixelColor(place) for place in places]
    assert all(one != other for one, other in zip(plain, lit, strict=True))
    view.select_region(0)
    assert [view.grab().toImage().pixelColor(place) for place in places] == plain


def test_a_source_box_keeps_its_lower_edge_when_what_follows_is_painted_anew(qtbot: QtBot, view: RenderedView) -> None:
    show(qtbot, view, page("```\ncode\n```", "After"))
    whole = view.viewport().grab().toImage()
    code = view.document().documentLayout().blockBoundingRect(view.document().begin())
    below = QPoint(100, round(code.bottom()) + 3)
    assert whole.pixelColor(below) != view.palette().base().color()
    part = view.viewport().grab(view.viewport().rect().adjusted(0, below.y() - 1, 0, 0)).toImage()
    assert part.pixelColor(100, 1) == whole.pixelColor(below)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (r"\[ \begin{array}{c} a \\ b", r"\[ \begin{array}{c} a \\ b"),
        (r"The value \( \{x", r"The value \( \{x"),
        (r"So \(a\) and \[ \frac{", "So a and" + "\n" + r"\[ \frac{"),
    ],
)
def test_a_formula_that_is_still_coming_is_shown_as_its_source(
    qtbot: QtBot, view: RenderedView, words: str, shown: str
) -> None:
    show(qtbot, view, (Region(0, "text", words, words),))
    assert view.toPlainText().strip() == shown
    form = view.document().find("\\").charFormat()
    assert form.fontFixedPitch()


sizes = st.lists(st.tuples(st.floats(0, 200), st.floats(0, 2000)), min_size=1, max_size=12)


@given(sizes=sizes, room=st.floats(0, 2000))
def test_columns_hold_their_words_and_fill_no_more_than_the_room(sizes: list[tuple[float, float]], room: float) -> None:
    words, lines = [size[0] for size in sizes], [size[1] for size in sizes]
    fit = fitted(words, lines, room)
    assert all(width >= word + 2 * fit.padding for width, word in zip(fit.widths, words, strict=True))
    least = fitted(words, [0.0] * len(words), room)
    assert sum(fit.widths) <= max(room, sum(least.widths))


def test_what_fits_with_less_around_the_words_is_given_less() -> None:
    # Rounded up, these words need 128; with the usual padding that is more than the room.
    fit = fitted([30.5] * 4, [30.5] * 4, 4 * 14 + 122)
    assert sum(fit.widths) <= 4 * 14 + 122
