"""The page as source: the composed Markdown, and the raw answer exactly as it came."""

from __future__ import annotations

import functools
import itertools
import time
from bisect import bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase, QShowEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from ocr_desktop.core.markdown_style import USUAL_STYLE
from ocr_desktop.gui.output.broken_text import BrokenText
from ocr_desktop.gui.output.following import EdgeKeys, EndFollower
from ocr_desktop.gui.output.highlighter import Highlighter, MarkdownHighlighter, RawHighlighter
from ocr_desktop.gui.output.marking import region_mark
from ocr_desktop.gui.output.pointing import RegionPointer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocr_desktop.core.document import Answer, Region, Span
    from ocr_desktop.core.markdown import Composed, ComposedSpan
    from ocr_desktop.core.markdown_style import MarkdownStyle
    from ocr_desktop.gui.output.finding import Finder

TURN_S = 0.006
"""How long one turn of the event loop may write."""
PIECE = 2000
"""Characters that are written at once."""
MARGIN = 12


class SourceView(QPlainTextEdit):
    """Shows text whose stretches belong to regions; read-only, its long lines broken on show but not when copied.

    Signals:
        region_selected(int | None): The user clicked on a region's text, or beside all of it.
        region_hovered(int | None): The pointer is over another region's text, or over none.
        region_menu_requested(int, QPoint): What can be done with a region is asked for, at a place of the screen.
        caught_up(): All that was to be shown is written.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_menu_requested = Signal(int, QPoint)
    caught_up = Signal()

    def __init__(self, highlighter: type[Highlighter], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.fontInfo().pointSizeF())
        self.setFont(font)
        self.document().setDocumentMargin(MARGIN)
        self._newest: Callable[[], Composed] | None = None
        self._text = BrokenText()
        self._shown = 0
        """Up to which offset the text is written."""
        self._spans: Sequence[ComposedSpan] = ()
        self._starts: list[int] = []
        self._selected: int | None = None
        self._hovered: int | None = None
        self._scrolls_to_selected = False
        self._highlighter = highlighter(self.document(), self.palette())
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._write)
        self._follower = EndFollower(self.verticalScrollBar())
        self._edge_keys = EdgeKeys(self)
        self._pointer = RegionPointer(self, self.region_at, self._selected_region)
        self._pointer.region_selected.connect(self.region_selected)
        self._pointer.region_hovered.connect(self.region_hovered)
        self._pointer.region_menu_requested.connect(self.region_menu_requested)

    @functools.cached_property
    def finder(self) -> Finder:
        """What looks for words here."""
        from ocr_desktop.gui.output.finding import Finder
        from ocr_desktop.gui.output.searching import SourceSearch

        search = SourceSearch(self._text, lambda: self._shown)
        return Finder(self, search, mark=self._mark, show_place=self._bring_into_sight)

    @property
    def _has_finder(self) -> bool:
        return "finder" in self.__dict__

    @property
    def is_caught_up(self) -> bool:
        """Whether everything that was to be shown is written."""
        return self._newest is None and self._shown == len(self._text.text)

    def show_composed(self, make: Callable[[], Composed]) -> None:
        """Show the text that this gives; it is only called when the view can be seen, and not for what is outdated."""
        self._newest = make
        if self.isVisible():
            self._catch_up()

    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Mark a region's text and bring it into sight, now or as soon as it is there."""
        self._selected = region_id
        was_clicked = self._pointer.was_clicked(region_id)
        self._scrolls_to_selected = scroll_to and region_id is not None and not was_clicked
        if scroll_to and region_id is not None:
            self._follower.let_go()
        self._mark()

    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's text lightly."""
        self._hovered = region_id
        self._mark()

    def follow_end(self, is_wanted: bool) -> None:
        """Keep the end in sight while text arrives."""
        self._follower.follow(is_wanted, is_caught_up=self.is_caught_up or not self.isVisible())

    def go_to_start(self) -> None:
        """Show the start of the text; what comes next is another one."""
        self._pointer.forget_hovered()
        self._follower.restart()

    def region_at(self, point: QPoint) -> int | None:
        """The region whose text is at a point of the viewport, or before it in the same line."""
        cursor = self.cursorForPosition(point)
        if point.y() > self.cursorRect(cursor).bottom():
            return None
        offset = self._text.offset_at(cursor.position())
        for index in range(bisect_right(self._starts, offset) - 1, -1, -1):
            if offset <= self._spans[index].end:
                return self._spans[index].region_id
        return None

    def _catch_up(self) -> None:
        if self._newest is None:
            return
        composed, self._newest = self._newest(), None
        self._spans = composed.spans
        self._starts = [span.start for span in composed.spans]
        same = self._text.change(composed.text)
        if same < self._shown:
            self._cut_off(same)
        self._write()

    def _cut_off(self, offset: int) -> None:
        if offset == 0:
            self._follower.go_to_start()
        with self._follower.writing():
            cursor = QTextCursor(self.document())
            cursor.setPosition(self._text.position_after(offset))
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        self._shown = offset
        if self._has_finder:
            self.finder.forget_from(self._text.position_after(offset))

    @Slot()
    def _write(self) -> None:
        end = time.monotonic() + TURN_S
        with self._follower.writing():
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            while self._shown < len(self._text.text) and time.monotonic() < end:
                until = min(self._shown + PIECE, len(self._text.text))
                cursor.insertText(self._text.shown(self._shown, until))
                self._shown = until
        if self._has_finder:
            self.finder.look_on()
        self._mark()
        if self._shown < len(self._text.text):
            self._turn.start()
        elif self.is_caught_up:
            self._follower.caught_up()
            self.caught_up.emit()

    def _mark(self) -> None:
        marked = [
            span
            for span in self._spans
            if span.region_id in (self._selected, self._hovered) and span.start < self._shown
        ]
        marks = [self._region_mark(span) for span in marked]
        if self._has_finder:
            marks += self.finder.marks()
        if marks or self.extraSelections():
            self.setExtraSelections(marks)
        selected = [span for span in marked if span.region_id == self._selected]
        if selected and self._scrolls_to_selected:
            self._scrolls_to_selected = False
            words = self._words(selected[0])
            self._bring_into_sight(words.selectionStart(), words.selectionEnd())

    def _region_mark(self, span: ComposedSpan) -> QTextEdit.ExtraSelection:
        return region_mark(self._words(span), self.palette(), is_selected=span.region_id == self._selected)

    def _words(self, span: ComposedSpan) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._text.position_before(span.start))
        cursor.setPosition(self._text.position_after(min(span.end, self._shown)), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _selected_region(self) -> tuple[int, QPoint] | None:
        """The selected region, and a point of the viewport at the start of its text; None where it has none here."""
        for span in self._spans:
            if span.region_id == self._selected and span.start < self._shown:
                start = QTextCursor(self.document())
                start.setPosition(self._text.position_before(span.start))
                return span.region_id, self.cursorRect(start).bottomLeft()
        return None

    def _bring_into_sight(self, start: int, end: int) -> None:
        first, last = QTextCursor(self.document()), QTextCursor(self.document())
        first.setPosition(start)
        last.setPosition(end)
        if self.cursorRect(first).top() >= 0 and self.cursorRect(last).bottom() <= self.viewport().height():
            return
        self.setTextCursor(first)
        self.centerCursor()
        self._follower.let_go()

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        start, end = (self._text.offset_at(place) for place in (cursor.selectionStart(), cursor.selectionEnd()))
        mime = QMimeData()
        mime.setText(self._text.text[start:end])
        return mime

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_highlighter"):
            self._highlighter.restyle(self.palette())
            self._mark()


class MarkdownView(SourceView):
    """The page's Markdown, composed of its regions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MarkdownHighlighter, parent)
        self.setObjectName("markdown_view")
        self.setAccessibleName(self.tr("Markdown"))

    def show_regions(
        self, regions: Sequence[Region], style: MarkdownStyle = USUAL_STYLE, *, figures_beside: str | None = None
    ) -> None:
        """Show the Markdown of these regions.

        Args:
            regions: As they are shown, in order.
            style: How tables and formulas are written.
            figures_beside: Figures are linked as they would be if this were saved under this name without its ending;
                None: without links.
        """

        def composed() -> Composed:
            from ocr_desktop.core.figures import figure_links
            from ocr_desktop.core.markdown import NO_LINKS, compose

            links = NO_LINKS if figures_beside is None else figure_links(regions, figures_beside)
            return compose(regions, style, links)

        self.show_composed(composed)


class RawView(SourceView):
    """What the engine said, character for character."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(RawHighlighter, parent)
        self.setObjectName("raw_view")
        self.setAccessibleName(self.tr("Raw answer"))

    def show_raw(self, raw: str, regions: Sequence[Region], *, answer_starts: Sequence[int] = (0,)) -> None:
        """Show a raw answer; `answer_starts` tells where in it each answer begins, where there are several."""

        def composed() -> Composed:
            from ocr_desktop.core.markdown import Composed

            return Composed(raw, raw_spans(regions, answer_starts))

        self.show_composed(composed)


def answer_starts(answers: Sequence[Answer]) -> tuple[int, ...]:
    """Where each answer begins in the raw text of its run, which joins them by line breaks."""
    return tuple(itertools.accumulate((len(answer.raw) + 1 for answer in answers[:-1]), initial=0))


def raw_spans(regions: Sequence[Region], starts: Sequence[int]) -> tuple[ComposedSpan, ...]:
    """Where regions stand in the raw text, in its order; without those that came from nowhere in it.

    A region stands in two places where its words do not follow its tag.
    """
    from ocr_desktop.core.markdown import ComposedSpan

    spans = (
        ComposedSpan(region.id, starts[place.answer] + place.start, starts[place.answer] + place.end)
        for region in regions
        for place in _places(region)
        if place.answer < len(starts)
    )
    return tuple(sorted(spans, key=lambda span: span.start))


def _places(region: Region) -> tuple[Span, ...]:
    source, tag = region.source, region.tag
    if source is None or tag is None:
        return tuple(place for place in (source, tag) if place is not None)
    is_inside = tag.answer == source.answer and source.start <= tag.start and tag.end <= source.end
    return (source,) if is_inside else (tag, source)
