"""What is on show: which picture, which of its runs, which region. Everything that shows something listens here.

Canvas, views and lists tell the session what was clicked, and never each other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.document import Finish
from ocr_desktop.core.doubts import doubts_of
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.updates import LiveRun, PageUpdate
from ocr_desktop.gui.entries import Entry
from ocr_desktop.gui.kept_pixels import KeptPixels
from ocr_desktop.gui.page_opening import PageOpening
from ocr_desktop.gui.region_pointer import RegionPointer
from ocr_desktop.gui.shown_run import ShownRun

if TYPE_CHECKING:
    from ocr_desktop.core.document import Edit, Region, Run
    from ocr_desktop.core.doubts import Doubt
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.core.page_parts import IgnoredArea
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
        parts_changed(): Other parts of the page on show are read: it was cropped, or areas are ignored.
        entry_changed(Entry): A page in the list was turned, read, or could not be opened.
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
    parts_changed = Signal()
    entry_changed = Signal(object)
    labels_hidden = Signal()
    region_selected = Signal(object)
    region_hovered = Signal(object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pointer = RegionPointer(self)
        self._pointer.region_selected.connect(self.region_selected)
        self._pointer.region_hovered.connect(self.region_hovered)
        self._live: LiveRun | None = None
        self._live_entry: Entry | None = None
        self._wanted: Entry | None = None
        self._opening = PageOpening(context)
        self.pixels = KeptPixels(context, lambda: self.opened)
        self._shown_run: ShownRun | None = None
        self.hidden_labels: frozenset[str] = frozenset()
        self.entries: list[Entry] = []
        self.ignored_everywhere: tuple[IgnoredArea, ...] = ()
        self.entry: Entry | None = None
        self.opened: OpenedDocument | None = None

    # What is on show

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions on show: of the answer that streams in, else of the chosen run with its edits."""
        if self.is_live and self._live is not None:
            return self._live.regions
        run = self.run
        return () if run is None else self._shown(run).regions

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What somebody should look at in the regions on show."""
        run = None if self.is_live else self.run
        return doubts_of(self.regions, Finish.COMPLETE) if run is None else self._shown(run).doubts

    @property
    def turns(self) -> int:
        """In which the picture on show stands."""
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
        return () if run is None else ShownRun(run).regions

    @property
    def is_live(self) -> bool:
        """Whether what is on show is an answer that still streams in, and no run yet."""
        return self._live is not None and self._live_entry is self.entry

    def _shown(self, run: Run) -> ShownRun:
        if self._shown_run is None or self._shown_run.run is not run:
            self._shown_run = ShownRun(run)
        return self._shown_run

    # Pages

    def add(self, entries: list[Entry]) -> None:
        """Put pages at the end of the list."""
        self.entries += entries
        self.entries_changed.emit()

    def list_pages(self, entry: Entry, page_count: int) -> None:
        """Put the other pages of an entry's file behind it, once it is known how many there are."""
        if entry.file.page_count is not None or entry not in self.entries:
            return
        entry.file.page_count = page_count
        if page_count > 1:
            at = self.entries.index(entry) + 1
            others = (number for number in range(1, page_count + 1) if number != entry.number)
            self.entries[at:at] = [Entry(entry.file, number) for number in others]
            self.entries_changed.emit()

    async def show_entry(self, entry: Entry) -> bool:
        """Show a page as soon as it is decoded; what was on show stays until then.

        Where it cannot be opened, it is on show without a picture; one that was added by itself leaves the list, and
        what was on show stays.

        Returns whether its picture is on show now; not so where it failed, or where another was wanted meanwhile.
        """
        self._wanted = entry
        if self.entry is entry and self.opened is not None:
            self.entries_changed.emit()
            return True
        self.page_opening.emit(entry)
        try:
            opened = await self._opening.open(entry)
        except OcrDesktopError as error:
            self._take_failure(entry, error)
            return False
        if opened is None:
            return False
        if self._wanted is not entry or entry not in self.entries:
            self._context.intake.release(opened)
            return False
        if self.entry is entry and self.opened is not None:
            # It was chosen twice before it was there.
            self._context.intake.release(opened)
            return True
        self._leave_page()
        self.take_page(entry, opened)
        self.entry, self.opened = entry, opened
        self.list_pages(entry, opened.page_count)
        self.entries_changed.emit()
        self.page_opened.emit()
        self._tell_other_text()
        return True

    def remove_entries(self, entries: list[Entry]) -> None:
        """Take pages off the list; where one of them was on show, nothing is then."""
        gone = set(entries)
        self.entries = [entry for entry in self.entries if entry not in gone]
        if self.entry in gone:
            self._leave_page()
            self.entry = self._wanted = None
            self._tell_other_text()
        self.entries_changed.emit()

    def put_back(self, places: dict[Entry, int]) -> None:
        """Put pages that were closed back to where they were, in the order of their places."""
        for entry, at in places.items():
            self.entries.insert(at, entry)
        self.entries_changed.emit()

    def close(self) -> None:
        self._leave_page()
        self.entry = None

    # Runs

    def begin_live(self, entry: Entry, *, is_layer: bool) -> None:
        """An answer begins to stream in for this picture; a layer of hits leaves the words on show alone."""
        self._live_entry = entry
        self._live = None if is_layer else LiveRun()
        if self.is_live:
            self._pointer.clear()
            self._tell_other_text()

    def take_update(self, update: PageUpdate) -> None:
        if self._live is None:
            return
        shown = self.is_live
        before = self._pointer.pointed(self.regions) if shown else {}
        self._live.apply(update)
        if shown:
            self._pointer.carry_over(before, self.regions)
            self.content_changed.emit()

    def end_live(self, entry: Entry, run: Run | None) -> None:
        """The answer has ended; its run, if one came of it, belongs to the picture and is on show with it."""
        had_text = self.is_live and run is None
        before = self._pointer.pointed(self.regions)
        self._live = self._live_entry = None
        if run is not None and entry.page is not None:
            entry.page = replace(entry.page, runs=(*entry.page.runs, run))
            if run.preset == PresetId.LOCATE:
                entry.hits_id = run.id
            else:
                entry.run_id = run.id
            self.entry_changed.emit(entry)
        if had_text:
            self._tell_other_text()
        elif entry is self.entry:
            self._pointer.carry_over(before, self.regions)
            self._tell_content()

    def choose_run(self, index: int) -> None:
        """Show another of `text_runs`."""
        if self.entry is not None:
            self.entry.run_id = self.text_runs[index].id
            self._pointer.clear()
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
            self._pointer.clear()
            self.text_replaced.emit()
        else:
            self._pointer.carry_over({}, self.regions)
        self._tell_content()

    def enrich_run(self, entry: Entry, run: Run) -> None:
        """Put what was found out about a run after its end in its place; what is selected stays so."""
        before = self._pointer.pointed(self.regions)
        entry.replace_run(run)
        if entry is self.entry and entry.run_id == run.id and not self.is_live:
            self._pointer.carry_over(before, self.regions)
            self._tell_content()

    def set_turns(self, entry: Entry, turns: int) -> None:
        """Show a page after this many clockwise quarter turns; its boxes stay on their words."""
        entry.show_as(turns=turns % 4, crop=entry.crop)
        self.entry_changed.emit(entry)
        if entry is self.entry:
            self.page_turned.emit()

    def turn_pages(self, entries: list[Entry], quarter_turns: int) -> None:
        """Turn many pages clockwise (negative: back), and tell of it once."""
        for entry in entries:
            entry.show_as(turns=(entry.turns + quarter_turns) % 4, crop=entry.crop)
        self.entries_changed.emit()
        self.page_turned.emit()

    def set_crop(self, entry: Entry, crop: PixelBox | None) -> None:
        """Read only this part of a page (page pixels); None: all of it."""
        entry.show_as(turns=entry.turns, crop=crop)
        self.parts_changed.emit()

    def set_ignored(self, entry: Entry | None, areas: tuple[IgnoredArea, ...]) -> None:
        """Leave these areas out when a page is read; None: on every page."""
        if entry is None:
            self.ignored_everywhere = areas
        else:
            entry.ignored = areas
        self.parts_changed.emit()

    def ignored_on(self, entry: Entry) -> tuple[IgnoredArea, ...]:
        """What is left out when a page is read."""
        return (*self.ignored_everywhere, *entry.ignored)

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

    @property
    def selected(self) -> int | None:
        return self._pointer.selected

    @property
    def hovered(self) -> int | None:
        return self._pointer.hovered

    def select_region(self, region_id: int | None) -> None:
        self._pointer.select(region_id)

    def hover_region(self, region_id: int | None) -> None:
        self._pointer.hover(region_id)

    def select_next_region(self, step: int) -> None:
        """Walk the regions in reading order; those whose labels are left out on the canvas are passed by."""
        ids = [region.id for region in self.regions if region.label not in self.hidden_labels]
        self._pointer.select_next(ids, step)

    def _tell_other_text(self) -> None:
        self.text_replaced.emit()
        self._tell_content()

    def _tell_content(self) -> None:
        self.runs_changed.emit()
        self.content_changed.emit()
        self.hits_changed.emit()

    def mark_failed(self, entry: Entry, error: OcrDesktopError) -> None:
        """Let the list say that a page cannot be opened or read, wherever that was tried."""
        entry.failure = error
        self.entry_changed.emit(entry)

    def _take_failure(self, entry: Entry, error: OcrDesktopError) -> None:
        if entry not in self.entries:
            return
        if entry.is_alone and entry.page is None:
            self.entries.remove(entry)
        elif self._wanted is entry:
            self._leave_page()
            self.entry = entry
            self._tell_other_text()
        self.mark_failed(entry, error)
        self.entries_changed.emit()
        self.page_failed.emit(entry, error)

    def take_page(self, entry: Entry, opened: OpenedDocument) -> None:
        """Let a page be what was opened; what was read of another picture in its place is gone."""
        if entry.take_page(opened.page, opened.document.source.sha256):
            self.page_replaced.emit(entry)

    def _leave_page(self) -> None:
        self._pointer.clear()
        opened, self.opened = self.opened, None
        # Listeners drop their mapping of the pixels before the stretch is given back.
        self.page_opened.emit()
        if opened is not None:
            self.pixels.release_unused(opened)
