"""The command line with every logger at its most talkative, and tracebacks that print the variables of each frame.

    python -m tests.support.everything_logged LOG COUNT ARGUMENT…

calls the program's `main` COUNT times with the same arguments; the last time it has a fault in its middle.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import traceback
from typing import Any, Never

from ocr_desktop.__main__ import main
from ocr_desktop.engines.answers import AnswerReader

FAULT = "a fault in the middle of an answer"


def print_with_variables() -> None:
    error = sys.exc_info()[1]
    assert error is not None
    print(*traceback.TracebackException.from_exception(error, capture_locals=True).format(), sep="", file=sys.stderr)


def fail(*_: Any) -> Never:
    raise ZeroDivisionError(FAULT)


def talk() -> None:
    log, count, *arguments = sys.argv[1:]
    faulthandler.enable()
    logging.basicConfig(level=logging.DEBUG, filename=log, format="%(name)s %(message)s %(args)r")
    traceback.print_exc = print_with_variables  # type: ignore[assignment]
    sys.argv = ["ocr-desktop", *arguments]
    for number in range(1, int(count) + 1):
        if number == int(count):
            setattr(AnswerReader, "take", fail)  # noqa: B010
        print(f"exit code {main()}", file=sys.stderr)


if __name__ == "__main__":
    talk()
