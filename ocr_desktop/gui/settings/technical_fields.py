"""What only some need to change of an endpoint: key variable, order of the parts, tokens, picture, extra fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QFontDatabase
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from ocr_desktop.engines.profiles import LARGEST_LONGEST_SIDE, MOST_TOKENS, SMALLEST_LONGEST_SIDE, PartOrder
from ocr_desktop.gui import appearance
from ocr_desktop.gui.settings.fields import Choices, Field, Form, Number
from ocr_desktop.gui.settings.wording import part_order_name

if TYPE_CHECKING:
    from ocr_desktop.gui.settings.engine_fields import EngineFields

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}
MOST_KILOBYTES = 1_000_000
TEXT_LINES = 6
STEP_TOKENS, STEP_PIXELS, STEP_KILOBYTES = 512, 100, 500


class TextBox(QPlainTextEdit):
    """Several lines of text, out of which Tab leads.

    Signals:
        left(): The keys go elsewhere.
    """

    left = Signal()

    def __init__(self, name: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        frame = 2 * self.frameWidth() + 2 * round(self.document().documentMargin())
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + frame)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TechnicalFields(QWidget):
    """The folded part of an endpoint's form.

    Attributes:
        fields: Where errors are told, by the names of `EngineFields`.

    Signals:
        edited(): By the user or by a call.
        left(str): The field of this name is done with for now.
    """

    edited = Signal()
    left = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats: tuple[str, ...] = ()
        self.fields: dict[str, Field] = {}
        self._form = Form(self)
        self._make_key_and_order()
        self._make_tokens()
        self._make_picture()
        self._extra_body = TextBox("extra_body_edit", TEXT_LINES, self)
        self._extra_body.textChanged.connect(self.edited)
        self._extra_body.left.connect(lambda: self.left.emit("extra_body"))
        self._add("extra_body", self.tr("E&xtra fields of the request:"), self._extra_body)
        self.fields["extra_body"].explain(self.tr('JSON that is sent as it is, for example {"top_k": 1}.'))

    def show_fields(self, fields: EngineFields) -> None:
        self._key_variable.setText(fields.key_variable)
        self._part_order.setCurrentIndex(list(PartOrder).index(fields.part_order))
        self._max_tokens.setValue(fields.max_tokens)
        self._more_tokens.setValue(fields.more_tokens)
        self._longest_side.setValue(fields.longest_side)
        self._formats = fields.image_formats
        for media_type, box in self._format_boxes.items():
            box.setChecked(media_type in fields.image_formats)
        self._most_kilobytes.setValue(fields.most_kilobytes)
        if self._extra_body.toPlainText() != fields.extra_body:
            self._extra_body.setPlainText(fields.extra_body)

    @property
    def values(self) -> dict[str, object]:
        """What stands there, by the names of `EngineFields`."""
        return {
            "key_variable": self._key_variable.text(),
            "part_order": self._part_order.currentData(),
            "max_tokens": self._max_tokens.value(),
            "more_tokens": self._more_tokens.value(),
            "longest_side": self._longest_side.value(),
            "image_formats": self._chosen_formats,
            "most_kilobytes": self._most_kilobytes.value(),
            "extra_body": self._extra_body.toPlainText(),
        }

    @property
    def _chosen_formats(self) -> tuple[str, ...]:
        """Those that were there keep their order, which says what the server takes best."""
        chosen = [media_type for media_type, box in self._format_boxes.items() if box.isChecked()]
        return tuple(dict.fromkeys(each for each in (*self._formats, *chosen) if each in chosen))

    def _make_key_and_order(self) -> None:
        self._key_variable = QLineEdit(self)
        self._key_variable.setObjectName("key_variable_edit")
        self._key_variable.textChanged.connect(self.edited)
        self._key_variable.editingFinished.connect(lambda: self.left.emit("key_variable"))
        self._add("key_variable", self.tr("Key &variable:"), self._key_variable)
        self.fields["key_variable"].explain(
            self.tr("The environment variable that holds the key; it goes before a key that is typed here.")
        )
        self._part_order = Choices("part_order_box", self)
        for order in PartOrder:
            self._part_order.addItem(part_order_name(order), order)
        self._part_order.currentIndexChanged.connect(self.edited)
        self._add("part_order", self.tr("Order of the &parts:"), self._part_order)
        self.fields["part_order"].explain(
            self.tr("In what order the server hands them to the model; in the wrong one the model answers badly.")
        )

    def _make_tokens(self) -> None:
        self._max_tokens = self._number("max_tokens", "max_tokens_spin", 1, MOST_TOKENS, STEP_TOKENS)
        self._add("max_tokens", self.tr("Answer &length, in tokens:"), self._max_tokens)
        self._more_tokens = self._number("more_tokens", "more_tokens_spin", 0, MOST_TOKENS, STEP_TOKENS)
        self._more_tokens.setSpecialValueText(self.tr("no longer"))
        self._add("more_tokens", self.tr("After a c&ut, up to:"), self._more_tokens)
        self.fields["more_tokens"].explain(
            self.tr("What “Read again” asks for after an answer was cut off at its usual length.")
        )

    def _make_picture(self) -> None:
        self._longest_side = self._number(
            "longest_side", "longest_side_spin", SMALLEST_LONGEST_SIDE, LARGEST_LONGEST_SIDE, STEP_PIXELS
        )
        self._longest_side.setSuffix(self.tr(" pixels"))
        self._add("longest_side", self.tr("Picture, longest s&ide:"), self._longest_side)
        self.fields["longest_side"].explain(
            self.tr("A larger picture is scaled down to this before it is sent; the model sees no more than 2300.")
        )
        formats = QWidget(self)
        row = QHBoxLayout(formats)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(appearance.SPACING_LARGE)
        self._format_boxes: dict[str, QCheckBox] = {}
        for media_type, name in FORMATS.items():
            box = QCheckBox(name, formats)
            box.setObjectName(f"format_{name.lower()}_box")
            box.setAccessibleName(self.tr("Picture as %1").replace("%1", name))
            box.clicked.connect(lambda: self._leave("image_formats"))
            row.addWidget(box)
            self._format_boxes[media_type] = box
        row.addStretch(1)
        formats.setFocusProxy(self._format_boxes["image/png"])
        self._add("image_formats", self.tr("Picture, &formats:"), formats)
        self._most_kilobytes = self._number("most_kilobytes", "most_kilobytes_spin", 0, MOST_KILOBYTES, STEP_KILOBYTES)
        self._most_kilobytes.setSuffix(self.tr(" kB"))
        self._most_kilobytes.setSpecialValueText(self.tr("no limit known"))
        self._add("most_kilobytes", self.tr("Picture, at m&ost:"), self._most_kilobytes)

    def _leave(self, name: str) -> None:
        self.edited.emit()
        self.left.emit(name)

    def _number(self, field: str, name: str, lowest: int, highest: int, step: int) -> Number:
        number = Number(name, lowest, highest, self)
        number.setSingleStep(step)
        number.valueChanged.connect(self.edited)
        number.editingFinished.connect(lambda: self.left.emit(field))
        return number

    def _add(self, name: str, text: str, control: QWidget) -> None:
        self.fields[name] = Field(control, parent=self)
        self._form.add_row(text, self.fields[name])
