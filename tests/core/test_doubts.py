"""What somebody should look at, and what they have looked at already."""

from __future__ import annotations

import pytest

from ocr_desktop.core.document import Answer, Confirm, Finish, Flag, Region, Usage
from ocr_desktop.core.doubts import Doubt, DoubtKind, doubts_of


def region(region_id: int, *flags: Flag, score: float | None = None) -> Region:
    return Region(id=region_id, label="text", text="a", markdown="a", flags=flags, score=score)


def test_what_is_as_it_should_be_is_not_doubtful() -> None:
    regions = (region(0), region(1, Flag.NO_BOX), region(2, score=0.97))
    assert doubts_of(regions, Finish.COMPLETE) == ()


def test_doubts_come_in_the_order_of_the_regions_with_every_reason() -> None:
    regions = (region(7, Flag.SWAPPED, Flag.CLAMPED), region(3), region(1, Flag.EMPTY_BOX, score=0.4))
    assert doubts_of(regions, Finish.COMPLETE) == (
        Doubt(7, (DoubtKind.SWAPPED, DoubtKind.CLAMPED)),
        Doubt(1, (DoubtKind.EMPTY_BOX, DoubtKind.LOW_SCORE)),
    )


@pytest.mark.parametrize(
    ("finish", "kind"),
    [
        (Finish.LOOP, DoubtKind.LOOP),
        (Finish.CUT, DoubtKind.CUT),
        (Finish.ERROR, DoubtKind.BROKEN_OFF),
        (Finish.TIMEOUT, DoubtKind.BROKEN_OFF),
    ],
)
def test_an_answer_that_did_not_end_well_is_doubtful_as_a_whole(finish: Finish, kind: DoubtKind) -> None:
    assert doubts_of((region(0),), finish) == (Doubt(None, (kind,)),)


def test_what_the_user_stopped_is_no_doubt() -> None:
    assert doubts_of((region(0),), Finish.CANCELLED) == ()


def test_what_looked_right_is_doubtful_no_more() -> None:
    regions = (region(0, Flag.BROKEN_BOX), region(1, Flag.UNCLOSED))
    left = doubts_of(regions, Finish.CUT, (Confirm(0), Confirm(None)))
    assert left == (Doubt(1, (DoubtKind.UNCLOSED,)),)


@pytest.mark.parametrize(("tokens", "is_doubtful"), [(9030, False), (9031, True)])
def test_more_text_than_the_model_reads_well_makes_the_run_doubtful(tokens: int, is_doubtful: bool) -> None:
    answer = Answer("Free OCR.", "a", Finish.COMPLETE, Usage(903, tokens))
    expected = (Doubt(None, (DoubtKind.DENSE,)),) if is_doubtful else ()
    assert doubts_of((region(0),), Finish.COMPLETE, answers=(answer,)) == expected


def test_a_run_is_doubtful_once_for_all_that_is_wrong_with_it() -> None:
    answers = (Answer("", "a", Finish.COMPLETE), Answer("", "a", Finish.CUT, Usage(10, 101)))
    doubts = doubts_of((), Finish.CUT, answers=answers)
    assert doubts == (Doubt(None, (DoubtKind.CUT, DoubtKind.DENSE)),)
    assert doubts_of((), Finish.CUT, (Confirm(None),), answers) == ()


def test_a_server_that_counts_no_tokens_of_the_picture_makes_nothing_doubtful() -> None:
    assert doubts_of((), Finish.COMPLETE, answers=(Answer("", "a", Finish.COMPLETE, Usage(0, 50)),)) == ()
