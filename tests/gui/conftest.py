"""Tests of the window: real widgets, coroutines on the loop that the program itself uses."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import qasync
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.gui.appearance import apply_colour_scheme
from ocr_desktop.gui.canvas.view import Canvas
from ocr_desktop.services.context import AppContext
from ocr_desktop.worker.pixels import PixelStore
from tests.support.canvas_events import GREY, HEIGHT, REGIONS, WIDTH
from tests.support.page_images import page_image
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import GROUNDED, Desk, SharingContext, add_profile, open_desk

LOOPS: list[asyncio.AbstractEventLoop] = []
"""Never let go: a closed loop has timers, and Qt crashes where the garbage collector frees one in another thread."""


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says so for every window with a smallest size, and it is not the window's fault.
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support")


# A factory made anew for each test would also make the loop of a module anew for each of its tests.
def qt_loop() -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QApplication.instance() or QApplication([]))
    LOOPS.append(loop)
    return loop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": qt_loop}


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


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """What lies on the clipboard at the end of the interpreter is destroyed too late, and ends it with a crash."""
    yield
    QApplication.clipboard().clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let a window finish what it began by itself while its loop runs: after the test Qt's events go on without it."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        desks = [each for each in item.funcargs.values() if isinstance(each, Desk)]
        test = item.obj

        @functools.wraps(test)
        async def tested(*arguments: object, **named: object) -> None:
            await test(*arguments, **named)
            for desk in desks:
                await desk.until_settled()

        item.obj = tested
    return (yield)


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


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AppContext]:
    """The worker processes of all windows of a module, on the module's loop."""
    context = AppContext(tmp_path_factory.mktemp("workers"))
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(workers: AppContext, tmp_path: Path, qtbot: QtBot) -> AsyncIterator[Desk]:
    """A window that has only this computer to read with."""
    async with open_desk(SharingContext(workers, tmp_path)) as desk:
        yield desk


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """Speaks as Modelverse; windows of this test have it among their engines."""
    with ProviderServer("modelverse", streamed(GROUNDED)) as server:
        add_profile(tmp_path, server.base_url)
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def endpoint_desk(server: ProviderServer, desk: Desk) -> Desk:
    """A window whose chosen engine is the server's."""
    desk.choose("engine_box", "UCloud Modelverse")
    return desk
