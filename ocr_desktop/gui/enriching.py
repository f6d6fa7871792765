"""Positions for what is on show where its answer came without any, and what an answer's words compare with."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.gui.drafting import DRAFTED_PRESETS

if TYPE_CHECKING:
    from ocr_desktop.core.document import Run
    from ocr_desktop.gui.drafting import Drafting
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument


class Enriching(QObject):
    """Enriches the run on show when it has ended, one at a time, in a job of its own that nothing waits for.

    Signals:
        enriched(Entry): A run of this page got positions, or was compared.
    """

    enriched = Signal(object)

    def __init__(self, window: MainWindow, context: AppContext, drafting: Drafting) -> None:
        super().__init__(window)
        self._session = window.session
        self._control = window.control
        self._tasks = window.tasks
        self._context = context
        self._drafting = drafting
        self._is_busy = False
        self._task: asyncio.Task[None] | None = None
        self._tried: set[str] = set()
        """Ids of the runs that were enriched, or could not be."""
        self._session.page_opened.connect(self._leave_page)
        for signal in (self._session.runs_changed, self._control.ended, drafting.ended):
            signal.connect(self._look)

    def _leave_page(self) -> None:
        if self._task is not None:
            self._task.cancel()
        else:
            self._look()

    def _look(self) -> None:
        """Enrich what is on show, where that is wanted and nobody has."""
        session = self._session
        entry, run, opened = session.entry, session.run, session.opened
        if entry is None or run is None or opened is None or session.is_live or not self._is_wanted(run):
            return
        if self._is_busy or self._drafting.is_reading:
            # The end of either looks again.
            return
        self._tried.add(run.id)
        self._is_busy = True
        self._tasks.spawn(self._enrich(entry, run, opened))

    def _is_wanted(self, run: Run) -> bool:
        is_of_endpoint = any(answer.prompt is not None for answer in run.answers)
        is_new = run.comparison is None and run.id not in self._tried
        return self._control.settings.aligns_words and is_of_endpoint and is_new and run.preset in DRAFTED_PRESETS

    async def _enrich(self, entry: Entry, run: Run, opened: OpenedDocument) -> None:
        is_done = False
        self._task = asyncio.current_task()
        self._session.pixels.keep(opened)
        try:
            enriched = await self._context.enrichment.enriched(run, opened.pixels, entry.picture_key)
            self._put(entry, run, enriched)
            is_done = True
        finally:
            self._session.pixels.let_go(opened)
            self._task, self._is_busy = None, False
            if not is_done:
                # It was called off: who comes back to the page wants it still.
                self._tried.discard(run.id)
            self._look()

    def _put(self, entry: Entry, before: Run, enriched: Run) -> None:
        now = entry.run(before.id)
        if now is None or enriched is before:
            return
        is_cut_anew = [region.id for region in enriched.regions] != [region.id for region in before.regions]
        if now.edits and is_cut_anew:
            # What the user changed meanwhile is about the regions as they were.
            enriched = replace(enriched, regions=before.regions)
        self._session.enrich_run(entry, replace(enriched, edits=now.edits))
        self.enriched.emit(entry)
