"""The window's words for everything that can go wrong or be worth knowing: what happened, why, what to do."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.engines.base import USUAL_KEY_VARIABLE
from ocr_desktop.gui.error_words import ErrorWording, error_wordings

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region
    from ocr_desktop.core.doubts import Doubt
    from ocr_desktop.core.errors import OcrDesktopError

DAY_S = 86_400
MOST_QUOTES = 3
LONGEST_QUOTE = 60
"""Characters of each stretch of words that is quoted."""


def warning_sentences() -> dict[WarningCode, str]:
    translate = QCoreApplication.translate
    return {
        WarningCode.STRUCTURE_UNKNOWN: translate(
            "messages", "Something in the program failed: the lines are as they were found. The log says more."
        ),
        WarningCode.EMPTY_ANSWER: translate("messages", "No text was found on this picture."),
        WarningCode.FIELDS_LEFT_OUT: translate(
            "messages",
            "The server refuses fields that its settings add to each request, so they were left out. The answer may "
            "lack what they are for.",
        ),
        WarningCode.FIRST_FRAME_ONLY: translate("messages", "The picture is animated; its first frame is shown."),
        WarningCode.NO_BOXES: translate(
            "messages",
            "The words came without boxes, so nothing is drawn on the picture. The server may drop the model's special "
            "tokens: let it keep them (skip_special_tokens false), and test the connection in the settings.",
        ),
        WarningCode.TABLES_FUSED: translate(
            "messages",
            "This server drops the marks between the cells of tables, so their words run together. Let it keep special "
            "tokens (skip_special_tokens false), or use another engine for tables.",
        ),
        WarningCode.NOT_AS_WANTED: translate(
            "messages", "Nothing of the kind that was asked for was found; this is Markdown of all that was read."
        ),
        WarningCode.PICTURE_TRUNCATED: translate("messages", "The picture breaks off; what is there is shown."),
        WarningCode.TEXT_CUT: translate(
            "messages", "The page holds more text of its own than is taken; the end of it is missing."
        ),
    }


def finish_sentences() -> dict[Finish, str]:
    translate = QCoreApplication.translate
    return {
        Finish.COMPLETE: translate("messages", "complete"),
        Finish.CUT: translate(
            "messages",
            "The answer reached the limit of its length and was cut off. Draw an area around the rest and read that.",
        ),
        Finish.LOOP: translate(
            "messages", "The model repeated itself and was stopped; what came before is kept. Read a part."
        ),
        Finish.CANCELLED: translate("messages", "Stopped; what came is kept."),
        Finish.TIMEOUT: translate("messages", "The answer stopped coming; what came is kept."),
        Finish.ERROR: translate("messages", "The answer broke off; what came is kept."),
    }


def doubt_sentences() -> dict[DoubtKind, str]:
    translate = QCoreApplication.translate
    return {
        DoubtKind.BROKEN_BOX: translate(
            "messages", "What the model wrote as this region's box is damaged; the box may be wrong or missing."
        ),
        DoubtKind.CLAMPED: translate("messages", "The box reached beyond the picture and was cut at its edge."),
        DoubtKind.SWAPPED: translate("messages", "The corners of the box came in the wrong order."),
        DoubtKind.EMPTY_BOX: translate("messages", "The box has no area, so nothing on the picture shows these words."),
        DoubtKind.UNCLOSED: translate(
            "messages", "The tags around this region are damaged; some of its words may belong elsewhere."
        ),
        DoubtKind.LOW_SCORE: translate("messages", "The engine is only {score} % sure of these words."),
        DoubtKind.LOOP: translate("messages", "The model repeated itself here and was stopped; more may be missing."),
        DoubtKind.CUT: translate("messages", "The answer was cut off here; the rest of the page is missing."),
        DoubtKind.BROKEN_OFF: translate("messages", "The answer broke off here; the rest of the page may be missing."),
        DoubtKind.DENSE: translate(
            "messages",
            "The page is denser than the model reads well: its makers give 97 % right up to 10 tokens of text for one "
            "of the picture, about 60 % at 20. Read it in parts.",
        ),
        DoubtKind.UNSUPPORTED_WORDS: translate("messages", "Nothing on the picture looks like this: {words}"),
        DoubtKind.MISSED_LINES: translate("messages", "This stands on the picture and not in the answer: {words}"),
    }


def doubt_text(doubt: Doubt, region: Region | None) -> str:
    """Why something is doubtful, a sentence for each reason."""
    score = 0 if region is None or region.score is None else round(region.score * 100)
    sentences = doubt_sentences()
    words = _quoted(doubt.words)
    return " ".join(sentences[kind].format(score=score, words=words) for kind in doubt.kinds)


def _quoted(words: tuple[str, ...]) -> str:
    """Words as they stand in a sentence; of many, or of long ones, the beginning."""
    translate = QCoreApplication.translate
    shown = [_shortened(" ".join(each.split())) for each in words[:MOST_QUOTES]]
    quotes = [translate("messages", "“%1”").replace("%1", each) for each in shown]
    return ", ".join(quotes) + (" …" if len(words) > MOST_QUOTES else "")


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1].rstrip()}…"


def error_wording(error: OcrDesktopError, **known: str | int | float) -> ErrorWording:
    """An error's three parts, filled; `known` is what the caller knows and the error may not, such as a name."""
    given = known | {name: value for name, value in error.fields.items() if value != ""}
    values = defaultdict(str, {name: _shown(value) for name, value in given.items()})
    values["said"] = _said(values["status"], values["message"])
    values["answered"] = _answered(values["status"], values["message"])
    values["variable"] = values["variable"] or USUAL_KEY_VARIABLE
    values["to"] = values["to"] or QCoreApplication.translate("messages", "another address")
    if values["to"] == values["host"]:
        values["to"] = QCoreApplication.translate("messages", "another address of its own")
    values["engine"] = values["engine"] or values["name"]
    values["missing"] = _field_name(values["missing"])
    values["reason"] = values["reason"] or QCoreApplication.translate("messages", "nothing more is known")
    values["patience"] = _patience(error.fields.get("retry_after_s"))
    wording = error_wordings()[error.code]
    return ErrorWording(*(part.format_map(values).strip() for part in (wording.title, wording.why, wording.hint)))


