"""What the note of a capture says, and where on the screen it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.document import Finish
from ocr_desktop.gui.error_ways import WAYS, Way
from ocr_desktop.gui.messages import finish_text

if TYPE_CHECKING:
    from ocr_desktop.core.errors import ErrorCode

MOST_LINES = 3
MOST_LINE_CHARACTERS = 300
"""No screen is wide enough for more."""
DISTANCE = 24
"""From the edges of the screen, logical pixels."""

_FILES, _PICTURE, _TEXT, _FORMATTED = "text/uri-list", "image/", "text/plain", "text/html"
_IN_THE_WINDOW = frozenset({Way.ENTER_KEY, Way.CHANGE_KEY, Way.SETTINGS, Way.TEST_CONNECTION, Way.GO_ONLINE})
"""What needs more room than a note has."""


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """What a note tells of a capture that was read.

    Attributes:
        kind: What was copied, or would be.
        text: Of that, the plain flavour.
        wanted: What was asked for; not the same where nothing of that kind came.
        host: Who read it; None: this computer.
        seconds: How long that took.
        finish: How the answer ended.
        has_table: Whether a table came, so that it can be copied as one.
        can_undo: Whether the clipboard can be given back.
        lost_flavours: The media types that cannot be given back with it.
    """

    kind: CaptureKind
    text: str
    wanted: CaptureKind | None = None
    host: str | None = None
    seconds: float = 0.0
    finish: Finish = Finish.COMPLETE
    has_table: bool = False
    can_undo: bool = False
    lost_flavours: tuple[str, ...] = ()


def first_lines(text: str) -> list[str]:
    """The first lines with words in them, tabs as gaps; characters that nobody sees are left out."""
    lines: list[str] = []
    for line in text[: MOST_LINES * 10 * MOST_LINE_CHARACTERS].splitlines():
        shown = "".join(each for each in line.replace("\t", "    ") if each.isprintable()).strip()
        if shown:
            lines.append(shown[:MOST_LINE_CHARACTERS])
        if len(lines) == MOST_LINES:
            break
    return lines


def place_text(host: str | None) -> str:
    """Who reads or has read."""
    return QCoreApplication.translate("CaptureNote", "This computer") if host is None else host


def facts_text(facts: ReadFacts) -> str:
    """What a read capture is: what was made of it, who read it, how long that took."""
    translate = QCoreApplication.translate
    seconds = translate("CaptureNote", "%1 s").replace("%1", f"{facts.seconds:.1f}")
    count = sum(1 for line in facts.text.splitlines() if line.strip())
    lines = translate("CaptureNote", "1 line") if count == 1 else translate("CaptureNote", "%1 lines")
    return " · ".join((kind_text(facts.kind), place_text(facts.host), lines.replace("%1", str(count)), seconds))


def kind_text(kind: CaptureKind) -> str:
    translate = QCoreApplication.translate
    return {
        CaptureKind.MARKDOWN: translate("CaptureNote", "Markdown"),
        CaptureKind.TEXT: translate("CaptureNote", "Text"),
        CaptureKind.TABLE: translate("CaptureNote", "Table"),
        CaptureKind.FORMULA: translate("CaptureNote", "Formula"),
        CaptureKind.LINE: translate("CaptureNote", "One line"),
    }[kind]


def incomplete_text(facts: ReadFacts) -> str:
    """Why an answer is not whole; empty where it is."""
    if facts.finish is Finish.COMPLETE:
        return ""
    text = QCoreApplication.translate("CaptureNote", "Incomplete: %1")
    return text.replace("%1", finish_text(facts.finish))


def instead_text(facts: ReadFacts) -> str:
    """Why it is copied as something else than was asked for; empty where it is not."""
    if facts.wanted in (None, facts.kind):
        return ""
    if facts.wanted is CaptureKind.TABLE:
        return QCoreApplication.translate("CaptureNote", "No table was found; this is Markdown of all that was read.")
    return QCoreApplication.translate("CaptureNote", "No formula was found; this is Markdown of all that was read.")


def undo_text(lost_flavours: tuple[str, ...]) -> str:
    """What undoing gives back, and what it cannot."""
    text = QCoreApplication.translate("CaptureNote", "Gives back what was on the clipboard before.")
    return f"{text} {lost_text(lost_flavours)}".strip()


def lost_text(flavours: tuple[str, ...]) -> str:
    """What of the clipboard could not be saved; empty where all could."""
    if not flavours:
        return ""
    names = dict.fromkeys(_flavour_name(flavour) for flavour in flavours)
    text = QCoreApplication.translate("CaptureNote", "Not saved, and lost: %1.")
    return text.replace("%1", ", ".join(names))


def _flavour_name(flavour: str) -> str:
    translate = QCoreApplication.translate
    if flavour == _FILES:
        return translate("CaptureNote", "files")
    if flavour.startswith(_PICTURE):
        return translate("CaptureNote", "picture")
    if flavour.startswith(_FORMATTED):
        return translate("CaptureNote", "formatted text")
    if flavour.startswith(_TEXT):
        return translate("CaptureNote", "text")
    return translate("CaptureNote", "data of the program that it came from")


def error_ways(code: ErrorCode, *, has_endpoint: bool) -> tuple[bool, bool, bool]:
    """What may help with an error: trying again, this computer, the window, where keys and settings are."""
    ways = frozenset(WAYS.get(code, ()))
    in_window = bool(ways & _IN_THE_WINDOW)
    may_try_again = Way.TRY_AGAIN in ways or in_window
    return may_try_again, has_endpoint and Way.READ_HERE in ways, has_endpoint and in_window


def note_place(size: QSize, available: QRect, captured: QRect | None = None) -> QPoint:
    """Where a note goes: the bottom right of what is free of the screen, or another corner that does not hide the area.

    All in logical pixels of the desktop. A note that is larger than what is free begins at its top left.
    """
    right = max(available.x() + available.width() - size.width() - DISTANCE, available.x())
    bottom = max(available.y() + available.height() - size.height() - DISTANCE, available.y())
    left, top = min(available.x() + DISTANCE, right), min(available.y() + DISTANCE, bottom)
    corners = [QPoint(right, bottom), QPoint(right, top), QPoint(left, bottom), QPoint(left, top)]
    free = [each for each in corners if captured is None or not QRect(each, size).intersects(captured)]
    return (free or corners)[0]
