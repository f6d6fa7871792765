"""The file that an endpoint gets of a picture: made once, for its size to be told before and to be sent."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import View
    from ocr_desktop.engines.base import PictureLimits
    from ocr_desktop.worker.client import EncodedPicture, PicturesClient
    from ocr_desktop.worker.pixels import Pixels

    Wanted = tuple[Pixels, View, PictureLimits]

MOST_KEPT = 4
MOST_KEPT_BYTES = 64 << 20
log = logging.getLogger(__name__)


class Outgoing:
    """Encodes what a view shows within the limits of an endpoint, and keeps the last few files.

    Who asks while the same file is being made waits for that one. Giving up waiting does not stop it: it takes less
    than a second, and stopping it could cost the worker.
    """

    def __init__(self, pictures: PicturesClient) -> None:
        self._pictures = pictures
        self._kept: OrderedDict[Wanted, EncodedPicture] = OrderedDict()
        self._running: dict[Wanted, asyncio.Task[EncodedPicture]] = {}

    async def encode(self, pixels: Pixels, view: View, limits: PictureLimits) -> EncodedPicture:
        """The file that is sent; raises as `PicturesClient.encode`."""
        # The number of a reservation is never used again, so these pixels are always the same picture.
        wanted = (pixels, view, limits)
        kept = self._kept.get(wanted)
        if kept is not None:
            self._kept.move_to_end(wanted)
            return kept
        running = self._running.get(wanted)
        if running is None:
            running = self._running[wanted] = asyncio.create_task(self._made(wanted))
            running.add_done_callback(lambda task: self._settle(wanted, task))
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Give up what is being made; who waits for it is cancelled."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._kept.clear()

    async def _made(self, wanted: Wanted) -> EncodedPicture:
        pixels, view, limits = wanted
        return await self._pictures.encode(
            pixels, view, longest_side=limits.longest_side, formats=limits.formats, most_bytes=limits.most_bytes
        )

    def _settle(self, wanted: Wanted, task: asyncio.Task[EncodedPicture]) -> None:
        del self._running[wanted]
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            # Those who wait get it raised; where nobody does any more, nobody is told.
            log.info("a picture was not encoded: %s", error)
            return
        self._kept[wanted] = task.result()
        while len(self._kept) > MOST_KEPT or self._kept_bytes() > MOST_KEPT_BYTES:
            self._kept.popitem(last=False)

    def _kept_bytes(self) -> int:
        return sum(len(picture.data) for picture in self._kept.values())
