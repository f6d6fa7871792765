"""What can be made of a part of the screen, and what an engine is asked for it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from collections.abc import Collection


class CaptureKind(StrEnum):
    """What somebody wants of what they captured."""

    MARKDOWN = "markdown"
    TEXT = "text"
    TABLE = "table"
    FORMULA = "formula"
    LINE = "line"
    """All words on one line."""


_PRESETS: dict[CaptureKind, tuple[PresetId, ...]] = {
    CaptureKind.MARKDOWN: (PresetId.MARKDOWN,),
    CaptureKind.TEXT: (PresetId.FREE, PresetId.OCR),
    CaptureKind.TABLE: (PresetId.FIGURE, PresetId.MARKDOWN),
    CaptureKind.FORMULA: (PresetId.MARKDOWN,),
    CaptureKind.LINE: (PresetId.FREE, PresetId.OCR),
}
"""By which presets each kind can be read, the best first."""
_OF_LINES: dict[CaptureKind, tuple[PresetId, ...]] = {**_PRESETS, CaptureKind.TEXT: (PresetId.OCR, PresetId.FREE)}
"""An engine that recognises lines puts them together to paragraphs for the others; code and lists are to stay lines."""
_BEYOND_LINES = frozenset({CaptureKind.FORMULA})
"""What an engine cannot tell that only recognises lines of text."""


def preset_of(kind: CaptureKind, presets: Collection[PresetId], *, reads_lines_only: bool = False) -> PresetId | None:
    """What an engine is asked for this kind; None where it cannot do it.

    Args:
        kind: What is wanted.
        presets: What the engine can be asked.
        reads_lines_only: It knows no formulas, as the embedded engine does not.
    """
    if reads_lines_only and kind in _BEYOND_LINES:
        return None
    wanted = (_OF_LINES if reads_lines_only else _PRESETS)[kind]
    return next((preset for preset in wanted if preset in presets), None)
