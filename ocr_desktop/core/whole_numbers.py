"""Numbers that people type."""

from __future__ import annotations


def whole_number(text: str, least: int, most: int) -> int | None:
    """The number that a text is; None where it is none, or is out of bounds.

    Digits alone count: `int` would take also `1_0`, ` 1`, and the digits of other scripts.
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return number if is_number and least <= (number := int(text)) <= most else None
