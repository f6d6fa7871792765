"""The settings dialog: a draft of all that can be set, of which nothing is written before it is saved."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.engines.base import EMBEDDED_ID
from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import Choice, MessageBar, MessageKind
from ocr_desktop.gui.messages import error_text
from ocr_desktop.gui.settings.draft import EnginesDraft
from ocr_desktop.gui.settings.engines_page import EnginesPage
from ocr_desktop.gui.settings.keeping import keep_differences
from ocr_desktop.gui.settings.pictures_page import PicturesPage
from ocr_desktop.gui.settings.prompts_draft import PromptsDraft
from ocr_desktop.gui.settings.prompts_page import PromptsPage
from ocr_desktop.gui.settings.sending_page import SendingPage
from ocr_desktop.services.credentials import SERVICE

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

SIZE = (880, 640)
SMALLEST = (620, 400)
ROOM_AROUND = 40
"""Left of the window below, so that one sees what the dialog belongs to; logical pixels like the sizes above."""
KEYRING_WAIT_MS = 1500


class SettingsPage(StrEnum):
    """The pages, in their order."""

    ENGINES = "engines"
    PROMPTS = "prompts"
    SENDING = "sending"
    PICTURES = "pictures"


class SettingsDialog(QDialog):
    """Shows the settings and changes a draft of them; opened with `gui.tasks.show`.

    Args:
        context: Where profiles, prompts and keys are read and written.
        settings: As they are; the window keeps the new ones that `saved` brings.
        spawn: Starts what takes time.
        parent: The window below.
        page: What is shown first.
        engine_id: The engine that is shown first; one that comes with the program is set up with it.

    Attributes:
        in_memory: After `saved`, the titles of the engines whose keys are kept only as long as the program runs.
        not_forgotten: After `saved`, the titles of the engines whose keys may still be in the keyring though they were
            to be removed; the user knows and went on.

    Signals:
        saved(Settings): Profiles, prompts and keys are written; the dialog closes now, unless a key was not forgotten.
    """

    saved = Signal(object)

    def __init__(
        self,
        context: AppContext,
        settings: Settings,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QWidget | None = None,
        *,
        page: SettingsPage = SettingsPage.ENGINES,
        engine_id: str | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings_dialog")
        self.setWindowTitle(self.tr("Settings"))
        self.in_memory: tuple[str, ...] = ()
        self.not_forgotten: tuple[str, ...] = ()
        self._context = context
        self._settings = settings
        self._spawn = spawn
        self._is_saving = False
        self._is_written = False
        """What is written already though a key was not forgotten; the dialog stays open and says so."""
        self._is_edited_since = False
        self._engines = _engines_draft(context, settings)
        self._prompts = PromptsDraft(context.prompt_file.load(), context.profile_files.shipped())
        # Tab goes in the order in which these are made.
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("settings_tabs")
        self._tabs.setAccessibleName(self.tr("Pages of the settings"))
        self._tabs.setDocumentMode(True)
        self._engines_page = EnginesPage(self._engines, context, spawn, self)
        self._prompts_page = PromptsPage(self._prompts, self)
        self._sending_page = SendingPage(settings, self)
        set_up = tuple(profile.description for profile in context.catalogue.set_up(settings.engines))
        self._pictures_page = PicturesPage(settings, set_up, self)
        self._place()
        for each in (self._engines_page, self._prompts_page, self._sending_page, self._pictures_page):
            each.edited.connect(self._take_edit)
        self._engines_page.told.connect(self._bar.show_message)
        self.finished.connect(self._engines_page.stop)
        self._tabs.setCurrentIndex(list(SettingsPage).index(page))
        self._take_size(parent)
        self._focus_page(page)
        self._tell_what_is_left_out()
        if engine_id is not None:
            self._engines_page.choose(engine_id)

    def test_connection(self) -> None:
        """Test the engine that is chosen, as if its button was pressed."""
        self._engines_page.test_connection()

    def offer_engines(self) -> None:
        """Open the list of engines that can be added, once the dialog is on the screen."""
        QTimer.singleShot(0, self, self._engines_page.offer_engines)

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to save."""
        pages = (self._sending_page, self._pictures_page)
        return self._engines.is_changed or self._prompts.is_changed or any(page.is_changed for page in pages)

    # Ending

    def reject(self) -> None:
        """Cancel, Esc or the window's own button: ask once whether the changes may go; never while they are written."""
        if self._is_saving:
            return
        if self._is_asking:
            self._bar.clear()
        elif self._is_written and not self._is_edited_since:
            self.accept()
        elif self.is_changed:
            self._bar.show_message(
                MessageKind.WARNING,
                self._question,
                Choice(self.tr("Discard"), self._discard),
                Choice(self.tr("Keep editing"), self._tabs.setFocus),
            )
        else:
            super().reject()

    def _discard(self) -> None:
        if self._is_written:
            self.accept()
        else:
            super().reject()

    def _save(self) -> None:
        """Write everything, unless something is wrong: then lead there."""
        if self._is_saving:
            return
        self._bar.clear()
        self._engines_page.settle_key()
        if self._engines_page.has_unseen_drop:
            self._tabs.setCurrentWidget(self._engines_page)
            self._engines_page.show_dropped_key()
            return
        for page in (self._engines_page, self._prompts_page):
            if page.has_problems:
                # Only what is on show takes the keys.
                self._tabs.setCurrentWidget(page)
                page.show_problems()
                return
        self._set_saving(True)
        self._spawn(self._write())

    async def _write(self) -> None:
        differences = self._engines.differences()
        prompts = self._prompts.result() if self._prompts.is_changed else None
        try:
            kept = await keep_differences(self._context, differences, prompts)
        except OcrDesktopError as error:
            self._set_saving(False)
            self._bar.show_message(MessageKind.ERROR, error_text(error))
            return
        except BaseException:
            self._set_saving(False)
            raise
        settings = self._chosen(differences.order)
        self.in_memory, self.not_forgotten = kept.in_memory, kept.not_forgotten
        self._settings = settings
        self.saved.emit(settings)
        if kept.not_forgotten:
            self._set_saving(False)
            self._tell_of_refusal()
        else:
            self.accept()

    def _chosen(self, engines: tuple[str, ...]) -> Settings:
        """The settings as they are chosen now; an engine that goes gives way to this computer."""
        settings = self._pictures_page.chosen(self._sending_page.chosen(replace(self._settings, engines=engines)))
        removed = self._engines.removed_ids
        return replace(
            settings,
            engine=EMBEDDED_ID if settings.engine in removed else settings.engine,
            capture_engine=EMBEDDED_ID if settings.capture_engine in removed else settings.capture_engine,
        )

    def _set_saving(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        for widget in (self._tabs, self._save_button, self._cancel_button):
            widget.setEnabled(not is_saving)
        self._save_button.setText(self.tr("Saving…") if is_saving else self.tr("&Save"))
        if is_saving:
            QTimer.singleShot(KEYRING_WAIT_MS, self, self._tell_of_keyring)

    # Words

    def _tell_of_keyring(self) -> None:
        """Files are written at once: what takes longer is a keyring that asks for its password."""
        if self._is_saving:
            text = self.tr("Waiting for the system keyring; it may be asking for its password in a window of its own.")
            self._bar.show_message(MessageKind.INFO, text)

    @property
    def _question(self) -> str:
        return self.tr("You have unsaved changes.")

    @property
    def _is_asking(self) -> bool:
        return self._bar.isVisible() and self._bar.text == self._question

    def _tell_of_refusal(self) -> None:
        """Say whose key may still be in the keyring; all else is done, and the dialog can be closed."""
        self._is_written, self._is_edited_since = True, False
        text = self.tr(
            "The system keyring did not remove the key of %1: it refused, or gave no answer. All else is saved. Open"
            " the keyring and try again, or remove the key there; its entry begins with %2."
        )
        self._bar.show_message(
            MessageKind.ERROR,
            text.replace("%1", ", ".join(self.not_forgotten)).replace("%2", SERVICE),
            Choice(self.tr("Try again"), self._save),
            Choice(self.tr("Close all the same"), self.accept),
        )

    def _take_edit(self) -> None:
        """Take back what was asked of the draft as it was."""
        if self._is_asking or (self._is_written and not self._is_edited_since):
            self._bar.clear()
        self._is_edited_since = True

    def _tell_what_is_left_out(self) -> None:
        """Say which files of the user's own could not be used; they stay as they are."""
        texts = [error_text(error, engine=path.name) for path, error in self._context.profile_files.unreadable.items()]
        left_out = [each.name for each in self._context.prompt_file.left_out]
        if left_out:
            text = self.tr("Some prompts in the file cannot be used and are left out: %1.")
            texts.append(text.replace("%1", ", ".join(left_out)))
        if texts:
            self._bar.show_message(MessageKind.WARNING, " ".join(texts))

    # Parts

    def _place(self) -> None:
        self._tabs.addTab(self._engines_page, self.tr("En&gines"))
        self._tabs.addTab(self._prompts_page, self.tr("O&wn prompts"))
        self._tabs.addTab(self._sending_page, self.tr("Sen&ding"))
        self._tabs.addTab(self._pictures_page, self.tr("Pictures and captures"))
        self._bar = MessageBar(self)
        self._save_button = QPushButton(self.tr("&Save"), self)
        self._save_button.setObjectName("save_button")
        self._save_button.setDefault(True)
        self._save_button.clicked.connect(self._save)
        self._cancel_button = QPushButton(self.tr("Cancel"), self)
        self._cancel_button.setObjectName("cancel_button")
        self._cancel_button.setAutoDefault(False)
        self._cancel_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(appearance.MARGIN, appearance.SPACING_SMALL, appearance.MARGIN, appearance.MARGIN)
        buttons.setSpacing(appearance.SPACING)
        buttons.addStretch(1)
        buttons.addWidget(self._save_button)
        buttons.addWidget(self._cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, appearance.SPACING_SMALL, 0, 0)
        column.setSpacing(appearance.SPACING)
        column.addWidget(self._tabs, 1)
        column.addWidget(self._bar)
        column.addLayout(buttons)

    def _focus_page(self, page: SettingsPage) -> None:
        """Put the keys where the page begins."""
        if page is SettingsPage.ENGINES:
            self._engines_page.focus_list()
        elif page is SettingsPage.PROMPTS:
            self._prompts_page.focus_list()
        else:
            self._tabs.setFocus()

    def _take_size(self, parent: QWidget | None) -> None:
        """As large as is comfortable, and not larger than the window below."""
        self.setMinimumSize(*SMALLEST)
        width, height = SIZE
        if parent is not None:
            width = min(width, parent.window().width() - ROOM_AROUND)
            height = min(height, parent.window().height() - ROOM_AROUND)
        self.resize(max(width, SMALLEST[0]), max(height, SMALLEST[1]))


def _engines_draft(context: AppContext, settings: Settings) -> EnginesDraft:
    files = context.profile_files
    profiles = files.profiles()
    return EnginesDraft(
        profiles=profiles,
        shipped=files.shipped(),
        own_ids=[profile.id for profile in profiles if files.is_own(profile.id)],
        set_up_ids=[profile.id for profile in context.catalogue.set_up(settings.engines)],
        environment_ids=[profile.id for profile in profiles if context.credentials.in_environment(profile)],
        unused_id=files.free_id,
    )
