"""The page as it reads: headings, paragraphs and tables, tied to their regions."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextFrameFormat,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from ocr_desktop.gui.output.artwork import Artwork
from ocr_desktop.gui.output.copying import with_sources
from ocr_desktop.gui.output.decorations import paint_decorations
from ocr_desktop.gui.output.figures import PageFigures
from ocr_desktop.gui.output.finding import Finder
from ocr_desktop.gui.output.following import EndFollower
from ocr_desktop.gui.output.formulas import FormulaBook, FormulaKey, Typesetter
from ocr_desktop.gui.output.marking import region_mark
from ocr_desktop.gui.output.page_reader import PageReader, load_next_parser
from ocr_desktop.gui.output.pointing import RegionPointer
from ocr_desktop.gui.output.searching import DocumentSearch
from ocr_desktop.gui.output.typography import Typography
from ocr_desktop.gui.output.writer import REGION_ID, ROWS_SCHEME, DocumentWriter, unbroken

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.gui.pixmaps import PageImage

TURN_S = 0.006
"""How long one turn of the event loop may read and write; the last step may end a little later."""
PAUSE_FACTOR = 3
LONGEST_PAUSE_S = 0.1
MARGIN = 16
LINE_EMS = 46
"""A line is never longer: a wider window gets wider margins."""


class RenderedView(QTextBrowser):
    """Shows regions as a document; read-only, and nothing it shows can load anything.

    Formulas stand there as their source until `use_typesetter` has told who draws them and the drawing is there, and
    for good where there is none; figures are cut from the page that `use_page` gives.

    Signals:
        region_selected(int | None): The user clicked on a region's words, or beside all of them.
        region_hovered(int | None): The pointer is over another region's words, or over none.
        region_menu_requested(int, QPoint): What can be done with a region is asked for, at a place of the screen.
        caught_up(): All that was to be shown is written.
        all_drawn(): Every formula that was written and can be drawn is.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_menu_requested = Signal(int, QPoint)
    caught_up = Signal()
    all_drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rendered_view")
        self.setAccessibleName(self.tr("Preview"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        # A column is then never narrower than a word of it.
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self._regions: Sequence[Region] = ()
        self._asked: Sequence[Region] = ()
        self._selected: int | None = None
        self._hovered: int | None = None
        self._scrolls_to_selected = False
        self._read_s = 0.0
        """How long the page that was asked for last took to read."""
        self._shift_left = 0.0
        """What of a pixel the place on show has still to be moved."""
        self._typography = Typography(self.font(), self.palette())
        self._formulas = FormulaBook(self)
        self._formulas.arrived.connect(self._take_drawing)
        self._formulas.settled.connect(self._tell_if_drawn)
        self._figures = PageFigures()
        self._artwork = Artwork(self.document(), self._formulas, self._figures, self)
        self._artwork.use_colours(self._typography.text_colour, self._typography.base_colour)
        self._writer = DocumentWriter(self.document(), self._typography, self._formulas)
        self._reader = PageReader()
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._work)
        self._follower = EndFollower(self.verticalScrollBar())
        self._pointer = RegionPointer(self, self.region_at, self._selected_region)
        self._pointer.region_selected.connect(self.region_selected)
        self._pointer.region_hovered.connect(self.region_hovered)
        self._pointer.region_menu_requested.connect(self.region_menu_requested)
        search = DocumentSearch(self.document())
        self.finder = Finder(self, search, mark=self._mark, show_place=self._bring_into_sight)
        self.document().contentsChange.connect(self._forget_matches)
        self.anchorClicked.connect(self._follow_own_link)
        self._set_margins()

    @property
    def has_all_drawings(self) -> bool:
        """Whether every formula that was written and can be drawn is."""
        return self._formulas.is_settled and not self._writer.has_drawings_to_place

    def use_typesetter(self, typesetter: Typesetter, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """Have formulas drawn by this from now on; `spawn` starts a coroutine, such as `gui.tasks.Tasks.spawn`."""
        self._formulas.use(typesetter, spawn)

    def use_page(self, image: PageImage | None, turns: int) -> None:
        """Cut figures from this page, shown in so many clockwise quarter turns; to be called before it is closed."""
        self._figures.use_page(image, turns)
        if self.document().characterCount() > 1:
            self.document().markContentsDirty(0, self.document().characterCount())
            self.viewport().update()

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that was to be shown is written."""
        return self._asked is self._regions and self._reader.is_done and self._writer.is_done

    def show_regions(self, regions: Sequence[Region]) -> None:
        """Show these regions; cheap where most of them are those on show, and free while the view is hidden."""
        if self._regions and regions and self._regions[0].id != regions[0].id:
            self._follower.go_to_start()
        self._regions = regions
        if self.isVisible():
            self._catch_up()

    @Slot()
    def warm_up(self) -> None:
        """Load what Markdown needs, a piece each turn; to be called after the window was painted."""
        if load_next_parser():
            QTimer.singleShot(0, self, self.warm_up)

    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Mark a region's words and bring them into sight, now or as soon as they are there."""
        self._selected = region_id
        self._scrolls_to_selected = scroll_to and region_id is not None and not self._pointer.was_clicked(region_id)
        self._mark()

    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's words lightly."""
        self._hovered = region_id
        self._mark()

    def follow_end(self, is_wanted: bool) -> None:
        """Keep the end in sight while text arrives."""
        self._follower.follow(is_wanted)

    def go_to_start(self) -> None:
        """Show the start of the text; what comes next is another one."""
        self._formulas.begin_text()
        self._reader.forget_choices()
        self._follower.restart()

    def region_at(self, point: QPoint) -> int | None:
        """The region whose words are at a point of the viewport, or next to it in the same line."""
        cursor = self.cursorForPosition(point)
        block = cursor.block()
        bottom = self.document().documentLayout().blockBoundingRect(block).bottom()
        if not block.next().isValid() and point.y() + self.verticalScrollBar().value() > bottom:
            return None
        region_id = block.blockFormat().property(REGION_ID)
        return region_id if isinstance(region_id, int) else None

    def _catch_up(self) -> None:
        if self._asked is not self._regions and not self._turn.isActive():
            # What takes long to read is not read again with every word that comes.
            pause_s = min(PAUSE_FACTOR * self._read_s, LONGEST_PAUSE_S) if self._read_s > TURN_S else 0
            self._turn.start(round(1000 * pause_s))

    @Slot()
    def _work(self) -> None:
        if not self.isVisible():
            return
        was_caught_up = self.is_caught_up
        started = time.monotonic()
        if self._asked is not self._regions and not self._reader.is_inside_region:
            self._asked = self._regions
            self._reader.start(self._regions)
            self._read_s = 0.0
        while not self._reader.is_done and time.monotonic() < started + TURN_S / 2:
            self._reader.step()
        self._read_s += time.monotonic() - started
        self._writer.aim_at(self._reader.units, is_front=not self._reader.is_done)
        with self._follower.writing():
            while not self._writer.is_done:
                self._writer.step()
                if time.monotonic() > started + TURN_S:
                    break
        if self._writer.has_drawings_to_place:
            self._place_drawings(started + TURN_S)
        self._mark()
        if not (self._reader.is_done and self._writer.is_done) or self._writer.has_drawings_to_place:
            self._turn.start(0)
        if self.is_caught_up and not was_caught_up:
            self.caught_up.emit()
        else:
            self._catch_up()

    @Slot(object)
    def _take_drawing(self, key: FormulaKey) -> None:
        self._writer.take_drawing(key)
        if self._writer.has_drawings_to_place and not self._turn.isActive():
            self._turn.start(0)

    def _place_drawings(self, until: float) -> None:
        with self._follower.writing(), self._keeping_place():
            while self._writer.has_drawings_to_place:
                self._writer.place_drawing()
                if time.monotonic() > until:
                    break
        self._tell_if_drawn()

    @Slot()
    def _tell_if_drawn(self) -> None:
        if self.has_all_drawings:
            self.all_drawn.emit()

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        """Around changes above what is on show, which must not move under the eyes of who reads it."""
        if self.verticalScrollBar().value() == 0:
            yield
            return
        layout = self.document().documentLayout()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        top = layout.blockBoundingRect(block).top()
        yield
        distance = layout.blockBoundingRect(block).top() - top + self._shift_left
        self._shift_left = distance - round(distance)
        self._follower.shift(round(distance))

    @Slot(QUrl)
    def _follow_own_link(self, address: QUrl) -> None:
        """Show the rest of a table; no other address is ever followed."""
        text = address.toString()
        if not text.startswith(ROWS_SCHEME):
            return
        region_id, _, table = text.removeprefix(ROWS_SCHEME).partition(":")
        self._reader.show_all_rows(int(region_id), int(table))
        self._turn.start(0)

    def _mark(self) -> None:
        marked = [
            (region_id, place)
            for region_id in dict.fromkeys((self._hovered, self._selected))
            if region_id is not None
            for place in self._writer.ranges_of(region_id)
        ]
        marks = [*(self._region_mark(*each) for each in marked), *self.finder.marks()]
        if marks or self.extraSelections():
            self.setExtraSelections(marks)
        places = [place for region_id, place in marked if region_id == self._selected]
        if places and self._scrolls_to_selected:
            self._scrolls_to_selected = False
            self._bring_into_sight(places[0][0], places[-1][1])

    def _region_mark(self, region_id: int, place: tuple[int, int]) -> QTextEdit.ExtraSelection:
        words = QTextCursor(self.document())
        words.setPosition(place[0])
        words.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        return region_mark(words, self.palette(), is_selected=region_id == self._selected)

    def _bring_into_sight(self, start: int, end: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        top = self.cursorRect(cursor).top()
        cursor.setPosition(end)
        bottom = self.cursorRect(cursor).bottom()
        height = self.viewport().height()
        if top >= 0 and bottom <= height:
            return
        self._follower.let_go()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + top - max((height - (bottom - top)) // 3, MARGIN))

    def _selected_region(self) -> tuple[int, QPoint] | None:
        """The selected region, and a point of the viewport at the start of its words; None where it has none here."""
        places = [] if self._selected is None else self._writer.ranges_of(self._selected)
        if self._selected is None or not places:
            return None
        start = QTextCursor(self.document())
        start.setPosition(places[0][0])
        return self._selected, self.cursorRect(start).bottomLeft()

    @Slot(int)
    def _forget_matches(self, position: int) -> None:
        self.finder.forget_from(position)

    def _margins(self) -> int:
        em = self.fontMetrics().height()
        return max(MARGIN, em)

    def _set_margins(self) -> None:
        side = max(self._margins(), (self.viewport().width() - LINE_EMS * self.fontMetrics().height()) // 2)
        form = QTextFrameFormat()
        form.setMargin(self._margins())
        form.setLeftMargin(side)
        form.setRightMargin(side)
        if self.document().rootFrame().frameFormat() != form:
            self.document().rootFrame().setFrameFormat(form)

    def _restyle(self) -> None:
        self._typography = Typography(self.font(), self.palette())
        self._artwork.use_colours(self._typography.text_colour, self._typography.base_colour)
        self._writer.use(self._typography)
        self._set_margins()
        self._turn.start(0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: what a model writes names no picture, style sheet or page that is ever looked at."""
        return None

    def createMimeDataFromSelection(self) -> QMimeData:
        document = with_sources(self.textCursor().selection())
        mime = QMimeData()
        mime.setText(unbroken(document.toPlainText()))
        mime.setHtml(unbroken(document.toHtml()))
        return mime

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setClipRect(event.rect())
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.translate(-left, -top)
        sight = event.rect().toRectF().translated(left, top)
        first = self.cursorForPosition(event.rect().topLeft()).block()
        paint_decorations(painter, self.document(), first, sight, self._typography)
        painter.end()
        self._artwork.begin_painting()
        super().paintEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.is_caught_up or self._writer.has_drawings_to_place:
            self._turn.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_writer"):
            self._restyle()
