"""What leaves the window: copies on the clipboard, and files by the real dialog."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QToolButton

from ocr_desktop.core.markdown import FormulaStyle, TableStyle
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.waiting import until
from tests.support.window import CONTROL, GROUNDED, SHIFT, Desk, blank_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKDOWN = "# A title\n\nFirst words.\n\nLast words."


def clipboard() -> QMimeData:
    return QGuiApplication.clipboard().mimeData()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def read_page(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(blank_file(tmp_path, "page.png", (600, 400)))
    await desk.until_shown("page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()


async def save_dialog(desk: Desk) -> tuple[QFileDialog, QLineEdit]:
    """The dialog when it is open, and where its file's name is typed."""

    def shown() -> list[QFileDialog]:
        return [each for each in desk.window.findChildren(QFileDialog, "save_dialog") if each.isVisible()]

    application = QGuiApplication.instance()
    await until(shown, application.focusWindowChanged, application.focusObjectChanged)
    (dialog,) = shown()
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    return dialog, name


async def test_a_copy_is_plain_markdown_with_a_rich_flavour_beside(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, tmp_path)
    desk.click(desk.find(QToolButton, "copy_button"))
    assert clipboard().text() == MARKDOWN
    assert "<h1>A title</h1>" in clipboard().html()

    desk.actions["copy_txt"].trigger()
    assert clipboard().text() == "A title\n\nFirst words.\n\nLast words."
    assert not clipboard().hasHtml()

    desk.focus(desk.canvas)
    desk.press_in_window(Qt.Key.Key_C, CONTROL | SHIFT)
    assert clipboard().text() == MARKDOWN


