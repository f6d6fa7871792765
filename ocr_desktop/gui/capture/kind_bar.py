"""The calm bar on the frozen screen: what will be made of the selection, where it goes, and which keys there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.appearance import (
    MARGIN,
    OVERLAY_CHOSEN,
    OVERLAY_EDGE,
    OVERLAY_HOVERED,
    OVERLAY_LIGHT,
    OVERLAY_QUIET_WORDS,
    OVERLAY_UNAVAILABLE,
    OVERLAY_WARM_WORDS,
    OVERLAY_WORDS,
    SPACING,
    SPACING_LARGE,
    SPACING_SMALL,
)
from ocr_desktop.gui.capture.overlay_painting import RADIUS, draw_panel
from ocr_desktop.gui.elided_label import ElidedLabel

KIND_KEYS = {
    Qt.Key.Key_M: CaptureKind.MARKDOWN,
    Qt.Key.Key_T: CaptureKind.TEXT,
    Qt.Key.Key_B: CaptureKind.TABLE,
    Qt.Key.Key_F: CaptureKind.FORMULA,
    Qt.Key.Key_L: CaptureKind.LINE,
}


def kind_name(kind: CaptureKind) -> str:
    """What a kind is called."""
    return {
        CaptureKind.MARKDOWN: QCoreApplication.translate("KindBar", "Markdown"),
        CaptureKind.TEXT: QCoreApplication.translate("KindBar", "Text"),
        CaptureKind.TABLE: QCoreApplication.translate("KindBar", "Table"),
        CaptureKind.FORMULA: QCoreApplication.translate("KindBar", "Formula"),
        CaptureKind.LINE: QCoreApplication.translate("KindBar", "One line"),
    }[kind]


class KindBar(QWidget):
    """Stands at the upper edge of its parent, or at the lower one; a press between its buttons goes to the parent.

    Signals:
        kind_chosen(CaptureKind): One of its buttons was pressed.
        pointer_entered().
    """

    kind_chosen = Signal(object)
    pointer_entered = Signal()

    def __init__(self, parent: QWidget, *, kinds: Collection[CaptureKind], destination: str, is_sent: bool) -> None:
        super().__init__(parent)
        self.setObjectName("capture_kind_bar")
        self.setAccessibleName(self.tr("What to make of the selection"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._room = parent
        self._is_low = False
        self._buttons = {kind: self._button(chr(key), kind, kind in kinds) for key, kind in KIND_KEYS.items()}
        self._group = QButtonGroup(self)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING_SMALL)
        for button in self._buttons.values():
            self._group.addButton(button)
            buttons.addWidget(button)
        buttons.addStretch()
        self.destination_label = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
        self.destination_label.setObjectName("capture_destination")
        self.destination_label.setText(
            self.tr("Sends to %1").replace("%1", destination) if is_sent else self.tr("Stays on this computer")
        )
        self.hint_label = QLabel(self)
        self.hint_label.setObjectName("capture_hint")
        self.hint_label.setTextFormat(Qt.TextFormat.PlainText)
        self.hint_label.setWordWrap(True)
        for label, colour in (
            (self.destination_label, OVERLAY_WARM_WORDS if is_sent else OVERLAY_WORDS),
            (self.hint_label, OVERLAY_QUIET_WORDS),
        ):
            _colour(label, colour)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._first_line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first_line.addLayout(buttons)
        self._first_line.addWidget(self.destination_label)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self._lines.setSpacing(SPACING_SMALL)
        self._lines.addLayout(self._first_line)
        self._lines.addWidget(self.hint_label)
        self.hide()

    def _button(self, letter: str, kind: CaptureKind, is_possible: bool) -> KindButton:
        button = KindButton(letter, kind_name(kind), self)
        button.setObjectName(f"capture_kind_{kind}")
        button.setEnabled(is_possible)
        if not is_possible:
            button.setToolTip(self.tr("The engine of captures cannot do this."))
            button.setAccessibleDescription(button.toolTip())
        button.clicked.connect(lambda: self.kind_chosen.emit(kind))
        return button

    def show_kind(self, kind: CaptureKind) -> None:
        self._buttons[kind].setChecked(True)

    def show_hint(self, text: str) -> None:
        if text != self.hint_label.text():
            self.hint_label.setText(text)
            self.place()

    def change_edge(self) -> None:
        """Go to the other edge, away from what is wanted below."""
        self._is_low = not self._is_low
        self.place()

    def place(self) -> None:
        """Stand in the middle of the edge, no wider than the parent: there the destination has a line of its own."""
        room = max(self._room.width() - 2 * MARGIN, 1)
        line = self._first_line
        line.setDirection(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(SPACING_LARGE)
        if line.sizeHint().width() + 2 * MARGIN > room:
            line.setDirection(QBoxLayout.Direction.TopToBottom)
            line.setSpacing(SPACING_SMALL)
        hint = QFontMetrics(self.hint_label.font()).horizontalAdvance(self.hint_label.text()) + SPACING
        wanted = max(line.sizeHint().width(), hint) + 2 * MARGIN
        width = min(wanted, room)
        height = self._lines.heightForWidth(width)
        y = self._room.height() - MARGIN - height if self._is_low else MARGIN
        self.setGeometry((self._room.width() - width) // 2, y, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_panel(painter, QRectF(self.rect()))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointer_entered.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Qt hands on what is done to a button that is disabled.
        event.setAccepted(isinstance(self.childAt(event.position().toPoint()), KindButton))


class KindButton(QAbstractButton):
    """A letter like the cap of a key, and a name; the chosen one is filled."""

    _CAP: ClassVar[int] = 2 * SPACING + SPACING_SMALL

    def __init__(self, letter: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._letter, self._name = letter, name
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(name)
        self.setAccessibleName(f"{letter} {name}")

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = self._CAP + metrics.horizontalAdvance(self._name) + 2 * SPACING + SPACING_SMALL
        return QSize(width, max(metrics.height(), self._CAP) + SPACING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(OVERLAY_LIGHT, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(OVERLAY_CHOSEN)
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(OVERLAY_HOVERED)
        painter.drawRoundedRect(ground, RADIUS - 2, RADIUS - 2)
        cap = QRectF(SPACING - 2, (self.height() - self._CAP) / 2, self._CAP, self._CAP)
        words = OVERLAY_WORDS if self.isEnabled() else OVERLAY_UNAVAILABLE
        painter.setPen(QPen(OVERLAY_LIGHT if self.isChecked() else OVERLAY_EDGE, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(words)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._letter)
        rest = QRectF(self.rect()).adjusted(cap.right() + SPACING - 2, 0, 0, 0)
        name = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, round(rest.width()))
        painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, colour)
    label.setPalette(palette)
