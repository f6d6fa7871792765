"""How long an event loop stands still."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heart(QObject):
    """Beats every 5 ms in the event loop, and notes how late.

    Attributes:
        longest: The longest pause between two beats, in seconds.
        longest_at: When it ended, in seconds since `reset`.
        long_pauses: How many were longer than the goal.
    """

    def __init__(self, goal_ms: float) -> None:
        super().__init__()
        self._goal_s = goal_ms / 1000
        self.reset()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def reset(self) -> None:
        self.longest, self.longest_at, self.long_pauses = 0.0, 0.0, 0
        self._begun = self._last = time.perf_counter()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        pause = now - self._last - BEAT_MS / 1000
        self._last = now
        if pause > self.longest:
            self.longest, self.longest_at = pause, now - self._begun
        self.long_pauses += pause > self._goal_s
