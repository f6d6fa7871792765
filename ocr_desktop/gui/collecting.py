"""Python's garbage collection, on the window's own thread alone.

The collector runs in whatever thread allocates. In another than the window's it can destroy a widget while Qt destroys
its parent, which ends the process (seen: about one test run in twenty). And what was loaded at the start lives as long
as the window, so looking through it again and again would only make the window stop.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 200


class WindowThreadCollector(QObject):
    """Collects when Python would have, at the next turn of the window's event loop instead of in any thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._collect_what_is_due)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def leave_out_what_is_there(self) -> None:
        """Take what is loaded by now out of every later collection."""
        gc.collect()
        gc.freeze()

    def _collect_what_is_due(self) -> None:
        due = [
            generation
            for generation, (count, threshold) in enumerate(zip(gc.get_count(), self._thresholds, strict=True))
            if threshold and count > threshold
        ]
        if due:
            gc.collect(due[-1])
