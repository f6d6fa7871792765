"""Headers, footers, page numbers and footnotes are told from the text; what is no document's page has none."""

from __future__ import annotations

import pytest

from ocr_desktop.core.events import LineFound, PageFound
from ocr_desktop.core.layout.boxes import LayoutBox, LineBox, straightened
from ocr_desktop.core.layout.furniture import is_page_number
from ocr_desktop.core.layout.order import blocks_in_order
from tests.support.laid_out import line

WORDS = "and the survey of the old harbour went on into the winter of that year"
FOOT = 1400.0


def text(x: float, y: float, rows: int, width: float = 800, height: float = 20) -> list[LineFound]:
    words = WORDS[: round(width / height * 1.75)]
    return [line(words, x, y + row * height * 1.3, width, height) for row in range(rows)]


def page(*more: LineFound, rows: int = 46) -> list[LineFound]:
    return [*text(100, 120, rows), *more]


def labelled(lines: list[LineFound], *rules: LayoutBox) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in blocks_in_order(straightened(PageFound(tuple(lines))).lines, rules):
        words = [each.text for row in block.rows for each in row if isinstance(each, LineBox)]
        found.setdefault(block.label or "", []).extend(words)
    return {label: words for label, words in found.items() if label}


def test_a_running_header_comes_first_and_the_page_number_last() -> None:
    lines = page(line("The Old Harbour", 100, 60, 150), line("214", 870, 60, 30))
    blocks = blocks_in_order(straightened(PageFound(tuple(lines))).lines)
    assert [block.label for block in blocks] == ["header", None, "page_number"]


@pytest.mark.parametrize("number", ["7", "- 12 -", "xiv", "Page 3 of 10", "3/10", "第 5 页", "第3页 共8页", "7-45"])
def test_a_number_by_itself_below_the_text_is_the_pages(number: str) -> None:
    assert labelled(page(line(number, 480, FOOT, 40))) == {"page_number": [number]}


@pytest.mark.parametrize("words", ["civil", "12 Main Road", "Total 30", "mild", "-", "3.5 %", "Anna"])
def test_what_is_no_number_of_a_page(words: str) -> None:
    (box,) = straightened(PageFound((line(words, 0, 0),))).lines
    assert not is_page_number(box)


def test_a_footer_is_small_and_says_who_made_it() -> None:
    footer = line("© 2024 The River Authority", 100, FOOT, 200, 16)
    assert labelled(page(footer, line("9", 880, FOOT, 12, 16))) == {"footer": [footer.text], "page_number": ["9"]}


def test_words_that_run_upwards_beside_the_text_are_no_part_of_it() -> None:
    stamp = LineFound("arXiv:2206.01062", ((20, 900), (20, 400), (50, 400), (50, 900)), 0.9)
    assert labelled(page(stamp)) == {"header": [stamp.text]}


def test_numbers_that_count_the_lines_are_not_mixed_into_them() -> None:
    counted = [line(str(row + 51), 40, 120 + row * 26, 24) for row in range(46)]
    blocks = blocks_in_order(straightened(PageFound((*page(), *counted))).lines)
    assert [(block.label, len(block.rows)) for block in blocks] == [(None, 46), ("page_number", 46)]


def test_the_pages_that_a_table_of_contents_names_stay_with_their_lines() -> None:
    pages = sorted([*range(3, 36), *range(20, 33)])
    named = [line(str(number), 912, 120 + row * 26, 24) for row, number in enumerate(pages)]
    assert labelled([*page(), *named]) == {}


def test_an_old_books_header_stands_close_to_text_that_goes_on_from_the_page_before() -> None:
    header = [line("400", 100, 90, 40), line("BRITISH HUSBANDRY.", 400, 90, 220), line("[Ch. XIX.", 800, 90, 100)]
    close = [line(WORDS, 100, 116 + row * 20, 800, 22) for row in range(70)]
    assert labelled([*header, *close]) == {"header": [header[1].text, header[2].text], "page_number": ["400"]}


def test_a_title_is_no_header_and_a_last_line_no_footer() -> None:
    assert labelled(page(line("The Old Harbour", 300, 40, 400, 34), line("Yours sincerely", 100, FOOT, 150))) == {}


def test_footnotes_stand_below_a_rule() -> None:
    notes = [
        line("1 See the appendix to the report", 100, FOOT, 300, 16),
        line("and its tables", 100, FOOT + 20, 130, 16),
    ]
    rule = LayoutBox(100, FOOT - 12, 300, FOOT - 10)
    assert labelled(page(*notes), rule) == {"page_footnote": [note.text for note in notes]}


def test_footnotes_stay_with_their_column() -> None:
    left, right = text(100, 120, 40, 380), text(540, 120, 46, 380)
    note = line("* Doncaster Report, p. 8.", 100, 1260, 170, 15)
    blocks = blocks_in_order(straightened(PageFound((*left, note, *right))).lines)
    assert [block.label for block in blocks] == [None, "page_footnote", None]


def test_a_last_paragraph_that_begins_with_a_number_is_no_footnote() -> None:
    assert labelled(page(*text(100, FOOT, 2), line("3 ships were lost", 100, FOOT + 60, 160))) == {}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([line("File Edit View", 0, 0), *text(0, 60, 8), line("3", 400, 400, 10)], id="screenshot"),
        pytest.param(
            [line("Results", 100, 40, 300, 60), *text(100, 200, 10, 1500, 40), line("7", 1700, 900, 20)], id="slide"
        ),
        pytest.param(
            [line(f"{name} {row}", x, row * 30, 60) for row in range(50) for name, x in (("Tea", 0), ("4.50", 300))],
            id="receipt",
        ),
        pytest.param([line("1", 0, 0, 10)], id="one letter"),
    ],
)
def test_what_is_no_documents_page_has_none(lines: list[LineFound]) -> None:
    assert labelled(lines) == {}
