"""Opens the settings over the window, one dialog at a time, and hands on what was saved there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.gui.tasks import show

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.settings.dialog import SettingsDialog, SettingsPage
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings


class SettingsOpening(QObject):
    """The way into the settings.

    Args:
        window: The dialog lies over it.
        context: Everything that the settings are about.
        settle: Keeps what is being edited in the window, before the dialog reads it.

    Signals:
        saved(Settings): What is to hold from now on; profiles, keys and prompts are written already.
        engine_added(str): An engine was set up where that was what the settings were opened for.
    """

    saved = Signal(object)
    engine_added = Signal(str)

    def __init__(self, window: MainWindow, context: AppContext, settle: Callable[[], Awaitable[None]]) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._settle = settle
        self._dialog: SettingsDialog | None = None

    def open(self) -> None:
        self._window.tasks.spawn(self._show())

    def open_prompts(self) -> None:
        from ocr_desktop.gui.settings.dialog import SettingsPage

        self._window.tasks.spawn(self._show(page=SettingsPage.PROMPTS))

    def open_engine(self, engine_id: str) -> None:
        """Lead to one engine; a shipped one that is not set up yet is set up with it."""
        self._window.tasks.spawn(self._show(engine_id=engine_id))

    def test_engine(self, engine_id: str) -> None:
        """Lead to one engine and test its connection."""
        self._window.tasks.spawn(self._show(engine_id=engine_id, tests=True))

    def add_engine(self) -> None:
        """Let the user set up an engine."""
        self._window.tasks.spawn(self._show(adds=True))

    async def _show(
        self,
        *,
        page: SettingsPage | None = None,
        engine_id: str | None = None,
        tests: bool = False,
        adds: bool = False,
    ) -> None:
        from ocr_desktop.gui.settings.dialog import SettingsDialog, SettingsPage
        from ocr_desktop.services.credentials import KeySource

        await self._settle()
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        before = self._window.control.settings
        # What `--offline` switched on is in force, too.
        settings = replace(before, stay_offline=self._context.offline.is_on)
        self._dialog = dialog = SettingsDialog(
            self._context,
            settings,
            self._window.tasks.spawn,
            self._window,
            page=page or SettingsPage.ENGINES,
            engine_id=engine_id,
        )
        dialog.saved.connect(lambda saved: self._hand_on(saved, settings))
        if tests:
            dialog.test_connection()
        if adds:
            dialog.offer_engines()
        try:
            await show(dialog)
        finally:
            self._dialog = None
        if dialog.in_memory:
            self._window.telling.tell_key_place(KeySource.MEMORY)
        if adds:
            self._tell_what_was_added(before)

    def _hand_on(self, saved: Settings, shown: Settings) -> None:
        """Tell what was saved; what `--offline` switched on is kept for the next start only where somebody said so."""
        if saved.stay_offline is shown.stay_offline:
            saved = replace(saved, stay_offline=self._window.control.settings.stay_offline)
        self.saved.emit(saved)

    def _tell_what_was_added(self, before: Settings) -> None:
        added = [each for each in self._window.control.settings.engines if each not in before.engines]
        if added:
            self.engine_added.emit(added[-1])
