"""The controls above the picture: what to ask, whom to ask, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineDescription
from ocr_desktop.gui import appearance
from ocr_desktop.gui.byte_text import byte_text
from ocr_desktop.gui.choice_box import ChoiceBox
from ocr_desktop.gui.elided_label import ElidedLabel

if TYPE_CHECKING:
    from ocr_desktop.gui.actions import Actions
    from ocr_desktop.services.prompts import SavedPrompt

SHORTEST_LOCATE = 88
LONGEST_LOCATE = 280
LONGEST_DESTINATION = 240
WIDE_BOX, NARROW_BOX = 220, 148
AIM_MS = 500
"""So long somebody may still be about to press what a button was before."""
NARROW = 900
"""Logical pixels."""


def preset_name(preset: PresetId) -> str:
    translate = QCoreApplication.translate
    return {
        PresetId.MARKDOWN: translate("Presets", "Document to Markdown"),
        PresetId.OCR: translate("Presets", "Lines with positions"),
        PresetId.FREE: translate("Presets", "Plain text, no layout"),
        PresetId.FIGURE: translate("Presets", "Chart, figure or table"),
        PresetId.DESCRIBE: translate("Presets", "Describe picture"),
        PresetId.LOCATE: translate("Presets", "Locate…"),
    }[preset]


def engine_name(engine: EngineDescription) -> str:
    if engine.host is None:
        return QCoreApplication.translate("Engines", "This computer (offline)")
    return engine.title


def destination(engine: EngineDescription, byte_count: int | None = None, *, is_offline: bool = False) -> str:
    """Where a picture goes with this engine, and how large its file is where that is known."""
    if engine.host is None:
        return QCoreApplication.translate("Engines", "stays on this computer")
    if is_offline:
        return QCoreApplication.translate("Engines", "offline: not sent to %1").replace("%1", engine.host)
    return f"→ {engine.host}" if byte_count is None else f"→ {engine.host} · {byte_text(byte_count)}"


class Toolbar(QWidget):
    """The row above everything.

    Signals:
        preset_chosen(PresetId), prompt_chosen(SavedPrompt), engine_chosen(EngineDescription): By the user, never by a
            call.
        prompts_wanted(), engine_wanted(): *Own prompts…* or *Add an engine…* was chosen.
        locate_requested(): Enter in the locate box.
        terms_changed(): Other words stand there, or the keys go there now, or elsewhere.
        run_requested(): Read, or Stop while a job runs.
    """

    preset_chosen = Signal(object)
    prompt_chosen = Signal(object)
    prompts_wanted = Signal()
    engine_chosen = Signal(object)
    engine_wanted = Signal()
    locate_requested = Signal()
    terms_changed = Signal()
    run_requested = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._engine_row = 0
        self._engine = EMBEDDED_ENGINE
        self._is_running: bool | None = None
        # Tab goes in the order in which these are made.
        self.open_menu = QMenu(self)
        self._open_button = self._make_button("open_button", "open", self.tr("Open"))
        self._open_button.setMenu(self.open_menu)
        self._open_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._capture_button = self._make_button("capture_button", "capture", self.tr("Capture"))
        self.preset_box = self._combo("preset_box", self.tr("What to ask"))
        self.preset_box.activated.connect(self._choose_question)
        self._question_row = 0
        self.show_prompts(())
        self.locate_edit = QLineEdit(self)
        self.locate_edit.setObjectName("locate_edit")
        self.locate_edit.setPlaceholderText(self.tr("Locate…"))
        self.locate_edit.setAccessibleName(self.tr("Text to locate on the picture"))
        self.locate_edit.setToolTip(self.tr("Type a text to find it; several are separated by ; (Ctrl+L)"))
        self.locate_edit.setClearButtonEnabled(True)
        self.locate_edit.setAcceptDrops(False)
        self.locate_edit.setMinimumWidth(SHORTEST_LOCATE)
        self.locate_edit.setMaximumWidth(LONGEST_LOCATE)
        self.locate_edit.returnPressed.connect(self.locate_requested)
        self.locate_edit.textChanged.connect(self.terms_changed)
        self.locate_edit.installEventFilter(self)
        self.engine_box = self._combo("engine_box", self.tr("Engine"))
        self.engine_box.activated.connect(self._choose_engine)
        self._destination = ElidedLabel(self)
        self._destination.setObjectName("destination_label")
        self._destination.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.run_button = QPushButton(self)
        self.run_button.setObjectName("run_button")
        self.run_button.setDefault(True)
        self.run_button.clicked.connect(self.run_requested)
        self._more_button = self._make_more_button()
        self._place()
        self.show_running(False)

    @property
    def terms(self) -> tuple[str, ...]:
        """What stands in the locate box, separated by ; or ；."""
        from ocr_desktop.core.finding import split_terms

        return split_terms(self.locate_edit.text())

    def show_engines(self, engines: tuple[EngineDescription, ...], current: EngineDescription) -> None:
        """List the engines that are set up; the last line adds one."""
        self.engine_box.clear()
        for engine in engines:
            self.engine_box.addItem(engine_name(engine), engine)
        self.engine_box.insertSeparator(self.engine_box.count())
        self.engine_box.addItem(self.tr("Add an engine…"))
        self.show_engine(current)

    def show_engine(self, engine: EngineDescription) -> None:
        """Show the chosen engine and what it can be asked."""
        self._engine = engine
        self._engine_row = self.engine_box.show_choice(engine)
        self._show_what_can_be_asked()

    def show_destination(self, engine: EngineDescription, byte_count: int | None, *, is_offline: bool) -> None:
        """Say where the picture goes, beside the button that sends it."""
        host = destination(engine, is_offline=is_offline)
        # The size may be cut where there is no room; whom the picture goes to may not.
        room = self._destination.fontMetrics().horizontalAdvance(f"{host} …")
        self._destination.setMinimumWidth(min(room, LONGEST_DESTINATION))
        self._destination.setText(destination(engine, byte_count, is_offline=is_offline))

    def show_prompts(self, prompts: tuple[SavedPrompt, ...]) -> None:
        """List the presets, the prompts beside them, and the way to change those."""
        self.preset_box.clear()
        for preset in PresetId:
            self.preset_box.addItem(preset_name(preset), preset)
        self.preset_box.insertSeparator(self.preset_box.count())
        for prompt in prompts:
            self.preset_box.addItem(prompt.title, prompt)
        self.preset_box.addItem(self.tr("Own prompts…"))
        # A long name is cut in the box, never in its list.
        self.preset_box.view().setMinimumWidth(self.preset_box.sizeHint().width())
        self._show_what_can_be_asked()

    def show_question(self, preset: PresetId, saved: SavedPrompt | None) -> None:
        """Show what is asked: a prompt of the user's own, or else a preset."""
        wanted = preset if saved is None else saved
        self._question_row = self.preset_box.show_choice(wanted)

    def focus_locate(self) -> None:
        self.locate_edit.setFocus()
        self.locate_edit.selectAll()

    def _show_what_can_be_asked(self) -> None:
        """Grey what the engine cannot do, and say why."""
        reason = self.tr("%1 cannot do this. Choose an endpoint as engine.").replace("%1", engine_name(self._engine))
        for row in range(self.preset_box.count()):
            asked = self.preset_box.itemData(row)
            if asked is None:
                continue
            # Qt gives a preset back as the plain text that it is.
            can = asked in self._engine.presets if isinstance(asked, str) else self._engine.host is not None
            item = self.preset_box.model().item(row)  # type: ignore[attr-defined]  # a combo box has a QStandardItemModel
            item.setEnabled(can)
            item.setToolTip("" if can else reason)

    def show_running(self, is_running: bool) -> None:
        """Let the one button read, or stop what is being read."""
        action = self._actions["stop" if is_running else "read"]
        if self._is_running is is_running:
            return
        was_running, self._is_running = self._is_running, is_running
        self.run_button.setText(self.tr("Stop") if is_running else self.tr("Read"))
        self.run_button.setIcon(action.icon())
        self.run_button.setToolTip(action.toolTip())
        if was_running and self.run_button.underMouse():
            # Who aims at Stop must not read, or send, once more.
            self.run_button.blockSignals(True)
            QTimer.singleShot(AIM_MS, self, lambda: self.run_button.blockSignals(False))

    def _place(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(appearance.SPACING, appearance.SPACING, appearance.SPACING, appearance.SPACING)
        layout.setSpacing(appearance.SPACING)
        layout.addWidget(self._open_button)
        layout.addWidget(self._capture_button)
        layout.addWidget(self.preset_box)
        layout.addWidget(self.locate_edit, 1)
        layout.addStretch(1)
        layout.addWidget(self.engine_box)
        layout.addWidget(self._destination)
        layout.addWidget(self.run_button)
        layout.addWidget(self._more_button)

    def _combo(self, name: str, spoken: str) -> ChoiceBox:
        box = ChoiceBox(spoken, self)
        box.setObjectName(name)
        return box

    def _make_button(self, name: str, action: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setDefaultAction(self._actions[action])
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _make_more_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("more_button")
        button.setIcon(appearance.icon("more"))
        button.setToolTip(self.tr("Everything else"))
        button.setAccessibleName(self.tr("Menu"))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu = QMenu(self)
        for title, actions in self._actions.menus:
            _fill_menu(self.menu.addMenu(title), actions)
        button.clicked.connect(lambda: self.menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.locate_edit and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.terms_changed.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < NARROW
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if is_narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in (self._open_button, self._capture_button):
            button.setToolButtonStyle(style)
        for box in (self.preset_box, self.engine_box):
            box.setMaximumWidth(NARROW_BOX if is_narrow else WIDE_BOX)

    def _choose_question(self, row: int) -> None:
        asked = self.preset_box.itemData(row)
        if isinstance(asked, str):
            self.preset_chosen.emit(PresetId(asked))
        elif asked is not None:
            self.prompt_chosen.emit(asked)
        else:
            self.preset_box.setCurrentIndex(self._question_row)
            self.prompts_wanted.emit()

    def _choose_engine(self, row: int) -> None:
        engine = self.engine_box.itemData(row)
        if isinstance(engine, EngineDescription):
            self.engine_chosen.emit(engine)
        else:
            self.engine_box.setCurrentIndex(self._engine_row)
            self.engine_wanted.emit()


def _fill_menu(menu: QMenu, actions: list[QAction]) -> None:
    """List actions, with a line around those of which one is always chosen."""
    for before, action in zip([None, *actions], actions, strict=False):
        if before is not None and before.actionGroup() is not action.actionGroup():
            menu.addSeparator()
        menu.addAction(action)
