"""The button that tests the connection, and below it what came of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.gui.settings.connection_panel import ConnectionPanel
    from ocr_desktop.services.context import AppContext


class ConnectionCheck(QWidget):
    """Tests settings that need not be kept yet; the panel is made with the first test.

    Signals:
        wanted(): The button was pressed.
        model_chosen(str), base_url_chosen(str), models_found(tuple[str, ...]): Those of the panel.
        lacks_noted(frozenset of Lack), shown_wanted(QWidget): Those of the panel.
    """

    wanted = Signal()
    model_chosen = Signal(str)
    base_url_chosen = Signal(str)
    models_found = Signal(object)
    lacks_noted = Signal(object)
    shown_wanted = Signal(object)

    def __init__(
        self,
        context: AppContext,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._spawn = spawn
        self._number = 0
        self._panel: ConnectionPanel | None = None
        self._button = QPushButton(self.tr("Test &connection"), self)
        self._button.setObjectName("test_button")
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self.wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(appearance.SPACING)
        self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)

    def begin(self, profile: Profile, key: Callable[[], Awaitable[Secret | None]]) -> None:
        """Test a profile with the key that is asked for now."""
        self._number += 1
        self._spawn(self._begin(self._number, profile, key))

    def stop(self) -> None:
        """End a test that runs and put its result away."""
        self._number += 1
        if self._panel is not None:
            self._panel.clear()

    async def _begin(self, number: int, profile: Profile, key: Callable[[], Awaitable[Secret | None]]) -> None:
        found = await key()
        if number == self._number:
            panel = self._made_panel()
            panel.begin(profile, found)

    def _made_panel(self) -> ConnectionPanel:
        if self._panel is None:
            from ocr_desktop.gui.settings.connection_panel import ConnectionPanel

            self._panel = ConnectionPanel(self._context, self._spawn, self)
            self._panel.model_chosen.connect(self.model_chosen)
            self._panel.base_url_chosen.connect(self.base_url_chosen)
            self._panel.models_found.connect(self.models_found)
            self._panel.lacks_noted.connect(self.lacks_noted)
            self._panel.shown_wanted.connect(self.shown_wanted)
            self._column.addWidget(self._panel)
        return self._panel
