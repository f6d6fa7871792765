"""While an endpoint is asked, this computer reads as well: a draft that gives way as the answer streams in."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import OF_TEXT
from ocr_desktop.core.updates import LiveRun
from ocr_desktop.engines.base import EngineKind
from ocr_desktop.worker.dispatch import GaveWayError, WorkerBugError

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region, Run
    from ocr_desktop.core.geometry import Quad
    from ocr_desktop.core.updates import PageUpdate
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.services.recognition import Reading, RecognitionJob

_log = logging.getLogger(__name__)


class Standing(Enum):
    """What a draft is good for."""

    AWAITING = auto()
    """The endpoint's answer may still come."""
    OFFERED = auto()
    """No answer came, or not all of it: the draft can be kept."""
    SET_ASIDE = auto()
    """Nobody sees it; its lines are of use, and so is all of it where the same is asked again."""


@dataclass(eq=False, slots=True)
class Draft:
    """A page's draft, from the moment an endpoint is asked on.

    Attributes:
        asked: What the endpoint is asked.
        picture_key: Which picture that was then.
        quads: The lines that were found so far, page pixels.
        run: What the embedded engine read, once it is through.
        job: What reads it.
    """

    entry: Entry
    asked: Reading
    picture_key: str
    standing: Standing = Standing.AWAITING
    live: LiveRun = field(default_factory=LiveRun)
    quads: list[Quad] = field(default_factory=list)
    run: Run | None = None
    job: RecognitionJob | None = None

    @property
    def regions(self) -> tuple[Region, ...]:
        return self.live.regions if self.run is None else self.run.regions

    def is_of(self, asked: Reading) -> bool:
        """Whether this is what a draft of the same page would be."""
        of_same = self.picture_key == self.entry.picture_key
        return of_same and (self.asked.view, self.asked.preset) == (asked.view, asked.preset)

    def begin(self, job: RecognitionJob) -> None:
        """Let this job read it, from the start."""
        self.job, self.live, self.quads = job, LiveRun(), []

    def take_update(self, update: PageUpdate) -> None:
        self.live.apply(update)
        if not update.removed:
            # What takes the place of lines is no line any more.
            self.quads += [region.quad for region in update.added if region.quad is not None]

    def take_run(self, run: Run) -> None:
        self.run = run
        self.quads = [line.quad for line in run.lines]


