"""Tests of the window: real widgets, coroutines on the loop that the program itself uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import qasync
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.appearance import apply_colour_scheme
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.worker.pixels import PixelStore
from tests.support.canvas_events import GREY, HEIGHT, REGIONS, WIDTH
from tests.support.page_images import page_image


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says so for every window with a smallest size, and it is not the window's fault.
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": lambda: qasync.QEventLoop(QApplication.instance() or QApplication([]))}


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """A test that leaves a top-level widget behind fails: give it to qtbot, or close and delete it."""
    before = set(QApplication.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
    names = [f"{type(widget).__name__} {widget.objectName()!r}" for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if names:
        pytest.fail(f"top-level widgets are left: {', '.join(names)}")


@pytest.fixture
def store() -> Iterator[PixelStore]:
    store = PixelStore()
    yield store
    store.close()


@pytest.fixture
def system_colours(qapp: QApplication) -> Iterator[None]:
    """Takes back what a test did to the colour scheme, which is the whole program's."""
    yield
    apply_colour_scheme("system")


@pytest.fixture
def canvas(qtbot: QtBot, store: PixelStore) -> Iterator[Canvas]:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    with qtbot.waitExposed(canvas):
        canvas.show()
    image = page_image(store, Image.new("RGB", (WIDTH, HEIGHT), GREY))
    canvas.show_page(image)
    canvas.show_regions(REGIONS)
    canvas.activateWindow()
    canvas.setFocus()
    yield canvas
    canvas.show_page(None)
    image.close()
