"""The command line's words for everything that can go wrong or be worth knowing; always English."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.files import printable

Field = str | int | float


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in three parts, each a template for the error's fields: what it is about, why, what to do.

    Beside the fields there is `{said}`: the server's status and its own words in brackets, as far as there are any.
    """

    what: str
    why: str
    hint: str


EXIT_CODES: dict[type[OcrDesktopError], int] = {UsageError: 2, InputError: 3, OutputError: 3, EngineError: 4}
EXIT_BUG = 1
EXIT_INCOMPLETE = 5
EXIT_SOME_FAILED = 6
EXIT_INTERRUPTED = 130

FALLBACKS = {
    "name": "input",
    "engine": "of your own",
    "variable": "OCR_DESKTOP_API_KEY and use --engine custom",
    "to": "another address",
    "missing": "profile",
    "reason": "without a word",
}
"""For fields that an error of this kind may come without."""
FIELD_WORDS = {"base_url": "base URL"}

ERRORS: dict[ErrorCode, Wording] = {
    ErrorCode.UNKNOWN_ENGINE: Wording("engine {engine}", "there is no such engine", "Choose one of: {known}"),
    ErrorCode.NOTHING_TO_LOCATE: Wording("locate", "no text to look for was given", "Give it with --locate TEXT"),
    ErrorCode.PRESET_UNSUPPORTED: Wording(
        "preset {preset}",
        "the engine {engine} cannot do it",
        "Choose an endpoint with --engine; `ocr-desktop engines` lists them",
    ),
    ErrorCode.PROFILE_INCOMPLETE: Wording(
        "engine {engine}",
        "its {missing} is not set or not usable{said}",
        "Give it with --base-url URL and --model NAME",
    ),
    ErrorCode.OUTPUT_NEEDS_FOLDER: Wording(
        "{name}", "several inputs need a folder", "Name one that exists, or end the name in a slash"
    ),
    ErrorCode.FILE_MISSING: Wording("{name}", "there is no such file", "Check the name and the folder"),
    ErrorCode.NOT_A_FILE: Wording("{name}", "it is not a file but a folder, pipe or device", "Give a file"),
    ErrorCode.NO_PERMISSION: Wording("{name}", "you may not read it", "Change its permissions"),
    ErrorCode.FILE_EMPTY: Wording("{name}", "the file is empty", "Save or copy the picture again"),
    ErrorCode.FILE_TOO_LARGE: Wording("{name}", "it is larger than {limit_megabytes} MB", "Give a smaller file"),
    ErrorCode.FILE_UNREADABLE: Wording("{name}", "it could not be read{said}", "Check the disk or the network"),
    ErrorCode.NOT_TEXT: Wording("{name}", "it is not UTF-8 text", "Give the model's answer as it was saved"),
    ErrorCode.NOT_A_PICTURE: Wording(
        "{name}", "it is no picture that can be read", "Give a PNG, JPEG, WebP, BMP, GIF or TIFF file"
    ),
    ErrorCode.PICTURE_TOO_LARGE: Wording(
        "{name}",
        "{width} x {height} pixels are too many; at most {limit_megapixels} megapixels are taken,"
        " fewer where memory is short",
        "Scale the picture down first",
    ),
    ErrorCode.PICTURE_DAMAGED: Wording("{name}", "the picture in it is damaged", "Save or copy the picture again"),
    ErrorCode.PICTURE_CHANGED: Wording("{name}", "the file changed while it was read", "Try again"),
    ErrorCode.PICTURE_SHAPE: Wording(
        "{name}",
        "{width} x {height} pixels are too long and narrow for the embedded engine",
        "Cut the picture into parts",
    ),
    ErrorCode.NO_SPACE: Wording(
        "temporary folder", "it has no room for the picture", "Free some space there, or set TMPDIR to another folder"
    ),
    ErrorCode.OUTPUT_UNWRITABLE: Wording(
        "{name}", "it cannot be written ({reason})", "Choose another place with --output"
    ),
    ErrorCode.KEY_MISSING: Wording(
        "{engine}", "it needs a key and none was found", "Set the environment variable {variable}"
    ),
    ErrorCode.KEY_REFUSED: Wording("{host}", "the key was refused{said}", "Check the key in {variable}"),
    ErrorCode.HOST_UNREACHABLE: Wording(
        "{host}", "it cannot be reached{said}", "Check the address and the network, and that the server is running"
    ),
    ErrorCode.HOST_SILENT: Wording("{host}", "nothing came for {seconds} s", "Try again, or allow more with --timeout"),
    ErrorCode.HOST_INSECURE: Wording(
        "{host}", "plain http:// would show the picture and the key to others on the way", "Use an https:// address"
    ),
    ErrorCode.HOST_REDIRECTS: Wording(
        "{host}", "it redirects to {to}, and the picture goes nowhere else", "Check the address"
    ),
    ErrorCode.OFFLINE: Wording("{host}", "--offline forbids requests to other machines", "Use --engine embedded"),
    ErrorCode.MODEL_MISSING: Wording(
        "{host}", "it has no model {model} at this address{said}", "Check --model and --base-url"
    ),
    ErrorCode.QUOTA_EXCEEDED: Wording(
        "{host}", "the limit of requests is reached{said}", "Wait a while, or check your account there"
    ),
    ErrorCode.REQUEST_REFUSED: Wording("{host}", "the request was refused{said}", "Check the model and the options"),
    ErrorCode.SERVER_FAILED: Wording("{host}", "the server failed{said}", "Try again later"),
    ErrorCode.ANSWER_UNREADABLE: Wording(
        "{host}",
        "its answer cannot be understood{said}",
        "Check that the address is that of an OpenAI-compatible server",
    ),
    ErrorCode.CONNECTION_LOST: Wording("{host}", "the connection broke off{said}", "Try again"),
    ErrorCode.WEIGHTS_MISSING: Wording(
        "embedded engine", "{file} is missing in {folder}, or changed", "Install the program again"
    ),
    ErrorCode.WORKER_CRASHED: Wording(
        "{name}", "the process that worked on it ended ({reason})", "Try again, or a smaller picture"
    ),
    ErrorCode.WORKER_SILENT: Wording("{name}", "it took longer than {seconds} s", "Try again, or a smaller picture"),
}

