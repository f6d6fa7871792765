"""What can go wrong outside the program, as values without prose.

    OcrDesktopError
    ├── UsageError     the caller asked for something that does not exist          exit 2
    ├── InputError     a picture or file cannot be read                            exit 3
    ├── OutputError    a result cannot be written                                  exit 3
    └── EngineError    the engine refused, failed or cannot be reached             exit 4

An error carries a `code` and the fields its sentence needs. Each face words it in its own table (`cli.messages`,
`gui.messages`). Anything that is not an `OcrDesktopError` is a bug and is told as one.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why something failed; each has a sentence in both faces."""

    # usage
    UNKNOWN_ENGINE = "unknown_engine"
    NOTHING_TO_LOCATE = "nothing_to_locate"
    OUTPUT_NEEDS_FOLDER = "output_needs_folder"
    PROFILE_INCOMPLETE = "profile_incomplete"
    PAGES_MISSING = "pages_missing"
    """Pages were asked for that the file does not have."""
    DOWNLOAD_NOT_ASKED = "download_not_asked"
    """A web link was given, and not that what is behind it may be fetched."""
    # input
    FILE_MISSING = "file_missing"
    BROKEN_LINK = "broken_link"
    """There is a link, and it leads nowhere or in a circle."""
    NOT_A_FILE = "not_a_file"
    NO_PERMISSION = "no_permission"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNREADABLE = "file_unreadable"
    NOT_TEXT = "not_text"
    NOT_A_PICTURE = "not_a_picture"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_UNSUPPORTED = "picture_unsupported"
    """A picture of a known format, in a way of writing it that cannot be read."""
    PICTURE_DAMAGED = "picture_damaged"
    PICTURE_CHANGED = "picture_changed"
    PICTURE_SHAPE = "picture_shape"
    NO_SPACE = "no_space"
    PASSWORD_NEEDED = "password_needed"
    PASSWORD_WRONG = "password_wrong"
    PDF_DAMAGED = "pdf_damaged"
    NO_PAGES = "no_pages"
    FOLDER_EMPTY = "folder_empty"
    """Nothing in it that could be read."""
    DOWNLOAD_FAILED = "download_failed"
    DOWNLOAD_TOO_LARGE = "download_too_large"
    # the screen
    CAPTURE_CANCELLED = "capture_cancelled"
    CAPTURE_DENIED = "capture_denied"
    CAPTURE_SILENT = "capture_silent"
    """The desktop was asked for a picture of the screen and did not answer."""
    CAPTURE_UNAVAILABLE = "capture_unavailable"
    """Nothing on this desktop gives out pictures of the screen."""
    CAPTURE_BLANK = "capture_blank"
    """The picture that came has no pixels, or all of them alike."""
    SCREEN_MISSING = "screen_missing"
    REGION_OUTSIDE = "region_outside"
    """A region of the desktop was named, and no screen shows any of it."""
    CAPTURE_BUSY = "capture_busy"
    """Something else is being selected on the screen."""
    # output
    OUTPUT_UNWRITABLE = "output_unwritable"
    # engine
    PRESET_UNSUPPORTED = "preset_unsupported"
    KEY_MISSING = "key_missing"
    KEY_UNUSABLE = "key_unusable"
    """No request can carry it."""
    KEY_REFUSED = "key_refused"
    HOST_UNREACHABLE = "host_unreachable"
    HOST_UNKNOWN = "host_unknown"
    """No name server knows it."""
    HOST_UNTRUSTED = "host_untrusted"
    """Its certificate does not show that it is the one that was asked for."""
    HOST_SILENT = "host_silent"
    HOST_INSECURE = "host_insecure"
    HOST_REDIRECTS = "host_redirects"
    OFFLINE = "offline"
    ADDRESS_WRONG = "address_wrong"
    """The host answers, but not at this path."""
    MODEL_MISSING = "model_missing"
    TOO_MANY_REQUESTS = "too_many_requests"
    QUOTA_EXCEEDED = "quota_exceeded"
    REQUEST_TOO_LARGE = "request_too_large"
    REQUEST_REFUSED = "request_refused"
    SERVER_FAILED = "server_failed"
    ANSWER_UNREADABLE = "answer_unreadable"
    CONNECTION_LOST = "connection_lost"
    WEIGHTS_MISSING = "weights_missing"
    WORKER_CRASHED = "worker_crashed"
    WORKER_SILENT = "worker_silent"


class OcrDesktopError(Exception):
    """Something outside the program is wrong; the fields fill the sentence that tells it.

    Fields hold names, numbers and a server's own words, never a key and never a picture.
    """

    def __init__(self, code: ErrorCode, **fields: str | int | float) -> None:
        super().__init__(code.value, fields)
        self.code = code
        self.fields = fields


class UsageError(OcrDesktopError):
    """The caller asked for something that does not exist or does not fit together."""


class InputError(OcrDesktopError):
    """A picture or a file cannot be read."""


class OutputError(OcrDesktopError):
    """A result cannot be written."""


class EngineError(OcrDesktopError):
    """The engine refused the request, failed at it, or cannot be reached."""
