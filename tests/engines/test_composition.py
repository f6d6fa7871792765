"""What each preset makes of what was found, whether it was recognised or stands in a PDF."""

from __future__ import annotations

import pytest

from ocr_desktop.core.capture_kinds import CaptureKind, preset_of
from ocr_desktop.core.capture_text import captured
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.events import FoundRegion, LineFound, PageFound
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.line_regions import LineRegions
from ocr_desktop.core.markdown import compose, page_text
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.region_store import RegionStore
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription, Request
from ocr_desktop.engines.composition import composer
from ocr_desktop.engines.text_layer import TEXT_LAYER_ENGINE
from ocr_desktop.worker.pixels import Pixels
from tests.core.typeset import PROSE, column, prose, typed

ROWS = [("Fruit", "Weight", "Price"), ("Apple", "182 g", "0.40"), ("Pear", "178 g", "0.55"), ("Plum", "66 g", "0.20")]
PAGE = PageFound(
    (
        typed("Fruit of the Garden", 0, 0, 44),
        *prose(80),
        *column("• Apples", "• Pears", y=220),
        *(
            typed(text, place * 220, 320 + row * 30)
            for row, texts in enumerate(ROWS)
            for place, text in enumerate(texts)
        ),
    )
)
TABLE = "Fruit\tWeight\tPrice\nApple\t182 g\t0.40\nPear\t178 g\t0.55\nPlum\t66 g\t0.20"


def made(preset: PresetId, found: PageFound = PAGE) -> tuple[FoundRegion, ...]:
    return composer(request_for(preset), EMBEDDED_ENGINE)(found)


def request_for(preset: PresetId) -> Request:
    return Request(Pixels(0, 0, ()), View(), preset, prompt_for(preset))


def on_page(preset: PresetId) -> RegionStore:
    store = RegionStore()
    regions = LineRegions(store, Size(1000, 1000), View())
    for line in PAGE.lines:
        regions.take_line(line)
    regions.take_revision(made(preset))
    return store


def test_markdown_is_the_document() -> None:
    assert compose(on_page(PresetId.MARKDOWN).regions()).text == (
        "# Fruit of the Garden\n\n" + " ".join(PROSE) + "\n\n- Apples\n- Pears\n\n"
        "| Fruit | Weight | Price |\n| --- | --- | --- |\n"
        "| Apple | 182 g | 0.40 |\n| Pear | 178 g | 0.55 |\n| Plum | 66 g | 0.20 |"
    )


def test_free_is_its_text_with_tables_in_columns() -> None:
    words = page_text(on_page(PresetId.FREE).regions())
    assert words == "\n\n".join(["Fruit of the Garden", " ".join(PROSE), "• Apples", "• Pears", TABLE])
    assert "|" not in compose(on_page(PresetId.FREE).regions()).text


def test_ocr_is_its_lines() -> None:
    assert [region.markdown for region in made(PresetId.OCR)][:4] == ["Fruit of the Garden", *PROSE[:3]]
    assert {region.label for region in made(PresetId.OCR)} == {"line"}


def test_a_captured_table_is_one_from_the_embedded_engine_too() -> None:
    preset = preset_of(CaptureKind.TABLE, EMBEDDED_ENGINE.presets, reads_lines_only=True)
    assert preset is PresetId.FIGURE
    clip = captured(on_page(preset).regions(), CaptureKind.TABLE)
    assert (clip.kind, clip.plain, clip.has_table) == (CaptureKind.TABLE, TABLE, True)


def test_a_figure_without_a_table_is_its_words() -> None:
    chart = PageFound(tuple(LineFound(line.text, line.quad, line.score) for line in prose(0)))
    assert [region.markdown for region in made(PresetId.FIGURE, chart)] == [" ".join(PROSE)]


@pytest.mark.parametrize("engine", [EMBEDDED_ENGINE, TEXT_LAYER_ENGINE])
def test_nothing_is_made_up_about_a_picture(engine: EngineDescription) -> None:
    with pytest.raises(EngineError) as caught:
        composer(request_for(PresetId.DESCRIBE), engine)
    assert caught.value.code is ErrorCode.PRESET_UNSUPPORTED
    assert caught.value.fields == {"preset": "describe", "engine": engine.title}
    assert PresetId.DESCRIBE not in engine.presets
