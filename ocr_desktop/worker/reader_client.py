"""The program's side of the embedded engine's process."""

from __future__ import annotations

import math
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from ocr_desktop.core.events import CodeFound, LineFound, Progress, ShapesFound
from ocr_desktop.worker.dispatch import Dispatcher, Timing
from ocr_desktop.worker.roles import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.core.geometry import Quad, View
    from ocr_desktop.worker.messages import Frame
    from ocr_desktop.worker.pixels import Pixels, PixelStore

READER_TIMING = Timing()
ReaderEvent: TypeAlias = LineFound | ShapesFound | CodeFound | Progress


class ReaderClient:
    """The embedded engine lives in another process; this is the program's side of it."""

    def __init__(self, store: PixelStore, timing: Timing = READER_TIMING) -> None:
        self._dispatcher = Dispatcher(Role.READER, store, timing, wakes_with=_warm_up)

    @property
    def process_id(self) -> int | None:
        """Of the running process; None where none runs."""
        return self._dispatcher.process_id

    async def warm_up(self) -> None:
        """Load the engine, so that the first read need not. Giving up waiting does not stop it.

        Raises:
            EngineError: WEIGHTS_MISSING, WORKER_CRASHED.
        """
        job = self._dispatcher.submit(_warm_up, may_finish=True)
        async with aclosing(self._dispatcher.findings(job)) as findings:
            async for _ in findings:
                pass

    async def read(
        self, pixels: Pixels, view: View, *, in_background: bool = False
    ) -> AsyncGenerator[ReaderEvent, None]:
        """What is drawn beside text, and codes; then lines as they are recognised, in no reading order.

        All in pixels of what the view shows.

        Closing the generator stops the reading at once. What is read `in_background` waits for all that is not, and is
        stopped when more of that comes.

        Raises:
            InputError: PICTURE_SHAPE.
            EngineError: WEIGHTS_MISSING, WORKER_CRASHED.
            GaveWayError: It was read in the background.
        """
        from ocr_desktop.worker import messages

        job = self._dispatcher.submit(lambda number: messages.Read(number, pixels, view), in_background=in_background)
        async with aclosing(self._dispatcher.findings(job)) as findings:
            async for finding in findings:
                match finding:
                    case messages.Line(_, text, quad, score, edges, stroke) if _is_somewhere(quad):
                        yield LineFound(text, quad, score, edges, stroke)
                    case messages.Shapes(_, rules, pictures, fills):
                        yield ShapesFound(rules, pictures, fills)
                    case messages.Code(_, text, quad, symbology):
                        yield CodeFound(text, quad, symbology)
                    case messages.Advanced(_, done, total):
                        yield Progress(done, total)

    async def close(self) -> None:
        """End the process. What still waits fails."""
        await self._dispatcher.close()


def _warm_up(number: int) -> Frame:
    from ocr_desktop.worker import messages

    return messages.WarmUp(number)


def _is_somewhere(quad: Quad) -> bool:
    return all(math.isfinite(coordinate) for corner in quad for coordinate in corner)
