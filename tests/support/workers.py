"""Real worker processes for tests: pictures put into a store, processes watched from outside."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image

from ocr_desktop.core.events import LineFound
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.worker.client import OpenedPicture, PicturesClient
from ocr_desktop.worker.dispatch import Timing
from ocr_desktop.worker.pixels import Pixels, PixelStore, write_rows
from ocr_desktop.worker.reader_client import READER_TIMING, ReaderClient

PATIENT = Timing(stop=30.0, deadline=60.0)
"""For tests in which a process is expected to answer by itself, however slow the machine is."""
GIVE_UP_S = 60.0
MOST_PIXELS = 200_000_000


async def open_in(pictures: PicturesClient, content: Path | bytes, number: int = 1) -> OpenedPicture:
    """One page, with the usual limit."""
    return await pictures.open(PagePlace(content, number), most_pixels=MOST_PIXELS)


def stored(store: PixelStore, picture: Image.Image) -> Pixels:
    """An RGB picture, its full size written into the store."""
    pixels = store.reserve(Size(*picture.size))
    write_rows(store.descriptor, pixels.levels[0], 0, picture.tobytes())
    return pixels


def picture_in(store: PixelStore, pixels: Pixels, level: int = 0) -> Image.Image:
    """What lies in the store."""
    at = pixels.levels[level]
    with store.map(pixels) as mapped:
        start = at.offset - pixels.offset
        return Image.frombytes("RGB", (at.size.width, at.size.height), mapped[start : start + at.length])


@asynccontextmanager
async def open_pictures(timing: Timing = PATIENT) -> AsyncIterator[tuple[PixelStore, PicturesClient]]:
    store = PixelStore()
    client = PicturesClient(store, timing)
    try:
        yield store, client
    finally:
        await client.close()
        store.close()


@asynccontextmanager
async def open_reader(timing: Timing = READER_TIMING) -> AsyncIterator[tuple[PixelStore, ReaderClient]]:
    store = PixelStore()
    client = ReaderClient(store, timing)
    try:
        yield store, client
    finally:
        await client.close()
        store.close()


async def lines_of(reader: ReaderClient, pixels: Pixels, view: View | None = None) -> list[LineFound]:
    """All lines that the engine reads."""
    return [event async for event in reader.read(pixels, view or View()) if isinstance(event, LineFound)]


async def process_end(process_id: int) -> None:
    """Wait until a process is gone."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), GIVE_UP_S)
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def environment_of(process_id: int) -> dict[str, str]:
    """The environment that a process was started with."""
    entries = Path(f"/proc/{process_id}/environ").read_bytes().split(b"\0")
    return dict(entry.decode().split("=", 1) for entry in entries if entry)
