"""When a failed request is made again; the pauses are only noted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.engines.failures import RequestFailedError
from ocr_desktop.engines.retries import FIRST_PAUSE_S, LONGEST_PAUSE_S, SPREAD_S, attempts


def failing(retries: int, *, may_retry: bool = True, wished_s: float | None = None) -> tuple[int, list[float]]:
    """How many attempts there are at what always fails, and the pauses between them."""
    pauses: list[float] = []
    count = 0
    failure = RequestFailedError(EngineError(ErrorCode.SERVER_FAILED), may_retry=may_retry, retry_after_s=wished_s)

    def try_all() -> None:
        nonlocal count
        for attempt in attempts(retries, pauses):
            assert len(pauses) == count, "a pause before each attempt but the first"
            count += 1
            with attempt:
                raise failure

    with pytest.raises(RequestFailedError) as caught:
        try_all()
    assert caught.value is failure
    return count, pauses


@given(st.integers(0, 60))
def test_pauses_grow_and_stay_bounded(retries: int) -> None:
    count, pauses = failing(retries)
    assert count == retries + 1
    assert all(FIRST_PAUSE_S <= pause <= LONGEST_PAUSE_S + SPREAD_S for pause in pauses)
    assert pauses[4:] == [] or min(pauses[4:]) >= LONGEST_PAUSE_S


def test_pauses_are_spread() -> None:
    assert len({failing(1)[1][0] for _ in range(5)}) > 1


@given(st.floats(0, 60))
def test_the_servers_wish_goes_before(wished_s: float) -> None:
    assert failing(2, wished_s=wished_s) == (3, [wished_s, wished_s])


def test_what_does_not_pass_is_tried_once() -> None:
    assert failing(5, may_retry=False) == (1, [])
