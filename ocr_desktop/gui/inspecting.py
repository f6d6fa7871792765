"""Looking closely: regions and areas on the picture, doubts, turning, and taking changes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint
from PySide6.QtGui import QGuiApplication

from ocr_desktop.core.document import Confirm
from ocr_desktop.core.edits import splice_of
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.core.geometry import PixelBox, View, bounds_of
from ocr_desktop.gui.attempts import Attempt, Part
from ocr_desktop.gui.message_bar import Choice, MessageKind
from ocr_desktop.gui.messages import doubt_text
from ocr_desktop.gui.region_menu import RegionMenu
from ocr_desktop.gui.undoing import Undoing

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region, Run
    from ocr_desktop.core.doubts import Doubt
    from ocr_desktop.gui.main_window import MainWindow
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.recognition import RecognitionJob

PNG = "image/png"
LONGEST_COPY = 16_384
"""No side of a copied picture is longer, in pixels."""


class Inspecting(QObject):
    """Does what the user asks of single regions, areas and doubts, with the parts of one window."""

    def __init__(self, window: MainWindow, context: AppContext) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._session = window.session
        self._control = window.control
        self._doubt: Doubt | None = None
        self._told = ""
        """What the bar was told of a doubt last."""
        self._counted: tuple[Doubt, ...] = ()
        """The doubts that there were then."""
        self._has_ring = False
        """Whether the ring on the picture is around a doubt, and not around a hit."""
        self.undoing = Undoing(self._session, self)
        self._menu = RegionMenu(window, self._region)
        self._connect_regions()
        self._connect_view()
        self._connect_changes()

    # Connections

    def _connect_regions(self) -> None:
        canvas, output, menu = self._window.canvas, self._window.output, self._menu
        for part in (canvas, output):
            part.region_menu_requested.connect(self._show_menu)
        output.region_zoom_requested.connect(self._zoom_to)
        menu.zoom_requested.connect(self._zoom_to)
        menu.picture_copy_requested.connect(lambda region_id: self._copy_picture(self._boxes_of(region_id)))
        menu.reading_requested.connect(self._read_region_again)
        menu.confirm_requested.connect(lambda region_id: self._confirm(Confirm(region_id)))
        canvas.area_copy_requested.connect(lambda box: self._copy_picture((box,)))
        canvas.area_read_requested.connect(self._read_area)
        self._control.part_read.connect(self._put_in_place)
        self._control.started.connect(canvas.clear_area)
        self._control.ended.connect(self._tell_of_part)

    def _connect_view(self) -> None:
        actions, canvas, session = self._window.actions_by_name, self._window.canvas, self._session
        actions["turn_left"].triggered.connect(lambda: self._turn(-1, self.tr("turn left")))
        actions["turn_right"].triggered.connect(lambda: self._turn(1, self.tr("turn right")))
        actions["turn_all_left"].triggered.connect(lambda: self._turn_all(-1))
        actions["turn_all_right"].triggered.connect(lambda: self._turn_all(1))
        self._window.pages.turn_all_requested.connect(self._turn_all)
        actions["uncovered"].toggled.connect(canvas.set_uncovered_visible)
        self._window.canvas_bar.labels_hidden.connect(session.hide_labels)
        session.labels_hidden.connect(self._show_hidden_labels)
        session.page_turned.connect(self._show_turns)
        actions["find"].triggered.connect(self._window.output.open_find)
        actions["find_next"].triggered.connect(lambda: self._window.output.find_next(1))
        actions["find_previous"].triggered.connect(lambda: self._window.output.find_next(-1))

    def _connect_changes(self) -> None:
        actions, session = self._window.actions_by_name, self._session
        actions["undo"].triggered.connect(self.undoing.undo)
        actions["redo"].triggered.connect(self.undoing.redo)
        self.undoing.changed.connect(self._show_changes)
        # While an answer comes in, what would be undone is not on show.
        session.runs_changed.connect(self._show_changes)
        self._show_changes()
        actions["next_doubt"].triggered.connect(lambda: self._go_to_doubt(1))
        actions["previous_doubt"].triggered.connect(lambda: self._go_to_doubt(-1))
        self._window.output.doubts_requested.connect(lambda: self._go_to_doubt(1))
        session.content_changed.connect(self._show_doubts)
        session.region_selected.connect(self._take_ring)
        self._show_doubts()
        for signal in (session.text_replaced, session.page_opened):
            signal.connect(self._forget)

    # Regions

    def _region(self, region_id: int | None) -> Region | None:
        return next((region for region in self._session.regions if region.id == region_id), None)

    def _boxes_of(self, region_id: int) -> tuple[PixelBox, ...]:
        region = self._region(region_id)
        return () if region is None else region.boxes

    def _show_menu(self, region_id: int, position: QPoint) -> None:
        region, opened = self._region(region_id), self._session.opened
        if region is None:
            return
        self._session.select_region(region_id)
        self._menu.popup(
            region,
            position,
            size=None if opened is None else opened.pixels.size,
            raw=self._raw_of(region),
            can_read=self._control.job is None and opened is not None,
            is_doubtful=any(doubt.region_id == region_id for doubt in self._session.doubts),
        )

    def _raw_of(self, region: Region) -> str:
        """The answer in which the region's tag stands."""
        run = None if self._session.is_live else self._session.run
        if run is None or region.tag is None:
            return self._session.raw
        return run.answers[region.tag.answer].raw

    def _zoom_to(self, region_id: int) -> None:
        self._session.select_region(region_id)
        self._window.canvas.zoom_to_region(region_id)

    def _copy_picture(self, boxes: tuple[PixelBox, ...]) -> None:
        if boxes:
            self._window.tasks.spawn(self._copy_part(bounds_of(boxes)))

    async def _copy_part(self, box: PixelBox) -> None:
        opened = self._session.opened
        if opened is None:
            return
        self._session.pixels.keep(opened)
        try:
            encoded = await self._context.pictures.encode(
                opened.pixels, View(self._session.turns, box), longest_side=LONGEST_COPY, formats=(PNG,)
            )
        except OcrDesktopError as error:
            self._window.telling.tell_error(error)
            return
        finally:
            self._session.pixels.let_go(opened)
        mime = QMimeData()
        mime.setData(PNG, encoded.data)
        QGuiApplication.clipboard().setMimeData(mime)
        text = self.tr("A picture of %1 × %2 pixels is on the clipboard.")
        text = text.replace("%1", str(encoded.size.width)).replace("%2", str(encoded.size.height))
        self._window.telling.tell_briefly(text)

    # Reading a part

    def _read_area(self, box: PixelBox) -> None:
        self._window.canvas.clear_area()
        self._window.tasks.spawn(self._control.read_part(Part((box,))))

    def _tell_of_part(self, job: RecognitionJob) -> None:
        """Say where the page's text is, now that a part of it stands in its place."""
        attempt, runs = self._control.attempt, self._session.text_runs
        is_part = attempt is not None and attempt.part is not None and not attempt.is_of_region
        if not is_part or job.run is None or job.run is not self._session.run or len(runs) < 2:
            return
        if self._window.message_bar.text:
            # Why it broke off is worth more.
            return
        text = self.tr("The part stands here by itself; what was read before is still there.")
        back = Choice(self.tr("Show what was before"), lambda: self._session.choose_run(len(runs) - 2))
        self._window.message_bar.show_message(MessageKind.INFO, text, back)

    def _read_region_again(self, region_id: int) -> None:
        run = self._session.run
        boxes = self._boxes_of(region_id)
        if run is not None and boxes:
            self._window.tasks.spawn(self._control.read_part(Part(boxes, run.id, region_id)))

    def _put_in_place(self, attempt: Attempt, readings: tuple[Run, ...]) -> None:
        """Put what was read again into the place of its region, unless that is gone by now."""
        part = attempt.part
        run = None if part is None else attempt.entry.run(part.run_id)
        telling = self._window.telling
        if part is None or run is None or part.region_id is None or attempt.is_void:
            telling.tell(self.tr("The region that was read again is gone by now; nothing was put in its place."))
            return
        edit = splice_of(run, part.region_id, readings)
        if edit is None:
            telling.tell(self.tr("Nothing was read there; the region is as it was."))
            return
        self.undoing.edit(attempt.entry, run.id, edit, self.tr("read again"))
        if attempt.entry is self._session.entry:
            self._session.select_region(edit.regions[0].id)

    # Turning, taking back

    def _turn(self, quarter_turns: int, text: str) -> None:
        if self._session.entry is not None and self._session.opened is not None:
            self.undoing.turn(self._session.entry, quarter_turns, text)

    def _turn_all(self, quarter_turns: int) -> None:
        if self._session.entry is not None:
            entries = list(self._session.entries)
            self.undoing.turn_all(self._session.entry, entries, quarter_turns, self.tr("turn all pages"))

    def _show_turns(self) -> None:
        self._window.canvas.set_turns(self._session.turns)
        self._window.share_page()

    def _show_hidden_labels(self) -> None:
        labels = self._session.hidden_labels
        self._window.canvas.set_hidden_labels(labels)
        self._window.canvas_bar.show_hidden_labels(labels)

    def _show_changes(self) -> None:
        for name, text, empty, filled in (
            ("undo", self.undoing.undo_text, self.tr("&Undo"), self.tr("&Undo: %1")),
            ("redo", self.undoing.redo_text, self.tr("&Redo"), self.tr("&Redo: %1")),
        ):
            action = self._window.actions_by_name[name]
            action.setEnabled(text is not None and not self._session.is_live)
            action.setText(empty if text is None else filled.replace("%1", text))

    # Doubts

    def _show_doubts(self) -> None:
        doubts = self._session.doubts
        if doubts != self._counted:
            # What the bar says of one of them, and of how many, is no longer so.
            self._close_told()
        self._window.output.show_doubts(doubts)
        for name in ("next_doubt", "previous_doubt"):
            self._window.actions_by_name[name].setEnabled(bool(doubts))

    def _forget(self) -> None:
        """Close what is about another text than the one on show now."""
        self._menu.close()
        self._doubt = None
        self._close_told()

    def _close_told(self) -> None:
        bar = self._window.message_bar
        if self._told and bar.text == self._told:
            bar.clear()
        self._told = ""
        self._take_ring()

    def _take_ring(self) -> None:
        """Give the ring back to the hit that is looked at, where there is one."""
        if self._has_ring:
            self._has_ring = False
            hit = self._window.locating.layer.current_hit
            self._window.canvas.show_current_hit(None if hit is None else hit.box)

    def _go_to_doubt(self, step: int) -> None:
        doubts = self._session.doubts
        if not doubts:
            return
        at = 0 if step > 0 else len(doubts) - 1
        if self._doubt in doubts:
            at = (doubts.index(self._doubt) + step) % len(doubts)
        self._show_doubt(doubts, at)

    def _show_doubt(self, doubts: tuple[Doubt, ...], at: int) -> None:
        self._doubt, self._counted = doubts[at], doubts
        doubt, regions = doubts[at], self._session.regions
        region = self._region(doubt.region_id)
        if doubt.region_id is None and not doubt.boxes and regions:
            # How the answer ended is to be seen at its end.
            region = regions[-1]
        self._session.select_region(None if region is None else region.id)
        self._take_ring()
        if doubt.boxes:
            self._has_ring = True
            self._window.canvas.show_current_hit(bounds_of(doubt.boxes))
        boxes = doubt.boxes or (() if region is None else region.boxes)
        if boxes:
            self._window.canvas.zoom_to_area(bounds_of(boxes))
        else:
            self._window.canvas.fit()
        count = self.tr("Doubt %1 of %2:").replace("%1", str(at + 1)).replace("%2", str(len(doubts)))
        self._told = f"{count} {doubt_text(doubt, region)}"
        choices = []
        if not self._session.is_live:
            choices.append(Choice(self.tr("Looks right"), lambda: self._confirm(doubt.confirmation)))
        if len(doubts) > 1:
            choices.append(Choice(self.tr("Next"), lambda: self._go_to_doubt(1)))
        self._window.message_bar.show_message(MessageKind.WARNING, self._told, *choices)

    def _confirm(self, edit: Confirm) -> None:
        """Take a doubt away, and go on to the one behind it where the user goes through them."""
        entry, run = self._session.entry, self._session.run
        if entry is None or run is None or self._session.is_live:
            return
        doubts = self._session.doubts
        at = next((index for index, doubt in enumerate(doubts) if doubt.confirmation == edit), None)
        was_shown = self._doubt is not None and self._doubt.confirmation == edit
        self.undoing.edit(entry, run.id, edit, self.tr("looks right"))
        left = self._session.doubts
        if was_shown and at is not None and left:
            self._show_doubt(left, at % len(left))
        elif was_shown:
            self._doubt = None
            self._window.telling.tell(self.tr("No doubts are left."))