async def test_without_words_nothing_on_the_clipboard_is_overwritten(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("precious")
    desk.press_in_window(Qt.Key.Key_C, CONTROL | SHIFT)
    assert clipboard().text() == "precious"
    assert not desk.actions["save_md"].isEnabled()
    assert not desk.find(QToolButton, "export_button").isEnabled()


async def test_a_run_is_saved_where_the_dialog_says(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, tmp_path)
    button = desk.find(QToolButton, "export_button")
    for text, ending in (("Markdown…", ".md"), ("Text…", ".txt"), ("JSON…", ".json")):
        desk.click(button)
        menu = button.menu_shown  # type: ignore[attr-defined]
        desk.choose_in_menu(menu, text)
        _dialog, name = await save_dialog(desk)
        assert name.text() == f"page{ending}"
        target = tmp_path / f"out{ending}"
        # Without its ending, which the dialog adds.
        name.setText(str(target.with_suffix("")))
        desk.press(name, Qt.Key.Key_Return)
        await desk.until(lambda target=target: str(target) in desk.bar.text)
        assert desk.bar.text == f"Saved as {target}."
        desk.bar.clear()
    assert (tmp_path / "out.md").read_text("utf-8").strip() == MARKDOWN
    assert "First words." in (tmp_path / "out.txt").read_text("utf-8")
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["source"]["name"] == "page.png"
    assert [region["text"] for region in written["pages"][0]["regions"]] == ["A title", "First words.", "Last words."]


async def test_escape_in_the_dialog_saves_nothing(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    desk = endpoint_desk
    await read_page(desk, tmp_path)
    files = names_in(tmp_path)
    desk.press_in_window(Qt.Key.Key_S, CONTROL)
    dialog, _name = await save_dialog(desk)
    desk.press(dialog, Qt.Key.Key_Escape)
    assert names_in(tmp_path) == files
    assert desk.bar.text == ""


async def test_what_cannot_be_written_is_told(endpoint_desk: Desk, server: ProviderServer, tmp_path: Path) -> None:
    desk = endpoint_desk
    await read_page(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_S, CONTROL)
    _dialog, name = await save_dialog(desk)
    name.setText("/proc/nowhere.md")
    desk.press(name, Qt.Key.Key_Return)
    await desk.until_told()
    assert "“/proc/nowhere.md” cannot be written" in desk.bar.text


async def test_an_answer_that_still_comes_is_not_saved_half(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await read_page(desk, tmp_path)
    server.answer_with(streamed(GROUNDED[:150], gate, GROUNDED[150:]))
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    await desk.until(lambda: len(desk.session.regions) == 2)
    assert not desk.actions["save_md"].isEnabled()
    button = desk.find(QToolButton, "export_button")
    desk.click(button)
    desk.choose_in_menu(button.menu_shown, "Markdown…")  # type: ignore[attr-defined]
    await desk.until(lambda: "still comes in" in desk.bar.text)
    gate.open()
    await desk.until(lambda: len(desk.session.text_runs) == 2)
    assert desk.actions["save_md"].isEnabled()


async def test_a_file_that_is_there_is_replaced_only_after_a_question(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await read_page(desk, tmp_path)
    target = tmp_path / "out.md"
    target.write_text("old", "utf-8")
    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        assert target.read_text("utf-8") == "old"
        desk.actions["save_md"].trigger()
        dialog, name = await save_dialog(desk)
        name.setText(str(target))
        # Posted and not sent: the question waits in a loop of its own, as it would for a user.
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            QApplication.postEvent(name, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))
        application = QGuiApplication.instance()
        await until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox), application.focusWindowChanged)
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert "out.md" in box.text()
        box.button(answer).click()
        if answer is QMessageBox.StandardButton.No:
            await until(lambda box=box: not box.isVisible(), application.focusWindowChanged)
            desk.press(dialog, Qt.Key.Key_Escape)
    await desk.until(lambda: f"Saved as {target}" in desk.bar.text)
    assert target.read_text("utf-8").strip() == MARKDOWN


async def test_markdown_is_saved_with_its_figures_whatever_is_on_show_meanwhile(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(
        streamed(
            "<|ref|>image<|/ref|><|det|>[[0, 0, 500, 500]]<|/det|>\n \n\n"
            "<|ref|>text<|/ref|><|det|>[[0, 600, 999, 700]]<|/det|>\nLast words.\n"
        )
    )
    await read_page(desk, tmp_path)
    desk.actions["save_md"].trigger()
    _dialog, name = await save_dialog(desk)
    desk.window.open_files([blank_file(tmp_path, "other.png")])
    await desk.until_shown("other.png")
    name.setText(str(tmp_path / "out.md"))
    desk.press(name, Qt.Key.Key_Return)
    await desk.until(lambda: "Saved as" in desk.bar.text)
    assert (tmp_path / "out.md").read_text("utf-8") == "![Picture 1](out_files/figure-1.png)\n\nLast words.\n"
    figure = QImage(str(tmp_path / "out_files/figure-1.png"))
    assert (figure.width(), figure.height()) == (301, 201)


async def test_copies_and_files_have_the_form_that_was_chosen(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(
        streamed(
            "<|ref|>table<|/ref|><|det|>[[0, 0, 500, 500]]<|/det|>\n"
            r"<table><tr><td>a</td><td>\(x\)</td></tr><tr><td>b</td><td>$5</td></tr></table>"
        )
    )
    await read_page(desk, tmp_path)
    styles = {"table_style": TableStyle.HTML, "formula_style": FormulaStyle.BRACKETS}
    desk.control.settings = replace(desk.control.settings, **styles)
    html = "<table><tr><th>a</th><th>\\(x\\)</th></tr><tr><td>b</td><td>&#36;5</td></tr></table>"
    desk.actions["copy_md"].trigger()
    assert clipboard().text() == html
    assert "\\(" not in clipboard().html()
    desk.actions["save_md"].trigger()
    _dialog, name = await save_dialog(desk)
    name.setText(str(tmp_path / "out.md"))
    desk.press(name, Qt.Key.Key_Return)
    await desk.until(lambda: "Saved as" in desk.bar.text)
    assert (tmp_path / "out.md").read_text("utf-8") == f"{html}\n"


async def test_a_copy_has_no_link_to_a_figure_that_nobody_has(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed("<|ref|>image<|/ref|><|det|>[[0, 0, 500, 500]]<|/det|>\n \n\n", GROUNDED))
    await read_page(desk, tmp_path)
    desk.actions["copy_md"].trigger()
    assert clipboard().text() == MARKDOWN
