"""The two streams that the command line writes to: results on one, everything else on the other."""

from __future__ import annotations

import sys

from ocr_desktop.cli.arguments import PROGRAM
from ocr_desktop.cli.messages import one_line


class Console:
    """Writes results, byte for byte, to standard output and one-line messages to standard error."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._shows_progress = not quiet and (verbose or sys.stderr.isatty())

    def write(self, text: str) -> None:
        """Write a piece of a result and hand it on at once; the bytes are UTF-8 whatever the terminal speaks."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()

    def error(self, message: str, hint: str) -> None:
        self._say(f"error: {one_line(message, hint)}")

    def warn(self, message: str) -> None:
        if not self._quiet:
            self._say(f"warning: {message}")

    def tell(self, message: str) -> None:
        """Say what is going on, to a person who watches."""
        if self._shows_progress:
            self._say(message)

    def _say(self, message: str) -> None:
        print(f"{PROGRAM}: {message}", file=sys.stderr, flush=True)
