"""The test of a connection as the settings show it: a line for each check, as it is come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ocr_desktop.gui import appearance
from ocr_desktop.gui.message_bar import MessageText
from ocr_desktop.gui.settings.connection_row import ConnectionRow
from ocr_desktop.gui.settings.connection_words import not_tested_text, result_text, verdict_text
from ocr_desktop.gui.settings.fields import Note
from ocr_desktop.services.connection import ConnectionTest
from ocr_desktop.services.connection_report import (
    Advice,
    CheckKind,
    CheckResult,
    CheckState,
    ConnectionReport,
    Finding,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.base import Lack
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.context import AppContext

PROGRESS_HEIGHT = 4


class ConnectionPanel(QWidget):
    """Runs one test at a time and shows it; hidden before the first.

    Signals:
        model_chosen(str): A model of the server's list is wanted.
        base_url_chosen(str): The other address of the server is wanted.
        models_found(object): The server's models (tuple of str), the likeliest first, not empty.
        tested(object): A test ended, with its `ConnectionReport`.
        lacks_noted(frozenset of Lack): What the answer came without is to be noted in the engine.
        shown_wanted(QWidget): This part of what was found should be seen.
    """

    model_chosen = Signal(str)
    base_url_chosen = Signal(str)
    models_found = Signal(object)
    tested = Signal(object)
    lacks_noted = Signal(object)
    shown_wanted = Signal(object)

    def __init__(
        self, context: AppContext, spawn: Callable[[Coroutine[Any, Any, None]], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("connection_panel")
        self.setAccessibleName(self.tr("Test of the connection"))
        self._context = context
        self._spawn = spawn
        self._test: ConnectionTest | None = None
        self._is_running = False
        self._told_models: tuple[str, ...] = ()
        self._lacks: frozenset[Lack] = frozenset()
        self._rows: dict[CheckKind, ConnectionRow] = {}
        self._lay_out()
        self.hide()

    @property
    def is_running(self) -> bool:
        return self._is_running

    def begin(self, profile: Profile, key: Secret | None) -> None:
        """Test this endpoint with this key, whether they are kept or not; a test that still runs is stopped."""
        self._let_go()
        test = ConnectionTest(profile, key, engines=self._context.catalogue.trial, intake=self._context.intake)
        test.checked.connect(self._show_result)
        test.finished.connect(self._show_report)
        # The dialog may go while its test runs.
        self.destroyed.connect(test.stop)
        self._test, self._told_models = test, ()
        for row in self._rows.values():
            row.hide()
        self._rest.show_note("")
        self._note_button.hide()
        self._show_running(True)
        self._headline.show_text(self.tr("Testing %1…").replace("%1", profile.title))
        self.show()
        self._spawn(_run(test))

    def stop(self) -> None:
        """End the test; what it found stays."""
        if self._test is not None:
            self._test.stop()

    def clear(self) -> None:
        """End the test and hide: what it found is of another endpoint, or of one that was changed."""
        self._let_go()
        self._show_running(False)
        self.hide()

    def _lay_out(self) -> None:
        self._headline = MessageText(self, name="connection_headline")
        font = self._headline.font()
        font.setBold(True)
        self._headline.setFont(font)
        self._stop = QPushButton(self.tr("Stop"), self)
        self._stop.setObjectName("stop_test")
        self._stop.setAutoDefault(False)
        self._stop.setAccessibleName(self.tr("Stop the test"))
        self._stop.clicked.connect(self.stop)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(PROGRESS_HEIGHT)
        self._progress.setAccessibleName(self.tr("The test is running"))
        self._what = Note(self)
        self._rest = Note(self)
        self._note_button = QPushButton(self.tr("Note what its answers lack"), self)
        self._note_button.setObjectName("note_lacks_button")
        self._note_button.setToolTip(self.tr("Keep with this engine what its answers came without now"))
        self._note_button.setAutoDefault(False)
        self._note_button.clicked.connect(self._note_lacks)
        head = QHBoxLayout()
        head.setSpacing(appearance.SPACING)
        head.addWidget(self._headline, 1)
        head.addWidget(self._stop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(appearance.SPACING)
        self._column.addLayout(head)
        self._column.addWidget(self._progress)
        self._column.addWidget(self._what)
        self._column.addWidget(self._rest)
        self._column.addWidget(self._note_button, 0, Qt.AlignmentFlag.AlignLeading)
        self._column.addStretch()
        self._what.show_note(self.tr("Only a small picture of the program's own is sent, never one of yours."))

    def _let_go(self) -> None:
        """End the test without hearing more of it."""
        if self._test is not None:
            self._test.checked.disconnect(self._show_result)
            self._test.finished.disconnect(self._show_report)
            self.destroyed.disconnect(self._test.stop)
            self._test.stop()
            self._test = None

    def _row(self, kind: CheckKind) -> ConnectionRow:
        """The line of a check, at its place in the order of the checks."""
        if kind not in self._rows:
            row = ConnectionRow(kind.value, self)
            row.taken.connect(self.model_chosen if kind is CheckKind.MODEL else self.base_url_chosen)
            kinds = list(CheckKind)
            before = sum(kinds.index(other) < kinds.index(kind) for other in self._rows)
            self._column.insertWidget(self._column.indexOf(self._what) + 1 + before, row)
            self._rows[kind] = row
        return self._rows[kind]

    def _show_result(self, result: CheckResult) -> None:
        test = self._test
        if test is None or not isValid(self):
            return
        if result.finding in (Finding.NOT_REACHED, Finding.NOTHING_TO_TELL):
            if result.kind in self._rows:
                self._rows[result.kind].hide()
            return
        row = self._row(result.kind)
        row.show_found(result.state, result_text(result, test.profile))
        if Advice.USE_OTHER_ADDRESS in result.advice:
            row.offer_address(str(result.facts["other_base_url"]))
        if Advice.CHOOSE_MODEL in result.advice:
            row.offer_models(test.models)
        row.show()
        self._tell_models(test.models)

    def _show_report(self, report: ConnectionReport) -> None:
        if self._test is None or not isValid(self):
            return
        self._show_running(False)
        self._headline.show_text(verdict_text(report.verdict))
        left_out = tuple(result.kind for result in report.results if result.finding is Finding.NOT_REACHED)
        self._rest.show_note(not_tested_text(left_out))
        self._tell_models(report.models)
        self._lacks = report.lacks
        is_news = report.lacks != frozenset(self._test.profile.lacks)
        self._note_button.setVisible(is_news and report.verdict in (Verdict.GOOD, Verdict.LIMITED))
        # Only then everything has its place.
        QTimer.singleShot(0, self, self._want_to_be_seen)
        self.tested.emit(report)

    def _note_lacks(self) -> None:
        self._note_button.hide()
        self.lacks_noted.emit(self._lacks)

    def _want_to_be_seen(self) -> None:
        """Where there is no room for all: the first check that failed before the verdict, that before the rest."""
        if self._is_running or not self.isVisible():
            return
        rows = (self._rows[kind] for kind in CheckKind if kind in self._rows)
        failed = next((row for row in rows if row.isVisible() and row.state is CheckState.FAILED), None)
        for part in (self, self._headline, failed):
            if part is not None:
                self.shown_wanted.emit(part)

    def _tell_models(self, models: tuple[str, ...]) -> None:
        if models and models != self._told_models:
            self._told_models = models
            self.models_found.emit(models)

    def _show_running(self, is_running: bool) -> None:
        self._is_running = is_running
        had_focus = self._stop.hasFocus()
        self._stop.setVisible(is_running)
        self._progress.setVisible(is_running)
        if had_focus and not is_running:
            self._give_focus_on()

    def _give_focus_on(self) -> None:
        """Let the keys go to what is suggested, where Stop had them and went."""
        offered = (self.findChild(QWidget, name) for name in ("use_address", "found_models"))
        target = next((widget for widget in offered if widget is not None and widget.isVisible()), None)
        if target is not None:
            target.setFocus()


async def _run(test: ConnectionTest) -> None:
    await test.run()
