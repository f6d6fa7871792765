"""Every visible word is translatable: with a language in which all words stand in brackets, none is seen without."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QTabWidget,
    QWidget,
)

from ocr_desktop.core.document import Finish, WarningCode
from ocr_desktop.core.errors import ErrorCode, OcrDesktopError
from ocr_desktop.gui.messages import error_text, finish_text, warning_text
from ocr_desktop.gui.pages.panel import PagesPanel
from ocr_desktop.services.context import AppContext
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import GROUNDED, Desk, SharingContext, add_profile, blank_file, open_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

DATA = [
    r"OCR Desktop",  # the program's own name
    r"[ab]\.png",
    r"\d+ × \d+",
    r"127\.0\.0\.1|ocr\.invalid|→",
    r"UCloud Modelverse|Ollama|vLLM",
    r"<\|grounding\|>Convert the document to markdown\.",
    r"Mine\.",
    r"Locate <\|ref\|>nowhere<\|/ref\|> in the image\.",
    r"[\d.]+ (?:bytes|kB|MB)",
    r"PNG|JPEG|WebP",
    r"\d+ %|\d+",
    r"[·▾\s]+",
]
"""What is the same in every language: names of files, hosts and engines, numbers, and prompts as they are sent."""
NOT_WORDS = re.compile("|".join(f"(?:{each})" for each in DATA))


class Brackets(QTranslator):
    """A language in which everything stands in brackets, and whatever has none was never translated."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}⟧"

    def isEmpty(self) -> bool:
        return False


@pytest_asyncio.fixture(loop_scope="module")
async def bracketed(
    workers: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> AsyncIterator[tuple[Desk, ProviderServer]]:
    language = Brackets()
    with ProviderServer("modelverse", streamed(GROUNDED)) as server:
        add_profile(tmp_path, server.base_url)
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        QCoreApplication.installTranslator(language)
        try:
            async with open_desk(SharingContext(workers, tmp_path)) as desk:
                desk.control.choose_engine(desk.context.catalogue.describe("modelverse"))
                yield desk, server
        finally:
            QCoreApplication.removeTranslator(language)


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Everything a user can be shown or told of one widget, and what kind of text it is."""
    yield "tooltip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    yield "window title", widget.windowTitle()
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QComboBox):
        for row in range(widget.count()):
            yield "item", widget.itemText(row)
    if isinstance(widget, QTabWidget):
        for index in range(widget.count()):
            yield "tab", widget.tabText(index)
    if isinstance(widget, QListWidget):
        for row in range(widget.count()):
            yield "item", widget.item(row).text()
    if isinstance(widget, PagesPanel):
        for row in range(widget.model().rowCount()):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                yield f"page's {role.name}", re.sub("<.*?>", " ", widget.model().index(row, 0).data(role))
    if isinstance(widget, QMenu):
        yield "menu", widget.title()
    for action in widget.actions():
        if not action.isSeparator():
            yield "action", action.text()
            yield "action's tooltip", action.toolTip()


def untranslated(desk: Desk) -> set[str]:
    """What is shown without brackets, in the window and its menus."""
    found = set()
    for widget in [desk.window, *desk.window.findChildren(QWidget)]:
        if any(each.objectName() in ("rendered_view", "markdown_view", "raw_view") for each in up_from(widget)):
            continue
        for kind, text in texts_of(widget):
            shown = text.replace("&&", "").replace("\N{ZERO WIDTH SPACE}", "")
            if "⟦" not in shown and NOT_WORDS.sub("", shown).strip():
                found.add(f"{type(widget).__name__} {widget.objectName()}: {kind}: {text!r}")
    return found


def up_from(widget: QWidget) -> Iterator[QWidget]:
    """A widget's parents, without itself: a view's own name is the window's word, what is in it is data."""
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


async def test_every_word_of_the_window_in_all_its_states_is_translatable(
    bracketed: tuple[Desk, ProviderServer], tmp_path: Path
) -> None:
    desk, server = bracketed
    desk.actions["auto_read_never"].trigger()
    assert untranslated(desk) == set(), "empty"
    QGuiApplication.clipboard().clear()
    desk.actions["paste"].trigger()
    assert untranslated(desk) == set(), "nothing to paste"
    desk.locate("")
    assert untranslated(desk) == set(), "nothing to locate"
    desk.window.toolbar.engine_wanted.emit()
    dialog = await desk.until_dialog("settings_dialog")
    assert untranslated(desk) == set(), "settings"
    dialog.reject()
    await desk.until_at_rest()

    desk.drop_files(tmp_path / "a.png")
    await desk.until_told()
    assert untranslated(desk) == set(), "a bad file"
    desk.drop_files(*(blank_file(tmp_path, name, (600, 400)) for name in ("a.png", "b.png")))
    await desk.until_shown("a.png")
    assert untranslated(desk) == set(), "a picture"

    gate = Gate()
    server.answer_with(streamed(GROUNDED[:150], gate, GROUNDED[150:]))
    server.take_any_prompt()
    desk.control.edit_prompt("Mine.")
    desk.actions["read"].trigger()
    await gate.reached.waited()
    await desk.until(lambda: desk.session.regions)
    assert untranslated(desk) == set(), "while it is read"
    desk.actions["stop"].trigger()
    await desk.until_read()
    assert untranslated(desk) == set(), "stopped"
    server.answer_with(streamed(GROUNDED))
    desk.actions["read"].trigger()
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    desk.session.select_region(desk.session.regions[0].id)
    assert untranslated(desk) == set(), "read"
    desk.locate("nowhere")
    await desk.until(lambda: desk.control.job is None and desk.session.hits_run)
    await desk.until_at_rest()
    assert untranslated(desk) == set(), "located"
    server.key = "another key"
    desk.actions["read"].trigger()
    await desk.until(lambda: "401" in desk.bar.text or "key" in desk.bar.text)
    assert untranslated(desk) == set(), "refused"
    desk.control.permission_needed.emit(desk.control.engine)
    assert untranslated(desk) == set(), "asking for permission"
    desk.control.choose_engine(desk.context.catalogue.describe("embedded"))
    assert untranslated(desk) == set(), "this computer"


async def test_every_message_is_translatable(bracketed: object) -> None:
    for code in ErrorCode:
        assert error_text(OcrDesktopError(code)).startswith("⟦"), code
    for warning in WarningCode:
        assert warning_text(warning).startswith("⟦"), warning
    for finish in Finish:
        assert finish_text(finish).startswith("⟦"), finish


async def test_a_word_without_brackets_would_be_seen(bracketed: tuple[Desk, ProviderServer]) -> None:
    desk, _server = bracketed
    desk.run_button.setToolTip("Not translated")
    assert untranslated(desk) == {"QPushButton run_button: tooltip: 'Not translated'"}
