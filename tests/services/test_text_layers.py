"""Which pages give their own text, and which an engine reads."""

from __future__ import annotations

import pytest

from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.intake import Intake
from ocr_desktop.services.text_layers import text_layer_engine
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.workers import open_pictures

PLACE = PagePlace(pdf_of(PdfPage((Text("Words of the file"),))))
EMPTY = PagePlace(pdf_of(PdfPage()))


@pytest.mark.parametrize(
    ("place", "preset", "has_text", "is_taken"),
    [
        (PLACE, PresetId.MARKDOWN, True, True),
        (PLACE, PresetId.LOCATE, True, True),
        (PLACE, PresetId.MARKDOWN, False, False),
        (PLACE, PresetId.FIGURE, True, False),
        (PLACE, PresetId.DESCRIBE, True, False),
        (EMPTY, PresetId.MARKDOWN, True, False),
    ],
)
async def test_text_is_taken_where_words_are_wanted_and_there_are_some(
    place: PagePlace, preset: PresetId, has_text: bool, is_taken: bool
) -> None:
    async with open_pictures() as (_, pictures):
        intake = Intake(pictures, pictures, 1_000_000)
        assert (await text_layer_engine(intake, place, preset, has_text=has_text) is not None) is is_taken
