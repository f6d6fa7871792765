"""Locating: the terms in the box, the text that is searched for them, and the engine that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from ocr_desktop.core.document import Finish, Origin, Region, Run
from ocr_desktop.core.geometry import bounds_of
from ocr_desktop.core.presets import PresetId
from ocr_desktop.core.updates import LiveRun, PageUpdate
from ocr_desktop.gui.canvas.view import FOUND
from ocr_desktop.gui.locating.layer import Asked, EngineGroup, Hit, Layer, Phase

if TYPE_CHECKING:
    from ocr_desktop.core.finding import Missed
    from ocr_desktop.gui.canvas.view import Canvas
    from ocr_desktop.gui.controls import Toolbar
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.locating.panel import LocatePanel
    from ocr_desktop.gui.reading import ReadingControl
    from ocr_desktop.gui.session import Session

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
LINE = "line"
RETURNING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""The keys come back to where they were; the user did not go there."""


class Locating(QObject):
    """Keeps the layer of hits over the page on show.

    Terms are looked for in the text on show at once, and on the picture where the user asks the engine. What an engine
    found belongs to its picture and to its terms: it is shown while just these stand in the box.

    Signals:
        changed(): The layer went on or off, or holds other hits.
    """

    changed = Signal()

    def __init__(
        self, session: Session, control: ReadingControl, toolbar: Toolbar, canvas: Canvas, panel: LocatePanel
    ) -> None:
        super().__init__(panel)
        self._session = session
        self._control = control
        self._toolbar = toolbar
        self._canvas = canvas
        self._panel = panel
        self.layer = Layer(self)
        self._terms: tuple[str, ...] = ()
        self._is_dismissed = False
        self._asked: dict[str, Asked] = {}
        self._live: LiveRun | None = None
        self._live_id = ""
        self._live_entry: Entry | None = None
        self._connect_choices()
        self._connect_content()

    @property
    def is_on(self) -> bool:
        return self.layer.is_on

    def clear(self) -> bool:
        """Take the layer off the page; what was asked is kept, and comes back with its terms. False: it was off."""
        if not self.is_on:
            return False
        self._is_dismissed = True
        self._refresh()
        return True

    # Connections

    def _connect_choices(self) -> None:
        toolbar, panel = self._toolbar, self._panel
        toolbar.terms_changed.connect(self._take_terms)
        toolbar.locate_edit.installEventFilter(self)
        panel.ask_requested.connect(toolbar.locate_requested)
        panel.stop_requested.connect(self._control.stop)
        panel.close_requested.connect(self.clear)
        panel.step_requested.connect(self._step)
        panel.hit_chosen.connect(self._choose)
        self._control.choices_changed.connect(self._show_asking)
        self._control.progressed.connect(panel.show_progress)

    def _connect_content(self) -> None:
        session, control = self._session, self._control
        session.page_opened.connect(self._refresh)
        session.text_replaced.connect(lambda: self.layer.choose(None))
        session.content_changed.connect(self._refresh)
        session.hits_changed.connect(self._refresh)
        control.started.connect(self._take_start)
        control.ended.connect(self._take_end)
        control.failed.connect(self._take_end)
        self.layer.changed.connect(lambda: self._panel.show_layer(self.layer))
        self.layer.current_changed.connect(lambda: self._panel.show_current(self.layer))
        self.layer.current_changed.connect(self._mark_current)
        self._canvas.hit_clicked.connect(self._take_click)

    # The box

    def _take_terms(self) -> None:
        if self._toolbar.terms != self._terms:
            self._terms = self._toolbar.terms
            self._is_dismissed = False
            self._refresh()

    def _wake(self) -> None:
        """The user goes to the box: what was taken off the page comes back, and the text is made ready for typing."""
        self.layer.finder.look_through(self._session.regions)
        if self._is_dismissed:
            self._is_dismissed = False
            self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() not in RETURNING:
            self._wake()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = STEPS.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier(0):
                self._wake()
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    # The engine

    def _take_start(self) -> None:
        job, attempt = self._control.job, self._control.attempt
        if job is None or attempt is None or job.reading.preset is not PresetId.LOCATE:
            self._show_asking()
            return
        is_embedded = job.engine.host is None
        self._asked[job.id] = Asked(attempt.terms, None if is_embedded else job.engine.title)
        self._live, self._live_id, self._live_entry = LiveRun(), job.id, attempt.entry
        job.updated.connect(self._take_update)
        self._is_dismissed = False
        if not _are_same(attempt.terms, self._terms):
            from ocr_desktop.core.finding import TERM_SEPARATOR

            self._toolbar.locate_edit.setText(TERM_SEPARATOR.join(attempt.terms))
        self._refresh()

    def _take_update(self, update: PageUpdate) -> None:
        if self._live is not None and update.run_id == self._live_id:
            self._live.apply(update)
            self._refresh()

    def _take_end(self) -> None:
        self._live = self._live_entry = None
        self._refresh()

    # The layer

    def _refresh(self) -> None:
        """Bring the layer to what is on show and what stands in the box."""
        session = self._session
        if self.is_on or self._toolbar.locate_edit.hasFocus():
            # Also before there are terms, so that the first letter does not have to wait for it.
            self.layer.finder.look_through(session.regions)
        if session.opened is None or not self._terms or self._is_dismissed:
            if self.is_on:
                self._switch_off()
            return
        self.layer.finder.look_through(session.regions)
        found = self.layer.finder.find(self._terms)
        group = self._show_engine_hits()
        has_text = bool(session.regions) or session.run is not None
        if not self._is_shown(found, group, has_text):
            self.layer.show(self._terms, found, group, has_text=has_text)
            self._canvas.show_found(found)
            self.changed.emit()
        self._show_asking()

    def _switch_off(self) -> None:
        self.layer.clear()
        self._canvas.show_found(())
        self._canvas.show_hits(())
        self._session.show_hits_of(None)
        self.changed.emit()

    def _is_shown(self, found: tuple[Region, ...], group: EngineGroup, has_text: bool) -> bool:
        layer = self.layer
        is_same_text = len(found) == len(layer.found) and all(map(lambda one, other: one is other, found, layer.found))
        is_same = (self._terms, group, has_text) == (layer.terms, layer.engine, layer.has_text)
        return layer.is_on and is_same_text and is_same

    @property
    def _is_asked_now(self) -> bool:
        """Whether these terms are being looked for on this page."""
        is_here = self._live is not None and self._live_entry is self._session.entry
        return is_here and _are_same(self._asked[self._live_id].terms, self._terms)

    def _show_engine_hits(self) -> EngineGroup:
        """Show what the engine says of these terms on this page: now, or when it was asked for them last."""
        if self._live is not None and self._is_asked_now:
            hits = _hits_among(self._live.regions)
            group = EngineGroup(Phase.ASKING, self._asked[self._live_id], _hits_of(hits))
        else:
            run = self._run_of_terms()
            self._session.show_hits_of(run)
            hits = _hits_among(self._session.hits)
            group = EngineGroup()
            if run is not None:
                asked = self._asked[run.id]
                group = EngineGroup(Phase.ASKED, asked, _hits_of(hits), _missed_of(run, asked, hits))
        self._canvas.show_hits(hits)
        return group

    def _run_of_terms(self) -> Run | None:
        page = None if self._session.entry is None else self._session.entry.page
        for run in () if page is None else reversed(page.runs):
            asked = self._asked.get(run.id)
            if asked is not None and _are_same(asked.terms, self._terms):
                return run
        return None

    def _show_asking(self) -> None:
        if self.is_on:
            control = self._control
            is_asking = self._live is not None
            self._panel.show_asking(
                control.engine,
                control.locate_prompts(self._terms),
                is_asking=is_asking,
                is_busy=control.job is not None and not is_asking,
            )

    # The current hit

    def _step(self, by: int) -> None:
        self.layer.step(by)
        self._go_to_current()

    def _choose(self, number: int) -> None:
        self.layer.choose(number)
        self._go_to_current()

    def _go_to_current(self) -> None:
        """Bring the current hit close, and where it stands in the text, mark its words there."""
        hit = self.layer.current_hit
        if hit is None:
            return
        if hit.is_in_text:
            self._session.select_region(hit.region_id)
        if hit.box is not None:
            self._canvas.zoom_to_area(hit.box)

    def _mark_current(self) -> None:
        hit = self.layer.current_hit
        self._canvas.show_current_hit(None if hit is None else hit.box)

    def _take_click(self, layer: str, region_id: int) -> None:
        """A hit was clicked on the picture: it is the current one, and the words below it are marked."""
        number = self.layer.number_of_region(region_id, is_in_text=layer == FOUND)
        if number is None:
            return
        self.layer.choose(number)
        hit = self.layer.hit(number)
        self._session.select_region(region_id if hit.is_in_text else self._region_below(hit))

    def _region_below(self, hit: Hit) -> int | None:
        """The region with the smallest box that an engine's hit has its middle on."""
        if hit.box is None:
            return None
        x, y = (hit.box.x_min + hit.box.x_max) / 2, (hit.box.y_min + hit.box.y_max) / 2
        below = [(box, region) for region in self._session.regions for box in region.boxes if box.contains(x, y)]
        return min(below, key=lambda pair: pair[0].width * pair[0].height)[1].id if below else None


