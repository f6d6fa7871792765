"""The page of what is captured from the screen, and of how much a picture or a folder may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGroupBox,
    QLineEdit,
    QPushButton,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.engines.base import EMBEDDED_ENGINE
from ocr_desktop.gui import appearance
from ocr_desktop.gui.settings.fields import Choices, Field, Form, Number, stack_groups
from ocr_desktop.services.settings import MOST_MEGAPIXELS

if TYPE_CHECKING:
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.services.settings import Settings

CAPTURE_COMMAND = "ocr-desktop capture"


class PicturesPage(QWidget):
    """Shows the settings of captures, pictures and folders, and holds what is chosen.

    Args:
        settings: As they are.
        engines: The endpoints that are set up.

    Signals:
        edited(): Something else is chosen now.
    """

    edited = Signal()

    def __init__(
        self, settings: Settings, engines: tuple[EngineDescription, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        stack_groups(self, self._make_capture(settings, engines), self._make_pictures(settings))
        self._first = self.chosen(settings)
        self._settings = settings

    def chosen(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        return replace(
            settings,
            capture_engine=str(self._engine.currentData()),
            capture_kind=str(self._kind.currentData()),
            stays_in_tray=self._tray.isChecked(),
            most_megapixels=self._megapixels.value(),
            with_subfolders=self._subfolders.isChecked(),
        )

    @property
    def is_changed(self) -> bool:
        return self.chosen(self._settings) != self._first

    # Parts

    def _make_capture(self, settings: Settings, engines: tuple[EngineDescription, ...]) -> QWidget:
        box = QGroupBox(self.tr("Capture from the screen"), self)
        form_widget = QWidget(box)
        form = Form(form_widget)
        form.add_row(self.tr("&Read with:"), self._make_engine(settings.capture_engine, engines, form_widget))
        form.add_row(self.tr("&Make of it:"), self._make_kind(settings.capture_kind, form_widget))
        form.add_row(self.tr("&Command:"), self._make_command(form_widget))
        column = QVBoxLayout(box)
        column.setSpacing(appearance.SPACING)
        column.addWidget(form_widget)
        column.addWidget(self._make_tray(settings.stays_in_tray, box))
        return box

    def _make_engine(self, chosen: str, engines: tuple[EngineDescription, ...], parent: QWidget) -> Field:
        self._engine = Choices("capture_engine_box", parent)
        for engine in (EMBEDDED_ENGINE, *engines):
            self._engine.addItem(
                self.tr("This computer (offline)") if engine == EMBEDDED_ENGINE else engine.title, engine.id
            )
        if self._engine.findData(chosen) < 0:
            self._engine.addItem(self.tr("%1 (not set up)").replace("%1", chosen), chosen)
        self._engine.setCurrentIndex(self._engine.findData(chosen))
        self._engine.currentIndexChanged.connect(self.edited)
        field = Field(self._engine, parent=parent)
        field.explain(
            self.tr(
                "Captures have an engine of their own. Where it is an endpoint, the overlay says so before you choose"
                " a part of the screen."
            )
        )
        return field

    def _make_kind(self, chosen: str, parent: QWidget) -> Field:
        self._kind = Choices("capture_kind_box", parent)
        for kind, text in self._kind_texts().items():
            # Not the value of an enum: what comes back from the box is a plain text.
            self._kind.addItem(text, kind.value)
        self._kind.setCurrentIndex(max(0, self._kind.findData(chosen)))
        self._kind.currentIndexChanged.connect(self.edited)
        field = Field(self._kind, parent=parent)
        field.explain(self.tr("Letters choose something else for one capture: M, T, B, F, L."))
        return field

    def _kind_texts(self) -> dict[CaptureKind, str]:
        return {
            CaptureKind.MARKDOWN: self.tr("Markdown"),
            CaptureKind.TEXT: self.tr("Plain text"),
            CaptureKind.TABLE: self.tr("A table"),
            CaptureKind.FORMULA: self.tr("A formula (needs an endpoint)"),
            CaptureKind.LINE: self.tr("All on one line"),
        }

    def _make_command(self, parent: QWidget) -> Field:
        self._command = QLineEdit(CAPTURE_COMMAND, parent)
        self._command.setObjectName("capture_command_edit")
        self._command.setReadOnly(True)
        copy = QPushButton(self.tr("C&opy"), parent)
        copy.setObjectName("copy_command_button")
        copy.setAccessibleName(self.tr("Copy the command"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(CAPTURE_COMMAND))
        field = Field(self._command, copy, parent=parent)
        field.explain(
            self.tr("To capture from anywhere, give this command a keyboard shortcut in the settings of your desktop.")
        )
        return field

    def _make_tray(self, is_on: bool, parent: QWidget) -> Field:
        self._tray = QCheckBox(self.tr("Stay in the &tray when the window is closed"), parent)
        self._tray.setObjectName("stays_in_tray_box")
        self._tray.setChecked(is_on)
        self._tray.toggled.connect(self.edited)
        field = Field(self._tray, parent=parent)
        if QSystemTrayIcon.isSystemTrayAvailable():
            field.explain(
                self.tr("Captures then begin at once. Quit, in the menu of the tray's icon, ends the program.")
            )
        else:
            field.explain(self.tr("This desktop has no tray, so closing the window ends the program."))
        return field

    def _make_pictures(self, settings: Settings) -> QWidget:
        box = QGroupBox(self.tr("Pictures and folders"), self)
        form_widget = QWidget(box)
        form = Form(form_widget)
        self._megapixels = Number("megapixels_spin", 1, MOST_MEGAPIXELS, form_widget)
        self._megapixels.setSuffix(self.tr(" megapixels"))
        self._megapixels.setValue(settings.most_megapixels)
        self._megapixels.valueChanged.connect(self.edited)
        megapixels = Field(self._megapixels, parent=form_widget)
        megapixels.explain(
            self.tr("Larger pictures are not opened: a small file can hold one that fills the memory of the computer.")
        )
        form.add_row(self.tr("&Largest picture:"), megapixels)
        self._subfolders = QCheckBox(self.tr("Open a folder with the &folders in it"), box)
        self._subfolders.setObjectName("subfolders_box")
        self._subfolders.setChecked(settings.with_subfolders)
        self._subfolders.toggled.connect(self.edited)
        column = QVBoxLayout(box)
        column.setSpacing(appearance.SPACING)
        column.addWidget(form_widget)
        column.addWidget(self._subfolders, 0, Qt.AlignmentFlag.AlignLeading)
        return box
