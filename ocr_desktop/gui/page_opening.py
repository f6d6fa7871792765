"""Opening one page at a time: who holds a key to page through a thousand wants the last of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument

GIVES_WAY_S = 1.0
"""A page that takes longer to open, as from a disk that hangs, gives way to the one that is wanted now."""


class PageOpening:
    """Opens the page that was wanted last; those that were wanted before and not begun are passed by."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._wanted: Entry | None = None
        self._opening: Entry | None = None
        self._running: asyncio.Task[OpenedDocument] | None = None

    async def open(self, entry: Entry) -> OpenedDocument | None:
        """A page's pixels, which are the caller's to give back; None where another was wanted meanwhile.

        Raises:
            InputError: The page cannot be opened; says why.
        """
        self._wanted = entry
        while self._running is not None and not self._running.done():
            await asyncio.wait([self._running], timeout=GIVES_WAY_S)
            if self._wanted is not entry:
                return None
            if self._opening is not entry:
                self._running.cancel()
        self._opening = entry
        self._running = running = asyncio.ensure_future(self._context.intake.open_page(entry.place, entry.name))
        try:
            return await running
        except asyncio.CancelledError:
            if self._wanted is entry:
                raise
            return None
