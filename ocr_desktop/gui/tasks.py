"""Asynchronous work started by a click: kept alive until it ends, and never failing in silence."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

logger = logging.getLogger(__name__)


class Tasks:
    """Runs coroutines on the window's event loop.

    An exception that a coroutine lets out is a bug: it goes to the log with its traceback, and `on_bug` is told.
    """

    def __init__(self, on_bug: Callable[[BaseException], None]) -> None:
        self._on_bug = on_bug
        self._running: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start it; after `close` nothing is started any more."""
        if self._is_closed:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._end)

    async def close(self) -> None:
        """Cancel what still runs and wait for it."""
        self._is_closed = True
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            logger.error("a task failed", exc_info=error)
            self._on_bug(error)


async def show(dialog: QDialog) -> int:
    """Open a dialog and wait for its end without a loop inside the loop; the result is a `QDialog.DialogCode`.

    The dialog is deleted afterwards, also when the waiting task is cancelled.
    """
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(end)
    dialog.open()
    try:
        return await closed
    finally:
        dialog.hide()
        dialog.deleteLater()
