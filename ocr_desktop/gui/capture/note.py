"""The small note of a capture: that it is read, what was copied, what went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal

from ocr_desktop.core.capture_kinds import CaptureKind
from ocr_desktop.gui.capture.corner_note import CLOSES_AFTER_MS, CornerNote
from ocr_desktop.gui.capture.note_text import (
    ReadFacts,
    error_ways,
    facts_text,
    first_lines,
    incomplete_text,
    instead_text,
    lost_text,
    place_text,
    undo_text,
)
from ocr_desktop.gui.message_bar import Choice
from ocr_desktop.gui.messages import error_wording

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ocr_desktop.core.errors import OcrDesktopError
    from ocr_desktop.engines.base import EngineDescription

STEP_MS = 1000


class CaptureNote(CornerNote):
    """Says one thing at a time in a corner of the screen, and takes the focus only where somebody gives it.

    What needs no answer goes by itself, not while the pointer or the focus is in it.

    Signals:
        cancel_requested(): The reading shall end, or not begin.
        local_requested(): Read on this computer instead.
        consent_given(): The host that was asked about may have the picture.
        retry_requested(): The same again.
        undo_requested(): The clipboard shall be as it was.
        open_requested(): The window shall show it.
        copy_requested(str): What was read goes to the clipboard in this form: "markdown", "text", "table", …
        activated(): The note has the focus, without which some window systems take nothing for the clipboard.
        closed(): By somebody or by itself; what it was about goes on.
    """

    cancel_requested = Signal()
    local_requested = Signal()
    consent_given = Signal()
    retry_requested = Signal()
    undo_requested = Signal()
    open_requested = Signal()
    copy_requested = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        step_ms: int = STEP_MS,
        closes_after_ms: int = CLOSES_AFTER_MS,
    ) -> None:
        super().__init__(parent, closes_after_ms=closes_after_ms)
        self.setObjectName("capture_note")
        self.setWindowTitle(self.tr("Capture"))
        self._now = now
        self._since = 0.0
        self._clock = QTimer(self, interval=step_ms)
        # A coarse one would leave out a second now and then.
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._show_seconds)
        self.closed.connect(self._clock.stop)

    # What it says

    def show_reading(self, host: str | None = None) -> None:
        """Say that it is read, by whom and for how long now (None: this computer)."""
        self._since = self._now()
        choices = [] if host is None else [self._local_choice]
        choices.append(Choice(self.tr("Cancel"), self.cancel_requested.emit))
        self._say("read", self._reading_text, place_text(host), *choices)
        self._clock.start()

    def tell_waiting(self, text: str) -> None:
        """Say below what the reading waits for."""
        self._say_more(text)

    def show_consent(self, host: str) -> None:
        """Ask whether a host may have the picture, before anything is sent."""
        self._clock.stop()
        self._say(
            "warning",
            self.tr("Send this picture to %1?").replace("%1", host),
            self.tr("Nothing has been sent yet."),
            Choice(self.tr("Send to %1").replace("%1", host), self.consent_given.emit),
            self._local_choice,
            Choice(self.tr("Cancel"), self.cancel_requested.emit),
        )

    def show_error(self, error: OcrDesktopError, engine: EngineDescription | None = None) -> None:
        """Say what went wrong, why, and offer what may help; `engine` was asked, or could not be."""
        self._clock.stop()
        wording = error_wording(error, engine="" if engine is None else engine.title)
        has_endpoint = engine is not None and engine.host is not None
        may_try_again, may_read_here, may_open = error_ways(error.code, has_endpoint=has_endpoint)
        choices = [self._retry_choice] if may_try_again else []
        choices += [self._local_choice] if may_read_here else []
        choices += [self._open_choice] if may_open else []
        self._say("error", wording.title, wording.explanation, *choices, self._close_choice)

    def show_done(self, facts: ReadFacts) -> None:
        """Say what lies on the clipboard now; an answer that is not whole stays on show until somebody closes it."""
        self._clock.stop()
        incomplete = incomplete_text(facts)
        choices = [self._open_choice, *self._copy_choices(facts)]
        if facts.can_undo:
            undo = Choice(self.tr("Undo"), self.undo_requested.emit)
            choices.insert(0, undo)
        self._say(
            "warning" if incomplete else "passed",
            self.tr("Copied, but incomplete") if incomplete else self.tr("Copied"),
            f"{instead_text(facts)} {incomplete}".strip(),
            *choices,
            lines=first_lines(facts.text),
            foot=facts_text(facts),
            closes=not incomplete,
        )
        if facts.can_undo:
            self._explain(undo, undo_text(facts.lost_flavours))

    def tell_overwritten(self) -> None:
        """Say, where the clipboard could have been given back, that somebody has put something else there since."""
        if self._withdraw(self.tr("Undo")):
            text = self.tr("Something else was copied since.")
            self._say_more(f"{self.text} {text}".strip())

    def show_left_alone(self, facts: ReadFacts, *, is_refused: bool = False) -> None:
        """Say that the clipboard was not written.

        Args:
            facts: What would have been.
            is_refused: By the window system, which wants a click first; else something came to the clipboard meanwhile.
        """
        self._clock.stop()
        if is_refused:
            text = self.tr("This desktop lets programs copy only after a click.")
        else:
            text = self.tr("Something else was copied meanwhile, so the clipboard was left alone.")
        self._say(
            "warning",
            self.tr("Read, but not copied"),
            f"{text} {instead_text(facts)} {incomplete_text(facts)}".strip(),
            Choice(self.tr("Copy"), partial(self.copy_requested.emit, facts.kind.value)),
            self._open_choice,
            *self._copy_choices(facts),
            lines=first_lines(facts.text),
            foot=facts_text(facts),
        )

    def show_empty(self, host: str | None = None, reason: str = "") -> None:
        """Say that no text was found.

        Args:
            host: Who found none; None: this computer.
            reason: Why, where it is not for want of text: the answer broke off before any came.
        """
        self._clock.stop()
        self._say(
            "warning" if reason else "info",
            self.tr("No text was found"),
            f"{reason} {self.tr('The clipboard is as it was.')}".strip(),
            self._retry_choice,
            *([] if host is None else [self._local_choice]),
            self._open_choice,
            closes=not reason,
        )

    def show_undone(self, lost_flavours: tuple[str, ...] = (), *, kind: CaptureKind = CaptureKind.MARKDOWN) -> None:
        """Say that the clipboard is as it was, and offer to copy after all."""
        self._clock.stop()
        self._say(
            "undo",
            self.tr("The clipboard is as it was"),
            lost_text(lost_flavours),
            Choice(self.tr("Copy again"), partial(self.copy_requested.emit, kind.value)),
            self._open_choice,
            closes=True,
        )

    # Choices that stand in several places

    @property
    def _local_choice(self) -> Choice:
        return Choice(self.tr("Use this computer"), self.local_requested.emit)

    @property
    def _open_choice(self) -> Choice:
        return Choice(self.tr("Open in window"), self.open_requested.emit)

    @property
    def _retry_choice(self) -> Choice:
        return Choice(self.tr("Try again"), self.retry_requested.emit)

    @property
    def _close_choice(self) -> Choice:
        return Choice(self.tr("Close"), self.dismiss)

    def _copy_choices(self, facts: ReadFacts) -> list[Choice]:
        """The other forms in which it can be copied."""
        kinds: dict[CaptureKind, str] = {}
        if facts.kind in (CaptureKind.TEXT, CaptureKind.TABLE):
            kinds[CaptureKind.MARKDOWN] = self.tr("Copy as Markdown")
        if facts.kind is not CaptureKind.TEXT:
            kinds[CaptureKind.TEXT] = self.tr("Copy as text")
        if facts.has_table and facts.kind is not CaptureKind.TABLE:
            kinds[CaptureKind.TABLE] = self.tr("Copy as table")
        return [Choice(text, partial(self.copy_requested.emit, kind.value)) for kind, text in kinds.items()]

    # Reading

    @property
    def _reading_text(self) -> str:
        return self.tr("Reading… %1 s").replace("%1", str(max(int(self._now() - self._since), 0)))

    def _show_seconds(self) -> None:
        self._title.show_text(self._reading_text)
