"""The six prompts, byte for byte, and how an answer to each, edited or not, is read."""

from __future__ import annotations

import pytest

from ocr_desktop.core.presets import PRESETS, PresetId, prompt_for, reading_of

PROMPTS = {
    PresetId.MARKDOWN: b"<|grounding|>Convert the document to markdown.",
    PresetId.OCR: b"<|grounding|>OCR this image.",
    PresetId.FREE: b"Free OCR.",
    PresetId.FIGURE: b"Parse the figure.",
    PresetId.DESCRIBE: b"Describe this image in detail.",
    PresetId.LOCATE: b"Locate <|ref|>xxxx<|/ref|> in the image.",
}


def test_the_prompts_are_what_the_model_was_trained_on() -> None:
    assert {preset_id: prompt_for(preset_id).encode() for preset_id in PRESETS} == PROMPTS


def test_the_term_goes_where_the_model_expects_it() -> None:
    assert prompt_for(PresetId.LOCATE, "总计 <b>") == "Locate <|ref|>总计 <b><|/ref|> in the image."


@pytest.mark.parametrize(
    ("preset", "prompt", "read_as"),
    [
        *((preset, prompt.decode(), preset) for preset, prompt in PROMPTS.items()),
        (PresetId.OCR, "<|grounding|>OCR this image, please.", PresetId.OCR),
        (PresetId.MARKDOWN, "<|grounding|>Something else.", PresetId.MARKDOWN),
        (PresetId.FREE, "<|grounding|>OCR this image.", PresetId.OCR),
        (PresetId.DESCRIBE, "Locate <|ref|>x<|/ref|> in the image.", PresetId.LOCATE),
        (PresetId.FREE, "<|grounding|>Do it.", PresetId.MARKDOWN),
        (PresetId.OCR, "convert to markdown", PresetId.FREE),
        (PresetId.FIGURE, "Parse the figure, please.", PresetId.FIGURE),
    ],
)
def test_an_edited_prompt_is_read_as_what_it_starts_like(preset: PresetId, prompt: str, read_as: PresetId) -> None:
    assert reading_of(prompt, preset).id is read_as
