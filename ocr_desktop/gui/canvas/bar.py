"""The row below the picture: how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from ocr_desktop.gui.actions import Actions


class CanvasBar(QWidget):
    """The row below the picture: zoom and boxes."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = QLabel(self)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("0000 %"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, 0)
        layout.setSpacing(appearance.SPACING_SMALL)
        layout.addStretch()
        layout.addWidget(self._button(actions, "zoom_out"))
        layout.addWidget(self._zoom)
        layout.addWidget(self._button(actions, "zoom_in"))
        layout.addWidget(self._button(actions, "fit"))
        layout.addSpacing(appearance.SPACING)
        layout.addWidget(self._button(actions, "boxes"))
        layout.addStretch()

    def show_zoom(self, zoom: float) -> None:
        """Show a zoom; 1 is a page pixel for a pixel of the screen."""
        self._zoom.setText(f"{zoom * 100:.0f} %")

    def _button(self, actions: Actions, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(actions[name])
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
