"""What is asked of an engine: the requests that a preset makes."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.presets import PresetId, prompt_for


@dataclass(frozen=True, slots=True)
class Question:
    """One request's prompt, and the term it looks for where it locates."""

    prompt: str
    term: str | None = None


def questions_for(preset: PresetId, *, prompt: str | None = None, terms: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """The requests that a preset makes; `prompt` stands in for the preset's own where it is given.

    Raises:
        UsageError: NOTHING_TO_LOCATE.
    """
    if prompt is not None:
        return (Question(prompt, terms[0] if terms else None),)
    if preset is not PresetId.LOCATE:
        return (Question(prompt_for(preset)),)
    wanted = tuple(term.strip() for term in terms if term.strip())
    if not wanted:
        raise UsageError(ErrorCode.NOTHING_TO_LOCATE)
    return tuple(Question(prompt_for(preset, term), term) for term in wanted)
