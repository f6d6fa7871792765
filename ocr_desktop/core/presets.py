"""The six prompts the model was trained on, and how an answer to each is to be understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOCATE_PLACEHOLDER = "xxxx"


class PresetId(StrEnum):
    MARKDOWN = "markdown"
    OCR = "ocr"
    FREE = "free"
    FIGURE = "figure"
    DESCRIBE = "describe"
    LOCATE = "locate"


OF_TEXT = frozenset({PresetId.MARKDOWN, PresetId.OCR, PresetId.FREE})
"""What asks for the words on a picture, all of them and no others."""


class ReferenceKind(StrEnum):
    """What stands between `<|ref|>` and `<|/ref|>`; the answer does not say, the prompt does."""

    LABEL = "label"
    LINE = "line"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Preset:
    """One way to ask.

    Attributes:
        prompt: Byte for byte what the model was trained on (its README; both providers' guides). A changed word, a
            lost full stop or an added sentence breaks the answer.
        tag: How a prompt of this preset begins; an edited prompt is still this preset's while it does.
        references: What a reference in the answer is.
        grounded: Whether the answer carries boxes.
    """

    id: PresetId
    prompt: str
    tag: str
    references: ReferenceKind
    grounded: bool


PRESETS: dict[PresetId, Preset] = {
    preset.id: preset
    for preset in (
        Preset(
            PresetId.MARKDOWN,
            "<|grounding|>Convert the document to markdown.",
            "<|grounding|>",
            ReferenceKind.LABEL,
            grounded=True,
        ),
        Preset(
            PresetId.OCR,
            "<|grounding|>OCR this image.",
            "<|grounding|>",
            ReferenceKind.LINE,
            grounded=True,
        ),
        Preset(PresetId.FREE, "Free OCR.", "", ReferenceKind.LABEL, grounded=False),
        Preset(PresetId.FIGURE, "Parse the figure.", "", ReferenceKind.LABEL, grounded=False),
        Preset(PresetId.DESCRIBE, "Describe this image in detail.", "", ReferenceKind.LABEL, grounded=False),
        Preset(
            PresetId.LOCATE,
            "Locate <|ref|>xxxx<|/ref|> in the image.",
            "Locate <|ref|>",
            ReferenceKind.MATCH,
            grounded=True,
        ),
    )
}


def prompt_for(preset_id: PresetId, term: str | None = None) -> str:
    """The exact prompt of a preset; for `locate`, with the term in the place of `xxxx`."""
    prompt = PRESETS[preset_id].prompt
    if preset_id is PresetId.LOCATE and term is not None:
        return prompt.replace(LOCATE_PLACEHOLDER, term)
    return prompt


def reading_of(prompt: str, preset_id: PresetId) -> Preset:
    """The preset by whose rules an answer to this prompt is read.

    An edited prompt is read as its preset while it still starts with that preset's tag; any other is read by the
    preset whose own prompt it starts like. Without a tag, it is read as text that may hold labelled regions.
    """
    own = PRESETS[preset_id]
    if own.tag and prompt.startswith(own.tag):
        return own
    for other in PRESETS.values():
        if other.tag and prompt.startswith(other.prompt.partition(LOCATE_PLACEHOLDER)[0]):
            return other
    if prompt.startswith(PRESETS[PresetId.MARKDOWN].tag):
        return PRESETS[PresetId.MARKDOWN]
    return PRESETS[PresetId.FREE] if own.grounded else own
