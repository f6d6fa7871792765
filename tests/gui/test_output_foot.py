from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ocr_desktop.core.doubts import Doubt, DoubtKind
from ocr_desktop.gui.appearance import apply_colour_scheme, warning_colour
from ocr_desktop.gui.output.pane import OutputPane
from tests.support.output_pane import RAW, REGIONS, child, click, run_button, shown_pane, tabs_of


@pytest.fixture
def pane(qtbot: QtBot) -> OutputPane:
    return shown_pane(qtbot)


def some_doubts(count: int) -> tuple[Doubt, ...]:
    return tuple(Doubt(number, (DoubtKind.CLAMPED,)) for number in range(count))


def doubts_button(pane: OutputPane) -> QToolButton:
    button = pane.findChild(QToolButton, "doubts_button")
    assert isinstance(button, QToolButton)
    return button


def test_doubts_are_offered_where_there_are_any(qtbot: QtBot, pane: OutputPane) -> None:
    button = doubts_button(pane)
    assert not button.isVisible()
    pane.show_doubts(some_doubts(2))
    assert button.isVisible()
    assert button.text() == "2 doubts ›"
    assert button.accessibleName() == "2 doubts"
    with qtbot.waitSignal(pane.doubts_requested):
        click(qtbot, button)
    pane.show_doubts(some_doubts(1))
    assert button.text() == "1 doubt ›"
    pane.clear()
    assert not button.isVisible()


def luminance(colour: QColor) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("system_colours")
def test_doubts_can_be_read_in_light_and_dark(qtbot: QtBot, pane: OutputPane, scheme: str) -> None:
    pane.show_doubts(some_doubts(3))
    apply_colour_scheme(scheme)
    button = doubts_button(pane)
    role = QPalette.ColorRole
    qtbot.waitUntil(lambda: button.palette().color(role.ButtonText) == warning_colour(pane.palette()))
    for background in (role.Window, role.Base):
        light, dark = sorted(
            (luminance(button.palette().color(role.ButtonText)), luminance(pane.palette().color(background))),
            reverse=True,
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("width", [280, 340, 400, 700])
def test_pane_stays_usable_when_narrow(qtbot: QtBot, pane: OutputPane, width: int) -> None:
    pane.show_runs(["This computer", "server", "other"], 1)
    pane.show_summary("1234 regions", "123.4 s")
    pane.show_doubts(some_doubts(12))
    pane.show_run(REGIONS, RAW)
    pane.open_find()
    pane.resize(width, 400)
    assert pane.width() == width
    names = ("doubts_button", "copy_button", "copy_menu_button", "export_button", "find_edit", "find_close")
    controls = [child(pane, QWidget, name) for name in names]
    # What is given up is laid out a turn later.
    qtbot.waitUntil(lambda: all(control.width() >= control.minimumSizeHint().width() for control in controls))
    for control in (*controls, run_button(pane)):
        assert control.isVisible()
        place = control.mapTo(pane, QPoint())
        assert place.x() >= 0
        assert place.x() + control.width() <= width
    doubts = doubts_button(pane)
    assert doubts.text() in ("12 doubts ›", "12 ›")
    assert doubts.fontMetrics().horizontalAdvance(doubts.text()) < doubts.width()
    row = [control.mapTo(pane, QPoint()).x() for control in controls[:4]]
    assert row == sorted(row)
    assert run_button(pane).text() in ("Run 2/3 ▾", "2/3 ▾")


def test_every_tab_can_be_reached_in_a_narrow_pane(qtbot: QtBot, pane: OutputPane) -> None:
    pane.show_runs(["This computer", "server"], 0)
    pane.resize(280, 400)
    bar = tabs_of(pane).tabBar()
    for tab in (3, 0, 2, 1):
        tabs_of(pane).setCurrentIndex(tab)
        place = bar.tabRect(tab)
        assert place.left() >= -1
        assert bar.rect().intersects(place)
