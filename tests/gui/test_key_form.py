"""The field for a key: what goes in comes out once, as a secret, and stays nowhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.secret import Secret
from ocr_desktop.gui.key_form import KeyForm

KEY = "sk-secret-0123456789"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def shown(window: QWidget, *, has_page: bool = True) -> KeyForm:
    form = KeyForm("UCloud Modelverse", note="Or set A_KEY.", has_page=has_page)
    layout = window.layout()
    assert layout is not None
    layout.addWidget(form)
    form.show()
    field_of(form).setFocus()
    return form


def field_of(form: KeyForm) -> QLineEdit:
    field = form.findChild(QLineEdit, "key_edit")
    assert isinstance(field, QLineEdit)
    return field


def button_of(form: KeyForm, name: str) -> QPushButton:
    button = form.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    return button


def paste(field: QLineEdit, text: str, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("pasted", [KEY, f"  {KEY}\n", f"\t{KEY[:6]}\r\n{KEY[6:]} "])
@pytest.mark.parametrize("way", ["enter", "button"])
def test_a_pasted_key_comes_out_without_space_and_the_field_is_empty(
    window: QWidget, qtbot: QtBot, pasted: str, way: str
) -> None:
    form = shown(window)
    field = field_of(form)
    paste(field, pasted, qtbot)
    with qtbot.waitSignal(form.entered) as entered:
        if way == "enter":
            qtbot.keyClick(field, Qt.Key.Key_Return)
        else:
            qtbot.mouseClick(button_of(form, "use_key_button"), Qt.MouseButton.LeftButton)
    assert entered.args == [Secret(KEY)]
    assert KEY not in repr(entered.args)
    assert field.text() == ""
    assert not field.isUndoAvailable()


def test_a_key_is_shown_as_dots_and_cannot_be_copied_out(window: QWidget, qtbot: QtBot) -> None:
    field = field_of(shown(window))
    paste(field, KEY, qtbot)
    assert KEY not in field.displayText()
    QGuiApplication.clipboard().setText("before")
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before"


def test_an_empty_field_enters_nothing(window: QWidget, qtbot: QtBot) -> None:
    form = shown(window)
    use = button_of(form, "use_key_button")
    assert not use.isEnabled()
    with qtbot.assertNotEmitted(form.entered):
        qtbot.keyClicks(field_of(form), "   ")
        qtbot.keyClick(field_of(form), Qt.Key.Key_Return)
    assert not use.isEnabled()


def test_where_to_get_a_key_is_offered_only_where_it_is_known(window: QWidget, qtbot: QtBot) -> None:
    form = shown(window)
    with qtbot.waitSignal(form.page_requested):
        qtbot.mouseClick(button_of(form, "key_page_button"), Qt.MouseButton.LeftButton)
    assert not button_of(shown(window, has_page=False), "key_page_button").isVisible()


def test_a_picture_that_is_pasted_there_is_left_to_the_window(window: QWidget, qtbot: QtBot) -> None:
    field, opened = field_of(shown(window)), []
    QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), window).activated.connect(lambda: opened.append("picture"))
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime = QMimeData()
    mime.setImageData(image)
    QGuiApplication.clipboard().setMimeData(mime)
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert opened == ["picture"]
    paste(field, KEY, qtbot)
    assert opened == ["picture"]
    assert field.text() == KEY


def test_it_is_named_for_those_who_cannot_see_it(window: QWidget) -> None:
    form = shown(window)
    assert field_of(form).accessibleName() == "Key of UCloud Modelverse"
    assert field_of(form).echoMode() is QLineEdit.EchoMode.Password
