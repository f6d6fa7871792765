"""The page as it reads: headings, paragraphs and tables, tied to their regions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent, QTextCursor, QTextFrameFormat, QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from ocr_desktop.gui.output.following import EndFollower
from ocr_desktop.gui.output.marking import region_mark
from ocr_desktop.gui.output.page_reader import PageReader, load_next_parser
from ocr_desktop.gui.output.pointing import RegionPointer
from ocr_desktop.gui.output.typography import Typography
from ocr_desktop.gui.output.writer import REGION_ID, DocumentWriter, unbroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region

TURN_S = 0.006
"""How long one turn of the event loop may read and write; the last step may end a little later."""
PAUSE_FACTOR = 3
LONGEST_PAUSE_S = 0.1
MARGIN = 16
LINE_EMS = 46
"""A line is never longer: a wider window gets wider margins."""


class RenderedView(QTextBrowser):
    """Shows regions as a document; read-only, and nothing it shows can load anything.

    Signals:
        region_selected(int | None): The user clicked on a region's words, or beside all of them.
        region_hovered(int | None): The pointer is over another region's words, or over none.
        caught_up(): All that was to be shown is written.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    caught_up = Signal()

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
        self._writer = DocumentWriter(self.document(), Typography(self.font(), self.palette()))
        self._reader = PageReader()
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._work)
        self._follower = EndFollower(self.verticalScrollBar())
        self._pointer = RegionPointer(self, self.region_at)
        self._pointer.region_selected.connect(self.region_selected)
        self._pointer.region_hovered.connect(self.region_hovered)
        self._set_margins()

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
        self._mark()
        if not (self._reader.is_done and self._writer.is_done):
            self._turn.start(0)
        elif self.is_caught_up:
            self.caught_up.emit()
        else:
            self._catch_up()

    def _mark(self) -> None:
        marked = [
            (region_id, place)
            for region_id in dict.fromkeys((self._hovered, self._selected))
            if region_id is not None
            for place in self._writer.ranges_of(region_id)
        ]
        if marked or self.extraSelections():
            self.setExtraSelections([self._region_mark(*each) for each in marked])
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
        self._writer.use(Typography(self.font(), self.palette()))
        self._set_margins()
        self._turn.start(0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: what a model writes names no picture, style sheet or page that is ever looked at."""
        return None

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = super().createMimeDataFromSelection()
        mime.setText(unbroken(mime.text()))
        mime.setHtml(unbroken(mime.html()))
        return mime

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.is_caught_up:
            self._turn.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_writer"):
            self._restyle()
