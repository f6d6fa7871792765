"""The text that a PDF's page holds itself, as an engine: nothing is recognised, the words are taken as they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.events import Event, Finished, LineFound, PageFound, RegionsRevised
from ocr_desktop.core.geometry import View, crop_of, page_quad_to_shown, quad_bounds
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription, EngineKind, Request
from ocr_desktop.engines.composition import composed, composer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.core.geometry import Size
    from ocr_desktop.core.pdf_lines import TextLines

LINES_AT_ONCE = 50
"""After so many lines the event loop turns."""
TEXT_LAYER_ENGINE = EngineDescription(
    id="text_layer",
    title="Text of the PDF",
    kind=EngineKind.EMBEDDED,
    host=None,
    model=None,
    is_local=True,
    # A chart is drawn: what the file holds as text says nothing of it.
    presets=EMBEDDED_ENGINE.presets - {PresetId.FIGURE},
)


class TextLayerEngine:
    """Yields lines that were found in the file; of one page, so it is made for one reading.

    Args:
        text: Corners in page pixels (`Intake.text_lines`).
    """

    def __init__(self, text: TextLines) -> None:
        self._text = text

    @property
    def description(self) -> EngineDescription:
        return TEXT_LAYER_ENGINE

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        """Yield the lines that the view shows, then what they make up, then `Finished`.

        Raises:
            EngineError: PRESET_UNSUPPORTED.
            UsageError: NOTHING_TO_LOCATE.
        """
        regions_of = composer(request, TEXT_LAYER_ENGINE)
        lines = _shown(self._text.lines, request.view, request.pixels.size)
        for index, line in enumerate(lines):
            if index % LINES_AT_ONCE == LINES_AT_ONCE - 1:
                await asyncio.sleep(0)
            yield line
        regions, warnings = await composed(regions_of, PageFound(tuple(lines)))
        yield RegionsRevised(regions)
        warnings = warnings if lines else (*warnings, WarningCode.EMPTY_ANSWER)
        yield Finished(Finish.COMPLETE, warnings=(*warnings, WarningCode.TEXT_CUT) if self._text.is_cut else warnings)

    async def close(self) -> None:
        """Nothing is held."""


def _shown(lines: Sequence[LineFound], view: View, page: Size) -> list[LineFound]:
    """The lines whose middle a view shows, in pixels of the shown picture."""
    crop = crop_of(view, page)
    shown = []
    for line in lines:
        bounds = quad_bounds(line.quad)
        middle = ((bounds.x_min + bounds.x_max) / 2, (bounds.y_min + bounds.y_max) / 2)
        if crop.contains(*middle) and not any(box.contains(*middle) for box in view.ignored):
            shown.append(replace(line, quad=page_quad_to_shown(line.quad, view, page)))
    return shown