def error_text(error: OcrDesktopError, **known: str | int | float) -> str:
    """An error in a few sentences on one line."""
    return error_wording(error, **known).whole


def warning_text(warning: WarningCode) -> str:
    return warning_sentences()[warning]


def finish_text(finish: Finish, *, is_empty: bool = False) -> str:
    if finish is Finish.CANCELLED and is_empty:
        return QCoreApplication.translate("messages", "Stopped before the first word came.")
    return finish_sentences()[finish]


def _shown(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _patience(wished_s: str | int | float | None) -> str:
    """How long a server wants to be left alone, in the unit in which people would say it; empty where it did not."""
    translate = QCoreApplication.translate
    if not isinstance(wished_s, int | float) or wished_s < 1:
        return ""
    if wished_s >= DAY_S:
        return translate("messages", "; the server asks for a day or more")
    if wished_s >= 1.5 * 3600:
        text, unit_s = translate("messages", "; the server asks for %1 h"), 3600
    elif wished_s >= 1.5 * 60:
        text, unit_s = translate("messages", "; the server asks for %1 min"), 60
    else:
        text, unit_s = translate("messages", "; the server asks for %1 s"), 1
    return text.replace("%1", f"{wished_s / unit_s:.0f}")


def _field_name(name: str) -> str:
    """A setting of an engine, as people call it."""
    translate = QCoreApplication.translate
    names = {
        "": translate("messages", "profile"),
        "base_url": translate("messages", "base URL"),
        "model": translate("messages", "model"),
    }
    return names.get(name, name)


def _said(status: str, message: str) -> str:
    """The server's status and its own words in brackets, as far as there are any."""
    word = QCoreApplication.translate("messages", "status")
    parts = (f"{word} {status}" if status else "", f"“{message}”" if message else "")
    said = ": ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _answered(status: str, message: str) -> str:
    """The same as a sentence."""
    translate = QCoreApplication.translate
    if status and message:
        text = translate("messages", "It answered with status %1: “%2”.")
    elif status:
        text = translate("messages", "It answered with status %1.")
    elif message:
        text = translate("messages", "It said: “%2”.")
    else:
        return ""
    # Its full stop would stand beside ours.
    return text.replace("%1", status).replace("%2", message.rstrip(" .。"))
