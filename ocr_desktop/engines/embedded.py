"""The engine that needs no network: RapidOCR in its worker, its lines put together by `engines.composition`."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.events import (
    CodeFound,
    Event,
    Finished,
    LineFound,
    PageFound,
    Progress,
    RegionsRevised,
    ShapesFound,
)
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription, Request
from ocr_desktop.engines.composition import composed, composer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.worker.reader_client import ReaderClient


class EmbeddedEngine:
    """Reads lines, then says what they make up; it understands no pictures and takes no prompt.

    One that reads `in_background` raises `worker.dispatch.GaveWayError` when anybody else wants the reader.
    """

    def __init__(self, reader: ReaderClient, *, in_background: bool = False) -> None:
        self._reader = reader
        self._in_background = in_background

    @property
    def description(self) -> EngineDescription:
        return EMBEDDED_ENGINE

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        """Yield each line as it is recognised, then what the lines make up, then `Finished`.

        Raises:
            EngineError: PRESET_UNSUPPORTED, or what the worker raises.
            UsageError: NOTHING_TO_LOCATE.
            InputError: PICTURE_SHAPE.
        """
        regions_of = composer(request, EMBEDDED_ENGINE)
        lines: list[LineFound] = []
        codes: list[CodeFound] = []
        shapes = ShapesFound()
        async with aclosing(
            self._reader.read(request.pixels, request.view, in_background=self._in_background)
        ) as events:
            async for event in events:
                match event:
                    case LineFound():
                        lines.append(event)
                        yield event
                    case CodeFound():
                        codes.append(event)
                    case ShapesFound():
                        shapes = event
                    case Progress():
                        yield event
        found = PageFound(tuple(lines), shapes, tuple(codes))
        regions, warnings = await composed(regions_of, found)
        yield RegionsRevised(regions)
        is_empty = not (lines or codes)
        yield Finished(Finish.COMPLETE, warnings=(*warnings, WarningCode.EMPTY_ANSWER) if is_empty else warnings)

    async def close(self) -> None:
        """Nothing to do: the worker is closed by who made it."""
