"""The page as it reads: headings, paragraphs and tables, tied to their regions."""

from __future__ import annotations

import functools
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
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from ocr_desktop.gui.output.following import EdgeKeys, EndFollower
from ocr_desktop.gui.output.marking import region_wash
from ocr_desktop.gui.output.pointing import RegionPointer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.gui.output.finding import Finder
    from ocr_desktop.gui.output.formulas import FormulaKey, Typesetter
    from ocr_desktop.gui.output.page_document import PageDocument
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
        self._marked: list[tuple[bool, tuple[int, int]]] = []
        """What is marked: whether it is selected, and from where to where it stands."""
        self._read_s = 0.0
        """How long the page that was asked for last took to read."""
        self._shift_left = 0.0
        """What of a pixel the place on show has still to be moved."""
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._work)
        self._follower = EndFollower(self.verticalScrollBar())
        self._edge_keys = EdgeKeys(self)
        self._pointer = RegionPointer(self, self.region_at, self._selected_region)
        self._pointer.region_selected.connect(self.region_selected)
        self._pointer.region_hovered.connect(self.region_hovered)
        self._pointer.region_menu_requested.connect(self.region_menu_requested)
        self.document().contentsChange.connect(self._forget_matches)
        self.anchorClicked.connect(self._follow_own_link)
        self._set_margins()

    @functools.cached_property
    def _page(self) -> PageDocument:
        from ocr_desktop.gui.output.page_document import PageDocument

        page = PageDocument(self)
        page.formulas.arrived.connect(self._take_drawing)
        page.formulas.settled.connect(self._tell_if_drawn)
        return page

    @property
    def _has_page(self) -> bool:
        return "_page" in self.__dict__

    @functools.cached_property
    def finder(self) -> Finder:
        """What looks for words here."""
        from ocr_desktop.gui.output.finding import Finder
        from ocr_desktop.gui.output.searching import DocumentSearch

        search = DocumentSearch(self.document())
        return Finder(self, search, mark=self._mark, show_place=self._bring_into_sight)

    @property
    def _has_finder(self) -> bool:
        return "finder" in self.__dict__

    @property
    def has_all_drawings(self) -> bool:
        """Whether every formula that was written and can be drawn is."""
        return not self._has_page or self._page.has_all_drawings

    def use_typesetter(self, typesetter: Typesetter, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """Have formulas drawn by this from now on; `spawn` starts a coroutine, such as `gui.tasks.Tasks.spawn`."""
        self._page.formulas.use(typesetter, spawn)

    def use_page(self, image: PageImage | None, turns: int) -> None:
        """Cut figures from this page, shown in so many clockwise quarter turns; to be called before it is closed."""
        if self._page.use_page(image, turns):
            self.viewport().update()

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that was to be shown is written."""
        return self._asked is self._regions and (not self._has_page or self._page.is_done)

    @property
    def _is_complete(self) -> bool:
        return self.is_caught_up and self.has_all_drawings

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
        from ocr_desktop.gui.output.page_reader import load_next_parser

        if load_next_parser():
            QTimer.singleShot(0, self, self.warm_up)

    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Mark a region's words and bring them into sight, now or as soon as they are there."""
        self._selected = region_id
        was_clicked = self._pointer.was_clicked(region_id)
        self._scrolls_to_selected = scroll_to and region_id is not None and not was_clicked
        if scroll_to and region_id is not None:
            self._follower.let_go()
        self._mark()

    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's words lightly."""
        self._hovered = region_id
        self._mark()

    def follow_end(self, is_wanted: bool) -> None:
        """Keep the end in sight while text arrives."""
        self._follower.follow(is_wanted, is_caught_up=self._is_complete or not self.isVisible())

    def go_to_start(self) -> None:
        """Show the start of the text; what comes next is another one."""
        if self._has_page:
            self._page.formulas.begin_text()
            self._page.reader.forget_choices()
        self._pointer.forget_hovered()
        self._follower.restart()

    def region_at(self, point: QPoint) -> int | None:
        """The region whose words are at a point of the viewport, or next to it in the same line."""
        cursor = self.cursorForPosition(point)
        block = cursor.block()
        bottom = self.document().documentLayout().blockBoundingRect(block).bottom()
        if not block.next().isValid() and point.y() + self.verticalScrollBar().value() > bottom:
            return None
        return self._page.region_of(block) if self._has_page else None

    def _catch_up(self) -> None:
        if self._asked is not self._regions and not self._turn.isActive():
            # What takes long to read is not read again with every word that comes.
            pause_s = min(PAUSE_FACTOR * self._read_s, LONGEST_PAUSE_S) if self._read_s > TURN_S else 0
            self._turn.start(round(1000 * pause_s))

    @Slot()
    def _work(self) -> None:
        if not self.isVisible():
            return
        reader, writer = self._page.reader, self._page.writer
        was_caught_up = self.is_caught_up
        started = time.monotonic()
        if self._asked is not self._regions and not reader.is_inside_region:
            self._asked = self._regions
            reader.start(self._regions)
            self._read_s = 0.0
        while not reader.is_done and time.monotonic() < started + TURN_S / 2:
            reader.step()
        self._read_s += time.monotonic() - started
        writer.aim_at(reader.units, is_front=not reader.is_done)
        with self._follower.writing():
            while not writer.is_done:
                writer.step()
                if time.monotonic() > started + TURN_S:
                    break
        if writer.has_drawings_to_place:
            self._place_drawings(started + TURN_S)
        self._mark()
        if not (reader.is_done and writer.is_done) or writer.has_drawings_to_place:
            self._turn.start(0)
        if self._is_complete:
            self._follower.caught_up()
        if self.is_caught_up and not was_caught_up:
            self.caught_up.emit()
        else:
            self._catch_up()

    @Slot(object)
    def _take_drawing(self, key: FormulaKey) -> None:
        writer = self._page.writer
        writer.take_drawing(key)
        if writer.has_drawings_to_place and not self._turn.isActive():
            self._turn.start(0)

    def _place_drawings(self, until: float) -> None:
        writer = self._page.writer
        with self._follower.writing(), self._keeping_place():
            while writer.has_drawings_to_place:
                writer.place_drawing()
                if time.monotonic() > until:
                    break
        self._tell_if_drawn()

    @Slot()
    def _tell_if_drawn(self) -> None:
        if self._is_complete:
            self._follower.caught_up()
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
        if self._page.open_rows(address.toString()):
            self._turn.start(0)

    def _mark(self) -> None:
        marked = [
            (region_id == self._selected, place)
            for region_id in dict.fromkeys((self._hovered, self._selected))
            if region_id is not None
            for place in self._places_of(region_id)
        ]
        document, palette = self.document(), self.palette()
        marks = [region_wash(document, place, palette, is_selected=is_selected) for is_selected, place in marked]
        if self._has_finder:
            marks += self.finder.marks()
        if marks or self.extraSelections():
            self.setExtraSelections(marks)
        if marked != self._marked:
            # Marks reach beyond the letters, which are all that is painted anew for them otherwise.
            self._marked = marked
            self.viewport().update()
        places = [place for is_selected, place in marked if is_selected]
        if places and self._scrolls_to_selected:
            self._scrolls_to_selected = False
            self._bring_into_sight(places[0][0], places[-1][1])

    def _places_of(self, region_id: int) -> list[tuple[int, int]]:
        return self._page.writer.ranges_of(region_id) if self._has_page else []

    def _bring_into_sight(self, start: int, end: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        top = self.cursorRect(cursor).top()
        cursor.setPosition(end)
        bottom = self.cursorRect(cursor).bottom()
        height = self.viewport().height()
        if top >= 0 and bottom <= height:
            return
        place = self.verticalScrollBar().value() + top
        self._follower.go_to(place - max((height - (bottom - top)) // 3, MARGIN))

    def _selected_region(self) -> tuple[int, QPoint] | None:
        """The selected region, and a point of the viewport at the start of its words; None where it has none here."""
        places = [] if self._selected is None else self._places_of(self._selected)
        if self._selected is None or not places:
            return None
        start = QTextCursor(self.document())
        start.setPosition(places[0][0])
        return self._selected, self.cursorRect(start).bottomLeft()

    @Slot(int)
    def _forget_matches(self, position: int) -> None:
        if self._has_finder:
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
        self._set_margins()
        if self._has_page:
            self._page.restyle()
            self._turn.start(0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: what a model writes names no picture, style sheet or page that is ever looked at."""
        return None

    def createMimeDataFromSelection(self) -> QMimeData:
        from ocr_desktop.gui.output.copying import with_sources
        from ocr_desktop.gui.output.written_words import unbroken

        document = with_sources(self.textCursor().selection())
        mime = QMimeData()
        mime.setText(unbroken(document.toPlainText()))
        mime.setHtml(unbroken(document.toHtml()))
        return mime

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._has_page:
            painter = QPainter(self.viewport())
            painter.setClipRect(event.rect())
            left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
            painter.translate(-left, -top)
            sight = event.rect().toRectF().translated(left, top)
            first = self.cursorForPosition(event.rect().topLeft()).block()
            self._page.paint_under(painter, first, sight)
            painter.end()
        super().paintEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.is_caught_up or (self._has_page and self._page.writer.has_drawings_to_place):
            self._turn.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins()
        if self._has_page:
            self._page.writer.fit_tables()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_turn"):
            self._restyle()
