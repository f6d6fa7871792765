"""Thumbnails in the list of pages: of which pages they are made, how they look, and what is kept of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Page
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size
from ocr_desktop.gui.appearance import apply_colour_scheme
from ocr_desktop.gui.entries import Entry, SourceFile
from ocr_desktop.gui.pages.panel import PagesPanel
from ocr_desktop.gui.pages.thumbnails import Thumbnails
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.services.context import AppContext
from ocr_desktop.worker.client import Thumbnail
from tests.support.waiting import until
from tests.support.window import blank_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
RED, BLUE = (200, 30, 30), (30, 30, 200)
NEAR = 40
"""So far may a colour be from another that it was drawn in, for all smoothing."""


class Maker(QObject):
    """Makes thumbnails whose left half is red and whose right half is blue, and remembers of what.

    Signals:
        asked_for(Entry): It begins to make one, which waits while `gate` is closed.
    """

    asked_for = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Entry] = []
        self.broken: set[Entry] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.cancelled = 0

    async def make(self, entry: Entry, longest_side: int) -> Thumbnail:
        self.asked.append(entry)
        self.asked_for.emit(entry)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if entry in self.broken:
            raise InputError(ErrorCode.FILE_UNREADABLE, name=entry.name)
        size = Size(longest_side, longest_side // 2)
        picture = Image.new("RGB", (size.width, size.height), RED)
        picture.paste(BLUE, (size.width // 2, 0, size.width, size.height))
        return Thumbnail(size, picture.tobytes())


class Shown:
    """A list on the screen, who makes its thumbnails, and who owns the work."""

    def __init__(self) -> None:
        self.panel = PagesPanel()
        self.bugs: list[BaseException] = []
        self.tasks = Tasks(self.bugs.append)
        self.maker = Maker()
        self.panel.resize(self.panel.width(), 500)
        self.panel.use_thumbnails(self.maker.make, self.tasks.spawn)

    async def rest(self) -> None:
        """Wait until all is made that is wanted."""
        while self.panel._rest.isActive() or self.tasks._running:
            if self.panel._rest.isActive():
                await until(lambda: not self.panel._rest.isActive(), self.panel._rest.timeout)
            await asyncio.gather(*self.tasks._running)

    def colour_at(self, row: int, x: float, y: float) -> QColor:
        """Of the thumbnail of a row, from 0 to 1 in both directions of the box that it fits in."""
        rect = self.panel.visualRect(self.panel.model().index(row, 0))
        picture = self.panel.viewport().grab(rect).toImage()
        ratio = picture.devicePixelRatio()
        box = 112
        left, top = (rect.width() - box) / 2, 8
        return picture.pixelColor(round((left + x * box) * ratio), round((top + y * box) * ratio))


@pytest_asyncio.fixture(loop_scope="module")
async def shown(qtbot: QtBot) -> AsyncIterator[Shown]:
    shown = Shown()
    qtbot.addWidget(shown.panel)
    yield shown
    await shown.tasks.close()
    assert shown.bugs == []


def pictures(count: int) -> list[Entry]:
    return [Entry(SourceFile(Path(f"{number}.png"), f"{number}.png", 1)) for number in range(count)]


def is_near(colour: QColor, wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < NEAR for one, other in zip(colour.getRgb()[:3], wanted, strict=True))


async def test_of_ten_thousand_only_those_in_sight_and_near_are_made(shown: Shown) -> None:
    entries = pictures(10_000)
    shown.panel.show_entries(entries, entries[0])
    await shown.rest()
    assert shown.maker.asked == entries[: len(shown.maker.asked)], "from the top on"
    assert 4 <= len(shown.maker.asked) <= 10
    shown.maker.asked.clear()
    shown.panel.scrollToBottom()
    await shown.rest()
    assert set(shown.maker.asked) <= set(entries[-10:])
    assert entries[-1] in shown.maker.asked


async def test_what_was_scrolled_away_before_it_was_begun_is_not_made(shown: Shown) -> None:
    entries = pictures(300)
    shown.maker.gate.clear()
    shown.panel.show_entries(entries, entries[0])
    await until(lambda: shown.maker.asked, shown.maker.asked_for)
    shown.panel.verticalScrollBar().setValue(shown.panel.verticalScrollBar().maximum() // 2)
    await until(lambda: not shown.panel._rest.isActive(), shown.panel._rest.timeout)
    shown.maker.gate.set()
    await shown.rest()
    assert shown.maker.asked[0] is entries[0]
    assert all(100 < entries.index(entry) < 200 for entry in shown.maker.asked[1:])


async def test_nothing_is_made_while_nobody_sees_the_list(shown: Shown) -> None:
    entries = pictures(3)
    shown.panel.show_entries(entries, entries[0])
    shown.panel.hide()
    await shown.rest()
    assert shown.maker.asked == []
    shown.panel.show()
    await shown.rest()
    assert shown.maker.asked == entries


async def test_a_bad_file_among_good_ones_is_marked_and_asked_for_again_once_it_was_opened(shown: Shown) -> None:
    entries = pictures(3)
    shown.maker.broken.add(entries[1])
    shown.panel.show_entries(entries, entries[0])
    await shown.rest()
    texts = [str(shown.panel.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(3)]
    assert texts[0] == "0.png"
    assert texts[1].startswith("1.png. ")
    assert texts[2] == "2.png"
    assert is_near(shown.colour_at(2, 0.25, 0.5), RED)

    shown.panel.hide()
    shown.panel.show()
    await shown.rest()
    assert shown.maker.asked.count(entries[1]) == 1
    shown.maker.broken.clear()
    entries[1].page = Page(1, Size(20, 10))
    shown.panel.entry_changed(entries[1])
    await shown.rest()
    assert shown.maker.asked.count(entries[1]) == 2
    assert is_near(shown.colour_at(1, 0.25, 0.5), RED)


async def test_a_thumbnail_stands_as_its_page_was_turned(shown: Shown) -> None:
    entries = pictures(2)
    entries[0].page = Page(1, Size(2000, 1000))
    shown.panel.show_entries(entries, entries[0])
    await shown.rest()
    assert is_near(shown.colour_at(0, 0.25, 0.5), RED)
    assert is_near(shown.colour_at(0, 0.75, 0.5), BLUE)
    entries[0].turns = 1
    shown.panel.entry_changed(entries[0])
    assert is_near(shown.colour_at(0, 0.5, 0.25), RED)
    assert is_near(shown.colour_at(0, 0.5, 0.75), BLUE)
    entries[0].turns = 2
    assert is_near(shown.colour_at(0, 0.75, 0.5), RED)
    assert shown.maker.asked.count(entries[0]) == 1


async def test_another_picture_in_the_place_of_a_file_is_made_anew(shown: Shown) -> None:
    entries = pictures(2)
    shown.panel.show_entries(entries, entries[0])
    await shown.rest()
    shown.panel.entry_replaced(entries[1])
    await shown.rest()
    assert shown.maker.asked == [*entries, entries[1]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_current_page_is_clear_and_what_became_of_one_is_seen(
    shown: Shown, scheme: str, system_colours: None
) -> None:
    apply_colour_scheme(scheme)
    entries = pictures(3)
    shown.panel.show_entries(entries, entries[1])
    await shown.rest()
    grounds = [shown.colour_at(row, 0.02, 0.02) for row in range(3)]
    palette = QApplication.palette()
    assert grounds[1] == palette.color(palette.ColorRole.Highlight)
    assert grounds[0] == grounds[2] == palette.color(palette.ColorRole.Base)

    def look() -> bytes:
        rect = shown.panel.visualRect(shown.panel.model().index(2, 0))
        return bytes(shown.panel.viewport().grab(rect).toImage().constBits())

    looks = [look()]
    shown.panel.show_reading(entries[2])
    looks.append(look())
    shown.panel.show_reading(None, {entries[2]})
    looks.append(look())
    entries[2].failure = InputError(ErrorCode.FILE_MISSING, name="2.png")
    shown.panel.show_reading(None)
    looks.append(look())
    assert len(set(looks)) == len(looks)


async def test_what_is_kept_stays_within_bounds_and_comes_again_when_it_is_wanted(shown: Shown) -> None:
    count = 5
    thumbnails = Thumbnails(most_kept=count)
    thumbnails.set_longest_side(100)
    thumbnails.use(shown.maker.make, shown.tasks.spawn)
    entries = pictures(2 * count)
    thumbnails.want(entries)
    await shown.rest()
    assert [entry for entry in entries if thumbnails.pixmap(entry) is not None] == entries[count:]
    assert thumbnails.pixmap(entries[count]) is not None, "looked at, so not the next to go"
    thumbnails.want(entries[:2])
    await shown.rest()
    kept = [entry for entry in entries if thumbnails.pixmap(entry) is not None]
    assert kept == [*entries[:2], entries[count], *entries[count + 3 :]]
    assert thumbnails.shape(entries[3]) is not None, "its place keeps its shape"


async def test_the_end_of_the_window_ends_what_is_being_made(shown: Shown) -> None:
    entries = pictures(20)
    shown.maker.gate.clear()
    shown.panel.show_entries(entries, entries[0])
    await until(lambda: shown.maker.asked, shown.maker.asked_for)
    await shown.tasks.close()
    assert shown.maker.cancelled == 1
    assert len(shown.maker.asked) == 1
    shown.panel.scrollToBottom()
    await until(lambda: not shown.panel._rest.isActive(), shown.panel._rest.timeout)
    assert len(shown.maker.asked) == 1


async def test_pages_that_left_the_list_leave_nothing_behind(shown: Shown) -> None:
    entries = pictures(3)
    shown.maker.gate.clear()
    shown.panel.show_entries(entries, entries[0])
    await until(lambda: shown.maker.asked, shown.maker.asked_for)
    shown.panel.show_entries(entries[1:], entries[1])
    shown.maker.gate.set()
    await shown.rest()
    assert shown.panel.thumbnails.pixmap(entries[0]) is None
    assert shown.panel.thumbnails.shape(entries[0]) is None
    assert shown.panel.thumbnails.pixmap(entries[1]) is not None


async def test_real_files_have_thumbnails(shown: Shown, workers: AppContext, tmp_path: Path) -> None:
    half = tmp_path / "half.png"
    picture = Image.new("RGB", (400, 200), RED)
    picture.paste(BLUE, (200, 0, 400, 200))
    picture.save(half)
    no_picture = tmp_path / "words.png"
    no_picture.write_text("no picture")
    paths = [half, no_picture, tmp_path / "missing.png", blank_file(tmp_path, "blank.png")]
    entries = [Entry(SourceFile(path, path.name, 1)) for path in paths]
    shown.panel.use_thumbnails(
        lambda entry, side: workers.intake.thumbnail(entry.place, longest_side=side), shown.tasks.spawn
    )
    shown.panel.show_entries(entries, entries[0])
    await shown.rest()
    assert is_near(shown.colour_at(0, 0.25, 0.5), RED)
    assert is_near(shown.colour_at(0, 0.75, 0.5), BLUE)
    failures = [shown.panel.thumbnails.failure(entry) for entry in entries]
    codes = [None if failure is None else failure.code for failure in failures]
    assert codes == [None, ErrorCode.NOT_A_PICTURE, ErrorCode.FILE_MISSING, None]
