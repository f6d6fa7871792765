"""The window: places its parts and connects them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ocr_desktop.core.files import saved_stem
from ocr_desktop.gui import appearance, transfer
from ocr_desktop.gui.actions import Actions
from ocr_desktop.gui.adding import Adding
from ocr_desktop.gui.canvas.bar import CanvasBar
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.gui.controls import Toolbar
from ocr_desktop.gui.elided_label import ElidedLabel
from ocr_desktop.gui.empty_state import EmptyState
from ocr_desktop.gui.entries import Entry
from ocr_desktop.gui.failed_page import FailedPage
from ocr_desktop.gui.link_question import LinkQuestion
from ocr_desktop.gui.locating.controller import Locating
from ocr_desktop.gui.locating.panel import LocatePanel
from ocr_desktop.gui.message_bar import MessageBar
from ocr_desktop.gui.output.pane import OutputPane
from ocr_desktop.gui.output.source import answer_starts
from ocr_desktop.gui.pages.panel import PagesPanel
from ocr_desktop.gui.pixmaps import PageImage
from ocr_desktop.gui.prompt_line import PromptLine
from ocr_desktop.gui.reading import ReadingControl
from ocr_desktop.gui.reading_all import ReadingAll
from ocr_desktop.gui.run_facts import run_label
from ocr_desktop.gui.session import Session
from ocr_desktop.gui.stack_progress import StackProgress
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.gui.telling import Telling

if TYPE_CHECKING:
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

SIZE = (1280, 800)
SMALLEST = (760, 480)
SMALLEST_PART = 280
"""Of the picture and of the text, in logical pixels like the sizes above."""
CANVAS_SHARE, OUTPUT_SHARE = 3, 2


class MainWindow(QMainWindow):
    """The one window.

    Signals:
        close_requested(): The user closes it; it stays until who owns it has ended what runs and hides it.
        capture_requested(): A part of the screen is to be read.
        painted(): It was painted for the first time.
    """

    close_requested = Signal()
    capture_requested = Signal()
    painted = Signal()

    def __init__(self, context: AppContext, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("OCR Desktop")
        self.resize(*SIZE)
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self._context = context
        self._image: PageImage | None = None
        self._is_painted = False
        self.actions_by_name = Actions(self)
        self.session = Session(context, self)
        self.control = ReadingControl(self.session, context, settings, self)
        self.reading_all = ReadingAll(self.session, self.control, context, self)
        self._make_parts()
        self.telling = Telling(self.session, self.control, self.message_bar, self.status, self.output)
        self.tasks = Tasks(self.telling.tell_bug)
        self.adding = Adding(self, context)
        self.adding.nothing_found.connect(self.telling.tell_error)
        self.links = LinkQuestion(self, context)
        self._place()
        self.locating = Locating(self.session, self.control, self.toolbar, self.canvas, self.locate_panel)
        self._connect_content()
        self._connect_selection()
        self._show_entries()
        self.show_content()

    # Parts

    def _make_parts(self) -> None:
        self.toolbar = Toolbar(self.actions_by_name, self)
        self.message_bar = MessageBar(self)
        self.pages = PagesPanel(self)
        self.canvas = Canvas(self)
        self.empty_state = EmptyState(self.actions_by_name, self)
        self.failed_page = FailedPage(self)
        self.canvas_bar = CanvasBar(self.actions_by_name, self)
        self.locate_panel = LocatePanel(self)
        self.prompt_line = PromptLine(self)
        self.output = OutputPane(self)
        self.status = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
        self.status.setObjectName("status_message")
        self.status.setContentsMargins(appearance.SPACING_SMALL, 0, appearance.SPACING_SMALL, 0)
        self.stack_progress = StackProgress(self)
        self._picture_place = QStackedWidget(self)
        self._picture_place.addWidget(self.empty_state)
        self._picture_place.addWidget(self.canvas)
        self._picture_place.addWidget(self.failed_page)
        paste_filter = transfer.PictureFirstPaste(self)
        for edit in (self.toolbar.locate_edit, self.prompt_line.prompt_edit):
            edit.installEventFilter(paste_filter)

    def _place(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._picture_place, 1)
        for widget in (self.canvas_bar, self.locate_panel, self.prompt_line):
            column.addWidget(widget)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(left)
        splitter.addWidget(self.output)
        splitter.setStretchFactor(0, CANVAS_SHARE)
        splitter.setStretchFactor(1, OUTPUT_SHARE)
        splitter.setSizes([SIZE[0] * CANVAS_SHARE // 5, SIZE[0] * OUTPUT_SHARE // 5])
        splitter.setChildrenCollapsible(False)
        left.setMinimumWidth(SMALLEST_PART)
        self.output.setMinimumWidth(SMALLEST_PART)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.pages)
        row.addWidget(splitter, 1)
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.message_bar)
        layout.addLayout(row, 1)
        self.setCentralWidget(page)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().addPermanentWidget(self.stack_progress)
        self.statusBar().setSizeGripEnabled(False)

    # Connections

    def _connect_content(self) -> None:
        session = self.session
        session.entries_changed.connect(self._show_entries)
        session.page_opened.connect(self._show_page)
        session.page_opening.connect(lambda entry: self.empty_state.show_opening(entry.name))
        for signal in (session.page_opened, session.page_failed):
            signal.connect(lambda: self.empty_state.show_opening(""))
        session.text_replaced.connect(self.output.clear)
        session.text_replaced.connect(self.canvas.clear_words)
        session.content_changed.connect(self.show_content)
        session.runs_changed.connect(self._show_runs)
        self.output.run_chosen.connect(session.choose_run)
        self.pages.entry_chosen.connect(self.open_entry)
        session.entry_changed.connect(self.pages.entry_changed)
        session.page_replaced.connect(self.pages.entry_replaced)
        for signal in (self.reading_all.changed, self.control.started, self.control.failed, self.control.ended):
            signal.connect(self._show_reading)
        self.failed_page.retry_requested.connect(self._retry)
        self.canvas.zoom_changed.connect(self.canvas_bar.show_zoom)
        self.canvas.labels_changed.connect(self.canvas_bar.show_labels)

    def _connect_selection(self) -> None:
        for part in (self.canvas, self.output):
            part.region_selected.connect(self.session.select_region)
            part.region_hovered.connect(self.session.hover_region)
            self.session.region_hovered.connect(part.hover_region)
        self.session.region_selected.connect(self._select_region)

    def _select_region(self, region_id: int | None) -> None:
        self.canvas.select_region(region_id, scroll_to=True)
        self.output.select_region(region_id)

    # Pictures

    def open_files(self, paths: list[Path]) -> None:
        """Put files, and what is in folders, into the list and show the first of them."""
        if paths:
            self.adding.add_files(paths)

    def add_entries(self, entries: list[Entry]) -> None:
        """Put pages into the list, show the first, and read it where that is what the user wants."""
        self.adding.add_entries(entries)

    def take(self, mime: QMimeData, *, is_own: bool = False) -> bool:
        """Open what was dropped or pasted; whether there was anything.

        Where it `is_own`, copied in this program, a link or path in it may be one that a model wrote: nothing to open.
        """
        files, entries = transfer.local_files(mime), transfer.entries_of(mime)
        link = None
        if not (is_own or files or entries):
            files, link = transfer.named_file(mime), transfer.web_link(mime)
        if files:
            self.open_files(files)
        elif entries:
            self.add_entries(entries)
        elif link is not None:
            self.links.ask(link)
        return bool(files or entries or link)

    def open_entry(self, entry: Entry) -> None:
        """Show a page; paging never reads, but for a page that was added to be read and could not be yet."""
        if entry not in self.session.entries:
            self.session.add([entry])
        self.tasks.spawn(self._open(entry))

    def _retry(self) -> None:
        if self.session.entry is not None:
            self.open_entry(self.session.entry)

    async def _open(self, entry: Entry) -> None:
        await self.show_and_read(entry)

    async def show_and_read(self, entry: Entry) -> bool:
        """Show a page, and read it where it waits for that; whether it is on show."""
        is_shown = await self.session.show_entry(entry)
        if is_shown:
            await self.control.read_added()
        return is_shown

    # What is on show

    def _show_entries(self) -> None:
        self.pages.show_entries(self.session.entries, self.session.entry)
        self.pages.viewport().update()
        if not self.session.entries:
            self.empty_state.show_opening("")
        self._picture_place.setCurrentWidget(self._shown_place())
        self.canvas_bar.setEnabled(self.session.opened is not None)

    def _shown_place(self) -> QWidget:
        entry = self.session.entry
        if entry is None:
            return self.empty_state
        if self.session.opened is not None or entry.failure is None:
            return self.canvas
        self.failed_page.show_failure(entry.name, entry.failure)
        return self.failed_page

    def _show_page(self) -> None:
        opened = self.session.opened
        old, self._image = self._image, None
        if opened is not None:
            self._image = PageImage(opened.pixels, self._context.store.map(opened.pixels))
        self.canvas.show_page(self._image, turns=self.session.turns)
        self.share_page()
        if old is not None:
            # The stretch is given back next; whoever looked at a closed mapping would end the program.
            old.close()

    def share_page(self) -> None:
        """Let the preview cut its figures, and the hits their pictures, from the picture as it stands now."""
        self.locate_panel.use_page(self._image, self.session.turns)
        self.output.rendered_view.use_page(self._image, self.session.turns)

    def show_content(self) -> None:
        """Bring picture and texts to what the session holds, in the style that is chosen."""
        self.canvas.show_regions(self.session.regions)
        opened, run = self.session.opened, None if self.session.is_live else self.session.run
        self.canvas.show_lines(() if run is None else run.lines)
        self.output.show_run(
            self.session.regions,
            self.session.raw,
            answer_starts=(0,) if run is None else answer_starts(run.answers),
            page_size=None if opened is None else opened.pixels.size,
            style=self.control.settings.markdown_style,
            figures_beside=None if self.session.entry is None else saved_stem(self.session.entry.name),
        )

    def _show_reading(self) -> None:
        """Show which page is read, and which wait for it."""
        attempt, reading_all = self.control.attempt, self.reading_all
        being_read = attempt.entry if attempt is not None and self.control.job is not None else reading_all.current
        self.pages.show_reading(being_read, reading_all.waiting)
        self.stack_progress.show_tally(reading_all.tally)

    def _show_runs(self) -> None:
        runs = self.session.text_runs
        current = next((index for index, run in enumerate(runs) if run is self.session.run), -1)
        if self.session.is_live:
            runs = ()
        self.output.show_runs([run_label(run) for run in runs], current)

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # What the window shows, such as a link that a model wrote, is nothing to open.
        if transfer.can_take(event.mimeData()) and not self._is_from_here(event):
            _accept_copy(event)
            self.empty_state.set_hovered(True)

    def _is_from_here(self, event: QDropEvent) -> bool:
        source = event.source()
        return isinstance(source, QWidget) and source.window() is self

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty_state.set_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty_state.set_hovered(False)
        if not self._is_from_here(event):
            _accept_copy(event)
            self.take(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_requested.emit()


def _accept_copy(event: QDropEvent) -> None:
    """Take a drop as a copy, whatever was proposed: after a move its source might throw the picture away."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
