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
    from xml.etree.ElementTree import Element

    from ziamath.zmath import Math

    from ocr_desktop.worker.process import IsStopped

MOST_CPU_S = 1.5
"""Of the processor's time for one formula: a busy machine makes none of them slow."""
FONT_SIZE = 24.0
REMINDER_CPU_S = 0.25
"""Until it is told to give up once more, in case that it did not listen."""
MARGIN = 0.5
"""Around the ink, in the units of `FONT_SIZE`."""
ROW_GAP = "0.2em"
ROW_GAP_OF_EQUATIONS = "0.4em"
COLUMN_GAP = "0.8em"
STRUT = '<mpadded width="0"><mphantom><mo stretchy="false">(</mo></mphantom></mpadded>'
"""Makes a row at least as high as a line of text."""
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
    from ziamath.tex import tex2mml
    from ziamath.zmath import Math

    try:
        with _limited_time():
            mathml = _with_room(tex2mml(request.latex, inline=not request.is_display))
            formula = Math(mathml, size=FONT_SIZE, margin=MARGIN)
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


def _with_room(mathml: str) -> Element:
    """Rows and columns as far apart as in print; it sets rows by their ink, close to one another."""
    from xml.etree import ElementTree

    from ziamath.zmath import denamespace

    root = denamespace(ElementTree.fromstring(mathml))
    small = {table for style in root.iter("mstyle") if style.get("scriptlevel") for table in style.iter("mtable")}
    for table in set(root.iter("mtable")) - small:
        is_aligned = table.get("displaystyle") == "true"
        table.set("rowspacing", ROW_GAP_OF_EQUATIONS if is_aligned else ROW_GAP)
        if not is_aligned:
            table.set("columnspacing", COLUMN_GAP)
        for row in table.findall("mtr"):
            for cell in row[-1:]:
                content = ElementTree.Element("mrow")
                content.extend(cell)
                cell[:] = [content, ElementTree.fromstring(STRUT)]
    return root


def _is_sane(length: float) -> bool:
    return math.isfinite(length) and 0 < length < LARGEST_EMS * FONT_SIZE


def _has_all_letters(formula: Math) -> bool:
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
