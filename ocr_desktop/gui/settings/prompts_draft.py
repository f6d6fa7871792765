"""The user's own prompts as the settings dialog has them before anything is written. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.prompts import LONGEST_TITLE, PromptFault, Prompts, SavedPrompt, fault_of, prompt_id_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocr_desktop.engines.profiles import Profile

ANY_ID = "any"


@dataclass(slots=True, eq=False)
class PromptDraft:
    """One prompt in the dialog; `id` is None until it is kept for the first time."""

    title: str
    prompt: str
    preset: PresetId = PresetId.MARKDOWN
    id: str | None = None

    @property
    def fault(self) -> PromptFault | None:
        """Why it cannot be kept as it is; None where it can."""
        return fault_of(self.saved_as(self.id or ANY_ID))

    def saved_as(self, prompt_id: str) -> SavedPrompt:
        return SavedPrompt(prompt_id, self.title.strip(), self.prompt, self.preset)


class PromptsDraft:
    """The list of own prompts, and what somebody does to it.

    Args:
        prompts: As they are kept.
        profiles: Endpoints; the prompt of a provider's own guide can be added with one click.
    """

    def __init__(self, prompts: Prompts, profiles: Iterable[Profile]) -> None:
        self._first = prompts
        self.last_edited = prompts.last_edited
        self.prompts = [PromptDraft(each.title, each.prompt, each.preset, each.id) for each in prompts.saved]
        self._examples = [(profile.title, profile.example_prompt) for profile in profiles if profile.example_prompt]

    @property
    def examples(self) -> tuple[PromptDraft, ...]:
        """The providers' own prompts that are not in the list, each called as its provider."""
        there = {prompt.prompt for prompt in self.prompts}
        return tuple(
            PromptDraft(f"{provider}: {prompt}"[:LONGEST_TITLE].strip(), prompt)
            for provider, prompt in self._examples
            if prompt not in there
        )

    @property
    def can_save_last_edited(self) -> bool:
        """Whether the preset's prompt that was edited last is not in the list yet."""
        last = self.last_edited
        return last is not None and all(
            each.prompt != last.prompt or each.preset != last.preset for each in self.prompts
        )

    def add(self, prompt: PromptDraft) -> PromptDraft:
        self.prompts.append(prompt)
        return prompt

    def remove(self, prompt: PromptDraft) -> None:
        self.prompts.remove(prompt)

    def move(self, prompt: PromptDraft, rows: int) -> bool:
        """Move one up (negative) or down; whether there was room."""
        row = self.prompts.index(prompt)
        if not 0 <= row + rows < len(self.prompts):
            return False
        self.prompts.insert(row + rows, self.prompts.pop(row))
        return True

    @property
    def is_changed(self) -> bool:
        as_they_are = tuple(prompt.saved_as(prompt.id or "") for prompt in self.prompts)
        return as_they_are != self._first.saved

    @property
    def unusable(self) -> PromptDraft | None:
        """The first that cannot be kept as it is."""
        return next((prompt for prompt in self.prompts if prompt.fault is not None), None)

    def result(self) -> Prompts:
        """What is to be kept, once none is unusable; a new prompt is called by its title."""
        # One that was removed just now may stand in somebody's script under its id.
        taken = {each.id for each in self._first.saved} | {each.id for each in self.prompts if each.id is not None}
        for prompt in self.prompts:
            if prompt.id is None:
                prompt.id = prompt_id_for(prompt.title, taken)
                taken.add(prompt.id)
        saved = tuple(prompt.saved_as(prompt.id) for prompt in self.prompts if prompt.id is not None)
        return Prompts(saved, self.last_edited)
