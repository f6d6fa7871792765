"""A run goes to JSON and back unchanged, edits and all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import (
    Answer,
    Confirm,
    Correct,
    Cost,
    Delete,
    Draw,
    Finish,
    Flag,
    Move,
    Origin,
    Region,
    Relabel,
    Reorder,
    Run,
    Span,
    Splice,
    Usage,
    WarningCode,
)
from ocr_desktop.core.geometry import Box999, PixelBox, View
from ocr_desktop.core.run_json import run_from_json, run_to_json

FLOATS = st.floats(-1e6, 1e6)
NUMBERS = st.integers(-(10**6), 10**6) | FLOATS
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
IDS = st.integers(0, 10**9)
PIXEL_BOXES = st.builds(PixelBox, FLOATS, FLOATS, FLOATS, FLOATS)
POINTS = st.tuples(FLOATS, FLOATS)
REGIONS = st.builds(
    Region,
    id=IDS,
    label=WORDS,
    text=WORDS,
    markdown=WORDS,
    boxes=st.lists(PIXEL_BOXES, max_size=2).map(tuple),
    boxes_999=st.lists(st.builds(Box999, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=2).map(tuple),
    quad=st.none() | st.tuples(POINTS, POINTS, POINTS, POINTS),
    score=st.none() | st.floats(0, 1),
    flags=st.lists(st.sampled_from(Flag), max_size=3).map(tuple),
    origin=st.sampled_from(Origin),
    source=st.none() | st.builds(Span, IDS, IDS, IDS),
)
ID_TUPLES = st.lists(IDS, max_size=3).map(tuple)
USAGES = st.none() | st.builds(Usage, IDS, IDS)
ANSWERS = st.builds(Answer, st.none() | WORDS, WORDS, st.sampled_from(Finish), USAGES, st.none() | PIXEL_BOXES)
EDITS = st.one_of(
    st.builds(Correct, IDS, WORDS),
    st.builds(Move, IDS, st.lists(PIXEL_BOXES, max_size=2).map(tuple)),
    st.builds(Draw, REGIONS),
    st.builds(Delete, ID_TUPLES),
    st.builds(Relabel, IDS, WORDS),
    st.builds(Reorder, ID_TUPLES),
    st.builds(Splice, ID_TUPLES, st.lists(REGIONS, max_size=2).map(tuple), st.none() | ANSWERS),
    st.builds(Confirm, st.none() | IDS),
)
RUNS = st.builds(
    Run,
    id=WORDS,
    engine=WORDS,
    model=st.none() | WORDS,
    host=st.none() | WORDS,
    preset=WORDS,
    started=st.datetimes(timezones=st.just(UTC)),
    seconds=st.floats(0, 1e6),
    finish=st.sampled_from(Finish),
    usage=USAGES,
    warnings=st.lists(st.sampled_from(WarningCode), max_size=2).map(tuple),
    view=st.builds(View, st.integers(0, 3), st.none() | PIXEL_BOXES),
    answers=st.lists(ANSWERS, max_size=2).map(tuple),
    regions=st.lists(REGIONS, max_size=3).map(tuple),
    edits=st.lists(EDITS, max_size=4).map(tuple),
    cost=st.none() | st.builds(Cost, st.floats(0, 1e6), WORDS),
)


@given(RUNS)
def test_a_run_with_edits_comes_back_as_it_was(run: Run) -> None:
    assert run_from_json(run_to_json(run)) == run
    assert run_to_json(run_from_json(run_to_json(run))) == run_to_json(run)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"not json",
        b'{"schema": "ocr-desktop/run/2"}',
        b'{"schema": "ocr-desktop/run/1", "run": {"id": 3}, "edits": []}',
        b'{"schema": "ocr-desktop/run/1"}',
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each says something else)
        run_from_json(data)


def test_an_edit_of_no_known_kind_is_refused() -> None:
    run = Run(
        "r", "e", None, None, "ocr", datetime(2026, 1, 1, tzinfo=UTC), 1.0, Finish.COMPLETE, edits=(Delete((1,)),)
    )
    with pytest.raises(ValueError, match="explode"):
        run_from_json(run_to_json(run).replace(b'"delete"', b'"explode"'))
