"""The kinds of worker process."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What one worker process does all its life; its first argument."""

    PICTURES = "pictures"
    """Decodes and encodes."""
    READER = "reader"
    """Holds the embedded engine."""
    FORMULAS = "formulas"
    """Draws LaTeX."""
