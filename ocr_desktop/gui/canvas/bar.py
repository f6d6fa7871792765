"""The row below the picture: how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ocr_desktop.gui import appearance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.gui.actions import Actions
    from ocr_desktop.gui.canvas.legend import Legend

ARROW = "▾"
DOT = 4.0
"""Radius of the dot on a button behind which something is filtered, logical pixels."""


class CanvasBar(QWidget):
    """Zoom, turns and boxes.

    Signals:
        labels_hidden(frozenset[str]): The user chose which labels' boxes are not to be shown.
    """

    labels_hidden = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = QLabel(self)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("0000 %"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(appearance.SPACING_SMALL, appearance.SPACING_SMALL, appearance.SPACING_SMALL, 0)
        layout.setSpacing(appearance.SPACING_SMALL)
        layout.addStretch()
        layout.addWidget(self._button(actions, "zoom_out"))
        layout.addWidget(self._zoom)
        layout.addWidget(self._button(actions, "zoom_in"))
        for name in ("fit", "turn_left", "turn_right"):
            layout.addWidget(self._button(actions, name))
        # Made in the order in which Tab leads to them.
        self.boxes_button = BoxesButton(actions, self)
        self.boxes_button.labels_hidden.connect(self.labels_hidden)
        layout.addWidget(self.boxes_button)
        for name in ("remove_crop", "read_ignored"):
            layout.addWidget(self._passing_button(actions, name))
        layout.addStretch()

    def show_zoom(self, zoom: float) -> None:
        """Show a zoom; 1 is a page pixel for a pixel of the screen."""
        self._zoom.setText(f"{zoom * 100:.0f} %")

    def show_labels(self, counts: Mapping[str, int]) -> None:
        """The labels that occur on the page, and how many regions have each; may come with every update."""
        self.boxes_button.show_labels(counts)

    def show_hidden_labels(self, labels: frozenset[str]) -> None:
        """Show which labels are filtered away."""
        self.boxes_button.show_hidden_labels(labels)

    def _passing_button(self, actions: Actions, name: str) -> QToolButton:
        """A button that is there only while there is something to take back."""
        button, action = self._button(actions, name), actions[name]
        action.setEnabled(False)
        action.changed.connect(lambda: button.setVisible(action.isEnabled()))
        button.hide()
        return button

    def _button(self, actions: Actions, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(actions[name])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


class BoxesButton(QToolButton):
    """Opens the legend; it has a dot while something is filtered away, and is made with it when first needed.

    Signals:
        labels_hidden(frozenset[str]): By the user.
    """

    labels_hidden = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("boxes_button")
        self._boxes, self._uncovered = actions["boxes"], actions["uncovered"]
        self._legend: Legend | None = None
        self._counts: Mapping[str, int] = {}
        self._hidden: frozenset[str] = frozenset()
        self.setIcon(appearance.icon("boxes"))
        self.setText(ARROW)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Boxes"))
        self.clicked.connect(self.open_legend)
        self._describe()

    def show_labels(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        if self._legend is not None and self._legend.isVisible():
            self._legend.show_labels(counts, self._hidden)

    def show_hidden_labels(self, labels: frozenset[str]) -> None:
        self._hidden = labels
        self._describe()
        self.update()
        if self._legend is not None and self._legend.isVisible():
            self._legend.show_labels(self._counts, labels)

    def open_legend(self) -> None:
        """Show what is drawn over the picture, above the button, or below it where there is no room."""
        from ocr_desktop.gui.canvas.legend import Legend

        if self._legend is None:
            self._legend = Legend(self._boxes, self._uncovered, self)
            self._legend.labels_hidden.connect(self._take_hidden)
        legend = self._legend
        legend.show_labels(self._counts, self._hidden)
        size, screen = legend.size(), self.screen().availableGeometry()
        place = self.mapToGlobal(QPoint(self.width() - size.width(), -size.height()))
        if place.y() < screen.top():
            place.setY(self.mapToGlobal(QPoint(0, self.height())).y())
        place.setX(min(max(place.x(), screen.left()), screen.right() - size.width()))
        legend.move(place)
        legend.show()

    def _take_hidden(self, labels: frozenset[str]) -> None:
        self.show_hidden_labels(labels)
        self.labels_hidden.emit(labels)

    def _describe(self) -> None:
        hidden = self.tr("Some kinds of boxes are not shown.") if self._hidden else ""
        self.setAccessibleDescription(hidden)
        self.setToolTip(hidden or self.tr("What is drawn over the picture"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_legend()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._hidden:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Window))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(QPointF(self.iconSize().width() + DOT, DOT + 1), DOT, DOT)