def _are_same(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    from ocr_desktop.core.finding import folded

    return [*map(folded, some)] == [*map(folded, others)]


def _hits_among(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions of a locate that are hits; the embedded engine's lines come before it says which of them match."""
    return tuple(
        region for region in regions if region.boxes and not (region.origin is Origin.EMBEDDED and region.label == LINE)
    )


def _hits_of(regions: tuple[Region, ...]) -> tuple[Hit, ...]:
    """Each box is a hit, since the model gives all places of a term in one list; of this computer's, each region is."""
    return tuple(
        Hit(False, region.id, region.text, box, (region.text,))
        for region in regions
        for box in ((bounds_of(region.boxes),) if region.origin is Origin.EMBEDDED else region.boxes)
    )


def _missed_of(run: Run, asked: Asked, hits: tuple[Region, ...]) -> tuple[Missed, ...]:
    """The terms that have no hit, of those that were answered to the end."""
    from ocr_desktop.core.finding import folded, missed

    misses = []
    for number, (term, answer) in enumerate(zip(asked.terms, run.answers, strict=False)):
        own = [region for region in run.regions if region.source is not None and region.source.answer == number]
        is_found = any(region in hits for region in own) or any(folded(region.text) == folded(term) for region in hits)
        if not is_found and answer.finish is Finish.COMPLETE:
            misses.append(missed(term, None if answer.prompt is None else answer.raw, own))
    return tuple(misses)
