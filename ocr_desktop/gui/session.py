"""What is on show: which picture, which of its runs, which region. Everything that shows something listens here.

Canvas, views and lists tell the session what was clicked, and never each other.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.doubts import doubts_of
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.updates import LiveRun, PageUpdate

if TYPE_CHECKING:
    from ocr_desktop.core.document import Edit, Region, Run
    from ocr_desktop.core.doubts import Doubt
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.intake import OpenedDocument


class Session(QObject):
    """The pictures of a window and the one on show.

    Signals:
        entries_changed(): The list of pictures changed, or which one is on show.
        page_opening(Entry): A picture is being decoded.
        page_opened(): The picture on show has pixels now, or none any more (`opened` tells).
        page_failed(Entry, OcrDesktopError): A picture cannot be opened; what was on show still is.
        text_replaced(): Another text is on show, not more of the same: another picture, another run, a new answer.
        content_changed(): The regions or the raw text on show changed.
        runs_changed(): The runs of the picture on show changed, or which is on show.
        hits_changed(): The layer of locate hits changed.
        page_replaced(Entry): Another picture stands in a file's place; what was read of the old one is gone.
        page_turned(): The picture on show stands another way round.
        labels_hidden(): Other labels are left out on the canvas.
        region_selected(int | None), region_hovered(int | None): In the run on show.
    """

    entries_changed = Signal()
    page_opening = Signal(object)
    page_opened = Signal()
    page_failed = Signal(object, object)
    text_replaced = Signal()
    content_changed = Signal()
    runs_changed = Signal()
    hits_changed = Signal()
    page_replaced = Signal(object)
    page_turned = Signal()
    labels_hidden = Signal()
    region_selected = Signal(object)
    region_hovered = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._live: LiveRun | None = None
        self._live_entry: Entry | None = None
        self._wanted: Entry | None = None
        self._kept: list[OpenedDocument] = []
        self._edited: tuple[Run, tuple[Region, ...]] | None = None
        self.hidden_labels: frozenset[str] = frozenset()
        self.entries: list[Entry] = []
        self.entry: Entry | None = None
        self.opened: OpenedDocument | None = None
        self.selected: int | None = None
        self.hovered: int | None = None

    # What is on show

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions on show: of the answer that streams in, else of the chosen run with its edits."""
        if self.is_live and self._live is not None:
            return self._live.regions
        run = self.run
        if run is None:
            return ()
        if self._edited is None or self._edited[0] is not run:
            self._edited = (run, _as_shown(run))
        return self._edited[1]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What somebody should look at in the regions on show."""
        run = None if self.is_live else self.run
        if run is None:
            return doubts_of(self.regions, Finish.COMPLETE)
        return doubts_of(self.regions, run.finish, run.edits, run.answers)

    @property
    def turns(self) -> int:
        """The clockwise quarter turns in which the picture is shown."""
        return 0 if self.entry is None else self.entry.turns

    @property
    def raw(self) -> str:
        if self.is_live and self._live is not None:
            return self._live.raw
        run = self.run
        return "" if run is None else run.raw

    @property
    def text_runs(self) -> tuple[Run, ...]:
        """The runs to choose from: all but the locate runs, which are layers."""
        page = None if self.entry is None else self.entry.page
        return () if page is None else tuple(run for run in page.runs if run.preset != PresetId.LOCATE)

    @property
    def run(self) -> Run | None:
        """The run on show."""
        return None if self.entry is None else self.entry.run(self.entry.run_id)

    @property
    def hits_run(self) -> Run | None:
        """The locate run whose hits are on show."""
        return None if self.entry is None else self.entry.run(self.entry.hits_id)

    @property
    def hits(self) -> tuple[Region, ...]:
        run = self.hits_run
        return () if run is None else _as_shown(run)

    @property
    def is_live(self) -> bool:
        """Whether what is on show is an answer that still streams in, and no run yet."""
        return self._live is not None and self._live_entry is self.entry

    # Pictures

    def add(self, entries: list[Entry]) -> None:
        """Put pictures at the end of the list."""
        self.entries += entries
        self.entries_changed.emit()

    async def show_entry(self, entry: Entry) -> bool:
        """Show a picture as soon as it is decoded; what was on show stays until then, and where it cannot be opened.

        Returns whether it is on show now; not so where it failed, or where another was wanted meanwhile.
        """
        self._wanted = entry
        if self.entry is entry and self.opened is not None:
            self.entries_changed.emit()
            return True
        self.page_opening.emit(entry)
        try:
            opened = await self._decoded(entry)
        except OcrDesktopError as error:
            if entry.page is None and entry in self.entries:
                self.entries.remove(entry)
            self.entries_changed.emit()
            self.page_failed.emit(entry, error)
            return False
        if self._wanted is not entry or entry not in self.entries:
            self._context.intake.release(opened)
            return False
        if self.entry is entry and self.opened is not None:
            # It was chosen twice before it was there.
            self._context.intake.release(opened)
            return True
        self._leave_page()
        self._take_page(entry, opened)
        self.entry, self.opened = entry, opened
        self.entries_changed.emit()
        self.page_opened.emit()
        self._tell_other_text()
        return True

    def remove_entry(self, entry: Entry) -> None:
        """Take a picture off the list; where it was on show, nothing is then."""
        self.entries.remove(entry)
        if self.entry is entry:
            self._leave_page()
            self.entry = self._wanted = None
            self._tell_other_text()
        self.entries_changed.emit()

    def keep_pixels(self, opened: OpenedDocument) -> None:
        """Keep a picture's pixels while a job reads them, whatever is on show meanwhile."""
        self._kept.append(opened)

    def let_go_of_pixels(self, opened: OpenedDocument) -> None:
        """The job has ended; the pixels go unless they are on show."""
        self._kept.remove(opened)
        self._release_unused(opened)

    def close(self) -> None:
        self._leave_page()
        self.entry = None

    # Runs

    def begin_live(self, entry: Entry, *, is_layer: bool) -> None:
        """An answer begins to stream in for this picture; a layer of hits leaves the words on show alone."""
        self._live_entry = entry
        self._live = None if is_layer else LiveRun()
        if self.is_live:
            self._clear_region()
            self._tell_other_text()

    def take_update(self, update: PageUpdate) -> None:
        if self._live is None:
            return
        shown = self.is_live
        before = self._pointed_regions() if shown else {}
        self._live.apply(update)
        if shown:
            self._carry_over(before)
            self.content_changed.emit()

    def end_live(self, entry: Entry, run: Run | None) -> None:
        """The answer has ended; its run, if one came of it, belongs to the picture and is on show with it."""
        had_text = self.is_live and run is None
        before = self._pointed_regions()
        self._live = self._live_entry = None
        if run is not None and entry.page is not None:
            entry.page = replace(entry.page, runs=(*entry.page.runs, run))
            if run.preset == PresetId.LOCATE:
                entry.hits_id = run.id
            else:
                entry.run_id = run.id
        if had_text:
            self._tell_other_text()
        elif entry is self.entry:
            self._carry_over(before)
            self._tell_content()

    def choose_run(self, index: int) -> None:
        """Show another of `text_runs`."""
        if self.entry is not None:
            self.entry.run_id = self.text_runs[index].id
            self._clear_region()
            self._tell_other_text()

    def set_edits(self, entry: Entry, run_id: str, edits: tuple[Edit, ...]) -> None:
        """Let a run have these edits and no others, and show it where its picture is on show."""
        run = entry.run(run_id)
        if run is None:
            return
        entry.replace_run(replace(run, edits=edits))
        is_other = entry.run_id != run_id
        entry.run_id = run_id
        if entry is not self.entry:
            return
        if is_other:
            self._clear_region()
            self.text_replaced.emit()
        else:
            self._carry_over({})
        self._tell_content()

    def set_turns(self, entry: Entry, turns: int) -> None:
        """Show a picture after this many clockwise quarter turns; its boxes stay on their words."""
        if entry.page is not None:
            entry.page = replace(entry.page, turns=turns % 4)
            if entry is self.entry:
                self.page_turned.emit()

    def hide_labels(self, labels: frozenset[str]) -> None:
        """Leave these kinds of regions out on the canvas."""
        if labels != self.hidden_labels:
            self.hidden_labels = labels
            self.labels_hidden.emit()

    def show_hits_of(self, run: Run | None) -> None:
        """Lay the hits of one of the picture's locate runs over it; None: of none."""
        hits_id = None if run is None else run.id
        if self.entry is not None and self.entry.hits_id != hits_id:
            self.entry.hits_id = hits_id
            self.hits_changed.emit()

    # Regions

    def select_region(self, region_id: int | None) -> None:
        if region_id != self.selected:
            self.selected = region_id
            self.region_selected.emit(region_id)

    def hover_region(self, region_id: int | None) -> None:
        if region_id != self.hovered:
            self.hovered = region_id
            self.region_hovered.emit(region_id)

    def select_next_region(self, step: int) -> None:
        """Walk the regions in reading order, from the first or the last where none is selected; round at the ends.

        Those whose labels are left out on the canvas are passed by.
        """
        ids = [region.id for region in self.regions if region.label not in self.hidden_labels]
        if not ids:
            return
        if self.selected in ids:
            self.select_region(ids[(ids.index(self.selected) + step) % len(ids)])
        else:
            self.select_region(ids[0 if step > 0 else -1])

    def _clear_region(self) -> None:
        self.hover_region(None)
        self.select_region(None)

    def _pointed_regions(self) -> dict[int, Region]:
        """The selected and the hovered region, by id."""
        wanted = {self.selected, self.hovered} - {None}
        return {region.id: region for region in self.regions if region.id in wanted} if wanted else {}

    def _carry_over(self, before: dict[int, Region]) -> None:
        """Let what is selected and hovered be in the regions on show: what became of it, or nothing."""
        if self.selected is None and self.hovered is None:
            return
        ids = {region.id for region in self.regions}
        if self.selected is not None and self.selected not in ids:
            self.select_region(self._successor(before.get(self.selected)))
        if self.hovered is not None and self.hovered not in ids:
            self.hover_region(self._successor(before.get(self.hovered)))

    def _successor(self, gone: Region | None) -> int | None:
        """The region that holds now what one that is gone held: lines become paragraphs when a reading ends."""
        if gone is None or not gone.boxes:
            return None
        box = gone.boxes[0]
        x, y = (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2
        return next((each.id for each in self.regions if any(box.contains(x, y) for box in each.boxes)), None)

    def _tell_other_text(self) -> None:
        self.text_replaced.emit()
        self._tell_content()

    def _tell_content(self) -> None:
        self.runs_changed.emit()
        self.content_changed.emit()
        self.hits_changed.emit()

    async def _decoded(self, entry: Entry) -> OpenedDocument:
        if isinstance(entry.source, Path):
            return await self._context.intake.open_file(entry.source)
        return await self._context.intake.open_data(entry.source, entry.name)

    def _take_page(self, entry: Entry, opened: OpenedDocument) -> None:
        """Keep the runs of a picture that is opened again, unless another picture stands in its place now."""
        sha256 = opened.document.source.sha256
        if entry.page is None or entry.sha256 != sha256:
            is_replaced = entry.page is not None
            entry.page = opened.page
            entry.sha256 = sha256
            entry.run_id = entry.hits_id = None
            if is_replaced:
                self.page_replaced.emit(entry)

    def _leave_page(self) -> None:
        self._clear_region()
        opened, self.opened = self.opened, None
        # Listeners drop their mapping of the pixels before the stretch is given back.
        self.page_opened.emit()
        if opened is not None:
            self._release_unused(opened)

    def _release_unused(self, opened: OpenedDocument) -> None:
        if opened is not self.opened and not any(kept is opened for kept in self._kept):
            self._context.intake.release(opened)


def _as_shown(run: Run) -> tuple[Region, ...]:
    from ocr_desktop.core.edits import edited_regions

    return edited_regions(run)
