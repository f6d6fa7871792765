"""What the window shows before there is a picture: one calm place to drop one, and the other ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from ocr_desktop.gui.actions import Actions

PICTURE_SIDE = 48
CORNER = 12
LONGEST_TITLE = 280
"""Logical pixels of the window's own font; the title's is larger."""
DASH = [6, 5]


class EmptyState(QWidget):
    """Invites to drop a picture; `set_hovered` answers a drag that is over the window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._is_hovered = False
        self._picture = QLabel(self)
        self._show_picture()
        self._title = title = QLabel(self.tr("Drop a picture of text here"), self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        hint = QLabel(self.tr("or paste one with Ctrl+V. It stays on this computer until you choose otherwise."), self)
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        buttons = QHBoxLayout()
        buttons.setSpacing(appearance.SPACING)
        buttons.addStretch()
        for name, text in (
            ("open", self.tr("Open")),
            ("capture", self.tr("Capture")),
            ("paste", self.tr("Paste")),
            ("sample", self.tr("Try the sample")),
        ):
            buttons.addWidget(self._button(actions, name, text))
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(appearance.MARGIN)
        layout.addStretch()
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(hint)
        layout.addLayout(buttons)
        layout.addStretch()

    def show_opening(self, name: str) -> None:
        """Say that a picture is being opened; empty: none is."""
        text = self.tr("Opening %1…").replace("%1", name) if name else self.tr("Drop a picture of text here")
        self._title.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, LONGEST_TITLE))

    def set_hovered(self, is_hovered: bool) -> None:
        self._is_hovered = is_hovered
        self.update()

    def _show_picture(self) -> None:
        picture = appearance.icon("picture").pixmap(PICTURE_SIDE, PICTURE_SIDE, QIcon.Mode.Disabled)
        self._picture.setPixmap(picture)

    def _button(self, actions: Actions, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(actions[name])
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_picture()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Highlight if self._is_hovered else QPalette.ColorRole.Mid
        pen = QPen(self.palette().color(role), 2 if self._is_hovered else 1.5)
        pen.setDashPattern(DASH)
        painter.setPen(pen)
        inset = appearance.SPACING_LARGE
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), CORNER, CORNER)
        painter.end()
