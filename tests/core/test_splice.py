"""What was read again takes the place of what was there, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ocr_desktop.core.document import Answer, Delete, Finish, Region, Run, Span
from ocr_desktop.core.edits import edited_regions, splice_of


def region(region_id: int, text: str) -> Region:
    return Region(id=region_id, label="text", text=text, markdown=text, source=Span(0, 0, 1))


def run(*regions: Region, raw: str = "raw", finish: Finish = Finish.COMPLETE) -> Run:
    return Run(
        id="r",
        engine="e",
        model=None,
        host=None,
        preset="markdown",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.0,
        finish=finish,
        answers=(Answer("prompt", raw, finish),),
        regions=regions,
    )


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
        run(region(0, "old")), 0, (run(region(0, "left"), raw="L"), run(region(0, "right"), raw="R", finish=Finish.CUT))
    )
    assert edit is not None
    assert [each.text for each in edit.regions] == ["left", "right"]
    assert edit.answer == Answer("prompt", "L\nR", Finish.CUT)


def test_where_nothing_was_read_nothing_is_replaced() -> None:
    assert splice_of(run(region(0, "old")), 0, (run(), run(replace(region(0, ""), markdown="")))) is None
