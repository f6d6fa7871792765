"""What was read again takes the place of what was there, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace

from ocr_desktop.core.document import Answer, Delete, Finish, Flag, Region, Run, Span
from ocr_desktop.core.edits import edited_regions, splice_of
from ocr_desktop.core.geometry import PixelBox
from tests.support.runs import finished_run


def region(region_id: int, text: str, boxes: int = 1) -> Region:
    placed = tuple(PixelBox(10 * number, 0, 10 * number + 10, 10) for number in range(boxes))
    return Region(id=region_id, label="text", text=text, markdown=text, boxes=placed, source=Span(0, 0, 1))


def run(*regions: Region, raw: str = "raw", finish: Finish = Finish.COMPLETE) -> Run:
    return finished_run(finish=finish, answers=(Answer("prompt", raw, finish),), regions=regions)


def texts(of: Run) -> list[str]:
    return [each.text for each in edited_regions(of)]


def test_new_words_stand_where_the_old_ones_stood() -> None:
    before = run(region(0, "one"), region(1, "tvvo"), region(2, "three"))
    edit = splice_of(before, 1, (run(region(0, "two")),))
    assert edit is not None
    after = replace(before, edits=(edit,))
    assert texts(after) == ["one", "two", "three"]
    assert texts(replace(after, edits=after.edits[:-1])) == ["one", "tvvo", "three"]


def test_new_regions_have_ids_that_no_region_ever_had_and_no_place_in_the_first_answer() -> None:
    before = replace(run(region(0, "one"), region(7, "two")), edits=(Delete((7,)),))
    edit = splice_of(before, 0, (run(region(0, "a"), region(1, "b")),))
    assert edit is not None
    assert [(each.id, each.source) for each in edit.regions] == [(8, None), (9, None)]


def test_every_box_of_a_region_is_read_and_all_answers_are_kept() -> None:
    edit = splice_of(
        run(region(0, "old", 2)),
        0,
        (run(region(0, "left"), raw="L"), run(region(0, "right"), raw="R", finish=Finish.CUT)),
    )
    assert edit is not None
    assert [each.text for each in edit.regions] == ["left", "right"]
    assert edit.answer == Answer("prompt", "L\nR", Finish.CUT)


def test_where_nothing_was_read_nothing_is_replaced() -> None:
    assert splice_of(run(region(0, "old")), 0, (run(), run(replace(region(0, ""), markdown="")))) is None


def test_a_region_that_is_gone_has_no_place_for_new_words() -> None:
    assert splice_of(replace(run(region(0, "old")), edits=(Delete((0,)),)), 0, (run(region(0, "new")),)) is None


def test_words_without_boxes_stand_where_they_were_looked_for() -> None:
    before = run(region(0, "old", 2))
    left, right = (replace(region(0, text, 0), flags=(Flag.NO_BOX,)) for text in ("left", "right"))
    edit = splice_of(before, 0, (run(left), run(right)))
    assert edit is not None
    assert tuple(each.boxes for each in edit.regions) == tuple((box,) for box in before.regions[0].boxes)
    assert [each.flags for each in edit.regions] == [(), ()]
