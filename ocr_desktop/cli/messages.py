"""The command line's words for everything that can go wrong or be worth knowing; always English."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.files import printable
from ocr_desktop.engines.base import USUAL_KEY_VARIABLE
from ocr_desktop.services.prompts import PromptFault
from ocr_desktop.services.user_file import SET_ASIDE_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from ocr_desktop.services.settings import SettingsFile

Field = str | int | float


class BadUsageError(Exception):
    """Options that do not fit what there is; its words are a sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in three parts, each a template for the error's fields: what it is about, why, what to do.

    Beside the fields there are, each as far as it is known: `{said}`, the server's status and its own words in
    brackets; `{patience}`, how long it wants to be left alone, and `{later}`, when to try again; `{keys}`, where keys
    are given out; `{no_key}`, why there is none; `{variable_else}`, the environment variable that goes before another
    place.
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
    "host": "an unknown host",
    "engine": "of your own",
    "variable": f"{USUAL_KEY_VARIABLE} and use --engine custom",
    "to": "another address",
    "missing": "profile",
    "later": "later",
    "reason": "without a word",
    "no_key": "none was found",
}
"""For fields that an error of this kind may come without."""
DAY_S = 24 * 3600
FIELD_WORDS = {"base_url": "base URL"}
UNUSABLE_PROFILE = Wording("engine {engine}", "its profile cannot be used ({message})", "Mend its file")
"""Of a PROFILE_INCOMPLETE that says why, as one does that was read from a file."""
LINK_OFFLINE = Wording(
    "{host}",
    "nothing is downloaded while the program is offline (--offline, or the setting Stay offline)",
    "Give the file itself",
)
"""Of an OFFLINE that is no engine's."""
KEYRING_CLOSED = "the keyring does not open; it may be locked"

