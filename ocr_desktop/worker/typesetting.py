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
ROW_GAP_OF_EQUATIONS = "0.3em"
COLUMN_GAP = "0.8em"
STRUT = '<mpadded width="0"><mphantom><mo stretchy="false">(</mo></mphantom></mpadded>'
"""Makes a row at least as high as a line of text."""
THIN_SPACE = '<mspace width="0.167em" />'
BARS = {"|", "\u2016"}
BAR_AND_TABLE = {("mo", "mtable"), ("mtable", "mo")}
SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
ROWS = ("mrow", "mtd", "math", "mstyle")
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
    """As far apart as in print; rows are set by their ink else, and bars and names close to what follows."""
    from xml.etree import ElementTree

    from ziamath.zmath import denamespace

    root = denamespace(ElementTree.fromstring(mathml))
    small = {table for style in root.iter("mstyle") if style.get("scriptlevel") for table in style.iter("mtable")}
    for table in set(root.iter("mtable")) - small:
        _make_room(table)
    for parent in list(root.iter()):
        for at in reversed(range(1, len(parent))):
            before, after = parent[at - 1], parent[at]
            is_bar = (before.tag, after.tag) in BAR_AND_TABLE and {before.text, after.text} & BARS
            if is_bar or (parent.tag in ROWS and _is_name(before) and after.tag != "mo"):
                parent.insert(at, ElementTree.fromstring(THIN_SPACE))
    return root


def _make_room(table: Element) -> None:
    from xml.etree import ElementTree

    if table.get("displaystyle") == "true":
        table.set("rowspacing", ROW_GAP_OF_EQUATIONS)
    else:
        table.set("rowspacing", ROW_GAP)
        table.set("columnspacing", COLUMN_GAP)
    rows = table.findall("mtr")
    for row in rows if len(rows) > 1 else ():
        # After an operator it would change its meaning.
        cell = next((cell for cell in row if len(cell) and cell[-1].tag != "mo"), None)
        if cell is not None:
            cell.append(ElementTree.fromstring(STRUT))


def _is_name(element: Element) -> bool:
    """Whether this is an operator's name that makes no room itself, with its limits or without."""
    from ziamath.operators import get_params

    base = element[0] if element.tag in SCRIPTED and len(element) else element
    name = base.text or ""
    return base.tag == "mo" and len(name) > 1 and name[0].isalpha() and not get_params(name, "prefix")


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
