"""LaTeX becomes a drawing: the one place that knows ziamath.

It is pure Python, slow with what is nested and raises whatever it likes; a formula that takes too long is given up
here, and where even that does not help the program ends the process.
"""

from __future__ import annotations

import math
import signal
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocr_desktop.worker import messages

if TYPE_CHECKING:
    from ziamath.zmath import Latex

    from ocr_desktop.worker.process import IsStopped

MOST_CPU_S = 1.5
"""Of the processor's time for one formula: a busy machine makes none of them slow."""
FONT_SIZE = 24.0
REMINDER_CPU_S = 0.25
"""Until it is told to give up once more, in case that it did not listen."""
MARGIN = 0.5
"""Around the ink, in the units of `FONT_SIZE`."""
LARGEST_EMS = 200.0
WITHOUT_GLYPH = ("Cf", "Cc", "Zs")
"""Categories of letters that take room or none, and are never drawn."""


class _TooSlowError(BaseException):
    """The formula has had its time; nobody on the way may take this for one of their own."""


class TypesettingWorker:
    """The process of the role `formulas`."""

    def __init__(self) -> None:
        from ziamath.config import config

        # Qt draws references to shapes that were defined elsewhere in the picture at the wrong size.
        config.svg2 = False
        config.precision = 2

    def answer(self, request: messages.Request, is_stopped: IsStopped) -> Iterator[messages.Finding]:
        assert isinstance(request, messages.Typeset)
        drawn = _drawn(request)
        if drawn is not None:
            yield drawn


def _drawn(request: messages.Typeset) -> messages.TypesetDone | None:
    """The drawing; None where there is none that is right."""
    from ziamath.zmath import Latex

    try:
        with _limited_time():
            formula = Latex(request.latex, size=FONT_SIZE, inline=not request.is_display, margin=MARGIN)
            if not _has_all_letters(formula):
                return None
            element = formula.svgxml()
            _, top, width, height = (float(number) for number in element.attrib["viewBox"].split())
            svg = formula.svg()
    except MemoryError:
        raise
    except (Exception, _TooSlowError):
        # It raises AssertionError, SyntaxError, RecursionError and a dozen of its own.
        return None
    if not (_is_sane(width) and _is_sane(height) and abs(top) < LARGEST_EMS * FONT_SIZE and "<path" in svg):
        return None
    return messages.TypesetDone(
        request.number,
        svg=svg.encode(),
        width=width / FONT_SIZE,
        above=-top / FONT_SIZE,
        below=(top + height) / FONT_SIZE,
    )


def _is_sane(length: float) -> bool:
    return math.isfinite(length) and 0 < length < LARGEST_EMS * FONT_SIZE


def _has_all_letters(formula: Latex) -> bool:
    """Whether the font has every letter, and no command was taken for letters."""
    letters = set("".join(formula.mathml.itertext()))
    return "\\" not in letters and all(
        formula.font.glyphindex(letter)
        for letter in letters
        if not letter.isascii() and unicodedata.category(letter) not in WITHOUT_GLYPH
    )


@contextmanager
def _limited_time() -> Iterator[None]:
    """Raise out of what takes longer than it may, where the system can tell."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: object) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_CPU_S, REMINDER_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
