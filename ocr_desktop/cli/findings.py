"""What `doctor` finds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How things are with one part."""

    OK = "ok"
    NOTE = "note"
    """Something works less well, or not yet."""
    PROBLEM = "problem"
    """It hinders reading, or the window."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part that was looked at.

    Attributes:
        check: What was looked at; stays the same between versions.
        message: What was found, without a full stop.
        hint: What to do about it; empty where there is nothing to do.
    """

    check: str
    state: State
    message: str
    hint: str = ""
