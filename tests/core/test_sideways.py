"""Which way up a page is, told by the lines that were read of it; `tests/worker/test_turning.py` reads real ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Line
from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import PixelBox, box_quad, quad_along
from ocr_desktop.core.sideways import turns_to_upright

UPRIGHT_DOWN, ON_ITS_HEAD, UPRIGHT_UP = 1, 2, 3
CHINESE = "人民生活水平不断提高教育科学文化全面发展"


def line(text: str, quarter: int, score: float, at: int = 0) -> LineFound:
    box = PixelBox(40 * at, 0, 40 * at + 30, 600) if quarter % 2 else PixelBox(0, 40 * at, 600, 40 * at + 30)
    return LineFound(text, quad_along(box, quarter * 1.5707963), score)


def test_a_caption_along_the_edge_turns_no_page() -> None:
    level = [line("a line of running text on this page", 0, 0.98, at) for at in range(4)]
    assert turns_to_upright([*level, line("Photograph by somebody", UPRIGHT_UP, 0.98)]) == 0


def test_a_page_without_words_gives_no_ground() -> None:
    assert turns_to_upright([]) == 0
    assert turns_to_upright([line("12", UPRIGHT_DOWN, 0.99, at) for at in range(9)]) == 0


def test_of_words_that_nobody_can_read_no_direction_is_known() -> None:
    assert turns_to_upright([line("hard to read at all", ON_ITS_HEAD, 0.6, at) for at in range(4)]) == 0


def test_chinese_that_runs_downwards_may_be_written_so_and_stays() -> None:
    assert turns_to_upright([line(CHINESE, UPRIGHT_DOWN, 0.99, at) for at in range(4)]) == 0


def test_nobody_writes_chinese_upwards_or_on_its_head() -> None:
    assert turns_to_upright([line(CHINESE, UPRIGHT_UP, 0.99, at) for at in range(4)]) == 1
    assert turns_to_upright([line(CHINESE, ON_ITS_HEAD, 0.99, at) for at in range(4)]) == 2


def test_chinese_with_names_and_numbers_that_runs_downwards_lies_on_its_side() -> None:
    assert turns_to_upright([line("收货地址 Beijing 010-6552 9988", UPRIGHT_DOWN, 0.98, at) for at in range(4)]) == 3


def test_the_lines_that_a_run_keeps_tell_the_same() -> None:
    found = [line("the page was scanned on its side", UPRIGHT_DOWN, 0.98, at) for at in range(3)]
    kept = [Line(each.text, each.quad, each.score) for each in found]
    assert turns_to_upright(kept) == turns_to_upright(found) == 3


def test_the_text_of_a_pdf_tells_its_direction_itself() -> None:
    for quarter in range(4):
        lines = [line("text that stands in the file itself", quarter, 1.0, at) for at in range(3)]
        assert turns_to_upright(lines) == -quarter % 4


def test_a_page_that_was_turned_by_hand_is_judged_as_it_is_shown() -> None:
    lying = [line("the page was scanned on its side", UPRIGHT_DOWN, 0.98, at) for at in range(3)]
    assert [turns_to_upright(lying, turns) for turns in range(4)] == [3, 2, 1, 0]


def test_an_upright_page_stays() -> None:
    assert turns_to_upright([line("a page as it should be, with words", 0, 0.97, at) for at in range(9)]) == 0


@given(
    st.lists(
        st.builds(
            lambda text, corners, score: LineFound(text, box_quad(PixelBox(*corners)), score),
            st.text(),
            st.tuples(*[st.floats(-1e6, 1e6)] * 4),
            st.floats(0, 1),
        )
    ),
    st.integers(-5, 5),
)
def test_whatever_was_read_the_answer_is_a_turn(lines: list[LineFound], turns: int) -> None:
    assert turns_to_upright(lines, turns) in range(4)
