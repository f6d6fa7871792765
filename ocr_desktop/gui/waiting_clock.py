"""The words of a request that is waited for, anew each second."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Sent, Waiting
from ocr_desktop.gui.byte_text import byte_text

STEP_MS = 1000


class WaitingClock(QObject):
    """Counts up while the first words of an answer are waited for, and down to the next request after a failed one.

    Signals:
        changed(): `text` is another; empty once nothing is waited for.
    """

    changed = Signal()

    def __init__(
        self, parent: QObject | None = None, *, now: Callable[[], float] = time.monotonic, step_ms: int = STEP_MS
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._since = 0.0
        self._event: Sent | Waiting | None = None
        self._timer = QTimer(self)
        # A coarse one would leave out a second now and then.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(step_ms)
        self._timer.timeout.connect(self.changed)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    @property
    def text(self) -> str:
        """What is waited for and for how long; empty where nothing is."""
        if self._event is None:
            return ""
        passed = max(self._now() - self._since, 0.0)
        if isinstance(self._event, Sent):
            text = self.tr("Sent %1 · waiting for the first words · %2 s")
            return text.replace("%1", byte_text(self._event.picture_bytes)).replace("%2", str(round(passed)))
        left = max(round(self._event.seconds - passed), 0)
        text = self.tr("%1; again in %2 s · “Stop” ends it")
        return text.replace("%2", str(left)).replace("%1", _reason(self._event.why))

    def start(self, event: Sent | Waiting) -> None:
        """Begin to count for what an engine does now."""
        self._event = event
        self._since = self._now()
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Nothing is waited for any more."""
        if self._event is not None:
            self._event = None
            self._timer.stop()
            self.changed.emit()


def _reason(why: str) -> str:
    """What was wrong with the request before, by its error code's value."""
    translate = QCoreApplication.translate
    reasons: dict[str, str] = {
        ErrorCode.TOO_MANY_REQUESTS: translate("WaitingClock", "The server is busy (429)"),
        ErrorCode.SERVER_FAILED: translate("WaitingClock", "The server failed"),
        ErrorCode.HOST_SILENT: translate("WaitingClock", "The server sent nothing"),
        ErrorCode.HOST_UNREACHABLE: translate("WaitingClock", "The server cannot be reached"),
        ErrorCode.HOST_UNKNOWN: translate("WaitingClock", "The server was not found"),
        ErrorCode.CONNECTION_LOST: translate("WaitingClock", "The connection broke off"),
        ErrorCode.ANSWER_UNREADABLE: translate("WaitingClock", "The answer could not be understood"),
    }
    return reasons.get(why, translate("WaitingClock", "The server did not answer as it should"))
