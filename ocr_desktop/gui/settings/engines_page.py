"""The page of the engines: those that are set up, in the user's order, and the form of the one that is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import MessageKind, MessageText
from ocr_desktop.gui.messages import error_text
from ocr_desktop.gui.settings.engine_files import ask_where_from, ask_where_to, imported_text, read, write
from ocr_desktop.gui.settings.engine_form import EngineForm
from ocr_desktop.gui.settings.fields import scrolling
from ocr_desktop.gui.settings.ordered_list import OrderedList

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.gui.settings.draft import EngineDraft, EnginesDraft
    from ocr_desktop.services.context import AppContext


class EnginesPage(QWidget):
    """Lists the endpoints of the draft below this computer, which is always first.

    Signals:
        edited(): The draft is another now.
        told(MessageKind, str): Something to be said in the dialog.
    """

    edited = Signal()
    told = Signal(object, str)

    def __init__(
        self,
        draft: EnginesDraft,
        context: AppContext,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._context = context
        self._spawn = spawn
        self._list = OrderedList("engine", self.tr("Engines"), self.tr("Remove it together with its key (Del)"), self)
        self._list.row_chosen.connect(self._show_chosen)
        self._list.move_wanted.connect(self._move)
        self._list.removal_wanted.connect(self._remove)
        self._list.add_button.setAccessibleName(self.tr("Add an engine"))
        self._list.add_button.menu_shown.aboutToShow.connect(self._fill_menu)
        self._copy_button = self._list.push_button("copy", self.tr("Cop&y"), self.tr("Add another one like this"))
        self._copy_button.clicked.connect(self._copy)
        self._export_button = self._list.push_button(
            "export", self.tr("&Export…"), self.tr("Write these settings to a file, without the key")
        )
        self._export_button.clicked.connect(lambda _checked=False: self._spawn(self._export()))
        self._list.add_buttons(self._copy_button, self._list.remove_button, self._export_button)
        self._form = EngineForm(context, spawn, self)
        self._form.edited.connect(self._show_edited)
        self._places = QStackedWidget(self)
        self._places.addWidget(self._about_this_computer())
        scroll_area = scrolling(self._form)
        self._form.shown_wanted.connect(scroll_area.ensureWidgetVisible)
        self._places.addWidget(scroll_area)
        row = QHBoxLayout(self)
        row.setContentsMargins(appearance.MARGIN, appearance.MARGIN, appearance.SPACING_SMALL, appearance.SPACING)
        row.setSpacing(appearance.MARGIN)
        row.addWidget(self._list)
        row.addWidget(self._places, 1)
        self._list_all(0)

    # From outside

    def choose(self, engine_id: str) -> None:
        """Show an engine, and set it up where it comes with the program and is not yet; the keys go to its gap."""
        engine = self._draft.engine(engine_id)
        if engine is not None:
            self._show_new(engine)

    def test_connection(self) -> None:
        """Test the engine that is chosen, as if its button was pressed."""
        if self._chosen is not None:
            self._form.test_connection()

    def offer_engines(self) -> None:
        """Open the list of engines that can be added."""
        self._list.add_button.setFocus()
        self._list.add_button.click()

    @property
    def has_problems(self) -> bool:
        """Whether anything cannot be kept as it is."""
        return self._draft.unusable is not None

    def settle_key(self) -> None:
        """Let go of a key that was typed for another address than its engine has now."""
        if self._chosen is not None:
            self._form.settle_key()

    @property
    def has_unseen_drop(self) -> bool:
        """Whether a typed key went when the address of its engine changed, and the user was not led there yet."""
        return self._draft.with_unseen_drop is not None

    def show_dropped_key(self) -> None:
        """Lead to the engine whose typed key went, where that is said; once for each."""
        engine = self._draft.with_unseen_drop
        assert engine is not None
        engine.is_drop_seen = True
        if engine is not self._chosen:
            self._list_all(self._draft.engines.index(engine) + 1)
        self._form.go_to_key()

    def show_problems(self) -> None:
        """Lead to the first engine that cannot be kept, and say what is wrong."""
        unusable = self._draft.unusable
        if unusable is not None and unusable is not self._chosen:
            self._list_all(self._draft.engines.index(unusable) + 1)
        self._form.show_problems()

    def stop(self) -> None:
        """End what runs for the engine that is chosen."""
        self._form.stop()

    def focus_list(self) -> None:
        self._list.lines.setFocus()

    # The list

    @property
    def _chosen(self) -> EngineDraft | None:
        """The endpoint that is chosen; None where it is this computer."""
        row = self._list.lines.currentRow()
        return self._draft.engines[row - 1] if row > 0 else None

    def _list_all(self, row: int) -> None:
        """List everything anew, with this row chosen."""
        engines = self._draft.engines
        lines = [self.tr("This computer (offline)"), *(self._line(engine) for engine in engines)]
        wrong = [False, *(self._is_wrong(engine) for engine in engines)]
        self._list.show_lines(lines, wrong, row)
        self._show_chosen()

    def _line(self, engine: EngineDraft) -> str:
        return " ".join(engine.fields.title.split()) or self.tr("(without a title)")

    def _is_wrong(self, engine: EngineDraft) -> bool:
        return bool(engine.problems) or engine.wrong_key is not None

    def _show_chosen(self) -> None:
        engine = self._chosen
        self._places.setCurrentIndex(0 if engine is None else 1)
        if engine is None:
            self._form.stop()
        else:
            self._form.show_engine(engine)
        self._allow()

    def _allow(self) -> None:
        engine = self._chosen
        row = self._list.lines.currentRow()
        why_not = ""
        if engine is None:
            why_not = self.tr("This computer is always there.")
        elif self._draft.stays_by_itself(engine):
            why_not = self.tr("It is listed as long as the environment variable %1 holds a key.")
            why_not = why_not.replace("%1", engine.profile.key_variable)
        self._list.allow(
            up=row > 1,
            down=0 < row < len(self._draft.engines),
            removal=engine is not None and not why_not,
            why_not=why_not,
        )
        self._copy_button.setEnabled(engine is not None)
        self._export_button.setEnabled(engine is not None)

    def _show_edited(self) -> None:
        engine = self._chosen
        if engine is not None:
            self._list.show_line(self._list.lines.currentRow(), self._line(engine), self._is_wrong(engine))
        self.edited.emit()

    # What the buttons do

    def _fill_menu(self) -> None:
        menu = self._list.add_button.menu_shown
        menu.clear()
        addable = self._draft.addable
        for profile in (*(each for each in addable if each.base_url), *(each for each in addable if not each.base_url)):
            action = QAction(profile.title.replace("&", "&&"), menu)
            action.setData(profile.id)
            action.triggered.connect(lambda _checked=False, chosen=profile.id: self._add(chosen))
            menu.addAction(action)
        menu.addSeparator()
        from_file = QAction(self.tr("From a &file…"), menu)
        from_file.triggered.connect(lambda _checked=False: self._spawn(self._import()))
        menu.addAction(from_file)

    def _add(self, engine_id: str) -> None:
        self._show_new(self._draft.add_shipped(engine_id))

    def _show_new(self, engine: EngineDraft) -> None:
        self._list_all(self._draft.engines.index(engine) + 1)
        self._form.go_to_first_gap()
        self.edited.emit()

    def _copy(self) -> None:
        engine = self._chosen
        if engine is not None:
            title = self.tr("%1 (copy)").replace("%1", engine.fields.title)
            self._show_new(self._draft.copy(engine, title))
            self._form.go_to_title()

    def _remove(self) -> None:
        engine = self._chosen
        if engine is None or self._draft.stays_by_itself(engine):
            return
        row = self._list.lines.currentRow()
        self._draft.remove(engine)
        self._list_all(min(row, len(self._draft.engines)))
        self._list.lines.setFocus()
        self.edited.emit()

    def _move(self, rows: int) -> None:
        engine = self._chosen
        if engine is not None and self._draft.move(engine, rows):
            self._list_all(self._list.lines.currentRow() + rows)
            self.edited.emit()

    # Files

    async def _import(self) -> None:
        path = await ask_where_from(self.window())
        if path is None:
            return
        try:
            imported = self._context.profile_files.import_(await read(path))
        except OcrDesktopError as error:
            self.told.emit(MessageKind.ERROR, error_text(error, name=path.name, engine=path.name))
            return
        self._show_new(self._draft.add(imported.profile))
        self.told.emit(MessageKind.INFO, imported_text(imported))

    async def _export(self) -> None:
        engine = self._chosen
        if engine is None:
            return
        profile = engine.profile
        path = await ask_where_to(self.window(), profile.id)
        if path is None:
            return
        try:
            await write(path, self._context.profile_files.export(profile))
        except OcrDesktopError as error:
            self.told.emit(MessageKind.ERROR, error_text(error, name=path.name))
        else:
            text = self.tr("The settings of %1 are in %2, without the key.")
            self.told.emit(MessageKind.INFO, text.replace("%1", profile.title).replace("%2", str(Path(path))))

    # Parts

    def _about_this_computer(self) -> QWidget:
        about = QWidget(self)
        title = QLabel(self.tr("This computer (offline)"), about)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        text = MessageText(about)
        text.setObjectName("this_computer_text")
        text.show_text(
            self.tr(
                "Reads text, positions and tables without any network; the picture never leaves the program. There is"
                " nothing to set up. Add an endpoint to have pictures read by DeepSeek-OCR: one of the providers, or a"
                " server of your own."
            )
        )
        column = QVBoxLayout(about)
        column.setContentsMargins(appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, 0)
        column.setSpacing(appearance.SPACING)
        column.addWidget(title)
        column.addWidget(text)
        column.addStretch(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        return about
