"""How far one capture has come, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.core.capture_results import CaptureResult
from ocr_desktop.core.document import Finish, WarningCode

if TYPE_CHECKING:
    from ocr_desktop.core.capture_text import Captured
    from ocr_desktop.core.document import Document
    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.core.markdown_style import MarkdownStyle

MARKDOWN = "md"


class Standing(Enum):
    """How far a reading has come."""

    UNDER_WAY = auto()
    """It is read, or somebody is asked whether it may be."""
    FAILED = auto()
    NOT_COPIED = auto()
    """The note alone has what came: something else is on the clipboard, or what was there before is there again."""
    SETTLED = auto()
    """What came is on the clipboard, or is not to be; or nothing came."""


@dataclass(frozen=True, slots=True)
class CaptureEnd:
    """What came of a capture.

    Attributes:
        document: Of one page, with its run; None where nothing came.
        captured: What is copied of it.
        error: Why nothing came, or why the answer broke off.
        is_cancelled: The user gave up.
    """

    document: Document | None = None
    captured: Captured | None = None
    error: OcrDesktopError | None = None
    is_cancelled: bool = False

    @property
    def finish(self) -> Finish | None:
        if self.is_cancelled:
            return Finish.CANCELLED
        return None if self.document is None else self.document.pages[0].runs[0].finish

    def result(self, format_id: str, style: MarkdownStyle) -> CaptureResult:
        """As it is printed; Markdown gives way to the form that was chosen for this capture."""
        if self.document is None or self.captured is None:
            return CaptureResult("", self.finish, self.error)
        from ocr_desktop.core.exports import document_text

        if format_id == MARKDOWN and self.captured.kind is not CaptureKind.MARKDOWN:
            text = f"{self.captured.plain}\n" if self.captured.plain else ""
        else:
            text = document_text(self.document, format_id, style)
        warnings = self.document.pages[0].runs[0].warnings
        if self.captured.wanted not in (None, self.captured.kind):
            warnings = (*warnings, WarningCode.NOT_AS_WANTED)
        return CaptureResult(text, self.finish, self.error, warnings)


CANCELLED = CaptureEnd(is_cancelled=True)
