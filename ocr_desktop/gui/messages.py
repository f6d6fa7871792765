"""The window's words for everything that can go wrong or be worth knowing: what happened, why, what to do."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region
    from ocr_desktop.core.doubts import Doubt

VARIABLE_OF_ANY_SERVER = "OCR_DESKTOP_API_KEY"
"""Named where a server wants a key and its profile knows of none: the engine “Other server” takes it from there."""


def error_sentences() -> dict[ErrorCode, str]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.UNKNOWN_ENGINE: translate("messages", "There is no engine “{engine}” any more. Choose another."),
        ErrorCode.NOTHING_TO_LOCATE: translate(
            "messages", "Type what to look for into the Locate box, then press Enter."
        ),
        ErrorCode.PRESET_UNSUPPORTED: translate(
            "messages", "The engine “{engine}” cannot do this. Choose another preset, or an endpoint as engine."
        ),
        ErrorCode.OUTPUT_NEEDS_FOLDER: translate("messages", "Several results need a folder. Choose one."),
        ErrorCode.PROFILE_INCOMPLETE: translate(
            "messages", "The engine “{engine}” is not set up: its {missing} is missing or not usable."
        ),
        ErrorCode.FILE_MISSING: translate("messages", "“{name}” is not there any more. Check its name and folder."),
        ErrorCode.NOT_A_FILE: translate(
            "messages", "“{name}” is no file but a folder, pipe or device. Choose a picture file."
        ),
        ErrorCode.NO_PERMISSION: translate("messages", "You may not read “{name}”. Change its permissions."),
        ErrorCode.FILE_EMPTY: translate("messages", "“{name}” is empty. Save or copy the picture again."),
        ErrorCode.FILE_TOO_LARGE: translate(
            "messages", "“{name}” is larger than {limit_megabytes} MB. Choose a smaller file."
        ),
        ErrorCode.FILE_UNREADABLE: translate(
            "messages", "“{name}” could not be read{said}. Check the disk or the network."
        ),
        ErrorCode.NOT_TEXT: translate("messages", "“{name}” is not UTF-8 text. Choose the answer as it was saved."),
        ErrorCode.NOT_A_PICTURE: translate(
            "messages", "“{name}” is no picture that can be read. Choose a PNG, JPEG, WebP, BMP, GIF or TIFF file."
        ),
        ErrorCode.PICTURE_TOO_LARGE: translate(
            "messages",
            "“{name}” has {width} × {height} pixels: too many. At most {limit_megapixels} megapixels are taken, fewer"
            " where memory is short. Scale it down first.",
        ),
        ErrorCode.PICTURE_DAMAGED: translate("messages", "The picture in “{name}” is damaged. Save or copy it again."),
        ErrorCode.PICTURE_CHANGED: translate("messages", "“{name}” changed while it was read. Try again."),
        ErrorCode.PICTURE_SHAPE: translate(
            "messages",
            "This computer cannot read so long and narrow a picture ({width} × {height}). Cut it into parts.",
        ),
        ErrorCode.NO_SPACE: translate(
            "messages", "The temporary folder has no room for the picture. Free some space there."
        ),
        ErrorCode.OUTPUT_UNWRITABLE: translate(
            "messages", "“{name}” cannot be written ({reason}). Choose another place."
        ),
        ErrorCode.KEY_MISSING: translate(
            "messages", "{engine} needs a key. Set the environment variable {variable} and start the program again."
        ),
        ErrorCode.KEY_REFUSED: translate("messages", "{host} refused the key{said}. Check the key in {variable}."),
        ErrorCode.HOST_UNREACHABLE: translate(
            "messages", "{host} cannot be reached{said}. Check the address and the network; is the server running?"
        ),
        ErrorCode.HOST_SILENT: translate("messages", "{host} sent nothing for {seconds} s. Try again."),
        ErrorCode.HOST_INSECURE: translate(
            "messages", "Plain http:// to {host} would show the picture to others on the way. Use an https:// address."
        ),
        ErrorCode.HOST_REDIRECTS: translate(
            "messages", "{host} redirects to {to}. The picture went nowhere else. Check the address."
        ),
        ErrorCode.OFFLINE: translate(
            "messages", "“Stay offline” is on, so nothing was sent to {host}. Switch it off, or read on this computer."
        ),
        ErrorCode.MODEL_MISSING: translate(
            "messages", "{host} has no model “{model}” at this address{said}. Check the model and the address."
        ),
        ErrorCode.QUOTA_EXCEEDED: translate(
            "messages", "The limit of requests to {host} is reached{said}. Wait a while, or check your account there."
        ),
        ErrorCode.REQUEST_REFUSED: translate("messages", "{host} refused the request{said}."),
        ErrorCode.SERVER_FAILED: translate("messages", "{host} failed{said}. Try again later."),
        ErrorCode.ANSWER_UNREADABLE: translate(
            "messages",
            "The answer of {host} cannot be understood{said}. Is its address that of an OpenAI-compatible server?",
        ),
        ErrorCode.CONNECTION_LOST: translate("messages", "The connection to {host} broke off{said}. Try again."),
        ErrorCode.WEIGHTS_MISSING: translate(
            "messages", "The files of the embedded engine are missing or changed ({file}). Install the program again."
        ),
        ErrorCode.WORKER_CRASHED: translate(
            "messages", "The process that worked on this picture ended ({reason}). Try again, or a smaller picture."
        ),
        ErrorCode.WORKER_SILENT: translate(
            "messages", "This picture took longer than {seconds} s. Try again, or a smaller picture."
        ),
    }


def warning_sentences() -> dict[WarningCode, str]:
    translate = QCoreApplication.translate
    return {
        WarningCode.EMPTY_ANSWER: translate("messages", "No text was found on this picture."),
        WarningCode.FIRST_FRAME_ONLY: translate("messages", "The picture moves; its first frame is shown."),
        WarningCode.FIRST_PAGE_ONLY: translate("messages", "The file has several pages; the first is shown."),
        WarningCode.TABLES_FUSED: translate(
            "messages",
            "This server drops the marks between the cells of tables, so their words run together. Let it keep special "
            "tokens (skip_special_tokens false), or use another engine for tables.",
        ),
        WarningCode.PICTURE_TRUNCATED: translate("messages", "The picture breaks off; what is there is shown."),
    }


def finish_sentences() -> dict[Finish, str]:
    translate = QCoreApplication.translate
    return {
        Finish.COMPLETE: translate("messages", "complete"),
        Finish.CUT: translate("messages", "The answer reached the limit of its length and was cut off."),
        Finish.LOOP: translate("messages", "The model repeated itself and was stopped; what came before is kept."),
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
    }


def doubt_text(doubt: Doubt, region: Region | None) -> str:
    """Why something is doubtful, a sentence for each reason."""
    score = 0 if region is None or region.score is None else round(region.score * 100)
    sentences = doubt_sentences()
    return " ".join(sentences[kind].format(score=score) for kind in doubt.kinds)


def error_text(error: OcrDesktopError, **known: str | int | float) -> str:
    """One or two sentences on an error; `known` is what the caller knows and the error may not, such as a name."""
    given = known | {name: value for name, value in error.fields.items() if value != ""}
    values = defaultdict(str, {name: _shown(value) for name, value in given.items()})
    values["said"] = _said(values["status"], values["message"])
    values["variable"] = values["variable"] or VARIABLE_OF_ANY_SERVER
    values["to"] = values["to"] or QCoreApplication.translate("messages", "another address")
    values["engine"] = values["engine"] or values["name"]
    values["missing"] = values["missing"] or QCoreApplication.translate("messages", "profile")
    return error_sentences()[error.code].format_map(values)


def warning_text(warning: WarningCode) -> str:
    return warning_sentences()[warning]


def finish_text(finish: Finish) -> str:
    return finish_sentences()[finish]


def _shown(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _said(status: str, message: str) -> str:
    """The server's status and its own words in brackets, as far as there are any."""
    word = QCoreApplication.translate("messages", "status")
    parts = (f"{word} {status}" if status else "", f"“{message}”" if message else "")
    said = ": ".join(part for part in parts if part)
    return f" ({said})" if said else ""
