"""Which pages give the text that they hold themselves, so that no engine has to read their picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.engines.text_layer import TEXT_LAYER_ENGINE, TextLayerEngine

if TYPE_CHECKING:
    from ocr_desktop.core.page_places import PagePlace
    from ocr_desktop.core.presets import PresetId
    from ocr_desktop.services.intake import Intake


async def text_layer_engine(
    intake: Intake, place: PagePlace, preset: PresetId, *, has_text: bool
) -> TextLayerEngine | None:
    """What reads a page whose own text is wanted; None where an engine has to look at its picture.

    That is so where the page holds no text (`has_text` is what `OpenedDocument` says), where none of it can be found,
    and where something else is asked for than words, such as what a figure shows.

    Raises:
        InputError: As `Intake.open_page`.
    """
    if not has_text or preset not in TEXT_LAYER_ENGINE.presets:
        return None
    text = await intake.text_lines(place)
    return TextLayerEngine(text) if text.lines else None
