"""One key leads to the lines that the answer lacks: the bar quotes them, and the picture shows their place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor

from ocr_desktop.core.document import Line
from ocr_desktop.core.doubts import DoubtKind
from ocr_desktop.core.geometry import PixelBox, quad_bounds
from ocr_desktop.gui.canvas.marks import CURRENT, RING_DISTANCE
from ocr_desktop.services.context import AppContext
from tests.support.canvas_events import has_colour, look
from tests.support.provider_answers import streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import Desk, SharingContext, open_desk, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = ("The quick brown fox", "jumps over lazy dogs", "and is seen no more")


@pytest_asyncio.fixture(loop_scope="module")
async def beside(server: ProviderServer, workers: AppContext, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(SharingContext(workers, tmp_path), reads_beside=True) as desk:
        desk.choose("engine_box", "UCloud Modelverse")
        desk.choose("preset_box", "Plain text, no layout")
        yield desk


def is_in_sight(desk: Desk, box: PixelBox) -> bool:
    canvas = desk.window.canvas
    corners = (QPointF(box.x_min, box.y_min), QPointF(box.x_max, box.y_max))
    return all(canvas.viewport().rect().contains(canvas.mapFromScene(corner)) for corner in corners)


async def test_f8_leads_to_what_the_answer_lacks(beside: Desk, server: ProviderServer, tmp_path: Path) -> None:
    server.answer_with(streamed(f"{LINES[0]}\n\n{LINES[2]}\n"))
    beside.drop_files(page_file(tmp_path, "page.png", *LINES))
    await beside.until_shown("page.png")
    beside.click(beside.run_button)
    await beside.until_read()
    session, window = beside.session, beside.window
    await beside.until(lambda: bool(session.doubts))
    (doubt,) = session.doubts
    assert doubt.kinds == (DoubtKind.MISSED_LINES,)
    run = session.run
    assert run is not None
    missed: Line = run.lines[doubt.lines[0]]
    fitted = window.canvas.zoom
    window.actions_by_name["next_doubt"].trigger()
    assert f"“{LINES[1]}”" in window.message_bar.text
    assert session.selected is None
    assert window.canvas.zoom > fitted
    assert is_in_sight(beside, quad_bounds(missed.quad))
    # A ring says which line it is.
    corners = (quad_bounds(missed.quad).x_min, quad_bounds(missed.quad).y_min)
    ring = window.canvas.mapFromScene(QPointF(*corners)) - QPoint(RING_DISTANCE, RING_DISTANCE)
    assert has_colour(look(window.canvas), ring, QColor(CURRENT))
    beside.take_choice("Looks right")
    assert not has_colour(look(window.canvas), ring, QColor(CURRENT))
    assert session.doubts == ()
    window.actions_by_name["undo"].trigger()
    assert session.doubts == (doubt,)
