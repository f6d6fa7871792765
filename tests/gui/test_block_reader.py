from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.gui.output.block_reader import read_blocks
from ocr_desktop.gui.output.blocks import LINE_BREAK, Block, Face, Kind, MoreRows, Paragraph, TablePart, Words
from ocr_desktop.gui.output.paragraph_parts import LONGEST_PART, paragraph_parts
from ocr_desktop.gui.output.table_parts import (
    CELLS_IN_PART,
    CELLS_SHOWN,
    MOST_CELLS,
    TableCell,
    table_parts,
    with_first_rows,
)


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """What is read in steps, all at once."""
    reading = read_blocks(markdown)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            blocks: tuple[Block, ...] = end.value
            return blocks


def words_of(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(words.text for words in block.words)
    return "|".join("".join(words.text for words in cell.words) for cell in block.cells)


def kinds(markdown: str) -> list[tuple[Kind | None, str]]:
    return [(block.kind if isinstance(block, Paragraph) else None, words_of(block)) for block in blocks_of(markdown)]


def test_markdown_becomes_paragraphs_of_their_kinds() -> None:
    markdown = "## Method\n\nSome **bold** words\nand a line\n\n- one\n  1. inner\n\n> said\n\n"
    markdown += "```\na = 1\n\nb\n```\n\n$$\nx\n$$"
    assert kinds(markdown) == [
        (Kind.HEADING, "Method"),
        (Kind.TEXT, "Some bold words\u2028and a line"),
        (Kind.ITEM, "one"),
        (Kind.ITEM, "inner"),
        (Kind.QUOTE, "said"),
        (Kind.CODE, "a = 1"),
        (Kind.CODE, ""),
        (Kind.CODE, "b"),
        (Kind.FORMULA, "x"),
    ]


def test_faces_and_markers_are_kept() -> None:
    text, item = blocks_of("a **b** `c` $d$ ~~e~~\n\n3. third")
    assert isinstance(text, Paragraph)
    assert {words.text: words.face for words in text.words if words.text.strip() != ""} == {
        "a ": Face.PLAIN,
        "b": Face.BOLD,
        "c": Face.CODE,
        "d": Face.FORMULA,
        " ~~e~~": Face.PLAIN,
    }
    assert isinstance(item, Paragraph)
    assert item.marker == "3."


def test_table_with_spans_keeps_its_grid() -> None:
    html = (
        '<table><tr><th rowspan="2">Part</th><th colspan="2">Sum</th></tr>'
        "<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    )
    (table,) = blocks_of(html)
    assert isinstance(table, TablePart)
    assert (table.row_count, table.column_count) == (3, 3)
    places = {words_of(Paragraph(Kind.TEXT, cell.words)): (cell.row, cell.column) for cell in table.cells}
    assert places == {"Part": (0, 0), "Sum": (0, 1), "a": (1, 1), "b": (1, 2), "c": (2, 0)}
    assert {cell.rows for cell in table.cells if cell.is_head} == {1, 2}


def test_words_beside_cells_and_inside_inner_tables_are_kept() -> None:
    html = (
        "<table><caption>Costs</caption><tr><td>outer<table><tr><td>in</td><td>ner</td></tr></table></td></tr></table>"
    )
    assert kinds(html) == [(Kind.TEXT, "Costs"), (None, "outer\u2028in ner")]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>words",
        "<style>*{color:red}</style>words",
        '<iframe src="http://example.com">x</iframe>words',
        '<img src="http://example.com/a.png">words',
        "![](http://example.com/a.png)words",
        "words<!-- comment -->",
    ],
)
def test_what_is_no_words_is_left_out(hostile: str) -> None:
    assert [text for _, text in kinds(hostile)] == ["words"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/x", "x.md"]
)
def test_only_web_and_mail_addresses_are_kept(address: str) -> None:
    (paragraph,) = blocks_of(f'<a href="{address}">link</a> [other](https://example.com)')
    assert isinstance(paragraph, Paragraph)
    assert [words.address for words in paragraph.words if words.address] == ["https://example.com"]


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "blockquote", "span", "center"])
def test_endless_nesting_keeps_the_words(tag: str) -> None:
    text = "".join(words_of(block) for block in blocks_of(f"<{tag}>" * 20_000 + "the words"))
    assert "the words" in text


@given(st.lists(st.text(st.characters(codec=None), max_size=8), max_size=8).map("".join))
def test_any_text_can_be_read(markdown: str) -> None:
    blocks_of(markdown)


cells = st.builds(
    TableCell, st.just((Words("x"),)), columns=st.integers(1, 4), rows=st.integers(1, 6), is_head=st.booleans()
)