ERRORS: dict[ErrorCode, Wording] = {
    ErrorCode.UNKNOWN_ENGINE: Wording("engine {engine}", "there is no such engine", "Choose one of: {known}"),
    ErrorCode.NOTHING_TO_LOCATE: Wording("locate", "no text to look for was given", "Give it with --locate TEXT"),
    ErrorCode.PRESET_UNSUPPORTED: Wording(
        "preset {preset}",
        "the engine {engine} cannot do it",
        "A model at an endpoint can: choose one with --engine; `ocr-desktop engines` lists them",
    ),
    ErrorCode.PROFILE_INCOMPLETE: Wording(
        "engine {engine}",
        "its {missing} is not set or not usable{said}",
        "Give it with --base-url URL and --model NAME",
    ),
    ErrorCode.OUTPUT_NEEDS_FOLDER: Wording(
        "{name}", "several inputs need a folder", "Name one that exists, or end the name in a slash"
    ),
    ErrorCode.PAGES_MISSING: Wording(
        "{name}", "there is no page {pages}, the last one is page {page_count}", "Give others with --pages"
    ),
    ErrorCode.DOWNLOAD_NOT_ASKED: Wording(
        "{host}", "a link is not followed unless you say so", "Add --download to fetch the file from there"
    ),
    ErrorCode.FILE_MISSING: Wording("{name}", "there is no such file", "Check the name and the folder"),
    ErrorCode.BROKEN_LINK: Wording(
        "{name}", "it is a link that leads nowhere, or in a circle", "Give the file itself, or make the link anew"
    ),
    ErrorCode.NOT_A_FILE: Wording("{name}", "it is a pipe or a device and no file", "Save it as a file first"),
    ErrorCode.NO_PERMISSION: Wording("{name}", "you may not read it", "Change its permissions"),
    ErrorCode.FILE_EMPTY: Wording("{name}", "the file is empty", "Save or copy the picture again"),
    ErrorCode.FILE_TOO_LARGE: Wording("{name}", "it is larger than {limit_megabytes} MB", "Give a smaller file"),
    ErrorCode.FILE_UNREADABLE: Wording("{name}", "it could not be read{said}", "Check the disk or the network"),
    ErrorCode.NOT_TEXT: Wording("{name}", "it is not UTF-8 text", "Give the model's answer as it was saved"),
    ErrorCode.NOT_A_PICTURE: Wording(
        "{name}",
        "it is no picture and no PDF that can be read",
        "Give a PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC, AVIF or PDF file",
    ),
    ErrorCode.PICTURE_TOO_LARGE: Wording(
        "{name}",
        "{width} x {height} pixels are too many; at most {limit_megapixels} megapixels are taken,"
        " fewer where memory is short",
        "Scale it down first, or allow more in the settings",
    ),
    ErrorCode.PICTURE_UNSUPPORTED: Wording(
        "{name}", "the kind of picture in it cannot be read", "Save it as a PNG, with 8 bits for each colour"
    ),
    ErrorCode.PICTURE_DAMAGED: Wording("{name}", "the picture in it is damaged", "Save or copy the picture again"),
    ErrorCode.PICTURE_CHANGED: Wording("{name}", "the file changed while it was read", "Try again"),
    ErrorCode.PICTURE_SHAPE: Wording(
        "{name}",
        "{width} x {height} pixels are too long and narrow for the embedded engine",
        "Cut the picture into parts",
    ),
    ErrorCode.PASSWORD_NEEDED: Wording(
        "{name}", "it is encrypted and opens only with a password", "Give it with --password-file FILE"
    ),
    ErrorCode.PASSWORD_WRONG: Wording(
        "{name}", "the password that was given does not open it", "Check it, and the file that it was read from"
    ),
    ErrorCode.PDF_DAMAGED: Wording("{name}", "the PDF is damaged", "Save or download it again"),
    ErrorCode.NO_PAGES: Wording("{name}", "it has no pages", "Save or export it again"),
    ErrorCode.FOLDER_EMPTY: Wording(
        "{name}",
        "nothing in this folder is a picture or a PDF",
        "Give another one, or add --subfolders for those in it",
    ),
    ErrorCode.DOWNLOAD_FAILED: Wording(
        "{name}", "the download from {host} failed ({reason})", "Check the link and the network"
    ),
    ErrorCode.DOWNLOAD_TOO_LARGE: Wording(
        "{name}", "what the link to {host} leads to is larger than {limit_megabytes} MB", "Give a smaller file"
    ),
    ErrorCode.CAPTURE_CANCELLED: Wording("screen", "the capture was cancelled", "Start it again"),
    ErrorCode.CAPTURE_DENIED: Wording(
        "screen",
        "the desktop does not allow this program to take pictures of it",
        "Allow it in the desktop's settings for privacy or permissions",
    ),
    ErrorCode.CAPTURE_SILENT: Wording(
        "screen",
        "the desktop was asked for a picture and did not answer",
        "Look whether a question of it lies behind other windows, and try again",
    ),
    ErrorCode.CAPTURE_UNAVAILABLE: Wording(
        "screen",
        "nothing on this desktop gives out pictures of it{said}",
        "Take a screenshot with the desktop's own tool, and give the file to `ocr-desktop read`",
    ),
    ErrorCode.CAPTURE_BLANK: Wording(
        "screen", "the picture that came is blank", "See that the screen is on and not locked, and try again"
    ),
    ErrorCode.SCREEN_MISSING: Wording(
        "screen {number}", "there is no such screen, the last one is screen {count}", "Give another one with --screen"
    ),
    ErrorCode.REGION_OUTSIDE: Wording(
        "region {region}", "it lies on no screen; they are {screens}", "Give another one with --region"
    ),
    ErrorCode.CAPTURE_BUSY: Wording(
        "screen", "something is being selected on it for another capture", "Select it, or cancel that with Esc, first"
    ),
    ErrorCode.NO_SPACE: Wording(
        "temporary folder", "it has no room for the picture", "Free some space there, or set TMPDIR to another folder"
    ),
    ErrorCode.OUTPUT_UNWRITABLE: Wording(
        "{name}", "it cannot be written ({reason})", "Choose another place with --output"
    ),
    ErrorCode.KEY_MISSING: Wording(
        "{engine}", "it needs a key and {no_key}", "Set the environment variable {variable}{keys}"
    ),
    ErrorCode.KEY_UNUSABLE: Wording(
        "{engine}",
        "what stands there as its key has letters that no key has, so nothing was sent",
        "Copy the key again; it comes from {variable_else}the keyring",
    ),
    ErrorCode.KEY_REFUSED: Wording(
        "{host}", "the key was refused{said}", "Check the key; it comes from {variable_else}the keyring"
    ),
    ErrorCode.HOST_UNREACHABLE: Wording(
        "{host}", "it cannot be reached{said}", "Check the address and the network, and that the server is running"
    ),
    ErrorCode.HOST_UNKNOWN: Wording(
        "{host}", "no computer of this name is known", "Check the address, and that this computer is online"
    ),
    ErrorCode.HOST_UNTRUSTED: Wording(
        "{host}",
        "its certificate does not show that it is this host{said}, so nothing was sent",
        "Check the address and this computer's clock; the network may be reading along",
    ),
    ErrorCode.HOST_SILENT: Wording("{host}", "nothing came for {seconds} s", "Try again, or allow more with --timeout"),
    ErrorCode.HOST_INSECURE: Wording(
        "{host}",
        "plain http:// would show the picture and the key to others on the way",
        "Use an https:// address, or allow it in the profile (http_allowed) of a server in a network that you trust",
    ),
    ErrorCode.HOST_REDIRECTS: Wording(
        "{host}", "it redirects to {to}; the picture goes only to the address that was given", "Check the address"
    ),
    ErrorCode.OFFLINE: Wording(
        "{host}",
        "no request is sent while the program is offline (--offline, or the setting Stay offline)",
        "Use --engine embedded",
    ),
    ErrorCode.ADDRESS_WRONG: Wording(
        "{host}", "it answers, but not at this address{said}", "Check --base-url; most addresses end in /v1"
    ),
    ErrorCode.MODEL_MISSING: Wording(
        "{host}", "it has no model {model} at this address{said}", "Check --model and --base-url"
    ),
    ErrorCode.TOO_MANY_REQUESTS: Wording(
        "{host}", "it takes no more requests for now{patience}{said}", "Try again {later}"
    ),
    ErrorCode.QUOTA_EXCEEDED: Wording("{host}", "the account has nothing left{said}", "Check your account there"),
    ErrorCode.REQUEST_TOO_LARGE: Wording(
        "{host}",
        "the picture is too large for it{said}",
        "Give a smaller picture, or set longest_side or most_bytes in its profile",
    ),
    ErrorCode.REQUEST_REFUSED: Wording("{host}", "the request was refused{said}", "Check the model and the options"),
    ErrorCode.SERVER_FAILED: Wording("{host}", "the server failed{patience}{said}", "Try again {later}"),
    ErrorCode.ANSWER_UNREADABLE: Wording(
        "{host}",
        "its answer cannot be understood{said}",
        "Check that the address is that of an OpenAI-compatible server, and that the network wants no login first",
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
    WarningCode.STRUCTURE_UNKNOWN: "something in the program failed; the lines are as they were found",
    WarningCode.EMPTY_ANSWER: "no text was found",
    WarningCode.NOT_AS_WANTED: "nothing of the kind that was wanted was found; this is all that was read, as Markdown",
    WarningCode.FIELDS_LEFT_OUT: (
        "the server refuses fields that its profile adds (extra_body), so they were left out; the answer may lack what "
        "they are for"
    ),
    WarningCode.FIRST_FRAME_ONLY: "the picture moves; only its first frame was read",
    WarningCode.NO_BOXES: (
        "the words came without boxes; the server may drop the model's special tokens, "
        "so let it keep them (skip_special_tokens false)"
    ),
    WarningCode.TABLES_FUSED: (
        "the server drops the marks between table cells, so their words run together; "
        "let it keep special tokens (skip_special_tokens false), or use another engine for tables"
    ),
    WarningCode.PICTURE_TRUNCATED: "the picture breaks off; what is there was read",
    WarningCode.TEXT_CUT: "the page holds more text of its own than is taken; the end of it is missing",
}

DENSE = (
    "the page is denser than the model reads well: its makers give 97 % right up to 10 tokens of text for one of the "
    "picture, about 60 % at 20; read it in parts"
)
PROMPT_FAULTS: dict[PromptFault, str] = {
    PromptFault.ID: "its id is no word of small letters, digits and hyphens, or is a preset's",
    PromptFault.ID_TWICE: "another one has its id",
    PromptFault.TITLE: "its title is not one line of 1 to 100 characters",
    PromptFault.PROMPT_EMPTY: "it holds no text",
    PromptFault.PROMPT_TOO_LONG: "its text is longer than 20,000 characters",
    PromptFault.PROMPT_CHARACTERS: "its text holds control characters",
    PromptFault.PRESET: "it names no preset",
}

INCOMPLETE: dict[Finish, Wording] = {
    Finish.CUT: Wording(
        "{name}", "the answer was cut off", "Read the picture again with a larger --max-tokens, or in parts"
    ),
    Finish.LOOP: Wording("{name}", "the model repeated itself and was stopped", "Read a part of the picture"),
    Finish.TIMEOUT: Wording("{name}", "the answer stopped coming", "Read it again, or allow more with --timeout"),
    Finish.ERROR: Wording("{name}", "the answer broke off", "Read it again"),
}

HINT_IS_OF_NO_ANSWER = frozenset({ErrorCode.ANSWER_UNREADABLE, ErrorCode.REQUEST_REFUSED})
"""After the first words, the address, the model and the options are known to be right."""


def worded(wording: Wording, fields: dict[str, Field]) -> tuple[str, str]:
    """The message and the hint, filled; of a field that is not there nothing is left but its fallback."""
    values = defaultdict(str, FALLBACKS | {name: _shown(value) for name, value in fields.items()})
    values["said"] = _said(values)
    wished_s = fields.get("retry_after_s")
    if isinstance(wished_s, int | float) and wished_s >= DAY_S:
        values.update(patience=" and asks for a day of patience or more", later="in a day or more")
    elif isinstance(wished_s, int | float) and wished_s >= 1:
        values.update(patience=f" and asks for {wished_s:.0f} s of patience", later=f"in {wished_s:.0f} s")
    if fields.get("to") and fields["to"] == fields.get("host"):
        values["to"] = "another address of its own"
    if fields.get("keyring"):
        values["no_key"] = KEYRING_CLOSED
    if fields.get("variable"):
        values["variable_else"] = f"{values['variable']}, else from "
    if fields.get("key_page"):
        values["keys"] = f"; keys are given out at {values['key_page']}"
    what = wording.what.format_map(values)
    return f"{what}: {wording.why.format_map(values)}", wording.hint.format_map(values)


def exit_code_of(error: OcrDesktopError) -> int:
    """What the program ends with where this is all that came."""
    return EXIT_INTERRUPTED if error.code is ErrorCode.CAPTURE_CANCELLED else EXIT_CODES[type(error)]


def incomplete_text(finish: Finish, name: str, more_tokens: int | None = None) -> tuple[str, str]:
    """The message and the hint of an answer that is not whole; `more_tokens` is what could still be asked for."""
    message, hint = worded(INCOMPLETE[finish], {"name": name})
    if finish is Finish.CUT and more_tokens is not None:
        hint = f"Read it again with --max-tokens {more_tokens}"
    return message, hint


def broken_off_text(error: OcrDesktopError, name: str) -> tuple[str, str]:
    """The message and the hint of an error after the first words, which are kept."""
    message, hint = error_text(error, name=name)
    if error.code in HINT_IS_OF_NO_ANSWER:
        hint = INCOMPLETE[Finish.ERROR].hint
    return f"{message}; what came before is kept", hint


def set_aside_text(path: Path) -> str:
    """That a file of the user's own could not be read, and where it is now."""
    return f"{path.name.partition(SET_ASIDE_SUFFIX)[0]} could not be read and was set aside as {path}"


def settings_trouble_text(settings_file: SettingsFile) -> str:
    """That the settings could not be read, and what follows from it; empty where they could."""
    told = "" if settings_file.set_aside is None else set_aside_text(settings_file.set_aside)
    if settings_file.is_lock_assumed:
        return f"{told or 'the settings could not be read'}; Stay offline may have been on, so it is"
    return told


def error_text(error: OcrDesktopError, **known: Field) -> tuple[str, str]:
    """An error's message and hint; `known` is what the caller knows and the error may not, such as a name."""
    given = (*known.items(), *error.fields.items())
    fields = {name: value for name, value in given if value != ""}
    if error.code is ErrorCode.PROFILE_INCOMPLETE and "message" in fields:
        return worded(UNUSABLE_PROFILE, fields)
    return worded(ERRORS[error.code], fields)


def input_error_text(error: OcrDesktopError, name: str) -> tuple[str, str]:
    """An error's message and hint; where it is about the input that is read, this is how that is called."""
    fields = error.fields | {"name": name} if isinstance(error, InputError) else error.fields
    return error_text(type(error)(error.code, **fields), name=name)


def named(name: str, message: str, hint: str, *, is_clear: bool) -> tuple[str, str]:
    """A message and its hint, so that it says what it is about, unless that `is_clear`."""
    return (message if is_clear or message.startswith(name) else f"{name}: {message}"), hint


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
