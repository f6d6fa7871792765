"""The strip under the picture while something is located: counts, the way to ask, and every hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

if TYPE_CHECKING:
    from ocr_desktop.core.events import Progress
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.locating.layer import Layer
    from ocr_desktop.gui.locating.parts import PanelParts
    from ocr_desktop.gui.pixmaps import PageImage


class LocatePanel(QFrame):
    """Shows a layer; hidden while it is off.

    Signals (only for what the user does here):
        hit_chosen(int): A hit of the list, by its number.
        step_requested(int): The next hit (1) or the one before (-1).
        ask_requested(), stop_requested(), close_requested()
    """

    hit_chosen = Signal(int)
    step_requested = Signal(int)
    ask_requested = Signal()
    stop_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("locate_panel")
        self.setAccessibleName(self.tr("What was located"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._parts: PanelParts | None = None
        self._image: PageImage | None = None
        self._turns = 0
        self._is_asking = False
        self.hide()

    def use_page(self, image: PageImage | None, turns: int) -> None:
        """Cut the hits' pictures from this page, shown in so many clockwise quarter turns."""
        self._image, self._turns = image, turns
        if self._parts is not None:
            self._parts.use_page(image, turns)

    def show_layer(self, layer: Layer) -> None:
        """Show what a layer holds, the same one each time; nothing while it is off."""
        if not layer.is_on:
            self.hide()
            return
        self._made(layer).show_layer(layer)
        self.show()

    def show_current(self, layer: Layer) -> None:
        """Show which hit of a layer is the current one."""
        if self._parts is not None and layer.is_on:
            self._parts.show_current(layer)

    def show_asking(
        self, engine: EngineDescription, prompts: tuple[str, ...], *, is_asking: bool, is_busy: bool
    ) -> None:
        """Show what asking costs, or that the engine is being asked; `is_busy`: something else is being read."""
        self._is_asking = is_asking
        if self._parts is not None:
            self._parts.show_asking(engine, prompts, is_asking=is_asking, is_busy=is_busy)

    def show_progress(self, progress: Progress) -> None:
        """Show how far the engine is, where it is asked."""
        if self._parts is not None and self._is_asking:
            self._parts.progress.setRange(0, progress.total)
            self._parts.progress.setValue(progress.done)

    def _made(self, layer: Layer) -> PanelParts:
        if self._parts is None:
            from ocr_desktop.gui.locating.parts import PanelParts

            parts = self._parts = PanelParts(self, layer)
            parts.use_page(self._image, self._turns)
            parts.ask.clicked.connect(self.ask_requested)
            parts.stop.clicked.connect(self.stop_requested)
            parts.close.clicked.connect(self.close_requested)
            parts.previous.clicked.connect(lambda: self.step_requested.emit(-1))
            parts.next.clicked.connect(lambda: self.step_requested.emit(1))
            parts.list.row_chosen.connect(self.hit_chosen)
        return self._parts

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._parts is not None:
            self._parts.arrange()
