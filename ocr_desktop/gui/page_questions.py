"""What the window asks about pages: a PDF's password, whether to take its text, to turn a page, to read them all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.gui.message_bar import Choice, MessageKind
from ocr_desktop.gui.messages import error_wording

if TYPE_CHECKING:
    from ocr_desktop.core.document import Run
    from ocr_desktop.core.secret import Secret
    from ocr_desktop.gui.commands import Commands
    from ocr_desktop.gui.entries import Entry, SourceFile
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.reading_all import Tally
    from ocr_desktop.gui.undoing import Undoing
    from ocr_desktop.services.recognition import RecognitionJob

UPSIDE_DOWN = 2
"""Quarter turns."""
WANTS_PASSWORD = frozenset({ErrorCode.PASSWORD_NEEDED, ErrorCode.PASSWORD_WRONG})


class PageQuestions(QObject):
    """Asks in the bar, and does what is answered."""

    def __init__(self, window: MainWindow, commands: Commands, undoing: Undoing) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._control = window.control
        self._bar = window.message_bar
        self._commands = commands
        self._undoing = undoing
        self._asked_for_text: set[SourceFile] = set()
        self._turned: set[Entry] = set()
        """Pages that were turned, or of which was asked."""
        self._told = ""
        """What the bar said last of how a page lies."""
        actions = window.actions_by_name
        self._session.page_failed.connect(self._ask_password)
        self._session.page_opened.connect(self._ask_about_text)
        self._session.runs_changed.connect(self._ask_to_turn)
        self._session.page_turned.connect(self._close_told)
        self._session.page_replaced.connect(self._turned.discard)
        self._session.entries_changed.connect(self._forget_closed)
        self._control.ended.connect(self._turn_upright)
        window.reading_all.ended.connect(self._tell_of_all)
        actions["read_all"].triggered.connect(self.read_all)
        window.pages.read_requested.connect(self.read_these)
        actions["take_text"].triggered.connect(self._take_text_here)

    # Passwords

    def _ask_password(self, entry: Entry, error: OcrDesktopError) -> None:
        if error.code not in WANTS_PASSWORD:
            return
        from ocr_desktop.gui.password_form import PasswordForm

        wording = error_wording(error, name=entry.name)
        form = PasswordForm(entry.name)
        form.entered.connect(partial(self._use_password, entry))
        self._bar.show_message(MessageKind.WARNING, wording.explanation, title=wording.title, form=form)
        form.focus_field()

    def _use_password(self, entry: Entry, password: Secret) -> None:
        self._bar.clear()
        entry.file.password = password
        if entry not in self._session.entries:
            self._window.adding.add_entries([entry])
        else:
            self._window.open_entry(entry)

    # The text that a PDF holds

    def _ask_about_text(self) -> None:
        entry, opened = self._session.entry, self._session.opened
        action = self._window.actions_by_name["take_text"]
        has_text = opened is not None and opened.has_text
        action.setEnabled(has_text)
        action.setChecked(entry is not None and has_text and entry.file.takes_text)
        if entry is None or not has_text or entry.file in self._asked_for_text:
            return
        if entry.file.takes_text or entry.run_id is not None or self._bar.text:
            return
        self._asked_for_text.add(entry.file)
        self._bar.show_message(
            MessageKind.INFO,
            self.tr("This PDF has text of its own. It can be taken as it is, without reading the picture."),
            Choice(self.tr("Use its text"), partial(self._take_text, entry, True)),
            Choice(self.tr("Read the picture"), partial(self._take_text, entry, False)),
        )
        self._window.telling.kept.keep(entry)

    def _take_text_here(self, is_taken: bool) -> None:
        if self._session.entry is not None:
            self._take_text(self._session.entry, is_taken)

    def _take_text(self, entry: Entry, is_taken: bool) -> None:
        """Take a file's own text from now on, or read its pictures; and do so with this page of it."""
        entry.file.takes_text = is_taken
        self._window.actions_by_name["take_text"].setChecked(is_taken)
        self._window.tasks.spawn(self._read_anew(entry))

    async def _read_anew(self, entry: Entry) -> None:
        """Read a page the other way; what reads its picture already goes on."""
        if self._control.is_busy and self._is_asked_of(entry):
            if not entry.file.takes_text:
                # It is being read as it is wanted.
                return
            self._control.stop()
        await self._control.until_free()
        opened = self._session.opened
        if self._session.entry is entry and opened is not None and opened.has_text:
            await self._control.read()

    def _is_asked_of(self, entry: Entry) -> bool:
        return self._control.attempt is not None and self._control.attempt.entry is entry

    # Pages that lie on their side

    def _turn_upright(self, job: RecognitionJob) -> None:
        """Turn a page whose text was found to lie on its side; it was read right as it lay."""
        attempt, run = self._control.attempt, job.run
        if run is None or run.finish is not Finish.COMPLETE or attempt is None or attempt.part is not None:
            return
        entry = attempt.entry
        if entry in self._turned or entry not in self._session.entries:
            return
        turns = _turns_to_upright(run, entry)
        if not turns:
            return
        # Once: who turns it back wants it so.
        self._turned.add(entry)
        self._undoing.turn(entry, turns, self.tr("turn"))
        if entry is self._session.entry and not attempt.is_of_many:
            self._tell_turned(entry, turns)

    def _tell_turned(self, entry: Entry, turns: int) -> None:
        if turns == UPSIDE_DOWN:
            text = self.tr("The text on this page stood on its head; the page was turned.")
        else:
            text = self.tr("The text on this page lay on its side; the page was turned.")
        if self._bar.text:
            self._window.telling.tell_briefly(text)
            return
        choices = [Choice(self.tr("Turn it back"), partial(self._undoing.turn, entry, -turns, self.tr("turn")))]
        if entry.is_one_of_many:
            others = self.tr("Turn all %1 pages of the file").replace("%1", f"{entry.file.page_count:,}")
            choices.append(Choice(others, partial(self._turn_others, entry, turns)))
        self._tell(text, *choices)

    def _ask_to_turn(self) -> None:
        """Offer to read a page once more that an endpoint read as it lay, now that its lines tell how it lies."""
        entry, run = self._session.entry, self._session.run
        if entry is None or run is None or self._session.is_live or self._bar.text:
            return
        is_of_endpoint = any(answer.prompt is not None for answer in run.answers)
        if not is_of_endpoint or entry in self._turned or run.view.turns != entry.turns:
            return
        turns = _turns_to_upright(run, entry)
        if not turns:
            return
        self._turned.add(entry)
        if turns == UPSIDE_DOWN:
            text = self.tr("The text on this page stands on its head; engines read upright text better.")
        else:
            text = self.tr("The text on this page lies on its side; engines read upright text better.")
        self._tell(text, Choice(self.tr("Turn and read again"), partial(self._turn_and_read, entry, turns)))

    def _turn_and_read(self, entry: Entry, turns: int) -> None:
        self._undoing.turn(entry, turns, self.tr("turn"))
        self._window.actions_by_name["read"].trigger()

    def _tell(self, text: str, *choices: Choice) -> None:
        self._bar.show_message(MessageKind.INFO, text, *choices)
        self._told = text

    def _close_told(self) -> None:
        """The page lies another way: what was said of it is no longer so."""
        if self._told and self._bar.text == self._told:
            self._bar.clear()
        self._told = ""

    def _forget_closed(self) -> None:
        self._turned.intersection_update(self._session.entries)
        self._asked_for_text.intersection_update(entry.file for entry in self._session.entries)

    def _turn_others(self, entry: Entry, turns: int) -> None:
        pages = [each for each in self._session.entries if each.file is entry.file and each is not entry]
        self._undoing.turn_all(entry, pages, turns, self.tr("turn all pages"))

    # All pages

    def read_all(self) -> None:
        """Read every page in the list that was not read yet; if all were, each once more."""
        reading = self._window.reading_all
        unread = reading.unread()
        self.read_these(unread or list(self._session.entries))

    def read_these(self, entries: list[Entry]) -> None:
        """Read these pages, after the user has said so where they leave this computer."""
        engine = self._control.engine
        if not entries or self._window.reading_all.tally is not None:
            return
        if engine.host is None:
            self._begin(entries)
            return
        host = engine.host
        # Which pages of such files hold text is known only when they are opened.
        is_certain = not any(entry.file.takes_text for entry in entries)
        if not is_certain:
            text = self.tr("Up to %1 pages, those without text of their own, will go to %2. Send them?")
        elif engine.is_local:
            text = self.tr("%1 pages will be sent to %2. Send them all?")
        elif len(entries) == 1:
            text = self.tr("1 page will leave this computer and go to %2. Send it?")
        else:
            text = self.tr("%1 pages will leave this computer and go to %2. Send them all?")
        self._bar.show_message(
            MessageKind.WARNING,
            text.replace("%1", f"{len(entries):,}").replace("%2", host),
            Choice(self._send_words(len(entries), host), partial(self._allow_and_begin, host, entries)),
            Choice(self.tr("Read on this computer"), partial(self._begin_here, entries)),
        )

    def _send_words(self, count: int, host: str) -> str:
        if self._control.may_send_to(self._control.engine):
            text = self.tr("Send %1 pages to %2") if count > 1 else self.tr("Send it to %2")
        else:
            text = self.tr("Send %1 pages, and remember %2") if count > 1 else self.tr("Send, and remember %2")
        return text.replace("%1", f"{count:,}").replace("%2", host)

    def _allow_and_begin(self, host: str, entries: list[Entry]) -> None:
        if self._control.engine.host != host:
            return
        allowed = self._control.settings.allowed_hosts
        if not self._control.may_send_to(self._control.engine):
            self._commands.change_settings(allowed_hosts=(*allowed, host))
        self._begin(entries)

    def _begin_here(self, entries: list[Entry]) -> None:
        self._commands.choose_this_computer()
        self._begin(entries)

    def _begin(self, entries: list[Entry]) -> None:
        self._window.tasks.spawn(self._window.reading_all.read(entries))

    def _tell_of_all(self, tally: Tally, failure: OcrDesktopError | None) -> None:
        if self._window.reading_all.is_hindered:
            return
        left = self._window.reading_all.rest
        done = self.tr("%1 of %2 pages are read.").replace("%1", f"{tally.done:,}").replace("%2", f"{tally.total:,}")
        is_whole = tally.done + tally.failed >= tally.total
        can_go_on = any(entry.failure is None for entry in left)
        choices = (Choice(self.tr("Read the rest"), partial(self.read_these, left)),) if can_go_on else ()
        if failure is not None:
            wording = error_wording(failure)
            self._bar.show_message(MessageKind.ERROR, f"{wording.explanation} {done}", *choices, title=wording.title)
        elif tally.failed and tally.total == 1 and left and left[0].failure is not None:
            wording = error_wording(left[0].failure, name=left[0].name)
            self._bar.show_message(MessageKind.ERROR, wording.explanation, title=wording.title)
        elif tally.failed:
            text = self.tr("%1 could not be read; the list says why.").replace("%1", f"{tally.failed:,}")
            self._bar.show_message(MessageKind.WARNING, f"{done} {text}", *choices)
        elif not is_whole:
            self._bar.show_message(MessageKind.INFO, self.tr("Stopped. %1").replace("%1", done), *choices)
        elif tally.total > 1:
            self._bar.show_message(MessageKind.INFO, done)


def _turns_to_upright(run: Run, entry: Entry) -> int:
    from ocr_desktop.core.sideways import turns_to_upright

    return turns_to_upright(run.lines, entry.turns)
