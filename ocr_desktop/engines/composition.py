"""What lines of text make up, for each preset: the same for lines that were recognised and for those of a PDF."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ocr_desktop.core import layout
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import FoundRegion, LineFound, PageFound
from ocr_desktop.core.markdown import escaped
from ocr_desktop.core.paragraphs import paragraphs
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
        case PresetId.MARKDOWN | PresetId.FREE:
            return lambda found: paragraphs(found.lines)
        case PresetId.OCR:
            return lambda found: layout.lines_in_order(found.lines)
        case PresetId.LOCATE:
            term = request.term or ""
            if not _folded(term):
                raise UsageError(ErrorCode.NOTHING_TO_LOCATE)
            return lambda found: _matches(found.lines, term)
        case preset:
            raise EngineError(ErrorCode.PRESET_UNSUPPORTED, preset=preset.value, engine=engine.title)


def _matches(lines: tuple[LineFound, ...], term: str) -> tuple[FoundRegion, ...]:
    """The lines that hold the term, however it is written there: large or small, full or half width."""
    wanted = _folded(term)
    return tuple(
        FoundRegion("match", escaped(term), (index,))
        for index in layout.reading_order(lines)
        if wanted in _folded(lines[index].text)
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())
