"""What each action and control does: the wires between the table of actions and the parts of the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core import resources
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError, OutputError, UsageError
from ocr_desktop.core.markdown_style import FormulaStyle, TableStyle
from ocr_desktop.core.presets import PresetId
from ocr_desktop.gui import appearance, transfer
from ocr_desktop.gui.engine_choice import EngineChoice
from ocr_desktop.gui.message_bar import Choice, MessageKind
from ocr_desktop.gui.opening import Opening
from ocr_desktop.gui.page_keys import PageKeys
from ocr_desktop.gui.prompt_choice import PromptChoice
from ocr_desktop.gui.request_copying import RequestCopying
from ocr_desktop.gui.settings_opening import SettingsOpening
from ocr_desktop.services.settings import AutoRead, ColourScheme, Settings

if TYPE_CHECKING:
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext

SAMPLE = "sample/page.png"


class Commands(QObject):
    """Does what the user asks for, with the parts of one window.

    Signals:
        permissions_changed(): Less may be sent than before, or more.
    """

    permissions_changed = Signal()

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._session = window.session
        self._control = window.control
        self.settings_opening = SettingsOpening(window, context, self.settle)
        self._engines = EngineChoice(window, context, self.change_settings, self.settings_opening)
        self._engines.permissions_changed.connect(self.permissions_changed)
        self._prompts = PromptChoice(window, context, self.change_settings, self.settings_opening.open_prompts)
        self._copying = RequestCopying(window, context)
        self._opening = Opening(window, context)
        self._closed: list[dict[Entry, int]] = []
        """What the bar offers to put back."""
        self._connect_file_actions()
        self._connect_reading()
        self._connect_view()
        self._connect_questions()
        self._show_choices()

    def restore_choices(self) -> None:
        """Take up the engine and preset of last time; reads data files, so it comes after the first paint."""
        settings = self._control.settings
        self._engines.restore(settings)
        self._prompts.restore(settings)

    def choose_this_computer(self) -> None:
        self._engines.choose_this_computer()

    async def settle(self) -> None:
        """Keep what the user has begun and not finished, before the window goes."""
        await self._prompts.settle()

    # Connections

    def _connect_file_actions(self) -> None:
        actions, spawn = self._window.actions_by_name, self._window.tasks.spawn
        actions["open"].triggered.connect(lambda: spawn(self._opening.open_files()))
        actions["open_folder"].triggered.connect(lambda: spawn(self._opening.open_folder()))
        actions["capture"].triggered.connect(self._window.capture_requested)
        actions["paste"].triggered.connect(self._paste)
        actions["sample"].triggered.connect(lambda: self._window.open_files([resources.path(SAMPLE)]))
        actions["close_page"].triggered.connect(self._close_page)
        actions["close_all"].triggered.connect(lambda: self._close_pages(list(self._session.entries)))
        self._window.pages.remove_requested.connect(self._close_pages)
        actions["settings"].triggered.connect(self.settings_opening.open)
        self.settings_opening.saved.connect(self._take_settings)
        actions["quit"].triggered.connect(self._window.close_requested)
        for format_id in ("md", "txt", "json"):
            actions[f"save_{format_id}"].triggered.connect(lambda _=False, chosen=format_id: spawn(self._save(chosen)))
        for kind in ("md", "txt"):
            actions[f"copy_{kind}"].triggered.connect(lambda _=False, chosen=kind: self._copy(chosen))
        self._window.output.copy_requested.connect(lambda kind: self._copy("md" if kind == "markdown" else "txt"))
        self._window.output.save_requested.connect(lambda format_id: spawn(self._save(format_id)))

    def _connect_reading(self) -> None:
        actions, toolbar, control = self._window.actions_by_name, self._window.toolbar, self._control
        actions["read"].triggered.connect(self._read)
        actions["stop"].triggered.connect(self._stop)
        actions["locate"].triggered.connect(self._window.toolbar.focus_locate)
        actions["edit_prompt"].triggered.connect(self._window.prompt_line.begin_editing)
        actions["clear_hits"].triggered.connect(self._window.locating.clear)
        self._window.locating.changed.connect(self._show_state)
        for choice in AutoRead:
            action = actions[f"auto_read_{choice}"]
            action.setChecked(choice is control.settings.auto_read)
            action.triggered.connect(lambda _=False, chosen=choice: self.change_settings(auto_read=chosen))
        toolbar.run_requested.connect(lambda: self._stop() if self._is_running else self._read())
        toolbar.locate_requested.connect(self._locate)
        toolbar.terms_changed.connect(self._show_prompt)
        self._window.prompt_line.run_requested.connect(self._read)
        control.choices_changed.connect(self._show_choices)
        for signal in (control.preparing_changed, control.started, control.failed, control.ended):
            signal.connect(self._show_state)
        for signal in (control.preparing_changed, control.failed, control.ended):
            signal.connect(lambda: self._window.tasks.spawn(control.read_added()))
        control.left_to_user.connect(toolbar.run_button.setFocus)
        session = self._session
        for signal in (session.page_opened, session.content_changed, session.hits_changed, session.entries_changed):
            signal.connect(self._show_state)
        self._window.reading_all.changed.connect(self._show_state)

    def _connect_view(self) -> None:
        actions, canvas = self._window.actions_by_name, self._window.canvas
        actions["zoom_in"].triggered.connect(canvas.zoom_in)
        actions["zoom_out"].triggered.connect(canvas.zoom_out)
        actions["actual_size"].triggered.connect(canvas.zoom_to_actual_size)
        actions["fit"].triggered.connect(canvas.fit)
        actions["boxes"].setChecked(True)
        actions["boxes"].toggled.connect(canvas.set_boxes_visible)
        canvas.boxes_toggled.connect(actions["boxes"].setChecked)
        actions["next_region"].triggered.connect(lambda: self._session.select_next_region(1))
        actions["previous_region"].triggered.connect(lambda: self._session.select_next_region(-1))
        for scheme in ColourScheme:
            action = actions[f"scheme_{scheme}"]
            action.setChecked(scheme is self._control.settings.colour_scheme)
            action.triggered.connect(lambda _=False, chosen=scheme: self._choose_colours(chosen))
        for setting, styles in (("table_style", TableStyle), ("formula_style", FormulaStyle)):
            for style in styles:
                action = actions[f"{setting}_{style}"]
                action.setChecked(getattr(self._control.settings, setting) is style)
                action.triggered.connect(lambda _=False, name=setting, to=style: self._choose_style(name, to))
        actions["dismiss"].triggered.connect(self._dismiss)
        for name, step in (("next_page", 1), ("previous_page", -1)):
            actions[name].triggered.connect(lambda _=False, by=step: self._turn_page(by))
        actions["first_page"].triggered.connect(lambda: self._show_near(0))
        actions["last_page"].triggered.connect(lambda: self._show_near(len(self._session.entries)))
        keeping = PageKeys(self)
        toolbar = self._window.toolbar
        for part in (self._window.output, self._window.locate_panel, toolbar.preset_box, toolbar.engine_box):
            part.installEventFilter(keeping)

    def _connect_questions(self) -> None:
        telling = self._window.telling
        telling.retry_requested.connect(self._window.open_entry)
        telling.repeat_requested.connect(self._repeat)
        telling.local_read_requested.connect(self._read_on_this_computer)
        telling.more_tokens_requested.connect(lambda tokens: self._window.tasks.spawn(self._control.repeat(tokens)))

    def _dismiss(self) -> None:
        """Close the innermost thing that is open; a reading goes on."""
        window = self._window
        near = (window.canvas.clear_area, window.canvas.clear_words, window.output.close_find)
        above = (window.message_bar.close_message, window.locating.clear)
        # Who types what to locate means the layer, and not what is open elsewhere.
        order = (*above, *near) if window.toolbar.locate_edit.hasFocus() else (*near, *above)
        if not any(close() for close in order):
            self._session.select_region(None)
            # Rows of the table may be marked where no region is selected.
            window.output.select_region(None)

    def _choose_style(self, setting: str, style: TableStyle | FormulaStyle) -> None:
        self.change_settings(**{setting: style})
        self._window.show_content()

    def _choose_colours(self, scheme: ColourScheme) -> None:
        appearance.apply_colour_scheme(scheme)
        self.change_settings(colour_scheme=scheme)

    # Pictures

    def _paste(self) -> None:
        is_own = QGuiApplication.clipboard().ownsClipboard()
        if not self._window.take(transfer.clipboard_content(), is_own=is_own):
            self._window.telling.tell(self.tr("There is no picture and no file on the clipboard. Copy one first."))

    def _close_page(self) -> None:
        if self._session.entry is not None:
            self._close_pages([self._session.entry])

    def _close_pages(self, entries: list[Entry]) -> None:
        """Take pages off the list, and offer to take that back; one that is being read stays."""
        wanted, on_show = set(entries), self._session.entry
        places = {
            entry: at for at, entry in enumerate(self._session.entries) if entry in wanted and not self._is_read(entry)
        }
        if not places:
            return
        self._session.remove_entries(list(places))
        if on_show in places:
            self._show_near(min(places.values()))
        kept = self._window.telling.kept
        # Several that are closed in a row come back together.
        closed = [*self._closed, places] if kept.is_offered else [places]
        if len(closed) > 1 or len(places) > 1 or next(iter(places)).run_id is not None:
            self._offer_to_put_back(closed)

    def _offer_to_put_back(self, closed: list[dict[Entry, int]]) -> None:
        """Offer to put back what was closed, step by step, with the places at that step."""
        pages = [entry for places in closed for entry in places]
        if len(pages) > 1:
            text = self.tr("%1 pages were closed.").replace("%1", f"{len(pages):,}")
        elif pages[0].is_one_of_many:
            text = self.tr("Page %2 of “%1” was closed.").replace("%2", f"{pages[0].number:,}")
        else:
            text = self.tr("“%1” was closed.")
        undo = Choice(self.tr("Undo"), lambda: self._put_back(closed))
        self._window.message_bar.show_message(MessageKind.INFO, text.replace("%1", pages[0].name), undo)
        self._window.telling.kept.keep_offer()
        self._closed = closed

    def _put_back(self, closed: list[dict[Entry, int]]) -> None:
        for places in reversed(closed):
            self._session.put_back(places)
        self._window.open_entry(next(iter(closed[0])))

    def _is_read(self, entry: Entry) -> bool:
        attempt = self._control.attempt
        return self._control.is_busy and attempt is not None and attempt.entry is entry

    def _show_near(self, at: int) -> None:
        entries = self._session.entries
        if entries:
            self._window.open_entry(entries[min(at, len(entries) - 1)])

    def _turn_page(self, step: int) -> None:
        entries, entry = self._session.entries, self._session.entry
        if entry in entries:
            target = entries.index(entry) + step
            if 0 <= target < len(entries):
                self._window.open_entry(entries[target])

    def _copy(self, kind: str) -> None:
        from ocr_desktop.gui import saving

        if self._session.regions:
            saving.copy_content(self._session, kind, self._control.settings.markdown_style)

    async def _save(self, format_id: str) -> None:
        from ocr_desktop.gui import saving

        if self._session.is_live:
            self._window.telling.tell(
                self.tr("The answer still comes in. Save it when it has ended, or stop it first.")
            )
            return
        try:
            path = await saving.save_content(
                self._session,
                format_id,
                self._window,
                self._context.pictures,
                self._control.settings.markdown_style,
            )
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        if path is not None:
            self._window.telling.tell(self.tr("Saved as %1.").replace("%1", str(path)))

    # Reading

    def _read(self) -> None:
        if self._control.preset is PresetId.LOCATE:
            self._locate()
        else:
            self._window.tasks.spawn(self._control.read())

    @property
    def _is_running(self) -> bool:
        """Whether something is read, be it one page or all."""
        return self._control.is_busy or self._window.reading_all.tally is not None

    def _stop(self) -> None:
        self._window.reading_all.stop()
        self._control.stop()

    def _repeat(self) -> None:
        self._window.tasks.spawn(self._control.repeat())

    def _read_on_this_computer(self) -> None:
        self.choose_this_computer()
        self._repeat()

    def _locate(self) -> None:
        terms = self._window.toolbar.terms
        if not terms:
            self._window.telling.tell_error(UsageError(ErrorCode.NOTHING_TO_LOCATE))
            self._window.toolbar.focus_locate()
        elif self._session.opened is None:
            self._window.telling.tell(self.tr("Open a picture first; then its text can be located."))
        else:
            self._window.tasks.spawn(self._control.locate(terms))

    # Settings

    def _take_settings(self, settings: Settings) -> None:
        """Take up what was changed in the settings: the engines, the prompts, and what may be sent."""
        before, self._control.settings = self._control.settings, settings
        self.change_settings()
        actions = self._window.actions_by_name
        actions[f"auto_read_{settings.auto_read}"].setChecked(True)
        if settings.stay_offline is not before.stay_offline:
            actions["stay_offline"].setChecked(settings.stay_offline)
        self._engines.list_engines()
        self._prompts.list_prompts()

    def change_settings(self, **changes: object) -> None:
        """Take up other settings and keep them; by their names."""
        settings: Settings = replace(self._control.settings, **changes)  # type: ignore[arg-type]  # by name
        self._control.settings = settings
        try:
            self._context.settings_file.save(settings)
        except OutputError as error:
            text = self.tr("The settings could not be saved (%1).")
            self._window.telling.tell_for_long(text.replace("%1", str(error.fields["reason"])))

    # What the controls show

    def _show_choices(self) -> None:
        control, toolbar = self._control, self._window.toolbar
        if not toolbar.engine_box.count():
            toolbar.show_engines((control.engine,), control.engine)
        toolbar.show_engine(control.engine)
        toolbar.show_question(control.preset, control.saved_prompt)
        self._engines.show_destination()
        self._show_prompt()
        self._show_state()

    def _show_prompt(self) -> None:
        """Show what Read would send, or what Enter would where the user is in the locate box."""
        control, toolbar = self._control, self._window.toolbar
        is_locating = control.preset is PresetId.LOCATE or toolbar.locate_edit.hasFocus()
        self._window.prompt_line.show_prompt(
            control.prompt,
            located=control.locate_prompts(toolbar.terms) if is_locating and toolbar.terms else (),
            is_edited=control.is_prompt_edited,
            is_sent=control.engine.host is not None,
        )

    def _show_state(self) -> None:
        actions = self._window.actions_by_name
        is_running = self._is_running
        has_page = self._session.opened is not None
        has_pages = bool(self._session.entries)
        has_text = bool(self._session.regions)
        self._window.toolbar.show_running(is_running)
        self._window.toolbar.run_button.setEnabled(is_running or has_page)
        actions["read"].setEnabled(has_page and not is_running)
        actions["stop"].setEnabled(is_running)
        entry = self._session.entry
        actions["close_page"].setEnabled(entry is not None and not self._is_read(entry))
        actions["close_all"].setEnabled(has_pages)
        actions["read_all"].setEnabled(has_pages and not is_running)
        actions["clear_hits"].setEnabled(self._window.locating.is_on)
        has_endpoint = self._control.engine.host is not None
        for name in ("edit_prompt", "copy_request_curl", "copy_request_python"):
            actions[name].setEnabled(has_endpoint)
        has_run = self._session.run is not None and not self._session.is_live
        for name in ("save_md", "save_txt", "save_json"):
            actions[name].setEnabled(has_run)
        for name in ("turn_left", "turn_right"):
            actions[name].setEnabled(has_page)
        for name in ("turn_all_left", "turn_all_right"):
            actions[name].setEnabled(len(self._session.entries) > 1)
        self._window.canvas.set_area_reading_enabled(not is_running)
        for name in ("copy_md", "copy_txt", "next_region", "previous_region", "find", "find_next", "find_previous"):
            actions[name].setEnabled(has_text)
