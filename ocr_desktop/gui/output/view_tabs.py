"""The four views of one run as tabs, and the chooser of runs beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from ocr_desktop.gui.output.menu_button import MenuButton
from ocr_desktop.gui.output.regions import RegionsPage
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.source import MarkdownView, RawView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocr_desktop.gui.output.finding import Finder


class ViewTabs(QTabWidget):
    """Preview, Markdown, Raw and Regions.

    Signals:
        run_chosen(int): The user wants another run, counted from 0.
    """

    run_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("output_tabs")
        self.setAccessibleName(self.tr("What was read"))
        self.setDocumentMode(True)
        self.rendered_view = RenderedView()
        self.markdown_view = MarkdownView()
        self.raw_view = RawView()
        self.regions_page = RegionsPage()
        self.text_views = (self.rendered_view, self.markdown_view, self.raw_view)
        self.views = (*self.text_views, self.regions_page)
        self.addTab(self.rendered_view, self.tr("Preview"))
        self.addTab(self.markdown_view, self.tr("Markdown"))
        self.addTab(self.raw_view, self.tr("Raw"))
        self.addTab(self.regions_page, self.tr("Regions"))
        # Where there is little room, names are cut, but every tab stays in sight.
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self._run_text = ""
        self._short_run_text = ""
        self._run_button = MenuButton("")
        self._run_button.setObjectName("run_chooser")
        self._run_button.setToolTip(self.tr("Which reading of this page is shown"))
        self._run_button.hide()
        self.setCornerWidget(self._run_button, Qt.Corner.TopRightCorner)

    @property
    def finder(self) -> Finder | None:
        """What looks for words in the view on show; None for the regions, which are filtered."""
        return next((view.finder for view in self.text_views if view is self.currentWidget()), None)

    @property
    def selected_text(self) -> str:
        """What is selected in the view on show, where it is a word or a few."""
        view = next((view for view in self.text_views if view is self.currentWidget()), None)
        if view is None or not view.textCursor().hasSelection():
            return ""
        text = view.createMimeDataFromSelection().text()
        return text if "\n" not in text else ""

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
        self._short_run_text = f"{current + 1}/{len(labels)}"
        self._run_text = self.tr("Run {number}/{count}").format(number=current + 1, count=len(labels))
        self._run_button.setAccessibleName(self._run_text)
        self._run_button.setVisible(len(labels) > 1)
        self._fit()

    def _fit(self) -> None:
        """Leave the tabs the room they need, where the chooser can do with less."""
        self._run_button.show_text(self._run_text)
        if self._run_button.isVisibleTo(self):
            room = self.width() - self._run_button.sizeHint().width()
            if self.tabBar().sizeHint().width() > room:
                self._run_button.show_text(self._short_run_text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
