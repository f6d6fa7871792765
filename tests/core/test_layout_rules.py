"""Rules and headlines part what stands in columns; frames part what stands beside each other."""

from __future__ import annotations

import pytest

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.layout.order import blocks_in_order
from tests.support.laid_out import HEIGHT, PITCH, boxes, column, level_rule, line, named, upright_rule, words_in


def article(name: str, y: float, pitch: float = PITCH) -> list[LineFound]:
    return [found for at in range(3) for found in column(f"{name}{at}-", at * 450, y, 12 - at, pitch=pitch)]


@pytest.mark.parametrize("with_rules", [False, True])
@pytest.mark.parametrize("pitch", [PITCH, 0.9 * HEIGHT])
def test_articles_in_three_columns_below_each_other_are_read_one_by_one(with_rules: bool, pitch: float) -> None:
    end = 12 * pitch
    lines = [
        line("Bridge closed after new measurements", 0, -70, 1100, 40),
        *article("a", 0, pitch),
        line("Museum shows letters", 0, end + 50, 700, 34),
        *article("b", end + 110, pitch),
    ]
    rules = [level_rule(0, end + 30, 1300)] if with_rules else []
    assert words_in(boxes(lines), rules) == named(lines)


def test_a_rule_across_all_columns_parts_articles_without_a_headline() -> None:
    lines = [*article("a", 0), *article("b", 350)]
    assert words_in(boxes(lines), [level_rule(0, 331, 1300)]) == named(lines)
    assert words_in(boxes(lines)) != named(lines)


def test_the_lines_of_a_grid_do_not_part_the_columns_in_it() -> None:
    left, right = column("a", 0, 0, 14), column("b", 450, 0, 14)
    grid = [*(level_rule(0, 23 + row * 2 * PITCH, 860) for row in range(6)), upright_rule(425, 0, 14 * PITCH)]
    assert words_in(boxes([*right, *left]), grid) == named([*left, *right])


def test_buttons_in_frames_of_their_own_are_blocks_of_their_own() -> None:
    form = [line("Name", 0, 0), line("Ada", 300, 2), line("Town", 0, 40), line("Lyon", 300, 42)]
    buttons = [line("Cancel", 380, 300, 50), line("Save changes", 490, 300, 90)]
    frames = [upright_rule(x, 292, 36) for x in (360, 450, 470, 600)]
    elements = boxes([*form, *buttons])
    assert [len(block.rows[0]) for block in blocks_in_order(elements, frames)] == [2, 1, 1]
    assert [len(block.rows[0]) for block in blocks_in_order(elements, frames[1:2])][-1] == 2


def test_pages_in_frames_beside_each_other_are_read_one_by_one() -> None:
    pages = [[line(f"{name}{row}", x, row * 40, 150) for row in range(8)] for name, x in (("a", 0), ("b", 400))]
    frames = [upright_rule(x, -20, 380) for x in (-20, 200, 380, 600)]
    both = [found for row in zip(*pages, strict=True) for found in row]
    assert words_in(boxes(both), frames) == [*named(pages[0]), *named(pages[1])]
    assert words_in(boxes(both)) == named(both)
