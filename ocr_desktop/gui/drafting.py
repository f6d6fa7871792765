"""While an endpoint is asked, this computer reads as well: a draft that gives way as the answer streams in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.updates import LiveRun
from ocr_desktop.engines.base import EMBEDDED_ID, EngineKind
from ocr_desktop.gui.canvas.draft_item import DraftItem

if TYPE_CHECKING:
    from ocr_desktop.core.document import Run
    from ocr_desktop.core.geometry import Quad
    from ocr_desktop.core.updates import PageUpdate
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument
    from ocr_desktop.services.recognition import Reading, RecognitionJob

DRAFTED_PRESETS = frozenset({PresetId.MARKDOWN, PresetId.OCR, PresetId.FREE})


@dataclass(eq=False, slots=True)
class Draft:
    """A page's draft, from the moment an endpoint is asked on.

    Attributes:
        is_awaited: Whether the endpoint's answer may still come.
        run: What the embedded engine read, once it is through.
        job: What reads it.
    """

    entry: Entry
    opened: OpenedDocument
    is_awaited: bool = True
    live: LiveRun = field(default_factory=LiveRun)
    run: Run | None = None
    job: RecognitionJob | None = None

    @property
    def quads(self) -> list[Quad]:
        """The lines that were found so far, page pixels."""
        if self.run is not None:
            return [line.quad for line in self.run.lines]
        return [region.quad for region in self.live.regions if region.quad is not None]


class Drafting(QObject):
    """Makes drafts and shows them; holds at most one.

    Signals:
        ended(): No draft is being read any more.
        shown(): What is seen of a draft may have changed.
    """

    ended = Signal()
    shown = Signal()

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._control = window.control
        self._output = window.output
        self._context = context
        self._draft: Draft | None = None
        self._readings = 0
        self._shown: tuple[Draft | None, int] = (None, 0)
        """Whose lines lie over the page, and how many came."""
        self._covered = 0
        """How many of the answer's regions they have given way to."""
        self._item = DraftItem()
        window.canvas.scene().addItem(self._item)
        self._control.started.connect(self._begin)
        self._control.failed.connect(self._take_failure)
        self._control.ended.connect(self._take_end)
        self._output.draft_kept.connect(self.keep)
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
        draft = self._draft
        if draft is None or draft.run is None or self._session.is_live:
            return
        run, entry = draft.run, draft.entry
        self._drop()
        self._session.end_live(entry, run)

    # From its beginning to its end

    def _begin(self) -> None:
        attempt, job, opened = self._control.attempt, self._control.job, self._session.opened
        if attempt is None or attempt.is_of_region or attempt.terms:
            # What is on show stays, and so does a draft of it.
            return
        self._drop()
        if job is None or opened is None or attempt.entry is not self._session.entry or not self._is_wanted(job):
            return
        self._draft = Draft(attempt.entry, opened)
        self._window.tasks.spawn(self._read(self._draft, job.reading))

    def _is_wanted(self, job: RecognitionJob) -> bool:
        is_of_many = self._control.attempt is not None and self._control.attempt.is_of_many
        is_asked_of_endpoint = job.engine.kind is not EngineKind.EMBEDDED
        is_text = job.reading.preset in DRAFTED_PRESETS
        return self._control.settings.makes_drafts and is_asked_of_endpoint and is_text and not is_of_many

    async def _read(self, draft: Draft, asked: Reading) -> None:
        from ocr_desktop.services.questions import questions_for
        from ocr_desktop.services.recognition import Reading, RecognitionJob

        self._session.pixels.keep(draft.opened)
        self._readings += 1
        try:
            engine = await self._context.catalogue.engine(EMBEDDED_ID)
            if self._draft is not draft:
                return
            preset = asked.preset
            draft.job = RecognitionJob(engine, Reading(asked.pixels, preset, questions_for(preset), view=asked.view))
            draft.job.updated.connect(self._take_update)
            run = await draft.job.read()
            if run.finish is Finish.COMPLETE:
                draft.run = run
                self._context.enrichment.keep(draft.entry.picture_key, run.view, run.lines)
        except OcrDesktopError:
            # The endpoint is asked in any case; where nothing reads here there is no draft.
            draft.job = None
        finally:
            self._session.pixels.let_go(draft.opened)
            self._readings -= 1
            self.ended.emit()
            self._show()

    def _take_update(self, update: PageUpdate) -> None:
        draft = self._draft
        if draft is not None and draft.job is not None and draft.job.id == update.run_id:
            draft.live.apply(update)
            self._show()

    def _take_failure(self, _error: OcrDesktopError) -> None:
        self._settle(is_done=False)

    def _take_end(self, job: RecognitionJob) -> None:
        self._settle(is_done=job.run is not None and job.run.finish is Finish.COMPLETE)

    def _settle(self, *, is_done: bool) -> None:
        """The endpoint's answer has ended; where it is whole nobody needs the draft, but its lines may be of use."""
        attempt = self._control.attempt
        if self._draft is None or attempt is None or attempt.entry is not self._draft.entry:
            return
        if attempt.is_of_region or attempt.terms:
            return
        self._draft.is_awaited = False
        if is_done and self._control.settings.aligns_words:
            self._draft = None
        elif is_done:
            self._drop()
        self._show()

    def _forget_closed(self) -> None:
        if self._draft is not None and self._draft.entry not in self._session.entries:
            self._drop()

    def _forget_replaced(self, entry: Entry) -> None:
        if self._draft is not None and self._draft.entry is entry:
            self._drop()

    def _drop(self) -> None:
        draft, self._draft = self._draft, None
        if draft is not None and draft.job is not None and draft.run is None:
            draft.job.stop()
        self._show()

    # What is seen of it

    def _show(self) -> None:
        self._show_draft()
        self.shown.emit()

    def _show_draft(self) -> None:
        draft = self._draft
        if draft is None or draft.entry is not self._session.entry:
            self._show_lines(None, has_words=False)
            self._output.show_draft(None)
            return
        has_words = bool(self._session.raw)
        can_keep = not draft.is_awaited and draft.run is not None
        is_seen = bool(draft.live.regions) and (can_keep or (draft.is_awaited and not has_words))
        self._show_lines(draft if is_seen or draft.is_awaited else None, has_words=has_words)
        self._output.show_draft(draft.live.regions if is_seen else None, can_keep=can_keep, is_beside_words=has_words)

    def _show_lines(self, draft: Draft | None, *, has_words: bool) -> None:
        """Show the lines on the picture; those that the answer has a box for give way to it, once for each box."""
        is_shown = draft is not None and (draft.is_awaited or not has_words)
        quads = draft.quads if draft is not None and is_shown else []
        if (draft, len(quads)) != self._shown:
            self._shown = (draft, len(quads))
            self._covered = 0
            self._item.show_lines(quads)
        if quads and has_words:
            regions = self._session.regions
            self._item.cover([box for region in regions[self._covered :] for box in region.boxes])
            self._covered = len(regions)
