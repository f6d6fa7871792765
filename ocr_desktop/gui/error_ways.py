"""Which buttons help with which error: data, so that no code decides what is offered."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.errors import ErrorCode


class Way(StrEnum):
    """A way on from an error; none is ever taken by itself."""

    ENTER_KEY = "enter_key"
    """A field for the key, in the bar."""
    READ_HERE = "read_here"
    TRY_AGAIN = "try_again"
    CHANGE_KEY = "change_key"
    TEST_CONNECTION = "test_connection"
    SETTINGS = "settings"
    GO_ONLINE = "go_online"
    COPY_DETAILS = "copy_details"


_FILE_MAY_CHANGE = (Way.TRY_AGAIN,)
_NOTHING_HELPS = (Way.COPY_DETAILS,)
_WORKER = (Way.TRY_AGAIN, Way.COPY_DETAILS)
_PASSES = (Way.READ_HERE, Way.TRY_AGAIN, Way.COPY_DETAILS)
_CONNECTION = (Way.READ_HERE, Way.TRY_AGAIN, Way.TEST_CONNECTION, Way.COPY_DETAILS)
_SET_UP = (Way.READ_HERE, Way.SETTINGS, Way.COPY_DETAILS)

WAYS: dict[ErrorCode, tuple[Way, ...]] = {
    ErrorCode.UNKNOWN_ENGINE: (Way.READ_HERE, Way.COPY_DETAILS),
    # What the user has only to do otherwise is no fault that anybody would report.
    ErrorCode.NOTHING_TO_LOCATE: (),
    ErrorCode.PRESET_UNSUPPORTED: (),
    ErrorCode.OUTPUT_NEEDS_FOLDER: (),
    ErrorCode.PROFILE_INCOMPLETE: _SET_UP,
    ErrorCode.FILE_MISSING: _FILE_MAY_CHANGE,
    ErrorCode.BROKEN_LINK: _FILE_MAY_CHANGE,
    ErrorCode.NOT_A_FILE: _FILE_MAY_CHANGE,
    ErrorCode.NO_PERMISSION: _FILE_MAY_CHANGE,
    ErrorCode.FILE_EMPTY: _FILE_MAY_CHANGE,
    ErrorCode.FILE_TOO_LARGE: _NOTHING_HELPS,
    ErrorCode.FILE_UNREADABLE: _WORKER,
    ErrorCode.NOT_TEXT: _NOTHING_HELPS,
    ErrorCode.NOT_A_PICTURE: _NOTHING_HELPS,
    ErrorCode.PICTURE_TOO_LARGE: _NOTHING_HELPS,
    ErrorCode.PICTURE_UNSUPPORTED: _NOTHING_HELPS,
    ErrorCode.PICTURE_DAMAGED: _WORKER,
    ErrorCode.PICTURE_CHANGED: _FILE_MAY_CHANGE,
    ErrorCode.PICTURE_SHAPE: _NOTHING_HELPS,
    # A field in the bar asks for it.
    ErrorCode.PASSWORD_NEEDED: (),
    ErrorCode.PASSWORD_WRONG: (),
    ErrorCode.PDF_DAMAGED: _WORKER,
    ErrorCode.NO_PAGES: _NOTHING_HELPS,
    ErrorCode.PAGES_MISSING: _FILE_MAY_CHANGE,
    ErrorCode.FOLDER_EMPTY: (),
    ErrorCode.DOWNLOAD_NOT_ASKED: (),
    ErrorCode.DOWNLOAD_FAILED: _WORKER,
    ErrorCode.DOWNLOAD_TOO_LARGE: _NOTHING_HELPS,
    ErrorCode.CAPTURE_CANCELLED: (),
    ErrorCode.CAPTURE_DENIED: _WORKER,
    ErrorCode.CAPTURE_SILENT: _WORKER,
    ErrorCode.CAPTURE_UNAVAILABLE: _NOTHING_HELPS,
    ErrorCode.CAPTURE_BLANK: _WORKER,
    ErrorCode.SCREEN_MISSING: (),
    ErrorCode.REGION_OUTSIDE: (),
    ErrorCode.CAPTURE_BUSY: (),
    ErrorCode.NO_SPACE: _WORKER,
    ErrorCode.OUTPUT_UNWRITABLE: _NOTHING_HELPS,
    ErrorCode.KEY_MISSING: (Way.ENTER_KEY, Way.READ_HERE, Way.COPY_DETAILS),
    ErrorCode.KEY_UNUSABLE: (Way.READ_HERE, Way.TRY_AGAIN, Way.CHANGE_KEY, Way.COPY_DETAILS),
    ErrorCode.KEY_REFUSED: (Way.READ_HERE, Way.TRY_AGAIN, Way.CHANGE_KEY, Way.COPY_DETAILS),
    ErrorCode.HOST_UNREACHABLE: _CONNECTION,
    ErrorCode.HOST_UNKNOWN: _CONNECTION,
    ErrorCode.HOST_UNTRUSTED: _CONNECTION,
    ErrorCode.HOST_SILENT: _CONNECTION,
    ErrorCode.HOST_INSECURE: _SET_UP,
    ErrorCode.HOST_REDIRECTS: (Way.READ_HERE, Way.TRY_AGAIN, Way.SETTINGS, Way.COPY_DETAILS),
    ErrorCode.OFFLINE: (Way.READ_HERE, Way.GO_ONLINE),
    ErrorCode.ADDRESS_WRONG: _CONNECTION,
    ErrorCode.MODEL_MISSING: _CONNECTION,
    ErrorCode.TOO_MANY_REQUESTS: _PASSES,
    ErrorCode.QUOTA_EXCEEDED: (Way.READ_HERE, Way.TRY_AGAIN, Way.CHANGE_KEY, Way.COPY_DETAILS),
    ErrorCode.REQUEST_TOO_LARGE: _SET_UP,
    ErrorCode.REQUEST_REFUSED: _CONNECTION,
    ErrorCode.SERVER_FAILED: _CONNECTION,
    ErrorCode.ANSWER_UNREADABLE: _CONNECTION,
    ErrorCode.CONNECTION_LOST: _PASSES,
    ErrorCode.WEIGHTS_MISSING: _NOTHING_HELPS,
    ErrorCode.WORKER_CRASHED: _WORKER,
    ErrorCode.WORKER_SILENT: _WORKER,
}
"""The buttons of each error, in their order; a face leaves out what cannot be done where the error occurred."""


def way_text(way: Way) -> str:
    """The words on a way's button."""
    translate = QCoreApplication.translate
    return {
        Way.ENTER_KEY: translate("Ways", "Use key"),
        Way.READ_HERE: translate("Ways", "Read on this computer"),
        Way.TRY_AGAIN: translate("Ways", "Try again"),
        Way.CHANGE_KEY: translate("Ways", "Change key…"),
        Way.TEST_CONNECTION: translate("Ways", "Test connection…"),
        Way.SETTINGS: translate("Ways", "Settings…"),
        Way.GO_ONLINE: translate("Ways", "Switch off “Stay offline”"),
        Way.COPY_DETAILS: translate("Ways", "Copy details"),
    }[way]