@given(st.lists(st.lists(cells, min_size=1, max_size=30), min_size=1, max_size=30))
def test_parts_of_a_table_hold_every_cell_once_and_stay_small(rows: list[list[TableCell]]) -> None:
    parts = table_parts(rows)
    assert sum(part.row_count for part in parts) == len(rows)
    assert sum(bool(cell.words) for part in parts for cell in part.cells) == sum(map(len, rows))
    for part in parts:
        assert part.row_count * part.column_count <= max(2 * CELLS_IN_PART, part.column_count * 2)
        taken = [
            (row, column)
            for cell in part.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        ]
        assert len(taken) == len(set(taken))
        assert all(row < part.row_count and column < part.column_count for row, column in taken)


def test_a_row_without_end_goes_on_in_the_next() -> None:
    parts = table_parts([[TableCell((Words(str(index)),)) for index in range(5000)]])
    assert max(part.column_count for part in parts) <= 100
    assert [words_of(Paragraph(Kind.TEXT, cell.words)) for part in parts for cell in part.cells] == [
        str(index) for index in range(5000)
    ]


def test_a_formula_of_several_lines_is_one_block() -> None:
    assert kinds("before\n\n$$\na \\\\\n= b\n$$\n\nafter") == [
        (Kind.TEXT, "before"),
        (Kind.FORMULA, "a \\\\\n= b"),
        (Kind.TEXT, "after"),
    ]


def table_of(row_count: int, columns: int = 2) -> list[TablePart]:
    return table_parts([[TableCell((Words("x"),))] * columns for _ in range(row_count)])


def test_only_a_long_table_is_cut_short_and_says_how_long_it_is() -> None:
    short, long = table_of(1000), table_of(1001)
    words = Paragraph(Kind.TEXT, (Words("between"),))
    shown = with_first_rows([*long, words, *short, *long], {2})
    more = [block for block in shown if isinstance(block, MoreRows)]
    assert more == [MoreRows(0, 1001)]
    assert shown[shown.index(more[0]) + 1 :] == [words, *short, *long]
    rows = sum(part.row_count for part in shown[: shown.index(more[0])] if isinstance(part, TablePart))
    assert 2 * rows >= CELLS_SHOWN
    assert rows < 1001


@given(st.integers(1, 1500), st.integers(1, 5))
def test_the_first_rows_are_the_table_s_own(row_count: int, columns: int) -> None:
    parts = table_of(row_count, columns)
    shown = with_first_rows(parts, ())
    if isinstance(shown[-1], MoreRows):
        assert row_count * columns > MOST_CELLS
        assert shown[:-1] == parts[: len(shown) - 1]
    else:
        assert shown == parts


LONG = st.lists(
    st.tuples(
        st.sampled_from(["word", "x" * 19, "长" * 27, " ", LINE_BREAK, "a b " * 9]),
        st.sampled_from([Face.PLAIN, Face.BOLD, Face.FORMULA]),
    ).map(lambda drawn: Words(*drawn)),
    min_size=1,
    max_size=12,
)


@given(words=LONG)
def test_a_long_paragraph_is_cut_into_parts_that_say_the_same(words: list[Words]) -> None:
    paragraph = Paragraph(Kind.ITEM, tuple(words), 2, "•")
    parts = paragraph_parts(paragraph, 20)
    assert "".join((part.joint or "") + words_of(part) for part in parts) == words_of(paragraph)
    assert [part.joint is None for part in parts] == [True] + [False] * (len(parts) - 1)
    assert [part.marker for part in parts] == ["•"] + [""] * (len(parts) - 1)
    assert all((part.kind, part.level) == (Kind.ITEM, 2) for part in parts)
    for part in parts:
        assert part.words
        assert all(each.text for each in part.words)
        assert len(words_of(part)) <= 20 or Face.FORMULA in part.words[-1].face


def test_a_long_paragraph_is_cut_between_words_where_there_are_any() -> None:
    (block,) = (Paragraph(Kind.TEXT, (Words("many words " * 5000),)),)
    first, *others = paragraph_parts(block)
    assert others
    assert {part.joint for part in others} == {" "}
    assert words_of(first).endswith(("many", "words"))


def test_what_is_short_stays_whole() -> None:
    paragraph = Paragraph(Kind.TEXT, (Words("x" * LONGEST_PART),))
    assert paragraph_parts(paragraph) == (paragraph,)
    formula = Paragraph(Kind.FORMULA, (Words("x" * (LONGEST_PART + 1), Face.FORMULA),))
    assert paragraph_parts(formula) == (formula,)


@pytest.mark.parametrize(
    ("before", "behind", "kind"),
    [("", "", Kind.TEXT), ("# ", "", Kind.HEADING), ("- ", "", Kind.ITEM), ("> ", "", Kind.QUOTE)],
)
def test_long_markdown_is_read_in_parts(before: str, behind: str, kind: Kind) -> None:
    text = "many  words\t" * 5000
    blocks = blocks_of(f"{before}{text}{behind}")
    assert len(blocks) == 3
    assert all(isinstance(block, Paragraph) and block.kind is kind for block in blocks)
    said = "".join((block.joint or "") + words_of(block) for block in blocks if isinstance(block, Paragraph))
    assert said == ("many words " * 5000).strip()
