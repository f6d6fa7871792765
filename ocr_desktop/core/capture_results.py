"""What a capture from the screen came to, as the command line prints it; also where another process captured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, OutputError, UsageError

ERRORS = {kind.__name__: kind for kind in (UsageError, InputError, OutputError, EngineError)}


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """The end of one capture.

    Attributes:
        text: In the format that was asked for; empty where nothing came.
        finish: How the answer ended; None where there was none. CANCELLED where the user gave up, before or after.
        error: Why nothing came, or why the answer broke off.
        warnings: What a reader of the result should know of it.
    """

    text: str = ""
    finish: Finish | None = None
    error: OcrDesktopError | None = None
    warnings: tuple[WarningCode, ...] = ()

    def to_values(self) -> dict[str, Any]:
        """As JSON values."""
        error = self.error
        return {
            "text": self.text,
            "finish": self.finish,
            "error": None
            if error is None
            else {"kind": type(error).__name__, "code": error.code, "fields": error.fields},
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> CaptureResult | None:
        """What another process sent; None where that cannot be one."""
        text, finish, error = values.get("text"), values.get("finish"), values.get("error")
        if not isinstance(text, str) or (finish is not None and finish not in list(Finish)):
            return None
        found = None if error is None else _error_of(error)
        if error is not None and found is None:
            return None
        told = values.get("warnings")
        warnings = tuple(WarningCode(each) for each in told if each in list(WarningCode)) if type(told) is list else ()
        return cls(text, None if finish is None else Finish(finish), found, warnings)


def _error_of(values: Any) -> OcrDesktopError | None:
    if not isinstance(values, dict):
        return None
    kind, code, fields = values.get("kind"), values.get("code"), values.get("fields")
    if not isinstance(kind, str) or kind not in ERRORS or code not in list(ErrorCode) or not isinstance(fields, dict):
        return None
    known = {
        name: value
        for name, value in fields.items()
        if isinstance(value, str | int | float) and name not in ("self", "code")
    }
    return ERRORS[kind](ErrorCode(code), **known)
