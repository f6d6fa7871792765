"""Making an engine ready to be asked, which may take as long as a locked keyring asks for a password."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ocr_desktop.engines.base import Engine

PATIENCE_S = 0.5
"""A keyring that is open answers sooner; one that is locked asks for its password."""


class Preparation(QObject):
    """Waits for one engine at a time.

    Signals:
        changed(): It has begun to wait, or waits no more.
        took_long(): The engine's key is looked for, and the keyring takes its time.
    """

    changed = Signal()
    took_long = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: asyncio.Future[Engine] | None = None
        self._is_given_up = False

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def give_up(self) -> None:
        if self._running is not None:
            self._is_given_up = True
            self._running.cancel()

    async def wait_for(self, making: Coroutine[None, None, Engine], *, has_key: bool) -> Engine | None:
        """The engine; None where it was given up. `has_key`: its key is looked for.

        Raises:
            OcrDesktopError: It cannot be had; says why.
        """
        self._is_given_up = False
        self._running = asyncio.ensure_future(making)
        patience = asyncio.get_running_loop().call_later(PATIENCE_S, self._tell_of_keyring, has_key)
        self.changed.emit()
        try:
            return await self._running
        except asyncio.CancelledError:
            if not self._is_given_up:
                raise
            return None
        finally:
            patience.cancel()
            self._running = None
            self.changed.emit()

    def _tell_of_keyring(self, has_key: bool) -> None:
        if has_key:
            self.took_long.emit()
