"""Ctrl+C: ends what is waited for, so that what came before is still written."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ocr_desktop.services.recognition import RecognitionJob

Result = TypeVar("Result")


class InterruptedReadingError(Exception):
    """Ctrl+C came while something was waited for of which nothing is to be kept."""


class Interruption:
    """The one Ctrl+C of a command: the first is obeyed here, a second one ends the program."""

    def __init__(self) -> None:
        self.is_requested = False
        self.job: RecognitionJob | None = None
        self._waiting: asyncio.Future[Any] | None = None

    def request(self) -> None:
        """End the job or the waiting that goes on."""
        self.is_requested = True
        if self.job is not None:
            self.job.stop()
        elif self._waiting is not None:
            self._waiting.cancel()

    async def wait_for(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Its result.

        Raises:
            InterruptedReadingError: Ctrl+C came before it had one.
        """
        self._waiting = task = asyncio.ensure_future(coroutine)
        if self.is_requested:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            if self.is_requested:
                raise InterruptedReadingError from None
            raise
        finally:
            self._waiting = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Obey Ctrl+C meanwhile."""
        loop = asyncio.get_running_loop()

        def first() -> None:
            loop.remove_signal_handler(signal.SIGINT)
            self.request()

        loop.add_signal_handler(signal.SIGINT, first)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)
