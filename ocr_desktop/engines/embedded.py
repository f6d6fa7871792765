"""The engine that needs no network: RapidOCR in its worker, its lines put together by `core.layout`."""

from __future__ import annotations

import unicodedata
from contextlib import aclosing
from typing import TYPE_CHECKING

from ocr_desktop.core import layout
from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import Event, Finished, FoundRegion, LineFound, RegionsRevised
from ocr_desktop.core.markdown import escaped
from ocr_desktop.core.paragraphs import paragraphs
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription, Request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ocr_desktop.worker.client import ReaderClient


class EmbeddedEngine:
    """Reads lines, then says what they make up; it understands no pictures and takes no prompt."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader

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
        regions_of = _composer(request)
        lines: list[LineFound] = []
        async with aclosing(self._reader.read(request.pixels, request.view)) as events:
            async for event in events:
                if isinstance(event, LineFound):
                    lines.append(event)
                yield event
        yield RegionsRevised(regions_of(lines))
        yield Finished(Finish.COMPLETE, warnings=() if lines else (WarningCode.EMPTY_ANSWER,))

    async def close(self) -> None:
        """Nothing to do: the worker is closed by who made it."""


def _composer(request: Request) -> Callable[[list[LineFound]], tuple[FoundRegion, ...]]:
    """What makes regions of the lines, for a preset; refused before anything is read."""
    match request.preset:
        case PresetId.MARKDOWN | PresetId.FREE:
            return paragraphs
        case PresetId.OCR:
            return layout.lines_in_order
        case PresetId.LOCATE:
            term = request.term or ""
            if not _folded(term):
                raise UsageError(ErrorCode.NOTHING_TO_LOCATE)
            return lambda lines: _matches(lines, term)
        case preset:
            raise EngineError(ErrorCode.PRESET_UNSUPPORTED, preset=preset.value, engine=EMBEDDED_ENGINE.title)


def _matches(lines: list[LineFound], term: str) -> tuple[FoundRegion, ...]:
    """The lines that hold the term, however it is written there: large or small, full or half width."""
    wanted = _folded(term)
    return tuple(
        FoundRegion("match", escaped(term), (index,))
        for index in layout.reading_order(lines)
        if wanted in _folded(lines[index].text)
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())