class Drafting(QObject):
    """Makes drafts, one at a time, and shows that of the page on show.

    Signals:
        begun(): A draft is about to be read.
        ended(): No draft is being read any more.
        shown(): What is seen of a draft may have changed.
    """

    begun = Signal()
    ended = Signal()
    shown = Signal()

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._control = window.control
        self._output = window.output
        self._lines = window.canvas.draft_lines
        self._context = context
        self._drafts: dict[Entry, Draft] = {}
        self._readings = 0
        self._with_lines: Draft | None = None
        """Whose lines lie over the page."""
        self._covered = 0
        """How many of the answer's regions they have given way to."""
        self._control.started.connect(self._begin)
        self._control.failed.connect(self._take_failure)
        self._control.ended.connect(self._take_end)
        self._output.draft_keep_requested.connect(self.keep)
        for signal in (self._session.page_opened, self._session.content_changed):
            signal.connect(self._show)
        self._session.entries_changed.connect(self._forget_closed)
        self._session.page_replaced.connect(self._forget_replaced)

    @property
    def is_reading(self) -> bool:
        """Whether a draft is being read, also one that nobody sees any more: its lines are of use."""
        return self._readings > 0

    def keep(self) -> None:
        """Let the draft be a reading of its page like any other."""
        draft = self._shown_draft
        if draft is None or draft.run is None or draft.standing is not Standing.OFFERED or self._session.is_live:
            return
        draft.standing = Standing.SET_ASIDE
        # It may be kept once more, when the endpoint was asked again in vain.
        self._session.end_live(draft.entry, replace(draft.run, id=uuid.uuid4().hex))

    # From its beginning to its end

    def _begin(self) -> None:
        attempt, job, opened = self._control.attempt, self._control.job, self._session.opened
        if attempt is None or job is None or attempt.is_of_region or attempt.terms:
            # What is on show stays, and so does a draft of it.
            return
        draft = self._drafts.get(attempt.entry)
        if opened is None or attempt.entry is not self._session.entry or not self._is_wanted(job):
            if draft is not None:
                self._set_aside(draft)
            self._show()
            return
        for other in list(self._drafts.values()):
            if other.run is None:
                # Whoever waits now must not wait for this one.
                self._drop(other)
        self._clear_lines()
        if draft is not None and draft.run is not None and draft.is_of(job.reading):
            draft.standing = Standing.AWAITING
        else:
            draft = self._drafts[attempt.entry] = Draft(attempt.entry, job.reading, attempt.entry.picture_key)
            self._window.tasks.spawn(self._read(draft, opened))
        self._show()

    def _is_wanted(self, job: RecognitionJob) -> bool:
        is_of_many = self._control.attempt is not None and self._control.attempt.is_of_many
        is_asked_of_endpoint = job.engine.kind is not EngineKind.EMBEDDED
        is_text = job.reading.preset in OF_TEXT
        return self._control.settings.makes_drafts and is_asked_of_endpoint and is_text and not is_of_many

    async def _read(self, draft: Draft, opened: OpenedDocument) -> None:
        self._session.pixels.keep(opened)
        self._readings += 1
        self.begun.emit()
        run: Run | None = None
        try:
            run = await self._run_of(draft)
        except OcrDesktopError as error:
            # The endpoint is asked in any case; where nothing reads here there is no draft.
            _log.info("no draft: %s", error.code)
        except WorkerBugError:
            _log.exception("no draft")
        finally:
            if run is not None and run.finish is Finish.COMPLETE:
                draft.take_run(run)
                self._context.enrichment.keep(draft.picture_key, run.view, run.lines)
            else:
                self._drop(draft)
            self._session.pixels.let_go(opened)
            self._readings -= 1
            self.ended.emit()
            self._show()

    async def _run_of(self, draft: Draft) -> Run | None:
        """Read it, again from the start where somebody asked this computer for something else; None: it is dropped."""
        from ocr_desktop.engines.embedded import EmbeddedEngine
        from ocr_desktop.services.questions import questions_for
        from ocr_desktop.services.recognition import Reading, RecognitionJob

        asked = draft.asked
        engine = EmbeddedEngine(self._context.reader, in_background=True)
        reading = Reading(asked.pixels, asked.preset, questions_for(asked.preset), view=asked.view)
        while self._drafts.get(draft.entry) is draft:
            draft.begin(job := RecognitionJob(engine, reading))
            job.updated.connect(self._take_update)
            try:
                return await job.read()
            except GaveWayError:
                self._show()
        return None

    def _take_update(self, update: PageUpdate) -> None:
        for draft in self._drafts.values():
            if draft.job is not None and draft.job.id == update.run_id:
                draft.take_update(update)
                self._show()
                return

    def _take_failure(self, _error: OcrDesktopError) -> None:
        draft = self._answered_draft
        if draft is not None:
            draft.standing = Standing.OFFERED
            self._show()

    def _take_end(self, job: RecognitionJob) -> None:
        draft = self._answered_draft
        if draft is None or job.run is None:
            return
        has_words = _has_words(job.run.regions, job.run.raw)
        is_stopped = job.run.finish is Finish.CANCELLED
        if has_words and job.run.finish is Finish.COMPLETE:
            # Nobody needs it now, but its lines may be of use.
            draft.standing = Standing.SET_ASIDE
            if not self._control.settings.aligns_words:
                self._set_aside(draft)
        elif is_stopped and (draft.run is None or not has_words):
            self._set_aside(draft)
        else:
            draft.standing = Standing.OFFERED
        self._show()

    @property
    def _answered_draft(self) -> Draft | None:
        """The draft beside the answer that has just ended."""
        attempt = self._control.attempt
        if attempt is None or attempt.is_of_region or attempt.terms:
            return None
        draft = self._drafts.get(attempt.entry)
        return draft if draft is not None and draft.standing is Standing.AWAITING else None

    def _forget_closed(self) -> None:
        for entry in self._drafts.keys() - set(self._session.entries):
            self._drop(self._drafts[entry])

    def _forget_replaced(self, entry: Entry) -> None:
        if entry in self._drafts:
            self._drop(self._drafts[entry])
            self._show()

    def _set_aside(self, draft: Draft) -> None:
        """Show it no more, and do not read it to its end."""
        draft.standing = Standing.SET_ASIDE
        if draft.run is None:
            self._drop(draft)

    def _drop(self, draft: Draft) -> None:
        if self._drafts.get(draft.entry) is draft:
            del self._drafts[draft.entry]
        if draft.job is not None and draft.run is None:
            draft.job.stop()

    # What is seen of it

    @property
    def _shown_draft(self) -> Draft | None:
        entry = self._session.entry
        draft = None if entry is None else self._drafts.get(entry)
        return None if draft is None or draft.standing is Standing.SET_ASIDE else draft

    def _show(self) -> None:
        draft = self._shown_draft
        has_words = _has_words(self._session.regions, self._session.raw)
        self._show_lines(draft, has_words=has_words)
        if draft is None or not draft.regions or (draft.standing is Standing.AWAITING and has_words):
            self._output.hide_draft()
        else:
            self._output.show_draft(
                draft.regions,
                is_awaiting=draft.standing is Standing.AWAITING,
                is_through=draft.run is not None,
                is_beside_words=has_words,
            )
        self.shown.emit()

    def _show_lines(self, draft: Draft | None, *, has_words: bool) -> None:
        """Show the lines on the picture; those that the answer has a box for give way to it, once for each box."""
        if draft is None or (draft.standing is Standing.OFFERED and has_words):
            self._clear_lines()
            return
        if draft is not self._with_lines:
            self._clear_lines()
            self._with_lines = draft
        self._lines.show_lines(draft.quads)
        if has_words:
            regions = self._session.regions
            self._lines.cover([box for region in regions[self._covered :] for box in region.boxes])
            self._covered = len(regions)

    def _clear_lines(self) -> None:
        self._with_lines, self._covered = None, 0
        self._lines.clear()


def _has_words(regions: tuple[Region, ...], raw: str) -> bool:
    return bool(regions) or bool(raw.strip())
