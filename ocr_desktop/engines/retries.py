"""When a request that came to nothing is made again, and after how long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ocr_desktop.engines.failures import RequestFailedError

if TYPE_CHECKING:
    from tenacity import AttemptManager, RetryCallState

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
SPREAD_S = 0.5
"""Many programs that failed at once should not ask again at once."""


def attempts(retries: int, pauses: list[float]) -> Iterable[AttemptManager]:
    """The attempts at one request: the first, and up to `retries` more.

    Each that failed is told so by raising its `RequestFailedError` inside of it. Whoever iterates waits: before an
    attempt after the first, the seconds stand at the end of `pauses`. The last error comes out of the iteration.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    return Retrying(
        stop=stop_after_attempt(retries + 1),
        wait=_pause_s,
        retry=retry_if_exception(lambda error: isinstance(error, RequestFailedError) and error.may_retry),
        sleep=pauses.append,
        reraise=True,
    )


def _pause_s(state: RetryCallState) -> float:
    """As long as the server wishes, else longer each time and spread by chance."""
    from tenacity import wait_exponential, wait_random

    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, RequestFailedError) and failure.retry_after_s is not None:
        return failure.retry_after_s
    back_off = wait_exponential(multiplier=FIRST_PAUSE_S, max=LONGEST_PAUSE_S) + wait_random(0.0, SPREAD_S)
    return back_off(state)
