"""Everything right of the canvas: what was read, in four views, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ocr_desktop.core.markdown_style import USUAL_STYLE
from ocr_desktop.gui.output.foot import Foot
from ocr_desktop.gui.output.view_tabs import ViewTabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region
    from ocr_desktop.core.doubts import Doubt
    from ocr_desktop.core.geometry import Size
    from ocr_desktop.core.markdown_style import MarkdownStyle
    from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
    from ocr_desktop.gui.output.find_bar import FindBar

PROGRESS_HEIGHT = 3


class OutputPane(QWidget):
    """Shows one run of a page; only the view on show does any work.

    Signals:
        region_selected(int | None): The user clicked on a region's words in any view, or beside all of them.
        region_hovered(int | None): The pointer came to another region's words, or left the last.
        region_menu_requested(int, QPoint): What can be done with a region is asked for, at a place of the screen.
        region_zoom_requested(int): Enter, or a double click on a region's row.
        doubts_requested(): The user wants to see what is doubtful.
        run_chosen(int): The user wants another run, counted from 0.
        copy_requested(str): `markdown` or `text`.
        save_requested(str): A format's id: `md`, `txt` or `json`.
        draft_keep_requested(): The user wants to keep the draft that is on show.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_menu_requested = Signal(int, QPoint)
    region_zoom_requested = Signal(int)
    doubts_requested = Signal()
    run_chosen = Signal(int)
    copy_requested = Signal(str)
    save_requested = Signal(str)
    draft_keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = ViewTabs()
        self.rendered_view = self._tabs.rendered_view
        self.markdown_view = self._tabs.markdown_view
        self.raw_view = self._tabs.raw_view
        self.regions_page = self._tabs.regions_page
        self._progress_bar = self._make_progress_bar()
        self._empty_label = QLabel()
        self._foot = Foot()
        self._find_bar: FindBar | None = None
        self._draft: tuple[DraftStrip, DraftView] | None = None
        self._is_finding = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._middle = self._make_middle()
        self._column.addLayout(self._middle, 1)
        self._column.addWidget(self._progress_bar)
        self._column.addWidget(self._foot)
        self._connect()
        self._show_whether_empty(True)

    def _connect(self) -> None:
        for view in self._tabs.views:
            view.region_selected.connect(self.region_selected)
            view.region_hovered.connect(self.region_hovered)
            view.region_menu_requested.connect(self.region_menu_requested)
        self.regions_page.region_zoom_requested.connect(self.region_zoom_requested)
        self._tabs.run_chosen.connect(self.run_chosen)
        self._tabs.currentChanged.connect(self._show_find_bar)
        self._foot.copy_requested.connect(self.copy_requested)
        self._foot.save_requested.connect(self.save_requested)
        self._foot.doubts_requested.connect(self.doubts_requested)

    # What is on show

    def show_run(
        self,
        regions: Sequence[Region],
        raw: str,
        *,
        answer_starts: Sequence[int] = (0,),
        page_size: Size | None = None,
        style: MarkdownStyle = USUAL_STYLE,
        figures_beside: str | None = None,
    ) -> None:
        """Show a run as it is now, up to 30 times a second; `clear` first where it is another one.

        `answer_starts` tells where in the raw text each answer begins, where a run has several; `page_size` is the
        page's in pixels, without which boxes are told in the model's own numbers only. `style` and `figures_beside` are
        the Markdown view's, see there.
        """
        self.rendered_view.show_regions(regions)
        self.markdown_view.show_regions(regions, style, figures_beside=figures_beside)
        self.raw_view.show_raw(raw, regions, answer_starts=answer_starts)
        self.regions_page.show_regions(regions, page_size)
        self._show_whether_empty(not raw and not any(region.markdown for region in regions))

    @Slot()
    def warm_up(self) -> None:
        """Load what Markdown needs, a piece each turn; to be called after the window was painted."""
        self.rendered_view.warm_up()

    @Slot()
    def clear(self) -> None:
        """Show nothing, as before the first run; the chooser of runs and the tab on show stay."""
        self.show_run((), "")
        for view in self._tabs.views:
            view.go_to_start()
        self.select_region(None)
        self.hover_region(None)
        self.show_summary("", "")
        self.show_doubts(())

    @Slot(object)
    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Mark a region's words in every view, and bring them into sight."""
        for view in self._tabs.views:
            view.select_region(region_id, scroll_to=scroll_to)

    @Slot(object)
    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's words lightly in every view."""
        for view in self._tabs.views:
            view.hover_region(region_id)

    def show_runs(self, labels: Sequence[str], current: int) -> None:
        """Offer these runs to choose from, the current one (counted from 0) marked; hidden with fewer than two."""
        self._tabs.show_runs(labels, current)

    def show_summary(self, left: str, right: str, details: str = "") -> None:
        """Show what came, in words, at the foot's left (the count), and how long it took at its right.

        `details`, in lines, is what both say on a closer look.
        """
        self._foot.show_summary(left, right, details)

    def show_doubts(self, doubts: Sequence[Doubt]) -> None:
        """Warn of what is doubtful in the table, and offer to go through it; nothing is shown where nothing is."""
        self._foot.show_doubts(len(doubts))
        ids = (doubt.region_id for doubt in doubts)
        self.regions_page.show_doubtful(frozenset(each for each in ids if each is not None))

    def show_draft(
        self, regions: Sequence[Region], *, is_awaiting: bool, is_through: bool, is_beside_words: bool
    ) -> None:
        """Show a draft in grey in the place of the views, or only that there is one, `is_beside_words`.

        Unless it `is_awaiting` the answer it can be kept, as soon as it `is_through`.
        """
        if self._draft is None:
            self._draft = self._make_draft()
        strip, view = self._draft
        strip.show_draft(is_awaiting=is_awaiting, is_through=is_through, is_beside_words=is_beside_words)
        if is_beside_words:
            self._show_views()
        else:
            view.show_draft(regions)
            _hand_keys_over(self._tabs, view)
            # Nobody sees them: no key may lead there.
            self._tabs.hide()

    def hide_draft(self) -> None:
        """Show the views again, and that there is no draft."""
        if self._draft is not None:
            self._show_views()
            strip = self._draft[0]
            _hand_keys_over(strip, self._tabs.currentWidget())
            strip.hide()

    def _show_views(self) -> None:
        self._tabs.show()
        if self._draft is not None:
            view = self._draft[1]
            _hand_keys_over(view, self._tabs.currentWidget())
            view.hide()

    def _make_draft(self) -> tuple[DraftStrip, DraftView]:
        from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
        from ocr_desktop.gui.tab_order import put_behind

        strip, view = DraftStrip(self), DraftView(self)
        strip.keep_requested.connect(self.draft_keep_requested)
        self._column.insertWidget(0, strip)
        self._middle.addWidget(view, 0, 0)
        put_behind(self._tabs.previousInFocusChain(), (strip.keep_button, view))
        return strip, view

    def set_busy(self, is_busy: bool, *, follows: bool) -> None:
        """Show progress or none, and keep the end of the text in sight where more of it comes."""
        self._progress_bar.setRange(0, 0)
        self._progress_bar.setVisible(is_busy)
        for view in self._tabs.views:
            view.follow_end(follows)

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is: `done` of `total`; total 0 where nobody knows."""
        self._progress_bar.setRange(0, total)
        self._progress_bar.setValue(done)

    # Finding

    @Slot()
    def open_find(self) -> None:
        """Ask for words to look for in the view on show: in a bar, or in the filter box of the regions."""
        query = "" if self._find_bar is None else self._find_bar.query
        if self._tabs.finder is None:
            self.regions_page.open_find(query)
            return
        words = self._tabs.selected_text
        self._open_find_bar().take_keys(words)

    @Slot(int)
    def find_next(self, step: int) -> None:
        """Go to the next match (1) or the one before (-1); ask for words where none were looked for yet."""
        if self._tabs.finder is None:
            self.regions_page.find_next(step)
        elif self._find_bar is None or not self._find_bar.query:
            self.open_find()
        else:
            self._open_find_bar().step(step)

    @Slot()
    def close_find(self) -> bool:
        """Close the bar, or leave the regions' filter; the view gets the keys from it. False where neither was open."""
        if self._tabs.finder is None:
            return self.regions_page.close_find()
        if self._find_bar is None or not self._is_finding:
            return False
        self._is_finding = False
        focus = QApplication.focusWidget()
        has_keys = focus is not None and self._find_bar.isAncestorOf(focus)
        self._tabs.finder.select_match()
        self._show_find_bar()
        if has_keys:
            self._tabs.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _open_find_bar(self) -> FindBar:
        if self._find_bar is None:
            from ocr_desktop.gui.output.find_bar import FindBar
            from ocr_desktop.gui.tab_order import put_behind

            self._find_bar = FindBar(self)
            self._find_bar.close_requested.connect(self.close_find)
            self._column.insertWidget(1, self._find_bar)
            put_behind(self._foot.previousInFocusChain(), self._find_bar.stops)
        self._is_finding = True
        self._show_find_bar()
        return self._find_bar

    @Slot()
    def _show_find_bar(self) -> None:
        """Show the bar where it is open and the view on show has words to look through."""
        if self._find_bar is not None:
            finder = self._tabs.finder if self._is_finding else None
            self._find_bar.setVisible(finder is not None)
            self._find_bar.search_in(finder)

    def _make_middle(self) -> QGridLayout:
        """The views, and over them the words that stand there while they are empty."""
        self._empty_label.setText(self.tr("The text of the picture appears here"))
        self._empty_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._empty_label.setWordWrap(True)
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        middle = QGridLayout()
        middle.addWidget(self._tabs, 0, 0)
        middle.addWidget(self._empty_label, 0, 0)
        return middle

    def _make_progress_bar(self) -> QProgressBar:
        bar = QProgressBar()
        bar.setObjectName("progress_bar")
        bar.setAccessibleName(self.tr("Progress"))
        bar.setTextVisible(False)
        bar.setFixedHeight(PROGRESS_HEIGHT)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        bar.setSizePolicy(policy)
        bar.hide()
        return bar

    def _show_whether_empty(self, is_empty: bool) -> None:
        self._empty_label.setVisible(is_empty)
        self._foot.set_empty(is_empty)


def _hand_keys_over(before: QWidget, after: QWidget) -> None:
    """Let a widget have the keys where they go to another, or into it, that is about to go."""
    focus = before.window().focusWidget()
    if focus is before or before.isAncestorOf(focus):
        after.setFocus(Qt.FocusReason.OtherFocusReason)
