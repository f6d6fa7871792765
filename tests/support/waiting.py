"""Waiting for what a window will show, by its signals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

PATIENCE_S = 40.0
"""Longer than anything takes on a busy machine: only a test that fails waits so long."""


async def until(condition: Callable[[], object], *signals: Any) -> None:
    """Wait until a condition holds; it is looked at now, and again whenever one of the signals came.

    What listens to the signals by then has heard them when the condition is looked at.
    """
    changed = asyncio.Event()

    def note(*_: object) -> None:
        changed.set()

    for signal in signals:
        signal.connect(note)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                await changed.wait()
                changed.clear()
    finally:
        for signal in signals:
            signal.disconnect(note)


class Watch(QObject):
    """Tells that a widget came, went or was laid out anew, where it has no signal of its own."""

    changed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest):
            self.changed.emit()
        return super().eventFilter(watched, event)
