"""Errors in the bar: their words, and the buttons that help with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.engines.base import USUAL_KEY_VARIABLE
from ocr_desktop.gui.error_ways import WAYS, Way, way_text
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.error_details import Circumstances
    from ocr_desktop.gui.key_form import KeyForm

STAYING = frozenset({Way.COPY_DETAILS, Way.TEST_CONNECTION, Way.CHANGE_KEY, Way.SETTINGS})
"""Ways after which the error still stands, and so does its bar."""


class ErrorBar(QObject):
    """Shows an error with those of its ways that are open where it occurred.

    Signals:
        key_entered(str, Secret): A key for the engine of this id.
        key_page_requested(str): The address where a person gets a key.
        key_change_requested(str), connection_test_requested(str), settings_requested(str): Of the engine of this id.
        online_requested(): Requests may be sent again, and the last one be repeated.
        details_copied(): They are on the clipboard.
    """

    key_entered = Signal(str, object)
    key_page_requested = Signal(str)
    key_change_requested = Signal(str)
    connection_test_requested = Signal(str)
    settings_requested = Signal(str)
    online_requested = Signal()
    details_copied = Signal()

    def __init__(self, bar: MessageBar) -> None:
        super().__init__(bar)
        self._bar = bar

    def show_error(
        self,
        kind: MessageKind,
        error: OcrDesktopError,
        found: Circumstances,
        *,
        title: str,
        text: str,
        ways: Mapping[Way, Callable[[], None]],
    ) -> None:
        """Show an error.

        Args:
            kind: Which icon stands before it.
            error: Decides which buttons may stand there.
            found: Where it occurred; with an engine, its key and its settings can be seen to.
            title: What happened.
            text: Why, and what to do.
            ways: What else can be done here.
        """
        engine = found.engine
        mine: dict[Way, Callable[[], None]] = {Way.COPY_DETAILS: partial(self._copy_details, error, found)}
        if engine is not None and engine.host is not None:
            mine |= self._ways_of(engine)
        open_ways = {**mine, **ways}
        form = None
        if engine is not None and engine.host is not None and Way.ENTER_KEY in WAYS[error.code]:
            form = self._key_form(error, engine)
            text = self._key_words(engine)
        choices = [
            Choice(way_text(way), open_ways[way], way in STAYING) for way in WAYS[error.code] if way in open_ways
        ]
        self._bar.show_message(kind, text, *choices, title=title, form=form)

    def _ways_of(self, engine: EngineDescription) -> dict[Way, Callable[[], None]]:
        return {
            Way.CHANGE_KEY: partial(self.key_change_requested.emit, engine.id),
            Way.TEST_CONNECTION: partial(self.connection_test_requested.emit, engine.id),
            Way.SETTINGS: partial(self.settings_requested.emit, engine.id),
            Way.GO_ONLINE: self.online_requested.emit,
        }

    # Keys

    def _key_words(self, engine: EngineDescription) -> str:
        text = self.tr("It goes to %1 alone, and is kept in the system keyring where there is one.")
        return text.replace("%1", engine.host or "")

    def _key_form(self, error: OcrDesktopError, engine: EngineDescription) -> KeyForm:
        from ocr_desktop.gui.key_form import KeyForm

        variable = str(error.fields.get("variable", "")) or USUAL_KEY_VARIABLE
        page = str(error.fields.get("key_page", "")) or engine.key_page
        note = self.tr("Or set the environment variable %1 and start the program again.").replace("%1", variable)
        form = KeyForm(engine.title, note=note, has_page=bool(page))
        form.entered.connect(partial(self._take_key, engine.id))
        form.page_requested.connect(partial(self.key_page_requested.emit, page))
        return form

    def _take_key(self, engine_id: str, key: Secret) -> None:
        self._bar.clear()
        self.key_entered.emit(engine_id, key)

    # Details

    def _copy_details(self, error: OcrDesktopError, found: Circumstances) -> None:
        from datetime import datetime

        from ocr_desktop.gui.error_details import details_text

        told_at = datetime.now().astimezone()
        QGuiApplication.clipboard().setText(details_text(error, found, told_at))
        self.details_copied.emit()
