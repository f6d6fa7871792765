"""One file is made of what is shown: for its size to be told, and to be sent."""

from __future__ import annotations

import asyncio
import gc
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PIL import Image

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import PixelBox, View
from ocr_desktop.engines.base import PictureLimits
from ocr_desktop.services import outgoing as outgoing_module
from ocr_desktop.services.intake import Intake
from ocr_desktop.services.outgoing import MOST_KEPT, Outgoing
from ocr_desktop.worker.client import EncodedPicture, PicturesClient
from ocr_desktop.worker.pixels import Pixels, PixelStore
from tests.support.pictures import Words, draw_page, encoded
from tests.support.workers import open_pictures, stored

PAGE = draw_page(Words("Some words", 10, 10), size=(600, 400))
LIMITS = PictureLimits(2300, ("image/png", "image/jpeg"))


class Counted:
    """The real worker, and how often it was asked."""

    def __init__(self, pictures: PicturesClient) -> None:
        self._pictures = pictures
        self.encodings = 0
        self.asked = asyncio.Event()

    async def encode(self, pixels: Pixels, view: View, **limits: object) -> EncodedPicture:
        self.encodings += 1
        self.asked.set()
        return await self._pictures.encode(pixels, view, **limits)  # type: ignore[arg-type]


@asynccontextmanager
async def open_outgoing() -> AsyncIterator[tuple[PixelStore, Counted, Outgoing]]:
    async with open_pictures() as (store, pictures):
        counted = Counted(pictures)
        outgoing = Outgoing(counted)  # type: ignore[arg-type]
        try:
            yield store, counted, outgoing
        finally:
            await outgoing.close()


def picture_of(sent: EncodedPicture) -> Image.Image:
    return Image.open(io.BytesIO(sent.data)).convert("RGB")


async def test_the_file_whose_size_was_told_is_the_one_that_is_sent() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        told = await outgoing.encode(pixels, View(), LIMITS)
        assert await outgoing.encode(pixels, View(), replace(LIMITS)) is told
        assert counted.encodings == 1
        assert picture_of(told).tobytes() == PAGE.tobytes()


async def test_another_view_or_other_limits_are_another_file() -> None:
    async with open_outgoing() as (store, _, outgoing):
        pixels = stored(store, PAGE)
        assert picture_of(await outgoing.encode(pixels, View(), LIMITS)).size == (600, 400)
        assert picture_of(await outgoing.encode(pixels, View(1), LIMITS)).size == (400, 600)
        part = View(0, PixelBox(0, 0, 100, 50))
        assert picture_of(await outgoing.encode(pixels, part, LIMITS)).size == (100, 50)
        assert picture_of(await outgoing.encode(pixels, View(), replace(LIMITS, longest_side=300))).size == (300, 200)
        other = await outgoing.encode(pixels, View(), replace(LIMITS, formats=("image/webp",)))
        assert other.media_type == "image/webp"
        tight = await outgoing.encode(pixels, View(), replace(LIMITS, most_bytes=2000))
        assert len(tight.data) <= 2000


async def test_those_who_ask_at_once_share_one_file() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        files = await asyncio.gather(*(outgoing.encode(pixels, View(), LIMITS) for _ in range(5)))
        assert counted.encodings == 1
        assert all(file is files[0] for file in files)


async def test_who_gives_up_waiting_takes_nothing_from_the_others() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        first, second = (asyncio.create_task(outgoing.encode(pixels, View(), LIMITS)) for _ in range(2))
        await counted.asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert picture_of(await second).size == (600, 400)
        assert counted.encodings == 1


async def test_what_nobody_waited_for_is_there_for_the_next() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        only = asyncio.create_task(outgoing.encode(pixels, View(), LIMITS))
        await counted.asked.wait()
        only.cancel()
        with pytest.raises(asyncio.CancelledError):
            await only
        assert picture_of(await outgoing.encode(pixels, View(), LIMITS)).size == (600, 400)
        assert counted.encodings == 1


async def test_a_picture_in_the_place_of_another_is_not_taken_for_it() -> None:
    """Same place, same size, same view: what was made of the first must never be sent for the second."""
    async with open_pictures() as (_, pictures):
        intake, outgoing = Intake(pictures, pictures, 200_000_000), Outgoing(pictures)
        places, colours = [], []
        for colour in ("red", "blue"):
            opened = await intake.open_data(encoded(Image.new("RGB", (600, 400), colour)), "")
            sent = await outgoing.encode(opened.pixels, View(), LIMITS)
            places.append(opened.pixels.offset)
            colours.append(picture_of(sent).getpixel((5, 5)))
            intake.release(opened)
        assert places[0] == places[1]
        assert colours == [(255, 0, 0), (0, 0, 255)]


async def test_a_failure_is_told_to_all_who_wait_and_the_next_one_tries_again() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        beyond = replace(pixels, offset=pixels.offset + (1 << 30), levels=(replace(pixels.levels[0], offset=1 << 30),))
        failures = await asyncio.gather(
            *(outgoing.encode(beyond, View(), LIMITS) for _ in range(2)), return_exceptions=True
        )
        assert [error.code for error in failures if isinstance(error, InputError)] == [ErrorCode.PICTURE_CHANGED] * 2
        assert counted.encodings == 1
        with pytest.raises(InputError):
            await outgoing.encode(beyond, View(), LIMITS)
        assert counted.encodings == 2


async def test_a_failure_that_nobody_waits_for_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        beyond = replace(pixels, levels=(replace(pixels.levels[0], offset=1 << 30),))
        only = asyncio.create_task(outgoing.encode(beyond, View(), LIMITS))
        await counted.asked.wait()
        only.cancel()
        # Requests are served in turn: when this one is there, the failed one has ended.
        await outgoing.encode(pixels, View(), LIMITS)
    gc.collect()
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_only_the_last_few_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        for side in range(100, 100 + MOST_KEPT + 1):
            await outgoing.encode(pixels, View(), replace(LIMITS, longest_side=side))
        await outgoing.encode(pixels, View(), replace(LIMITS, longest_side=100 + MOST_KEPT))
        assert counted.encodings == MOST_KEPT + 1
        await outgoing.encode(pixels, View(), replace(LIMITS, longest_side=100))
        assert counted.encodings == MOST_KEPT + 2
        monkeypatch.setattr(outgoing_module, "MOST_KEPT_BYTES", 10)
        first = await outgoing.encode(pixels, View(), LIMITS)
        assert await outgoing.encode(pixels, View(), LIMITS) == first
        assert counted.encodings == MOST_KEPT + 4


async def test_closing_ends_what_is_being_made() -> None:
    async with open_outgoing() as (store, counted, outgoing):
        pixels = stored(store, PAGE)
        waiting = asyncio.create_task(outgoing.encode(pixels, View(), LIMITS))
        await counted.asked.wait()
        await outgoing.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
