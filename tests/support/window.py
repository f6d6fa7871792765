"""The real window on real workers, under the hands of a user."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QMenu, QPushButton, QWidget

from ocr_desktop.core import resources
from ocr_desktop.gui.application import OpenedWindow
from ocr_desktop.services.context import OWN_PROFILES, AppContext
from tests.support.pictures import Words, draw_page, encoded
from tests.support.waiting import Watch, until
from tests.support.workers import open_in

LEFT = Qt.MouseButton.LeftButton
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
AnyWidget = TypeVar("AnyWidget", bound=QWidget)

BY_ITSELF = {"Thumbnails._work", "Adding._add_found", "Adding._survey", "Adding._remember"}
"""What the window does without being waited for, and ends soon."""
SMALL = encoded(Image.new("RGB", (1, 1)))
GROUNDED = (
    "<|ref|>title<|/ref|><|det|>[[100, 50, 900, 120]]<|/det|>\n# A title\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 150, 900, 400]]<|/det|>\nFirst words.\n\n"
    "<|ref|>text<|/ref|><|det|>[[100, 450, 900, 700]]<|/det|>\nLast words.\n"
)
"""An answer of a title and two paragraphs."""


class SharingContext(AppContext):
    """Services of its own, on workers that outlive it: a start of the embedded engine takes seconds."""

    def __init__(self, workers: AppContext, settings_folder: Path) -> None:
        super().__init__(settings_folder)
        self.store, self.pictures, self.reader = workers.store, workers.pictures, workers.reader
        self.background_pictures = workers.pictures

    async def close(self) -> None:
        """Wait until the workers rest: what they answer between two tests would meet a loop that does not run."""
        del self.store
        await super().close()
        await self.reader.warm_up()
        self.pictures.release((await open_in(self.pictures, SMALL)).pixels)


class Desk:
    """An open window, and what a user does with it and sees of it."""

    def __init__(self, opened: OpenedWindow, context: AppContext) -> None:
        self.opened = opened
        self.context = context
        self.window = opened.window
        self.session = opened.window.session
        self.control = opened.window.control
        self.canvas = opened.window.canvas
        self.bar = opened.window.message_bar
        self._bar_watch = Watch(self.bar)
        self.pages = opened.window.pages
        self.actions = opened.window.actions_by_name

    # Seeing

    def find(self, kind: type[AnyWidget], name: str) -> AnyWidget:
        found = self.window.findChild(kind, name)
        assert isinstance(found, kind), f"no {kind.__name__} {name}"
        return found

    @property
    def run_button(self) -> QPushButton:
        return self.find(QPushButton, "run_button")

    @property
    def locate_edit(self) -> QLineEdit:
        return self.find(QLineEdit, "locate_edit")

    @property
    def status(self) -> str:
        return self.window.status.text()

    @property
    def preview(self) -> str:
        return self.window.output.rendered_view.toPlainText()

    @property
    def choices(self) -> list[str]:
        """The words on the buttons of the bar."""
        return [button.text() for button in self.bar.findChildren(QPushButton) if button.isVisible()]

    @property
    def listed(self) -> list[str]:
        pages = self.pages.model()
        return [pages.index(row, 0).data() for row in range(pages.rowCount())]

    @property
    def listed_row(self) -> int:
        """The current row of the list of pages; -1 where there is none."""
        return self.pages.currentIndex().row()

    async def until(self, condition: Callable[[], object], *more: Any) -> None:
        """Wait until a condition holds that session, reading or preview have a part in."""
        session, control = self.session, self.control
        await until(
            condition,
            session.entries_changed,
            session.page_opened,
            session.page_failed,
            session.content_changed,
            session.hits_changed,
            control.started,
            control.failed,
            control.ended,
            control.permission_needed,
            control.choices_changed,
            self.window.output.rendered_view.caught_up,
            self._bar_watch.changed,
            *more,
        )

    async def until_shown(self, name: str) -> None:
        """Wait until the picture of this name is on show."""
        await self.until(
            lambda: self.session.opened and self.session.entry is not None and self.session.entry.name == name
        )

    async def until_listed(self, count: int) -> None:
        """Wait until so many pages are in the list: folders and files are looked into one after the other."""
        await self.until(lambda: len(self.session.entries) == count)

    async def until_read(self, name: str | None = None) -> None:
        """Wait until a picture is on show and read, the named one if named, and nothing is being read."""

        def is_read() -> bool:
            entry = self.session.entry
            is_it = entry is not None and name in (None, entry.name)
            return is_it and self.session.run is not None and self.control.job is None

        await self.until(is_read)

    async def until_told(self) -> str:
        """Wait until the bar says something."""
        await self.until(lambda: self.bar.text)
        return self.bar.text

    async def until_dialog(self, name: str) -> QDialog:
        """Wait until a dialog stands open."""
        focus_changed = QApplication.instance().focusWindowChanged  # type: ignore[union-attr]  # there is one
        await self.until(lambda: any(each.isVisible() for each in self._dialogs(name)), focus_changed)
        return next(each for each in self._dialogs(name) if each.isVisible())

    def _dialogs(self, name: str) -> list[QDialog]:
        return self.window.findChildren(QDialog, name)

    async def until_settled(self) -> None:
        """Wait until the window has done what it does by itself: weigh what would be sent, read on this computer, …"""
        control = self.control

        def is_settled() -> bool:
            job = control.job
            reads_here = control.is_busy and (control.engine if job is None else job.engine).host is None
            return not control.weighing.is_running and not reads_here

        await until(is_settled, control.weighing.changed, control.preparing_changed, control.ended, control.failed)
        # The list of pages looks a moment later which thumbnails it wants.
        await until(lambda: not self.pages._rest.isActive(), self.pages._rest.timeout)
        running = self.window.tasks._running
        await asyncio.gather(*(task for task in running if task.get_coro().__qualname__ in BY_ITSELF))

    async def until_at_rest(self) -> None:
        """Wait until nothing runs that a click has started."""
        await asyncio.gather(*self.window.tasks._running)

    # Doing

    def press(self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        QTest.keyClick(widget, key, modifiers)

    def press_in_window(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Press a key wherever the focus is."""
        self.press(QApplication.focusWidget() or self.window, key, modifiers)

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        QTest.mouseClick(widget, LEFT)

    def take_choice(self, text: str) -> None:
        """Click a button of the bar."""
        (button,) = [each for each in self.bar.findChildren(QPushButton) if each.text() == text and each.isVisible()]
        self.click(button)

    def choose(self, box: str, text: str) -> None:
        """Choose a line of a box with the arrow keys, and pass by all between."""
        combo = self.find(QComboBox, box)
        key = Qt.Key.Key_Down if combo.findText(text) > combo.currentIndex() else Qt.Key.Key_Up
        for _ in range(combo.count()):
            if combo.currentText() == text:
                return
            QTest.keyClick(combo, key)
        raise AssertionError(f"{text!r} cannot be chosen in {box}")

    def choose_in_menu(self, menu: QMenu, text: str) -> None:
        (action,) = [action for action in menu.actions() if action.text() == text]
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    def locate(self, text: str) -> None:
        """Put a text into the locate box, as an input method does, and press Enter."""
        self.locate_edit.setFocus()
        self.locate_edit.selectAll()
        self.locate_edit.insert(text)
        self.press(self.locate_edit, Qt.Key.Key_Return)

    def drag(self, mime: QMimeData, target: QWidget | None = None) -> bool:
        """Come with a drag over the window or a part of it; whether it may be dropped."""
        over = target or self.window
        entered = QDragEnterEvent(
            over.rect().center(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, mime, LEFT, NO_MODIFIER
        )
        QApplication.sendEvent(over, entered)
        return entered.isAccepted()

    def drop(self, mime: QMimeData, target: QWidget | None = None) -> QDropEvent:
        assert self.drag(mime, target)
        over = target or self.window
        dropped = QDropEvent(
            QPointF(over.rect().center()),
            Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
            mime,
            LEFT,
            NO_MODIFIER,
        )
        QApplication.sendEvent(over, dropped)
        return dropped

    async def add_unread(self, folder: Path, *names: str) -> None:
        """Drop blank pictures of these names, and see the first; nothing is read before somebody says so."""
        self.actions["auto_read_never"].trigger()
        self.drop_files(*(blank_file(folder, name) for name in names))
        await self.until_shown(names[0])

    def drop_files(self, *paths: Path, target: QWidget | None = None) -> QDropEvent:
        return self.drop(mime_of(*paths), target)

    def choose_page(self, row: int) -> None:
        index = self.pages.model().index(row, 0)
        self.pages.scrollTo(index)
        QTest.mouseClick(self.pages.viewport(), LEFT, pos=self.pages.visualRect(index).center())

    def point_in_canvas(self, x: float, y: float) -> QPoint:
        """Where a page pixel is seen in the canvas."""
        return self.canvas.mapFromScene(QPointF(x, y))

    def focus(self, widget: QWidget) -> None:
        widget.setFocus()
        assert widget.hasFocus(), widget


@asynccontextmanager
async def open_desk(context: AppContext, *, reads_beside: bool = False) -> AsyncIterator[Desk]:
    """The window as `ocr-desktop` opens it, active and ready.

    Only where it `reads_beside` does this computer read what an endpoint is asked: it takes seconds a page.
    """
    # A slot that fails is then the test's, and not only told in the bar.
    import sys

    reported = sys.excepthook
    opened = OpenedWindow(context)
    control = opened.window.control
    control.settings = replace(control.settings, makes_drafts=reads_beside, aligns_words=reads_beside)
    sys.excepthook = reported
    desk = Desk(opened, context)
    try:
        desk.window.show()
        desk.window.activateWindow()
        await opened.settle_in()
        # Where this is a fixture, the loop stands still before the test begins: nothing may be on its way then.
        for _ in range(2):
            # The window's own request to warm up may stand before the first of these or behind it.
            await context.reader.warm_up()
        yield desk
    finally:
        await opened.close()
        await context.close()
        sys.excepthook = reported


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    # As file managers do: names that are not UTF-8 keep their bytes.
    mime.setUrls([QUrl.fromEncoded(f"file://{quote(os.fsencode(path))}".encode()) for path in paths])
    return mime


def page_file(folder: Path, name: str, *lines: str, size: tuple[int, int] = (640, 320)) -> Path:
    """A picture file with these lines of words on it."""
    path = folder / name
    words = [Words(line, 30, 30 + 60 * number, 32) for number, line in enumerate(lines)]
    draw_page(*words, size=size).save(path)
    return path


def blank_file(folder: Path, name: str, size: tuple[int, int] = (120, 90)) -> Path:
    path = folder / name
    Image.new("RGB", size, "white").save(path)
    return path


def add_profile(settings_folder: Path, base_url: str, profile: str = "modelverse") -> None:
    """Put a copy of a shipped profile with another address where a user's own profiles lie."""
    shipped = (resources.path("engines") / f"{profile}.toml").read_text("utf-8")
    changed, count = re.subn(r"^base_url = .*$", f'base_url = "{base_url}"', shipped, flags=re.MULTILINE)
    assert count == 1
    (settings_folder / OWN_PROFILES).mkdir(exist_ok=True)
    (settings_folder / OWN_PROFILES / f"{profile}.toml").write_text(changed, "utf-8")
