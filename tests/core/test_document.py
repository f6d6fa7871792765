"""What the user changes lies over what the model said: edits, their order, and the ids of what is added."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import (
    Correct,
    Delete,
    Draw,
    Edit,
    Flag,
    Move,
    Origin,
    Region,
    Relabel,
    Reorder,
    Run,
    Splice,
)
from ocr_desktop.core.edits import Regions, apply, edited_regions, next_region_id
from ocr_desktop.core.geometry import Box999, PixelBox, box_quad
from tests.support.runs import finished_run

SOMEWHERE = PixelBox(10, 20, 110, 60)

region_ids = st.integers(0, 12)
words = st.text("ab 好#", max_size=8)
boxes = st.builds(lambda x, y: PixelBox(x, y, x + 5, y + 5), st.integers(0, 90), st.integers(0, 90))


def region(region_id: int, markdown: str = "words") -> Region:
    return Region(
        id=region_id,
        label="text",
        text=markdown,
        markdown=markdown,
        boxes=(PixelBox(0, 0, 50, 10),),
        boxes_999=(Box999(0, 0, 500, 100),),
        quad=box_quad(PixelBox(0, 0, 50, 10)),
        score=0.5,
        flags=(Flag.CLAMPED,),
    )


def run_of(regions: Regions, *edits: Edit) -> Run:
    return finished_run(regions=regions, edits=edits)


def ids(regions: Regions) -> list[int]:
    return [region.id for region in regions]


some_regions = st.lists(region_ids, unique=True, max_size=8).map(lambda found: tuple(region(each) for each in found))
named = st.lists(region_ids, unique=True, max_size=5).map(tuple)
changes = st.one_of(
    st.builds(Correct, region_ids, words),
    st.builds(Move, region_ids, st.lists(boxes, max_size=2).map(tuple)),
    st.builds(Relabel, region_ids, words),
    st.builds(Delete, named),
    st.builds(Reorder, named),
)


@st.composite
def edited_runs(draw: st.DrawFn) -> Run:
    """Runs with edits as the program makes them: what is added gets the next id."""
    run = run_of(draw(some_regions))
    for kind in draw(st.lists(st.sampled_from(["change", "draw", "splice"]), max_size=8)):
        new_id = next_region_id(run)
        edit: Edit
        if kind == "draw":
            edit = Draw(region(new_id))
        elif kind == "splice":
            edit = Splice(draw(named), (region(new_id), region(new_id + 1)))
        else:
            edit = draw(changes)
        run = replace(run, edits=(*run.edits, edit))
    return run


# All edits


@given(edited_runs())
def test_no_two_regions_on_show_have_one_id(run: Run) -> None:
    shown = ids(edited_regions(run))
    assert len(shown) == len(set(shown))


@given(edited_runs())
def test_a_new_id_was_never_used(run: Run) -> None:
    new_id = next_region_id(run)
    earlier = [replace(run, edits=run.edits[:count]) for count in range(len(run.edits) + 1)]
    assert all(new_id not in ids(edited_regions(state)) for state in earlier)


@given(edited_runs())
def test_taking_the_last_edit_away_gives_what_was_shown_before(run: Run) -> None:
    shown = run.regions
    for count, edit in enumerate(run.edits):
        assert edited_regions(replace(run, edits=run.edits[:count])) == shown
        shown = apply(shown, edit)
    assert edited_regions(run) == shown


@given(some_regions, changes)
def test_an_edit_changes_only_what_it_names(regions: Regions, edit: Edit) -> None:
    named_ids: tuple[int, ...]
    match edit:
        case Correct(region_id) | Move(region_id) | Relabel(region_id):
            named_ids = (region_id,)
        case Delete(region_ids) | Reorder(region_ids):
            named_ids = region_ids
        case _:
            raise AssertionError(edit)
    before = [region for region in regions if region.id not in named_ids]
    after = [region for region in apply(regions, edit) if region.id not in named_ids]
    assert after == before


@given(some_regions, words, boxes)
def test_an_edit_of_a_region_that_is_gone_changes_nothing(regions: Regions, text: str, box: PixelBox) -> None:
    gone = 99
    for edit in (Correct(gone, text), Move(gone, (box,)), Relabel(gone, text), Delete((gone,)), Reorder((gone,))):
        assert apply(regions, edit) == regions


# Each edit


def test_a_correction_changes_markdown_and_plain_words_and_keeps_the_place() -> None:
    (corrected,) = apply((region(0),), Correct(0, "## Two *words*"))
    assert corrected.markdown == "## Two *words*"
    assert corrected.text == "Two words"
    assert corrected.boxes == region(0).boxes
    assert corrected.origin is Origin.MODEL


def test_a_moved_region_keeps_nothing_of_its_old_place() -> None:
    (moved,) = apply((region(0),), Move(0, (SOMEWHERE,)))
    assert moved.boxes == (SOMEWHERE,)
    assert (moved.boxes_999, moved.quad, moved.flags) == ((), None, ())
    assert moved.origin is Origin.USER
    assert moved.markdown == "words"


def test_a_relabelled_region_changes_only_its_label() -> None:
    assert apply((region(0),), Relabel(0, "title")) == (replace(region(0), label="title"),)


def test_a_drawn_region_comes_last() -> None:
    assert ids(apply((region(3), region(1)), Draw(region(4)))) == [3, 1, 4]


def test_deleted_regions_are_gone_and_the_others_keep_their_order() -> None:
    assert ids(apply((region(2), region(0), region(1)), Delete((0, 7)))) == [2, 1]


def test_named_regions_come_first_in_the_order_asked_and_the_others_behind_them() -> None:
    assert ids(apply((region(0), region(1), region(2), region(3)), Reorder((3, 1)))) == [3, 1, 0, 2]


def test_what_was_read_again_stands_where_the_first_of_the_old_regions_stood() -> None:
    regions = (region(0), region(1), region(2), region(3))
    assert ids(apply(regions, Splice((3, 1), (region(8), region(9))))) == [0, 8, 9, 2]


def test_what_was_read_again_is_not_lost_when_the_old_regions_are_gone() -> None:
    assert ids(apply((region(0),), Splice((5,), (region(6),)))) == [0, 6]


# Ids


def test_the_first_id_is_zero() -> None:
    assert next_region_id(run_of(())) == 0


def test_the_id_of_a_deleted_drawing_is_not_used_again() -> None:
    run = run_of((region(0),), Draw(region(1)), Delete((1,)))
    assert next_region_id(run) == 2


def test_the_ids_of_a_replaced_rereading_are_not_used_again() -> None:
    run = run_of((region(0),), Splice((0,), (region(1), region(2))), Splice((1, 2), ()))
    assert next_region_id(run) == 3
