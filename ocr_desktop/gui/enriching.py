"""Positions for what is on show where its answer came without any, and what an answer's words compare with."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ocr_desktop.engines.base import EngineKind

if TYPE_CHECKING:
    from ocr_desktop.core.document import Run
    from ocr_desktop.gui.drafting import Drafting
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.gui.undoing import Undoing
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument


class Enriching(QObject):
    """Enriches the run on show when it has ended, one at a time, in a job of its own that nothing waits for.

    It gives way to what the user asks of this computer, and begins anew afterwards.
    """

    def __init__(self, window: MainWindow, context: AppContext, drafting: Drafting, undoing: Undoing) -> None:
        super().__init__(window)
        self._session = window.session
        self._control = window.control
        self._reading_all = window.reading_all
        self._tasks = window.tasks
        self._context = context
        self._drafting = drafting
        self._undoing = undoing
        self._is_busy = False
        self._task: asyncio.Task[None] | None = None
        self._tried: set[str] = set()
        """Ids of the runs that were enriched, or could not be."""
        self._session.page_opened.connect(self._leave_page)
        self._control.started.connect(self._make_room)
        drafting.begun.connect(self._call_off)
        for signal in (self._session.runs_changed, self._control.ended, self._control.failed, drafting.ended):
            signal.connect(self.look)
        self._reading_all.ended.connect(self.look)

    def look(self) -> None:
        """Enrich what is on show, where that is wanted and nobody has."""
        session = self._session
        entry, run, opened = session.entry, session.run, session.opened
        if entry is None or run is None or opened is None or session.is_live or not self._is_wanted(run):
            return
        if self._is_busy or self._drafting.is_reading or self._is_asked_here:
            # The end of each looks again.
            return
        self._tried.add(run.id)
        self._is_busy = True
        # Which picture that is, is known now: another may stand in its place before the lines are read.
        self._tasks.spawn(self._enrich(entry, run, opened, entry.picture_key))

    def _is_wanted(self, run: Run) -> bool:
        from ocr_desktop.core.alignment.regions import is_transcript

        is_new = run.comparison is None and run.id not in self._tried
        return self._control.settings.aligns_words and is_new and is_transcript(run)

    @property
    def _is_asked_here(self) -> bool:
        """Whether the user has this computer read something; between two of all pages it must not begin either."""
        if self._reading_all.tally is not None:
            return self._control.engine.kind is EngineKind.EMBEDDED
        job = self._control.job
        return job is not None and job.engine.kind is EngineKind.EMBEDDED

    def _make_room(self) -> None:
        if self._is_asked_here:
            self._call_off()

    def _leave_page(self) -> None:
        if self._task is None:
            self.look()
        else:
            self._call_off()

    def _call_off(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _enrich(self, entry: Entry, run: Run, opened: OpenedDocument, key: str) -> None:
        is_done = False
        self._task = asyncio.current_task()
        self._session.pixels.keep(opened)
        try:
            self._put(entry, run, await self._enriched(run, opened, key))
            is_done = True
        finally:
            self._session.pixels.let_go(opened)
            self._task, self._is_busy = None, False
            if not is_done:
                # It was called off: who comes back to the page wants it still.
                self._tried.discard(run.id)
            self.look()

    async def _enriched(self, run: Run, opened: OpenedDocument, key: str) -> Run:
        """The run with places; its regions stay whole where a change is, or was, about one of them.

        A change that was taken back may be done again: the ids that it gave are not free.
        """
        enrichment = self._context.enrichment
        if not self._undoing.has_changed(run.id):
            enriched = await enrichment.enriched(run, opened.pixels, key)
            if enriched is run or not self._undoing.has_changed(run.id):
                return enriched
        return await enrichment.enriched(run, opened.pixels, key, may_cut=False)

    def _put(self, entry: Entry, before: Run, enriched: Run) -> None:
        now = entry.run(before.id)
        if now is not None and enriched is not before:
            self._session.enrich_run(entry, replace(enriched, edits=now.edits))
