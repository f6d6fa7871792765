"""*Copy request as*: what Read would send, as a text that somebody can run elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.errors import ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from ocr_desktop.engines.copied_requests import CopiedRequest
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext

LANGUAGES = ("curl", "python")


class RequestCopying(QObject):
    """Puts the request on the clipboard, without the key and without the picture."""

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._control = window.control
        for language in LANGUAGES:
            action = window.actions_by_name[f"copy_request_{language}"]
            action.triggered.connect(lambda _=False, chosen=language: window.tasks.spawn(self._copy(chosen)))

    async def _copy(self, language: str) -> None:
        try:
            request = await self._request()
        except OcrDesktopError as error:
            self._window.telling.tell_obstacle(error)
            return
        QGuiApplication.clipboard().setText(request.as_curl() if language == "curl" else request.as_python())
        self._window.telling.tell(
            self.tr(
                "The request is on the clipboard. Fill in the path of a picture; the key comes from the environment."
            )
        )

    async def _request(self) -> CopiedRequest:
        from ocr_desktop.engines.copied_requests import CopiedRequest

        profile = self._context.catalogue.profile(self._control.engine.id)
        if profile.missing is not None:
            raise UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=profile.title, missing=profile.missing)
        key = await self._context.credentials.key_for(profile)
        return CopiedRequest(
            profile,
            self._prompt(),
            media_type=self._control.weighing.media_type or profile.image_formats[0],
            max_tokens=profile.max_tokens,
            has_key=profile.key_required or key is not None,
            left_out=self._context.catalogue.fields_refused(profile.id),
        )

    def _prompt(self) -> str:
        """What would be sent now; with `locate`, for the first of the terms."""
        terms = self._window.toolbar.terms if self._control.preset is PresetId.LOCATE else ()
        return self._control.locate_prompts(terms)[0] if terms else self._control.prompt
