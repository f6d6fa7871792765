"""The clipboard of a capture: written only where nothing else came there meanwhile, and given back on request."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from ocr_desktop.gui.capture.clipboard_saving import PATIENCE_MS, ClipboardSaving, content_of
from ocr_desktop.gui.output.clipboard import markdown_mime, text_mime

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from ocr_desktop.core.capture_text import Captured


class _Holding(Enum):
    """What of this capture the clipboard holds."""

    NOTHING = auto()
    CAPTURE = auto()
    WHAT_WAS_BEFORE = auto()


class ClipboardWriter(QObject):
    """Writes one capture to the clipboard; the selection that X11 pastes with the middle button is left alone.

    It tells changes by their signal. Where that comes only while a window has the focus, and also for what is there
    already (Wayland), contents are compared.

    Signals:
        saved(): What lay on the clipboard before is saved, as far as it can be.
        taken(): Somebody has put something else on the clipboard; what this wrote is gone from there.
    """

    saved = Signal()
    taken = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        platform: str = "",
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        """Look at the clipboard, and begin to save what lies there: a capture begins.

        Args:
            parent: As for every object of Qt.
            platform: Qt's name for the window system, where it is not that of the running program.
            patience_ms: How long the program that owns the clipboard has to give out what is there.
        """
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._needs_focus = (platform or QGuiApplication.platformName()).startswith("wayland")
        self._patience_ms = patience_ms
        self._has_changed = False
        self._is_writing = False
        self._holding = _Holding.NOTHING
        self._looks = self._content() if self._needs_focus else ()
        self._saving = self._save()
        self._clipboard.dataChanged.connect(self._hear_change)

    @property
    def needs_focus(self) -> bool:
        """Whether a window of this program must have the focus before anything can be written."""
        return self._needs_focus

    @property
    def is_saving(self) -> bool:
        """Whether what lies on the clipboard is still being saved; writing now loses what has not come."""
        return self._saving.is_running

    @property
    def has_changed(self) -> bool:
        """Whether somebody has put something else on the clipboard since the capture began, or since it was written."""
        return self._has_changed

    @property
    def is_ours(self) -> bool:
        """Whether the clipboard holds what this writer put there: then its process must live, on X11."""
        return self._holding is not _Holding.NOTHING

    @property
    def can_undo(self) -> bool:
        return self._holding is _Holding.CAPTURE and self._saving.can_be_given_back

    @property
    def lost_flavours(self) -> tuple[str, ...]:
        """The media types that `undo` cannot give back."""
        return self._saving.lost

    def write(self, captured: Captured, *, anyway: bool = False) -> bool:
        """Put a capture on the clipboard; whether it is there now.

        It is not where no text came, where the window system refuses it, and where something else came to the clipboard
        meanwhile. What that is begins to be saved then, so that it too can be given back.

        Args:
            captured: What is copied.
            anyway: Somebody said so, whatever is there.
        """
        if captured.is_empty:
            return False
        if self._has_changed and not anyway:
            self._saving.stop()
            self._saving = self._save()
            return False
        self._saving.stop()
        if captured.html_source is None:
            mime = text_mime(captured.plain)
        else:
            mime = markdown_mime(captured.plain, usual=captured.html_source)
        if not self._put(mime):
            return False
        self._has_changed = False
        self._holding = _Holding.CAPTURE
        return True

    def undo(self) -> bool:
        """Give back what lay on the clipboard before; whether it is there again."""
        if not self.can_undo or not self._put(self._saving.mime()):
            return False
        self._holding = _Holding.WHAT_WAS_BEFORE if content_of(self._clipboard).formats() else _Holding.NOTHING
        return True

    def close(self) -> None:
        """Stop what still runs; the clipboard stays as it is."""
        self._saving.stop()

    def _save(self) -> ClipboardSaving:
        saving = ClipboardSaving(self._clipboard, self, patience_ms=self._patience_ms)
        saving.finished.connect(self.saved)
        return saving

    def _put(self, mime: QMimeData | None) -> bool:
        self._is_writing = True
        try:
            if mime is None:
                self._clipboard.clear()
            else:
                self._clipboard.setMimeData(mime)
        finally:
            self._is_writing = False
        if self._needs_focus:
            self._looks = self._content()
        return not self._needs_focus or mime is None or self._clipboard.ownsClipboard()

    def _hear_change(self) -> None:
        if self._is_writing or (self._needs_focus and self._content() == self._looks):
            return
        self._has_changed = True
        self._holding = _Holding.NOTHING
        self.taken.emit()

    def _content(self) -> tuple[object, ...]:
        mime = content_of(self._clipboard)
        return (*mime.formats(), mime.text())
