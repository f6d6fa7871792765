"""What is asked: the six presets, the user's own prompts, and the one that was edited last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.prompts import LAST_EDITED_ID, Prompts, SavedPrompt, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

EXAMPLE = "example"


class PromptChoice(QObject):
    """Lists the prompts, takes up the user's choice, and keeps an edited one from being lost."""

    def __init__(
        self,
        window: MainWindow,
        context: AppContext,
        change_settings: Callable[..., None],
        open_prompts: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._control = window.control
        self._change_settings = change_settings
        self._prompts = Prompts()
        self._example: SavedPrompt | None = None
        self._is_unsaved = False
        toolbar = window.toolbar
        toolbar.preset_chosen.connect(self.choose_preset)
        toolbar.prompt_chosen.connect(self._choose_prompt)
        toolbar.prompts_wanted.connect(open_prompts)
        window.prompt_line.prompt_edited.connect(self._edit)
        window.prompt_line.editing_ended.connect(self._keep_edited)
        self._control.started.connect(self._keep_edited)
        self._control.choices_changed.connect(self._show)

    def restore(self, settings: Settings) -> None:
        """Take up the preset or the prompt of last time, and list all of them."""
        self.list_prompts()
        saved = next((each for each in self._listed if each.id == settings.preset), None)
        if saved is not None and self._control.engine.host is not None:
            self._control.choose_prompt(saved)
        elif settings.preset in self._control.engine.presets and settings.preset != PresetId.LOCATE:
            self._control.choose_preset(PresetId(settings.preset))

    def list_prompts(self) -> None:
        """List what stands in the user's file now; a chosen prompt that was changed there is taken up."""
        self._prompts = self._context.prompt_file.load()
        self._show_list()
        chosen = self._control.saved_prompt
        if chosen is None:
            return
        now = next((each for each in self._listed if each.id == chosen.id), None)
        if now is None:
            self._control.choose_preset(chosen.preset)
        elif now != chosen:
            self._control.choose_prompt(now)

    def choose_preset(self, preset: PresetId) -> None:
        self._keep_edited()
        self._control.choose_preset(preset)
        if preset is PresetId.LOCATE:
            self._window.toolbar.focus_locate()
        else:
            self._change_settings(preset=preset.value)

    @property
    def _listed(self) -> tuple[SavedPrompt, ...]:
        more = (self._example, self._prompts.last_edited)
        return (*self._prompts.saved, *(each for each in more if each is not None))

    def _choose_prompt(self, saved: SavedPrompt) -> None:
        self._keep_edited()
        self._control.choose_prompt(saved)
        self._change_settings(preset=saved.id)

    def _edit(self, prompt: str | None) -> None:
        self._control.edit_prompt(prompt)

    def _keep_edited(self) -> None:
        """Keep the prompt as it was edited, so that choosing another does not lose it."""
        if self._take_edited():
            self._window.tasks.spawn(self._save())

    async def settle(self) -> None:
        """Keep what is being edited, now: the program ends, or the settings are opened."""
        self._take_edited()
        if self._is_unsaved:
            await self._save()

    def _take_edited(self) -> bool:
        """Let the prompt that is edited be the last edited one; whether there is anything new to keep."""
        control = self._control
        if not control.is_prompt_edited:
            return False
        edited = SavedPrompt(LAST_EDITED_ID, self.tr("Last edited"), control.prompt, control.preset)
        if fault_of(replace(edited, id="any")) is not None or edited == self._prompts.last_edited:
            return False
        self._prompts = Prompts(self._prompts.saved, edited)
        self._is_unsaved = True
        saved = control.saved_prompt
        if saved is not None and saved.id == LAST_EDITED_ID:
            control.choose_prompt(edited)
        return True

    async def _save(self) -> None:
        self._is_unsaved = False
        try:
            await self._context.prompt_file.save(self._prompts)
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
        self._show_list()

    def _show_list(self) -> None:
        self._window.toolbar.show_prompts(self._listed)
        self._show()

    def _show(self) -> None:
        example = self._example_of_engine()
        if example != self._example:
            before, self._example = self._example, example
            self._window.toolbar.show_prompts(self._listed)
            if before is not None and self._control.saved_prompt == before:
                # It is of another engine's guide.
                self._control.choose_preset(before.preset)
        self._window.toolbar.show_question(self._control.preset, self._control.saved_prompt)

    def _example_of_engine(self) -> SavedPrompt | None:
        """The prompt in the guide of the chosen endpoint, where it is none of the presets."""
        engine = self._control.engine
        if engine.host is None:
            return None
        try:
            prompt = self._context.catalogue.profile(engine.id).example_prompt
        except OcrDesktopError:
            # The engine has just been taken away.
            return None
        if not prompt:
            return None
        title = self.tr("%1 (guide of %2)").replace("%2", engine.title).replace("%1", prompt)
        return SavedPrompt(f"{EXAMPLE}-{engine.id}", title, prompt)
