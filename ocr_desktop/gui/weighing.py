"""How large the file is that an endpoint would get of the picture on show, known before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.gui.attempts import views_of

if TYPE_CHECKING:
    from ocr_desktop.core.geometry import View
    from ocr_desktop.engines.base import EngineDescription, PictureLimits
    from ocr_desktop.gui.session import Session
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.worker.client import EncodedPicture

    Weighed = tuple[OpenedDocument, View, PictureLimits]


class Weighing(QObject):
    """Encodes the picture on show as it would be sent; the file is kept by `services.outgoing` for the request.

    Attributes:
        byte_count: Of the file; None where there is none, or it is not known yet.
        media_type: Of the file; None likewise.

    Signals:
        changed(): `byte_count` may be another number now.
    """

    changed = Signal()

    def __init__(self, session: Session, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._context = context
        self._weighed: Weighed | None = None
        self._running = 0
        self.byte_count: int | None = None
        self.media_type: str | None = None

    @property
    def is_running(self) -> bool:
        return self._running > 0

    async def weigh(self, engine: EngineDescription) -> None:
        """Find out what this engine would get of the picture on show; nothing where the picture stays here."""
        entry, opened = self._session.entry, self._session.opened
        if entry is None or opened is None or engine.host is None:
            self._take(None, None)
            return
        try:
            limits = self._context.catalogue.profile(engine.id).picture_limits
        except OcrDesktopError:
            # The engine has just been taken away.
            self._take(None, None)
            return
        (view,) = views_of(entry, opened.pixels.size, self._session.ignored_on(entry))
        wanted = (opened, view, limits)
        if wanted != self._weighed:
            self._take(wanted, None)
            await self._encode(wanted)

    async def _encode(self, wanted: Weighed) -> None:
        opened, view, limits = wanted
        picture: EncodedPicture | None = None
        self._session.pixels.keep(opened)
        self._running += 1
        try:
            picture = await self._context.outgoing.encode(opened.pixels, view, limits)
        except OcrDesktopError:
            # The reading meets the same and says so.
            return
        finally:
            self._running -= 1
            self._session.pixels.let_go(opened)
            if wanted == self._weighed:
                self._take(wanted, picture)
            else:
                self.changed.emit()

    def _take(self, weighed: Weighed | None, picture: EncodedPicture | None) -> None:
        self._weighed = weighed
        self.byte_count = None if picture is None else len(picture.data)
        self.media_type = None if picture is None else picture.media_type
        self.changed.emit()
