"""Everything right of the canvas: what was read, in three views, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.gui.appearance import SPACING, SPACING_SMALL
from ocr_desktop.gui.elided_label import ElidedLabel
from ocr_desktop.gui.output.menu_button import MenuButton
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.source import MarkdownView, RawView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.core.document import Region

PROGRESS_HEIGHT = 3


class OutputPane(QWidget):
    """Shows one run of a page; only the view on show does any work.

    Signals:
        region_selected(int | None): The user clicked on a region's words in any view, or beside all of them.
        region_hovered(int | None): The pointer came to another region's words, or left the last.
        run_chosen(int): The user wants another run, counted from 0.
        copy_requested(str): `markdown` or `text`.
        save_requested(str): A format's id: `md`, `txt` or `json`.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    run_chosen = Signal(int)
    copy_requested = Signal(str)
    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rendered_view = RenderedView()
        self.markdown_view = MarkdownView()
        self.raw_view = RawView()
        self._views = (self.rendered_view, self.markdown_view, self.raw_view)
        self._tabs = self._make_tabs()
        self._run_button = MenuButton("")
        self._run_button.setAccessibleName(self.tr("Run"))
        self._run_button.setToolTip(self.tr("Which reading of this page is shown"))
        self._run_button.hide()
        self._tabs.setCornerWidget(self._run_button, Qt.Corner.TopRightCorner)
        self._progress_bar = self._make_progress_bar()
        self._empty_label = QLabel()
        self._left_label = ElidedLabel()
        self._right_label = ElidedLabel()
        self._copy_button = QToolButton()
        self._copy_menu_button = MenuButton("")
        self._save_button = MenuButton(self.tr("Save"))
        self._fill_copy_buttons()
        self._fill_save_menu()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_middle(), 1)
        layout.addWidget(self._progress_bar)
        layout.addLayout(self._make_foot())
        for view in self._views:
            view.region_selected.connect(self.region_selected)
            view.region_hovered.connect(self.region_hovered)
        self._show_whether_empty(True)

    def show_run(self, regions: Sequence[Region], raw: str, *, answer_starts: Sequence[int] = (0,)) -> None:
        """Show a run as it is now, up to 30 times a second; `clear` first where it is another one.

        `answer_starts` tells where in the raw text each answer begins, where a run has several.
        """
        self.rendered_view.show_regions(regions)
        self.markdown_view.show_regions(regions)
        self.raw_view.show_raw(raw, regions, answer_starts=answer_starts)
        self._show_whether_empty(not raw and not any(region.markdown for region in regions))

    @Slot()
    def warm_up(self) -> None:
        """Load what Markdown needs, a piece each turn; to be called after the window was painted."""
        self.rendered_view.warm_up()

    @Slot()
    def clear(self) -> None:
        """Show nothing, as before the first run; the chooser of runs and the tab on show stay."""
        self.show_run((), "")
        for view in self._views:
            view.go_to_start()
        self.select_region(None)
        self.hover_region(None)
        self.show_summary("", "")

    @Slot(object)
    def select_region(self, region_id: int | None, *, scroll_to: bool = True) -> None:
        """Mark a region's words in every view, and bring them into sight."""
        for view in self._views:
            view.select_region(region_id, scroll_to=scroll_to)

    @Slot(object)
    def hover_region(self, region_id: int | None) -> None:
        """Mark a region's words lightly in every view."""
        for view in self._views:
            view.hover_region(region_id)

    def show_runs(self, labels: Sequence[str], current: int) -> None:
        """Offer these runs to choose from, the current one (counted from 0) marked; hidden with fewer than two."""
        menu = self._run_button.menu_shown
        menu.clear()
        group = QActionGroup(menu)
        for index, label in enumerate(labels):
            action = menu.addAction(label.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(index == current)
            action.triggered.connect(partial(self.run_chosen.emit, index))
            group.addAction(action)
        self._run_button.show_text(self.tr("Run {number}/{count}").format(number=current + 1, count=len(labels)))
        self._run_button.setVisible(len(labels) > 1)

    def show_summary(self, left: str, right: str) -> None:
        """Show what came, in words, at the foot's left (the count), and how long it took at its right."""
        self._left_label.setText(left)
        self._right_label.setText(right)

    @Slot(bool)
    def set_busy(self, is_busy: bool) -> None:
        """Tell that text is arriving: progress is shown and the end kept in sight."""
        self._progress_bar.setRange(0, 0)
        self._progress_bar.setVisible(is_busy)
        for view in self._views:
            view.follow_end(is_busy)

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is: `done` of `total`; total 0 where nobody knows."""
        self._progress_bar.setRange(0, total)
        self._progress_bar.setValue(done)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setObjectName("output_tabs")
        tabs.setDocumentMode(True)
        tabs.addTab(self.rendered_view, self.tr("Preview"))
        tabs.addTab(self.markdown_view, self.tr("Markdown"))
        tabs.addTab(self.raw_view, self.tr("Raw"))
        return tabs

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

    def _make_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACING, SPACING_SMALL, SPACING, SPACING_SMALL)
        foot.setSpacing(SPACING)
        foot.addWidget(self._left_label, 1)
        foot.addWidget(self._right_label)
        copy = QHBoxLayout()
        copy.setSpacing(0)
        copy.addWidget(self._copy_button)
        copy.addWidget(self._copy_menu_button)
        foot.addLayout(copy)
        foot.addWidget(self._save_button)
        return foot

    def _fill_copy_buttons(self) -> None:
        self._copy_button.setObjectName("copy_button")
        self._copy_button.setText(self.tr("Copy"))
        self._copy_button.setToolTip(self.tr("Copy Markdown, with tables and headings for Word and mail"))
        self._copy_button.setAutoRaise(True)
        self._copy_button.clicked.connect(lambda: self.copy_requested.emit("markdown"))
        self._copy_menu_button.setObjectName("copy_menu_button")
        self._copy_menu_button.setAccessibleName(self.tr("More ways to copy"))
        menu = self._copy_menu_button.menu_shown
        markdown = menu.addAction(self.tr("Copy Markdown"), lambda: self.copy_requested.emit("markdown"))
        menu.setDefaultAction(markdown)
        menu.addAction(self.tr("Copy as plain text"), lambda: self.copy_requested.emit("text"))

    def _fill_save_menu(self) -> None:
        self._save_button.setObjectName("export_button")
        self._save_button.setToolTip(self.tr("Save what was read as a file"))
        menu = self._save_button.menu_shown
        for name, text in (("md", self.tr("Markdown…")), ("txt", self.tr("Text…")), ("json", self.tr("JSON…"))):
            menu.addAction(text).triggered.connect(partial(self.save_requested.emit, name))

    def _show_whether_empty(self, is_empty: bool) -> None:
        self._empty_label.setVisible(is_empty)
        for button in (self._copy_button, self._copy_menu_button, self._save_button):
            button.setDisabled(is_empty)
