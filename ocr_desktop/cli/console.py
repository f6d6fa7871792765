"""The two streams that the command line writes to: results on one, everything else on the other."""

from __future__ import annotations

import contextlib
import os
import sys

from ocr_desktop.cli.messages import one_line
from ocr_desktop.cli.parser import PROGRAM
from ocr_desktop.core.errors import ErrorCode, OutputError
from ocr_desktop.core.files import printable

STANDARD_OUTPUT = "standard output"


class Console:
    """Writes results, byte for byte, to standard output and one-line messages to standard error."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        is_watched = sys.stderr is not None and sys.stderr.isatty()
        self._shows_progress = not quiet and (verbose or is_watched)

    def write(self, text: str) -> None:
        """Write a piece of a result and hand it on at once; the bytes are UTF-8 whatever the terminal speaks.

        Raises:
            BrokenPipeError: Whoever read it has gone.
            OutputError: OUTPUT_UNWRITABLE, it cannot be written for any other reason.
        """
        if sys.stdout is None:
            raise OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=STANDARD_OUTPUT, reason="it is closed")
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8"))
            sys.stdout.buffer.flush()
        except OSError as error:
            forget_output()
            if isinstance(error, BrokenPipeError):
                raise
            reason = error.strerror or str(error)
            raise OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=STANDARD_OUTPUT, reason=reason) from error

    def error(self, message: str, hint: str) -> None:
        self._say(f"error: {one_line(message, hint)}")

    def warn(self, message: str) -> None:
        if not self._quiet:
            self._say(f"warning: {printable(message)}")

    def tell(self, message: str) -> None:
        """Say what is going on, to a person who watches."""
        if self._shows_progress:
            self._say(printable(message))

    def _say(self, message: str) -> None:
        # Where nobody can be told, the exit code tells.
        if sys.stderr is not None:
            with contextlib.suppress(OSError):
                print(f"{PROGRAM}: {message}", file=sys.stderr, flush=True)


def forget_output() -> None:
    """Let what could not be written go nowhere, else Python complains of it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
