"""What lines of text make up, for each preset: the same for lines that were recognised and for those of a PDF."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.escaping import escaped
from ocr_desktop.core.events import FoundRegion, PageFound
from ocr_desktop.core.finding import folded
from ocr_desktop.core.locating import located
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.structure import page as page_structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.engines.base import EngineDescription, Request

_log = logging.getLogger(__name__)


class Composed(NamedTuple):
    regions: tuple[FoundRegion, ...]
    warnings: tuple[WarningCode, ...] = ()


async def composed(regions_of: Callable[[PageFound], tuple[FoundRegion, ...]], found: PageFound) -> Composed:
    """Make regions, off the event loop: a page full of small print takes longer than that may be held.

    Where the program has a mistake there, the words that were read are not lost with it: each line is a region.
    """
    try:
        return Composed(await asyncio.to_thread(regions_of, found))
    except Exception:
        _log.exception("lines could not be put together")
        lines = tuple(FoundRegion("line", escaped(line.text), (index,)) for index, line in enumerate(found.lines))
        return Composed(lines, (WarningCode.STRUCTURE_UNKNOWN,))


def composer(request: Request, engine: EngineDescription) -> Callable[[PageFound], tuple[FoundRegion, ...]]:
    """What makes regions of what was found; refused before anything is read.

    Raises:
        EngineError: PRESET_UNSUPPORTED.
        UsageError: NOTHING_TO_LOCATE.
    """
    match request.preset:
        case PresetId.MARKDOWN:
            return page_structure.regions_of
        case PresetId.FREE:
            return page_structure.text_regions_of
        case PresetId.OCR:
            return page_structure.line_regions_of
        case PresetId.FIGURE if PresetId.FIGURE in engine.presets:
            return page_structure.figure_regions_of
        case PresetId.LOCATE:
            term = request.term or ""
            if not folded(term):
                raise UsageError(ErrorCode.NOTHING_TO_LOCATE)
            return lambda found: located(found.lines, term)
        case preset:
            raise EngineError(ErrorCode.PRESET_UNSUPPORTED, preset=preset.value, engine=engine.title)
