"""What may stand behind an option: each function takes what was typed, or says what is wrong with it."""

from __future__ import annotations

import argparse
import re

from ocr_desktop.core.whole_numbers import whole_number

# `typing` alone would take a tenth of the time that `--help` does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocr_desktop.core.page_ranges import PageRanges
    from ocr_desktop.core.secret import Secret

LONGEST_SILENCE_S = 86_400
MOST_RETRIES = 100
MOST_TOKENS = 10_000_000
LONGEST_SIDE = 10_000_000
LONGEST_DELAY_S = 3600
MOST_SCREENS = 100
FARTHEST = 1_000_000
"""From the primary screen's corner, in logical pixels."""
TURNS = ("0", "90", "180", "270")
"""Degrees, clockwise."""
WHOLE = re.compile(r"-?[0-9]{1,7}")
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
    if (number := whole_number(given, 0, MOST_RETRIES)) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 0 to {MOST_RETRIES}")
    return number


def tokens(given: str) -> int:
    if (number := whole_number(given, 1, MOST_TOKENS)) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 1 to {MOST_TOKENS}")
    return number


def size(given: str) -> tuple[int, int]:
    sides = [whole_number(side, 1, LONGEST_SIDE) for side in given.lower().split("x")]
    if len(sides) != 2 or sides[0] is None or sides[1] is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a size like 1240x1754")
    return sides[0], sides[1]


def pages(given: str) -> PageRanges:
    from ocr_desktop.core.page_ranges import parse_page_ranges

    try:
        return parse_page_ranges(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no range of pages such as 1-3,7 or 3- or -2") from None


def turns(given: str) -> int:
    """Quarter turns."""
    if given not in TURNS:
        raise argparse.ArgumentTypeError(f"{given!r} is none of {', '.join(TURNS)}")
    return TURNS.index(given)


def secret(given: str) -> Secret:
    """A password; what is wrong with it is said without showing it."""
    from ocr_desktop.core.secret import Secret

    try:
        given.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("the password is not UTF-8 text") from None
    if not given:
        raise argparse.ArgumentTypeError("the password is empty")
    return Secret(given)


def delay(given: str) -> float:
    number = float(given) if SECONDS.fullmatch(given) else -1
    if not 0 <= number <= LONGEST_DELAY_S:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number of seconds up to {LONGEST_DELAY_S}")
    return number


def screen(given: str) -> int:
    if (number := whole_number(given, 1, MOST_SCREENS)) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not the number of a screen, counted from 1")
    return number


def region(given: str) -> tuple[int, int, int, int]:
    numbers = [int(part) if WHOLE.fullmatch(part) else None for part in given.split(",")]
    match numbers:
        case [int(x), int(y), int(width), int(height)] if (
            -FARTHEST <= x <= FARTHEST
            and -FARTHEST <= y <= FARTHEST
            and 1 <= width <= FARTHEST
            and 1 <= height <= FARTHEST
        ):
            return x, y, width, height
        case _:
            raise argparse.ArgumentTypeError(f"{given!r} is not a place like -1280,0,640,480 (x, y, width, height)")
