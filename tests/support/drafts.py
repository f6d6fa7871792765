"""Drafts in an open window: what is seen of them, and a reader that ends them when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from ocr_desktop.core.geometry import View
from ocr_desktop.gui.drafting import Drafting
from ocr_desktop.gui.output.draft_panel import DraftStrip, DraftView
from ocr_desktop.worker.pixels import Pixels
from ocr_desktop.worker.reader_client import ReaderClient, ReaderEvent
from tests.support.window import Desk, page_file

LINES = ("The quick brown fox", "jumps over lazy dogs", "and is seen no more")
ANSWER = "<|ref|>text<|/ref|><|det|>[[20, 60, 980, 250]]<|/det|>\nThe quick brown fox\n"


class HeldReader:
    """The real reader; what it reads in the background ends only when the test opens it."""

    def __init__(self, reader: ReaderClient) -> None:
        self._reader = reader
        self.opened = asyncio.Event()
        self.readings = 0
        self.called_off = 0

    async def read(
        self, pixels: Pixels, view: View, *, in_background: bool = False
    ) -> AsyncGenerator[ReaderEvent, None]:
        self.readings += 1
        try:
            async with aclosing(self._reader.read(pixels, view, in_background=in_background)) as events:
                async for event in events:
                    yield event
            if in_background:
                await self.opened.wait()
        except (asyncio.CancelledError, GeneratorExit):
            self.called_off += 1
            raise

    async def warm_up(self) -> None:
        await self._reader.warm_up()


def hold_reader(desk: Desk) -> HeldReader:
    """The reader of a window, which from now on does not come to an end by itself."""
    reader = HeldReader(desk.context.reader)
    desk.context.reader = reader  # type: ignore[assignment]  # it does what the window asks of it
    return reader


async def ask(desk: Desk, folder: Path, name: str = "page.png") -> None:
    desk.drop_files(page_file(folder, name, *LINES))
    await desk.until_shown(name)
    desk.click(desk.run_button)


def seen(desk: Desk, kind: type[QWidget]) -> QWidget | None:
    """The part of the draft that is on show."""
    return next((each for each in desk.window.output.findChildren(kind) if each.isVisible()), None)


def draft_text(desk: Desk) -> str:
    view = seen(desk, DraftView)
    return view.toPlainText() if isinstance(view, DraftView) else ""


def boxes_of_draft(desk: Desk) -> int:
    return desk.canvas.draft_lines.count


def told_by(desk: Desk) -> str:
    """What the strip over the draft says."""
    strip = seen(desk, DraftStrip)
    return "" if strip is None else strip.accessibleName()


def keep_button(desk: Desk) -> QPushButton:
    return desk.find(QPushButton, "keep_draft_button")


async def until_drafted(desk: Desk) -> None:
    drafting = drafting_of(desk)
    await desk.until(lambda: seen(desk, DraftView) and not drafting.is_reading, drafting.ended, drafting.shown)
    view = seen(desk, DraftView)
    assert isinstance(view, DraftView)
    await desk.until(lambda: all(line in " ".join(draft_text(desk).split()) for line in LINES), view.caught_up)


async def until_called_off(desk: Desk, reader: HeldReader) -> None:
    await desk.until(lambda: reader.called_off and not drafting_of(desk).is_reading, *drafted(desk))
    assert reader.called_off == 1
    # What a worker still answers after the test would meet a loop that does not run.
    await reader.warm_up()


def drafting_of(desk: Desk) -> Drafting:
    assert desk.opened.drafting is not None
    return desk.opened.drafting


def drafted(desk: Desk) -> tuple[object, ...]:
    drafting = drafting_of(desk)
    return (drafting.ended, drafting.shown)