WARNINGS: dict[WarningCode, str] = {
    WarningCode.EMPTY_ANSWER: "no text was found",
    WarningCode.FIRST_FRAME_ONLY: "the picture moves; only its first frame was read",
    WarningCode.FIRST_PAGE_ONLY: "the file has several pages; only the first was read",
    WarningCode.TABLES_FUSED: (
        "the server drops the marks between table cells, so their words run together; "
        "let it keep special tokens (skip_special_tokens false), or use another engine for tables"
    ),
    WarningCode.PICTURE_TRUNCATED: "the picture breaks off; what is there was read",
}

INCOMPLETE: dict[Finish, Wording] = {
    Finish.CUT: Wording("{name}", "the answer was cut off", "Read the picture again with a larger --max-tokens"),
    Finish.LOOP: Wording("{name}", "the model repeated itself and was stopped", "Read a part of the picture"),
    Finish.TIMEOUT: Wording("{name}", "the answer stopped coming", "Read it again, or allow more with --timeout"),
    Finish.ERROR: Wording("{name}", "the answer broke off", "Read it again"),
}


def worded(wording: Wording, fields: dict[str, Field]) -> tuple[str, str]:
    """The message and the hint, filled; of a field that is not there nothing is left but its fallback."""
    values = defaultdict(str, FALLBACKS | {name: _shown(value) for name, value in fields.items()})
    values["said"] = _said(values)
    what = wording.what.format_map(values)
    return f"{what}: {wording.why.format_map(values)}", wording.hint.format_map(values)


def error_text(error: OcrDesktopError, **known: Field) -> tuple[str, str]:
    """An error's message and hint; `known` is what the caller knows and the error may not, such as a name."""
    given = (*known.items(), *error.fields.items())
    return worded(ERRORS[error.code], {name: value for name, value in given if value != ""})


def one_line(message: str, hint: str) -> str:
    """A message and its hint as one line that cannot steer a terminal, whatever a server put into it."""
    return printable(" ".join(f"{message}. {hint}.".split()))


def _shown(value: Field) -> str:
    return f"{value:g}" if isinstance(value, float) else FIELD_WORDS.get(str(value), str(value))


def _said(values: dict[str, str]) -> str:
    status, message = values.get("status", ""), values.get("message", "")
    parts = (f"status {status}" if status else "", f'"{message}"' if message else "")
    said = ": ".join(part for part in parts if part)
    return f" ({said})" if said else ""
