"""A reading that is over, for tests that are about something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ocr_desktop.core.document import Finish, Run

_RUN = Run(
    id="1",
    engine="ppio",
    model="m",
    host="h",
    preset="markdown",
    started=datetime(2026, 1, 1, tzinfo=UTC),
    seconds=1.0,
    finish=Finish.COMPLETE,
)


def finished_run(**fields: Any) -> Run:
    """A complete run of an endpoint, without regions; `fields` are those of `Run` that matter."""
    return replace(_RUN, **fields)
