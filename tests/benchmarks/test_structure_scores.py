"""The figures that the benchmark gives for structure."""

from __future__ import annotations

import pytest

from benchmarks.page_assertions import holds
from benchmarks.structure_scores import PlacedCell, Structure, relations, score_structure, structure_of

PIPES = "| Station | Depth |\n|---|---:|\n| Mill Lane | 0.9 |\n| Old Harbour | 1.4 |"
SPANS = (
    "<table><tr><td rowspan=2>Region</td><td colspan=2>Rainfall</td></tr><tr><td>2025</td><td>2026</td></tr>"
    "<tr><td>North</td><td>264</td><td>245</td></tr></table>"
)
CODE = "```\ndef depth():\n    return 1\n```"
PAGE = f"# Title\n\nWords.\n\n## Part\n\n- one\n  - inner one\n- two\n\n{CODE}\n\n{PIPES}\n\n{SPANS}"


def cells_of(markdown: str) -> tuple[PlacedCell, ...]:
    return structure_of(markdown).tables[0]


def test_a_markdown_page_gives_all_that_it_is_made_of() -> None:
    page = structure_of(PAGE)
    assert page.headings == ((1, "Title"), (2, "Part"))
    assert page.items == ((0, "one"), (1, "inner one"), (0, "two"))
    assert page.code == ("def depth():", "    return 1")
    assert [len(table) for table in page.tables] == [6, 7]


def test_cells_under_a_span_keep_their_columns() -> None:
    placed = {cell.text: (cell.row, cell.column) for cell in cells_of(SPANS)}
    assert placed["2025"] == (1, 1)
    assert placed["2026"] == (1, 2)


def test_neighbours_are_the_next_cells_with_words() -> None:
    cells = [PlacedCell("a", 0, 0), PlacedCell("", 0, 1), PlacedCell("b", 0, 2), PlacedCell("c", 1, 0)]
    assert set(relations(cells)) == {("a", "b", "right"), ("a", "c", "below")}


def test_a_span_is_beside_each_cell_that_it_touches() -> None:
    found = relations(cells_of(SPANS))
    assert found["Rainfall", "2025", "below"] == found["Rainfall", "2026", "below"] == 1
    assert found["Region", "2025", "right"] == found["Region", "Rainfall", "right"] == 1
    assert ("Rainfall", "Rainfall", "right") not in found


def test_the_same_page_is_right_in_everything() -> None:
    page = structure_of(PAGE)
    score = score_structure(page, page)
    for tally in (score.exact_cells, score.cells, score.headings, score.levels, score.items, score.depths, score.code):
        assert tally.f1 == 1
        assert tally.true > 0


def test_a_slip_in_a_cell_counts_exactly_and_not_when_slips_are_allowed() -> None:
    score = score_structure(structure_of(PIPES), structure_of(PIPES.replace("Old Harbour", "Old Harb0ur")))
    assert score.exact_cells.f1 < 1
    assert score.cells.f1 == 1


def test_what_was_found_once_is_right_once() -> None:
    truth = Structure(tables=((PlacedCell("Old Harbour", 0, 0), PlacedCell("closed", 0, 1)),) * 2)
    found = Structure(tables=((PlacedCell("Old Harb0ur", 0, 0), PlacedCell("closed", 0, 1)),))
    cells = score_structure(truth, found).cells
    assert (cells.right, cells.true, cells.found) == (1, 2, 1)


def test_another_number_is_no_slip() -> None:
    score = score_structure(structure_of(PIPES), structure_of(PIPES.replace("0.9", "0.3")))
    assert score.cells.f1 < 1


def test_a_lost_column_costs_recall_and_an_invented_one_precision() -> None:
    narrow = "| Station |\n|---|\n| Mill Lane |\n| Old Harbour |"
    lost = score_structure(structure_of(PIPES), structure_of(narrow)).exact_cells
    assert (lost.precision, lost.recall < 0.5) == (1, True)
    invented = score_structure(structure_of(narrow), structure_of(PIPES)).exact_cells
    assert (invented.recall, invented.precision < 0.5) == (1, True)


def test_headings_are_compared_by_words_and_levels_from_the_highest_on() -> None:
    truth = structure_of("# Title\n\n## Part\n\n## Other part")
    score = score_structure(truth, structure_of("## Title\n\n### Part\n\n#### Invented heading"))
    assert (score.headings.right, score.headings.true, score.headings.found) == (2, 3, 3)
    assert score.levels.recall == 1
    flat = score_structure(truth, structure_of("# Title\n\n# Part\n\n# Other part"))
    assert flat.levels.recall == pytest.approx(1 / 3)


def test_items_that_lost_their_nesting_are_found_at_the_wrong_depth() -> None:
    score = score_structure(structure_of("- one\n  - inner one"), structure_of("- one\n- inner one"))
    assert score.items.f1 == 1
    assert score.depths.recall == 0.5


def test_code_without_its_indentation_is_wrong() -> None:
    truth = Structure(code=("def depth():", "    return 1"))
    assert score_structure(truth, Structure(code=("def depth():", "return 1"))).code.right == 1


def test_nothing_true_and_nothing_found_is_right_and_what_is_invented_is_told() -> None:
    empty = score_structure(Structure(), Structure())
    assert empty.cells.f1 == empty.headings.f1 == 1
    assert score_structure(Structure(), structure_of(PIPES)).cells.found > 0


@pytest.mark.parametrize(
    ("assertion", "is_true"),
    [
        ({"type": "present", "text": "the northern embankment"}, True),
        ({"type": "present", "text": "the southern station"}, False),
        ({"type": "present", "text": "THE NORTHERN EMBANKMENT", "case_sensitive": False}, True),
        ({"type": "absent", "text": "117"}, True),
        ({"type": "absent", "text": "Mill Lane"}, False),
        ({"type": "order", "before": "northern embankment", "after": "Mill Lane"}, True),
        ({"type": "order", "before": "Mill Lane", "after": "northern embankment"}, False),
        ({"type": "table", "cell": "0.9", "left": "Mill Lane", "top_heading": "Depth"}, True),
        ({"type": "table", "cell": "1.4", "up": "0.9", "left_heading": "Old Harbour"}, True),
        ({"type": "table", "cell": "1.4", "up": "Depth"}, False),
        ({"type": "math", "math": "x"}, None),
    ],
)
def test_assertions_hold_where_the_page_says_so(assertion: dict[str, object], is_true: bool | None) -> None:
    text = "A survey of the northern embankment.\n\nStation\tDepth\nMill Lane\t0.9\nOld Harbour\t1.4"
    assert holds(assertion, text, structure_of(PIPES)) is is_true
