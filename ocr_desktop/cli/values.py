"""What may stand behind an option: each function takes what was typed, or says what is wrong with it."""

from __future__ import annotations

import argparse
import re

LONGEST_SILENCE_S = 86_400
MOST_RETRIES = 100
MOST_TOKENS = 10_000_000
LONGEST_SIDE = 10_000_000
SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")


def text(given: str) -> str:
    try:
        given.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{given!r} is not UTF-8 text") from None
    return given


def seconds(given: str) -> float:
    # `float` would take also `1_0`, and the digits of other scripts.
    number = float(given) if SECONDS.fullmatch(given) else 0
    if not 0 < number <= LONGEST_SILENCE_S:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number of seconds up to {LONGEST_SILENCE_S}")
    return number


def count(given: str) -> int:
    if (number := _whole_number(given, 0, MOST_RETRIES)) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 0 to {MOST_RETRIES}")
    return number


def tokens(given: str) -> int:
    if (number := _whole_number(given, 1, MOST_TOKENS)) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 1 to {MOST_TOKENS}")
    return number


def size(given: str) -> tuple[int, int]:
    sides = [_whole_number(side, 1, LONGEST_SIDE) for side in given.lower().split("x")]
    if len(sides) != 2 or sides[0] is None or sides[1] is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a size like 1240x1754")
    return sides[0], sides[1]


def _whole_number(given: str, least: int, most: int) -> int | None:
    """The number that a text is; None where it is none, or is out of bounds."""
    is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(most))
    return number if is_number and least <= (number := int(given)) <= most else None
