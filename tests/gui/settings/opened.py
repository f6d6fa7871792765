"""The real settings dialog on real files, under the hands of a user."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QToolButton,
    QWidget,
)

from ocr_desktop.gui.message_bar import MessageBar
from ocr_desktop.gui.output.menu_button import MenuButton
from ocr_desktop.gui.settings.dialog import SettingsDialog, SettingsPage
from ocr_desktop.gui.settings.fields import Field
from ocr_desktop.gui.tasks import show
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings
from tests.support.waiting import until

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


class Opened:
    """An open dialog, and what a user does with it and sees of it."""

    def __init__(self, context: AppContext, settings: Settings, parent: QWidget, **at: Any) -> None:
        self.context = context
        self.tasks: set[asyncio.Task[None]] = set()
        self.saved: list[Settings] = []
        self.dialog = SettingsDialog(context, settings, self.spawn, parent, **at)
        self.dialog.saved.connect(self._note)
        self.in_memory: tuple[str, ...] = ()
        self.not_forgotten: tuple[str, ...] = ()
        self.shown = asyncio.ensure_future(show(self.dialog))

    def _note(self, settings: Settings) -> None:
        self.saved.append(settings)
        self.in_memory = self.dialog.in_memory
        self.not_forgotten = self.dialog.not_forgotten

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing runs any more that the dialog began, and let its failures be the test's."""
        await asyncio.sleep(0)
        while self.tasks:
            await asyncio.gather(*self.tasks)

    # Seeing

    def find(self, kind: type[AnyWidget], name: str) -> AnyWidget:
        found = [each for each in self.dialog.findChildren(kind, name) if each.isVisible()]
        assert len(found) == 1, f"{len(found)} visible {kind.__name__} {name}"
        return found[0]

    def is_shown(self, name: str) -> bool:
        return any(each.isVisible() for each in self.dialog.findChildren(QWidget, name))

    @property
    def engines(self) -> list[str]:
        lines = self.find(QListWidget, "engines_list")
        return [lines.item(row).text() for row in range(lines.count())]

    def note(self, name: str) -> str:
        """The words below a control."""
        field = self.find(QWidget, name).parentWidget()
        assert isinstance(field, Field), name
        text = field.note.text().replace("\N{ZERO WIDTH SPACE}", "")
        assert text == field.control.accessibleDescription()
        return text if field.note.isVisible() else ""

    @property
    def told(self) -> str:
        bar = self.dialog.findChild(MessageBar)
        assert isinstance(bar, MessageBar)
        return bar.text if bar.isVisible() else ""

    # Doing

    def click(self, name: str) -> None:
        button = next(
            each
            for kind in (QPushButton, QToolButton)
            for each in self.dialog.findChildren(kind, name)
            if each.isVisible()
        )
        assert button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click_words(self, words: str) -> None:
        (button,) = [
            each for each in self.dialog.findChildren(QPushButton) if each.text() == words and each.isVisible()
        ]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifier)

    def choose(self, title: str) -> None:
        self.find(QListWidget, "engines_list").setCurrentRow(self.engines.index(title))

    def type_into(self, name: str, text: str) -> None:
        """Type in place of what stands there, and leave with Tab."""
        edit = self.find(QWidget, name)
        edit.setFocus()
        assert QApplication.focusWidget() in (edit, edit.focusProxy(), *edit.findChildren(QWidget)), name
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.press(Qt.Key.Key_Delete)
        focused = QApplication.focusWidget()
        assert focused is not None
        if text.isascii():
            QTest.keyClicks(focused, text)
        else:
            # Such words come from an input method.
            typed = QInputMethodEvent()
            typed.setCommitString(text)
            QApplication.sendEvent(focused, typed)
        self.press(Qt.Key.Key_Tab)

    def paste_into(self, name: str, text: str) -> None:
        """Paste in place of what stands there, without leaving."""
        edit = self.find(QLineEdit, name)
        edit.setFocus()
        edit.selectAll()
        QGuiApplication.clipboard().setText(text)
        self.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def choices(self, chosen: str | None = None) -> list[str]:
        """What the menu of *Add* offers; `chosen` is taken."""
        (button,) = [each for each in self.dialog.findChildren(MenuButton) if each.isVisible()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        actions = {action.text(): action for action in button.menu_shown.actions() if not action.isSeparator()}
        button.menu_shown.close()
        # Nobody manages windows here: what was below the menu is not active again by itself.
        self.dialog.activateWindow()
        if chosen is not None:
            actions[chosen].trigger()
        return list(actions)

    def add(self, text: str) -> None:
        """Choose a line of the menu of *Add*."""
        self.choices(text)

    async def choose_file(self, name: str, path: Path) -> None:
        """Type a file's name into the file dialog when it is open, and accept."""

        def shown() -> list[QFileDialog]:
            return [each for each in self.dialog.findChildren(QFileDialog, name) if each.isVisible()]

        application = QGuiApplication.instance()
        await until(shown, application.focusWindowChanged, application.focusObjectChanged)  # type: ignore[union-attr]
        (dialog,) = shown()
        edit = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(edit, QLineEdit)
        edit.setText(str(path))
        dialog.accept()
        await self.settled()

    async def save(self) -> Settings | None:
        """Press Save; the new settings, or None where the dialog stays."""
        self.click("save_button")
        await self.settled()
        return self.saved[-1] if self.saved else None

    def labels(self) -> str:
        """All words on show that are no fields."""
        return "\n".join(each.text() for each in self.dialog.findChildren(QLabel) if each.isVisible())


@asynccontextmanager
async def opened(
    folder: Path,
    settings: Settings | None = None,
    *,
    page: SettingsPage = SettingsPage.ENGINES,
    engine_id: str | None = None,
    size: tuple[int, int] = (1280, 800),
) -> AsyncIterator[Opened]:
    """The dialog over a window of this size; closed and gone afterwards, whatever was done with it."""
    context = AppContext(folder)
    parent = QWidget()
    parent.resize(*size)
    parent.show()
    opened = Opened(context, settings or Settings(), parent, page=page, engine_id=engine_id)
    try:
        await asyncio.sleep(0)
        opened.dialog.activateWindow()
        await opened.settled()
        yield opened
    finally:
        if not opened.shown.done():
            opened.dialog.done(0)
        await opened.shown
        for task in opened.tasks:
            task.cancel()
        await asyncio.gather(*opened.tasks, return_exceptions=True)
        await context.close()
        # Closing the last window would end the loop.
        parent.hide()
        parent.deleteLater()
