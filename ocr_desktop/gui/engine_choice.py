"""Which engine reads: those that are set up, what each still needs, and whether anything may be sent at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.settings.dialog import SettingsPage
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

    class OpenSettings(Protocol):
        """Opens the settings at one of their pages; at one engine where it is named, and tests that one if wished."""

        def __call__(
            self, page: SettingsPage | None = None, engine_id: str | None = None, *, tests: bool = False
        ) -> None: ...


class EngineChoice(QObject):
    """Lists the engines, takes up the user's choice, and asks for what the chosen one lacks."""

    def __init__(
        self,
        window: MainWindow,
        context: AppContext,
        change_settings: Callable[..., None],
        open_settings: OpenSettings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._control = window.control
        self._change_settings = change_settings
        self._open_settings = open_settings
        self._connect_controls()
        self._connect_questions()

    def restore(self, settings: Settings) -> None:
        """Take up the engine of last time, and list all that are set up."""
        for engine in self._set_up():
            if engine.id == settings.engine:
                self._control.choose_engine(engine)
        self.list_engines()

    def list_engines(self) -> None:
        """List the engines that are set up; one that was chosen and is gone gives way to this computer."""
        engines = self._set_up()
        chosen = next((engine for engine in engines if engine.id == self._control.engine.id), EMBEDDED_ENGINE)
        self._control.choose_engine(chosen)
        self._window.toolbar.show_engines((EMBEDDED_ENGINE, *engines), chosen)

    def choose(self, engine: EngineDescription) -> None:
        """Read with this engine from now on; where it lacks a key, ask for it at once."""
        self._control.choose_engine(engine)
        if self._control.preset not in engine.presets or (self._control.saved_prompt and engine.host is None):
            self._control.choose_preset(PresetId.MARKDOWN)
        self._change_settings(engine=engine.id)
        if engine.host is not None:
            self._window.tasks.spawn(self._ask_for_what_is_missing(engine))

    def choose_this_computer(self) -> None:
        self.choose(EMBEDDED_ENGINE)

    def set_offline(self, is_on: bool) -> None:
        """Make every request impossible, or possible again; one that runs is stopped."""
        self._context.offline.is_on = is_on
        self._change_settings(stay_offline=is_on)
        job = self._control.job
        if is_on and job is not None and job.engine.host is not None:
            self._control.stop()
        self.show_destination()

    def show_destination(self) -> None:
        """Say beside Read where the picture would go, and how large it would be."""
        self._window.toolbar.show_destination(
            self._control.engine, self._control.outgoing_bytes, is_offline=self._context.offline.is_on
        )

    # Connections

    def _connect_controls(self) -> None:
        toolbar, control, session = self._window.toolbar, self._control, self._window.session
        actions = self._window.actions_by_name
        toolbar.engine_chosen.connect(self.choose)
        toolbar.engine_wanted.connect(self._open_engines)
        actions["stay_offline"].setChecked(self._context.offline.is_on)
        actions["stay_offline"].toggled.connect(self.set_offline)
        for language in ("curl", "python"):
            action = actions[f"copy_request_{language}"]
            action.triggered.connect(
                lambda _=False, chosen=language: self._window.tasks.spawn(self._copy_request(chosen))
            )
        control.choices_changed.connect(self.show_destination)
        control.outgoing_weighed.connect(self.show_destination)
        for signal in (control.choices_changed, session.page_opened, session.page_turned):
            signal.connect(lambda: self._window.tasks.spawn(control.weigh()))

    def _connect_questions(self) -> None:
        telling = self._window.telling
        telling.host_allowed.connect(self._allow_host)
        telling.key_entered.connect(self._take_key)
        telling.key_change_requested.connect(self._open_engine)
        telling.settings_requested.connect(self._open_engine)
        telling.connection_test_requested.connect(lambda engine_id: self._open_engine(engine_id, tests=True))
        telling.key_page_requested.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        telling.online_requested.connect(self._go_online)
        self._control.key_awaited.connect(self._tell_that_key_is_awaited)

    # Engines

    def _set_up(self) -> tuple[EngineDescription, ...]:
        profiles = self._context.catalogue.set_up(self._control.settings.engines)
        return tuple(profile.description for profile in profiles)

    async def _ask_for_what_is_missing(self, engine: EngineDescription) -> None:
        try:
            status = await self._context.catalogue.status(engine.id)
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        if status.obstacle is not None and self._control.engine == engine and self._control.job is None:
            self._window.telling.tell_obstacle(status.obstacle)

    def _open_engines(self) -> None:
        self._open_settings()

    def _open_engine(self, engine_id: str, *, tests: bool = False) -> None:
        self._open_settings(None, engine_id, tests=tests)

    # Keys and hosts

    def _take_key(self, engine_id: str, key: Secret) -> None:
        self._window.tasks.spawn(self._keep_key(engine_id, key))

    async def _keep_key(self, engine_id: str, key: Secret) -> None:
        """Keep a key, say where, and ask again what could not be asked without it."""
        attempt = self._control.attempt
        try:
            profile = self._context.catalogue.profile(engine_id)
            await self._context.credentials.keep(profile, key)
            found = await self._context.credentials.found(profile)
        except OcrDesktopError as error:
            self._window.telling.tell_obstacle(error)
            return
        self._window.telling.tell_key_place(None if found is None else found[1])
        if attempt is not None and self._control.lacked_key:
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
        self._window.tasks.spawn(self._control.repeat())

    def _go_online(self) -> None:
        self._window.actions_by_name["stay_offline"].setChecked(False)
        self._window.tasks.spawn(self._control.repeat())

    # Requests as text

    async def _copy_request(self, language: str) -> None:
        """Put what would be sent on the clipboard, to be sent from elsewhere: without the key, without the picture."""
        from ocr_desktop.engines.copied_requests import CopiedRequest

        try:
            profile = self._context.catalogue.profile(self._control.engine.id)
            key = await self._context.credentials.key_for(profile)
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        if profile.missing is not None:
            self._window.telling.tell_obstacle(_incomplete(profile.title, profile.missing))
            return
        request = CopiedRequest(
            profile,
            self._prompt(),
            media_type=self._control.outgoing_type or profile.image_formats[0],
            max_tokens=profile.max_tokens,
            has_key=profile.key_required or key is not None,
            left_out=self._context.catalogue.fields_refused(profile.id),
        )
        QGuiApplication.clipboard().setText(request.as_curl() if language == "curl" else request.as_python())
        self._window.telling.tell(
            self.tr(
                "The request is on the clipboard. Fill in the path of a picture; the key comes from the environment."
            )
        )

    def _prompt(self) -> str:
        """What would be sent now; with `locate`, for the first of the terms."""
        terms = self._window.toolbar.terms if self._control.preset is PresetId.LOCATE else ()
        return self._control.locate_prompts(terms)[0] if terms else self._control.prompt


def _incomplete(title: str, missing: str) -> OcrDesktopError:
    return OcrDesktopError(ErrorCode.PROFILE_INCOMPLETE, engine=title, missing=missing)
