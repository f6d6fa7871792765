"""What every test of a whole capture needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtGui import QImage

from ocr_desktop.gui.capture import capturing as capturing_module
from ocr_desktop.gui.capture import corner_note
from ocr_desktop.gui.capture.screens import FrozenScreen
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.settings import Settings
from tests.support.capture_bench import DESKTOP, READ, Bench
from tests.support.pictures import Words, draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import SharingContext, add_profile


@pytest.fixture(autouse=True)
def quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test clicks as soon as there is something to click."""
    monkeypatch.setattr(corner_note, "SETTLES_S", 0)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offscreen there is no desktop: this is what lies on it."""
    page = draw_page(*(Words(text, x + 10, y + 10, 32) for (x, y, _, _), text in READ.items()), size=(800, 600))
    pixels = page.convert("RGBA").tobytes("raw", "BGRA")
    image = QImage(pixels, 800, 600, QImage.Format.Format_RGB32).copy()

    async def freeze_screens() -> tuple[FrozenScreen, ...]:
        return (FrozenScreen("one", DESKTOP, image),)

    monkeypatch.setattr(capturing_module, "freeze_screens", freeze_screens)
    monkeypatch.setattr(capturing_module, "VANISHING_S", 0)


@pytest_asyncio.fixture(loop_scope="module")
async def bench(workers: AppContext, screen: None, tmp_path: Path) -> AsyncIterator[Bench]:
    context = SharingContext(workers, tmp_path)
    bench = Bench(context, Settings())
    await bench.rest()
    yield bench
    bench.capturing.close()
    await bench.tasks.close()
    assert bench.bugs == []
    bench.capturing.deleteLater()
    await context.close()
    assert workers.store._taken == [], "no pixels are kept"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    with ProviderServer("modelverse", streamed("# From the server\n")) as server:
        add_profile(tmp_path, server.base_url)
        monkeypatch.setenv("MODELVERSE_API_KEY", KEY)
        yield server
