"""What `--preset` and `--prompt` ask: one of the six presets, or a prompt that the user saved in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.cli.messages import PROMPT_FAULTS, BadUsageError, set_aside_text
from ocr_desktop.cli.shared_arguments import PRESETS, QuestionArguments
from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from ocr_desktop.cli.console import Console
    from ocr_desktop.services.prompts import PromptFile


def asked(arguments: QuestionArguments, prompts: PromptFile, console: Console) -> tuple[PresetId | None, str | None]:
    """The preset by whose rules the answer is read, and the prompt where it is not the preset's own.

    Raises:
        BadUsageError: There is no such preset and no such saved prompt.
    """
    if arguments.preset is None:
        return None, arguments.prompt
    preset, prompt = preset_named(arguments.preset, prompts, console)
    return preset, arguments.prompt if prompt is None else prompt


def preset_named(
    wanted: str, prompts: PromptFile, console: Console, known: tuple[str, ...] = PRESETS
) -> tuple[PresetId, str | None]:
    """What a name stands for: a preset, or that of a saved prompt, with the prompt.

    Raises:
        BadUsageError: There is neither; `known` are told beside the saved ones.
    """
    if wanted in PRESETS:
        return PresetId(wanted), None
    saved = {each.id: each for each in prompts.load().saved}
    warn_of_unusable_prompts(prompts, console)
    if wanted not in saved:
        raise BadUsageError(f"There is no preset and no saved prompt {wanted}; known are {', '.join((*known, *saved))}")
    return saved[wanted].preset, saved[wanted].prompt


def warn_of_unusable_prompts(prompts: PromptFile, console: Console) -> None:
    """Say which of the user's prompts were left out, and why."""
    if prompts.set_aside is not None:
        console.warn(set_aside_text(prompts.set_aside))
    for entry in prompts.left_out:
        console.warn(f"prompt {entry.name}: {PROMPT_FAULTS[entry.fault]}. It was left out.")
