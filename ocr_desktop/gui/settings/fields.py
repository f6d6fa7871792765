"""The parts that every page of the settings is made of: fields with a note below, numbers, lists, folded parts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import MessageText


class Note(MessageText):
    """A few words below a field: dim, or warm where they warn; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self._warns = False
        self.hide()

    def show_note(self, text: str, *, warns: bool = False) -> None:
        self._warns = warns
        self.show_text(text)
        self._colour()
        self.setVisible(bool(text))

    def _colour(self) -> None:
        palette = QPalette()
        if self._warns:
            palette.setColor(QPalette.ColorRole.WindowText, appearance.warning_colour(palette))
        self.setForegroundRole(
            QPalette.ColorRole.WindowText if self._warns else QPalette.ColorRole.PlaceholderText,
        )
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._colour()


class Field(QWidget):
    """A control, what stands beside it, and a note below; the note is also told to who hears the control."""

    def __init__(self, control: QWidget, *beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._explained = ""
        self._has_error = False
        self.note = Note(self)
        row = QHBoxLayout()
        row.setSpacing(appearance.SPACING)
        row.addWidget(control, 1)
        for widget in beside:
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.SPACING_SMALL)
        column.addLayout(row)
        column.addWidget(self.note)

    @property
    def has_error(self) -> bool:
        return self._has_error

    def explain(self, text: str) -> None:
        """Say this whenever there is no error."""
        self._explained = text
        if not self._has_error:
            self._tell(text)

    def show_error(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self._has_error = bool(text)
        self._tell(text or self._explained)

    def tell_once(self, text: str) -> None:
        """Say what was done to what was typed, until something else is said."""
        self._has_error = False
        self._tell(text)

    def name_control(self, name: str) -> None:
        """What the control is called by who cannot see its label; a name that it has already stays."""
        for each in self._spoken:
            if not each.accessibleName():
                each.setAccessibleName(name)

    def _tell(self, text: str) -> None:
        self.note.show_note(text, warns=self._has_error)
        for each in self._spoken:
            each.setAccessibleDescription(text)

    @property
    def _spoken(self) -> list[QWidget]:
        """The control, and the line inside of it that one types into and hears of by itself."""
        inside = self.control.lineEdit() if isinstance(self.control, QComboBox) else None
        return [self.control] if inside is None else [self.control, inside]


class Number(QSpinBox):
    """A number that the wheel changes only where the keys go too: somebody who scrolls the page changes nothing."""

    def __init__(self, name: str, lowest: int, highest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setRange(lowest, highest)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccelerated(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choices(QComboBox):
    """A box to choose from that the wheel leaves alone unless the keys go there, and that gives way to its place."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Folded(QWidget):
    """A part that is folded up until somebody wants it."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton(self)
        self.button.setObjectName(name)
        self.button.setText(text)
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(appearance.SPACING)
        self._column.addWidget(self.button)

    def hold(self, part: QWidget) -> None:
        """Fold this up; it is made after the button, which Tab leads to first."""
        self._part = part
        self._column.addWidget(part)
        self.button.toggled.connect(self.unfold)
        self.unfold(False)

    def unfold(self, is_unfolded: bool = True) -> None:
        self.button.setChecked(is_unfolded)
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_unfolded else Qt.ArrowType.RightArrow)
        self._part.setVisible(is_unfolded)


class Form(QGridLayout):
    """Labels at the left, fields at the right; Qt's own form layout gives words that wrap the wrong height."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._labels: dict[Field, QLabel] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(appearance.MARGIN)
        self.setVerticalSpacing(appearance.SPACING)
        self.setColumnStretch(1, 1)

    def add_row(self, text: str, field: Field) -> None:
        """Add a field with its label, whose accelerator leads to the field's control."""
        label = QLabel(text, self._widget)
        label.setBuddy(field.control)
        line = min(field.control.sizeHint().height(), 2 * label.fontMetrics().lineSpacing())
        label.setMinimumHeight(line)
        field.name_control(text.replace("&", "").rstrip(":："))
        row = self.rowCount()
        self.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self.addWidget(field, row, 1)
        self._labels[field] = label

    def show_row(self, field: Field, is_shown: bool) -> None:
        self._labels[field].setVisible(is_shown)
        field.setVisible(is_shown)


def stack_groups(owner: QWidget, *groups: QWidget) -> None:
    """Fill a page of the settings with groups below each other, which scroll where there is no room for them."""
    page = QWidget(owner)
    column = QVBoxLayout(page)
    column.setContentsMargins(appearance.MARGIN, appearance.MARGIN, appearance.MARGIN, appearance.MARGIN)
    column.setSpacing(appearance.SPACING_LARGE)
    for group in groups:
        column.addWidget(group)
    column.addStretch(1)
    layout = QVBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(scrolling(page))


def scrolling(page: QWidget) -> QScrollArea:
    """A page that scrolls where there is no room for it, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
