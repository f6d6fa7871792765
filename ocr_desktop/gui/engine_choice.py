"""Which engine reads: those that are set up, what each still needs, and whether anything may be sent at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription
from ocr_desktop.gui import preparation

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.settings_opening import SettingsOpening
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

CHOICE_SETTLES_S = 0.25
"""Keys pass by engines on their way to another; the keyring is not opened for those."""


WANTS_KEY = frozenset({ErrorCode.KEY_MISSING, ErrorCode.KEY_REFUSED, ErrorCode.KEY_UNUSABLE})
OFFLINE = frozenset({ErrorCode.OFFLINE})


class EngineChoice(QObject):
    """Lists the engines, takes up the user's choice, and asks for what the chosen one lacks.

    Signals:
        permissions_changed(): Less may be sent than before, or more.
    """

    permissions_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        context: AppContext,
        change_settings: Callable[..., None],
        settings_opening: SettingsOpening,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._control = window.control
        self._change_settings = change_settings
        self._settings_opening = settings_opening
        self._connect_controls()
        self._connect_questions()

    def restore(self, settings: Settings) -> None:
        """Take up the engine of last time, and list all that are set up."""
        self._list(settings.engine)

    def list_engines(self) -> None:
        """List the engines that are set up; one that was chosen and is gone gives way to this computer."""
        self._list(self._control.engine.id)

    def _list(self, wanted: str) -> None:
        engines = self._set_up()
        chosen = next((engine for engine in engines if engine.id == wanted), EMBEDDED_ENGINE)
        self._take(chosen)
        self._window.toolbar.show_engines((EMBEDDED_ENGINE, *engines), chosen)
        self._stop_what_is_not_allowed()

    def choose(self, engine: EngineDescription) -> None:
        """Read with this engine from now on; where it lacks a key, ask for it at once."""
        self._take(engine)
        self._change_settings(engine=engine.id)
        if engine.host is not None:
            self._window.tasks.spawn(self._ask_for_what_is_missing(engine))

    def choose_this_computer(self) -> None:
        self.choose(EMBEDDED_ENGINE)

    def set_offline(self, is_on: bool) -> None:
        """Make every request impossible, or possible again; one that runs is stopped."""
        self._context.offline.is_on = is_on
        self._change_settings(stay_offline=is_on)
        self._window.message_bar.close_question()
        self._stop_what_is_not_allowed()
        self.show_destination()

    def show_destination(self) -> None:
        """Say beside Read where the picture would go, and how large it would be."""
        job, toolbar = self._control.job, self._window.toolbar
        if job is not None:
            # Another engine may have been chosen since; this is where the picture goes now.
            toolbar.show_destination(job.engine, None, is_offline=False)
            return
        toolbar.show_destination(
            self._control.engine, self._control.weighing.byte_count, is_offline=self._context.offline.is_on
        )

    # Connections

    def _connect_controls(self) -> None:
        toolbar, control, session = self._window.toolbar, self._control, self._window.session
        actions = self._window.actions_by_name
        toolbar.engine_chosen.connect(self.choose)
        toolbar.engine_wanted.connect(self._settings_opening.add_engine)
        self._settings_opening.engine_added.connect(self._choose_added)
        actions["stay_offline"].setChecked(self._context.offline.is_on)
        actions["stay_offline"].toggled.connect(self.set_offline)
        for signal in (control.choices_changed, control.started, control.failed, control.ended):
            signal.connect(self.show_destination)
        control.weighing.changed.connect(self.show_destination)
        for signal in (control.choices_changed, session.page_opened, session.page_turned, session.parts_changed):
            signal.connect(lambda: self._window.tasks.spawn(control.weighing.weigh(control.engine)))

    def _connect_questions(self) -> None:
        telling = self._window.telling
        telling.host_allowed.connect(self._allow_host)
        telling.key_entered.connect(self._take_key)
        telling.key_change_requested.connect(self._settings_opening.open_engine)
        telling.settings_requested.connect(self._settings_opening.open_engine)
        telling.connection_test_requested.connect(self._settings_opening.test_engine)
        telling.key_page_requested.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        telling.online_requested.connect(self._go_online)
        self._control.key_awaited.connect(self._tell_that_key_is_awaited)

    # Engines

    def _take(self, engine: EngineDescription) -> None:
        """Let an engine be the chosen one; what the bar asks was about the one before."""
        if engine != self._control.engine:
            self._control.choose_engine(engine)
            self._window.message_bar.close_question()

    def _stop_what_is_not_allowed(self) -> None:
        """Stop a request that the user would not allow any more, with what came of it."""
        self.permissions_changed.emit()
        job = self._control.job
        if job is None or job.engine.host is None:
            return
        if self._context.offline.is_on or not self._control.may_send_to(job.engine):
            self._control.stop()

    def _set_up(self) -> tuple[EngineDescription, ...]:
        profiles = self._context.catalogue.set_up(self._control.settings.engines)
        return tuple(profile.description for profile in profiles)

    async def _ask_for_what_is_missing(self, engine: EngineDescription) -> None:
        await asyncio.sleep(CHOICE_SETTLES_S)
        if self._control.engine != engine:
            return
        try:
            status = await self._context.catalogue.status(engine.id)
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        if status.obstacle is not None and self._control.engine == engine:
            self._window.telling.tell_obstacle(status.obstacle)

    def _choose_added(self, engine_id: str) -> None:
        """Who asked for an engine to read with wants to read with it."""
        engine = next((each for each in self._set_up() if each.id == engine_id), None)
        if engine is not None:
            self.choose(engine)

    # Keys and hosts

    def _take_key(self, engine_id: str, key: Secret) -> None:
        self._window.tasks.spawn(self._keep_key(engine_id, key))

    async def _keep_key(self, engine_id: str, key: Secret) -> None:
        """Keep a key, say where, and ask again what could not be asked without it."""
        patience = asyncio.get_running_loop().call_later(preparation.PATIENCE_S, self._tell_that_key_is_awaited)
        try:
            profile = self._context.catalogue.profile(engine_id)
            await self._context.credentials.keep(profile, key)
            found = await self._context.credentials.found(profile)
        except OcrDesktopError as error:
            self._window.telling.tell_obstacle(error)
            return
        finally:
            patience.cancel()
            self._window.telling.tell_status()
        self._window.telling.tell_key_place(None if found is None else found[1])
        if engine_id == self._control.engine.id:
            await self._repeat_after(WANTS_KEY)

    async def _repeat_after(self, reasons: frozenset[ErrorCode]) -> None:
        """Ask again what failed for one of these reasons; nothing that was not asked of this engine."""
        if self._control.was_hindered_by(reasons):
            await self._control.repeat()

    def _tell_that_key_is_awaited(self) -> None:
        self._window.telling.tell_briefly(self.tr("Waiting for the system's keyring…"))

    def _allow_host(self, host: str, at_once: bool) -> None:
        settings = self._control.settings
        allowed = settings.allowed_hosts if host in settings.allowed_hosts else (*settings.allowed_hosts, host)
        at_once_hosts = settings.at_once_hosts
        if at_once and host not in at_once_hosts:
            at_once_hosts = (*at_once_hosts, host)
        self._change_settings(allowed_hosts=allowed, at_once_hosts=at_once_hosts)
        if self._control.engine.host == host:
            self._window.tasks.spawn(self._control.repeat())

    def _go_online(self) -> None:
        is_to_be_asked = self._control.was_hindered_by(OFFLINE)
        self._window.actions_by_name["stay_offline"].setChecked(False)
        if is_to_be_asked:
            self._window.tasks.spawn(self._control.repeat())
