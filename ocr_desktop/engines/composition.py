"""What lines of text make up, for each preset: the same for lines that were recognised and for those of a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.core import page_structure
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import FoundRegion, PageFound
from ocr_desktop.core.finding import folded
from ocr_desktop.core.locating import located
from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.engines.base import EngineDescription, Request


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
