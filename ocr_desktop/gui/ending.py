"""The last step of a process that had a window."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def end_at_once(code: int) -> NoReturn:
    """End without taking Python apart, now that all is closed.

    A thread that told the loop something lets go of Qt a moment after Python calls it ended, and needs Python for that:
    where that is being taken apart, the process dies of it (seen: about one time in sixty).
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)
